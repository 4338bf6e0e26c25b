"""What the watcher reports of real changes on disk, and what it does when the system's watch fails it.

Tests wait for what they expect, up to a generous limit; what must not be reported is looked for after a later
change that must be has come in.
"""

import os
import queue
import shutil
import threading

import pytest
from watchfiles import Change
from watchfiles._rust_notify import WatchfilesRustInternalError

from magellan_lsp.indexer import watch as watch_module
from magellan_lsp.indexer.ignore import Matcher
from magellan_lsp.indexer.watch import Batch, Watcher

PATIENCE_S = 60


def is_source(name):
    return name.endswith(".py")


def grow(root, *paths, text="x = 1\n"):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


class Seen:
    """All that has been reported so far."""

    def __init__(self):
        self._batches: queue.Queue[Batch] = queue.Queue()
        self.batches: list[Batch] = []

    def __call__(self, batch):
        self._batches.put(batch)

    @property
    def changed(self):
        return {path for batch in self.batches for path in batch.changed}

    @property
    def gone(self):
        return {path for batch in self.batches for path in batch.gone}

    @property
    def swept(self):
        return any(batch.sweep for batch in self.batches)

    def until(self, condition):
        while not condition(self):
            self.batches.append(self._batches.get(timeout=PATIENCE_S))

    def until_changed(self, *paths):
        self.until(lambda seen: seen.changed >= set(paths))


@pytest.fixture
def seen():
    return Seen()


class Watching:
    """Called with a folder, starts to watch it and returns its matcher when it is watched."""

    def __init__(self, watcher):
        self.watcher = watcher

    def __call__(self, root, **options):
        matcher = Matcher(root, **options)
        assert self.watcher.add(matcher).wait(PATIENCE_S)
        return matcher


@pytest.fixture
def watching(seen):
    with Watcher(seen, is_source, debounce_ms=40) as watcher:
        yield Watching(watcher)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(watch_module, "_FIRST_RETRY_S", 0.02)


def test_files_made_written_and_deleted_are_reported(tmp_path, seen, watching):
    grow(tmp_path, "d/old.py", "d/dead.py")
    watching(tmp_path)
    grow(tmp_path, "d/new.py", "d/notes.txt")
    grow(tmp_path, "d/old.py", text="y = 2\n")
    (tmp_path / "d/dead.py").unlink()
    seen.until(lambda seen: seen.changed >= {"d/new.py", "d/old.py"} and "d/dead.py" in seen.gone)
    assert seen.changed == {"d/new.py", "d/old.py"}
    assert seen.gone == {"d/dead.py"}
    assert not seen.swept


def test_a_file_replaced_by_a_rename_is_changed_and_not_gone(tmp_path, seen, watching):
    grow(tmp_path, "a.py")
    watching(tmp_path)
    grow(tmp_path, "a.py.new", text="y = 2\n")
    (tmp_path / "a.py.new").rename(tmp_path / "a.py")
    seen.until_changed("a.py")
    assert "a.py" not in seen.gone


