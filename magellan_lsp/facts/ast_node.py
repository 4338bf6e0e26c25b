"""A node of a file's syntax tree that is worth keeping. Tests: ``tests/store/test_second_tier.py``."""

from __future__ import annotations

import msgspec


class AstNode(msgspec.Struct, frozen=True, array_like=True):
    """One node, in a list of a file's nodes in preorder. Append fields, never move them.

    Attributes:
        kind: tree-sitter's word for it.
        start, end: its bytes in the file, half-open.
        parent: index in the list of the nearest node around it that is kept; -1 for none.
    """

    kind: str
    start: int
    end: int
    parent: int = -1
