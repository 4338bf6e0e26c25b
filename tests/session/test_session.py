"""Folders, documents and questions without LSP and without an indexer's process."""

import asyncio
import gc
import threading
from collections import Counter
from pathlib import Path

import pytest

from magellan_lsp.errors import Cancelled, IndexDamagedError, IndexMissing, UnknownDocument
from magellan_lsp.query import definition
from magellan_lsp.session import Session
from magellan_lsp.settings import read_settings
from magellan_lsp.store.memory import MemoryStore
from magellan_lsp.text import ContentChange, LineColumn


class Indexer:
    """Writes down what it is told."""

    def __init__(self):
        self.said = []

    async def start(self, on_event):
        self.said.append(("start",))

    async def stop(self):
        self.said.append(("stop",))

    async def synchronize(self):
        self.said.append(("synchronize",))

    async def add_folder(self, root, index, *, watch):
        self.said.append(("add", root.name, watch))

    async def remove_folder(self, root):
        self.said.append(("remove", root.name))

    def __getattr__(self, name):
        return lambda *given: self.said.append(
            (name, *(one.name if isinstance(one, Path) else one for one in given))
        )


@pytest.fixture
async def session(tmp_path):
    (tmp_path / "a.py").write_text("def f(): pass\nf()\n")
    indexer = Indexer()
    made = Session(make_service=lambda settings: indexer, open_store=lambda root: MemoryStore())
    made.indexer = indexer
    await made.add_folder(tmp_path.as_uri())
    await made.start()
    yield made
    await made.stop()


async def test_the_indexer_hears_of_documents(session, tmp_path):
    uri = (tmp_path / "a.py").as_uri()
    session.open_document(uri, "python", 1, "x = 1\n")
    session.change_document(uri, 2, [ContentChange("y", LineColumn(0, 0), LineColumn(0, 1))])
    session.change_document(uri, 3, [ContentChange("z", LineColumn(0, 0), LineColumn(0, 1))])
    await session.synchronize()
    session.close_document(uri)
    assert [one for one in session.indexer.said if "buffer" in one[0] or one[0] == "synchronize"] == [
        ("open_buffer", tmp_path.name, "a.py", b"x = 1\n"),
        ("open_buffer", tmp_path.name, "a.py", b"z = 1\n"),
        ("synchronize",),
        ("close_buffer", tmp_path.name, "a.py"),
    ]
    with pytest.raises(UnknownDocument):
        session.change_document(uri, 4, [])


async def test_a_question_is_asked_of_the_documents_of_its_moment(session, tmp_path):
    uri = (tmp_path / "a.py").as_uri()
    session.open_document(uri, "python", 1, "one = 1\n")
    session.freeze()
    session.change_document(uri, 2, [ContentChange("two = 2\n")])
    where = session.where(uri)
    names, reach = await session.ask(where.folder, lambda view: list(view.snapshot.facts("a.py").names))
    assert "one" in names
    assert session.is_outdated(where, {"a.py": 3})
    assert not session.is_outdated(where, reach)


async def test_an_index_that_cannot_be_opened_keeps_nobody_from_answers(tmp_path):
    def broken(root):
        raise IndexDamagedError(root, "test")

    (tmp_path / "a.py").write_text("def f(): pass\nf()\n")
    session = Session(make_service=lambda settings: Indexer(), open_store=broken)
    folder = await session.add_folder(tmp_path.as_uri())
    found, _ = await session.ask(folder, lambda view: definition.definition(view.snapshot, "a.py", 15))
    assert len(found.places) == 1
    assert "damaged" in folder.progress.message
    await session.stop()


