"""What narrows a question down: how many, of which kind, inside what."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import Run


@pytest.fixture(autouse=True)
def in_workspace(workspace: Path) -> None:
    """Every test here runs in the workspace."""


@pytest.mark.parametrize(
    "arguments",
    [
        ("symbols", "add", "--limit", "0"),
        ("symbols", "add", "--limit", "-3"),
        ("callers", "Cart.add", "--depth", "0"),
        ("callees", "Cart.add", "--depth", "-1"),
        ("slice", "Cart.add", "--limit", "0"),
        ("ast", "main.py", "--depth", "-1"),
        ("hotspots", "--limit", "0"),
        ("executions", "--limit", "0"),
        ("paths", "Cart", "Cart.add", "--count", "0"),
    ],
)
def test_a_count_that_can_find_nothing_is_misuse(run: Run, arguments: tuple[str, ...]):
    found = run(*arguments)
    assert (found.code, found.out) == (2, "")
    assert "must be at least" in found.err


def test_an_unknown_kind_is_misuse_and_lists_those_that_are(run: Run):
    found = run("symbols", "add", "--kind", "procedure")
    assert (found.code, found.out) == (2, "")
    assert "'procedure' is no kind of symbol" in found.err
    assert "enum_member" in found.err
    assert run("symbols", "add", "--kind", "Method").code == 0


def test_what_narrows_a_search_down_is_found_behind_many_others(run: Run, workspace: Path):
    text = "".join(f"class A{number}:\n    def __init__(self): ...\n" for number in range(300))
    (workspace / "many.py").write_text(
        text + "class Last:\n    def __init__(self): ...\nclass zed: ...\nzeb = 1\n"
    )
    assert "many.Last.__init__" in run("symbols", "Last.__init__", "--limit", "1").lines[0]
    assert [line.split()[:2] for line in run("symbols", "z", "--kind", "variable", "--limit", "1").lines] == [
        ["variable", "many.zeb"]
    ]
    assert len(run("symbols", "many.A", "--kind", "class", "--limit", "400").lines) == 300
