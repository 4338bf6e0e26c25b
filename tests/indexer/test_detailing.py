"""What is worked out in the background, on every backend, with and without helper processes."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import lmdb
import pytest
from support.stores import BACKENDS, LASTING

from magellan_lsp.extract.engine import digest_of
from magellan_lsp.indexer import detailing
from magellan_lsp.indexer.detailing import Detailer, details_named
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import DETAILS, Settings
from magellan_lsp.store.base import Store
from magellan_lsp.store.second_tier import Detail, Details

EVERYTHING = details_named(DETAILS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    for number in range(6):
        (folder / f"m{number}.py").write_text(f"def f{number}(x):\n    if x:\n        return {number}\n")
    return folder


@pytest.fixture(params=list(BACKENDS))
def store(request: pytest.FixtureRequest, tmp_path: Path, root: Path) -> Iterator[Store]:
    made = BACKENDS[request.param](tmp_path)
    indexed(root, made)
    yield made
    made.close()


def indexed(root: Path, store: Store) -> None:
    indexer = Indexer(root, store, Settings(), workers=0)
    indexer.refresh()
    indexer.close()


def detailer(root: Path, store: Store, wanted=EVERYTHING, **more) -> Detailer:
    return Detailer(root, store, wanted, max_bytes=1 << 20, **more)


def computed(store: Store) -> dict[str, frozenset[Detail]]:
    with store.read() as reader:
        return {record.path: reader.find_computed(record.path) for record in reader.iter_files()}


def test_everything_is_worked_out(root, store):
    assert detailer(root, store, helpers=0).run()
    assert set(computed(store).values()) == {EVERYTHING}
    with store.read() as reader:
        (chunk,) = reader.find_chunks("m3.py") or ()
        assert chunk.text == (root / "m3.py").read_text().rstrip("\n")
        metrics = reader.find_symbol_metrics(chunk.symbol)
        cfg = reader.find_cfg(chunk.symbol)
    assert metrics is not None
    assert metrics.cyclomatic == 2
    assert cfg is not None
    assert cfg.name == "f3"


def test_only_what_is_wanted_is_worked_out(root, store):
    detailer(root, store, details_named(["cfg", "metrics"]), helpers=0).run()
    wanted = {Detail.CFGS, Detail.FILE_METRICS, Detail.SYMBOL_METRICS}
    assert set(computed(store).values()) == {frozenset(wanted)}
    detailer(root, store, (), helpers=0).run()
    assert set(computed(store).values()) == {frozenset(wanted)}


def test_only_what_is_missing_is_worked_out_again(root, store, monkeypatch):
    detailer(root, store, helpers=0).run()
    (root / "m1.py").write_text("def g(): pass\n")
    (root / "m2.py").unlink()
    indexed(root, store)
    seen: list[str] = []
    monkeypatch.setattr(
        detailing, "work_out", lambda facts, *_: seen.append(facts.path) or Details([], [], [], None, [])
    )
    detailer(root, store, helpers=0).run()
    assert seen == ["m1.py"]


def test_a_text_that_is_not_the_indexed_one_is_left_alone(root, store):
    (root / "m1.py").write_text("def other(): pass\n")
    worker = detailer(root, store, helpers=0)
    assert worker.run()
    assert computed(store)["m1.py"] == frozenset()
    assert computed(store)["m0.py"] == EVERYTHING
    assert not worker.advance()


def test_a_file_that_changes_while_it_is_worked_out_comes_up_again(root, store):
    worker = detailer(root, store, helpers=0)
    worker.look()
    worker._hand_out()
    (root / "m1.py").write_text("def g(): pass\n")
    indexed(root, store)
    worker.note(["m1.py"])
    while worker.advance():
        pass
    with store.read() as reader:
        assert [chunk.name for chunk in reader.find_chunks("m1.py") or ()] == ["g"]


def test_an_open_buffer_counts_in_the_place_of_its_file(root, store):
    text = b"def typed(): pass\n"
    indexer = Indexer(root, store, Settings(), workers=0)
    indexer.set_buffer("m1.py", text)
    indexer.update(["m1.py"])
    worker = detailer(root, store, helpers=0, buffer={"m1.py": text}.get)
    worker.run()
    with store.read() as reader:
        assert reader.find_file("m1.py").digest == digest_of(text)
        assert [chunk.name for chunk in reader.find_chunks("m1.py") or ()] == ["typed"]


def test_a_defect_on_one_file_costs_only_that_file(root, store, monkeypatch):
    whole = detailing.work_out

    def broken(facts, *rest):
        if facts.path == "m4.py":
            raise IndexError("a defect")
        return whole(facts, *rest)

    monkeypatch.setattr(detailing, "work_out", broken)
    detailer(root, store, helpers=0).run()
    assert {path for path, found in computed(store).items() if not found} == {"m4.py"}


def test_it_can_be_stopped_and_goes_on_later(root, store, monkeypatch):
    monkeypatch.setattr(detailing, "BATCH_FILES", 2)
    assert not detailer(root, store, helpers=0).run(cancelled=lambda: True)
    assert sum(map(bool, computed(store).values())) == 2
    assert detailer(root, store, helpers=0).run()
    assert all(computed(store).values())


@pytest.mark.parametrize("backend", LASTING)
def test_helpers_do_the_same(root, tmp_path, backend, monkeypatch):
    monkeypatch.setattr(detailing, "WORTH_HELPERS", 0)
    monkeypatch.setattr(detailing, "BATCH_FILES", 2)
    with BACKENDS[backend](tmp_path) as store:
        indexed(root, store)
        told = []
        worker = detailer(root, store, helpers=2)
        assert worker.run(lambda phase, done, total: told.append((phase, done, total)))
        assert set(computed(store).values()) == {EVERYTHING}
        assert told[-1] == ("details", 6, 6)
        assert not worker._helpers


@pytest.mark.skipif(os.name == "nt", reason="processes are killed otherwise there")
def test_a_helper_that_is_killed_costs_nothing(root, tmp_path, monkeypatch):
    monkeypatch.setattr(detailing, "WORTH_HELPERS", 0)
    monkeypatch.setattr(detailing, "BATCH_FILES", 3)
    with BACKENDS["lmdb"](tmp_path) as store:
        indexed(root, store)
        worker = detailer(root, store, helpers=1)
        worker.look()
        worker.advance()
        (helper,) = worker._helpers
        os.kill(helper._process.pid, signal.SIGKILL)
        while worker.advance():
            worker.await_helpers(5.0)
        assert set(computed(store).values()) == {EVERYTHING}


@pytest.mark.parametrize("backend", LASTING)
def test_after_a_file_went_no_key_and_no_value_mentions_it(root, tmp_path, backend):
    (root / "gone_file.py").write_text(
        "class OnlyThere:\n    def nowhere_else(self):\n        return 'said once'\n"
    )
    (root / "user.py").write_text("import gone_file\n\n\ndef use():\n    return gone_file.OnlyThere()\n")
    with BACKENDS[backend](tmp_path) as store:
        indexed(root, store)
        detailer(root, store, helpers=0).run()
        with store.read() as reader:
            facts = reader.find_facts("gone_file.py")
            assert reader.find_chunks("gone_file.py")
        (root / "gone_file.py").unlink()
        (root / "user.py").unlink()
        indexed(root, store)
        detailer(root, store, helpers=0).run()
        store.sync()
        place = Path(store.stats()["folder"])
    needles = [b"gone_file", b"OnlyThere", b"nowhere_else", b"said once"]
    needles += [bytes.fromhex(one) for one in facts.symbol_ids]
    needles += [one.encode() for one in facts.symbol_ids]
    records = list(everything_in(place, backend))
    assert any(b"m0.py" in data for data in records)
    for data in records:
        assert not [needle for needle in needles if needle in data]


def everything_in(place: Path, backend: str) -> Iterator[bytes]:
    """Every key and value there is."""
    if backend == "lmdb":
        with lmdb.open(str(place), max_dbs=64, readonly=True) as env, env.begin() as txn:
            for name in [key for key, _ in txn.cursor()]:
                for key, value in txn.cursor(db=env.open_db(name, txn=txn, create=False)):
                    yield key
                    yield value
        return
    with closing(sqlite3.connect(place / "magellan.db")) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    yield value if isinstance(value, bytes) else str(value).encode()
