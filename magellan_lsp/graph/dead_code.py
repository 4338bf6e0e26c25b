"""What no entry point leads to, and why. Tests: ``tests/graph/test_dead_code.py``.

Which entry points there are (main, tests, exported API), and whether an override is used by calls of what it
overrides, is the caller's knowledge: it gives the entries and the edges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Generic, NamedTuple

from magellan_lsp.graph.reachability import reachable_from
from magellan_lsp.graph.view import ALL_KINDS, Check, GraphView, Kinds, N, at_least, never


class DeadReason(StrEnum):
    """Why a node is dead. An edge to itself counts for nothing."""

    ISOLATED = "isolated"  # no edge leads to it or from it
    UNUSED = "unused"  # nothing leads to it, but it leads to something
    USED_BY_DEAD = "used_by_dead"  # an unused one leads to it, directly or not: goes when that one goes
    DEAD_CYCLE = "dead_cycle"  # only a cycle of dead nodes leads to it, or it is on one


class DeadNode(NamedTuple, Generic[N]):
    """A node that no entry leads to."""

    node: N
    reason: DeadReason
    used_by: N | None  # the first other node, in the graph's order, that leads to it; it is dead too


class DeadCode(NamedTuple, Generic[N]):
    """The dead nodes in the graph's order."""

    dead: tuple[DeadNode[N], ...]
    n_dead: int  # how many there are, whatever ``limit`` let through
    truncated: bool


def dead_code(
    view: GraphView[N],
    entries: Iterable[N],
    *,
    kinds: Kinds = ALL_KINDS,
    report: Callable[[N], bool] | None = None,
    limit: int | None = None,
    check: Check = never,
) -> DeadCode[N]:
    """Every node that no entry leads to, those without any edge included.

    Args:
        entries: alive by being given; ones that are not in the graph change nothing.
        kinds: the edges that keep alive.
        report: which nodes to answer (functions only, say); the others still lead to others.
        limit: the most nodes to answer.

    Returns:
        Dead nodes in the graph's order.

    Raises:
        ValueError: ``limit`` is negative.

    Cost: each node's successors once or twice and each dead node's predecessors once; memory in proportion to
    the nodes.
    """
    at_least(0, limit=limit)
    entries = list(entries)
    alive = set(entries)
    alive.update(reached.node for reached in reachable_from(view, entries, kinds=kinds, check=check).found)
    users: dict[N, N | None] = {}
    for node in view.iter_nodes():
        check()
        if node not in alive:
            users[node] = next((user for user in view.predecessors(node, kinds) if user != node), None)
    unused = [node for node, user in users.items() if user is None]
    below_unused = {reached.node for reached in reachable_from(view, unused, kinds=kinds, check=check).found}

    dead: list[DeadNode[N]] = []
    n_dead = 0
    for node, user in users.items():
        check()
        if report is not None and not report(node):
            continue
        n_dead += 1
        if limit is not None and n_dead > limit:
            continue
        if user is not None:
            reason = DeadReason.USED_BY_DEAD if node in below_unused else DeadReason.DEAD_CYCLE
        elif any(successor != node for successor in view.successors(node, kinds)):
            reason = DeadReason.UNUSED
        else:
            reason = DeadReason.ISOLATED
        dead.append(DeadNode(node, reason, user))
    return DeadCode(tuple(dead), n_dead, n_dead > len(dead))
