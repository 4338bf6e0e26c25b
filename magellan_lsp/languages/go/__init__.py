"""Go: tables and extraction hooks. Linking rules are in ``rules.py``.

Values never change a variable's type here, so only the place that declares it counts, and a function's
results are always declared: returned values are not noted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import MODULE_PART
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages import base
from magellan_lsp.languages.base import Captures, Language
from magellan_lsp.languages.go import builds

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: A literal deeper than this inside other literals says nothing about its fields.
_MAX_LITERAL_DEPTH = 20
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">=", "&&", "||"))
_MEMBER = int(DefFlag.INSTANCE)
_EXPORTED = int(DefFlag.EXPORTED)
_REACHES = int(DefFlag.REACHES)
_PLAIN_LITERALS = frozenset(
    (
        "int_literal",
        "float_literal",
        "imaginary_literal",
        "rune_literal",
        "interpreted_string_literal",
        "iota",
    )
)

# -- expressions: values


def _call(b: Builder, node: Node) -> int:
    function = node.child_by_field_name("function")
    given = node.child_by_field_name("arguments")
    if function is None or given is None:
        return 0
    if function.type == "identifier":
        made = _built_in_call(b, function, given)
        if made:
            return made
    callee = b.expr_of(function)
    types = node.child_by_field_name("type_arguments")
    if types is not None:
        callee = b.expr(ExprOp.GENERIC, callee, *(b.expr_of(child) for child in types.named_children))
    return b.expr(ExprOp.CALL, callee, *b.arguments(given))


def _built_in_call(b: Builder, function: Node, given: Node) -> int:
    """What the predeclared functions give whose results follow from an argument's type; 0 for the others."""
    name = b.text(function)
    if name not in _FROM_FIRST and name not in ("new", "make"):
        return 0
    first = b.first_named(given)
    if first is None or b.lookup(name, function.start_byte) >= 0:
        return 0
    if name == "make":
        return b.expr(ExprOp.INSTANCE, b.expr_of(first))
    if name == "new":
        return b.expr(ExprOp.REF, b.expr(ExprOp.INSTANCE, b.expr_of(first)))
    return b.expr_of(first)


_FROM_FIRST = frozenset(("append", "min", "max"))


def _conversion(b: Builder, node: Node) -> int:
    """``[]byte(x)``; also ``f[T](x)``, which the grammar cannot tell from a conversion to a generic type."""
    type_node, operand = node.child_by_field_name("type"), node.child_by_field_name("operand")
    if type_node is None:
        return 0
    if type_node.type != "generic_type":
        return b.expr(ExprOp.INSTANCE, b.expr_of(type_node))
    function = type_node.child_by_field_name("type")
    if function is not None and function.type == "type_identifier":
        row = b.lookup(b.text(function), function.start_byte)
        if row >= 0 and b.def_kind[row] in (DefKind.VARIABLE, DefKind.PARAMETER):
            element = b.expr(ExprOp.INDEX, b.expr_of(function), -1)
            return b.expr(ExprOp.CALL, element, b.expr_of(operand))
    return b.expr(ExprOp.CALL, b.expr_of(type_node), b.expr_of(operand))


def _unary(b: Builder, node: Node) -> int:
    operand = node.child_by_field_name("operand")
    if operand is None:
        return 0
    sign = b.source[node.start_byte : operand.start_byte].strip()
    if sign == b"!":
        return b.expr(ExprOp.LITERAL, b.name_index("bool"))
    value = b.expr_of(operand)
    op = {b"&": ExprOp.REF, b"*": ExprOp.DEREF, b"<-": ExprOp.ELEMENT}.get(sign)
    return b.expr(op, value) if op is not None and value else value


def _binary(b: Builder, node: Node) -> int:
    operator = node.child_by_field_name("operator")
    if operator is None:
        return 0
    if operator.type in _COMPARISONS:
        return b.expr(ExprOp.LITERAL, b.name_index("bool"))
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or (left.type in _PLAIN_LITERALS and operator.type not in ("<<", ">>")):
        return b.expr_of(right)  # an untyped constant takes the other side's type
    return b.expr_of(left)


def _function_literal(b: Builder, node: Node) -> int:
    row = b.def_of_node.get(node.id, -1)
    return b.expr(ExprOp.LAMBDA, row) if row >= 0 else 0


# -- expressions: types


