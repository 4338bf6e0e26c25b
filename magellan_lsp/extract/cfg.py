"""The control-flow graphs of one file: (marks of its tree, bytes) -> a :class:`Cfg` per function.

The model, in short (``docs/cfg.md`` has it per language):

- A block is code that runs in a row; it ends where control may go to more than one place or where something else may
  lead in. Block 0 is the function's header, the last block its exit, and every way out ends there.
- A condition has a ``true`` and a ``false`` edge; one that is a known constant has but the one it can take. Operands of
  short-circuit operators and the branches of conditional expressions are blocks of their own, also inside a plain
  statement; the rest of that statement is then a MERGE block behind them.
- A loop's header is a block of its own, and edges to its next turn carry ``back``.
- An explicit throw leads to the nearest handler or out of the function. Whatever else runs inside a protected body may
  throw as well: *each block* in it has an ``exception`` edge, which stands for leaving it at any of its statements.
  Outside protected bodies implicit exceptions are not drawn. Handlers are tried in order.
- A ``finally`` is there once. Every way out that passes it enters it by an edge of its own kind and goes on behind it by
  an edge of kind ``finally``. A path may therefore enter one way and go on another, which no real run does.
- A deferred call (Go) runs as a block of its own behind each way out that may follow its ``defer``, last one first.
- A function inside is one plain expression here and has its own graph. So are class bodies and comprehensions, without a
  graph.

Sources: basic blocks, flow graphs and jumping code for booleans follow Aho, Lam, Sethi, Ullman, "Compilers: Principles,
Techniques, and Tools" (2nd ed. 2006), sections 6.6, 8.4 and 9.6. Instead of emitting jumps and patching them
(backpatching, section 6.7), visitors hand on lists of edges whose target is not known yet; that is the same idea.

Visitors are generators that yield the visitor of a part and are driven by a stack of their own, so nesting depth is
bounded by memory only. Cost: one query over the tree, then time in the number of constructs and of the statements beside
them; straight code between is skipped. Tests: ``tests/extract/``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Generator, Sequence
from itertools import accumulate
from typing import Any

from tree_sitter import Node

from magellan_lsp.extract.flow_graph import (
    BLOCK,
    FINALLY,
    LOOP,
    NO_LABEL,
    SWITCH,
    TRY,
    FlowGraph,
    Frame,
    Pending,
)
from magellan_lsp.extract.function_names import FunctionNames
from magellan_lsp.extract.marks import Mark, Marks
from magellan_lsp.facts.cfg import BlockKind, Cfg, EdgeKind, Terminator
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.languages.flow import (
    Assert,
    Block,
    Case,
    Construct,
    Defer,
    Fallthrough,
    Function,
    Goto,
    If,
    Jump,
    Label,
    LetElse,
    Loop,
    Opaque,
    Preproc,
    Return,
    Short,
    Side,
    Switch,
    Throw,
    Try,
    With,
    first_child,
    last_child,
    part,
)

#: A visitor: yields the visitors of parts and is sent what they return.
Visit = Generator[Any, Any, Any]
_Side = tuple[Terminator, int, int]
_Branch = tuple[list[Pending], list[Pending]]

_NOT_VISITED = (Function, Opaque, Side)


def control_flow(marks: Marks, source: bytes, facts: FileFacts | None = None) -> list[Cfg]:
    """The graphs of all functions of a file, outer before inner, in source order.

    Where the language runs a file's own statements, their graph comes first; it stands for the file's symbol.

    Args:
        marks: of a tree of exactly these bytes.
        facts: of the same bytes; gives the graphs their symbols. Without them ``symbol`` is "".

    Never raises for broken source: what parses has its place in a graph.
    """
    lines = line_starts(source)
    names = FunctionNames(facts)
    graphs = []
    if marks.rules.top_level:
        graphs.append(_top_level(marks, source, names, lines))
    for mark in marks.functions():
        body = part(mark.node, mark.what.body) if isinstance(mark.what, Function) else None
        if body is not None and body.end_byte <= mark.end:
            graphs.append(_function(marks, source, mark, body, names, lines))
    return graphs


def line_starts(source: bytes) -> list[int]:
    r"""Where each line begins. Lines end with ``\n`` only, as tree-sitter and Magellan count them."""
    starts = list(accumulate((len(line) + 1 for line in source.split(b"\n")), initial=0))
    starts.pop()
    return starts


def _function(
    marks: Marks, source: bytes, mark: Mark, body: Node, names: FunctionNames, lines: list[int]
) -> Cfg:
    assert isinstance(mark.what, Function)
    walk = _Walk(marks, source, mark.start, mark.end)
    header = max(body.start_byte, mark.start)
    walk.begin(mark.start, mark.start + len(source[mark.start : header].rstrip()))
    walk.body = body.id
    walk.floor = marks.row_of.get(body.id, marks.row_of[mark.node.id])
    what = marks.by_id.get(body.id)
    if isinstance(what, Block):
        _drive(_statements(walk, body.named_children))
    else:
        walk.floor = marks.row_of[mark.node.id]
        _drive(_statement(walk, body))
    name, symbol = names.find(mark, body, source)
    return walk.finish(symbol, name, mark.start, mark.end, lines)


def _top_level(marks: Marks, source: bytes, names: FunctionNames, lines: list[int]) -> Cfg:
    walk = _Walk(marks, source, 0, len(source))
    walk.begin(0, 0)
    _drive(_statements(walk, marks.root.named_children))
    return walk.finish(names.file_symbol, "", 0, len(source), lines)


def _drive(first: Visit) -> None:
    """Run a visitor and all that it yields, without the interpreter's stack."""
    stack = [first]
    value: Any = None
    while stack:
        try:
            inner = stack[-1].send(value)
        except StopIteration as end:
            stack.pop()
            value = end.value
        else:
            stack.append(inner)
            value = None


