"""Rust's extraction hooks: what a query alone cannot say."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import CALLED, MEMBER, OPEN
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages.base import Captures, Hook, given_functions
from magellan_lsp.languages.rust import expressions, imports, patterns, tokens, transcribers, written
from magellan_lsp.languages.rust.conditions import left_out
from magellan_lsp.languages.rust.macros import pattern_argument
from magellan_lsp.languages.rust.names import (
    MACROS,
    TYPES,
    VALUES,
    in_class,
    is_macro,
    plain,
    self_owner,
)
from magellan_lsp.languages.rust.open_types import note_open, put_in

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder
    from magellan_lsp.languages.rust.macros import Macro, Note

_READ = int(Role.READ)
_WRITE = int(Role.WRITE)
_CALL = int(Role.CALL)
_TYPE = int(Role.TYPE)
_PARAMETER_KINDS = frozenset({"parameter", "self_parameter", "variadic_parameter"})
_NOT_A_PARAMETER = frozenset({"attribute_item", "line_comment", "block_comment"})
_AFTER = re.compile(rb"(?:\s|//[^\n]*|/\*.*?\*/)*+", re.DOTALL)
#: Macros whose second argument is a pattern.
_TAKING_PATTERNS = frozenset({b"matches", b"assert_matches", b"debug_assert_matches"})
#: ``{name`` in a text to be formatted; a doubled brace stands for itself.
_CAPTURED = re.compile(rb"(?<!\{)(?:\{\{)*\{([A-Za-z_]\w*)[:}]")
_MARKED = re.compile(rb"#\[\s*(?:\w+::)*test\b")

# -- definitions


def closures(b: Builder, matches: list[Captures]) -> None:
    """A closure is a function without a name."""
    for captures in matches:
        node = captures["closure"][0]
        scope = b.scope_of(node)
        start = node.start_byte
        b.def_of_node[node.id] = b.define(
            DefKind.FUNCTION,
            "",
            start,
            start,
            start,
            node.end_byte,
            scope=b.scope_parent[scope] if scope > 0 else 0,
            body=scope,
            flags=DefFlag.SYNTHETIC,
            claim=False,
        )
        row = b.def_of_node[node.id]
        result = node.child_by_field_name("return_type")
        body = node.child_by_field_name("body")
        if result is not None:
            b.set_type(row, result)
        elif body is not None:
            b.add_site(row, body.start_byte, body)


def type_parameters(b: Builder, matches: list[Captures]) -> None:
    """Type, const and lifetime parameters."""
    for captures in matches:
        node = captures["parameters"][0]
        scope = b.scope_at(node.start_byte)
        owner = _generic_owner(b, node, scope)
        for child in node.named_children:
            kind = child.type
            if kind in ("lifetime_parameter", "lifetime"):
                name = child.child_by_field_name("name") if kind == "lifetime_parameter" else child
                if name is not None:
                    b.define_node(DefKind.LIFETIME, name, child, scope=scope, owner=owner)
            elif kind in ("type_parameter", "const_parameter"):
                name = child.child_by_field_name("name")
                if name is None:
                    continue
                row = b.define_node(DefKind.TYPE_PARAMETER, name, child, scope=scope, owner=owner)
                # of a const parameter its type, of a type parameter what it stands for when nothing is given
                declared = child.child_by_field_name("type" if kind == "const_parameter" else "default_type")
                if declared is not None:
                    b.add_site(row, name.start_byte, None, declared)


def _generic_owner(b: Builder, node: Node, scope: int) -> int:
    """The definition whose parameters these are."""
    parent = node.parent
    row = b.def_of_node.get(parent.id, -1) if parent is not None else -1
    return row if row >= 0 else b.owner_of(scope)


def tuple_fields(b: Builder, matches: list[Captures]) -> None:
    """The fields of ``struct Pair(A, B)`` are named by their position."""
    for captures in matches:
        node = captures["fields"][0]
        scope = b.scope_of(node)
        for position, field in enumerate(node.children_by_field_name("type")):
            b.define(
                DefKind.FIELD,
                str(position),
                field.start_byte,
                field.end_byte,
                field.start_byte,
                field.end_byte,
                scope=scope,
                flags=DefFlag.SYNTHETIC,
                claim=False,
                type_node=field,
            )


def parameters(b: Builder, matches: list[Captures]) -> None:
    """Parameters of functions and closures, ``self`` included."""
    for captures in matches:
        node = captures["parameters"][0]
        scope = b.scope_at(node.start_byte)
        if b.scope_kind[scope] != ScopeKind.FUNCTION:
            continue
        owner = b.scope_def[scope]
        if owner < 0:
            continue
        closure = node.type == "closure_parameters"
        position = 0
        for child in node.named_children:
            kind = child.type
            if kind in _NOT_A_PARAMETER:
                continue
            if kind == "self_parameter":
                _self_parameter(b, child, scope, owner)
                continue
            if kind not in _PARAMETER_KINDS and not closure:
                continue
            _parameter(b, child, scope, owner, position, closure)
            position += 1


def _self_parameter(b: Builder, node: Node, scope: int, owner: int) -> None:
    for child in node.named_children:
        if child.type == "self":
            row = b.define_node(DefKind.PARAMETER, child, node, scope=scope, owner=owner)
            holder = self_owner(b, node.start_byte)
            if holder >= 0:
                b.add_site(row, child.start_byte, _self_maker(b, holder))


def _parameter(b: Builder, node: Node, scope: int, owner: int, position: int, closure: bool) -> None:
    typed = node.type == "parameter"
    pattern = node.child_by_field_name("pattern") if typed else node
    type_node = node.child_by_field_name("type") if typed else None
    if pattern is None:
        return
    name: Node | None = pattern
    while name is not None and name.type in ("mut_pattern", "ref_pattern"):
        name = name.named_children[-1] if name.named_child_count else None
    if name is not None and name.type in ("identifier", "self"):
        row = b.define_node(DefKind.PARAMETER, name, node, scope=scope, owner=owner)
    else:
        # a destructured parameter has no name of its own, but a place among the others
        row = b.define(
            DefKind.PARAMETER,
            "",
            pattern.start_byte,
            pattern.start_byte,
            node.start_byte,
            node.end_byte,
            scope=scope,
            owner=owner,
            flags=DefFlag.SYNTHETIC,
            claim=False,
        )
        patterns.bind(b, pattern, lambda: b.expr(ExprOp.DEF, row, 0))
    if type_node is not None:
        b.set_type(row, type_node)
    elif closure:
        given = b.notes.get("closures", {}).get(owner)
        if given is not None:
            b.add_site(row, pattern.start_byte, lambda: _argument(b, given, position))


def closure_arguments(b: Builder, matches: list[Captures]) -> None:
    """Which call a closure is an argument of: that is where its parameters' types come from."""
    known = b.notes.setdefault("closures", {})
    for captures in matches:
        closure, call = captures["closure"][0], captures["call"][0]
        row = b.def_of_node.get(closure.id, -1)
        if row >= 0:
            known[row] = (call, closure)


