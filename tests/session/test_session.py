"""Folders, documents and questions without LSP and without an indexer's process."""

import asyncio
import gc
import threading
from collections import Counter
from pathlib import Path

import pytest

from magellan_lsp.errors import Cancelled, IndexDamagedError, IndexMissing, UnknownDocument
from magellan_lsp.indexer.messages import Ready
from magellan_lsp.query import definition
from magellan_lsp.session import Session, asking
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
    assert session.is_outdated(where.folder, {"a.py": 3})
    assert not session.is_outdated(where.folder, reach)


async def test_an_edit_of_another_document_outdates_an_answer_that_speaks_of_it(session, tmp_path):
    for name in ("a.py", "b.py"):
        session.open_document((tmp_path / name).as_uri(), "python", 1, "one = 1\ntwo = 2\n")
    session.freeze()
    where = session.where((tmp_path / "a.py").as_uri())
    at = LineColumn(1, 0)
    session.change_document((tmp_path / "b.py").as_uri(), 2, [ContentChange("x", at, at)])
    assert session.is_outdated(where.folder, {"a.py": 10, "b.py": 10})
    assert not session.is_outdated(where.folder, {"a.py": 10, "b.py": 3})
    assert not session.is_outdated(where.folder, {"a.py": 10})


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


async def test_memory_is_given_back_once_when_nobody_asked_for_a_while(session, monkeypatch):
    given, release = [], asyncio.Event()
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(asking, "REST_S", 0.05)
    monkeypatch.setattr(
        asking.memory, "give_back", lambda: (given.append(1), loop.call_soon_threadsafe(release.set))
    )
    folder = session.folders[0]
    for _ in range(3):
        await session.ask(folder, lambda view: given.append(0))
    await asyncio.wait_for(release.wait(), 20)
    assert given == [0, 0, 0, 1]


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


async def test_an_open_document_counts_in_every_folder_that_it_is_in(session, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "b.py").write_text("old = 1\n")
    uri = (inner / "b.py").as_uri()
    await session.add_folder(inner.as_uri())
    session.open_document(uri, "python", 1, "new = 1\n")
    said = [one for one in session.indexer.said if one[0] == "open_buffer"]
    assert sorted(said) == [
        ("open_buffer", "inner", "b.py", b"new = 1\n"),
        ("open_buffer", tmp_path.name, "inner/b.py", b"new = 1\n"),
    ]
    outer = session.folder(tmp_path.as_uri())

    def question(view):
        facts = view.snapshot.facts("inner/b.py")
        return facts.path, list(facts.names), view.uri("inner/b.py"), view.read_text("inner/b.py")

    (path, names, spelled, text), _ = await session.ask(outer, question)
    assert (path, spelled, text) == ("inner/b.py", uri, b"new = 1\n")
    assert "new" in names
    assert (await session.ask(session.folder(inner.as_uri()), lambda view: view.snapshot.facts("b.py").path))[
        0
    ] == "b.py"
    session.close_document(uri)
    assert sorted(one[1] for one in session.indexer.said if one[0] == "close_buffer") == [
        "inner",
        tmp_path.name,
    ]


async def test_a_document_behind_a_link_is_the_file_that_is_indexed(session, tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "b.py").write_text("old = 1\n")
    (tmp_path / "link").symlink_to(tmp_path / "src")
    link, real = (tmp_path / "link" / "b.py").as_uri(), (tmp_path / "src" / "b.py").as_uri()
    assert session.where(link).path == "src/b.py"
    session.open_document(link, "python", 1, "one = 1\n")
    session.open_document(real, "python", 1, "two = 2\n")
    session.close_document(real)
    said = [one[2:] for one in session.indexer.said if "buffer" in one[0]]
    assert said == [
        ("src/b.py", b"one = 1\n"),
        ("src/b.py", b"two = 2\n"),
        ("src/b.py",),
        ("src/b.py", b"one = 1\n"),
    ]
    session.files_changed([link])
    assert session.indexer.said[-1] == ("files_changed", tmp_path.name, ["link/b.py", "src/b.py"])


async def test_a_link_to_what_is_ignored_is_a_file_of_its_own(session, tmp_path):
    (tmp_path / ".gitignore").write_text("made/\n")
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "b.py").write_text("x = 1\n")
    (tmp_path / "shown").symlink_to(tmp_path / "made")
    uri = (tmp_path / "shown" / "b.py").as_uri()
    assert session.where(uri).path == "shown/b.py"
    (tmp_path / ".gitignore").write_text("")
    session._on_event(Ready(str(tmp_path), 1, 1, 1, True))
    assert session.where(uri).path == "made/b.py"


async def test_a_folder_around_open_documents_hears_of_them(tmp_path):
    indexer = Indexer()
    session = Session(make_service=lambda settings: indexer, open_store=lambda root: MemoryStore())
    inner = tmp_path / "inner"
    inner.mkdir()
    await session.start()
    await session.add_folder(inner.as_uri())
    session.open_document((inner / "b.py").as_uri(), "python", 1, "new = 1\n")
    indexer.said.clear()
    await session.add_folder(tmp_path.as_uri())
    assert ("open_buffer", tmp_path.name, "inner/b.py", b"new = 1\n") in indexer.said
    assert session.where((inner / "b.py").as_uri()).path == "b.py"
    await session.stop()


