"""What the shape of a text alone says: what folds, and what surrounds a place. Needs no index.

Tests: ``tests/query/test_structure.py``.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from magellan_lsp.query.snapshot import CHECK_EVERY, Snapshot
from magellan_lsp.text import Span

_CLOSERS = {"{": "}", "(": ")", "[": "]", "begin": "end", "#{": "}", "<": ">"}
_CASES = frozenset(
    {"switch_case", "case_statement", "case_clause", "expression_case", "default_case", "switch_default"}
)
#: A file folds at so many places, and no more.
MAX_FOLDS = 5000


class FoldKind(Enum):
    """Why something folds."""

    CODE = "code"
    COMMENT = "comment"
    IMPORTS = "imports"


class Fold(NamedTuple):
    """Lines that fold into the first of them. 0-based, ended by line feeds; ``last_line > first_line``.

    ``last_line`` is the last that disappears: the line of a closing bracket stays in sight.
    """

    first_line: int
    last_line: int
    kind: FoldKind


def folding_ranges(snapshot: Snapshot, path: str) -> list[Fold]:
    """What folds in a file, by (first line, longest first); one fold per first line and kind."""
    tree = snapshot.tree(path)
    if tree is None:
        return []
    found: dict[tuple[int, FoldKind], int] = {}

    def add(first: int, last: int, kind: FoldKind) -> None:
        if last > first:
            found[first, kind] = max(last, found.get((first, kind), 0))

    comments: list[tuple[int, int]] = []
    stack = [tree.root_node]
    count = 0
    while stack and len(found) < MAX_FOLDS:
        count += 1
        if count % CHECK_EVERY == 0:
            snapshot.check()
        node = stack.pop()
        first, last = node.start_point[0], _last_row(node)
        if "comment" in node.type:
            comments.append((first, last))
            continue
        if first == last:
            continue
        _fold_node(node, first, last, add)
        stack.extend(
            child
            for child in reversed(node.children)
            if child.start_point[0] != child.end_point[0] or "comment" in child.type
        )
    for first, last in _runs(comments):
        add(first, last, FoldKind.COMMENT)
    for first, last in _import_runs(snapshot, path, tree):
        found.pop((first, FoldKind.CODE), None)
        add(first, last, FoldKind.IMPORTS)
    return [
        Fold(first, last, kind)
        for (first, kind), last in sorted(
            found.items(), key=lambda item: (item[0][0], -item[1], item[0][1].value)
        )
    ]


def _last_row(node: Any) -> int:
    """The row of a node's last byte; a node that ends behind a line end does not reach into the next line."""
    row: int = node.end_point[0]
    return row - 1 if node.end_point[1] == 0 and row > node.start_point[0] else row


def _fold_node(node: Any, first: int, last: int, add: Any) -> None:
    if node.parent is None:
        return
    kind = node.type
    children = node.children
    if children:
        opener, closer = children[0], children[-1]
        if not opener.is_named and _CLOSERS.get(opener.type) == closer.type and not closer.is_named:
            inner = children[1:-1]
            # `} else {`: the closing line is needed, so what disappears ends before it
            stays = not inner or _last_row(inner[-1]) < closer.start_point[0]
            add(first, last - 1 if stays else last, FoldKind.CODE)
            return
    if kind.endswith(("block", "body", "suite")):
        before = node.prev_sibling
        add(before.end_point[0] if before is not None else first, last, FoldKind.CODE)
    elif kind in _CASES or ("string" in kind and "content" not in kind):
        add(first, last, FoldKind.CODE)


def _runs(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of lines that follow each other without a gap, put together."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _import_runs(snapshot: Snapshot, path: str, tree: Any) -> list[tuple[int, int]]:
    """The lines of imports that follow each other; blank lines between them do not count."""
    facts = snapshot.facts(path)
    if facts is None:
        return []
    spans: list[tuple[int, int]] = []
    root = tree.root_node
    for start in facts.import_start:
        node = root.descendant_for_byte_range(start, start) if start >= 0 else None
        while node is not None and node.parent is not None and node.parent.parent is not None:
            node = node.parent
        if node is not None and node.parent is not None:
            spans.append((node.start_point[0], _last_row(node)))
    found: list[tuple[int, int]] = []
    for first, last in sorted(set(spans)):
        if found and first <= found[-1][1] + 2:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def selection_ranges(snapshot: Snapshot, path: str, offsets: list[int]) -> list[list[Span]]:
    """Per offset the spans of what surrounds it, innermost first, each larger than the one before.

    The last is the whole text. Never empty.
    """
    tree = snapshot.tree(path)
    found: list[list[Span]] = []
    for offset in offsets:
        snapshot.check()
        spans: list[Span] = []

        def widen(span: Span | None, offset: int = offset, spans: list[Span] = spans) -> None:
            if span is None or not span.touches(offset):
                return
            if not spans or (span.covers(spans[-1]) and span != spans[-1]):
                spans.append(span)

        node = tree.root_node.descendant_for_byte_range(offset, offset) if tree is not None else None
        while node is not None:
            widen(_inside(node))
            widen(Span(node.start_byte, node.end_byte))
            node = node.parent
        data = snapshot.read_text(path)
        widen(Span(0, len(data)) if data is not None else None)
        found.append(spans or [Span(offset, offset)])
    return found


def _inside(node: Any) -> Span | None:
    """What lies between a pair of brackets or quotes."""
    if node.child_count < 3:
        return None
    first, last = node.child(0), node.child(node.child_count - 1)
    if first.is_named or last.is_named or _CLOSERS.get(first.type) != last.type:
        return None
    return Span(node.child(1).start_byte, node.child(node.child_count - 2).end_byte)
