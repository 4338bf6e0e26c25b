"""Executions, kept in Magellan's own table alone, so that its runs and ours are one log.

A text that is no UTF-8 (an undecodable path) is shown there with ``?``; the execution as it was stands beside.
Tests: ``tests/store/test_second_tier.py``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blake3 import blake3

from magellan_lsp.store import details
from magellan_lsp.store.codec import to_bytes
from magellan_lsp.store.second_tier import Execution
from magellan_lsp.store.sqlite.schema import PREFIX
from magellan_lsp.store.sqlite.sources import shown

_COLUMNS = ", ".join(f"e.{name}" for name in Execution._fields)
_SELECT = (
    f"SELECT {_COLUMNS}, odd.value FROM execution_log e LEFT JOIN {PREFIX}odd_execution odd ON odd.id = e.id"
)


def find(connection: sqlite3.Connection, execution_id: str, where: Path) -> Execution | None:
    """The execution of an id of its own."""
    row = connection.execute(f"{_SELECT} WHERE e.execution_id = ?", (_column_id(execution_id),)).fetchone()
    found = None if row is None else _execution(row, where)
    return found if found is not None and found.execution_id == execution_id else None


def newest_first(connection: sqlite3.Connection, where: Path) -> Iterator[Execution]:
    """All, by (started_at, id), descending."""
    for row in connection.execute(f"{_SELECT} ORDER BY e.started_at DESC, e.id DESC"):
        yield _execution(row, where)


def put(connection: sqlite3.Connection, execution: Execution, where: Path) -> None:
    """Keep one, in the place of the one with its ``execution_id``."""
    old = find(connection, execution.execution_id, where)
    number = old.id if old is not None else execution.id or None
    values = [shown(value) if isinstance(value, str) else value for value in execution]
    values[0], values[1], values[3] = (
        number,
        _column_id(execution.execution_id),
        json.dumps(list(execution.args)),
    )
    marks = ", ".join("?" * len(values))
    names = ", ".join(Execution._fields)
    row = connection.execute(f"INSERT OR REPLACE INTO execution_log ({names}) VALUES ({marks})", values)
    stored = execution._replace(id=int(row.lastrowid or 0), args=tuple(execution.args))
    connection.execute(f"DELETE FROM {PREFIX}odd_execution WHERE id = ?", (stored.id,))
    if any(isinstance(value, str) and shown(value) != value for value in stored):
        connection.execute(
            f"INSERT INTO {PREFIX}odd_execution VALUES (?, ?)", (stored.id, details.seal(stored))
        )


def remove(connection: sqlite3.Connection, execution_id: str, where: Path) -> None:
    """Nothing happens when it is not there."""
    old = find(connection, execution_id, where)
    if old is not None:
        connection.execute("DELETE FROM execution_log WHERE id = ?", (old.id,))
        connection.execute(f"DELETE FROM {PREFIX}odd_execution WHERE id = ?", (old.id,))


def _column_id(execution_id: str) -> str:
    text = shown(execution_id)
    return text if text == execution_id else f"{text}-{blake3(to_bytes(execution_id)).hexdigest(8)}"


def _execution(row: tuple[Any, ...], where: Path) -> Execution:
    *columns, odd = row
    if odd is not None:
        return details.decode_execution(odd, where)
    found = Execution(*columns)
    try:
        args = json.loads(columns[3])
    except ValueError:
        args = [columns[3]]
    args = tuple(map(str, args)) if isinstance(args, list) else (str(args),)
    return found._replace(
        args=args,
        files_indexed=found.files_indexed or 0,
        symbols_indexed=found.symbols_indexed or 0,
        references_indexed=found.references_indexed or 0,
    )
