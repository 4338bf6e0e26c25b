"""Java: tables and extraction hooks. Linking rules are in ``rules.py``.

Methods, values and types have name spaces of their own. A class that extends or implements anything may
inherit members that its file does not show: a name that its scopes do not bind nearer stays open there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import CALLED, FIELD_OF, MODULE_PART
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages.base import Captures, Language
from magellan_lsp.languages.java import javadoc
from magellan_lsp.languages.java.expressions import (
    EXPRESSIONS,
    LABELS,
    METHODS,
    TYPES,
    VALUES,
    arrays_of,
    class_around,
    expected_by,
    given_arguments,
)

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

SPACES = {
    int(DefKind.CLASS): TYPES,
    int(DefKind.INTERFACE): TYPES,
    int(DefKind.ENUM): TYPES,
    int(DefKind.TYPE_PARAMETER): TYPES,
    int(DefKind.VARIABLE): VALUES,
    int(DefKind.PARAMETER): VALUES,
    int(DefKind.FIELD): VALUES,
    int(DefKind.CONSTANT): VALUES,
    int(DefKind.ENUM_MEMBER): VALUES,
    int(DefKind.METHOD): METHODS,
    int(DefKind.IMPORT): TYPES | VALUES | METHODS,
    int(DefKind.LABEL): LABELS,
}
_REACHES = int(DefFlag.REACHES)
_CLASSES = frozenset({int(DefKind.CLASS), int(DefKind.INTERFACE), int(DefKind.ENUM)})
_STATIC = int(DefFlag.STATIC)
_ABSTRACT = int(DefFlag.ABSTRACT)
_TYPE_KINDS = {
    "class_declaration": DefKind.CLASS,
    "interface_declaration": DefKind.INTERFACE,
    "enum_declaration": DefKind.ENUM,
    "record_declaration": DefKind.CLASS,
    "annotation_type_declaration": DefKind.INTERFACE,
}


# -- hooks: packages and imports


def _package(b: Builder, matches: list[Captures]) -> None:
    node = matches[0]["package"][0]
    name = next((child for child in node.named_children if child.type.endswith("identifier")), None)
    if name is None:
        return
    package = b.text(name)
    row = b.add_import(module=package, flags=ImportFlag.SIDE_EFFECT, start=name.start_byte, end=name.end_byte)
    _parts(b, name, row)
    b.module = package
    b.groups.append(f"java:{package}")


def _parts(b: Builder, name: Node, row: int, claimed: bool = False) -> None:
    """Each part of a dotted name refers to what the name up to it denotes: a package, or a type."""
    text = b.text(name)
    at = name.start_byte
    prefix = ""
    parts = text.split(".")
    for part in parts[:-1] if claimed else parts:
        word = part.strip()
        if word:
            start = at + len(part[: part.index(word)].encode())
            b.name_index(word)
            prefix = f"{prefix}.{word}" if prefix else word
            b.token(prefix, start, start + len(word.encode()), Role.IMPORT, MODULE_PART, row)
        at += len(part.encode()) + 1


def _imports(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["import"][0]
        name = next((child for child in node.named_children if child.type.endswith("identifier")), None)
        if name is None:
            continue
        kinds = {child.type for child in node.children}
        flags = ImportFlag.STATIC if "static" in kinds else ImportFlag.NONE
        start, end = name.start_byte, name.end_byte
        if "asterisk" in kinds:
            row = b.add_import(module=b.text(name), flags=flags | ImportFlag.STAR, start=start, end=end)
            _parts(b, name, row)
            continue
        last = name.child_by_field_name("name")
        token = name if last is None else last
        definition = b.define_node(DefKind.IMPORT, token, node, scope=0, owner=0, claim=False)
        scope = name.child_by_field_name("scope")
        row = b.add_import(
            module=b.text(scope) if scope is not None else "",
            name=b.text(token),
            definition=definition,
            flags=flags,
            start=start,
            end=end,
        )
        b.import_name(token, row)
        _parts(b, name, row, claimed=True)


# -- hooks: types, methods, lambdas


def _declare(b: Builder, matches: list[Captures]) -> None:
    """Everything that owns scopes, in source order, so that owners exist before what they own."""
    nodes = [captures["declaration"][0] for captures in matches]
    nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
    b.groups = b.groups or ["java:"]
    for node in nodes:
        kind = node.type
        if kind in _TYPE_KINDS:
            _type(b, node, _TYPE_KINDS[kind])
        elif kind == "lambda_expression":
            _anonymous_function(b, node)
        elif kind == "enum_constant":
            _enum_constant(b, node)
        elif kind == "object_creation_expression":
            _anonymous_class(b, node)
        else:
            _method(b, node)


def _modifiers(node: Node) -> frozenset[str]:
    """The words among a declaration's modifiers, and annotations' names with their ``@``."""
    first = node.child(0)
    if first.type != "modifiers":
        return _NOTHING
    found = set()
    for child in first.children:
        if child.type in ("marker_annotation", "annotation"):
            name = child.child_by_field_name("name")
            if name is not None and name.text is not None:
                found.add("@" + name.text.decode("utf-8", "replace"))
        else:
            found.add(child.type)
    return frozenset(found)


def _flags(words: frozenset[str]) -> int:
    if not words:
        return 0
    flags = 0
    for word, flag in _WORDS.items():
        if word in words:
            flags |= flag
    return flags


_WORDS = {
    "public": int(DefFlag.EXPORTED),
    "private": int(DefFlag.PRIVATE),
    "static": _STATIC,
    "abstract": _ABSTRACT,
    "@Deprecated": int(DefFlag.DEPRECATED),
    "@Override": int(DefFlag.OVERRIDE),
    "@Test": int(DefFlag.TEST),
    "@ParameterizedTest": int(DefFlag.TEST),
}


def _type(b: Builder, node: Node, kind: DefKind) -> None:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    around = b.scope_of(node)  # holds the type parameters
    scope = b.scope_at(node.start_byte) if around < 0 else b.scope_parent[around]
    flags = _flags(_modifiers(node))
    inner = b.scope_of(body)
    if kind != DefKind.CLASS or node.type == "record_declaration":
        flags |= _STATIC
    row = b.define_node(kind, name, node, scope=scope, body=inner, flags=flags, signature_end=body.start_byte)
    b.def_of_node[node.id] = row
    parameters = node.child_by_field_name("type_parameters")
    if parameters is not None:
        _type_parameters(b, parameters, around, row)
    heads = [child for child in node.named_children if child.type in _HEADS]
    for head in heads:
        for base_node in _types_in(head):
            b.notes.setdefault("bases", []).append((row, base_node, _HEADS[head.type]))
    if heads or kind == DefKind.ENUM:
        _inherits(b, inner)
    if node.type == "record_declaration":
        _components(b, node, inner, row)


_NOTHING: frozenset[str] = frozenset()
_HEADS = {"superclass": 0, "super_interfaces": 1, "extends_interfaces": 0}


def _types_in(node: Node) -> list[Node]:
    found: list[Node] = []
    for child in node.named_children:
        if child.type == "type_list":
            found.extend(inner for inner in child.named_children if not inner.is_extra)
        elif not child.is_extra:
            found.append(child)
    return found


def _components(b: Builder, node: Node, scope: int, owner: int) -> None:
    """A record's components are fields, and methods of the same names."""
    parameters = node.child_by_field_name("parameters")
    names = {child.text for body in [node.child_by_field_name("body")] if body is not None
             for method in body.named_children if method.type == "method_declaration"
             for child in [method.child_by_field_name("name")] if child is not None}  # fmt: skip
    for child in parameters.named_children if parameters is not None else ():
        name, type_node = _parameter_parts(child)
        if name is None:
            continue
        row = b.define_node(DefKind.FIELD, name, child, scope=scope, owner=owner, flags=DefFlag.PRIVATE)
        if type_node is not None:
            _declare_type(b, row, type_node, child)
        b.notes.setdefault(("components", owner), []).append(row)
        if name.text in names:
            continue
        accessor = b.define_node(
            DefKind.METHOD, name, child, scope=scope, owner=owner, flags=DefFlag.SYNTHETIC, claim=False
        )
        if type_node is not None:
            _declare_type(b, accessor, type_node, child)


