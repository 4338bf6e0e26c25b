"""A file is what its first bytes say."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import pytest
from support.databases import beside
from support.old_magellan import make

from magellan_lsp import errors
from magellan_lsp.migrate.formats import detect
from magellan_lsp.migrate.identify import identify
from magellan_lsp.store.open import open_store

#: The beginning of an LMDB file: a page header, then magic and version, of a 64-bit and of a 32-bit machine.
LMDB_64 = bytes(16) + struct.pack("<II", 0xBEEFC0DE, 1) + bytes(100)
LMDB_32 = bytes(12) + struct.pack("<II", 0xBEEFC0DE, 1) + bytes(100)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"SQLite format 3\0" + bytes(100), "sqlite"),
        (LMDB_64, "lmdb"),
        (LMDB_32, "lmdb"),
        (b"SQLTGF\0\0" + bytes(20), "native-v2"),
        (b"SQLTGF\0\3" + bytes(20), "native-v3"),
        (b"\x1f\x8b\x08" + bytes(20), "gzip"),
        (b"MAG2" + bytes(20), "unknown"),
        (b"SQLite format 4\0" + bytes(20), "unknown"),
    ],
)
def test_by_the_header(content: bytes, wanted: str, tmp_path: Path):
    path = tmp_path / "any.name"
    path.write_bytes(content)
    assert detect(path).format == wanted


def test_folders_lead_to_what_is_in_them(tmp_path: Path):
    with open_store(tmp_path / "index"):
        pass
    inner = next((tmp_path / "index").glob("lmdb-*"))
    for path in (tmp_path / "index", inner, inner / "data.mdb"):
        found = identify(path)
        assert (found.detected.format, found.program, found.can_migrate) == ("lmdb", "magellan-lsp", True)
    with open_store(tmp_path / "other", backend="sqlite"):
        pass
    assert identify(tmp_path / "other").program == "magellan-lsp"
    with pytest.raises(errors.UnknownFormat):
        detect(tmp_path)


def test_looking_changes_nothing(tmp_path: Path):
    database = make(tmp_path / "m.db", 21, tmp_path, wal=True)
    before = beside(database)
    found = identify(database)
    assert (found.program, found.schema, found.graph_schema) == ("magellan", 21, 10)
    assert beside(database) == before


def test_what_cannot_be_used_says_why(tmp_path: Path):
    database = make(tmp_path / "m.db", 7, tmp_path)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE magellan_meta SET magellan_schema_version = 30")
    found = identify(database)
    assert (found.can_migrate, found.schema) == (False, 30)
    assert "newer" in found.problem
    database.write_bytes(database.read_bytes()[:9000])
    assert "cut short" in identify(database).problem
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE t (a)")
    assert identify(tmp_path / "other.db").program is None
