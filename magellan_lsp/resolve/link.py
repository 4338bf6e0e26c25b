"""Links of one file: every occurrence that refers to a symbol, and the symbols' relations to others."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from magellan_lsp.facts.file_facts import COMPUTED, OPEN, SAID, FileFacts
from magellan_lsp.facts.kinds import DefKind, Role
from magellan_lsp.facts.links import FileLinks, Link, Relation, RelationKind
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.resolve.types import Ref

#: An occurrence with more targets than this is a guess, not a link.
MAX_TARGETS = 8
_MEMBERS = FUNCTION_LIKE | {int(DefKind.PROPERTY), int(DefKind.FIELD)}
_RELATED = CLASS_LIKE | _MEMBERS
#: Targets of names that refer to nothing.
_SILENT = frozenset({SAID, COMPUTED})
_IMPORTED, _DECLARATION, _TYPE = int(DefKind.IMPORT), int(Role.DECLARATION), int(Role.TYPE)


def link(resolver: Resolver, facts: FileFacts) -> FileLinks:
    """All links of a file. ``facts`` must be what the resolver's source gives for its path."""
    path = facts.path
    links: list[Link] = []
    unresolved = 0
    ids: dict[Ref, str | None] = {}
    # Occurrences with the same meaning are resolved once: (target, expr, name, scope) says it all.
    seen: dict[tuple[int, int, int, int, int], list[str]] = {}
    # Lists, since each number is looked at once: those of a memoryview are made anew at each look.
    columns = (facts.occ_target, facts.occ_expr, facts.occ_name, facts.occ_scope, facts.occ_role)
    kinds = list(facts.def_kind)
    symbol_ids = facts.symbol_ids
    # What a use of each definition of this file is a link to: "" for a local and for what an import binds.
    own_ids = [
        symbol_ids[symbol] if symbol >= 0 and kind != _IMPORTED else ""
        for symbol, kind in zip(facts.def_symbol, kinds, strict=True)
    ]
    rules = resolver.rules(path)
    expanding = rules.expanding
    expansions: dict[Ref, list[str]] = {}

    def expand(refs: Sequence[Ref], known: list[str], scope: int) -> list[str]:
        """Symbols used along with the refs, in their order; none for a use inside another macro."""
        added: list[str] = []
        for ref in refs:
            if resolver.kind_of(ref) in expanding and kinds[facts.scope_owner(scope)] not in expanding:
                if ref not in expansions:
                    inner = (
                        _id(resolver, other) for other in resolver.rules(ref[0]).expansion(resolver, ref)
                    )
                    expansions[ref] = [one for one in inner if one is not None]
                added += [one for one in expansions[ref] if one not in known and one not in added]
        return added

    for row, (target, expr, name, scope, role) in enumerate(zip(*map(list, columns), strict=True)):
        if target >= 0 and kinds[target] != _IMPORTED:
            # bound by the file itself: a symbol of its own, or a local that needs no link
            if own_ids[target] and role > _DECLARATION:
                links.append(Link(row, own_ids[target], 0))
                if expanding and kinds[target] in expanding and role != _TYPE:
                    more = expand([(path, target)], [own_ids[target]], scope)
                    links.extend(Link(row, one, rank) for rank, one in enumerate(more, 1))
            continue
        if target in _SILENT:
            continue
        key = (target, expr, name, scope if target == OPEN else 0, role)
        found = seen.get(key)
        if found is None:
            refs = resolver.occurrence_targets(path, row, MAX_TARGETS)[:MAX_TARGETS]
            found = []
            for ref in refs:
                if ref not in ids:
                    owner = resolver.facts(ref[0])
                    ids[ref] = owner.symbol_id(ref[1]) if owner is not None else None
                symbol_id = ids[ref]
                if symbol_id is not None and symbol_id not in found:
                    found.append(symbol_id)
            if expanding and role != _TYPE:  # a condition only asks whether the macro is there
                found += expand(refs, found, scope)
            seen[key] = found
        if not found:
            unresolved += target < 0
            continue
        for rank, symbol_id in enumerate(found):
            links.append(Link(row, symbol_id, rank))
    return FileLinks(path, facts.digest, tuple(links), _relations(resolver, facts), unresolved)


def _relations(resolver: Resolver, facts: FileFacts) -> tuple[Relation, ...]:
    """Base classes, and which member overrides which."""
    found: set[Relation] = set()
    path = facts.path
    rules = resolver.rules(path)
    for row, kind in enumerate(facts.def_kind):
        if kind not in _RELATED:
            continue
        symbol = facts.symbol_id(row)
        if symbol is None:
            continue
        with suppress(RecursionError):  # as in ``occurrence_targets``
            if kind in CLASS_LIKE:
                for base in resolver.bases((path, row)):
                    _add(found, resolver, RelationKind.BASE_OF, symbol, base[1])
            elif kind in _MEMBERS:
                for ref in rules.overrides(resolver, (path, row)):
                    _add(found, resolver, RelationKind.OVERRIDES, symbol, ref)
    more: Sequence[tuple[RelationKind, Ref, Ref]] = ()
    with suppress(RecursionError):
        more = rules.relations(resolver, facts)
    for kind_of, ref, other in more:
        # A file's links speak of its own symbols; those of others change without it.
        symbol = _id(resolver, ref) if ref[0] == path else None
        if symbol is not None:
            _add(found, resolver, kind_of, symbol, other, rules.builtin_family)
    return tuple(sorted(found))


def _add(
    found: set[Relation],
    resolver: Resolver,
    kind: RelationKind,
    symbol: str,
    ref: Ref,
    builtin: bool = False,
) -> None:
    if resolver.is_builtin(ref) and not builtin:
        return
    target = _id(resolver, ref)
    if target is not None and target != symbol:
        found.add(Relation(kind, symbol, target))


def _id(resolver: Resolver, ref: Ref) -> str | None:
    facts = resolver.facts(ref[0])
    return facts.symbol_id(ref[1]) if facts is not None else None
