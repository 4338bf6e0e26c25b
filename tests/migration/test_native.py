"""An index of this program's own: to SQLite and back, record by record; and with Magellan's rows beside it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from migration.workspaces import RELEASES, index, real, small
from support.databases import everything
from support.magellan import graph

from magellan_lsp.extract.details import details
from magellan_lsp.languages.registry import get_language
from magellan_lsp.migrate.automatic import take_over
from magellan_lsp.migrate.convert import convert
from magellan_lsp.migrate.store_copy import fingerprint
from magellan_lsp.store.dump import dump
from magellan_lsp.store.open import Backend, open_store
from magellan_lsp.store.second_tier import Details, Execution

RUN = Execution(0, "run-1", "0.1", ("index",), None, "x", 5, 6, 7, "success", None, 1, 2, 3)


def indexed(root: Path, folder: Path, backend: Backend = "lmdb") -> None:
    """An index with something of everything."""
    with open_store(folder, backend=backend, root=root) as store:
        index(root, store)
        with store.read() as reader:
            files = list(reader.iter_files())
        with store.write() as txn:
            for record in files:
                facts = txn.reader().find_facts(record.path)
                if facts is not None:
                    source = (root / record.path).read_bytes()
                    made = details(facts, get_language(record.language), source, now=1_770_000_000)
                    txn.put_details(record.path, record.digest, Details(*made))
                    txn.put_labels(facts.symbol_ids[-1], ["mine"])
            txn.put_execution(RUN)
            txn.put_carried("note", b"k", b"v")
        store.settle()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = real(tmp_path, "2.3.1")
    (made / ".magellan" / "magellan.db").unlink()
    (made / ".magellan").rmdir()
    return made


def test_there_and_back(root: Path, tmp_path: Path):
    indexed(root, root / ".magellan")
    report = convert(root / ".magellan", tmp_path / "own.db")
    assert (report.program, report.files, report.executions) == ("magellan-lsp", 36, 1)
    assert convert(root / ".magellan", tmp_path / "own.db").outcome == "already there"
    convert(tmp_path / "own.db", tmp_path / "back")
    with (
        open_store(root / ".magellan", "read") as one,
        open_store(tmp_path / "back", "read") as other,
        one.read() as mine,
        other.read() as theirs,
    ):
        assert dump(mine) == dump(theirs)
        assert fingerprint(mine) == fingerprint(theirs)
        assert [run.args[0] for run in theirs.iter_executions()] == ["migrate-backend", "index"]
        (labelled,) = {place.path for place in theirs.iter_labelled("mine") if place.path == "c/main.c"}
        assert labelled == "c/main.c"


def test_the_database_is_what_the_sqlite_backend_writes(root: Path, tmp_path: Path):
    indexed(root, tmp_path / "lmdb")
    indexed(root, tmp_path / "sqlite", "sqlite")
    convert(tmp_path / "lmdb", tmp_path / "own.db", root=root)
    (wanted,) = (tmp_path / "sqlite").glob("sqlite-*/magellan.db")
    assert graph(tmp_path / "own.db") == graph(wanted)
    back = convert(tmp_path / "sqlite", tmp_path / "from-sqlite", root=root)
    assert (back.input_format, back.outcome) == ("sqlite", "migrated")


@pytest.mark.parametrize("release", RELEASES)
def test_with_rows_of_magellan_beside(release: str, tmp_path: Path):
    root = real(tmp_path, release)
    (root / "java").rename(tmp_path / "gone")  # stale: in Magellan's index, and no longer there
    folder = root / ".magellan"
    with open_store(folder) as store:
        take_over(store, root)
        index(root, store)
        with store.read() as reader:
            wanted, n_files = dump(reader), reader.count_files()
    convert(folder, tmp_path / "out.db")
    with sqlite3.connect(tmp_path / "out.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        files = [
            path for (path,) in connection.execute("SELECT name FROM graph_entities WHERE kind = 'File'")
        ]
        assert sorted(files) == sorted({*files})
        assert all(path.startswith(str(root)) for path in files)
        assert not any("/java/" in path for path in files)
        assert len(files) == n_files
        loose = "SELECT count(*) FROM graph_edges WHERE from_id NOT IN (SELECT id FROM graph_entities)"
        assert connection.execute(loose).fetchone() == (0,)
        stale = "SELECT count(*) FROM file_metrics WHERE file_path LIKE '/ws/%'"
        assert connection.execute(stale).fetchone() == (0,)
        runs = [run for (run,) in connection.execute("SELECT args FROM execution_log ORDER BY id")]
        assert len(runs) == 2
        assert "watch" in runs[0]
        assert "migrate" in runs[1]
    convert(tmp_path / "out.db", tmp_path / "again", root=root)
    with open_store(tmp_path / "again", "read") as store, store.read() as reader:
        assert dump(reader) == wanted


def test_rows_of_files_elsewhere_stay(tmp_path: Path):
    root = small(tmp_path, 21)
    with sqlite3.connect(root / ".magellan" / "magellan.db") as connection:
        connection.execute(
            "INSERT INTO graph_entities (kind, name, file_path, data) VALUES ('File', '/far/a.py', '/far/a.py', '{}')"
        )
    with open_store(root / ".magellan") as store:
        take_over(store, root)
        index(root, store)
    convert(root / ".magellan", tmp_path / "out.db")
    found = everything(tmp_path / "out.db")
    kinds = [row[2][1] for row in found["graph_entities"]]
    assert kinds.count(b"Wholly unknown") == 1
    assert kinds.count(b"File") == 3
    assert len(found["telemetry_events"]) == 2


def test_runs_that_were_logged_since_are_added(tmp_path: Path):
    root = small(tmp_path)
    convert(root / ".magellan" / "magellan.db", tmp_path / "index")
    with open_store(tmp_path / "index") as store, store.write() as txn:
        txn.put_execution(RUN)
    report = convert(tmp_path / "index", tmp_path / "out.db")
    assert report.executions == 4
    rows = everything(tmp_path / "out.db")["execution_log"]
    assert [row[2][1] for row in rows] == [b"6b00-1", b"6b01-1", b"6b02-1", b"run-1"]
