"""The named nodes of a syntax tree as a flat list: to keep, to search, to show. Tests: ``tests/extract/test_ast_nodes.py``.

The list is in preorder, so a node comes before what is inside it, and ``parent`` is an index in the same list. With a
filter, the parent is the nearest node around it that passed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from tree_sitter import Node, TreeCursor

from magellan_lsp.facts.ast_node import AstNode

#: The kinds that Magellan keeps, in its order: the same list for every language. Python's functions are not among them.
magellan_kinds: tuple[str, ...] = (
    "if_expression", "match_expression", "while_expression", "for_expression", "loop_expression", "return_expression",
    "break_expression", "continue_expression", "if_statement", "match_statement", "while_statement", "for_statement",
    "break_statement", "continue_statement", "return_statement", "function_item", "method_definition", "struct_item",
    "enum_item", "trait_item", "impl_item", "mod_item", "class_definition", "interface_definition", "block",
    "block_expression", "statement_block", "let_statement", "let_declaration", "expression_statement",
    "assignment_expression", "augmented_assignment_expression", "call_expression", "attribute_item",
    "decorated_definition", "const_item", "static_item",
)  # fmt: skip

#: Kinds that are kept by default: every named node but those that say nothing beyond their text or their parent.
SKIPPED_KINDS = frozenset(
    {
        "comment",
        "line_comment",
        "block_comment",
        "string_content",
        "string_start",
        "string_end",
        "escape_sequence",
    }
)


def ast_nodes(root: Node, kinds: Collection[str] | None = None) -> list[AstNode]:
    """The named nodes of a tree.

    Args:
        root: is part of the list when it passes.
        kinds: only these; None: all but ``SKIPPED_KINDS``. ERROR nodes are named nodes; missing tokens are left out.

    Cost: one visit per node of the tree, tokens included; memory in proportion to the list. Depth does not matter.
    """
    wanted = frozenset(kinds) if kinds is not None else None
    found: list[AstNode] = []
    #: Index of the nearest kept node around each level of the cursor.
    parents = [-1]
    cursor = root.walk()
    while True:
        node = cursor.node
        assert node is not None
        here = parents[-1]
        if node.is_named and not node.is_missing:
            kind = node.type
            if (kind in wanted) if wanted is not None else (kind not in SKIPPED_KINDS):
                found.append(AstNode(kind, node.start_byte, node.end_byte, here))
                here = len(found) - 1
        if cursor.goto_first_child():
            parents.append(here)
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return found
            parents.pop()


def find_by_kind(nodes: Sequence[AstNode], kinds: Iterable[str]) -> list[int]:
    """Indices of the nodes of some kinds, ascending."""
    wanted = frozenset(kinds)
    return [index for index, node in enumerate(nodes) if node.kind in wanted]


def smallest_at(nodes: Sequence[AstNode], offset: int) -> int:
    """Index of the smallest node that holds the byte at ``offset``, or -1; of equal ones the innermost.

    At the very end of a node, where no byte of its own is, the node that begins there wins.
    """
    best, size = -1, -1
    for index, node in enumerate(nodes):
        if node.start > offset:
            break
        if offset < node.end and (best < 0 or node.end - node.start <= size):
            best, size = index, node.end - node.start
    return best


def path_to(nodes: Sequence[AstNode], index: int) -> list[int]:
    """A node and what is around it, outermost first. Empty for -1."""
    path = []
    while index >= 0:
        path.append(index)
        index = nodes[index].parent
    return path[::-1]


class SyntaxNode(NamedTuple):
    """One node of a whole syntax tree.

    Attributes:
        id: its number in preorder, from 0, tokens included: the same for the same text.
        kind: tree-sitter's word for it.
        start, end: its bytes in the file, half-open.
        is_named: it is no mere token (``if``, ``(``).
        field: what it is to its parent (``condition``), if the grammar says.
        parent: id of the nearest named node around it; None for the root.
        depth: how many named nodes are around it.
    """

    id: int
    kind: str
    start: int
    end: int
    is_named: bool
    field: str | None
    parent: int | None
    depth: int


def iter_syntax(
    root: Node, offset: int | None = None, *, depth: int | None = None, tokens: bool = False
) -> Iterator[SyntaxNode]:
    """The nodes of a tree in preorder.

    Args:
        root: of the whole tree.
        offset: only the nodes around this byte, outermost first, and what is inside the smallest of them.
        depth: how far to go into the root, or into the smallest node at ``offset``; None: to the end.
        tokens: those that have no name, too.
    """
    cursor = root.walk()
    around: list[int] = []
    chain: list[SyntaxNode] = []
    if offset is not None:
        named = _named_at(root, offset)
        while cursor.node is not None and cursor.node.id != named.id:
            chain.append(_here(cursor, around))
            if cursor.node.is_named:
                around.append(cursor.descendant_index)
            if cursor.goto_first_child_for_byte(offset) is None:
                break
    yield from (one for one in chain if one.is_named)
    top = len(around)
    levels = [top]
    while True:
        node = cursor.node
        assert node is not None
        if node.is_named or tokens:
            yield _here(cursor, around)
        if (depth is None or len(around) - top < depth) and cursor.goto_first_child():
            levels.append(len(around))
            if node.is_named:
                around.append(_index_of_parent(cursor))
            continue
        while True:
            if len(levels) == 1:
                return
            if cursor.goto_next_sibling():
                break
            cursor.goto_parent()
            del around[levels.pop() :]


def _here(cursor: TreeCursor, around: Sequence[int]) -> SyntaxNode:
    node = cursor.node
    assert node is not None
    return SyntaxNode(
        cursor.descendant_index,
        node.type,
        node.start_byte,
        node.end_byte,
        node.is_named,
        cursor.field_name,
        around[-1] if around else None,
        len(around),
    )


def _index_of_parent(cursor: TreeCursor) -> int:
    # The cursor has just gone to the first child, which comes right behind its parent.
    return cursor.descendant_index - 1


def _named_at(root: Node, offset: int) -> Node:
    """The smallest named node that holds the byte at an offset; the root where none does."""
    found = root.named_descendant_for_byte_range(offset, offset + 1) or root
    return found if found.start_byte <= offset < found.end_byte else root