def _type_parameters(b: Builder, node: Node, scope: int, owner: int) -> None:
    for child in node.named_children:
        if child.type != "type_parameter":
            continue
        names = [part for part in child.named_children if part.type in ("type_identifier", "identifier")]
        if not names:
            continue
        row = b.define_node(DefKind.TYPE_PARAMETER, names[0], child, scope=scope, owner=owner)
        bound = next((part for part in child.named_children if part.type == "type_bound"), None)
        if bound is not None:
            b.set_type(row, bound)


def _anonymous_class(b: Builder, node: Node) -> None:
    """``new Base() { … }``."""
    body = next(child for child in node.children if child.type == "class_body")
    type_node = node.child_by_field_name("type")
    row = _nameless_class(b, body)
    if type_node is not None:
        b.notes.setdefault("bases", []).append((row, type_node, 0))


def _inherits(b: Builder, body: int) -> None:
    """A class whose further members other files decide."""
    b.open_class(body)
    b.notes.setdefault("inheriting", set()).add(body)


def _nameless_class(b: Builder, body: Node) -> int:
    inner = b.scope_of(body)
    start = body.start_byte
    _inherits(b, inner)
    return b.define(
        DefKind.CLASS,
        "",
        start,
        start,
        start,
        body.end_byte,
        scope=b.scope_parent[inner],
        body=inner,
        flags=DefFlag.SYNTHETIC,
        claim=False,
    )


