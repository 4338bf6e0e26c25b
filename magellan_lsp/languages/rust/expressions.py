"""What Rust's expressions and types are, as symbolic expressions.

References are left out: members reach through them, so ``&T`` is ``T`` to us.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefKind, ExprOp
from magellan_lsp.languages import base
from magellan_lsp.languages.rust.names import MACROS, TYPES, VALUES, is_macro, plain, self_owner

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_PATH = int(ExprOp.PATH)
_CALL = int(ExprOp.CALL)
_MEMBER = int(ExprOp.MEMBER)
_FN_TRAITS = frozenset({"Fn", "FnMut", "FnOnce", "AsyncFn", "AsyncFnMut", "AsyncFnOnce"})
_COMPARISONS = frozenset({"==", "!=", "<", ">", "<=", ">=", "&&", "||"})
_NUMBER_TYPES = (
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64",
)  # fmt: skip
#: What the macros of the standard library give: name -> type.
_MACRO_RESULTS = {"format": "String", "concat": "str", "stringify": "str", "env": "str", "file": "str"}
#: Macros that give one of their arguments back: name -> its position.
_MACRO_ARGUMENTS = {"dbg": 0, "pin": 0, "ready": 0}
_MAX_ARMS = 8
_LAST_NAME = re.compile(rb"[A-Za-z_]\w*\s*\Z")


def name(b: Builder, node: Node, space: int = 0) -> int:
    """A plain name, in the name space that its place asks for."""
    start = node.start_byte
    if start in b.types or space == TYPES:
        return type_name(b, node)
    return b.name_expr(plain(b.text(node)), start, VALUES)


def type_name(b: Builder, node: Node) -> int:
    """A plain name of a type or module."""
    text = plain(b.text(node))
    if text == "Self":
        return self_type(b, node.start_byte)
    return b.name_expr(text, node.start_byte, TYPES)


def self_type(b: Builder, offset: int) -> int:
    """``Self`` as a type."""
    owner = self_owner(b, offset)
    if owner < 0:
        return 0
    kind = b.def_kind[owner]
    if kind == DefKind.IMPL:
        node: Node | None = b.notes["impls"].get(owner)
        return b.expr_of(node)
    if kind == DefKind.TRAIT:
        return b.expr(ExprOp.TYPEOF, b.expr(ExprOp.SELF, owner))
    return b.expr(ExprOp.DEF, owner, 0)


def self_value(b: Builder, owner: int) -> int:
    """The receiver inside an impl or trait."""
    if b.def_kind[owner] == DefKind.IMPL:
        return b.expr(ExprOp.INSTANCE, b.expr_of(b.notes["impls"].get(owner)))
    return b.expr(ExprOp.SELF, owner)


def _self(b: Builder, node: Node) -> int:
    if node.start_byte in b.types or b.source[node.end_byte : node.end_byte + 2] == b"::":
        return b.name_expr("self", node.start_byte, TYPES)
    return b.name_expr("self", node.start_byte, VALUES)


def _keyword(b: Builder, node: Node) -> int:
    """``crate`` and ``super`` at the head of a path."""
    return b.expr(ExprOp.NAME, b.name_of(node), b.scope_at(node.start_byte), TYPES)


def _primitive(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.NAME, b.name_of(node), 0, TYPES)


def path(b: Builder, node: Node) -> int:
    """``a::b``."""
    head, last = node.child_by_field_name("path"), node.child_by_field_name("name")
    if last is None:
        return 0
    text = plain(b.text(last))
    if head is None:  # `::a`: a crate
        return b.expr(ExprOp.NAME, b.name_index("::" + text), 0, TYPES)
    return b.expr(_PATH, b.expr_of(head), b.name_index(text))


def _qualified(b: Builder, node: Node) -> int:
    """``<T as Trait>``: what the type has is what counts; the trait where the type says nothing."""
    inner = b.first_named(node) if node.type == "bracketed_type" else node
    if inner is None or inner.type != "qualified_type":
        return b.expr_of(inner)
    trait = inner.child_by_field_name("alias")
    return b.union(b.expr_of(inner.child_by_field_name("type")), b.expr_of(trait))


def _field(b: Builder, node: Node) -> int:
    obj, field = node.child_by_field_name("value"), node.child_by_field_name("field")
    if obj is None or field is None:
        return 0
    return b.expr(_MEMBER, b.expr_of(obj), b.name_of(field))


def _call(b: Builder, node: Node) -> int:
    function = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    if function is None:
        return 0
    last = function.child_by_field_name("name") if function.type == "scoped_identifier" else function
    if last is not None and last.type == "identifier" and is_macro(b, last):
        return _macro_value(b, function, plain(b.text(last)), arguments)
    given = b.arguments(arguments) if arguments is not None else ()
    return b.expr(_CALL, b.expr_of(function), *given)


def _macro_value(b: Builder, named: Node, macro: str, arguments: Node | None) -> int:
    """What a macro call gives: known of the few that everybody uses, else what the macro's rules end in."""
    known = _MACRO_RESULTS.get(macro)
    if known is not None:
        return b.expr(ExprOp.LITERAL, b.name_index(known))
    position = _MACRO_ARGUMENTS.get(macro)
    if position is not None and arguments is not None:
        given = list(b.arguments(arguments))
        return given[position] if position < len(given) else 0
    if macro == "matches":
        return b.expr(ExprOp.LITERAL, b.name_index("bool"))
    values = b.arguments(arguments) if arguments is not None else ()
    head = named.child_by_field_name("path") if named.type == "scoped_identifier" else None
    if head is not None:
        return b.expr(_CALL, b.expr(_PATH, b.expr_of(head), b.name_index(macro)), *values)
    return b.expr(_CALL, b.name_expr(macro, named.start_byte, MACROS), *values)


