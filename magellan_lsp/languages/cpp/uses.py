"""Uses of names in C++: calls, members, the components of qualified names, and constructors that nothing names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import CALLED, MEMBER, OPEN
from magellan_lsp.facts.kinds import DefKind, ExprOp, Role
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.c import common
from magellan_lsp.languages.cpp.declarators import in_macro
from magellan_lsp.languages.cpp.expressions import CASTS, receiver_of
from magellan_lsp.languages.cpp.names import (
    CLASS_NAMES,
    is_global,
    name_text,
    parts_of,
    prefixes_of,
    scope_text,
    token_of,
)

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder


def late_bases(b: Builder, matches: list[Captures]) -> None:
    """The bases of classes, kept until expressions can be made."""
    for captures in matches:
        clause = captures["clause"][0]
        row = b.def_of_node.get(clause.parent.id, -1) if clause.parent is not None else -1
        if row < 0:
            continue
        for child in clause.named_children:
            if child.type in ("type_identifier", "qualified_identifier", "template_type", "dependent_type"):
                b.notes.setdefault("bases", []).append((row, child))


def use_names(b: Builder, matches: list[Captures]) -> None:
    """What needs expressions: bases, members declared away from their class, and names the grammar did not
    see.
    """
    if any(captures["root"][0].id == b.root.id for captures in matches):
        for row, node in b.notes.get("bases", ()):
            b.add_base(row, b.expr_of(node))
        for row, node in b.notes.get("mixins", ()):
            b.add_base(row, b.expr_of(node), common.MIXIN)
        for name, type_node, given in b.notes.get("made", ()):
            _constructor_use(b, name, b.type_expr(type_node), given)
        impls = b.notes.get("impls", {})
        for name, row, prefix, anchored in b.notes.get("extensions", ()):
            b.add_extension(name, prefixes_of(b, prefix, anchored)[-1], row)
        for impl, (prefix, anchored) in impls.items():
            b.def_type[impl] = prefixes_of(b, prefix, anchored)[-1]
    common.preprocessed_names(b, matches)


def _constructor_use(b: Builder, token: Node, made: int, given: Node | None) -> None:
    """A name whose value a constructor makes: ``guard lock (mutex);`` calls it, though nothing says so.

    ``guard lock;`` has no argument list, so it refers to the constructor and is not shown as a call, as operators and
    conversions are not: calls are those that are written.
    """
    if made <= 0:
        return
    args: Iterable[int] = ()
    if given is not None and given.type == "parameter_list":  # what looks like a prototype's parameters
        args = [b.expr_of(child.child_by_field_name("type")) for child in given.named_children]
    elif given is not None:
        args = b.arguments(given)
    b.also(token, Role.CALL if given is not None else Role.TYPE, CALLED, b.expr(ExprOp.NEW, made, *args))


def _role(b: Builder, node: Node, default: Role) -> Role:
    return Role.WRITE if node.start_byte in b.writes else default


def use_qualified(b: Builder, matches: list[Captures]) -> None:
    """``a::b`` that is not called."""
    for captures in matches:
        node = captures["name"][0]
        if node.parent is not None and node.parent.type == "qualified_identifier":
            continue
        _qualified_tokens(b, node)


def _qualified_tokens(b: Builder, node: Node, call: int = 0) -> None:
    """Each component of a qualified name is a use; with ``call`` the last is what that CALL expression
    calls.
    """
    parts = parts_of(node)
    anchored = is_global(node)
    prefixes = prefixes_of(b, parts, anchored)
    for number, part in enumerate(parts):
        token = token_of(part)
        last = number == len(parts) - 1
        if token is None:
            continue
        if token.type == "destructor_name":
            token = b.first_named(token) or token
        name = name_text(b, part)
        if number == 0 and not anchored:
            scoped = scope_text(b, token) if not last else ""
            if scoped.endswith("::"):
                b.occurrence(token, Role.TYPE, OPEN, name=scoped)
            else:
                b.reference(token, Role.TYPE)
            continue
        if last and call:
            # what a macro's body names is called where the macro is used
            b.occurrence(token, Role.READ if in_macro(b, node) else Role.CALL, CALLED, call, name)
            continue
        before = prefixes[number - 1] if number else b.expr(ExprOp.DEF, 0, 0)
        role = Role.TYPE if not last or token.type == "type_identifier" else Role.READ
        b.occurrence(token, role, MEMBER, before, name)


def use_call(b: Builder, matches: list[Captures]) -> None:
    """What is called: a plain or qualified name, or a member."""
    for captures in matches:
        node = captures["call"][0]
        function = node.child_by_field_name("function")
        while function is not None and function.type == "parenthesized_expression":
            function = b.first_named(function)
        if function is None:
            continue
        if function.type == "qualified_identifier":
            _qualified_tokens(b, function, b.expr_of(node))
        elif function.type == "field_expression":
            field = function.child_by_field_name("field")
            token = token_of(field) if field is not None else None
            if field is not None and token is not None and token.type == "field_identifier":
                b.occurrence(token, Role.CALL, CALLED, b.expr_of(node))
        else:
            token = token_of(function)
            if token is not None and token.type == "identifier":
                _called(b, token, node)


def _called(b: Builder, token: Node, node: Node) -> None:
    """A plain name that is called: a variable of the block, or one of several functions."""
    start = token.start_byte
    if start in b.claims or b.text(token) in CASTS:
        return
    target = b.lookup(b.text(token), start)
    if target >= 0 and b.def_kind[target] not in _OVERLOADED:
        b.occurrence(token, Role.CALL, target)
        return
    b.occurrence(token, Role.CALL, CALLED, b.expr_of(node))


_OVERLOADED = frozenset(
    int(kind)
    for kind in (
        DefKind.FUNCTION,
        DefKind.METHOD,
        DefKind.CONSTRUCTOR,
        DefKind.IMPORT,
        DefKind.CLASS,
        DefKind.STRUCT,
        DefKind.TYPE_ALIAS,
    )
)


def use_new(b: Builder, matches: list[Captures]) -> None:
    """``new T (…)`` mentions the type and calls its constructor."""
    for captures in matches:
        node = captures["new"][0]
        _use_made(b, node, node.child_by_field_name("arguments"))


def use_braces(b: Builder, matches: list[Captures]) -> None:
    """``T {…}`` mentions the type and calls its constructor, if it has one."""
    for captures in matches:
        node = captures["made"][0]
        _use_made(b, node, node.child_by_field_name("value"))


def _use_made(b: Builder, node: Node, given: Node | None) -> None:
    """The type that an expression makes an object of is called as one that stands before parentheses."""
    type_node = node.child_by_field_name("type")
    if type_node is None or type_node.type not in CLASS_NAMES:
        return
    call = b.expr(ExprOp.CALL, b.type_expr(type_node), *(b.arguments(given) if given is not None else ()))
    token = token_of(type_node)
    if type_node.type == "qualified_identifier":
        _qualified_tokens(b, type_node, call)
    elif token is not None and token.start_byte not in b.claims:
        b.occurrence(token, Role.READ if in_macro(b, node) else Role.CALL, CALLED, call)


def use_initializer(b: Builder, matches: list[Captures]) -> None:
    """``: member (value), base (value)`` before a constructor's body."""
    for captures in matches:
        node = captures["name"][0]
        token = token_of(node)
        if token is None:
            continue
        if node.type == "qualified_identifier":
            token = token_of(parts_of(node)[-1]) or token
        elif token.type in ("field_identifier", "identifier"):
            b.reference(token, Role.WRITE)
        # for a base class, and for a member that is an instance of a class, this calls a constructor
        arguments = node.next_named_sibling
        kinds = ("argument_list", "initializer_list")
        given = arguments if arguments is not None and arguments.type in kinds else None
        _constructor_use(b, token, b.expr_of(node), given)


def use_member(b: Builder, matches: list[Captures]) -> None:
    """``value.member`` and ``pointer->member``."""
    for captures in matches:
        node = captures["access"][0]
        field = node.child_by_field_name("field")
        token = token_of(field) if field is not None else None
        if token is None or token.start_byte in b.claims:
            continue
        if token.type == "qualified_identifier":
            continue
        if token.type == "destructor_name":
            token = b.first_named(token) or token
        b.occurrence(token, _role(b, token, Role.READ), MEMBER, receiver_of(b, node))
