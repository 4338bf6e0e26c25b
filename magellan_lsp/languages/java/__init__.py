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
from magellan_lsp.languages import base
from magellan_lsp.languages.base import Captures, Language
from magellan_lsp.languages.java import javadoc

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: Bits of the name spaces.
TYPES, VALUES, METHODS, LABELS = 1, 2, 4, 8
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
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">=", "&&", "||"))
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
#: A chain of string additions longer than this is not looked through.
_MAX_OPERANDS = 50

# -- expressions: values


def _name(b: Builder, node: Node) -> int:
    return b.name_expr(b.text(node), node.start_byte, VALUES)


def _type_name(b: Builder, node: Node) -> int:
    name = b.text(node)
    return 0 if name == "var" else b.name_expr(name, node.start_byte, TYPES)


def _class_around(b: Builder, offset: int) -> int:
    """The innermost class in whose body an offset lies, or -1."""
    scope = b.enclosing(b.scope_at(offset), ScopeKind.CLASS)
    return b.scope_def[scope] if scope > 0 else -1


def _enclosing_class(b: Builder, name: str, offset: int) -> int:
    """The class of this name in whose body an offset lies, or -1."""
    scope = b.enclosing(b.scope_at(offset), ScopeKind.CLASS)
    while scope > 0:
        row = b.scope_def[scope]
        if row > 0 and b.names[b.def_name[row]] == name:
            return row
        scope = b.enclosing(b.scope_parent[scope], ScopeKind.CLASS)
    return -1


def _this(b: Builder, node: Node) -> int:
    row = _class_around(b, node.start_byte)
    return b.expr(ExprOp.SELF, row) if row > 0 else 0


def _super(b: Builder, node: Node) -> int:
    row = _class_around(b, node.start_byte)
    return b.expr(ExprOp.SUPER, row) if row > 0 else 0


def _field_access(b: Builder, node: Node) -> int:
    obj, field = node.child_by_field_name("object"), node.child_by_field_name("field")
    if obj is None or field is None:
        return 0
    if field.type == "this":
        row = _enclosing_class(b, b.text(obj), obj.start_byte)
        return b.expr(ExprOp.SELF, row) if row > 0 else 0
    return b.expr(ExprOp.MEMBER, b.expr_of(obj), b.name_of(field))


def _receiver(b: Builder, node: Node) -> int:
    """What a method is called on, -1 for a plain call."""
    obj = node.child_by_field_name("object")
    if obj is None:
        return -1
    name = node.child_by_field_name("name")
    if name is not None and b"super" in b.source[obj.end_byte : name.start_byte] and obj.type != "super":
        # `Outer.super.m()`: the ancestors of Outer, or the interface Outer itself
        row = _enclosing_class(b, b.text(obj), obj.start_byte)
        if row > 0:
            return b.expr(ExprOp.SUPER, row)
        return b.expr(ExprOp.INSTANCE, b.name_expr(b.text(obj), obj.start_byte, TYPES))
    return b.expr_of(obj)


def _call(b: Builder, node: Node) -> int:
    name, given = node.child_by_field_name("name"), node.child_by_field_name("arguments")
    if name is None or given is None:
        return 0
    receiver = _receiver(b, node)
    if receiver >= 0:
        callee = b.expr(ExprOp.MEMBER, receiver, b.name_of(name))
    else:
        callee = b.expr(ExprOp.NAME, b.name_of(name), b.scope_at(name.start_byte), METHODS)
    return b.expr(ExprOp.CALL, callee, *_arguments(b, given))


def _arguments(b: Builder, node: Node) -> list[int]:
    """All arguments: how many there are tells overloads apart."""
    return [b.expr_of(child) for child in node.named_children if not child.is_extra][:64]


def _new(b: Builder, node: Node) -> int:
    type_node, given = node.child_by_field_name("type"), node.child_by_field_name("arguments")
    arguments = _arguments(b, given) if given is not None else []
    made = b.expr_of(type_node)
    first = node.child(0)
    if first.is_named and type_node is not None and type_node.type == "type_identifier":
        # `outer.new Inner()`
        inner = b.expr(ExprOp.TYPEOF, b.expr_of(first))
        made = b.expr(ExprOp.MEMBER, inner, b.name_of(type_node))
    return b.expr(ExprOp.NEW, made, *arguments)


def _array_creation(b: Builder, node: Node) -> int:
    made = b.expr_of(node.child_by_field_name("type"))
    for child in node.children:
        if child.type == "dimensions_expr":
            made = b.expr(ExprOp.ARRAY, made)
        elif child.type == "dimensions":
            made = _arrays_of(b, made, child)
    return b.expr(ExprOp.INSTANCE, made)


def _arrays_of(b: Builder, made: int, dimensions: Node) -> int:
    for child in dimensions.children:
        if child.type == "[":
            made = b.expr(ExprOp.ARRAY, made)
    return made


