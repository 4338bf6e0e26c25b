"""Worker processes: they end with whoever started them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

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
