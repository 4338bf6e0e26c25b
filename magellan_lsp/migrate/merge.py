"""A SQLite database of what a store knows: Magellan's rows as they came, this program's files in Magellan's schema.

- Only Magellan's rows: the same database again, and the runs that were logged since.
- Only this program's files: a database of its SQLite backend.
- Both: Magellan's rows without those of files that this program indexed (or found gone) since, and those files
  beside them, with numbers of their own.

Tests: ``tests/migration/test_native.py``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from magellan_lsp.errors import MigrationMismatch
from magellan_lsp.languages.registry import language_name
from magellan_lsp.migrate import carried
from magellan_lsp.migrate.executions import TABLE, is_conversion
from magellan_lsp.migrate.give_back import give_back, tally_of_file
from magellan_lsp.migrate.original import translated
from magellan_lsp.migrate.paths import Paths, roots_of
from magellan_lsp.migrate.rows import Schema, quoted, read_schema
from magellan_lsp.migrate.store_copy import copy_records, fingerprint, own_files
from magellan_lsp.migrate.tally import Tally, differences
from magellan_lsp.store.base import Reader
from magellan_lsp.store.second_tier import Execution
from magellan_lsp.store.sqlite import adopt, open_sqlite

#: Tables whose rows go with an entity, or with a path: the column that says which.
_OF_ENTITY = {
    "graph_labels": "entity_id",
    "graph_properties": "entity_id",
    "ast_nodes": "file_id",
    "cfg_blocks": "function_id",
    "cfg_edges": "function_id",
    "symbol_metrics": "symbol_id",
}
_OF_PATH = {"code_chunks": "file_path", "file_metrics": "file_path", "cross_file_refs": "file_path"}


class Made(NamedTuple):
    """A finished database, and what is in it."""

    path: Path
    tally: Tally


def make_database(
    reader: Reader,
    schema: Schema | None,
    folder: Path,
    root: Path,
    source: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Made:
    """Make the database.

    Args:
        reader: of the store.
        schema: of the rows of Magellan's that it carries, if it does.
        folder: where to make it; made, and ours alone.
        root: the workspace.
        source: what an error is about.
        progress: called with rows or files done, and of how many.

    Raises:
        MigrationMismatch: what was written does not equal what was read. NoSpace, NotWritable: it cannot be written.
    """
    folder.mkdir(mode=0o700)
    path = folder / "magellan.db"
    has_files = next(own_files(reader), None) is not None
    if schema is not None:
        noted = carried.find_report(reader) or {}
        tally = give_back(reader, schema, path, progress, total=int(noted.get("rows") or 0))
        if tally is None:
            wrong = differences(carried.tally_of(reader, schema), tally_of_file(path))
            raise MigrationMismatch(source, wrong or ["rows: not the same"])
        if not has_files:
            return Made(path, _with_runs(reader, path, tally))
        _drop_replaced(reader, path, root)
        adopt(path)
    alone = schema is None
    left_out = _left_out(reader, _logged(path))
    with open_sqlite(folder, root, is_writer=True) as store:
        copy_records(reader, store, progress=progress, without_executions=left_out, alone=alone)
        with store.read() as copy:
            wanted = fingerprint(reader, with_log=alone, with_chunks=alone)
            if fingerprint(copy, with_log=alone, with_chunks=alone) != wanted:
                raise MigrationMismatch(source, ["files, details or log: not the same"])
    with _writing(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return Made(path, tally_of_file(path))


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    with translated(path, writes=True):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()


def _logged(path: Path) -> set[str]:
    """Ids of the runs in a database's log."""
    if not path.exists():
        return set()
    with _writing(path) as connection:
        if read_schema(connection).table(TABLE) is None:
            return set()
        return {str(one) for (one,) in connection.execute(f"SELECT execution_id FROM {TABLE}")}


def _left_out(reader: Reader, logged: set[str]) -> set[str]:
    """Runs that are not to be added to a log: conversions, and those that are there."""
    return logged | {run.execution_id for run in reader.iter_executions() if is_conversion(run)}


