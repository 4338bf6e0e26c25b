"""There and back gives every row of every table, whatever Magellan made the database."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from support.databases import beside, everything
from support.old_magellan import make

from magellan_lsp.errors import MigrationMismatch, TargetExists
from magellan_lsp.migrate import give_back
from magellan_lsp.migrate.convert import convert
from magellan_lsp.migrate.rows import BLOCK_ROWS, Table
from magellan_lsp.store.open import open_store


def there_and_back(database: Path, place: Path) -> Path:
    convert(database, place / "index")
    convert(place / "index", place / "back.db")
    return place / "back.db"


def test_every_row_of_what_magellan_made(database: Path, tmp_path: Path):
    before = beside(database)
    back = there_and_back(database, tmp_path)
    assert everything(back) == everything(database)
    assert beside(database) == before


@pytest.mark.parametrize("version", range(1, 22))
def test_every_schema(version: int, tmp_path: Path):
    (tmp_path / "old").mkdir()
    database = make(tmp_path / "old" / f"v{version}.db", version, tmp_path)
    before = beside(database)
    back = there_and_back(database, tmp_path)
    assert everything(back) == everything(database)
    assert beside(database) == before
    with sqlite3.connect(back) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("change", ["lost", "added", "altered", "no text"])
def test_a_database_that_does_not_hold_what_is_carried_is_refused(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    convert(make(tmp_path / "v7.db", 7, tmp_path), tmp_path / "index")
    real_one = give_back.insert

    def wrong(connection: sqlite3.Connection, table: Table, rows: list[list[Any]], **given: bool) -> None:
        if table.name == "graph_labels":
            entity, label = rows[-1][-2:]
            if change == "lost":
                rows = rows[:-1]
            elif change == "added":
                rows = [*rows, [len(rows) + 1000, entity, label][-len(rows[0]) :]]
            elif change == "altered":
                rows = [*rows[:-1], [*rows[-1][:-1], f"{label}!"]]
        real_one(connection, table, rows, **given)
        if table.name == "graph_labels" and change == "no text":
            connection.execute(
                "UPDATE graph_labels SET label = CAST(x'80' AS TEXT) WHERE entity_id = ?", (entity,)
            )

    monkeypatch.setattr(give_back, "insert", wrong)
    with pytest.raises(MigrationMismatch) as caught:
        convert(tmp_path / "index", tmp_path / "back.db")
    assert all("labels" in line for line in caught.value.differences)
    assert caught.value.differences
    assert not (tmp_path / "back.db").exists()
    monkeypatch.undo()
    assert convert(tmp_path / "index", tmp_path / "back.db").outcome == "migrated"


def test_full_text_search_works_in_what_comes_back(tmp_path: Path):
    back = there_and_back(make(tmp_path / "v21.db", 21, tmp_path), tmp_path)
    with sqlite3.connect(back) as connection:
        found = connection.execute(
            "SELECT rowid FROM code_chunks_fts WHERE code_chunks_fts MATCH 'größe'"
        ).fetchall()
        assert len(found) == 2
        # The triggers are there too.
        connection.execute(
            "INSERT INTO graph_entities (kind, name, data) VALUES ('Symbol', 'zebra', '{}')",
        )
        assert connection.execute(
            "SELECT name FROM symbol_fts WHERE symbol_fts MATCH 'zebra'"
        ).fetchall() == [("zebra",)]


def test_values_of_every_kind(tmp_path: Path):
    database = make(tmp_path / "v7.db", 7, tmp_path)
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("CREATE TABLE odd (a, b TEXT, rowid TEXT, c AS (a || 'x'))")
    values = [0, -(2**63), 2**63 - 1, 1.5, float("inf"), "", "a\0b", "\U0010ffff", b"", b"\0\xff", None]
    connection.executemany(
        "INSERT INTO odd (a, b, rowid) VALUES (?, ?, ?)", [(one, "ö", "r") for one in values]
    )
    connection.execute(
        "INSERT INTO odd (a, b) VALUES (CAST(? AS TEXT), CAST(? AS TEXT))", (b"\xff\xfe", b"ok\xc3")
    )
    connection.execute('CREATE TABLE "with \'quotes""" ("a b" TEXT)')
    connection.execute('INSERT INTO "with \'quotes""" VALUES (\'x\')')
    connection.execute("CREATE VIEW view AS SELECT a FROM odd")
    connection.execute("PRAGMA user_version = 77")
    connection.execute("PRAGMA application_id = 42")
    # rowids that do not follow each other
    connection.execute("DELETE FROM graph_labels WHERE label = 'fn'")
    connection.execute("ANALYZE")
    connection.close()
    back = there_and_back(database, tmp_path)
    assert everything(back) == everything(database)
    with sqlite3.connect(back) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (77,)
        assert copy.execute("PRAGMA application_id").fetchone() == (42,)
        assert copy.execute("SELECT count(*) FROM view").fetchone() == (len(values) + 1,)


def test_rows_that_fill_many_blocks_and_a_bad_text_among_them(tmp_path: Path):
    database = make(tmp_path / "v7.db", 7, tmp_path)
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE many (n INTEGER, text TEXT)")
    connection.executemany(
        "INSERT INTO many VALUES (?, ?)", ((n, "x" * (n % 97)) for n in range(3 * BLOCK_ROWS))
    )
    connection.execute(
        "UPDATE many SET text = CAST(? AS TEXT) WHERE n = ?", (b"\xe9t\xe9", 2 * BLOCK_ROWS + 5)
    )
    connection.execute("COMMIT")
    connection.close()
    assert everything(there_and_back(database, tmp_path)) == everything(database)


