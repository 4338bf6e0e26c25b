"""What C++'s declarations share: where a name is declared, its declared type, its parameters and template parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ScopeKind
from magellan_lsp.languages.c.common import Declared, declared, with_layers
from magellan_lsp.languages.cpp.names import name_text

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

FREE_SCOPES = (ScopeKind.FILE, ScopeKind.NAMESPACE)


def in_macro(b: Builder, node: Node) -> bool:
    """Whether a node stands in the body of a macro."""
    owner = b.owner_of(b.scope_at(node.start_byte))
    return owner > 0 and b.def_kind[owner] == DefKind.MACRO


def place_of(b: Builder, node: Node) -> int:
    """The scope in which a node declares a name: template heads do not count."""
    scope = b.scope_at(node.start_byte)
    own = b.scope_of(node)
    if own >= 0 and scope == own:
        scope = b.scope_parent[scope]
    while scope > 0 and (b.scope_kind[scope] == ScopeKind.TYPE_PARAMETERS or _outside_member(b, scope, node)):
        scope = b.scope_parent[scope]
    return scope


def _outside_member(b: Builder, scope: int, node: Node) -> bool:
    """Whether a scope is the class part of the function definition ``node`` itself."""
    return (
        node.type == "function_definition"
        and b.scope_kind[scope] == ScopeKind.CLASS
        and b.scope_start[scope] == node.start_byte
        and b.scope_end[scope] == node.end_byte
    )


def owner_of(b: Builder, scope: int) -> int:
    """The definition to which a scope belongs; 0, the file, where none does."""
    return max(0, b.owner_of(scope))


def _template_of(node: Node) -> Node | None:
    parent = node.parent
    while parent is not None and parent.type in ("friend_declaration", "requires_clause"):
        parent = parent.parent
    if parent is not None and parent.type == "declaration":
        parent = parent.parent
    return parent if parent is not None and parent.type == "template_declaration" else None


def define_type_parameters(b: Builder, node: Node, row: int) -> None:
    """The parameters of the template whose declaration ``node`` is."""
    template = _template_of(node)
    if template is None or template.id in b.notes.setdefault("templates", set()):
        return
    b.notes["templates"].add(template.id)
    scope = b.scope_of(template)
    parameters = template.child_by_field_name("parameters")
    if parameters is None or scope < 0:
        return
    for child in parameters.named_children:
        kind = child.type
        if kind in ("type_parameter_declaration", "variadic_type_parameter_declaration"):
            name = next((part for part in child.named_children if part.type == "type_identifier"), None)
        elif kind == "optional_type_parameter_declaration":
            name = child.child_by_field_name("name")
        elif kind in (
            "parameter_declaration",
            "optional_parameter_declaration",
            "variadic_parameter_declaration",
        ):
            declarator = child.child_by_field_name("declarator")
            found = declared(declarator) if declarator is not None else None
            if found is not None and found.name.type == "identifier":
                b.define_node(DefKind.TYPE_PARAMETER, found.name, child, scope=scope, owner=row)
            continue
        else:
            continue
        if name is not None:
            parameter = b.define_node(DefKind.TYPE_PARAMETER, name, child, scope=scope, owner=row)
            default = child.child_by_field_name("default_type")
            if default is not None:
                b.add_site(parameter, name.start_byte, None, default)


def set_declared_type(
    b: Builder, row: int, type_node: Node | None, found: Declared, function: bool = False
) -> None:
    """The declared type; of a function its result's."""
    layers = found.layers
    if found.function is not None and not function:
        layers = (*layers, found.function)
    for layer in found.layers:
        define_parameters(b, layer, row, -1)
    trailing = trailing_type(found.function) if function else None
    if trailing is not None:
        type_node = trailing
    _constness(b, row, trailing if trailing is not None else type_node, found.function if function else None)
    if type_node is None or type_node.type == "placeholder_type_specifier":
        return
    if not layers and not found.indirect and not found.array:
        b.set_type(row, type_node)
        return
    wrapper = {"*": ExprOp.POINTER, "&": ExprOp.REF}.get(found.indirect)
    if wrapper is None and found.array and type_node.type == "primitive_type":
        wrapper = ExprOp.ARRAY

    def whole() -> int:
        inner = b.type_expr(type_node)
        if wrapper is not None and inner > 0:
            inner = b.expr(wrapper, inner)
        return with_layers(b, inner, layers)

    b.set_type(row, whole)


