"""What a JavaScript or TypeScript file defines: one pass over all declaring nodes, from the outside in.

The query hands over the nodes; each kind has a handler here (TypeScript adds its own). A handler defines what
its node declares and what directly belongs to it (parameters, members), so that owners exist before what they
own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import MEMBER
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, Role, ScopeKind
from magellan_lsp.languages.base import Captures, Hook
from magellan_lsp.languages.javascript import modules
from magellan_lsp.languages.javascript.members import settle
from magellan_lsp.languages.javascript.notes import (
    CLASS_NODES,
    FUNCTION_NODES,
    Context,
    Moved,
    expect,
    notes_of,
    parameter_of,
    unwrap,
)
from magellan_lsp.languages.javascript.patterns import VARIABLES, Later, destructure, member_name

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

Handler = Callable[["Builder", Node], None]

_BODIES = (ScopeKind.FUNCTION, ScopeKind.FILE, ScopeKind.NAMESPACE)


def define(handlers: Mapping[str, Handler]) -> Hook:
    """The hook that runs the handlers over all declaring nodes, outer ones first."""

    def hook(b: Builder, matches: list[Captures]) -> None:
        nodes = [captures["node"][0] for captures in matches]
        nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
        for node in nodes:
            handlers[node.type](b, node)
        settle(b)

    return hook


# -- where a declaration stands


def statement_start(b: Builder, node: Node) -> int:
    """Where the statement of a declaration begins, `export` and `declare` included."""
    return notes_of(b).starts.get(node.id, node.start_byte)


def export_flags(b: Builder, node: Node) -> int:
    """EXPORTED and DEFAULT for a declaration behind `export`."""
    notes = notes_of(b)
    flags = 0
    if node.id in notes.exported:
        flags = int(DefFlag.EXPORTED)
        if node.id in notes.defaults:
            flags |= DefFlag.DEFAULT
    return flags


def outer_scope(b: Builder, node: Node) -> int:
    """The scope that binds a declaration's name: the one around the scope that it opens itself."""
    scope = b.scope_at(node.start_byte)
    return b.scope_parent[scope] if scope == b.scope_of(node) else scope


# -- functions


def function_declaration(b: Builder, node: Node) -> None:
    """``function f() {}``."""
    name = node.child_by_field_name("name")
    if name is None:
        return
    row = b.define(
        DefKind.FUNCTION,
        b.text(name),
        name.start_byte,
        name.end_byte,
        statement_start(b, node),
        node.end_byte,
        scope=outer_scope(b, node),
        body=b.scope_of(node),
        flags=export_flags(b, node),
    )
    function_parts(b, row, node)


def function_value(b: Builder, node: Node) -> None:
    """A function in value position; one that nothing has named yet gets a definition without a name."""
    if node.id in b.def_of_node:
        return
    scope = b.scope_of(node)
    if scope < 0:
        return
    name = node.child_by_field_name("name")
    start = node.start_byte
    if name is not None:
        row = b.define_node(
            DefKind.FUNCTION, name, node, scope=scope, body=scope, owner=_owner_around(b, scope)
        )
    else:
        row = b.define(
            DefKind.FUNCTION,
            "",
            start,
            start,
            start,
            node.end_byte,
            scope=max(b.scope_parent[scope], 0),
            body=scope,
            flags=DefFlag.SYNTHETIC,
            claim=False,
        )
    b.def_of_node[node.id] = row
    function_parts(b, row, node)


def _owner_around(b: Builder, scope: int) -> int:
    return b.owner_of(b.scope_parent[scope]) if scope > 0 else 0


