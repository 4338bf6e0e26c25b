"""Functions and types that nothing living leads to. ``docs/graph.md`` says what counts as living.

Tests: ``tests/query/graph/test_dead_code.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from magellan_lsp.graph.dead_code import DeadReason
from magellan_lsp.graph.dead_code import dead_code as search
from magellan_lsp.graph.view import at_least
from magellan_lsp.query.graph.entries import Entry
from magellan_lsp.query.graph.liveness import load
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.types import Ref


class EntryPoint(NamedTuple):
    """Where the program can be entered."""

    ref: Ref
    reason: Entry


class Dead(NamedTuple):
    """A symbol that nothing living leads to."""

    ref: Ref
    reason: DeadReason
    used_by: Ref | None  # the first other symbol that leads to it, which is dead too


class DeadCode(NamedTuple):
    """What is dead, by (path, definition).

    Attributes:
        entry_points: those that the search began from, by (path, definition); at most ``limit``.
        n_entry_points, n_dead: how many there are of each, whatever ``limit`` let through.
        truncated: ``limit`` left out some of the dead.
    """

    entry_points: list[EntryPoint]
    n_entry_points: int
    dead: list[Dead]
    n_dead: int
    truncated: bool


def dead_code(snapshot: Snapshot, given: Collection[Ref] | None = None, limit: int | None = None) -> DeadCode:
    """Functions, methods and types that no entry point leads to, those that nothing at all leads to included.

    Args:
        given: the entry points, in place of the evident ones. Without them each file's own statements are taken to run.
        limit: the most dead symbols to answer, and the most entry points.

    Raises:
        ValueError: ``limit`` is negative.
        Cancelled: the asker gave up.
    """
    at_least(0, limit=limit)
    graph = load(snapshot.reader, snapshot.read_text, snapshot.check)
    nodes = graph.nodes
    if given is None:
        entries = graph.entries
        starts = [*entries, *graph.files, *graph.left_out]
    else:
        ids = [one for ref in given if (one := snapshot.symbol_id(ref)) is not None]
        entries = dict.fromkeys(sorted(nodes.numbers(ids)), Entry.GIVEN)
        starts = list(entries)
    alive = graph.alive(starts, snapshot.check)
    found = search(
        graph.view(alive),
        (),
        report=lambda node: bool(graph.reported[node]),
        limit=limit,
        check=snapshot.check,
    )
    points = [EntryPoint(nodes.ref(node), why) for node, why in entries.items()]
    dead = [
        Dead(nodes.ref(one.node), one.reason, nodes.ref(one.used_by) if one.used_by is not None else None)
        for one in found.dead
    ]
    return DeadCode(points[:limit], len(points), dead, found.n_dead, found.truncated)


def shown(points: Sequence[EntryPoint]) -> dict[Entry, int]:
    """How many entry points there are of each kind, in the order of :class:`Entry`."""
    counts = dict.fromkeys(Entry, 0)
    for point in points:
        counts[point.reason] += 1
    return {why: n for why, n in counts.items() if n}