def _argument(b: Builder, given: tuple[Node, Node], position: int) -> int:
    call, closure = given
    function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if function is None or arguments is None:
        return 0
    others: list[int] = []
    at = -1
    for child in arguments.named_children[:8]:
        if child.is_extra:
            continue
        if child == closure:
            at = len(others)
        others.append(0 if child == closure or child.type == "closure_expression" else b.expr_of(child))
    if at < 0:
        return 0
    return b.expr(ExprOp.ARGUMENT, b.expr_of(function), at, position, *others)


# -- names that get values


def _maker(b: Builder, value: Node) -> Callable[[], int]:
    return lambda: b.expr_of(value)


def _element_maker(b: Builder, value: Node) -> Callable[[], int]:
    return lambda: b.expr(ExprOp.ELEMENT, b.expr_of(value))


def _self_maker(b: Builder, holder: int) -> Callable[[], int]:
    return lambda: expressions.self_value(b, holder)


def lets(b: Builder, matches: list[Captures]) -> None:
    """``let`` statements and the conditions of ``if let`` and ``while let``."""
    for captures in matches:
        node, pattern = captures["let"][0], captures["pattern"][0]
        value = node.child_by_field_name("value")
        patterns.bind(
            b,
            pattern,
            _maker(b, value) if value is not None else None,
            visible=node.end_byte,
            type_node=node.child_by_field_name("type"),
            node=node,
        )
        name = b.first_named(pattern) if pattern.type == "mut_pattern" else pattern
        if name is not None and name.type == "identifier":
            note_open(b, node, name)


