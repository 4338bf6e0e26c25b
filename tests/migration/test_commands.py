"""The two commands as processes: what they print, and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.databases import beside, everything
from support.old_magellan import make

from magellan_lsp.store.open import open_store


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "magellan_lsp", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def migrate(source: object, target: object, *more: object) -> subprocess.CompletedProcess[str]:
    return run("migrate-backend", "--input", source, "--output", target, *more)


def test_there_and_back(database: Path, tmp_path: Path):
    before = beside(database)
    assert migrate(database, tmp_path / "index").returncode == 0
    assert migrate(tmp_path / "index", tmp_path / "back.db", "--to", "sqlite").returncode == 0
    assert everything(tmp_path / "back.db") == everything(database)
    assert beside(database) == before


def test_what_people_see(tmp_path: Path):
    database = make(tmp_path / "m.db", 7, tmp_path)
    text = migrate(database, tmp_path / "index").stdout
    assert "SQLite to LMDB, an index of Magellan, schema 7, graph schema 3" in text
    assert "entities  Call 1 · File 2 · Reference 1 · Symbol 2 · Wholly unknown 1" in text
    assert (
        run("detect", database).stdout
        == f"{database}: SQLite, an index of Magellan, schema 7, graph schema 3\n"
    )
    assert "LMDB, an index of magellan-lsp" in run("detect", tmp_path / "index").stdout


def test_what_scripts_see(tmp_path: Path):
    database = make(tmp_path / "m.db", 7, tmp_path)
    report = json.loads(migrate(database, tmp_path / "index", "--format", "json").stdout)
    assert (report["success"], report["inputFormat"], report["outputFormat"]) == (True, "sqlite", "lmdb")
    found = json.loads(run("detect", database, "--format", "json").stdout)
    assert (found["format"], found["program"], found["schema"]) == ("sqlite", "magellan", 7)


def test_a_dry_run(tmp_path: Path):
    database = make(tmp_path / "m.db", 7, tmp_path)
    done = migrate(database, tmp_path / "index", "--dry-run")
    assert done.returncode == 0
    assert "Would migrate" in done.stdout
    assert not (tmp_path / "index").exists()


def test_a_dry_run_says_when_the_place_is_taken(tmp_path: Path):
    database = make(tmp_path / "m.db", 7, tmp_path)
    said = migrate(database, tmp_path / "index", "--dry-run").stdout
    assert "nothing was written" in said
    assert "already" not in said
    assert migrate(database, tmp_path / "index").returncode == 0
    assert (
        f"{tmp_path / 'index'} is there already" in migrate(database, tmp_path / "index", "--dry-run").stdout
    )
    (tmp_path / "back.db").write_text("something else")
    done = migrate(tmp_path / "index", tmp_path / "back.db", "--dry-run", "--format", "json")
    assert "is there already" in json.loads(done.stdout)["message"]


def test_rows_as_json_lines(tmp_path: Path):
    database = make(tmp_path / "m.db", 17, tmp_path)
    assert migrate(database, tmp_path / "index", "--export-dir", tmp_path / "rows").returncode == 0
    assert migrate(tmp_path / "index", tmp_path / "b.db", "--export-dir", tmp_path / "again").returncode == 0
    for folder in ("rows", "again"):
        chunks = [
            json.loads(line) for line in (tmp_path / folder / "code_chunks.jsonl").open(encoding="utf-8")
        ]
        assert [chunk["symbol_name"] for chunk in chunks] == ["größe", "main"]
        assert chunks[0]["content"] == 'def größe(名):\n    return "🙂" + 名'
        events = [
            json.loads(line) for line in (tmp_path / folder / "telemetry_events.jsonl").open(encoding="utf-8")
        ]
        assert events[0]["metadata"] == {"base64": "AP8="}
    names = {path.name for path in (tmp_path / "rows").iterdir()}
    assert {"graph_entities.jsonl", "graph_edges.jsonl", "execution_log.jsonl"} < names
    assert names == {path.name for path in (tmp_path / "again").iterdir()}


@pytest.mark.parametrize(
    ("content", "code", "name"),
    [
        (None, 21, "DatabaseNotFound"),
        (b"", 23, "CannotReadHeader"),
        (b"not a database at all", 24, "UnknownFormat"),
        (b"\x1f\x8b" + bytes(30), 24, "UnknownFormat"),
    ],
)
def test_errors_by_name(content: bytes | None, code: int, name: str, tmp_path: Path):
    path = tmp_path / "m.db"
    if content is not None:
        path.write_bytes(content)
    done = migrate(path, tmp_path / "index", "--format", "json")
    assert done.returncode == code
    assert json.loads(done.stderr)["error"] == name
    assert "Traceback" not in done.stderr
    assert migrate(path, tmp_path / "index").returncode == code


def test_in_memory():
    done = migrate(":memory:", "out", "--format", "json")
    assert (done.returncode, json.loads(done.stderr)["error"]) == (25, "InMemoryDatabaseNotSupported")
    assert run("detect", ":memory:").returncode == 25


def test_detecting_what_is_nothing(tmp_path: Path):
    (tmp_path / "note.txt").write_text("just a text, long enough to have a header")
    done = run("detect", tmp_path / "note.txt", "--format", "json")
    assert done.returncode == 24
    assert json.loads(done.stdout)["format"] == "unknown"
    (tmp_path / "v3.db").write_bytes(b"SQLTGF\0\3" + bytes(100))
    assert "native v3" in run("detect", tmp_path / "v3.db").stdout


def test_an_index_made_by_the_command_is_one(tmp_path: Path):
    root = tmp_path / "work"
    root.mkdir()
    (root / "util.py").write_text("def größe(名):\n    pass\n", encoding="utf-8")
    database = make(tmp_path / "m.db", 7, root)
    assert migrate(database, root / ".magellan").returncode == 0
    found = run("symbols", "größe", "--root", root, "--no-refresh")
    assert "größe" in found.stdout
    assert run("index", root).returncode == 0
    with open_store(root / ".magellan", "read") as store, store.read() as reader:
        assert [file.path for file in reader.iter_files()] == ["util.py"]


def test_an_output_that_cannot_be_written_is_told_with_the_option_that_chose_it(tmp_path: Path):
    database = make(tmp_path / "m.db", 7, tmp_path)
    (tmp_path / "file").write_text("")
    # What stands below a file cannot be made, whoever asks.
    for words, option in (
        (["--output", tmp_path / "file" / "index"], "--output PATH"),
        (["--output", tmp_path / "index", "--export-dir", tmp_path / "file" / "rows"], "--export-dir DIR"),
    ):
        done = run("migrate-backend", "--input", database, *words)
        assert done.returncode == 7
        assert option in done.stderr
        assert "--index" not in done.stderr