def _macro_invocation(b: Builder, node: Node) -> int:
    macro = node.child_by_field_name("macro")
    return _macro_value(b, macro, b.text(macro).rsplit("::", 1)[-1], None) if macro is not None else 0


def _blanked(b: Builder, node: Node) -> str:
    """The name of the macro whose path before a bracket was blanked out for the parser; empty: none was."""
    before = b.source[max(0, node.start_byte - 100) : node.start_byte].rstrip()
    if not before.endswith(b"!"):
        return ""
    found = _LAST_NAME.search(before, 0, len(before) - 1)
    return found.group().decode() if found is not None else ""


def _generic_function(b: Builder, node: Node) -> int:
    function, given = node.child_by_field_name("function"), node.child_by_field_name("type_arguments")
    return b.expr(ExprOp.GENERIC, b.expr_of(function), *_type_arguments(b, given))


def _generic_type(b: Builder, node: Node) -> int:
    head = node.child_by_field_name("type")
    given = _type_arguments(b, node.child_by_field_name("type_arguments"))
    inner = b.expr_of(head)
    return b.expr(ExprOp.GENERIC, inner, *given) if given and inner else inner


def _type_arguments(b: Builder, node: Node | None) -> list[int]:
    found: list[int] = []
    for child in node.named_children if node is not None else ():
        if child.type == "type_binding":
            bound, value = child.child_by_field_name("name"), child.child_by_field_name("type")
            if bound is not None:
                found.append(b.expr(ExprOp.BINDING, b.name_of(bound), b.expr_of(value)))
        elif child.type not in ("lifetime", "line_comment", "block_comment"):
            found.append(b.expr_of(child))
    return found


def _function_type(b: Builder, node: Node) -> int:
    """``Fn(A) -> B`` and ``fn(A) -> B``."""
    trait = node.child_by_field_name("trait")
    if trait is not None and b.text(trait).rsplit("::", 1)[-1] not in _FN_TRAITS:
        return b.expr_of(trait)
    result = node.child_by_field_name("return_type")
    parameters = node.child_by_field_name("parameters")
    given: list[int] = []
    for child in parameters.named_children if parameters is not None else ():
        if child.type == "parameter":
            given.append(b.expr_of(child.child_by_field_name("type")))
        elif not child.is_extra and child.type != "attribute_item":
            given.append(b.expr_of(child))
    return b.expr(ExprOp.FUNCTION_TYPE, b.expr_of(result) or -1, *given)


def _bounds(b: Builder, node: Node) -> int:
    """``A + B``: what any of them has."""
    return b.union(
        *(b.expr_of(child) for child in node.named_children if child.type not in ("lifetime", "use_bounds"))
    )


def _struct(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.NEW, b.expr_of(node.child_by_field_name("name")))


def _block(b: Builder, node: Node) -> int:
    """The value of a block; the braces may be those of a macro, which then may give something else."""
    macro = _blanked(b, node)
    value = block_value(b, node)
    return b.union(b.expr(_CALL, b.name_expr(macro, node.start_byte, MACROS)), value) if macro else value


def block_value(b: Builder, node: Node | None) -> int:
    """What a block gives: its last expression when no semicolon follows it."""
    if node is None or not node.named_child_count:
        return 0
    last = node.named_children[-1]
    at = node.named_child_count - 1
    while last.is_extra and at > 0:
        at -= 1
        last = node.named_children[at]
    if last.type == "expression_statement":
        if b.source[last.end_byte - 1] == 0x3B:
            return 0
        inner = b.first_named(last)
        return b.expr_of(inner) if inner is not None else 0
    return b.expr_of(last)


def _if(b: Builder, node: Node) -> int:
    otherwise = node.child_by_field_name("alternative")
    inner = b.first_named(otherwise) if otherwise is not None else None
    return b.union(block_value(b, node.child_by_field_name("consequence")), b.expr_of(inner))


def _match(b: Builder, node: Node) -> int:
    body = node.child_by_field_name("body")
    arms: list[int] = []
    for arm in body.named_children if body is not None else ():
        if arm.type == "match_arm":
            arms.append(b.expr_of(arm.child_by_field_name("value")))
            if len(arms) == _MAX_ARMS:
                break
    return b.union(*arms)


def _inner_block(b: Builder, node: Node) -> int:
    for child in node.named_children:
        if child.type == "block":
            return block_value(b, child)
    return 0


