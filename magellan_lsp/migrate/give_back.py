"""A database made again of the rows that a store carries: the same tables, rows, ids, indexes and triggers.

Made the way SQLite's own ``.dump`` does it: tables and their rows first, then virtual tables (straight into the
schema, since the tables behind them are there), indexes, triggers and views. Tests:
``tests/migration/test_round_trip.py``.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from magellan_lsp import collector
from magellan_lsp.errors import DatabaseDamaged
from magellan_lsp.migrate import carried
from magellan_lsp.migrate.original import translated
from magellan_lsp.migrate.rows import Schema, holds, insert, iter_blocks, quoted, read_schema
from magellan_lsp.migrate.tally import Counting, Tally
from magellan_lsp.store.base import Reader

Progress = Callable[[int, int], None]

_CREATES = re.compile(r"\s*CREATE\s+(TEMP\w*\s+)?(TABLE|UNIQUE|INDEX|TRIGGER|VIEW|VIRTUAL)\b", re.IGNORECASE)


def give_back(
    reader: Reader,
    schema: Schema,
    path: Path,
    progress: Progress = lambda done, total: None,
    *,
    total: int = 0,
) -> Tally | None:
    """Make a new database of all rows that are carried, and read it back.

    Args:
        reader: of the store.
        schema: as :func:`carried.find_schema` gives it.
        path: the new file, in a folder of its own.
        progress: called with rows done and ``total``.

    Returns:
        What is in the new file; None when that is not what is carried.

    Raises:
        NoSpace, NotWritable: it cannot be written. DatabaseDamaged: what is carried makes no database.
    """
    with translated(path, writes=True), collector.paused():
        connection = connect_new(path, schema)
        try:
            make_tables(connection, schema, path)
            put_rows(connection, reader, schema, progress, total)
            if schema.auto_vacuum:  # making an index may move pages of tables
                make_objects(connection, schema, path)
                found = read_back(reader, schema, path)
            else:
                with _reading(path) as reading, ThreadPoolExecutor(1) as beside:
                    counted = beside.submit(_tally_if_equal, reading, reader, schema)
                    make_objects(connection, schema, path)
                    found = counted.result()
        finally:
            connection.close()
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    return found


def read_back(reader: Reader, schema: Schema, path: Path) -> Tally | None:
    """Count what is in a database; None when that is not what is carried."""
    with _reading(path) as connection:
        return _tally_if_equal(connection, reader, schema)


def _tally_if_equal(connection: sqlite3.Connection, reader: Reader, schema: Schema) -> Tally | None:
    counting = Counting()
    for table in schema.tables:
        counting.begin(table)
        for block in holds(connection, table, carried.iter_blocks_of(reader, schema, table)):
            if block is None:
                return None
            counting.take(table, *block)
    return counting.result()


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that takes no locks and knows the tables by now: indexes that are being made beside it add pages, and
    change none of a table's.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield connection
    finally:
        connection.close()


def connect_new(path: Path, schema: Schema) -> sqlite3.Connection:
    """A new database file, set up for being filled."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma, value in (
            ("page_size", schema.page_size),
            ("encoding", f"'{schema.encoding}'"),
            ("auto_vacuum", schema.auto_vacuum),
            # Nothing of it counts before it is whole and has its name.
            ("journal_mode", "OFF"),
            ("synchronous", "OFF"),
            ("locking_mode", "EXCLUSIVE"),
            ("cache_size", -64000),
            ("temp_store", "MEMORY"),
            ("threads", 4),
            ("foreign_keys", "OFF"),
            ("user_version", schema.user_version),
            ("application_id", schema.application_id),
        ):
            connection.execute(f"PRAGMA {pragma} = {value}")
    except BaseException:
        connection.close()
        raise
    return connection


def make_tables(connection: sqlite3.Connection, schema: Schema, path: Path) -> None:
    """The tables, without rows."""
    connection.execute("BEGIN")
    for table in schema.tables:
        if table.sql:
            connection.execute(_checked(table.sql, path))
        elif table.name.startswith("sqlite_stat"):
            connection.execute("ANALYZE sqlite_master")
    connection.execute("COMMIT")


def put_rows(
    connection: sqlite3.Connection, reader: Reader, schema: Schema, progress: Progress, total: int
) -> None:
    """All rows. SQLite's own tables last: they follow the others by themselves, and are then set right."""
    done = 0
    connection.execute("BEGIN")
    for table in sorted(schema.tables, key=lambda one: not one.sql):
        if not table.sql:
            connection.execute(f"DELETE FROM {quoted(table.name)}")
        for rows, is_odd, _ in carried.iter_table(reader, schema, table):
            insert(connection, table, rows, may_be_odd=is_odd)
            done += len(rows)
            progress(done, total)
    connection.execute("COMMIT")


def make_objects(connection: sqlite3.Connection, schema: Schema, path: Path) -> None:
    """Virtual tables, indexes, triggers, views."""
    virtual = [one for one in schema.objects if one.type == "virtual"]
    if virtual:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("BEGIN")
        for one in virtual:
            connection.execute(
                "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', ?, ?, 0, ?)",
                (one.name, one.table, _checked(one.sql, path)),
            )
        connection.execute("COMMIT")
        connection.execute("PRAGMA writable_schema = RESET")
    connection.execute("BEGIN")
    for kind in ("index", "trigger", "view"):
        for one in schema.objects:
            if one.type == kind:
                connection.execute(_checked(one.sql, path))
    connection.execute("COMMIT")


def _checked(sql: str, path: Path) -> str:
    """A statement that makes something; a file may say anything is its schema."""
    if not _CREATES.match(sql):
        raise DatabaseDamaged(path, f"its schema has something other than CREATE: {sql[:40]!r}")
    return sql


def tally_of_file(path: Path, check: Callable[[], None] = lambda: None) -> Tally:
    """Count a finished database by reading it."""
    with translated(path), _reading(path) as connection:
        return tally_of_connection(connection, read_schema(connection), check)


def tally_of_connection(
    connection: sqlite3.Connection, schema: Schema, check: Callable[[], None] = lambda: None
) -> Tally:
    """Count an open database by reading it."""
    counting = Counting()
    with collector.paused():
        for table in schema.tables:
            counting.begin(table)
            for rows, block in iter_blocks(connection, table):
                counting.take(table, rows, block)
                check()
    return counting.result()
