"""Where a symbol is used: references in all files, highlights in one. Sorted by (path, start).

Symbols are found through links. What is local to a function has no links: its uses are in its own file's
facts, except that a parameter may be named in calls elsewhere. Tests: ``tests/query/test_navigation.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from magellan_lsp.facts.file_facts import CALLED, KEYWORD, MEMBER, OPEN, FileFacts
from magellan_lsp.facts.kinds import DefKind, Role
from magellan_lsp.facts.links import Reference, RelationKind
from magellan_lsp.query.answers import Occurrence
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.query.targets import same_thing, targets_at, token_at
from magellan_lsp.resolve.rules import Rules
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import Span


def references(
    snapshot: Snapshot, path: str, offset: int, include_declaration: bool = True
) -> list[Occurrence]:
    """Every place where what the name at an offset stands for is named; with ``include_declaration`` its
    own too.
    """
    refs = targets_at(snapshot, path, offset)
    if not refs:
        return _outside_names(snapshot, path, offset)
    found = references_to(snapshot, refs, include_declaration)
    named = [ref for ref in refs if _is_named_at(snapshot, ref, path, offset)]
    if include_declaration or not named:
        return found
    # the name of a literal's method is one of two things: of what is only expected there the declaration is a use
    own = {(one.path, one.span) for ref in same_thing(snapshot, named) for one in _own_names(snapshot, ref)}
    others = (one for ref in refs if ref not in named for one in _own_names(snapshot, ref))
    return _sorted({one for one in (*found, *others) if (one.path, one.span) not in own})


def _is_named_at(snapshot: Snapshot, ref: Ref, path: str, offset: int) -> bool:
    place = snapshot.place(ref) if ref[0] == path else None
    return place is not None and place.name.start <= offset <= place.name.end


def references_to(
    snapshot: Snapshot, refs: Iterable[Ref], include_declaration: bool = True
) -> list[Occurrence]:
    """Every place where one of the definitions is named."""
    found: set[Occurrence] = set()
    own = same_thing(snapshot, list(refs))
    for ref in own:
        symbol_id = snapshot.symbol_id(ref)
        if symbol_id is None:
            found.update(_local(snapshot, ref))
            continue
        resolver = snapshot.resolver_for(ref[0])
        imported = resolver.rules(ref[0]).imports_mean(resolver, ref)
        for one in snapshot.references(symbol_id):
            if imported or one.role != Role.IMPORT:
                found.add(Occurrence(one.path, Span(one.start, one.end), one.role, one.container))
        if include_declaration:
            found.update(_own_names(snapshot, ref))
    kept = {one for one in found if include_declaration or not one.is_declaration}
    for ref, named in relatives(snapshot, own):
        for one in snapshot.references(snapshot.symbol_id(ref) or ""):
            if (include_declaration or one.role > Role.DECLARATION) and _is_related_use(snapshot, one):
                kept.add(Occurrence(one.path, Span(one.start, one.end), one.role, one.container))
        if named:
            kept.update(_own_names(snapshot, ref))
    kept.update(_outside_uses(snapshot, own))
    return _sorted(kept)


def _outside_names(snapshot: Snapshot, path: str, offset: int) -> list[Occurrence]:
    """Uses of a name that nothing in the workspace defines, where it can mean but one thing everywhere: a C macro
    (``TEST``) of a library.
    """
    token = token_at(snapshot, path, offset)
    if token is None:
        return []
    name = token.facts.names[token.facts.occ_name[token.rows[0]]]
    rules = snapshot.resolver_for(path).rules(path)
    if not rules.is_universal(name):
        return []
    found: list[Occurrence] = []
    for at in snapshot.source.mentioning(name):
        snapshot.check()
        facts = snapshot.facts(at)
        if facts is None or facts.language_family() != token.facts.language_family():
            continue
        wanted, resolver = facts.name_index(name), snapshot.resolver_for(at)
        found += (
            Occurrence.of(facts, row)
            for row, other in enumerate(facts.occ_name)
            if other == wanted
            and facts.occ_target[row] in (OPEN, CALLED)
            and not resolver.occurrence_targets(at, row)
        )
    return _sorted(found)


def _outside_uses(snapshot: Snapshot, refs: list[Ref]) -> Iterator[Occurrence]:
    """Uses of what the refs implement outside of the workspace (``err.Error()``). Links say nothing of these, so
    they are looked for where the name is mentioned.
    """
    for ref in refs:
        resolver = snapshot.resolver_for(ref[0])
        rules, name = resolver.rules(ref[0]), resolver.simple_name(ref)
        if not rules.outside_members(resolver, ref, ref[0]):
            continue
        for path in snapshot.source.mentioning(name):
            snapshot.check()
            facts = snapshot.facts(path)
            outside = rules.outside_members(resolver, ref, path)
            if facts is None or not outside:
                continue
            wanted = facts.name_index(name)
            for row, at in enumerate(facts.occ_name):
                if (
                    at == wanted
                    and facts.occ_target[row] in (MEMBER, CALLED)
                    and rules.is_outside_use(resolver, facts, row, ref, outside)
                ):
                    yield Occurrence.of(facts, row)


def relatives(snapshot: Snapshot, refs: list[Ref]) -> list[tuple[Ref, bool]]:
    """Methods whose uses count as uses of these, because one overrides the other; what counts is the language's
    rule (``related_references``, ``whole_family``, ``overridden_references``, ``implemented_references``).

    With each: whether the places where it is declared and defined count as well.
    """
    if not refs:
        return []
    rules = snapshot.resolver_for(refs[0][0]).rules(refs[0][0])
    known = dict.fromkeys(refs)
    for ref in refs:
        known.update(dict.fromkeys(rules.siblings(snapshot.resolver_for(ref[0]), ref)))
    if rules.related_references:
        near = [other for ref in refs for other in _counted(snapshot, rules, ref)]
        return [(ref, False) for ref in same_thing(snapshot, list(dict.fromkeys(near))) if ref not in known]
    if rules.implemented_references:
        near = [other for ref in refs for other in _overriding(snapshot, ref)]
        return [(ref, True) for ref in same_thing(snapshot, near) if ref not in known]
    steps = []
    if rules.whole_family or rules.overridden_references:
        steps.append(_overridden)
    if rules.whole_family:
        steps.append(_overriding)
    if rules.builtin_family:
        steps.append(_alike)
    for step in steps:
        waiting = list(known)
        while waiting:
            snapshot.check()
            for other in same_thing(snapshot, step(snapshot, waiting.pop())):
                if other not in known:
                    known[other] = None
                    waiting.append(other)
    return [(ref, True) for ref in known if ref not in set(refs)]


def _is_related_use(snapshot: Snapshot, one: Reference) -> bool:
    """Whether a use of a method counts for the methods related to it."""
    resolver = snapshot.resolver_for(one.path)
    rules = resolver.rules(one.path)
    if not rules.related_references:
        return True
    facts = snapshot.facts(one.path)
    row = facts.occurrence_at(one.start) if facts is not None else -1
    return facts is None or row < 0 or rules.is_related_use(resolver, facts, row)


def _counted(snapshot: Snapshot, rules: Rules, ref: Ref) -> Iterator[Ref]:
    """Methods above and below a method whose uses count as its own (``counts_for``)."""
    resolver = snapshot.resolver_for(ref[0])
    for is_above, step in ((True, _overridden), (False, _overriding)):
        seen, waiting = {ref}, [ref]
        while waiting:
            snapshot.check()
            for other in step(snapshot, waiting.pop()):
                if other not in seen:
                    seen.add(other)
                    if rules.counts_for(resolver, ref, other, is_above):
                        yield other
                        if rules.counts_beyond(resolver, other, is_above):
                            waiting.append(other)


def _overridden(snapshot: Snapshot, ref: Ref) -> list[Ref]:
    return snapshot.relates_to(ref, RelationKind.OVERRIDES)


def _overriding(snapshot: Snapshot, ref: Ref) -> list[Ref]:
    symbol_id = snapshot.symbol_id(ref)
    return snapshot.related(symbol_id, RelationKind.OVERRIDES) if symbol_id is not None else []


def _alike(snapshot: Snapshot, ref: Ref) -> list[Ref]:
    return snapshot.kin(ref, RelationKind.OVERRIDES)


def highlights(snapshot: Snapshot, path: str, offset: int) -> list[Occurrence]:
    """The places of ``references`` that are in the file itself, its definition included."""
    refs = same_thing(snapshot, targets_at(snapshot, path, offset))
    facts = snapshot.facts(path)
    if facts is None:
        return []
    found: set[Occurrence] = set()
    wanted: set[str] = set()
    for ref in refs:
        symbol_id = snapshot.symbol_id(ref)
        if symbol_id is not None:
            wanted.add(symbol_id)
        if ref[0] == path:
            found.update(_own_rows(facts, ref[1]) if symbol_id is None else _own_names(snapshot, ref))
    links = snapshot.links(path) if wanted else None
    if links is not None:
        found.update(Occurrence.of(facts, one.occurrence) for one in links.links if one.target in wanted)
    return _sorted(found)


def _sorted(found: Iterable[Occurrence]) -> list[Occurrence]:
    """By place; of several roles at one place (a name both defined and used there) the first in Role's
    order.
    """
    ordered: list[Occurrence] = []
    for one in sorted(found):
        if not ordered or (ordered[-1].path, ordered[-1].span) != (one.path, one.span):
            ordered.append(one)
    return ordered


def _own_rows(facts: FileFacts, definition: int) -> Iterator[Occurrence]:
    """Occurrences that extraction itself bound to a definition."""
    for row, target in enumerate(facts.occ_target):
        if target == definition:
            yield Occurrence.of(facts, row)


def _own_names(snapshot: Snapshot, ref: Ref) -> Iterator[Occurrence]:
    """The name tokens of a symbol's own definition."""
    facts = snapshot.facts(ref[0])
    if facts is None or ref[1] == 0:
        return
    start, end = facts.def_name_start[ref[1]], facts.def_name_end[ref[1]]
    for one in _own_rows(facts, ref[1]):
        if one.is_declaration:
            yield one
    if end > start:
        container = max(facts.enclosing_symbol(facts.def_scope[ref[1]]), 0)
        yield Occurrence(ref[0], Span(start, end), Role.DEFINITION, container)


