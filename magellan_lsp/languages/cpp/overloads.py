"""What tells C++'s overloads apart beside the classes of their arguments: built-in types, and whether an object may be
changed.

A simple form of overload resolution ([over.match] of the standard): conversions are told apart as exact, arithmetic,
through a constructor, and impossible; templates come behind what fits exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ScopeKind
from magellan_lsp.resolve.types import Ref

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_CONST = int(DefFlag.CONST)
_READONLY = int(DefFlag.READONLY)
_FIELD = int(DefKind.FIELD)
_FUNCTIONS = frozenset((int(DefKind.FUNCTION), int(DefKind.METHOD)))
_VALUES = frozenset(
    int(kind) for kind in (DefKind.VARIABLE, DefKind.CONSTANT, DefKind.PARAMETER, DefKind.FIELD)
)
_INDIRECT = frozenset((ExprOp.POINTER, ExprOp.REF))

_WHOLE_NUMBERS = frozenset((
    "short", "long", "unsigned", "signed", "size_t", "ssize_t", "ptrdiff_t", "intptr_t", "uintptr_t", "intmax_t",
    "uintmax_t", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
))  # fmt: skip
_CHARACTERS = frozenset(("char", "wchar_t", "char8_t", "char16_t", "char32_t"))
_WORDS = {"bool": "bool", "int": "int", "float": "real", "double": "real", "long double": "real"}
_ARITHMETIC = frozenset(("bool", "int", "real", "char"))


class Plain(NamedTuple):
    """A built-in type: its group, and its name as it stands in the source."""

    group: str  # bool, int, real, char, text (a pointer to characters), pointer or null
    name: str


def plain(facts: FileFacts, expr: int) -> Plain | None:
    """The built-in type that a type expression names; None for others."""
    if expr <= 0:
        return None
    op, *args = facts.expr(expr)
    if op == ExprOp.REF:
        return plain(facts, args[0])
    if op in (ExprOp.POINTER, ExprOp.ARRAY):
        inner = plain(facts, args[0])
        if inner is None or inner.group != "char":
            return Plain("pointer", inner.name if inner is not None else "")
        return Plain("text", inner.name)
    if op in (ExprOp.MEMBER, ExprOp.PATH):
        name = facts.names[args[1]]
    elif op in (ExprOp.LITERAL, ExprOp.NAME):
        name = facts.names[args[0]]
    else:
        return None
    if op == ExprOp.LITERAL and name[-1:] == "*":
        return Plain("text", name[:-1])
    if op == ExprOp.LITERAL and name == "nullptr":
        return Plain("null", name)
    if name in _CHARACTERS:
        return Plain("char", name)
    if name in _WORDS:
        return Plain(_WORDS[name], name)
    if name in _WHOLE_NUMBERS or (op == ExprOp.LITERAL and not _WHOLE_NUMBERS.isdisjoint(name.split())):
        return Plain("int", name)
    return None


def plain_value(r: Resolver, facts: FileFacts, expr: int) -> Plain | None:
    """The built-in type that a value has, as far as its declaration says; None for others and where not known."""
    op, *args = facts.expr(expr)
    if op == ExprOp.LITERAL:
        return plain(facts, expr)
    if op == ExprOp.INSTANCE:
        return plain(facts, args[0])
    if op == ExprOp.REF:
        inner = plain_value(r, facts, args[0])
        return Plain("pointer", inner.name) if inner is not None and inner.group in _ARITHMETIC else None
    for ref in _sources(r, facts, expr)[:1]:
        there = r.facts(ref[0])
        kinds = _FUNCTIONS if op == ExprOp.CALL else _VALUES
        if there is not None and there.def_kind[ref[1]] in kinds:
            return plain(there, there.def_type[ref[1]])
    return None


def fit(wanted: Plain | None, given: Plain, template: bool) -> int:
    """How well a value of a built-in type fits a parameter: of a built-in type, a template's, or (None) of a class.

    A template that could take anything is often kept from it by a condition, so a class that may take text is preferred.
    """
    if template:
        return 0 if given.group in ("text", "null") else 1
    if wanted is None:
        return 1 if given.group in ("text", "null") else -1
    if wanted.group == given.group:
        return 3 if wanted.name == given.name else 2
    if wanted.group in _ARITHMETIC and given.group in _ARITHMETIC:
        return 0
    if given.group == "null":
        return 2 if wanted.group in ("text", "pointer") else -3
    if given.group in ("text", "pointer"):
        return {"bool": -1, "pointer": 0, "text": 0}.get(wanted.group, -3)
    return -3


def by_constness(r: Resolver, facts: FileFacts, found: list[Ref], callee: int) -> list[Ref]:
    """Of members that differ in ``const`` those that a call means, going by whether its object may be changed."""
    constant = [ref for ref in found if _flags(r, ref) & _CONST]
    if not constant or len(constant) == len(found):
        return found
    fixed = _receiver_is_fixed(r, facts, callee)
    if fixed is None:
        return found
    return constant if fixed else [ref for ref in found if not _flags(r, ref) & _CONST]


def _receiver_is_fixed(r: Resolver, facts: FileFacts, callee: int) -> bool | None:
    op, *args = facts.expr(callee)
    if op == ExprOp.GENERIC:
        return _receiver_is_fixed(r, facts, args[0])
    if op == ExprOp.MEMBER:
        return fixed(r, facts, args[0])
    return _in_constant_member(facts, args[1]) if op == ExprOp.NAME else None


def fixed(r: Resolver, facts: FileFacts, expr: int) -> bool | None:
    """Whether what an expression gives cannot be changed through it; None when not known."""
    if expr <= 0:
        return None
    return r.query(("cpp-fixed", facts.path, expr), _fixed, None, 1, r, facts, expr)


def _fixed(r: Resolver, facts: FileFacts, expr: int) -> bool | None:
    op, *args = facts.expr(expr)
    if op in (ExprOp.DEREF, ExprOp.REF, ExprOp.INDEX, ExprOp.ELEMENT):
        return fixed(r, facts, args[0])
    for ref in _sources(r, facts, expr)[:1]:
        there = r.facts(ref[0])
        if there is None:
            return None
        if there.def_flags[ref[1]] & _READONLY:
            return True
        kind, declared = there.def_kind[ref[1]], there.def_type[ref[1]]
        if kind == _FIELD and declared > 0 and there.expr(declared)[0] not in _INDIRECT:
            # a part of an object is as fixed as the object
            if op == ExprOp.MEMBER:
                return fixed(r, facts, args[0])
            return _in_constant_member(facts, args[1]) if op == ExprOp.NAME else None
        if declared > 0 and (kind in _VALUES or kind in _FUNCTIONS):
            return False
        sites = there.sites(ref[1])
        return fixed(r, there, there.site_value[sites[0]]) if len(sites) == 1 else None
    return None


def _sources(r: Resolver, facts: FileFacts, expr: int) -> Sequence[Ref]:
    """The definitions that a name, a member or a call takes its value from."""
    op, *args = facts.expr(expr)
    if op == ExprOp.DEF:
        return [(facts.path, args[0])]
    if op == ExprOp.NAME:
        return r.open_name(facts.path, args[1], facts.names[args[0]])
    if op in (ExprOp.MEMBER, ExprOp.PATH):
        return r.member_targets(facts.path, args[0], facts.names[args[1]])
    if op == ExprOp.CALL:
        return r.called(facts.path, expr)
    return ()


def _in_constant_member(facts: FileFacts, scope: int) -> bool | None:
    """Whether a scope lies in a ``const`` member function; None when in no function."""
    while scope > 0:
        if facts.scope_kind[scope] == ScopeKind.FUNCTION and facts.scope_def[scope] >= 0:
            return bool(facts.def_flags[facts.scope_def[scope]] & _CONST)
        scope = facts.scope_parent[scope]
    return None


def _flags(r: Resolver, ref: Ref) -> int:
    facts = r.facts(ref[0])
    return facts.def_flags[ref[1]] if facts is not None else 0
