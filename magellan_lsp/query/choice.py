"""From a name that a person or a script gives to the definitions that it stands for.

Tests: ``tests/query/test_details.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag
from magellan_lsp.query.answers import SymbolInfo
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.query.targets import same_thing
from magellan_lsp.resolve.rules import FUNCTION_LIKE
from magellan_lsp.resolve.types import Ref
from magellan_lsp.store.fqn import display_fqn, plain

_ID = re.compile(r"^[0-9a-f]{32}$")


def symbols_named(snapshot: Snapshot, text: str) -> list[Ref]:
    """The symbols that a text stands for, by (path, definition); [] when there are none.

    What it is taken for, the first that there is: a SymbolId (32 hex digits), a full name, canonical
    (``src/app.py::Flask.run``) or display (``app.Flask.run``), then both a name inside a file (``Flask.run``)
    and a simple name (``run``), and then a file's name without its ending. ``::`` and ``.`` are the same in a
    display name. A file's path is its module symbol. Any name but a canonical one stands for all overloads.
    """
    if _ID.match(text):
        ref = snapshot.find(text)
        return [ref] if ref is not None else []
    found = _by_fqn(snapshot, text) or _by_name(snapshot, text)
    return sorted(found | _overloads(snapshot, text, found))


def _overloads(snapshot: Snapshot, text: str, found: set[Ref]) -> set[Ref]:
    """The other definitions of one name and sort in one place; their qualified names are numbered (``A.f#2``)."""
    more: set[Ref] = set()
    for path, row in found:
        facts = snapshot.facts(path)
        if facts is None or facts.def_symbol[row] < 0 or facts.canonical_fqn(row) == text:
            continue
        start = f"{facts.qualified[facts.def_symbol[row]]}#"
        numbered = {n for n, name in enumerate(facts.qualified) if _is_numbered(name, start)}
        if numbered:
            sort = _sort(facts.def_kind[row])
            rows = (other for other in facts.symbols() if facts.def_symbol[other] in numbered)
            more.update((path, other) for other in rows if _sort(facts.def_kind[other]) == sort)
    return more


def _is_numbered(name: str, start: str) -> bool:
    return name.startswith(start) and name[len(start) :].isdecimal()


def _sort(kind: int) -> int:
    """What overloads have in common: they are functions, or of one kind."""
    return -1 if kind in FUNCTION_LIKE else kind


def _by_fqn(snapshot: Snapshot, text: str) -> set[Ref]:
    found = {(place.path, place.definition) for place in snapshot.reader.find_by_fqn(text)}
    found = {ref for ref in found if not snapshot.is_overlaid(ref[0])}
    wanted = plain(text)
    for facts, row in _overlaid_symbols(snapshot):
        if facts.canonical_fqn(row) == text or plain(display_fqn(facts, row) or "") == wanted:
            found.add((facts.path, row))
    return found


def _by_name(snapshot: Snapshot, text: str) -> set[Ref]:
    found = {(place.path, place.definition) for place in snapshot.reader.find_by_qualified(text)}
    found |= {(hit.path, hit.definition) for hit in snapshot.reader.find_by_name(text)}
    found = {ref for ref in found if not snapshot.is_overlaid(ref[0])}
    wanted = plain(text)
    for facts, row in _overlaid_symbols(snapshot):
        if facts.name(row) == text or plain(facts.qualified[facts.def_symbol[row]]) == wanted:
            found.add((facts.path, row))
    if not found and snapshot.facts(text) is not None:
        found.add((text, 0))
    # Of a file that is named after what it holds, what it holds is meant.
    return {ref for ref in found if ref[1]} or found


def _overlaid_symbols(snapshot: Snapshot) -> Iterator[tuple[FileFacts, int]]:
    for facts in snapshot.overlay.files.values():
        if facts is not None:
            for row in facts.symbols():
                yield facts, row


def are_one(snapshot: Snapshot, refs: Sequence[Ref]) -> bool:
    """Whether definitions are declarations and definitions of one thing, or overloads of one name in one place."""
    if len(refs) < 2 or set(refs) <= set(same_thing(snapshot, [refs[0]])):
        return True
    infos = [info for ref in refs if (info := snapshot.info(ref)) is not None]
    return len({(info.path, _unnumbered(info), _sort(info.kind)) for info in infos}) == 1


def _unnumbered(info: SymbolInfo) -> str:
    """The qualified name without the number of a repeated one."""
    start, _, number = info.qualified.rpartition("#")
    return start if start.endswith(info.name) and number.isdecimal() else info.qualified


def with_bodies(snapshot: Snapshot, refs: Sequence[Ref]) -> list[Ref]:
    """The definitions among them that say what the thing is, not only that it is there; all when none does."""
    return [
        ref for ref in refs if not _flags(snapshot, ref) & (DefFlag.DECLARATION | DefFlag.OVERLOAD)
    ] or list(refs)


def _flags(snapshot: Snapshot, ref: Ref) -> int:
    facts = snapshot.facts(ref[0])
    return facts.def_flags[ref[1]] if facts is not None else 0
