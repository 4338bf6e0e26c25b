"""The expressions of values in JavaScript and TypeScript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ScopeKind
from magellan_lsp.languages import base
from magellan_lsp.languages.javascript.notes import notes_of, unwrap

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: Name spaces of definitions: a type and a value of one name live side by side.
TYPES, VALUES = 1, 2


def identifier(b: Builder, node: Node) -> int:
    """A plain name in value position."""
    if node.end_byte - node.start_byte == 7 and b.text(node) == "exports" and b.lookup("exports", 0) < 0:
        return b.expr(ExprOp.DEF, 0, 0)
    return b.name_expr(b.text(node), node.start_byte, b.language.value_space)


def member(b: Builder, node: Node) -> int:
    """``object.name``."""
    receiver, name = node.child_by_field_name("object"), node.child_by_field_name("property")
    if receiver is None or name is None:
        return 0
    inner = b.expr_of(receiver)
    if inner <= 0:
        return 0
    text = b.text(name)
    if text == "exports" and b.text(receiver) == "module" and b.lookup("module", 0) < 0:
        return b.expr(ExprOp.DEF, 0, 0)
    if text == "prototype":
        return b.expr(ExprOp.INSTANCE, inner)
    return b.expr(ExprOp.MEMBER, inner, b.name_index(text))


def subscript(b: Builder, node: Node) -> int:
    """``object[key]``; with a string for key the member of that name."""
    receiver, key = node.child_by_field_name("object"), node.child_by_field_name("index")
    if receiver is None or key is None:
        return 0
    inner = b.expr_of(receiver)
    if inner <= 0:
        return 0
    if key.type == "string":
        return b.expr(ExprOp.MEMBER, inner, b.name_index(string_text(b, key)))
    if key.type == "identifier":
        row = b.lookup(b.text(key), key.start_byte, None, b.language.value_space)
        if row in notes_of(b).symbols:
            return b.expr(ExprOp.MEMBER, inner, b.name_index(f"[{b.text(key)}]"))
        if row in notes_of(b).named_imports:  # it may be a symbol
            symbol = b.expr(ExprOp.MEMBER, inner, b.name_index(f"[{b.text(key)}]"))
            return b.union(symbol, b.expr(ExprOp.INDEX, inner, b.expr_of(key)))
    elif key.type == "member_expression" and b.source.startswith(b"Symbol.", key.start_byte):
        return b.expr(ExprOp.MEMBER, inner, b.name_index(f"[{b.text(key)}]"))
    return b.expr(ExprOp.INDEX, inner, b.expr_of(key))


def string_text(b: Builder, node: Node) -> str:
    """What a string literal says, its quotes left out."""
    return b.source[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")


def call(b: Builder, node: Node) -> int:
    """A call; ``require("x")`` and ``import("x")`` are the module, ``Object.create(x)`` is like ``x``."""
    notes = notes_of(b)
    if node.id in notes.required:
        row = b.def_of_node.get(node.id, -1)
        return b.expr(ExprOp.DEF, row, 0) if row >= 0 else 0
    function = node.child_by_field_name("function")
    given = node.child_by_field_name("arguments")
    if function is None:
        return 0
    callee = _super_class(b, node) if function.type == "super" else b.expr_of(function)
    arguments = arguments_of(b, given) if given is not None and given.type == "arguments" else []
    if arguments and function.end_byte - function.start_byte == 13 and b.text(function) == "Object.create":
        return arguments[0]
    if callee <= 0:
        return 0
    explicit = node.child_by_field_name("type_arguments")
    if explicit is not None:
        callee = b.expr(ExprOp.GENERIC, callee, *(b.expr_of(part) for part in explicit.named_children))
    return b.expr(ExprOp.CALL, callee, *arguments)


#: A string argument longer than this is no name of an event, a method or an option.
_MAX_STRING = 40


def arguments_of(b: Builder, given: Node) -> list[int]:
    """Expressions of a call's arguments, the first eight; short strings with their text, which overloads go
    by.
    """
    found = []
    for child in given.named_children:
        kind = child.type
        if kind == "comment":
            continue
        if kind == "string" and child.end_byte - child.start_byte <= _MAX_STRING:
            found.append(b.expr(ExprOp.STRING, b.name_index(string_text(b, child))))
        else:
            found.append(b.expr_of(child))
        if len(found) == 8:
            break
    return found


def _super_class(b: Builder, node: Node) -> int:
    """The base class itself, as the constructor that ``super()`` calls."""
    owner, _, _ = this_owner(b, b.scope_at(node.start_byte))
    return b.expr(ExprOp.TYPEOF, b.expr(ExprOp.SUPER, owner)) if owner >= 0 else 0


def new(b: Builder, node: Node) -> int:
    """``new Type(arguments)``."""
    constructor, given = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
    made = b.expr_of(constructor)
    if made <= 0:
        return 0
    explicit = node.child_by_field_name("type_arguments")
    if explicit is not None:
        made = b.expr(ExprOp.GENERIC, made, *(b.expr_of(part) for part in explicit.named_children))
    return b.expr(ExprOp.NEW, made, *(b.arguments(given) if given is not None else ()))


_NUMBERS = frozenset({"-", "*", "/", "%", "**", "|", "&", "^", "<<", ">>", ">>>"})
_CHOICES = frozenset({"||", "??"})


def binary(b: Builder, node: Node) -> int:
    """``a || b`` is one of both, ``a && b`` the second; arithmetic gives numbers, comparison booleans."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return 0
    sign = operator.type
    if sign in _CHOICES:
        return b.union(b.expr_of(left), b.expr_of(right))
    if sign == "&&":
        return b.expr_of(right)
    if sign in _NUMBERS:
        return b.expr(ExprOp.LITERAL, b.name_index("Number"))
    if sign == "+":
        if "string" in (left.type, right.type) or "template_string" in (left.type, right.type):
            return b.expr(ExprOp.LITERAL, b.name_index("String"))
        return b.union(b.expr_of(left), b.expr_of(right))
    return b.expr(ExprOp.LITERAL, b.name_index("Boolean"))


