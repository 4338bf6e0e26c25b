"""The tables of the embedded store, and reading from them.

Works on transactions of the database without importing it: what they are is decided in
:mod:`magellan_lsp.store.lmdb`. What comes back is always a copy. Tests: ``tests/store/``.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from magellan_lsp.errors import IndexDamagedError
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks, Link, Reference, RelationKind
from magellan_lsp.store import codec, keys, search
from magellan_lsp.store.base import Family, FileRecord, SymbolHit, SymbolPlace
from magellan_lsp.store.codec import LinkRows, SymbolRows, to_bytes, to_text
from magellan_lsp.store.fqn import iter_canonical_splits, iter_display_splits, plain
from magellan_lsp.store.postings import MODULE, QUALIFIED
from magellan_lsp.store.tier_tables import TierReader, symbol_key

#: More candidates than this are not looked at for one query; far more than any real name index gives.
MAX_CANDIDATES = 50_000

#: Files whose decoded symbols one reader remembers: a question asks for several of one file.
_MAX_ROWS = 16
#: What the key of a posting list's first piece ends with.
FIRST_PIECE = bytes(4)
#: Paths by file number that are remembered between readers.
_MAX_PATHS = 100_000


class Tables(NamedTuple):
    """Handles of the tables (sub-databases). Their names are the fields' names."""

    meta: Any  # b"\0state" -> State, b"\0format" -> Format; b"u" + key -> key, value
    paths: Any  # text_key(path) -> file number, + path where the key is cut
    files: Any  # file number -> FileRecord
    facts: Any  # file number -> FileFacts
    links: Any  # file number -> FileLinks
    symbols: Any  # symbol id -> file number, definition
    postings: Any  # family, key, chunk -> numbers
    texts: Any  # family, cut key -> full text
    names: Any  # name_key -> name number, name
    name_texts: Any  # name number -> name
    calls_from: Any  # symbol id -> sorted symbol ids
    calls_to: Any  # symbol id -> sorted symbol ids
    details: Any  # file number, detail, rest -> record
    labels: Any  # file number, symbol id -> labels that it was given
    executions: Any  # b"o" + order -> execution; b"e" + text_key(execution id) -> order
    carried: Any  # kind, b"\0", key -> anything; b"\0" + text_key(path) -> chunks of a file that is gone
    named: Any  # file number, text_key(simple name) -> symbols; LMDB's alone


_place = attrgetter("path", "definition")

STATE_KEY = b"\0state"
FORMAT_KEY = b"\0format"
_STATE = struct.Struct(">6Q")


class State(NamedTuple):
    """Counters, committed with what they count."""

    generation: int = 0
    next_file: int = 0  # numbers are never used twice, so that a remembered path stays right
    next_name: int = 0
    n_files: int = 0
    n_symbols: int = 0
    last_execution: int = 0

    def pack(self) -> bytes:
        return _STATE.pack(*self)


def read_state(txn: Any, tables: Tables, where: Path) -> State:
    """The counters; all zero in a new index."""
    value = txn.get(STATE_KEY, db=tables.meta)
    if value is None:
        return State()
    if len(value) != _STATE.size:
        raise IndexDamagedError(where, "counters of the wrong length")
    return State(*_STATE.unpack(value))