def named_function(
    b: Builder,
    kind: DefKind,
    name: Node,
    node: Node,
    value: Node,
    *,
    scope: int,
    flags: int = 0,
    **more: int | bool,
) -> int:
    """A function value that its place names: ``const f = () => {}``, ``{ f: function () {} }``."""
    text, token = member_name(b, name)
    body = b.scope_of(value)
    row = b.define(
        kind,
        text,
        token.start_byte,
        token.end_byte,
        statement_start(b, node),
        node.end_byte,
        scope=scope,
        body=body,
        flags=flags,
        claim=token.type not in _UNCLAIMED,
        **more,  # type: ignore[arg-type]
    )
    b.def_of_node[value.id] = row
    own = value.child_by_field_name("name")
    if own is not None and body >= 0:
        inner = b.define_node(DefKind.VARIABLE, own, own, scope=body, owner=row)
        b.add_site(inner, own.start_byte, b.expr(ExprOp.LAMBDA, row))
    function_parts(b, row, value)
    return row


def function_parts(b: Builder, row: int, node: Node) -> None:
    """Parameters, type parameters, result and flags of a function."""
    notes = notes_of(b)
    scope = b.scope_of(node)
    body = node.child_by_field_name("body")
    if scope < 0:
        return
    if body is not None:
        b.def_signature_end[row] = body.start_byte
    if node.type == "arrow_function":
        notes.arrows.add(scope)
        if body is not None and body.type != "statement_block":
            b.add_site(row, body.start_byte, body)
            expect(b, body, result_context(b, scope))
    if b.source.startswith(b"async", node.start_byte) and node.type != "method_definition":
        b.def_flags[row] |= _ASYNC
    if node.type.startswith("generator"):
        b.def_flags[row] |= _GENERATOR
    notes.functions[row] = node
    result = node.child_by_field_name("return_type")
    if result is not None:
        b.set_type(row, result)
    type_parameters(b, row, node, scope)
    parameters(b, row, scope, node)


def result_context(b: Builder, scope: int) -> Context:
    """What is returned in a scope should be: its function's declared result, or that of the function type
    expected.
    """

    def build() -> int:
        row = b.scope_def[b.enclosing(scope, ScopeKind.FUNCTION)]
        node = notes_of(b).functions.get(row)
        if node is None:
            return 0
        declared = node.child_by_field_name("return_type")
        if declared is not None:
            found = b.type_expr(declared)
            expected = b.expr(ExprOp.INSTANCE, found) if found > 0 else 0
        else:
            around = notes_of(b).expected(node.id)
            expected = b.expr(ExprOp.CALL, around) if around > 0 else 0
        return b.expr(ExprOp.AWAIT, expected) if expected > 0 and b.def_flags[row] & _ASYNC else expected

    return build


def type_parameters(b: Builder, owner: int, node: Node, scope: int) -> None:
    """``<T extends Bound = Default>`` of a function, class, interface or alias."""
    given = node.child_by_field_name("type_parameters")
    if given is None:
        return
    for child in given.named_children:
        name = child.child_by_field_name("name")
        if name is None or child.type != "type_parameter":
            continue
        row = b.define_node(DefKind.TYPE_PARAMETER, name, child, scope=scope, owner=owner)
        bound = child.child_by_field_name("constraint")
        if bound is not None:
            b.set_type(row, bound)
        default = child.child_by_field_name("value")
        if default is not None:
            b.add_site(row, name.start_byte, None, default)


_WRAPPED_PARAMETERS = frozenset({"required_parameter", "optional_parameter"})


def parameters(b: Builder, function: int, scope: int, node: Node) -> None:
    """The parameters of a function, with what its surroundings say about them."""
    single = node.child_by_field_name("parameter")
    if single is not None:
        _parameter(b, function, scope, single, node, 0)
        return
    given = node.child_by_field_name("parameters")
    position = 0
    for child in given.named_children if given is not None else ():
        if child.type not in ("comment", "decorator"):
            position += _parameter(b, function, scope, child, node, position)


