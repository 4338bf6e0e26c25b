"""What is written down about the distribution agrees with itself; nothing here needs a network."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

import magellan_lsp

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]
DEV = RUN + PROJECT["dependency-groups"]["dev"]


def locked(name: str) -> dict[str, list[str]]:
    """The versions of each distribution in a lock file; several where Python versions need different ones."""
    versions: dict[str, list[str]] = {}
    for line in (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([a-z0-9-]+)==([^ ;]+)", line):
            versions.setdefault(match[1], []).append(match[2])
    return versions


@pytest.mark.parametrize(("lock", "requirements"), [("run", RUN), ("dev", DEV)])
def test_the_lock_satisfies_what_the_project_asks_for(lock: str, requirements: list[str]):
    versions = locked(lock)
    for requirement in map(Requirement, requirements):
        assert versions.get(requirement.name), f"{requirement} is not in {lock}.lock; run `nox -s lock`"
        assert all(requirement.specifier.contains(found) for found in versions[requirement.name]), requirement


def test_running_and_developing_use_the_same_versions():
    run, dev = locked("run"), locked("dev")
    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_everything_locked_has_hashes_and_names_no_host(lock: str):
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert "://" not in text
    assert not re.search(r"^\s*--(index|extra-index|find-links|trusted-host)", text, re.MULTILINE)


def test_the_version_is_written_once():
    assert re.fullmatch(r"\d+\.\d+\.\d+", magellan_lsp.__version__)
    assert version("magellan-lsp") == magellan_lsp.__version__
