"""C++: tables and extraction hooks. Linking rules are in ``rules.py``; what is C's as well is in
``c/common.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import CALLED, IMPORTED, MEMBER, OPEN
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages import base
from magellan_lsp.languages.base import Captures, Language
from magellan_lsp.languages.c import common
from magellan_lsp.languages.c.common import Declared, declared, with_layers

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_CLASSES = {
    "class_specifier": DefKind.CLASS,
    "struct_specifier": DefKind.STRUCT,
    "union_specifier": DefKind.UNION,
    "enum_specifier": DefKind.ENUM,
}
_FREE_SCOPES = (ScopeKind.FILE, ScopeKind.NAMESPACE)
_CASTS = frozenset(("static_cast", "dynamic_cast", "reinterpret_cast", "const_cast"))

# -- names


def _parts(node: Node) -> list[Node]:
    """The components of a qualified name, first to last; the last may be a template or an operator."""
    found: list[Node] = []
    at: Node | None = node
    while at is not None and at.type == "qualified_identifier" and len(found) < 40:
        scope = at.child_by_field_name("scope")
        if scope is not None:
            found.append(scope)
        at = at.child_by_field_name("name")
    if at is not None:
        found.append(at)
    return found


def _token(node: Node) -> Node | None:
    """The identifier inside a component: the name of a template, of a destructor's class and so on."""
    for _ in range(8):
        kind = node.type
        if kind in ("template_type", "template_function", "template_method"):
            inner = node.child_by_field_name("name")
        elif kind in ("dependent_name", "dependent_type"):
            inner = next((child for child in node.named_children if not child.is_extra), None)
        else:
            return node
        if inner is None:
            return None
        node = inner
    return None


def _name_text(b: Builder, node: Node) -> str:
    """The name as it is looked up: operators and destructors without blanks."""
    token = _token(node) or node
    if token.type in ("operator_name", "destructor_name"):
        return "".join(b.text(token).split())
    if token.type == "operator_cast":
        return "operator"
    return b.text(token)


def _is_global(node: Node) -> bool:
    """``::name``."""
    return node.type == "qualified_identifier" and node.child_by_field_name("scope") is None


def _first_expr(b: Builder, part: Node) -> int:
    token = _token(part)
    if token is None:
        return 0
    found = b.name_expr(b.text(token), token.start_byte)
    return _with_arguments(b, found, part)


def _scope_expr(b: Builder, part: Node) -> int:
    """The expression of what stands before the first ``::``."""
    token = _token(part)
    if token is None:
        return 0
    return _with_arguments(b, b.name_expr(_scope_text(b, token), token.start_byte), part)


def _scope_text(b: Builder, token: Node) -> str:
    """The name under which what stands before ``::`` is looked up: with the colons where the plain name could mean a
    member or variable.
    """
    text = b.text(token)
    found = b.lookup(text, token.start_byte)
    if found >= 0 and b.def_kind[found] in _SCOPES:
        return text
    scope = b.scope_at(token.start_byte)
    if found < 0 and b.scope_kind[b.enclosing(scope, ScopeKind.CLASS)] != ScopeKind.CLASS:
        return text
    b.name_index(text)
    return f"{text}::"


#: Kinds that may stand before ``::``.
_SCOPES = frozenset(
    int(kind)
    for kind in (
        *_CLASSES.values(),
        DefKind.NAMESPACE,
        DefKind.TYPE_ALIAS,
        DefKind.TYPE_PARAMETER,
        DefKind.IMPORT,
        DefKind.MACRO,
    )
)


def _with_arguments(b: Builder, expr: int, part: Node) -> int:
    arguments = part.child_by_field_name("arguments")
    if arguments is None or part.type not in ("template_type", "template_function", "template_method"):
        return expr
    given = [b.expr_of(child) for child in arguments.named_children if not child.is_extra]
    return b.expr(ExprOp.GENERIC, expr, *given[:8])


def _prefixes(b: Builder, parts: list[Node], anchored: bool) -> list[int]:
    """The expression of each component with all before it."""
    found: list[int] = []
    for number, part in enumerate(parts):
        if number == 0 and not anchored:
            found.append(_scope_expr(b, part) if len(parts) > 1 else _first_expr(b, part))
            continue
        before = found[-1] if found else b.expr(ExprOp.DEF, 0, 0)
        path = b.expr(ExprOp.PATH, before, b.name_index(_name_text(b, part)))
        found.append(_with_arguments(b, path, part))
    return found


def _qualified(b: Builder, node: Node) -> int:
    found = _prefixes(b, _parts(node), _is_global(node))
    return found[-1] if found else 0


def _identifier(b: Builder, node: Node) -> int:
    return b.name_expr(b.text(node), node.start_byte)