def fors(b: Builder, matches: list[Captures]) -> None:
    """The pattern of a ``for`` binds what iterating gives."""
    for captures in matches:
        pattern, value, body = captures["pattern"][0], captures["value"][0], captures["body"][0]
        patterns.bind(b, pattern, _element_maker(b, value), visible=body.start_byte)


def match_arms(b: Builder, matches: list[Captures]) -> None:
    """The patterns of a ``match`` bind parts of its value."""
    for captures in matches:
        value, body = captures["value"][0], captures["body"][0]
        for arm in body.named_children:
            pattern = arm.child_by_field_name("pattern") if arm.type == "match_arm" else None
            if pattern is not None:
                patterns.bind(b, pattern, _maker(b, value))


def assignments(b: Builder, matches: list[Captures]) -> None:
    """``x = value`` for a local ``x``: a further value of it."""
    for captures in matches:
        name, value = captures["name"][0], captures["value"][0]
        row = b.lookup(b.text(name), name.start_byte, None, VALUES)
        if row >= 0 and b.def_kind[row] in (DefKind.VARIABLE, DefKind.PARAMETER):
            # its own value is what the name has behind the statement, not inside it: `x = x.next()`
            b.add_site(row, value.end_byte, value)


def labels(b: Builder, matches: list[Captures]) -> None:
    """``'outer: loop`` and ``break 'outer``."""
    uses: list[Node] = []
    for captures in matches:
        node = captures["label"][0]
        if b.source[node.end_byte : node.end_byte + 8].lstrip().startswith(b":"):
            b.define_node(DefKind.LABEL, node, node, scope=b.scope_at(node.start_byte))
        else:
            uses.append(node)
    for node in uses:
        found = b.lookup(b.text(node), node.start_byte)
        if found >= 0:
            b.occurrence(node, Role.READ, found)


# -- attributes


def attributes(b: Builder, matches: list[Captures]) -> None:
    """Attributes belong to the item behind them: to its span, and some say what it is."""
    rows: dict[int, list[int]] = {}
    for row in range(1, len(b.def_start)):
        rows.setdefault(b.def_start[row], []).append(row)
    for captures in reversed(matches):
        node = captures["attribute"][0]
        space = _AFTER.match(b.source, node.end_byte)
        after = space.end() if space is not None else node.end_byte
        there = rows.get(after)
        if not there:
            continue
        found = there[0]
        rows[node.start_byte] = there
        for row in there:
            b.def_start[row] = node.start_byte
        text = b.source[node.start_byte : node.end_byte]
        if _MARKED.match(text):
            b.def_flags[found] |= DefFlag.TEST
        elif b"macro_export" in text:
            b.def_flags[found] |= DefFlag.EXPORTED
        elif b"deprecated" in text:
            b.def_flags[found] |= DefFlag.DEPRECATED
        elif text.startswith(b"#[proc_macro") and b.def_kind[found] == DefKind.FUNCTION:
            _procedural(b, found, text)
        elif text.startswith(b"#[cfg(") and left_out(text.decode("utf-8", "replace")):
            for row in there:
                b.def_flags[row] |= DefFlag.UNLIKELY
        elif text.startswith(b"#[derive") and b.def_kind[found] in _DERIVING:
            b.notes.setdefault("derives", []).append((found, node))
            _derived(b, found, node, text)


_PROCEDURAL = re.compile(rb"#\[\s*proc_macro(?:_attribute|_derive\s*\(\s*(\w+)|\b)")


def _procedural(b: Builder, function: int, text: bytes) -> None:
    """A function that is a macro to other crates, under its own name or the one that its attribute gives it."""
    match = _PROCEDURAL.match(text)
    if match is None:
        return
    b.def_flags[function] |= DefFlag.PROCEDURAL
    if match.group(1) is None:
        return
    start, end, scope = b.def_name_start[function], b.def_name_end[function], b.def_scope[function]
    alias = b.define(
        DefKind.IMPORT,
        match.group(1).decode(),
        start,
        end,
        start,
        end,
        scope=scope,
        flags=DefFlag.SYNTHETIC,
        claim=False,
        lexical=False,
    )
    b.add_import(
        module="self",
        name=b.names[b.def_name[function]],
        definition=alias,
        flags=int(ImportFlag.REEXPORT),
        start=start,
        end=end,
        scope=scope,
    )


