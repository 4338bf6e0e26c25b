"""Where the walk over one function is, and the graph it has drawn so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

from tree_sitter import Node

from magellan_lsp.extract.cfg.flow_graph import NO_LABEL, FlowGraph, Pending
from magellan_lsp.extract.marks import Marks
from magellan_lsp.facts.cfg import BlockKind, Cfg, EdgeKind, Terminator
from magellan_lsp.languages.flow import Block, Construct, Function, Goto, Loop, Opaque, Side

#: A visitor: yields the visitors of parts and is sent what they return.
Visit = Generator[Any, Any, Any]
#: What is done about one kind of construct.
Visitor = Callable[["Walk", Node, Any], Visit]
SideExit = tuple[Terminator, int, int]

NOT_VISITED = (Function, Opaque, Side)
_PRECEDENCE = (Terminator.EXIT, Terminator.PANIC, Terminator.TRY, Terminator.YIELD, Terminator.AWAIT)


class Walk(FlowGraph):
    """The graph of one function and where in the text its walk is."""

    __slots__ = (
        "body",
        "by_id",
        "defers",
        "end",
        "ends_at",
        "floor",
        "goto_labels",
        "indirect",
        "label_blocks",
        "label_gotos",
        "labels",
        "marks",
        "rows",
        "rules",
        "source",
        "start",
        "starts_at",
        "visitors",
    )

    def __init__(
        self,
        marks: Marks,
        source: bytes,
        start: int,
        end: int,
        visitors: Mapping[type[Construct], Visitor],
    ) -> None:
        super().__init__()
        self.visitors = visitors
        self.marks = marks
        self.rules = marks.rules
        self.rows = marks.rows
        self.starts_at = marks.starts
        self.ends_at = marks.ends
        self.by_id = marks.by_id
        self.source = source
        self.start = start
        self.end = end
        #: Row of a mark that every mark still to be visited comes behind, at least the one that is being visited. A
        #: statement may be as long as the block around it; this tells what is inside from what is around.
        self.floor = -1
        #: Id of the node that is the function's body.
        self.body = -1
        #: Labels that the next loop, switch or block takes.
        self.labels: list[str] = []
        self.label_blocks: dict[str, int] = {}
        self.label_gotos: dict[str, list[Pending]] = {}
        self.indirect: list[Pending] = []
        self.goto_labels: frozenset[str] | None = None
        #: (block, start and end of the call, whether every run of the function passes it)
        self.defers: list[tuple[int, int, int, bool]] = []

    def begin(self, start: int, end: int) -> None:
        self.block(BlockKind.ENTRY, start, max(start, end))
        self.resume([(0, EdgeKind.FALLTHROUGH, NO_LABEL)])

    def finish(self, symbol: str, name: str, start: int, end: int, lines: list[int]) -> Cfg:
        exits = self.exits
        exits.extend(self.suspend())
        for label, gotos in self.label_gotos.items():
            # A label that does not exist: broken code, which must still end somewhere.
            if label not in self.label_blocks:
                exits.extend(gotos)
        for block in self.label_blocks.values():
            self.connect(self.indirect, block)
        if self.indirect and not self.label_blocks:
            exits.extend(self.indirect)
        if self.defers:
            exits = self._run_defers(exits)
        self.connect(exits, self.block(BlockKind.EXIT, end, end))
        return self.freeze(symbol, name, start, end, lines)

    def _run_defers(self, exits: list[Pending]) -> list[Pending]:
        """Put the deferred calls between the ways out and the exit.

        A call is pending at a way out that its ``defer`` can reach; it surely is when the ``defer`` is one of the body's
        own statements. Where it may or may not be, there is an edge to it and one past it.
        """
        successors = self.successors()
        reach = [self.reachable_from(block, successors) for block, _, _, _ in self.defers]
        deferred = []
        for number, (_, start, end, _) in enumerate(reversed(self.defers)):
            self.cur = -1
            deferred.append(self.block(BlockKind.DEFERRED, start, end, self.end + number))
        deferred.reverse()
        self.cur = -1
        past: list[Pending] = []

        def lead(pend: Pending, block: int, below: int) -> None:
            """To the last deferred call that may be pending where ``block`` ends, and past those that may not be."""
            for index in range(below - 1, -1, -1):
                if block in reach[index]:
                    self.connect([pend], deferred[index])
                    if self.defers[index][3]:
                        return
            past.append(pend)

        for pend in exits:
            if pend[1] == EdgeKind.EXIT:
                past.append(pend)
            else:
                lead(pend, pend[0], len(deferred))
        for number in range(len(deferred) - 1, -1, -1):
            lead((deferred[number], EdgeKind.DEFER, NO_LABEL), self.defers[number][0], number)
        return past

    def take_labels(self, node: Node, what: Loop | Block) -> list[str]:
        """The labels for a frame: those before it and its own."""
        labels, self.labels = self.labels, []
        if what.label is not None:
            own = what.label(node, self.source)
            if own:
                labels = [*labels, own]
        return labels

    def is_goto_target(self, label: str) -> bool:
        found = self.goto_labels
        if found is None:
            row = bisect_left(self.starts_at, self.start)
            labels = set()
            while row < len(self.rows) and self.starts_at[row] < self.end:
                mark = self.rows[row]
                if isinstance(mark.what, Goto):
                    labels.add(mark.what.label(mark.node, self.source))
                row += 1
            found = self.goto_labels = frozenset(labels)
        return label in found or "" in found

    def any_in(self, start: int, end: int) -> bool:
        """Whether a construct lies inside a span."""
        starts = self.starts_at
        row = bisect_left(starts, start, self.floor + 1)
        return row < len(starts) and starts[row] < end

    def visit(self, node: Node, what: Construct) -> Visit:
        self.floor = self.marks.row_of[node.id]
        return self.visitors[what.__class__](self, node, what)

    def side_exits(self, sides: Sequence[SideExit]) -> bool:
        """Draw the ways out that an expression's parts take from the open block; whether nothing goes on behind it."""
        block = self.cur
        dead = False
        for terminator, start, end in sides:
            if terminator == Terminator.TRY:
                self.route([(block, EdgeKind.RETURN, (start, end))], EdgeKind.RETURN, None)
            elif terminator == Terminator.PANIC:
                self.throw([(block, EdgeKind.EXCEPTION, NO_LABEL)])
                dead = True
            elif terminator == Terminator.EXIT:
                # The process ends: no handler, finally or deferred call is asked.
                self.exits.append((block, EdgeKind.EXIT, NO_LABEL))
                dead = True
        return dead

    def place(self, start: int, end: int, sides: Sequence[SideExit], branched: int) -> None:
        """Add a statement whose branching parts have been visited; ``branched``: where the last of them ended, or -1."""
        if branched >= 0 and self.cur < 0:
            self.next_kind = BlockKind.MERGE if self.next_kind == BlockKind.BLOCK else self.next_kind
            self.append(start, end, branched)
        else:
            self.append(start, end)
        if not sides:
            return
        dead = self.side_exits(sides)
        kinds = [side[0] for side in sides]
        terminator = min(kinds, key=_PRECEDENCE.index)
        onward = EdgeKind.FALLTHROUGH
        if Terminator.YIELD in kinds:
            onward = EdgeKind.YIELD
        elif Terminator.AWAIT in kinds:
            onward = EdgeKind.AWAIT
        block = self.close(terminator)
        self.resume([] if dead else [(block, onward, NO_LABEL)])
