"""What a node leads to, and what leads to it: breadth-first over a view. Tests: ``tests/graph/test_reachability.py``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple

from magellan_lsp.graph.view import CALLS, Check, GraphView, Kinds, N, Neighbours, at_least, never


class Reached(NamedTuple, Generic[N]):
    """A node that was reached."""

    node: N
    distance: int  # edges on a shortest way from the nearest start, at least 1
    via: N  # the node before it on such a way: the first in the answer's order, or a start


class Reach(NamedTuple, Generic[N]):
    """What was reached, the starts left out."""

    found: tuple[Reached[N], ...]
    truncated: bool  # there is at least one more, which ``limit`` left out


def reachable_from(
    view: GraphView[N],
    starts: Iterable[N],
    *,
    kinds: Kinds = CALLS,
    max_depth: int | None = None,
    limit: int | None = None,
    check: Check = never,
) -> Reach[N]:
    """Everything that the starts lead to: the transitive callees, when kinds are calls.

    Args:
        starts: never in the answer themselves, on a cycle or not. Their order takes part in the answer's.
        kinds: the edges to follow.
        max_depth: edges from the nearest start; what lies farther is no part of the answer (nor truncation).
        limit: the most nodes to answer.

    Returns:
        Nodes by distance; those of one distance by their ``via`` (in this same order), then in the graph's
        order.

    Raises:
        ValueError: ``max_depth`` or ``limit`` is negative.

    Cost: one look-up of neighbours per node nearer than ``max_depth``, memory in proportion to the nodes seen.
    """
    return _reach(view.successors, starts, kinds, max_depth, limit, check)


def reachable_to(
    view: GraphView[N],
    targets: Iterable[N],
    *,
    kinds: Kinds = CALLS,
    max_depth: int | None = None,
    limit: int | None = None,
    check: Check = never,
) -> Reach[N]:
    """Everything that leads to the targets: :func:`reachable_from` with the edges turned round."""
    return _reach(view.predecessors, targets, kinds, max_depth, limit, check)


def distances(
    neighbours: Neighbours[N],
    start: N,
    kinds: Kinds,
    max_depth: int | None = None,
    check: Check = never,
) -> dict[N, int]:
    """Each node's distance from a start, which itself has 0; in the order of discovery.

    Args:
        neighbours: a view's ``successors``, or its ``predecessors`` to learn the distance *to* the start.
    """
    found = {start: 0}
    level = [start]
    depth = 0
    while level and (max_depth is None or depth < max_depth):
        depth += 1
        following: list[N] = []
        for node in level:
            check()
            for neighbour in neighbours(node, kinds):
                if neighbour not in found:
                    found[neighbour] = depth
                    following.append(neighbour)
        level = following
    return found


def _reach(
    neighbours: Neighbours[N],
    starts: Iterable[N],
    kinds: Kinds,
    max_depth: int | None,
    limit: int | None,
    check: Check,
) -> Reach[N]:
    at_least(0, max_depth=max_depth, limit=limit)
    level = list(dict.fromkeys(starts))
    seen = set(level)
    found: list[Reached[N]] = []
    depth = 0
    while level and (max_depth is None or depth < max_depth):
        depth += 1
        following: list[N] = []
        for node in level:
            check()
            for neighbour in neighbours(node, kinds):
                if neighbour in seen:
                    continue
                if len(found) == limit:
                    return Reach(tuple(found), True)
                seen.add(neighbour)
                following.append(neighbour)
                found.append(Reached(neighbour, depth, node))
        level = following
    return Reach(tuple(found), False)