_DERIVING = frozenset(int(kind) for kind in (DefKind.STRUCT, DefKind.ENUM, DefKind.UNION))
#: What deriving a trait writes: trait -> (method, whether it gives a value of the type).
_DERIVED = {
    b"Clone": ("clone", True),
    b"Default": ("default", True),
    b"PartialEq": ("eq", False),
    b"PartialOrd": ("partial_cmp", False),
    b"Ord": ("cmp", False),
    b"Hash": ("hash", False),
    b"Debug": ("fmt", False),
}
_DERIVED_NAME = re.compile(rb"\b(?:" + b"|".join(_DERIVED) + rb")\b")


def _derived(b: Builder, owner: int, node: Node, text: bytes) -> None:
    """The methods that ``#[derive(...)]`` writes are defined by the trait's name in it."""
    type_name = b.names[b.def_name[owner]]
    for match in _DERIVED_NAME.finditer(text):
        name, gives_itself = _DERIVED[match.group()]
        start = node.start_byte + match.start()
        row = b.define(
            DefKind.METHOD,
            name,
            start,
            node.start_byte + match.end(),
            start,
            node.start_byte + match.end(),
            scope=b.def_scope[owner],
            owner=owner,
            flags=DefFlag.SYNTHETIC | (DefFlag.STATIC if name == "default" else 0),
            claim=False,
            lexical=False,
        )
        if gives_itself:
            b.add_site(row, start, b.expr(ExprOp.SELF, owner))
        b.add_extension(type_name, b.expr(ExprOp.DEF, owner, 0), row)


def opened(b: Builder) -> Sequence[Macro]:
    """The macro calls that were laid open for the parser."""
    note: Note | None = b.notes.get("read")
    return note.opened if note is not None else ()


def skipped(b: Builder, matches: list[Captures]) -> None:
    """Spans whose tokens are no plain uses: attributes, macro definitions, macro arguments left as tokens."""
    spans = b.notes.setdefault("skip", [])
    spans.extend((c["skip"][0].start_byte, c["skip"][0].end_byte) for c in matches)


# -- uses


def type_names(b: Builder, matches: list[Captures]) -> None:
    """Names that stand where only a type or module can."""
    b.types.update(captures["name"][0].start_byte for captures in matches)


def called(b: Builder, matches: list[Captures]) -> None:
    """Calls; but a pattern in ``matches!(value, Some(x))`` only looks like one."""
    found = {captures["callee"][0].start_byte for captures in matches}
    for macro in opened(b):
        if b.source[macro.name : macro.bang] in _TAKING_PATTERNS:
            start, end = pattern_argument(b.source, macro.open)
            found.difference_update([at for at in found if start <= at < end])
    b.calls.update(found)


def impls(b: Builder, matches: list[Captures]) -> None:
    """An impl holds members of its type."""
    for captures in matches:
        node = captures["impl"][0]
        row = b.def_of_node.get(node.id, -1)
        type_node, trait = node.child_by_field_name("type"), node.child_by_field_name("trait")
        if row < 0 or type_node is None:
            continue
        expr = b.expr_of(type_node)
        implemented = b.expr_of(trait) if trait is not None else -1
        name = _extended(b, type_node)
        b.add_extension(name, expr, row, implemented)
        if name.startswith("$"):
            for given, meant in written.types(b, node.start_byte, name):
                b.add_extension(given, meant, row, implemented)


def name_impls(b: Builder, matches: list[Captures]) -> None:
    """Members of an impl are addressed through its type's name."""
    known = b.notes.setdefault("impls", {})
    for captures in matches:
        node = captures["impl"][0]
        row = b.def_of_node.get(node.id, -1)
        type_node = node.child_by_field_name("type")
        if row < 0 or type_node is None:
            continue
        known[row] = type_node
        names = [_simple(b, type_node)]
        owner = b.def_owner[row]
        while owner > 0:
            if b.def_name[owner]:
                names.append(b.names[b.def_name[owner]])
            owner = b.def_owner[owner]
        b.qualify(row, ".".join(reversed(names)))