def _defined_here(b: Builder, node: Node) -> int:
    """A struct or interface written in place: the definition that stands for it."""
    row = b.def_of_node.get(node.id, -1)
    return b.expr(ExprOp.DEF, row, 0) if row >= 0 else 0


def _array(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.ARRAY, b.expr_of(node.child_by_field_name("element")))


def _map(b: Builder, node: Node) -> int:
    key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
    return b.expr(ExprOp.GENERIC, _built_in(b, "map"), b.expr_of(key), b.expr_of(value))


def _channel(b: Builder, node: Node) -> int:
    value = node.child_by_field_name("value")
    return b.expr(ExprOp.GENERIC, _built_in(b, "chan"), b.expr_of(value))


def _built_in(b: Builder, name: str) -> int:
    """A type that only a keyword names; no definition can shadow it."""
    return b.expr(ExprOp.NAME, b.name_index(name), 0, 0)


def _generic(b: Builder, node: Node) -> int:
    generic, given = node.child_by_field_name("type"), node.child_by_field_name("type_arguments")
    arguments = given.named_children if given is not None else []
    return b.expr(ExprOp.GENERIC, b.expr_of(generic), *(b.expr_of(child) for child in arguments))


def _function_type(b: Builder, node: Node) -> int:
    parameters, result = node.child_by_field_name("parameters"), node.child_by_field_name("result")
    types = _parameter_types(b, parameters) if parameters is not None else []
    return b.expr(ExprOp.FUNCTION_TYPE, b.type_expr(result), *types)


def _parameter_types(b: Builder, node: Node) -> list[int]:
    """One type expression per parameter, in order; of a variadic one the slice that the function sees."""
    found: list[int] = []
    for child in node.named_children:
        if child.type not in ("parameter_declaration", "variadic_parameter_declaration"):
            continue
        made = b.expr_of(child.child_by_field_name("type"))
        if child.type == "variadic_parameter_declaration":
            made = b.expr(ExprOp.ARRAY, made)
        found.extend([made] * max(1, len(child.children_by_field_name("name"))))
    return found


def _results(b: Builder, node: Node) -> int:
    """A parenthesised result list: one type, or a tuple of several."""
    types = _parameter_types(b, node)
    if len(types) == 1:
        return types[0]
    return b.expr(ExprOp.TUPLE, *types) if types else 0


def _constraint(b: Builder, node: Node) -> int:
    return b.union(*(b.expr_of(child) for child in node.named_children))


# -- composite literals


def _literal_type(b: Builder, node: Node) -> int:
    """The type that a literal's braces belong to, also where Go lets one leave the inner types out."""
    steps: list[str] = []
    at: Node | None = node
    while at is not None and len(steps) <= _MAX_LITERAL_DEPTH:
        parent = at.parent
        if parent is None:
            return 0
        if parent.type == "composite_literal":
            type_node = parent.child_by_field_name("type")
            return _inner_type(b, type_node, steps) if type_node is not None else 0
        step = "value"
        if parent.type == "literal_element" and parent.parent is not None:
            around = parent.parent
            if around.type == "keyed_element":
                if around.child_by_field_name("key") == parent:
                    step = "key"
                parent = around.parent
            else:
                parent = around
        if parent is None or parent.type != "literal_value":
            return 0
        steps.append(step)
        at = parent
    return 0


def _inner_type(b: Builder, node: Node, steps: list[str]) -> int:
    """Follow element and key types from the outermost literal's type inward: by syntax as far as it goes."""
    at: Node | None = node
    while steps and at is not None:
        if at.type == "pointer_type":
            at = b.first_named(at)
            continue
        if at.type in _ARRAYS:
            at = at.child_by_field_name("element")
        elif at.type == "map_type":
            at = at.child_by_field_name(steps[-1])
        else:
            break
        steps.pop()
    made = b.expr_of(at)
    while steps and made:
        op = ExprOp.KEY if steps.pop() == "key" else ExprOp.ELEMENT
        made = b.expr(ExprOp.TYPEOF, b.expr(op, b.expr(ExprOp.INSTANCE, made)))
    return made


_ARRAYS = frozenset(("slice_type", "array_type", "implicit_length_array_type"))


def _composite(b: Builder, node: Node) -> int:
    return b.expr(ExprOp.INSTANCE, b.expr_of(node.child_by_field_name("type")))