class _Walk(FlowGraph):
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
    )

    def __init__(self, marks: Marks, source: bytes, start: int, end: int) -> None:
        super().__init__()
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
        return _VISITORS[what.__class__](self, node, what)

    def side_exits(self, sides: Sequence[_Side]) -> bool:
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

    def place(self, start: int, end: int, sides: Sequence[_Side], branched: int) -> None:
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


_PRECEDENCE = (Terminator.EXIT, Terminator.PANIC, Terminator.TRY, Terminator.YIELD, Terminator.AWAIT)


# -- statements


def _statements(walk: _Walk, nodes: Sequence[Node]) -> Visit:
    """Statements in a row."""
    rules, by_id = walk.rules, walk.by_id
    starts, count = walk.starts_at, len(walk.starts_at)
    comments, silent = rules.comments, rules.silent
    for node in nodes:
        what = by_id.get(node.id)
        if what is None:
            start, end = node.start_byte, node.end_byte
            row = bisect_left(starts, start, walk.floor + 1)
            if row < count and starts[row] < end:
                yield _plain(walk, node)
            elif node.type not in comments:
                walk.append(start, end, throws=node.type not in silent)
        elif isinstance(what, _NOT_VISITED):
            yield _plain(walk, node)
        else:
            yield walk.visit(node, what)


def _statement(walk: _Walk, node: Node | None) -> Visit:
    """One statement, or an expression for what it does."""
    if node is not None:
        what = walk.by_id.get(node.id)
        if what is None or isinstance(what, _NOT_VISITED):
            yield _plain(walk, node)
        else:
            yield walk.visit(node, what)


def _plain(walk: _Walk, node: Node) -> Visit:
    """A statement that does not bend the flow itself; parts of it may."""
    rules = walk.rules
    if node.type in rules.comments:
        return
    if node.type in rules.wrappers:
        child = first_child(node)
        what = walk.by_id.get(child.id) if child is not None else None
        if child is not None and what is not None and not isinstance(what, _NOT_VISITED):
            yield walk.visit(child, what)
            return
    start, end = node.start_byte, node.end_byte
    if not walk.any_in(start, end):
        walk.append(start, end, throws=node.type not in rules.silent)
        return
    sides, branched = yield _inside(walk, start, end)
    walk.place(start, end, sides, branched)


def _inside(walk: _Walk, start: int, end: int) -> Visit:
    """Visit the outermost constructs inside a span.

    Returns: (the sides among them, where the last one that was visited ended or -1).
    """
    starts, rows, count = walk.starts_at, walk.rows, len(walk.rows)
    sides: list[_Side] = []
    branched = -1
    row = bisect_left(starts, start, walk.floor + 1)
    while row < count and starts[row] < end:
        mark = rows[row]
        what = mark.what
        if mark.end > end:
            row += 1
        elif isinstance(what, Side):
            sides.append((what.terminator, mark.start, mark.end))
            row += 1
        else:
            if not isinstance(what, _NOT_VISITED):
                yield walk.visit(mark.node, what)
                branched = mark.end
            row = bisect_left(starts, mark.end, row + 1)
    return sides, branched


