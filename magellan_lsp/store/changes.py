"""Writing to the tables of the embedded store.

Records of files go straight into the transaction. What is spread over many keys (postings, symbols, names) is
gathered and written in key order when it is needed or has become much: the database then fills page after
page, and a posting list is rewritten once for a thousand files, not once for each.

Works on transactions of the database without importing it. Tests: ``tests/store/``.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks
from magellan_lsp.store import codec, keys, search
from magellan_lsp.store.base import Family, FileRecord
from magellan_lsp.store.codec import LinkRows, to_bytes
from magellan_lsp.store.postings import LABELLED, posting_keys
from magellan_lsp.store.tables import STATE_KEY, TableReader, Tables, meta_key, read_state
from magellan_lsp.store.tier_changes import Calls, TierWriter

_Lists = dict[int, dict[Any, list[int]]]


class TableWriter(TierWriter):
    """One transaction's changes; see :class:`magellan_lsp.store.base.WriteTxn` for the promises.

    ``pending`` counts what is gathered in memory, in posting entries, and ``written`` the bytes put since it
    began.
    """

    def __init__(self, txn: Any, tables: Tables, where: Path) -> None:
        self._txn = txn
        self._tables = tables
        self._where = where
        self._raw = TableReader(lambda: txn, tables, where)  # sees what is written, not what is pending
        self._state = self._stored_state = read_state(txn, tables, where)
        self._adds: _Lists = {}
        self._drops: _Lists = {}
        self._added: set[int] = set()  # numbers of files with pending additions
        self._symbols: dict[bytes, bytes] = {}
        self._gone: dict[bytes, int] = {}
        self._calls_from: dict[bytes, bytes] = {}  # caller -> callees as they are to be; b"" for none
        self._calls_to: dict[bytes, dict[bytes, bool]] = {}  # callee -> caller -> whether it calls it now
        self.pending = 0
        self.written = 0

    def settled(self) -> Any:
        """The transaction, with everything pending written to it."""
        if self.pending or self._symbols or self._gone or self._calls_from:
            self._settle()
        if self._state != self._stored_state:
            self._txn.put(STATE_KEY, self._state.pack(), db=self._tables.meta)
            self._stored_state = self._state
        return self._txn

    def direct(self) -> Any:
        """The transaction as it is: with all files and facts, without what is pending."""
        return self._txn

    def finish(self) -> None:
        """Write what is pending and the counters. The transaction is then ready to be committed."""
        self._state = self._state._replace(generation=self._state.generation + 1)
        self.settled()

    # files

    def replace_file(self, record: FileRecord, facts: FileFacts | None, encoded: bytes | None = None) -> None:
        path = record.path
        if not path:
            raise ValueError("a file needs a path")
        if facts is None and encoded is not None:
            facts = codec.decode_facts(encoded, self._where)
        if facts is not None and (facts.path, facts.digest) != (path, record.digest):
            raise ValueError(f"record and facts of {path!r} are not of the same file")
        data = codec.encode_facts(facts) if facts is not None and encoded is None else encoded
        new_keys = posting_keys(path, facts)
        new_symbols = _symbols(facts)
        number = self._raw.number_of(path)
        if number is None:
            number = self._add_path(path)
            self._add(number, new_keys)
            self._drop_carried_chunks(path)
            n_symbols = 0
        else:
            n_symbols, old_keys, old_symbols = self._owned(path, number)
            if given := old_keys[LABELLED] & self._given_labels(number):
                new_keys[LABELLED] = new_keys.get(LABELLED, set()) | given
            self._drop_links(number)
            self._drop_details(number)
            self._drop(
                number, {family: names - new_keys.get(family, set()) for family, names in old_keys.items()}
            )
            self._add(
                number, {family: names - old_keys.get(family, set()) for family, names in new_keys.items()}
            )
            self._drop_symbols(number, old_symbols.keys() - new_symbols.keys())
        for key, definition in new_symbols.items():
            self._symbols[key] = keys.symbol_value(number, definition)
        self._state = self._state._replace(n_symbols=self._state.n_symbols + record.n_symbols - n_symbols)
        self._put_record(number, record._replace(linked=False))
        if facts is None or data is None:
            self._txn.delete(keys.number_key(number), db=self._tables.facts)
        else:
            self._txn.put(keys.number_key(number), data, db=self._tables.facts)
            self.written += len(data)

    def replace_links(
        self, links: FileLinks, facts: FileFacts | None = None, encoded: bytes | None = None
    ) -> None:
        number = self._raw.number_of(links.path)
        record = None if number is None else self._record(number)
        if number is None or record is None or record.digest != links.digest:
            raise ValueError(f"links of {links.path!r} are not of the stored facts")
        if encoded is not None:
            if self._txn.get(keys.number_key(number), db=self._tables.facts) is None:
                raise ValueError(f"links of {links.path!r} are not of the stored facts")
            self._put_links(number, record, encoded)
            return
        if facts is None:
            facts = self._raw.facts_of(number)
        if facts is None or facts.digest != links.digest:
            raise ValueError(f"links of {links.path!r} are not of the stored facts")
        self._put_links(number, record, codec.encode_links(links, facts))

    def _put_links(self, number: int, record: FileRecord, data: bytes) -> None:
        rows = LinkRows(data, self._where)
        old, old_calls = self._link_keys(number)
        new = _link_keys(rows)
        self._change_calls(old_calls, rows.calls())
        self._drop(number, {family: targets - new.get(family, set()) for family, targets in old.items()})
        self._add(number, {family: targets - old.get(family, set()) for family, targets in new.items()})
        self._txn.put(keys.number_key(number), data, db=self._tables.links)
        self.written += len(data)
        if not record.linked:
            self._put_record(number, record._replace(linked=True))

    def touch_file(self, path: str, mtime_ns: int, size: int) -> None:
        number = self._raw.number_of(path)
        if number is not None:
            self._put_record(number, self._record(number)._replace(mtime_ns=mtime_ns, size=size))

    def drop_links(self, path: str) -> None:
        number = self._raw.number_of(path)
        if number is not None and self._drop_links(number):
            self._put_record(number, self._record(number)._replace(linked=False))

    def remove_file(self, path: str) -> None:
        number = self._raw.number_of(path)
        if number is None:
            return
        n_symbols, old_keys, old_symbols = self._owned(path, number)
        self._drop_links(number)
        self._drop_details(number)
        self._drop_labels(number)
        self._drop(number, old_keys)
        self._drop_symbols(number, old_symbols.keys())
        for table in (self._tables.facts, self._tables.files):
            self._txn.delete(keys.number_key(number), db=table)
        self._txn.delete(keys.text_key(path), db=self._tables.paths)
        state = self._state
        self._state = state._replace(n_files=state.n_files - 1, n_symbols=state.n_symbols - n_symbols)

    def put_meta(self, key: str, value: bytes | None) -> None:
        if value is None:
            self._txn.delete(meta_key(key), db=self._tables.meta)
        else:
            self._txn.put(meta_key(key), value, db=self._tables.meta)

    def _add_path(self, path: str) -> int:
        state = self._state
        number = state.next_file
        self._state = state._replace(next_file=number + 1, n_files=state.n_files + 1)
        key = keys.text_key(path)
        full = to_bytes(path) if keys.is_cut(key) else b""
        self._txn.put(key, keys.number_key(number) + full, db=self._tables.paths)
        return number

    def _record(self, number: int) -> FileRecord:
        value = self._txn.get(keys.number_key(number), db=self._tables.files)
        return codec.decode_record(b"" if value is None else value, self._where)

    def _put_record(self, number: int, record: FileRecord) -> None:
        self._txn.put(keys.number_key(number), codec.encode_record(record), db=self._tables.files)

    def _owned(self, path: str, number: int) -> tuple[int, dict[int, set[str]], dict[bytes, int]]:
        """What a stored file counts for and is listed under: found from its own records, without a scan."""
        facts = self._raw.facts_of(number)
        owned = posting_keys(path, facts)
        owned[LABELLED] = owned.get(LABELLED, set()) | self._given_labels(number)
        return self._record(number).n_symbols, owned, _symbols(facts)

    def _link_keys(self, number: int) -> tuple[dict[int, set[bytes]], Calls]:
        """What a file's stored links are listed under, and the calls that they tell of."""
        value = self._txn.get(keys.number_key(number), db=self._tables.links)
        if value is None:
            return {}, {}
        rows = LinkRows(value, self._where)
        return _link_keys(rows), rows.calls()

    def _drop_links(self, number: int) -> bool:
        listed, calls = self._link_keys(number)
        self._drop(number, listed)
        self._change_calls(calls, {})
        return bool(self._txn.delete(keys.number_key(number), db=self._tables.links))

    def _drop_symbols(self, number: int, ids: Iterable[bytes]) -> None:
        for key in ids:
            value = self._symbols.get(key)
            if value is not None and keys.symbol_place(value)[0] == number:
                del self._symbols[key]
            self._gone[key] = number

    # pending

    def _add(self, number: int, lists: dict[int, set[Any]]) -> None:
        self._added.add(number)
        for family, texts in lists.items():
            if texts:
                table = self._adds.get(family)
                if table is None:
                    table = self._adds[family] = defaultdict(list)
                for text in texts:
                    table[text].append(number)
                self.pending += len(texts)

    def _drop(self, number: int, lists: dict[int, set[Any]]) -> None:
        # Pending removals are written before pending additions; so additions that came first must be written
        # by now.
        if number in self._added and any(lists.values()):
            self._settle()
        for family, texts in lists.items():
            if texts:
                table = self._drops.get(family)
                if table is None:
                    table = self._drops[family] = defaultdict(list)
                for text in texts:
                    table[text].append(number)
                self.pending += len(texts)

    def _settle(self) -> None:
        self._settle_symbols()
        self._settle_calls()
        # Which names exist follows from DEFINES, and the tokens under which names are found follow from that.
        self._settle_family(Family.DEFINES)
        for family in sorted(self._adds.keys() | self._drops.keys()):
            self._settle_family(family)
        self._adds.clear()
        self._drops.clear()
        self._added.clear()
        self.pending = 0

    def _settle_symbols(self) -> None:
        table = self._tables.symbols
        for key, number in sorted(self._gone.items()):
            value = self._txn.get(key, db=table)
            if value is not None and keys.symbol_place(value)[0] == number:
                self._txn.delete(key, db=table)
        if self._symbols:
            self._put_sorted(table, sorted(self._symbols.items()))
        self._gone.clear()
        self._symbols.clear()

    def _put_sorted(self, table: Any, items: list[tuple[bytes, bytes]]) -> None:
        if not items:
            return
        with self._txn.cursor(db=table) as cursor:
            append = not cursor.last() or cursor.key() < items[0][0]
            cursor.putmulti(items, append=append)

    def _settle_family(self, family: int) -> None:
        adds: dict[Any, list[int]] = self._adds.pop(family, {})
        drops: dict[Any, list[int]] = self._drops.pop(family, {})
        if not adds and not drops:
            return
        with self._txn.cursor(db=self._tables.postings) as cursor:
            is_new = not cursor.set_range(bytes([family])) or cursor.key()[0] != family
        texts = _texts_of_cut(family, adds)
        if is_new:
            self._put_sorted(self._tables.postings, _new_pieces(family, adds))
            born, dead = list(adds), list[Any]()
        else:
            born, dead = self._merge(family, adds, drops)
        if texts:
            self._put_sorted(self._tables.texts, sorted(texts.items()))
        for key in dead:
            raw = _raw_key(key)
            if keys.is_cut(raw):
                self._txn.delete(bytes([family]) + raw, db=self._tables.texts)
        if family == Family.DEFINES:
            self._name(born)
            self._unname(dead)

    def _merge(
        self, family: int, adds: dict[Any, list[int]], drops: dict[Any, list[int]]
    ) -> tuple[list[Any], list[Any]]:
        """Bring pending changes into stored lists; give the keys that came into being and those that went."""
        txn, table = self._txn, self._tables.postings
        puts: list[tuple[bytes, bytes]] = []
        appeared: list[Any] = []
        emptied: list[Any] = []
        for key in {**adds, **drops}:
            raw = _raw_key(key)
            added, dropped = adds.get(key, ()), drops.get(key, ())
            for chunk, (some_added, some_dropped) in _by_chunk(added, dropped):
                piece = keys.chunk_key(family, raw, chunk)
                value = txn.get(piece, db=table)
                before = set() if value is None else set(keys.unpack_members(chunk, value))
                after = before.difference(some_dropped).union(some_added)
                if after == before:
                    continue
                if after:
                    puts.append((piece, keys.pack_members(sorted(after))))
                    if not before:
                        appeared.append(key)
                else:
                    txn.delete(piece, db=table)
                    emptied.append(key)
        # A piece that came or went is not the whole list: look whether there are others.
        stored = self._raw
        born = [key for key in dict.fromkeys(appeared) if not stored.numbers(family, _raw_key(key))]
        if puts:
            puts.sort()
            self._put_sorted(table, puts)
        dead = [key for key in dict.fromkeys(emptied) if not stored.numbers(family, _raw_key(key))]
        return born, dead

    # names

    def _name(self, names: list[str]) -> None:
        """List new names of symbols under their tokens."""
        if not names:
            return
        names.sort()
        first = self._state.next_name
        self._state = self._state._replace(next_name=first + len(names))
        trigrams = self._adds.setdefault(keys.TRIGRAM, defaultdict(list))
        pairs = self._adds.setdefault(keys.PAIR, defaultdict(list))
        initials = self._adds.setdefault(keys.INITIALS, defaultdict(list))
        by_name: list[tuple[bytes, bytes]] = []
        by_number: list[tuple[bytes, bytes]] = []
        for number, name in enumerate(names, first):
            folded = search.fold(name)
            data = to_bytes(name)
            key = keys.number_key(number)
            by_name.append((keys.name_key(folded, name), key + data))
            by_number.append((key, data))
            for token in search.trigrams(folded):
                trigrams[token].append(number)
            for token in search.pairs(name, folded):
                pairs[token].append(number)
            if token := search.initials(name, folded):
                initials[token].append(number)
        by_name.sort()
        self._put_sorted(self._tables.names, by_name)
        self._put_sorted(self._tables.name_texts, by_number)

    def _unname(self, names: list[str]) -> None:
        """Forget names that no symbol has any more."""
        trigrams = self._drops.setdefault(keys.TRIGRAM, defaultdict(list))
        pairs = self._drops.setdefault(keys.PAIR, defaultdict(list))
        initials = self._drops.setdefault(keys.INITIALS, defaultdict(list))
        for name in names:
            folded = search.fold(name)
            key = keys.name_key(folded, name)
            value = self._txn.get(key, db=self._tables.names)
            if value is None:
                continue
            number = keys.number_of(value)
            self._txn.delete(key, db=self._tables.names)
            self._txn.delete(keys.number_key(number), db=self._tables.name_texts)
            for token in search.trigrams(folded):
                trigrams[token].append(number)
            for token in search.pairs(name, folded):
                pairs[token].append(number)
            if token := search.initials(name, folded):
                initials[token].append(number)


