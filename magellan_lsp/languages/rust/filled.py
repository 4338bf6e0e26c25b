"""The type arguments that a ``let`` leaves open, from what extraction kept for it (``open_types.py``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefKind, ExprOp
from magellan_lsp.languages.rust.open_types import DECLARED
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.evaluate import gives_value
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

    #: What the impl is for that has a member: member -> types.
    Holder = Callable[[Resolver, Ref], TypeSet]

#: Methods that give what an iterator has as a type of the caller's choice.
COLLECTING = frozenset({"collect", "try_collect", "collect_vec"})
_PASSING = frozenset({int(ExprOp.TRY), int(ExprOp.AWAIT)})
_UNWRAPPING = frozenset({"unwrap", "expect", "unwrap_or_default"})
_OUTER = frozenset({"Result", "Option"})
_POINTERS = frozenset({"Box", "Rc", "Arc", "Cow"})
_MAX_DEPTH = 4
# Plain integers: the enums' own operators are many times slower.
_VARIABLE, _STORED = int(DefKind.VARIABLE), int(ExprOp.STORED)


def variable(r: Resolver, facts: FileFacts, row: int, holder: Holder) -> TypeSet | None:
    """The types of a variable with its open arguments filled in; None when it has none that something would fill."""
    sites = facts.sites(row)
    if len(sites) < 2 or facts.def_kind[row] != _VARIABLE:
        return None
    stored = [site for site in sites if _is_stored(facts, site)]
    if not stored:
        return None
    nothing: TypeSet = ()
    return r.query(
        ("rust-filled", facts.path, row), lambda: _variable(r, facts, row, stored, holder), nothing
    )


def _is_stored(facts: FileFacts, site: int) -> bool:
    value = facts.site_value[site]
    return value > 0 and bool(facts.expr_data[facts.expr_start[value]] == _STORED)


def _variable(r: Resolver, facts: FileFacts, row: int, stored: Sequence[int], holder: Holder) -> TypeSet:
    path = facts.path
    sites = facts.sites(row)
    types = t.union(r.as_type(path, facts.site_type[site]) for site in sites if facts.site_type[site] > 0)
    if not types:
        values = [facts.site_value[site] for site in sites if gives_value(facts, site)]
        types = t.union(r.eval(path, value) for value in values)
    at = facts.def_name_start[row]
    types = t.transform(
        types, lambda one: () if one[0] == t.TYPEVAR and not _in_scope(r, one, path, at) else None
    )
    for site in stored:
        value, name, *others = facts.expr(facts.site_value[site])[1:]
        method = facts.names[facts.expr(name)[1]]
        if method == DECLARED:
            types = tuple(_with_value(r, facts, one, value) for one in types)
        else:
            given = [r.eval(path, other) for other in (*others, value)]
            types = tuple(_with_call(r, path, one, method, given, holder) for one in types)
    return types


def _in_scope(r: Resolver, variable: Type, path: str, at: int) -> bool:
    """Whether a type parameter is one of the items around an offset; others nobody has filled in."""
    facts = r.facts(path)
    if variable[1][0] != path or facts is None:
        return False
    owner = facts.def_owner[variable[1][1]]
    return bool(owner > 0 and facts.def_start[owner] <= at < facts.def_end[owner])


def _with_value(r: Resolver, facts: FileFacts, one: Type, value: int) -> Type:
    """A declared type with what its value says about the arguments that were left open."""
    if not _is_open(r, one):
        return one
    items = _collected(r, facts, value)
    if items is not None:
        return collected(r, one, items)
    found = r.eval(facts.path, value)
    return _merged(r, one, found, 0)


def _merged(r: Resolver, one: Type, found: TypeSet, depth: int) -> Type:
    """A type whose unknown arguments are those of a value of the same type."""
    if one[0] == t.TUPLE:
        others = [other for other in found if other[0] == t.TUPLE and len(other[1]) == len(one[1])]
        if not others or depth == _MAX_DEPTH:
            return one
        parts = zip(one[1], others[0][1], strict=True)
        return (t.TUPLE, tuple(_merged_part(r, own, given, depth) for own, given in parts))
    if one[0] != t.INSTANCE:
        return one
    others = [other for other in found if other[0] == t.INSTANCE and other[1] == one[1] and other[2]]
    if not others or depth == _MAX_DEPTH:
        return one
    own = one[2] or tuple(() for _ in others[0][2])
    parts = zip(own, others[0][2], strict=False)
    return (t.INSTANCE, one[1], tuple(_merged_part(r, part, given, depth) for part, given in parts))


def _merged_part(r: Resolver, own: TypeSet, given: TypeSet, depth: int) -> TypeSet:
    return tuple(_merged(r, one, given, depth + 1) for one in own) if own else given


def _is_open(r: Resolver, one: Type) -> bool:
    """Whether arguments of a type are not known."""
    if one[0] == t.TUPLE:
        return any(not part or any(_is_open(r, inner) for inner in part) for part in one[1])
    if one[0] != t.INSTANCE:
        return False
    if not one[2]:
        return bool(r.type_parameters(one[1]))
    return any(not part or any(_is_open(r, inner) for inner in part) for part in one[2])


def _collected(r: Resolver, facts: FileFacts, value: int) -> TypeSet | None:
    """What a value's elements are that ``collect`` puts together; None when it does not."""
    op, *args = facts.expr(value)
    for _ in range(_MAX_DEPTH):
        if op in _PASSING:
            op, *args = facts.expr(args[0])
        elif op == ExprOp.CALL:
            callee, *parts = facts.expr(args[0])
            name = facts.names[parts[1]] if callee == ExprOp.MEMBER else ""
            if name in COLLECTING:
                return elements(r, facts.path, r.eval(facts.path, parts[0]))
            if name not in _UNWRAPPING:
                return None
            op, *args = facts.expr(parts[0])
        else:
            return None
    return None