def test_a_large_value(tmp_path: Path):
    database = make(tmp_path / "v7.db", 7, tmp_path)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE code_chunks SET content = ? WHERE id = 1", ("é" * 5_000_000,))
    assert everything(there_and_back(database, tmp_path)) == everything(database)


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_other_encodings(encoding: str, tmp_path: Path):
    plain, database = make(tmp_path / "plain.db", 7, tmp_path), tmp_path / "utf16.db"
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute(f"PRAGMA encoding = '{encoding}'")
    with sqlite3.connect(plain) as source:
        connection.executescript("\n".join(source.iterdump()))
    connection.close()
    back = there_and_back(database, tmp_path)
    with sqlite3.connect(back) as copy:
        assert copy.execute("PRAGMA encoding").fetchone() == (encoding,)
    assert everything(back) == everything(database)


def test_the_log_is_in_order_and_there_once(tmp_path: Path):
    database = make(tmp_path / "v7.db", 7, tmp_path)
    convert(database, tmp_path / "index")
    with open_store(tmp_path / "index", "read") as store, store.read() as reader:
        runs = list(reader.iter_executions())
    # newest first; two of the three began in the same second
    assert [run.execution_id for run in runs[1:]] == ["6b02-1", "6b01-1", "6b00-1"]
    assert [run.id for run in runs[1:]] == [3, 2, 1]
    assert [tuple(run.args) for run in runs[1:]] == [("watch", "né 2"), ("watch", "né 1"), ("watch", "né 0")]
    assert runs[0].args[0] == "migrate-backend"
    assert runs[0].outcome == "success"
    report = convert(tmp_path / "index", tmp_path / "back.db")
    assert report.executions == 3
    assert everything(tmp_path / "back.db")["execution_log"] == everything(database)["execution_log"]


def test_chunks_are_there_to_the_byte(database: Path, tmp_path: Path):
    convert(database, tmp_path / "index")
    connection = sqlite3.connect(f"{database.as_uri()}?immutable=1", uri=True)
    wanted = connection.execute(
        "SELECT file_path, byte_start, byte_end, content, content_hash FROM code_chunks"
    ).fetchall()
    (root,) = connection.execute("SELECT root FROM execution_log").fetchone()
    connection.close()
    with open_store(tmp_path / "index", "read") as store, store.read() as reader:
        for path, start, end, content, noted in wanted:
            chunk = reader.find_chunk(path.removeprefix(f"{root}/"), start, end)
            assert chunk is not None, (path, start, end)
            assert (chunk.text, chunk.hash) == (content, noted)


def test_the_report_counts_by_kind_type_label_and_table(tmp_path: Path):
    report = convert(make(tmp_path / "v7.db", 7, tmp_path), tmp_path / "index").document()
    assert report["entities"] == {"Call": 1, "File": 2, "Reference": 1, "Symbol": 2, "Wholly unknown": 1}
    assert report["edges"] == {"CALLER": 1, "CALLS": 1, "DEFINES": 2, "POINTS_AT": 2, "REFERENCES": 1}
    assert report["labels"] == {"fn": 2, "hot path": 1, "odd": 1, "python": 2}
    assert report["tables"]["code_chunks"] == 2
    assert report["chunkHashes"] == {"checked": 2, "wrong": 0}
    assert (report["schema"], report["graphSchema"], report["verified"]) == (7, 3, True)
    json.dumps(report)


def test_a_hash_that_was_wrong_already_is_told(tmp_path: Path):
    database = make(tmp_path / "v7.db", 7, tmp_path)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE code_chunks SET content_hash = 'no' WHERE id = 1")
    report = convert(database, tmp_path / "index").document()
    assert report["chunkHashes"] == {"checked": 2, "wrong": 1}


def test_a_target_that_is_there_is_left_alone(tmp_path: Path):
    one, other = make(tmp_path / "one.db", 7, tmp_path), make(tmp_path / "other.db", 8, tmp_path)
    convert(one, tmp_path / "index")
    assert convert(one, tmp_path / "index").outcome == "already there"
    with pytest.raises(TargetExists):
        convert(other, tmp_path / "index")
    convert(tmp_path / "index", tmp_path / "back.db")
    assert convert(tmp_path / "index", tmp_path / "back.db").outcome == "already there"
    before = (other.stat().st_mtime_ns, other.read_bytes())
    with pytest.raises(TargetExists):
        convert(tmp_path / "index", other)
    assert (other.stat().st_mtime_ns, other.read_bytes()) == before
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(TargetExists):
        convert(one, tmp_path / "note.txt")
    for text in ("", "mine", "mine, and longer than any header of a database is" * 3):
        (tmp_path / "note.txt").write_text(text)
        with pytest.raises(TargetExists):
            convert(tmp_path / "index", tmp_path / "note.txt")
        assert (tmp_path / "note.txt").read_text() == text
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == [".gitignore", "lmdb-3.2.2"]


def test_what_comes_back_can_go_again(database: Path, tmp_path: Path):
    back = there_and_back(database, tmp_path)
    assert convert(back, tmp_path / "index").outcome == "already there"
    convert(back, tmp_path / "again")
    convert(tmp_path / "again", tmp_path / "again.db")
    assert everything(tmp_path / "again.db") == everything(database)


def test_a_dry_run_writes_nothing(tmp_path: Path):
    database = make(tmp_path / "v7.db", 7, tmp_path)
    before = beside(database)
    report = convert(database, tmp_path / "index", dry_run=True)
    assert (report.outcome, report.tally.groups["entities"]["Symbol"]) == ("dry run", 2)
    assert beside(database) == before
    assert not (tmp_path / "index").exists()
    convert(database, tmp_path / "index")
    assert convert(tmp_path / "index", tmp_path / "b.db", dry_run=True).tally.rows == report.tally.rows
    assert not (tmp_path / "b.db").exists()
