"""Chunks, control flow, syntax trees, measures and the log, as a client gets them, from either backend."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from support.asking import Asking

pytestmark = pytest.mark.parametrize("backend", ["lmdb", "sqlite"])

MODEL = """# größe 😀
class Größe:
    def wert(self, x):
        if x and x > 1:
            return "😀" if x else 2
        return 3
        print("never")


def recursive(n):
    return recursive(n - 1)
"""
USE = """from model import Größe, recursive


def run():
    recursive(3)
    return Größe().wert(1)


def wert():
    pass
"""


@pytest.fixture
async def client(wire, tmp_path, backend):
    root = tmp_path / "work"
    root.mkdir()
    (root / "model.py").write_text(MODEL, encoding="utf-8")
    (root / "use.py").write_text(USE, encoding="utf-8")
    await wire.start(root, initializationOptions={"backend": backend})
    made = Asking(wire, root)
    await made.ask("magellan/synchronize")
    assert list((root / ".magellan").glob(f"{backend}-*"))
    return made


def text_of(path: Path, place) -> str:
    return path.read_bytes()[place["bytes"]["start"] : place["bytes"]["end"]].decode()


def at(text: str, found: re.Match) -> dict:
    """The position of a match in UTF-16."""
    before = text[: found.start()]
    line = before.rpartition("\n")[2]
    return {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}


async def test_chunks_by_symbol_span_and_file(client):
    path = client.root / "model.py"
    (chunk,) = (await client.ask("magellan/chunks", symbol="model.Größe.wert"))["chunks"]
    assert chunk["content"] == text_of(path, chunk)
    assert chunk["content"].startswith("def wert(self, x):")
    assert chunk["contentHash"] == sha256(chunk["content"].encode()).hexdigest()
    assert (chunk["kind"], chunk["name"], chunk["stale"]) == ("method", "wert", False)
    assert chunk["symbol"]["fqn"] == "model.py::Größe.wert"
    by_id = await client.ask("magellan/chunks", symbol=chunk["symbol"]["id"])
    assert by_id["chunks"] == [chunk]
    here = at(MODEL, re.search("wert", MODEL))
    by_place = await client.ask("magellan/chunks", textDocument=client.document("model.py"), position=here)
    assert by_place["chunks"] == [chunk]
    (by_span,) = (
        await client.ask("magellan/chunks", textDocument=client.document("model.py"), range=chunk["range"])
    )["chunks"]
    assert by_span == chunk
    line = {"line": 4, "character": MODEL.split("\n")[4].index("😀")}
    end = {"line": 4, "character": line["character"] + 2}
    (span,) = (
        await client.ask(
            "magellan/chunks", textDocument=client.document("model.py"), range={"start": line, "end": end}
        )
    )["chunks"]
    assert (span["content"], span["kind"], span["symbol"]) == ("😀", "span", None)
    every = (await client.ask("magellan/chunks", textDocument=client.document("model.py")))["chunks"]
    assert [one["name"] for one in every][:2] == ["Größe", "wert"]
    assert all(one["content"] == text_of(path, one) for one in every)


async def test_a_name_of_several_symbols_is_an_error_with_all_of_them(client):
    reply = await client.reply("magellan/chunks", symbol="wert")
    assert reply["error"]["code"] == -32803
    candidates = reply["error"]["data"]["candidates"]
    assert [one["displayFqn"] for one in candidates] == ["model.Größe.wert", "use.wert"]
    assert "2 symbols" in reply["error"]["message"]
    for one in candidates:
        (chunk,) = (await client.ask("magellan/chunks", symbol=one["id"]))["chunks"]
        assert chunk["symbol"] == one
    assert await client.ask("magellan/chunks", symbol="nothing_of_this_name") is None
    assert (await client.reply("magellan/chunks"))["error"]["code"] == -32602


async def test_the_graph_of_a_function_as_data_and_as_a_picture(client):
    found = await client.ask("magellan/cfg", symbol="model.Größe.wert", picture="svg")
    assert (found["name"], found["cyclomatic"]) == ("wert", 4)
    path = client.root / "model.py"
    assert text_of(path, found).startswith("def wert")
    assert all(block["text"] == text_of(path, block) for block in found["blocks"])
    assert [block["text"] for block in found["blocks"] if not block["reachable"]] == ['print("never")']
    assert {"source", "target", "kind", "back", "condition"} == set(found["edges"][0])
    ids = re.findall(r'<g class="node [^"]*" id="node-\d+" tabindex="0" data-id="(\d+)"', found["picture"])
    assert [int(one) for one in ids] == [block["id"] for block in found["blocks"]]
    inside = at(MODEL, re.search("never", MODEL))
    around = await client.ask(
        "magellan/cfg", textDocument=client.document("model.py"), position=inside, picture="dot"
    )
    assert around["blocks"] == found["blocks"]
    assert around["picture"].startswith("digraph")
    assert await client.ask("magellan/cfg", symbol="model.Größe") is None
    assert (await client.reply("magellan/cfg", symbol="run", picture="png"))["error"]["code"] == -32602


async def test_the_syntax_tree(client):
    document = client.document("model.py")
    found = await client.ask("magellan/ast", textDocument=document, depth=1)
    assert [node["kind"] for node in found["nodes"]] == [
        *("module", "comment", "class_definition", "function_definition"),
    ]
    where = at(MODEL, re.search("never", MODEL))
    chain = (await client.ask("magellan/ast", textDocument=document, position=where, depth=0))["nodes"]
    parents = [node["parent"] for node in chain]
    assert parents == [None, *(node["id"] for node in chain[:-1])]
    assert chain[-1]["kind"] == "string_content"
    returns = await client.ask("magellan/findNodes", textDocument=document, kind="return_statement")
    assert [node["depth"] for node in returns["nodes"]] == [7, 5, 3]
    cut = await client.ask("magellan/ast", textDocument=document, limit=3)
    assert (len(cut["nodes"]), cut["truncated"]) == (3, True)


async def test_measures_and_hotspots(client):
    found = await client.ask("magellan/metrics", textDocument=client.document("model.py"))
    assert (found["file"]["fanIn"], found["file"]["functions"]) == (2, 2)  # the file use.py itself, and run
    by_name = {one["symbol"]["name"]: one for one in found["symbols"]}
    assert (by_name["wert"]["cyclomatic"], by_name["wert"]["fanIn"]) == (4, 1)
    assert (by_name["recursive"]["fanIn"], by_name["recursive"]["cognitive"]) == (1, 1)
    one = await client.ask("magellan/metrics", symbol="recursive")
    assert one == {"file": None, "symbols": [by_name["recursive"]]}
    spots = await client.ask("magellan/hotspots")
    assert [(one["symbol"]["displayFqn"], one["score"]) for one in spots["hotspots"]] == [
        ("model.Größe.wert", 4)
    ]
    assert (await client.reply("magellan/hotspots", by="size"))["error"]["code"] == -32602
    assert (await client.reply("magellan/hotspots", limit=0))["error"]["code"] == -32602


async def test_unsaved_text_is_what_counts(client):
    client.open("use.py", USE.replace("def wert():\n    pass", "def neu(a):\n    return a or 1"))
    (chunk,) = (await client.ask("magellan/chunks", symbol="neu"))["chunks"]
    assert chunk["content"] == "def neu(a):\n    return a or 1"
    assert (await client.ask("magellan/cfg", symbol="use.neu"))["cyclomatic"] == 2
    measures = await client.ask("magellan/metrics", symbol="use.py::neu")
    assert measures["symbols"][0]["cyclomatic"] == 2
    assert (await client.ask("magellan/chunks", symbol="wert"))["chunks"][0]["symbol"]["name"] == "wert"


async def test_the_log_of_what_wrote_the_index(client):
    found = await client.ask("magellan/executions")
    (sweep,) = found["executions"]
    assert (sweep["outcome"], sweep["filesIndexed"], sweep["id"]) == ("success", 2, 1)
    assert len(sweep) == 14
    assert (await client.ask("magellan/executions", id=sweep["executionId"]))["executions"] == [sweep]
    assert (await client.ask("magellan/executions", id="x"))["executions"] == []
    assert (await client.reply("magellan/executions", order="best"))["error"]["code"] == -32602


async def test_each_is_a_command_too_and_can_be_switched_off(client):
    found = await client.ask(
        "workspace/executeCommand", command="magellan/chunks", arguments=[{"symbol": "recursive"}]
    )
    assert found["chunks"][0]["name"] == "recursive"
    client.wire.send(
        method="workspace/didChangeConfiguration",
        params={"settings": {"magellan": {"features": {"chunks": False}}}},
    )
    await client.ask("magellan/synchronize")
    assert await client.ask("magellan/chunks", symbol="recursive") is None
    assert await client.ask("magellan/cfg", symbol="recursive") is not None