def _with_runs(reader: Reader, path: Path, tally: Tally) -> Tally:
    """Add the runs that were logged since the rows came."""
    logged = _logged(path)
    left_out = _left_out(reader, logged)
    runs = [run for run in reader.iter_executions() if run.execution_id not in left_out]
    if not runs or TABLE not in tally.tables:
        return tally
    with _writing(path) as connection:
        columns = read_schema(connection).table(TABLE)
        assert columns is not None
        connection.execute("BEGIN")
        for run in reversed(runs):
            _add_run(connection, columns.columns, run)
        connection.execute("COMMIT")
    return tally_of_file(path)


def _add_run(connection: sqlite3.Connection, columns: tuple[str, ...], run: Execution) -> None:
    values = {**run._asdict(), "args": json.dumps(list(run.args))}
    names = [name for name in columns if name in values and name != "id"]
    marks = ", ".join("?" * len(names))
    connection.execute(
        f"INSERT INTO {TABLE} ({', '.join(map(quoted, names))}) VALUES ({marks})",
        [values[name] for name in names],
    )


def _drop_replaced(reader: Reader, path: Path, root: Path) -> None:
    """Take out the rows of files that this program indexed since, or that are gone."""
    own = {record.path for record in own_files(reader)}
    with _writing(path) as connection:
        schema = read_schema(connection)
        names = {table.name: set(table.columns) for table in schema.tables}
        paths = paths_of(connection, schema, root)
        connection.execute("BEGIN")
        connection.execute("CREATE TEMP TABLE gone_path (path TEXT PRIMARY KEY)")
        connection.execute("CREATE TEMP TABLE gone_entity (id INTEGER PRIMARY KEY)")
        # A file without symbols may have its absolute path in a side table alone.
        keyed = [table for table in ("graph_entities", *_OF_PATH) if "file_path" in names.get(table, ())]
        union = " UNION ".join(f"SELECT file_path FROM {table}" for table in keyed)
        stored = [theirs for (theirs,) in connection.execute(union) if isinstance(theirs, str)]
        gone = [(theirs,) for theirs in stored if _is_replaced(reader, own, paths.ours(theirs))]
        connection.executemany("INSERT INTO gone_path VALUES (?)", gone)
        connection.execute(
            "INSERT INTO gone_entity SELECT id FROM graph_entities WHERE file_path IN (SELECT path FROM gone_path)"
        )
        connection.execute(
            "DELETE FROM graph_edges WHERE from_id IN (SELECT id FROM gone_entity)"
            " OR to_id IN (SELECT id FROM gone_entity)"
        )
        for tables, chosen in (
            (_OF_ENTITY, "SELECT id FROM gone_entity"),
            (_OF_PATH, "SELECT path FROM gone_path"),
        ):
            for table, column in tables.items():
                if column in names.get(table, ()):
                    connection.execute(f"DELETE FROM {table} WHERE {column} IN ({chosen})")
        connection.execute("DELETE FROM graph_entities WHERE id IN (SELECT id FROM gone_entity)")
        connection.execute(
            "DELETE FROM graph_entities WHERE kind = 'DisplayName' AND id NOT IN (SELECT from_id FROM graph_edges)"
        )
        connection.execute("COMMIT")


def _is_replaced(reader: Reader, own: set[str], path: str | None) -> bool:
    if path is None:
        return False
    return path in own or (language_name(path) is not None and reader.find_file(path) is None)


def paths_of(connection: sqlite3.Connection, schema: Schema, root: Path) -> Paths:
    """How the paths in a database are ours."""

    def values(table: str, column: str) -> list[object]:
        found = schema.table(table)
        if found is None or column not in found.columns:
            return []
        return [value for (value,) in connection.execute(f"SELECT DISTINCT {column} FROM {table}")]

    files = [path for path in values("graph_entities", "file_path") if isinstance(path, str)]
    return Paths(roots_of(values("magellan_meta", "index_root"), values(TABLE, "root")), files, root)