def _block(walk: _Walk, node: Node, what: Block) -> Visit:
    labels = walk.take_labels(node, what)
    if labels:
        frame = walk.push(Frame(BLOCK, labels))
        yield _statements(walk, node.named_children)
        walk.pop()
        if frame.breaks:
            walk.resume(walk.suspend() + frame.breaks)
    elif walk.marks.any_below(node):
        yield _statements(walk, node.named_children)
    else:
        _straight(walk, node)


def _straight(walk: _Walk, node: Node) -> None:
    """A block without any construct inside: one run from its first statement to its last."""
    rules = walk.rules
    first, last = first_child(node), last_child(node)
    if first is None or last is None:
        return
    throws = not (first.type in rules.silent and first.id == last.id)
    walk.append(first.start_byte, last.end_byte, throws=throws)


# -- conditions


def _condition(walk: _Walk, node: Node) -> Visit:
    """Evaluate a condition. Returns: (pending when it holds, pending when it does not)."""
    rules = walk.rules
    while node.type in rules.transparent:
        children = [child for child in node.named_children if child.type not in rules.comments]
        if not children:
            break
        for child in children[:-1]:
            yield _statement(walk, child)
        node = children[-1]
    what = walk.by_id.get(node.id)
    if isinstance(what, Short):
        walk.floor = walk.marks.row_of[node.id]
        return (yield _short_condition(walk, node, what))
    if node.type in rules.negations:
        operand = last_child(node)
        inner = operand
        while inner is not None and inner.type in rules.transparent:
            inner = last_child(inner)
        if (
            operand is not None
            and inner is not None
            and isinstance(walk.by_id.get(inner.id), Short)
            and node.children[0].type in ("!", "not")
        ):
            negated: _Branch = yield _condition(walk, operand)
            return negated[1], negated[0]
    start, end = node.start_byte, node.end_byte
    sides: Sequence[_Side] = ()
    if walk.any_in(start, end):
        sides, branched = yield _inside(walk, start, end)
        if branched >= 0 and walk.cur < 0:
            walk.next_kind = BlockKind.MERGE if walk.next_kind == BlockKind.BLOCK else walk.next_kind
            walk.append(start, end, branched)
        else:
            walk.append(start, end)
        walk.side_exits(sides)
    else:
        walk.append(start, end)
    block = walk.close(Terminator.CONDITIONAL)
    walk.conditions[block] = (start, end)
    holds: list[Pending] = [(block, EdgeKind.TRUE, NO_LABEL)]
    fails: list[Pending] = [(block, EdgeKind.FALSE, NO_LABEL)]
    if end - start <= 5:
        text = walk.source[start:end]
        if text in rules.always:
            fails = []
        elif text in rules.never:
            holds = []
    return holds, fails


def _short_condition(walk: _Walk, node: Node, what: Short) -> Visit:
    operands = what.operands(node)
    conjunction = what.conjunction(node)
    out: list[Pending] = []
    holds: list[Pending] = []
    fails: list[Pending] = []
    for number, operand in enumerate(operands):
        if number:
            walk.resume(holds if conjunction else fails, BlockKind.CONDITION)
        holds, fails = yield _condition(walk, operand)
        if number + 1 < len(operands):
            out += fails if conjunction else holds
    return (holds, out + fails) if conjunction else (out + holds, fails)


def _short(walk: _Walk, node: Node, what: Short) -> Visit:
    """A short-circuit operator for its value."""
    operands = what.operands(node)
    conjunction = what.conjunction(node)
    out: list[Pending] = []
    for operand in operands[:-1]:
        holds, fails = yield _condition(walk, operand)
        out += fails if conjunction else holds
        walk.resume(holds if conjunction else fails, BlockKind.CONDITION)
    for operand in operands[-1:]:
        yield _statement(walk, operand)
    walk.resume(out + walk.suspend())


def _rest(node: Node, what: If) -> Sequence[Node]:
    return node.children_by_field_name(what.rest) if isinstance(what.rest, str) else what.rest(node)