def _binary(b: Builder, node: Node) -> int:
    operator = node.child_by_field_name("operator")
    if operator is None:
        return 0
    if operator.type in _COMPARISONS:
        return b.expr(ExprOp.LITERAL, b.name_index("boolean"))
    at: Node | None = node
    operands: list[Node] = []
    while at is not None and at.type == "binary_expression" and len(operands) < _MAX_OPERANDS:
        right = at.child_by_field_name("right")
        if right is not None:
            operands.append(right)
        at = at.child_by_field_name("left")
    if at is not None:
        operands.append(at)
    if operator.type == "+" and any(part.type == "string_literal" for part in operands):
        return b.expr(ExprOp.LITERAL, b.name_index("String"))
    if operator.type == "+" and len(operands) < _MAX_OPERANDS:
        return b.union(*(b.expr_of(part) for part in reversed(operands)))
    return b.expr_of(operands[-1])


def _number(b: Builder, node: Node) -> int:
    text = b.source[node.start_byte : node.end_byte].lower()
    kind = "long" if text.endswith(b"l") else "int"
    return b.expr(ExprOp.LITERAL, b.name_index(kind))


def _float(b: Builder, node: Node) -> int:
    text = b.source[node.start_byte : node.end_byte].lower()
    return b.expr(ExprOp.LITERAL, b.name_index("float" if text.endswith(b"f") else "double"))


def _class_literal(b: Builder, node: Node) -> int:
    inner = b.expr(ExprOp.INSTANCE, b.expr_of(b.first_named(node)))
    return b.expr(ExprOp.LITERAL, b.name_index("Class"), inner)


def _lambda(b: Builder, node: Node) -> int:
    row = b.def_of_node.get(node.id, -1)
    return b.expr(ExprOp.LAMBDA, row) if row >= 0 else 0


def _method_reference(b: Builder, node: Node) -> int:
    first, last = b.first_named(node), node.children[-1]
    if first is None:
        return 0
    obj = b.expr_of(first)
    if last.type == "identifier":
        function, at, others = _expected(b, node)
        expected = b.expr(ExprOp.ARGUMENT, function, at, -1, *others) if function > 0 else 0
        return b.expr(ExprOp.METHOD, obj, b.name_of(last), expected)
    # `Type::new`: a function that gives a new one; of an array it takes the length
    takes = [b.expr(ExprOp.NAME, b.name_index("int"), 0, TYPES)] if first.type == "array_type" else []
    return b.expr(ExprOp.INSTANCE, b.expr(ExprOp.FUNCTION_TYPE, obj, *takes))


def _switch(b: Builder, node: Node) -> int:
    """The values of the rules that are plain expressions."""
    body = node.child_by_field_name("body")
    found: list[int] = []
    for rule in body.named_children if body is not None else ():
        if rule.type == "switch_rule":
            last = rule.named_children[-1]
            if last.type == "expression_statement":
                found.append(b.expr_of(b.first_named(last)))
    return b.union(*found)


# -- expressions: types


def _primitive(b: Builder, node: Node) -> int:
    """A type that only a keyword names; no definition can shadow it."""
    return b.expr(ExprOp.NAME, b.name_of(node), 0, TYPES)


def _generic(b: Builder, node: Node) -> int:
    parts = node.named_children
    made = b.expr_of(parts[0]) if parts else 0
    given = [child for child in parts[1:] if child.type == "type_arguments"]
    arguments = [b.expr_of(child) for child in given[0].named_children if not child.is_extra] if given else []
    return b.expr(ExprOp.GENERIC, made, *arguments) if arguments else made


def _array_type(b: Builder, node: Node) -> int:
    element, dimensions = node.child_by_field_name("element"), node.child_by_field_name("dimensions")
    made = b.expr_of(element)
    return _arrays_of(b, made, dimensions) if dimensions is not None else made


def _scoped_type(b: Builder, node: Node) -> int:
    parts = [
        child for child in node.named_children if child.type.endswith(("type_identifier", "generic_type"))
    ]
    if len(parts) < 2:
        return 0
    return b.expr(ExprOp.MEMBER, b.expr_of(parts[0]), b.name_of(parts[-1]))


def _wildcard(b: Builder, node: Node) -> int:
    """``? extends T`` and ``? super T`` are used as T."""
    bounds = [child for child in node.named_children if child.type not in ("super", "marker_annotation")]
    return b.expr_of(bounds[-1]) if bounds else b.expr(ExprOp.NAME, b.name_index("Object"), 0, TYPES)


def _last(b: Builder, node: Node) -> int:
    return b.expr_of(node.named_children[-1]) if node.named_child_count else 0


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
        b.open_class(inner)
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


def _nameless_class(b: Builder, body: Node) -> int:
    inner = b.scope_of(body)
    start = body.start_byte
    b.open_class(inner)
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
        b.set_type(row, lambda: _arrays_of(b, b.expr_of(type_node), dimensions))
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
        function, at, others = _expected(b, node)
        return b.expr(ExprOp.ARGUMENT, function, at, position, *others) if function > 0 else 0

    return build


