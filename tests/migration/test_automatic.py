"""Opening a workspace takes Magellan's index over once, answers from it, and then the files count."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from migration.workspaces import RELEASES, index, real, small
from support.databases import beside
from support.old_magellan import MAIN
from support.stores import BACKENDS

from magellan_lsp.api import open_index
from magellan_lsp.cli.main import main
from magellan_lsp.errors import Cancelled
from magellan_lsp.facts.kinds import Role
from magellan_lsp.migrate import carried, hydrate
from magellan_lsp.migrate import convert as convert_module
from magellan_lsp.migrate.automatic import take_over, take_over_file
from magellan_lsp.migrate.convert import convert
from magellan_lsp.migrate.marks import is_from_magellan
from magellan_lsp.store.base import Store
from magellan_lsp.store.dump import dump
from magellan_lsp.store.open import open_store
from magellan_lsp.store.second_tier import Execution

RUN = Execution(0, "own", "0.1", ("index",), None, "x", 5, 6, 7, "success", None, 1, 2, 3)


@pytest.fixture(params=list(BACKENDS))
def store(request: pytest.FixtureRequest, tmp_path: Path):
    with BACKENDS[request.param](tmp_path / "store") as opened:
        yield opened


def report_of(store: Store) -> dict[str, object]:
    with store.read() as reader:
        return carried.find_report(reader) or {}


@pytest.mark.parametrize("release", RELEASES)
def test_answers_before_the_files_are_indexed(release: str, tmp_path: Path):
    root = real(tmp_path, release)
    database = root / ".magellan" / "magellan.db"
    before = beside(database)
    with open_store(tmp_path / "index") as store:
        report = take_over(store, root)
        assert report is not None
        assert (report["outcome"], report["verified"]) == ("migrated", True)
        with store.read() as reader:
            assert all(is_from_magellan(file.digest) for file in reader.iter_files())
            names = {(hit.path, hit.qualified) for hit in reader.search_symbols("total", 50)}
            assert ("python/shop/pricing.py", "total") in names
            (hit,) = [hit for hit in reader.find_by_name("total") if hit.path == "python/shop/pricing.py"]
            source = (root / hit.path).read_bytes()
            assert source[hit.name_start : hit.name_end] == b"total"
            chunk = reader.find_chunk(hit.path, hit.start, hit.end)
            assert chunk is not None
            assert chunk.text.encode() == source[hit.start : hit.end]
            assert chunk.symbol == hit.symbol_id
            assert reader.find_ast(hit.path)
            assert reader.find_file_metrics(hit.path) is not None
            assert [run.args[0] for run in reader.iter_executions()] == ["migrate", "watch"]
        assert take_over(store, root) is None
    assert beside(database) == before


@pytest.mark.parametrize("release", RELEASES)
def test_indexing_leaves_nothing_of_it_in_the_answers(release: str, tmp_path: Path):
    root = real(tmp_path, release)
    with open_store(tmp_path / "fresh") as store:
        index(root, store)
        with store.read() as reader:
            wanted = dump(reader)
    with open_store(tmp_path / "index") as store:
        take_over(store, root)
        with store.read() as reader:
            before = {hit.symbol_id for hit in reader.iter_symbols()}
        index(root, store)
        with store.read() as reader:
            assert dump(reader) == wanted
            kept = before & {hit.symbol_id for hit in reader.iter_symbols()}
            assert len(kept) > 0.8 * len(before)
            # the log stays, and the rows
            assert [run.args[0] for run in reader.iter_executions()] == ["migrate", "watch"]
            assert carried.find_schema(reader) is not None
        assert take_over(store, root) is None


@pytest.mark.parametrize("release", RELEASES)
def test_answers_made_some_files_at_a_time_are_those_made_at_once(
    release: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    root = real(tmp_path, release)
    dumps = []
    for entities in (1_000_000, 40):
        monkeypatch.setattr(hydrate, "PART_ENTITIES", entities)
        with open_store(tmp_path / str(entities)) as store:
            take_over(store, root)
            with store.read() as reader:
                dumps.append(dump(reader))
                assert any(True for _ in reader.iter_calls())
    assert dumps[0] == dumps[1]


def test_who_only_reads_makes_the_answers_that_a_conversion_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    root = real(tmp_path, "4.17.0")
    monkeypatch.setattr(convert_module, "READY_ROWS", 0)
    for place in ("asked", "called"):
        convert(root / ".magellan" / "magellan.db", tmp_path / place, root=root)
        with open_store(tmp_path / place, "read") as store, store.read() as reader:
            assert reader.count_symbols() == 0
    where = ("--root", str(root), "--index", str(tmp_path / "asked"), "--no-refresh", "--format", "json")
    assert main(["symbols", "total", *where]) == 0
    assert "python/shop/pricing.py" in capsys.readouterr().out
    with open_index(root, refresh=False, index=tmp_path / "called") as index_:
        assert index_.search("total")


def test_python_takes_an_index_over_too(tmp_path: Path):
    root = real(tmp_path, "4.17.0")
    with open_index(root) as index_:
        assert [run.args[0] for run in index_.executions()][-2:] == ["migrate", "watch"]


def test_every_question_about_a_small_one(store: Store, tmp_path: Path):
    root = small(tmp_path)
    take_over(store, root)
    with store.read() as reader:
        (größe,) = reader.find_by_name("größe")
        (main,) = reader.find_by_fqn("main.py::main")
        text = MAIN.encode()
        at = text.index('größe("é'.encode())
        assert [(one.path, one.start, one.role) for one in reader.iter_references(größe.symbol_id)] == [
            ("main.py", at, Role.CALL)
        ]
        assert reader.find_callers(größe.symbol_id) == [main.symbol_id]
        assert reader.find_callees(main.symbol_id) == [größe.symbol_id]
        assert reader.find_labels(größe.symbol_id) == ["fn", "hot path", "python"]
        chunks = reader.find_chunks_of_symbol(größe.symbol_id)
        assert [chunk.text for chunk in chunks or ()] == ['def größe(名):\n    return "🙂" + 名']
        nodes = reader.find_ast("util.py")
        assert [(node.kind, node.parent) for node in nodes or ()] == [("block", -1), ("return_statement", 0)]
        metrics = reader.find_file_metrics("util.py")
        assert metrics is not None
        assert (metrics.loc, metrics.fan_in) == (2, 0)


def test_labels_that_somebody_gave_stay(store: Store, tmp_path: Path):
    root = small(tmp_path)
    take_over(store, root)
    index(root, store)
    with store.read() as reader:
        (größe,) = [hit for hit in reader.find_by_name("größe") if hit.path == "util.py"]
        assert not is_from_magellan(reader.find_file("util.py").digest)
        assert reader.find_labels(größe.symbol_id) == ["fn", "hot path", "python"]


def test_what_is_indexed_already_is_left_alone(store: Store, tmp_path: Path):
    root = small(tmp_path)
    index(root, store)
    with store.read() as reader:
        wanted = dump(reader)
    report = take_over(store, root)
    assert report is not None
    assert report["success"]
    with store.read() as reader:
        assert dump(reader) == wanted
        assert len(list(reader.iter_executions())) == 4


def test_a_log_that_is_there_keeps_its_runs(store: Store, tmp_path: Path):
    root = small(tmp_path)
    with store.write() as txn:
        for n in range(2):
            txn.put_execution(RUN._replace(execution_id=f"own-{n}", started_at=n))
    take_over(store, root)
    with store.read() as reader:
        runs = list(reader.iter_executions())
    assert [run.execution_id for run in runs[1:]] == ["6b02-1", "6b01-1", "6b00-1", "own-1", "own-0"]
    assert len({run.id for run in runs}) == 6


def test_files_that_are_gone_go(tmp_path: Path):
    root = small(tmp_path)
    (root / "util.py").unlink()
    with open_store(tmp_path / "index") as store:
        take_over(store, root)
        with store.read() as reader:
            assert reader.find_file("util.py") is not None
        index(root, store)
        with store.read() as reader:
            assert [file.path for file in reader.iter_files()] == ["main.py"]
            assert list(reader.find_by_name("größe")) == []


def test_a_file_that_cannot_be_read_stops_nothing(store: Store, tmp_path: Path):
    root = small(tmp_path)
    database = root / ".magellan" / "magellan.db"
    data = database.read_bytes()
    database.write_bytes(data[: len(data) // 2])
    report = take_over(store, root)
    assert report is not None
    assert (report["success"], report["error"]) == (False, "DatabaseDamaged")
    assert report_of(store)["message"] == report["message"]
    assert index(root, store).indexed == 2
    # Not again, unless the file is another one, or somebody asks.
    assert take_over(store, root) is None
    assert take_over(store, root, again=True) is not None
    database.write_bytes(data)
    again = take_over(store, root)
    assert again is not None
    assert again["success"]
    with store.read() as reader:
        assert [run.outcome for run in reader.iter_executions()][-3:] == ["success"] * 3


def test_a_newer_one_is_refused(store: Store, tmp_path: Path):
    root = small(tmp_path)
    with sqlite3.connect(root / ".magellan" / "magellan.db") as connection:
        connection.execute("UPDATE magellan_meta SET magellan_schema_version = 99")
    report = take_over(store, root)
    assert report is not None
    assert report["error"] == "NewerSchema"


def test_a_mismatch_keeps_nothing_and_says_what(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    root = small(tmp_path)
    real_one = carried.digests_of

    def changed(*args: object) -> dict[str, bytes]:
        found = real_one(*args)  # type: ignore[arg-type]
        return {**found, "code_chunks": bytes(16)}

    monkeypatch.setattr(carried, "digests_of", changed)
    report = take_over(store, root)
    assert report is not None
    assert (report["success"], report["error"]) == (False, "MigrationMismatch")
    assert report["differences"] == ["code_chunks: the number of rows is the same, what they hold is not"]
    with store.read() as reader:
        assert list(reader.iter_files()) == []
        assert list(reader.iter_carried(carried.ROWS)) == []
        assert [run.outcome for run in reader.iter_executions()] == ["error"]


@pytest.mark.parametrize("steps", range(1, 40, 4))
def test_stopped_anywhere_it_begins_anew(steps: int, tmp_path: Path):
    root = small(tmp_path, 21)
    left = steps

    def check() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Cancelled()

    with open_store(tmp_path / "index") as store:
        try:
            take_over(store, root, check=check)
        except Cancelled:
            pass
    with open_store(tmp_path / "index") as store:
        take_over(store, root)
        assert take_over(store, root) is None
        with store.read() as reader:
            schema = carried.find_schema(reader)
            assert schema is not None
            tally = carried.tally_of(reader, schema)
            assert {key: tally.groups["entities"][key] for key in ("File", "Symbol")} == {
                "File": 2,
                "Symbol": 2,
            }
            assert reader.count_files() == 2
            assert len({run.execution_id for run in reader.iter_executions()}) == 4
            assert json.dumps(carried.find_report(reader))


def test_another_one_in_its_place(store: Store, tmp_path: Path):
    root = small(tmp_path)
    take_over(store, root)
    (tmp_path / "other").mkdir()
    other = small(tmp_path / "other", 12)
    report = take_over_file(store, root, other / ".magellan" / "magellan.db")
    assert (report["success"], report["schema"]) == (True, 12)
    with store.read() as reader:
        schema = carried.find_schema(reader)
        assert schema is not None
        assert schema.table("cfg_edges") is not None