class TableReader(TierReader):
    """Answers from one transaction; see :class:`magellan_lsp.store.base.Reader` for the promises.

    ``view`` gives the transaction to look in (a writer settles what it has pending first). ``known_paths``
    may remember paths by number, and is for committed state only.
    """

    def __init__(
        self,
        view: Callable[[], Any],
        tables: Tables,
        where: Path,
        known_paths: dict[int, str] | None = None,
        direct: Callable[[], Any] | None = None,
    ) -> None:
        self._view = view
        # Of a writer: its transaction without what is pending, which is about other things than files and their facts.
        # Whoever changes file after file and looks at each before does not have it all written each time.
        self._direct = direct or view
        self._tables = tables
        self._where = where
        self._known_paths = known_paths
        # What is committed stays as it is for this reader, so it may remember more of it than paths.
        self._known_rows: dict[int, SymbolRows | None] | None = {} if known_paths is not None else None
        self._one_piece: bool | None = None

    @property
    def generation(self) -> int:
        return read_state(self._view(), self._tables, self._where).generation

    # numbers, paths

    def number_of(self, path: str) -> int | None:
        """The file's number: of no meaning outside this index."""
        if not path:
            return None
        key = keys.text_key(path)
        value = self._direct().get(key, db=self._tables.paths)
        if value is None or (keys.is_cut(key) and to_text(value[4:]) != path):
            return None
        return keys.number_of(value)

    def _path_of(self, txn: Any, number: int) -> str:
        known = self._known_paths
        path = known.get(number) if known is not None else None
        if path is None:
            path = self._record(txn, number).path
            if known is not None:
                if len(known) >= _MAX_PATHS:
                    known.clear()
                known[number] = path
        return path

    def sorted_by_path(self, numbers: Iterable[int]) -> list[tuple[str, int]]:
        """(path, number) of files by their numbers, sorted."""
        txn = self._view()
        return sorted([(self._path_of(txn, number), number) for number in numbers])

    def _record(self, txn: Any, number: int) -> FileRecord:
        return codec.decode_record(self._value(txn, self._tables.files, number, "record"), self._where)

    def _value(self, txn: Any, table: Any, number: int, what: str) -> Any:
        value = txn.get(keys.number_key(number), db=table)
        if value is None:
            raise IndexDamagedError(self._where, f"a file without its {what}")
        return value

    def rows_of(self, number: int) -> SymbolRows | None:
        """The symbols of a file by its number."""
        known = self._known_rows
        if known is not None and number in known:
            return known[number]
        value = self._view().get(keys.number_key(number), db=self._tables.facts)
        rows = None if value is None else codec.decode_symbols(value, self._where)
        if known is not None:
            if len(known) >= _MAX_ROWS:
                known.clear()
            known[number] = rows
        return rows

    # files

    def find_file(self, path: str) -> FileRecord | None:
        number = self.number_of(path)
        return None if number is None else self._record(self._direct(), number)

    def iter_files(self) -> Iterator[FileRecord]:
        for _, number in self._all_files():
            yield self._record(self._view(), number)

    def _all_files(self) -> list[tuple[str, int]]:
        found = []
        with self._view().cursor(db=self._tables.paths) as cursor:
            for key, value in cursor:
                path = to_text(value[4:]) if keys.is_cut(key) else to_text(key)
                found.append((path, keys.number_of(value)))
        found.sort()
        return found

    def find_facts(self, path: str) -> FileFacts | None:
        number = self.number_of(path)
        return None if number is None else self.facts_of(number)

    def facts_of(self, number: int) -> FileFacts | None:
        """The facts of a file by its number."""
        value = self._direct().get(keys.number_key(number), db=self._tables.facts)
        return None if value is None else codec.decode_facts(bytes(value), self._where)

    def find_links(self, path: str) -> FileLinks | None:
        rows = self._links_of(self.number_of(path))
        return None if rows is None else rows.decode()

    def links_of(self, number: int) -> FileLinks | None:
        """The links of a file by its number."""
        rows = self._links_of(number)
        return None if rows is None else rows.decode()

    def _links_of(self, number: int | None) -> LinkRows | None:
        if number is None:
            return None
        value = self._view().get(keys.number_key(number), db=self._tables.links)
        return None if value is None else LinkRows(value, self._where)

    def iter_link_rows(self) -> Iterator[tuple[int, LinkRows]]:
        """The links of every file that has some, by its number."""
        for _, number in self._all_files():
            rows = self._links_of(number)
            if rows is not None:
                yield number, rows

    def file_of(self, symbol: bytes) -> int | None:
        """The number of the file that defines a symbol, by its 16 bytes."""
        value = self._view().get(symbol, db=self._tables.symbols)
        return None if value is None else keys.symbol_place(value)[0]

    def find_targets(self, path: str, occurrence: int) -> list[Link]:
        rows = self._links_of(self.number_of(path))
        return [] if rows is None else rows.at(occurrence)

    def count_files(self) -> int:
        return read_state(self._view(), self._tables, self._where).n_files

    def count_symbols(self) -> int:
        return read_state(self._view(), self._tables, self._where).n_symbols

    # postings

    def find_postings(self, family: Family, key: str) -> list[str]:
        return [path for path, _ in self.sorted_by_path(self.numbers(family, key))]

    def numbers(self, family: int, key: str | bytes) -> list[int]:
        """A posting list, sorted by number: an order that means nothing outside this index."""
        txn = self._view()
        raw = key if isinstance(key, bytes) else keys.text_key(key)
        if keys.is_cut(raw):
            full = txn.get(bytes([family]) + raw, db=self._tables.texts)
            if full is None or to_text(full) != key:
                return []
        prefix = bytes([family]) + raw
        if self._has_one_piece():
            value = txn.get(prefix + FIRST_PIECE, db=self._tables.postings)
            return [] if value is None else keys.unpack_members(0, value)
        size = len(prefix)
        found: list[int] = []
        with txn.cursor(db=self._tables.postings) as cursor:
            if not cursor.set_range(prefix):
                return []
            for chunked, value in cursor:
                # A piece's number is below 2**20, so the first of its four bytes is 0: anything else is a
                # longer text.
                if chunked[:size] != prefix or len(chunked) < size + 4 or chunked[size] != 0:
                    break
                if len(chunked) == size + 4:
                    found += keys.unpack_members(keys.number_of(chunked[size:]), value)
        return found

    def _has_one_piece(self) -> bool:
        """Whether no file has a number beyond those of a list's first piece, which then is all of it."""
        if self._one_piece is not None:
            return self._one_piece
        found = read_state(self._view(), self._tables, self._where).next_file <= 1 << keys.CHUNK_BITS
        if self._known_paths is not None:
            self._one_piece = found
        return found

    def iter_postings(self, family: Family) -> Iterator[tuple[str, list[str]]]:
        lists: dict[str, list[int]] = {}
        for raw, numbers in self.iter_pieces(family):
            text = self._view().get(bytes([family]) + raw, db=self._tables.texts) if keys.is_cut(raw) else raw
            if text is None:
                raise IndexDamagedError(self._where, "a long key without its text")
            lists.setdefault(to_text(text), []).extend(numbers)
        for text, members in sorted(lists.items()):
            yield text, [path for path, _ in self.sorted_by_path(members)]

    def iter_pieces(self, family: int, raw_prefix: bytes = b"") -> Iterator[tuple[bytes, list[int]]]:
        """(key, numbers) of every piece of a family whose key starts with a prefix."""
        prefix = bytes([family]) + raw_prefix
        with self._view().cursor(db=self._tables.postings) as cursor:
            if cursor.set_range(prefix):
                for key, value in cursor:
                    if key[: len(prefix)] != prefix:
                        return
                    yield bytes(key[1:-4]), keys.unpack_members(keys.number_of(key[-4:]), value)

    # symbols

    def find_symbol(self, symbol_id: str) -> SymbolPlace | None:
        key = symbol_key(symbol_id)
        txn = self._view()
        value = None if key is None else txn.get(key, db=self._tables.symbols)
        if value is None:
            return None
        number, definition = keys.symbol_place(value)
        return SymbolPlace(symbol_id, self._path_of(txn, number), definition)

    def iter_symbols_of_file(self, path: str) -> Iterator[SymbolHit]:
        number = self.number_of(path)
        rows = None if number is None else self.rows_of(number)
        return iter(()) if rows is None else codec.iter_symbol_hits(rows)

    def iter_symbols(self) -> Iterator[SymbolHit]:
        for _, number in self._all_files():
            rows = self.rows_of(number)
            if rows is not None:
                yield from codec.iter_symbol_hits(rows)

    def find_by_fqn(self, fqn: str) -> list[SymbolPlace]:
        found: list[SymbolPlace] = []
        for path, qualified in iter_canonical_splits(fqn):
            number = self.number_of(path)
            if number is not None:
                found += self._named_in(number, qualified)
        if found:
            return found if len(found) == 1 else sorted(found, key=_place)
        number = self.number_of(fqn)
        if number is not None:
            found += self._named_in(number, "")
        for module, qualified in iter_display_splits(fqn):
            numbers = self._numbers_of_display(module, qualified)
            if numbers:
                found += self._qualified_in(numbers, qualified)
        return sorted(set(found), key=_place)

    def _numbers_of_display(self, module: str, qualified: str) -> set[int]:
        # The rarer of the two comes first: most splits name no module, and few qualified names are of no
        # module.
        if module:
            numbers = set(self.numbers(MODULE, module))
            return numbers & self._numbers_of_qualified(qualified) if numbers and qualified else numbers
        numbers = self._numbers_of_qualified(qualified)
        return numbers & set(self.numbers(MODULE, "")) if numbers else numbers

    def _numbers_of_qualified(self, qualified: str) -> set[int]:
        return {*self.numbers(QUALIFIED, qualified), *self.numbers(Family.DEFINES, qualified)}

    def find_by_qualified(self, qualified: str) -> list[SymbolPlace]:
        wanted = plain(qualified)
        if not wanted:
            return []
        return sorted(self._qualified_in(self._numbers_of_qualified(wanted), wanted), key=_place)

    def _named_in(self, number: int, qualified: str) -> list[SymbolPlace]:
        """The symbols of a file whose qualified name is exactly this."""
        rows = self.rows_of(number)
        if rows is None or qualified not in rows.qualified:
            return []
        wanted = {row for row, name in enumerate(rows.qualified) if name == qualified}
        return [
            SymbolPlace(rows.symbol_ids[row], rows.path, definition)
            for definition, row in enumerate(rows.def_symbol)
            if row in wanted
        ]

    def _qualified_in(self, numbers: set[int], qualified: str) -> list[SymbolPlace]:
        """Symbols of some files whose qualified name is this, in plain form; in no order."""
        found = []
        for number in numbers:
            rows = self.rows_of(number)
            if rows is not None:
                wanted = {row for row, name in enumerate(rows.qualified) if plain(name) == qualified}
                if wanted:
                    found += [
                        SymbolPlace(rows.symbol_ids[row], rows.path, definition)
                        for definition, row in enumerate(rows.def_symbol)
                        if row in wanted
                    ]
        return found

    def find_by_name(self, name: str) -> list[SymbolHit]:
        return list(self._hits(name))

    def _hits(self, name: str) -> Iterator[SymbolHit]:
        """Symbols of a name by (path, definition), files read one at a time."""
        for _, number in self.sorted_by_path(self.numbers(Family.DEFINES, name)):
            value = self._view().get(keys.number_key(number), db=self._tables.facts)
            if value is not None:
                yield from codec.decode_named(value, name, self._where)

    # search

    def search_symbols(self, query: str, limit: int) -> list[SymbolHit]:
        found: list[SymbolHit] = []
        if limit <= 0:
            return found
        for name in self._matching_names(query):
            for hit in self._hits(name):
                found.append(hit)
                if len(found) == limit:
                    return found
        return found

    def _matching_names(self, query: str) -> Iterator[str]:
        """Names of symbols that match, best first. Each tier is only looked up when the one before has run
        out.
        """
        folded = search.fold(query)
        yield from self._names_with_prefix(query, folded)
        if len(folded) < 2 or len(query) > search.FOLDED:
            return
        if len(folded) == 2:
            numbers: set[int] = set()
            for raw, members in self.iter_pieces(keys.TRIGRAM, to_bytes(folded)):
                if len(to_text(raw)) == 3:
                    numbers.update(members)
        else:
            numbers = self._numbers_with_all(keys.TRIGRAM, search.query_trigrams(folded))
        by_initials: set[int] = set()
        for _, members in self.iter_pieces(keys.INITIALS, to_bytes(folded)):
            by_initials.update(members)
        # Thousands of names may contain the query. Telling what matches how is most of the work, done in
        # the order in which answers are needed, and stops when there are enough.
        may_start_word = search.word_filter(folded)
        containing = self._names_of(numbers)
        words = [entry for entry in containing if may_start_word(entry[1])]
        words += self._names_of(by_initials - numbers)
        yield from _matching(sorted(words), query, folded, search.Match.WORD)
        yield from _matching(containing, query, folded, search.Match.SUBSTRING)
        with_letters = self._names_of(self._numbers_with_all(keys.PAIR, search.query_pairs(folded)))
        yield from _matching(with_letters, query, folded, search.Match.SUBSEQUENCE)

    def _names_with_prefix(self, query: str, folded: str) -> Iterator[str]:
        prefix = to_bytes(folded)
        group: list[tuple[search.Match, str]] = []
        group_folded = ""
        with self._view().cursor(db=self._tables.names) as cursor:
            if cursor.set_range(prefix):
                for key, value in cursor:
                    if key[: len(prefix)] != prefix:
                        break
                    name = to_text(value[4:])
                    this_folded = search.fold(name)
                    kind = search.match(name, this_folded, query, folded)
                    if kind is None or kind > search.Match.PREFIX:
                        continue
                    if this_folded != group_folded:
                        yield from (text for _, text in sorted(group))
                        group, group_folded = [], this_folded
                    group.append((kind, name))
        yield from (text for _, text in sorted(group))

    def _numbers_with_all(self, family: int, tokens: set[str]) -> set[int]:
        lists = sorted([self.numbers(family, token) for token in tokens], key=len)
        if not lists:
            return set()
        return set(lists[0]).intersection(*lists[1:])

    def _names_of(self, numbers: set[int]) -> list[tuple[str, str]]:
        """(folded name, name) of names by number, in answer order."""
        txn, table = self._view(), self._tables.name_texts
        found = []
        for number in sorted(numbers)[:MAX_CANDIDATES]:
            value = txn.get(keys.number_key(number), db=table)
            if value is None:
                raise IndexDamagedError(self._where, "a token without its name")
            name = to_text(value)
            found.append((search.fold(name), name))
        found.sort()
        return found

    # what refers to a symbol

    def iter_references(self, symbol_id: str) -> Iterator[Reference]:
        for path, rows, index in self._referring(symbol_id):
            yield from rows.references(index, path)

    def count_references(self, symbol_id: str) -> int:
        return sum([rows.count(index) for _, rows, index in self._referring(symbol_id)])

    def iter_referrers(self, symbol_id: str) -> Iterator[str]:
        key = symbol_key(symbol_id)
        numbers = [] if key is None else self.numbers(keys.REFERRED, key)
        return iter([path for path, _ in self.sorted_by_path(numbers)])

    def _referring(self, symbol_id: str) -> Iterator[tuple[str, LinkRows, int]]:
        key = symbol_key(symbol_id)
        if key is not None:
            for path, number in self.sorted_by_path(self.numbers(keys.REFERRED, key)):
                rows = self._links_of(number)
                index = -1 if rows is None else rows.find(key)
                if rows is None or index < 0:
                    raise IndexDamagedError(self._where, "a reference without its links")
                yield path, rows, index

    def iter_referred(self) -> Iterator[str]:
        return self._symbols_in(keys.REFERRED)

    def _symbols_in(self, family: int) -> Iterator[str]:
        previous = b""
        for key, _ in self.iter_pieces(family):
            if key != previous:
                previous = key
                yield key.hex()

    def iter_related(self, symbol_id: str, kind: RelationKind) -> Iterator[SymbolPlace]:
        key = symbol_key(symbol_id)
        if key is None:
            return
        for path, number in self.sorted_by_path(self.numbers(keys.RELATED + kind, key)):
            rows = self._links_of(number)
            index = -1 if rows is None else rows.find(key)
            if rows is None or index < 0:
                raise IndexDamagedError(self._where, "a relation without its links")
            for symbol, definition in sorted(rows.related(index, kind), key=lambda pair: pair[1]):
                yield SymbolPlace(symbol, path, definition)

    def iter_related_to(self, kind: RelationKind) -> Iterator[str]:
        return self._symbols_in(keys.RELATED + kind)

    # small named values

    def find_meta(self, key: str) -> bytes | None:
        value = self._view().get(meta_key(key), db=self._tables.meta)
        return None if value is None else bytes(value)

    def iter_meta(self) -> Iterator[tuple[str, bytes]]:
        found = []
        with self._view().cursor(db=self._tables.meta) as cursor:
            if cursor.set_range(b"u"):
                found = [(to_text(key[1:]), bytes(value)) for key, value in cursor if key[:1] == b"u"]
        return iter(found)


def _matching(names: Iterable[tuple[str, str]], query: str, folded: str, kind: search.Match) -> Iterator[str]:
    """Those of some names that match in just this way."""
    return (name for this_folded, name in names if search.match(name, this_folded, query, folded) == kind)


def meta_key(key: str) -> bytes:
    """The key of a small named value; its name may have 480 bytes."""
    raw = to_bytes(key)
    if len(raw) > keys.LONGEST_TEXT:
        raise ValueError(f"the name of a value is longer than {keys.LONGEST_TEXT} bytes: {key[:40]!r}…")
    return b"u" + raw