def _parameter(b: Builder, function: int, scope: int, child: Node, node: Node, position: int) -> int:
    """One parameter; returns how many positions it takes."""
    pattern: Node | None = child
    declared = value = None
    if child.type in _WRAPPED_PARAMETERS:
        pattern, declared = child.child_by_field_name("pattern"), child.child_by_field_name("type")
        value = child.child_by_field_name("value")
    elif child.type == "assignment_pattern":
        pattern, value = child.child_by_field_name("left"), child.child_by_field_name("right")
    if pattern is None:
        return 0
    if pattern.type == "this":
        if declared is not None:
            notes_of(b).this_types[scope] = declared
        return 0
    flags = int(DefFlag.OPTIONAL) if child.type == "optional_parameter" else 0
    if pattern.type == "rest_pattern":
        flags, pattern = int(DefFlag.VARIADIC), b.first_named(pattern)
    if pattern is None:
        return 0
    if pattern.type == "identifier":
        row = b.define_node(DefKind.PARAMETER, pattern, child, scope=scope, owner=function, flags=flags)
    else:
        start = pattern.start_byte
        row = b.define(
            DefKind.PARAMETER,
            "",
            start,
            start,
            start,
            child.end_byte,
            scope=scope,
            owner=function,
            flags=flags | DefFlag.SYNTHETIC,
            claim=False,
        )
        destructure(b, pattern, lambda: b.expr(ExprOp.DEF, row, 0), scope)
    if declared is not None:
        b.set_type(row, declared)
    else:
        if node.id in notes_of(b).contexts:
            b.add_site(row, pattern.start_byte, lambda: parameter_of(b, node, position))
        applied = notes_of(b).invoked.get(node.id)
        if applied is not None and position < len(applied):
            b.add_site(row, pattern.start_byte, applied[position])
    if value is not None:
        b.add_site(row, pattern.start_byte, value)
        if declared is not None:
            expect(b, value, type_context(b, declared))
    return 1


def type_context(b: Builder, declared: Node) -> Context:
    """The context that a written type gives."""

    def build() -> int:
        found = b.type_expr(declared)
        return b.expr(ExprOp.INSTANCE, found) if found > 0 else 0

    return build


_UNCLAIMED = frozenset({"computed_property_name", "number"})


# -- variables


def variables(b: Builder, node: Node) -> None:
    """``const``, ``let``, ``var`` and ``using`` declarations."""
    keyword = node.child_by_field_name("kind")
    word = keyword.type if keyword is not None else "var"
    declarators = [child for child in node.named_children if child.type == "variable_declarator"]
    for position, child in enumerate(declarators):
        scope = b.scope_at(child.start_byte)
        if word == "var":
            scope = b.enclosing(scope, *_BODIES)
        whole = node if position == 0 else child
        _variable(b, child, node, whole, scope, word)


def _variable(b: Builder, child: Node, node: Node, whole: Node, scope: int, word: str) -> None:
    name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
    if name is None:
        return
    flags = export_flags(b, node)
    declared = child.child_by_field_name("type")
    if value is not None and modules.required(b, name, value, whole, scope, flags):
        return
    kind = DefKind.VARIABLE
    if word == "const" and b.scope_kind[scope] in _OUTER_SCOPES:
        kind = DefKind.CONSTANT
    if name.type != "identifier":
        given: Later | None = None
        if declared is not None:
            given = type_context(b, declared)
        elif value is not None:
            given = lambda: b.expr_of(value)  # noqa: E731
        destructure(b, name, given, scope, kind, flags, redefine=word == "var")
        return
    inner = _last_value(value) if value is not None else None
    if inner is not None and inner.type in FUNCTION_NODES and inner.id not in b.def_of_node:
        if declared is not None:
            expect(b, inner, type_context(b, declared))
        named_function(b, DefKind.FUNCTION, name, whole, inner, scope=scope, flags=flags)
        return
    if inner is not None and inner.type in CLASS_NODES:
        class_definition(b, inner, name, whole, scope, flags)
        return
    _plain_variable(b, name, whole, scope, kind, flags, declared, value, word)


