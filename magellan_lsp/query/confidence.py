"""How sure an answer is: definitions and references, each with what it rests on. The surer come first.

Tests: ``tests/query/test_confidence.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from magellan_lsp.facts.file_facts import IMPORTED, MEMBER, MODULE_PART, OPEN, SAID, FileFacts
from magellan_lsp.facts.kinds import DefFlag
from magellan_lsp.query.answers import Occurrence
from magellan_lsp.query.definition import defined
from magellan_lsp.query.references import references_to
from magellan_lsp.query.snapshot import CHECK_EVERY, Snapshot
from magellan_lsp.query.targets import Token, module_at, reached, same_thing, token_at
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import Span

#: So many definitions of a name are given where nothing better than the name is known.
MAX_GUESSES = 20
#: What binds a name without looking at types.
_BOUND = frozenset((OPEN, IMPORTED, MODULE_PART, SAID))


class Confidence(StrEnum):
    """What an answer rests on, surest first."""

    CERTAIN = "certain"
    """The name is bound there by scopes, imports or its own definition, to this alone."""
    INFERRED = "inferred"
    """It follows from types worked out, or is one of several things that the name may mean."""
    CANDIDATE = "candidate"
    """Only the name is the same; what it means there is not known."""


class Meaning(NamedTuple):
    """A definition that a name may stand for."""

    ref: Ref
    confidence: Confidence


class Use(NamedTuple):
    """A place where a symbol is, or may be, used."""

    occurrence: Occurrence
    confidence: Confidence
    candidates: int
    """How many things the name may mean there; of a candidate, how many symbols have the name."""


def meanings(snapshot: Snapshot, path: str, offset: int) -> list[Meaning]:
    """What the name at an offset may stand for; for a name of which nothing is known, the symbols that are called so
    in files of its language family, by (path, definition), at most ``MAX_GUESSES``.
    """
    token = token_at(snapshot, path, offset)
    if token is None:
        return [Meaning(ref, Confidence.CERTAIN) for ref in module_at(snapshot, path, offset)[1]]
    known = defined(snapshot, reached(snapshot, token))
    if known:
        confidence = _of_token(token, len(known))
        return [Meaning(ref, confidence) for ref in known]
    name = token.facts.names[token.facts.occ_name[token.rows[0]]]
    guesses = defined(snapshot, _symbols_called(snapshot, name, token.facts))
    return [Meaning(ref, Confidence.CANDIDATE) for ref in guesses[:MAX_GUESSES]]


def uses(
    snapshot: Snapshot, refs: list[Ref], *, include_declaration: bool, include_candidates: bool
) -> list[Use]:
    """Where definitions are used, by confidence and (path, start); with ``include_candidates`` also where their name
    stands and means nothing known.
    """
    found = [
        Use(one, *_of_occurrence(snapshot, one))
        for one in references_to(snapshot, refs, include_declaration=include_declaration)
    ]
    if include_candidates:
        found += _candidates(snapshot, refs, {(use.occurrence.path, use.occurrence.span) for use in found})
    order = list(Confidence)
    return sorted(found, key=lambda use: (order.index(use.confidence), use.occurrence))


def _of_token(token: Token, n_meanings: int) -> Confidence:
    if n_meanings > 1:
        return Confidence.INFERRED
    return max((_of_row(token.facts, row) for row in token.rows), key=lambda one: one == Confidence.CERTAIN)


def _of_row(facts: FileFacts, row: int) -> Confidence:
    target = facts.occ_target[row]
    return Confidence.CERTAIN if target >= 0 or target in _BOUND else Confidence.INFERRED


def _of_occurrence(snapshot: Snapshot, one: Occurrence) -> tuple[Confidence, int]:
    token = token_at(snapshot, one.path, one.span.start)
    if one.is_declaration or token is None:
        return Confidence.CERTAIN, 1
    n_meanings = max(1, len(defined(snapshot, reached(snapshot, token))))
    return _of_token(token, n_meanings), n_meanings


def _candidates(snapshot: Snapshot, refs: list[Ref], known: set[tuple[str, Span]]) -> Iterator[Use]:
    """Places where the name of one of the definitions stands and leads nowhere."""
    for name, sample in _names(snapshot, refs):
        others = len(_symbols_called(snapshot, name, sample))
        for path in snapshot.source.mentioning(name):
            snapshot.check()
            facts = snapshot.facts(path)
            if facts is None or facts.language_family() != sample.language_family():
                continue
            resolver, wanted = snapshot.resolver_for(path), facts.name_index(name)
            for row, at in enumerate(facts.occ_name):
                if row % CHECK_EVERY == 0:
                    snapshot.check()
                span = Span(facts.occ_start[row], facts.occ_end[row])
                if at != wanted or facts.occ_target[row] not in (OPEN, MEMBER) or (path, span) in known:
                    continue
                if not resolver.occurrence_targets(path, row):
                    yield Use(Occurrence.of(facts, row), Confidence.CANDIDATE, others)


def _names(snapshot: Snapshot, refs: Iterable[Ref]) -> Iterator[tuple[str, FileFacts]]:
    """The names of definitions that other places can refer to, each once, with the facts of a file that has it."""
    seen: set[str] = set()
    for ref in same_thing(snapshot, list(refs)):
        facts = snapshot.facts(ref[0])
        if facts is None or ref[1] == 0 or facts.symbol_id(ref[1]) is None:
            continue
        name = facts.name(ref[1])
        if name and name not in seen:
            seen.add(name)
            yield name, facts


def _symbols_called(snapshot: Snapshot, name: str, like: FileFacts) -> list[Ref]:
    """Symbols of a simple name in files of the language family, by (path, definition); no declarations of others."""
    found: set[Ref] = set()
    for path in snapshot.source.defining(name):
        facts = snapshot.facts(path)
        if facts is None or facts.language_family() != like.language_family():
            continue
        wanted = facts.name_index(name)
        found.update(
            (path, row)
            for row in facts.symbols()
            if row and facts.def_name[row] == wanted and not facts.def_flags[row] & DefFlag.DECLARATION
        )
    return sorted(found)
