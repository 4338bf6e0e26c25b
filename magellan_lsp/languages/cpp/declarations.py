"""What C++ declares apart from functions: namespaces, classes, variables, aliases and ``using``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import IMPORTED
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.c import common
from magellan_lsp.languages.c.common import Declared, declared
from magellan_lsp.languages.cpp.declarators import (
    FREE_SCOPES,
    define_parameters,
    define_type_parameters,
    in_macro,
    owner_of,
    place_of,
    qualifier_of,
    set_declared_type,
    words_before,
)
from magellan_lsp.languages.cpp.functions import function_definition, lambda_definition, prototype
from magellan_lsp.languages.cpp.names import CLASS_NAMES, CLASSES, is_global, parts_of, token_of

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder


def declarations(b: Builder, matches: list[Captures]) -> None:
    """Everything that declares, in source order, so that owners exist before what they own."""
    b.notes.setdefault("mixins", [])
    nodes = [captures["node"][0] for captures in matches]
    nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
    handlers = _HANDLERS
    for node in nodes:
        if node.type in _IN_MACROS or not in_macro(b, node):
            handlers[node.type](b, node)


_IN_MACROS = frozenset(("declaration", "lambda_expression", "for_range_loop", "catch_clause"))


def _namespace(b: Builder, node: Node) -> None:
    """A namespace; ``a::b`` declares one in the other."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    place = place_of(b, node)
    owner = owner_of(b, place)
    parts = _namespace_parts(name)
    for part in parts:
        owner = b.define_node(
            DefKind.NAMESPACE,
            part,
            node,
            scope=place,
            owner=owner,
            body=b.scope_of(body) if part is parts[-1] else -1,
            signature_end=body.start_byte,
            lexical=False,  # its first part, which a use leads to, may stand in any file
        )


def _namespace_parts(name: Node) -> list[Node]:
    found: list[Node] = []
    while name.type == "nested_namespace_specifier" and name.named_child_count > 1 and len(found) < 40:
        found.append(name.named_children[0])
        name = name.named_children[-1]
    return [*found, name]


