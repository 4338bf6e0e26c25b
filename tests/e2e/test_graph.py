"""Questions about the code graph as a client asks them, on either backend."""

import base64
import json
import subprocess

import pytest
from support.asking import Asking

from magellan_lsp.query.graph.export.scip_schema import messages

pytestmark = pytest.mark.parametrize("backend", ["lmdb", "sqlite"])

A = """# 😀
from b import low, Base


def top():
    return mid()


def mid():
    x = low()
    y = 2
    return x


def again(n):
    return again(n - 1)


class Sub(Base):
    def m(self):
        return top()


if __name__ == "__main__":
    Sub().m()
    again(3)
"""
B = "def low():\n    return 1\n\n\nclass Base:\n    def m(self):\n        pass\n\n\ndef lost():\n    pass\n"


@pytest.fixture
async def client(wire, tmp_path, backend):
    root = tmp_path / "work"
    root.mkdir()
    (root / "a.py").write_text(A, encoding="utf-8")
    (root / "b.py").write_text(B, encoding="utf-8")
    wants = {"experimental": {"magellan": {"graphChanged": True}}}
    await wire.start(root, initializationOptions={"backend": backend}, capabilities=wants)
    made = Asking(wire, root)
    await made.ask("magellan/synchronize")
    return made


def names(symbols):
    return [one["name"] for one in symbols]


def depths(symbols):
    return [(one["name"], one["depth"]) for one in symbols]


async def test_from_a_symbol(client):
    found = await client.ask("magellan/callGraph", symbol="top", depth=5, picture="svg")
    assert depths(found["nodes"]) == [("top", 0), ("mid", 1), ("low", 2)]
    ids = [one["id"] for one in found["nodes"]]
    assert found["root"] == ids[0]
    assert found["edges"] == [
        {"source": ids[0], "target": ids[1], "kind": "call"},
        {"source": ids[1], "target": ids[2], "kind": "call"},
    ]
    assert all(f'data-id="{one}"' in found["picture"] for one in ids) and not found["truncated"]
    one = found["nodes"][1]
    text = (client.root / "a.py").read_bytes()
    assert text[one["bytes"]["start"] : one["bytes"]["end"]].startswith(b"def mid")
    assert one["selectionRange"]["start"] == {"line": 8, "character": 4}

    position = {"line": 8, "character": 5}
    back = await client.ask(
        "magellan/reachable", textDocument=client.document("a.py"), position=position, direction="to"
    )
    assert depths(back["symbols"]) == [("top", 1), ("m", 2), ("a.py", 3)]
    paths = await client.ask(
        "magellan/paths", **{"from": {"symbol": "Sub.m"}, "to": {"symbol": "low"}, "k": 3}
    )
    assert [names(one) for one in paths["paths"]] == [["m", "top", "mid", "low"]]
    assert await client.ask("magellan/callGraph", symbol="nothing") is None
    ambiguous = await client.reply("magellan/reachable", symbol="m")
    assert ambiguous["error"]["code"] == -32803
    assert names(ambiguous["error"]["data"]["candidates"]) == ["m", "m"]
    assert (await client.reply("magellan/reachable", symbol="top", direction="up"))["error"]["code"] == -32602


async def test_slices(client):
    where = {"textDocument": client.document("a.py"), "position": {"line": 11, "character": 6}}
    found = await client.ask("magellan/slice", **where)
    text = (client.root / "a.py").read_bytes()
    shown = [text[one["bytes"]["start"] : one["bytes"]["end"]].decode() for one in found["statements"]]
    assert shown == ["x = low()", "return x"]
    assert found["criterion"] == [1]
    assert found["edges"] == [{"source": 0, "target": 1, "kind": "data"}]
    calls = await client.ask("magellan/slice", symbol="mid", scope="calls", direction="forward")
    assert depths(calls["symbols"]) == [("low", 1)]


