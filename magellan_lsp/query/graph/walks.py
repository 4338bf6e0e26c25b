"""Questions that begin at a symbol: its call graph, what it reaches, ways to another, slices over calls.

They read the graph neighbour by neighbour (:mod:`.view`), so the cost is in what is visited, not in the workspace.
A symbol is given by all its definitions (overloads, declarations), which count as one. Tests:
``tests/query/graph/test_walks.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from magellan_lsp.errors import UsageError
from magellan_lsp.graph.paths import k_shortest_paths
from magellan_lsp.graph.reachability import reachable_from, reachable_to
from magellan_lsp.graph.view import ALL_KINDS, CALLS, EdgeType, Kinds, at_least
from magellan_lsp.query.graph.view import SymbolGraph
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.query.targets import same_thing
from magellan_lsp.resolve.types import Ref

Direction = Literal["out", "in", "both"]


def kinds_named(names: Sequence[str] | None, otherwise: Kinds = CALLS) -> Kinds:
    """Kinds of edges by their names: ``call``, ``reference``, ``base``.

    Raises:
        UsageError: there is no such kind, or none is named.
    """
    if names is None:
        return otherwise
    known = [kind.value for kind in EdgeType]
    for name in names:
        if name not in known:
            raise UsageError(f"Edges are of the kinds {', '.join(known)}, not {name!r}.")
    if not names:
        raise UsageError(f"Name at least one kind of edge: {', '.join(known)}.")
    return frozenset(EdgeType(name) for name in names)


class Near(NamedTuple):
    """A symbol and how many edges away it is; 0 for what was asked about."""

    ref: Ref
    depth: int


class Edge(NamedTuple):
    """An edge between symbols of an answer."""

    source: Ref
    target: Ref
    kind: EdgeType


class CallGraph(NamedTuple):
    """A part of the graph.

    Attributes:
        nodes: by depth, those of one depth as the search found them: by the node that led to them, then by (path,
            definition). What was asked about comes first.
        edges: all among the nodes, by source then target as ``nodes`` stand, then by kind.
        truncated: ``limit`` left out nodes.
    """

    nodes: list[Near]
    edges: list[Edge]
    truncated: bool


class Reached(NamedTuple):
    """What was reached, in the order of :class:`CallGraph`'s nodes, what was asked about left out."""

    symbols: list[Near]
    truncated: bool


class Paths(NamedTuple):
    """Ways between two symbols, both ends included; shortest first, then by the graph's order."""

    paths: list[list[Ref]]
    truncated: bool  # there are more than were asked for


def call_graph(
    snapshot: Snapshot,
    refs: Sequence[Ref],
    direction: Direction = "out",
    depth: int = 1,
    limit: int | None = None,
    kinds: Kinds = CALLS,
) -> CallGraph:
    """The symbols at most ``depth`` edges away, and all edges among them.

    Args:
        direction: ``out`` follows edges from caller to callee, ``in`` back, ``both`` each of them on its own: callees
            of callees and callers of callers, not callers of callees.
        limit: the most nodes beside what was asked about.

    Raises:
        UsageError: there is no such direction.
        ValueError: ``depth`` or ``limit`` is negative.
    """
    if direction not in ("out", "in", "both"):
        raise UsageError(f"`direction` is one of out, in, both, not {direction!r}.")
    graph = SymbolGraph(snapshot)
    starts = _ids(snapshot, refs)
    found: dict[str, int] = dict.fromkeys(starts, 0)
    truncated = False
    for side, walk in (("out", reachable_from), ("in", reachable_to)):
        if direction not in (side, "both"):
            continue
        reach = walk(graph, starts, kinds=kinds, max_depth=depth, limit=limit, check=snapshot.check)
        truncated |= reach.truncated
        for node, distance, _ in reach.found:
            found[node] = min(found.get(node, distance), distance)
    order = sorted(found, key=found.__getitem__)
    if limit is not None and len(order) > limit + len(starts):
        order, truncated = order[: limit + len(starts)], True
    return CallGraph(
        _near(graph, ((node, found[node]) for node in order)),
        _edges_among(snapshot, graph, order, kinds),
        truncated,
    )


def reachable(
    snapshot: Snapshot,
    refs: Sequence[Ref],
    *,
    forward: bool = True,
    depth: int | None = None,
    limit: int | None = None,
    kinds: Kinds = CALLS,
) -> Reached:
    """Everything that a symbol leads to, or that leads to it.

    Raises:
        ValueError: ``depth`` or ``limit`` is negative.
    """
    walk = reachable_from if forward else reachable_to
    graph = SymbolGraph(snapshot)
    starts = _ids(snapshot, refs)
    reach = walk(graph, starts, kinds=kinds, max_depth=depth, limit=limit, check=snapshot.check)
    found = ((node, distance) for node, distance, _ in reach.found)
    return Reached(_near(graph, found), reach.truncated)


def paths(
    snapshot: Snapshot,
    sources: Sequence[Ref],
    targets: Sequence[Ref],
    k: int = 1,
    max_length: int | None = None,
    kinds: Kinds = CALLS,
) -> Paths:
    """The ``k`` shortest ways from one symbol to another along edges, no symbol twice on any.

    Of several definitions of one symbol each is tried; a symbol leads to itself by a way of length 0.

    Raises:
        ValueError: ``k`` is less than 1, or ``max_length`` negative.
    """
    at_least(1, k=k)
    graph = SymbolGraph(snapshot)
    found: list[tuple[str, ...]] = []
    truncated = False
    for source in _ids(snapshot, refs=sources):
        for target in _ids(snapshot, targets):
            some = k_shortest_paths(
                graph, source, target, k, kinds=kinds, max_length=max_length, check=snapshot.check
            )
            found += some.paths
            truncated |= some.truncated
    found.sort(key=len)
    return Paths([_refs(snapshot, path) for path in found[:k]], truncated or len(found) > k)


def _ids(snapshot: Snapshot, refs: Sequence[Ref]) -> list[str]:
    """SymbolIds of definitions, their declarations and what they declare included; locals have none."""
    found: dict[str, None] = {}
    for ref in same_thing(snapshot, list(refs)):
        symbol = snapshot.symbol_id(ref)
        if symbol is not None:
            found[symbol] = None
    return list(found)


def _refs(snapshot: Snapshot, ids: Iterable[str]) -> list[Ref]:
    return [ref for one in ids if (ref := snapshot.find(one)) is not None]


def _near(graph: SymbolGraph, found: Iterable[tuple[str, int]]) -> list[Near]:
    return [Near(ref, depth) for node, depth in found if (ref := graph.find(node)) is not None]


def _edges_among(snapshot: Snapshot, graph: SymbolGraph, nodes: Sequence[str], kinds: Kinds) -> list[Edge]:
    place = {node: (at, graph.find(node)) for at, node in enumerate(nodes)}
    found: list[tuple[int, int, Edge]] = []
    for node, (at, source) in place.items():
        snapshot.check()
        for kind in sorted(kinds or ALL_KINDS):
            for successor in graph.successors(node, frozenset({kind})):
                to, target = place.get(successor, (-1, None))
                if source is not None and target is not None:
                    found.append((at, to, Edge(source, target, kind)))
    found.sort(key=lambda one: (one[0], one[1], one[2].kind))
    return [edge for _, _, edge in found]
