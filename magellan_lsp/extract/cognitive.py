"""Cognitive complexity, from the marks of the flow pass: no walk over the tree.

Source: G. Ann Campbell, "Cognitive Complexity: A new way of measuring understandability" (SonarSource, 2017). As there:

- +1 for each ``if``, ``else``, ``else if``, conditional expression, switch, loop and handler, ``goto``, and ``break`` or
  ``continue`` with a label; +1 for each run of like logical operators; +1 for being part of a recursion, which the caller
  knows from the links;
- and as much again as the structure is nested, for all of them but ``else``, ``else if``, jumps, operators and recursion;
- the same structures and nested functions deepen the nesting; ``try``, ``finally`` and ``synchronized`` do not;
- a nested function counts in the one around it. A Python decorator, a function of nothing but a function and a
  ``return`` of it, does not deepen the nesting.

Where the paper says nothing: a ``let … else`` counts as an ``if``, the ``else`` of a Python loop as an ``else``; guards,
``?``, ``??``, comprehensions and preprocessor branches count nothing. Parentheses do not end a run of operators, a
negation does. Tests: ``tests/extract/test_metrics.py``.
"""

from __future__ import annotations

from typing import NamedTuple

from tree_sitter import Node

from magellan_lsp.extract.marks import Mark, Marks
from magellan_lsp.languages.flow import (
    Block,
    Function,
    Goto,
    If,
    Jump,
    LetElse,
    Loop,
    Return,
    Short,
    Switch,
    Try,
    last_child,
    part,
)


class Cognitive(NamedTuple):
    """The score and the deepest nesting in the same sense."""

    score: int
    max_nesting: int


class _Count:
    __slots__ = ("else_ifs", "marks", "max_nesting", "nesting", "operators", "regions", "score", "source")

    def __init__(self, marks: Marks, source: bytes) -> None:
        self.marks = marks
        self.source = source
        self.score = 0
        self.max_nesting = 0
        #: (end, level) of what is open around the place.
        self.nesting: list[tuple[int, int]] = []
        #: Handlers still to come, the next one last.
        self.regions: list[tuple[int, int]] = []
        self.else_ifs: set[int] = set()
        self.operators: set[int] = set()

    def level(self, start: int) -> int:
        nesting, regions = self.nesting, self.regions
        while regions and regions[-1][0] <= start:
            first, last = regions.pop()
            while nesting and nesting[-1][0] <= first:
                nesting.pop()
            self.nest(last, nesting[-1][1] if nesting else 0)
        while nesting and nesting[-1][0] <= start:
            nesting.pop()
        return nesting[-1][1] if nesting else 0

    def nest(self, end: int, level: int) -> None:
        self.nesting.append((end, level + 1))
        self.max_nesting = max(self.max_nesting, level + 1)


def cognitive(marks: Marks, source: bytes, first: int, end: int, recursive: bool = False) -> Cognitive:
    """The complexity of what lies in the marks' rows from ``first`` on that begin before byte ``end``."""
    count = _Count(marks, source)
    if recursive:
        count.score += 1
    rows = marks.rows
    row = first
    while row < len(rows) and rows[row].start < end:
        mark = rows[row]
        what = mark.what
        row += 1
        if isinstance(what, If):
            _if(count, mark, what)
        elif isinstance(what, Short):
            _operators(count, mark.node, what)
        elif isinstance(what, (Loop, Switch)):
            level = count.level(mark.start)
            count.score += 1 + level
            count.nest(mark.end, level)
            if isinstance(what, Loop) and what.rest and mark.node.child_by_field_name(what.rest) is not None:
                count.score += 1
        elif isinstance(what, LetElse):
            if mark.node.child_by_field_name(what.rest) is not None:
                level = count.level(mark.start)
                count.score += 1 + level
                count.nest(mark.end, level)
        elif isinstance(what, Try):
            handlers = [child for child in mark.node.named_children if child.type in what.handlers]
            level = count.level(mark.start)
            count.score += (1 + level) * len(handlers)
            count.regions.extend((child.start_byte, child.end_byte) for child in reversed(handlers))
        elif isinstance(what, Function):
            level = count.level(mark.start)
            if not _is_wrapped(marks, row - 1, mark):
                count.nest(mark.end, level)
        elif isinstance(what, Goto) or (isinstance(what, Jump) and what.label(mark.node, source)):
            count.score += 1
    return Cognitive(count.score, count.max_nesting)


def _if(count: _Count, mark: Mark, what: If) -> None:
    level = count.level(mark.start)
    node = mark.node
    if node.id in count.else_ifs:
        # Its nesting is that of the `if` it continues, which is one less than what is open here.
        count.score += 1
        count.nesting.append((mark.end, level))
    else:
        count.score += 1 + level
        count.nest(mark.end, level)
    if what.ternary:
        return
    rest = node.children_by_field_name(what.rest) if isinstance(what.rest, str) else what.rest(node)
    for other in rest:
        body: Node | None = other
        if other.type in what.unwrap:
            body = other.child_by_field_name("body") or last_child(other)
        inner = count.marks.by_id.get(body.id) if body is not None else None
        if body is not None and isinstance(inner, If) and not inner.ternary:
            count.else_ifs.add(body.id)
        else:
            count.score += 1


def _operators(count: _Count, node: Node, what: Short) -> None:
    """One for each run of like operators in the whole expression, counted at its outermost operator."""
    if node.id in count.operators or not what.logical(node):
        return
    transparent, by_id = count.marks.rules.transparent, count.marks.by_id
    found: list[bool] = []
    # In-order walk: an operator stands between its operands. Items are nodes, or operators still to be written down.
    todo: list[tuple[Node | None, bool]] = [(node, False)]
    while todo:
        at, conjunction = todo.pop()
        if at is None:
            found.append(conjunction)
            continue
        while at.type in transparent and (child := last_child(at)) is not None:
            at = child
        short = by_id.get(at.id)
        if not isinstance(short, Short) or not short.logical(at):
            continue
        count.operators.add(at.id)
        kind = short.conjunction(at)
        for number, operand in enumerate(reversed(short.operands(at))):
            if number:
                todo.append((None, kind))
            todo.append((operand, False))
    count.score += sum(1 for index, kind in enumerate(found) if not index or found[index - 1] != kind)


def _is_wrapped(marks: Marks, row: int, mark: Mark) -> bool:
    """Whether the function around is nothing but this one and a ``return``: a decorator."""
    if not marks.rules.decorators:
        return False
    above = row - 1
    while above >= 0 and not (marks.ends[above] >= mark.end and isinstance(marks.rows[above].what, Function)):
        above -= 1
    if above < 0:
        return False
    outer = marks.rows[above]
    assert isinstance(outer.what, Function)
    body = part(outer.node, outer.what.body)
    if body is None or not isinstance(marks.by_id.get(body.id), Block):
        return False
    inside = [child for child in body.named_children if child.type not in ("comment", "string")]
    if len(inside) != 2 or not isinstance(marks.by_id.get(inside[1].id), Return):
        return False
    return inside[0].start_byte <= mark.start and mark.end == inside[0].end_byte