def _late_keys(b: Builder, matches: list[Captures]) -> None:
    """Keys of maps and arrays are plain expressions; all others are left to be fields."""
    known: dict[int, bool] = {}
    for captures in matches:
        literal = captures["type"][0]
        plain = known.get(literal.id)
        if plain is None:
            plain = known[literal.id] = _has_plain_keys(b, literal)
        if plain:
            b.reference(captures["name"][0])


def _has_plain_keys(b: Builder, literal: Node) -> bool:
    parent = literal.parent
    type_node = parent.child_by_field_name("type") if parent is not None else None
    if type_node is None or parent is None or parent.type != "composite_literal":
        return False
    for _ in range(_MAX_LITERAL_DEPTH):
        if type_node is None:
            return False
        if type_node.type in _ARRAYS or type_node.type == "map_type":
            return True
        if type_node.type != "type_identifier":
            return False
        row = b.lookup(b.text(type_node), type_node.start_byte)
        type_node = b.notes.get(("underlying", row))
    return False


# -- hooks: packages and imports


def _package(b: Builder, matches: list[Captures]) -> None:
    captures = matches[0]
    name, clause = captures["name"][0], captures["clause"][0]
    package = b.text(name)
    b.define_node(DefKind.NAMESPACE, name, clause, scope=-1, owner=0, flags=_MEMBER)
    b.module = package
    folder = b.path.rpartition("/")[0] or "."
    b.groups.append(f"go:{folder}#{package}")
    if not b.path.endswith("_test.go") and package != "main":
        b.groups.append(f"go:{folder}")  # what an import of the folder brings
    if not builds.taken(b.path.rpartition("/")[2], b.source[: clause.start_byte]):
        b.groups.append(builds.LEFT_OUT)


def _imports(b: Builder, matches: list[Captures]) -> None:
    for captures in matches:
        node = captures["import"][0]
        path_node, alias = node.child_by_field_name("path"), node.child_by_field_name("name")
        if path_node is None:
            continue
        start, end = path_node.start_byte + 1, path_node.end_byte - 1
        path = b.source[start:end].decode("utf-8", "replace")
        if not path:
            continue
        kind = alias.type if alias is not None else ""
        flags, definition = ImportFlag.MODULE, -1
        if kind == "dot":
            flags = ImportFlag.STAR
        elif kind == "blank_identifier" or (alias is not None and b.text(alias) == "_"):
            flags = ImportFlag.SIDE_EFFECT
        elif alias is not None:
            definition = b.define_node(DefKind.IMPORT, alias, node, scope=0, owner=0)
        else:
            definition = b.define(
                DefKind.IMPORT,
                assumed_name(path),
                start,
                end,
                node.start_byte,
                node.end_byte,
                scope=0,
                owner=0,
                claim=False,
            )
        row = b.add_import(module=path, definition=definition, flags=flags, start=start, end=end)
        _path_parts(b, path, start, row)


def assumed_name(path: str) -> str:
    """The package's name as far as an import path tells: ``gopkg.in/yaml.v3`` -> ``yaml``."""
    parts = path.split("/")
    name = parts[-1]
    if len(parts) > 1 and name[:1] == "v" and name[1:].isdigit():
        name = parts[-2]
    name = name.removeprefix("go-")
    for at, letter in enumerate(name):
        if not (letter.isalnum() or letter == "_"):
            return name[:at] or name
    return name


def _path_parts(b: Builder, path: str, start: int, row: int) -> None:
    """Each part of an import path refers to the folder that the path up to it denotes."""
    at = 0
    while at < len(path):
        end = path.find("/", at)
        if end < 0:
            end = len(path)
        part = path[at:end]
        if part:
            b.name_index(part)
            first = start + len(path[:at].encode())
            b.token(path[:end], first, first + len(part.encode()), Role.IMPORT, MODULE_PART, row)
        at = end + 1


# -- hooks: functions


def _functions(b: Builder, matches: list[Captures]) -> None:
    nodes = [captures["function"][0] for captures in matches]
    nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
    for node in nodes:
        kind = node.type
        if kind == "func_literal":
            row = _anonymous(b, node, b.scope_of(node))
        elif kind == "method_declaration":
            row = _method(b, node)
        else:
            row = _function(b, node)
        if row >= 0:
            b.def_of_node[node.id] = row
            _signature(b, node, row)


def _visibility(name: str) -> int:
    return _EXPORTED if name[:1].isupper() else 0