# -- definitions


def _declarations(b: Builder, matches: list[Captures]) -> None:
    """Everything that declares, in source order, so that owners exist before what they own."""
    b.notes.setdefault("mixins", [])
    nodes = [captures["node"][0] for captures in matches]
    nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
    handlers = _HANDLERS
    for node in nodes:
        if node.type in _IN_MACROS or not _in_macro(b, node):
            handlers[node.type](b, node)


_IN_MACROS = frozenset(("declaration", "lambda_expression", "for_range_loop", "catch_clause"))


def _in_macro(b: Builder, node: Node) -> bool:
    owner = b.owner_of(b.scope_at(node.start_byte))
    return owner > 0 and b.def_kind[owner] == DefKind.MACRO


def _place(b: Builder, node: Node) -> int:
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


def _owner(b: Builder, scope: int) -> int:
    return max(0, b.owner_of(scope))


#: ``FMT_BEGIN_NAMESPACE`` alone on its line, and what closes it.
_NAMESPACE_MACRO = re.compile(
    rb"(?m)^[ \t]*+(?=[A-Z0-9_]{5,200}(?![A-Z0-9_]))(?:"
    rb"(_*[A-Z0-9_]*(?:BEGIN|OPEN)(?:_[A-Z0-9]+)*_(?:NAMESPACE|NS)[A-Z0-9_]*"
    rb"|[A-Z0-9_]*(?:NAMESPACE|NS)(?:_[A-Z0-9]+)*_(?:BEGIN|OPEN|START))"
    rb"|(_*[A-Z0-9_]*(?:END|CLOSE)(?:_[A-Z0-9]+)*_(?:NAMESPACE|NS)[A-Z0-9_]*"
    rb"|[A-Z0-9_]*(?:NAMESPACE|NS)(?:_[A-Z0-9]+)*_(?:END|CLOSE)))[ \t\r]*(?://[^\n]*)?$"
)


def _directives(b: Builder, matches: list[Captures]) -> None:
    common.directives(b, matches)
    if any(captures["root"][0].id == b.root.id for captures in matches):
        _opened_by_macros(b)


def _opened_by_macros(b: Builder) -> None:
    """Namespaces between two macros: nameless ones without a scope; linking finds out by their extent what is in them."""
    opening: list[re.Match[bytes]] = []
    for found in _NAMESPACE_MACRO.finditer(b.source):
        if found.group(1) is not None:
            opening.append(found)
        elif opening:
            first = opening.pop()
            start, macro = first.start(1), first.group(1).decode()
            row = b.define(
                DefKind.NAMESPACE,
                "",
                start,
                start,
                start,
                found.end(2),
                scope=0,
                owner=0,
                flags=DefFlag.SYNTHETIC,
                lexical=False,
                claim=False,
            )
            b.set_type(row, lambda macro=macro: b.expr(ExprOp.STRING, b.name_index(macro)))  # type: ignore[misc]


def _namespace(b: Builder, node: Node) -> None:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    place = _place(b, node)
    b.define(
        DefKind.NAMESPACE,
        "".join(b.text(name).split()),
        name.start_byte,
        name.end_byte,
        node.start_byte,
        node.end_byte,
        scope=place,
        owner=_owner(b, place),
        body=b.scope_of(body),
        signature_end=body.start_byte,
        lexical=False,  # its first part, which a use leads to, may stand in any file
    )
    if name.type == "nested_namespace_specifier":
        for part in name.named_children:
            b.name_index(b.text(part))


def _template_of(node: Node) -> Node | None:
    parent = node.parent
    while parent is not None and parent.type in ("friend_declaration", "requires_clause"):
        parent = parent.parent
    if parent is not None and parent.type == "declaration":
        parent = parent.parent
    return parent if parent is not None and parent.type == "template_declaration" else None


def _type_parameters(b: Builder, node: Node, row: int) -> None:
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