def _if(walk: _Walk, node: Node, what: If) -> Visit:
    if what.before:
        for child in node.children_by_field_name(what.before):
            yield _statement(walk, child)
    after: list[Pending] = []
    fails = yield _branch(walk, node, what, after)
    for other in _rest(node, what):
        if other.type in walk.rules.comments:
            continue
        if other.type in what.elifs:
            walk.resume(fails, BlockKind.CONDITION)
            fails = yield _branch(walk, other, what, after)
        else:
            walk.resume(fails, BlockKind.ELSE)
            yield _else(walk, other, what.unwrap)
            fails = walk.suspend()
    walk.resume(after + fails)


def _branch(walk: _Walk, node: Node, what: If, after: list[Pending]) -> Visit:
    """A condition and what runs when it holds; adds where that ends to ``after``. Returns: where it does not hold."""
    condition = part(node, what.condition)
    if condition is None:
        return walk.suspend()
    floor = walk.floor
    holds, fails = yield _condition(walk, condition)
    walk.resume(holds, BlockKind.IF)
    if what.ternary:
        walk.floor = floor  # in Python the condition stands behind
    yield _statement(walk, part(node, what.then))
    after += walk.suspend()
    return fails


def _else(walk: _Walk, node: Node, unwrap: frozenset[str]) -> Visit:
    body: Node | None = node
    if node.type in unwrap:
        body = node.child_by_field_name("body") or last_child(node)
    yield _statement(walk, body)


def _let_else(walk: _Walk, node: Node, what: LetElse) -> Visit:
    other = node.child_by_field_name(what.rest)
    if other is None:
        yield _plain(walk, node)
        return
    start, end = node.start_byte, other.start_byte
    sides, branched = yield _inside(walk, start, end)
    end = start + len(walk.source[start:end].rstrip())
    walk.append(start, end, branched if walk.cur < 0 else -1)
    walk.side_exits(sides)
    block = walk.close(Terminator.CONDITIONAL)
    walk.conditions[block] = (start, end)
    walk.resume([(block, EdgeKind.FALSE, NO_LABEL)], BlockKind.ELSE)
    yield _statement(walk, other)
    # The compiler sees to it that the other part never ends here: what seems to is a macro that returns.
    walk.route([(one, EdgeKind.RETURN, label) for one, _, label in walk.suspend()], EdgeKind.RETURN, None)
    walk.resume([(block, EdgeKind.TRUE, NO_LABEL)])


def _preproc(walk: _Walk, node: Node, what: Preproc) -> Visit:
    heads = [child for name in what.skip for child in node.children_by_field_name(name)]
    others = node.children_by_field_name(what.rest)
    hidden = {child.id for child in (*heads, *others)}
    body = [child for child in node.named_children if child.id not in hidden]
    if not heads:
        yield _statements(walk, body)
        return
    end = max(head.end_byte for head in heads)
    walk.append(node.start_byte, end, throws=False)
    block = walk.close(Terminator.PREPROC)
    walk.conditions[block] = (heads[0].start_byte, end)
    walk.resume([(block, EdgeKind.TRUE, NO_LABEL)], BlockKind.IF)
    yield _statements(walk, body)
    after = walk.suspend()
    walk.resume([(block, EdgeKind.FALSE, NO_LABEL)], BlockKind.ELSE)
    for other in others:
        yield _statement(walk, other)
    walk.resume(after + walk.suspend())


# -- loops


def _loop(walk: _Walk, node: Node, what: Loop) -> Visit:
    frame = Frame(LOOP, walk.take_labels(node, what))
    parts = what.parts(node)
    for child in parts.before:
        yield _statement(walk, child)
    body = part(node, what.body)
    if what.after:
        yield _do(walk, node, frame, parts.condition, body)
        return
    if parts.each is not None and walk.any_in(*parts.each):
        # What is iterated over is evaluated once; its branches come before the header.
        sides, branched = yield _inside(walk, *parts.each)
        if sides:
            walk.place(*parts.each, sides, branched)
    walk.resume(walk.suspend(), what.kind)
    header = len(walk.kinds)
    fails: list[Pending] = []
    if parts.each is not None:
        walk.append(*parts.each)
        walk.close(Terminator.CONDITIONAL)
        walk.conditions[header] = parts.each
        fails = [(header, EdgeKind.FALSE, NO_LABEL)]
        walk.resume([(header, EdgeKind.TRUE, NO_LABEL)], BlockKind.BODY)
    elif parts.condition is not None:
        holds, fails = yield _condition(walk, parts.condition)
        walk.resume(holds, BlockKind.BODY)
    else:
        walk.next_kind = BlockKind.LOOP
        walk.append(*_keyword(node), throws=False)
    walk.push(frame)
    yield _statement(walk, body)
    walk.pop()
    end = walk.suspend() + frame.continues
    if parts.update:
        walk.resume(end, BlockKind.UPDATE)
        # It runs behind the body and stands before it.
        walk.floor = walk.marks.row_of[node.id]
        for child in parts.update:
            yield _statement(walk, child)
        end = walk.suspend()
    walk.connect(end, header, back=True)
    rest = node.child_by_field_name(what.rest) if what.rest else None
    if rest is not None:
        walk.resume(fails, BlockKind.ELSE)
        yield _else(walk, rest, frozenset({rest.type}))
        fails = walk.suspend()
    walk.resume(fails + frame.breaks)