def _simple(b: Builder, node: Node) -> str:
    """The last name of a type, without references and arguments; the whole text where it has none."""
    at: Node | None = node
    for _ in range(20):
        if at is None:
            break
        kind = at.type
        if kind in ("type_identifier", "identifier", "primitive_type"):
            return plain(b.text(at))
        if kind == "scoped_type_identifier":
            at = at.child_by_field_name("name")
        elif kind in ("abstract_type", "dynamic_type"):
            at = at.child_by_field_name("trait")
        elif kind == "array_type":
            return "[]"
        elif kind in ("generic_type", "reference_type", "pointer_type", "function_type"):
            at = at.child_by_field_name("type") or at.child_by_field_name("trait")
        elif kind == "bounded_type":
            at = b.first_named(at)
        else:
            break
    return " ".join(b.text(node).split())[:60]


#: What types of an impl header are called when they stand for every type.
BLANKET = "*"


def _extended(b: Builder, node: Node) -> str:
    """The name under which an impl's members are found: of an alias of the file, that of its type."""
    name = _simple(b, node)
    if name.startswith("$"):
        return name
    for _ in range(4):
        found = b.lookup(name, node.start_byte, None, TYPES)
        if found >= 0 and b.def_kind[found] == DefKind.TYPE_PARAMETER:
            return BLANKET
        aliased = _aliased(b, found) if found >= 0 and b.def_kind[found] == DefKind.TYPE_ALIAS else None
        if aliased is None:
            break
        node, name = aliased, _simple(b, aliased)
    return name


def _aliased(b: Builder, row: int) -> Node | None:
    """The type that an alias stands for."""
    name = b.root.descendant_for_byte_range(b.def_name_start[row], b.def_name_end[row])
    item = name.parent if name is not None else None
    return item.child_by_field_name("type") if item is not None and item.type == "type_item" else None


def thread_locals(b: Builder, matches: list[Captures]) -> None:
    """``thread_local! { static NAME: T = ... }``: what the name is, is a key of such values."""
    spans = [
        (macro.open, macro.close)
        for macro in opened(b)
        if macro.edits and b.source[macro.name : macro.bang] == b"thread_local"
    ]
    for captures in matches if spans else ():
        node, declared = captures["static"][0], captures["type"][0]
        row = b.def_of_node.get(node.id, -1)
        if row >= 0 and any(start < node.start_byte < end for start, end in spans):
            key = b.expr(ExprOp.NAME, b.name_index("LocalKey"), 0, TYPES)
            b.set_type(row, partial(_generic, b, key, declared))


def _generic(b: Builder, base: int, argument: Node) -> int:
    return b.expr(ExprOp.GENERIC, base, b.expr_of(argument))


def derived_traits(b: Builder) -> None:
    """``#[derive(Name)]`` implements the trait of that name where there is one; those of std add nothing."""
    for row, node in b.notes.get("derives", ()):
        attribute = b.first_named(node)
        given = attribute.child_by_field_name("arguments") if attribute is not None else None
        children = given.children if given is not None else []
        for before, child in pairwise(children):
            if child.type == "identifier" and before.type in ("(", ","):
                text = b.text(child)
                if text.encode() not in _DERIVED and text not in ("Copy", "Eq"):
                    b.add_base(row, b.name_expr(text, child.start_byte, TYPES), 1)


def bounds(b: Builder, matches: list[Captures]) -> None:
    """Supertraits, and what an associated type implements."""
    for captures in matches:
        node = captures["def"][0]
        row = b.def_of_node.get(node.id, -1)
        if row >= 0:
            _add_bounds(b, row, node.child_by_field_name("bounds"), 0)


def type_bounds(b: Builder, matches: list[Captures]) -> None:
    """``T: A + B``, in angle brackets or behind ``where``."""
    for captures in matches:
        node = captures["bounded"][0]
        name = node.child_by_field_name("left") or node.child_by_field_name("name")
        while name is not None and name.type == "reference_type":
            name = name.child_by_field_name("type")
        if name is None or name.type not in ("type_identifier", "identifier"):
            continue
        row = b.lookup(b.text(name), name.start_byte, None, TYPES)
        if row >= 0 and b.def_kind[row] == DefKind.TYPE_PARAMETER:
            _add_bounds(b, row, node.child_by_field_name("bounds"), 2)


