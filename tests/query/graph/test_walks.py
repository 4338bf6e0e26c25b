"""Call graphs, reach and paths from a symbol, over real sources."""

from __future__ import annotations

import pytest

from magellan_lsp.errors import UsageError
from magellan_lsp.graph.view import ALL_KINDS, CALLS, EdgeType
from magellan_lsp.query.choice import symbols_named
from magellan_lsp.query.graph import walks
from magellan_lsp.query.graph.pictures import picture_of
from magellan_lsp.render import to_dot, to_mermaid, to_svg

SOURCES = {
    "a.py": """
from b import low, Base
def top(): mid(); other()
def mid(): low()
def other(): low()
def loop(): loop(); again()
def again(): loop()
class Sub(Base):
    def m(self): top()
""",
    "b.py": "LIMIT = 3\ndef low(): return LIMIT\nclass Base:\n    def m(self): pass\n",
    "c.h": "int f(void);\n",
    "c.c": '#include "c.h"\nint f(void) { return 1; }\nint g(void) { return f(); }\n',
}


@pytest.fixture
def snapshot(world):
    return world(SOURCES).snapshot()


def shown(snapshot, found):
    return [(snapshot.info(one.ref).qualified, one.depth) for one in found]


def ask(snapshot, name):
    return symbols_named(snapshot, name)


def test_call_graph_outward(snapshot):
    found = walks.call_graph(snapshot, ask(snapshot, "top"), depth=2)
    assert shown(snapshot, found.nodes) == [("top", 0), ("mid", 1), ("other", 1), ("low", 2)]
    name = {one.ref: snapshot.info(one.ref).name for one in found.nodes}
    assert [(name[e.source], name[e.target], e.kind) for e in found.edges] == [
        ("top", "mid", EdgeType.CALL),
        ("top", "other", EdgeType.CALL),
        ("mid", "low", EdgeType.CALL),
        ("other", "low", EdgeType.CALL),
    ]
    assert not found.truncated


def test_call_graph_inward_and_both(snapshot):
    found = walks.call_graph(snapshot, ask(snapshot, "mid"), "in", 5)
    assert shown(snapshot, found.nodes) == [("mid", 0), ("top", 1), ("Sub.m", 2)]
    both = walks.call_graph(snapshot, ask(snapshot, "mid"), "both", 1)
    assert shown(snapshot, both.nodes) == [("mid", 0), ("low", 1), ("top", 1)]


def test_a_limit_counts_the_others(snapshot):
    found = walks.call_graph(snapshot, ask(snapshot, "top"), depth=9, limit=1)
    assert shown(snapshot, found.nodes) == [("top", 0), ("mid", 1)]
    assert found.truncated


def test_self_calls_are_edges(snapshot):
    found = walks.call_graph(snapshot, ask(snapshot, "loop"), depth=1)
    name = {one.ref: snapshot.info(one.ref).name for one in found.nodes}
    assert [(name[e.source], name[e.target]) for e in found.edges] == [
        ("loop", "loop"),
        ("loop", "again"),
        ("again", "loop"),
    ]


def test_other_kinds_of_edges(snapshot):
    found = walks.call_graph(snapshot, ask(snapshot, "Sub"), depth=1, kinds=frozenset({EdgeType.BASE}))
    assert shown(snapshot, found.nodes) == [("Sub", 0), ("Base", 1)]
    everything = walks.reachable(snapshot, ask(snapshot, "mid"), kinds=ALL_KINDS)
    assert ("LIMIT", 2) in shown(snapshot, everything.symbols)


def test_reach_both_ways(snapshot):
    found = walks.reachable(snapshot, ask(snapshot, "top"))
    assert shown(snapshot, found.symbols) == [("mid", 1), ("other", 1), ("low", 2)]
    back = walks.reachable(snapshot, ask(snapshot, "low"), forward=False, depth=1)
    assert shown(snapshot, back.symbols) == [("mid", 1), ("other", 1)]
    assert walks.reachable(snapshot, ask(snapshot, "top"), limit=2).truncated


def test_a_declaration_stands_for_what_it_declares(snapshot):
    (declared,) = [ref for ref in ask(snapshot, "f") if ref[0] == "c.h"]
    back = walks.reachable(snapshot, [declared], forward=False)
    assert shown(snapshot, back.symbols) == [("g", 1)]


def test_paths(snapshot):
    found = walks.paths(snapshot, ask(snapshot, "Sub.m"), ask(snapshot, "low"), k=5)
    assert [[snapshot.info(ref).name for ref in path] for path in found.paths] == [
        ["m", "top", "mid", "low"],
        ["m", "top", "other", "low"],
    ]
    one = walks.paths(snapshot, ask(snapshot, "Sub.m"), ask(snapshot, "low"))
    assert len(one.paths) == 1 and one.truncated
    assert walks.paths(snapshot, ask(snapshot, "low"), ask(snapshot, "top")).paths == []
    assert walks.paths(snapshot, ask(snapshot, "top"), ask(snapshot, "low"), max_length=1).paths == []


def test_an_open_document_counts_as_it_is_now(world):
    made = world(SOURCES)
    snapshot = made.snapshot(
        {"a.py": SOURCES["a.py"].replace("def top(): mid(); other()", "def top(): pass")}
    )
    assert walks.reachable(snapshot, ask(snapshot, "top")).symbols == []
    back = walks.reachable(snapshot, ask(snapshot, "mid"), forward=False)
    assert back.symbols == []


def test_names_of_kinds():
    assert walks.kinds_named(None) == CALLS
    assert walks.kinds_named(["call", "base"]) == {EdgeType.CALL, EdgeType.BASE}
    for wrong in (["calls"], []):
        with pytest.raises(UsageError):
            walks.kinds_named(wrong)


def test_directions_are_checked(snapshot):
    with pytest.raises(UsageError):
        walks.call_graph(snapshot, ask(snapshot, "top"), "sideways")


def test_pictures(snapshot):
    found = walks.call_graph(snapshot, ask(snapshot, "top"), depth=1)
    picture = picture_of(snapshot, found)
    ids = [snapshot.symbol_id(one.ref) for one in found.nodes]
    assert [node.data["id"] for node in picture.nodes] == ids
    svg = to_svg(picture)
    assert all(f'data-id="{one}"' in svg for one in ids)
    assert 'class="node ' in svg and 'id="node-0"' in svg
    assert "->" in to_dot(picture) and "-->" in to_mermaid(picture)