async def test_facts_of_a_document_that_moves_to_another_folder_are_of_its_new_path(session, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    uri = (inner / "b.py").as_uri()
    session.open_document(uri, "python", 1, "def g(): pass\n")

    async def path_and_facts():
        where = session.where(uri)
        found, _ = await session.ask(where.folder, lambda view: view.snapshot.facts(where.path))
        return where.path, found.path, found.symbol_ids

    before = await path_and_facts()
    await session.add_folder(inner.as_uri())
    after = await path_and_facts()
    assert before[:2] == ("inner/b.py", "inner/b.py")
    assert after[:2] == ("b.py", "b.py")
    assert set(before[2]).isdisjoint(after[2])


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "git:/repo/a.py?%7B%22ref%22%3A%22~%22%7D",
        "vscode-notebook-cell:/repo/a.ipynb#W0sZmlsZQ%3D%3D",
        "file:///somewhere/else/a.py",
    ],
)
async def test_a_document_outside_of_all_folders_answers_from_itself_and_leaves_nothing(session, uri):
    session.open_document(uri, "python", 1, "def f(): pass\nf()\n")
    where = session.where(uri)
    found, _ = await session.ask(
        where.folder, lambda view: definition.definition(view.snapshot, where.path, 15)
    )
    assert [place.path for place in found.places] == [where.path]
    assert (await session.ask(where.folder, lambda view: view.uri(where.path)))[0] == uri
    assert not [one for one in session.indexer.said if one[0] == "open_buffer"]
    session.close_document(uri)
    with pytest.raises(UnknownDocument):
        session.where(uri)
    assert session.folder(where.folder.key) is None


@pytest.mark.parametrize("rest", ["/", "//", "/.", "/x/.."])
async def test_a_folder_is_one_in_whatever_spelling(session, tmp_path, rest):
    assert await session.add_folder(tmp_path.as_uri() + rest) is None
    uri = (tmp_path / "a.py").as_uri()
    assert session.where(uri).path == "a.py"
    await session.remove_folder(tmp_path.as_uri() + rest)
    assert session.folders == []


async def test_a_uri_leads_out_of_no_folder(session, tmp_path, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "secret.py").write_text("secret = 1\n")
    for up in ("..", "%2e%2e", ".%2E"):
        with pytest.raises(UnknownDocument):
            session.where(f"{tmp_path.as_uri()}/{up}/{elsewhere.name}/secret.py")
    with pytest.raises(UnknownDocument):
        session.where(f"{tmp_path.as_uri()}/a%00.py")
    assert session.where(f"{tmp_path.as_uri()}/x/../a.py").path == "a.py"


async def test_the_whole_file_system_may_be_a_folder():
    session = Session(make_service=lambda settings: Indexer(), open_store=lambda root: MemoryStore())
    folder = await session.add_folder("file:///")
    assert Path(folder.real).parent == Path(folder.real)
    assert folder.uri_of("a/b c.py") == "file:///a/b%20c.py"
    session.open_document("file:///a/b%20c.py", "python", 1, "x = 1\n")
    assert session.where("file:///a/b c.py").path == "a/b c.py"
    await session.remove_folder("file:///")
    assert session.folders == []
    await session.stop()


async def test_a_folder_that_goes_away_is_looked_at_as_a_whole(session, tmp_path):
    session.files_changed([f"{tmp_path.as_uri()}/"])
    assert ("rescan", tmp_path.name) in session.indexer.said


async def test_an_index_in_another_place_is_not_whole_before_it_is_ready(session):
    folder = session.folders[0]
    folder.progress.phase = "ready"
    assert folder.is_whole
    await session.change_settings(read_settings({"index": {"location": "cache"}}).settings)
    assert not folder.is_whole


async def test_a_folder_that_comes_later_keeps_its_index_where_it_was_begun(tmp_path):
    """Where it cannot be written to, the index is in the user's cache; then it is there for reader and writer."""
    root = tmp_path / "later"
    session = Session(make_service=lambda settings: Indexer(), open_store=lambda root: MemoryStore())
    await session.add_folder(root.as_uri())
    begun = session.index_place(root)
    root.mkdir()
    assert session.index_place(root) == begun
    assert begun != root / ".magellan"
    await session.remove_folder(root.as_uri())
    await session.add_folder(root.as_uri())
    assert session.index_place(root) == root / ".magellan"
    await session.stop()


async def test_a_session_that_ended_does_not_begin(tmp_path):
    indexer = Indexer()
    session = Session(make_service=lambda settings: indexer, open_store=lambda root: MemoryStore())
    await session.add_folder(tmp_path.as_uri())
    await session.stop()
    await session.start()
    assert indexer.said == []


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