def _plain_variable(
    b: Builder,
    name: Node,
    whole: Node,
    scope: int,
    kind: DefKind,
    flags: int,
    declared: Node | None,
    value: Node | None,
    word: str,
) -> None:
    notes = notes_of(b)
    row = b.definition_named(scope, b.text(name)) if word == "var" else -1
    if row >= 0 and b.def_kind[row] in VARIABLES:
        b.occurrence(name, Role.WRITE, row)
    else:
        row = b.define(
            kind,
            b.text(name),
            name.start_byte,
            name.end_byte,
            statement_start(b, whole),
            whole.end_byte,
            scope=scope,
            flags=flags,
        )
    if declared is not None:
        b.set_type(row, declared)
        if word == "const" and b.text(declared).endswith("unique symbol"):
            notes.symbols.add(row)
    if value is None:
        return
    b.add_site(row, name.start_byte, value)
    if declared is not None:
        expect(b, value, type_context(b, declared))
    inner = _last_value(value)
    notes.values[inner.id] = row
    if inner.type == "object":
        notes.objects[row] = inner.id
    elif word == "const" and inner.type == "call_expression":
        called = inner.child_by_field_name("function")
        if called is not None and b.text(called) in ("Symbol", "Symbol.for"):
            notes.symbols.add(row)


def _last_value(value: Node) -> Node:
    """The value at the end of a chain of assignments: ``a = b = value``."""
    inner = unwrap(value)
    while inner.type == "assignment_expression":
        right = inner.child_by_field_name("right")
        if right is None:
            break
        inner = unwrap(right)
    return inner


def for_in(b: Builder, node: Node) -> None:
    """``for (const x of xs)``, ``for (const key in object)``."""
    word, left = node.child_by_field_name("kind"), node.child_by_field_name("left")
    right, operator = node.child_by_field_name("right"), node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return
    keys = operator.type == "in"

    def value() -> int:
        if keys:
            return b.expr(ExprOp.LITERAL, b.name_index("String"))
        found = b.expr_of(right)
        return b.expr(ExprOp.ELEMENT, found) if found > 0 else 0

    if word is None:
        if left.type == "identifier":
            notes_of(b).assigned.append((left, node))
        return
    scope = b.scope_of(node)
    if word.type == "var":
        scope = b.enclosing(scope, *_BODIES)
    destructure(b, left, value, scope, redefine=word.type == "var")


def catch(b: Builder, node: Node) -> None:
    """``catch (error) {}``."""
    parameter = node.child_by_field_name("parameter")
    if parameter is None:
        return
    declared = node.child_by_field_name("type")
    given = type_context(b, declared) if declared is not None else None
    destructure(b, parameter, given, b.scope_of(node))


def labeled(b: Builder, node: Node) -> None:
    """``label: statement``; labels are found by the statements around a jump, not by scope."""
    label = node.child_by_field_name("label")
    if label is not None:
        row = b.define_node(DefKind.LABEL, label, label, scope=b.scope_at(node.start_byte), lexical=False)
        notes_of(b).labels.append((node.start_byte, node.end_byte, row))


# -- classes


def class_declaration(b: Builder, node: Node) -> None:
    """``class C {}``."""
    name = node.child_by_field_name("name")
    if name is not None:
        class_definition(b, node, name, node, outer_scope(b, node), export_flags(b, node))


def class_value(b: Builder, node: Node) -> None:
    """A class in value position that nothing has named."""
    if node.id in b.def_of_node:
        return
    name = node.child_by_field_name("name")
    scope = outer_scope(b, node)
    if name is not None:
        body = node.child_by_field_name("body")
        inner = b.scope_of(body) if body is not None else -1
        class_definition(b, node, name, node, inner if inner >= 0 else scope, 0)
    else:
        class_definition(b, node, None, node, scope, 0)


