"""Databases of Magellan with damage in them, for ``fuzz.py --only databases``: a named error or a verified migration.

The three databases of ``fixtures/magellan``, each cut down to a few rows a table so that very many fit into a run, are
changed in one of two ways. In bytes: bits flipped, blocks overwritten or moved, cut short or made longer, another header.
Or in SQL: tables and columns dropped, renamed, added; views, triggers, tables ``WITHOUT ROWID``; values of other types, huge
texts, texts that are no UTF-8, numbers beyond all bounds, other schema versions; rows twice or gone. What comes out
goes to ``detect`` and to ``migrate-backend``, which has to raise one of its errors or to carry over every row; answers
are made of what it carried over.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from soak.inputs import scratch

from magellan_lsp.errors import MagellanError
from magellan_lsp.migrate.convert import convert
from magellan_lsp.migrate.identify import identify
from magellan_lsp.store.open import open_store

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "magellan"
#: Rows that are kept of a table.
ROWS = 25
#: The first page: the header and the root of the schema.
HEADER_BYTES, PAGE_BYTES = 100, 4096


@cache
def small() -> list[bytes]:
    """The databases, cut down."""
    found = []
    for original in sorted(FIXTURES.glob("*.db")):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, original.name)
            shutil.copyfile(original, place)
            with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as database:
                for table in tables(database):
                    database.execute(
                        f'DELETE FROM "{table}" WHERE rowid NOT IN (SELECT rowid FROM "{table}" LIMIT {ROWS})'
                    )
                database.execute("VACUUM")
            found.append(place.read_bytes())
    return found


def tables(database: sqlite3.Connection) -> list[str]:
    """Names of the tables that can be written and have a rowid."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    found = [name for (name,) in database.execute(query).fetchall() if "_fts" not in name]
    return [name for name in found if isinstance(name, str)]


def damaged(chance: random.Random, data: bytes) -> bytes:
    """Other bytes."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20, 200])):
        at = chance.randrange(chance.choice([HEADER_BYTES, PAGE_BYTES, len(changed)]) if changed else 1)
        what = chance.randrange(10)
        if not changed:
            break
        at = min(at, len(changed) - 1)
        if what < 6:
            changed[at] ^= 1 << chance.randrange(8)
        elif what == 6:
            changed[at : at + 4] = chance.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"])
        elif what == 7:
            block = chance.choice([16, 512, PAGE_BYTES])
            to = chance.randrange(len(changed))
            changed[to : to + block] = changed[at : at + block]
        elif what == 8 and chance.random() < 0.2:
            del changed[chance.randrange(len(changed)) :]
        elif what == 9 and chance.random() < 0.2:
            changed += chance.randbytes(chance.choice([1, PAGE_BYTES]))
    return bytes(changed)


def value(chance: random.Random) -> Any:
    return chance.choice(
        [
            None, 0, -1, 1, 2**63 - 1, -(2**63), 1e308, float("nan"), "", "x", "[]", "{", '{"a": 1}', "../../../etc/passwd",
            "/\0/", b"", b"\xff\xfe", "é" * 10, "x" * 200_000, '{"id": ' * 5_000, "[" * 50_000, chance.randbytes(30),
        ]
    )  # fmt: skip


def changed(chance: random.Random, data: bytes, place: Path) -> bytes:
    """Other tables, columns and rows."""
    place.write_bytes(data)
    with contextlib.closing(sqlite3.connect(place, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        for _ in range(chance.choice([1, 1, 2, 4])):
            with contextlib.suppress(sqlite3.Error, OverflowError):
                database.execute(*statement(chance, database))
    return place.read_bytes()


def statement(chance: random.Random, database: sqlite3.Connection) -> tuple[str, list[Any]]:
    """Something to do to a database, and what is bound in it."""
    likely = ["graph_entities", "graph_edges", "magellan_meta", "graph_meta", "code_chunks", "cfg_blocks"]
    names = tables(database)
    table = chance.choice(chance.choice([names, [name for name in likely if name in names] or names]))
    columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")').fetchall()]
    column = chance.choice(columns)
    some = f'rowid IN (SELECT rowid FROM "{table}" ORDER BY rowid LIMIT {chance.choice([1, 3, 100])})'
    kinds: list[tuple[str, list[Any]]] = [
        (f'UPDATE "{table}" SET "{column}" = ? WHERE {some}', [value(chance)]),
        (f'UPDATE OR IGNORE "{table}" SET "{column}" = ?', [value(chance)]),
        (f'UPDATE "{table}" SET "{column}" = CAST("{column}" AS BLOB) || x\'ff00\'', []),
        (f'UPDATE "{table}" SET "{column}" = CAST(CAST("{column}" AS BLOB) || x\'c328\' AS TEXT)', []),
        (f'DELETE FROM "{table}" WHERE {some}', []),
        (f'INSERT OR IGNORE INTO "{table}" SELECT * FROM "{table}"', []),
        (f'INSERT INTO "{table}" ("{column}") VALUES (?)', [value(chance)]),
        (f'DROP TABLE "{table}"', []),
        (f'ALTER TABLE "{table}" DROP COLUMN "{column}"', []),
        (
            f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{chance.choice(["x", "ROWID", "é", "a b"])}"',
            [],
        ),
        (
            f'ALTER TABLE "{table}" ADD COLUMN "{chance.choice(["more", "select", "oid"])}" BLOB DEFAULT x\'00\'',
            [],
        ),
        (f'ALTER TABLE "{table}" RENAME TO "{chance.choice(["other", table.upper() + "x", "ab"])}"', []),
        (f'CREATE VIEW "v{chance.randrange(9)}" AS SELECT * FROM "{table}"', []),
        (f'CREATE TABLE "w{chance.randrange(9)}" (k PRIMARY KEY, v) WITHOUT ROWID', []),
        (f'CREATE TRIGGER "t" AFTER INSERT ON "{table}" BEGIN DELETE FROM "{table}"; END', []),
        ("UPDATE magellan_meta SET magellan_schema_version = ?", [value(chance)]),
        ("UPDATE graph_entities SET data = ? WHERE " + f"id % {chance.choice([2, 7])} = 0", [value(chance)]),
        ("UPDATE graph_edges SET from_id = to_id, to_id = ?", [value(chance)]),
    ]
    return chance.choice(kinds)


def databases(chance: random.Random) -> None:
    """One database through ``detect`` and ``migrate-backend``."""
    folder = scratch() / "databases"
    shutil.rmtree(folder, ignore_errors=True)
    place = folder / "root" / ".magellan" / "magellan.db"
    place.parent.mkdir(parents=True)
    data = chance.choice(small())
    if chance.random() < 0.5:
        data = changed(chance, data, place)
    if chance.random() < 0.6:
        data = damaged(chance, data)
    place.write_bytes(data)
    with contextlib.suppress(MagellanError):
        identify(place)
    target = folder / "index"
    try:
        report = convert(place, target, root=folder / "root")
    except MagellanError:
        # what failed leaves nothing that could be taken for an index
        assert not target.exists() or not any(target.rglob("data.mdb")), "something of it is left"
        raise
    assert report.outcome == "migrated"
    assert place.read_bytes() == data, "the database was written to"
    with open_store(target, "read", root=folder / "root") as store, store.read() as reader:
        for record in reader.iter_files():
            reader.find_facts(record.path)
            reader.find_links(record.path)
