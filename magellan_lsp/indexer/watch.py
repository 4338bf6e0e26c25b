"""Changes on disk, in batches, as paths of source files to look at again.

What is watched follows the same ``Matcher`` as the scan. An event is only a hint to look at a path: whether
something is there is decided on the disk when the batch is made, so a file replaced by a rename is a changed
file and not a deleted one. Where events may have been lost, and where a link or an ignore file came or went,
the batch says ``sweep``, and the receiver compares the folder with what it knows. What only a link shows (see
``discover``) is not watched, only swept.
Tests: ``tests/indexer/test_watch.py``.

On Linux the folders that are not ignored are watched one by one, which a recursive watch of watchfiles is no
replacement for: it would follow links (one to ``/`` makes it watch the machine), spend the system's limited
watches on ``node_modules``, and lose what is written into a new folder before its watch is set. Elsewhere the
system watches whole trees itself and follows no links.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs
from watchfiles import Change
from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from magellan_lsp.indexer.discover import IsSource, is_unicode, look, scan
from magellan_lsp.indexer.ignore import ALWAYS_IGNORED, CONTROL_NAMES, IGNORE_FILES, MARKERS, Matcher, Rules

logger = logging.getLogger(__name__)

DEFAULT_DEBOUNCE_MS: Final = 100

#: More events than this in one batch and the system's queue (16,384 by default on Linux) may have overflowed,
#: which watchfiles does not tell.
_MANY_EVENTS = 4096

#: A batch is delivered at the latest after this many debounce times, so that a file written without pause
#: delays no other.
_LONGEST_IN_DEBOUNCES: Final = 20

#: How long a git command that is rewriting the folder is waited for, so that a branch switch is one batch.
_GIT_LOCK_WAIT_S: Final = 2.0

#: How often folders that are being made while they are listed are listed again.
_MOST_LISTINGS: Final = 10

_FIRST_RETRY_S = 1.0
_LAST_RETRY_S = 60.0


@attrs.frozen
class Batch:
    """What may have changed in one workspace folder since the batch before. Paths are relative to ``root``,
    with ``/``.
    """

    root: str
    changed: tuple[str, ...]
    """Source files, not ignored, that are there now: new, written, or only touched. In order."""
    gone: tuple[str, ...]
    """Where nothing to index is now, or where a folder was put: what was known at each and in it is gone,
    unless it is in ``changed``. In order.
    """
    sweep: bool = False
    """Events may have been lost, or what is ignored has changed: compare the whole folder with what is known.
    """


class Watcher:
    """Watches workspace folders, each in a thread of its own, and hands on batches of changes.

    Args:
        on_batch: called with each batch, from the folder's thread, never twice at a time for one folder.
        is_source: whether a file name is that of source.
        debounce_ms: how long nothing must happen before a batch is handed on.

    A folder that cannot be watched (too many watches, a folder that is gone) is tried again after growing
    pauses, and each time a batch with ``sweep`` is handed on, so changes are seen late but not lost.
    """

    def __init__(
        self,
        on_batch: Callable[[Batch], None],
        is_source: IsSource,
        *,
        debounce_ms: int = DEFAULT_DEBOUNCE_MS,
    ) -> None:
        self._on_batch = on_batch
        self._is_source = is_source
        self.debounce_ms = debounce_ms
        """For folders that are added from now on."""
        self._watches: dict[str, _Watch] = {}

    def add(self, matcher: Matcher) -> threading.Event:
        """Watch the folder of ``matcher``; the event is set once every change from then on will be seen.

        Adding a folder that is watched replaces its matcher. A change of an ignore file makes the watcher
        call ``forget`` on the matcher, so that whoever shares it goes by the new rules.
        """
        self.remove(matcher.root)
        watch = _Watch(matcher, self._is_source, self._on_batch, max(self.debounce_ms, 1))
        self._watches[matcher.root] = watch
        watch.thread.start()
        return watch.ready

    def remove(self, root: str) -> None:
        """Stop watching a folder; when this returns, no batch of it will follow. Unknown folders are fine."""
        watch = self._watches.pop(str(root), None)
        if watch is not None:
            watch.stop()

    def wait(self, root: str, timeout_s: float) -> bool:
        """Whether, at the latest after so many seconds, what changes in a folder is seen or will be asked to be swept
        for: its watch is set, or could not be. A folder that nobody watches is not waited for.
        """
        watch = self._watches.get(root)
        return watch is None or watch.tried.wait(timeout_s)

    @property
    def roots(self) -> tuple[str, ...]:
        """The folders that are watched."""
        return tuple(self._watches)

    def close(self) -> None:
        """Stop watching."""
        for root in self.roots:
            self.remove(root)

    def __enter__(self) -> Watcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Watch:
    """One folder and the thread that watches it."""

    def __init__(
        self,
        matcher: Matcher,
        is_source: IsSource,
        on_batch: Callable[[Batch], None],
        debounce_ms: int,
    ) -> None:
        self._matcher = matcher
        self._root = matcher.root
        # Some systems report the real path of what is watched through a link.
        self._real_root = os.path.realpath(matcher.root)
        self._is_source = is_source
        self._on_batch = on_batch
        self._debounce_ms = debounce_ms
        self._one_by_one = sys.platform == "linux"
        self._stopped = threading.Event()
        self.ready = threading.Event()
        self.tried = threading.Event()  # set with ``ready``, and when the watch could not be set
        # A daemon, so that a program that forgets to close the watcher can still end.
        self.thread = threading.Thread(target=self._run, name=f"watch {self._root}", daemon=True)

    def stop(self) -> None:
        self._stopped.set()
        if self.thread is not threading.current_thread():
            self.thread.join()

    def _run(self) -> None:
        pause_s, failed = _FIRST_RETRY_S, False
        while not self._stopped.is_set():
            try:
                notify = self._open()
            except (OSError, WatchfilesRustInternalError) as error:
                logger.warning("%s cannot be watched, trying again in %.0f s: %s", self._root, pause_s, error)
                self.tried.set()
            else:
                self.ready.set()
                self.tried.set()
                if failed:
                    # What happened while nobody watched is found by looking.
                    self._deliver(Batch(self._root, (), (), sweep=True))
                started = time.monotonic()
                self._watch(notify)
                if time.monotonic() - started > _LAST_RETRY_S:
                    pause_s = _FIRST_RETRY_S
            if self._stopped.is_set():
                return
            failed = True
            self._deliver(Batch(self._root, (), (), sweep=True))
            self._stopped.wait(pause_s)
            pause_s = min(2 * pause_s, _LAST_RETRY_S)

    def _open(self) -> RustNotify:
        """A watch on the folder as it is now. Raises OSError when it cannot be had."""
        if not self._one_by_one:
            return RustNotify([self._root], False, False, 300, True, True)
        folders = self._folders()
        for _ in range(_MOST_LISTINGS):
            try:
                notify = RustNotify(folders, False, False, 300, False, True)
            except FileNotFoundError:
                folders = self._folders()  # a folder was deleted since it was listed
                continue
            # A folder made between the listing and the watch on the one that it is in was seen by neither.
            listed = self._folders()
            if self._stopped.is_set() or set(folders) >= set(listed):
                return notify
            notify.close()
            folders = listed
        raise OSError(f"the folders in {self._root} change too fast")

    def _folders(self) -> list[str]:
        """The folders that are not ignored, without links; and where git keeps its list of what to ignore."""
        matcher, folders = self._matcher, [self._root]
        stack: list[tuple[str, Rules | None, bool]] = [("", None, False)]
        while stack and not self._stopped.is_set():
            folder, parent, kept = stack.pop()
            path = f"{self._root}/{folder}" if folder else self._root
            try:
                with os.scandir(path) as listing:
                    entries = list(listing)
            except OSError:
                if not folder:
                    raise
                continue
            present = CONTROL_NAMES.intersection(entry.name for entry in entries)
            if parent is None:
                rules: Rules | None = matcher.enter_root(present)
            else:
                rules = matcher.enter(parent, folder.rpartition("/")[2], present, kept=kept)
            # Also one that is taken for generated is watched, since the file that says so may go.
            if folder:
                folders.append(path)
            if ".git" in present and Path(f"{path}/.git/info").is_dir():
                folders.append(f"{path}/.git/info")
            for entry in entries if rules is not None else ():
                if rules is not None and entry.is_dir(follow_symlinks=False) and is_unicode(entry.name):
                    verdict = rules.ignores(entry.name, is_folder=True)
                    if not verdict:
                        stack.append((rules.prefix + entry.name, rules, verdict is False))
        return folders

    def _watch(self, notify: RustNotify) -> None:
        """Hand on batches until told to stop (then ``_stopped`` is set) or until watching fails."""
        try:
            while True:
                events = self._next(notify)
                if events is None:
                    return
                batch, new_folders = self._look(events)
                if new_folders and self._one_by_one:
                    # The next watch begins before this one ends, and the new folders are listed after it has
                    # begun: whatever is written, one of the three sees it.
                    further = self._open()
                    events |= self._collect(notify, 1)
                    notify.close()
                    notify = further
                    batch, _ = self._look(events)
                if batch.changed or batch.gone or batch.sweep:
                    self._deliver(batch)
        except (OSError, WatchfilesRustInternalError) as error:
            logger.warning("watching %s failed: %s", self._root, error)
        finally:
            notify.close()

    def _next(self, notify: RustNotify) -> set[tuple[int, str]] | None:
        """The events up to the next pause; None when told to stop."""
        events: set[tuple[int, str]] = set()
        while not events:
            if self._stopped.is_set():
                return None
            events = self._collect(notify, 60_000)
        give_up = time.monotonic() + _GIT_LOCK_WAIT_S
        while self._git_is_at_work() and time.monotonic() < give_up and not self._stopped.is_set():
            events |= self._collect(notify, self._debounce_ms)
        return events

    def _collect(self, notify: RustNotify, timeout_ms: int) -> set[tuple[int, str]]:
        longest_ms = self._debounce_ms * _LONGEST_IN_DEBOUNCES
        events = notify.watch(longest_ms, self._debounce_ms, timeout_ms, self._stopped)
        # A string says that it timed out or was told to stop.
        return set() if isinstance(events, str) else events

    def _git_is_at_work(self) -> bool:
        try:
            age_s = time.time() - os.lstat(f"{self._root}/.git/index.lock").st_mtime
        except OSError:
            return False
        # One that a killed git left behind must not delay every batch from then on.
        return abs(age_s) < 60

    def _look(self, events: set[tuple[int, str]]) -> tuple[Batch, bool]:
        """What the events come to on the disk as it is now; and whether there are folders not watched yet."""
        matcher = self._matcher
        by_path: dict[str, set[int]] = {}
        for kind, path in events:
            by_path.setdefault(self._relative(path), set()).add(kind)
        sweep = len(events) >= _MANY_EVENTS
        if any(self._changes_rules(path, kinds) for path, kinds in by_path.items()):
            matcher.forget()
            return Batch(self._root, (), (), sweep=True), True
        changed: set[str] = set()
        gone: set[str] = set()
        new_folders = False
        for path, kinds in by_path.items():
            if not path:
                # The root itself: it was deleted, moved, or put back.
                new_folders = sweep = sweep or Change.modified not in kinds or len(kinds) > 1
                continue
            if not is_unicode(path) or ALWAYS_IGNORED.intersection(path.split("/")):
                continue
            full = f"{self._root}/{path}"
            if Path(full).is_symlink():
                # It may show what was not indexed, or hide it; only a look at all links can tell.
                sweep = sweep or kinds != {Change.modified}
            elif Path(full).is_dir():
                if kinds != {Change.modified}:
                    matcher.forget(path)
                    new_folders = True
                    gone.add(path)  # what was in a folder of that name before
                    changed.update(found.path for found in scan(matcher, self._is_source, below=path))
            elif os.path.lexists(full):
                if not self._is_source(path.rpartition("/")[2]) or matcher.ignored(path):
                    continue
                (changed if look(matcher, self._is_source, path) else gone).add(path)
            elif not matcher.ignored(path):
                # It may have been a folder; its rules, if they are remembered, are not those of one that
                # comes later.
                matcher.forget(path)
                gone.add(path)
        return Batch(self._root, tuple(sorted(changed)), tuple(sorted(gone)), sweep), new_folders

    def _changes_rules(self, path: str, kinds: set[int]) -> bool:
        if not self._matcher.is_control(path):
            return False
        name = path.rpartition("/")[2]
        if name not in IGNORE_FILES and not path.endswith(".git/info/exclude") and kinds == {Change.modified}:
            return False
        folder = path.removesuffix(".git/info/exclude").removesuffix(name).rstrip("/")
        if not folder or name in MARKERS:
            return True
        # An ignore file in a folder that is itself ignored says nothing.
        return not self._matcher.ignored(folder, is_folder=True)

    def _relative(self, path: str) -> str:
        """A path of an event relative to the root; empty for the root itself."""
        for root in (self._root, self._real_root):
            if path.startswith(root + os.sep):
                return path[len(root) + 1 :].replace(os.sep, "/")
        return ""

    def _deliver(self, batch: Batch) -> None:
        if self._stopped.is_set():
            return
        try:
            self._on_batch(batch)
        except Exception:
            logger.exception("a batch of changes in %s was not taken", self._root)