_UNARY = {
    "!": "Boolean",
    "typeof": "String",
    "-": "Number",
    "+": "Number",
    "~": "Number",
    "delete": "Boolean",
}


def unary(b: Builder, node: Node) -> int:
    """``!x``, ``typeof x``, ``-x``."""
    operator = node.child_by_field_name("operator")
    name = _UNARY.get(operator.type) if operator is not None else None
    return b.expr(ExprOp.LITERAL, b.name_index(name)) if name else 0


def assignment(b: Builder, node: Node) -> int:
    """An assignment is its value."""
    return b.expr_of(node.child_by_field_name("right"))


def sequence(b: Builder, node: Node) -> int:
    """``a, b`` is its last part."""
    return b.expr_of(node.named_children[-1]) if node.named_child_count else 0


def array(b: Builder, node: Node) -> int:
    """``[a, b]``: an array of its elements; a short one also knows which is where."""
    parts = [child for child in node.named_children[:16] if child.type != "comment"]
    found = [b.expr_of(child) for child in parts]
    if 1 < len(parts) <= 6 and all(part > 0 for part in found):
        return b.expr(ExprOp.TUPLE, *found)
    return b.expr(ExprOp.LITERAL, b.name_index("Array"), b.union(*found))


def spread(b: Builder, node: Node) -> int:
    """``...x``: the elements of x."""
    inner = b.first_named(node)
    found = b.expr_of(inner)
    return b.expr(ExprOp.ELEMENT, found) if found > 0 else 0


def defined(b: Builder, node: Node) -> int:
    """A function, class or object literal in value position: the definition made for it."""
    row = b.def_of_node.get(node.id, -1)
    if row < 0:
        return 0
    kind = node.type
    if kind == "object":
        return b.expr(ExprOp.OBJECT, row)
    if kind == "class":
        return b.expr(ExprOp.DEF, row, 0)
    return b.expr(ExprOp.LAMBDA, row)


def this(b: Builder, node: Node) -> int:
    """``this``: an instance of the class, the object literal, or what the function declares it to be."""
    return receiver(b, b.scope_at(node.start_byte))