def _do(walk: _Walk, node: Node, frame: Frame, condition: Node | None, body: Node | None) -> Visit:
    header = walk.open(BlockKind.BODY, *_keyword(node))
    walk.push(frame)
    yield _statement(walk, body)
    walk.pop()
    walk.resume(walk.suspend() + frame.continues, BlockKind.DO)
    fails: list[Pending] = []
    if condition is not None:
        holds, fails = yield _condition(walk, condition)
        walk.connect(holds, header, back=True)
    else:
        walk.connect(walk.suspend(), header, back=True)
    walk.resume(fails + frame.breaks)


def _keyword(node: Node) -> tuple[int, int]:
    """The token that a statement begins with; Rust's labels come before it."""
    for child in node.children:
        if not child.is_named and child.end_byte - child.start_byte > 1:
            return child.start_byte, child.end_byte
    return node.start_byte, node.start_byte


# -- switches


def _switch(walk: _Walk, node: Node, what: Switch) -> Visit:
    labels, walk.labels = walk.labels, []
    if what.before:
        for child in node.children_by_field_name(what.before):
            yield _statement(walk, child)
    value = part(node, what.value)
    frame = Frame(SWITCH, labels)
    if value is None and what.conditional:
        yield _conditional_switch(walk, node, frame)
        return
    if value is not None:
        while value.type in walk.rules.transparent and (inner := last_child(value)) is not None:
            for child in value.named_children[:-1]:
                yield _statement(walk, child)
            value = inner
        start, end = value.start_byte, value.end_byte
        sides, branched = yield _inside(walk, start, end)
        walk.append(start, end, branched if walk.cur < 0 else -1)
        walk.side_exits(sides)
    else:
        start, end = _keyword(node)
        walk.append(start, end, throws=False)
    block = walk.close(Terminator.SWITCH)
    walk.conditions[block] = (start, end)
    frame.dispatch = block
    walk.push(frame)
    cases = node.child_by_field_name(what.cases) if what.cases else None
    for child in (cases or node).named_children:
        # Without a node around the cases, the switch's other parts are beside them.
        if cases is not None or isinstance(walk.by_id.get(child.id), Case):
            yield _statement(walk, child)
    walk.pop()
    after = walk.suspend() + frame.fell + frame.breaks
    exhaustive = frame.defaulted or what.exhaustive(node)
    if frame.dispatch >= 0 and not exhaustive:
        after.append((frame.dispatch, EdgeKind.DEFAULT, NO_LABEL))
    # Behind the last guard of an exhaustive match nothing is left to try; its failing is drawn all the same.
    after += [pend for pend in frame.failed if not exhaustive or pend[1] != EdgeKind.DEFAULT]
    walk.resume(after)


def _conditional_switch(walk: _Walk, node: Node, frame: Frame) -> Visit:
    """Go's ``switch`` without a value: the cases are conditions, tried one after the other."""
    walk.push(frame)
    frame.failed = walk.suspend()
    default = -1
    for child in node.named_children:
        what = walk.by_id.get(child.id)
        if not isinstance(what, Case):
            continue
        fell, frame.fell = frame.fell, []
        kind = BlockKind.CASE
        if what.default(child, walk.source):
            # Wherever it stands, it is for what no case takes, so the last condition leads here.
            kind = BlockKind.DEFAULT
            walk.resume(fell, kind)
            default = walk.open(kind, *_keyword(child))
        else:
            walk.resume(frame.failed, BlockKind.CONDITION)
            holds = yield _any_of(walk, child.child_by_field_name("value"), frame)
            walk.resume(holds + fell, kind)
        walk.floor = walk.marks.row_of[child.id]
        yield _statements(walk, what.body(child))
        frame.breaks += walk.suspend()
    walk.pop()
    after = frame.fell + frame.breaks
    if default >= 0:
        walk.connect(frame.failed, default)
    else:
        after += frame.failed
    walk.resume(after)


