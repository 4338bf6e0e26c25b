"""What C++ expressions and types are as expressions of the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefKind, ExprOp, ScopeKind
from magellan_lsp.languages import base
from magellan_lsp.languages.c import common
from magellan_lsp.languages.cpp.names import (
    first_expr,
    identifier,
    name_text,
    parts_of,
    prefixes_of,
    qualified,
    with_arguments,
)

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

CASTS = frozenset(("static_cast", "dynamic_cast", "reinterpret_cast", "const_cast"))


def receiver_of(b: Builder, node: Node) -> int:
    """What a field expression's member hangs off."""
    argument = node.child_by_field_name("argument")
    operator = node.child_by_field_name("operator")
    if argument is None:
        return 0
    found = b.expr_of(argument)
    if found and operator is not None and operator.type == "->":
        return b.expr(ExprOp.DEREF, found)
    return found


def _field_expression(b: Builder, node: Node) -> int:
    field = node.child_by_field_name("field")
    if field is None:
        return 0
    receiver = receiver_of(b, node)
    if field.type == "qualified_identifier":
        parts = parts_of(field)
        return b.expr(ExprOp.MEMBER, receiver, b.name_index(name_text(b, parts[-1]))) if receiver else 0
    if not receiver:
        return 0
    found = b.expr(ExprOp.MEMBER, receiver, b.name_index(name_text(b, field)))
    return with_arguments(b, found, field)


def _call(b: Builder, node: Node) -> int:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None:
        return 0
    if function.type == "template_function":
        name = function.child_by_field_name("name")
        if name is not None and b.text(name) in CASTS:
            return _cast_to(b, function)
    callee = _own_member(b, function) or b.expr_of(function)
    if not callee:
        return 0
    return b.expr(ExprOp.CALL, callee, *(b.arguments(arguments) if arguments is not None else ()))


def _own_member(b: Builder, function: Node) -> int:
    """A plain name that means a member, with the scope of the call: whether that is ``const`` tells members apart."""
    if function.type != "identifier":
        return 0
    name = b.text(function)
    row = b.lookup(name, function.start_byte)
    if row < 0 or b.def_kind[row] != DefKind.METHOD:
        return 0
    return b.expr(ExprOp.NAME, b.name_index(name), b.scope_at(function.start_byte), 0)


def _cast_to(b: Builder, function: Node) -> int:
    given = function.child_by_field_name("arguments")
    type_node = b.first_named(given) if given is not None else None
    found = b.type_expr(type_node)
    return b.expr(ExprOp.INSTANCE, found) if found > 0 else 0


def _new(b: Builder, node: Node) -> int:
    type_node, arguments = node.child_by_field_name("type"), node.child_by_field_name("arguments")
    found = b.type_expr(type_node)
    if found <= 0:
        return 0
    return b.expr(ExprOp.NEW, found, *(b.arguments(arguments) if arguments is not None else ()))


def _template(b: Builder, node: Node) -> int:
    return first_expr(b, node)


def _this(b: Builder, node: Node) -> int:
    """``this``: in a lambda that of the function around."""
    scope = b.enclosing(b.scope_at(node.start_byte), ScopeKind.CLASS)
    while scope > 0 and b.scope_def[scope] < 0:
        scope = b.enclosing(b.scope_parent[scope], ScopeKind.CLASS)
    row = b.scope_def[scope] if b.scope_kind[scope] == ScopeKind.CLASS else -1
    if row < 0:
        return 0
    if b.def_kind[row] == DefKind.IMPL:
        prefix, anchored = b.notes.get("impls", {}).get(row, ((), False))
        found = prefixes_of(b, prefix, anchored)[-1] if prefix else 0
        return b.expr(ExprOp.INSTANCE, found) if found else 0
    return b.expr(ExprOp.SELF, row)


def _class_type(b: Builder, node: Node) -> int:
    row = b.def_of_node.get(node.id, -1)
    if row >= 0:
        return b.expr(ExprOp.DEF, row, 0)
    name = node.child_by_field_name("name")
    return b.expr_of(name) if name is not None else 0


def _subscript(b: Builder, node: Node) -> int:
    receiver = b.expr_of(node.child_by_field_name("argument"))
    return b.expr(ExprOp.INDEX, receiver, -1) if receiver else 0


