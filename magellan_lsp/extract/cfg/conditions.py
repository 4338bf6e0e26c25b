"""Conditions, and what they decide between."""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node

from magellan_lsp.extract.cfg.flow_graph import NO_LABEL, Pending
from magellan_lsp.extract.cfg.statements import visit_inside, visit_plain, visit_statement, visit_statements
from magellan_lsp.extract.cfg.walk import SideExit, Visit, Walk
from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages.flow import If, LetElse, Preproc, Short, last_child, part

#: Pending where a condition holds, and where it does not.
Branches = tuple[list[Pending], list[Pending]]


def visit_condition(walk: Walk, node: Node) -> Visit:
    """Evaluate a condition. Returns: (pending when it holds, pending when it does not)."""
    rules = walk.rules
    while node.type in rules.transparent:
        children = [child for child in node.named_children if child.type not in rules.comments]
        if not children:
            break
        for child in children[:-1]:
            yield visit_statement(walk, child)
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
            negated: Branches = yield visit_condition(walk, operand)
            return negated[1], negated[0]
    start, end = node.start_byte, node.end_byte
    sides: Sequence[SideExit] = ()
    if walk.any_in(start, end):
        sides, branched = yield visit_inside(walk, start, end)
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


def _short_condition(walk: Walk, node: Node, what: Short) -> Visit:
    operands = what.operands(node)
    conjunction = what.conjunction(node)
    out: list[Pending] = []
    holds: list[Pending] = []
    fails: list[Pending] = []
    for number, operand in enumerate(operands):
        if number:
            walk.resume(holds if conjunction else fails, BlockKind.CONDITION)
        holds, fails = yield visit_condition(walk, operand)
        if number + 1 < len(operands):
            out += fails if conjunction else holds
    return (holds, out + fails) if conjunction else (out + holds, fails)


def visit_short(walk: Walk, node: Node, what: Short) -> Visit:
    """A short-circuit operator for its value."""
    operands = what.operands(node)
    conjunction = what.conjunction(node)
    out: list[Pending] = []
    for operand in operands[:-1]:
        holds, fails = yield visit_condition(walk, operand)
        out += fails if conjunction else holds
        walk.resume(holds if conjunction else fails, BlockKind.CONDITION)
    for operand in operands[-1:]:
        yield visit_statement(walk, operand)
    walk.resume(out + walk.suspend())


def _rest(node: Node, what: If) -> Sequence[Node]:
    return node.children_by_field_name(what.rest) if isinstance(what.rest, str) else what.rest(node)


def visit_if(walk: Walk, node: Node, what: If) -> Visit:
    """A choice by conditions that are tried one after the other; conditional expressions too."""
    if what.before:
        for child in node.children_by_field_name(what.before):
            yield visit_statement(walk, child)
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
            yield visit_else(walk, other, what.unwrap)
            fails = walk.suspend()
    walk.resume(after + fails)


def _branch(walk: Walk, node: Node, what: If, after: list[Pending]) -> Visit:
    """A condition and what runs when it holds; adds where that ends to ``after``. Returns: where it does not hold."""
    condition = part(node, what.condition)
    if condition is None:
        return walk.suspend()
    floor = walk.floor
    holds, fails = yield visit_condition(walk, condition)
    walk.resume(holds, BlockKind.IF)
    if what.ternary:
        walk.floor = floor  # in Python the condition stands behind
    yield visit_statement(walk, part(node, what.then))
    after += walk.suspend()
    return fails


def visit_else(walk: Walk, node: Node, unwrap: frozenset[str]) -> Visit:
    """What runs when no condition holds; ``unwrap``: the types of nodes that stand around it."""
    body: Node | None = node
    if node.type in unwrap:
        body = node.child_by_field_name("body") or last_child(node)
    yield visit_statement(walk, body)


def visit_let_else(walk: Walk, node: Node, what: LetElse) -> Visit:
    """Rust's ``let … else``: a pattern that has to match for the flow to go on."""
    other = node.child_by_field_name(what.rest)
    if other is None:
        yield visit_plain(walk, node)
        return
    start, end = node.start_byte, other.start_byte
    sides, branched = yield visit_inside(walk, start, end)
    end = start + len(walk.source[start:end].rstrip())
    walk.append(start, end, branched if walk.cur < 0 else -1)
    walk.side_exits(sides)
    block = walk.close(Terminator.CONDITIONAL)
    walk.conditions[block] = (start, end)
    walk.resume([(block, EdgeKind.FALSE, NO_LABEL)], BlockKind.ELSE)
    yield visit_statement(walk, other)
    # The compiler sees to it that the other part never ends here: what seems to is a macro that returns.
    walk.route([(one, EdgeKind.RETURN, label) for one, _, label in walk.suspend()], EdgeKind.RETURN, None)
    walk.resume([(block, EdgeKind.TRUE, NO_LABEL)])


def visit_preproc(walk: Walk, node: Node, what: Preproc) -> Visit:
    """Conditional compilation: both sides are drawn, as either may be compiled."""
    heads = [child for name in what.skip for child in node.children_by_field_name(name)]
    others = node.children_by_field_name(what.rest)
    hidden = {child.id for child in (*heads, *others)}
    body = [child for child in node.named_children if child.id not in hidden]
    if not heads:
        yield visit_statements(walk, body)
        return
    end = max(head.end_byte for head in heads)
    walk.append(node.start_byte, end, throws=False)
    block = walk.close(Terminator.PREPROC)
    walk.conditions[block] = (heads[0].start_byte, end)
    walk.resume([(block, EdgeKind.TRUE, NO_LABEL)], BlockKind.IF)
    yield visit_statements(walk, body)
    after = walk.suspend()
    walk.resume([(block, EdgeKind.FALSE, NO_LABEL)], BlockKind.ELSE)
    for other in others:
        yield visit_statement(walk, other)
    walk.resume(after + walk.suspend())