def _any_of(walk: _Walk, values: Node | None, frame: Frame) -> Visit:
    """``case a, b:``. Returns: where one of the values holds; ``frame.failed`` is where none does."""
    holds: list[Pending] = []
    fails = walk.suspend()
    if values is None:
        return holds
    for value in values.named_children if values.type == "expression_list" else [values]:
        walk.resume(fails, BlockKind.CONDITION)
        found: _Branch = yield _condition(walk, value)
        holds += found[0]
        fails = found[1]
    frame.failed = fails
    return holds


def _case(walk: _Walk, node: Node, what: Case) -> Visit:
    frame = next((one for one in reversed(walk.frames) if one.kind == SWITCH), None)
    body = what.body(node)
    if frame is None:
        yield _statements(walk, body)
        return
    pend = walk.suspend() + frame.fell
    frame.fell = []
    if frame.dispatch < 0:
        walk.resume(frame.failed)
        start = node.start_byte
        frame.dispatch = walk.open(BlockKind.MATCH, start, start)
        walk.close(Terminator.SWITCH)
        frame.failed = []
    values = what.values(node)
    guard = what.guard(node)
    default = guard is None and what.default(node, walk.source)
    if default:
        frame.defaulted = True
        pend.append((frame.dispatch, EdgeKind.DEFAULT, NO_LABEL))
    else:
        pend += [(frame.dispatch, EdgeKind.CASE, label) for label in values] or [
            (frame.dispatch, EdgeKind.CASE, NO_LABEL)
        ]
    kind = BlockKind.DEFAULT if default else BlockKind.CASE
    walk.resume(pend, kind if guard is None else BlockKind.GUARD)
    if what.binds and values:
        sides, _ = yield _inside(walk, values[0][0], values[-1][1])
        walk.append(values[0][0], values[-1][1])
        walk.side_exits(sides)
    if guard is not None:
        holds, fails = yield _condition(walk, guard)
        frame.failed = [(frame.dispatch, EdgeKind.DEFAULT, NO_LABEL), *fails]
        frame.dispatch = -1
        walk.resume(holds, kind)
    yield _statements(walk, body)
    if not what.falls:
        frame.breaks += walk.suspend()
        walk.resume([])


def _fallthrough(walk: _Walk, node: Node, what: Fallthrough) -> Visit:
    yield _inside(walk, node.start_byte, node.end_byte)
    walk.append(node.start_byte, node.end_byte, throws=False)
    frame = next((one for one in reversed(walk.frames) if one.kind == SWITCH), None)
    if frame is not None:
        frame.fell += walk.suspend()
        walk.resume([])


# -- exceptions


def _try(walk: _Walk, node: Node, what: Try) -> Visit:
    children = node.named_children
    handlers = [child for child in children if child.type in what.handlers]
    rest = [child for child in children if child.type in what.rest]
    finals = [child for child in children if child.type in what.finals]
    body = node.child_by_field_name(what.body)
    outer = walk.push(Frame(FINALLY)) if finals else None
    inner = walk.push(Frame(TRY)) if handlers else None
    walk.resume(walk.suspend(), BlockKind.TRY)
    resources = node.child_by_field_name(what.resources) if what.resources else None
    if resources is not None:
        yield _statement(walk, resources)
        yield _guarded(walk, body, node.end_byte if body is None else body.end_byte, swallows=False)
    else:
        yield _statement(walk, body)
    after = walk.suspend()
    if inner is not None:
        walk.pop()
    if rest:
        # What it throws passes the handlers of its own statement.
        walk.resume(after, BlockKind.ELSE)
        for child in rest:
            yield _else(walk, child, what.rest)
        after = walk.suspend()
    if inner is not None:
        thrown: list[Pending] = [(block, EdgeKind.EXCEPTION, NO_LABEL) for block in inner.throwers]
        thrown += inner.entries
        for handler in handlers:
            thrown = yield _handler(walk, handler, what, thrown, after)
        walk.throw([(block, EdgeKind.EXCEPTION, label) for block, _, label in thrown])
    walk.resume(after)
    if outer is not None:
        walk.pop()
        walk.resume(walk.suspend())
        yield _finally(walk, outer, finals)


