"""Names inside macro arguments that stayed a heap of tokens: chains like ``a::b(c).d`` are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import MEMBER
from magellan_lsp.facts.kinds import ExprOp, Role
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.rust.names import MACROS, TYPES, VALUES, plain

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_NAMES = frozenset({"identifier", "self", "crate", "super"})
#: Macros whose tokens are no code of this place.
_QUOTES = frozenset({"quote", "quote_spanned", "stringify", "concat_idents", "cfg", "include_str"})


def tokens(b: Builder, matches: list[Captures]) -> None:
    """Occurrences of the names in heaps of tokens."""
    for captures in matches:
        macro = captures.get("macro")
        if macro is not None and plain(b.text(macro[0])).rsplit("::", 1)[-1] in _QUOTES:
            continue
        derive = "macro" not in captures
        stack = [captures["tokens"][0]]
        while stack:
            children = stack.pop().children
            _chain(b, children, derive)
            stack.extend(child for child in children if child.type == "token_tree")


def _chain(b: Builder, children: list[Node], derive: bool) -> None:
    value = 0
    before = ""
    count = len(children)
    for at, child in enumerate(children):
        kind = child.type
        if kind in _NAMES:
            after = children[at + 1] if at + 1 < count else None
            value = _name(b, child, value, before, after, derive)
        elif kind == "token_tree":
            opened = b.source[child.start_byte] == 0x28
            value = b.expr(ExprOp.CALL, value) if value and opened and before not in (".", "::", "") else 0
        elif kind == "?":
            value = b.expr(ExprOp.TRY, value) if value else 0
        elif kind not in (".", "::"):
            value = 0
        before = kind


def _name(b: Builder, node: Node, value: int, before: str, after: Node | None, derive: bool) -> int:
    text = plain(b.text(node))
    index = b.name_index(text)
    start = node.start_byte
    follows = after.type if after is not None else ""
    call = follows == "token_tree" and after is not None and b.source[after.start_byte] == 0x28
    if before in (".", "::"):
        if not value:
            return 0
        if start not in b.claims:
            role = Role.CALL if call else Role.READ
            b.token(text, start, node.end_byte, role, MEMBER, value)
        return b.expr(ExprOp.PATH if before == "::" else ExprOp.MEMBER, value, index)
    space = TYPES if follows == "::" else MACROS if derive else VALUES
    end = node.end_byte
    if b.source[end - 1] == 0x21 or follows == "!":
        space = MACROS
        end -= b.source[end - 1] == 0x21
    if start not in b.claims and (node.type == "identifier" or node.type == "self"):
        found = b.lookup(text, start, None, space)
        if found < 0 and space != TYPES and text[:1].isupper():
            other = b.lookup(text, start, None, TYPES)
            if other >= 0:
                found, space = other, TYPES
        role = Role.CALL if call or space == MACROS else Role.TYPE if space == TYPES else Role.READ
        mark = b.name_expr(text, start, MACROS) if space == MACROS and found < 0 else -1
        b.token(text, start, end, role, found, mark)
    return b.name_expr(text, start, space) if space != MACROS else 0