def _function(b: Builder, node: Node) -> int:
    name = node.child_by_field_name("name")
    if name is None:
        return -1
    text = b.text(name)
    flags = _visibility(text)
    if b.path.endswith("_test.go") and text.startswith(("Test", "Benchmark", "Example", "Fuzz")):
        flags |= DefFlag.TEST
    return b.define_node(
        DefKind.FUNCTION,
        name,
        node,
        scope=0,
        owner=0,
        body=b.scope_of(node),
        flags=flags,
        signature_end=_body_start(node),
        lexical=text not in ("init", "_"),
    )


def _method(b: Builder, node: Node) -> int:
    """A method belongs to its receiver's type, wherever in the package that is."""
    name, receiver = node.child_by_field_name("name"), node.child_by_field_name("receiver")
    if name is None or receiver is None:
        return -1
    declaration = next(
        (child for child in receiver.named_children if child.type == "parameter_declaration"), None
    )
    type_node = declaration.child_by_field_name("type") if declaration is not None else None
    arguments: list[Node] = []
    while type_node is not None and type_node.type in ("pointer_type", "parenthesized_type", "generic_type"):
        if type_node.type == "generic_type":
            given = type_node.child_by_field_name("type_arguments")
            arguments = list(given.named_children) if given is not None else []
            type_node = type_node.child_by_field_name("type")
        else:
            type_node = b.first_named(type_node)
    owner = b.text(type_node) if type_node is not None else ""
    text = b.text(name)
    scope = b.scope_of(node)
    row = b.define_node(
        DefKind.METHOD,
        name,
        node,
        scope=-1,
        owner=0,
        body=scope,
        flags=_visibility(text) | _MEMBER | DefFlag.EXTENSION,
        qualifier=owner,
        signature_end=_body_start(node),
    )
    b.notes[("place", row)] = owner
    for argument in arguments:
        inner = b.first_named(argument)
        if inner is not None and inner.type == "type_identifier":
            b.define_node(DefKind.TYPE_PARAMETER, inner, inner, scope=scope, owner=row)
    if type_node is not None:
        # What the type embeds counts when its methods are held against an interface's: they rest on its name.
        b.add_site(row, name.start_byte, b.expr(ExprOp.STRING, b.name_index(owner)))
        b.notes.setdefault("methods", []).append((owner, type_node, row))
    if declaration is not None:
        for parameter in declaration.children_by_field_name("name"):
            at = b.define_node(
                DefKind.VARIABLE,
                parameter,
                declaration,
                scope=scope,
                owner=row,
                flags=_REACHES,
                visible=b.def_signature_end[row],
            )
            declared = declaration.child_by_field_name("type")
            if declared is not None:
                b.set_type(at, declared)
    return row


def _body_start(node: Node) -> int:
    body = node.child_by_field_name("body")
    return body.start_byte if body is not None else node.end_byte


def _anonymous(b: Builder, node: Node, body: int) -> int:
    start = node.start_byte
    scope = b.scope_parent[body] if body > 0 else b.scope_at(start)
    return b.define(
        DefKind.FUNCTION,
        "",
        start,
        start,
        start,
        node.end_byte,
        scope=scope,
        body=body,
        flags=DefFlag.SYNTHETIC,
        claim=False,
        signature_end=_body_start(node),
    )


def _signature(b: Builder, node: Node, row: int) -> None:
    """Type parameters, parameters and results of a function, method or function type."""
    scope = b.def_body[row]
    types = node.child_by_field_name("type_parameters")
    if types is not None:
        _type_parameters(b, types, scope, row)
    parameters, result = node.child_by_field_name("parameters"), node.child_by_field_name("result")
    if parameters is not None:
        _parameters(b, parameters, scope, row, DefKind.PARAMETER)
    if result is not None:
        b.set_type(row, result)
        if result.type == "parameter_list":
            _parameters(b, result, scope, row, DefKind.VARIABLE)


def _parameters(b: Builder, node: Node, scope: int, owner: int, kind: DefKind) -> None:
    # The signature's own types are looked up outside: parameters count from the body on.
    flags = _REACHES if scope >= 0 else _MEMBER
    visible = b.def_signature_end[owner] if scope >= 0 else 0
    for child in node.named_children:
        type_node = child.child_by_field_name("type")
        variadic = child.type == "variadic_parameter_declaration"
        for name in child.children_by_field_name("name"):
            row = b.define_node(
                kind,
                name,
                child,
                scope=scope,
                owner=owner,
                flags=flags | DefFlag.VARIADIC if variadic else flags,
                visible=visible,
            )
            if type_node is None:
                continue
            if variadic:
                b.add_site(row, name.start_byte, _slice_of(b, type_node))
            else:
                b.set_type(row, type_node)


