"""Reading the second tier from the tables of the embedded store; part of ``TableReader``.

Works on transactions of the database without importing it. Tests: ``tests/store/test_second_tier.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magellan_lsp.errors import IndexDamagedError
from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.store import codec, details, keys
from magellan_lsp.store.codec import SymbolRows, to_bytes, to_text
from magellan_lsp.store.postings import LABELLED
from magellan_lsp.store.second_tier import Detail, Execution
from magellan_lsp.store.words import labels_of

if TYPE_CHECKING:
    from magellan_lsp.store.base import SymbolPlace
    from magellan_lsp.store.tables import Tables

#: First byte of the keys of carried chunks; of a carried record's it is the kind's, which is not empty.
CARRIED_CHUNKS = b"\0"

# First bytes of the keys of executions: in order, and by their own id.
EXECUTION_ORDER = b"o"
EXECUTION_ID = b"e"


class TierReader:
    """The second tier of one transaction; see :class:`magellan_lsp.store.second_tier.SecondTierReader`."""

    _view: Callable[[], Any]
    _tables: Tables
    _where: Path

    if TYPE_CHECKING:

        def number_of(self, path: str) -> int | None: ...
        def numbers(self, family: int, key: str | bytes) -> list[int]: ...
        def find_symbol(self, symbol_id: str) -> SymbolPlace | None: ...
        def iter_pieces(self, family: int) -> Iterator[tuple[bytes, list[int]]]: ...
        def rows_of(self, number: int) -> SymbolRows | None: ...
        def sorted_by_path(self, numbers: list[int]) -> list[tuple[str, int]]: ...

    # calls

    def find_callees(self, symbol_id: str) -> list[str]:
        return self._neighbours(self._tables.calls_from, symbol_id)

    def find_callers(self, symbol_id: str) -> list[str]:
        return self._neighbours(self._tables.calls_to, symbol_id)

    def _neighbours(self, table: Any, symbol_id: str) -> list[str]:
        # Graph algorithms ask this for every symbol that they visit: each call counts.
        try:
            key = bytes.fromhex(symbol_id)
        except ValueError:
            return []
        value = self._view().get(key, db=table) if len(key) == 16 else None
        if value is None or key.hex() != symbol_id:
            return []
        return ids_in(value)

    def iter_calls(self) -> Iterator[tuple[str, list[str]]]:
        with self._view().cursor(db=self._tables.calls_from) as cursor:
            for key, value in cursor:
                yield key.hex(), ids_in(value)

    def iter_callers(self) -> Iterator[str]:
        return self._keys_of(self._tables.calls_from)

    def iter_callees(self) -> Iterator[str]:
        return self._keys_of(self._tables.calls_to)

    def _keys_of(self, table: Any) -> Iterator[str]:
        with self._view().cursor(db=table) as cursor:
            for key, _ in cursor:
                yield key.hex()

    # details

    def find_computed(self, path: str) -> frozenset[Detail]:
        number = self.number_of(path)
        if number is None:
            return frozenset()
        return frozenset(detail for detail in Detail if self._detail(number, detail) is not None)

    def find_chunks(self, path: str) -> list[Chunk] | None:
        number = self.number_of(path)
        if number is None:
            return self._carried_chunks(path)
        if self._detail(number, Detail.CHUNKS) is None:
            return None
        return [details.decode_chunk(value, self._where) for value in self._all(number, Detail.CHUNKS)]

    def find_chunk(self, path: str, start: int, end: int) -> Chunk | None:
        number = self.number_of(path)
        if number is None:
            carried = self._carried_chunks(path) or ()
            return next((chunk for chunk in carried if (chunk.start, chunk.end) == (start, end)), None)
        if min(start, end) < 0 or max(start, end) >= 1 << 64:
            return None
        value = next(self._all(number, Detail.CHUNKS, details.chunk_key(start, end)), None)
        return None if value is None else details.decode_chunk(value, self._where)

    def find_chunks_of_symbol(self, symbol_id: str) -> list[Chunk] | None:
        found = self._owner(symbol_id)
        rows = None if found is None else self._detail(found[0], Detail.CHUNKS)
        if found is None or rows is None:
            return None
        chunks = []
        for span in details.spans_of_symbol(rows, found[1]):
            value = self._detail(found[0], Detail.CHUNKS, details.chunk_key(*span, found[1]))
            if value is None:
                raise IndexDamagedError(self._where, "a listed chunk that is not there")
            chunks.append(details.decode_chunk(value, self._where))
        return chunks

    def find_cfgs(self, path: str) -> list[Cfg] | None:
        number = self.number_of(path)
        if number is None or self._detail(number, Detail.CFGS) is None:
            return None
        cfgs = [details.decode_cfg(value, self._where) for value in self._all(number, Detail.CFGS)]
        return sorted(cfgs, key=lambda cfg: (cfg.start, cfg.end, cfg.symbol))

    def find_cfg(self, symbol_id: str) -> Cfg | None:
        found = self._owner(symbol_id)
        if found is None:
            return None
        value = next(self._all(found[0], Detail.CFGS, found[1]), None)
        return None if value is None else details.decode_cfg(value, self._where)

    def find_ast(self, path: str) -> list[AstNode] | None:
        value = self._whole(path, Detail.AST)
        return None if value is None else details.decode_ast(value, self._where)

    def find_file_metrics(self, path: str) -> FileMetrics | None:
        value = self._whole(path, Detail.FILE_METRICS)
        return None if value is None else details.decode_file_metrics(value, self._where)

    def find_symbol_metrics(self, symbol_id: str) -> SymbolMetrics | None:
        found = self._owner(symbol_id)
        value = None if found is None else self._detail(found[0], Detail.SYMBOL_METRICS, found[1])
        return None if value is None else details.decode_symbol_metrics(value, self._where)

    def find_symbol_metrics_of_file(self, path: str) -> list[SymbolMetrics] | None:
        if self._whole(path, Detail.SYMBOL_METRICS) is None:
            return None
        number = self.number_of(path)
        assert number is not None
        values = self._all(number, Detail.SYMBOL_METRICS)
        return [details.decode_symbol_metrics(value, self._where) for value in values]

    def _whole(self, path: str, detail: Detail) -> Any:
        number = self.number_of(path)
        return None if number is None else self._detail(number, detail)

    def _owner(self, symbol_id: str) -> tuple[int, bytes] | None:
        """(file number, 16 bytes) of a symbol that is there."""
        key = symbol_key(symbol_id)
        value = None if key is None else self._view().get(key, db=self._tables.symbols)
        return None if key is None or value is None else (keys.symbol_place(value)[0], key)

    def _detail(self, number: int, detail: Detail, rest: bytes = b"") -> Any:
        return self._view().get(keys.detail_key(number, detail, rest), db=self._tables.details)

    def _all(self, number: int, detail: Detail, begin: bytes = b"") -> Iterator[Any]:
        """The values of a detail's records (not of what stands before them) whose keys' rest begins so."""
        prefix = keys.detail_key(number, detail, begin)
        bare = len(keys.detail_key(number, detail))
        with self._view().cursor(db=self._tables.details) as cursor:
            if cursor.set_range(prefix):
                for key, value in cursor:
                    if key[: len(prefix)] != prefix:
                        return
                    if len(key) > bare:
                        yield value

    # labels

    def find_labels(self, symbol_id: str) -> list[str]:
        place = self.find_symbol(symbol_id)
        number = None if place is None else self.number_of(place.path)
        rows = None if number is None else self.rows_of(number)
        if place is None or number is None or rows is None:
            return []
        if place.definition >= len(rows.def_kind):
            raise IndexDamagedError(self._where, "a symbol without its definition")
        labels = labels_of(rows.language, rows.def_kind[place.definition])
        return sorted(labels.union(self._given_labels(number, bytes.fromhex(symbol_id))))

    def _given_labels(self, number: int, symbol: bytes) -> list[str]:
        value = self._view().get(keys.number_key(number) + symbol, db=self._tables.labels)
        return [] if value is None else codec.decode_texts(value, self._where)

    def iter_labelled(self, label: str) -> Iterator[SymbolPlace]:
        from magellan_lsp.store.base import SymbolPlace

        for path, number in self.sorted_by_path(self.numbers(LABELLED, label)):
            rows = self.rows_of(number)
            if rows is None:
                continue
            kinds = {kind for kind in set(rows.def_kind) if label in labels_of(rows.language, kind)}
            given = self._given_in(number, label)
            for definition in rows.definitions():
                symbol = rows.symbol_ids[rows.def_symbol[definition]]
                if rows.def_kind[definition] in kinds or symbol in given:
                    yield SymbolPlace(symbol, path, definition)

    def _given_in(self, number: int, label: str) -> set[str]:
        return {symbol for symbol, labels in self.given_labels(number) if label in labels}

    def given_labels(self, number: int) -> list[tuple[str, list[str]]]:
        """(SymbolId, labels) of every symbol of a file that was given some, symbols that went among them."""
        prefix = keys.number_key(number)
        found = []
        with self._view().cursor(db=self._tables.labels) as cursor:
            if cursor.set_range(prefix):
                for key, value in cursor:
                    if key[:4] != prefix:
                        break
                    found.append((bytes(key[4:]).hex(), codec.decode_texts(value, self._where)))
        return found

    def iter_labels(self) -> Iterator[str]:
        labels = set()
        for raw, _ in self.iter_pieces(LABELLED):
            full = (
                self._view().get(bytes([LABELLED]) + raw, db=self._tables.texts) if keys.is_cut(raw) else raw
            )
            if full is None:
                raise IndexDamagedError(self._where, "a long label without its text")
            labels.add(to_text(full))
        return iter(sorted(labels))

    # executions

    def find_execution(self, execution_id: str) -> Execution | None:
        order = self._view().get(EXECUTION_ID + keys.text_key(execution_id), db=self._tables.executions)
        if order is None:
            return None
        value = self._view().get(EXECUTION_ORDER + bytes(order), db=self._tables.executions)
        if value is None:
            raise IndexDamagedError(self._where, "an execution that is only listed")
        found = details.decode_execution(value, self._where)
        return found if found.execution_id == execution_id else None

    def iter_executions(self) -> Iterator[Execution]:
        with self._view().cursor(db=self._tables.executions) as cursor:
            if cursor.set_range(EXECUTION_ORDER):
                for key, value in cursor:
                    if key[:1] != EXECUTION_ORDER:
                        return
                    yield details.decode_execution(value, self._where)

    # carried

    def find_carried(self, kind: str, key: bytes) -> bytes | None:
        value = self._view().get(carried_key(kind, key), db=self._tables.carried)
        return None if value is None else bytes(value)

    def iter_carried(self, kind: str, prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        first = carried_key(kind, prefix)
        skip = len(first) - len(prefix)
        with self._view().cursor(db=self._tables.carried) as cursor:
            if cursor.set_range(first):
                for key, value in cursor:
                    if key[: len(first)] != first:
                        return
                    yield bytes(key[skip:]), bytes(value)

    def iter_carried_kinds(self) -> Iterator[str]:
        after = b"\1"
        while True:
            with self._view().cursor(db=self._tables.carried) as cursor:
                if not cursor.set_range(after):
                    return
                kind = bytes(cursor.key()).partition(b"\0")[0]
            yield to_text(kind)
            after = kind + b"\1"

    def iter_carried_chunk_paths(self) -> Iterator[str]:
        paths = []
        with self._view().cursor(db=self._tables.carried) as cursor:
            if cursor.set_range(CARRIED_CHUNKS):
                for key, value in cursor:
                    if key[:1] != CARRIED_CHUNKS:
                        break
                    paths.append(details.decode_chunks(value, self._where)[0])
        return iter(sorted(paths))

    def _carried_chunks(self, path: str) -> list[Chunk] | None:
        value = self._view().get(CARRIED_CHUNKS + keys.text_key(path), db=self._tables.carried)
        if value is None:
            return None
        found, chunks = details.decode_chunks(value, self._where)
        return chunks if found == path else None


def ids_in(value: bytes | memoryview) -> list[str]:
    """The ids that lie in a value one after another, 16 bytes each."""
    # With separators, which takes a third of the time that slices do.
    return value.hex(" ", -16).split() if len(value) > 16 else [value.hex()]


def carried_key(kind: str, key: bytes) -> bytes:
    """The key of a carried record.

    Raises:
        ValueError: kind or key cannot be one.
    """
    raw = to_bytes(kind)
    if not raw or b"\0" in raw or len(raw) > 60 or len(key) > 400:
        raise ValueError(f"no carried record can have the kind {kind[:60]!r} and a key of {len(key)} bytes")
    return raw + b"\0" + key


def symbol_key(symbol_id: str) -> bytes | None:
    """The id's 16 bytes; None for a text that is no SymbolId."""
    try:
        key = bytes.fromhex(symbol_id)
    except ValueError:
        return None
    return key if len(key) == 16 and key.hex() == symbol_id else None
