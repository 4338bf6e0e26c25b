"""Extraction of the items that macros by example write (``by_example.py``): where they are bound, and under which names.

A macro's body is a scope of its own. An item of it with a name of its own is found from where the macro is called, which
counts as a glob import of the body. One named by a variable (``struct $name``) is defined where a call in the same file
gives the name, and shares its body with the others; the variable itself is a type parameter, so that ``Self`` is what was
given.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages.base import Captures
from magellan_lsp.languages.rust.by_example import Definition, Rule, Token
from magellan_lsp.languages.rust.names import TYPES

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder
    from magellan_lsp.languages.rust.macros import Note

_CLASS_LIKE = frozenset(int(kind) for kind in (DefKind.STRUCT, DefKind.ENUM, DefKind.UNION))
#: What a variable may name, the most telling first.
_NAMED = (
    *(
        DefKind.STRUCT,
        DefKind.ENUM,
        DefKind.UNION,
        DefKind.TRAIT,
        DefKind.FUNCTION,
        DefKind.METHOD,
        DefKind.CONSTANT,
    ),
    *(
        DefKind.TYPE_ALIAS,
        DefKind.MODULE,
        DefKind.MACRO,
        DefKind.ENUM_MEMBER,
        DefKind.FIELD,
        DefKind.TYPE_PARAMETER,
    ),
    *(DefKind.LIFETIME, DefKind.PARAMETER, DefKind.VARIABLE),
)
_RANK = {int(kind): rank for rank, kind in enumerate(_NAMED)}
_ITEMS = frozenset(int(kind) for kind in _NAMED[:10])
_PLACES = frozenset({int(ScopeKind.FILE), int(ScopeKind.NAMESPACE)})
_PRIMITIVES = frozenset(
    {
        "str", "bool", "char", "f32", "f64", "u8", "u16", "u32", "u64", "u128", "usize",
        "i8", "i16", "i32", "i64", "i128", "isize",
    }
)  # fmt: skip
#: Macros that everybody has and that bring no names.
_COMMON = frozenset(
    {
        "assert", "assert_eq", "assert_ne", "cfg_if", "compile_error", "dbg", "debug_assert", "debug_assert_eq", "eprint",
        "eprintln", "format", "include", "lazy_static", "matches", "panic", "print", "println", "thread_local", "todo",
        "unimplemented", "unreachable", "vec", "write", "writeln",
    }
)  # fmt: skip
_IN_FRONT = frozenset({b"&", b"mut", b"dyn"})


def _with_items(b: Builder) -> list[Definition]:
    note: Note | None = b.notes.get("read")
    macros = note.written if note is not None else []
    return [macro for macro in macros if any(rule.has_items for rule in macro.rules)]


def begin(b: Builder) -> None:
    """Announce the scopes of macros that write items."""
    for macro in _with_items(b):
        b.add_scope(macro.start, macro.end, ScopeKind.BLOCK)


def items(b: Builder, matches: list[Captures]) -> None:
    """Bind what macros write: to the macro, and where calls give it a name."""
    macros = _with_items(b)
    if not macros:
        return
    rows = {b.def_name_start[row]: row for row, kind in enumerate(b.def_kind) if kind == DefKind.MACRO}
    for macro in macros:
        scope, row = b.scope_at(macro.end - 1), rows.get(macro.start, -1)
        if row >= 0:
            b.def_body[row] = scope
            b.scope_def[scope] = row
    named = _named(b, macros)
    note: Note = b.notes["read"]
    given: set[int] = set()
    for use in note.uses:
        scope = b.scope_at(use.start)
        if b.scope_kind[scope] not in _PLACES and b.scope_kind[scope] != ScopeKind.CLASS:
            continue
        for variable, texts in use.bound.items():
            row = named.get((use.body[0], "$" + variable.decode()), -1)
            for text in texts if row >= 0 else ():
                if len(text) == 1 and text[0].kind in ("word", "lifetime") and text[0].start not in given:
                    given.add(text[0].start)
                    _define(b, row, text[0], scope)
    for row in named.values():
        b.def_flags[row] |= DefFlag.SYNTHETIC
        if b.def_kind[row] in _CLASS_LIKE:
            b.def_kind[row] = int(DefKind.TYPE_PARAMETER)
        elif b.def_kind[row] != DefKind.TYPE_PARAMETER:
            b.def_name[row] = b.name_index("")  # nothing to show
    for macro in macros:
        for rule in macro.rules:
            for variable in rule.fragments if rule.has_items else ():
                name = "$" + variable.decode()
                if (rule.body.start, name) not in named:
                    _variable(b, name, rule.body.start, b.scope_at(macro.end - 1))


def _named(b: Builder, macros: list[Definition]) -> dict[tuple[int, str], int]:
    """The definitions that variables name, by rule and variable."""
    bodies = [rule.body for macro in macros for rule in macro.rules if rule.has_items]
    found: dict[tuple[int, str], int] = {}
    for row in range(1, len(b.def_kind)):
        name = b.names[b.def_name[row]].removeprefix("'")
        start = b.def_name_start[row]
        if not name.startswith("$"):
            continue
        body = next((body for body in bodies if body.start <= start < body.end), None)
        if body is None or b.def_kind[row] not in _RANK:
            continue
        key = (body.start, name)
        if key not in found or _RANK[b.def_kind[row]] < _RANK[b.def_kind[found[key]]]:
            found[key] = row
    return found


def _define(b: Builder, row: int, token: Token, scope: int) -> None:
    """What a variable names, as a definition where a call gives the name."""
    kind = b.def_kind[row]
    if kind == DefKind.FUNCTION and b.scope_kind[scope] == ScopeKind.CLASS:
        kind = int(DefKind.METHOD)
    new = b.define(
        DefKind(kind),
        token.text.decode("utf-8", "replace"),
        token.start,
        token.end,
        token.start,
        token.end,
        scope=scope,
        flags=b.def_flags[row] & ~DefFlag.SYNTHETIC,
        lexical=kind in _ITEMS and kind != DefKind.METHOD,
    )
    if kind in _CLASS_LIKE:
        b.def_body[new] = b.def_body[row]
    result = b.result_node(row)
    if result is not None:
        b.set_type(new, result)


def _variable(b: Builder, name: str, start: int, scope: int) -> None:
    """A macro's variable, as a type that each call gives."""
    b.define(
        DefKind.TYPE_PARAMETER,
        name,
        start,
        start,
        start,
        start,
        scope=scope,
        flags=DefFlag.SYNTHETIC,
        claim=False,
    )


