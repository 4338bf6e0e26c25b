"""C: tables and extraction hooks. Linking rules are in ``rules.py``.

Tags have a name space of their own: ``struct point`` is bound and looked up under just that text, beside
whatever ``point`` may be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import OPEN
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, Role, ScopeKind
from magellan_lsp.languages import base
from magellan_lsp.languages.base import Captures, Language
from magellan_lsp.languages.c import common
from magellan_lsp.languages.c.common import Declared, declared, with_layers

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_TAGS = {
    "struct_specifier": DefKind.STRUCT,
    "union_specifier": DefKind.UNION,
    "enum_specifier": DefKind.ENUM,
}


# -- definitions


def _declarations(b: Builder, matches: list[Captures]) -> None:
    """Everything that declares, in source order, so that owners exist before what they own."""
    nodes = [captures["node"][0] for captures in matches]
    nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
    handlers = _HANDLERS
    for node in nodes:
        if node.type == "declaration" or not _in_macro(b, node):
            handlers[node.type](b, node)


def _in_macro(b: Builder, node: Node) -> bool:
    """Whether a node lies in a macro's body: what it would declare has no name yet."""
    owner = b.owner_of(b.scope_at(node.start_byte))
    return owner > 0 and b.def_kind[owner] == DefKind.MACRO


def _scope_around(b: Builder, node: Node) -> int:
    """The scope in which a node declares names: struct bodies do not count."""
    scope = b.scope_at(node.start_byte)
    if scope == b.scope_of(node):
        scope = b.scope_parent[scope]
    while scope > 0 and b.scope_kind[scope] == ScopeKind.CLASS:
        scope = b.scope_parent[scope]
    return scope


def _tag(b: Builder, node: Node) -> None:
    """``struct x {…}``, ``struct x;``: a type found under its tag; one without a tag takes the name that a
    typedef gives.
    """
    body = node.child_by_field_name("body")
    name = node.child_by_field_name("name")
    kind = _TAGS[node.type]
    parent = node.parent
    if body is None:
        if name is not None and parent is not None and _forward(node, parent):
            _define_tag(b, node, name, kind, -1, DefFlag.DECLARATION)
        return
    scope = b.scope_of(body)
    if name is not None:
        _define_tag(b, node, name, kind, scope, 0)
        return
    given = _typedef_name(parent, node)
    if given is not None:
        place = _scope_around(b, node)
        row = b.define_node(
            kind,
            given,
            parent or node,
            scope=place,
            body=scope,
            owner=max(0, b.owner_of(place)),
            signature_end=body.start_byte,
        )
    else:
        flags = DefFlag.SYNTHETIC
        row = b.define(
            kind,
            "",
            node.start_byte,
            node.start_byte,
            node.start_byte,
            node.end_byte,
            scope=_scope_around(b, node),
            body=scope,
            owner=max(0, b.owner_of(b.scope_parent[scope] if scope > 0 else b.scope_at(node.start_byte))),
            flags=flags,
            claim=False,
        )
    b.def_of_node[node.id] = row


def _forward(node: Node, parent: Node) -> bool:
    """Whether ``struct x`` stands alone, as a declaration of the tag."""
    if parent.type in ("translation_unit", "compound_statement", "linkage_specification", "declaration_list"):
        return True
    return (
        parent.type in ("declaration", "field_declaration")
        and parent.child_by_field_name("declarator") is None
    )


def _define_tag(b: Builder, node: Node, name: Node, kind: DefKind, body: int, flags: int) -> None:
    place = _scope_around(b, node)
    enclosing = b.scope_at(node.start_byte) if body < 0 else b.scope_parent[body]
    owner = max(0, b.owner_of(enclosing))
    row = b.define_node(
        kind,
        name,
        node,
        scope=place,
        body=body,
        owner=owner,
        flags=flags,
        lexical=False,
        signature_end=b.scope_start[body] if body >= 0 else node.end_byte,
    )
    b.also_bind(place, f"struct {b.text(name)}", row)
    b.def_of_node[node.id] = row


def _typedef_name(parent: Node | None, node: Node) -> Node | None:
    """The plain name that ``typedef struct {…} name;`` gives, None when there is none."""
    if parent is None or parent.type != "type_definition":
        return None
    for declarator in parent.children_by_field_name("declarator"):
        if declarator.type == "type_identifier":
            return declarator
    return None