def _class(b: Builder, node: Node) -> None:
    """A class, struct, union or enum: defined, or announced."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    kind = _CLASSES[node.type]
    parent = node.parent
    place = _place(b, node)
    if body is None:
        if (
            name is not None
            and name.type == "type_identifier"
            and parent is not None
            and _alone(node, parent)
        ):
            row = b.define_node(
                kind, name, node, scope=place, owner=_owner(b, place), flags=DefFlag.DECLARATION
            )
            b.def_of_node[node.id] = row
            _type_parameters(b, node, row)
        return
    scope = b.scope_of(body)
    whole = node
    if name is None and parent is not None and parent.type == "type_definition":
        name = next(
            (d for d in parent.children_by_field_name("declarator") if d.type == "type_identifier"), None
        )
        if name is not None:
            whole = parent
    token = _token(name) if name is not None else None
    if token is not None and token.type == "qualified_identifier":
        token = _token(_parts(token)[-1])
    if token is None:
        row = b.define(
            kind,
            "",
            node.start_byte,
            node.start_byte,
            node.start_byte,
            node.end_byte,
            scope=place,
            owner=_owner(b, place),
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
        prefix = _parts(name)[:-1] if name is not None and name.type == "qualified_identifier" else []
        row = b.define_node(
            kind,
            token,
            whole,
            scope=-1 if prefix else place,
            owner=_owner(b, place),
            body=scope,
            signature_end=body.start_byte,
            lexical=not special,
            flags=DefFlag.OVERLOAD if special else DefFlag.EXTENSION if prefix else 0,
        )
        holder = _token(prefix[-1]) if prefix else None
        if name is not None and holder is not None:
            b.qualify(row, _qualifier(b, place, prefix))
            b.notes.setdefault("extensions", []).append((b.text(holder), row, prefix, _is_global(name)))
    b.def_of_node[node.id] = row
    _type_parameters(b, node, row)
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
    place = _place(b, node)
    owner = b.def_of_node.get(holder.id, -1)
    row = b.define_node(
        DefKind.ENUM_MEMBER, name, node, scope=place, owner=owner if owner >= 0 else _owner(b, place)
    )
    value = node.child_by_field_name("value")
    if value is not None:
        b.add_site(row, name.start_byte, value)


def _set_type(b: Builder, row: int, type_node: Node | None, found: Declared, function: bool = False) -> None:
    """The declared type; of a function its result's."""
    layers = found.layers
    if found.function is not None and not function:
        layers = (*layers, found.function)
    for layer in found.layers:
        _parameters(b, layer, row, -1)
    trailing = _trailing(found.function) if function else None
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


def _trailing(function: Node | None) -> Node | None:
    """The type behind ``->``."""
    if function is None:
        return None
    for child in function.named_children:
        if child.type == "trailing_return_type":
            return next((part for part in child.named_children if not part.is_extra), None)
    return None


def _words(b: Builder, node: Node) -> frozenset[str]:
    type_node = node.child_by_field_name("type") or node.child_by_field_name("declarator")
    end = type_node.start_byte if type_node is not None else node.end_byte
    if end == node.start_byte:
        return _NONE
    return frozenset(b.source[node.start_byte : end].decode("utf-8", "replace").split())


_NONE: frozenset[str] = frozenset()


def _declaration(b: Builder, node: Node) -> None:
    """Variables, prototypes, fields, members without bodies."""
    if node.parent is not None and node.parent.type == "friend_declaration":
        return
    place = _place(b, node)
    kind = b.scope_kind[place]
    type_node = node.child_by_field_name("type")
    words = _words(b, node)
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
            if kind in (ScopeKind.CLASS, *_FREE_SCOPES) and not _in_macro(b, node):
                _prototype(b, node, found, place, words)
        else:
            _variable(b, node, declarator, found, place, words)


def _is_value(b: Builder, found: Declared, kind: int) -> bool:
    """Whether what looks like a prototype in a block is a variable made from values: ``guard lock
    (mutex);``.
    """
    if kind in (ScopeKind.CLASS, *_FREE_SCOPES) or found.function is None:
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


def _prototype(b: Builder, node: Node, found: Declared, place: int, words: frozenset[str]) -> None:
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
    row = _define_function(b, node, found, place, -1, flags, in_class)
    _set_type(b, row, node.child_by_field_name("type"), found, function=True)
    _parameters(b, found.function, row, -1)
    _type_parameters(b, node, row)


def _define_function(
    b: Builder, node: Node, found: Declared, place: int, body: int, flags: int, in_class: bool
) -> int:
    """A function or member; constructors are never found by their plain name, the class is."""
    name = found.name
    text = _name_text(b, name)
    kind = DefKind.METHOD if in_class else DefKind.FUNCTION
    owner = b.scope_def[place] if in_class else _owner(b, place)
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
    token = _token(name)
    return token.end_byte if token is not None else name.end_byte


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
    free = b.scope_kind[place] in _FREE_SCOPES
    value = declarator.child_by_field_name("value") if declarator.type == "init_declarator" else None
    if value is None:
        value = node.child_by_field_name("value") or node.child_by_field_name("default_value")
    flags = DefFlag(0)
    visible = 0
    owner = _owner(b, place)
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
        _set_type(b, row, node.child_by_field_name("type"), found)
    if value is not None and value.type not in ("argument_list", "initializer_list"):
        b.add_site(row, name.start_byte, value)
    elif not in_class and "extern" not in words and not (found.indirect or found.layers or found.array):
        type_node = node.child_by_field_name("type")
        if type_node is not None and type_node.type in _CLASS_NAMES:
            given = value
            if found.function is not None:
                given = found.function.child_by_field_name("parameters")
            b.notes.setdefault("made", []).append((name, type_node, given))


