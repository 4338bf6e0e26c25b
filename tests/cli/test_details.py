"""``chunks``, ``cfg``, ``ast``, ``metrics``, ``hotspots``, ``executions``, and what ``index --details`` keeps."""

from __future__ import annotations

import json
import os
import subprocess
import xml.etree.ElementTree as ET
from hashlib import sha256
from pathlib import Path

import pytest
from support.command_line import Run

from magellan_lsp.store.open import open_store

TANGLED = """def outer(x):
    if x and x > 1:
        return 1
    for y in x:
        if y:
            break
    return 2
    print("never")


def calls():
    outer(1)
    outer(2)


def again(n):
    return again(n - 1) if n else 0
"""


@pytest.fixture
def tangled(workspace: Path) -> Path:
    (workspace / "tangled.py").write_text(TANGLED)
    return workspace


BACKENDS = pytest.mark.parametrize("backend", ["lmdb", "sqlite"])


@BACKENDS
def test_the_chunk_of_a_symbol_is_its_source(run: Run, tangled: Path, backend: str):
    found = run("chunks", "price", "--format", "json", "--backend", backend).json["chunks"]
    (chunk,) = found
    source = (tangled / "shop" / "cart.py").read_bytes()
    start, end = chunk["bytes"]
    assert chunk["content"].encode() == source[start:end]
    assert chunk["contentHash"] == sha256(source[start:end]).hexdigest()
    assert chunk["content"].startswith("def price(")
    assert (chunk["symbol"]["name"], chunk["kind"], chunk["stale"]) == ("price", "function", False)
    assert "def price(cart: Cart) -> int:" in run("chunks", "price", "--backend", backend).lines


def test_the_chunks_of_a_file_are_its_symbols_outer_ones_first(run: Run, tangled: Path):
    found = run("chunks", "shop/cart.py", "--format", "json").json["chunks"]
    names = [chunk["name"] for chunk in found]
    assert names.index("Cart") < names.index("total") < names.index("price") < names.index("Basket")
    assert [chunk["bytes"][0] for chunk in found] == sorted(chunk["bytes"][0] for chunk in found)


def test_a_span_is_cut_to_whole_characters(run: Run, tangled: Path):
    source = (tangled / "main.py").read_bytes()
    at = source.index("ö".encode())
    (chunk,) = run("chunks", "main.py", "--bytes", f"{at + 1}:{at + 6}", "--format", "json").json["chunks"]
    assert chunk["content"] == "ße "
    assert chunk["bytes"] == [at + 2, at + 6]
    assert chunk["symbol"] is None
    assert run("chunks", "price", "--bytes", "1:2").code == 2


@BACKENDS
def test_a_stale_chunk_says_so(run: Run, tangled: Path, backend: str):
    run("index", "--details", "--backend", backend)
    path = tangled / "shop" / "cart.py"
    path.write_text("# new\n" + path.read_text())
    ask = ("chunks", "price", "--no-refresh", "--format", "json", "--backend", backend)
    (chunk,) = run(*ask).json["chunks"]
    assert chunk["stale"]
    assert chunk["content"].startswith("def price(")
    assert chunk["contentHash"] == sha256(chunk["content"].encode()).hexdigest()
    (chunk,) = run("chunks", "price", "--format", "json", "--backend", backend).json["chunks"]
    assert not chunk["stale"]


def test_a_stale_chunk_that_was_not_kept_has_no_text(run: Run, tangled: Path):
    run("index")
    path = tangled / "shop" / "cart.py"
    path.write_text("# new\n" + path.read_text())
    (chunk,) = run("chunks", "price", "--no-refresh", "--format", "json").json["chunks"]
    assert (chunk["stale"], chunk["content"], chunk["contentHash"]) == (True, None, None)


