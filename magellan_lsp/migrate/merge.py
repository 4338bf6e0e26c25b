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
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from magellan_lsp.errors import MigrationMismatch
from magellan_lsp.migrate import carried
from magellan_lsp.migrate.executions import TABLE, is_conversion
from magellan_lsp.migrate.give_back import give_back, tally_of_file
from magellan_lsp.migrate.prune import drop_files, is_replaced, writing
from magellan_lsp.migrate.rows import Schema, quoted, read_schema
from magellan_lsp.migrate.store_copy import copy_records, fingerprint, own_files
from magellan_lsp.migrate.tally import Tally, differences
from magellan_lsp.store.base import Reader
from magellan_lsp.store.second_tier import Execution
from magellan_lsp.store.sqlite import adopt, open_sqlite


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
        drop_files(path, root, lambda ours: is_replaced(reader, ours))
        adopt(path)
    alone = schema is None
    left_out = _left_out(reader, _logged(path))
    with open_sqlite(folder, root, is_writer=True) as store:
        copy_records(reader, store, progress=progress, without_executions=left_out, alone=alone)
        store.settle()
        with store.read() as copy:
            wanted = fingerprint(reader, with_log=alone, with_chunks=alone)
            if fingerprint(copy, with_log=alone, with_chunks=alone) != wanted:
                raise MigrationMismatch(source, ["files, details or log: not the same"])
    with writing(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return Made(path, tally_of_file(path))


def _logged(path: Path) -> set[str]:
    """Ids of the runs in a database's log."""
    if not path.exists():
        return set()
    with writing(path) as connection:
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
    with writing(path) as connection:
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