def _slice_of(b: Builder, node: Node) -> Callable[[], int]:
    return lambda: b.expr(ExprOp.INSTANCE, b.expr(ExprOp.ARRAY, b.expr_of(node)))


def _type_parameters(b: Builder, node: Node, scope: int, owner: int) -> None:
    for child in node.named_children:
        bound = child.child_by_field_name("type")
        for name in child.children_by_field_name("name"):
            row = b.define_node(DefKind.TYPE_PARAMETER, name, child, scope=scope, owner=owner)
            if bound is not None:
                b.set_type(row, bound)


def _function_types(b: Builder, matches: list[Captures]) -> None:
    """Names of parameters in function types document them: definitions that nothing can refer to."""
    seen: set[int] = set()
    for captures in matches:
        node = captures["type"][0]
        if node.id in seen:
            continue
        seen.add(node.id)
        parameters, result = node.child_by_field_name("parameters"), node.child_by_field_name("result")
        row = _anonymous(b, node, -1)
        for part in (parameters, result):
            if part is not None and part.type == "parameter_list":
                _parameters(b, part, -1, row, DefKind.PARAMETER if part == parameters else DefKind.VARIABLE)


# -- hooks: types


def _types(b: Builder, matches: list[Captures]) -> None:
    nodes = [captures["type"][0] for captures in matches]
    nodes.sort(key=lambda node: (node.start_byte, -node.end_byte))
    for node in nodes:
        if node.type in ("type_spec", "type_alias"):
            _named_type(b, node)
            continue
        row = b.def_of_node.get(node.id, -1)
        if row < 0:
            row = _anonymous_type(b, node)
        if node.type == "struct_type":
            _fields(b, node, row)
        else:
            _interface(b, node, row)


_TYPE_KINDS = {"struct_type": DefKind.STRUCT, "interface_type": DefKind.INTERFACE}


def _named_type(b: Builder, node: Node) -> None:
    name, type_node = node.child_by_field_name("name"), node.child_by_field_name("type")
    if name is None:
        return
    around = b.scope_of(node)  # holds the type parameters
    scope = b.scope_at(node.start_byte) if around < 0 else b.scope_parent[around]
    text = b.text(name)
    kind = DefKind.CLASS if type_node is None else _TYPE_KINDS.get(type_node.type, DefKind.CLASS)
    if node.type == "type_alias":
        kind = DefKind.TYPE_ALIAS
    whole = _declaration(b, node)
    local = scope > 0
    row = b.define_node(
        kind,
        name,
        whole,
        scope=scope,
        body=_members_scope(b, type_node),
        flags=_visibility(text) | (_REACHES if local else 0),
        visible=name.start_byte if local else 0,
        signature_end=_members_start(b, type_node) if type_node is not None else node.end_byte,
    )
    parameters = node.child_by_field_name("type_parameters")
    if parameters is not None:
        _type_parameters(b, parameters, around, row)
    if type_node is None:
        return
    if kind == DefKind.TYPE_ALIAS:
        b.add_site(row, name.start_byte, type_node)
    elif type_node.type in _TYPE_KINDS:
        b.def_of_node[type_node.id] = row
    else:
        b.set_type(row, type_node)
    b.notes[("underlying", row)] = type_node


def _declaration(b: Builder, node: Node) -> Node:
    """The whole declaration where a spec is alone in it, so that the comment above belongs to it."""
    parent = node.parent
    if parent is not None and parent.type == "var_spec_list":
        return node
    if (
        parent is None
        or b"(" in b.source[parent.start_byte : node.start_byte]
        or not parent.type.endswith("_declaration")
    ):
        return node
    return parent


def _members_scope(b: Builder, node: Node | None) -> int:
    if node is None or node.type not in _TYPE_KINDS:
        return -1
    if node.type == "interface_type":
        return b.scope_of(node)
    fields = b.first_named(node)
    return b.scope_of(fields) if fields is not None else -1


