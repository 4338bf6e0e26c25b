"""Makes a database that Magellan made one of this program's as well: our tables beside its own, whose rows all stay.

What is younger than the database (a table, a column, an index of schema 7) is added, as Magellan's own upgrades do.
Tests: ``tests/migration/test_native.py``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from magellan_lsp.store.schema import CURRENT
from magellan_lsp.store.sqlite import schema
from magellan_lsp.store.sqlite.connections import connect, translated
from magellan_lsp.store.sqlite.rows import TABLES, RowTxn
from magellan_lsp.store.tables import FORMAT_KEY, STATE_KEY, State


def adopt(path: Path) -> None:
    """Add what is missing, in one transaction.

    Raises:
        NoSpace, NotWritable, IndexDamagedError: as for an index.
    """
    with translated(path.parent), closing(connect(path, writes=True)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        _add_missing(connection)
        txn = RowTxn(connection)
        txn.put(FORMAT_KEY, msgspec.msgpack.encode(CURRENT), db=TABLES.meta)
        txn.put(STATE_KEY, State().pack(), db=TABLES.meta)
        connection.execute("COMMIT")


def _add_missing(connection: sqlite3.Connection) -> None:
    there = set(connection.execute("SELECT type, name FROM sqlite_master"))
    with closing(sqlite3.connect(":memory:")) as model:
        made = schema.statements(0)
        for statement in made:
            model.execute(statement)
        wanted = model.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
            " ORDER BY type = 'index', rowid"
        ).fetchall()
        for kind, name, sql in wanted:
            if (kind, name) not in there:
                connection.execute(sql)
            elif kind == "table":
                _add_columns(connection, model, name)
    for statement in made:
        table = statement.split()[2] if statement.startswith("INSERT") else ""
        if table in ("graph_meta", "magellan_meta") and not _has_rows(connection, table):
            connection.execute(statement)
    connection.execute(
        "UPDATE magellan_meta SET magellan_schema_version = max(magellan_schema_version, ?)",
        (schema.MAGELLAN_SCHEMA,),
    )
    connection.execute(
        "UPDATE graph_meta SET schema_version = max(schema_version, ?)", (schema.GRAPH_SCHEMA,)
    )


def _add_columns(connection: sqlite3.Connection, model: sqlite3.Connection, table: str) -> None:
    columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    for _, name, kind, *_ in model.execute(f"PRAGMA table_info({table})"):
        if name not in columns:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


def _has_rows(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None