def _binary(b: Builder, node: Node) -> int:
    operator = node.child_by_field_name("operator")
    if operator is not None and b.text(operator) in _COMPARISONS:
        return b.expr(ExprOp.LITERAL, b.name_index("bool"))
    return b.expr_of(node.child_by_field_name("left"))


def _unary(b: Builder, node: Node) -> int:
    inner = b.first_named(node)
    if inner is None:
        return 0
    value = b.expr_of(inner)
    return b.expr(ExprOp.DEREF, value) if b.source[node.start_byte] == 0x2A and value else value


def _index(b: Builder, node: Node) -> int:
    parts = [child for child in node.named_children if not child.is_extra]
    if len(parts) < 2:
        return 0
    return b.expr(ExprOp.INDEX, b.expr_of(parts[0]), b.expr_of(parts[1]))


def _array(b: Builder, node: Node) -> int:
    parts = [b.expr_of(child) for child in node.named_children[:4] if not child.is_extra]
    macro = _blanked(b, node)
    if macro and macro != "vec":
        return b.expr(_CALL, b.name_expr(macro, node.start_byte, MACROS), *parts)
    return b.expr(ExprOp.LITERAL, b.name_index("Vec" if macro else "[]"), b.union(*parts))


def _number(default: str) -> base.ExprHandler:
    def build(b: Builder, node: Node) -> int:
        text = b.text(node)
        for suffix in _NUMBER_TYPES:
            if text.endswith(suffix):
                return b.expr(ExprOp.LITERAL, b.name_index(suffix))
        return b.expr(ExprOp.LITERAL, b.name_index(default))

    return build


def _string(b: Builder, node: Node) -> int:
    if b.source[node.start_byte] == 0x62:  # b"..."
        return b.expr(ExprOp.LITERAL, b.name_index("[]"), b.expr(ExprOp.LITERAL, b.name_index("u8")))
    return b.expr(ExprOp.LITERAL, b.name_index("str"))


def _closure(b: Builder, node: Node) -> int:
    row = b.def_of_node.get(node.id, -1)
    return b.expr(ExprOp.LAMBDA, row) if row >= 0 else 0


def _cast(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.INSTANCE, b.expr_of(node.child_by_field_name("type")))


_RANGES = ("..", "..=", "...")


def _range(b: Builder, node: Node) -> int:
    ends = [child for child in node.named_children if not child.is_extra][:2]
    operator = next((child for child in node.children if child.type in _RANGES), None)
    if operator is None or not ends:
        name = "RangeFull"
    elif len(ends) == 2:
        name = "RangeInclusive" if operator.type != ".." else "Range"
    elif ends[0].start_byte < operator.start_byte:
        name = "RangeFrom"
    else:
        name = "RangeToInclusive" if operator.type != ".." else "RangeTo"
    return b.expr(ExprOp.LITERAL, b.name_index(name), b.union(*(b.expr_of(child) for child in ends)))


def _break_value(b: Builder, node: Node) -> int:
    return 0


EXPRESSIONS: dict[str, base.ExprHandler] = {
    # values
    "identifier": name,
    "self": _self,
    "crate": _keyword,
    "super": _keyword,
    "scoped_identifier": path,
    "field_expression": _field,
    "call_expression": _call,
    "macro_invocation": _macro_invocation,
    "generic_function": _generic_function,
    "struct_expression": _struct,
    "reference_expression": base.inner("value"),
    "parenthesized_expression": base.inner(),
    "unary_expression": _unary,
    "try_expression": base.wrap(ExprOp.TRY),
    "await_expression": base.wrap(ExprOp.AWAIT),
    "index_expression": _index,
    "tuple_expression": base.many(ExprOp.TUPLE),
    "array_expression": _array,
    "if_expression": _if,
    "match_expression": _match,
    "block": _block,
    "unsafe_block": _inner_block,
    "async_block": _inner_block,
    "try_block": _inner_block,
    "const_block": _inner_block,
    "binary_expression": _binary,
    "type_cast_expression": _cast,
    "range_expression": _range,
    "closure_expression": _closure,
    "string_literal": _string,
    "raw_string_literal": _string,
    "integer_literal": _number("i32"),
    "float_literal": _number("f64"),
    "boolean_literal": base.literal("bool"),
    "char_literal": base.literal("char"),
    # types
    "type_identifier": type_name,
    "primitive_type": _primitive,
    "scoped_type_identifier": path,
    "generic_type": _generic_type,
    "generic_type_with_turbofish": _generic_type,
    "bracketed_type": _qualified,
    "qualified_type": _qualified,
    "reference_type": base.inner("type"),
    "pointer_type": base.inner("type"),
    "array_type": base.wrap(ExprOp.ARRAY, "element"),
    "tuple_type": base.many(ExprOp.TUPLE),
    "function_type": _function_type,
    "abstract_type": base.inner("trait"),
    "dynamic_type": base.inner("trait"),
    "bounded_type": _bounds,
    "trait_bounds": _bounds,
    "higher_ranked_trait_bound": base.inner("type"),
}