def _symbols(facts: FileFacts | None) -> dict[bytes, int]:
    """Definitions by symbol id."""
    if facts is None:
        return {}
    ids = bytes.fromhex("".join(facts.symbol_ids))
    return {ids[16 * row : 16 * row + 16]: i for i, row in enumerate(facts.def_symbol) if row >= 0}


def _link_keys(rows: LinkRows) -> dict[int, set[bytes]]:
    """By family, the symbols under which a file is listed for its links."""
    referred, related = rows.target_keys()
    lists = {keys.REFERRED: referred}
    for kind, target in related:
        lists.setdefault(keys.RELATED + kind, set()).add(target)
    return lists


def _raw_key(key: str | bytes) -> bytes:
    return key if isinstance(key, bytes) else keys.text_key(key)


def _texts_of_cut(family: int, adds: dict[Any, list[int]]) -> dict[bytes, bytes]:
    """Full texts of keys that are too long, by the key that stands for them."""
    longest = keys.LONGEST_TEXT // 4  # a character has at most four bytes
    texts = {}
    for key in adds:
        if len(key) > longest and isinstance(key, str):
            raw = keys.text_key(key)
            if keys.is_cut(raw):
                texts[bytes([family]) + raw] = to_bytes(key)
    return texts


def _by_chunk(
    added: Sequence[int], dropped: Sequence[int]
) -> Iterable[tuple[int, tuple[Sequence[int], Sequence[int]]]]:
    """Numbers to add and to drop, by the piece of the list that they belong to."""
    chunks = {number >> keys.CHUNK_BITS for number in (*added, *dropped)}
    if len(chunks) == 1:
        return [(chunks.pop(), (added, dropped))]
    parts: dict[int, tuple[list[int], list[int]]] = {chunk: ([], []) for chunk in chunks}
    for number in added:
        parts[number >> keys.CHUNK_BITS][0].append(number)
    for number in dropped:
        parts[number >> keys.CHUNK_BITS][1].append(number)
    return parts.items()


def _new_pieces(family: int, adds: dict[Any, list[int]]) -> list[tuple[bytes, bytes]]:
    """The pieces of lists that have none stored yet, in key order."""
    prefix = bytes([family])
    first = keys.number_key(0)
    pieces: list[tuple[bytes, bytes]] = []
    for key, numbers in adds.items():
        raw = prefix + _raw_key(key)
        numbers.sort()
        if numbers[-1] >> keys.CHUNK_BITS == 0:
            pieces.append((raw + first, array("H", numbers).tobytes()))
            continue
        by_chunk: dict[int, list[int]] = {}
        for number in numbers:
            by_chunk.setdefault(number >> keys.CHUNK_BITS, []).append(number)
        pieces += [
            (raw + keys.number_key(chunk), keys.pack_members(some)) for chunk, some in by_chunk.items()
        ]
    pieces.sort()
    return pieces
