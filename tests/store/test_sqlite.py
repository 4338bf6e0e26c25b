"""Magellan's tables in the SQLite backend are true after any history, and the file keeps the store's promises."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from blake3 import blake3
from support.details import make_chunk, make_details, make_execution
from support.facts import Made, make_file, make_links, workspace
from support.magellan import graph, rows

import magellan_lsp
from magellan_lsp.api import open_index
from magellan_lsp.errors import IndexBusyError, IndexDamagedError, IndexFormatError, IndexMissing
from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.links import Link
from magellan_lsp.languages.registry import get_language
from magellan_lsp.query import metrics
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.stored import StoreSource
from magellan_lsp.settings import Settings
from magellan_lsp.store.base import FileRecord, Store
from magellan_lsp.store.dump import dump, iter_second_tier
from magellan_lsp.store.open import backend_folder, open_store
from magellan_lsp.store.second_tier import Details
from magellan_lsp.store.sqlite import schema
from magellan_lsp.store.sqlite import store as sqlite_store

SAMPLE = Path(__file__).parents[2] / "fixtures" / "magellan" / "sample"


def opened(folder: Path, mode: str = "write", **options: Any) -> Store:
    return open_store(folder / "index", mode, backend="sqlite", **options)


def database(folder: Path) -> Path:
    return backend_folder(folder / "index", "sqlite") / "magellan.db"


# Magellan's tables ----


def fill(store: Store, files: dict[str, Made], links: dict[str, Any], details: dict[str, Details]) -> None:
    with store.write() as txn:
        for made in files.values():
            txn.replace_file(*made)
        for some in links.values():
            txn.replace_links(some)
        for path, some in details.items():
            txn.put_details(path, files[path].record.digest, some)


def test_any_history_leaves_the_graph_that_a_fresh_index_has(tmp_path: Path) -> None:
    rng = random.Random(3)
    files: dict[str, Made] = {}
    links: dict[str, Any] = {}
    details: dict[str, Details] = {}
    paths = [f"d{i % 2}/f{i}.py" for i in range(6)]
    with opened(tmp_path / "kept") as store:
        for step in range(40):
            with store.bulk() if step % 5 == 0 else store.write() as txn:
                for _ in range(rng.randrange(1, 5)):
                    path = rng.choice(paths)
                    action = rng.randrange(6)
                    if action <= 1 or path not in files:
                        files[path] = make_file(path, rng.randrange(4), n_occurrences=30)
                        txn.replace_file(*files[path])
                        links.pop(path, None)
                        details.pop(path, None)
                    elif action == 2:
                        txn.remove_file(path)
                        for table in (files, links, details):
                            table.pop(path, None)
                    elif action == 3:
                        details[path] = make_details(files[path].facts, rng.randrange(3))
                        txn.put_details(path, files[path].record.digest, details[path])
                    else:
                        # targets that are not there (any more) too
                        targets = [
                            s for p in paths for n in range(4) for s in make_file(p, n).facts.symbol_ids
                        ]
                        links[path] = make_links(files[path].facts, targets, rng)
                        txn.replace_links(links[path])
            if step % 4 == 3:
                folder = tmp_path / f"fresh{step}"
                with opened(folder, root=tmp_path / "kept") as fresh:
                    fill(fresh, files, links, details)
                found, expected = graph(database(tmp_path / "kept")), graph(database(folder))
                for part, value in expected.items():
                    assert found[part] == value, (step, part)
    assert len(files) > 2
    assert all(
        found[part] for part in ("entities", "edges", "labels", "cfg_blocks", "ast_nodes", "code_chunks")
    )


def test_no_row_mentions_a_file_that_went(tmp_path: Path) -> None:
    odd = "gone:dir/\udc80𝕏" + "x" * 600 + ".py"
    files = {made.record.path: made for made in workspace(4)}
    gone = make_file(odd, 7, names=["only_there", "y" * 600], n_symbols=9, n_occurrences=40)
    targets = [symbol for made in files.values() for symbol in made.facts.symbol_ids]
    with opened(tmp_path) as store:
        everything = {**files, odd: gone}
        links = {path: make_links(made.facts, targets, random.Random(1)) for path, made in everything.items()}
        details = {path: make_details(made.facts) for path, made in everything.items()}
        fill(store, everything, links, details)
        with store.write() as txn:
            txn.put_labels(gone.facts.symbol_ids[0], ["only_there"])
        with store.write() as txn:
            txn.remove_file(odd)
    needles = [b"gone:dir", b"only_there", b"y" * 100, *map(bytes.fromhex, gone.facts.symbol_ids)]
    needles += [symbol.encode() for symbol in gone.facts.symbol_ids]
    tables = [
        name for (name,) in rows(database(tmp_path), "SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    n_rows = 0
    for table in tables:
        for row in rows(database(tmp_path), f"SELECT * FROM {table}"):
            n_rows += 1
            for value in row:
                data = (
                    value.encode() if isinstance(value, str) else value if isinstance(value, bytes) else b""
                )
                assert not any(needle in data for needle in needles), (table, row)
    assert n_rows > 500
    entities = {number for (number,) in rows(database(tmp_path), "SELECT id FROM graph_entities")}
    for table, column in (
        ("graph_edges", "from_id"),
        ("graph_edges", "to_id"),
        ("graph_labels", "entity_id"),
        ("cfg_blocks", "function_id"),
        ("symbol_metrics", "symbol_id"),
        ("ast_nodes", "file_id"),
    ):
        assert {number for (number,) in rows(database(tmp_path), f"SELECT {column} FROM {table}")} <= entities


APP = "# é\nfrom util import greet\r\n\ndef main():\n    greet('ü')\n\nmain()\n"
UTIL = "class Greeter:\n    def hello(self):\n        return greet\n\ndef greet(name):\n    return name\n"


def put_sources(store: Store, sources: dict[str, bytes]) -> None:
    facts = {path: extract(path, get_language("python"), data) for path, data in sources.items()}
    with store.write() as txn:
        for path, some in facts.items():
            size, counts = len(sources[path]), (len(some.symbol_ids), len(some.occ_start))
            record = FileRecord(
                path, "python", some.digest, size, 1_700_000_000 * 10**9 + 5, *counts, False, ""
            )
            txn.replace_file(record, some)
    with store.read() as reader:
        made = [link(Resolver(StoreSource(reader)), some) for some in facts.values()]
    with store.write() as txn:
        for some in made:
            txn.replace_links(some)


def test_rows_have_magellans_fields(tmp_path: Path) -> None:
    sources = {"app.py": APP.encode(), "util.py": UTIL.encode()}
    for path, data in sources.items():
        (tmp_path / path).write_bytes(data)
    with opened(tmp_path) as store:
        put_sources(store, sources)
    root = os.path.realpath(tmp_path)
    app = f"{root}/app.py"

    def entity(kind: str, name: str) -> dict[str, Any]:
        found = rows(
            database(tmp_path),
            "SELECT file_path, data FROM graph_entities WHERE kind = ? AND name = ?",
            kind,
            name,
        )
        return {"file_path": found[0][0], **json.loads(found[0][1])}

    file = entity("File", app)
    assert file["hash"] == sha256(sources["app.py"]).hexdigest()
    assert (file["path"], file["last_modified"]) == (app, 1_700_000_000)
    hello = entity("Symbol", "hello")
    assert (hello["kind"], hello["kind_normalized"], hello["fqn"]) == ("Method", "method", "Greeter.hello")
    assert (hello["start_line"], hello["start_col"], hello["end_line"]) == (2, 4, 3)
    assert re.fullmatch("[0-9a-f]{16}", hello["symbol_id"])
    assert re.fullmatch("[0-9a-f]{32}", hello["magellan_lsp_id"])
    assert hello["display_fqn"] == "util.Greeter.hello"
    assert hello["canonical_fqn"] == f".::{root}/util.py::Method hello"
    call = entity("Call", "main calls greet")
    at = sources["app.py"].index(b"greet(")
    assert (call["byte_start"], call["byte_end"], call["file"]) == (at, at + 5, app)
    assert (call["start_line"], call["start_col"], call["end_line"], call["end_col"]) == (5, 4, 5, 9)
    assert call["callee_symbol_id"] == entity("Symbol", "greet")["symbol_id"]
    assert (call["caller"], call["callee"]) == ("main", "greet")
    assert entity("Call", "app.py calls main")["caller_symbol_id"] == entity("Symbol", "app.py")["symbol_id"]
    imported = entity("Import", f"from_import import from {app}")
    assert (imported["import_path"], imported["imported_names"], imported["is_glob"]) == (
        ["util"],
        ["greet"],
        False,
    )
    (util,) = rows(database(tmp_path), "SELECT id FROM graph_entities WHERE name = ?", f"{root}/util.py")
    assert imported["resolved_file_id"] == util[0]
    kinds = {kind for (kind,) in rows(database(tmp_path), "SELECT DISTINCT edge_type FROM graph_edges")}
    assert kinds >= {"DEFINES", "REFERENCES", "CALLER", "CALLS", "IMPORTS"}


def test_the_id_of_a_symbol_is_magellans(tmp_path: Path) -> None:
    from magellan_lsp.store.sqlite.entities import magellan_id

    assert magellan_id("python", "Greeter.hello", "src/main.py", 0, 40) == "c5e25bdf068e8458"


def test_a_text_that_is_not_on_disk_has_one_line_until_it_is(tmp_path: Path) -> None:
    data = b"a = 1\ndef f():\n    pass\n"
    (tmp_path / "m.py").write_bytes(b"other")
    with opened(tmp_path) as store:
        put_sources(store, {"m.py": data})

        def f() -> dict[str, Any]:
            return json.loads(
                rows(database(tmp_path), "SELECT data FROM graph_entities WHERE name = 'f'")[0][0]
            )

        assert (f()["start_line"], f()["start_col"]) == (1, 6)
        (tmp_path / "m.py").write_bytes(data)
        with store.write() as txn:
            txn.touch_file("m.py", 5, len(data))
        assert (f()["start_line"], f()["start_col"]) == (2, 0)
        file = json.loads(
            rows(database(tmp_path), "SELECT data FROM graph_entities WHERE kind = 'File'")[0][0]
        )
        assert file["hash"] == sha256(data).hexdigest()


def test_names_that_several_symbols_have_are_aliases(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        put_sources(store, {"a.py": b"def f(): pass\ndef f(): pass\ndef g(): pass\n"})
        question = (
            "SELECT a.name, s.name FROM graph_edges e JOIN graph_entities a ON a.id = e.from_id"
            " JOIN graph_entities s ON s.id = e.to_id WHERE e.edge_type = 'alias_of'"
        )
        assert rows(database(tmp_path), question) == [("a.f", "f"), ("a.f", "f")]
        put_sources(store, {"a.py": b"def f(): pass\ndef g(): pass\n"})
        assert rows(database(tmp_path), question) == []
        assert rows(database(tmp_path), "SELECT * FROM graph_entities WHERE kind = 'DisplayName'") == []


def test_the_schema_is_magellans(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    path = database(tmp_path)
    assert rows(path, "SELECT * FROM graph_meta") == [(1, 3)]
    assert rows(
        path, "SELECT id, magellan_schema_version, sqlitegraph_schema_version FROM magellan_meta"
    ) == [(1, 7, 3)]
    assert rows(path, "SELECT version FROM graph_meta_history") == [(2,), (3,)]
    assert rows(path, "PRAGMA user_version") == rows(path, "PRAGMA application_id") == [(0,)]
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]
    names = {
        name
        for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type IN ('table', 'index')")
        if not name.startswith(("magellan_lsp_", "sqlite_"))
    }
    assert len([name for name in names if not name.startswith("idx_")]) == 17
    assert len([name for name in names if name.startswith("idx_")]) == 26


def test_runs_of_magellans_programs_are_in_the_same_log(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        with store.write() as txn:
            txn.put_execution(make_execution("ours"))
        connection = sqlite3.connect(database(tmp_path))
        with connection:
            connection.execute(
                "INSERT INTO execution_log (execution_id, tool_version, args, db_path, started_at, outcome,"
                " files_indexed) VALUES ('6b01-5f', '2.3.1', '[\"status\"]', 'x.db', 1770000009, 'success', NULL)"
            )
        connection.close()
        with store.read() as reader:
            theirs, ours = reader.iter_executions()
            assert (theirs.execution_id, theirs.args, theirs.files_indexed) == ("6b01-5f", ("status",), 0)
            assert reader.find_execution("6b01-5f") == theirs
            assert theirs.id == ours.id + 1


# the file ----


def child(code: str, *args: object) -> subprocess.Popen[str]:
    root = Path(magellan_lsp.__file__).parent.parent
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])}
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, args)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=env)


WRITER = """
    import random, sys
    from pathlib import Path
    from support.details import make_details, make_execution
    from support.facts import make_file, make_links
    from magellan_lsp.store.open import open_store
    store = open_store(Path(sys.argv[1]) / "index", backend="sqlite")
    print("ready", flush=True)
    for i in range(int(sys.argv[2])):
        with store.write() as txn:
            for k in range(3):
                made = make_file(f"f{k}.py", i)
                txn.replace_file(*made)
                txn.replace_links(make_links(made.facts, list(made.facts.symbol_ids), random.Random(i)))
                txn.put_details(made.record.path, made.record.digest, make_details(made.facts))
            txn.put_meta("round", str(i).encode())
            if i == int(sys.argv[3]):
                print("inside", flush=True)
                sys.stdin.read()
        print(i, flush=True)