def _handler(walk: _Walk, node: Node, what: Try, thrown: list[Pending], after: list[Pending]) -> Visit:
    """One handler; adds where it ends to ``after``. Returns: what it does not take."""
    body = node.child_by_field_name("body") or last_child(node)
    start, end = node.start_byte, node.end_byte
    if body is not None:
        end = start + len(walk.source[start : body.start_byte].rstrip())
    walk.resume(thrown, BlockKind.CATCH)
    sides, _ = yield _inside(walk, start, end)
    block = walk.append(start, end, throws=False)
    walk.side_exits(sides)
    left: list[Pending] = []
    if not what.handlers[node.type](node, walk.source):
        block = walk.close(Terminator.CONDITIONAL)
        walk.conditions[block] = (start, end)
        left = [(block, EdgeKind.FALSE, NO_LABEL)]
        walk.resume([(block, EdgeKind.TRUE, NO_LABEL)])
    yield _statement(walk, body)
    after += walk.suspend()
    return left


def _finally(walk: _Walk, frame: Frame, finals: Sequence[Node]) -> Visit:
    """What runs on every way out, and how the ways go on."""
    _enter_finally(walk, frame, BlockKind.FINALLY)
    for child in finals:
        body = child.child_by_field_name("body") or last_child(child)
        start = child.start_byte
        end = body.start_byte if body is not None else child.end_byte
        walk.append(start, start + len(walk.source[start:end].rstrip(b" \t\r\n{")), throws=False)
        yield _statement(walk, body)
    end_of_finally = walk.suspend()
    if frame.ways and [kind for _, kind, _ in end_of_finally] not in ([], [EdgeKind.FALLTHROUGH]):
        # One place to go on from, so that a choice at the end keeps its true and false.
        end = finals[-1].end_byte
        walk.resume(end_of_finally, BlockKind.FINALLY)
        walk.append(end, end, throws=False)
        end_of_finally = walk.suspend()
    for (way, _), goal in frame.ways.items():
        walk.route([(block, EdgeKind.FINALLY, NO_LABEL) for block, _, _ in end_of_finally], way, goal)
    walk.resume(end_of_finally if frame.defaulted else [])


def _enter_finally(walk: _Walk, frame: Frame, kind: BlockKind) -> None:
    """Lead all that has to pass into what comes next. ``frame.defaulted`` says that the normal end is among it."""
    normal = walk.suspend()
    frame.defaulted = bool(normal)
    pend = normal + frame.entries
    if frame.throwers:
        pend += [(block, EdgeKind.EXCEPTION, NO_LABEL) for block in frame.throwers]
        frame.ways[EdgeKind.EXCEPTION, id(None)] = None
    walk.resume(pend, kind)


def _with(walk: _Walk, node: Node, what: With) -> Visit:
    items = part(node, what.items)
    if items is not None:
        yield _statement(walk, items)
    yield _guarded(walk, part(node, what.body), node.end_byte, what.swallows)


def _guarded(walk: _Walk, body: Node | None, end: int, swallows: bool) -> Visit:
    """A body that is left through an exit of its own, where managers or resources are closed."""
    frame = walk.push(Frame(FINALLY))
    walk.resume(walk.suspend(), BlockKind.WITH)
    yield _statement(walk, body)
    walk.pop()
    _enter_finally(walk, frame, BlockKind.WITH_EXIT)
    block = walk.append(end, end, throws=False)
    normal = walk.suspend()
    for (way, _), goal in frame.ways.items():
        walk.route([(block, EdgeKind.FINALLY, NO_LABEL)], way, goal)
    may_swallow = swallows and (EdgeKind.EXCEPTION, id(None)) in frame.ways
    walk.resume(normal if frame.defaulted or may_swallow else [])


def _throw(walk: _Walk, node: Node, what: Throw) -> Visit:
    yield _leave(walk, node, Terminator.THROW)


def _return(walk: _Walk, node: Node, what: Return) -> Visit:
    yield _leave(walk, node, Terminator.RETURN)