def _add_bounds(b: Builder, row: int, node: Node | None, kind: int) -> None:
    for child in node.named_children if node is not None else ():
        if child.type != "lifetime" and not child.is_extra:
            b.add_base(row, b.expr_of(child), kind)


def paths(b: Builder, matches: list[Captures]) -> None:
    """``a::b``: ``b`` hangs off what ``a`` denotes."""
    for captures in matches:
        path, name = captures["path"][0], captures["name"][0]
        start = name.start_byte
        if path.type == "identifier" and path.start_byte not in b.claims:
            _refer(b, path, path.start_byte, path.end_byte, TYPES)
        elif path.type in ("crate", "super") and path.start_byte not in b.claims:
            b.occurrence(path, Role.TYPE, OPEN)
        if start in b.claims:
            continue
        end = name.end_byte
        role = _CALL if start in b.calls else _READ
        if start in b.types or name.type == "type_identifier":
            role = _TYPE
        if is_macro(b, name):
            end, role = end - 1, _CALL
        text = plain(b.text(name))
        call = _conversion(b, path, name.parent, role) if text.startswith(_CONVERTING) else 0
        if role == _TYPE and not call and b.text(path) == "Self":
            call = _associated(b, start, b.expr_of(path), text)
        if call:
            b.claims[start] = (end, b.name_index(text), role, CALLED, call)
        else:
            b.claims[start] = (end, b.name_index(text), role, MEMBER, b.expr_of(path))


def _associated(b: Builder, start: int, itself: int, name: str) -> int:
    """``Self::Item`` in an impl of a trait: its own ``Item`` comes first. 0: there is no such impl around it."""
    owner = self_owner(b, start)
    if owner < 0 or b.def_kind[owner] != DefKind.IMPL:
        return 0
    return b.expr(ExprOp.ASSOC, b.expr(ExprOp.DEF, owner, 0), b.name_index(name), itself)


#: How the functions are called of which a type may have several, one for each ``From<T>``. Others are not worth it.
_CONVERTING = ("from", "try_from")


def _conversion(b: Builder, path: Node, whole: Node | None, role: int) -> int:
    """The call of ``Type::from``: the one around it, or for a function that is given to another (``map(Type::from)``) what
    that one calls it with. 0: no such call.
    """
    around = whole.parent if whole is not None else None
    if whole is None or around is None or whole.type != "scoped_identifier":
        return 0
    last = path.child_by_field_name("name") if path.type == "scoped_identifier" else path
    text = b.text(last) if last is not None else ""
    if not (text[:1].isupper() or text.startswith("<")) or b.source[whole.end_byte - 1] == 0x21:
        return 0
    if role == _CALL and around.type == "call_expression":
        return b.expr_of(around)
    call = around.parent
    if role == _READ and around.type == "arguments" and call is not None and call.type == "call_expression":
        return b.expr(ExprOp.CALL, b.expr_of(whole), _argument(b, (call, whole), 0))
    return 0


def fields(b: Builder, matches: list[Captures]) -> None:
    """Names of fields in struct expressions and patterns; the short form is a variable as well."""
    for captures in matches:
        owner = b.expr(ExprOp.VARIANT, 0, b.expr_of(captures["type"][0]))
        if "name" in captures:
            b.occurrence(captures["name"][0], Role.READ, MEMBER, owner)
        else:
            b.also(captures["short"][0], Role.READ, MEMBER, owner)


def bindings(b: Builder, matches: list[Captures]) -> None:
    """``Item`` in ``Iterator<Item = T>``: an associated type of the trait."""
    for captures in matches:
        name = captures["name"][0]
        arguments = name.parent.parent if name.parent is not None else None
        generic = arguments.parent if arguments is not None else None
        trait = generic.child_by_field_name("type") if generic is not None else None
        if trait is not None:
            b.occurrence(name, Role.TYPE, MEMBER, b.expr_of(trait))


def lifetimes(b: Builder, matches: list[Captures]) -> None:
    """Uses of lifetime parameters."""
    for captures in matches:
        node = captures["lifetime"][0]
        if node.start_byte not in b.claims:
            found = b.lookup(b.text(node), node.start_byte)
            if found >= 0:
                b.occurrence(node, Role.TYPE, found)


