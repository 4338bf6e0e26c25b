"""Ways out of a function or a construct, labels, and calls put off until the way out."""

from __future__ import annotations

from tree_sitter import Node

from magellan_lsp.extract.cfg.flow_graph import BLOCK, NO_LABEL, Frame
from magellan_lsp.extract.cfg.statements import visit_inside, visit_statements
from magellan_lsp.extract.cfg.walk import Visit, Walk
from magellan_lsp.facts.cfg import BlockKind, EdgeKind, Terminator
from magellan_lsp.languages.flow import (
    Block,
    Defer,
    Goto,
    Jump,
    Label,
    Loop,
    Return,
    Switch,
    Throw,
    first_child,
)


def _leave(walk: Walk, node: Node, terminator: Terminator) -> Visit:
    start, end = node.start_byte, node.end_byte
    sides, branched = yield visit_inside(walk, start, end)
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


def visit_throw(walk: Walk, node: Node, what: Throw) -> Visit:
    """An explicit throw."""
    yield _leave(walk, node, Terminator.THROW)


def visit_return(walk: Walk, node: Node, what: Return) -> Visit:
    """A return, with the value it evaluates."""
    yield _leave(walk, node, Terminator.RETURN)


def visit_jump(walk: Walk, node: Node, what: Jump) -> Visit:
    """``break`` and ``continue``, to the innermost construct they may mean or the one with their label."""
    start, end = node.start_byte, node.end_byte
    sides, branched = yield visit_inside(walk, start, end)
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


def visit_goto(walk: Walk, node: Node, what: Goto) -> Visit:
    """A ``goto``, also to a label that comes later or is computed."""
    yield visit_inside(walk, node.start_byte, node.end_byte)
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


def visit_label(walk: Walk, node: Node, what: Label) -> Visit:
    """A label and the statement that it is for."""
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
            yield visit_statements(walk, body)
            walk.pop()
            walk.resume(walk.suspend() + frame.breaks)
            return
    yield visit_statements(walk, body)


def visit_defer(walk: Walk, node: Node, what: Defer) -> Visit:
    """Go's ``defer``: the call's arguments are evaluated here, the call is noted for the way out."""
    start, end = node.start_byte, node.end_byte
    yield visit_inside(walk, start, end)
    block = walk.append(start, end)
    call = first_child(node) or node
    home = node.parent
    while home is not None and home.id != walk.body and isinstance(walk.by_id.get(home.id), Block):
        home = home.parent
    always = home is not None and home.id == walk.body
    walk.defers.append((block, call.start_byte, call.end_byte, always))
