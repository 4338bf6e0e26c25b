"""A database is read without a byte of it or beside it changing; what is wrong with one is said by name."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.databases import beside, everything
from support.old_magellan import make
from support.permissions import CAN_BIND, permissions_bind

from magellan_lsp import errors
from magellan_lsp.migrate import original
from magellan_lsp.migrate.convert import convert


@contextmanager
def another_process(database: Path, *statements: str) -> Iterator[subprocess.Popen[str]]:
    """A program that has done some statements on a database and holds on to it."""
    code = f"""
        import sqlite3, sys
        connection = sqlite3.connect({str(database)!r}, isolation_level=None)
        for statement in {statements!r}:
            connection.execute(statement).fetchall()
        print("ready", flush=True)
        sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    return make(tmp_path / "old" / "m.db", 7, tmp_path)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(original, "BUSY_S", 0.1)


def entities(path: Path) -> int:
    with sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True) as connection:
        return int(connection.execute("SELECT count(*) FROM graph_entities").fetchone()[0])


# Logs


def test_rows_that_are_only_in_the_log(tmp_path: Path):
    (tmp_path / "old").mkdir()
    database = make(tmp_path / "old" / "m.db", 7, tmp_path, wal=True)
    with another_process(
        database, "INSERT INTO graph_entities (kind, name, data) VALUES ('File', 'late', '{}')"
    ):
        assert (tmp_path / "old" / "m.db-wal").stat().st_size > 0
        before = beside(database)
        convert(database, tmp_path / "index")
        assert beside(database) == before
    convert(tmp_path / "index", tmp_path / "back.db")
    assert entities(tmp_path / "back.db") == entities(database) + 1


def test_a_log_left_by_a_crash(tmp_path: Path):
    (tmp_path / "old").mkdir()
    database = make(tmp_path / "old" / "m.db", 7, tmp_path, wal=True)
    with another_process(database, "DELETE FROM graph_labels") as process:
        process.kill()
        process.wait()
    before = beside(database)
    assert set(before) == {"m.db", "m.db-shm", "m.db-wal"}
    assert convert(database, tmp_path / "index").tally.tables["graph_labels"] == 0
    assert beside(database) == before


def test_write_ahead_mode_without_a_log_leaves_none(tmp_path: Path):
    (tmp_path / "old").mkdir()
    database = make(tmp_path / "old" / "m.db", 7, tmp_path, wal=True)
    before = beside(database)
    assert set(before) == {"m.db"}
    convert(database, tmp_path / "index")
    assert beside(database) == before


def test_a_journal_left_by_a_crash_is_rolled_back_in_a_copy(old: Path, tmp_path: Path):
    wanted = everything(old)
    pages = "PRAGMA cache_size = 1"  # so that changed pages are written before the end
    many = "UPDATE code_chunks SET content = hex(zeroblob(200000))"
    with another_process(old, pages, "BEGIN", many, "DELETE FROM graph_edges") as process:
        process.kill()
        process.wait()
    before = beside(old)
    assert "m.db-journal" in before
    convert(old, tmp_path / "index")
    assert beside(old) == before
    convert(tmp_path / "index", tmp_path / "back.db")
    assert everything(tmp_path / "back.db") == wanted


# Locks


@pytest.mark.skipif(sys.platform == "win32", reason="asks for locks of POSIX")
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("wal", [False, True])
def test_locked_by_another_program(wal: bool, tmp_path: Path):
    database = make(tmp_path / "m.db", 7, tmp_path, wal=wal)
    before = database.read_bytes()
    with (
        another_process(database, "BEGIN EXCLUSIVE", "DELETE FROM graph_labels"),
        pytest.raises(errors.DatabaseLocked),
    ):
        convert(database, tmp_path / "index")
    assert database.read_bytes() == before
    assert not (tmp_path / "index").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="asks for locks of POSIX")
@pytest.mark.usefixtures("impatient")
def test_a_program_that_only_reads_is_no_hindrance(old: Path, tmp_path: Path):
    with another_process(old, "BEGIN", "SELECT count(*) FROM graph_entities"):
        assert convert(old, tmp_path / "index").outcome == "migrated"


# What is no database of Magellan


def test_nothing_there(tmp_path: Path):
    with pytest.raises(errors.DatabaseNotFound):
        convert(tmp_path / "no.db", tmp_path / "index")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("name", [":memory:", "file::memory:", "file::memory:?cache=shared"])
def test_in_memory(name: str, tmp_path: Path):
    with pytest.raises(errors.InMemoryDatabaseNotSupported):
        convert(name, tmp_path / "index")


@pytest.mark.parametrize("content", [b"", b"SQLite", b"SQLite format 3\0 and no more"])
def test_no_header(content: bytes, tmp_path: Path):
    (tmp_path / "m.db").write_bytes(content)
    with pytest.raises(errors.CannotReadHeader):
        convert(tmp_path / "m.db", tmp_path / "index")


@pytest.mark.parametrize(
    "content",
    [
        b"hello " * 100,
        b"SQLTGF\0\0" + bytes(200),
        b"SQLTGF\0\3" + bytes(200),
        bytes(200),
        gzip.compress(b"x" * 99, mtime=0),
    ],
)
def test_other_formats(content: bytes, tmp_path: Path):
    (tmp_path / "m.db").write_bytes(content)
    with pytest.raises(errors.UnknownFormat):
        convert(tmp_path / "m.db", tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_a_folder_without_a_database(tmp_path: Path):
    with pytest.raises(errors.UnknownFormat):
        convert(tmp_path, tmp_path / "out.db")


def test_an_sqlite_database_of_another_program(tmp_path: Path):
    with sqlite3.connect(tmp_path / "m.db") as connection:
        connection.execute("CREATE TABLE moz_places (id INTEGER)")
    with pytest.raises(errors.UnknownFormat, match="without Magellan's tables"):
        convert(tmp_path / "m.db", tmp_path / "index")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE magellan_meta SET magellan_schema_version = 22",
        "UPDATE graph_meta SET schema_version = 11",
    ],
)
def test_a_newer_schema(statement: str, old: Path, tmp_path: Path):
    with sqlite3.connect(old) as connection:
        connection.execute(statement)
    with pytest.raises(errors.NewerSchema):
        convert(old, tmp_path / "index")