#: What may name the class of a variable that is made by a constructor.
_CLASS_NAMES = frozenset(("type_identifier", "qualified_identifier", "template_type"))


def _static_member(b: Builder, node: Node, declarator: Node, found: Declared, place: int) -> None:
    """``int A::count = 0;``: the definition of a static member."""
    parts = _parts(found.name)
    if len(parts) < 2 or b.scope_kind[place] not in _FREE_SCOPES:
        return
    token = _token(parts[-1])
    if token is None:
        return
    row = b.define_node(
        DefKind.FIELD, token, node, scope=-1, owner=_owner(b, place), flags=DefFlag.EXTENSION | DefFlag.STATIC
    )
    b.qualify(row, _qualifier(b, place, parts[:-1]))
    _set_type(b, row, node.child_by_field_name("type"), found)
    prefix = parts[:-1]
    anchored = _is_global(found.name)
    holder = _token(prefix[-1])
    if holder is not None:
        b.notes.setdefault("extensions", []).append((b.text(holder), row, prefix, anchored))


def _qualifier(b: Builder, place: int, parts: list[Node]) -> str:
    """The qualified name of what a scope's path denotes, as seen from a scope."""
    owner = b.owner_of(place)
    names = [_name_text(b, part) for part in parts]
    while owner > 0:
        text = b.names[b.def_name[owner]]
        if text:
            names = [*text.split("::"), *names]
        owner = b.def_owner[owner]
    return ".".join(names)


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
    place = _place(b, node)
    taken = None
    if type_node is not None and type_node.type in _CLASSES and type_node.child_by_field_name("name") is None:
        taken = next(
            (d for d in node.children_by_field_name("declarator") if d.type == "type_identifier"), None
        )
    for declarator in node.children_by_field_name("declarator"):
        found = declared(declarator)
        if found is None or (taken is not None and found.name == taken):
            continue
        row = b.define_node(DefKind.TYPE_ALIAS, found.name, node, scope=place, owner=_owner(b, place))
        _set_type(b, row, type_node, found)
        if found.function is not None:
            _parameters(b, found.function, row, -1)


def _alias(b: Builder, node: Node) -> None:
    """``using name = type;``."""
    name, type_node = node.child_by_field_name("name"), node.child_by_field_name("type")
    if name is None:
        return
    place = _place(b, node)
    row = b.define_node(DefKind.TYPE_ALIAS, name, node, scope=place, owner=_owner(b, place))
    if type_node is not None:
        b.set_type(row, type_node)
    _type_parameters(b, node, row)


def _concept(b: Builder, node: Node) -> None:
    name = node.child_by_field_name("name")
    if name is not None:
        place = _place(b, node)
        row = b.define_node(DefKind.TYPE_ALIAS, name, node, scope=place, owner=_owner(b, place))
        _type_parameters(b, node, row)


def _namespace_alias(b: Builder, node: Node) -> None:
    name = node.child_by_field_name("name")
    target = next(
        (child for child in reversed(node.named_children) if child != name and not child.is_extra), None
    )
    if name is None or target is None:
        return
    place = _place(b, node)
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
    place = _place(b, node)
    path = "".join(b.text(target).split())
    if any(child.type == "namespace" for child in node.children):
        b.add_import(
            module=path, flags=ImportFlag.STAR, start=target.start_byte, end=target.end_byte, scope=place
        )
        return
    parts = _parts(target)
    token = _token(parts[-1]) if len(parts) > 1 else None
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


