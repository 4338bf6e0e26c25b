"""Calls beyond those of the call hierarchy: what may run where no name says so, with how each was found.

The call hierarchy goes by names, as compilers' servers do: ``shape.area ()`` calls ``Shape.area``, and ``handler ()`` a
variable. What may run there is each method that overrides ``Shape.area`` in a class that the receiver may be of (class
hierarchy analysis: Dean, Grove and Chambers, "Optimization of Object-Oriented Programs Using Static Class Hierarchy
Analysis", ECOOP 1995), and each function that the variable may hold (:mod:`magellan_lsp.resolve.calls`).
Tests: ``tests/query/test_possible_calls.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import attrs

from magellan_lsp.facts.file_facts import CALLED, MEMBER, FileFacts
from magellan_lsp.facts.kinds import DefFlag, ExprOp, Role
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.query import call_hierarchy
from magellan_lsp.query.answers import Occurrence, SymbolInfo
from magellan_lsp.query.definition import implementations, is_bare
from magellan_lsp.query.references import references_to
from magellan_lsp.query.snapshot import CHECK_EVERY, Snapshot
from magellan_lsp.query.targets import same_thing
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.calls import ValueCalls
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import Span


class Via(StrEnum):
    """How a call was found."""

    NAME = "name"
    """The name that is called means it: the call hierarchy's own."""
    OVERRIDE = "override"
    """It overrides or implements what the name means, in a class that the receiver may be of."""
    VALUE = "value"
    """It is what a variable, a parameter, a part of a table or a function's result may hold."""


@attrs.frozen
class PossibleCall:
    """One caller (or callee), how it was found, and the places of the calls, which are in the caller's file, by start."""

    symbol: SymbolInfo
    sites: list[Occurrence]
    via: Via


def outgoing(snapshot: Snapshot, ref: Ref) -> list[PossibleCall]:
    """What a definition may call: the call hierarchy's callees, then those through overriding, then those by value, each
    by first place. Nothing is given twice for one place.
    """
    known = [
        PossibleCall(call.symbol, call.sites, Via.NAME) for call in call_hierarchy.outgoing(snapshot, ref)
    ]
    facts = snapshot.facts(ref[0])
    if facts is None:
        return known
    ref = call_hierarchy.with_body(snapshot, facts, ref)
    seen = {(call.symbol.ref, site.span) for call in known for site in call.sites}
    through: dict[Ref, list[Occurrence]] = {}
    for call in known:
        for below in _overriding(snapshot, call.symbol.ref):
            sites = [site for site in call.sites if _may_reach(snapshot, site, call.symbol.ref, below)]
            through.setdefault(below, []).extend(sites)
    held: dict[Ref, list[Occurrence]] = {}
    values = ValueCalls(snapshot.resolver_for(ref[0]), facts)
    callers = call_hierarchy.callers_in(snapshot, facts, ref)
    for row, site in call_hierarchy.occurrences_inside(snapshot, facts, ref):
        if site.role == Role.CALL and site.container in callers:  # not by a decorator of it
            for callee in values.callees(row):
                if _runs(snapshot, callee):
                    held.setdefault(callee, []).append(site)
    found = known
    for via, by_callee in ((Via.OVERRIDE, through), (Via.VALUE, held)):
        new = []
        for callee, sites in by_callee.items():
            left = sorted({site for site in sites if (callee, site.span) not in seen})
            info = snapshot.info(callee) if left else None
            if info is not None:
                seen.update((callee, site.span) for site in left)
                new.append(PossibleCall(info, left, via))
        found = found + sorted(new, key=lambda call: (call.sites, call.symbol.ref))
    return found


def incoming(snapshot: Snapshot, ref: Ref) -> list[PossibleCall]:
    """Who may call a definition: the call hierarchy's callers, then those of what it overrides, then those by value, each
    by (path, definition). Values are followed in the files in which the definition is named.
    """
    known = [
        PossibleCall(call.symbol, call.sites, Via.NAME) for call in call_hierarchy.incoming(snapshot, ref)
    ]
    seen = {(site.path, site.span) for call in known for site in call.sites}
    found = known
    for via, sites in (
        (Via.OVERRIDE, _calls_above(snapshot, ref)),
        (Via.VALUE, _calls_by_value(snapshot, ref)),
    ):
        by_caller: dict[Ref, list[Occurrence]] = {}
        for site in sorted(set(sites)):
            if (site.path, site.span) not in seen:
                seen.add((site.path, site.span))
                by_caller.setdefault((site.path, site.container), []).append(site)
        infos = ((snapshot.info(caller), by_caller[caller]) for caller in sorted(by_caller))
        found = found + [PossibleCall(info, at, via) for info, at in infos if info is not None]
    return found


def callees(snapshot: Snapshot, refs: Iterable[Ref]) -> list[PossibleCall]:
    """``outgoing`` of several definitions (a symbol's overloads and declarations), by how the calls were found, each
    place once for a callee.
    """
    return _merged(call for ref in refs for call in outgoing(snapshot, ref))


def callers(snapshot: Snapshot, refs: Iterable[Ref]) -> list[PossibleCall]:
    """``incoming`` of several definitions, by how the calls were found, each place once for a caller."""
    return _merged(call for ref in refs for call in incoming(snapshot, ref))


