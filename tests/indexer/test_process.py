"""The indexer process's loop, run in a thread: folders that come and go, settings, cancelling, and the first watch."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from magellan_lsp.indexer import messages as m
from magellan_lsp.indexer import process, watch
from magellan_lsp.indexer.process import Main
from magellan_lsp.store.open import open_store

PATIENCE_S = 60.0
CONFIGURE = m.Configure((), (), 10 << 20, 1, 20)


class Events:
    """What is told, decoded."""

    def __init__(self) -> None:
        self.told: list[m.Event] = []
        self._news = threading.Condition()

    def write(self, data: bytes) -> None:
        event = m.events.decode(data[4:])
        with self._news:
            self.told.append(event)
            self._news.notify_all()

    def flush(self) -> None: ...

    def until(self, holds: Callable[[list[m.Event]], bool]) -> None:
        with self._news:
            assert self._news.wait_for(lambda: holds(self.told), PATIENCE_S), self.told

    def of(self, kind: type) -> list:
        return [event for event in self.told if isinstance(event, kind)]


class Running:
    """The loop for one folder."""

    def __init__(self, root: Path) -> None:
        self.root, self.index = str(root), str(root / ".magellan")
        self.events = Events()
        self.main = Main(io.BytesIO(), self.events)
        self._token = 0
        self._thread = threading.Thread(target=self.main.run, daemon=True)

    def say(self, *commands: m.Command) -> None:
        with self.main._lock:
            for command in commands:
                self.main._take(command)
            self.main._lock.notify_all()

    def add(self, *, watch: bool = False) -> m.AddFolder:
        return m.AddFolder(self.root, self.index, watch)

    def start(self, *commands: m.Command) -> None:
        self.say(CONFIGURE, *commands)
        self._thread.start()

    def synchronize(self) -> None:
        self._token += 1
        self.say(m.Synchronize(self._token))
        self.events.until(lambda told: m.Synchronized(self._token) in told)

    def paths(self) -> set[str]:
        with open_store(Path(self.index), "read") as store, store.read() as reader:
            return {record.path for record in reader.iter_files()}

    def symbols(self, path: str) -> set[str]:
        with open_store(Path(self.index), "read") as store, store.read() as reader:
            facts = reader.find_facts(path)
            return (
                {facts.names[index] for index in facts.def_name} - {path[:-3]} if facts is not None else set()
            )

    def stop(self) -> None:
        self.say(m.Stop())
        if self._thread.ident is not None:
            self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(process, "_PROGRESS_S", 0.0)
    monkeypatch.setattr(process, "TYPING_PAUSE_S", 0.0)
    for number in range(60):
        (tmp_path / f"m{number}.py").write_text(f"def f{number}(): pass\n")
    made = Running(tmp_path)
    yield made
    made.stop()


def when_reading_begins(running: Running, act: Callable[[], None]) -> None:
    """Do something once, in the middle of the first run that reads files."""
    tell, done = running.main.tell, []

    def telling(event: m.Event) -> None:
        tell(event)
        if isinstance(event, m.Progress) and event.phase == "extract" and not done:
            done.append(event)
            act()

    running.main.tell = telling


def test_what_changes_before_the_watch_is_set_is_found_by_the_sweep(running, tmp_path, monkeypatch):
    swept = threading.Event()
    open_watch, sweep = watch._Watch._open, process.Indexer.refresh

    def late(self):
        swept.wait(0.5)  # a sweep that does not wait for the watch is over by then
        (tmp_path / "late.py").write_text("def late(): pass\n")
        return open_watch(self)

    def refresh(self, **more):
        found = sweep(self, **more)
        swept.set()
        return found

    monkeypatch.setattr(watch._Watch, "_open", late)
    monkeypatch.setattr(process.Indexer, "refresh", refresh)
    running.start(running.add(watch=True))
    running.events.until(lambda told: any(isinstance(event, m.Ready) for event in told))
    assert "late.py" in running.paths()


def test_a_watch_that_cannot_be_set_holds_up_no_sweep(running, monkeypatch):
    def fail(self):
        raise OSError(28, "no watches are left")

    monkeypatch.setattr(watch._Watch, "_open", fail)
    running.start(running.add(watch=True))
    running.synchronize()
    assert len(running.paths()) == 60


def test_a_folder_removed_and_added_in_the_middle_of_a_run_is_indexed_and_watched(running, tmp_path):
    again = (m.RemoveFolder(running.root), running.add(watch=True))
    when_reading_begins(running, lambda: running.say(*again))
    running.start(running.add(watch=True))
    running.events.until(lambda told: any(isinstance(event, m.Ready) for event in told))
    told = running.events.told
    assert not running.events.of(m.Trouble), "the index was still open when it was opened again"
    (ready,) = running.events.of(m.Ready)
    assert ready.complete
    assert ready.files == 60
    assert told.index(m.Removed(running.root)) < told.index(ready)
    (tmp_path / "later.py").write_text("def later(): pass\n")
    running.events.until(lambda told: any("later.py" in getattr(event, "indexed", ()) for event in told))


def test_what_is_said_of_a_folder_after_it_was_removed_is_of_the_new_one(running):
    when_reading_begins(running, lambda: running.say(m.RemoveFolder(running.root)))
    running.start(running.add())
    running.events.until(lambda told: m.Removed(running.root) in told)
    running.synchronize()
    at = running.events.told.index(m.Removed(running.root))
    assert [type(event) for event in running.events.told[at + 1 :]] == [m.Synchronized]


def test_other_settings_keep_open_documents_and_end_with_ready(running):
    running.start(running.add())
    running.say(m.OpenBuffer(running.root, "m1.py", b"def unsaved(): pass\n"))
    running.synchronize()
    assert running.symbols("m1.py") == {"unsaved"}
    n_ready = len(running.events.of(m.Ready))
    running.say(m.Configure((), ("m2.py",), 10 << 20, 1, 20))
    running.synchronize()
    assert "m2.py" not in running.paths()
    assert running.symbols("m1.py") == {"unsaved"}
    assert len(running.events.of(m.Ready)) > n_ready


def test_links_are_no_longer_followed_once_the_settings_say_so(running, tmp_path):
    (tmp_path / ".gitignore").write_text("kept/\n")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/hidden.py").write_text("def behind(): pass\n")
    (tmp_path / "link").symlink_to("kept")
    running.start(running.add())
    running.synchronize()
    assert "link/hidden.py" in running.paths()
    running.say(m.Configure((), (), 10 << 20, 1, 20, follow_symlinks=False))
    running.synchronize()
    assert "link/hidden.py" not in running.paths()


def test_files_of_a_language_that_is_off_are_not_indexed_until_it_is_on_again(running, tmp_path):
    (tmp_path / "a.go").write_text("package a\n\nfunc OnDisk() {}\n")
    (tmp_path / "b.tsx").write_text("function beta() {}\n")
    (tmp_path / "c.h").write_text("int c(void);\n")
    off = ("c", "go", "typescript")
    running.start(running.add())
    running.say(m.OpenBuffer(running.root, "a.go", b"package a\n\nfunc Unsaved() {}\n"))
    running.synchronize()
    assert "Unsaved" in running.symbols("a.go")
    running.say(m.Configure((), (), 10 << 20, 1, 20, languages_off=off))
    running.synchronize()
    assert {"a.go", "b.tsx"} & running.paths() == set()
    assert {"c.h", "m1.py"} <= running.paths()  # a header may be C++
    (tmp_path / "d.go").write_text("package a\n")
    running.say(m.FilesChanged(running.root, ("d.go", "b.tsx")))
    running.say(m.OpenBuffer(running.root, "a.go", b"package a\n\nfunc Later() {}\n"))
    running.synchronize()
    assert {"a.go", "b.tsx", "d.go"} & running.paths() == set()
    running.say(CONFIGURE)
    running.synchronize()
    assert {"a.go", "b.tsx", "d.go"} <= running.paths()
    assert "Later" in running.symbols("a.go")


def test_a_first_index_that_was_cancelled_is_not_whole_before_the_next_sweep(running, tmp_path):
    when_reading_begins(running, lambda: running.say(m.Cancel(running.root)))
    running.start(running.add())
    running.synchronize()
    assert [event.complete for event in running.events.of(m.Ready)] == [False]
    (tmp_path / "m1.py").write_text("def other(): pass\n")
    running.say(m.FilesChanged(running.root, ("m1.py",)))
    running.synchronize()
    assert running.symbols("m1.py") == {"other"}
    assert not running.events.of(m.Ready)[-1].complete
    running.say(m.Rescan(running.root))
    running.synchronize()
    assert running.events.of(m.Ready)[-1].complete
    assert len(running.paths()) == 60


def test_cancelling_what_has_not_begun_stops_it_and_cancelling_nothing_stops_nothing(running, tmp_path):
    running.start(running.add(), m.Cancel(running.root))
    running.synchronize()
    assert running.paths() == set()
    running.say(m.Rescan(running.root))
    running.synchronize()
    running.say(m.Cancel(running.root))
    (tmp_path / "m1.py").write_text("def other(): pass\n")
    running.say(m.FilesChanged(running.root, ("m1.py",)))
    running.synchronize()
    assert running.symbols("m1.py") == {"other"}
    assert running.events.of(m.Ready)[-1].complete
