"""Fan-in and fan-out in Magellan's tables of measures, for the programs that read them there.

Here they are counted from calls and links when somebody asks, since an edit anywhere may change them, and so no record
has them. In Magellan's tables they are brought up to date when the writer comes to rest. They are what
:mod:`magellan_lsp.query.metrics` answers. Rows of Magellan's own files, carried in the same tables, are left alone. Tests:
``tests/store/test_sqlite.py``.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from magellan_lsp.store.sqlite.reading import SqliteReader
from magellan_lsp.store.sqlite.schema import PREFIX

_CALLS = """
SELECT DISTINCT made.from_id, called.to_id FROM graph_edges AS called
CROSS JOIN graph_edges AS made INDEXED BY idx_edges_to ON made.to_id = called.from_id AND +made.edge_type = 'CALLER'
WHERE called.edge_type = 'CALLS' AND made.from_id <> called.to_id
"""
_SYMBOLS = f"""
SELECT m.symbol_id, m.fan_in, m.fan_out FROM symbol_metrics AS m JOIN {PREFIX}symbol AS s ON s.entity = m.symbol_id
"""
_FILES = f"""
SELECT f.number, f.path, m.fan_in, m.fan_out FROM file_metrics AS m JOIN {PREFIX}file AS f ON f.path = m.file_path
"""


class Stale(NamedTuple):
    """The rows that are to change: fan-in, fan-out, and of which entity, or path."""

    symbols: list[tuple[int, int, int]]
    files: list[tuple[int, int, str]]


def find_stale(reader: SqliteReader, check: Callable[[], None]) -> Stale:
    """Compare what the tables say with what calls and links say.

    Cost: all calls and links once, unless there are no measures.
    """
    symbols = reader.connection.execute(_SYMBOLS).fetchall()
    files = reader.connection.execute(_FILES).fetchall()
    stale = Stale([], [])
    if symbols:
        fan_in, fan_out = _of_symbols(reader.connection, check)
        for entity, *said in symbols:
            if said != [fan_in[entity], fan_out[entity]]:
                stale.symbols.append((fan_in[entity], fan_out[entity], entity))
    if files:
        fan_in, fan_out = _of_files(reader, check)
        for number, path, *said in files:
            if said != [fan_in[number], fan_out[number]]:
                stale.files.append((fan_in[number], fan_out[number], path))
    return stale


def _of_symbols(
    connection: sqlite3.Connection, check: Callable[[], None]
) -> tuple[Counter[int], Counter[int]]:
    """How many symbols call each entity, and how many it calls; itself apart."""
    fan_in: Counter[int] = Counter()
    fan_out: Counter[int] = Counter()
    for count, (caller, callee) in enumerate(connection.execute(_CALLS)):
        if count % 1000 == 0:
            check()
        fan_in[callee] += 1
        fan_out[caller] += 1
    return fan_in, fan_out


def _of_files(reader: SqliteReader, check: Callable[[], None]) -> tuple[Counter[int], Counter[int]]:
    """How many symbols of other files use a file's, and how many of other files it uses; by number."""
    users: dict[int, set[tuple[int, int]]] = {}
    fan_out: Counter[int] = Counter()
    home: dict[bytes, int | None] = {}
    for number, rows in reader.iter_link_rows():
        check()
        for index, target in enumerate(rows.targets()):
            if target not in home:
                home[target] = reader.file_of(target)
            defined = home[target]
            if defined is not None and defined != number and rows.count(index):
                fan_out[number] += 1
                users.setdefault(defined, set()).update((number, user) for user in rows.users(index))
    return Counter({number: len(found) for number, found in users.items()}), fan_out


def write(connection: sqlite3.Connection, stale: Stale) -> None:
    """Set the rows right."""
    connection.executemany(
        "UPDATE symbol_metrics SET fan_in = ?, fan_out = ? WHERE symbol_id = ?", stale.symbols
    )
    connection.executemany(
        "UPDATE file_metrics SET fan_in = ?1, fan_out = ?2, complexity_score = 0.1 * loc + 0.5 * ?1 + 0.3 * ?2"
        " WHERE file_path = ?3",
        stale.files,
    )