def class_definition(b: Builder, node: Node, name: Node | None, whole: Node, scope: int, flags: int) -> int:
    """A class, its members and what it extends. ``name`` may stand outside of the class itself."""
    body = node.child_by_field_name("body")
    inner = b.scope_of(body) if body is not None else -1
    if node.type == "abstract_class_declaration":
        flags |= DefFlag.ABSTRACT
    start = name.start_byte if name is not None else node.start_byte
    row = b.define(
        DefKind.CLASS,
        b.text(name) if name is not None else "",
        start,
        name.end_byte if name is not None else start,
        statement_start(b, whole),
        whole.end_byte,
        scope=scope,
        body=inner,
        flags=flags if name is not None else flags | DefFlag.SYNTHETIC,
        owner=_class_owner(b, scope, inner),
        signature_end=body.start_byte if body is not None else -1,
    )
    b.def_of_node[node.id] = row
    own = node.child_by_field_name("name")
    if own is not None and name is not None and own.start_byte != name.start_byte and inner >= 0:
        alias = b.define_node(DefKind.VARIABLE, own, own, scope=inner, owner=row)
        b.add_site(alias, own.start_byte, b.expr(ExprOp.DEF, row, 0))
    own_scope = b.scope_of(node)
    type_parameters(b, row, node, own_scope if own_scope >= 0 else inner)
    _heritage(b, row, node)
    if body is not None:
        class_members(b, row, inner, body)
    return row


def _class_owner(b: Builder, scope: int, inner: int) -> int:
    return b.owner_of(b.scope_parent[inner]) if scope == inner and inner > 0 else b.owner_of(scope)


def _heritage(b: Builder, row: int, node: Node) -> None:
    """``extends Base<T> implements Interface``."""
    bases = notes_of(b).bases
    for child in node.named_children:
        if child.type != "class_heritage":
            continue
        for part in child.named_children:
            if part.type == "extends_clause":
                value, given = part.child_by_field_name("value"), part.child_by_field_name("type_arguments")
                if value is not None:
                    bases.append((row, value, given, 0))
            elif part.type == "implements_clause":
                bases.extend((row, one, None, 1) for one in part.named_children)
            elif part.type != "comment":
                bases.append((row, part, None, 0))


_METHOD_NODES = frozenset(
    {
        "method_definition",
        "method_signature",
        "abstract_method_signature",
        "call_signature",
        "construct_signature",
    }
)
_FIELD_NODES = frozenset({"field_definition", "public_field_definition", "property_signature"})


def class_members(b: Builder, owner: int, scope: int, body: Node) -> None:
    """Define the members in the body of a class, an interface or an object type."""
    start = -1
    for child in body.named_children:
        kind = child.type
        if kind == "decorator":
            start = child.start_byte if start < 0 else start
            continue
        if kind in _METHOD_NODES:
            method(b, owner, scope, child, start)
        elif kind == "index_signature":
            index_member(b, owner, scope, child)
        elif kind in _FIELD_NODES:
            field(b, owner, scope, child, start)
        if kind != "comment":
            start = -1


def index_member(b: Builder, owner: int, scope: int, node: Node) -> None:
    """``[key: string]: T``: what indexing gives, under a name of our own."""
    start = node.start_byte
    row = b.define(
        DefKind.FIELD,
        "__index",
        start,
        start,
        start,
        node.end_byte,
        scope=scope,
        owner=owner,
        flags=DefFlag.SYNTHETIC,
        lexical=False,
        claim=False,
    )
    declared = node.child_by_field_name("type")
    if declared is not None:
        b.set_type(row, declared)


def modifiers(b: Builder, node: Node, name: Node) -> int:
    """Flags from the words before a member's name."""
    words = b.source[node.start_byte : name.start_byte].split()
    flags = 0
    for word in words:
        flags |= _MODIFIERS.get(word, 0)
    if name.type == "private_property_identifier":
        flags |= DefFlag.PRIVATE
    return flags


_MODIFIERS = {
    b"static": int(DefFlag.STATIC),
    b"abstract": int(DefFlag.ABSTRACT),
    b"override": int(DefFlag.OVERRIDE),
    b"private": int(DefFlag.PRIVATE),
}