def elements(r: Resolver, path: str, types: TypeSet) -> TypeSet:
    """What iterating gives."""
    return t.union(r.rules(path).element(r, one) for one in types)


def collected(r: Resolver, one: Type, items: TypeSet, depth: int = 0) -> Type:
    """A type that was asked of ``collect``, with its open arguments filled in from the elements."""
    if one[0] != t.INSTANCE or not items or depth == _MAX_DEPTH:
        return one
    parameters = r.type_parameters(one[1])
    args: list[TypeSet] = list(one[2]) or [() for _ in parameters]
    name = r.simple_name(one[1])
    if name in _OUTER and args:
        rules = r.rules(one[1][0])
        inner = t.union(rules.attempt(r, item) for item in items)
        args[0] = tuple(collected(r, part, inner, depth + 1) for part in args[0])
        if len(args) > 1 and not args[1]:
            args[1] = t.union(item[2][1] for item in items if item[0] == t.INSTANCE and len(item[2]) > 1)
    elif name in _POINTERS and args and args[0]:
        args[0] = tuple(collected(r, part, items, depth + 1) for part in args[0])
    else:
        args = _put(args, items)
    return (t.INSTANCE, one[1], tuple(args))


def _put(args: list[TypeSet], items: TypeSet) -> list[TypeSet]:
    """The arguments of a container with those that are open filled in from its elements: of pairs, both."""
    pairs = [item[1] for item in items if item[0] == t.TUPLE and len(item[1]) == 2]
    if len(args) > 1 and pairs:
        both = (t.union(pair[0] for pair in pairs), t.union(pair[1] for pair in pairs))
        return [arg or both[at] if at < 2 else arg for at, arg in enumerate(args)]
    return [args[0] or items, *args[1:]] if args else args


def _with_call(
    r: Resolver, path: str, one: Type, method: str, given: Sequence[TypeSet], holder: Holder
) -> Type:
    """A container with what a call says that puts something in."""
    if one[0] != t.INSTANCE:
        return one
    parameters = r.type_parameters(one[1])
    known: tuple[TypeSet, ...] = one[2] or tuple(() for _ in parameters)
    if not parameters or all(known[: len(parameters)]):
        return one
    if method == "extend":
        return (t.INSTANCE, one[1], tuple(_put(list(known), elements(r, path, given[-1]))))
    pattern = (t.INSTANCE, one[1], tuple(((t.TYPEVAR, parameter),) for parameter in parameters))
    for ref, _ in r.member_of(path, (pattern,), method)[:1]:
        learned: dict[Ref, TypeSet] = {}
        r.learn(ref, given, learned)
        return (t.INSTANCE, one[1], _filled(one[1], known, parameters, learned, holder(r, ref)))
    return one


def _filled(
    ref: Ref,
    known: tuple[TypeSet, ...],
    parameters: Sequence[Ref],
    learned: dict[Ref, TypeSet],
    heads: TypeSet,
) -> tuple[TypeSet, ...]:
    """The arguments of a type with what was learned of its parameters, or of those of the impl that has the method."""
    found = [part or learned.get(parameter, ()) for part, parameter in zip(known, parameters, strict=False)]
    for head in heads:
        if head[0] == t.INSTANCE and head[1] == ref:
            for at, part in enumerate(head[2][: len(found)]):
                for inner in part:
                    if not found[at] and inner[0] == t.TYPEVAR:
                        found[at] = learned.get(inner[1], ())
    return tuple(found)
