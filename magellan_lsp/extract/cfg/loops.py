"""Loops."""

from __future__ import annotations

from tree_sitter import Node

from magellan_lsp.extract.cfg.conditions import visit_condition, visit_else
from magellan_lsp.extract.cfg.flow_graph import LOOP, NO_LABEL, Frame, Pending
from magellan_lsp.extract.cfg.statements import keyword, visit_inside, visit_statement
from magellan_lsp.extract.cfg.walk import Visit, Walk
from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages.flow import Loop, part


def visit_loop(walk: Walk, node: Node, what: Loop) -> Visit:
    """A loop of any kind: over values, by a condition before or behind its body, or for ever."""
    frame = Frame(LOOP, walk.take_labels(node, what))
    parts = what.parts(node)
    for child in parts.before:
        yield visit_statement(walk, child)
    body = part(node, what.body)
    if what.after:
        yield _do(walk, node, frame, parts.condition, body)
        return
    if parts.each is not None and walk.any_in(*parts.each):
        # What is iterated over is evaluated once; its branches come before the header.
        sides, branched = yield visit_inside(walk, *parts.each)
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
        holds, fails = yield visit_condition(walk, parts.condition)
        walk.resume(holds, BlockKind.BODY)
    else:
        walk.next_kind = BlockKind.LOOP
        walk.append(*keyword(node), throws=False)
    walk.push(frame)
    yield visit_statement(walk, body)
    walk.pop()
    end = walk.suspend() + frame.continues
    if parts.update:
        walk.resume(end, BlockKind.UPDATE)
        # It runs behind the body and stands before it.
        walk.floor = walk.marks.row_of[node.id]
        for child in parts.update:
            yield visit_statement(walk, child)
        end = walk.suspend()
    walk.connect(end, header, back=True)
    rest = node.child_by_field_name(what.rest) if what.rest else None
    if rest is not None:
        walk.resume(fails, BlockKind.ELSE)
        yield visit_else(walk, rest, frozenset({rest.type}))
        fails = walk.suspend()
    walk.resume(fails + frame.breaks)


def _do(walk: Walk, node: Node, frame: Frame, condition: Node | None, body: Node | None) -> Visit:
    header = walk.open(BlockKind.BODY, *keyword(node))
    walk.push(frame)
    yield visit_statement(walk, body)
    walk.pop()
    walk.resume(walk.suspend() + frame.continues, BlockKind.DO)
    fails: list[Pending] = []
    if condition is not None:
        holds, fails = yield visit_condition(walk, condition)
        walk.connect(holds, header, back=True)
    else:
        walk.connect(walk.suspend(), header, back=True)
    walk.resume(fails + frame.breaks)
