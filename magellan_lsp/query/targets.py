"""What the name at a byte offset means: the step that all questions about a cursor have in common."""

from __future__ import annotations

from typing import NamedTuple

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import Span


class Token(NamedTuple):
    """An identifier at a cursor."""

    facts: FileFacts
    rows: tuple[int, ...]
    """Occurrences with this span: a shorthand ``{name}`` is a field and a variable at once."""
    span: Span


def token_at(snapshot: Snapshot, path: str, offset: int) -> Token | None:
    """The identifier that holds or ends at an offset; None when there is none or the file is not known."""
    facts = snapshot.facts(path)
    if facts is None:
        return None
    row = facts.occurrence_at(offset)
    if row < 0:
        return None
    start, end = facts.occ_start[row], facts.occ_end[row]
    last = row
    while last + 1 < len(facts.occ_start) and facts.occ_start[last + 1] == start:
        last += 1
    rows = tuple(other for other in range(row, last + 1) if facts.occ_end[other] == end)
    return Token(facts, rows, Span(start, end))


def targets_of(snapshot: Snapshot, token: Token) -> list[Ref]:
    """The definitions that a token refers to, best first; its own for a definition's name. [] when not
    known.
    """
    return _targets(snapshot.resolver_for(token.facts.path), token)


def reached(snapshot: Snapshot, token: Token) -> list[Ref]:
    """``targets_of`` a token; where these lead nowhere in the workspace, what an installed package says of it."""
    found = targets_of(snapshot, token)
    if found and token.facts.occ_role[token.rows[0]] == Role.CALL:
        resolver = snapshot.resolver_for(token.facts.path)
        found = resolver.rules(token.facts.path).behind_call(resolver, token.facts, token.rows[0], found)
    if snapshot.wide is None or not all(is_import(snapshot, ref) for ref in found):
        return found
    return _targets(snapshot.wide, token) or found


def _targets(resolver: Resolver, token: Token) -> list[Ref]:
    found: dict[Ref, None] = {}
    path = token.facts.path
    for row in token.rows:
        if found and token.facts.occ_role[row] in (Role.CALL, Role.TYPE):
            break  # what the name implies (its variable's constructor) is not what it stands for
        for ref in resolver.occurrence_targets(path, row):
            found[ref] = None
    refs = list(found)
    if len(refs) > 1 and (resolver.is_class(refs[0]) or resolver.kind_of(refs[0]) == DefKind.TYPE_ALIAS):
        # a class that is named in a call, by an alias or not, stands for the constructor that runs as well
        return [ref for ref in refs if resolver.kind_of(ref) != DefKind.CONSTRUCTOR]
    return refs


def targets_at(snapshot: Snapshot, path: str, offset: int) -> list[Ref]:
    """``targets_of`` the token at an offset; of a string that names a module, the module's file."""
    token = token_at(snapshot, path, offset)
    if token is not None:
        return targets_of(snapshot, token)
    return module_at(snapshot, path, offset)[1]


def module_at(snapshot: Snapshot, path: str, offset: int) -> tuple[Span | None, list[Ref]]:
    """The module path of an import at an offset, and the files that it stands for."""
    facts = snapshot.facts(path)
    if facts is None:
        return None, []
    for row in range(len(facts.import_start)):
        if facts.import_start[row] <= offset <= facts.import_end[row] and facts.import_module[row] >= 0:
            return Span(facts.import_start[row], facts.import_end[row]), modules_of(snapshot, facts, row)
    return None, []


def modules_of(snapshot: Snapshot, facts: FileFacts, row: int) -> list[Ref]:
    """What the module path of an import stands for, installed packages included; [] where that is not known."""
    found = _modules(snapshot.resolver_for(facts.path), facts, row)
    if not found and snapshot.wide is not None:
        found = _modules(snapshot.wide, facts, row)
    return found


def _modules(resolver: Resolver, facts: FileFacts, row: int) -> list[Ref]:
    path = "." * max(facts.import_level[row], 0) + facts.names[max(facts.import_module[row], 0)]
    if not path:
        return []
    found = resolver.rules(facts.path).module_part(resolver, facts, row, path)
    return [ref for ref in found if not resolver.is_builtin(ref)]


def is_declaration(snapshot: Snapshot, ref: Ref) -> bool:
    """Whether a definition only says that something exists (a C prototype)."""
    facts = snapshot.facts(ref[0])
    return facts is not None and bool(facts.def_flags[ref[1]] & DefFlag.DECLARATION)


def definitions_of(snapshot: Snapshot, ref: Ref) -> list[Ref]:
    """Where what a declaration declares is defined; [] when that is not known or it is no declaration."""
    symbol_id = snapshot.symbol_id(ref)
    return snapshot.related(symbol_id, RelationKind.DEFINES) if symbol_id is not None else []


def declarations_of(snapshot: Snapshot, ref: Ref) -> list[Ref]:
    """Declarations elsewhere of what is defined here."""
    return snapshot.relates_to(ref, RelationKind.DEFINES)


def same_thing(snapshot: Snapshot, refs: list[Ref]) -> list[Ref]:
    """The definitions, and all declarations and definitions that belong to one of them; each once."""
    found = dict.fromkeys(refs)
    waiting = list(refs)
    while waiting:
        ref = waiting.pop()
        for other in (*definitions_of(snapshot, ref), *declarations_of(snapshot, ref)):
            if other not in found:
                found[other] = None
                waiting.append(other)
    return list(found)


def is_import(snapshot: Snapshot, ref: Ref) -> bool:
    """Whether a definition is a local name that an import binds (what it brings is not known then)."""
    facts = snapshot.facts(ref[0])
    return facts is not None and facts.def_kind[ref[1]] == DefKind.IMPORT
