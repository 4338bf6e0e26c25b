"""Who calls a symbol, and whom it calls. Callers may be initialisers: then the caller is the file.

Of a function, method or class the calls count, and of a variable or field that holds a function; of a property, and
of other fields and variables, every use does. A class stands for its constructor as well.
Tests: ``tests/query/test_navigation.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from magellan_lsp.facts.file_facts import MEMBER, FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role
from magellan_lsp.query.answers import Occurrence, SymbolInfo
from magellan_lsp.query.definition import defined
from magellan_lsp.query.references import references_to
from magellan_lsp.query.signature import detail
from magellan_lsp.query.snapshot import CHECK_EVERY, Snapshot
from magellan_lsp.query.targets import targets_at, token_at
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.rules import CLASS_LIKE
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import Span

_NOT_CALLED = frozenset(
    {DefKind.NAMESPACE, DefKind.TYPE_PARAMETER, DefKind.LABEL, DefKind.LIFETIME, DefKind.IMPORT}
)
#: Kinds of which in some languages a mention counts as a call (``Rules.mentions_are_calls``).
_MENTIONED = frozenset({DefKind.FUNCTION, DefKind.METHOD})
#: Kinds of which in some languages all that stands in their text counts as theirs (``Rules.whole_text``).
_WITH_TEXT = frozenset({DefKind.FUNCTION, DefKind.METHOD, DefKind.PROPERTY})
#: Kinds of which every use counts, not only a call.
_USED = frozenset(
    {
        DefKind.PROPERTY,
        DefKind.FIELD,
        DefKind.VARIABLE,
        DefKind.CONSTANT,
        DefKind.ENUM_MEMBER,
        DefKind.PARAMETER,
    }
)


@attrs.frozen
class Call:
    """One caller (or callee) and the places of the calls, which are in the caller's file, by start."""

    symbol: SymbolInfo
    sites: list[Occurrence]


def prepare(snapshot: Snapshot, path: str, offset: int) -> list[SymbolInfo]:
    """The symbols that a hierarchy can begin with at an offset, best first."""
    token = token_at(snapshot, path, offset)
    refs = targets_at(snapshot, path, offset)
    if token is not None:
        # On a definition's own name it is meant, whatever else the name stands for (the contract that a member of
        # an object literal fulfils).
        own = [
            (path, token.facts.occ_target[row])
            for row in token.rows
            if token.facts.is_definition(row) and token.facts.occ_target[row] >= 0
        ]
        refs = [ref for ref in refs if ref in own] or refs
    found = []
    for ref in defined(snapshot, refs):
        info = snapshot.info(ref)
        if info is not None and info.kind not in _NOT_CALLED and (ref[1] or ref[0] == path):
            found.append(info)
    return found


def detail_of(snapshot: Snapshot, ref: Ref) -> str:
    """What follows the symbol's name in its head, on one line; "" when its text is not to be had."""
    facts, data = snapshot.facts(ref[0]), snapshot.read_text(ref[0])
    return detail(data, facts, ref[1]) if facts is not None and data is not None and ref[1] else ""


def incoming(snapshot: Snapshot, ref: Ref) -> list[Call]:
    """Every caller with the places where it calls, by (path, definition)."""
    kind = snapshot.resolver_for(ref[0]).kind_of(ref)
    refs = [ref]
    facts = snapshot.facts(ref[0])
    rules = snapshot.resolver_for(ref[0]).rules(ref[0])
    if rules.constructor_calls and facts is not None and _is_constructor(snapshot, facts, ref[1]):
        refs.append((ref[0], facts.def_owner[ref[1]]))
    by_caller: dict[Ref, list[Occurrence]] = {}
    every_use = kind in _USED and not (facts is not None and facts.flags(ref[1]) & DefFlag.CALLABLE)
    mentions = kind in _MENTIONED and (rules.mentions_are_calls or rules.mentions_call_in)
    accesses = kind in _MENTIONED and rules.accesses_are_calls and _is_declared(snapshot, ref)
    handed = kind == DefKind.METHOD and rules.handing_on_calls
    for one in references_to(snapshot, refs, include_declaration=False):
        if (
            one.role == Role.CALL
            or (
                every_use
                and one.role != Role.IMPORT
                and not one.is_declaration
                and (kind != DefKind.PROPERTY or not _is_plain_read(snapshot, one))
            )
            or (mentions and one.role == Role.READ and not _in_macro(snapshot, one))
            or (accesses and _is_access(snapshot, one))
            or (handed and _is_access(snapshot, one) and _is_bound(snapshot, one))
        ):
            by_caller.setdefault((one.path, one.container), []).append(one)
    found = []
    for caller in sorted(by_caller):
        info = snapshot.info(caller)
        if info is not None:
            found.append(Call(info, by_caller[caller]))
    return found


