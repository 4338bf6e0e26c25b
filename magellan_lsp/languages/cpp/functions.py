"""Functions of C++ as definitions: prototypes, members defined outside their class, lambdas, and what macros such as
``TEST (suite, name) {…}`` make.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefFlag, DefKind, ScopeKind
from magellan_lsp.languages.c.common import Declared, declared
from magellan_lsp.languages.cpp.declarators import (
    FREE_SCOPES,
    define_parameters,
    define_type_parameters,
    owner_of,
    place_of,
    qualifier_of,
    set_declared_type,
    trailing_type,
    words_before,
)
from magellan_lsp.languages.cpp.names import is_global, name_text, parts_of, token_of

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder


def prototype(b: Builder, node: Node, found: Declared, place: int, words: frozenset[str]) -> None:
    """A function or member that is declared without a body."""
    name = found.name
    if name.type == "qualified_identifier" or found.function is None:
        return
    in_class = b.scope_kind[place] == ScopeKind.CLASS
    flags = DefFlag.DECLARATION
    if "static" in words:
        flags |= DefFlag.STATIC
    elif not in_class:
        flags |= DefFlag.GLOBAL
    if node.child_by_field_name("default_value") is not None and "virtual" in words:
        flags |= DefFlag.ABSTRACT
    flags |= _virtual(found, words)
    row = _define_function(b, node, found, place, -1, flags, in_class)
    set_declared_type(b, row, node.child_by_field_name("type"), found, function=True)
    define_parameters(b, found.function, row, -1)
    define_type_parameters(b, node, row)


def _virtual(found: Declared, words: frozenset[str]) -> DefFlag:
    """Whether a function says of itself that it can be overridden, or that it overrides another."""
    flags = DefFlag.VIRTUAL if "virtual" in words else DefFlag(0)
    if found.function is not None and any(
        child.type == "virtual_specifier" for child in found.function.named_children
    ):
        flags |= DefFlag.OVERRIDE
    return flags


def _define_function(
    b: Builder, node: Node, found: Declared, place: int, body: int, flags: int, in_class: bool
) -> int:
    """A function or member; constructors are never found by their plain name, the class is."""
    name = found.name
    text = name_text(b, name)
    kind = DefKind.METHOD if in_class else DefKind.FUNCTION
    owner = b.scope_def[place] if in_class else owner_of(b, place)
    lexical = True
    if in_class and owner >= 0 and text == b.names[b.def_name[owner]]:
        kind, lexical = DefKind.CONSTRUCTOR, False
    body_node = node.child_by_field_name("body")
    return b.define(
        kind,
        text,
        _name_start(name),
        _name_end(name),
        node.start_byte,
        node.end_byte,
        scope=place,
        owner=owner if owner >= 0 else None,
        body=body,
        flags=flags,
        lexical=lexical,
        signature_end=body_node.start_byte if body_node is not None else node.end_byte,
    )


def _name_start(name: Node) -> int:
    """Where the name token starts; of ``~A`` behind the tilde, where the name is."""
    inner = name.named_children[0] if name.type == "destructor_name" and name.named_child_count else None
    return inner.start_byte if inner is not None else name.start_byte


def _name_end(name: Node) -> int:
    """Where the name token ends; of ``operator bool () const`` behind the type."""
    if name.type == "operator_cast":
        type_node = name.child_by_field_name("type")
        return type_node.end_byte if type_node is not None else name.end_byte
    token = token_of(name)
    return token.end_byte if token is not None else name.end_byte


def function_definition(b: Builder, node: Node) -> None:
    """A function or member with its body, or a macro with one."""
    declarator = node.child_by_field_name("declarator")
    scope = b.scope_of(node)
    found = declared(declarator) if declarator is not None else None
    if found is None or scope < 0:
        return
    name = found.name
    if found.function is None and not _is_conversion(name):
        return
    words = words_before(b, node)
    place = place_of(b, node)
    if node.parent is not None and node.parent.type == "friend_declaration":
        if name.type == "qualified_identifier":
            return
        while (
            b.scope_kind[place] not in FREE_SCOPES and place > 0
        ):  # it belongs to the namespace around the class
            place = b.scope_parent[place]
    if node.child_by_field_name("type") is None and b.scope_kind[place] in FREE_SCOPES:
        given = _macro_arguments(found)
        if given:
            row = _macro_function(b, node, given, place, scope)
            for layer in found.layers if row >= 0 else ():  # `DEFINE (suite, name) (state &s) {…}`
                define_parameters(b, layer, row, scope)
            return
    if name.type == "qualified_identifier" and parts_of(name)[:-1]:
        row = _outside(b, node, found, place, scope)
    else:
        in_class = b.scope_kind[place] == ScopeKind.CLASS
        flags = DefFlag.STATIC if "static" in words else DefFlag(0) if in_class else DefFlag.GLOBAL
        flags |= _virtual(found, words)
        row = _define_function(b, node, found, place, scope, flags, in_class)
    b.def_of_node[node.id] = row
    set_declared_type(b, row, node.child_by_field_name("type"), found, function=True)
    if found.function is not None:
        define_parameters(b, found.function, row, scope)
    define_type_parameters(b, node, row)


def _macro_arguments(found: Declared) -> list[Node]:
    """The arguments of what is no function but a macro with a body behind it: ``TEST (suite, name) {…}``."""
    parameters = found.function.child_by_field_name("parameters") if found.function is not None else None
    if parameters is None or found.name.type != "identifier":
        return []
    given: list[Node] = []
    for child in parameters.named_children:
        if child.is_extra:
            continue
        type_node = child.child_by_field_name("type")
        if (
            child.type != "parameter_declaration"
            or type_node is None
            or type_node.type not in ("type_identifier", "qualified_identifier", "template_type")
            or child.child_by_field_name("declarator") is not None
        ):
            return []
        given.append(type_node)
    return given


def _macro_function(b: Builder, node: Node, given: list[Node], place: int, scope: int) -> int:
    """A function that a macro makes: named by the last argument, and a member of what the first names, if a class."""
    last = token_of(parts_of(given[-1])[-1])
    outer = b.scope_parent[scope]
    if last is None:
        return -1
    owner = owner_of(b, place)
    prefix = [given[0]] if given[0].type != "qualified_identifier" else parts_of(given[0])
    if len(given) > 1 and b.scope_kind[outer] == ScopeKind.CLASS and b.scope_start[outer] == node.start_byte:
        owner = b.define(
            DefKind.IMPL,
            "",
            node.start_byte,
            node.start_byte,
            node.start_byte,
            node.end_byte,
            scope=place,
            owner=owner,
            body=outer,
            claim=False,
            flags=DefFlag.SYNTHETIC,
        )
        b.open_class(outer)
        b.qualify(owner, qualifier_of(b, place, prefix))
        b.notes.setdefault("impls", {})[owner] = (prefix, is_global(given[0]))
    body = node.child_by_field_name("body")
    row = b.define_node(
        DefKind.FUNCTION,
        last,
        node,
        scope=place,
        owner=owner,
        body=scope,
        flags=DefFlag.TEST | DefFlag.EXTENSION,
        lexical=False,
        signature_end=body.start_byte if body is not None else node.end_byte,
    )
    b.def_of_node[node.id] = row
    return row


def _is_conversion(name: Node) -> bool:
    parts = parts_of(name)
    return bool(parts) and parts[-1].type == "operator_cast"


def _outside(b: Builder, node: Node, found: Declared, place: int, scope: int) -> int:
    """``type A::f (…) {…}``: a member defined outside its class, in a scope that sees what the class has."""
    parts = parts_of(found.name)
    prefix, last = parts[:-1], parts[-1]
    holder = token_of(prefix[-1])
    outer = b.scope_parent[scope]
    qualifier = qualifier_of(b, place, prefix)
    text = name_text(b, last)
    impl = -1
    if outer > 0 and b.scope_kind[outer] == ScopeKind.CLASS and b.scope_start[outer] == node.start_byte:
        impl = b.define(
            DefKind.IMPL,
            "",
            node.start_byte,
            node.start_byte,
            node.start_byte,
            node.end_byte,
            scope=place,
            owner=owner_of(b, place),
            body=outer,
            claim=False,
            flags=DefFlag.SYNTHETIC,
        )
        b.qualify(impl, qualifier)
        b.open_class(outer)
    constructor = holder is not None and text == b.text(holder)
    body = node.child_by_field_name("body")
    row = b.define(
        DefKind.CONSTRUCTOR if constructor else DefKind.METHOD,
        text,
        _name_start(last),
        _name_end(last),
        node.start_byte,
        node.end_byte,
        scope=outer if impl >= 0 else place,
        owner=impl if impl >= 0 else owner_of(b, place),
        body=scope,
        flags=DefFlag.EXTENSION | DefFlag.GLOBAL,
        lexical=False,
        signature_end=body.start_byte if body is not None else node.end_byte,
    )
    b.qualify(row, qualifier)
    if holder is not None:
        b.notes.setdefault("extensions", []).append((b.text(holder), row, prefix, is_global(found.name)))
        if impl >= 0:
            b.notes.setdefault("impls", {})[impl] = (prefix, is_global(found.name))
    return row


def lambda_definition(b: Builder, node: Node) -> None:
    """A lambda: a nameless function, with what its captures and parameters declare."""
    scope = b.scope_of(node)
    if scope < 0:
        return
    start = node.start_byte
    row = b.define(
        DefKind.FUNCTION,
        "",
        start,
        start,
        start,
        node.end_byte,
        scope=b.scope_parent[scope],
        body=scope,
        flags=DefFlag.SYNTHETIC,
        claim=False,
    )
    b.def_of_node[node.id] = row
    declarator = node.child_by_field_name("declarator")
    captures = node.child_by_field_name("captures")
    for capture in captures.named_children if captures is not None else ():
        if capture.type == "lambda_capture_initializer":
            left, right = capture.child_by_field_name("left"), capture.child_by_field_name("right")
            if left is not None and left.type == "identifier":
                made = b.define_node(DefKind.VARIABLE, left, capture, scope=scope)
                if right is not None:
                    b.add_site(made, left.start_byte, right)
    if declarator is not None:
        define_parameters(b, declarator, row, scope)
        trailing = trailing_type(declarator)
        if trailing is not None:
            b.set_type(row, trailing)
