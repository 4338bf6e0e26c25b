"""Names and patterns of JavaScript and TypeScript: what destructuring takes out of a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tree_sitter import Node

from magellan_lsp.facts.file_facts import MEMBER
from magellan_lsp.facts.kinds import DefKind, ExprOp, Role
from magellan_lsp.languages.javascript.notes import notes_of

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder


#: Makes a value's expression when all names are known.
Later = Callable[[], int]


def member_name(b: Builder, name: Node) -> tuple[str, Node]:
    """The name that a property key gives, and its token: unquoted strings, ``[x]`` for computed ones."""
    kind = name.type
    if kind == "string":
        for child in name.named_children:
            if child.type == "string_fragment":
                return b.text(child), child
        return "", name
    return b.text(name), name


class _Part(NamedTuple):
    node: Node
    value: Later | None


def destructure(
    b: Builder,
    pattern: Node,
    value: Later | None,
    scope: int,
    kind: DefKind = DefKind.VARIABLE,
    flags: int = 0,
    redefine: bool = False,
) -> None:
    """Define the names in a pattern, each with its part of the value. Keys use the value's members."""
    stack = [_Part(pattern, value)]
    while stack:
        node, given = stack.pop()
        what = node.type
        if what in ("identifier", "shorthand_property_identifier_pattern"):
            name = b.text(node)
            row = b.definition_named(scope, name) if redefine else -1
            if row >= 0 and b.def_kind[row] in VARIABLES:
                b.occurrence(node, Role.WRITE, row)
            else:
                row = b.define_node(kind, node, node, scope=scope, flags=flags)
            if given is not None:
                b.add_site(row, node.start_byte, given)
        elif what == "object_pattern":
            stack.extend(reversed(list(_object_parts(b, node, given))))
        elif what == "array_pattern":
            stack.extend(reversed(list(_array_parts(b, node, given))))
        elif what in ("assignment_pattern", "object_assignment_pattern"):
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None:
                stack.append(_Part(left, _or_default(b, given, right)))
        elif what == "rest_pattern":
            inner = b.first_named(node)
            if inner is not None:
                stack.append(_Part(inner, given))


def _object_parts(b: Builder, node: Node, given: Later | None) -> Sequence[_Part]:
    found = []
    for child in node.named_children:
        kind = child.type
        key, target = child, child
        if kind == "pair_pattern":
            left, right = child.child_by_field_name("key"), child.child_by_field_name("value")
            if left is None or right is None:
                continue
            key, target = left, right
        elif kind == "object_assignment_pattern":
            key = child.child_by_field_name("left") or child
        elif kind != "shorthand_property_identifier_pattern":
            if kind == "rest_pattern":
                found.append(_Part(child, given))
            continue
        found.append(_Part(target, _member_value(b, key, given, shorthand=kind != "pair_pattern")))
    return found


def _member_value(b: Builder, key: Node, given: Later | None, shorthand: bool) -> Later | None:
    """The value of a member of what is destructured; the key is noted as a use of that member."""
    if given is None or key.type == "computed_property_name":
        return None
    text, token = member_name(b, key)

    def use() -> None:
        obj = given()
        if obj <= 0:
            obj = -1
        if shorthand:
            b.also(token, Role.READ, MEMBER, obj)
        else:
            b.occurrence(token, Role.READ, MEMBER, obj, text)

    notes_of(b).later.append(use)

    def build() -> int:
        obj = given()
        return b.expr(ExprOp.MEMBER, obj, b.name_index(text)) if obj > 0 else 0

    return build


def _array_parts(b: Builder, node: Node, given: Later | None) -> Sequence[_Part]:
    found = []
    position = 0
    for child in node.children:
        if child.type == ",":
            position += 1
        elif child.is_named and child.type != "comment":
            found.append(_Part(child, _unpacked(b, given, position, child.type == "rest_pattern")))
    return found


def _unpacked(b: Builder, given: Later | None, position: int, rest: bool) -> Later | None:
    if given is None or rest:
        return given

    def build() -> int:
        whole = given()
        return b.expr(ExprOp.UNPACK, whole, position) if whole > 0 else 0

    return build


def _or_default(b: Builder, given: Later | None, default: Node | None) -> Later | None:
    if default is None:
        return given
    if given is None:
        return lambda: b.expr_of(default)
    return lambda: b.union(given(), b.expr_of(default))


VARIABLES = frozenset(int(kind) for kind in (DefKind.VARIABLE, DefKind.PARAMETER, DefKind.CONSTANT))
