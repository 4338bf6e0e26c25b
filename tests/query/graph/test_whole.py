"""Cycles, condensation and ranks of whole sources."""

from __future__ import annotations

import pytest

from magellan_lsp.graph.view import EdgeType
from magellan_lsp.query.graph import whole

SOURCES = {
    "a.py": """
from b import ping
def pong(): ping()
def self_(): self_()
def start(): pong(); lonely()
def lonely(): pass
UNUSED = 1
""",
    "b.py": "import a\ndef ping(): a.pong()\nclass A(object): pass\nclass B(A): pass\n",
}


@pytest.fixture
def snapshot(world):
    return world(SOURCES).snapshot()


def names(snapshot, refs):
    return [snapshot.info(ref).qualified for ref in refs]


def test_cycles_apart_from_self_recursion(snapshot):
    found = whole.cycles(snapshot)
    assert [names(snapshot, one) for one in found.cycles] == [["pong", "ping"]]
    assert names(snapshot, found.self_recursive) == ["self_"]
    assert whole.cycles(snapshot, limit=0).truncated


def test_a_call_that_may_mean_another_overload_is_no_self_recursion(world):
    sources = {
        "A.java": """class A {
  void f(java.lang.Package p) { }
  void f(java.lang.Class<?> c) { f(unknown()); }
  void g(int n) { g(n - 1); }
}
"""
    }
    snapshot = world(sources).snapshot()
    assert names(snapshot, whole.cycles(snapshot).self_recursive) == ["A.g"]


def test_cycles_of_imports(snapshot):
    found = whole.cycles(snapshot, kinds=frozenset({EdgeType.REFERENCE}))
    assert [[ref[0] for ref in one] for one in found.cycles] == [["a.py", "b.py"]]


def test_condensation_has_callers_first_and_leaves_out_what_has_no_calls(snapshot):
    found = whole.condense(snapshot)
    parts = [names(snapshot, one.symbols) for one in found.components]
    assert sorted(map(tuple, parts)) == [("lonely",), ("pong", "ping"), ("self_",), ("start",)]
    at = {part[0]: number for number, part in enumerate(parts)}
    assert found.edges == sorted([(at["start"], at["pong"]), (at["start"], at["lonely"])])
    assert all(source < target for source, target in found.edges)
    cut = whole.condense(snapshot, limit=1)
    assert (len(cut.components), cut.n_components, cut.truncated) == (1, 4, True)


def test_ranks_add_up_to_one_and_favour_what_others_lean_on(snapshot):
    found, truncated = whole.rank(snapshot)
    assert not truncated
    assert sum(one.score for one in found) == pytest.approx(1)
    scores = {snapshot.info(one.ref).qualified: one.score for one in found if one.ref[1]}
    assert scores["ping"] > scores["start"]
    assert scores["A"] > scores["B"]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert whole.rank(snapshot, limit=2)[1]