def _members_start(b: Builder, node: Node) -> int:
    """Where the braces of a struct or interface begin; the end of other types."""
    if node.type not in _TYPE_KINDS:
        return node.end_byte
    at = b.source.find(b"{", node.start_byte, node.end_byte)
    return at if at >= 0 else node.end_byte


def _anonymous_type(b: Builder, node: Node) -> int:
    start = node.start_byte
    scope = b.scope_at(start - 1) if start else 0
    owner = max(b.owner_of(scope), 0)
    place = _place_name(b, node, owner)
    row = b.define(
        _TYPE_KINDS[node.type],
        "",
        start,
        start,
        start,
        node.end_byte,
        scope=scope,
        owner=owner,
        body=_members_scope(b, node),
        flags=DefFlag.SYNTHETIC,
        claim=False,
        qualifier=place,
    )
    b.notes[("place", row)] = place
    b.def_of_node[node.id] = row
    return row


def _place_name(b: Builder, node: Node, owner: int) -> str:
    """What to call an anonymous type: its owner's name, then the name of what it is the type of."""
    parts: list[str] = []
    if owner > 0:
        name = b.names[b.def_name[owner]]
        parts = [part for part in (b.notes.get(("place", owner), ""), name) if part]
    at = node.parent
    for _ in range(_MAX_PLACE_DEPTH):
        if at is None or at.type in _TYPE_KINDS:
            break
        found: Node | None = None
        if at.type in _NAMED_PLACES:
            found = at.child_by_field_name("name")
        elif at.type == "short_var_declaration":
            left = at.child_by_field_name("left")
            found = b.first_named(left) if left is not None else None
        if found is not None:
            parts.append(b.text(found))
            break
        at = at.parent
    return ".".join(parts)


#: So many nodes lie between an anonymous type and the declaration that it is the type of, at most.
_MAX_PLACE_DEPTH = 6
_NAMED_PLACES = frozenset(("var_spec", "field_declaration", "type_spec", "type_alias"))


def _fields(b: Builder, node: Node, row: int) -> None:
    fields = b.first_named(node)
    if fields is None:
        return
    scope = b.def_body[row]
    for child in fields.named_children:
        if child.type != "field_declaration":
            continue
        type_node = child.child_by_field_name("type")
        names = child.children_by_field_name("name")
        for name in names:
            field = b.define_node(
                DefKind.FIELD, name, child, scope=scope, owner=row, flags=_visibility(b.text(name)) | _MEMBER
            )
            if type_node is not None:
                b.set_type(field, type_node)
        if not names and type_node is not None:
            _embedded(b, child, type_node, scope, row)


def _embedded(b: Builder, node: Node, type_node: Node, scope: int, owner: int) -> None:
    """An embedded type is a field named after it, and lends its members."""
    name: Node | None = type_node
    while name is not None and name.type not in ("type_identifier", "identifier"):
        if name.type == "qualified_type":
            name = name.child_by_field_name("name")
        elif name.type == "generic_type":
            name = name.child_by_field_name("type")
        else:
            name = b.first_named(name)
    if name is None:
        return
    # The token is a use of the type; the field it also defines has no token of its own.
    field = b.define_node(
        DefKind.FIELD,
        name,
        node,
        scope=scope,
        owner=owner,
        flags=_visibility(b.text(name)) | _MEMBER,
        claim=False,
    )
    b.set_type(field, type_node)
    b.notes.setdefault("bases", []).append((owner, type_node))


def _interface(b: Builder, node: Node, row: int) -> None:
    scope = b.def_body[row]
    asked: list[int] = []
    for child in node.named_children:
        if child.type == "method_elem":
            name = child.child_by_field_name("name")
            if name is None:
                continue
            asked.append(b.expr(ExprOp.STRING, b.name_of(name)))
            method = b.define_node(
                DefKind.METHOD,
                name,
                child,
                scope=scope,
                owner=row,
                flags=_visibility(b.text(name)) | _MEMBER | DefFlag.ABSTRACT,
            )
            _signature(b, child, method)
            # Who implements it depends on all that the interface asks for: the method rests on its name.
            b.add_site(method, name.start_byte, b.expr(ExprOp.STRING, b.def_name[row]))
        elif child.type == "type_elem" and child.named_child_count == 1:
            inner = b.first_named(child)
            if inner is not None and inner.type in ("type_identifier", "qualified_type", "generic_type"):
                b.notes.setdefault("bases", []).append((row, inner))
    # And the interface's meaning is which methods it asks for.
    b.add_site(row, node.start_byte, b.expr(ExprOp.TUPLE, *asked))


