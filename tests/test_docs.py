"""The reference for the command line mentions every command, option and exit code there is, and no other command."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from magellan_lsp import errors
from magellan_lsp.cli.commands import COMMANDS
from magellan_lsp.cli.main import (
    BROKEN_PIPE,
    FOUND,
    INTERRUPTED,
    MISUSE,
    NOTHING_FOUND,
    UNEXPECTED,
    build_parser,
)

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
COMMON = TEXT.partition("## Options of every command")[2].partition("\n## ")[0]


def section(command: str) -> str:
    if not command:
        return TEXT.partition("## Serving")[2].partition("\n## ")[0]
    found = re.search(rf"^### {re.escape(command)}\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/cli.md has no section on {command}"
    return found[1]


def options_of(parser: argparse.ArgumentParser) -> list[str]:
    return [name for action in parser._actions for name in action.option_strings]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_option_is_documented(command: str):
    text = section(command) + COMMON
    missing = [name for name in options_of(build_parser(command)) if not re.search(rf"`{name}[ `=]", text)]
    assert missing == []


def test_the_reference_has_no_other_commands():
    documented = re.findall(r"^### (\S+)$", TEXT, re.MULTILINE)
    assert documented == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_other_options_are_documented(command: str):
    known = {*options_of(build_parser(command)), *options_of(build_parser(""))}
    assert {name for name in re.findall(r"`(--[a-z-]+)", section(command)) if name not in known} == set()


def test_every_exit_code_is_documented():
    def below(error: type[errors.MagellanError]) -> set[int]:
        return {error.exit_code}.union(*(below(one) for one in error.__subclasses__()))

    documented = {
        int(code) for code in re.findall(r"^\| (\d+) \|", TEXT.partition("## Exit codes")[2], re.MULTILINE)
    }
    own = {FOUND, NOTHING_FOUND, MISUSE, UNEXPECTED, INTERRUPTED, BROKEN_PIPE}
    assert documented == below(errors.MagellanError) | own


@pytest.mark.parametrize("name", ["README.md", *(path.name for path in (ROOT / "docs").glob("*.md"))])
def test_links_between_documents_lead_somewhere(name: str):
    path = ROOT / name if name == "README.md" else ROOT / "docs" / name
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_the_tests_that_docstrings_name_are_there():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "magellan_lsp").rglob("*.py")]
    named = {name for text in sources for name in re.findall(r"``(tests/[\w/]+(?:\.py)?)``", text)}
    assert named
    assert {name for name in named if not (ROOT / name).exists()} == set()