async def test_an_index_that_is_ready_right_after_it_was_not_there_counts_as_it_was(tmp_path):
    def late(root):
        folder.progress.phase = "ready"  # the indexer says so between the look for the index and the answer
        raise IndexMissing(root)

    (tmp_path / "a.py").write_text("from b import f\nf()\n")
    (tmp_path / "b.py").write_text("def f(): pass\n")
    session = Session(make_service=lambda settings: Indexer(), open_store=late)
    folder = await session.add_folder(tmp_path.as_uri())
    found, _ = await session.ask(folder, lambda view: definition.definition(view.snapshot, "a.py", 16))
    assert [place.path for place in found.places] == ["b.py"]
    await session.stop()


async def test_an_index_that_breaks_while_it_is_read_is_done_without(session, tmp_path):
    folder = session.folders[0]

    def question(view):
        if view.snapshot.reader.generation >= 0 and not folder.progress.message:
            raise IndexDamagedError(tmp_path, "test")
        return definition.definition(view.snapshot, "a.py", 15)

    found, _ = await session.ask(folder, question)
    assert len(found.places) == 1
    assert not folder.is_whole


async def test_a_cancelled_question_stops(session):
    begun, stopped = threading.Event(), threading.Event()

    def endless(view):
        begun.set()
        try:
            while True:
                view.snapshot.check()
        except Cancelled:
            stopped.set()
            raise

    task = asyncio.create_task(session.ask(session.folders[0], endless))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(stopped.wait, 10)


async def test_nothing_outside_of_the_folders_is_read(session, tmp_path, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "secret.py").write_text("secret = 1\n")
    (tmp_path / "link.py").symlink_to(elsewhere / "secret.py")
    folder = session.folders[0]
    for path in ("../elsewhere/secret.py", f"../{elsewhere.name}/secret.py", "link.py", "/etc/hosts.py"):
        found, _ = await session.ask(folder, lambda view, path=path: view.snapshot.source.facts(path))
        assert found is None
    with pytest.raises(UnknownDocument):
        session.where((elsewhere / "secret.py").as_uri())


async def test_the_innermost_folder_serves_a_file(session, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "b.py").write_text("x = 1\n")
    uri = (inner / "b.py").as_uri()
    session.open_document(uri, "python", 1, "x = 1\n")
    assert session.where(uri).path == "inner/b.py"
    await session.add_folder(inner.as_uri())
    assert session.where(uri).path == "b.py"
    await session.remove_folder(inner.as_uri())
    assert session.where(uri).path == "inner/b.py"
    assert session.where(uri).document is not None


async def test_settings_reach_the_indexer_only_when_they_concern_it(session):
    await session.change_settings(read_settings({"features": {"hover": False}}).settings)
    assert not [one for one in session.indexer.said if one[0] == "configure"]
    await session.change_settings(read_settings({"exclude": ["x"]}).settings)
    assert len([one for one in session.indexer.said if one[0] == "configure"]) == 1


async def test_a_document_that_is_typed_in_for_long_leaves_nothing_behind(session, tmp_path):
    uri = (tmp_path / "a.py").as_uri()
    session.open_document(uri, "python", 1, "def f(): pass\nf()\n")

    async def type_and_ask(rounds: int) -> Counter[str]:
        for number in range(rounds):
            version = session.documents.now[uri].text.version + 1
            at = LineColumn(2, 0)
            session.change_document(
                uri, version, [ContentChange("# x\n" if number % 2 else "y = f()\n", at, at)]
            )
            where = session.where(uri)
            asked = asyncio.create_task(
                session.ask(where.folder, lambda view: definition.definition(view.snapshot, "a.py", 15))
            )
            if number % 5 == 0:
                asked.cancel()
                await asyncio.gather(asked, return_exceptions=True)
            else:
                assert (await asked)[0]
        gc.collect()
        return Counter(type(one).__name__ for one in gc.get_objects())

    await type_and_ask(50)
    before = await type_and_ask(50)
    after = await type_and_ask(200)
    for name in (
        "Text",
        "Document",
        "Resolver",
        "Snapshot",
        "View",
        "Task",
        "Future",
        "Event",
        "Edit",
        "FileFacts",
    ):
        assert after[name] <= before[name] + 10, name