def _enum_constant(b: Builder, node: Node) -> None:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None:
        return
    scope = b.scope_at(node.start_byte)
    owner = b.owner_of(scope)
    b.define_node(DefKind.ENUM_MEMBER, name, node, scope=scope, owner=owner, flags=_STATIC | DefFlag.EXPORTED)
    if body is not None:
        row = _nameless_class(b, body)
        b.add_base(row, b.expr(ExprOp.DEF, owner, 0))


def _method(b: Builder, node: Node) -> None:
    name = node.child_by_field_name("name")
    if name is None:
        return
    scope = b.scope_of(node)
    around = b.scope_parent[scope]
    owner = b.owner_of(around)
    body = node.child_by_field_name("body")
    words = _modifiers(node)
    flags = _flags(words)
    if owner > 0 and b.def_kind[owner] == DefKind.INTERFACE and "private" not in words:
        flags |= DefFlag.EXPORTED
        if not words & {"default", "static"}:
            flags |= _ABSTRACT
    kind = DefKind.METHOD
    if node.type.endswith("constructor_declaration"):
        kind = DefKind.CONSTRUCTOR
    row = b.define_node(
        kind,
        name,
        node,
        scope=around,
        owner=owner,
        body=scope,
        flags=flags,
        signature_end=body.start_byte if body is not None else node.end_byte,
    )
    b.def_of_node[node.id] = row
    if flags & _ABSTRACT and owner > 0 and b.def_kind[owner] == DefKind.INTERFACE:
        _asked(b, owner, name, node)
    types = node.child_by_field_name("type_parameters")
    if types is not None:
        _type_parameters(b, types, scope, row)
    result = node.child_by_field_name("type")
    if result is not None:
        _declare_type(b, row, result, node)
    parameters = node.child_by_field_name("parameters")
    if parameters is not None:
        _parameters(b, parameters, scope, row)
    elif node.type == "compact_constructor_declaration":
        _compact(b, scope, row, owner)


def _asked(b: Builder, owner: int, name: Node, node: Node) -> None:
    """An interface's meaning is what its abstract methods take and give: a lambda never writes their names."""
    result, parameters = node.child_by_field_name("type"), node.child_by_field_name("parameters")
    types = (
        [_parameter_parts(child)[1] for child in parameters.named_children] if parameters is not None else []
    )

    def later() -> int:
        signature = b.expr(ExprOp.FUNCTION_TYPE, b.type_expr(result), *(b.expr_of(each) for each in types))
        return b.expr(ExprOp.TUPLE, b.expr(ExprOp.STRING, b.name_of(name)), signature)

    b.add_site(owner, node.start_byte, later)


