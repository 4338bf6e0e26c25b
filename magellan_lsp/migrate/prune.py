"""Rows of files that are indexed here, or gone: they speak of nothing any more, and are dropped.

A database is made of all rows, the files' are deleted there, so that edges, indexes and full-text tables follow as Magellan
means them to, and what is left takes the rows' place in one transaction: at any moment a store has the one or the other.
Tests: ``tests/migration/test_prune.py``.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from magellan_lsp.errors import DatabaseDamaged
from magellan_lsp.languages.registry import language_name
from magellan_lsp.migrate import carried
from magellan_lsp.migrate.executions import TABLE
from magellan_lsp.migrate.give_back import give_back
from magellan_lsp.migrate.graph_rows import Rows
from magellan_lsp.migrate.marks import is_from_magellan
from magellan_lsp.migrate.original import translated
from magellan_lsp.migrate.paths import Paths, roots_of
from magellan_lsp.migrate.rows import Schema, quoted, read_schema
from magellan_lsp.store.base import Reader, Store

#: Tables whose rows go with an entity, beside those that have a path (``file_path``): the column that says which.
_OF_ENTITY = {
    "graph_labels": "entity_id",
    "graph_properties": "entity_id",
    "ast_nodes": "file_id",
    "cfg_blocks": "function_id",
    "cfg_edges": "function_id",
    "symbol_metrics": "symbol_id",
}
_PATH = "file_path"


def prune(store: Store, root: Path, check: Callable[[], None] = lambda: None) -> bool:
    """Drop what is carried of files that were indexed or are gone; True when there was something to drop.

    To be called when a sweep is complete: a source file that is not in the store then is one that is gone, or that the
    settings leave out. A file in a language of nobody's is gone when it is not on the disk.

    Args:
        store: open for writing.
        root: the workspace.
        check: called now and then; what it raises ends the work, and nothing has changed.

    Raises:
        DatabaseDamaged: what is carried makes no database. NoSpace, NotWritable: nor can one be made.
    """
    with store.read() as reader:
        schema = carried.find_schema(reader)
        if schema is None:
            return False
        left = carried.find_paths(reader)
        if left is None:
            left = _paths_in(reader, schema, root, check)
        gone = {path for path in left if _is_gone(reader, root, path)}
        if not gone:
            carried.note_paths(store, sorted(left))
            return False
        with tempfile.TemporaryDirectory(prefix="magellan-lsp-") as place:
            made = Path(place) / "rows.db"
            if give_back(reader, schema, made, lambda done, total: check()) is None:
                raise DatabaseDamaged(made, "the rows that are carried do not make the same rows again")
            drop_files(made, root, gone.__contains__, check)
            with writing(made) as connection:
                carried.replace(store, connection, read_schema(connection), sorted(left - gone), check)
    with store.write() as txn:
        for path in gone:
            if txn.reader().find_file(path) is None:
                txn.carry_chunks(path, ())
    return True


def is_replaced(reader: Reader, path: str) -> bool:
    """Whether a file was indexed here, or is none of the workspace's source files any more."""
    record = reader.find_file(path)
    return language_name(path) is not None if record is None else not is_from_magellan(record.digest)


def _is_gone(reader: Reader, root: Path, path: str) -> bool:
    return is_replaced(reader, path) or (language_name(path) is None and not os.path.lexists(root / path))


def _paths_in(reader: Reader, schema: Schema, root: Path, check: Callable[[], None]) -> set[str]:
    """Our paths of all files that any row is about."""
    rows = Rows(reader, root, check)
    found = set(rows.weights)
    for table in schema.tables:
        if table.name != "graph_entities" and table.index(_PATH) >= 0:
            ours = (rows.ours(path) for (path,) in rows.rows(reader, table.name, _PATH))
            found.update(path for path in ours if path is not None)
    return found


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a database of ours that is being made."""
    with translated(path, writes=True):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()


def drop_files(
    path: Path, root: Path, is_gone: Callable[[str], bool], check: Callable[[], None] = lambda: None
) -> None:
    """Delete the rows of some files, by our paths, from a database of Magellan's."""
    with writing(path) as connection:
        schema = read_schema(connection)
        names = {table.name: set(table.columns) for table in schema.tables}
        paths = _paths_of(connection, schema, root)
        connection.execute("BEGIN")
        connection.execute("CREATE TEMP TABLE gone_path (path TEXT PRIMARY KEY)")
        connection.execute("CREATE TEMP TABLE gone_entity (id INTEGER PRIMARY KEY)")
        # A file without symbols may have its absolute path in a side table alone.
        keyed = [table.name for table in schema.tables if _PATH in table.columns and not table.is_shadow]
        union = " UNION ".join(f"SELECT {_PATH} FROM {quoted(table)}" for table in keyed)
        stored = [theirs for (theirs,) in connection.execute(union) if isinstance(theirs, str)]
        gone = [(one,) for one in stored if (ours := paths.ours(one)) is not None and is_gone(ours)]
        connection.executemany("INSERT INTO gone_path VALUES (?)", gone)
        connection.execute(
            f"INSERT INTO gone_entity SELECT id FROM graph_entities WHERE {_PATH} IN (SELECT path FROM gone_path)"
        )
        connection.execute(
            "DELETE FROM graph_edges WHERE from_id IN (SELECT id FROM gone_entity)"
            " OR to_id IN (SELECT id FROM gone_entity)"
        )
        for table, column in _OF_ENTITY.items():
            if column in names.get(table, ()):
                connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM gone_entity)")
        for table in keyed:
            check()
            connection.execute(f"DELETE FROM {quoted(table)} WHERE {_PATH} IN (SELECT path FROM gone_path)")
        connection.execute(
            "DELETE FROM graph_entities WHERE kind = 'DisplayName' AND id NOT IN (SELECT from_id FROM graph_edges)"
        )
        connection.execute("COMMIT")


def _paths_of(connection: sqlite3.Connection, schema: Schema, root: Path) -> Paths:
    """How the paths in a database are ours."""

    def values(table: str, column: str) -> list[object]:
        found = schema.table(table)
        if found is None or column not in found.columns:
            return []
        return [value for (value,) in connection.execute(f"SELECT DISTINCT {column} FROM {table}")]

    files = [path for path in values("graph_entities", _PATH) if isinstance(path, str)]
    return Paths(roots_of(values("magellan_meta", "index_root"), values(TABLE, "root")), files, root)
