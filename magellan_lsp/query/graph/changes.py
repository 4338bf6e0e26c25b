"""Which symbols changed when files were indexed again: by the text that is a symbol's own.

A symbol's own text is its text without that of the symbols inside it, so that a changed method does not change its class.
What is kept is 24 bytes a symbol. Tests: ``tests/query/graph/test_changes.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from blake3 import blake3

from magellan_lsp.extract.engine import digest_of
from magellan_lsp.query.answers import Place
from magellan_lsp.query.snapshot import Snapshot

_ID, _HASH = 16, 8
#: What is kept of files ends at so many symbols; those of further files all count as changed each time.
MAX_SYMBOLS = 1_000_000


class Changed(NamedTuple):
    """SymbolIds that are new, gone, or have another text of their own; sorted."""

    symbols: list[str]
    truncated: bool


class Fingerprints:
    """What the symbols of each file were like when last looked at. For one thread at a time."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._n_symbols = 0

    def take(
        self, snapshot: Snapshot, indexed: Iterable[str], removed: Collection[str], limit: int
    ) -> Changed:
        """What changed in these files since they were last looked at; in a file that never was, everything.

        Args:
            indexed: paths whose facts or links are new.
            removed: paths that are gone.
            limit: the most SymbolIds to answer; all are taken note of.
        """
        found: set[str] = set()
        for path in removed:
            found.update(_ids(self._files.get(path, b"")))
            self._keep(path, b"")
        for path in indexed:
            snapshot.check()
            old = self._files.get(path)
            new = fingerprint(snapshot, path)
            if old is None:
                found.update(_ids(new))
            elif old != new:
                found.update(_differing(old, new))
            self._keep(path, new)
        answer = sorted(found)
        return Changed(answer[:limit], len(answer) > limit)

    def look(self, snapshot: Snapshot) -> None:
        """Take note of every file that was not looked at before."""
        for record in snapshot.reader.iter_files():
            snapshot.check()
            if record.path not in self._files:
                self._keep(record.path, fingerprint(snapshot, record.path))

    def _keep(self, path: str, entry: bytes) -> None:
        self._n_symbols -= len(self._files.pop(path, b"")) // (_ID + _HASH)
        n_symbols = len(entry) // (_ID + _HASH)
        if entry and self._n_symbols + n_symbols <= MAX_SYMBOLS:
            self._files[path] = entry
            self._n_symbols += n_symbols


def fingerprint(snapshot: Snapshot, path: str) -> bytes:
    """The SymbolIds of a file, each with a hash of its own text; empty for a file without facts.

    Where the text is not to be had, a hash of all that the facts say of the file stands for it.
    """
    facts = snapshot.reader.find_facts(path)
    if facts is None:
        return b""
    text = snapshot.read_text(path)
    entry = bytearray()
    if text is None or digest_of(text) != facts.digest:
        for symbol in facts.symbol_ids:
            entry += bytes.fromhex(symbol) + facts.digest[:_HASH]
        return bytes(entry)
    rows = [(Place.of(facts, row).full, row) for row in facts.symbols()]
    rows.sort(key=lambda one: (one[0].start, -one[0].end, one[1]))
    hashes = {row: blake3(bytes([facts.def_kind[row]])) for _, row in rows}
    around: list[tuple[int, int]] = []  # (end, row) of the symbols that are open
    at = 0
    for span, row in rows:
        at = _close(text, hashes, around, at, span.start)
        if around:
            hashes[around[-1][1]].update(text[at : span.start])
        at = max(at, span.start)
        around.append((span.end, row))
    _close(text, hashes, around, at, len(text) + 1)
    for row in sorted(hashes):
        entry += bytes.fromhex(facts.symbol_id(row) or "") + hashes[row].digest(_HASH)
    return bytes(entry)


def _close(text: bytes, hashes: dict[int, blake3], around: list[tuple[int, int]], at: int, until: int) -> int:
    """End the symbols that end before an offset; where the text goes on."""
    while around and around[-1][0] <= until:
        end, row = around.pop()
        if end > at:
            hashes[row].update(text[at:end])
            at = end
    return at


def _entries(entry: bytes) -> dict[bytes, bytes]:
    width = _ID + _HASH
    return {entry[at : at + _ID]: entry[at + _ID : at + width] for at in range(0, len(entry), width)}


def _ids(entry: bytes) -> list[str]:
    return [symbol.hex() for symbol in _entries(entry)]


def _differing(old: bytes, new: bytes) -> set[str]:
    before, after = _entries(old), _entries(new)
    return {
        symbol.hex() for symbol in before.keys() | after.keys() if before.get(symbol) != after.get(symbol)
    }
