"""Names inside macro arguments that stayed a heap of tokens: chains like ``a::b(c).d`` are followed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import MEMBER
from magellan_lsp.facts.kinds import ExprOp, Role
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.rust.macros import TEMPLATES
from magellan_lsp.languages.rust.names import MACROS, TYPES, VALUES, plain

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_NAMES = frozenset({"identifier", "self", "crate", "super"})
#: Macros whose tokens are no code of this place.
#: Attributes of the language, whose arguments name nothing.
_BUILT_IN = frozenset(
    {
        "allow", "cfg", "cold", "deny", "deprecated", "derive", "doc", "expect", "export_name", "feature", "forbid",
        "inline", "link", "link_name", "must_use", "no_mangle", "path", "proc_macro_derive", "repr", "rustfmt", "serde",
        "should_panic", "target_feature", "test", "warn",
    }
)  # fmt: skip
_QUOTES = frozenset({"stringify", "concat_idents", "cfg", "include_str"})


def tokens(b: Builder, matches: list[Captures]) -> None:
    """Occurrences of the names in heaps of tokens."""
    for captures in matches:
        macro = captures.get("macro")
        name = plain(b.text(macro[0])).rsplit("::", 1)[-1] if macro is not None else ""
        if name in _QUOTES:
            continue
        if name.encode() in TEMPLATES:
            _inserted(b, captures["tokens"][0])
            continue
        derive = "macro" not in captures
        stack = [captures["tokens"][0]]
        while stack:
            children = stack.pop().children
            _chain(b, children, derive)
            stack.extend(child for child in children if child.type == "token_tree")


def attribute_values(b: Builder, matches: list[Captures]) -> None:
    """The expressions in ``#[arg(value_parser = parse, default_value_t = Color::Auto)]``, which macros put into code, and
    what ``cfg_attr`` derives.
    """
    for captures in matches:
        name = b.text(captures["name"][0])
        if name in _BUILT_IN:
            continue
        stack = [captures["tokens"][0]]
        while stack:
            children = stack.pop().children
            start = -1
            for at, child in enumerate(children):
                if start >= 0 and (child.type == "," or at == len(children) - 1):
                    _chain_deep(b, children[start:at])
                    start = -1
                elif child.type == "=":
                    start = at + 1
                elif child.type == "token_tree" and start < 0:
                    if name == "cfg_attr" and b.text(children[at - 1]) == "derive":
                        _chain(b, child.children, True)
                    else:
                        stack.append(child)


def _chain_deep(b: Builder, children: list[Node]) -> None:
    """The names of an expression, those in its brackets too."""
    _chain(b, children, False)
    stack = [child for child in children if child.type == "token_tree"]
    while stack:
        inner = stack.pop().children
        _chain(b, inner, False)
        stack.extend(child for child in inner if child.type == "token_tree")


def _inserted(b: Builder, tokens: Node) -> None:
    """``#name`` in a template, and the expression before ``=>`` that says where its code is from."""
    for at, child in enumerate(tokens.children):
        if child.type == "=>":
            _chain(b, tokens.children[1:at], False)
            break
    stack = [tokens]
    while stack:
        children = stack.pop().children
        for before, child in pairwise(children):
            if child.type == "identifier" and before.type == "#" and child.start_byte not in b.claims:
                text = plain(b.text(child))
                found = b.lookup(text, child.start_byte, None, VALUES)
                b.token(text, child.start_byte, child.end_byte, Role.READ, found)
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
            role = Role.CALL if call or derive else Role.READ
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