def _is_access(snapshot: Snapshot, one: Occurrence) -> bool:
    """Whether a use is the name in ``object.name``."""
    facts = snapshot.facts(one.path)
    row = facts.occurrence_at(one.span.start) if facts is not None else -1
    return facts is not None and row >= 0 and _names_member(facts, row)


def _is_bound(snapshot: Snapshot, one: Occurrence) -> bool:
    """Whether the ``object`` in ``object.name`` is an instance: the method that is read is bound to it."""
    facts = snapshot.facts(one.path)
    row = facts.occurrence_at(one.span.start) if facts is not None else -1
    if facts is None or row < 0:
        return False
    receivers = snapshot.resolver_for(one.path).eval(one.path, facts.occ_expr[row])
    return any(receiver[0] in (t.INSTANCE, t.SELF) for receiver in receivers)


def _is_plain_read(snapshot: Snapshot, one: Occurrence) -> bool:
    """Whether a use reads a name that its own file binds: ``@name.setter``, which names a property and asks it nothing."""
    facts = snapshot.facts(one.path)
    row = facts.occurrence_at(one.span.start) if facts is not None else -1
    return facts is not None and row >= 0 and one.role == Role.READ and facts.occ_target[row] >= 0


def _names_member(facts: FileFacts, row: int) -> bool:
    """Whether an occurrence reads the ``name`` in ``object.name``; in a pattern a key is a definition too."""
    if facts.occ_target[row] != MEMBER or facts.occ_role[row] != Role.READ:
        return False
    start = facts.occ_start[row]
    return not any(
        0 <= other < len(facts.occ_start)
        and facts.occ_start[other] == start
        and facts.occ_role[other] <= Role.DECLARATION
        for other in (row - 1, row + 1)
    )


def _in_macro(snapshot: Snapshot, one: Occurrence) -> bool:
    """Whether a use stands in a macro's body: it calls where the macro is used."""
    return snapshot.resolver_for(one.path).kind_of((one.path, one.container)) == DefKind.MACRO


def _is_constructor(snapshot: Snapshot, facts: FileFacts, row: int) -> bool:
    owner = facts.def_owner[row]
    if owner <= 0 or facts.def_kind[owner] not in CLASS_LIKE:
        return False
    names = snapshot.resolver_for(facts.path).rules(facts.path).constructors
    return facts.def_kind[row] == DefKind.CONSTRUCTOR or facts.name(row) in names


def with_body(snapshot: Snapshot, facts: FileFacts, ref: Ref) -> Ref:
    """Of an overload signature the function that it describes: that is what calls."""
    if facts.def_flags[ref[1]] & DefFlag.OVERLOAD:
        resolver = snapshot.resolver_for(ref[0])
        for path, row in resolver.rules(ref[0]).siblings(resolver, ref):
            if path == ref[0] and not facts.def_flags[row] & DefFlag.OVERLOAD:
                return (path, row)
    return ref


def outgoing(snapshot: Snapshot, ref: Ref) -> list[Call]:
    """Every symbol that is called inside a definition, with the places, by first place.

    What nested functions that are no symbols call (lambdas) counts as called here; of a class, what its
    body and its constructors call. In some languages a function calls whatever stands in its text
    (``Rules.whole_text``).
    """
    facts = snapshot.facts(ref[0])
    if facts is None:
        return []
    ref = with_body(snapshot, facts, ref)
    by_callee: dict[Ref, list[Occurrence]] = {}
    mentions = snapshot.resolver_for(ref[0]).rules(ref[0]).mentions_are_calls
    accesses = snapshot.resolver_for(ref[0]).rules(ref[0]).accesses_are_calls
    for row, site in occurrences_inside(snapshot, facts, ref):
        bound = facts.occ_target[row]
        stored = bound >= 0 and site.role == Role.WRITE and facts.def_kind[bound] == DefKind.PROPERTY
        if site.role != Role.CALL and bound >= 0 and not stored and not mentions:
            continue  # what the file itself binds is no property, unless it is stored through the receiver
        resolver = snapshot.resolver_for(ref[0])
        called = resolver.occurrence_targets(ref[0], row)
        if stored:
            called = [*called, *resolver.rules(ref[0]).siblings(resolver, (ref[0], bound))]
        for callee in _with_expansions(snapshot, called):
            if _is_called(snapshot, callee, site.role) or (
                accesses
                and _names_member(facts, row)
                and _is_called(snapshot, callee, Role.CALL)
                and _is_declared(snapshot, callee)
            ):
                by_callee.setdefault(callee, []).append(site)
    found = []
    for callee, sites in _merged(snapshot, by_callee).items():
        info = snapshot.info(callee)
        if info is not None:
            found.append(Call(info, sites))
    return found