def test_without_a_version_it_is_read_all_the_same(old: Path, tmp_path: Path):
    with sqlite3.connect(old) as connection:
        connection.execute("DROP TABLE magellan_meta")
    report = convert(old, tmp_path / "index")
    assert (report.schema, report.outcome) == (None, "migrated")


def test_a_pipe(tmp_path: Path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "m.db")
    with pytest.raises(errors.CannotOpenDatabase):
        convert(tmp_path / "m.db", tmp_path / "index")


# Damage


def page_of(path: Path, table: str) -> tuple[int, int]:
    """(offset, size) of a page of a table that holds rows."""
    with sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return (root - 1) * size, size


def test_a_corrupt_page(old: Path, tmp_path: Path):
    offset, size = page_of(old, "graph_edges")
    data = bytearray(old.read_bytes())
    data[offset : offset + size] = b"\xaa" * size
    old.write_bytes(data)
    with pytest.raises(errors.DatabaseDamaged):
        convert(old, tmp_path / "index")
    assert old.read_bytes() == data
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_cut_short(kept: float, old: Path, tmp_path: Path):
    data = old.read_bytes()
    old.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(errors.DatabaseDamaged):
        convert(old, tmp_path / "index")


def test_any_byte_may_be_wrong(old: Path, tmp_path: Path):
    """It is migrated, or refused by a name; nothing else, wherever a byte is wrong."""
    data = old.read_bytes()
    for n, at in enumerate(range(0, len(data), len(data) // 60)):
        broken = bytearray(data)
        broken[at] ^= 0x5A
        old.write_bytes(broken)
        try:
            convert(old, tmp_path / f"index{n}")
        except errors.MagellanError:
            pass
        assert old.read_bytes() == broken


# Where to


def test_no_room(old: Path, tmp_path: Path):
    if sys.platform == "win32":
        pytest.skip("no limits on files here")
    with sqlite3.connect(old) as connection:
        connection.executemany(
            "INSERT INTO graph_labels VALUES (1, ?)", ((f"{n:060}",) for n in range(20_000))
        )
    code = """
        import resource, signal, sys
        from pathlib import Path
        from magellan_lsp.errors import NoSpace
        from magellan_lsp.migrate.convert import convert
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        source, target = map(Path, sys.argv[1:3])
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        try:
            convert(source, target)
        except NoSpace:
            sys.exit(6)
    """

    def run(source: Path, target: Path) -> int:
        command = [sys.executable, "-c", textwrap.dedent(code), str(source), str(target)]
        return subprocess.run(command, check=False).returncode

    assert run(old, tmp_path / "index") == 6
    assert not (tmp_path / "index").exists()
    convert(old, tmp_path / "index")
    assert run(tmp_path / "index", tmp_path / "back.db") == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "old"]


@pytest.mark.skipif(not CAN_BIND, reason="needs permissions that bind")
def test_a_folder_that_cannot_be_written(old: Path, tmp_path: Path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with permissions_bind(), pytest.raises(errors.NotWritable):
        convert(old, tmp_path / "closed" / "index")


@pytest.mark.skipif(not CAN_BIND, reason="needs permissions that bind")
def test_a_file_that_may_not_be_read(old: Path, tmp_path: Path):
    old.chmod(0)
    with permissions_bind(), pytest.raises(errors.CannotOpenDatabase):
        convert(old, tmp_path / "index")


def test_a_folder_that_cannot_be_written_is_read_all_the_same(tmp_path: Path):
    (tmp_path / "old").mkdir()
    database = make(tmp_path / "old" / "m.db", 7, tmp_path, wal=True)
    (tmp_path / "old").chmod(0o500)
    database.chmod(0o400)
    try:
        with permissions_bind():
            assert convert(database, tmp_path / "index").outcome == "migrated"
    finally:
        (tmp_path / "old").chmod(0o700)


def test_a_target_where_none_can_be(old: Path, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(errors.NotWritable):
        convert(old, tmp_path / "file" / "index")


def test_source_and_target_are_two(old: Path):
    with pytest.raises(errors.UsageError):
        convert(old, old)
    with pytest.raises(errors.UsageError):
        convert(old, old.with_name("other.db"), to="sqlite")


def test_a_damaged_index_of_ours(old: Path, tmp_path: Path):
    convert(old, tmp_path / "index")
    data = next((tmp_path / "index").glob("lmdb-*/data.mdb"))
    data.write_bytes(data.read_bytes()[:8192])
    with pytest.raises(errors.DatabaseDamaged):
        convert(tmp_path / "index", tmp_path / "back.db")
    assert not (tmp_path / "back.db").exists()


def test_an_lmdb_database_of_another_program(tmp_path: Path):
    import lmdb

    with (
        lmdb.open(str(tmp_path / "other"), map_size=1 << 20) as environment,
        environment.begin(write=True) as txn,
    ):
        txn.put(b"a", b"b")
    with pytest.raises(errors.UnknownFormat):
        convert(tmp_path / "other", tmp_path / "back.db")