def _leave(walk: _Walk, node: Node, terminator: Terminator) -> Visit:
    start, end = node.start_byte, node.end_byte
    sides, branched = yield _inside(walk, start, end)
    if branched >= 0 and walk.cur < 0:
        walk.next_kind = BlockKind.MERGE
        walk.append(start, end, branched)
    else:
        # `return` alone cannot throw, `return f()` can.
        walk.append(start, end, throws=node.named_child_count > 0)
    walk.side_exits(sides)
    block = walk.close(terminator)
    if terminator == Terminator.RETURN:
        walk.route([(block, EdgeKind.RETURN, NO_LABEL)], EdgeKind.RETURN, None)
    else:
        walk.throw([(block, EdgeKind.EXCEPTION, NO_LABEL)])


def _assert(walk: _Walk, node: Node, what: Assert) -> Visit:
    start, end = node.start_byte, node.end_byte
    sides, branched = yield _inside(walk, start, end)
    walk.append(start, end, branched if walk.cur < 0 else -1)
    walk.side_exits(sides)
    block = walk.close(Terminator.ASSERT)
    walk.throw([(block, EdgeKind.EXCEPTION, NO_LABEL)])
    walk.resume([(block, EdgeKind.FALLTHROUGH, NO_LABEL)])


# -- jumps


def _jump(walk: _Walk, node: Node, what: Jump) -> Visit:
    start, end = node.start_byte, node.end_byte
    sides, branched = yield _inside(walk, start, end)
    walk.append(start, end, branched if walk.cur < 0 else -1, throws=bool(sides))
    walk.side_exits(sides)
    terminator = Terminator.CONTINUE if what.kind == EdgeKind.CONTINUE else Terminator.BREAK
    block = walk.close(terminator)
    label = what.label(node, walk.source)
    for frame in reversed(walk.frames):
        if (label in frame.labels) if label else (frame.kind in what.to):
            walk.route([(block, what.kind, NO_LABEL)], what.kind, frame)
            return
    walk.exits.append((block, what.kind, NO_LABEL))  # outside of any loop: broken code


def _goto(walk: _Walk, node: Node, what: Goto) -> Visit:
    yield _inside(walk, node.start_byte, node.end_byte)
    walk.append(node.start_byte, node.end_byte, throws=False)
    block = walk.close(Terminator.GOTO)
    label = what.label(node, walk.source)
    pend = (block, EdgeKind.GOTO, NO_LABEL)
    if not label:
        walk.indirect.append(pend)
    elif label in walk.label_blocks:
        walk.connect([pend], walk.label_blocks[label])
    else:
        walk.label_gotos.setdefault(label, []).append(pend)


def _label(walk: _Walk, node: Node, what: Label) -> Visit:
    label = what.label(node, walk.source)
    body = what.body(node)
    if what.target and walk.is_goto_target(label):
        end = body[0].start_byte if body else node.end_byte
        start = node.start_byte
        walk.resume(walk.suspend() + walk.label_gotos.pop(label, []))
        walk.label_blocks[label] = walk.open(
            BlockKind.LABEL, start, start + len(walk.source[start:end].rstrip())
        )
    walk.labels.append(label)
    taken = walk.by_id.get(body[0].id) if body else None
    if not isinstance(taken, (Loop, Switch, Block, Label)):
        walk.labels.clear()
        if not what.target:
            # Only a `break` can mean it: `label: if (…) { break label; }`
            frame = walk.push(Frame(BLOCK, [label]))
            yield _statements(walk, body)
            walk.pop()
            walk.resume(walk.suspend() + frame.breaks)
            return
    yield _statements(walk, body)


def _defer(walk: _Walk, node: Node, what: Defer) -> Visit:
    start, end = node.start_byte, node.end_byte
    yield _inside(walk, start, end)
    block = walk.append(start, end)
    call = first_child(node) or node
    home = node.parent
    while home is not None and home.id != walk.body and isinstance(walk.by_id.get(home.id), Block):
        home = home.parent
    always = home is not None and home.id == walk.body
    walk.defers.append((block, call.start_byte, call.end_byte, always))


_VISITORS: dict[type[Construct], Callable[[_Walk, Node, Any], Visit]] = {
    Assert: _assert,
    Block: _block,
    Case: _case,
    Defer: _defer,
    Fallthrough: _fallthrough,
    Goto: _goto,
    If: _if,
    Jump: _jump,
    Label: _label,
    LetElse: _let_else,
    Loop: _loop,
    Preproc: _preproc,
    Return: _return,
    Short: _short,
    Switch: _switch,
    Throw: _throw,
    Try: _try,
    With: _with,
}
