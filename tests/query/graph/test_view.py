"""The graph read from a store: the same neighbour by neighbour and in bulk, and on every backend."""

from __future__ import annotations

import random
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.facts import make_links, workspace
from support.stores import BACKENDS

from magellan_lsp.errors import Cancelled
from magellan_lsp.graph.reachability import reachable_from, reachable_to
from magellan_lsp.graph.scc import cycles
from magellan_lsp.graph.view import ALL_KINDS, CALLS, EdgeType
from magellan_lsp.query.graph.bulk import load
from magellan_lsp.query.graph.view import SymbolGraph
from magellan_lsp.query.snapshot import Snapshot, StoreSource

KINDS = [CALLS, ALL_KINDS, *(frozenset({kind}) for kind in EdgeType)]


def fill(store, n_files: int, seed: int) -> None:
    made = workspace(n_files, seed, n_symbols=4, n_occurrences=12)
    # Some targets are of no file, as after a deletion.
    targets = [*sorted({symbol for one in made for symbol in one.facts.symbol_ids}), "0" * 32]
    with store.write() as txn:
        for one in made:
            txn.replace_file(one.record, one.facts)
        for one in made[: n_files - 1]:
            txn.replace_links(make_links(one.facts, targets, random.Random(seed)))


def answers(reader) -> dict:
    """Everything that can be asked of the graph, from both views."""
    lazy = SymbolGraph(Snapshot(StoreSource(reader)))
    nodes = list(lazy.iter_nodes())
    found = {"nodes": nodes}
    for kinds in KINDS:
        bulk = load(reader, kinds)
        assert [bulk.nodes.symbol_id(node) for node in bulk.iter_nodes()] == nodes
        for at, node in enumerate(nodes):
            out, back = list(lazy.successors(node, kinds)), list(lazy.predecessors(node, kinds))
            assert [bulk.nodes.symbol_id(one) for one in bulk.successors(at, kinds)] == out
            assert [bulk.nodes.symbol_id(one) for one in bulk.predecessors(at, kinds)] == back
            found[node, tuple(sorted(kinds))] = (out, back)
        some = nodes[:3]
        found["from", tuple(sorted(kinds))] = reachable_from(lazy, some, kinds=kinds)
        found["to", tuple(sorted(kinds))] = reachable_to(lazy, some, kinds=kinds)
        found["cycles", tuple(sorted(kinds))] = cycles(bulk, kinds=kinds)
    return found


@settings(max_examples=15)
@given(n_files=st.integers(1, 4), seed=st.integers(0, 10_000))
def test_all_backends_give_one_graph(n_files, seed):
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, make in BACKENDS.items():
            with make(Path(folder) / name) as store:
                fill(store, n_files, seed)
                with store.read() as reader:
                    found[name] = answers(reader)
    assert found["lmdb"] == found["memory"]
    assert found["sqlite"] == found["memory"]


@settings(max_examples=25)
@given(n_files=st.integers(1, 4), seed=st.integers(0, 10_000))
def test_successors_and_predecessors_are_the_same_edges(n_files, seed):
    with BACKENDS["memory"](Path()) as store:
        fill(store, n_files, seed)
        with store.read() as reader:
            graph = SymbolGraph(Snapshot(StoreSource(reader)))
            nodes = list(graph.iter_nodes())
            for kinds in KINDS:
                out = {(node, one) for node in nodes for one in graph.successors(node, kinds)}
                back = {(one, node) for node in nodes for one in graph.predecessors(node, kinds)}
                assert out == back


SOURCES = {
    "a.py": """
from b import Base, helper
import b

def call():
    return helper(b.LIMIT)

class Sub(Base):
    def run(self):
        return call()
""",
    "b.py": """
LIMIT = 1

def helper(n):
    return n

class Base:
    def run(self):
        pass
""",
}


def names(snapshot, ids):
    infos = [snapshot.info(snapshot.find(one)) for one in ids]
    return [info.qualified if info.ref[1] else info.path for info in infos]


def graph_of(made, **more):
    snapshot = made.snapshot(**more)
    by_name = {}
    for one in SymbolGraph(snapshot).iter_nodes():
        info = snapshot.info(snapshot.find(one))
        by_name[info.qualified if info.ref[1] else info.path] = one
    return snapshot, SymbolGraph(snapshot), by_name


def test_what_edges_mean(world):
    snapshot, graph, ids = graph_of(world(SOURCES))

    def successors(name, *kinds):
        return names(snapshot, graph.successors(ids[name], frozenset(kinds) or ALL_KINDS))

    assert successors("call", EdgeType.CALL) == ["helper"]
    assert successors("call", EdgeType.REFERENCE) == ["b.py", "LIMIT"]
    assert successors("Sub", EdgeType.BASE) == ["Base"]
    assert successors("Sub.run", EdgeType.BASE) == ["Base.run"]
    assert successors("Sub.run", EdgeType.CALL) == ["call"]
    # An import refers to the file; what it names there is not used by that.
    assert "b.py" in successors("a.py", EdgeType.REFERENCE)
    assert "helper" not in successors("a.py")
    assert names(snapshot, graph.predecessors(ids["Base"], frozenset({EdgeType.BASE}))) == ["Sub"]
    assert graph.successors("f" * 32) == graph.predecessors("f" * 32) == ()


def test_an_open_document_is_seen_as_it_is_now(world):
    made = world(SOURCES)
    text = SOURCES["a.py"].replace("return call()", "return helper(2)")
    snapshot, graph, ids = graph_of(made, overlay={"a.py": text})
    assert names(snapshot, graph.successors(ids["Sub.run"], CALLS)) == ["helper"]
    assert names(snapshot, graph.predecessors(ids["helper"], CALLS)) == ["call", "Sub.run"]
    assert names(snapshot, graph.predecessors(ids["call"], CALLS)) == []


def test_loading_can_be_cancelled(world):
    made = world(SOURCES)
    with ExitStack() as closing:
        reader = closing.enter_context(made.store.read())

        def stop():
            raise Cancelled

        with pytest.raises(Cancelled):
            load(reader, check=stop)