# -- hooks: variables


def _specs(b: Builder, matches: list[Captures]) -> None:
    """``var`` and ``const``. A constant without a value repeats the one above it."""
    last: dict[int, tuple[Node | None, list[Node]]] = {}
    nodes = [captures["spec"][0] for captures in matches]
    nodes.sort(key=lambda node: node.start_byte)
    for node in nodes:
        names = node.children_by_field_name("name")
        type_node, value = node.child_by_field_name("type"), node.child_by_field_name("value")
        values = [child for child in value.named_children if not child.is_extra] if value is not None else []
        constant = node.type == "const_spec"
        if constant and node.parent is not None:
            if value is None:
                type_node, values = last.get(node.parent.id, (None, []))
            else:
                last[node.parent.id] = (type_node, values)
        scope = b.scope_at(node.start_byte)
        local = scope > 0
        whole = _declaration(b, node)
        for position, name in enumerate(names):
            if name.type == "," or b.text(name) == "_":
                continue
            row = b.define_node(
                DefKind.CONSTANT if constant else DefKind.VARIABLE,
                name,
                whole,
                scope=scope,
                flags=_REACHES if local else _visibility(b.text(name)),
                visible=node.end_byte if local else 0,
            )
            if type_node is not None:
                b.set_type(row, type_node)
            elif values:
                b.add_site(row, name.start_byte, _value(b, values, position, len(names)))


def _value(b: Builder, values: list[Node], position: int, count: int) -> Node | Callable[[], int]:
    """The n-th of ``count`` names' value: its own expression, or a part of the only one."""
    if len(values) == count:
        return values[position]
    node = values[0]
    if len(values) != 1:
        return lambda: 0
    if node.type in ("type_assertion_expression", "index_expression") or (
        node.type == "unary_expression" and b.source.startswith(b"<-", node.start_byte)
    ):
        # `value, ok :=` forms
        return node if position == 0 else lambda: b.expr(ExprOp.LITERAL, b.name_index("bool"))
    return lambda: b.expr(ExprOp.UNPACK, b.expr_of(node), position)


def _short(b: Builder, matches: list[Captures]) -> None:
    nodes = [captures["declaration"][0] for captures in matches]
    nodes.sort(key=lambda node: node.start_byte)
    for node in nodes:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            continue
        names = [child for child in left.named_children if not child.is_extra]
        values = [child for child in right.named_children if not child.is_extra]
        if not values:
            continue
        for position, name in enumerate(names):
            _declare(b, name, node, _value(b, values, position, len(names)), node.end_byte)


def _declare(b: Builder, name: Node, node: Node, value: Node | Callable[[], int], visible: int) -> None:
    """``name := value``: a new variable, or a further value of one that the same block declares already."""
    if name.type != "identifier":
        return
    text = b.text(name)
    if text == "_":
        return
    scope = b.scope_at(name.start_byte)
    there = b.definition_named(scope, text)
    if there >= 0 and b.def_kind[there] in (DefKind.VARIABLE, DefKind.PARAMETER):
        b.occurrence(name, Role.WRITE, there)
        return
    row = b.define_node(DefKind.VARIABLE, name, node, scope=scope, flags=_REACHES, visible=visible)
    b.add_site(row, name.start_byte, value)


def _clauses(b: Builder, matches: list[Captures]) -> None:
    """``for k, v := range x`` and ``case v, ok := <-c``."""
    nodes = [captures["clause"][0] for captures in matches]
    nodes.sort(key=lambda node: node.start_byte)
    for node in nodes:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None or b":=" not in b.source[left.end_byte : right.start_byte]:
            continue
        ranges = node.type == "range_clause"
        names = [child for child in left.named_children if not child.is_extra]
        for position, name in enumerate(names):
            value = _ranged(b, right, position) if ranges else _value(b, [right], position, 2)
            _declare(b, name, node, value, node.end_byte)


def _ranged(b: Builder, right: Node, position: int) -> Callable[[], int]:
    op = ExprOp.KEY if position == 0 else ExprOp.ELEMENT
    return lambda: b.expr(op, b.expr_of(right))


