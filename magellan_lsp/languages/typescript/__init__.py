"""TypeScript and TSX: tables and extraction hooks. Linking rules are JavaScript's, in
``javascript/rules.py``.

What it shares with JavaScript is in ``javascript/common.py`` and its neighbours.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.file_facts import MEMBER
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, Role
from magellan_lsp.languages.base import Captures, Language
from magellan_lsp.languages.javascript.common import (
    COMMON_QUERY,
    HOOKS,
    JSX_QUERY,
    finish,
    module_name,
    narrow,
)
from magellan_lsp.languages.javascript.declarations import define
from magellan_lsp.languages.javascript.expressions import TYPES, VALUES
from magellan_lsp.languages.typescript.declarations import TYPESCRIPT_HANDLERS
from magellan_lsp.languages.typescript.reading import read
from magellan_lsp.languages.typescript.types import TYPE_EXPRESSIONS

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

_BOTH = TYPES | VALUES
#: In which name spaces a definition of a kind is found.
_SPACES = {
    int(kind): space
    for kind, space in {
        DefKind.MODULE: VALUES,
        DefKind.NAMESPACE: _BOTH,
        DefKind.CLASS: _BOTH,
        DefKind.STRUCT: VALUES,
        DefKind.INTERFACE: TYPES,
        DefKind.ENUM: _BOTH,
        DefKind.TYPE_ALIAS: TYPES,
        DefKind.FUNCTION: VALUES,
        DefKind.ENUM_MEMBER: _BOTH,
        DefKind.VARIABLE: VALUES,
        DefKind.CONSTANT: VALUES,
        DefKind.PARAMETER: VALUES,
        DefKind.TYPE_PARAMETER: TYPES,
        DefKind.IMPORT: _BOTH,
    }.items()
}


def _indexed(b: Builder, matches: list[Captures]) -> None:
    """The name in ``T["name"]`` is a use of that member."""
    for captures in matches:
        obj, name = captures["object"][0], captures["name"][0]
        found = b.expr_of(obj)
        if found > 0:
            b.occurrence(name, Role.TYPE, MEMBER, b.expr(ExprOp.INSTANCE, found))


def _finish(b: Builder) -> None:
    finish(b)
    for start, end in b.notes.get("global", ()):
        for row, at in enumerate(b.def_start):
            if start <= at < end:
                b.def_flags[row] |= DefFlag.GLOBAL
    _ambient_members(b)


def _ambient_members(b: Builder) -> None:
    """Everything in an ambient module or namespace is exported, unless it says itself what is."""
    for scope in b.notes.get("ambient", ()):
        rows = [row for row, at in enumerate(b.def_scope) if at == scope]
        if not any(b.def_flags[row] & DefFlag.EXPORTED and b.def_kind[row] == DefKind.IMPORT for row in rows):
            for row in rows:
                b.def_flags[row] |= DefFlag.EXPORTED


def _guards(b: Builder, matches: list[Captures]) -> None:
    """``if (isFile(x)) …``: where the check holds, ``x`` is what the function's result says (``x is File``)."""
    for captures in matches:
        check, name, callee = captures["check"][0], captures["name"][0], captures["callee"][0]
        asked = callee.child_by_field_name("property") or callee
        if b.text(asked) in _OF_BUILT_INS:
            continue
        definition = b.lookup(b.text(name), name.start_byte, None, VALUES)
        if definition >= 0:
            narrow(b, definition, partial(_guarded, b, callee), check)


#: Checks for what only has built-in members, which are no place to lead to: each check costs some time.
_OF_BUILT_INS = frozenset(
    f"is{name}"
    for name in (
        *(
            "Array",
            "BigInt",
            "Boolean",
            "Date",
            "Defined",
            "Empty",
            "Finite",
            "Function",
            "Integer",
            "NaN",
            "Nil",
        ),
        *("Null", "Number", "Object", "PlainObject", "Promise", "RegExp", "String", "Symbol", "Undefined"),
    )
)


def _guarded(b: Builder, callee: Node) -> int:
    function = b.expr_of(callee)
    if function <= 0:
        return 0
    return b.expr(ExprOp.TYPEOF, b.expr(ExprOp.ELEMENT, b.expr(ExprOp.CALL, function)))


_HOOKS = {**HOOKS, "define": define(TYPESCRIPT_HANDLERS), "use_indexed": _indexed, "late_guard": _guards}

TYPESCRIPT = Language(
    name="typescript",
    grammar="typescript",
    extensions=(".ts", ".mts", ".cts"),
    query_package="magellan_lsp.languages.typescript",
    query_shared=(COMMON_QUERY,),
    expressions=TYPE_EXPRESSIONS,
    hooks=_HOOKS,
    read=read,
    finish=_finish,
    module_name=module_name,
    spaces=_SPACES,
    type_space=TYPES,
    value_space=VALUES,
    rules="magellan_lsp.languages.javascript.rules",
)

TSX = Language(
    name="tsx",
    grammar="tsx",
    extensions=(".tsx",),
    query_package="magellan_lsp.languages.typescript",
    query_shared=(COMMON_QUERY, JSX_QUERY),
    expressions=TYPE_EXPRESSIONS,
    hooks=_HOOKS,
    read=read,
    finish=_finish,
    module_name=module_name,
    spaces=_SPACES,
    type_space=TYPES,
    value_space=VALUES,
    rules="magellan_lsp.languages.javascript.rules",
)

LANGUAGES = {"typescript": TYPESCRIPT, "tsx": TSX}
