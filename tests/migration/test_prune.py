"""After files are indexed here, or are gone, no row of Magellan's speaks of them; the others stay as they were."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import lmdb
import pytest
from migration.workspaces import RELEASES, index, real, small
from support.stores import BACKENDS

from magellan_lsp.errors import Cancelled
from magellan_lsp.migrate import carried
from magellan_lsp.migrate.automatic import take_over
from magellan_lsp.migrate.convert import convert
from magellan_lsp.migrate.prune import prune
from magellan_lsp.store.base import Store
from magellan_lsp.store.dump import dump
from magellan_lsp.store.open import lmdb_folder, open_store


def rows_of(store: Store) -> dict[str, list[list[object]]]:
    """All rows that are carried, by table."""
    found: dict[str, list[list[object]]] = {}
    with store.read() as reader:
        schema = carried.find_schema(reader)
        assert schema is not None
        for table in schema.tables:
            found[table.name] = [
                row for rows, _, _ in carried.iter_table(reader, schema, table) for row in rows
            ]
    return found


def everything(store: Store) -> bytes:
    """All values that are carried, in one."""
    with store.read() as reader:
        return b"\0".join(value for _, value in reader.iter_carried(carried.ROWS))


@pytest.mark.parametrize("backend", list(BACKENDS))
@pytest.mark.parametrize("release", RELEASES)
def test_rows_of_indexed_files_go(backend: str, release: str, tmp_path: Path):
    root = real(tmp_path, release)
    with BACKENDS[backend](tmp_path / "store") as store:
        take_over(store, root)
        before = rows_of(store)
        assert not prune(store, root)  # nothing is indexed yet
        assert rows_of(store) == before
        index(root, store)
        with store.read() as reader:
            wanted = dump(reader)
        assert prune(store, root)
        with store.read() as reader:
            assert dump(reader) == wanted
            paths = [record.path for record in reader.iter_files()]
        left = everything(store)
        assert [path for path in paths if path.encode() in left] == []
        after = rows_of(store)
        for table in ("execution_log", "magellan_meta", "graph_meta"):
            assert after[table] == before[table]
        kinds = {row[1] for row in after["graph_entities"]}
        assert kinds <= {"File", "Symbol", "Call", "Reference", "Import", "DisplayName"}
        assert not prune(store, root)
        assert take_over(store, root) is None  # it was taken over, and is not again


@pytest.mark.parametrize("release", RELEASES)
def test_going_back_gives_the_same_before_and_after(release: str, tmp_path: Path):
    root = real(tmp_path, release)
    with open_store(tmp_path / "index") as store:
        take_over(store, root)
        index(root, store)
    convert(tmp_path / "index", tmp_path / "before.db", root=root)
    with open_store(tmp_path / "index") as store:
        assert prune(store, root)
    convert(tmp_path / "index", tmp_path / "after.db", root=root)
    found = []
    for name in ("before.db", "after.db"):
        with sqlite3.connect(tmp_path / name) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            found.append(
                {
                    table: connection.execute(question).fetchall()
                    for table, question in {
                        "entities": "SELECT kind, name, file_path FROM graph_entities ORDER BY 1, 2, 3",
                        "chunks": "SELECT file_path, byte_start, content FROM code_chunks ORDER BY 1, 2, 3",
                        "edges": "SELECT edge_type, count(*) FROM graph_edges GROUP BY 1 ORDER BY 1",
                        "log": "SELECT * FROM execution_log ORDER BY id",
                    }.items()
                }
            )
    assert found[0] == found[1]


def test_after_a_file_goes_no_key_or_value_mentions_it(tmp_path: Path):
    root = real(tmp_path, "4.17.0")
    (root / "notes.xyz").write_text("there")
    with sqlite3.connect(root / ".magellan" / "magellan.db") as connection:
        connection.execute(
            "INSERT INTO code_chunks (file_path, byte_start, byte_end, content, content_hash, created_at)"
            " VALUES ('notes.xyz', 0, 5, 'there', 'x', 1)"
        )
        connection.execute(
            "INSERT INTO graph_entities (kind, name, file_path, data) VALUES ('File', 'notes.xyz', 'notes.xyz', '{}')"
        )
    with open_store(tmp_path / "index") as store:
        take_over(store, root)
        index(root, store)
        prune(store, root)
        assert b"notes.xyz" in everything(store)
        with store.read() as reader:
            assert [chunk.text for chunk in reader.find_chunks("notes.xyz") or ()] == ["there"]
        shutil.rmtree(root / "cuda")
        (root / "notes.xyz").unlink()
        (root / "python" / "shop" / "pricing.py").unlink()
        index(root, store)
        assert prune(store, root)
    env = lmdb.open(str(lmdb_folder(tmp_path / "index")), max_dbs=32, readonly=True)
    n_records = 0
    with env.begin() as txn:
        for name in [key for key, _ in txn.cursor()]:
            for key, value in txn.cursor(db=env.open_db(name, txn=txn, create=False)):
                n_records += 1
                for path in (b"shop/pricing.py", b"cuda/", b"notes.xyz"):
                    assert path not in key, name
                    assert path not in value, name
    env.close()
    assert n_records > 1000


def test_files_of_no_language_and_files_elsewhere_keep_theirs(tmp_path: Path):
    root = small(tmp_path, 21)
    (root / "notes.xyz").write_text("there")
    with sqlite3.connect(root / ".magellan" / "magellan.db") as connection:
        for path in ("/far/a.py", str(root / "notes.xyz"), str(root / "lost.xyz")):
            connection.execute(
                "INSERT INTO graph_entities (kind, name, file_path, data) VALUES ('File', ?, ?, '{}')",
                (path, path),
            )
    with open_store(tmp_path / "index") as store:
        take_over(store, root)
        index(root, store)
        assert prune(store, root)
        files = [row[2] for row in rows_of(store)["graph_entities"] if row[1] == "File"]
        assert files == ["/far/a.py", str(root / "notes.xyz")]


def test_a_run_that_is_broken_off_changes_nothing(tmp_path: Path):
    root = real(tmp_path, "4.17.0")

    def stop() -> None:
        nonlocal steps
        steps -= 1
        if not steps:
            raise Cancelled()

    with open_store(tmp_path / "index") as store:
        take_over(store, root)
        index(root, store)
        before = rows_of(store)
        for after in range(1, 400, 7):
            steps = after
            try:
                prune(store, root, stop)
            except Cancelled:
                assert rows_of(store) == before
            else:
                break
        assert rows_of(store) != before
