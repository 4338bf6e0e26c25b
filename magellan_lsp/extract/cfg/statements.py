"""Statements and blocks: what runs in a row, and the constructs inside of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from tree_sitter import Node

from magellan_lsp.extract.cfg.flow_graph import BLOCK, Frame
from magellan_lsp.extract.cfg.walk import NOT_VISITED, SideExit, Visit, Walk
from magellan_lsp.languages.flow import Block, Side, first_child, last_child


def visit_statements(walk: Walk, nodes: Sequence[Node]) -> Visit:
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
                yield visit_plain(walk, node)
            elif node.type not in comments:
                walk.append(start, end, throws=node.type not in silent)
        elif isinstance(what, NOT_VISITED):
            yield visit_plain(walk, node)
        else:
            yield walk.visit(node, what)


def visit_statement(walk: Walk, node: Node | None) -> Visit:
    """One statement, or an expression for what it does."""
    if node is not None:
        what = walk.by_id.get(node.id)
        if what is None or isinstance(what, NOT_VISITED):
            yield visit_plain(walk, node)
        else:
            yield walk.visit(node, what)


def visit_plain(walk: Walk, node: Node) -> Visit:
    """A statement that does not bend the flow itself; parts of it may."""
    rules = walk.rules
    if node.type in rules.comments:
        return
    if node.type in rules.wrappers:
        child = first_child(node)
        what = walk.by_id.get(child.id) if child is not None else None
        if child is not None and what is not None and not isinstance(what, NOT_VISITED):
            yield walk.visit(child, what)
            return
    start, end = node.start_byte, node.end_byte
    if not walk.any_in(start, end):
        walk.append(start, end, throws=node.type not in rules.silent)
        return
    sides, branched = yield visit_inside(walk, start, end)
    walk.place(start, end, sides, branched)


def visit_inside(walk: Walk, start: int, end: int) -> Visit:
    """Visit the outermost constructs inside a span.

    Returns: (the sides among them, where the last one that was visited ended or -1).
    """
    starts, rows, count = walk.starts_at, walk.rows, len(walk.rows)
    sides: list[SideExit] = []
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
            if not isinstance(what, NOT_VISITED):
                yield walk.visit(mark.node, what)
                branched = mark.end
            row = bisect_left(starts, mark.end, row + 1)
    return sides, branched


def visit_block(walk: Walk, node: Node, what: Block) -> Visit:
    """Statements in braces; with a label, something to ``break`` out of."""
    labels = walk.take_labels(node, what)
    if labels:
        frame = walk.push(Frame(BLOCK, labels))
        yield visit_statements(walk, node.named_children)
        walk.pop()
        if frame.breaks:
            walk.resume(walk.suspend() + frame.breaks)
    elif walk.marks.any_below(node):
        yield visit_statements(walk, node.named_children)
    else:
        _straight(walk, node)


def _straight(walk: Walk, node: Node) -> None:
    """A block without any construct inside: one run from its first statement to its last."""
    rules = walk.rules
    first, last = first_child(node), last_child(node)
    if first is None or last is None:
        return
    throws = not (first.type in rules.silent and first.id == last.id)
    walk.append(first.start_byte, last.end_byte, throws=throws)


def keyword(node: Node) -> tuple[int, int]:
    """The token that a statement begins with; Rust's labels come before it."""
    for child in node.children:
        if not child.is_named and child.end_byte - child.start_byte > 1:
            return child.start_byte, child.end_byte
    return node.start_byte, node.start_byte