def _compact(b: Builder, scope: int, row: int, owner: int) -> None:
    """A compact constructor's parameters are the record's components: their own tokens define them."""
    for component in b.notes.get(("components", owner), ()):
        name = b.names[b.def_name[component]]
        start, end = b.def_name_start[component], b.def_name_end[component]
        parameter = b.define(
            DefKind.PARAMETER, name, start, end, start, end, scope=scope, owner=row,
            flags=DefFlag.SYNTHETIC, claim=False,
        )  # fmt: skip
        b.set_type(parameter, _type_of(b, component))


def _type_of(b: Builder, definition: int) -> Callable[[], int]:
    return lambda: b.def_type[definition]


def _parameter_parts(node: Node) -> tuple[Node | None, Node | None]:
    """Name and type of a parameter."""
    if node.type == "formal_parameter":
        return node.child_by_field_name("name"), node.child_by_field_name("type")
    if node.type == "spread_parameter":
        declarator = next(
            (child for child in node.named_children if child.type == "variable_declarator"), None
        )
        types = [
            child for child in node.named_children if child.type not in ("modifiers", "variable_declarator")
        ]
        return (declarator.child_by_field_name("name") if declarator is not None else None), (
            types[0] if types else None
        )
    return None, None


def _parameters(b: Builder, node: Node, scope: int, owner: int) -> None:
    for child in node.named_children:
        name, type_node = _parameter_parts(child)
        if name is None:
            continue
        variadic = child.type == "spread_parameter"
        row = b.define_node(
            DefKind.PARAMETER,
            name,
            child,
            scope=scope,
            owner=owner,
            flags=DefFlag.VARIADIC if variadic else 0,
        )
        if type_node is not None:
            _declare_type(b, row, type_node, child)


def _declare_type(b: Builder, row: int, type_node: Node, around: Node) -> None:
    """The declared type; ``int x[]`` and ``int... x`` make arrays of it."""
    dimensions = around.child_by_field_name("dimensions")
    if around.type == "spread_parameter":
        b.set_type(row, lambda: b.expr(ExprOp.ARRAY, b.expr_of(type_node)))
    elif dimensions is not None:
        b.set_type(row, lambda: arrays_of(b, b.expr_of(type_node), dimensions))
    else:
        b.set_type(row, type_node)


def _anonymous_function(b: Builder, node: Node) -> None:
    scope = b.scope_of(node)
    start = node.start_byte
    body = node.child_by_field_name("body")
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
        signature_end=body.start_byte if body is not None else -1,
    )
    b.def_of_node[node.id] = row
    if body is not None and body.type != "block":
        b.add_site(row, body.start_byte, body)
    parameters = node.child_by_field_name("parameters")
    if parameters is None:
        return
    if parameters.type == "formal_parameters":
        _parameters(b, parameters, scope, row)
        return
    names = [parameters] if parameters.type == "identifier" else parameters.named_children
    for position, name in enumerate(name for name in names if name.type == "identifier"):
        at = b.define_node(DefKind.PARAMETER, name, name, scope=scope, owner=row)
        b.add_site(at, name.start_byte, _given(b, node, position))


def _given(b: Builder, node: Node, position: int) -> Callable[[], int]:
    """What a lambda's parameter is given: what the call, variable or cast around it says."""

    def build() -> int:
        function, at, others = expected_by(b, node)
        return b.expr(ExprOp.ARGUMENT, function, at, position, *others) if function > 0 else 0

    return build


# -- hooks: variables


def _variables(b: Builder, matches: list[Captures]) -> None:
    """Fields and local variables."""
    for captures in matches:
        node = captures["declaration"][0]
        type_node = node.child_by_field_name("type")
        scope = b.scope_at(node.start_byte)
        local = node.type == "local_variable_declaration"
        words = frozenset() if local else _modifiers(node)
        flags = _REACHES if local else _flags(words)
        kind = DefKind.VARIABLE if local else DefKind.FIELD
        if node.type == "constant_declaration":
            flags |= _STATIC | DefFlag.EXPORTED
            kind = DefKind.CONSTANT
        elif not local and "static" in words and "final" in words:
            kind = DefKind.CONSTANT
        if local and b.scope_kind[scope] == ScopeKind.CLASS:
            continue
        for child in node.named_children:
            if child.type != "variable_declarator":
                continue
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if name is None or name.type != "identifier":
                continue
            row = b.define_node(
                kind, name, node, scope=scope, flags=flags, visible=name.end_byte if local else 0
            )
            if type_node is not None and b.text(type_node) != "var":
                _declare_type(b, row, type_node, child)
            elif value is not None:
                b.add_site(row, name.start_byte, value)


