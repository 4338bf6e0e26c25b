"""A table of SQLite with the face of one of LMDB's: get, put, delete, and a cursor that goes forward.

Only what the code over both of them uses (:mod:`magellan_lsp.store.tables`, :mod:`magellan_lsp.store.changes`),
with the meaning that it has there. Tests: ``tests/store/``.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from magellan_lsp.store.sqlite.schema import NUMBERED, PREFIX
from magellan_lsp.store.tables import Tables


class Table(NamedTuple):
    """One table's statements, prepared once by the connection that runs them."""

    get: str
    put: str
    delete: str
    begin: str  # rows from a key on
    all: str
    last: str
    numbered: bool

    def key(self, key: bytes) -> Any:
        """The key as it is stored."""
        return int.from_bytes(key, "big") if self.numbered else key


def _table(name: str) -> Table:
    full = PREFIX + name
    return Table(
        f"SELECT value FROM {full} WHERE key = ?",
        f"INSERT OR REPLACE INTO {full} (key, value) VALUES (?, ?)",
        f"DELETE FROM {full} WHERE key = ?",
        f"SELECT key, value FROM {full} WHERE key >= ? ORDER BY key",
        f"SELECT key, value FROM {full} ORDER BY key",
        f"SELECT max(key) FROM {full}",
        name in NUMBERED,
    )


#: All tables, by the fields' names.
TABLES = Tables(*map(_table, Tables._fields))


class RowTxn:
    """What LMDB's transaction is to the code above: the connection's own, which somebody else begins and ends."""

    __slots__ = ("_execute", "connection")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._execute = connection.execute

    def get(self, key: bytes, db: Table) -> bytes | None:
        row = self._execute(db.get, (int.from_bytes(key, "big") if db.numbered else key,)).fetchone()
        return None if row is None else _checked(row[0])

    def put(self, key: bytes, value: bytes, db: Table) -> bool:
        self._execute(db.put, (db.key(key), value))
        return True

    def delete(self, key: bytes, db: Table) -> bool:
        return self._execute(db.delete, (db.key(key),)).rowcount > 0

    def cursor(self, db: Table) -> RowCursor:
        return RowCursor(self.connection, db)


class RowCursor:
    """Goes forward through a table of byte keys."""

    __slots__ = ("_connection", "_row", "_rows", "_table")

    def __init__(self, connection: sqlite3.Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._rows: sqlite3.Cursor | None = None
        self._row: tuple[bytes, bytes] | None = None

    def __enter__(self) -> RowCursor:
        return self

    def __exit__(self, *_: object) -> None:
        if self._rows is not None:
            self._rows.close()

    def set_range(self, key: bytes) -> bool:
        """Stand at the first row whose key is not below this one."""
        self._rows = self._connection.execute(self._table.begin, (key,))
        self._row = self._rows.fetchone()
        if self._row is not None and not self._table.numbered:
            _checked(self._row[0])
        return self._row is not None

    def last(self) -> bool:
        """Stand at the last row, for its key alone."""
        (key,) = self._connection.execute(self._table.last).fetchone()
        if key is None:
            return False
        self._row = (key.to_bytes(4, "big") if self._table.numbered else key, b"")
        return True

    def key(self) -> bytes:
        return self._row[0] if self._row is not None else b""

    def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
        if self._rows is None:
            self._rows = self._connection.execute(self._table.all)
        elif self._row is not None:
            _checked(self._row[1])
            yield self._row
        has_numbers = self._table.numbered
        for row in self._rows:
            _checked(row[1] if has_numbers or row[0].__class__ is bytes else row[0])
            yield row

    def iternext(self, *, keys: bool, values: bool) -> Iterator[bytes]:
        """The keys, from here on."""
        assert keys
        assert not values
        return (key for key, _ in self)

    def putmulti(self, items: Iterable[tuple[bytes, bytes]], *, append: bool) -> None:
        """Put many; it does not matter here whether they come last."""
        table = self._table
        if table.numbered:
            items = [(table.key(key), value) for key, value in items]
        self._connection.executemany(table.put, items)


def _checked(value: Any) -> bytes:
    """What a row should hold.

    Raises:
        struct.error: SQLite, to which any column may hold anything, found something else. Becomes an ``IndexDamagedError``
            where a transaction ends.
    """
    if value.__class__ is not bytes:
        raise struct.error(f"{type(value).__name__} in the place of bytes")
    return value