"""


def after_round(folder: Path, i: int) -> dict[str, object]:
    with opened(folder, root=folder.parent / "killed") as store, store.write() as txn:
        for k in range(3):
            made = make_file(f"f{k}.py", i)
            txn.replace_file(*made)
            txn.replace_links(make_links(made.facts, list(made.facts.symbol_ids), random.Random(i)))
            txn.put_details(made.record.path, made.record.digest, make_details(made.facts))
        txn.put_meta("round", str(i).encode())
    return graph(database(folder))


def test_a_writer_killed_inside_a_transaction_loses_that_one_alone(tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    process = child(WRITER, folder, 100, 3)
    assert process.stdout is not None
    while process.stdout.readline().strip() != "inside":
        pass
    with opened(folder, "read") as reader_store:
        with pytest.raises(IndexBusyError) as caught:
            opened(folder)
        assert caught.value.pid == process.pid
        assert not reader_store.try_acquire_writer()
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert reader_store.try_acquire_writer()
        with reader_store.read() as reader:
            assert reader.find_meta("round") == b"2"
        with reader_store.write() as txn:
            txn.put_meta("x", b"1")
    process.communicate()
    assert graph(database(folder)) == after_round(tmp_path / "fresh", 2)


def test_two_processes_read_while_one_writes(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        with store.write() as txn:
            txn.put_meta("n", b"0")
        code = """
            import sys
            from pathlib import Path
            from magellan_lsp.store.open import open_store
            store = open_store(Path(sys.argv[1]) / "index", "read", backend="sqlite")
            for line in sys.stdin:
                with store.read() as reader:
                    n = int(reader.find_meta("n"))
                    print(n, reader.count_files(), len(list(reader.iter_executions())), flush=True)
        """
        processes = [child(code, tmp_path) for _ in range(2)]
        for n in range(1, 8):
            with store.write() as txn:
                txn.replace_file(*make_file(f"f{n}.py", n))
                txn.put_execution(make_execution(str(n)))
                txn.put_meta("n", str(n).encode())
            for process in processes:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write("look\n")
                process.stdin.flush()
                assert process.stdout.readline() == f"{n} {n} {n}\n"
        for process in processes:
            process.communicate()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_forked_child_reads_and_leaves_the_parent_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        with store.write() as txn:
            txn.put_meta("n", b"1")
        with store.read() as reader:
            assert reader.find_meta("n") == b"1"
        pid = os.fork()
        if pid == 0:
            try:
                with store.read() as reader:
                    good = reader.find_meta("n") == b"1" and not store.try_acquire_writer()
                store.close()
            finally:
                os._exit(0 if good else 1)
        assert os.waitpid(pid, 0)[1] == 0
        with store.write() as txn:
            txn.put_meta("n", b"2")
        with pytest.raises(IndexBusyError):
            opened(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are of POSIX")
def test_a_full_disk_is_no_space_and_no_harm(tmp_path: Path) -> None:
    process = child(
        """
        import resource, signal, sys
        from pathlib import Path
        from support.facts import workspace
        from magellan_lsp.errors import NoSpace
        from magellan_lsp.store.open import open_store
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = open_store(Path(sys.argv[1]) / "index", backend="sqlite")
        with store.write() as txn:
            txn.put_meta("before", b"1")
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        try:
            with store.bulk() as txn:
                for made in workspace(200, n_occurrences=300):
                    txn.replace_file(*made)
        except NoSpace:
            print("no space")
        with store.read() as reader:
            print(reader.count_files(), reader.find_meta("before"))
        """,
        tmp_path,
    )
    said, _ = process.communicate()
    assert said.split("\n")[:2] == ["no space", "0 b'1'"]


def test_a_database_that_is_only_begun_is_no_damaged_one(tmp_path: Path) -> None:
    """Its writer makes the file first and the tables then; others look in between, and it may be killed there."""
    database(tmp_path).parent.mkdir(parents=True)
    beginning = sqlite3.connect(database(tmp_path))
    beginning.execute("PRAGMA journal_mode = WAL")
    beginning.close()
    assert database(tmp_path).stat().st_size > 0
    with pytest.raises(IndexMissing):
        opened(tmp_path, "read")
    with opened(tmp_path), opened(tmp_path, "read") as other, other.read() as reader:
        assert reader.count_files() == 0
    assert [path.name for path in (tmp_path / "index").glob("*.damaged*")] == []


def test_a_bulk_load_that_commits_in_between_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "BULK_ENTRIES", 300)
    files = {made.record.path: made for made in workspace(20)}
    targets = [symbol for made in files.values() for symbol in made.facts.symbol_ids]
    links = {path: make_links(made.facts, targets, random.Random(path)) for path, made in files.items()}
    with opened(tmp_path / "bulk") as store, store.bulk() as txn:
        for path, made in files.items():
            txn.replace_file(*made)
            txn.replace_links(links[path])
    with opened(tmp_path / "once", root=tmp_path / "bulk") as store:
        fill(store, files, links, {})
    assert graph(database(tmp_path / "bulk")) == graph(database(tmp_path / "once"))


def test_what_is_missing_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        opened(tmp_path, "read")
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("damage", ["cut", "junk", "no tables", "other format"])
def test_what_cannot_be_read_is_named_and_kept(tmp_path: Path, damage: str) -> None:
    with opened(tmp_path) as store:
        fill(store, {made.record.path: made for made in workspace(30)}, {}, {})
    path = database(tmp_path)
    data = path.read_bytes()
    if damage == "cut":
        path.write_bytes(data[: len(data) // 3])
    elif damage == "junk":
        path.write_bytes(b"junk" * 5000)
    else:
        connection = sqlite3.connect(path)
        if damage == "no tables":
            connection.execute("DROP TABLE magellan_lsp_facts")
        else:
            connection.execute("UPDATE graph_meta SET schema_version = 99")
        connection.commit()
        connection.close()
    kept = path.read_bytes()
    error = IndexFormatError if damage == "other format" else IndexDamagedError
    with pytest.raises(error):
        opened(tmp_path, "read")
    with pytest.raises(error):
        opened(tmp_path, set_aside=False)
    assert path.read_bytes() == kept
    if damage != "other format":
        with opened(tmp_path) as store, store.read() as reader:
            assert reader.count_files() == 0
        aside = path.parent.with_name(path.parent.name + ".damaged-1") / "magellan.db"
        assert aside.read_bytes() == kept


@pytest.mark.parametrize("value", ["NULL", "7", "'text'"])
@pytest.mark.parametrize("column", ["key", "value"])
def test_rows_that_hold_something_else_are_damage(tmp_path: Path, column: str, value: str) -> None:
    with opened(tmp_path) as store:
        fill(store, {made.record.path: made for made in workspace(3)}, {}, {})
    connection = sqlite3.connect(database(tmp_path))
    connection.execute("CREATE TABLE other AS SELECT key, value FROM magellan_lsp_paths")
    connection.execute("DROP TABLE magellan_lsp_paths")
    connection.execute("ALTER TABLE other RENAME TO magellan_lsp_paths")
    connection.execute(f"UPDATE magellan_lsp_paths SET {column} = {value} WHERE rowid = 2")
    connection.commit()
    connection.close()
    with opened(tmp_path, "read") as store, pytest.raises(IndexDamagedError), store.read() as reader:
        list(reader.iter_files())


def test_what_a_later_magellan_made_of_it_is_read(tmp_path: Path) -> None:
    made = make_file("a.py", 1)
    with opened(tmp_path) as store:
        fill(store, {"a.py": made}, {}, {})
    connection = sqlite3.connect(database(tmp_path))
    with connection:
        connection.execute("UPDATE graph_meta SET schema_version = 10")
        connection.execute("UPDATE magellan_meta SET magellan_schema_version = 21")
        for table in ("graph_entities", "graph_edges"):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN snapshot_id TEXT NOT NULL DEFAULT 'default'")
        connection.execute("ALTER TABLE cfg_blocks ADD COLUMN cfg_hash TEXT")
        connection.execute(
            "CREATE UNIQUE INDEX uq_graph_labels_entity_label ON graph_labels(entity_id, label)"
        )
    connection.close()
    with opened(tmp_path) as store:
        with store.write() as txn:
            txn.put_details("a.py", made.record.digest, make_details(made.facts))
            txn.put_labels(made.facts.symbol_ids[0], ["python", "x"])
            txn.replace_file(*make_file("a.py", 2))
        with store.read() as reader:
            assert reader.find_facts("a.py") is not None


def test_a_closed_store_is_one_file(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        fill(store, {made.record.path: made for made in workspace(3)}, {}, {})
        store.sync()
    assert sorted(path.name for path in database(tmp_path).parent.iterdir()) == ["magellan.db", "writer.lock"]
    elsewhere = tmp_path / "copy"
    shutil.copytree(tmp_path / "index", elsewhere / "index")
    with opened(tmp_path, "read") as one, opened(elsewhere, "read") as other:
        with one.read() as a, other.read() as b:
            assert dump(a) == dump(b)
            assert list(iter_second_tier(a)) == list(iter_second_tier(b))
        assert one.stats()["records"]["graph_entities"] > 3


def test_calls_to_what_is_not_there_find_it_when_it_comes(tmp_path: Path) -> None:
    caller, callee = make_file("a.py", 1, n_occurrences=30), make_file("b.py", 2)
    calling = [row for row, role in enumerate(caller.facts.occ_role) if role == 5]
    target = callee.facts.symbol_ids[-1]
    links = make_links(caller.facts, [], random.Random(0))._replace(links=(Link(calling[0], target, 0),))
    question = "SELECT count(*) FROM graph_edges WHERE edge_type = 'CALLS'"
    with opened(tmp_path) as store:
        for round_ in range(2):
            with store.write() as txn:
                txn.replace_file(*caller)
                txn.replace_links(links)
            assert rows(database(tmp_path), question) == [(round_ * 0,)]
            with store.write() as txn:
                txn.replace_file(*callee)
            assert rows(database(tmp_path), question) == [(1,)]
            with store.read() as reader:
                assert len(reader.find_callers(target)) == 1
            with store.write() as txn:
                txn.remove_file("b.py")
            with store.read() as reader:
                assert len(reader.find_callers(target)) == 1


def test_carried_chunks_are_rows_until_their_file_is_indexed(tmp_path: Path) -> None:
    question = "SELECT file_path, byte_start, content FROM code_chunks"
    with opened(tmp_path) as store:
        with store.write() as txn:
            txn.carry_chunks("gone.py", [make_chunk(0, 3, None, "ü")])
        assert rows(database(tmp_path), question) == [(f"{os.path.realpath(tmp_path)}/gone.py", 0, "ü")]
        with store.write() as txn:
            txn.replace_file(*make_file("gone.py", 1))
        assert rows(database(tmp_path), question) == []


def test_the_digest_is_the_hash_of_what_nobody_can_read(tmp_path: Path) -> None:
    data = b"x = 1\n"
    with opened(tmp_path) as store:
        put_sources(store, {"m.py": data})
    file = json.loads(rows(database(tmp_path), "SELECT data FROM graph_entities WHERE kind = 'File'")[0][0])
    assert file["hash"] == blake3(data).hexdigest(16)


# measures ----


def fans(folder: Path) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """What Magellan's tables say: (fan-in, fan-out) by path, and by SymbolId."""
    with sqlite3.connect(database(folder)) as connection:
        files = connection.execute(
            "SELECT file_path, fan_in, fan_out, complexity_score, loc FROM file_metrics"
        )
        by_path = {}
        for path, fan_in, fan_out, score, loc in files:
            assert score == pytest.approx(0.1 * loc + 0.5 * fan_in + 0.3 * fan_out)
            by_path[path] = (fan_in, fan_out)
        question = (
            "SELECT hex(s.symbol), m.fan_in, m.fan_out FROM symbol_metrics m"
            f" JOIN {schema.PREFIX}symbol s ON s.entity = m.symbol_id"
        )
        return by_path, {one.lower(): (a, b) for one, a, b in connection.execute(question)}


def test_fan_in_and_fan_out_are_what_is_answered(tmp_path: Path) -> None:
    root = tmp_path / "sample"
    shutil.copytree(SAMPLE, root)
    for change in (lambda: None, (root / "python/shop/pricing.py").unlink):
        change()
        with open_index(
            root, index=tmp_path / "index", settings=Settings(backend="sqlite"), details=True
        ) as one:
            found_files, found_symbols = fans(tmp_path)
            wanted_files, wanted_symbols = {}, {}
            for record in one.snapshot.reader.iter_files():
                file = metrics.of_file(one.snapshot, record.path)
                if file is not None:
                    wanted_files[str(root / record.path)] = (file.fan_in, file.fan_out)
                whole = metrics.of_symbol(one.snapshot, (record.path, 0))  # the file as a symbol
                assert whole is not None
                for each in [whole, *metrics.of_symbols_in(one.snapshot, record.path)]:
                    wanted_symbols[each.metrics.symbol] = (each.metrics.fan_in, each.metrics.fan_out)
        assert found_files == wanted_files
        assert found_symbols == wanted_symbols
        assert sum(fan_in for fan_in, _ in found_files.values()) > 20
        assert sum(fan_out for _, fan_out in found_symbols.values()) > 20
