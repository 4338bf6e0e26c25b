"""The tables of a SQLite database and their rows, as data: what a database holds, whatever its schema.

A table travels in blocks, each a list of rows in msgpack. A row has the rowid first where the table has one that no
column shows. Values keep their storage class: integer, real, text, blob, null; text that is no UTF-8 is an extension
of type 1 with its bytes (and its block one of type 2). The blocks of equal tables are equal, byte for byte.

Tests: ``tests/migration/test_round_trip.py``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec

#: Bytes that a block is to have about, and the most rows in one.
BLOCK_BYTES = 64 << 10
BLOCK_ROWS = 2048
_FIRST_ROWS = 64

_ODD_TEXT, _ODD_BLOCK = 1, 2

Row = tuple[Any, ...]


class OddText(bytes):
    """A text that is no UTF-8."""


class Table(msgspec.Struct, frozen=True, array_like=True):
    """One table whose rows are stored.

    Attributes:
        name: of the table.
        sql: what made it; "" for those that SQLite makes by itself (``sqlite_sequence``).
        columns: in order, without those that are computed.
        rowid: the name under which its hidden rowid is read and written; "" where there is none, or a column shows it.
        is_shadow: it belongs to a virtual table.
    """

    name: str
    sql: str
    columns: tuple[str, ...]
    rowid: str = ""
    is_shadow: bool = False

    @property
    def selected(self) -> tuple[str, ...]:
        """What a row holds: the columns, the hidden rowid before them."""
        return (self.rowid, *self.columns) if self.rowid else self.columns

    def index(self, column: str) -> int:
        """Where in a row a column stands; -1 when there is none."""
        try:
            return self.columns.index(column) + bool(self.rowid)
        except ValueError:
            return -1


class Object(msgspec.Struct, frozen=True, array_like=True):
    """What a schema has besides tables: a virtual table, index, trigger or view."""

    type: str
    name: str
    table: str
    sql: str


class Schema(msgspec.Struct, frozen=True, array_like=True):
    """The schema of a database."""

    tables: tuple[Table, ...]
    objects: tuple[Object, ...]
    user_version: int = 0
    application_id: int = 0
    encoding: str = "UTF-8"
    page_size: int = 4096
    auto_vacuum: int = 0

    def table(self, name: str) -> Table | None:
        """A table by its name."""
        return next((table for table in self.tables if table.name == name), None)


class Block(NamedTuple):
    """Some rows of a table, and their encoding."""

    rows: list[Row]
    data: bytes


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def read_schema(connection: sqlite3.Connection) -> Schema:
    """The schema, in the order in which it was made."""
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid").fetchall()
    virtual = [name for kind, name, _, sql in rows if kind == "table" and _is_virtual(sql)]
    tables, objects = [], []
    for kind, name, table, sql in rows:
        if kind == "table" and not _is_virtual(sql):
            is_shadow = any(name.startswith(f"{one}_") for one in virtual) and name not in virtual
            own = "" if name.startswith("sqlite_") else str(sql or "")
            tables.append(_table(connection, str(name), own, is_shadow))
        elif sql:
            objects.append(
                Object("virtual" if kind == "table" else str(kind), str(name), str(table), str(sql))
            )

    def pragma(name: str) -> Any:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]

    return Schema(
        tuple(tables),
        tuple(objects),
        *(
            pragma(name)
            for name in ("user_version", "application_id", "encoding", "page_size", "auto_vacuum")
        ),
    )


def _is_virtual(sql: str | None) -> bool:
    return bool(sql) and str(sql).lstrip()[:15].upper().startswith("CREATE VIRTUAL")


def _table(connection: sqlite3.Connection, name: str, sql: str, is_shadow: bool) -> Table:
    info = connection.execute(f"PRAGMA table_xinfo({quoted(name)})").fetchall()
    columns = tuple(
        str(row[1]) for row in info if row[6] == 0
    )  # hidden: 1 of a virtual table, 2 and 3 computed
    keys = [row for row in info if row[5]]
    shows_rowid = len(keys) == 1 and str(keys[0][2]).upper() == "INTEGER"
    taken = {column.lower() for column in columns}
    rowid = next((word for word in ("rowid", "_rowid_", "oid") if word not in taken), "")
    if shows_rowid or not rowid or not _has_rowid(connection, name, rowid):
        rowid = ""
    return Table(name, sql, columns, rowid, is_shadow)


def _has_rowid(connection: sqlite3.Connection, name: str, rowid: str) -> bool:
    try:
        connection.execute(f"SELECT {rowid} FROM {quoted(name)} LIMIT 0")
    except sqlite3.OperationalError:
        return False  # WITHOUT ROWID
    return True


# Reading
# ----------------------------------------------------------------------------------------------------------


def iter_blocks(connection: sqlite3.Connection, table: Table) -> Iterator[Block]:
    """All rows of a table, in its own order, a block at a time."""
    for rows, may_be_odd in _iter_rows(connection, table):
        yield Block(rows, encode(rows, may_be_odd=may_be_odd))


def iter_rows(connection: sqlite3.Connection, table: Table) -> Iterator[list[Row]]:
    """All rows of a table, in its own order, as many at a time as make a block."""
    for rows, _ in _iter_rows(connection, table):
        yield rows


def _iter_rows(connection: sqlite3.Connection, table: Table) -> Iterator[tuple[list[Row], bool]]:
    question = _question(table)
    done = 0
    try:
        for rows in _blocks_of(connection.execute(question)):
            done += len(rows)
            yield rows, False
        return
    except sqlite3.OperationalError as error:
        if not _is_decoding(error):
            raise
    # Again, with a function that takes every text: slow, and as many rows at a time as before.
    factory, connection.text_factory = connection.text_factory, _text
    try:
        seen = 0
        for rows in _blocks_of(connection.execute(question)):
            seen += len(rows)
            if seen > done:
                yield rows, True
    finally:
        connection.text_factory = factory


def _blocks_of(cursor: sqlite3.Cursor) -> Iterator[list[Row]]:
    # How many rows come next is a function of the rows before, so that equal tables make equal blocks.
    n_rows = _FIRST_ROWS
    while rows := cursor.fetchmany(n_rows):
        yield rows
        step = max(1, len(rows) // 32)
        n_bytes = sum(map(_weight, rows[::step])) * step
        n_rows = max(1, min(BLOCK_BYTES * len(rows) // max(n_bytes, 1), n_rows * 4, BLOCK_ROWS))


def _weight(row: Row) -> int:
    return sum([len(value) if isinstance(value, str | bytes) else 8 for value in row])


def _text(data: bytes) -> str | OddText:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return OddText(data)


def holds(connection: sqlite3.Connection, table: Table, blocks: Iterable[bytes]) -> Iterator[Block | None]:
    """Whether a table holds just what some blocks do, byte for byte: each of them with its rows, then nothing; None where
    the table differs, and no more then.

    Quicker than to make the table's own blocks, since their sizes are known.
    """
    factory = connection.text_factory
    cursor = connection.execute(_question(table))
    try:
        for block in blocks:
            is_odd = block[:1] in _EXT
            connection.text_factory = _text if is_odd else factory
            rows = cursor.fetchmany(_n_rows(block))
            if encode(rows, may_be_odd=is_odd) != block:
                yield None
                return
            yield Block(rows, block)
        if cursor.fetchone() is not None:
            yield None
    except sqlite3.OperationalError as error:
        if not _is_decoding(error):
            raise
        yield None
    finally:
        connection.text_factory = factory


def _question(table: Table) -> str:
    selected = ", ".join([table.rowid] * bool(table.rowid) + [quoted(name) for name in table.columns])
    return f"SELECT {selected} FROM {quoted(table.name)}"


def _is_decoding(error: sqlite3.OperationalError) -> bool:
    """Whether a text was no UTF-8."""
    return "decode to UTF-8" in str(error)


# Blocks
# ----------------------------------------------------------------------------------------------------------

_encoder = msgspec.msgpack.Encoder()


def encode(rows: Sequence[Any], *, may_be_odd: bool = False) -> bytes:
    """Rows as a block; ``may_be_odd``: there may be an OddText among the values."""
    if may_be_odd and has_odd(rows):
        plain = [[_extension(value) for value in row] for row in rows]
        return _encoder.encode(msgspec.msgpack.Ext(_ODD_BLOCK, _encoder.encode(plain)))
    return _encoder.encode(rows)


def has_odd(rows: Sequence[Any]) -> bool:
    """Whether an OddText is among the values."""
    return any(isinstance(value, OddText) for row in rows for value in row)


def _extension(value: Any) -> Any:
    return msgspec.msgpack.Ext(_ODD_TEXT, bytes(value)) if isinstance(value, OddText) else value


def _value(code: int, data: memoryview) -> Any:
    if code == _ODD_TEXT:
        return OddText(data)
    if code == _ODD_BLOCK:
        return msgspec.msgpack.decode(bytes(data), type=list, ext_hook=_value)
    raise ValueError(f"an unknown kind of value ({code})")


_decoder: msgspec.msgpack.Decoder[list[Any]] = msgspec.msgpack.Decoder(list, ext_hook=_value)
_any_decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(ext_hook=_value)


def decode(data: bytes) -> tuple[list[list[Any]], bool]:
    """The rows of a block, as lists, and whether there are an OddText's among the values.

    Raises:
        msgspec.MsgspecError: it is no block.
    """
    if data[:1] in _EXT:
        return _any_decoder.decode(data), True
    return _decoder.decode(data), False


def _n_rows(block: bytes) -> int:
    """How many rows are in a block: what its first bytes say, but for one with an extension around it."""
    code = block[0]
    if 0x90 <= code <= 0x9F:
        return code - 0x90
    if code in (0xDC, 0xDD):
        return int.from_bytes(block[1 : 3 if code == 0xDC else 5], "big")
    return len(decode(block)[0])


#: First bytes of an extension in msgpack.
_EXT = frozenset(bytes([code]) for code in (0xC7, 0xC8, 0xC9, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8))


# Writing
# ----------------------------------------------------------------------------------------------------------


#: Rows that one statement inserts: a statement for each row takes more than twice as long. SQLite takes 32,766 values.
_AT_ONCE = 100
_MOST_VALUES = 30_000


def insert(
    connection: sqlite3.Connection, table: Table, rows: Sequence[Any], *, may_be_odd: bool = False
) -> None:
    """Add rows that are laid out as the table's."""
    names = ", ".join([table.rowid] * bool(table.rowid) + [quoted(name) for name in table.columns])
    into = f"INSERT INTO {quoted(table.name)} ({names}) VALUES"
    if may_be_odd and has_odd(rows):
        for row in rows:
            marks = ", ".join("CAST(? AS TEXT)" if isinstance(value, OddText) else "?" for value in row)
            connection.execute(f"{into} ({marks})", row)
        return
    marks = f"({', '.join('?' * len(table.selected))})"
    at_once = min(_AT_ONCE, _MOST_VALUES // len(table.selected))
    n_whole = len(rows) - len(rows) % at_once if at_once else 0
    if n_whole:
        statement = f"{into} {', '.join([marks] * at_once)}"
        for at in range(0, n_whole, at_once):
            connection.execute(statement, list(chain.from_iterable(rows[at : at + at_once])))
    connection.executemany(f"{into} {marks}", rows[n_whole:])
