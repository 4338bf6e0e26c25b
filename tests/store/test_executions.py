"""The log of what writes an index, on every backend."""

from itertools import count
from pathlib import Path

import pytest
from support.details import make_execution

from magellan_lsp.errors import Cancelled, NoSpace
from magellan_lsp.store import executions
from magellan_lsp.store.base import Store


def log(store: Store):
    with store.read() as reader:
        return list(reader.iter_executions())


def test_a_run_is_there_while_it_runs_and_is_the_same_row_at_its_end(store: Store, tmp_path: Path):
    with executions.recorded(store, ["index", "--quiet"], tmp_path, tmp_path / ".magellan") as run:
        (row,) = log(store)
        assert (row.outcome, row.finished_at, row.duration_ms) == ("running", None, None)
        run.counts.files, run.counts.symbols, run.counts.references = 3, 20, 50
    (done,) = log(store)
    assert (done.id, done.execution_id) == (row.id, row.execution_id)
    assert (done.outcome, done.error_message) == ("success", None)
    assert done.args == ("index", "--quiet")
    assert (done.root, done.db_path) == (str(tmp_path), str(tmp_path / ".magellan"))
    assert (done.files_indexed, done.symbols_indexed, done.references_indexed) == (3, 20, 50)
    assert done.finished_at is not None
    assert done.finished_at >= done.started_at
    assert done.duration_ms is not None
    assert done.duration_ms >= 0


def test_what_stops_early_is_partial(store: Store, tmp_path: Path):
    with executions.recorded(store, ["index"], tmp_path, tmp_path) as run:
        run.is_partial = True
    with pytest.raises(Cancelled), executions.recorded(store, ["index"], tmp_path, tmp_path):
        raise Cancelled
    with pytest.raises(KeyboardInterrupt), executions.recorded(store, ["index"], tmp_path, tmp_path):
        raise KeyboardInterrupt
    assert [one.outcome for one in log(store)] == ["partial"] * 3


def test_what_fails_says_why(store: Store, tmp_path: Path):
    with pytest.raises(NoSpace), executions.recorded(store, ["index"], tmp_path, tmp_path):
        raise NoSpace(tmp_path)
    (row,) = log(store)
    assert row.outcome == "error"
    assert row.error_message == str(NoSpace(tmp_path))


def test_a_run_that_was_killed_is_closed_by_the_next_one(store: Store, tmp_path: Path):
    killed = executions.new_run(["watch"], tmp_path, tmp_path)
    executions.begin(store, killed)
    with executions.recorded(store, ["index"], tmp_path, tmp_path):
        rows = {one.execution_id: one for one in log(store)}
        closed = rows.pop(killed.execution.execution_id)
        assert (closed.outcome, closed.error_message) == ("error", executions.KILLED)
        assert [one.outcome for one in rows.values()] == ["running"]


def test_only_the_newest_are_kept(store: Store):
    with store.write() as txn:
        for number in range(30):
            txn.put_execution(make_execution(f"run {number}", 1000 + number))
        executions.prune(txn, kept=10)
    assert [one.execution_id for one in log(store)] == [f"run {number}" for number in range(29, 19, -1)]


def test_the_log_stays_bounded_run_after_run(store: Store, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(executions, "_SLACK", 5)
    monkeypatch.setattr(executions.prune, "__defaults__", (10,))
    clock = count(1000)
    monkeypatch.setattr(executions.time, "time", lambda: next(clock))
    for _ in range(40):
        executions.end(store, executions.new_run(["index"], None, tmp_path), executions.SUCCESS)
        assert len(log(store)) <= 15
    assert len(log(store)) >= 10
