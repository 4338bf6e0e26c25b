"""Symbols by file and simple name: LMDB's key family for look-ups by fqn and by name.

A record holds the symbols of one file that have one simple name, each with all that a look-up answers: a get and a few
slices where the file's facts would have to be checked and decoded. A qualified name says the simple one: it is what
stands behind the last dot, less the number of a repeated one (``#2``). A symbol whose simple name is another (a file's
own symbol, a name with a dot in it) has a second entry under what its qualified name says.

Follows from a file's facts alone. Keys are in the order of file numbers, so that a new file's are appended. Works on
transactions of the database without importing it. Tests: ``tests/store/test_named.py``; the layout is written down in
``docs/index-format.md``.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from magellan_lsp.errors import IndexDamagedError
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.store import codec
from magellan_lsp.store.base import Family, FileRecord, SymbolHit, SymbolPlace
from magellan_lsp.store.changes import TableWriter
from magellan_lsp.store.codec import to_bytes, to_text
from magellan_lsp.store.fqn import plain
from magellan_lsp.store.keys import LONGEST_TEXT, number_key, text_key
from magellan_lsp.store.tables import FIRST_PIECE, TableReader, Tables
from magellan_lsp.store.tier_tables import ids_in

# SymbolId; definition, kind, flags, start and end of the name, of the whole; 1 in a second entry; bytes of the qualified
# name, which follows.
_ENTRY = struct.Struct("=16s8iI")
_SIZE = _ENTRY.size
_unpack = _ENTRY.unpack_from
_ends_of = struct.Struct(
    "=16si28xI"
).unpack_from  # of an entry: SymbolId, definition, bytes of the qualified name
_from_hex = bytes.fromhex
_place_of = struct.Struct(">II").unpack
_DEFINES = bytes([Family.DEFINES])
_new = tuple.__new__  # of a named tuple, without its own ``__new__``, which takes as long as a get


def said_name(qualified: str) -> str:
    """The simple name that a qualified name says."""
    name = plain(qualified).rpartition(".")[2]
    if "#" in name:
        bare, _, number = name.rpartition("#")
        if bare and number.isdecimal():
            return bare
    return name


def records(number: int, facts: FileFacts) -> dict[bytes, bytes]:
    """The records of a file's symbols by key."""
    prefix = number_key(number)
    found: dict[bytes, list[bytes]] = {}
    names, all_qualified, pack = facts.names, facts.qualified, _ENTRY.pack
    ids = bytes.fromhex("".join(facts.symbol_ids))
    rows = zip(
        facts.def_symbol,
        facts.def_name,
        facts.def_kind,
        facts.def_flags,
        facts.def_name_start,
        facts.def_name_end,
        facts.def_start,
        facts.def_end,
        strict=True,
    )
    for definition, (row, name_row, *rest) in enumerate(rows):
        if row < 0:
            continue
        name, qualified = names[name_row], all_qualified[row]
        data = to_bytes(qualified)
        symbol = ids[16 * row : 16 * row + 16]
        key = prefix + text_key(name)
        found.setdefault(key, []).append(pack(symbol, definition, *rest, 0, len(data)) + data)
        said = said_name(qualified)
        if said != name:
            key = prefix + text_key(said)
            found.setdefault(key, []).append(pack(symbol, definition, *rest, 1, len(data)) + data)
    return {key: b"".join(entries) for key, entries in found.items()}