def test_a_renamed_file_is_gone_there_and_changed_here(tmp_path, seen, watching):
    grow(tmp_path, "a.py")
    watching(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    seen.until(lambda seen: "b.py" in seen.changed and "a.py" in seen.gone)


def test_what_is_ignored_is_not_reported(tmp_path, seen, watching):
    grow(tmp_path, "gen/x.py", "node_modules/y.py", ".git/z.py")
    grow(tmp_path, ".gitignore", text="gen/\n*_pb2.py\n")
    watching(tmp_path, exclude=["private"])
    grow(
        tmp_path,
        "gen/x.py",
        "gen/new/x.py",
        "node_modules/y.py",
        ".git/z.py",
        "a_pb2.py",
        "private/p.py",
        "venv/v.py",
    )
    (tmp_path / "gen/x.py").unlink()
    grow(tmp_path, "last.py")
    seen.until_changed("last.py")
    assert seen.changed == {"last.py"}
    assert not {path for path in seen.gone if path.startswith(("gen", "node", ".git"))}
    assert not seen.swept


def test_what_is_in_a_new_folder_is_reported_and_watched(tmp_path, seen, watching):
    watching(tmp_path)
    grow(tmp_path, "a/b/c/deep.py", "a/top.py")
    seen.until_changed("a/b/c/deep.py", "a/top.py")
    grow(tmp_path, "a/b/c/later.py")
    seen.until_changed("a/b/c/later.py")


def test_many_folders_made_while_they_are_being_listed_are_all_seen(tmp_path, seen, watching):
    watching(tmp_path)
    paths = [f"p{n % 7}/q{n % 5}/r{n}/m.py" for n in range(150)]
    maker = threading.Thread(target=grow, args=(tmp_path, *paths))
    maker.start()
    maker.join()
    seen.until(lambda seen: seen.swept or seen.changed >= set(paths))
    again = [path.replace("m.py", "n.py") for path in paths]
    grow(tmp_path, *again)
    seen.until_changed(*again)


def test_a_folder_moved_away_is_gone_and_one_moved_in_is_changed(tmp_path, seen, watching):
    root = tmp_path / "root"
    grow(root, "d/a.py", "d/e/b.py")
    grow(tmp_path, "other/c.py", "other/f/g.py")
    watching(root)
    (root / "d").rename(tmp_path / "away")
    (tmp_path / "other").rename(root / "n")
    seen.until(lambda seen: "d" in seen.gone and seen.changed >= {"n/c.py", "n/f/g.py"})
    grow(root, "n/f/h.py")
    seen.until_changed("n/f/h.py")


def test_a_folder_replaced_by_another_is_gone_except_for_what_is_there(tmp_path, seen, watching):
    root = tmp_path / "root"
    grow(root, "d/a.py", "d/b.py")
    grow(tmp_path, "other/b.py")
    watching(root)
    shutil.rmtree(root / "d")
    (tmp_path / "other").rename(root / "d")
    seen.until(lambda seen: "d/b.py" in seen.changed and "d" in seen.gone)
    assert "d/a.py" not in seen.changed


@pytest.mark.parametrize("path", [".gitignore", ".ignore", "d/.gitignore", ".git/info/exclude"])
def test_a_changed_ignore_file_asks_for_a_sweep_with_the_new_rules(tmp_path, seen, watching, path):
    grow(tmp_path, "d/a.py", "d/deep/b.py")
    grow(tmp_path, ".git/info/exclude", text="")
    matcher = watching(tmp_path)
    assert not matcher.ignored("d/a.py")
    grow(tmp_path, path, text="a.py\n")
    seen.until(lambda seen: seen.swept)
    assert matcher.ignored("d/a.py")
    grow(tmp_path, "d/deep/c.py")
    seen.until_changed("d/deep/c.py")


def test_a_folder_no_longer_ignored_is_watched(tmp_path, seen, watching):
    grow(tmp_path, "gen/a.py")
    grow(tmp_path, ".gitignore", text="gen/\n")
    watching(tmp_path)
    (tmp_path / ".gitignore").unlink()
    seen.until(lambda seen: seen.swept)
    grow(tmp_path, "gen/b.py")
    seen.until_changed("gen/b.py")


def test_a_folder_that_turns_out_to_be_generated_asks_for_a_sweep(tmp_path, seen, watching):
    grow(tmp_path, "env/a.py")
    matcher = watching(tmp_path)
    grow(tmp_path, "env/pyvenv.cfg")
    seen.until(lambda seen: seen.swept)
    assert matcher.ignored("env/a.py")


def test_an_ignore_file_in_an_ignored_folder_says_nothing(tmp_path, seen, watching):
    grow(tmp_path, ".gitignore", text="gen/\n")
    grow(tmp_path, "gen/a.py")
    watching(tmp_path)
    grow(tmp_path, "gen/.gitignore", text="!a.py\n")
    grow(tmp_path, "last.py")
    seen.until_changed("last.py")
    assert not seen.swept


def test_a_link_that_comes_asks_for_a_sweep_and_is_not_followed(tmp_path, seen, watching):
    root = tmp_path / "root"
    grow(root, "a.py")
    grow(tmp_path, "outside/b.py")
    watching(root)
    (root / "link").symlink_to(tmp_path / "outside")
    seen.until(lambda seen: seen.swept)
    grow(tmp_path, "outside/c.py")
    grow(root, "last.py")
    seen.until_changed("last.py")
    assert seen.changed == {"last.py"}


def test_folders_can_be_added_and_removed_while_others_are_watched(tmp_path, seen, watching):
    one, two = tmp_path / "one", tmp_path / "two"
    grow(one, "a.py")
    grow(two, "b.py")
    watching(one)
    watching(two)
    assert watching.watcher.roots == (str(one), str(two))
    grow(one, "c.py")
    grow(two, "d.py")
    seen.until_changed("c.py", "d.py")
    assert {batch.root for batch in seen.batches} == {str(one), str(two)}
    watching.watcher.remove(one)
    watching.watcher.remove(tmp_path / "never added")
    grow(one, "e.py")
    grow(two, "f.py")
    seen.until_changed("f.py")
    assert "e.py" not in seen.changed
    watching(one)
    grow(one, "g.py")
    seen.until_changed("g.py")


def test_a_folder_that_goes_and_comes_back_is_swept_and_watched_again(tmp_path, seen, watching):
    root = tmp_path / "root"
    grow(root, "a.py")
    watching(root)
    root.rename(tmp_path / "away")
    seen.until(lambda seen: seen.swept)
    (tmp_path / "away").rename(root)
    n_before = len(seen.batches)
    seen.until(lambda seen: any(batch.sweep for batch in seen.batches[n_before:]))
    # A sweep is asked for before each try and after the one that succeeds; from then on changes are seen one
    # by one.
    for n in range(1000):
        grow(root, f"again{n}.py")
        seen.batches.append(seen._batches.get(timeout=PATIENCE_S))
        if seen.changed:
            return
    pytest.fail("nothing but sweeps")


def test_a_folder_that_does_not_exist_yet_is_watched_when_it_does(tmp_path, seen):
    with Watcher(seen, is_source, debounce_ms=40) as watcher:
        ready = watcher.add(Matcher(tmp_path / "later"))
        seen.until(lambda seen: seen.swept)
        assert not ready.is_set()
        grow(tmp_path, "later/a.py")
        assert ready.wait(PATIENCE_S)
        grow(tmp_path, "later/b.py")
        seen.until_changed("later/b.py".removeprefix("later/"))


def test_names_that_are_no_utf8_lose_nothing(tmp_path, seen, watching):
    watching(tmp_path)
    grow(tmp_path, os.fsdecode(b"\xff.py"), os.fsdecode(b"d\xfe/x.py"), "é.py")
    seen.until(lambda seen: seen.swept or "é.py" in seen.changed)
    assert all(path.isprintable() for path in seen.changed | seen.gone)


def test_a_receiver_that_fails_is_asked_again(tmp_path):
    taken: queue.Queue[Batch] = queue.Queue()

    def fail(batch):
        taken.put(batch)
        raise RuntimeError("the receiver's own mistake")

    with Watcher(fail, is_source, debounce_ms=40) as watcher:
        assert watcher.add(Matcher(tmp_path)).wait(PATIENCE_S)
        grow(tmp_path, "a.py")
        assert taken.get(timeout=PATIENCE_S).changed == ("a.py",)
        grow(tmp_path, "b.py")
        while "b.py" not in taken.get(timeout=PATIENCE_S).changed:
            pass


# With a watch of our own making -------------------------------------------------------------------------


class Script:
    """Stands for watchfiles' watch: gives what it is told, then nothing until it is told to stop."""

    def __init__(self, monkeypatch, *answers):
        self.answers = list(answers)
        self.opened: list[list[str]] = []
        self.asked: list[tuple[int, int]] = []
        monkeypatch.setattr(watch_module, "RustNotify", self.open)

    def open(self, folders, *_):
        self.opened.append(folders)
        return self

    def watch(self, longest_ms, step_ms, timeout_ms, stopped):
        if not self.answers:
            stopped.wait(PATIENCE_S)
            return "stop"
        self.asked.append((longest_ms, step_ms))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self):
        pass