def callers_in(snapshot: Snapshot, facts: FileFacts, ref: Ref) -> set[int]:
    """The definitions of the file whose calls count as a definition's: see ``outgoing``."""
    found = set(_bodies(snapshot, facts, ref[1]))
    if snapshot.resolver_for(ref[0]).rules(ref[0]).literals_call:
        found |= _in_literals(facts, ref[1])
    return found


def occurrences_inside(snapshot: Snapshot, facts: FileFacts, ref: Ref) -> Iterator[tuple[int, Occurrence]]:
    """(row, occurrence) of each use that counts as one by a definition: see ``outgoing``. Imports are no uses here."""
    callers = callers_in(snapshot, facts, ref)
    rules = snapshot.resolver_for(ref[0]).rules(ref[0])
    whole = rules.whole_text and facts.def_kind[ref[1]] in _WITH_TEXT
    span = Span(0, facts.size) if ref[1] == 0 else Span(facts.def_start[ref[1]], facts.def_end[ref[1]])
    for row, role in enumerate(facts.occ_role):
        if row % CHECK_EVERY == 0:
            snapshot.check()
        start = facts.occ_start[row]
        if not (span.start <= start < span.end) or role == Role.IMPORT or role <= Role.DECLARATION:
            continue
        found = Occurrence.of(facts, row)
        if found.container in callers or whole:
            yield row, found


def _with_expansions(snapshot: Snapshot, refs: list[Ref]) -> list[Ref]:
    """The definitions, and what the macros among them lead to."""
    found = dict.fromkeys(refs)
    for ref in refs:
        rules = snapshot.resolver_for(ref[0]).rules(ref[0])
        if rules.expanding and snapshot.resolver_for(ref[0]).kind_of(ref) in rules.expanding:
            found.update(dict.fromkeys(rules.expansion(snapshot.resolver_for(ref[0]), ref)))
    return list(found)


def _bodies(snapshot: Snapshot, facts: FileFacts, row: int) -> list[int]:
    found = [row]
    if facts.def_kind[row] in CLASS_LIKE:
        found += [child for child in facts.children(row) if _is_constructor(snapshot, facts, child)]
    return found


def _is_declared(snapshot: Snapshot, ref: Ref) -> bool:
    """Whether a function has a declaration of its own and is not a value that something is given."""
    facts = snapshot.facts(ref[0])
    return facts is not None and not _is_value(facts, ref[1])


def _is_value(facts: FileFacts, row: int) -> bool:
    """Whether a function's scope begins behind its name (``name: () => …``, ``this.name = function …``)."""
    body = facts.def_body[row]
    return body >= 0 and facts.scope_start[body] > facts.def_name_end[row]


def _in_literals(facts: FileFacts, row: int) -> set[int]:
    """Functions that are values in object literals inside a function (``{ key: () => … }``), at any depth."""
    found: set[int] = set()
    start, end = facts.def_start[row], facts.def_end[row]
    for other in range(row + 1, len(facts.def_start)):
        if (
            facts.def_kind[other] == DefKind.METHOD
            and start < facts.def_start[other] < end
            and _is_value(facts, other)
            and facts.def_flags[max(facts.def_owner[other], 0)] & DefFlag.SYNTHETIC
        ):
            found.add(other)
    return found


def _is_called(snapshot: Snapshot, callee: Ref, role: int) -> bool:
    resolver = snapshot.resolver_for(callee[0])
    kind, rules = resolver.kind_of(callee), resolver.rules(callee[0])
    if (rules.callees and kind not in rules.callees) or not rules.is_callee(resolver, callee):
        return False
    if role == Role.CALL:
        return kind not in _NOT_CALLED
    if kind in _MENTIONED:
        return rules.mentions_are_calls and role == Role.READ
    return kind == DefKind.PROPERTY


def _merged(snapshot: Snapshot, by_callee: dict[Ref, list[Occurrence]]) -> dict[Ref, list[Occurrence]]:
    """Declarations put together with what they declare."""
    found: dict[Ref, dict[Occurrence, None]] = {}
    for callee, sites in by_callee.items():
        for ref in defined(snapshot, [callee]):
            found.setdefault(ref, {}).update(dict.fromkeys(sites))
    return {ref: sorted(sites) for ref, sites in found.items()}


def find_item(snapshot: Snapshot, symbol_id: str, path: str, row: int, name: str) -> Ref | None:
    """The definition that an item of an earlier answer stands for now; None when it is gone."""
    if symbol_id:
        return snapshot.find(symbol_id)
    facts = snapshot.facts(path)
    if facts is None or not 0 <= row < len(facts.def_name) or facts.name(row) != name:
        return None
    return path, row
