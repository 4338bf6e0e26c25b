"""Changes of the graph as an async iterator, with an indexer that only says what it is told to say."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.registry import get_language
from magellan_lsp.session import Session
from magellan_lsp.session.graph_events import MAX_FILES, GraphEvents, graph_events
from magellan_lsp.store.base import FileRecord
from magellan_lsp.store.memory import MemoryStore

PATIENCE_S = 20


class FilesIndexed(SimpleNamespace):
    pass


class Ready(SimpleNamespace):
    pass


class Indexer:
    """Writes to a store of its own what it is told, and says so."""

    def __init__(self) -> None:
        self.store = MemoryStore()

    async def start(self, on_event):
        self.say = on_event

    async def stop(self):
        pass

    async def add_folder(self, root, index, *, watch):
        self.root = root

    def write(self, path, text):
        data = text.encode()
        (self.root / path).write_bytes(data)
        facts = extract(path, get_language("python"), data)
        record = FileRecord(
            path, "python", facts.digest, len(data), 0, len(facts.symbol_ids), len(facts.occ_start), False, ""
        )
        with self.store.write() as txn:
            txn.replace_file(record, facts)

    def tell(self, indexed=(), removed=()):
        self.say(
            FilesIndexed(root=str(self.root), indexed=tuple(indexed), removed=tuple(removed), generation=7)
        )


@pytest.fixture
async def running(tmp_path):
    indexer = Indexer()
    session = Session(make_service=lambda settings: indexer, open_store=lambda root: indexer.store)
    await session.add_folder(tmp_path.as_uri())
    events = GraphEvents(session)
    await session.start()
    yield indexer, lambda: asyncio.wait_for(anext(events), PATIENCE_S)
    events.close()
    await session.stop()


async def test_events_come_in_order_and_say_what_changed(running):
    indexer, take = running
    indexer.write("a.py", "def f(): pass\ndef g(): pass\n")
    indexer.tell(["a.py"])
    first = await take()
    assert (first.indexed, first.removed, first.generation) == (("a.py",), (), 7)
    assert len(first.changed) == 3 and not first.truncated
    indexer.write("a.py", "def f(): pass\ndef g(): return 1\n")
    indexer.tell(["a.py"])
    indexer.tell([], ["b.py"])
    second, third = await take(), await take()
    assert len(second.changed) == 1 and second.changed[0] in first.changed
    assert (third.indexed, third.removed, third.changed) == ((), ("b.py",), ())


async def test_what_was_there_before_is_known_once_the_index_is_ready(running):
    indexer, take = running
    indexer.write("a.py", "def f(): pass\ndef g(): pass\n")
    indexer.say(Ready(root=str(indexer.root), generation=1, files=1, symbols=3, complete=True))
    # The session answers questions in the order of the events, so the file is looked at before it changes again.
    indexer.tell([])
    await take()
    indexer.write("a.py", "def f(): return 2\ndef g(): pass\n")
    indexer.tell(["a.py"])
    assert len((await take()).changed) == 1


async def test_a_large_commit_is_only_announced(running):
    indexer, take = running
    indexer.tell([f"{number}.py" for number in range(MAX_FILES + 1)])
    event = await take()
    assert event.truncated and event.changed == ()
    assert len(event.indexed) == MAX_FILES + 1


async def test_a_workspace_is_followed_from_python(tmp_path):
    (tmp_path / "a.py").write_text("def f(): pass\n")
    events = graph_events(tmp_path)
    try:
        first = await asyncio.wait_for(anext(events), PATIENCE_S)
        assert first.indexed == ("a.py",)
        assert first.folder.real == str(tmp_path.resolve())
        (tmp_path / "b.py").write_text("def g(): pass\n")
        while "b.py" not in (await asyncio.wait_for(anext(events), PATIENCE_S)).indexed:
            pass
    finally:
        await events.aclose()


async def test_what_is_no_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="not a folder"):
        await anext(graph_events(tmp_path / "missing"))