class NamedReader(TableReader):
    """A reader that looks symbols up by this family.

    Look-ups and neighbours are asked for by the thousand, and a get costs less than two calls of a function: so what other
    readers do step by step is written out here.
    """

    def __init__(
        self,
        view: Callable[[], Any],
        tables: Tables,
        where: Path,
        known_paths: dict[int, str] | None = None,
        direct: Callable[[], Any] | None = None,
    ) -> None:
        super().__init__(view, tables, where, known_paths, direct)
        self._paths = known_paths if known_paths is not None else {}
        # What is committed is read in one transaction; a writer settles what it has pending before each get.
        self._get: Callable[..., Any]
        self._get = view().get if known_paths is not None else lambda *args: view().get(*args)

    def find_symbol(self, symbol_id: str) -> SymbolPlace | None:
        try:
            key = _from_hex(symbol_id)
        except ValueError:
            return None
        value = self._get(key, None, self._tables.symbols) if len(key) == 16 else None
        if value is None or key.hex() != symbol_id:
            return None
        number, definition = _place_of(value)
        path = self._paths.get(number)
        if path is None:
            path = self._path_of(self._view(), number)
        return _new(SymbolPlace, (symbol_id, path, definition))

    def find_callees(self, symbol_id: str) -> list[str]:
        try:
            key = _from_hex(symbol_id)
        except ValueError:
            return []
        value = self._get(key, None, self._tables.calls_from) if len(key) == 16 else None
        if value is None or key.hex() != symbol_id:
            return []
        return ids_in(value) if len(value) > 16 else [value.hex()]

    def find_callers(self, symbol_id: str) -> list[str]:
        try:
            key = _from_hex(symbol_id)
        except ValueError:
            return []
        value = self._get(key, None, self._tables.calls_to) if len(key) == 16 else None
        if value is None or key.hex() != symbol_id:
            return []
        return ids_in(value) if len(value) > 16 else [value.hex()]

    def find_by_fqn(self, fqn: str) -> list[SymbolPlace]:
        path, _, qualified = fqn.partition("::")
        if path and qualified and "::" not in qualified:  # there is one way to take it apart
            key = text_key(path)
            value = self._get(key, None, self._tables.paths)
            if value is not None and (len(key) <= LONGEST_TEXT or to_text(value[4:]) == path):
                found = self._named(value[:4].tobytes(), path, qualified)
                if found:
                    return found
        return super().find_by_fqn(fqn)

    def find_by_name(self, name: str) -> list[SymbolHit]:
        # Most names are those of one file: one piece of a posting list, with one number in it.
        raw = text_key(name)
        if len(raw) < LONGEST_TEXT and (self._one_piece or self._has_one_piece()):
            value = self._get(_DEFINES + raw + FIRST_PIECE, None, self._tables.postings)
            if value is None:
                return []
            if len(value) == 2:
                number = int.from_bytes(value, sys.byteorder)
                path = self._paths.get(number)
                if path is None:
                    path = self._path_of(self._view(), number)
                return self._hits_in(path, number_key(number) + raw, name)
        return list(self._hits(name))

    def _hits(self, name: str) -> Iterator[SymbolHit]:
        raw = text_key(name)
        for path, number in self.sorted_by_path(self.numbers(Family.DEFINES, name)):
            yield from self._hits_in(path, number_key(number) + raw, name)

    def _hits_in(self, path: str, key: bytes, name: str) -> list[SymbolHit]:
        value = self._get(key, None, self._tables.named)
        if value is None:
            raise IndexDamagedError(self._where, "a name that no symbol has")
        if len(value) >= _SIZE:
            data = value.tobytes()
            symbol, definition, kind, flags, start, end, whole, whole_end, is_second, size = _unpack(data)
            if _SIZE + size == len(data) and not is_second:  # the name of one symbol
                hit = (symbol.hex(), path, definition, name, to_text(data[_SIZE:]))
                return [_new(SymbolHit, (*hit, kind, flags, start, end, whole, whole_end))]
        return [
            _new(SymbolHit, (entry[0].hex(), path, entry[1], name, qualified, *entry[2:8]))
            for entry, qualified in self._each(value)
            if not entry[8]
        ]

    def _qualified_in(self, numbers: set[int], qualified: str) -> list[SymbolPlace]:
        found = []
        name = text_key(said_name(qualified))
        for number in numbers:
            value = self._get(number_key(number) + name, None, self._tables.named)
            if value is not None:
                path = self._path(number)
                found += [
                    SymbolPlace(entry[0].hex(), path, entry[1])
                    for entry, text in self._each(value)
                    if plain(text) == qualified
                ]
        return found

    def _named_in(self, number: int, qualified: str) -> list[SymbolPlace]:
        return self._named(number_key(number), self._path(number), qualified)

    def _named(self, file_key: bytes, path: str, qualified: str) -> list[SymbolPlace]:
        """The symbols of a file whose qualified name is exactly this."""
        value = self._get(file_key + text_key(said_name(qualified)), None, self._tables.named)
        if value is None:
            return []
        wanted = to_bytes(qualified)
        size = len(wanted)
        if len(value) == _SIZE + size:  # most names are those of one symbol
            symbol, definition, n_bytes = _ends_of(value)
            if n_bytes == size:
                same = value[_SIZE:].tobytes() == wanted
                return [_new(SymbolPlace, (symbol.hex(), path, definition))] if same else []
        return [
            _new(SymbolPlace, (entry[0].hex(), path, entry[1]))
            for entry, end in self._entries(value)
            if entry[9] == size and value[end - size : end].tobytes() == wanted
        ]

    def _path(self, number: int) -> str:
        known = self._known_paths
        path = known.get(number) if known is not None else None
        return self._path_of(self._view(), number) if path is None else path

    def _each(self, value: memoryview) -> Iterator[tuple[tuple[Any, ...], str]]:
        """Each entry of a record with its qualified name."""
        for entry, end in self._entries(value):
            yield entry, to_text(value[end - entry[9] : end])

    def _entries(self, value: memoryview) -> list[tuple[tuple[Any, ...], int]]:
        """The entries of a record, each with where it ends."""
        try:
            entry = _unpack(value)
            end = _SIZE + entry[9]
            found = [(entry, end)]
            while end < len(value):
                entry = _unpack(value, end)
                end += _SIZE + entry[9]
                found.append((entry, end))
        except struct.error as error:
            raise IndexDamagedError(self._where, f"symbols of a name that do not decode: {error}") from error
        return found


class NamedWriter(TableWriter):
    """A writer that keeps this family."""

    def replace_file(self, record: FileRecord, facts: FileFacts | None, encoded: bytes | None = None) -> None:
        if facts is None and encoded is not None:
            facts = codec.decode_facts(encoded, self._where)
        super().replace_file(record, facts, encoded)
        number = self._raw.number_of(record.path)
        assert number is not None
        self._put_named(number, {} if facts is None else records(number, facts))

    def remove_file(self, path: str) -> None:
        number = self._raw.number_of(path)
        super().remove_file(path)
        if number is not None:
            self._put_named(number, {})

    def _put_named(self, number: int, after: dict[bytes, bytes]) -> None:
        """Make these a file's records; those that stay as they are cost no page."""
        table, prefix = self._tables.named, number_key(number)
        with self._txn.cursor(db=table) as cursor:
            if cursor.set_range(prefix):
                before = {}
                for key, value in cursor:
                    if key[:4] != prefix:
                        break
                    before[bytes(key)] = bytes(value)
                for key in before.keys() - after.keys():
                    self._txn.delete(key, db=table)
                after = {key: value for key, value in after.items() if before.get(key) != value}
        items = sorted(after.items())
        self._put_sorted(table, items)
        self.written += sum([len(value) for _, value in items])