def _enumerator(b: Builder, node: Node) -> None:
    name = node.child_by_field_name("name")
    if name is None:
        return
    holder = node.parent.parent if node.parent is not None else None
    owner = b.def_of_node.get(holder.id, -1) if holder is not None else -1
    place = _scope_around(b, node)
    row = b.define_node(
        DefKind.ENUM_MEMBER, name, node, scope=place, owner=owner if owner >= 0 else max(0, b.owner_of(place))
    )
    value = node.child_by_field_name("value")
    if value is not None:
        b.add_site(row, name.start_byte, value)


def _typedef(b: Builder, node: Node) -> None:
    type_node = node.child_by_field_name("type")
    place = _scope_around(b, node)
    taken = None
    if type_node is not None and type_node.type in _TAGS and type_node.child_by_field_name("name") is None:
        taken = _typedef_name(node, type_node) if type_node.child_by_field_name("body") is not None else None
    for declarator in node.children_by_field_name("declarator"):
        found = declared(declarator)
        if found is None or (taken is not None and found.name == taken):
            continue
        row = b.define_node(
            DefKind.TYPE_ALIAS, found.name, node, scope=place, owner=max(0, b.owner_of(place))
        )
        _type_of(b, row, type_node, found)
        if found.function is not None:
            _parameters(b, found.function, row, -1)


def _type_of(b: Builder, row: int, type_node: Node | None, found: Declared, function: bool = False) -> None:
    """The declared type; of a function its result's."""
    layers = found.layers
    if found.function is not None and not function:
        layers = (*layers, found.function)
    for layer in found.layers:
        _parameters(b, layer, row, -1)
    if not layers:
        if type_node is not None and type_node.type != "primitive_type":
            b.set_type(row, type_node)
        return
    b.set_type(row, lambda: with_layers(b, b.type_expr(type_node), layers))


def _declaration(b: Builder, node: Node) -> None:
    """Variables and prototypes, of the file or of a block."""
    scope = b.scope_at(node.start_byte)
    type_node = node.child_by_field_name("type")
    words = _storage(b, node)
    at_file = b.scope_kind[scope] in (ScopeKind.FILE, ScopeKind.NAMESPACE)
    for declarator in node.children_by_field_name("declarator"):
        found = declared(declarator)
        if found is None or found.name.type not in ("identifier", "field_identifier", "type_identifier"):
            continue
        if found.function is not None and _in_macro(b, node):
            continue
        if found.function is not None:
            flags = DefFlag.DECLARATION | (DefFlag.STATIC if "static" in words else DefFlag.GLOBAL)
            row = b.define_node(
                DefKind.FUNCTION,
                found.name,
                node,
                scope=scope,
                flags=flags,
                owner=max(0, b.owner_of(scope)),
                lexical=not common.substitutes(b, found.name.text or b"", node.start_byte),
            )
            _type_of(b, row, type_node, found, function=True)
            _parameters(b, found.function, row, -1)
            continue
        value = declarator.child_by_field_name("value") if declarator.type == "init_declarator" else None
        flags = DefFlag(0)
        visible = 0
        if at_file:
            flags |= DefFlag.STATIC if "static" in words else DefFlag.GLOBAL
        elif "extern" not in words:
            flags |= DefFlag.REACHES
            visible = found.name.end_byte
        if "extern" in words and value is None:
            flags |= DefFlag.DECLARATION
        if found.layers:
            flags |= DefFlag.CALLABLE
        kind = DefKind.CONSTANT if at_file and "const" in words and not found.layers else DefKind.VARIABLE
        if common.is_member_macro(b, scope):
            kind, flags, visible = DefKind.FIELD, DefFlag.INSTANCE, 0
        row = b.define_node(
            kind,
            found.name,
            node,
            scope=scope,
            body=b.scope_of(value) if value is not None and at_file else -1,
            flags=flags,
            visible=visible,
            owner=0 if kind == DefKind.FIELD else None if not at_file else max(0, b.owner_of(scope)),
            signature_end=value.start_byte if value is not None else -1,
        )
        _type_of(b, row, type_node, found)
        if value is not None:
            b.add_site(row, found.name.start_byte, value)