def test_the_graph_of_a_function(run: Run, tangled: Path):
    (graph,) = run("cfg", "outer", "--format", "json").json["graphs"]
    assert (graph["name"], graph["symbol"]["fqn"], graph["cyclomatic"]) == ("outer", "tangled.outer", 5)
    assert [block["id"] for block in graph["blocks"]] == list(range(len(graph["blocks"])))
    never = [block["text"] for block in graph["blocks"] if not block["reachable"]]
    assert never == ['print("never")']
    conditions = [block["condition"] for block in graph["blocks"] if block["condition"]]
    assert conditions[:2] == ["x", "x > 1"]
    kinds = {edge["kind"] for edge in graph["edges"]}
    assert {"true", "false", "return", "break"} <= kinds
    text = run("cfg", "outer").out
    assert "unreachable" in text
    assert "cyclomatic complexity 5" in text


def test_the_graph_around_a_place(run: Run, tangled: Path):
    (graph,) = run("cfg", "tangled.py:3:9", "--format", "json").json["graphs"]
    assert graph["name"] == "outer"
    (graph,) = run("cfg", "tangled.py:12:6", "--format", "json").json["graphs"]
    assert graph["name"] == "outer"  # the name there is that of the function that is called
    assert run("cfg", "Cart").code == 1


def test_pictures_of_a_graph(run: Run, tangled: Path):
    svg = ET.fromstring(run("cfg", "outer", "--picture", "svg").out)
    boxes = [
        one for one in svg.iter("{http://www.w3.org/2000/svg}g") if "node" in one.get("class", "").split()
    ]
    (graph,) = run("cfg", "outer", "--format", "json").json["graphs"]
    assert [int(box.get("data-id")) for box in boxes] == [block["id"] for block in graph["blocks"]]
    assert [box.get("id") for box in boxes] == [f"node-{number}" for number in range(len(boxes))]
    assert run("cfg", "outer", "--picture", "dot").out.startswith("digraph")
    assert run("cfg", "outer", "--picture", "mermaid").out.startswith("flowchart")


def test_the_syntax_tree(run: Run, tangled: Path):
    nodes = run("ast", "tangled.py", "--depth", "1", "--format", "json").json["nodes"]
    assert [node["kind"] for node in nodes] == ["module"] + ["function_definition"] * 3
    assert [node["parent"] for node in nodes] == [None, 0, 0, 0]
    found = run("ast", "tangled.py", "--kind", "break_statement", "--format", "json").json["nodes"]
    assert [node["range"]["start"] for node in found] == [{"line": 5, "character": 12}]
    around = run("ast", "tangled.py:6:13", "--format", "json").json["nodes"]
    assert [node["kind"] for node in around][-4:] == ["block", "if_statement", "block", "break_statement"]
    assert run("ast", "tangled.py", "--kind", "nonsense").code == 1
    assert run("ast", "nowhere.py").code == 4


@BACKENDS
def test_measures_are_the_same_worked_out_now_and_kept(run: Run, tangled: Path, backend: str):
    more = ("--format", "json", "--backend", backend)
    before = run("metrics", "tangled.py", *more).json
    run("index", "--details", "--backend", backend)
    assert run("metrics", "tangled.py", *more).json == before
    by_name = {one["symbol"]["name"]: one for one in before["symbols"]}
    outer, again = by_name["outer"], by_name["again"]
    assert (outer["cyclomatic"], outer["fanIn"], outer["fanOut"]) == (5, 1, 0)
    assert (outer["loc"], outer["unreachableBlocks"]) == (8, 1)
    assert (again["fanIn"], again["fanOut"], again["cyclomatic"]) == (0, 0, 2)
    assert again["cognitive"] == 2  # the conditional expression, and that it calls itself
    assert (before["file"]["loc"], before["file"]["functions"]) == (18, 3)
    one = run("metrics", "outer", *more).json
    assert one["file"] is None
    assert one["symbols"] == [outer]


@BACKENDS
def test_hotspots_by_measure(run: Run, tangled: Path, backend: str):
    more = ("--format", "json", "--backend", backend)
    for _ in range(2):
        found = run("hotspots", *more).json
        assert [(one["symbol"]["name"], one["score"]) for one in found["hotspots"]] == [
            ("outer", 5),
            ("again", 2),
        ]
        assert (found["unmeasured"], found["truncated"]) == (0, False)
        run("index", "--details", "--backend", backend)
    used = run("hotspots", "--by", "fanIn", "--limit", "1", *more).json
    assert len(used["hotspots"]) == 1
    assert used["truncated"]
    largest = run("hotspots", "--by", "loc", *more).json["hotspots"]
    assert [one["path"] for one in largest][:2] == ["shop/cart.py", "tangled.py"]
    assert largest[1]["score"] == 18


