"""A file is what its first bytes say."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import lmdb
import pytest
from support.databases import beside
from support.old_magellan import make
from support.permissions import CAN_BIND, permissions_bind

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
    make(tmp_path / "other" / "magellan.db", 7, tmp_path)
    assert identify(tmp_path / "other").program == "magellan-lsp", "Magellan's own beside it comes last"
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
    assert found.problem == "schema 21 is the newest that is understood"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE magellan_meta SET magellan_schema_version = 7")
        connection.execute("UPDATE graph_meta SET schema_version = 11")
    assert identify(database).problem == "graph schema 10 is the newest that is understood"
    database.write_bytes(database.read_bytes()[:9000])
    assert "cut short" in identify(database).problem
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE t (a)")
    assert identify(tmp_path / "other.db").program is None


def test_an_lmdb_database_of_another_program_is_not_called_damaged(tmp_path: Path):
    with (
        lmdb.open(str(tmp_path / "other"), map_size=1 << 20) as environment,
        environment.begin(write=True) as txn,
    ):
        txn.put(b"a", b"b")
    found = identify(tmp_path / "other")
    assert (found.program, found.can_migrate, found.problem) == (None, False, "a database of another program")


@pytest.mark.skipif(not CAN_BIND, reason="needs permissions that bind")
@pytest.mark.parametrize("mode", [0o000, 0o111, 0o444])
def test_a_folder_that_may_not_be_looked_into(mode: int, tmp_path: Path):
    folder = tmp_path / "closed"
    folder.mkdir()
    make(folder / "magellan.db", 7, tmp_path)
    folder.chmod(mode)
    try:
        with permissions_bind(), pytest.raises(errors.CannotOpenDatabase):
            identify(folder)
    finally:
        folder.chmod(0o700)
