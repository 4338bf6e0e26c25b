"""SQLite databases compared, and how a file and its neighbours looked before."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any


def everything(path: Path) -> dict[str, Any]:
    """All rows of all tables with their rowids, in their order, and the schema."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    connection.text_factory = bytes
    try:
        found: dict[str, Any] = {
            "schema": sorted(
                connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall(),
                key=repr,
            )
        }
        for name, sql in connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
        ).fetchall():
            table = name.decode().replace('"', '""')
            if (sql or b"").startswith(b"CREATE VIRTUAL"):
                continue
            try:
                rows = connection.execute(f'SELECT rowid, * FROM "{table}"').fetchall()
            except sqlite3.OperationalError:
                rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
            found[table] = [tuple((type(value), value) for value in row) for row in rows]
        return found
    finally:
        connection.close()


def beside(path: Path) -> dict[str, tuple[int, str]]:
    """Every file of a folder: time of its last change and digest of its bytes."""
    return {
        one.name: (one.stat().st_mtime_ns, sha256(one.read_bytes()).hexdigest())
        for one in sorted(path.parent.iterdir())
        if one.is_file()
    }
