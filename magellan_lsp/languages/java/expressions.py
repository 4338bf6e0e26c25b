"""What Java expressions and types are as expressions of the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import ExprOp, ScopeKind
from magellan_lsp.languages import base

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder


#: Bits of the name spaces.
TYPES, VALUES, METHODS, LABELS = 1, 2, 4, 8
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">=", "&&", "||"))
#: A chain of string additions longer than this is not looked through.
_MAX_OPERANDS = 50


def _name(b: Builder, node: Node) -> int:
    return b.name_expr(b.text(node), node.start_byte, VALUES)


def _type_name(b: Builder, node: Node) -> int:
    name = b.text(node)
    return 0 if name == "var" else b.name_expr(name, node.start_byte, TYPES)


def class_around(b: Builder, offset: int) -> int:
    """The innermost class in whose body an offset lies, or -1."""
    scope = b.enclosing(b.scope_at(offset), ScopeKind.CLASS)
    return b.scope_def[scope] if scope > 0 else -1


def _enclosing_class(b: Builder, name: str, offset: int) -> int:
    """The class of this name in whose body an offset lies, or -1."""
    scope = b.enclosing(b.scope_at(offset), ScopeKind.CLASS)
    while scope > 0:
        row = b.scope_def[scope]
        if row > 0 and b.names[b.def_name[row]] == name:
            return row
        scope = b.enclosing(b.scope_parent[scope], ScopeKind.CLASS)
    return -1


def _this(b: Builder, node: Node) -> int:
    row = class_around(b, node.start_byte)
    return b.expr(ExprOp.SELF, row) if row > 0 else 0


def _super(b: Builder, node: Node) -> int:
    row = class_around(b, node.start_byte)
    return b.expr(ExprOp.SUPER, row) if row > 0 else 0


def _field_access(b: Builder, node: Node) -> int:
    obj, field = node.child_by_field_name("object"), node.child_by_field_name("field")
    if obj is None or field is None:
        return 0
    if field.type == "this":
        row = _enclosing_class(b, b.text(obj), obj.start_byte)
        return b.expr(ExprOp.SELF, row) if row > 0 else 0
    return b.expr(ExprOp.MEMBER, b.expr_of(obj), b.name_of(field))


def _receiver(b: Builder, node: Node) -> int:
    """What a method is called on, -1 for a plain call."""
    obj = node.child_by_field_name("object")
    if obj is None:
        return -1
    name = node.child_by_field_name("name")
    if name is not None and b"super" in b.source[obj.end_byte : name.start_byte] and obj.type != "super":
        # `Outer.super.m()`: the ancestors of Outer, or the interface Outer itself
        row = _enclosing_class(b, b.text(obj), obj.start_byte)
        if row > 0:
            return b.expr(ExprOp.SUPER, row)
        return b.expr(ExprOp.INSTANCE, b.name_expr(b.text(obj), obj.start_byte, TYPES))
    return b.expr_of(obj)


def _call(b: Builder, node: Node) -> int:
    name, given = node.child_by_field_name("name"), node.child_by_field_name("arguments")
    if name is None or given is None:
        return 0
    receiver = _receiver(b, node)
    if receiver >= 0:
        callee = b.expr(ExprOp.MEMBER, receiver, b.name_of(name))
    else:
        callee = b.expr(ExprOp.NAME, b.name_of(name), b.scope_at(name.start_byte), METHODS)
    return b.expr(ExprOp.CALL, callee, *given_arguments(b, given))


def given_arguments(b: Builder, node: Node) -> list[int]:
    """All arguments: how many there are tells overloads apart."""
    return [b.expr_of(child) for child in node.named_children if not child.is_extra][:64]


def _new(b: Builder, node: Node) -> int:
    type_node, given = node.child_by_field_name("type"), node.child_by_field_name("arguments")
    arguments = given_arguments(b, given) if given is not None else []
    made = b.expr_of(type_node)
    first = node.child(0)
    if first.is_named and type_node is not None and type_node.type == "type_identifier":
        # `outer.new Inner()`
        inner = b.expr(ExprOp.TYPEOF, b.expr_of(first))
        made = b.expr(ExprOp.MEMBER, inner, b.name_of(type_node))
    return b.expr(ExprOp.NEW, made, *arguments)


def _array_creation(b: Builder, node: Node) -> int:
    made = b.expr_of(node.child_by_field_name("type"))
    for child in node.children:
        if child.type == "dimensions_expr":
            made = b.expr(ExprOp.ARRAY, made)
        elif child.type == "dimensions":
            made = arrays_of(b, made, child)
    return b.expr(ExprOp.INSTANCE, made)


def arrays_of(b: Builder, made: int, dimensions: Node) -> int:
    """The type of arrays of a type, with as many dimensions as there are brackets."""
    for child in dimensions.children:
        if child.type == "[":
            made = b.expr(ExprOp.ARRAY, made)
    return made


def _binary(b: Builder, node: Node) -> int:
    operator = node.child_by_field_name("operator")
    if operator is None:
        return 0
    if operator.type in _COMPARISONS:
        return b.expr(ExprOp.LITERAL, b.name_index("boolean"))
    at: Node | None = node
    operands: list[Node] = []
    while at is not None and at.type == "binary_expression" and len(operands) < _MAX_OPERANDS:
        right = at.child_by_field_name("right")
        if right is not None:
            operands.append(right)
        at = at.child_by_field_name("left")
    if at is not None:
        operands.append(at)
    if operator.type == "+" and any(part.type == "string_literal" for part in operands):
        return b.expr(ExprOp.LITERAL, b.name_index("String"))
    if operator.type == "+" and len(operands) < _MAX_OPERANDS:
        return b.union(*(b.expr_of(part) for part in reversed(operands)))
    return b.expr_of(operands[-1])


def _number(b: Builder, node: Node) -> int:
    text = b.source[node.start_byte : node.end_byte].lower()
    kind = "long" if text.endswith(b"l") else "int"
    return b.expr(ExprOp.LITERAL, b.name_index(kind))


def _float(b: Builder, node: Node) -> int:
    text = b.source[node.start_byte : node.end_byte].lower()
    return b.expr(ExprOp.LITERAL, b.name_index("float" if text.endswith(b"f") else "double"))


def _class_literal(b: Builder, node: Node) -> int:
    inner = b.expr(ExprOp.INSTANCE, b.expr_of(b.first_named(node)))
    return b.expr(ExprOp.LITERAL, b.name_index("Class"), inner)


def _lambda(b: Builder, node: Node) -> int:
    row = b.def_of_node.get(node.id, -1)
    return b.expr(ExprOp.LAMBDA, row) if row >= 0 else 0


def _method_reference(b: Builder, node: Node) -> int:
    first, last = b.first_named(node), node.children[-1]
    if first is None:
        return 0
    obj = b.expr_of(first)
    if last.type == "identifier":
        function, at, others = expected_by(b, node)
        expected = b.expr(ExprOp.ARGUMENT, function, at, -1, *others) if function > 0 else 0
        return b.expr(ExprOp.METHOD, obj, b.name_of(last), expected)
    # `Type::new`: a function that gives a new one; of an array it takes the length
    takes = [b.expr(ExprOp.NAME, b.name_index("int"), 0, TYPES)] if first.type == "array_type" else []
    return b.expr(ExprOp.INSTANCE, b.expr(ExprOp.FUNCTION_TYPE, obj, *takes))


def _switch(b: Builder, node: Node) -> int:
    """The values of the rules that are plain expressions."""
    body = node.child_by_field_name("body")
    found: list[int] = []
    for rule in body.named_children if body is not None else ():
        if rule.type == "switch_rule":
            last = rule.named_children[-1]
            if last.type == "expression_statement":
                found.append(b.expr_of(b.first_named(last)))
    return b.union(*found)


def _primitive(b: Builder, node: Node) -> int:
    """A type that only a keyword names; no definition can shadow it."""
    return b.expr(ExprOp.NAME, b.name_of(node), 0, TYPES)


def _generic(b: Builder, node: Node) -> int:
    parts = node.named_children
    made = b.expr_of(parts[0]) if parts else 0
    given = [child for child in parts[1:] if child.type == "type_arguments"]
    arguments = [b.expr_of(child) for child in given[0].named_children if not child.is_extra] if given else []
    return b.expr(ExprOp.GENERIC, made, *arguments) if arguments else made


def _array_type(b: Builder, node: Node) -> int:
    element, dimensions = node.child_by_field_name("element"), node.child_by_field_name("dimensions")
    made = b.expr_of(element)
    return arrays_of(b, made, dimensions) if dimensions is not None else made


def _scoped_type(b: Builder, node: Node) -> int:
    parts = [
        child for child in node.named_children if child.type.endswith(("type_identifier", "generic_type"))
    ]
    if len(parts) < 2:
        return 0
    return b.expr(ExprOp.MEMBER, b.expr_of(parts[0]), b.name_of(parts[-1]))


def _wildcard(b: Builder, node: Node) -> int:
    """``? extends T`` and ``? super T`` are used as T."""
    bounds = [child for child in node.named_children if child.type not in ("super", "marker_annotation")]
    return b.expr_of(bounds[-1]) if bounds else b.expr(ExprOp.NAME, b.name_index("Object"), 0, TYPES)


def _last(b: Builder, node: Node) -> int:
    return b.expr_of(node.named_children[-1]) if node.named_child_count else 0


def expected_by(b: Builder, node: Node) -> tuple[int, int, list[int]]:
    """The function whose argument a lambda is, its position, and the other arguments."""
    parent = node.parent
    while parent is not None and parent.type in ("parenthesized_expression", "ternary_expression"):
        node, parent = parent, parent.parent
    if parent is None:
        return 0, 0, []
    if parent.type == "argument_list" and parent.parent is not None:
        call = parent.parent
        arguments = [child for child in parent.named_children if not child.is_extra]
        at = next((i for i, child in enumerate(arguments) if child == node), 0)
        others = [0 if _is_function(child) else b.expr_of(child) for child in arguments]
        return _callee(b, call), at, others
    declared: Node | None = None
    if parent.type == "variable_declarator" and parent.parent is not None:
        declared = parent.parent.child_by_field_name("type")
    elif parent.type == "cast_expression":
        declared = parent.child_by_field_name("type")
    elif parent.type == "return_statement":
        around: Node | None = parent
        while around is not None and around.type not in ("method_declaration", "lambda_expression"):
            around = around.parent
        declared = around.child_by_field_name("type") if around is not None else None
    elif parent.type == "assignment_expression":
        left = parent.child_by_field_name("left")
        made = b.expr(ExprOp.TYPEOF, b.expr_of(left))
        return b.expr(ExprOp.INSTANCE, b.expr(ExprOp.FUNCTION_TYPE, -1, made)), 0, []
    if declared is None:
        return 0, 0, []
    return b.expr(ExprOp.INSTANCE, b.expr(ExprOp.FUNCTION_TYPE, -1, b.expr_of(declared))), 0, []


def _is_function(node: Node) -> bool:
    return node.type in ("lambda_expression", "method_reference")


def _callee(b: Builder, call: Node) -> int:
    """What is called, as a value: a method by its receiver and name, or the class that is constructed."""
    if call.type == "method_invocation":
        name = call.child_by_field_name("name")
        if name is None:
            return 0
        receiver = _receiver(b, call)
        if receiver >= 0:
            return b.expr(ExprOp.MEMBER, receiver, b.name_of(name))
        return b.expr(ExprOp.NAME, b.name_of(name), b.scope_at(name.start_byte), METHODS)
    if call.type == "object_creation_expression":
        return b.expr_of(call.child_by_field_name("type"))
    return 0


EXPRESSIONS: dict[str, base.ExprHandler] = {
    "identifier": _name,
    "type_identifier": _type_name,
    "this": _this,
    "super": _super,
    "field_access": _field_access,
    "scoped_identifier": base.member("scope", "name"),
    "method_invocation": _call,
    "object_creation_expression": _new,
    "array_creation_expression": _array_creation,
    "array_access": base.index("array", "index"),
    "cast_expression": base.wrap(ExprOp.INSTANCE, "type"),
    "instanceof_expression": base.literal("boolean"),
    "ternary_expression": base.union("consequence", "alternative"),
    "parenthesized_expression": base.inner(),
    "assignment_expression": base.inner("right"),
    "binary_expression": _binary,
    "unary_expression": base.inner("operand"),
    "update_expression": base.inner(),
    "switch_expression": _switch,
    "string_literal": base.literal("String"),
    "character_literal": base.literal("char"),
    "decimal_integer_literal": _number,
    "hex_integer_literal": _number,
    "octal_integer_literal": _number,
    "binary_integer_literal": _number,
    "decimal_floating_point_literal": _float,
    "hex_floating_point_literal": _float,
    "true": base.literal("boolean"),
    "false": base.literal("boolean"),
    "null_literal": base.literal("null"),
    "class_literal": _class_literal,
    "lambda_expression": _lambda,
    "method_reference": _method_reference,
    "integral_type": _primitive,
    "floating_point_type": _primitive,
    "boolean_type": _primitive,
    "generic_type": _generic,
    "array_type": _array_type,
    "scoped_type_identifier": _scoped_type,
    "wildcard": _wildcard,
    "annotated_type": _last,
    "catch_type": base.union(),
    "type_bound": base.union(),
}