def _local(snapshot: Snapshot, ref: Ref) -> Iterator[Occurrence]:
    facts = snapshot.facts(ref[0])
    if facts is None:
        return
    yield from _own_rows(facts, ref[1])
    kind = facts.def_kind[ref[1]]
    start, end = facts.def_name_start[ref[1]], facts.def_name_end[ref[1]]
    if kind == DefKind.IMPORT and end > start:
        yield Occurrence(ref[0], Span(start, end), Role.IMPORT, 0)
        yield from _called_imports(snapshot, facts, ref)
    if kind == DefKind.PARAMETER:
        yield from _keywords(snapshot, facts, ref)


def _called_imports(snapshot: Snapshot, facts: FileFacts, ref: Ref) -> Iterator[Occurrence]:
    """Calls of what an import binds where all that is known of it is the import."""
    resolver = snapshot.resolver_for(ref[0])
    length = facts.def_name_end[ref[1]] - facts.def_name_start[ref[1]]
    for row, target in enumerate(facts.occ_target):
        is_name = target == CALLED and facts.occ_end[row] - facts.occ_start[row] == length
        if is_name and ref in resolver.occurrence_targets(ref[0], row):
            yield Occurrence.of(facts, row)


def _keywords(snapshot: Snapshot, facts: FileFacts, parameter: Ref) -> Iterator[Occurrence]:
    """Calls that name a parameter; only files that refer to its function (or class) can hold them."""
    name = facts.name(parameter[1])
    owner = facts.def_owner[parameter[1]]
    paths = {parameter[0]}
    while owner > 0:
        symbol_id = facts.symbol_id(owner)
        if symbol_id is not None:
            paths.update(snapshot.reader.iter_referrers(symbol_id))
        if facts.def_kind[owner] in (DefKind.CLASS, DefKind.STRUCT):
            break
        owner = facts.def_owner[owner]
    paths.update(snapshot.overlay.files)
    for path in sorted(paths):
        snapshot.check()
        there = snapshot.facts(path)
        wanted = there.name_index(name) if there is not None else -1
        if there is None or wanted < 0 or KEYWORD not in there.occ_target:
            continue
        for row, target in enumerate(there.occ_target):
            if target != KEYWORD or there.occ_name[row] != wanted:
                continue
            if parameter in snapshot.resolver_for(path).occurrence_targets(path, row):
                yield Occurrence.of(there, row)
