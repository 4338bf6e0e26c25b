"""Strongly connected components, and the cycles among them. Tests: ``tests/graph/test_scc.py``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, NamedTuple

from magellan_lsp.graph.reachability import distances
from magellan_lsp.graph.view import CALLS, Check, GraphView, Kinds, N, at_least, never


class Cycles(NamedTuple, Generic[N]):
    """Mutual and self-recursion, each by first member in the graph's order."""

    cycles: tuple[tuple[N, ...], ...]  # components of two members or more, each in the graph's order
    self_recursive: tuple[N, ...]  # nodes with an edge to themselves, on a longer cycle or not
    truncated: bool  # ``limit`` left out some of either


def components(view: GraphView[N], *, kinds: Kinds = CALLS, check: Check = never) -> list[tuple[N, ...]]:
    """Every strongly connected component, so that each node is in exactly one.

    Returns:
        Components by their first member, members in the graph's order; a node on no cycle is alone in its own.

    Cost: each node's successors once; sorting; memory in proportion to the nodes.
    Source: Tarjan, "Depth-First Search and Linear Graph Algorithms" (1972), with the stack kept by hand.
    """
    position = {node: at for at, node in enumerate(view.iter_nodes())}
    found = [
        tuple(sorted(members, key=position.__getitem__)) for members in _tarjan(view, position, kinds, check)
    ]
    found.sort(key=lambda members: position[members[0]])
    return found


def cycles(
    view: GraphView[N],
    *,
    kinds: Kinds = CALLS,
    limit: int | None = None,
    check: Check = never,
) -> Cycles[N]:
    """The groups of nodes that lead to one another, and apart from them those that lead to themselves.

    Args:
        limit: the most components, and the most self-recursive nodes; a component is never cut.

    Raises:
        ValueError: ``limit`` is negative.

    Cost: that of :func:`components`, and each node's successors once more.
    """
    at_least(0, limit=limit)
    groups = [members for members in components(view, kinds=kinds, check=check) if len(members) > 1]
    loops: list[N] = []
    for node in view.iter_nodes():
        check()
        if node in view.successors(node, kinds):
            loops.append(node)
    truncated = limit is not None and (len(groups) > limit or len(loops) > limit)
    return Cycles(tuple(groups[:limit]), tuple(loops[:limit]), truncated)


def component_of(view: GraphView[N], node: N, *, kinds: Kinds = CALLS, check: Check = never) -> tuple[N, ...]:
    """The component of one node, without a walk through the whole graph.

    Returns:
        The node, then the others by distance from it, those of one distance in the order of discovery.

    Cost: the neighbours of all that it leads to and of all that leads to it.
    """
    leads_to_it = distances(view.predecessors, node, kinds, None, check)
    return tuple(
        other for other in distances(view.successors, node, kinds, None, check) if other in leads_to_it
    )


def _tarjan(view: GraphView[N], nodes: dict[N, int], kinds: Kinds, check: Check) -> Iterator[list[N]]:
    """Components, each after all that it leads to."""
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    open_nodes: list[N] = []
    is_open: set[N] = set()
    for root in nodes:
        if root in index:
            continue
        work: list[tuple[N, Iterator[N]]] = []
        entering = [root]
        while entering or work:
            if entering:
                check()
                node = entering.pop()
                index[node] = low[node] = len(index)
                open_nodes.append(node)
                is_open.add(node)
                work.append((node, iter(view.successors(node, kinds))))
            node, rest = work[-1]
            for successor in rest:
                if successor not in index:
                    entering.append(successor)
                    break
                if successor in is_open:
                    low[node] = min(low[node], index[successor])
            if entering:
                continue
            work.pop()
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[node])
            if low[node] == index[node]:
                members: list[N] = []
                while not members or members[-1] != node:
                    members.append(open_nodes.pop())
                is_open.difference_update(members)
                yield members