def _bindings(b: Builder, matches: list[Captures]) -> None:
    """Variables of loops, resources, catch clauses and patterns."""
    for captures in matches:
        node = captures["binding"][0]
        kind = node.type
        name, type_node = node.child_by_field_name("name"), node.child_by_field_name("type")
        value: Callable[[], int] | Node | None = node.child_by_field_name("value")
        scope = b.scope_at(node.start_byte)
        if kind == "enhanced_for_statement":
            scope = b.scope_of(node)
            value = _element_of(b, value)
        elif kind == "catch_formal_parameter":
            type_node = next((child for child in node.named_children if child.type == "catch_type"), None)
        elif kind == "instanceof_expression":
            type_node = node.child_by_field_name("right")
            scope = _pattern_scope(b, node)
        elif kind in ("type_pattern", "record_pattern_component"):
            parts = [child for child in node.named_children if child.type != "modifiers"]
            if len(parts) != 2:
                continue
            type_node, name = parts
            scope = _pattern_scope(b, node)
        if name is None or name.type != "identifier":
            continue
        visible = name.end_byte
        row = b.define_node(DefKind.VARIABLE, name, node, scope=scope, flags=_REACHES, visible=visible)
        if kind == "enhanced_for_statement":
            b.def_end[row] = name.end_byte
        if type_node is not None and b.text(type_node) != "var":
            b.set_type(row, type_node)
        elif value is not None:
            b.add_site(row, name.start_byte, value)


def _element_of(b: Builder, value: Callable[[], int] | Node | None) -> Callable[[], int] | None:
    if not isinstance(value, Node):
        return None
    return lambda: b.expr(ExprOp.ELEMENT, b.expr_of(value))


def _pattern_scope(b: Builder, node: Node) -> int:
    """Where a pattern's variable lives: in the statement that tests, or in the block around a negation."""
    scope = b.scope_at(node.start_byte)
    parent = node.parent
    negated = False
    while parent is not None and parent.type in _CONDITIONS:
        if parent.type == "unary_expression":
            negated = True
        parent = parent.parent
    if negated and parent is not None and parent.type == "if_statement":
        return b.scope_parent[b.scope_of(parent)]
    return scope


_CONDITIONS = frozenset(
    ("parenthesized_expression", "unary_expression", "binary_expression", "instanceof_expression", "pattern",
     "record_pattern", "record_pattern_body", "record_pattern_component", "type_pattern")
)  # fmt: skip