def method(b: Builder, owner: int, scope: int, node: Node, start: int = -1) -> int:
    """A method, accessor, constructor or signature of one."""
    name = node.child_by_field_name("name")
    token_start = node.start_byte
    kind, flags, text, claim = DefKind.METHOD, 0, "", True
    if name is not None:
        text, token = member_name(b, name)
        token_start, token_end = token.start_byte, token.end_byte
        claim = token.type not in _UNCLAIMED
        flags = modifiers(b, node, name)
        if b.source.startswith(b"?", name.end_byte):
            flags |= DefFlag.OPTIONAL
        before = b.source[node.start_byte : name.start_byte].replace(b"*", b" * ").split()
        if b"async" in before:
            flags |= _ASYNC
        if b"*" in before:
            flags |= _GENERATOR
        if b"get" in before or b"set" in before:
            kind = DefKind.PROPERTY
        elif text == "constructor" and not flags & _STATIC and b.def_kind[owner] == DefKind.CLASS:
            kind = DefKind.CONSTRUCTOR
    else:
        # a call or construct signature has no name of its own
        text, token_end = ("__call" if node.type == "call_signature" else "__new"), token_start
        flags, claim = int(DefFlag.SYNTHETIC), False
    has_body = node.child_by_field_name("body") is not None
    if not has_body and b.def_kind[owner] != DefKind.CLASS:
        flags |= (
            DefFlag.ABSTRACT
        )  # of an interface or an object type; in a class it is an overload's signature
    row = b.define(
        kind,
        text,
        token_start,
        token_end,
        start if start >= 0 else node.start_byte,
        node.end_byte,
        scope=scope,
        owner=owner,
        body=b.scope_of(node),
        flags=flags,
        claim=claim,
        lexical=False,
    )
    notes = notes_of(b)
    if not has_body:
        notes.signatures.append(row)
    notes.members.setdefault((owner, text), row)
    b.def_of_node[node.id] = row
    function_parts(b, row, node)
    if node.type == "construct_signature":
        made = node.child_by_field_name("type")
        if made is not None:
            b.set_type(row, made)
    if kind == DefKind.CONSTRUCTOR:
        _parameter_properties(b, owner, scope, node)
    return row


def _parameter_properties(b: Builder, owner: int, scope: int, node: Node) -> None:
    """``constructor(private name: Type)`` declares a field too."""
    given = node.child_by_field_name("parameters")
    for child in given.named_children if given is not None else ():
        if child.type not in _WRAPPED_PARAMETERS:
            continue
        pattern = child.child_by_field_name("pattern")
        if pattern is None or pattern.type != "identifier":
            continue
        words = set(b.source[child.start_byte : pattern.start_byte].split())
        if not words & _PROPERTY_WORDS:
            continue
        declared = child.child_by_field_name("type")
        row = b.define_node(
            DefKind.FIELD,
            pattern,
            child,
            scope=scope,
            owner=owner,
            claim=False,
            lexical=False,
            flags=modifiers(b, child, pattern),
            type_node=declared,
        )
        value = child.child_by_field_name("value")
        if value is not None:
            b.add_site(row, pattern.start_byte, value)
        notes_of(b).members.setdefault((owner, b.text(pattern)), row)


_PROPERTY_WORDS = frozenset({b"public", b"private", b"protected", b"readonly", b"override"})


