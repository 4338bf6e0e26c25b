"""Worker processes: they end with whoever started them, and one that dies costs no results."""

import os
import signal
import subprocess
import sys
import threading
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import psutil
import pytest

from magellan_lsp.indexer.pool import Workers
from magellan_lsp.indexer.work import Job

PATIENCE_S = 60.0

PARENT = """
import sys, time, multiprocessing
from magellan_lsp.indexer.pool import Workers
from magellan_lsp.indexer.work import Job
if __name__ == "__main__":
    workers = Workers(2)
    batches = [[Job(f"m{number}.py", 0, b"")] for number in range(8)]
    for batch, results in workers.extract(sys.argv[1], batches, 1000000):
        pass
    print(*[child.pid for child in multiprocessing.active_children()], flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(os.name == "nt", reason="processes are killed otherwise there")
def test_workers_end_with_a_killed_parent(tmp_path: Path):
    for number in range(8):
        (tmp_path / f"m{number}.py").write_text("x = 1\n")
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, script, tmp_path], stdout=subprocess.PIPE, text=True) as parent:
        try:
            workers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
            assert workers
        finally:
            os.kill(parent.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, PATIENCE_S)
    assert not alive


def modules(folder: Path, count: int) -> list[list[Job]]:
    for number in range(count):
        (folder / f"m{number}.py").write_text("x = 1\n")
    return [[Job(f"m{number}.py", 0, b"")] for number in range(count)]


def extracted(folder: Path, workers: Workers, batches: list[list[Job]]) -> list[str]:
    """The paths of what comes back; fails where nothing does."""
    found: list[str] = []

    def take() -> None:
        for _, results in workers.extract(str(folder), batches, 1_000_000):
            found.extend(one.record.path for one in results)

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    return found


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_while_another_is_started_costs_no_results(tmp_path: Path, monkeypatch, when: str):
    """``when``: the executor has seen it before or after the other one is there, which it does not know yet."""
    started: list[SpawnProcess] = []
    begin = SpawnProcess.start

    def lose_the_first() -> None:
        started[0].kill()
        connection.wait([started[0].sentinel])
        managers = [one for one in threading.enumerate() if "Executor" in type(one).__name__]
        managers[0].join(
            1
        )  # by then it has ended those that it knows, and waits for the lock that a submit holds

    def start(process: SpawnProcess) -> None:
        started.append(process)
        is_second = len(started) == 2
        if is_second and when == "before":
            lose_the_first()
        begin(process)
        if is_second and when == "after":
            lose_the_first()

    monkeypatch.setattr(SpawnProcess, "start", start)
    workers = Workers(2)
    batches = modules(tmp_path, 40)
    assert extracted(tmp_path, workers, batches) == [f"m{number}.py" for number in range(40)]
    workers.close()
    assert len(started) > 2
    assert not any(one.is_alive() for one in started)


def test_what_was_handed_to_a_pool_that_broke_leaves_the_next_one_alone(tmp_path: Path):
    workers = Workers(1)
    batches = modules(tmp_path, 12)
    runs = workers.extract(str(tmp_path), batches, 1_000_000)
    assert next(runs)[1]
    first = workers._pool
    for process in first._context.processes:
        process.kill()
        process.join()
    assert len(list(runs)) == 11
    workers.close()


def test_where_no_process_can_be_started_the_work_is_done_all_the_same(tmp_path: Path, monkeypatch):
    def refuse(process: SpawnProcess) -> None:
        raise OSError("no processes left")

    monkeypatch.setattr(SpawnProcess, "start", refuse)
    workers = Workers(2)
    assert extracted(tmp_path, workers, modules(tmp_path, 3)) == ["m0.py", "m1.py", "m2.py"]
    workers.close()