def _storage(b: Builder, node: Node) -> frozenset[str]:
    """``static``, ``extern``, ``const`` … before a declaration."""
    type_node = node.child_by_field_name("type")
    end = type_node.start_byte if type_node is not None else node.end_byte
    if end == node.start_byte:
        return _NONE
    return frozenset(b.source[node.start_byte : end].decode("utf-8", "replace").split())


_NONE: frozenset[str] = frozenset()


def _field(b: Builder, node: Node) -> None:
    """Members of a struct or union; those of an unnamed one inside belong to the one around it."""
    scope = b.scope_at(node.start_byte)
    type_node = node.child_by_field_name("type")
    owner = b.scope_def[scope] if scope > 0 and b.scope_kind[scope] == ScopeKind.CLASS else -1
    while owner >= 0 and _unnamed_member(b, owner):
        outer = b.enclosing(b.scope_parent[scope], ScopeKind.CLASS)
        if b.scope_kind[outer] != ScopeKind.CLASS:
            break
        scope, owner = outer, b.scope_def[outer]
    declarators = node.children_by_field_name("declarator")
    if not declarators and type_node is not None and type_node.type == "type_identifier" and owner >= 0:
        # a macro that declares members: `struct node { HEADER; int size; }`
        b.notes["mixins"].append((owner, type_node))
    for declarator in declarators:
        found = declared(declarator)
        if found is None:
            continue
        flags = DefFlag.INSTANCE | (DefFlag.CALLABLE if found.layers or found.function else 0)
        row = b.define_node(
            DefKind.FIELD, found.name, node, scope=scope, owner=owner if owner >= 0 else None, flags=flags
        )
        _type_of(b, row, type_node, found)


def _unnamed_member(b: Builder, row: int) -> bool:
    """Whether a struct is an anonymous member: neither tag nor declarator."""
    return bool(b.def_flags[row] & DefFlag.SYNTHETIC) and row in b.notes["unnamed"]


def _function(b: Builder, node: Node) -> None:
    declarator = node.child_by_field_name("declarator")
    body = node.child_by_field_name("body")
    scope = b.scope_of(node)
    found = declared(declarator) if declarator is not None else None
    if found is None or found.function is None or scope < 0:
        return
    if declarator is not None and declarator.type == "parenthesized_declarator" and _in_function(node):
        return  # `vmdispatch (GET_OPCODE(i)) {…}`: a macro that stands for a statement with a block
    words = _storage(b, node)
    place = b.scope_parent[scope]
    row = b.define_node(
        DefKind.FUNCTION,
        found.name,
        node,
        scope=place,
        body=scope,
        flags=DefFlag.STATIC if "static" in words else DefFlag.GLOBAL,
        signature_end=body.start_byte if body is not None else node.end_byte,
        owner=max(0, b.owner_of(place)),
        lexical=not common.substitutes(b, found.name.text or b"", node.start_byte),
    )
    b.def_of_node[node.id] = row
    _type_of(b, row, node.child_by_field_name("type"), found, function=True)
    _parameters(b, found.function, row, scope)


def _in_function(node: Node) -> bool:
    """Whether a definition stands among the statements of a block."""
    return node.parent is not None and node.parent.type in ("compound_statement", "case_statement")


def _parameters(b: Builder, function: Node, owner: int, scope: int) -> None:
    """Parameters; those of a prototype are bound nowhere."""
    parameters = function.child_by_field_name("parameters")
    if parameters is None:
        return
    for child in parameters.named_children:
        if child.type == "variadic_parameter":
            b.def_flags[owner] |= DefFlag.VARIADIC
        if child.type != "parameter_declaration":
            continue
        declarator = child.child_by_field_name("declarator")
        found = declared(declarator) if declarator is not None else None
        if found is None or found.name.type != "identifier":
            continue
        # visible from its own name on: `void f (node *node)` names the type first
        row = b.define_node(
            DefKind.PARAMETER,
            found.name,
            child,
            scope=scope,
            owner=owner,
            flags=DefFlag.REACHES,
            visible=found.name.end_byte,
        )
        _type_of(b, row, child.child_by_field_name("type"), found)