def macro_names(b: Builder, matches: list[Captures]) -> None:
    """Names of macros that were left as they are."""
    for captures in matches:
        node = captures["macro"][0]
        if node.start_byte not in b.claims:
            _refer(b, node, node.start_byte, node.end_byte, MACROS)


def captured_in_text(b: Builder, matches: list[Captures]) -> None:
    """``println!("{name:?}")``: names of variables in the text that a macro formats."""
    source = b.source
    for captures in matches:
        if not is_macro(b, captures["macro"][0]):
            continue
        for node in captures["text"]:
            for match in _CAPTURED.finditer(source, node.start_byte, node.end_byte):
                start, end = match.span(1)
                name = match.group(1).decode()
                found = b.lookup(name, start, None, VALUES)
                if found >= 0:
                    b.token(name, start, end, Role.READ, found)


def references(b: Builder, matches: list[Captures]) -> None:
    """Plain names in use, each in its own name space."""
    laid_open(b)
    written.globs(b)
    derived_traits(b)
    claims, source, calls, writes = b.claims, b.source, b.calls, b.writes
    names, bound = b.name_index, b.lookup
    starts, ends = _skipped_spans(b)
    types = b.types
    for captures in matches:
        node = captures["ref"][0]
        start = node.start_byte
        if start in claims:
            continue
        if starts:
            at = bisect_right(starts, start) - 1
            if at >= 0 and ends[at] > start:
                continue
        end = node.end_byte
        if (source[start - 1] == 0x27 and start) or (end - start == 1 and source[start] == 0x5F):
            continue  # a lifetime or label; a place holder
        if source[end - 1] == 0x21:
            _refer(b, node, start, end - 1, MACROS)
        elif start in types:
            _refer(b, node, start, end, TYPES)
        else:
            name = source[start:end].decode("utf-8", "replace").removeprefix("r#")
            role = _CALL if start in calls else _WRITE if start in writes else _READ
            claims[start] = (end, names(name), role, bound(name, start, None, VALUES), -1)


def type_references(b: Builder, matches: list[Captures]) -> None:
    """Plain names of types in use."""
    claims, source = b.claims, b.source
    names, bound = b.name_index, b.lookup
    starts, ends = _skipped_spans(b)
    for captures in matches:
        node = captures["ref"][0]
        start = node.start_byte
        if start in claims:
            continue
        if starts:
            at = bisect_right(starts, start) - 1
            if at >= 0 and ends[at] > start:
                continue
        end = node.end_byte
        name = source[start:end].decode("utf-8", "replace").removeprefix("r#")
        if name == "Self":
            _refer(b, node, start, end, TYPES)
        elif name != "_":
            claims[start] = (end, names(name), _TYPE, bound(name, start, None, TYPES), -1)


def _skipped_spans(b: Builder) -> tuple[list[int], list[int]]:
    """Starts of the spans that are passed over, and for each how far it or one before it reaches."""
    spans = sorted(b.notes.get("skip", ()))
    starts = [start for start, _ in spans]
    ends: list[int] = []
    furthest = 0
    for _, end in spans:
        furthest = max(furthest, end)
        ends.append(furthest)
    return starts, ends


def _refer(b: Builder, node: Node, start: int, end: int, space: int) -> None:
    name = b.source[start:end].decode("utf-8", "replace")
    name = name.removeprefix("r#")
    if space == MACROS or start in b.calls:
        role = _CALL
    elif space == TYPES:
        role = _TYPE
    else:
        role = _WRITE if start in b.writes else _READ
    if space == TYPES and name == "Self":
        b.claims[start] = (end, b.name_index(name), _TYPE, OPEN, expressions.self_type(b, start) or -1)
        return
    found = b.lookup(name, start, None, space)
    b.claims[start] = (end, b.name_index(name), role, found, macro_mark(b, name, start, found, space))


def macro_mark(b: Builder, name: str, start: int, found: int, space: int) -> int:
    """For an open name of a macro, the expression that says so: its role is that of a called function."""
    return b.name_expr(name, start, MACROS) if space == MACROS and found < 0 else -1