def _constness(b: Builder, row: int, type_node: Node | None, function: Node | None) -> None:
    """``const`` behind a member function's parameters, and before or behind the type of a value or result."""
    if function is not None and _has_const(b, function):
        b.def_flags[row] |= DefFlag.CONST
    if type_node is not None and type_node.type != "type_descriptor":
        type_node = type_node.parent
    if type_node is not None and _has_const(b, type_node):
        b.def_flags[row] |= DefFlag.READONLY


def _has_const(b: Builder, node: Node) -> bool:
    return any(child.type == "type_qualifier" and b.text(child) == "const" for child in node.named_children)


def trailing_type(function: Node | None) -> Node | None:
    """The type behind ``->``."""
    if function is None:
        return None
    for child in function.named_children:
        if child.type == "trailing_return_type":
            return next((part for part in child.named_children if not part.is_extra), None)
    return None


def words_before(b: Builder, node: Node) -> frozenset[str]:
    """The words that stand before the type of a declaration, such as ``static``."""
    type_node = node.child_by_field_name("type") or node.child_by_field_name("declarator")
    end = type_node.start_byte if type_node is not None else node.end_byte
    if end == node.start_byte:
        return _NONE
    return frozenset(b.source[node.start_byte : end].decode("utf-8", "replace").split())


_NONE: frozenset[str] = frozenset()


def qualifier_of(b: Builder, place: int, parts: list[Node]) -> str:
    """The qualified name of what a scope's path denotes, as seen from a scope."""
    owner = b.owner_of(place)
    names = [name_text(b, part) for part in parts]
    while owner > 0:
        text = b.names[b.def_name[owner]]
        if text:
            names = [text, *names]
        owner = b.def_owner[owner]
    return ".".join(names)


def define_parameters(b: Builder, function: Node, owner: int, scope: int) -> None:
    """Parameters; those of a prototype are bound nowhere."""
    parameters = function.child_by_field_name("parameters")
    if parameters is None:
        return
    for child in parameters.named_children:
        kind = child.type
        if kind in ("variadic_parameter", "variadic_parameter_declaration"):
            b.def_flags[owner] |= DefFlag.VARIADIC
        if kind not in (
            "parameter_declaration",
            "optional_parameter_declaration",
            "variadic_parameter_declaration",
        ):
            continue
        _parameter(b, child, owner, scope)


def _parameter(b: Builder, node: Node, owner: int, scope: int) -> None:
    declarator = node.child_by_field_name("declarator")
    found = declared(declarator) if declarator is not None else None
    flags = DefFlag(0)
    if node.type == "optional_parameter_declaration":
        flags |= DefFlag.DEFAULT
    type_node = node.child_by_field_name("type")
    if found is None or found.name.type != "identifier":
        if type_node is not None and b.text(type_node) == "void" and declarator is None:
            return
        # one without a name counts for the number of arguments
        row = b.define(
            DefKind.PARAMETER,
            "",
            node.start_byte,
            node.start_byte,
            node.start_byte,
            node.end_byte,
            scope=-1,
            owner=owner,
            flags=flags | DefFlag.SYNTHETIC,
            claim=False,
        )
        if type_node is not None:
            b.set_type(row, type_node)
        return
    # visible from its own name on: `void f (node *node)` names the type first
    row = b.define_node(
        DefKind.PARAMETER,
        found.name,
        node,
        scope=scope,
        owner=owner,
        flags=flags | DefFlag.REACHES,
        visible=found.name.end_byte,
    )
    set_declared_type(b, row, type_node, found)