def _prepare_unnamed(b: Builder, node: Node) -> None:
    """Note structs that are anonymous members before their fields are defined."""
    _tag(b, node)
    row = b.def_of_node.get(node.id, -1)
    parent = node.parent
    if (
        row >= 0
        and parent is not None
        and parent.type == "field_declaration"
        and parent.child_by_field_name("declarator") is None
        and node.child_by_field_name("name") is None
    ):
        b.notes.setdefault("unnamed", set()).add(row)


def _declare_all(b: Builder, matches: list[Captures]) -> None:
    b.notes.setdefault("unnamed", set())
    b.notes.setdefault("mixins", [])
    _declarations(b, matches)


_HANDLERS = {
    "struct_specifier": _prepare_unnamed,
    "union_specifier": _prepare_unnamed,
    "enum_specifier": _tag,
    "enumerator": _enumerator,
    "type_definition": _typedef,
    "declaration": _declaration,
    "field_declaration": _field,
    "function_definition": _function,
}


# -- uses


def _use_tags(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        name = captures["name"][0]
        text = f"struct {b.text(name)}"
        b.name_index(b.text(name))
        target = b.lookup(text, name.start_byte)
        b.occurrence(name, Role.TYPE, target, name=text if target == OPEN else None)


def _identifier(b: Builder, node: Node) -> int:
    start = node.start_byte
    if start in b.notes["read"].prepared.tagged:
        return b.name_expr(f"struct {b.text(node)}", start)
    return base.name_expr(b, node)


def _late_names(b: Builder, matches: list[Captures]) -> None:
    common.preprocessed_names(b, matches)
    if not any(captures["root"][0].id == b.root.id for captures in matches):
        return
    for owner, type_node in b.notes.get("mixins", ()):
        b.add_base(owner, b.expr_of(type_node), common.MIXIN)
    for start in sorted(b.notes["read"].prepared.tagged):
        found = _WORD.match(b.source, start)
        if found is not None:
            name = found.group().decode()
            b.name_index(name)
            target = b.lookup(f"struct {name}", start)
            b.token(f"struct {name}" if target == OPEN else name, start, found.end(), Role.TYPE, target)


_WORD = re.compile(rb"[A-Za-z_]\w*")


def _tag_expr(b: Builder, node: Node) -> int:
    """``struct x`` as a type."""
    row = b.def_of_node.get(node.id, -1)
    if row >= 0:
        return b.expr(ExprOp.DEF, row, 0)
    name = node.child_by_field_name("name")
    if name is None:
        return 0
    b.name_index(b.text(name))
    return b.name_expr(f"struct {b.text(name)}", name.start_byte)


def _call(b: Builder, node: Node) -> int:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None:
        return 0
    callee = b.expr_of(function)
    if not callee:
        return 0
    return b.expr(ExprOp.CALL, callee, *(b.arguments(arguments) if arguments is not None else ()))


_EXPRESSIONS: dict[str, base.ExprHandler] = {
    "identifier": _identifier,
    "type_identifier": base.name_expr,
    "struct_specifier": _tag_expr,
    "union_specifier": _tag_expr,
    "enum_specifier": _tag_expr,
    "type_descriptor": common.type_descriptor,
    "field_expression": base.member("argument", "field"),
    "call_expression": _call,
    "subscript_expression": common.subscript,
    "pointer_expression": base.inner("argument"),
    "parenthesized_expression": base.inner(),
    "cast_expression": common.cast,
    "compound_literal_expression": common.compound_literal,
    "conditional_expression": base.union("consequence", "alternative"),
    "assignment_expression": common.assignment,
    "update_expression": base.inner("argument"),
    "binary_expression": common.arithmetic,
    "comma_expression": common.last_of_comma,
}

C = Language(
    name="c",
    grammar="c",
    extensions=(".c",),
    expressions=_EXPRESSIONS,
    hooks={
        "directives": common.directives,
        "declaration": _declare_all,
        "label": common.labels,
        "late_unlikely": common.mark_unlikely,
        "use_names": _late_names,
        "use_tag": _use_tags,
        "use_goto": common.gotos,
        "use_given": base.given_functions,
        "use_designator": common.designators,
    },
    read=common.reader(cpp=False),
    further_roots=common.further_roots,
    begin=common.announce,
    finish=common.finish,
    rules="magellan_lsp.languages.c.rules",
)

LANGUAGES = {"c": C}