def field(b: Builder, owner: int, scope: int, node: Node, start: int = -1) -> None:
    """A field of a class or interface."""
    name = node.child_by_field_name("name") or node.child_by_field_name("property")
    if name is None:
        return
    notes = notes_of(b)
    value, declared = node.child_by_field_name("value"), node.child_by_field_name("type")
    flags = modifiers(b, node, name)
    if b.source.startswith(b"?", name.end_byte):
        flags |= DefFlag.OPTIONAL
    if start >= 0:
        notes.starts[node.id] = start
    inner = unwrap(value) if value is not None else None
    if value is not None and declared is not None:
        expect(b, value, type_context(b, declared))
    if inner is not None and inner.type in FUNCTION_NODES:
        row = named_function(
            b, DefKind.METHOD, name, node, inner, scope=scope, flags=flags, owner=owner, lexical=False
        )
    else:
        text, token = member_name(b, name)
        row = b.define(
            DefKind.FIELD,
            text,
            token.start_byte,
            token.end_byte,
            start if start >= 0 else node.start_byte,
            node.end_byte,
            scope=scope,
            owner=owner,
            flags=flags,
            claim=token.type not in _UNCLAIMED,
            lexical=False,
            type_node=declared,
        )
        if inner is not None:
            b.add_site(row, token.start_byte, value)
            notes.values[inner.id] = row
            if inner.type == "object":
                notes.objects[row] = inner.id
    notes.members.setdefault((owner, member_name(b, name)[0]), row)


# -- object literals


def object_literal(b: Builder, node: Node) -> None:
    """``{ a: 1, b() {}, c }``: a nameless type with these members.

    One that is no argument of a call may be seen by other files (returned, assigned, exported), so that its
    members are symbols; what is only passed on stays local.
    """
    notes = notes_of(b)
    scope = b.scope_of(node)
    if scope < 0 or node.id in b.def_of_node:
        return
    start = node.start_byte
    local = node.id in notes.arguments
    owner = notes.values.get(node.id, -1)
    row = b.define(
        DefKind.VARIABLE if local else DefKind.STRUCT,
        "",
        start,
        start,
        start,
        node.end_byte,
        scope=max(b.scope_parent[scope], 0),
        body=scope,
        flags=DefFlag.SYNTHETIC,
        owner=owner if owner >= 0 else None,
        claim=False,
    )
    b.def_of_node[node.id] = row
    literal = node.id if node.id in notes.contexts else 0
    notes.literals[row] = node.id
    for child in node.named_children:
        kind = child.type
        if kind == "pair":
            _pair(b, row, scope, child, literal, local)
        elif kind == "method_definition":
            _object_method(b, row, scope, child, literal)
        elif kind == "shorthand_property_identifier":
            _shorthand(b, row, scope, child, literal)
        elif kind == "spread_element":
            inner = b.first_named(child)
            if inner is not None:
                notes.spread.append((row, inner))


def key_context(b: Builder, literal: int, name: str) -> Context:
    """The context of a property of an object literal that has one itself."""

    def build() -> int:
        around = notes_of(b).expected(literal)
        return b.expr(ExprOp.MEMBER, around, b.name_index(name)) if around > 0 else 0

    return build


def _key_use(b: Builder, token: Node, literal: int, row: int = -1) -> None:
    """A key of a literal whose type is known also refers to that type's member; if it turns out not to be
    known, the token is the name of definition ``row``.
    """
    if not literal or token.type in _UNCLAIMED:
        return

    def use() -> None:
        around = notes_of(b).expected(literal)
        if around > 0:
            b.also(token, Role.WRITE, MEMBER, around)
        elif row >= 0:
            b.occurrence(token, Role.DEFINITION, row)

    notes_of(b).later.append(use)


def _pair(b: Builder, owner: int, scope: int, node: Node, literal: int, local: bool) -> None:
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    if key is None or value is None:
        return
    notes = notes_of(b)
    text, token = member_name(b, key)
    inner = unwrap(value)
    if literal:
        expect(b, value, key_context(b, literal, text))
    if inner.type in FUNCTION_NODES:
        row = named_function(b, DefKind.METHOD, key, node, inner, scope=scope, owner=owner, lexical=False)
    else:
        # Where the expected type is known the key is foremost a use of that type's member.
        row = b.define(
            DefKind.FIELD,
            text,
            token.start_byte,
            token.end_byte,
            node.start_byte,
            node.end_byte,
            scope=scope,
            owner=owner,
            claim=token.type not in _UNCLAIMED and not (local and literal),
            lexical=False,
        )
        b.add_site(row, token.start_byte, value)
        if inner.type == "object":
            notes.values[inner.id] = row
            notes.objects[row] = inner.id
            if local:
                notes.arguments.add(inner.id)
    if literal:
        _key_use(b, token, literal, row)
    notes.members.setdefault((owner, text), row)