def test_hotspots_by_churn(run: Run, tangled: Path):
    (tangled / ".git").rmdir()

    def git(*words: str) -> None:
        names = ("-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "core.hooksPath=/dev/null")
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", *names, *words], cwd=tangled, check=True, capture_output=True, env=environment)

    git("init", "-q")
    for number in range(3):
        (tangled / "tangled.py").write_text(TANGLED + f"# {number}\n")
        (tangled / "main.py").write_text(f"x = {number // 2}\n")
        (tangled / "größe.py").write_text("x = 1\n")
        git("add", ".")
        git("commit", "-q", "-m", "change")
    found = run("hotspots", "--by", "churn", "--format", "json").json["hotspots"]
    assert [(one["path"], one["commits"]) for one in found][:2] == [("tangled.py", 3), ("main.py", 2)]
    assert {one["path"] for one in found if one["commits"] == 1} >= {"größe.py"}
    assert (found[0]["linesAdded"], found[0]["linesDeleted"]) == (TANGLED.count("\n") + 3, 2)


def test_churn_without_a_repository_is_an_error_of_its_own(run: Run, tangled: Path):
    found = run("hotspots", "--by", "churn")
    assert found.code == 8
    assert "not a git repository" in found.err


@BACKENDS
def test_what_writes_is_in_the_log_and_what_asks_is_not(run: Run, tangled: Path, backend: str):
    at = ("--backend", backend)
    run("index", *at)
    run("symbols", "price", *at)
    (tangled / "tangled.py").write_text("def other(): pass\n")
    run("symbols", "price", *at)
    newest, oldest = run("executions", "--format", "json", *at).json["executions"]
    assert oldest["args"] == ["index", *at]
    assert (oldest["id"], oldest["outcome"], oldest["filesIndexed"]) == (1, "success", 4)
    assert (newest["args"][0], newest["filesIndexed"], newest["symbolsIndexed"]) == ("symbols", 1, 2)
    assert len(newest) == 14
    assert run("executions", "--order", "oldest", "--format", "json", *at).json["executions"] == [
        oldest,
        newest,
    ]
    by_id = run("executions", "--id", newest["executionId"], "--format", "json", *at).json["executions"]
    assert by_id == [newest]
    assert run("executions", "--id", "1", "--format", "json", *at).json["executions"] == [oldest]
    assert run("executions", "--id", "nothing", *at).code == 1
    assert "index" in run("executions", *at).lines[-1]


@BACKENDS
def test_index_keeps_details_when_it_is_told_to(run: Run, tangled: Path, backend: str):
    run("index", "--backend", backend)
    with open_store(tangled / ".magellan", "read", backend=backend) as store, store.read() as reader:
        assert not any(reader.find_computed(record.path) for record in reader.iter_files())
    run("index", "--details", "--backend", backend)
    with open_store(tangled / ".magellan", "read", backend=backend) as store, store.read() as reader:
        assert all(len(reader.find_computed(record.path)) == 5 for record in reader.iter_files())


def test_a_dump_with_details_is_that_of_a_fresh_index(run: Run, tangled: Path):
    run("index", "--details")
    (tangled / "tangled.py").write_text("def other(x):\n    return x or 1\n")
    (tangled / "main.py").unlink()
    kept = run("dump", "--details").out
    fresh = run("dump", "--details", "--index", str(tangled.parent / "fresh"), "--backend", "sqlite").out
    assert kept == fresh
    kinds = {json.loads(line)["record"] for line in kept.splitlines()}
    assert {"chunks", "cfgs", "ast", "file_metrics", "symbol_metrics"} <= kinds
    assert kept.startswith(run("dump").out)