def types(b: Builder, start: int, name: str) -> Iterator[tuple[str, int]]:
    """What the type of an impl in a macro stands for: names with expressions, one for each call."""
    note: Note = b.notes["read"]
    seen: set[tuple[str, int]] = set()
    for use in note.uses:
        if use.body[0] <= start < use.body[1]:
            for text in use.bound.get(name[1:].encode(), ()):
                found = _type(b, text)
                if found is not None and found not in seen:
                    seen.add(found)
                    yield found


def _type(b: Builder, text: tuple[Token, ...]) -> tuple[str, int] | None:
    """The last name and the expression of a path; its type arguments are left out."""
    expr, name = 0, ""
    for token in text:
        if token.text in _IN_FRONT or token.kind == "lifetime":
            continue
        if token.kind == "word":
            name = token.text.decode("utf-8", "replace")
            if expr:
                expr = b.expr(ExprOp.PATH, expr, b.name_index(name))
            elif name in _PRIMITIVES:
                expr = b.expr(ExprOp.NAME, b.name_index(name), 0, TYPES)
            else:
                expr = b.name_expr(name, token.start, TYPES)
        elif token.text != b"::":
            break
    return (name, expr) if expr else None


def globs(b: Builder) -> None:
    """A macro call among items brings what the macro's body has."""
    note: Note | None = b.notes.get("read")
    if note is None:
        return
    seen: set[tuple[int, str]] = set()
    here = {macro.name: any(_has_own(b, rule) for rule in macro.rules) for macro in note.written}
    for call in note.calls:
        scope = b.scope_at(call.start)
        if call.path in _COMMON or not here.get(call.path, True):
            continue
        if b.scope_kind[scope] in _PLACES and (scope, call.path) not in seen:
            seen.add((scope, call.path))
            b.add_import(
                module=f"{call.path}!",
                flags=int(ImportFlag.STAR),
                start=call.start,
                end=call.start,
                scope=scope,
            )


def _has_own(b: Builder, rule: Rule) -> bool:
    """Whether a rule has items with names of their own."""
    start, end = rule.body.start, rule.body.end
    return rule.has_items and any(
        start <= b.def_name_start[row] < end and kind in _ITEMS and b.names[b.def_name[row]][:1] != "$"
        for row, kind in enumerate(b.def_kind)
    )


def interfaces(b: Builder) -> None:
    """What a macro brings is bound by who calls it, far from who uses it: a change of it is none that names describe."""
    for macro in _with_items(b):
        if not any(_has_own(b, rule) for rule in macro.rules):
            continue
        scope = b.scope_at(macro.end - 1)
        brought = sorted(
            b.names[b.def_name[row]] for row, where in enumerate(b.def_scope) if where == scope and row > 0
        )
        for _, module, name, flags, *_, where, _ in b.imports:
            if where == scope:
                brought.append(f"{flags} {b.names[module]} {b.names[name] if name >= 0 else '*'}")
        digest = blake2b("\n".join(brought).encode(), digest_size=8).hexdigest()
        b.groups.append(f"rust-macro:{macro.name}#{digest}")


def forget(b: Builder) -> None:
    """Names inside macros are none of a use: what they mean is not known before the macro is called."""
    spans = [(macro.start + 1, macro.end) for macro in _with_items(b)]
    if not spans:
        return
    for start, (_, name, role, *_rest) in list(b.claims.items()):
        if any(first <= start < last for first, last in spans) and (
            role != Role.DEFINITION or "$" in b.names[name]
        ):
            del b.claims[start]
