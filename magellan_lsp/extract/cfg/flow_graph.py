"""Blocks and edges while a control-flow graph grows, and the ways out that it still has to route.

Control is either in an open block (``cur``) or *pending*: a list of (block, kind of edge, label) that the next block to
be opened will collect. So no empty block arises between two branches that meet. This module knows no syntax; the visitors
walk and call it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from magellan_lsp.facts.cfg import BasicBlock, BlockKind, ByteSpan, Cfg, CfgEdge, EdgeKind, Terminator

#: An edge whose target is not known yet.
Pending = tuple[int, EdgeKind, ByteSpan]
NO_LABEL: ByteSpan = (-1, -1)

LOOP, SWITCH, BLOCK, TRY, FINALLY = "loop", "switch", "block", "try", "finally"


class Frame:
    """Something that a way out may end at (loop, switch, labelled block, handlers) or must pass (finally).

    Attributes:
        breaks, continues: ways out that end here.
        entries: of TRY: what was thrown; of FINALLY: every way out that has to pass.
        throwers: blocks that may throw without saying so.
        ways: of FINALLY: how each way out goes on behind it.
        dispatch: of SWITCH: the block that cases are chosen from.
        failed: of SWITCH: where a failed guard came from; the next case begins a new dispatch.
        fell: of SWITCH: ways that the language sends into the next case.
    """

    __slots__ = (
        "breaks",
        "continues",
        "defaulted",
        "dispatch",
        "entries",
        "failed",
        "fell",
        "kind",
        "labels",
        "throwers",
        "ways",
    )

    def __init__(self, kind: str, labels: Iterable[str] = ()) -> None:
        self.kind = kind
        self.labels = frozenset(labels)
        self.breaks: list[Pending] = []
        self.continues: list[Pending] = []
        self.entries: list[Pending] = []
        self.throwers: dict[int, None] = {}
        self.ways: dict[tuple[EdgeKind, int], Frame | None] = {}
        self.dispatch = -1
        self.failed: list[Pending] = []
        self.fell: list[Pending] = []
        self.defaulted = False


class FlowGraph:
    """The growing graph of one function."""

    __slots__ = (
        "anchors",
        "conditions",
        "cur",
        "edges",
        "ends",
        "exc",
        "exits",
        "first_anchor",
        "frames",
        "kinds",
        "next_kind",
        "pend",
        "starts",
        "terminators",
    )

    def __init__(self) -> None:
        self.kinds: list[BlockKind] = []
        self.terminators: list[Terminator] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.anchors: list[int] = []
        self.conditions: dict[int, ByteSpan] = {}
        self.edges: dict[tuple[int, int, EdgeKind, ByteSpan], bool] = {}
        self.cur = -1
        self.pend: list[Pending] = []
        self.next_kind = BlockKind.BLOCK
        self.frames: list[Frame] = []
        self.exc: Frame | None = None
        self.exits: list[Pending] = []

    # -- blocks

    def block(self, kind: BlockKind, start: int, end: int, anchor: int = -1) -> int:
        """A new block that nothing leads to yet; it becomes the open one."""
        self.cur = len(self.kinds)
        self.kinds.append(kind)
        self.terminators.append(Terminator.FALLTHROUGH)
        self.starts.append(start)
        self.ends.append(end)
        self.anchors.append(start if anchor < 0 else anchor)
        return self.cur

    def open(self, kind: BlockKind, start: int, end: int, anchor: int = -1) -> int:
        """A new block that everything pending leads to, even when one is open."""
        pend = self.suspend()
        block = self.block(kind, start, end, anchor)
        self.connect(pend, block)
        self.pend = []
        self.next_kind = BlockKind.BLOCK
        return block

    def append(self, start: int, end: int, anchor: int = -1, throws: bool = True) -> int:
        """Add straight-line code to the open block; begins one when there is none."""
        block = self.cur
        if block < 0:
            block = self.block(self.next_kind, start, end, anchor)
            self.connect(self.pend, block)
            self.pend = []
            self.next_kind = BlockKind.BLOCK
        else:
            if end > self.ends[block]:
                self.ends[block] = end
            if start < self.starts[block]:
                self.starts[block] = start
        if throws and self.exc is not None:
            self.exc.throwers[block] = None
        return block

    def close(self, terminator: Terminator) -> int:
        """End the open block; what follows it is up to the caller."""
        block = self.cur
        self.terminators[block] = terminator
        self.cur = -1
        self.pend = []
        return block

    def suspend(self) -> list[Pending]:
        """Where control is, as pending edges; nothing is open then."""
        if self.cur >= 0:
            pend = [(self.cur, EdgeKind.FALLTHROUGH, NO_LABEL)]
            self.cur = -1
        else:
            pend = self.pend
        self.pend = []
        return pend

    def resume(self, pend: list[Pending], kind: BlockKind = BlockKind.BLOCK) -> None:
        """Go on from pending edges; the next block is of ``kind``."""
        self.cur = -1
        self.pend = pend
        self.next_kind = kind

    # -- edges

    def connect(self, pend: Iterable[Pending], target: int, back: bool = False) -> None:
        edges = self.edges
        for source, kind, label in pend:
            if back and kind == EdgeKind.FALLTHROUGH:
                kind = EdgeKind.BACK
            edges[source, target, kind, label] = back

    def throw(self, pend: list[Pending]) -> None:
        self.route(pend, EdgeKind.EXCEPTION, None)

    def route(self, pend: list[Pending], way: EdgeKind, goal: Frame | None) -> None:
        """Lead a way out to its goal (None: out of the function), through what it has to pass on the way."""
        if not pend:
            return
        for frame in reversed(self.frames):
            if frame is goal:
                (frame.continues if way == EdgeKind.CONTINUE else frame.breaks).extend(pend)
                return
            if frame.kind == FINALLY:
                frame.entries.extend(pend)
                frame.ways[way, id(goal)] = goal
                return
            if frame.kind == TRY and way == EdgeKind.EXCEPTION:
                frame.entries.extend(pend)
                return
        self.exits.extend(pend)

    def push(self, frame: Frame) -> Frame:
        self.frames.append(frame)
        if frame.kind in (TRY, FINALLY):
            self.exc = frame
        return frame

    def pop(self) -> None:
        frame = self.frames.pop()
        if frame is self.exc:
            self.exc = next((one for one in reversed(self.frames) if one.kind in (TRY, FINALLY)), None)

    # -- the end

    def reachable_from(self, first: int, successors: dict[int, list[int]] | None = None) -> set[int]:
        """The blocks that can be reached from one, itself included."""
        if successors is None:
            successors = self.successors()
        seen = {first}
        todo = [first]
        while todo:
            for target in successors.get(todo.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return seen

    def successors(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for source, target, _, _ in self.edges:
            found.setdefault(source, []).append(target)
        return found

    def freeze(self, symbol: str, name: str, start: int, end: int, lines: list[int]) -> Cfg:
        """The finished record. ``lines``: where each line of the file begins.

        Blocks are numbered by anchor: the place where they begin to run, which is their start but for MERGE and
        DEFERRED blocks. The exit was made last and stays last.
        """
        count = len(self.kinds)
        anchors = self.anchors
        order = sorted(range(count - 1), key=lambda block: (anchors[block], block))
        order.append(count - 1)
        number = [0] * count
        for new, old in enumerate(order):
            number[old] = new
        blocks = []
        for new, old in enumerate(order):
            first, last = self.starts[old], self.ends[old]
            row, last_row = bisect_right(lines, first) - 1, bisect_right(lines, last) - 1
            blocks.append(
                BasicBlock(
                    new,
                    self.kinds[old],
                    self.terminators[old],
                    first,
                    last,
                    row + 1,
                    first - lines[row],
                    last_row + 1,
                    last - lines[last_row],
                    self.conditions.get(old),
                )
            )
        edges = [
            CfgEdge(number[source], number[target], kind, label, back)
            for (source, target, kind, label), back in self.edges.items()
        ]
        edges.sort(key=lambda edge: (edge.source, edge.target, edge.kind, edge.label))
        reached = self.reachable_from(0)
        unreachable = sorted(number[block] for block in range(count) if block not in reached)
        return Cfg(symbol, name, start, end, tuple(blocks), tuple(edges), tuple(unreachable))