def _class(b: Builder, node: Node) -> None:
    """A class, struct, union or enum: defined, or announced."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    kind = CLASSES[node.type]
    parent = node.parent
    place = place_of(b, node)
    if body is None:
        if (
            name is not None
            and name.type == "type_identifier"
            and parent is not None
            and _alone(node, parent)
        ):
            row = b.define_node(
                kind, name, node, scope=place, owner=owner_of(b, place), flags=DefFlag.DECLARATION
            )
            b.def_of_node[node.id] = row
            define_type_parameters(b, node, row)
        return
    scope = b.scope_of(body)
    whole = node
    if name is None and parent is not None and parent.type == "type_definition":
        name = next(
            (d for d in parent.children_by_field_name("declarator") if d.type == "type_identifier"), None
        )
        if name is not None:
            whole = parent
    token = token_of(name) if name is not None else None
    if token is not None and token.type == "qualified_identifier":
        token = token_of(parts_of(token)[-1])
    if token is None:
        row = b.define(
            kind,
            "",
            node.start_byte,
            node.start_byte,
            node.start_byte,
            node.end_byte,
            scope=place,
            owner=owner_of(b, place),
            body=scope,
            flags=DefFlag.SYNTHETIC,
            claim=False,
        )
        b.notes.setdefault("unnamed", set())
        if (
            parent is not None
            and parent.type == "field_declaration"
            and parent.child_by_field_name("declarator") is None
        ):
            b.notes["unnamed"].add(row)
    else:
        # a specialization is found through the template it specializes, a member defined outside its class as
        # the class's member
        special = name is not None and name.type == "template_type"
        prefix = parts_of(name)[:-1] if name is not None and name.type == "qualified_identifier" else []
        row = b.define_node(
            kind,
            token,
            whole,
            scope=-1 if prefix else place,
            owner=owner_of(b, place),
            body=scope,
            signature_end=body.start_byte,
            lexical=not special,
            flags=DefFlag.OVERLOAD if special else DefFlag.EXTENSION if prefix else 0,
        )
        holder = token_of(prefix[-1]) if prefix else None
        if name is not None and holder is not None:
            b.qualify(row, qualifier_of(b, place, prefix))
            b.notes.setdefault("extensions", []).append((b.text(holder), row, prefix, is_global(name)))
    b.def_of_node[node.id] = row
    define_type_parameters(b, node, row)
    if any(child.type == "base_class_clause" for child in node.children) and scope >= 0:
        b.open_class(scope)


def _alone(node: Node, parent: Node) -> bool:
    """Whether ``class x`` stands alone, as a declaration."""
    if parent.type in ("translation_unit", "declaration_list", "compound_statement", "template_declaration"):
        return True
    return (
        parent.type in ("declaration", "field_declaration")
        and parent.child_by_field_name("declarator") is None
    )


def _enumerator(b: Builder, node: Node) -> None:
    name = node.child_by_field_name("name")
    holder = node.parent.parent if node.parent is not None else None
    if name is None or holder is None:
        return
    place = place_of(b, node)
    owner = b.def_of_node.get(holder.id, -1)
    row = b.define_node(
        DefKind.ENUM_MEMBER, name, node, scope=place, owner=owner if owner >= 0 else owner_of(b, place)
    )
    value = node.child_by_field_name("value")
    if value is not None:
        b.add_site(row, name.start_byte, value)


def _declaration(b: Builder, node: Node) -> None:
    """Variables, prototypes, fields, members without bodies."""
    if node.parent is not None and node.parent.type == "friend_declaration":
        return
    place = place_of(b, node)
    kind = b.scope_kind[place]
    type_node = node.child_by_field_name("type")
    words = words_before(b, node)
    declarators = node.children_by_field_name("declarator")
    if (
        kind == ScopeKind.CLASS
        and not declarators
        and type_node is not None
        and type_node.type == "type_identifier"
    ):
        owner = b.scope_def[place]
        if owner >= 0:
            b.notes["mixins"].append((owner, type_node))
    for declarator in declarators:
        found = declared(declarator)
        if found is None:
            continue
        if found.name.type == "structured_binding_declarator":
            _structured(b, node, declarator, found.name, place)
        elif found.function is not None and not _is_value(b, found, kind):
            if kind in (ScopeKind.CLASS, *FREE_SCOPES) and not in_macro(b, node):
                prototype(b, node, found, place, words)
        else:
            _variable(b, node, declarator, found, place, words)


def _is_value(b: Builder, found: Declared, kind: int) -> bool:
    """Whether what looks like a prototype in a block is a variable made from values: ``guard lock
    (mutex);``.
    """
    if kind in (ScopeKind.CLASS, *FREE_SCOPES) or found.function is None:
        return False
    parameters = found.function.child_by_field_name("parameters")
    if parameters is None or not parameters.named_child_count:
        return False
    for child in parameters.named_children:
        if child.type != "parameter_declaration" or child.child_by_field_name("declarator") is not None:
            return False
        type_node = child.child_by_field_name("type")
        if type_node is None or type_node.type not in ("type_identifier", "qualified_identifier"):
            return False
    return True


def _variable(
    b: Builder, node: Node, declarator: Node, found: Declared, place: int, words: frozenset[str]
) -> None:
    name = found.name
    if name.type == "qualified_identifier":
        _static_member(b, node, declarator, found, place)
        return
    if name.type not in ("identifier", "field_identifier", "type_identifier"):
        return
    in_class = b.scope_kind[place] == ScopeKind.CLASS
    free = b.scope_kind[place] in FREE_SCOPES
    value = declarator.child_by_field_name("value") if declarator.type == "init_declarator" else None
    if value is None:
        value = node.child_by_field_name("value") or node.child_by_field_name("default_value")
    flags = DefFlag(0)
    visible = 0
    owner = owner_of(b, place)
    if in_class:
        owner = b.scope_def[place]
        while owner >= 0 and owner in b.notes.get("unnamed", ()):
            place = b.enclosing(b.scope_parent[place], ScopeKind.CLASS)
            owner = b.scope_def[place]
        if "static" in words:
            flags |= DefFlag.STATIC
    elif free:
        flags |= DefFlag.STATIC if "static" in words else DefFlag.GLOBAL
        if "extern" in words and value is None:
            flags |= DefFlag.DECLARATION
    elif "extern" not in words:
        flags |= DefFlag.REACHES
        visible = name.end_byte
    if found.layers:
        flags |= DefFlag.CALLABLE
    kind = DefKind.FIELD if in_class else DefKind.VARIABLE
    if free and ("const" in words or "constexpr" in words) and not found.layers:
        kind = DefKind.CONSTANT
    if common.is_member_macro(b, place):
        kind, flags, visible, owner, in_class = DefKind.FIELD, DefFlag.INSTANCE, 0, 0, True
    row = b.define_node(
        kind,
        name,
        node,
        scope=place,
        owner=owner if in_class or free else None,
        body=b.scope_of(value) if value is not None and free else -1,
        flags=flags,
        visible=visible,
        signature_end=value.start_byte if value is not None else -1,
    )
    if found.function is not None:
        b.set_type(row, node.child_by_field_name("type") or name)
    else:
        set_declared_type(b, row, node.child_by_field_name("type"), found)
    if value is not None and value.type not in ("argument_list", "initializer_list"):
        b.add_site(row, name.start_byte, value)
    elif not in_class and "extern" not in words and not (found.indirect or found.layers or found.array):
        type_node = node.child_by_field_name("type")
        if type_node is not None and type_node.type in CLASS_NAMES:
            given = value
            if found.function is not None:
                given = found.function.child_by_field_name("parameters")
            b.notes.setdefault("made", []).append((name, type_node, given))


def _static_member(b: Builder, node: Node, declarator: Node, found: Declared, place: int) -> None:
    """``int A::count = 0;``: the definition of a static member."""
    parts = parts_of(found.name)
    if len(parts) < 2 or b.scope_kind[place] not in FREE_SCOPES:
        return
    token = token_of(parts[-1])
    if token is None:
        return
    row = b.define_node(
        DefKind.FIELD,
        token,
        node,
        scope=-1,
        owner=owner_of(b, place),
        flags=DefFlag.EXTENSION | DefFlag.STATIC,
    )
    b.qualify(row, qualifier_of(b, place, parts[:-1]))
    set_declared_type(b, row, node.child_by_field_name("type"), found)
    prefix = parts[:-1]
    anchored = is_global(found.name)
    holder = token_of(prefix[-1])
    if holder is not None:
        b.notes.setdefault("extensions", []).append((b.text(holder), row, prefix, anchored))


def _structured(b: Builder, node: Node, declarator: Node, names: Node, place: int) -> None:
    """``auto [a, b] = value``."""
    value = declarator.child_by_field_name("value")
    _unpack(b, node, names, place, (lambda: b.expr_of(value)) if value is not None else None)


def _unpack(b: Builder, node: Node, names: Node, place: int, value: common.Later | None) -> None:
    parts = [child for child in names.named_children if child.type == "identifier"]
    for position, name in enumerate(parts):
        row = b.define_node(
            DefKind.VARIABLE, name, node, scope=place, flags=DefFlag.REACHES, visible=names.end_byte
        )
        if value is not None:
            b.add_site(row, name.start_byte, _part_of(b, value, position))


def _part_of(b: Builder, value: common.Later, position: int) -> common.Later:
    return lambda: b.expr(ExprOp.UNPACK, value(), position)


def _typedef(b: Builder, node: Node) -> None:
    type_node = node.child_by_field_name("type")
    place = place_of(b, node)
    taken = None
    if type_node is not None and type_node.type in CLASSES and type_node.child_by_field_name("name") is None:
        taken = next(
            (d for d in node.children_by_field_name("declarator") if d.type == "type_identifier"), None
        )
    for declarator in node.children_by_field_name("declarator"):
        found = declared(declarator)
        if found is None or (taken is not None and found.name == taken):
            continue
        row = b.define_node(DefKind.TYPE_ALIAS, found.name, node, scope=place, owner=owner_of(b, place))
        set_declared_type(b, row, type_node, found)
        if found.function is not None:
            define_parameters(b, found.function, row, -1)


def _alias(b: Builder, node: Node) -> None:
    """``using name = type;``."""
    name, type_node = node.child_by_field_name("name"), node.child_by_field_name("type")
    if name is None:
        return
    place = place_of(b, node)
    row = b.define_node(DefKind.TYPE_ALIAS, name, node, scope=place, owner=owner_of(b, place))
    if type_node is not None:
        b.set_type(row, type_node)
    define_type_parameters(b, node, row)


def _concept(b: Builder, node: Node) -> None:
    name = node.child_by_field_name("name")
    if name is not None:
        place = place_of(b, node)
        row = b.define_node(DefKind.TYPE_ALIAS, name, node, scope=place, owner=owner_of(b, place))
        define_type_parameters(b, node, row)


def _namespace_alias(b: Builder, node: Node) -> None:
    name = node.child_by_field_name("name")
    target = next(
        (child for child in reversed(node.named_children) if child != name and not child.is_extra), None
    )
    if name is None or target is None:
        return
    place = place_of(b, node)
    row = b.define_node(DefKind.IMPORT, name, node, scope=place)
    b.add_import(
        module="".join(b.text(target).split()),
        definition=row,
        flags=ImportFlag.MODULE,
        start=target.start_byte,
        end=target.end_byte,
        scope=place,
    )


def _using(b: Builder, node: Node) -> None:
    """``using namespace x;`` and ``using x::y;``."""
    target = next((child for child in node.named_children if not child.is_extra), None)
    if target is None:
        return
    place = place_of(b, node)
    path = "".join(b.text(target).split())
    if any(child.type == "namespace" for child in node.children):
        b.add_import(
            module=path, flags=ImportFlag.STAR, start=target.start_byte, end=target.end_byte, scope=place
        )
        return
    parts = parts_of(target)
    token = token_of(parts[-1]) if len(parts) > 1 else None
    if token is None or b.scope_kind[place] == ScopeKind.CLASS:
        return
    module, _, name = path.rpartition("::")
    row = b.define_node(DefKind.IMPORT, token, node, scope=place, claim=False)
    at = b.add_import(
        module=module,
        name=name,
        definition=row,
        start=target.start_byte,
        end=target.end_byte,
        scope=place,
    )
    b.occurrence(token, Role.IMPORT, IMPORTED, at, name)


def _range_loop(b: Builder, node: Node) -> None:
    """``for (auto &x : items)``."""
    declarator, right = node.child_by_field_name("declarator"), node.child_by_field_name("right")
    found = declared(declarator) if declarator is not None else None
    scope = b.scope_of(node)
    if found is None or declarator is None or right is None or scope < 0:
        return

    def element() -> int:
        return b.expr(ExprOp.ELEMENT, b.expr_of(right))

    if found.name.type == "structured_binding_declarator":
        _unpack(b, node, found.name, scope, element)
        return
    if found.name.type != "identifier":
        return
    row = b.define_node(
        DefKind.VARIABLE, found.name, node, scope=scope, flags=DefFlag.REACHES, visible=right.end_byte
    )
    set_declared_type(b, row, node.child_by_field_name("type"), found)
    b.add_site(row, found.name.start_byte, element)


def _catch(b: Builder, node: Node) -> None:
    parameters = node.child_by_field_name("parameters")
    scope = b.scope_of(node)
    for child in parameters.named_children if parameters is not None and scope >= 0 else ():
        declarator = child.child_by_field_name("declarator")
        found = declared(declarator) if declarator is not None else None
        if found is not None and found.name.type == "identifier":
            row = b.define_node(DefKind.VARIABLE, found.name, child, scope=scope)
            set_declared_type(b, row, child.child_by_field_name("type"), found)


_HANDLERS = {
    "namespace_definition": _namespace,
    "class_specifier": _class,
    "struct_specifier": _class,
    "union_specifier": _class,
    "enum_specifier": _class,
    "enumerator": _enumerator,
    "type_definition": _typedef,
    "alias_declaration": _alias,
    "concept_definition": _concept,
    "namespace_alias_definition": _namespace_alias,
    "using_declaration": _using,
    "declaration": _declaration,
    "field_declaration": _declaration,
    "function_definition": function_definition,
    "lambda_expression": lambda_definition,
    "for_range_loop": _range_loop,
    "catch_clause": _catch,
}
