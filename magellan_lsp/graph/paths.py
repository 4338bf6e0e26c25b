"""Ways from one node to another. Tests: ``tests/graph/test_paths.py``.

A path is a tuple of nodes, both ends included; its length is the number of its edges. Paths are *simple*: no
node twice. Two paths of one length compare by the graph's order at the first node in which they differ.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise
from typing import Generic, NamedTuple

from magellan_lsp.graph.reachability import distances
from magellan_lsp.graph.view import CALLS, Check, GraphView, Kinds, N, at_least, never


class Paths(NamedTuple, Generic[N]):
    """Some paths, in the order that the function states."""

    paths: tuple[tuple[N, ...], ...]
    truncated: bool  # a limit ended the search before it was known that there are no more


def shortest_path(
    view: GraphView[N],
    source: N,
    target: N,
    *,
    kinds: Kinds = CALLS,
    max_length: int | None = None,
    check: Check = never,
) -> tuple[N, ...] | None:
    """The shortest path, the first in the graph's order of several; None when there is none.

    Args:
        target: if it is the source, the answer is that node alone, of length 0; see :func:`shortest_cycle`.
        max_length: in edges; longer paths are not looked for.

    Raises:
        ValueError: ``max_length`` is negative.

    Cost: each node's successors at most once, and only of nodes nearer to the source than the target is.
    """
    at_least(0, max_length=max_length)
    if source == target:
        return (source,)
    return _search(view, source, target, kinds, max_length, check, set(), set())


def shortest_cycle(
    view: GraphView[N],
    node: N,
    *,
    kinds: Kinds = CALLS,
    max_length: int | None = None,
    check: Check = never,
) -> tuple[N, ...] | None:
    """The shortest way from a node back to itself, which is then both first and last; None when there is none.

    A node that leads to itself gives ``(node, node)``. Order, errors and cost are those of
    :func:`shortest_path`.
    """
    at_least(0, max_length=max_length)
    return _search(view, node, node, kinds, max_length, check, set(), set())


def k_shortest_paths(
    view: GraphView[N],
    source: N,
    target: N,
    k: int,
    *,
    kinds: Kinds = CALLS,
    max_length: int | None = None,
    check: Check = never,
) -> Paths[N]:
    """The ``k`` shortest simple paths, shortest first, those of one length in the graph's order.

    Args:
        k: the most paths.
        max_length: in edges; longer paths are not looked for (and make no truncation).

    Returns:
        At most ``k`` paths, ``truncated`` exactly when there is another one.

    Raises:
        ValueError: ``k`` is less than 1 or ``max_length`` negative.

    Cost: one breadth-first search for each node of each path answered, within the nodes that lead to the target
    (found beforehand by one search backward).
    Source: Yen, "Finding the K Shortest Loopless Paths in a Network" (1971), with Lawler's rule (1972) that a path
    is varied only from where it left its parent.
    """
    at_least(1, k=k)
    first = shortest_path(view, source, target, kinds=kinds, max_length=max_length, check=check)
    if first is None:
        return Paths((), False)
    to_target = distances(view.predecessors, target, kinds, max_length, check)
    found: list[tuple[N, ...]] = []
    waiting: list[tuple[int, tuple[int, ...], int, int]] = [(len(first), (), 0, 0)]
    candidates = [first]  # the heap holds indices into it: nodes themselves cannot be compared
    while waiting:
        _, _, at, varied_from = heappop(waiting)
        path = candidates[at]
        if len(found) == k:
            return Paths(tuple(found), True)
        found.append(path)
        for spur in range(varied_from, len(path) - 1):
            root = path[: spur + 1]
            barred = {
                other[spur + 1] for other in found if len(other) > spur + 1 and other[: spur + 1] == root
            }
            left = None if max_length is None else max_length - spur
            rest = _search(view, path[spur], target, kinds, left, check, barred, set(root), to_target)
            if rest is not None:
                candidate = root[:-1] + rest
                order = _order(view, candidate, kinds)
                heappush(waiting, (len(candidate), order, len(candidates), spur))
                candidates.append(candidate)
    return Paths(tuple(found), False)


def simple_paths(
    view: GraphView[N],
    source: N,
    target: N | None = None,
    *,
    kinds: Kinds = CALLS,
    max_length: int | None = None,
    limit: int = 1_000,
    max_steps: int = 1_000_000,
    check: Check = never,
) -> Paths[N]:
    """All simple paths to the target, or, without one, to wherever they end.

    Args:
        target: None for every path that cannot be made longer: its last node leads only to nodes on it, or it has
            ``max_length``.
        max_length: in edges; longer paths to a target are no part of the answer (nor truncation).
        limit: the most paths.
        max_steps: the most edges to try. There may be exponentially many paths, and in a thicket of cycles
            exponentially many ways that end without one.

    Returns:
        Paths in the order of a depth-first search: by the first node in which they differ, whatever their lengths.

    Raises:
        ValueError: a limit is negative.

    Cost: at most ``max_steps`` edges. With a target, one search backward first, so that no step is made from where
    the target is too far.
    """
    at_least(0, max_length=max_length, limit=limit, max_steps=max_steps)
    to_target: dict[N, int] | None = None
    if target is not None:
        to_target = distances(view.predecessors, target, kinds, max_length, check)
        if source not in to_target:
            return Paths((), False)
    found: list[tuple[N, ...]] = []
    path: dict[N, None] = {}
    work: list[list[N]] = [[source]]  # what may follow each node of the path, best last
    n_steps = -1  # to step on the source costs nothing
    while work:
        if not work[-1]:
            work.pop()
            if path:
                path.popitem()
            continue
        check()
        if n_steps == max_steps:
            return Paths(tuple(found), True)
        n_steps += 1
        node = work[-1].pop()
        path[node] = None
        following: list[N] = []
        if node != target and (max_length is None or len(path) <= max_length):
            for successor in reversed(view.successors(node, kinds)):
                if successor in path:
                    continue
                if to_target is not None:
                    left = to_target.get(successor)
                    if left is None or (max_length is not None and len(path) + left > max_length):
                        continue
                following.append(successor)
        if node == target or (target is None and not following):
            if len(found) == limit:
                return Paths(tuple(found), True)
            found.append(tuple(path))
        work.append(following)
    return Paths(tuple(found), False)


def _search(
    view: GraphView[N],
    source: N,
    target: N,
    kinds: Kinds,
    max_length: int | None,
    check: Check,
    barred_first: set[N],
    barred: set[N],
    to_target: dict[N, int] | None = None,
) -> tuple[N, ...] | None:
    """A shortest way of at least one edge: its second node not in ``barred_first``, no later one in ``barred``.

    Breadth-first search discovers nodes in the order of their best paths, so the first way found is the best.
    """
    came_from: dict[N, N] = {}
    level = [source]
    depth = 0
    while level and (max_length is None or depth < max_length):
        depth += 1
        following: list[N] = []
        for node in level:
            check()
            for successor in view.successors(node, kinds):
                if successor in barred or (depth == 1 and successor in barred_first):
                    continue
                if successor == target:
                    back = [target, node]
                    while back[-1] != source:
                        back.append(came_from[back[-1]])
                    return tuple(reversed(back))
                if successor == source or successor in came_from:
                    continue
                if to_target is not None:
                    left = to_target.get(successor)
                    if left is None or (max_length is not None and depth + left > max_length):
                        continue
                came_from[successor] = node
                following.append(successor)
        level = following
    return None


def _order(view: GraphView[N], path: tuple[N, ...], kinds: Kinds) -> tuple[int, ...]:
    """Numbers that compare as paths from one source do: where they first differ, the node before is the same."""
    return tuple(view.successors(node, kinds).index(following) for node, following in pairwise(path))
