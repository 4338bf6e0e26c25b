"""The expressions of TypeScript's types.

A type expression denotes a type: a name, ``GENERIC`` with arguments, ``UNION`` (an intersection too: its
members are those of all parts), ``FUNCTION_TYPE``, ``TUPLE``, or the nameless definition of an object type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import ExprOp
from magellan_lsp.languages import base
from magellan_lsp.languages.javascript.expressions import (
    EXPRESSIONS,
    TYPES,
    string_text,
    this_owner,
)

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: So many parameters of a function type count; a rest parameter stands for all that are left.
_MAX_PARAMETERS = 12
_PREDEFINED = {
    "string": "String",
    "number": "Number",
    "boolean": "Boolean",
    "symbol": "Symbol",
    "bigint": "BigInt",
    "object": "Object",
    "unique symbol": "Symbol",
}


def builtin(b: Builder, name: str) -> int:
    """A type that the language itself brings."""
    return b.expr(ExprOp.NAME, b.name_index(name), 0, TYPES)


def type_name(b: Builder, node: Node) -> int:
    """A plain name of a type."""
    return b.name_expr(b.text(node), node.start_byte, TYPES)


def predefined(b: Builder, node: Node) -> int:
    """``string``, ``number``; nothing for ``any``, ``unknown``, ``void``, ``never``."""
    name = _PREDEFINED.get(b.text(node))
    return builtin(b, name) if name else 0


def generic(b: Builder, node: Node) -> int:
    """``Name<A, B>``."""
    name, given = node.child_by_field_name("name"), node.child_by_field_name("type_arguments")
    found = b.expr_of(name)
    if found <= 0:
        return 0
    arguments = (
        [b.expr_of(part) for part in given.named_children if not part.is_extra] if given is not None else []
    )
    return b.expr(ExprOp.GENERIC, found, *arguments)


def nested(b: Builder, node: Node) -> int:
    """``Module.Name``."""
    module, name = node.child_by_field_name("module"), node.child_by_field_name("name")
    found = b.expr_of(module)
    return b.expr(ExprOp.MEMBER, found, b.name_of(name)) if found > 0 and name is not None else 0


def nested_value(b: Builder, node: Node) -> int:
    """``A.B`` in a namespace path."""
    obj, name = node.child_by_field_name("object"), node.child_by_field_name("property")
    found = b.expr_of(obj)
    return b.expr(ExprOp.MEMBER, found, b.name_of(name)) if found > 0 and name is not None else 0


def alternatives(b: Builder, node: Node) -> int:
    """Unions and intersections. They nest to the left, so that a long one is deep: no recursion here."""
    parts: list[int] = []
    stack = [node]
    kind = node.kind_id
    other = node.type
    while stack:
        at = stack.pop()
        for child in at.named_children:
            if child.kind_id == kind and child.type == other:
                stack.append(child)
            elif not child.is_extra:
                parts.append(b.expr_of(child))
    if other == "intersection_type":
        known = [part for part in parts[:32] if part > 0]
        return b.expr(ExprOp.INTERSECTION, *known) if len(known) > 1 else b.union(*known)
    return b.union(*parts[:32])


def array(b: Builder, node: Node) -> int:
    """``T[]``."""
    return b.expr(ExprOp.GENERIC, builtin(b, "Array"), b.expr_of(b.first_named(node)))


def tuple_type(b: Builder, node: Node) -> int:
    """``[A, B]``, names of the parts left out."""
    parts = []
    for child in node.named_children[:16]:
        if child.is_extra:
            continue
        declared = child.child_by_field_name("type")
        parts.append(b.expr_of(declared if declared is not None else child))
    return b.expr(ExprOp.TUPLE, *parts)


def function(b: Builder, node: Node) -> int:
    """``(a: A) => R`` and ``new (a: A) => R``."""
    result = node.child_by_field_name("return_type") or node.child_by_field_name("type")
    given = node.child_by_field_name("parameters")
    parts: list[int] = []
    for child in given.named_children[:_MAX_PARAMETERS] if given is not None else ():
        pattern = child.child_by_field_name("pattern")
        if child.is_extra or (pattern is not None and pattern.type == "this"):
            continue
        declared = child.child_by_field_name("type")
        if pattern is not None and pattern.type == "rest_pattern":
            parts += [_element(b, declared)] * (_MAX_PARAMETERS - len(parts))
        else:
            parts.append(b.expr_of(declared) if declared is not None else 0)
    return b.expr(ExprOp.FUNCTION_TYPE, b.expr_of(result) or -1, *parts)


def _element(b: Builder, declared: Node | None) -> int:
    """``T`` of a rest parameter's ``: T[]``; 0 for any other type."""
    array = b.first_named(declared) if declared is not None else None
    if array is None or array.type != "array_type":
        return 0
    inner = b.first_named(array)
    return b.expr_of(inner) if inner is not None else 0


def object_type(b: Builder, node: Node) -> int:
    """``{ a: A }``: the nameless definition made for it; ``{ [K in keyof T]: T[K] }`` is as good as ``T``."""
    if node.named_child_count == 1:
        mapped = _mapped(b, node.named_children[0])
        if mapped > 0:
            return mapped
    row = b.def_of_node.get(node.id, -1)
    return b.expr(ExprOp.DEF, row, 0) if row >= 0 else 0


