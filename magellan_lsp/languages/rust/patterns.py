"""What patterns bind, and to which part of the matched value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, Role

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

Maker = Callable[[], int]

_REACHES = int(DefFlag.REACHES)
_READ = int(Role.READ)
_INNER = frozenset(
    {"mut_pattern", "ref_pattern", "reference_pattern", "match_pattern", "parenthesized_pattern"}
)
_NO_PATTERN = frozenset({"mutable_specifier", "line_comment", "block_comment"})


def bind(
    b: Builder,
    pattern: Node,
    value: Maker | None,
    *,
    visible: int = 0,
    type_node: Node | None = None,
    node: Node | None = None,
) -> None:
    """Define the names that a pattern binds.

    Args:
        b: the file's builder.
        pattern: its node.
        value: makes the matched value's expression.
        visible: offset from which the names are seen; 0: in the whole scope.
        type_node: the declared type of the whole.
        node: what a plain name's definition spans.
    """
    seen: dict[str, int] = {}
    if type_node is not None and pattern.type not in ("identifier", "mut_pattern"):
        value, type_node = _instance(b, type_node), None
    stack: list[tuple[Node, Maker | None]] = [(pattern, value)]
    while stack:
        part, made = stack.pop()
        kind = part.type
        if kind == "identifier":
            _name(b, part, made, visible, type_node, node if part.parent == pattern.parent else part, seen)
        elif kind in _INNER:
            child = _first(part)
            if child is not None:
                stack.append((child, made))
        elif kind == "tuple_pattern":
            stack.extend(_positions(b, part.children, made, ExprOp.UNPACK))
        elif kind == "tuple_struct_pattern":
            path = part.child_by_field_name("type")
            fields = [child for child in part.children if child != path]
            stack.extend(_positions(b, fields, _variant(b, made, path), ExprOp.MEMBER))
        elif kind == "struct_pattern":
            path = part.child_by_field_name("type")
            for child in part.named_children:
                if child.type == "field_pattern":
                    _field(b, child, _variant(b, made, path), visible, seen, stack)
        elif kind == "slice_pattern":
            stack.extend(
                (child, made if _is_rest(child) else _element(b, made)) for child in part.named_children
            )
        elif kind == "or_pattern" or kind == "captured_pattern":
            stack.extend((child, made) for child in reversed(part.named_children))


def _is_rest(pattern: Node) -> bool:
    """``rest @ ..`` in a slice: what is left of it."""
    return pattern.type == "captured_pattern" and pattern.children[-1].type in (
        "remaining_field_pattern",
        "..",
    )


def is_binding(text: str) -> bool:
    """Whether a plain name in a pattern is a new variable: constants and variants begin with a capital."""
    return text != "_" and not text[:1].isupper()


def _name(
    b: Builder,
    name: Node,
    value: Maker | None,
    visible: int,
    type_node: Node | None,
    node: Node | None,
    seen: dict[str, int],
) -> None:
    text = b.text(name)
    if not is_binding(text):
        return
    if text in seen:  # another alternative of an or-pattern binds it too
        start = name.start_byte
        b.claims.setdefault(start, (name.end_byte, b.name_index(text), _READ, seen[text], -1))
        return
    seen[text] = b.bind(
        name,
        kind=DefKind.VARIABLE,
        node=node,
        value=value,
        type_node=type_node,
        flags=_REACHES if visible else 0,
        visible=visible,
    )


def _field(
    b: Builder,
    field: Node,
    value: Maker,
    visible: int,
    seen: dict[str, int],
    stack: list[tuple[Node, Maker | None]],
) -> None:
    """``name`` or ``name: pattern`` inside a struct pattern."""
    name, inner = field.child_by_field_name("name"), field.child_by_field_name("pattern")
    if name is None:
        return

    def made() -> int:
        return b.expr(ExprOp.MEMBER, value(), b.name_of(name))

    if inner is not None:
        stack.append((inner, made))
    elif name.type == "shorthand_field_identifier":
        _name(b, name, made, visible, None, name, seen)


def _positions(
    b: Builder, parts: list[Node], value: Maker | None, op: ExprOp
) -> list[tuple[Node, Maker | None]]:
    """The elements of a tuple-like pattern; behind ``..`` the position is not known."""
    found: list[tuple[Node, Maker | None]] = []
    position = 0
    for part in parts:
        if part.type in _NO_PATTERN:
            continue
        if not part.is_named:
            position += part.type == "_"
            continue
        if part.type == "remaining_field_pattern":
            value = None
            continue
        found.append((part, _part(b, value, position, op) if value is not None else None))
        position += 1
    found.reverse()
    return found


def _part(b: Builder, value: Maker, position: int, op: ExprOp) -> Maker:
    if op == ExprOp.UNPACK:
        return lambda: b.expr(op, value(), position)
    return lambda: b.expr(op, value(), b.name_index(str(position)))


def _variant(b: Builder, value: Maker | None, path: Node | None) -> Maker:
    return lambda: b.expr(ExprOp.VARIANT, value() if value is not None else 0, b.expr_of(path))


def _element(b: Builder, value: Maker | None) -> Maker | None:
    return (lambda: b.expr(ExprOp.ELEMENT, value())) if value is not None else None


def _instance(b: Builder, type_node: Node) -> Maker:
    return lambda: b.expr(ExprOp.INSTANCE, b.expr_of(type_node))


def _first(node: Node) -> Node | None:
    for child in node.named_children:
        if child.type not in _NO_PATTERN:
            return child
    return None
