"""The commands about the code graph: what they print, and their exit codes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from support.command_line import Run

MORE = """from shop.cart import Cart, price


def start():
    return middle()


def middle():
    unit = price(Cart())
    other = 2
    return unit


def loop():
    start()
    loop()


def _alone():
    pass
"""


@pytest.fixture(autouse=True)
def in_workspace(workspace: Path) -> None:
    """Every test here runs in the workspace, with one more file."""
    (workspace / "more.py").write_text(MORE)


def test_reachable(run: Run):
    assert run("reachable", "start").lines == [
        "  1 function      more.middle  more.py:8:5",
        "  2 class         shop.cart.Cart  shop/cart.py:4:7",
        "  2 function      shop.cart.price  shop/cart.py:15:5",
        "3 symbols",
    ]
    document = run("reachable", "price", "--to", "--depth", "1", "--format", "json").json
    assert [(one["name"], one["depth"]) for one in document["symbols"]] == [("middle", 1), ("total", 1)]
    assert run("reachable", "_alone").code == 1
    assert run("reachable", "start", "--edges", "calls").code == 2
    assert run("reachable", "start", "--limit", "0").code == 2
    assert "there are more" in run("reachable", "start", "--limit", "1").lines[-1]


def test_paths(run: Run):
    assert run("paths", "loop", "price").lines == [
        "3 edges",
        "  function      more.loop  more.py:14:5",
        "  function      more.start  more.py:4:5",
        "  function      more.middle  more.py:8:5",
        "  function      shop.cart.price  shop/cart.py:15:5",
    ]
    assert run("paths", "price", "loop").code == 1
    assert run("paths", "loop", "price", "-k", "0").code == 2


def test_a_slice_is_of_one_body(run: Run, workspace: Path):
    (workspace / "a.h").write_text("int both(int x);\n")
    (workspace / "b.c").write_text('#include "a.h"\nint both(int x) { return x; }\n')
    (workspace / "O.java").write_text("class O { int over(int a) { return a; } int over() { return 1; } }\n")
    assert run("slice", "both").lines[0].startswith("* b.c:2:1")
    assert run("slice", "O.over").code == 2
    assert "O.java::O.over#2" in run("slice", "O.over").err
    assert run("slice", "O.java::O.over#2").code == 0


def test_slices(run: Run):
    assert run("slice", "more.py:11:12").lines == [
        "  more.py:9:5  unit = price(Cart())",
        "* more.py:11:5  return unit",
        "2 statements",
    ]
    forward = run("slice", "more.py:9:5", "--forward", "--format", "json").json
    assert [one["range"]["start"]["line"] for one in forward["statements"]] == [8, 10]
    calls = run("slice", "middle", "--scope", "calls", "--format", "json").json
    assert [one["name"] for one in calls["symbols"]] == ["start", "loop"]


def test_dead(run: Run):
    lines = run("dead").lines
    assert lines[:2] == ["function      main.pay  main.py:7:5", "      nothing uses it"]
    document = run("dead", "--entry", "start", "--format", "json").json
    assert [one["name"] for one in document["entryPoints"]] == ["start"]
    assert "price" not in [one["name"] for one in document["dead"]]
    assert {"loop", "_alone", "Basket"} <= {one["name"] for one in document["dead"]}
    assert "No symbol 'nobody'" in run("dead", "--entry", "nobody").err


def test_cycles_and_condense_and_rank(run: Run):
    assert run("cycles").lines == ["self-recursive", "  function      more.loop  more.py:14:5", "0 cycles"]
    document = run("condense", "--format", "json").json
    assert document["componentCount"] == len(document["components"])
    assert all(edge["source"] < edge["target"] for edge in document["edges"])
    assert len(run("rank", "--limit", "3").lines) == 4


def test_names(run: Run):
    assert run("collisions").code == 1
    found = run("find", "add", "--format", "json").json
    assert (len(found["symbols"]), found["ambiguous"]) == (2, True)
    assert "these are different things" in run("find", "add").lines
    assert run("find", "nothing").code == 1
    assert any(line.endswith(" method") for line in run("labels").lines)
    assert run("labels", "method").lines[-1] == "3 symbols"
    own = run("labels", "--symbol", "price", "--format", "json").json
    assert [one["label"] for one in own["labels"]] == ["fn", "python"]


def test_impact(run: Run, workspace: Path):
    (workspace / ".git").rmdir()
    assert run("impact").code == 8
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    (workspace / ".gitignore").write_text(".magellan\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *words], cwd=workspace, check=True)
    assert run("impact").code == 1
    path = workspace / "shop" / "cart.py"
    path.write_text(path.read_text(encoding="utf-8").replace("return 1", "return 2"), encoding="utf-8")
    lines = run("impact").lines
    assert lines[:2] == ["changed", "    function      shop.cart.price  shop/cart.py:15:5"]
    assert "  1 function      more.middle  more.py:8:5" in lines
    document = run("impact", "--git", "HEAD", "--depth", "1", "--format", "json").json
    assert [one["name"] for one in document["affected"]] == ["middle", "total"]
    assert run("impact", "--git=-x").code == 2


def test_exports(run: Run, workspace: Path):
    document = run("export", "--as", "json", "-o", "graph.json", "--format", "json").json
    assert document["bytes"] == (workspace / "graph.json").stat().st_size
    assert len(json.loads((workspace / "graph.json").read_text())["files"]) == 4
    assert run("export", "--as", "scip", "-o", "index.scip").code == 0
    assert run("export", "-o", "shop").code == 2
    nowhere = run("export", "-o", "missing/graph.json")
    assert nowhere.code == 7
    assert "choose another place with --output FILE" in nowhere.err
