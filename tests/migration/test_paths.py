"""Magellan's paths become ours, also where the workspace has moved since."""

from __future__ import annotations

from pathlib import Path

import pytest

from magellan_lsp.migrate.paths import Paths, roots_of


def test_absolute_paths_below_the_workspace(tmp_path: Path):
    paths = Paths([], [f"{tmp_path}/a/b.py", f"{tmp_path}/c.py"], tmp_path)
    assert paths.ours(f"{tmp_path}/a/b.py") == "a/b.py"
    assert paths.ours("/elsewhere/a.py") is None
    assert paths.ours(f"{tmp_path}x/a.py") is None


def test_relative_paths_and_a_root_that_was_said(tmp_path: Path):
    paths = Paths(["/ws/old"], ["a.py", "/ws/old/a.py"], tmp_path)
    assert paths.ours("a.py") == "a.py"
    assert paths.ours("./x//a.py") == "x/a.py"
    assert paths.ours("/ws/old/a.py") == "a.py"


def test_a_root_that_nobody_said_is_found_by_the_files(tmp_path: Path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").touch()
    (tmp_path / "src" / "b.py").touch()
    paths = Paths([], ["/old/place/src/a.py", "/old/place/src/b.py"], tmp_path)
    assert paths.ours("/old/place/src/a.py") == "src/a.py"


@pytest.mark.parametrize("path", ["../a.py", "a/../../b.py", "", "/", "a\0b"])
def test_nothing_leads_out(path: str, tmp_path: Path):
    assert Paths([], [], tmp_path).ours(path) is None


def test_paths_with_anything_in_them(tmp_path: Path):
    paths = Paths([], [f"{tmp_path}/a:b::c.py"], tmp_path)
    assert paths.ours(f"{tmp_path}/a:b::c.py") == "a:b::c.py"


def test_the_newest_run_says_where():
    assert roots_of(["/root"], ["/one", ".", None, "/two"]) == ["/root", "/two", "/one"]