def _expected(b: Builder, node: Node) -> tuple[int, int, list[int]]:
    """The function whose argument a lambda is, its position, and the other arguments."""
    parent = node.parent
    while parent is not None and parent.type in ("parenthesized_expression", "ternary_expression"):
        node, parent = parent, parent.parent
    if parent is None:
        return 0, 0, []
    if parent.type == "argument_list" and parent.parent is not None:
        call = parent.parent
        arguments = [child for child in parent.named_children if not child.is_extra]
        at = next((i for i, child in enumerate(arguments) if child == node), 0)
        others = [0 if _is_function(child) else b.expr_of(child) for child in arguments]
        return _callee(b, call), at, others
    declared: Node | None = None
    if parent.type == "variable_declarator" and parent.parent is not None:
        declared = parent.parent.child_by_field_name("type")
    elif parent.type == "cast_expression":
        declared = parent.child_by_field_name("type")
    elif parent.type == "return_statement":
        around: Node | None = parent
        while around is not None and around.type not in ("method_declaration", "lambda_expression"):
            around = around.parent
        declared = around.child_by_field_name("type") if around is not None else None
    elif parent.type == "assignment_expression":
        left = parent.child_by_field_name("left")
        made = b.expr(ExprOp.TYPEOF, b.expr_of(left))
        return b.expr(ExprOp.INSTANCE, b.expr(ExprOp.FUNCTION_TYPE, -1, made)), 0, []
    if declared is None:
        return 0, 0, []
    return b.expr(ExprOp.INSTANCE, b.expr(ExprOp.FUNCTION_TYPE, -1, b.expr_of(declared))), 0, []


def _is_function(node: Node) -> bool:
    return node.type in ("lambda_expression", "method_reference")


def _callee(b: Builder, call: Node) -> int:
    """What is called, as a value: a method by its receiver and name, or the class that is constructed."""
    if call.type == "method_invocation":
        name = call.child_by_field_name("name")
        if name is None:
            return 0
        receiver = _receiver(b, call)
        if receiver >= 0:
            return b.expr(ExprOp.MEMBER, receiver, b.name_of(name))
        return b.expr(ExprOp.NAME, b.name_of(name), b.scope_at(name.start_byte), METHODS)
    if call.type == "object_creation_expression":
        return b.expr_of(call.child_by_field_name("type"))
    return 0


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
            row = _only_method(b, b.text(name), name.start_byte)
            if row >= 0:
                b.occurrence(name, Role.CALL, row)
                continue
        b.occurrence(name, Role.CALL, CALLED, b.expr_of(node))


def _only_method(b: Builder, name: str, offset: int) -> int:
    """The method that a plain call surely means: the only one of its name where none is inherited; or -1."""
    row = b.lookup(name, offset, None, METHODS)
    if row < 0 or b.def_kind[row] != DefKind.METHOD or b.def_flags[row] & DefFlag.SYNTHETIC:
        return -1
    counts = b.notes.get("methods")
    if counts is None:
        counts = b.notes["methods"] = _count_methods(b)
    return row if counts.get((b.def_scope[row], name)) == 1 else -1


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
        owner = _class_around(b, node.start_byte)
        if owner <= 0:
            continue
        what = b.expr(ExprOp.SELF if word.type == "this" else ExprOp.SUPER, owner)
        made = b.expr(ExprOp.NEW, b.expr(ExprOp.TYPEOF, what), *_arguments(b, given))
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


_EXPRESSIONS: dict[str, base.ExprHandler] = {
    "identifier": _name,
    "type_identifier": _type_name,
    "this": _this,
    "super": _super,
    "field_access": _field_access,
    "scoped_identifier": base.member("scope", "name"),
    "method_invocation": _call,
    "object_creation_expression": _new,
    "array_creation_expression": _array_creation,
    "array_access": base.index("array", "index"),
    "cast_expression": base.wrap(ExprOp.INSTANCE, "type"),
    "instanceof_expression": base.literal("boolean"),
    "ternary_expression": base.union("consequence", "alternative"),
    "parenthesized_expression": base.inner(),
    "assignment_expression": base.inner("right"),
    "binary_expression": _binary,
    "unary_expression": base.inner("operand"),
    "update_expression": base.inner(),
    "switch_expression": _switch,
    "string_literal": base.literal("String"),
    "character_literal": base.literal("char"),
    "decimal_integer_literal": _number,
    "hex_integer_literal": _number,
    "octal_integer_literal": _number,
    "binary_integer_literal": _number,
    "decimal_floating_point_literal": _float,
    "hex_floating_point_literal": _float,
    "true": base.literal("boolean"),
    "false": base.literal("boolean"),
    "null_literal": base.literal("null"),
    "class_literal": _class_literal,
    "lambda_expression": _lambda,
    "method_reference": _method_reference,
    "integral_type": _primitive,
    "floating_point_type": _primitive,
    "boolean_type": _primitive,
    "generic_type": _generic,
    "array_type": _array_type,
    "scoped_type_identifier": _scoped_type,
    "wildcard": _wildcard,
    "annotated_type": _last,
    "catch_type": base.union(),
    "type_bound": base.union(),
}

JAVA = Language(
    name="java",
    grammar="java",
    extensions=(".java",),
    expressions=_EXPRESSIONS,
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
