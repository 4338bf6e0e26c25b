"""Switches and matches."""

from __future__ import annotations

from tree_sitter import Node

from magellan_lsp.extract.cfg.conditions import Branches, visit_condition
from magellan_lsp.extract.cfg.flow_graph import NO_LABEL, SWITCH, Frame, Pending
from magellan_lsp.extract.cfg.statements import keyword, visit_inside, visit_statement, visit_statements
from magellan_lsp.extract.cfg.walk import Visit, Walk
from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages.flow import Case, Fallthrough, Switch, last_child, part


def visit_switch(walk: Walk, node: Node, what: Switch) -> Visit:
    """A choice by a value, or by the conditions of its cases."""
    labels, walk.labels = walk.labels, []
    if what.before:
        for child in node.children_by_field_name(what.before):
            yield visit_statement(walk, child)
    value = part(node, what.value)
    frame = Frame(SWITCH, labels)
    if value is None and what.conditional:
        yield _conditional_switch(walk, node, frame)
        return
    if value is not None:
        while value.type in walk.rules.transparent and (inner := last_child(value)) is not None:
            for child in value.named_children[:-1]:
                yield visit_statement(walk, child)
            value = inner
        start, end = value.start_byte, value.end_byte
        sides, branched = yield visit_inside(walk, start, end)
        walk.append(start, end, branched if walk.cur < 0 else -1)
        walk.side_exits(sides)
    else:
        start, end = keyword(node)
        walk.append(start, end, throws=False)
    block = walk.close(Terminator.SWITCH)
    walk.conditions[block] = (start, end)
    frame.dispatch = block
    walk.push(frame)
    cases = node.child_by_field_name(what.cases) if what.cases else None
    for child in (cases or node).named_children:
        # Without a node around the cases, the switch's other parts are beside them.
        if cases is not None or isinstance(walk.by_id.get(child.id), Case):
            yield visit_statement(walk, child)
    walk.pop()
    after = walk.suspend() + frame.fell + frame.breaks
    exhaustive = frame.defaulted or what.exhaustive(node)
    if frame.dispatch >= 0 and not exhaustive:
        after.append((frame.dispatch, EdgeKind.DEFAULT, NO_LABEL))
    # Behind the last guard of an exhaustive match nothing is left to try; its failing is drawn all the same.
    after += [pend for pend in frame.failed if not exhaustive or pend[1] != EdgeKind.DEFAULT]
    walk.resume(after)


def _conditional_switch(walk: Walk, node: Node, frame: Frame) -> Visit:
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
            default = walk.open(kind, *keyword(child))
        else:
            walk.resume(frame.failed, BlockKind.CONDITION)
            holds = yield _any_of(walk, child.child_by_field_name("value"), frame)
            walk.resume(holds + fell, kind)
        walk.floor = walk.marks.row_of[child.id]
        yield visit_statements(walk, what.body(child))
        frame.breaks += walk.suspend()
    walk.pop()
    after = frame.fell + frame.breaks
    if default >= 0:
        walk.connect(frame.failed, default)
    else:
        after += frame.failed
    walk.resume(after)


def _any_of(walk: Walk, values: Node | None, frame: Frame) -> Visit:
    """``case a, b:``. Returns: where one of the values holds; ``frame.failed`` is where none does."""
    holds: list[Pending] = []
    fails = walk.suspend()
    if values is None:
        return holds
    for value in values.named_children if values.type == "expression_list" else [values]:
        walk.resume(fails, BlockKind.CONDITION)
        found: Branches = yield visit_condition(walk, value)
        holds += found[0]
        fails = found[1]
    frame.failed = fails
    return holds


def visit_case(walk: Walk, node: Node, what: Case) -> Visit:
    """One case of the innermost switch."""
    frame = next((one for one in reversed(walk.frames) if one.kind == SWITCH), None)
    body = what.body(node)
    if frame is None:
        yield visit_statements(walk, body)
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
        sides, _ = yield visit_inside(walk, values[0][0], values[-1][1])
        walk.append(values[0][0], values[-1][1])
        walk.side_exits(sides)
    if guard is not None:
        holds, fails = yield visit_condition(walk, guard)
        frame.failed = [(frame.dispatch, EdgeKind.DEFAULT, NO_LABEL), *fails]
        frame.dispatch = -1
        walk.resume(holds, kind)
    yield visit_statements(walk, body)
    if not what.falls:
        frame.breaks += walk.suspend()
        walk.resume([])


def visit_fallthrough(walk: Walk, node: Node, what: Fallthrough) -> Visit:
    """Go's ``fallthrough``: on into the next case's body."""
    yield visit_inside(walk, node.start_byte, node.end_byte)
    walk.append(node.start_byte, node.end_byte, throws=False)
    frame = next((one for one in reversed(walk.frames) if one.kind == SWITCH), None)
    if frame is not None:
        frame.fell += walk.suspend()
        walk.resume([])