def _object_method(b: Builder, owner: int, scope: int, node: Node, literal: int) -> None:
    name = node.child_by_field_name("name")
    if name is not None and literal:
        text, token = member_name(b, name)
        notes_of(b).contexts.setdefault(node.id, key_context(b, literal, text))
        _key_use(b, token, literal)
    method(b, owner, scope, node)


def _shorthand(b: Builder, owner: int, scope: int, node: Node, literal: int) -> None:
    row = b.define_node(DefKind.FIELD, node, node, scope=scope, owner=owner, claim=False, lexical=False)
    b.add_site(row, node.start_byte, node)
    notes = notes_of(b)
    notes.members.setdefault((owner, b.text(node)), row)
    _key_use(b, node, literal)
    # To the reader the token is the variable; the property is found through what uses it.
    notes.later.append(lambda: b.reference(node))


# -- assignments


def assignment(b: Builder, node: Node) -> None:
    """``name = value``, ``object.name = value``, ``module.exports = value``."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return
    notes = notes_of(b)
    value = _last_value(right)
    if value.type in FUNCTION_NODES and left.type in ("member_expression", "subscript_expression"):
        holder = left.child_by_field_name("object")
        if holder is not None:
            notes.this_objects.setdefault(b.scope_of(value), holder)
    if left.type == "member_expression":
        obj, name = left.child_by_field_name("object"), left.child_by_field_name("property")
        if obj is None or name is None or modules.exported_member(b, node, left, obj, name, value):
            return
        row = -1
        if value.type in FUNCTION_NODES and value.id not in b.def_of_node:

            def expected() -> int:
                # a member that it declares itself says nothing about it
                return b.expr_of(left) if b.def_kind[b.def_of_node[value.id]] == DefKind.FUNCTION else 0

            notes.contexts.setdefault(value.id, expected)
            row = named_function(
                b, DefKind.METHOD, name, node, value, scope=0, flags=_INSTANCE, owner=0, lexical=False
            )
        elif value.type == "object":
            notes.contexts.setdefault(value.id, lambda: b.expr_of(left))
        notes.moved.append(Moved(obj, name, node, value, row))
    elif left.type == "subscript_expression":
        obj, key = left.child_by_field_name("object"), left.child_by_field_name("index")
        if obj is not None and key is not None and obj.type == "this" and key.type == "identifier":
            notes.moved.append(Moved(obj, key, node, value, -1))
    else:
        notes.assigned.append((left, node))


_ASYNC = int(DefFlag.ASYNC)
_GENERATOR = int(DefFlag.GENERATOR)
_STATIC = int(DefFlag.STATIC)
_INSTANCE = int(DefFlag.INSTANCE)
_OUTER_SCOPES = frozenset(int(kind) for kind in (ScopeKind.FILE, ScopeKind.NAMESPACE))

HANDLERS: dict[str, Handler] = {
    "function_declaration": function_declaration,
    "generator_function_declaration": function_declaration,
    "function_expression": function_value,
    "generator_function": function_value,
    "arrow_function": function_value,
    "class_declaration": class_declaration,
    "class": class_value,
    "object": object_literal,
    "lexical_declaration": variables,
    "variable_declaration": variables,
    "using_declaration": variables,
    "for_in_statement": for_in,
    "catch_clause": catch,
    "import_statement": modules.import_statement,
    "export_statement": modules.export_statement,
    "assignment_expression": assignment,
    "labeled_statement": labeled,
}