def laid_open(b: Builder) -> None:
    """Names of macros whose calls were blanked out for the parser."""
    for macro in opened(b):
        if not macro.edits or macro.name in b.claims:
            continue
        around = b.root.descendant_for_byte_range(macro.path, macro.path + 1)
        if around is None or "comment" in around.type or "string" in around.type or "token" in around.type:
            continue
        text = b.source[macro.name : macro.bang].decode()
        if macro.path != macro.name:
            head = b.source[macro.path : macro.name - 2].decode().split("::")
            expr = b.name_expr(head[0], macro.path, TYPES)
            for part in head[1:]:
                expr = b.expr(ExprOp.PATH, expr, b.name_index(part))
            b.token(text, macro.name, macro.bang, Role.CALL, MEMBER, expr)
        else:
            found = b.lookup(text, macro.name, None, MACROS)
            mark = macro_mark(b, text, macro.name, found, MACROS)
            b.token(text, macro.name, macro.bang, Role.CALL, found, mark)


def writes(b: Builder, matches: list[Captures]) -> None:
    """Names that are assigned to."""
    b.writes.update(captures["name"][0].start_byte for captures in matches)


# -- closing


_ASYNC_KINDS = frozenset({int(DefKind.FUNCTION), int(DefKind.METHOD)})
_VISIBLE_KINDS = frozenset(
    int(kind)
    for kind in (
        DefKind.MODULE,
        DefKind.STRUCT,
        DefKind.ENUM,
        DefKind.UNION,
        DefKind.TRAIT,
        DefKind.TYPE_ALIAS,
        DefKind.FUNCTION,
        DefKind.METHOD,
        DefKind.CONSTANT,
        DefKind.FIELD,
    )
)
_PUB = re.compile(rb"(?:\s|//[^\n]*|/\*.*?\*/|#\[[^\]]*\])*+pub\b", re.DOTALL)


def finish(b: Builder) -> None:
    """Flags that the text of a definition's head shows."""
    written.interfaces(b)
    written.forget(b)
    # `crate` and `super` rest on the `mod` declarations that lead to this file: it mentions their names
    for part in b.path.removesuffix(".rs").split("/"):
        b.name_index(part)
    receivers: set[int] = set()
    for row, kind in enumerate(b.def_kind):
        if kind == DefKind.PARAMETER and b.names[b.def_name[row]] == "self":
            receivers.add(b.def_owner[row])
    source = b.source
    for row in range(1, len(b.def_kind)):
        kind = b.def_kind[row]
        if kind not in _VISIBLE_KINDS or b.def_flags[row] & DefFlag.SYNTHETIC:
            continue
        head = source[b.def_start[row] : b.def_name_start[row]]
        if b"pub" in head and _PUB.match(head):
            b.def_flags[row] |= DefFlag.EXPORTED
        if kind in _ASYNC_KINDS:
            if b"async" in head:
                b.def_flags[row] |= DefFlag.ASYNC
            if row not in receivers and in_class(b, row):
                b.def_flags[row] |= DefFlag.STATIC
            end = source.find(b"{", b.def_name_end[row], b.def_end[row])
            if end >= 0:
                b.def_signature_end[row] = end


HOOKS: dict[str, Hook] = {
    "closure": closures,
    "closure_argument": closure_arguments,
    "type_parameters": type_parameters,
    "tuple_fields": tuple_fields,
    "parameters": parameters,
    "let": lets,
    "for": fors,
    "match": match_arms,
    "late_assign": assignments,
    "late_stored": put_in,
    "label": labels,
    "late_written": written.items,
    "thread_local": thread_locals,
    "macro_results": transcribers.macro_results,
    "import": imports.imports,
    "mod": imports.modules,
    "type_name": type_names,
    "skip": skipped,
    "attribute": attributes,
    "use_tokens": tokens.tokens,
    "use_attribute": tokens.attribute_values,
    "impl": name_impls,
    "use_impl": impls,
    "use_bounds": bounds,
    "use_type_bounds": type_bounds,
    "called": called,
    "use_given": given_functions,
    "assigned": writes,
    "use_path": paths,
    "use_field": fields,
    "use_binding": bindings,
    "use_lifetime": lifetimes,
    "use_macro": macro_names,
    "use_format": captured_in_text,
    "use_ref": references,
    "use_type": type_references,
}