def _type_switches(b: Builder, matches: list[Captures]) -> None:
    """``switch v := x.(type)``: in a case with one type, ``v`` has that type."""
    for captures in matches:
        node, alias = captures["switch"][0], captures["alias"][0]
        name, value = b.first_named(alias), node.child_by_field_name("value")
        if name is None or value is None or name.type != "identifier" or b.text(name) == "_":
            continue
        row = b.define_node(
            DefKind.VARIABLE, name, alias, scope=b.scope_of(node), flags=_REACHES, visible=value.end_byte
        )
        b.add_site(row, name.start_byte, value)
        for case in node.named_children:
            if case.type != "type_case":
                continue
            types = case.children_by_field_name("type")
            if len(types) == 1 and types[0].type != "nil":
                b.narrow_definition(row, types[0], types[0].end_byte, case.end_byte)


def _labels(b: Builder, matches: list[Captures]) -> None:
    """Labels have a name space of their own, per function."""
    found: dict[tuple[int, str], int] = {}
    uses: list[Node] = []
    for captures in matches:
        node = captures["label"][0]
        parent = node.parent
        if parent is None or parent.type != "labeled_statement":
            uses.append(node)
            continue
        scope = b.enclosing(b.scope_at(node.start_byte), ScopeKind.FUNCTION)
        row = b.define_node(DefKind.LABEL, node, parent, scope=scope, flags=_MEMBER)
        found[(scope, b.text(node))] = row
    for node in uses:
        scope = b.enclosing(b.scope_at(node.start_byte), ScopeKind.FUNCTION)
        label = found.get((scope, b.text(node)))
        if label is not None:
            b.occurrence(node, Role.READ, label)


def _finish(b: Builder) -> None:
    """Drop the blank identifier, which means nothing; note what needs all names to be known."""
    blank = b.name_index("_")
    for start in [start for start, claim in b.claims.items() if claim[1] == blank]:
        del b.claims[start]
    for owner, node, row in b.notes.get("methods", ()):
        b.add_extension(owner, b.expr_of(node), row)
    for row, node in b.notes.get("bases", ()):
        b.add_base(row, b.expr_of(node))


_EXPRESSIONS: dict[str, base.ExprHandler] = {
    "identifier": base.name_expr,
    "type_identifier": base.name_expr,
    "package_identifier": base.name_expr,
    "selector_expression": base.member("operand", "field"),
    "qualified_type": base.member("package", "name"),
    "call_expression": _call,
    "type_conversion_expression": _conversion,
    "index_expression": base.index("operand", "index"),
    "slice_expression": base.inner("operand"),
    "type_assertion_expression": base.wrap(ExprOp.INSTANCE, "type"),
    "composite_literal": _composite,
    "literal_value": _literal_type,
    "literal_element": base.inner(),
    "func_literal": _function_literal,
    "unary_expression": _unary,
    "binary_expression": _binary,
    "parenthesized_expression": base.inner(),
    "interpreted_string_literal": base.literal("string"),
    "raw_string_literal": base.literal("string"),
    "int_literal": base.literal("int"),
    "float_literal": base.literal("float64"),
    "imaginary_literal": base.literal("complex128"),
    "rune_literal": base.literal("rune"),
    "iota": base.literal("int"),
    "true": base.literal("bool"),
    "false": base.literal("bool"),
    "pointer_type": base.wrap(ExprOp.POINTER),
    "slice_type": _array,
    "array_type": _array,
    "implicit_length_array_type": _array,
    "map_type": _map,
    "channel_type": _channel,
    "function_type": _function_type,
    "generic_type": _generic,
    "parenthesized_type": base.inner(),
    "negated_type": base.inner(),
    "type_elem": base.union(),
    "type_constraint": _constraint,
    "struct_type": _defined_here,
    "interface_type": _defined_here,
    "parameter_list": _results,
}

GO = Language(
    name="go",
    grammar="go",
    extensions=(".go",),
    expressions=_EXPRESSIONS,
    hooks={
        "package": _package,
        "import": _imports,
        "function": _functions,
        "types": _types,
        "function_type": _function_types,
        "spec": _specs,
        "short": _short,
        "clause": _clauses,
        "type_switch": _type_switches,
        "label": _labels,
        "late_key": _late_keys,
        "use_given": base.given_functions,
    },
    finish=_finish,
    rules="magellan_lsp.languages.go.rules",
)

LANGUAGES = {"go": GO}