def _pointer(b: Builder, node: Node) -> int:
    """``*value`` and ``&value``."""
    argument = node.child_by_field_name("argument")
    found = b.expr_of(argument)
    operator = node.child_by_field_name("operator")
    if not found or operator is None or argument is None:
        return found
    if operator.type == "*":
        return b.expr(ExprOp.DEREF, found)
    row = b.lookup(b.text(argument), argument.start_byte) if argument.type == "identifier" else -1
    return b.expr(ExprOp.REF, found) if row >= 0 and b.def_kind[row] in _VALUES else found


#: What has an address that is no function's.
_VALUES = frozenset(int(kind) for kind in (DefKind.VARIABLE, DefKind.CONSTANT, DefKind.PARAMETER))


def _lambda_value(b: Builder, node: Node) -> int:
    row = b.def_of_node.get(node.id, -1)
    return b.expr(ExprOp.LAMBDA, row) if row >= 0 else 0


def _decltype(b: Builder, node: Node) -> int:
    inner = b.first_named(node)
    found = b.expr_of(inner) if inner is not None and inner.type != "auto" else 0
    return b.expr(ExprOp.TYPEOF, found) if found else 0


def _truth(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.LITERAL, b.name_index("bool"))


def _number(b: Builder, node: Node) -> int:
    text = b.text(node).lower().replace("'", "")
    hexadecimal = text.startswith("0x")
    if "." in text or ("p" if hexadecimal else "e") in text:
        name = "float" if text.endswith("f") else "double"
    else:
        name = "unsigned" if text.endswith("u") else "int"
    return b.expr(ExprOp.LITERAL, b.name_index(name))


def _text(b: Builder, node: Node) -> int:
    prefix = b.text(node)[:2]
    name = {"L": "wchar_t", "u8": "char8_t"}.get(prefix if prefix == "u8" else prefix[:1], "char")
    return b.expr(ExprOp.LITERAL, b.name_index(name if node.type == "char_literal" else f"{name}*"))


def _nothing(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.LITERAL, b.name_index("nullptr"))


def _operation(b: Builder, node: Node) -> int:
    """What compares or negates gives a truth value, ``pointer + n`` the pointer."""
    operator = node.child_by_field_name("operator")
    if operator is not None and operator.type in _TRUTHS:
        return _truth(b, node)
    return common.arithmetic(b, node) if node.type == "binary_expression" else 0


_TRUTHS = frozenset(("==", "!=", "<", ">", "<=", ">=", "&&", "||", "!", "and", "or", "not"))


def _primitive(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.LITERAL, b.name_index(" ".join(b.text(node).split())))


EXPRESSIONS: dict[str, base.ExprHandler] = {
    "identifier": identifier,
    "type_identifier": identifier,
    "namespace_identifier": identifier,
    "field_identifier": identifier,
    "qualified_identifier": qualified,
    "template_type": _template,
    "template_function": _template,
    "template_method": _template,
    "dependent_type": base.inner(),
    "class_specifier": _class_type,
    "struct_specifier": _class_type,
    "union_specifier": _class_type,
    "enum_specifier": _class_type,
    "primitive_type": _primitive,
    "sized_type_specifier": _primitive,
    "true": _truth,
    "false": _truth,
    "null": _nothing,
    "number_literal": _number,
    "char_literal": _text,
    "string_literal": _text,
    "raw_string_literal": _text,
    "unary_expression": _operation,
    "type_descriptor": common.type_descriptor,
    "decltype": _decltype,
    "field_expression": _field_expression,
    "call_expression": _call,
    "new_expression": _new,
    "this": _this,
    "subscript_expression": _subscript,
    "pointer_expression": _pointer,
    "parenthesized_expression": base.inner(),
    "cast_expression": common.cast,
    "compound_literal_expression": common.compound_literal,
    "conditional_expression": base.union("consequence", "alternative"),
    "assignment_expression": common.assignment,
    "update_expression": base.inner("argument"),
    "binary_expression": _operation,
    "comma_expression": common.last_of_comma,
    "lambda_expression": _lambda_value,
    "co_await_expression": base.inner("argument"),
}
