"""What TypeScript declares beyond JavaScript: interfaces, aliases, enums, namespaces, ambient code,
signatures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefFlag, DefKind
from magellan_lsp.languages.javascript.declarations import (
    HANDLERS,
    Handler,
    class_members,
    export_flags,
    function_declaration,
    outer_scope,
    statement_start,
    type_parameters,
)
from magellan_lsp.languages.javascript.notes import notes_of
from magellan_lsp.languages.javascript.patterns import member_name

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder


def interface(b: Builder, node: Node) -> None:
    """``interface I<T> extends J {}``."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    inner = b.scope_of(body)
    row = b.define(
        DefKind.INTERFACE,
        b.text(name),
        name.start_byte,
        name.end_byte,
        statement_start(b, node),
        node.end_byte,
        scope=outer_scope(b, node),
        body=inner,
        flags=export_flags(b, node),
        signature_end=body.start_byte,
    )
    own = b.scope_of(node)
    type_parameters(b, row, node, own if own >= 0 else inner)
    for child in node.named_children:
        if child.type == "extends_type_clause":
            for part in child.named_children:
                notes_of(b).bases.append((row, part, None, 0))
    class_members(b, row, inner, body)


def object_type(b: Builder, node: Node) -> None:
    """``{ a: A }`` as a type: a nameless interface."""
    scope = b.scope_of(node)
    if scope < 0:
        return
    start = node.start_byte
    row = b.define(
        DefKind.INTERFACE,
        "",
        start,
        start,
        start,
        node.end_byte,
        scope=max(b.scope_parent[scope], 0),
        body=scope,
        flags=DefFlag.SYNTHETIC,
        owner=notes_of(b).values.get(node.id),
        claim=False,
    )
    b.def_of_node[node.id] = row
    class_members(b, row, scope, node)


def alias(b: Builder, node: Node) -> None:
    """``type A<T> = …``."""
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None:
        return
    row = b.define(
        DefKind.TYPE_ALIAS,
        b.text(name),
        name.start_byte,
        name.end_byte,
        statement_start(b, node),
        node.end_byte,
        scope=outer_scope(b, node),
        flags=export_flags(b, node),
    )
    own = b.scope_of(node)
    if own >= 0:
        type_parameters(b, row, node, own)
    if value is None:
        return
    b.set_type(row, value)
    stack = [value]
    notes = notes_of(b)
    while stack:  # the members of object types in it belong to the alias
        part = stack.pop()
        if part.type == "object_type":
            notes.values[part.id] = row
        elif part.type in ("intersection_type", "union_type", "parenthesized_type"):
            stack.extend(part.named_children)


def enum(b: Builder, node: Node) -> None:
    """``enum E { A, B = 1 }``."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    inner = b.scope_of(body)
    row = b.define(
        DefKind.ENUM,
        b.text(name),
        name.start_byte,
        name.end_byte,
        statement_start(b, node),
        node.end_byte,
        scope=outer_scope(b, node),
        body=inner,
        flags=export_flags(b, node),
        signature_end=body.start_byte,
    )
    for child in body.named_children:
        token: Node | None = child
        if child.type == "enum_assignment":
            token = child.child_by_field_name("name")
        if token is None or child.type == "comment":
            continue
        text, leaf = member_name(b, token)
        b.define(
            DefKind.ENUM_MEMBER,
            text,
            leaf.start_byte,
            leaf.end_byte,
            child.start_byte,
            child.end_byte,
            scope=inner,
            owner=row,
        )


def namespace(b: Builder, node: Node) -> None:
    """``namespace A.B {}``, ``declare module "x" {}``."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None:
        return
    scope = outer_scope(b, node)
    inner = b.scope_of(body) if body is not None else -1
    flags = export_flags(b, node)
    if name.type == "string":
        text, token = member_name(b, name)
        b.groups.append(f"javascript:module:{text}")
        b.name_index(text)
        flags |= DefFlag.GLOBAL
        kind = DefKind.MODULE
    else:
        parts = _path(name)
        token, kind = parts[-1], DefKind.NAMESPACE
        text = b.text(token)
        for part in parts[:-1]:  # A of `A.B`: a namespace that holds nothing but B
            outer = b.define_node(kind, part, node, scope=scope, flags=flags)
            scope = b.def_body[outer] = b.detached_scope(outer, scope)
            flags = int(DefFlag.EXPORTED)
    row = b.define(
        kind,
        text,
        token.start_byte,
        token.end_byte,
        statement_start(b, node),
        node.end_byte,
        scope=scope,
        body=inner,
        flags=flags,
        lexical=name.type != "string",
    )
    if node.id in notes_of(b).ambient and body is not None:
        b.notes.setdefault("ambient", {})[inner] = row