def receiver(b: Builder, scope: int) -> int:
    """The expression of ``this`` in a scope; 0 where it is not known."""
    owner, static, function = this_owner(b, scope)
    declared = notes_of(b).this_types.get(function)
    if declared is not None:
        found = b.type_expr(declared)
        return b.expr(ExprOp.INSTANCE, found) if found > 0 else 0
    if owner < 0:
        holder, own = notes_of(b).this_objects.get(function), notes_of(b).this_members.get(function)
        found = b.expr_of(holder) if holder is not None else 0
        return b.union(found, b.expr(ExprOp.OBJECT, own)) if own is not None else found
    if b.def_kind[owner] == _CLASS:
        inside = b.expr(ExprOp.SELF, owner)
        return b.expr(ExprOp.TYPEOF, inside) if static else inside
    own = b.expr(ExprOp.OBJECT, owner)
    expected = notes_of(b).expected(notes_of(b).literals.get(owner, 0))
    # what is expected in the literal's place says more than the literal
    return b.expr(ExprOp.UNION, expected, own) if expected > 0 else own


def this_owner(b: Builder, scope: int) -> tuple[int, bool, int]:
    """Whose instance ``this`` is in a scope.

    Returns: the class or object literal, or -1; whether ``this`` is the class itself; and the scope of the
    function that decides, or -1.
    """
    notes = notes_of(b)
    kinds, parents, owners = b.scope_kind, b.scope_parent, b.scope_def
    while scope >= 0:
        kind = kinds[scope]
        if kind == _CLASS_SCOPE and owners[scope] >= 0 and b.def_kind[owners[scope]] == _CLASS:
            return owners[scope], False, -1
        if kind == _FUNCTION_SCOPE and scope not in notes.arrows:
            row = owners[scope]
            if row < 0:
                return -1, False, scope
            if b.def_kind[row] == _CLASS:  # a function used as a constructor
                return row, False, scope
            owner = b.def_owner[row]
            if owner < 0 or b.def_kind[row] not in _METHODS:
                return -1, False, scope
            owner = notes.prototypes.get(owner, owner)
            if b.def_kind[owner] not in _HOLDERS:
                return -1, False, scope
            return owner, bool(b.def_flags[row] & _STATIC), scope
        scope = parents[scope]
    return -1, False, -1


def superclass(b: Builder, node: Node) -> int:
    """``super``: the base class's members."""
    owner, _, _ = this_owner(b, b.scope_at(node.start_byte))
    if owner < 0 or b.def_kind[owner] != _CLASS:
        return 0
    return b.expr(ExprOp.SUPER, owner)


def ternary(b: Builder, node: Node) -> int:
    """``c ? a : b``."""
    return b.union(
        b.expr_of(node.child_by_field_name("consequence")), b.expr_of(node.child_by_field_name("alternative"))
    )


def awaited(b: Builder, node: Node) -> int:
    """``await x``."""
    inner = b.first_named(node)
    found = b.expr_of(inner)
    return b.expr(ExprOp.AWAIT, found) if found > 0 else 0


def wrapped(b: Builder, node: Node) -> int:
    """Parentheses and other wrappers that change nothing."""
    inner = unwrap(node)
    return b.expr_of(inner) if inner.id != node.id else 0


_CLASS_SCOPE = int(ScopeKind.CLASS)
_FUNCTION_SCOPE = int(ScopeKind.FUNCTION)
_CLASS = int(DefKind.CLASS)
_STATIC = int(DefFlag.STATIC)
_HOLDERS = frozenset(
    int(kind) for kind in (DefKind.CLASS, DefKind.STRUCT, DefKind.VARIABLE, DefKind.INTERFACE)
)
_METHODS = frozenset(int(kind) for kind in (DefKind.METHOD, DefKind.CONSTRUCTOR, DefKind.PROPERTY))

EXPRESSIONS: dict[str, base.ExprHandler] = {
    "identifier": identifier,
    "shorthand_property_identifier": identifier,
    "member_expression": member,
    "subscript_expression": subscript,
    "call_expression": call,
    "new_expression": new,
    "binary_expression": binary,
    "unary_expression": unary,
    "update_expression": base.literal("Number"),
    "assignment_expression": assignment,
    "augmented_assignment_expression": assignment,
    "sequence_expression": sequence,
    "parenthesized_expression": base.inner(),
    "ternary_expression": ternary,
    "await_expression": awaited,
    "array": array,
    "spread_element": spread,
    "object": defined,
    "function_expression": defined,
    "generator_function": defined,
    "arrow_function": defined,
    "class": defined,
    "this": this,
    "super": superclass,
    "string": base.literal("String"),
    "template_string": base.literal("String"),
    "number": base.literal("Number"),
    "regex": base.literal("RegExp"),
    "true": base.literal("Boolean"),
    "false": base.literal("Boolean"),
}
