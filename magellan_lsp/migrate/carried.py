"""Magellan's rows in a store: put there as they are, read back, and said to be whole.

Carried records of two kinds: ``magellan`` has a state, a schema and a report; ``magellan.rows`` has the blocks, by
table and number. Rows count only when the state is ``whole``: what a killed process left is cleared by the next one.
Tests: ``tests/migration/test_automatic.py``.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs
import msgspec

from magellan_lsp import collector
from magellan_lsp.errors import IndexDamagedError
from magellan_lsp.migrate.original import Original
from magellan_lsp.migrate.rows import Schema, Table, decode, iter_blocks
from magellan_lsp.migrate.tally import Counting, Digests, Tally, count, differences
from magellan_lsp.store.base import Reader, Store

KIND: Final = "magellan"
ROWS: Final = "magellan.rows"
_STATE, _SCHEMA, _REPORT, _ANSWERS, _PATHS = b"state", b"schema", b"report", b"answers", b"paths"
_PARTIAL, _WHOLE = b"partial", b"whole"

_KEY = struct.Struct(">HI")  # table, block

#: Bytes of blocks that one transaction takes: what bounds the memory.
TRANSACTION_BYTES: Final = 16 << 20

Progress = Callable[[int, int], None]


class Mismatch(Exception):
    """What was put into the store is not what was read; ``args[0]`` lists how."""


def take_over(
    original: Original,
    store: Store,
    progress: Progress = lambda done, total: None,
    check: Callable[[], None] = lambda: None,
) -> Tally:
    """Put all rows of a database into a store, read them back, and compare. They count from :func:`confirm` on.

    Args:
        original: where they come from.
        store: open for writing. What was carried there before is cleared.
        progress: called with rows done and rows there are.
        check: called now and then; what it raises ends the work.

    Raises:
        Mismatch: the copy differs. It was cleared.
    """
    clear(store)
    expected = count(original.connection, original.schema)
    total = expected.rows + sum(expected.shadows.values())
    counting = Counting()
    done = waiting = 0
    held: list[tuple[bytes, bytes]] = []

    def flush() -> None:
        nonlocal waiting
        with store.write() as txn:
            for key, block in held:
                txn.put_carried(ROWS, key, block)
        held.clear()
        waiting = 0

    with store.write() as txn:
        txn.put_carried(KIND, _STATE, _PARTIAL)
        txn.put_carried(KIND, _SCHEMA, msgspec.msgpack.encode(original.schema))
    with collector.paused():
        for number, table in enumerate(original.schema.tables):
            counting.begin(table)
            for index, (rows, block) in enumerate(iter_blocks(original.connection, table)):
                counting.take(table, rows, block)
                held.append((_KEY.pack(number, index), block))
                waiting += len(block)
                done += len(rows)
                if waiting > TRANSACTION_BYTES:
                    flush()
                    progress(done, total)
                check()
        flush()
    progress(done, total)
    found = counting.result()
    # What SQLite counted is what went by, and what is in the store is what went by.
    expected.digests = found.digests
    wrong = differences(expected, found)
    if not wrong:
        with store.read() as reader:
            wrong = differences(found, attrs.evolve(found, digests=digests_of(reader, original.schema)))
    if wrong:
        clear(store)
        raise Mismatch(wrong)
    return found


def digests_of(reader: Reader, schema: Schema) -> dict[str, bytes]:
    """Digests of the tables as they are in the store."""
    digests = Digests()
    names = [table.name for table in schema.tables]
    for key, block in reader.iter_carried(ROWS):
        number, _ = _KEY.unpack(key)
        digests.take(names[number], block)
    return digests.result()


def confirm(store: Store, report: dict[str, Any], answers: bytes) -> None:
    """Say that the rows are whole, how they came to be there, and whether answers are still to be made of them; in one
    transaction.
    """
    with store.write() as txn:
        txn.put_carried(KIND, _REPORT, msgspec.json.encode(report))
        txn.put_carried(KIND, _ANSWERS, answers)
        txn.put_carried(KIND, _STATE, _WHOLE)


def note_answers(store: Store, answers: bytes) -> None:
    """Say whether answers are still to be made of the rows."""
    with store.write() as txn:
        txn.put_carried(KIND, _ANSWERS, answers)


def find_answers(reader: Reader) -> bytes | None:
    """What was said of that last; None when there are no rows that count."""
    if reader.find_carried(KIND, _STATE) != _WHOLE:
        return None
    return reader.find_carried(KIND, _ANSWERS)


def note(store: Store, report: dict[str, Any]) -> None:
    """Keep a report of something that came to nothing, or of what was done since."""
    with store.write() as txn:
        txn.put_carried(KIND, _REPORT, msgspec.json.encode(report))


def clear(store: Store) -> None:
    """Forget all rows; the last report stays."""
    with store.write() as txn:
        if txn.reader().find_carried(KIND, _STATE) is None:
            return
        txn.put_carried(KIND, _STATE, _PARTIAL)
    while True:
        with store.write() as txn:
            keys = []
            for key, _ in txn.reader().iter_carried(ROWS):
                keys.append(key)
                if len(keys) == 64:
                    break
            for key in keys:
                txn.put_carried(ROWS, key, None)
            if len(keys) < 64:
                txn.put_carried(KIND, _SCHEMA, None)
                txn.put_carried(KIND, _ANSWERS, None)
                txn.put_carried(KIND, _PATHS, None)
                txn.put_carried(KIND, _STATE, None)
                return


def replace(
    store: Store,
    connection: sqlite3.Connection,
    schema: Schema,
    paths: Sequence[str],
    check: Callable[[], None] = lambda: None,
) -> None:
    """Carry the rows of a database in the place of those that are carried, in one transaction, which is to hold what is
    new: meant for few rows.

    Args:
        schema: of the database.
        paths: of the files that they are about, as :func:`find_paths` gives them.
    """
    with collector.paused(), store.write() as txn:
        for key in [key for key, _ in txn.reader().iter_carried(ROWS)]:
            txn.put_carried(ROWS, key, None)
        for number, table in enumerate(schema.tables):
            for index, (_, block) in enumerate(iter_blocks(connection, table)):
                txn.put_carried(ROWS, _KEY.pack(number, index), block)
                check()
        txn.put_carried(KIND, _SCHEMA, msgspec.msgpack.encode(schema))
        txn.put_carried(KIND, _PATHS, msgspec.msgpack.encode(paths))


def note_paths(store: Store, paths: Sequence[str]) -> None:
    """Say which files the rows are about, by our paths."""
    data = msgspec.msgpack.encode(paths)
    with store.read() as reader:
        if reader.find_carried(KIND, _PATHS) == data:
            return
    with store.write() as txn:
        txn.put_carried(KIND, _PATHS, data)


def find_paths(reader: Reader) -> set[str] | None:
    """What was said of that; None when nothing was."""
    data = reader.find_carried(KIND, _PATHS)
    return None if data is None else msgspec.msgpack.decode(data, type=set[str])


def is_partial(reader: Reader) -> bool:
    """Whether there is what a killed process left."""
    return reader.find_carried(KIND, _STATE) == _PARTIAL


def find_schema(reader: Reader, *, partial: bool = False) -> Schema | None:
    """The schema of the rows that are carried; None when there are none that count (``partial``: none at all)."""
    if reader.find_carried(KIND, _STATE) != _WHOLE and not partial:
        return None
    data = reader.find_carried(KIND, _SCHEMA)
    return None if data is None else msgspec.msgpack.decode(data, type=Schema)


def find_report(reader: Reader) -> dict[str, Any] | None:
    """The report of the last migration into this store."""
    data = reader.find_carried(KIND, _REPORT)
    return None if data is None else msgspec.json.decode(data, type=dict[str, Any])


def iter_table(reader: Reader, schema: Schema, table: Table) -> Iterator[tuple[list[list[Any]], bool, bytes]]:
    """(rows, whether a text among them is no UTF-8, the block) of a table, block by block."""
    number = schema.tables.index(table)
    for key, block in reader.iter_carried(ROWS, struct.pack(">H", number)):
        try:
            rows, is_odd = decode(block)
        except (msgspec.MsgspecError, ValueError) as error:
            raise IndexDamagedError(
                _where(reader), f"carried rows that do not decode ({key.hex()})"
            ) from error
        yield rows, is_odd, block


def iter_blocks_of(reader: Reader, schema: Schema, table: Table) -> Iterator[bytes]:
    """The blocks of a table."""
    number = schema.tables.index(table)
    return (block for _, block in reader.iter_carried(ROWS, struct.pack(">H", number)))


def tally_of(reader: Reader, schema: Schema, check: Callable[[], None] = lambda: None) -> Tally:
    """Count what is carried."""
    counting = Counting()
    for table in schema.tables:
        counting.begin(table)
        for rows, _, block in iter_table(reader, schema, table):
            counting.take(table, rows, block)
            check()
    return counting.result()


def _where(reader: Reader) -> Any:
    return getattr(reader, "_where", "")


def block_of(reader: Reader, schema: Schema, table: Table, index: int) -> list[list[Any]]:
    """The rows of one block of a table."""
    data = reader.find_carried(ROWS, _KEY.pack(schema.tables.index(table), index))
    if data is None:
        raise IndexDamagedError(_where(reader), "a block of carried rows is missing")
    return decode(data)[0]