def test_a_burst_is_one_batch(tmp_path, seen, monkeypatch):
    paths = [f"m{n:03}.py" for n in range(500)]
    grow(tmp_path, *paths)
    script = Script(monkeypatch, {(Change.modified, str(tmp_path / path)) for path in paths})
    with Watcher(seen, is_source, debounce_ms=70) as watcher:
        watcher.add(Matcher(tmp_path))
        seen.until(lambda seen: seen.batches)
    assert seen.batches == [Batch(str(tmp_path), tuple(paths), ())]
    longest_ms, step_ms = script.asked[0]
    assert step_ms == 70
    assert longest_ms > 10 * step_ms


def test_a_branch_switch_is_one_batch_however_slow(tmp_path, seen, monkeypatch):
    grow(tmp_path, ".git/index.lock", "a.py", "b.py", "c.py")
    steps = [{(Change.modified, str(tmp_path / name))} for name in ("a.py", "b.py", "c.py")]
    script = Script(monkeypatch, *steps)
    monkeypatch.setattr(watch_module, "_GIT_LOCK_WAIT_S", PATIENCE_S)
    finished = script.watch

    def watch(*arguments):
        answer = finished(*arguments)
        if not script.answers:
            (tmp_path / ".git/index.lock").unlink(missing_ok=True)
        return answer

    monkeypatch.setattr(script, "watch", watch)
    with Watcher(seen, is_source) as watcher:
        watcher.add(Matcher(tmp_path))
        seen.until(lambda seen: seen.batches)
    assert seen.batches == [Batch(str(tmp_path), ("a.py", "b.py", "c.py"), ())]


