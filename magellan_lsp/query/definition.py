"""Where a name leads: its definition, declaration, type and implementations. Places come best first.

Tests: ``tests/query/test_navigation.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

from magellan_lsp.facts.file_facts import MEMBER
from magellan_lsp.facts.kinds import DefFlag, DefKind
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.query.answers import NOTHING, Found, Place
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.query.targets import (
    Token,
    declarations_of,
    definitions_of,
    is_declaration,
    module_at,
    reached,
    targets_of,
    token_at,
)
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.resolve.types import Ref, TypeSet

#: A hierarchy is followed to so many members, and no further.
MAX_RELATED = 5000


def definition(snapshot: Snapshot, path: str, offset: int) -> Found:
    """Where what the name stands for is defined; the name itself on a definition; the file for a module
    path.
    """
    token = token_at(snapshot, path, offset)
    if token is None:
        span, modules = module_at(snapshot, path, offset)
        return Found(span, _places(snapshot, modules)) if span is not None else NOTHING
    resolver = snapshot.resolver_for(path)
    known = resolver.rules(path).stands_for(resolver, token.facts, token.rows[0])
    return Found(token.span, _places(snapshot, known or defined(snapshot, reached(snapshot, token))))


def defined(snapshot: Snapshot, refs: list[Ref]) -> list[Ref]:
    """The definitions, declarations replaced by what they declare where that is known."""
    found: dict[Ref, None] = {}
    for ref in refs:
        apart = definitions_of(snapshot, ref) if is_declaration(snapshot, ref) else []
        for one in apart or [ref]:
            found[one] = None
    return list(found)


def declaration(snapshot: Snapshot, path: str, offset: int) -> Found:
    """Where what the name stands for is declared; its definition where nothing declares it apart."""
    token = token_at(snapshot, path, offset)
    if token is None:
        return definition(snapshot, path, offset)
    found: dict[Ref, None] = {}
    for ref in reached(snapshot, token):
        apart = [] if is_declaration(snapshot, ref) else declarations_of(snapshot, ref)
        for one in apart or [ref]:
            found[one] = None
    return Found(token.span, _places(snapshot, found))


def type_definition(snapshot: Snapshot, path: str, offset: int) -> Found:
    """Where the type of a value is defined; of a function, the type of what it gives."""
    token = token_at(snapshot, path, offset)
    if token is None:
        return NOTHING
    refs = type_refs(snapshot.resolver_for(path), types_of(snapshot, token))
    if not refs and snapshot.wide is not None:
        refs = type_refs(snapshot.wide, _types(snapshot.wide, token))
    return Found(token.span, _places(snapshot, refs))


def types_of(snapshot: Snapshot, token: Token) -> TypeSet:
    """The types of the value that a token stands for where it stands."""
    return _types(snapshot.resolver_for(token.facts.path), token)


def _types(resolver: Resolver, token: Token) -> TypeSet:
    facts, path = token.facts, token.facts.path
    found: list[TypeSet] = []
    for row in token.rows:
        target = facts.occ_target[row]
        if target >= 0 and facts.def_kind[target] != DefKind.IMPORT:
            found.append(resolver.value_of((path, target), facts.occ_start[row]))
        elif target == MEMBER:
            types = resolver.eval(path, facts.occ_expr[row])
            name = facts.names[facts.occ_name[row]]
            for ref, receiver in resolver.member_of(path, types, name):
                found.append(resolver.value_through(ref, receiver))
        else:
            found.extend(resolver.value_of(ref) for ref in resolver.occurrence_targets(path, row))
    return t.union(found)


def type_refs(resolver: Resolver, types: TypeSet) -> list[Ref]:
    """The definitions of types; of a function's, those of its result."""
    found: dict[Ref, None] = {}
    for one in types:
        inner = (
            resolver.returned(one, ()) if one[0] == t.FUNCTION else one[2] if one[0] == t.CALLABLE else (one,)
        )
        for given in inner:
            ref = resolver.ref_of(given)
            if ref is not None and given[0] != t.FUNCTION and not resolver.is_builtin(ref):
                found[ref] = None
    return list(found)


def implementation(snapshot: Snapshot, path: str, offset: int) -> Found:
    """Subtypes of a type, overriders of a member, definitions of a declaration, at any depth; by (path,
    start).

    What has none of these and is a definition itself is its own implementation.
    """
    token = token_at(snapshot, path, offset)
    if token is None:
        return NOTHING
    found: dict[Ref, None] = {}
    own: dict[Ref, None] = {}
    for ref in targets_of(snapshot, token):
        below = implementations(snapshot, ref)
        found.update(dict.fromkeys(below))
        if not is_bare(snapshot, ref):
            own[ref] = None
    return Found(token.span, _places(snapshot, sorted(found) or list(own)))


def implementations(snapshot: Snapshot, ref: Ref) -> list[Ref]:
    """Everything below a symbol, by (path, definition): subtypes, overriders, definitions."""
    kind = snapshot.resolver_for(ref[0]).kind_of(ref)
    relations = [RelationKind.DEFINES]
    if kind in CLASS_LIKE or kind == DefKind.TYPE_ALIAS:
        relations.append(RelationKind.BASE_OF)
    else:
        relations.append(RelationKind.OVERRIDES)
    found: dict[Ref, None] = {}
    waiting = [ref]
    while waiting and len(found) < MAX_RELATED:
        snapshot.check()
        symbol_id = snapshot.symbol_id(waiting.pop())
        if symbol_id is None:
            continue
        for relation in relations:
            for below in snapshot.related(symbol_id, relation):
                if below not in found and below != ref:
                    found[below] = None
                    waiting.append(below)
    return sorted(one for one in found if not is_bare(snapshot, one))


def is_bare(snapshot: Snapshot, ref: Ref) -> bool:
    """Whether a function-like definition has no body (abstract, prototype, interface method)."""
    facts = snapshot.facts(ref[0])
    if facts is None or facts.def_kind[ref[1]] not in FUNCTION_LIKE:
        return False
    return bool(facts.def_flags[ref[1]] & (DefFlag.DECLARATION | DefFlag.ABSTRACT))


def _places(snapshot: Snapshot, refs: Iterable[Ref]) -> list[Place]:
    found = (snapshot.place(ref) for ref in refs)
    return [place for place in found if place is not None]
