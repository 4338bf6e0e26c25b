"""Qualified names of C++: their components, and the expressions that name what these mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefKind, ExprOp, ScopeKind

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

CLASSES = {
    "class_specifier": DefKind.CLASS,
    "struct_specifier": DefKind.STRUCT,
    "union_specifier": DefKind.UNION,
    "enum_specifier": DefKind.ENUM,
}
#: What may name the class of something that a constructor makes.
CLASS_NAMES = frozenset(("type_identifier", "qualified_identifier", "template_type"))


def parts_of(node: Node) -> list[Node]:
    """The components of a qualified name, first to last; the last may be a template or an operator."""
    found: list[Node] = []
    at: Node | None = node
    while at is not None and at.type == "qualified_identifier" and len(found) < 40:
        scope = at.child_by_field_name("scope")
        if scope is not None:
            found.append(scope)
        at = at.child_by_field_name("name")
    if at is not None:
        found.append(at)
    return found


def token_of(node: Node) -> Node | None:
    """The identifier inside a component: the name of a template, of a destructor's class and so on."""
    for _ in range(8):
        kind = node.type
        if kind in ("template_type", "template_function", "template_method"):
            inner = node.child_by_field_name("name")
        elif kind in ("dependent_name", "dependent_type"):
            inner = next((child for child in node.named_children if not child.is_extra), None)
        else:
            return node
        if inner is None:
            return None
        node = inner
    return None


def name_text(b: Builder, node: Node) -> str:
    """The name as it is looked up: operators and destructors without blanks."""
    token = token_of(node) or node
    if token.type in ("operator_name", "destructor_name"):
        return "".join(b.text(token).split())
    if token.type == "operator_cast":
        return "operator"
    return b.text(token)


def is_global(node: Node) -> bool:
    """``::name``."""
    return node.type == "qualified_identifier" and node.child_by_field_name("scope") is None


def first_expr(b: Builder, part: Node) -> int:
    """The expression of a name that stands alone, its template arguments included."""
    token = token_of(part)
    if token is None:
        return 0
    found = b.name_expr(b.text(token), token.start_byte)
    return with_arguments(b, found, part)


def _scope_expr(b: Builder, part: Node) -> int:
    """The expression of what stands before the first ``::``."""
    token = token_of(part)
    if token is None:
        return 0
    return with_arguments(b, b.name_expr(scope_text(b, token), token.start_byte), part)


def scope_text(b: Builder, token: Node) -> str:
    """The name under which what stands before ``::`` is looked up: with the colons where the plain name could mean a
    member or variable.
    """
    text = b.text(token)
    found = b.lookup(text, token.start_byte)
    if found >= 0 and b.def_kind[found] in _SCOPES:
        return text
    scope = b.scope_at(token.start_byte)
    if found < 0 and b.scope_kind[b.enclosing(scope, ScopeKind.CLASS)] != ScopeKind.CLASS:
        return text
    b.name_index(text)
    return f"{text}::"


#: Kinds that may stand before ``::``.
_SCOPES = frozenset(
    int(kind)
    for kind in (
        *CLASSES.values(),
        DefKind.NAMESPACE,
        DefKind.TYPE_ALIAS,
        DefKind.TYPE_PARAMETER,
        DefKind.IMPORT,
        DefKind.MACRO,
    )
)


def with_arguments(b: Builder, expr: int, part: Node) -> int:
    """An expression with the template arguments that a component gives it."""
    arguments = part.child_by_field_name("arguments")
    if arguments is None or part.type not in ("template_type", "template_function", "template_method"):
        return expr
    given = [b.expr_of(child) for child in arguments.named_children if not child.is_extra]
    return b.expr(ExprOp.GENERIC, expr, *given[:8])


def prefixes_of(b: Builder, parts: list[Node], anchored: bool) -> list[int]:
    """The expression of each component with all before it."""
    found: list[int] = []
    for number, part in enumerate(parts):
        if number == 0 and not anchored:
            found.append(_scope_expr(b, part) if len(parts) > 1 else first_expr(b, part))
            continue
        before = found[-1] if found else b.expr(ExprOp.DEF, 0, 0)
        path = b.expr(ExprOp.PATH, before, b.name_index(name_text(b, part)))
        found.append(with_arguments(b, path, part))
    return found


def qualified(b: Builder, node: Node) -> int:
    """The expression of a whole qualified name."""
    found = prefixes_of(b, parts_of(node), is_global(node))
    return found[-1] if found else 0


def identifier(b: Builder, node: Node) -> int:
    """The expression of a plain name."""
    return b.name_expr(b.text(node), node.start_byte)
