"""Asking git: nothing that the repository names is run, and limits hold."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from magellan_lsp import git
from magellan_lsp.errors import Cancelled, GitUnavailable

DIFFS = ("--no-ext-diff", "--no-textconv")


def plain(root: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    names = ("-c", "user.name=n", "-c", "user.email=e@example.org")
    subprocess.run(["git", *names, *arguments], cwd=root, check=True, capture_output=True, env=environment)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "work"
    root.mkdir()
    plain(root, "init", "-q")
    (root / "a.py").write_text("one\n")
    plain(root, "add", ".")
    plain(root, "commit", "-q", "-m", "first")
    return root


def test_what_git_writes_comes_back(repository):
    found = git.run(repository, "log", "--format=%s", *DIFFS)
    assert found == git.Output(b"first\n", True)


def test_nothing_that_the_repository_names_is_run(repository, tmp_path):
    trap = tmp_path / "trap.py"
    trap.write_text("import pathlib, sys\npathlib.Path(sys.argv[1]).touch()\n")
    ran = tmp_path / "ran"
    command = f'"{sys.executable}" "{trap}" "{ran}"'
    for key in (
        "core.fsmonitor",
        "diff.external",
        "diff.x.textconv",
        "diff.x.command",
        "core.pager",
        "gpg.program",
    ):
        plain(repository, "config", key, command)
    plain(repository, "config", "log.showSignature", "true")
    plain(repository, "config", "core.hooksPath", str(tmp_path))
    (repository / ".gitattributes").write_text("*.py diff=x\n")
    (repository / "a.py").write_text("two\n")
    git.run(repository, "log", "-p", "--numstat", *DIFFS)
    git.run(repository, "diff", *DIFFS)
    git.run(repository, "status", "--porcelain")
    assert not ran.exists()


def test_output_is_cut_at_its_limit(repository):
    (repository / "a.py").write_text("line\n" * 100_000)
    found = git.run(repository, "diff", *DIFFS, max_bytes=1000)
    assert not found.complete
    assert len(found.data) == 1000


def test_the_asker_can_give_up(repository):
    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        git.run(repository, "cat-file", "--batch-all-objects", "--batch", check=check)


def test_a_command_that_fails_says_why(repository):
    with pytest.raises(GitUnavailable, match="no-such-branch"):
        git.run(repository, "log", "no-such-branch")


def test_a_folder_without_a_repository_is_said_to_be_none(tmp_path):
    with pytest.raises(GitUnavailable, match="not a git repository"):
        git.run(tmp_path, "log")


def test_git_that_is_not_there_is_said_to_be_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitUnavailable, match="not installed"):
        git.run(tmp_path, "log")


def test_a_program_of_the_workspace_is_not_taken_for_git(repository, monkeypatch):
    tools = repository / "bin"
    tools.mkdir()
    fake = tools / "git"
    fake.write_text("#!/bin/sh\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    if sys.platform != "win32":
        with pytest.raises(GitUnavailable, match="lies in the workspace"):
            git.run(repository, "log")
