"""Rows as JSON Lines, a file for each table: for other tools, and for looking at. Tests:
``tests/migration/test_commands.py``.
"""

from __future__ import annotations

import base64
import errno
import json
import math
import re
import sqlite3
from pathlib import Path
from typing import Any

from magellan_lsp.errors import NoSpace, NotWritable
from magellan_lsp.migrate.original import translated
from magellan_lsp.migrate.rows import OddText, iter_rows, read_schema

_PLAIN = re.compile(r"[^A-Za-z0-9_.-]")


def export_rows(connection: sqlite3.Connection, folder: Path) -> dict[str, int]:
    """Write ``TABLE.jsonl`` for every table, an object of its columns a line; gives the rows of each.

    A blob is ``{"base64": …}``, a text that is no UTF-8 ``{"text64": …}``, an infinite number ``{"real": "inf"}``.
    Files of the same names are replaced.

    Raises:
        NotWritable, NoSpace: the folder or a file in it cannot be written.
    """
    counts = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table in read_schema(connection).tables:
            if table.is_shadow:
                continue
            names = table.selected
            n_rows = 0
            with (folder / f"{_PLAIN.sub('_', table.name)}.jsonl").open("w", encoding="utf-8") as file:
                for rows in iter_rows(connection, table):
                    n_rows += len(rows)
                    file.writelines(_line(dict(zip(names, row, strict=True))) for row in rows)
            counts[table.name] = n_rows
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise (NoSpace(folder) if full else NotWritable(folder)) from error
    return counts


def export_file(path: Path, folder: Path) -> dict[str, int]:
    """The same, of a database file that is finished."""
    with translated(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return export_rows(connection, folder)
        finally:
            connection.close()


def _line(row: dict[str, Any]) -> str:
    return json.dumps({name: _value(value) for name, value in row.items()}, ensure_ascii=False) + "\n"


def _value(value: Any) -> Any:
    if isinstance(value, OddText):
        return {"text64": base64.b64encode(value).decode()}
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"real": repr(value)}
    return value