def _merged(calls: Iterable[PossibleCall]) -> list[PossibleCall]:
    order = list(Via)
    seen: set[tuple[Ref, str, Span]] = set()
    found: dict[tuple[Via, Ref], PossibleCall] = {}
    for call in sorted(calls, key=lambda call: order.index(call.via)):
        new = [site for site in call.sites if (call.symbol.ref, site.path, site.span) not in seen]
        seen.update((call.symbol.ref, site.path, site.span) for site in new)
        if new:
            before = found.get((call.via, call.symbol.ref))
            sites = sorted([*before.sites, *new]) if before is not None else new
            found[call.via, call.symbol.ref] = PossibleCall(call.symbol, sites, call.via)
    return list(found.values())


def _overriding(snapshot: Snapshot, ref: Ref) -> list[Ref]:
    """The methods with a body that override or implement a method, at any depth."""
    if snapshot.resolver_for(ref[0]).kind_of(ref) not in FUNCTION_LIKE:
        return []
    below = implementations(snapshot, ref)
    same = same_thing(snapshot, [ref]) if below else ()
    return [other for other in below if other not in same and _runs(snapshot, other)]


def _runs(snapshot: Snapshot, ref: Ref) -> bool:
    """Whether a definition is what runs: a class, or a function that is no mere signature."""
    facts = snapshot.facts(ref[0])
    return facts is not None and not facts.def_flags[ref[1]] & DefFlag.OVERLOAD and not is_bare(snapshot, ref)


def _calls_above(snapshot: Snapshot, ref: Ref) -> Iterator[Occurrence]:
    """Calls of what a method overrides, at any height, that may mean the method."""
    seen, waiting = {ref}, [ref]
    while waiting:
        snapshot.check()
        for above in snapshot.relates_to(waiting.pop(), RelationKind.OVERRIDES):
            if above in seen:
                continue
            seen.add(above)
            waiting.append(above)
            for call in call_hierarchy.incoming(snapshot, above):
                yield from (site for site in call.sites if _may_reach(snapshot, site, above, ref))


def _calls_by_value(snapshot: Snapshot, ref: Ref) -> Iterator[Occurrence]:
    """Calls by value in the files that name a function or class."""
    if snapshot.resolver_for(ref[0]).kind_of(ref) not in FUNCTION_LIKE | CLASS_LIKE:
        return
    paths = {one.path for one in references_to(snapshot, [ref], include_declaration=False)}
    for path in sorted({ref[0], *paths}):
        snapshot.check()
        facts = snapshot.facts(path)
        if facts is None:
            continue
        values = ValueCalls(snapshot.resolver_for(path), facts)
        for row, role in enumerate(facts.occ_role):
            if row % CHECK_EVERY == 0:
                snapshot.check()
            if role == Role.CALL and ref in values.callees(row):
                yield Occurrence.of(facts, row)


def _may_reach(snapshot: Snapshot, site: Occurrence, named: Ref, below: Ref) -> bool:
    """Whether a call of ``named`` may run ``below``, which overrides it: not through ``super``, nor where the receiver's
    class is known to be another line of descent.
    """
    facts = snapshot.facts(site.path)
    row = facts.occurrence_at(site.span.start) if facts is not None else -1
    if facts is None or row < 0:
        return False
    row = _call_row(facts, row)
    target, expr = facts.occ_target[row], facts.occ_expr[row]
    if target == CALLED and expr > 0:
        op, *args = facts.expr(expr)
        target, expr = _receiver(facts, args[0]) if op == ExprOp.CALL else (target, 0)
        if target != MEMBER:
            return op == ExprOp.CALL and facts.expr(args[0])[0] != ExprOp.PATH
    if target != MEMBER or expr <= 0:
        return True  # of the object itself
    if facts.expr(expr)[0] in (ExprOp.SUPER, ExprOp.NEW):
        return False
    resolver = snapshot.resolver_for(site.path)
    return _is_under(snapshot, resolver, resolver.eval(site.path, expr), named, below)


def _call_row(facts: FileFacts, row: int) -> int:
    """Of the rows of one token that of the call."""
    start = facts.occ_start[row]
    for other in (row, row - 1, row + 1):
        if (
            0 <= other < len(facts.occ_start)
            and facts.occ_start[other] == start
            and facts.occ_role[other] == Role.CALL
        ):
            return other
    return row


def _receiver(facts: FileFacts, expr: int) -> tuple[int, int]:
    """(MEMBER, the object) of what is called, (0, 0) where there is none."""
    op, *args = facts.expr(expr)
    return (MEMBER, args[0]) if op in (ExprOp.MEMBER, ExprOp.METHOD) else (0, 0)


def _is_under(snapshot: Snapshot, resolver: Resolver, receiver: t.TypeSet, named: Ref, below: Ref) -> bool:
    """Whether the class of ``below`` may be one of the receiver's. A receiver whose class is the one that declares
    ``named``, or is not known, may be any.
    """
    classes = {one[1] for one in receiver if one[0] in (t.INSTANCE, t.SELF)}
    if not classes:
        return not any(one[0] == t.TYPE for one in receiver)  # ``Base.method (self)`` means that one
    if classes & {_owner(snapshot, named)}:
        return True
    owner = _owner(snapshot, below)
    return owner is None or any(at in classes for at, _ in resolver.linearize(owner))


def _owner(snapshot: Snapshot, ref: Ref) -> Ref | None:
    """The class that a method is a member of."""
    facts = snapshot.facts(ref[0])
    owner = facts.def_owner[ref[1]] if facts is not None else -1
    return (ref[0], owner) if owner > 0 else None
