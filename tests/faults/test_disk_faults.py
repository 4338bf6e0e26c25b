"""What happens to the files of a workspace: clocks that jump, renames over files, very many, lost events, slow disks."""

import os
from pathlib import Path

import pytest
from soak.client import Server, watching_client
from soak.faults import fresh, until_fresh, very_many

from magellan_lsp.indexer import discover, work
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.dump import dump
from magellan_lsp.store.memory import MemoryStore

DAY_NS = 86_400 * 10**9


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number in range(10):
        (tmp_path / f"m{number}.py").write_text(f"def f{number}():\n    return f{number // 2}()\n")
    return tmp_path


def written_at(path: Path, text: str, when_ns: int) -> None:
    path.write_text(text)
    os.utime(path, ns=(when_ns, when_ns))


@pytest.mark.parametrize("running", [True, False], ids=["while it runs", "between two runs"])
async def test_a_clock_that_jumps_back_hides_no_change(root, running):
    now = (root / "m1.py").stat().st_mtime_ns
    server = Server(root)
    async with server:
        await server.settle()
        if running:
            written_at(root / "m1.py", "def f1():\n    return g1()\n", now - DAY_NS)  # as long as before
            server.on_disk(["m1.py"])
            await until_fresh(server, root)
    written_at(root / "m2.py", "def f2():\n    return g1()\n", 0)
    written_at(root / "m3.py", "def f3():\n    return g1()\n", now + 10_000 * DAY_NS)
    async with Server(root) as server:
        await until_fresh(server, root)


@pytest.mark.parametrize("tells", [True, False], ids=["the client tells", "the server watches"])
async def test_files_replaced_by_renames_are_followed(root, tells):
    capabilities = watching_client()
    if not tells:
        del capabilities["workspace"]["didChangeWatchedFiles"]
    async with Server(root, capabilities=capabilities) as server:
        await server.settle()
        for turn in range(5):
            for number in range(10):
                new = root / f".m{number}.py.tmp"
                new.write_text(f"def f{number}():\n    return f{(number + turn) % 10}()\n")
                new.replace(root / f"m{number}.py")
            if tells:
                server.on_disk([f"m{number}.py" for number in range(10)])
        await until_fresh(server, root)


async def test_a_folder_replaced_by_another_and_a_file_by_a_folder(root):
    async with Server(root) as server:
        (root / "sub").mkdir()
        (root / "sub" / "a.py").write_text("def a():\n    pass\n")
        await until_fresh(server, root)
        (root / "other").mkdir()
        (root / "other" / "b.py").write_text("def b():\n    pass\n")
        (root / "sub").rename(root / "gone")
        (root / "other").rename(root / "sub")
        (root / "m5.py").unlink()
        (root / "m5.py").mkdir()
        (root / "m5.py" / "inner.py").write_text("def inner():\n    pass\n")
        server.on_disk(["sub", "other", "gone", "m5.py", "m5.py/inner.py", "gone/a.py", "sub/b.py"])
        await until_fresh(server, root)


@pytest.mark.slow
async def test_a_folder_of_very_many_files(tmp_path):
    figures = await very_many(tmp_path, 5_000)
    assert figures["memory, MB"] < 1500


def test_changes_that_no_event_told_of_are_found_by_a_sweep(root):
    """What a watcher that lost events asks for: see ``test_watch`` for that it asks."""
    store = MemoryStore()
    indexer = Indexer(root, store, Settings(), workers=0)
    indexer.refresh()
    (root / "m1.py").unlink()
    (root / "m2.py").rename(root / "moved.py")
    (root / "new.py").write_text("def new():\n    return f3()\n")
    os.utime(root / "m3.py", ns=(0, 0))
    indexer.refresh()
    with store.read() as reader:
        assert dump(reader) == fresh(root)


def test_files_that_change_while_a_slow_disk_is_read_are_right_in_the_end(root, monkeypatch):
    """A disk so slow that the file is another one each time that it is opened after it was looked at."""
    store = MemoryStore()
    indexer = Indexer(root, store, Settings(), workers=0)
    turn = 0
    read, look = work.read_file, discover.look

    def slowly(place, *arguments):
        nonlocal turn
        turn += 1
        if turn <= 20:
            (root / f"m{turn % 10}.py").write_text(f"def turn{turn}():\n    return f{turn % 7}()\n")
            (root / f"m{(turn * 3) % 10}.py").unlink(missing_ok=True)
        return read(place, *arguments)

    monkeypatch.setattr(work, "read_file", slowly)
    indexer.refresh()
    assert turn, "nothing was read"
    monkeypatch.setattr(work, "read_file", read)
    assert look is discover.look
    indexer.refresh()
    with store.read() as reader:
        assert dump(reader) == fresh(root)
