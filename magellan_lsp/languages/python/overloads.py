"""Which of a function's ``@overload`` signatures a call means, as far as arguments evidently fit them.

A type checker takes the first signature that all arguments can be given to
(https://typing.python.org/en/latest/spec/overload.html). Types are known here in part only, so a signature is left out
where it cannot be meant, and one is chosen where all before it are left out and all of its arguments surely fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver


class Fit(IntEnum):
    """Whether a value can be given for a type."""

    NO = 0
    PERHAPS = 1
    SURE = 2


#: Built-in classes that nothing but their instances (and those of classes derived from them) can be given for.
_CONCRETE = frozenset(
    {
        "int", "bool", "float", "complex", "str", "bytes", "bytearray", "list", "tuple", "set", "frozenset", "dict", "range",
        "slice", "NoneType",
    }
)  # fmt: skip
#: What else can be given for a number.
_NUMBERS = {
    "int": {"bool"},
    "float": {"int", "bool"},
    "complex": {"float", "int", "bool"},
}
_NONE: tuple[Sequence[Ref], Sequence[Ref]] = ((), ())
#: Of a function with more signatures the others are not looked at: each call would be held against all of them.
MAX_SIGNATURES = 64
_CODE = frozenset({t.FUNCTION, t.CALLABLE, t.TYPE})


def result(r: Resolver, callee: Type, args: Sequence[TypeSet]) -> TypeSet | None:
    """What a call of a function with overloads gives; None for any other, and where no signature says it."""
    signatures, bodies = _named_alike(r, callee[1])
    if not signatures:
        return None
    fits = [(_fit(r, one, args), one) for one in signatures]
    possible = [one for fit, one in fits if fit != Fit.NO] or signatures
    if (Fit.SURE, possible[0]) in fits:
        possible = possible[:1]
    found = _given(r, callee, possible, args)
    if len(possible) > 1:  # which of them is not known: what the function itself says first comes first
        whole = _given(r, callee, bodies, args)
        found = t.union((tuple(one for one in whole if one in found), found))
    return found or None


def _given(r: Resolver, callee: Type, refs: Sequence[Ref], args: Sequence[TypeSet]) -> TypeSet:
    return t.union(r.returned((t.FUNCTION, ref, callee[2]), args) for ref in refs)


def _named_alike(r: Resolver, ref: Ref) -> tuple[Sequence[Ref], Sequence[Ref]]:
    """The functions of one name in one scope: signatures alone, at most ``MAX_SIGNATURES``, and the others, where there
    are any of the first.
    """
    facts = r.facts(ref[0])
    if facts is None:
        return _NONE
    path, scope, name = ref[0], facts.def_scope[ref[1]], facts.name(ref[1])
    if len(facts.members(scope).get(name, ())) < 2:  # nearly every function: nothing to remember
        return _NONE

    def compute() -> tuple[Sequence[Ref], Sequence[Ref]]:
        rows = facts.members(scope).get(name, ())
        signatures = [(path, row) for row in rows if facts.def_flags[row] & DefFlag.OVERLOAD]
        if not signatures:
            return _NONE
        bodies = [(path, row) for row in rows if not facts.def_flags[row] & DefFlag.OVERLOAD]
        return signatures[:MAX_SIGNATURES], bodies[-1:]

    return r.query(("python overloads", path, scope, name), compute, _NONE, 0)


def _fit(r: Resolver, ref: Ref, args: Sequence[TypeSet]) -> Fit:
    """Whether all arguments of a call can be given to a signature, and no other parameter asks for one."""
    facts = r.facts(ref[0])
    if facts is None:
        return Fit.PERHAPS
    rows = r.rules(ref[0]).parameters(r, ref)
    spread = next((row for row in rows if facts.def_flags[row] & DefFlag.VARIADIC), -1)
    whole = Fit.SURE
    given = set()
    stars = [types for types in args if types and types[0][0] == t.BINDING and types[0][1] in ("*", "**")]
    for position, types in enumerate(args):
        if types in stars:
            whole = Fit.PERHAPS
            continue
        if types and types[0][0] == t.BINDING:
            row = next((row for row in rows if facts.name(row) == types[0][1]), -1)
            types = types[0][2]
            if row < 0 and not _takes_keywords(facts, ref[1]):
                return Fit.NO
        else:
            row = rows[position] if position < len(rows) else spread
            if row < 0:
                return Fit.NO
        given.add(row)
        fit = Fit.PERHAPS if row < 0 or row == spread else _fit_parameter(r, facts, row, types)
        if fit == Fit.NO:
            return Fit.NO
        whole = min(whole, fit)
    # A default is an assignment to the parameter.
    if not stars and any(row not in given and row != spread and not facts.sites(row) for row in rows):
        return Fit.NO
    return whole


def _takes_keywords(facts: FileFacts, function: int) -> bool:
    return any(
        facts.def_kind[row] == DefKind.PARAMETER and facts.def_flags[row] & DefFlag.KEYWORDS
        for row in facts.children(function)
    )


def _fit_parameter(r: Resolver, facts: FileFacts, row: int, given: TypeSet) -> Fit:
    declared = facts.def_type[row]
    if declared <= 0 or not given:
        return Fit.PERHAPS
    wanted, known = _alternatives(r, facts, declared)
    best = max((_fit_type(r, one, value) for one in wanted for value in given), default=Fit.PERHAPS)
    return best if known else max(best, Fit.PERHAPS)


def _alternatives(r: Resolver, facts: FileFacts, expr: int) -> tuple[TypeSet, bool]:
    """What a type expression stands for, and whether all parts of a union are known."""
    op, *parts = facts.expr(expr)
    if op != ExprOp.UNION:
        found = r.as_type(facts.path, expr)
        return found, bool(found)
    each = [_alternatives(r, facts, part) for part in parts]
    return t.union(found for found, _ in each), all(known for _, known in each)


def _fit_type(r: Resolver, wanted: Type, given: Type) -> Fit:
    if wanted[0] == t.TYPEVAR or given[0] == t.TYPEVAR:
        return Fit.PERHAPS
    name = _builtin(r, given) if given[0] in (t.INSTANCE, t.SELF) else ""
    if wanted[0] == t.CALLABLE:
        return (
            Fit.SURE
            if given[0] in _CODE
            else Fit.NO
            if name in _CONCRETE or given[0] == t.TUPLE
            else Fit.PERHAPS
        )
    if wanted[0] == t.TUPLE:
        return Fit.NO if given[0] in _CODE or (name in _CONCRETE and name != "tuple") else Fit.PERHAPS
    if wanted[0] == t.TYPE:
        return _derives(r, given[1], wanted[1]) if given[0] == t.TYPE else Fit.NO if name else Fit.PERHAPS
    if wanted[0] in (t.INSTANCE, t.SELF):
        return _fit_class(r, wanted, given, name)
    return Fit.PERHAPS


def _fit_class(r: Resolver, wanted: Type, given: Type, name: str) -> Fit:
    """``name``: of the built-in class that the value is an instance of, or ""."""
    into = _builtin(r, wanted)
    if into in ("object", "Any"):
        return Fit.SURE
    if name == "Any":
        return Fit.PERHAPS
    if into and into not in _CONCRETE:
        return Fit.NO if name in _NUMBERS or name == "bool" else Fit.PERHAPS
    if given[0] == t.TUPLE:
        return Fit.SURE if into == "tuple" else _unless_protocol(r, wanted[1])
    if given[0] in _CODE:
        return _unless_protocol(r, wanted[1])
    if given[0] not in (t.INSTANCE, t.SELF):
        return Fit.PERHAPS
    return Fit.SURE if name in _NUMBERS.get(into, ()) else _derives(r, given[1], wanted[1])


def _derives(r: Resolver, ref: Ref, base: Ref) -> Fit:
    """Whether instances of a class are ones of another."""
    order = [at for at, _ in r.linearize(ref)]
    if base in order:
        return Fit.SURE
    if any(len(r.base_rows(at)) > len(r.bases(at)) for at in order):
        return Fit.PERHAPS  # what a class of another package derives from is not known
    return _unless_protocol(r, base)


def _unless_protocol(r: Resolver, ref: Ref) -> Fit:
    protocol = any(r.is_builtin(at) and r.simple_name(at) == "Protocol" for at, _ in r.linearize(ref))
    return Fit.PERHAPS if protocol else Fit.NO


def _builtin(r: Resolver, one: Type) -> str:
    return r.simple_name(one[1]) if r.is_builtin(one[1]) else ""