async def test_of_a_whole_folder(client):
    dead = await client.ask("magellan/deadCode")
    assert [(one["name"], one["reason"]) for one in dead["dead"]] == [("m", "isolated"), ("lost", "isolated")]
    assert dead["dead"][0]["fqn"] == "b.py::Base.m"  # only what overrides it is called
    assert [(one["name"], one["reason"]) for one in dead["entryPoints"]] == [("a.py", "main")]
    given = await client.ask("magellan/deadCode", entryPoints=["lost"], limit=2)
    assert len(given["dead"]) == 2 and given["truncated"] and given["deadCount"] > 2
    assert [one["reason"] for one in given["entryPoints"]] == ["given"]
    cycles = await client.ask("magellan/cycles")
    assert (cycles["cycles"], names(cycles["selfRecursive"])) == ([], ["again"])
    condensed = await client.ask("magellan/condense")
    assert condensed["componentCount"] == len(condensed["components"]) == 7
    rank = await client.ask("magellan/rank", limit=2)
    assert len(rank["symbols"]) == 2 and rank["truncated"]
    assert await client.ask("magellan/collisions") == {"collisions": [], "truncated": False}
    labels = await client.ask("magellan/labels")
    assert {"label": "struct", "count": 2} in labels["labels"]
    methods = await client.ask("magellan/labels", label="method")
    assert names(methods["symbols"]) == ["m", "m"]
    found = await client.ask("magellan/find", query="m")
    assert names(found["symbols"]) == ["m", "m"] and found["ambiguous"]


async def test_impact(client):
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    failed = await client.reply("magellan/impact")
    assert failed["error"]["data"]["error"] == "GitUnavailable"
    (client.root / ".gitignore").write_text(".magellan\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *words], cwd=client.root, check=True)  # noqa: ASYNC221 - nobody else waits
    (client.root / "b.py").write_text(B.replace("return 1", "return 2"))
    client.wire.send(
        method="workspace/didChangeWatchedFiles",
        params={"changes": [{"uri": (client.root / "b.py").as_uri(), "type": 2}]},
    )
    await client.ask("magellan/synchronize")
    found = await client.ask("magellan/impact")
    assert names(found["changed"]) == ["low"]
    assert depths(found["affected"]) == [("mid", 1), ("top", 2), ("m", 3), ("a.py", 4)]
    assert found["files"] == [(client.root / path).as_uri() for path in ("a.py", "b.py")]


async def test_exports(client):
    found = await client.ask("magellan/export", format="json")
    assert len(json.loads(found["content"])["files"]) == 2
    scip = await client.ask("magellan/export", format="scip")
    index = messages()["Index"]()
    index.ParseFromString(base64.b64decode(scip["content"]))
    assert [one.relative_path for one in index.documents] == ["a.py", "b.py"]
    assert index.metadata.project_root == client.root.as_uri()
    written = await client.ask("magellan/export", format="dot", output="out/../graph.dot")
    assert written["path"] == "graph.dot"
    assert (client.root / "graph.dot").read_bytes().startswith(b"strict digraph")
    for wrong in ("../x.json", ".git/config", ".magellan/x", "/etc/x", "."):
        assert (await client.reply("magellan/export", output=wrong))["error"]["code"] == -32602, wrong


async def test_graph_changed_is_told_to_who_asks(client):
    def told():
        return [
            one["params"] for one in client.wire.notifications if one["method"] == "magellan/graphChanged"
        ]

    files = {(client.root / path).as_uri() for path in ("a.py", "b.py")}
    # told beside the replies, a little later
    while {uri for one in told() for uri in one["indexed"]} != files:
        await client.ask("magellan/status")
    symbol = (await client.ask("magellan/find", query="low"))["symbols"][0]["id"]
    client.wire.notifications.clear()
    client.open("b.py", B.replace("return 1", "return 5"))
    await client.ask("magellan/synchronize")
    while not any(one["changed"] for one in told()):
        await client.ask("magellan/status")
    assert [one["changed"] for one in told() if one["changed"]] == [[symbol]]
    assert told()[0]["folder"] == client.root.as_uri()
