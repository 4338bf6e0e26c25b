"""Questions about names: what a name may mean, which names mean several things, labels.

Order is that of (path, definition) unless it is said otherwise. Tests: ``tests/query/graph/test_names.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from magellan_lsp.graph.view import at_least
from magellan_lsp.query.choice import are_one, symbols_named
from magellan_lsp.query.snapshot import CHECK_EVERY, Snapshot
from magellan_lsp.query.symbols import HIDDEN
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.resolve.types import Ref
from magellan_lsp.store.fqn import join


class Collision(NamedTuple):
    """A display name that stands for several symbols."""

    name: str
    refs: list[Ref]


class Match(NamedTuple):
    """What a name stands for."""

    refs: list[Ref]
    ambiguous: bool  # several different things, not overloads or declarations of one
    truncated: bool


class LabelCount(NamedTuple):
    """A label, and how many symbols have it."""

    label: str
    n_symbols: int


def find(snapshot: Snapshot, name: str, limit: int | None = None) -> Match:
    """The symbols that a name, fqn, display fqn or SymbolId stands for exactly."""
    at_least(0, limit=limit)
    refs = symbols_named(snapshot, name)
    return Match(refs[:limit], not are_one(snapshot, refs), limit is not None and len(refs) > limit)


def collisions(snapshot: Snapshot, limit: int | None = None) -> tuple[list[Collision], bool]:
    """Full display names of functions and types that stand for several symbols, by name; and whether cut.

    Overloads and alternatives of one name in one file are one thing and collide with nothing but others; a file's own
    symbol takes part in nothing. Names without a module (C, and files at a root) collide across files as well: to
    whoever looks one up by it, that is what it does.

    Args:
        limit: the most names.
    """
    at_least(0, limit=limit)
    first: dict[str, Ref] = {}
    several: dict[str, list[Ref]] = {}
    language, module, path = "", "", ""
    for count, hit in enumerate(snapshot.reader.iter_symbols()):
        if count % CHECK_EVERY == 0:
            snapshot.check()
        if hit.path != path:
            path = hit.path
            facts = snapshot.reader.find_facts(path)
            language, module = (facts.language, facts.module) if facts is not None else ("", "")
        if not hit.definition or hit.kind in HIDDEN or hit.kind not in _COLLIDING:
            continue
        name = join(module, hit.qualified, language)
        name = _COUNT.sub("", name)
        ref = (hit.path, hit.definition)
        if name in first:
            several.setdefault(name, [first[name]]).append(ref)
        else:
            first[name] = ref
    found = [
        Collision(name, refs) for name, refs in sorted(several.items()) if len({ref[0] for ref in refs}) > 1
    ]
    return found[:limit], limit is not None and len(found) > limit


#: Behind the name of a symbol that has namesakes in one place.
_COUNT = re.compile(r"#\d+")
_COLLIDING = CLASS_LIKE | FUNCTION_LIKE


def labels(snapshot: Snapshot, limit: int | None = None) -> tuple[list[LabelCount], bool]:
    """Every label that symbols have, by label, with how many have it; and whether cut."""
    at_least(0, limit=limit)
    found = []
    for label in snapshot.reader.iter_labels():
        snapshot.check()
        n_symbols = sum(1 for _ in snapshot.reader.iter_labelled(label))
        if n_symbols:
            found.append(LabelCount(label, n_symbols))
    return found[:limit], limit is not None and len(found) > limit


def labels_of(snapshot: Snapshot, refs: Sequence[Ref]) -> list[str]:
    """The labels of a symbol, sorted."""
    found: set[str] = set()
    for ref in refs:
        symbol = snapshot.symbol_id(ref)
        if symbol is not None:
            found.update(snapshot.reader.find_labels(symbol))
    return sorted(found)


def labelled(snapshot: Snapshot, label: str, limit: int | None = None) -> tuple[list[Ref], bool]:
    """The symbols with a label; and whether cut."""
    at_least(0, limit=limit)
    found: list[Ref] = []
    for place in snapshot.reader.iter_labelled(label):
        if len(found) % CHECK_EVERY == 0:
            snapshot.check()
        if len(found) == limit:
            return found, True
        found.append((place.path, place.definition))
    return found, False
