"""What Python expressions, and types in annotations and strings, are as expressions of the facts."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ScopeKind
from magellan_lsp.languages import base

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder


def _call(b: Builder, node: Node) -> int:
    function = node.child_by_field_name("function")
    if function is None:
        return 0
    if function.type == "identifier" and b.text(function) == "super":
        owner = _class_around(b, node.start_byte)
        return b.expr(ExprOp.SUPER, owner) if owner >= 0 else 0
    if function.type == "identifier":
        owner = _own_class(b, function)
        if owner >= 0:
            return b.expr(ExprOp.SELF, owner)
    arguments = node.child_by_field_name("arguments")
    given: list[int] = []
    named: list[int] = []
    build = b.expr_of
    if b.text(function).rpartition(".")[2] == "TypeVar":  # its bound and constraints are types
        build = partial(_type_part, b)
    if arguments is not None:
        if arguments.type == "generator_expression":
            given.append(b.expr_of(arguments))
        else:
            for child in arguments.named_children:
                if child.type == "keyword_argument":
                    name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                    inner = build(value) if value is not None else 0
                    if name is not None:
                        named.append(b.expr(ExprOp.NAMED, b.name_of(name), inner))
                elif child.type in ("dictionary_splat", "list_splat"):  # any number of arguments
                    stars = "*" if child.type == "list_splat" else "**"
                    named.append(b.expr(ExprOp.NAMED, b.name_index(stars), 0))
                elif child.type != "comment":
                    given.append(build(child) if given else b.expr_of(child))
                if len(given) + len(named) == 8:
                    break
    return b.expr(ExprOp.CALL, b.expr_of(function), *given, *named)


def _own_class(b: Builder, name: Node) -> int:
    """The class, if ``name`` is the ``cls`` of one of its class methods; else -1. What ``cls()`` makes is
    then an
    instance of the class that the method was called through.
    """
    scope = b.enclosing(b.scope_at(name.start_byte), ScopeKind.FUNCTION)
    function = b.scope_def[scope] if scope > 0 else -1
    if function < 0 or not b.def_flags[function] & DefFlag.CLASSMETHOD:
        return -1
    return receiver_class(b, name)


def _class_around(b: Builder, offset: int) -> int:
    """The class in whose method an offset lies, or -1."""
    scope = b.enclosing(b.scope_at(offset), ScopeKind.CLASS)
    return b.scope_def[scope] if scope > 0 else -1


def _operator(b: Builder, node: Node) -> int:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return 0
    sign = b.text(operator)
    if sign == "|":
        return _either(b, b.expr_of(left), b.expr_of(right))
    method = _OPERATORS.get(sign)
    obj = b.expr_of(left)
    if method is None or not obj:
        return 0
    return b.expr(ExprOp.CALL, b.expr(ExprOp.MEMBER, obj, b.name_index(method)), b.expr_of(right))


_OPERATORS = {
    "+": "__add__",
    "-": "__sub__",
    "*": "__mul__",
    "/": "__truediv__",
    "//": "__floordiv__",
    "%": "__mod__",
    "@": "__matmul__",
    "&": "__and__",
}


def _subscript(b: Builder, node: Node) -> int:
    """``value[key]``; also ``Callable[[A, B], C]`` where a value is expected, as in a type alias."""
    value = node.child_by_field_name("value")
    if value is None:
        return 0
    keys = []
    for key in node.children_by_field_name("subscript"):
        if key.type == "list":
            keys.append(b.expr(ExprOp.TUPLE, *(_type_part(b, part) for part in key.named_children)))
        elif key.type in ("string", "integer"):
            keys.append(key_expr(b, key))
        else:
            keys.append(b.expr_of(key))
    return b.expr(ExprOp.INDEX, b.expr_of(value), *keys)


def _conditional(b: Builder, node: Node) -> int:
    parts = [child for child in node.named_children if not child.is_extra]
    return b.union(b.expr_of(parts[0]), b.expr_of(parts[-1])) if len(parts) == 3 else 0


def _dictionary(b: Builder, node: Node) -> int:
    pairs = [pair for pair in node.named_children[:16] if pair.type == "pair"]
    if any(may_call(pair.child_by_field_name("value")) for pair in pairs):
        entries = []
        for pair in pairs:
            entries += [
                key_expr(b, pair.child_by_field_name("key")),
                b.expr_of(pair.child_by_field_name("value")),
            ]
        return b.expr(ExprOp.TABLE, b.name_index("dict"), *entries)
    keys: list[int] = []
    values: list[int] = []
    for pair in node.named_children[:8]:
        if pair.type == "pair":
            keys.append(b.expr_of(pair.child_by_field_name("key")))
            values.append(b.expr_of(pair.child_by_field_name("value")))
    return b.expr(ExprOp.LITERAL, b.name_index("dict"), b.union(*keys), b.union(*values))


def _sequence(name: str) -> base.ExprHandler:
    def build(b: Builder, node: Node) -> int:
        if name == "list" and any(may_call(child) for child in node.named_children[:16]):
            elements = [child for child in node.named_children if child.type != "comment"]
            star = next((at for at, child in enumerate(elements) if child.type == "list_splat"), None)
            return listed(b, elements[:star])
        parts = [b.expr_of(child) for child in node.named_children[:16] if child.type != "list_splat"]
        return b.expr(ExprOp.LITERAL, b.name_index(name), b.union(*parts))

    return build


def _comprehension(name: str) -> base.ExprHandler:
    def build(b: Builder, node: Node) -> int:
        body = node.child_by_field_name("body")
        if body is not None and body.type == "pair":
            key, value = body.child_by_field_name("key"), body.child_by_field_name("value")
            return b.expr(ExprOp.LITERAL, b.name_index(name), b.expr_of(key), b.expr_of(value))
        return b.expr(ExprOp.LITERAL, b.name_index(name), b.expr_of(body))

    return build


def _string(b: Builder, node: Node) -> int:
    """A string is a str; where a type is expected it may name one, which ``_type`` looks at first."""
    return b.expr(
        ExprOp.LITERAL,
        b.name_index("bytes" if b.source[node.start_byte : node.start_byte + 1] in b"bB" else "str"),
    )


def _lambda(b: Builder, node: Node) -> int:
    row = b.def_of_node.get(node.id, -1)
    return b.expr(ExprOp.LAMBDA, row) if row >= 0 else 0


def _self_type(b: Builder, text: str, offset: int) -> int:
    """The class that ``Self`` stands for at an offset, also behind any name of its module (``te.Self``); -1 for other
    text and outside of classes.
    """
    module, dot, name = text.rpartition(".")
    if name != "Self" or (dot and module not in _TYPING and not _imports_typing(b, module, offset)):
        return -1
    return _class_around(b, offset)


_TYPING = frozenset({"typing", "typing_extensions"})


def _imports_typing(b: Builder, name: str, offset: int) -> bool:
    """Whether a name is bound by ``import typing as name`` or the like."""
    row = b.lookup(name, offset)
    return row >= 0 and any(
        bound == row and module >= 0 and imported < 0 and b.names[module] in _TYPING
        for bound, module, imported, *_ in b.imports
    )


def _type(b: Builder, node: Node) -> int:
    inner = b.first_named(node)
    if inner is None:
        return 0
    if inner.type == "string":
        return _string_type(b, inner)
    return _type_part(b, inner)


def _type_part(b: Builder, node: Node) -> int:
    kind = node.type
    if kind == "string":
        return _string_type(b, node)
    if kind in ("identifier", "attribute") and b.source[node.start_byte : node.end_byte].endswith(b"Self"):
        owner = _self_type(b, b.text(node), node.start_byte)
        if owner >= 0:
            return b.expr(ExprOp.SELF, owner)
    if kind == "subscript":
        value = node.child_by_field_name("value")
        given = [_type_part(b, child) for child in node.children_by_field_name("subscript")]
        return b.expr(ExprOp.GENERIC, b.expr_of(value), *given) if value is not None else 0
    if kind == "list":
        return b.expr(ExprOp.TUPLE, *(_type_part(b, child) for child in node.named_children))
    if kind == "tuple":
        return b.expr(ExprOp.TUPLE, *(_type_part(b, child) for child in node.named_children))
    if kind in ("binary_operator", "union_type"):
        parts = [child for child in node.named_children if not child.is_extra]
        return _either(b, *(_type_part(b, child) for child in parts))
    return b.expr_of(node)


def _either(b: Builder, *parts: int) -> int:
    """One of the types, in the order in which they are written; unknown ones are left out."""
    known = [part for part in dict.fromkeys(parts) if part > 0]
    return b.expr(ExprOp.UNION, *known) if len(known) > 1 else known[0] if known else 0


def _generic_type(b: Builder, node: Node) -> int:
    name = b.first_named(node)
    given: list[int] = []
    for child in node.named_children[1:]:
        if child.type == "type_parameter":
            given.extend(b.expr_of(part) for part in child.named_children)
    return b.expr(ExprOp.GENERIC, b.expr_of(name), *given)


def _union_type(b: Builder, node: Node) -> int:
    return _either(b, *(_type_part(b, child) for child in node.named_children))


def _member_type(b: Builder, node: Node) -> int:
    parts = [child for child in node.named_children if child.type != "comment"]
    if len(parts) < 2:
        return 0
    return b.expr(ExprOp.MEMBER, b.expr_of(parts[0]), b.name_of(parts[-1]))


def _string_type(b: Builder, node: Node) -> int:
    """A forward reference in quotes: its names are uses like any other."""
    parsed = parse_string_type(b, node)
    if parsed is None:
        return 0
    tree, offset = parsed
    return from_ast(b, tree.body, offset)


def parse_string_type(b: Builder, node: Node) -> tuple[ast.Expression, int] | None:
    """A type written as a string, and the offset at which its text begins; None of what is no expression."""
    content = [child for child in node.children if child.type == "string_content"]
    if len(content) != 1 or content[0].end_byte - content[0].start_byte > 500:
        return None
    text = b.text(content[0])
    if not text.strip() or "\\" in text or "\n" in text:
        return None
    try:
        return ast.parse(text, mode="eval"), content[0].start_byte
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def from_ast(b: Builder, node: ast.expr, offset: int) -> int:
    """The expression of a type in a string; its names mean what they mean at ``offset``."""
    if "Self" in (getattr(node, "id", ""), getattr(node, "attr", "")):
        owner = _self_type(b, ast.unparse(node), offset)
        if owner >= 0:
            return b.expr(ExprOp.SELF, owner)
    if isinstance(node, ast.Name):
        return b.name_expr(node.id, offset)
    if isinstance(node, ast.Attribute):
        return b.expr(ExprOp.MEMBER, from_ast(b, node.value, offset), b.name_index(node.attr))
    if isinstance(node, ast.Subscript):
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return b.expr(
            ExprOp.GENERIC, from_ast(b, node.value, offset), *(from_ast(b, g, offset) for g in given)
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _either(b, from_ast(b, node.left, offset), from_ast(b, node.right, offset))
    if isinstance(node, ast.List):
        return b.expr(ExprOp.TUPLE, *(from_ast(b, part, offset) for part in node.elts))
    if isinstance(node, ast.Constant) and node.value is None:
        return b.expr(ExprOp.LITERAL, b.name_index("None"))
    return 0


def key_expr(b: Builder, node: Node | None) -> int:
    """A constant key by its text; any other as an expression."""
    if node is not None and node.type in ("string", "integer"):
        try:
            text = repr(ast.literal_eval(b.text(node)))
        except (SyntaxError, ValueError):
            return 0
        return b.expr(ExprOp.STRING, b.name_index(text))
    return b.expr_of(node)


#: What may stand for a function.
_CALLABLE_NODES = frozenset({"identifier", "attribute", "lambda", "call", "dictionary", "list"})


def may_call(node: Node | None) -> bool:
    """Whether a value may be a function that is called elsewhere."""
    return node is not None and node.type in _CALLABLE_NODES


def listed(b: Builder, nodes: list[Node]) -> int:
    """A list of these elements, by position."""
    entries: list[int] = []
    for position, node in enumerate(nodes[:16]):
        entries += [b.expr(ExprOp.STRING, b.name_index(str(position))), b.expr_of(node)]
    return b.expr(ExprOp.TABLE, b.name_index("list"), *entries)


def receiver_class(b: Builder, obj: Node) -> int:
    """The class whose method has ``obj`` as its first parameter (self, cls), or -1."""
    text = b.text(obj)
    scope = b.enclosing(b.scope_at(obj.start_byte), ScopeKind.FUNCTION)
    while scope > 0:
        function = b.scope_def[scope]
        if function >= 0 and b.def_kind[function] in (DefKind.METHOD, DefKind.PROPERTY):
            klass = b.def_owner[function]
            first = b.definition_named(scope, text)
            if (
                klass >= 0
                and first >= 0
                and b.def_kind[first] == DefKind.PARAMETER
                and not b.def_flags[function] & DefFlag.STATIC
                and first == b.first_parameter(function)
            ):
                return klass
            return -1
        if b.definition_named(scope, text) >= 0:
            return -1
        scope = b.enclosing(b.scope_parent[scope], ScopeKind.FUNCTION)
    return -1


def dotted_expr(b: Builder, node: Node, n_parts: int = 0) -> int:
    """The expression of a dotted name, or of its first parts."""
    parts = node.named_children[: n_parts or None]
    if not parts:
        return 0
    found = b.expr_of(parts[0])
    for part in parts[1:]:
        found = b.expr(ExprOp.MEMBER, found, b.name_of(part))
    return found


EXPRESSIONS: dict[str, base.ExprHandler] = {
    "identifier": base.name_expr,
    "attribute": base.member("object", "attribute"),
    "dotted_name": dotted_expr,
    "call": _call,
    "subscript": _subscript,
    "await": base.wrap(ExprOp.AWAIT),
    "parenthesized_expression": base.inner(),
    "conditional_expression": _conditional,
    "boolean_operator": base.union("left", "right"),
    "binary_operator": _operator,
    "unary_operator": base.inner("argument"),
    "comparison_operator": base.literal("bool"),
    "not_operator": base.literal("bool"),
    "string": _string,
    "concatenated_string": base.literal("str"),
    "integer": base.literal("int"),
    "float": base.literal("float"),
    "true": base.literal("bool"),
    "false": base.literal("bool"),
    "none": base.literal("None"),
    "list": _sequence("list"),
    "set": _sequence("set"),
    "tuple": base.many(ExprOp.TUPLE),
    "expression_list": base.many(ExprOp.TUPLE),
    "dictionary": _dictionary,
    "list_comprehension": _comprehension("list"),
    "set_comprehension": _comprehension("set"),
    "generator_expression": _comprehension("Generator"),
    "dictionary_comprehension": _comprehension("dict"),
    "lambda": _lambda,
    "named_expression": base.inner("value"),
    "as_pattern": base.inner(),
    "type": _type,
    "generic_type": _generic_type,
    "union_type": _union_type,
    "member_type": _member_type,
    "list_splat": base.wrap(ExprOp.ELEMENT),
    "keyword_argument": base.inner("value"),
}