def _mapped(b: Builder, signature: Node) -> int:
    """The type over whose keys a mapped type goes, when it keeps their values."""
    if signature.type != "index_signature" or not signature.named_child_count:
        return 0
    clause, value = signature.named_children[0], signature.child_by_field_name("type")
    keys = clause.child_by_field_name("type") if clause.type == "mapped_type_clause" else None
    kept = b.first_named(value) if value is not None else None
    if keys is None or keys.type != "index_type_query" or kept is None or kept.type != "lookup_type":
        return 0
    over, taken = b.first_named(keys), b.first_named(kept)
    if over is None or taken is None or b.text(over) != b.text(taken):
        return 0
    return b.expr_of(over)


def query(b: Builder, node: Node) -> int:
    """``typeof value``."""
    found = b.expr_of(b.first_named(node))
    return b.expr(ExprOp.TYPEOF, found) if found > 0 else 0


def indexed(b: Builder, node: Node) -> int:
    """``T["name"]`` and ``T[number]``."""
    parts = [child for child in node.named_children if not child.is_extra]
    if len(parts) != 2:
        return 0
    inner = b.expr_of(parts[0])
    if inner <= 0:
        return 0
    value = b.expr(ExprOp.INSTANCE, inner)
    key = b.first_named(parts[1]) if parts[1].type == "literal_type" else None
    if key is not None and key.type == "string":
        return b.expr(ExprOp.TYPEOF, b.expr(ExprOp.MEMBER, value, b.name_index(string_text(b, key))))
    return b.expr(ExprOp.TYPEOF, b.expr(ExprOp.INDEX, value, -1))


def conditional(b: Builder, node: Node) -> int:
    """``A extends B ? C : D``: one of both."""
    return b.union(
        b.expr_of(node.child_by_field_name("consequence")), b.expr_of(node.child_by_field_name("alternative"))
    )


def literal(b: Builder, node: Node) -> int:
    """``"text"``, ``1``, ``null`` as types."""
    inner = b.first_named(node)
    if inner is not None and inner.type == "string":
        return b.expr(ExprOp.STRING, b.name_index(string_text(b, inner)))
    name = _LITERALS.get(inner.type) if inner is not None else None
    return builtin(b, name) if name else 0


_LITERALS = {
    "number": "Number",
    "true": "Boolean",
    "false": "Boolean",
    "unary_expression": "Number",
}


def this_type(b: Builder, node: Node) -> int:
    """``this`` as a type."""
    owner, _, _ = this_owner(b, b.scope_at(node.start_byte))
    return b.expr(ExprOp.SELF, owner) if owner >= 0 else 0


def infer(b: Builder, node: Node) -> int:
    """``infer T``: the type parameter."""
    return b.expr_of(b.first_named(node))


def assertion(b: Builder, node: Node) -> int:
    """``value as T``; ``as const`` keeps the value's own type."""
    parts = [child for child in node.named_children if not child.is_extra]
    if len(parts) < 2:
        return b.expr_of(parts[0]) if parts else 0
    found = b.expr_of(parts[1])
    return b.expr(ExprOp.INSTANCE, found) if found > 0 else 0


def old_assertion(b: Builder, node: Node) -> int:
    """``<T>value``."""
    given = b.first_named(node)
    found = b.expr_of(b.first_named(given)) if given is not None else 0
    return b.expr(ExprOp.INSTANCE, found) if found > 0 else 0


def instantiation(b: Builder, node: Node) -> int:
    """``f<T>`` without a call."""
    given = node.child_by_field_name("type_arguments")
    found = b.expr_of(b.first_named(node))
    if found <= 0 or given is None:
        return found
    return b.expr(ExprOp.GENERIC, found, *(b.expr_of(part) for part in given.named_children))


def named(name: str) -> base.ExprHandler:
    """A type that is always the same built-in one."""
    return lambda b, node: builtin(b, name)


def predicate(b: Builder, node: Node) -> int:
    """``value is Type``: true or false, and what is known of the value when it is true."""
    given = node.child_by_field_name("type")
    found = b.expr_of(given) if given is not None else 0
    truth = builtin(b, "Boolean")
    return b.expr(ExprOp.GENERIC, truth, found) if found > 0 else truth


TYPE_EXPRESSIONS: dict[str, base.ExprHandler] = {
    **EXPRESSIONS,
    "type_annotation": base.inner(),
    "opting_type_annotation": base.inner(),
    "omitting_type_annotation": base.inner(),
    "adding_type_annotation": base.inner(),
    "type_identifier": type_name,
    "predefined_type": predefined,
    "generic_type": generic,
    "nested_type_identifier": nested,
    "nested_identifier": nested_value,
    "union_type": alternatives,
    "intersection_type": alternatives,
    "array_type": array,
    "tuple_type": tuple_type,
    "readonly_type": base.inner(),
    "parenthesized_type": base.inner(),
    "optional_type": base.inner(),
    "rest_type": base.inner(),
    "constraint": base.inner(),
    "default_type": base.inner(),
    "function_type": function,
    "constructor_type": function,
    "object_type": object_type,
    "type_query": query,
    "index_type_query": named("String"),
    "lookup_type": indexed,
    "conditional_type": conditional,
    "literal_type": literal,
    "template_literal_type": named("String"),
    "this_type": this_type,
    "infer_type": infer,
    "type_predicate": predicate,
    "type_predicate_annotation": base.inner(),
    "as_expression": assertion,
    "satisfies_expression": base.inner(),
    "non_null_expression": base.inner(),
    "type_assertion": old_assertion,
    "instantiation_expression": instantiation,
}
