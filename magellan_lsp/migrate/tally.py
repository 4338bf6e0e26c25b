"""What is counted and compared of a database: before, after, and how the two differ.

Every table has its number of rows and a digest of them all; on top of that the graph is counted by kind of entity,
type of edge and label, and every chunk's text is held against the hash that stands beside it. Tests:
``tests/migration/test_round_trip.py``.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Any

import attrs
from blake3 import blake3

from magellan_lsp.migrate.rows import OddText, Schema, Table, quoted

#: What is counted by a column: data type -> (table, column).
GROUPED: Mapping[str, tuple[str, str]] = {
    "entities": ("graph_entities", "kind"),
    "edges": ("graph_edges", "edge_type"),
    "labels": ("graph_labels", "label"),
}


@attrs.define
class Tally:
    """Counts of a database's rows.

    Attributes:
        tables: rows by table, shadow tables of virtual ones left out.
        groups: ``entities`` by kind, ``edges`` by type, ``labels`` by label.
        digests: of each table's blocks, one after the other; 16 bytes.
        hashes_checked, hashes_wrong: chunks with a hash beside their text, and those where the two do not agree.
    """

    tables: dict[str, int] = attrs.field(factory=dict)
    groups: dict[str, dict[str, int]] = attrs.field(factory=dict)
    digests: dict[str, bytes] = attrs.field(factory=dict)
    hashes_checked: int = 0
    hashes_wrong: int = 0
    shadows: dict[str, int] = attrs.field(factory=dict)

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(self.tables.values())


class Digests:
    """Digests of tables while their blocks go by."""

    def __init__(self) -> None:
        self._open: dict[str, Any] = {}

    def take(self, table: str, block: bytes) -> None:
        """The next block of a table."""
        found = self._open.get(table)
        if found is None:
            found = self._open[table] = blake3()
        found.update(block)

    def result(self) -> dict[str, bytes]:
        """16 bytes for each table that had a block."""
        return {table: found.digest(16) for table, found in self._open.items()}


class Counting:
    """Counts rows that go by, table by table."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._groups: dict[str, Counter[Any]] = {name: Counter() for name in GROUPED}
        self._digests = Digests()

    def begin(self, table: Table) -> None:
        """A table whose rows come next, if it has any."""
        counts = self._tally.shadows if table.is_shadow else self._tally.tables
        counts.setdefault(table.name, 0)

    def take(self, table: Table, rows: Sequence[Any], block: bytes) -> None:
        """Some rows of a table, and the block that they make."""
        tally = self._tally
        counts = tally.shadows if table.is_shadow else tally.tables
        counts[table.name] = counts.get(table.name, 0) + len(rows)
        self._digests.take(table.name, block)
        for name, (owner, column) in GROUPED.items():
            if table.name == owner and (at := table.index(column)) >= 0:
                self._groups[name].update(map(itemgetter(at), rows))
        if table.name == "code_chunks":
            self._check_hashes(table, rows)

    def _check_hashes(self, table: Table, rows: Sequence[Any]) -> None:
        text, noted = table.index("content"), table.index("content_hash")
        if text < 0 or noted < 0:
            return
        for row in rows:
            content = row[text]
            data = content.encode() if isinstance(content, str) else bytes(content or b"")
            self._tally.hashes_checked += 1
            if sha256(data).hexdigest() != row[noted]:
                self._tally.hashes_wrong += 1

    def result(self) -> Tally:
        """What was counted."""
        for name, found in self._groups.items():
            words: Counter[str] = Counter()
            for value, n_rows in found.items():
                words[_word(value)] += n_rows
            if words:
                self._tally.groups[name] = dict(sorted(words.items()))
        self._tally.digests = self._digests.result()
        return self._tally


def _word(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, OddText | bytes) else str(value)


def count(connection: sqlite3.Connection, schema: Schema) -> Tally:
    """What SQLite itself counts; digests and hashes are not looked at."""
    tally = Tally()
    for table in schema.tables:
        (n_rows,) = connection.execute(f"SELECT count(*) FROM {quoted(table.name)}").fetchone()
        (tally.shadows if table.is_shadow else tally.tables)[table.name] = n_rows
    factory, connection.text_factory = connection.text_factory, lambda data: data.decode("utf-8", "replace")
    try:
        for name, (owner, column) in GROUPED.items():
            there = schema.table(owner)
            if there is not None and column in there.columns:
                grouped = connection.execute(f"SELECT {column}, count(*) FROM {owner} GROUP BY {column}")
                found = {_word(word): n for word, n in grouped}
                if found:
                    tally.groups[name] = dict(sorted(found.items()))
    finally:
        connection.text_factory = factory
    return tally


def differences(original: Tally, copy: Tally) -> list[str]:
    """How a copy differs from the original, a line for each data type; [] when it does not."""
    found = []
    for what, before, after in _pairs(original, copy):
        if before != after:
            found.append(f"{what}: {before:,} in the original, {after:,} in the copy")
    if not found:
        for table, digest in original.digests.items():
            if copy.digests.get(table) != digest:
                found.append(f"{table}: the number of rows is the same, what they hold is not")
    return found


def _pairs(original: Tally, copy: Tally) -> list[tuple[str, int, int]]:
    pairs = []
    for name in dict.fromkeys([*original.groups, *copy.groups]):
        before, after = original.groups.get(name, {}), copy.groups.get(name, {})
        for word in dict.fromkeys([*before, *after]):
            pairs.append((f"{name} {word}", before.get(word, 0), after.get(word, 0)))
    for mine, theirs in ((original.tables, copy.tables), (original.shadows, copy.shadows)):
        for table in dict.fromkeys([*mine, *theirs]):
            pairs.append((table, mine.get(table, 0), theirs.get(table, 0)))
    return pairs
