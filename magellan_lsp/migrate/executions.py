"""Runs that Magellan logged, put into the log of a store. Tests: ``tests/migration/test_round_trip.py``."""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from magellan_lsp.migrate import carried
from magellan_lsp.migrate.rows import Table
from magellan_lsp.store.base import Store
from magellan_lsp.store.executions import KEPT
from magellan_lsp.store.second_tier import Execution

TABLE = "execution_log"
#: What a conversion's own entry in the log begins with.
COMMAND = "migrate-backend"
#: SQLite stores numbers, as reals, that no record of ours can hold.
_BEYOND = 2.0**63


def is_conversion(execution: Execution) -> bool:
    """Whether a run is one of ``migrate-backend``: not part of what is converted."""
    return tuple(execution.args[:1]) == (COMMAND,)


def put_executions(store: Store) -> int:
    """Put the newest of the carried runs into the store's own log; gives how many there are. They keep their numbers in
    a log that is empty, or has them already.
    """
    with store.read() as reader:
        schema = carried.find_schema(reader, partial=True)
        table = schema.table(TABLE) if schema is not None else None
        if schema is None or table is None:
            return 0
        n_rows = 0
        newest: deque[Execution] = deque(maxlen=KEPT)
        for rows, _, _ in carried.iter_table(reader, schema, table):
            n_rows += len(rows)
            newest.extend(execution_of(table, row) for row in rows)
        known = {run.execution_id for run in newest}
        is_empty = all(run.execution_id in known for run in reader.iter_executions())
    with store.write() as txn:
        for execution in newest:
            txn.put_execution(execution if is_empty else execution._replace(id=0))
    return n_rows


def execution_of(table: Table, row: list[Any]) -> Execution:
    """A row of Magellan's log, whatever columns it has."""
    values = {name: row[at] for name in Execution._fields if (at := table.index(name)) >= 0}

    def text(name: str) -> str:
        value = values.get(name)
        if isinstance(value, bytes):  # a text that is no UTF-8
            return value.decode("utf-8", "replace")
        return value if isinstance(value, str) else "" if value is None else str(value)

    def number(name: str) -> int | None:
        value = values.get(name)
        if not isinstance(value, int | float) or not -_BEYOND < value < _BEYOND:  # neither NaN nor infinite
            return None
        return int(value)

    return Execution(
        id=max(number("id") or 0, 0),
        execution_id=text("execution_id"),
        tool_version=text("tool_version"),
        args=_arguments(text("args")),
        root=text("root") or None,
        db_path=text("db_path"),
        started_at=max(number("started_at") or 0, 0),
        finished_at=number("finished_at"),
        duration_ms=number("duration_ms"),
        outcome=text("outcome"),
        error_message=text("error_message") or None,
        files_indexed=number("files_indexed") or 0,
        symbols_indexed=number("symbols_indexed") or 0,
        references_indexed=number("references_indexed") or 0,
    )


def _arguments(text: str) -> tuple[str, ...]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return (text,) if text else ()
    return tuple(map(str, found)) if isinstance(found, list) else (text,)