def _function(b: Builder, node: Node) -> None:
    declarator = node.child_by_field_name("declarator")
    scope = b.scope_of(node)
    found = declared(declarator) if declarator is not None else None
    if found is None or scope < 0:
        return
    name = found.name
    if found.function is None and not _is_conversion(name):
        return
    words = _words(b, node)
    place = _place(b, node)
    if node.parent is not None and node.parent.type == "friend_declaration":
        if name.type == "qualified_identifier":
            return
        while (
            b.scope_kind[place] not in _FREE_SCOPES and place > 0
        ):  # it belongs to the namespace around the class
            place = b.scope_parent[place]
    if node.child_by_field_name("type") is None and b.scope_kind[place] in _FREE_SCOPES:
        given = _macro_arguments(found)
        if given:
            row = _macro_function(b, node, given, place, scope)
            for layer in found.layers if row >= 0 else ():  # `DEFINE (suite, name) (state &s) {…}`
                _parameters(b, layer, row, scope)
            return
    if name.type == "qualified_identifier" and _parts(name)[:-1]:
        row = _outside(b, node, found, place, scope)
    else:
        in_class = b.scope_kind[place] == ScopeKind.CLASS
        flags = DefFlag.STATIC if "static" in words else DefFlag(0) if in_class else DefFlag.GLOBAL
        row = _define_function(b, node, found, place, scope, flags, in_class)
    b.def_of_node[node.id] = row
    _set_type(b, row, node.child_by_field_name("type"), found, function=True)
    if found.function is not None:
        _parameters(b, found.function, row, scope)
    _type_parameters(b, node, row)


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
    last = _token(_parts(given[-1])[-1])
    outer = b.scope_parent[scope]
    if last is None:
        return -1
    owner = _owner(b, place)
    prefix = [given[0]] if given[0].type != "qualified_identifier" else _parts(given[0])
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
        b.qualify(owner, _qualifier(b, place, prefix))
        b.notes.setdefault("impls", {})[owner] = (prefix, _is_global(given[0]))
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
    parts = _parts(name)
    return bool(parts) and parts[-1].type == "operator_cast"


def _outside(b: Builder, node: Node, found: Declared, place: int, scope: int) -> int:
    """``type A::f (…) {…}``: a member defined outside its class, in a scope that sees what the class has."""
    parts = _parts(found.name)
    prefix, last = parts[:-1], parts[-1]
    holder = _token(prefix[-1])
    outer = b.scope_parent[scope]
    qualifier = _qualifier(b, place, prefix)
    text = _name_text(b, last)
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
            owner=_owner(b, place),
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
        owner=impl if impl >= 0 else _owner(b, place),
        body=scope,
        flags=DefFlag.EXTENSION | DefFlag.GLOBAL,
        lexical=False,
        signature_end=body.start_byte if body is not None else node.end_byte,
    )
    b.qualify(row, qualifier)
    if holder is not None:
        b.notes.setdefault("extensions", []).append((b.text(holder), row, prefix, _is_global(found.name)))
        if impl >= 0:
            b.notes.setdefault("impls", {})[impl] = (prefix, _is_global(found.name))
    return row


def _parameters(b: Builder, function: Node, owner: int, scope: int) -> None:
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
    _set_type(b, row, type_node, found)


def _lambda(b: Builder, node: Node) -> None:
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
        _parameters(b, declarator, row, scope)
        trailing = _trailing(declarator)
        if trailing is not None:
            b.set_type(row, trailing)


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
    _set_type(b, row, node.child_by_field_name("type"), found)
    b.add_site(row, found.name.start_byte, element)


def _catch(b: Builder, node: Node) -> None:
    parameters = node.child_by_field_name("parameters")
    scope = b.scope_of(node)
    for child in parameters.named_children if parameters is not None and scope >= 0 else ():
        declarator = child.child_by_field_name("declarator")
        found = declared(declarator) if declarator is not None else None
        if found is not None and found.name.type == "identifier":
            row = b.define_node(DefKind.VARIABLE, found.name, child, scope=scope)
            _set_type(b, row, child.child_by_field_name("type"), found)


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
    "function_definition": _function,
    "lambda_expression": _lambda,
    "for_range_loop": _range_loop,
    "catch_clause": _catch,
}


# -- uses