def test_so_many_events_that_some_may_be_lost_ask_for_a_sweep(tmp_path, seen, monkeypatch):
    monkeypatch.setattr(watch_module, "_MANY_EVENTS", 3)
    grow(tmp_path, "a.py", "b.py", "c.py")
    Script(monkeypatch, {(Change.modified, str(tmp_path / name)) for name in ("a.py", "b.py", "c.py")})
    with Watcher(seen, is_source) as watcher:
        watcher.add(Matcher(tmp_path))
        seen.until(lambda seen: seen.batches)
    assert seen.batches == [Batch(str(tmp_path), ("a.py", "b.py", "c.py"), (), sweep=True)]


@pytest.mark.parametrize(
    "error", [WatchfilesRustInternalError("error in underlying watcher"), OSError("no more watches")]
)
def test_a_watch_that_fails_asks_for_sweeps_and_is_set_up_again(tmp_path, seen, monkeypatch, error):
    grow(tmp_path, "a.py")
    script = Script(monkeypatch, error, {(Change.modified, str(tmp_path / "a.py"))})
    with Watcher(seen, is_source) as watcher:
        watcher.add(Matcher(tmp_path))
        seen.until_changed("a.py")
    assert [batch.sweep for batch in seen.batches] == [True, True, False]
    assert len(script.opened) == 2


def test_only_folders_that_are_not_ignored_and_no_links_are_watched(tmp_path, seen, monkeypatch):
    root = tmp_path / "root"
    grow(root, "a/b/x.py", "node_modules/pkg/x.py", "gen/x.py", ".git/objects/x", ".git/info/exclude")
    grow(root, ".gitignore", text="gen/\n")
    (root / "everything").symlink_to("/")
    script = Script(monkeypatch)
    with Watcher(seen, is_source) as watcher:
        assert watcher.add(Matcher(root)).wait(PATIENCE_S)
    assert sorted(os.path.relpath(folder, root) for folder in script.opened[0]) == [
        ".",
        ".git/info",
        "a",
        "a/b",
    ]
