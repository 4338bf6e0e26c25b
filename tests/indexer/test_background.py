"""The indexer process as a server has it: details in the background, and the log of runs."""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from magellan_lsp.indexer.detailing import details_named
from magellan_lsp.indexer.messages import Detailing
from magellan_lsp.indexer.service import Event, IndexService
from magellan_lsp.migrate import carried
from magellan_lsp.settings import DETAILS, Settings
from magellan_lsp.store.executions import KILLED
from magellan_lsp.store.open import open_store

pytestmark = pytest.mark.e2e
PATIENCE_S = 60.0
MAGELLAN = Path(__file__).parents[2] / "fixtures" / "magellan"


class Served:
    """A service of one folder, and what it said."""

    def __init__(self, root: Path, **settings: object) -> None:
        self.root = root
        self.index = root / ".magellan"
        self.service = IndexService(Settings(**settings))
        self.events: list[Event] = []
        self._news = asyncio.Event()

    async def __aenter__(self) -> "Served":
        await self.service.start(self._heard)
        await self.service.add_folder(self.root, self.index, watch=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.service.stop()

    def _heard(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self._news.clear()
                try:
                    await asyncio.wait_for(self._news.wait(), 0.1)
                except TimeoutError:
                    continue

    def computed(self) -> dict[str, frozenset]:
        with open_store(self.index, "read") as store, store.read() as reader:
            return {record.path: reader.find_computed(record.path) for record in reader.iter_files()}

    def log(self):
        with open_store(self.index, "read") as store, store.read() as reader:
            return list(reader.iter_executions())

    async def synchronize(self) -> None:
        await asyncio.wait_for(self.service.synchronize(), PATIENCE_S)

    async def until_detailed(self) -> None:
        wanted = details_named(DETAILS)
        await self.until(lambda: all(found == wanted for found in self.computed().values()))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number in range(5):
        (tmp_path / f"m{number}.py").write_text(f"def f{number}(x):\n    return x and {number}\n")
    return tmp_path


async def test_details_are_worked_out_after_all_is_linked_and_again_after_a_change(root):
    async with Served(root) as served:
        await served.synchronize()
        await served.until_detailed()
        (root / "m1.py").write_text("def other():\n    pass\n")
        served.service.files_changed(root, ["m1.py"])
        await served.synchronize()
        await served.until_detailed()
        with open_store(served.index, "read") as store, store.read() as reader:
            assert [chunk.name for chunk in reader.find_chunks("m1.py") or ()] == ["other"]
        details = [number for number, event in enumerate(served.events) if isinstance(event, Detailing)]
        ready = [n for n, event in enumerate(served.events) if type(event).__name__ == "Ready"]
        assert not details or ready[0] < details[0]


async def test_rows_of_magellan_go_when_their_files_are_indexed(tmp_path: Path):
    root = tmp_path / "sample"
    shutil.copytree(MAGELLAN / "sample", root)
    (root / ".magellan").mkdir()
    database = root / ".magellan" / "magellan.db"
    shutil.copyfile(MAGELLAN / "magellan-4.17.0.db", database)

    def are_gone() -> bool:
        with open_store(served.index, "read") as store, store.read() as reader:
            rows = b"".join(value for _, value in reader.iter_carried(carried.ROWS))
            assert carried.find_schema(reader) is None or b"success" in rows  # its log stays
            return bool(rows) and b"pricing.py" not in rows

    async with Served(root) as served:
        await served.synchronize()
        await served.until(are_gone)
        report = await served.service.migrate(
            root, str(database)
        )  # once more: all rows are back, then go again
        assert report is not None and report["success"]
        await served.until(are_gone)


async def test_only_what_the_setting_names_is_worked_out(root):
    async with Served(root, details_background=("metrics",)) as served:
        await served.synchronize()
        await served.until(lambda: set(served.computed().values()) == {details_named(["metrics"])})
        served.service.configure(Settings(details_background=("metrics", "cfg")))
        await served.until(lambda: set(served.computed().values()) == {details_named(["metrics", "cfg"])})


async def test_a_client_that_cannot_watch_after_all_loses_nothing(root):
    async with Served(root) as served:
        await served.synchronize()
        (root / "before.py").write_text("def before(): pass\n")  # nobody watches, nobody tells
        await served.service.add_folder(root, served.index, watch=True)
        await served.synchronize()
        assert "before.py" in served.computed()
        (root / "after.py").write_text("def after(): pass\n")
        await served.until(lambda: "after.py" in served.computed())


async def test_runs_are_in_the_log(root):
    async with Served(root) as served:
        await served.synchronize()
        (sweep,) = served.log()
        assert (sweep.outcome, sweep.args, sweep.files_indexed) == ("success", ("serve",), 5)
        assert sweep.symbols_indexed >= 5
        (root / "m1.py").write_text("def other():\n    pass\n")
        served.service.files_changed(root, ["m1.py"])
        await served.synchronize()
        changed = served.log()[0]
        assert (changed.outcome, changed.files_indexed) == ("success", 1)
        for number in range(3):
            served.service.open_buffer(root, "m2.py", b"def typed%d(): pass\n" % number)
            await served.synchronize()
        await served.until(lambda: len(served.log()) == 3 and served.log()[0].files_indexed == 3)
        assert served.log()[0].args == ("serve", "--typed")


@pytest.mark.skipif(os.name == "nt", reason="processes are killed otherwise there")
async def test_a_sweep_that_is_killed_is_closed_by_the_next_start(root, monkeypatch):
    for number in range(3000):
        (root / f"n{number}.py").write_text("x = 1\n" * 40)
    async with Served(root) as served:
        await served.until(lambda: any(type(event).__name__ == "Progress" for event in served.events))
        os.kill(served.service.pid, signal.SIGKILL)
        await served.until(lambda: any(type(event).__name__ == "IndexerGone" for event in served.events))
        await served.synchronize()
        last, killed = served.log()
        assert (killed.outcome, killed.error_message) == ("error", KILLED)
        assert last.outcome == "success"


async def test_an_indexer_that_cannot_be_started_is_tried_again(root, monkeypatch):
    start, failed = asyncio.create_subprocess_exec, []

    async def first_fails(*given: object, **more: object) -> asyncio.subprocess.Process:
        if not failed:
            failed.append(given)
            raise BlockingIOError(11, "no process can be made")
        return await start(*given, **more)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", first_fails)
    async with Served(root) as served:
        await served.synchronize()
        assert len(served.computed()) == 5
    assert failed


async def test_an_indexer_told_to_end_while_it_starts_ends(root, monkeypatch):
    start, made = asyncio.create_subprocess_exec, []

    async def told_to_end(*given: object, **more: object) -> asyncio.subprocess.Process:
        made.append(await start(*given, **more))
        await service.stop()
        return made[0]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", told_to_end)
    service = IndexService(Settings())
    await service.start(lambda event: None)
    await asyncio.wait_for(made[0].wait(), PATIENCE_S)
    assert service.pid is None
