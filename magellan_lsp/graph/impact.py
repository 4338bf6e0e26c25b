"""What a change may break: the blast radius of some nodes. Tests: ``tests/graph/test_impact.py``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple

from magellan_lsp.graph.reachability import reachable_to
from magellan_lsp.graph.view import ALL_KINDS, Check, GraphView, Kinds, N, never


class Affected(NamedTuple, Generic[N]):
    """A node that depends on a changed one."""

    node: N
    distance: int  # edges to the nearest changed node, at least 1
    via: N  # the next node on such a way: a changed one, or an affected one that stands before in the answer
    origin: N  # the changed node at the end of it


class Impact(NamedTuple, Generic[N]):
    """The blast radius of a change.

    Attributes:
        changed: as given, each once.
        affected: by distance; see :func:`impact`.
        n_by_distance: how many of them have distance 1, 2, 3, …
        truncated: ``limit`` left out some, of the last distance or farther.
    """

    changed: tuple[N, ...]
    affected: tuple[Affected[N], ...]
    n_by_distance: tuple[int, ...]
    truncated: bool


def impact(
    view: GraphView[N],
    changed: Iterable[N],
    *,
    kinds: Kinds = ALL_KINDS,
    max_depth: int | None = None,
    limit: int | None = None,
    check: Check = never,
) -> Impact[N]:
    """Everything that depends on what changed, the nearest first.

    Args:
        changed: in an order that the answer's depends on; never among the affected, whatever they depend on.
        kinds: the dependences to follow; all, because a changed base class or constant breaks its users as a changed
            function does.
        max_depth: edges from the nearest changed node; what lies farther is no part of the answer.
        limit: the most nodes to answer.

    Returns:
        Nodes by distance, those of one distance by their ``via`` (in this same order), then in the graph's order.

    Raises:
        ValueError: ``max_depth`` or ``limit`` is negative.

    Cost: the predecessors of each node once; memory in proportion to the nodes seen.
    """
    changed = tuple(dict.fromkeys(changed))
    reach = reachable_to(view, changed, kinds=kinds, max_depth=max_depth, limit=limit, check=check)
    origin = {node: node for node in changed}
    affected: list[Affected[N]] = []
    n_by_distance: list[int] = []
    for node, distance, via in reach.found:
        origin[node] = origin[via]
        affected.append(Affected(node, distance, via, origin[node]))
        if distance > len(n_by_distance):
            n_by_distance.append(0)
        n_by_distance[-1] += 1
    return Impact(changed, tuple(affected), tuple(n_by_distance), reach.truncated)