def _path(node: Node) -> list[Node]:
    """The identifiers of ``A.B.C`` in order."""
    parts: list[Node] = []
    at: Node | None = node
    while at is not None and at.type == "nested_identifier":
        last = at.child_by_field_name("property")
        if last is not None:
            parts.append(last)
        at = at.child_by_field_name("object")
    if at is not None:
        parts.append(at)
    parts.reverse()
    return parts


def ambient(b: Builder, node: Node) -> None:
    """``declare …``: what it declares stands for what other code defines."""
    notes = notes_of(b)
    start = notes.starts.get(node.id, node.start_byte)
    for child in node.named_children:
        notes.ambient.add(child.id)
        notes.starts[child.id] = start
        if node.id in notes.exported:
            notes.exported.add(child.id)
        if child.type == "statement_block":
            b.groups.append("javascript:global")  # `declare global`
            for inner in child.named_children:
                notes.ambient.add(inner.id)
            b.notes.setdefault("global", []).append((child.start_byte, child.end_byte))


def import_alias(b: Builder, node: Node) -> None:
    """``import A = B.C``."""
    parts = [child for child in node.named_children if not child.is_extra]
    if len(parts) != 2:
        return
    name, path = parts
    row = b.define(
        DefKind.TYPE_ALIAS,
        b.text(name),
        name.start_byte,
        name.end_byte,
        statement_start(b, node),
        node.end_byte,
        scope=b.scope_at(node.start_byte),
        flags=export_flags(b, node),
    )
    b.add_site(row, name.start_byte, path)


def function_type(b: Builder, node: Node) -> None:
    """``(a: A) => R``: its parameters are names only within it."""
    scope = b.scope_of(node)
    if scope < 0:
        return
    type_parameters(b, -1, node, scope)
    given = node.child_by_field_name("parameters")
    for child in given.named_children if given is not None else ():
        pattern = child.child_by_field_name("pattern")
        if pattern is not None and pattern.type == "rest_pattern":
            pattern = b.first_named(pattern)
        if pattern is not None and pattern.type == "identifier":
            b.define_node(DefKind.PARAMETER, pattern, child, scope=scope, owner=-1)


def index_signature(b: Builder, node: Node) -> None:
    """``[key: string]: T`` and ``[K in keyof T]: U``."""
    name = node.child_by_field_name("name")
    scope = b.scope_of(node)
    if name is not None and scope >= 0:
        b.define_node(DefKind.PARAMETER, name, name, scope=scope, owner=-1)
    for child in node.named_children:
        if child.type == "mapped_type_clause":
            key = child.child_by_field_name("name")
            if key is not None:
                b.define_node(DefKind.TYPE_PARAMETER, key, key, scope=scope, owner=-1)


def infer(b: Builder, node: Node) -> None:
    """``infer T`` names a type within its conditional type."""
    name = b.first_named(node)
    if name is not None:
        b.define_node(DefKind.TYPE_PARAMETER, name, node, scope=b.scope_at(node.start_byte), owner=-1)


def signature(b: Builder, node: Node) -> None:
    """``function f(): T;``: an overload, or in ambient code all there is."""
    before = len(b.def_name)
    function_declaration(b, node)
    if len(b.def_name) > before:
        notes_of(b).signatures.append(before)


TYPESCRIPT_HANDLERS: dict[str, Handler] = {
    **HANDLERS,
    "abstract_class_declaration": HANDLERS["class_declaration"],
    "function_signature": signature,
    "interface_declaration": interface,
    "type_alias_declaration": alias,
    "enum_declaration": enum,
    "internal_module": namespace,
    "module": namespace,
    "ambient_declaration": ambient,
    "import_alias": import_alias,
    "object_type": object_type,
    "function_type": function_type,
    "constructor_type": function_type,
    "index_signature": index_signature,
    "infer_type": infer,
}