def _labels(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["label"][0]
        scope = b.enclosing(b.scope_at(node.start_byte), ScopeKind.FUNCTION)
        b.define_node(DefKind.LABEL, node, node, scope=scope)


def _jumps(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["name"][0]
        row = b.lookup(b.text(node), node.start_byte, None, LABELS)
        if row >= 0:
            b.occurrence(node, Role.READ, row)


# -- hooks: calls


def _use_calls(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node, name = captures["call"][0], captures["callee"][0]
        if node.child_by_field_name("object") is None:
            row = _only_method(b, name)
            if row >= 0:
                b.occurrence(name, Role.CALL, row)
                continue
        b.occurrence(name, Role.CALL, CALLED, b.expr_of(node))


def _only_method(b: Builder, name: Node) -> int:
    """The method that a plain call surely means: the only one of its name where none is inherited; or -1."""
    row = b.lookup(b.text(name), name.start_byte, None, METHODS)
    if row < 0 or b.def_kind[row] != DefKind.METHOD or b.def_flags[row] & DefFlag.SYNTHETIC:
        return -1
    if b.def_scope[row] in b.notes.get("inheriting", ()):
        return -1  # an inherited overload may be meant
    counts = b.notes.get("methods")
    if counts is None:
        counts = b.notes["methods"] = _count_methods(b)
    return row if counts.get((b.def_scope[row], b.text(name))) == 1 else -1


def _use_references(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        b.occurrence(captures["name"][0], Role.CALL, CALLED, b.expr_of(captures["reference"][0]))


def _use_new(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["new"][0]
        token = node.child_by_field_name("type")
        while token is not None and token.type != "type_identifier":
            parts = [child for child in token.named_children if child.type in _NAMED_TYPES]
            if token.type == "scoped_type_identifier":
                parts.reverse()
            token = parts[0] if parts else None
        if token is not None:
            b.occurrence(token, Role.CALL, CALLED, b.expr_of(node))


_NAMED_TYPES = frozenset(("type_identifier", "scoped_type_identifier", "generic_type", "annotated_type"))


def _use_constructors(b: Builder, matches: list[Captures]) -> None:
    """``this(…)`` and ``super(…)``."""
    for captures in matches:
        node = captures["call"][0]
        word, given = node.child_by_field_name("constructor"), node.child_by_field_name("arguments")
        if word is None or given is None:
            continue
        owner = class_around(b, node.start_byte)
        if owner <= 0:
            continue
        what = b.expr(ExprOp.SELF if word.type == "this" else ExprOp.SUPER, owner)
        made = b.expr(ExprOp.NEW, b.expr(ExprOp.TYPEOF, what), *given_arguments(b, given))
        b.occurrence(word, Role.CALL, CALLED, made)


def _use_cases(b: Builder, matches: list[Captures]) -> None:
    """``case NAME``: a constant of the enum that the switch is about, unless a scope binds the name."""
    for captures in matches:
        name, label = captures["name"][0], captures["label"][0]
        if b.lookup(b.text(name), name.start_byte, None, VALUES) >= 0:
            continue
        at = label.parent
        while at is not None and at.type != "switch_expression":
            at = at.parent
        condition = at.child_by_field_name("condition") if at is not None else None
        if condition is not None:
            b.occurrence(name, Role.READ, FIELD_OF, b.expr(ExprOp.TYPEOF, b.expr_of(condition)))


def _count_methods(b: Builder) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    for row, kind in enumerate(b.def_kind):
        if kind == DefKind.METHOD:
            key = (b.def_scope[row], b.names[b.def_name[row]])
            found[key] = found.get(key, 0) + 1
    return found


def _late_returns(b: Builder, matches: list[Captures]) -> None:
    """What lambdas give; methods declare it."""
    for captures in matches:
        node, value = captures["return"][0], captures["value"][0]
        row = b.scope_def[b.enclosing(b.scope_at(node.start_byte), ScopeKind.FUNCTION)]
        if row > 0 and b.def_kind[row] == DefKind.FUNCTION:
            b.add_site(row, node.start_byte, value)


def _finish(b: Builder) -> None:
    """Drop ``var``, which names no type; note what needs all names to be known."""
    var = b.name_index("var")
    for start in [start for start, claim in b.claims.items() if claim[1] == var and claim[2] == Role.TYPE]:
        del b.claims[start]
    for row, node, kind in b.notes.get("bases", ()):
        b.add_base(row, b.expr_of(node), kind)
    documented = {b.def_start[row]: row for row, kind in enumerate(b.def_kind) if kind in _CLASSES}
    for start, end in b.comments:
        if b.source.startswith(b"/**", start):
            javadoc.note_links(b, start, end, documented)


def module_name(path: str) -> str:
    """The package comes from the file's own clause."""
    return ""


JAVA = Language(
    name="java",
    grammar="java",
    extensions=(".java",),
    expressions=EXPRESSIONS,
    hooks={
        "package": _package,
        "import": _imports,
        "declare": _declare,
        "variables": _variables,
        "bindings": _bindings,
        "label": _labels,
        "jump": _jumps,
        "late_return": _late_returns,
        "use_call": _use_calls,
        "use_reference": _use_references,
        "use_new": _use_new,
        "use_constructor": _use_constructors,
        "use_case": _use_cases,
    },
    finish=_finish,
    module_name=module_name,
    class_scope_visible=True,
    spaces=SPACES,
    type_space=TYPES,
    value_space=VALUES,
    call_space=METHODS,
    rules="magellan_lsp.languages.java.rules",
)

LANGUAGES = {"java": JAVA}