def _late_bases(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        clause = captures["clause"][0]
        row = b.def_of_node.get(clause.parent.id, -1) if clause.parent is not None else -1
        if row < 0:
            continue
        for child in clause.named_children:
            if child.type in ("type_identifier", "qualified_identifier", "template_type", "dependent_type"):
                b.notes.setdefault("bases", []).append((row, child))


def _use_names(b: Builder, matches: list[Captures]) -> None:
    """What needs expressions: bases, members declared away from their class, and names the grammar did not
    see.
    """
    if any(captures["root"][0].id == b.root.id for captures in matches):
        for row, node in b.notes.get("bases", ()):
            b.add_base(row, b.expr_of(node))
        for row, node in b.notes.get("mixins", ()):
            b.add_base(row, b.expr_of(node), common.MIXIN)
        for name, type_node, given in b.notes.get("made", ()):
            _constructor_use(b, name, b.type_expr(type_node), given)
        impls = b.notes.get("impls", {})
        for name, row, prefix, anchored in b.notes.get("extensions", ()):
            b.add_extension(name, _prefixes(b, prefix, anchored)[-1], row)
        for impl, (prefix, anchored) in impls.items():
            b.def_type[impl] = _prefixes(b, prefix, anchored)[-1]
    common.preprocessed_names(b, matches)


def _constructor_use(b: Builder, token: Node, made: int, given: Node | None) -> None:
    """A name whose value a constructor makes: ``guard lock (mutex);`` calls it, though nothing says so.

    ``guard lock;`` has no argument list, so it refers to the constructor and is not shown as a call, as operators and
    conversions are not: calls are those that are written.
    """
    if made <= 0:
        return
    args: Iterable[int] = ()
    if given is not None and given.type == "parameter_list":  # what looks like a prototype's parameters
        args = [b.expr_of(child.child_by_field_name("type")) for child in given.named_children]
    elif given is not None:
        args = b.arguments(given)
    b.also(token, Role.CALL if given is not None else Role.TYPE, CALLED, b.expr(ExprOp.NEW, made, *args))


def _role(b: Builder, node: Node, default: Role) -> Role:
    return Role.WRITE if node.start_byte in b.writes else default


def _use_qualified(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["name"][0]
        if node.parent is not None and node.parent.type == "qualified_identifier":
            continue
        _qualified_tokens(b, node)


def _qualified_tokens(b: Builder, node: Node, call: int = 0) -> None:
    """Each component of a qualified name is a use; with ``call`` the last is what that CALL expression
    calls.
    """
    parts = _parts(node)
    anchored = _is_global(node)
    prefixes = _prefixes(b, parts, anchored)
    for number, part in enumerate(parts):
        token = _token(part)
        last = number == len(parts) - 1
        if token is None:
            continue
        if token.type == "destructor_name":
            token = b.first_named(token) or token
        name = _name_text(b, part)
        if number == 0 and not anchored:
            scoped = _scope_text(b, token) if not last else ""
            if scoped.endswith("::"):
                b.occurrence(token, Role.TYPE, OPEN, name=scoped)
            else:
                b.reference(token, Role.TYPE)
            continue
        if last and call:
            # what a macro's body names is called where the macro is used
            b.occurrence(token, Role.READ if _in_macro(b, node) else Role.CALL, CALLED, call, name)
            continue
        before = prefixes[number - 1] if number else b.expr(ExprOp.DEF, 0, 0)
        role = Role.TYPE if not last or token.type == "type_identifier" else Role.READ
        b.occurrence(token, role, MEMBER, before, name)


def _use_call(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["call"][0]
        function = node.child_by_field_name("function")
        while function is not None and function.type == "parenthesized_expression":
            function = b.first_named(function)
        if function is None:
            continue
        if function.type == "qualified_identifier":
            _qualified_tokens(b, function, b.expr_of(node))
        elif function.type == "field_expression":
            field = function.child_by_field_name("field")
            token = _token(field) if field is not None else None
            if field is not None and token is not None and token.type == "field_identifier":
                b.occurrence(token, Role.CALL, CALLED, b.expr_of(node))
        else:
            token = _token(function)
            if token is not None and token.type == "identifier":
                _called(b, token, node)


def _called(b: Builder, token: Node, node: Node) -> None:
    """A plain name that is called: a variable of the block, or one of several functions."""
    start = token.start_byte
    if start in b.claims or b.text(token) in _CASTS:
        return
    target = b.lookup(b.text(token), start)
    if target >= 0 and b.def_kind[target] not in _OVERLOADED:
        b.occurrence(token, Role.CALL, target)
        return
    b.occurrence(token, Role.CALL, CALLED, b.expr_of(node))


_OVERLOADED = frozenset(
    int(kind)
    for kind in (
        DefKind.FUNCTION,
        DefKind.METHOD,
        DefKind.CONSTRUCTOR,
        DefKind.IMPORT,
        DefKind.CLASS,
        DefKind.STRUCT,
    )
)


def _use_new(b: Builder, matches: list[Captures]) -> None:
    """``new T (…)`` mentions the type and calls its constructor."""
    for captures in matches:
        node = captures["new"][0]
        type_node = node.child_by_field_name("type")
        if type_node is None:
            continue
        token = _token(_parts(type_node)[-1])
        made = b.expr_of(node)
        if token is not None and made:
            b.also(token, Role.CALL, CALLED, made)


def _use_initializer(b: Builder, matches: list[Captures]) -> None:
    """``: member (value), base (value)`` before a constructor's body."""
    for captures in matches:
        node = captures["name"][0]
        token = _token(node)
        if token is None:
            continue
        if node.type == "qualified_identifier":
            token = _token(_parts(node)[-1]) or token
        elif token.type in ("field_identifier", "identifier"):
            b.reference(token, Role.WRITE)
        # for a base class, and for a member that is an instance of a class, this calls a constructor
        arguments = node.next_named_sibling
        kinds = ("argument_list", "initializer_list")
        given = arguments if arguments is not None and arguments.type in kinds else None
        _constructor_use(b, token, b.expr_of(node), given)


def _use_member(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["access"][0]
        field = node.child_by_field_name("field")
        token = _token(field) if field is not None else None
        if token is None or token.start_byte in b.claims:
            continue
        if token.type == "qualified_identifier":
            continue
        if token.type == "destructor_name":
            token = b.first_named(token) or token
        b.occurrence(token, _role(b, token, Role.READ), MEMBER, _receiver(b, node))


# -- expressions


def _receiver(b: Builder, node: Node) -> int:
    """What a field expression's member hangs off."""
    argument = node.child_by_field_name("argument")
    operator = node.child_by_field_name("operator")
    if argument is None:
        return 0
    found = b.expr_of(argument)
    if found and operator is not None and operator.type == "->":
        return b.expr(ExprOp.DEREF, found)
    return found


def _field_expression(b: Builder, node: Node) -> int:
    field = node.child_by_field_name("field")
    if field is None:
        return 0
    receiver = _receiver(b, node)
    if field.type == "qualified_identifier":
        parts = _parts(field)
        return b.expr(ExprOp.MEMBER, receiver, b.name_index(_name_text(b, parts[-1]))) if receiver else 0
    if not receiver:
        return 0
    found = b.expr(ExprOp.MEMBER, receiver, b.name_index(_name_text(b, field)))
    return _with_arguments(b, found, field)


def _call(b: Builder, node: Node) -> int:
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None:
        return 0
    if function.type == "template_function":
        name = function.child_by_field_name("name")
        if name is not None and b.text(name) in _CASTS:
            return _cast_to(b, function)
    callee = _own_member(b, function) or b.expr_of(function)
    if not callee:
        return 0
    return b.expr(ExprOp.CALL, callee, *(b.arguments(arguments) if arguments is not None else ()))


def _own_member(b: Builder, function: Node) -> int:
    """A plain name that means a member, with the scope of the call: whether that is ``const`` tells members apart."""
    if function.type != "identifier":
        return 0
    name = b.text(function)
    row = b.lookup(name, function.start_byte)
    if row < 0 or b.def_kind[row] != DefKind.METHOD:
        return 0
    return b.expr(ExprOp.NAME, b.name_index(name), b.scope_at(function.start_byte), 0)


def _cast_to(b: Builder, function: Node) -> int:
    given = function.child_by_field_name("arguments")
    type_node = b.first_named(given) if given is not None else None
    found = b.type_expr(type_node)
    return b.expr(ExprOp.INSTANCE, found) if found > 0 else 0


def _new(b: Builder, node: Node) -> int:
    type_node, arguments = node.child_by_field_name("type"), node.child_by_field_name("arguments")
    found = b.type_expr(type_node)
    if found <= 0:
        return 0
    return b.expr(ExprOp.NEW, found, *(b.arguments(arguments) if arguments is not None else ()))


def _template(b: Builder, node: Node) -> int:
    return _first_expr(b, node)


def _this(b: Builder, node: Node) -> int:
    """``this``: in a lambda that of the function around."""
    scope = b.enclosing(b.scope_at(node.start_byte), ScopeKind.CLASS)
    while scope > 0 and b.scope_def[scope] < 0:
        scope = b.enclosing(b.scope_parent[scope], ScopeKind.CLASS)
    row = b.scope_def[scope] if b.scope_kind[scope] == ScopeKind.CLASS else -1
    if row < 0:
        return 0
    if b.def_kind[row] == DefKind.IMPL:
        prefix, anchored = b.notes.get("impls", {}).get(row, ((), False))
        found = _prefixes(b, prefix, anchored)[-1] if prefix else 0
        return b.expr(ExprOp.INSTANCE, found) if found else 0
    return b.expr(ExprOp.SELF, row)


def _class_type(b: Builder, node: Node) -> int:
    row = b.def_of_node.get(node.id, -1)
    if row >= 0:
        return b.expr(ExprOp.DEF, row, 0)
    name = node.child_by_field_name("name")
    return b.expr_of(name) if name is not None else 0


def _subscript(b: Builder, node: Node) -> int:
    receiver = b.expr_of(node.child_by_field_name("argument"))
    return b.expr(ExprOp.INDEX, receiver, -1) if receiver else 0


def _pointer(b: Builder, node: Node) -> int:
    """``*value`` and ``&value``."""
    argument = node.child_by_field_name("argument")
    found = b.expr_of(argument)
    operator = node.child_by_field_name("operator")
    if not found or operator is None or argument is None:
        return found
    if operator.type == "*":
        return b.expr(ExprOp.DEREF, found)
    row = b.lookup(b.text(argument), argument.start_byte) if argument.type == "identifier" else -1
    return b.expr(ExprOp.REF, found) if row >= 0 and b.def_kind[row] in _VALUES else found


#: What has an address that is no function's.
_VALUES = frozenset(int(kind) for kind in (DefKind.VARIABLE, DefKind.CONSTANT, DefKind.PARAMETER))


def _lambda_value(b: Builder, node: Node) -> int:
    row = b.def_of_node.get(node.id, -1)
    return b.expr(ExprOp.LAMBDA, row) if row >= 0 else 0


def _decltype(b: Builder, node: Node) -> int:
    inner = b.first_named(node)
    found = b.expr_of(inner) if inner is not None and inner.type != "auto" else 0
    return b.expr(ExprOp.TYPEOF, found) if found else 0


def _truth(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.LITERAL, b.name_index("bool"))


def _number(b: Builder, node: Node) -> int:
    text = b.text(node).lower().replace("'", "")
    hexadecimal = text.startswith("0x")
    if "." in text or ("p" if hexadecimal else "e") in text:
        name = "float" if text.endswith("f") else "double"
    else:
        name = "unsigned" if text.endswith("u") else "int"
    return b.expr(ExprOp.LITERAL, b.name_index(name))


def _text(b: Builder, node: Node) -> int:
    prefix = b.text(node)[:2]
    name = {"L": "wchar_t", "u8": "char8_t"}.get(prefix if prefix == "u8" else prefix[:1], "char")
    return b.expr(ExprOp.LITERAL, b.name_index(name if node.type == "char_literal" else f"{name}*"))


def _nothing(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.LITERAL, b.name_index("nullptr"))


def _operation(b: Builder, node: Node) -> int:
    """What compares or negates gives a truth value, ``pointer + n`` the pointer."""
    operator = node.child_by_field_name("operator")
    if operator is not None and operator.type in _TRUTHS:
        return _truth(b, node)
    return common.arithmetic(b, node) if node.type == "binary_expression" else 0


_TRUTHS = frozenset(("==", "!=", "<", ">", "<=", ">=", "&&", "||", "!", "and", "or", "not"))


def _primitive(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.LITERAL, b.name_index(" ".join(b.text(node).split())))


_EXPRESSIONS: dict[str, base.ExprHandler] = {
    "identifier": _identifier,
    "type_identifier": _identifier,
    "namespace_identifier": _identifier,
    "field_identifier": _identifier,
    "qualified_identifier": _qualified,
    "template_type": _template,
    "template_function": _template,
    "template_method": _template,
    "dependent_type": base.inner(),
    "class_specifier": _class_type,
    "struct_specifier": _class_type,
    "union_specifier": _class_type,
    "enum_specifier": _class_type,
    "primitive_type": _primitive,
    "sized_type_specifier": _primitive,
    "true": _truth,
    "false": _truth,
    "null": _nothing,
    "number_literal": _number,
    "char_literal": _text,
    "string_literal": _text,
    "raw_string_literal": _text,
    "unary_expression": _operation,
    "type_descriptor": common.type_descriptor,
    "decltype": _decltype,
    "field_expression": _field_expression,
    "call_expression": _call,
    "new_expression": _new,
    "this": _this,
    "subscript_expression": _subscript,
    "pointer_expression": _pointer,
    "parenthesized_expression": base.inner(),
    "cast_expression": common.cast,
    "compound_literal_expression": common.compound_literal,
    "conditional_expression": base.union("consequence", "alternative"),
    "assignment_expression": common.assignment,
    "update_expression": base.inner("argument"),
    "binary_expression": _operation,
    "comma_expression": common.last_of_comma,
    "lambda_expression": _lambda_value,
    "co_await_expression": base.inner("argument"),
}

CPP = Language(
    name="cpp",
    grammar="cpp",
    extensions=(".cc", ".cpp", ".cxx", ".hpp"),
    expressions=_EXPRESSIONS,
    hooks={
        "directives": _directives,
        "declaration": _declarations,
        "label": common.labels,
        "late_unlikely": common.mark_unlikely,
        "late_bases": _late_bases,
        "use_names": _use_names,
        "use_goto": common.gotos,
        "use_designator": common.designators,
        "use_call": _use_call,
        "use_qualified": _use_qualified,
        "use_initializer": _use_initializer,
        "use_member": _use_member,
        "use_new": _use_new,
    },
    read=common.reader(cpp=True),
    further_roots=common.further_roots,
    begin=common.announce,
    finish=common.finish,
    separator="::",
    class_scope_visible=True,
    implicit_members=True,
    rules="magellan_lsp.languages.cpp.rules",
)

LANGUAGES = {"cpp": CPP}
