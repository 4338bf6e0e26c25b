"""What is thrown, who handles it, and what runs on every way out."""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node

from magellan_lsp.extract.cfg.conditions import visit_else
from magellan_lsp.extract.cfg.flow_graph import FINALLY, NO_LABEL, TRY, Frame, Pending
from magellan_lsp.extract.cfg.statements import visit_inside, visit_statement
from magellan_lsp.extract.cfg.walk import Visit, Walk
from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages.flow import Assert, Try, With, last_child, part


def visit_try(walk: Walk, node: Node, what: Try) -> Visit:
    """A protected body with its handlers and what follows it."""
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
        yield visit_statement(walk, resources)
        yield _guarded(walk, body, node.end_byte if body is None else body.end_byte, swallows=False)
    else:
        yield visit_statement(walk, body)
    after = walk.suspend()
    if inner is not None:
        walk.pop()
    if rest:
        # What it throws passes the handlers of its own statement.
        walk.resume(after, BlockKind.ELSE)
        for child in rest:
            yield visit_else(walk, child, what.rest)
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


def _handler(walk: Walk, node: Node, what: Try, thrown: list[Pending], after: list[Pending]) -> Visit:
    """One handler; adds where it ends to ``after``. Returns: what it does not take."""
    body = node.child_by_field_name("body") or last_child(node)
    start, end = node.start_byte, node.end_byte
    if body is not None:
        end = start + len(walk.source[start : body.start_byte].rstrip())
    walk.resume(thrown, BlockKind.CATCH)
    sides, _ = yield visit_inside(walk, start, end)
    block = walk.append(start, end, throws=False)
    walk.side_exits(sides)
    left: list[Pending] = []
    if not what.handlers[node.type](node, walk.source):
        block = walk.close(Terminator.CONDITIONAL)
        walk.conditions[block] = (start, end)
        left = [(block, EdgeKind.FALSE, NO_LABEL)]
        walk.resume([(block, EdgeKind.TRUE, NO_LABEL)])
    yield visit_statement(walk, body)
    after += walk.suspend()
    return left


def _finally(walk: Walk, frame: Frame, finals: Sequence[Node]) -> Visit:
    """What runs on every way out, and how the ways go on."""
    _enter_finally(walk, frame, BlockKind.FINALLY)
    for child in finals:
        body = child.child_by_field_name("body") or last_child(child)
        start = child.start_byte
        end = body.start_byte if body is not None else child.end_byte
        walk.append(start, start + len(walk.source[start:end].rstrip(b" \t\r\n{")), throws=False)
        yield visit_statement(walk, body)
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


def _enter_finally(walk: Walk, frame: Frame, kind: BlockKind) -> None:
    """Lead all that has to pass into what comes next. ``frame.defaulted`` says that the normal end is among it."""
    normal = walk.suspend()
    frame.defaulted = bool(normal)
    pend = normal + frame.entries
    if frame.throwers:
        pend += [(block, EdgeKind.EXCEPTION, NO_LABEL) for block in frame.throwers]
        frame.ways[EdgeKind.EXCEPTION, id(None)] = None
    walk.resume(pend, kind)


def visit_with(walk: Walk, node: Node, what: With) -> Visit:
    """A body with managers or resources that are closed behind it."""
    items = part(node, what.items)
    if items is not None:
        yield visit_statement(walk, items)
    yield _guarded(walk, part(node, what.body), node.end_byte, what.swallows)


def _guarded(walk: Walk, body: Node | None, end: int, swallows: bool) -> Visit:
    """A body that is left through an exit of its own, where managers or resources are closed."""
    frame = walk.push(Frame(FINALLY))
    walk.resume(walk.suspend(), BlockKind.WITH)
    yield visit_statement(walk, body)
    walk.pop()
    _enter_finally(walk, frame, BlockKind.WITH_EXIT)
    block = walk.append(end, end, throws=False)
    normal = walk.suspend()
    for (way, _), goal in frame.ways.items():
        walk.route([(block, EdgeKind.FINALLY, NO_LABEL)], way, goal)
    may_swallow = swallows and (EdgeKind.EXCEPTION, id(None)) in frame.ways
    walk.resume(normal if frame.defaulted or may_swallow else [])


def visit_assert(walk: Walk, node: Node, what: Assert) -> Visit:
    """A condition that goes on or throws."""
    start, end = node.start_byte, node.end_byte
    sides, branched = yield visit_inside(walk, start, end)
    walk.append(start, end, branched if walk.cur < 0 else -1)
    walk.side_exits(sides)
    block = walk.close(Terminator.ASSERT)
    walk.throw([(block, EdgeKind.EXCEPTION, NO_LABEL)])
    walk.resume([(block, EdgeKind.FALLTHROUGH, NO_LABEL)])
