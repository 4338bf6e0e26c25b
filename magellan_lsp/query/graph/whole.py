"""Questions about the whole graph: cycles, what is left when they are drawn together, ranks.

They load the graph of the index (:mod:`.bulk`) and look at every node. Order is that of (path, definition) unless it is
said otherwise. Tests: ``tests/query/graph/test_whole.py``.
"""

from __future__ import annotations

from typing import NamedTuple

from magellan_lsp.facts.kinds import Role
from magellan_lsp.graph.condensation import condense as condensed
from magellan_lsp.graph.ranking import pagerank
from magellan_lsp.graph.scc import cycles as recursion
from magellan_lsp.graph.view import ALL_KINDS, CALLS, Kinds, at_least
from magellan_lsp.query.graph.bulk import BulkGraph, load
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.types import Ref
from magellan_lsp.store.base import Reader


class Cycles(NamedTuple):
    """Groups of symbols that lead to one another, and symbols that lead to themselves directly."""

    cycles: list[list[Ref]]
    self_recursive: list[Ref]
    truncated: bool


class Component(NamedTuple):
    """Symbols drawn into one: a cycle, or one symbol alone."""

    id: int  # from 0, in topological order
    symbols: list[Ref]


class Condensation(NamedTuple):
    """The graph without its cycles: components in topological order, callers first; edges as pairs of ids, sorted."""

    components: list[Component]
    edges: list[tuple[int, int]]
    n_components: int
    truncated: bool


class Ranked(NamedTuple):
    """A symbol and its share of the attention of somebody who follows edges at random; all shares make 1."""

    ref: Ref
    score: float


def cycles(snapshot: Snapshot, limit: int | None = None, kinds: Kinds = CALLS) -> Cycles:
    """Mutual recursion, by first member; and apart from it self-recursion, whether on a cycle or not.

    A call that may mean several overloads, the caller among them, is taken for a call of one of the others.

    Args:
        limit: the most cycles, and the most self-recursive symbols; a cycle is never cut.

    Raises:
        ValueError: ``limit`` is negative.
    """
    at_least(0, limit=limit)
    graph = load(snapshot.reader, kinds, snapshot.check)
    found = recursion(graph, kinds=kinds, check=snapshot.check)
    ref = graph.nodes.ref
    loops = [
        ref(node)
        for node in found.self_recursive
        if kinds != CALLS or _calls_itself(snapshot.reader, ref(node))
    ]
    return Cycles(
        [[ref(node) for node in members] for members in found.cycles[:limit]],
        loops[:limit],
        limit is not None and max(len(found.cycles), len(loops)) > limit,
    )


def _calls_itself(reader: Reader, ref: Ref) -> bool:
    """Whether a call in a function means the function and none of its overloads."""
    facts, links = reader.find_facts(ref[0]), reader.find_links(ref[0])
    if facts is None or links is None:
        return True
    own = facts.symbol_id(ref[1])
    overloads = {
        facts.symbol_id(row)
        for row in facts.children(facts.def_owner[ref[1]])
        if row != ref[1] and facts.def_name[row] == facts.def_name[ref[1]]
    }
    if not overloads:
        return True
    for link in links.links:
        row = link.occurrence
        if link.target == own and facts.occ_role[row] == Role.CALL:
            inside = max(facts.enclosing_symbol(facts.occ_scope[row]), 0) == ref[1]
            others = {one.target for one in reader.find_targets(ref[0], row)}
            if inside and overloads.isdisjoint(others):
                return True
    return False


def condense(snapshot: Snapshot, limit: int | None = None, kinds: Kinds = CALLS) -> Condensation:
    """The graph of those symbols that an edge leads to or from, each cycle drawn into one component.

    Args:
        limit: the most components; the first in topological order, with the edges among them.
    """
    graph = _connected(load(snapshot.reader, kinds, snapshot.check), kinds, snapshot)
    found = condensed(graph, kinds=kinds, limit=limit, check=snapshot.check)
    ref = graph.nodes.ref
    return Condensation(
        [Component(at, [ref(node) for node in members]) for at, members in enumerate(found.components)],
        [(edge.source, edge.target) for edge in found.edges],
        found.n_components,
        found.truncated,
    )


def rank(snapshot: Snapshot, limit: int | None = None, kinds: Kinds = ALL_KINDS) -> tuple[list[Ranked], bool]:
    """Symbols by how much of the code depends on them, directly or not (PageRank), best first; and whether cut."""
    graph = load(snapshot.reader, kinds, snapshot.check)
    found = pagerank(graph, kinds=kinds, limit=limit, check=snapshot.check)
    ref = graph.nodes.ref
    return [Ranked(ref(one.node), one.score) for one in found.ranked], found.truncated


def _connected(graph: BulkGraph, kinds: Kinds, snapshot: Snapshot) -> BulkGraph:
    """The part of the graph that has edges."""
    only = bytearray(len(graph.nodes))
    for node in graph.iter_nodes():
        if node % 4096 == 0:
            snapshot.check()
        successors = graph.successors(node, kinds)
        if successors:
            only[node] = 1
            for successor in successors:
                only[successor] = 1
    return graph.restricted(only)
