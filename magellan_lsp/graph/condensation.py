"""The graph of strongly connected components, which has no cycles. Tests: ``tests/graph/test_condensation.py``."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Generic, NamedTuple

from magellan_lsp.graph.scc import components
from magellan_lsp.graph.view import CALLS, Check, GraphView, Kinds, N, at_least, never


class CondensedEdge(NamedTuple):
    """Members of one component lead to members of another. ``source < target`` always."""

    source: int  # index into Condensation.components
    target: int
    n_edges: int  # pairs of nodes that this edge stands for


class Condensation(NamedTuple, Generic[N]):
    """A graph without cycles, whose nodes are components.

    Attributes:
        components: in topological order: each before all that it leads to; members in the graph's order. Of
            several that could come next, the one whose first member is first in the graph's order does.
        edges: sorted; none from a component to itself.
        n_components: how many there are, whatever ``limit`` let through.
        truncated: ``limit`` left out components, and the edges to them.
    """

    components: tuple[tuple[N, ...], ...]
    edges: tuple[CondensedEdge, ...]
    n_components: int
    truncated: bool


def condense(
    view: GraphView[N],
    *,
    kinds: Kinds = CALLS,
    limit: int | None = None,
    check: Check = never,
) -> Condensation[N]:
    """The graph with each strongly connected component drawn into one node.

    Args:
        limit: the most components to answer: the first in topological order, with the edges among them.

    Raises:
        ValueError: ``limit`` is negative.

    Cost: each node's successors twice; memory in proportion to nodes plus condensed edges.
    Source: Kahn, "Topological Sorting of Large Networks" (1962), with a heap for a stated order.
    """
    at_least(0, limit=limit)
    found = components(view, kinds=kinds, check=check)
    home = {node: at for at, members in enumerate(found) for node in members}
    counts: list[dict[int, int]] = []
    n_incoming = [0] * len(found)
    for at, members in enumerate(found):
        out: dict[int, int] = {}
        for node in members:
            check()
            for successor in view.successors(node, kinds):
                target = home[successor]
                if target != at:
                    out[target] = out.get(target, 0) + 1
        counts.append(out)
        for target in out:
            n_incoming[target] += 1

    ready = [at for at, n in enumerate(n_incoming) if n == 0]
    heapify(ready)
    rank: dict[int, int] = {}
    while ready:
        check()
        at = heappop(ready)
        rank[at] = len(rank)
        for target in counts[at]:
            n_incoming[target] -= 1
            if n_incoming[target] == 0:
                heappush(ready, target)

    kept = list(rank)[:limit]
    edges = [
        CondensedEdge(rank[at], rank[target], n)
        for at in kept
        for target, n in counts[at].items()
        if rank[target] < len(kept)
    ]
    return Condensation(
        tuple(found[at] for at in kept), tuple(sorted(edges)), len(found), len(kept) < len(found)
    )
