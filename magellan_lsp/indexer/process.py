"""The indexer process: ``python -m magellan_lsp.indexer.process``. Started by ``service.py``, one per server.

One thread reads commands, one does the work; watchers have their own. Buffers being typed in come first, then
files that
changed, then the sweep of a folder. When its standard input ends, the process ends: nobody is left to tell.
Tests: ``tests/indexer/test_background.py``.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import attrs
import msgspec

from magellan_lsp import memory
from magellan_lsp.errors import Cancelled, IndexBusyError, IndexDamagedError, MagellanError
from magellan_lsp.indexer import messages as m
from magellan_lsp.indexer.detailing import Detailer, details_named
from magellan_lsp.indexer.patience import Patience
from magellan_lsp.indexer.pipeline import Indexer, IndexSummary
from magellan_lsp.indexer.runs import Runs, add
from magellan_lsp.indexer.watch import Batch, Watcher
from magellan_lsp.languages.registry import is_source, project_files
from magellan_lsp.migrate import automatic
from magellan_lsp.migrate.prune import prune
from magellan_lsp.store.base import Store
from magellan_lsp.store.open import backend_folder, index_identity, open_store, set_aside_index

log = logging.getLogger(__name__)

#: A buffer is indexed when nobody typed in it for so long; the server answers from its own parse meanwhile.
TYPING_PAUSE_S = 0.15
#: How often a folder whose index another process writes is tried again.
RETRY_S = 2.0
#: After so many failures that nobody foresaw the index is taken for damaged, once: not all damage shows itself as such.
MAX_FAILURES = 3
#: What nobody waits for is done when nothing else was to do for so long.
BACKGROUND_PAUSE_S = 1.0
#: While helper processes are at work, what they did is taken in so often.
_LOOK_EVERY_S = 0.05
#: Progress is told at most so often.
_PROGRESS_S = 0.1


@attrs.define(eq=False)
class Folder:
    """One workspace folder at work."""

    root: str
    index: str
    backend: m.Backend = "lmdb"
    store: Store | None = None
    identity: tuple[int, int] | None = None  # of the file that the store is in
    indexer: Indexer | None = None
    buffers: dict[str, bytes | None] = attrs.field(factory=dict)  # not yet taken; None: closed
    typed_at: float = 0.0
    patience: Patience = attrs.field(factory=lambda: Patience(TYPING_PAUSE_S))
    changed: dict[str, None] = attrs.field(factory=dict)
    migrations: list[m.Migrate] = attrs.field(factory=list)
    looked_for_others: bool = False  # an index of Magellan was looked for
    needs_pruning: bool = False  # its rows of files that are indexed now, or gone, are to be dropped
    needs_sweep: bool = True
    cancelled: bool = False
    complete: bool = True
    told_ready: bool = False
    retry_at: float = 0.0
    failures: int = 0  # that nobody foresaw, in a row
    runs: Runs | None = None
    detailer: Detailer | None = None
    has_other_options: bool = False  # than those that ``indexer`` and ``detailer`` were made with
    worked_at: float = 0.0
    is_watched: bool = False  # by our own watcher, with the matcher of ``indexer``
    is_at_rest: bool = False  # nothing is left to do in the background either
    told_pending: int = 0

    @property
    def has_work(self) -> bool:
        return bool(self.needs_sweep or self.changed or self.buffers or self.migrations)


class Main:
    """The process's state and loop."""

    def __init__(self, commands: BinaryIO, events: BinaryIO) -> None:
        self._commands = commands
        self._events = events
        self._lock = threading.Condition()
        self._write_lock = threading.Lock()
        self._folders: dict[str, Folder] = {}
        self._removed: list[Folder] = []  # to be closed by the thread that works in them
        self._at: Folder | None = None  # where something is being done that somebody waits for
        self._options = m.Configure((), (), 10 << 20, 0, 100)
        self._tokens: list[int] = []
        self._stopping = False
        self._told_at = 0.0
        self._watcher: Watcher | None = None
        self._watched: set[str] = set()

    # -- in and out

    def tell(self, event: m.Event) -> None:
        """Send an event; an absent server is noticed by the reading thread."""
        try:
            with self._write_lock:
                self._events.write(m.pack(event))
                self._events.flush()
        except (OSError, ValueError):
            self._stop()

    def _tell_of(self, folder: Folder, event: m.Event) -> None:
        """Send an event of a folder, unless the folder was removed (and may have been added anew) meanwhile."""
        with self._lock:
            if self._is_served(folder):
                self.tell(event)

    def _is_served(self, folder: Folder) -> bool:
        return self._folders.get(folder.root) is folder

    def _stop(self) -> None:
        with self._lock:
            self._stopping = True
            self._lock.notify_all()

    def read_commands(self) -> None:
        """Take commands until the stream ends."""
        try:
            while (data := m.read(self._commands)) is not None:
                command = m.commands.decode(data)
                with self._lock:
                    self._take(command)
                    self._lock.notify_all()
        except (OSError, ValueError):
            log.exception("the stream of commands broke")
        self._stop()

    def _take(self, command: m.Command) -> None:
        if isinstance(command, m.Stop):
            self._stopping = True
        elif isinstance(command, m.Configure):
            self._options = command
            for folder in self._folders.values():
                if folder.indexer is not None:
                    folder.needs_sweep = True
                    folder.told_ready = False
                    folder.has_other_options = True
        elif isinstance(command, m.Synchronize):
            self._tokens.append(command.token)
        elif isinstance(command, m.AddFolder):
            new = Folder(command.root, command.index, command.backend)
            folder = self._folders.setdefault(command.root, new)
            if command.watch and command.root not in self._watched:
                self._watched.add(command.root)
                folder.told_ready = False
                folder.needs_sweep = True  # what changed until it is watched is found by looking
        elif command.root in self._folders:
            self._take_for(self._folders[command.root], command)

    def _take_for(self, folder: Folder, command: m.Command) -> None:
        folder.told_ready = False
        if isinstance(command, m.OpenBuffer):
            folder.buffers[command.path] = command.text
            folder.typed_at = time.monotonic()
        elif isinstance(command, m.CloseBuffer):
            folder.buffers[command.path] = None
        elif isinstance(command, m.FilesChanged):
            folder.changed.update(dict.fromkeys(command.paths))
        elif isinstance(command, m.Rescan):
            folder.needs_sweep = True
        elif isinstance(command, m.Migrate):
            folder.migrations.append(command)
        elif isinstance(command, m.Cancel):
            folder.cancelled = folder.has_work or folder is self._at  # else the next change would be given up
        elif isinstance(command, m.RemoveFolder):
            self._folders.pop(folder.root, None)
            self._watched.discard(folder.root)
            self._removed.append(folder)
            self.tell(m.Removed(folder.root))

    def _on_batch(self, batch: Batch) -> None:
        with self._lock:
            folder = self._folders.get(batch.root)
            if folder is None:
                return
            folder.told_ready = False
            if batch.sweep:
                folder.needs_sweep = True
            folder.changed.update(dict.fromkeys((*batch.gone, *batch.changed)))
            self._lock.notify_all()

    # -- the loop

    def run(self) -> None:
        """Work until told to stop."""
        while True:
            self._close_removed()
            with self._lock:
                if self._removed:
                    continue
                folder, wait = self._next()
                if self._stopping:
                    break
                if folder is None:
                    folder, pause = self._next_in_background()
                    if folder is None:
                        self._lock.wait(
                            pause if wait is None else wait if pause is None else min(wait, pause)
                        )
                        continue
                    is_background = True
                else:
                    is_background = False
                    self._at = folder
            if is_background:
                self._guarded_background(folder)
                continue
            try:
                self._work(folder)
            except IndexDamagedError as error:
                self.tell(m.Trouble(folder.root, f"{error.message} It is kept, and a new index is begun."))
                self._begin_anew(folder, sets_aside=True)
            except MagellanError as error:
                self.tell(m.Trouble(folder.root, error.message))
                self._give_up(folder)
            except OSError as error:
                self.tell(m.Trouble(folder.root, f"cannot read the folder: {error.strerror or error}"))
                self._give_up(folder)
            except Exception as error:
                log.exception("indexing %s failed", folder.root)
                self.tell(m.Trouble(folder.root, f"indexing failed: {type(error).__name__}: {error}"))
                folder.failures += 1
                if folder.failures == MAX_FAILURES:
                    self._begin_anew(folder, sets_aside=True)
                else:
                    self._give_up(folder)
            else:
                folder.failures = 0
            finally:
                with self._lock:
                    self._at = None
                    # What was given up may have been something smaller than a sweep.
                    folder.cancelled &= folder.needs_sweep
        if self._watcher is not None:
            self._watcher.close()
        self._close_removed()
        for folder in list(self._folders.values()):
            self._close(folder)

    def _give_up(self, folder: Folder) -> None:
        """Leave the folder for a while; what is to be done is found again by a sweep."""
        with self._lock:
            folder.needs_sweep = True
            folder.retry_at = time.monotonic() + RETRY_S
            folder.complete = folder.cancelled = False
            self._settle()

    def _begin_anew(self, folder: Folder, *, sets_aside: bool = False) -> None:
        """Let go of an index that is damaged or no longer there; the next work opens another and sweeps."""
        buffers = dict(folder.indexer.buffers) if folder.indexer is not None else {}
        self._let_go(folder)
        folder.store = folder.indexer = folder.detailer = folder.runs = None
        with self._lock:
            folder.buffers = {**buffers, **folder.buffers}
            folder.needs_sweep = True
            folder.complete = False
        if sets_aside:
            try:
                set_aside_index(backend_folder(Path(folder.index), folder.backend))
            except (MagellanError, OSError) as error:
                log.warning("The damaged index of %s stays in its place: %s", folder.root, error)
                self._give_up(folder)

    def _next(self) -> tuple[Folder | None, float | None]:
        """The folder to work for; else how long to wait (None: until something comes)."""
        now = time.monotonic()
        wait: float | None = None
        ready: list[tuple[int, Folder]] = []
        for folder in self._folders.values():
            if folder.retry_at > now:
                wait = _sooner(wait, folder.retry_at - now)
                continue
            if not folder.has_work:
                continue
            pause = folder.typed_at + TYPING_PAUSE_S - now
            if pause > 0 and not self._tokens and not folder.changed and not folder.needs_sweep:
                wait = _sooner(wait, pause)
                continue
            urgency = 0 if folder.buffers else 1 if folder.changed else 2
            ready.append((urgency, folder))
        if ready:
            return min(ready, key=lambda pair: pair[0])[1], None
        self._settle()
        return None, wait

    def _next_in_background(self) -> tuple[Folder | None, float | None]:
        """The folder to do something for that nobody waits for; else how long until there may be one."""
        now = time.monotonic()
        pause: float | None = None
        for folder in self._folders.values():
            if folder.store is None or folder.indexer is None or folder.has_work or folder.is_at_rest:
                continue
            due = folder.worked_at + BACKGROUND_PAUSE_S - now
            if due <= 0:
                return folder, None
            pause = _sooner(pause, due)
        return None, pause

    def _settle(self) -> None:
        """Say what is done: folders without work, and tokens when no folder has any."""
        now = time.monotonic()
        for folder in self._folders.values():
            if not folder.told_ready and not folder.has_work and folder.store is not None:
                folder.told_ready = True
                if folder.indexer is not None:
                    folder.indexer.rest()
                try:
                    with folder.store.read() as reader:
                        n_files, n_symbols = reader.count_files(), reader.count_symbols()
                        ready = m.Ready(folder.root, reader.generation, n_files, n_symbols, folder.complete)
                except MagellanError as error:
                    self.tell(m.Trouble(folder.root, error.message))
                    folder.needs_sweep, folder.complete = True, False  # which knows what to do about it
                    folder.retry_at = now + RETRY_S
                    continue
                self.tell(ready)
                _give_memory_back()
        waiting = [f for f in self._folders.values() if f.has_work and f.retry_at <= now]
        if self._tokens and not waiting:
            tokens, self._tokens = self._tokens, []
            for token in tokens:
                self.tell(m.Synchronized(token))

    # -- one folder

    def _work(self, folder: Folder) -> None:
        indexer = self._indexer_of(folder)
        if indexer is None:
            return
        self._migrate(folder)
        with self._lock:
            buffers, folder.buffers = folder.buffers, {}
            changed, folder.changed = folder.changed, {}
            sweeps = folder.needs_sweep and not buffers
            if sweeps:
                folder.needs_sweep = False
            started = time.monotonic()
        for path, text in buffers.items():
            if text is None:
                indexer.drop_buffer(path)
            else:
                indexer.set_buffer(path, text)

        def cancelled() -> bool:
            with self._lock:
                if self._stopping or folder.cancelled or not self._is_served(folder):
                    return True
                fresh = bool(folder.buffers) and (
                    time.monotonic() - folder.typed_at >= TYPING_PAUSE_S or bool(self._tokens)
                )
                # A first index does not know what a change touches before it has every file: stopping it is no use.
                return (
                    fresh and not indexer.is_taking_in and folder.patience.is_over(time.monotonic() - started)
                )

        def progress(phase: str, done: int, total: int) -> None:
            now = time.monotonic()
            if now - self._told_at >= _PROGRESS_S or done == total:
                self._told_at = now
                self._tell_of(folder, m.Progress(folder.root, phase, done, total))

        paths = [*buffers, *changed]
        summary: IndexSummary | None = None
        assert folder.runs is not None
        try:
            if sweeps:
                self._await_watch(folder, cancelled)
                with folder.runs.sweep() as run:
                    summary = indexer.refresh(progress=progress, cancelled=cancelled)
                    add(run, summary)
                    if paths:
                        further = indexer.update(paths, cancelled=cancelled)
                        add(run, further)
                        summary.complete &= further.complete
            elif changed:
                with folder.runs.changes() as run:
                    summary = indexer.update(paths, progress=progress, cancelled=cancelled)
                    add(run, summary)
            elif paths:
                summary = indexer.update(paths, progress=progress, cancelled=cancelled)
                folder.runs.note_typed(summary)
        finally:
            folder.worked_at = time.monotonic()
            folder.is_at_rest = False
        if summary is not None:
            for path, message in summary.problems:
                self._tell_of(folder, m.Trouble(folder.root, message, path))
            with self._lock:
                if sweeps or not summary.complete:
                    folder.complete = summary.complete  # what was given up, only a sweep finds
                # Where a sweep is still to be done, a small run that ended in between says nothing of it.
                if not summary.complete or not folder.needs_sweep:
                    folder.patience.note(complete=summary.complete)
                folder.needs_pruning |= sweeps and summary.complete
                if not summary.complete and not folder.cancelled and not self._stopping:
                    # something more urgent came in between: go on afterwards
                    folder.needs_sweep = True

    # -- indexes of Magellan

    def _migrate(self, folder: Folder) -> None:
        """Look for an index of Magellan once, and take over those that were asked for."""
        with self._lock:
            requests, folder.migrations = folder.migrations, []
        if not folder.looked_for_others:
            if self._options.migrates:
                self._take_over(folder, None)
            folder.looked_for_others = True
        for request in requests:
            self._take_over(folder, request)

    def _take_over(self, folder: Folder, request: m.Migrate | None) -> None:
        assert folder.store is not None
        store, root = folder.store, Path(folder.root)

        def tell(phase: str, done: int, total: int) -> None:
            now = time.monotonic()
            if now - self._told_at >= _PROGRESS_S or done in (0, total):
                self._told_at = now
                self.tell(m.Progress(folder.root, phase, done, total))

        def check() -> None:
            if self._stopping or folder.cancelled or not self._is_served(folder):
                raise Cancelled()

        report = None
        try:
            if request is not None and request.path:
                report = automatic.take_over_file(store, root, Path(request.path), tell=tell, check=check)
            else:
                report = automatic.take_over(
                    store,
                    root,
                    chosen=self._options.database,
                    again=request is not None,
                    tell=tell,
                    check=check,
                )
        except Cancelled:
            log.info("taking over an index of Magellan was cancelled; the next start begins anew")
        except MagellanError as error:
            self.tell(m.Trouble(folder.root, error.message))
        if report is not None and not report["success"]:
            self.tell(m.Trouble(folder.root, report["message"]))
        # In the background, thus after the sweep that is to come, if one is.
        folder.needs_pruning |= report is not None
        if report is not None or request is not None:
            token = request.token if request is not None else -1
            self.tell(m.Migrated(folder.root, msgspec.json.encode(report), token))

    def _indexer_of(self, folder: Folder) -> Indexer | None:
        if folder.store is not None and folder.identity != index_identity(Path(folder.index), folder.backend):
            log.warning("The index of %s was deleted or replaced; a new one is begun.", folder.root)
            self._begin_anew(folder)
        if folder.store is None:
            try:
                folder.store = open_store(Path(folder.index), backend=folder.backend, root=Path(folder.root))
            except IndexBusyError as error:
                if folder.retry_at == 0.0:
                    self.tell(
                        m.Trouble(folder.root, f"{error.message} Until then its index is used as it is.")
                    )
                with self._lock:
                    folder.retry_at = time.monotonic() + RETRY_S
                    self._settle()
                return None
            folder.retry_at = 0.0
            folder.identity = index_identity(Path(folder.index), folder.backend)
        buffers: dict[str, bytes] = {}
        if folder.has_other_options:
            folder.has_other_options = False
            if folder.detailer is not None:
                folder.detailer.rest()
            if folder.indexer is not None:
                buffers = folder.indexer.buffers
                folder.indexer.close()
            folder.detailer = folder.indexer = None
        if folder.indexer is None:
            folder.runs = Runs(folder.store, Path(folder.root), Path(folder.index))
            indexer = folder.indexer = Indexer(Path(folder.root), folder.store, self._options)
            for path, text in buffers.items():
                indexer.set_buffer(path, text)
            store = folder.store

            def committed(indexed: Sequence[str], removed: Sequence[str]) -> None:
                if folder.detailer is not None:
                    folder.detailer.note(indexed)
                with store.read() as reader:
                    generation = reader.generation
                self._tell_of(folder, m.FilesIndexed(folder.root, tuple(indexed), tuple(removed), generation))

            indexer.on_commit = committed
            folder.is_watched = False
        if folder.root in self._watched and not folder.is_watched:
            self._watch(folder.indexer)
            folder.is_watched = True
        return folder.indexer

    # -- what nobody waits for

    def _guarded_background(self, folder: Folder) -> None:
        """Do a little in the background; what goes wrong there costs nothing else."""
        try:
            self._in_background(folder)
        except IndexDamagedError as error:
            self.tell(m.Trouble(folder.root, f"{error.message} It is kept, and a new index is begun."))
            self._begin_anew(folder, sets_aside=True)
        except MagellanError as error:
            self.tell(m.Trouble(folder.root, error.message))
            folder.is_at_rest = True
        except Exception:
            log.exception("working out details of %s failed", folder.root)
            folder.is_at_rest = True

    def _in_background(self, folder: Folder) -> None:
        assert folder.store is not None
        assert folder.runs is not None
        folder.runs.flush()
        if folder.needs_pruning:
            self._prune(folder)
            return
        detailer = folder.detailer
        if detailer is None:
            detailer = folder.detailer = Detailer(
                Path(folder.root),
                folder.store,
                details_named(self._options.details),
                max_bytes=self._options.max_file_size,
                buffer=lambda path: folder.indexer.buffer(path) if folder.indexer is not None else None,
            )
            detailer.look()
        is_left = detailer.advance()
        now = time.monotonic()
        pending = detailer.n_pending
        if pending != folder.told_pending and (not is_left or now - self._told_at >= _PROGRESS_S):
            folder.told_pending, self._told_at = pending, now
            self.tell(m.Detailing(folder.root, pending))
        if not is_left:
            self._settle_store(folder)
            folder.is_at_rest = True
            _give_memory_back()
        elif detailer.is_waiting:
            with self._lock:
                if not any(one.has_work for one in self._folders.values()):
                    self._lock.wait(_LOOK_EVERY_S)

    def _prune(self, folder: Folder) -> None:
        """Drop rows of Magellan's that speak of nothing any more, unless something else is to do."""
        assert folder.store is not None
        folder.needs_pruning = False
        if not folder.complete:
            return  # the sweep that completes it says so again
        try:
            prune(folder.store, Path(folder.root), self._check_idle)
        except Cancelled:
            folder.needs_pruning = folder.complete

    def _settle_store(self, folder: Folder) -> None:
        """Bring up to date what other programs read of the index; when something else is to do, after that."""
        assert folder.store is not None
        with contextlib.suppress(Cancelled):
            folder.store.settle(self._check_idle)

    def _check_idle(self) -> None:
        if self._stopping or self._removed or any(one.has_work for one in list(self._folders.values())):
            raise Cancelled()

    def _watch(self, indexer: Indexer) -> None:
        if self._watcher is None:
            self._watcher = Watcher(self._on_batch, _is_watched, debounce_ms=self._options.debounce_ms)
        self._watcher.debounce_ms = self._options.debounce_ms
        self._watcher.add(indexer.matcher)

    def _await_watch(self, folder: Folder, cancelled: Callable[[], bool]) -> None:
        """A sweep begins when the folder is watched, or cannot be: what changes behind its back is told then."""
        if self._watcher is not None and folder.is_watched:
            while not self._watcher.wait(folder.root, _LOOK_EVERY_S) and not cancelled():
                pass

    def _close_removed(self) -> None:
        """Close the folders that are no longer served. By the thread that works in them, and before it opens one of
        the same root anew: an index is not to be closed while something is written to it.
        """
        with self._lock:
            removed, self._removed = self._removed, []
        for folder in removed:
            try:
                self._close(folder)
            except Exception:
                log.exception("closing the index of %s failed", folder.root)

    def _close(self, folder: Folder) -> None:
        if self._watcher is not None:
            self._watcher.remove(folder.root)
        self._let_go(folder)

    def _let_go(self, folder: Folder) -> None:
        if folder.detailer is not None:
            folder.detailer.rest()
        if folder.runs is not None:
            with contextlib.suppress(MagellanError):
                folder.runs.flush()
        if folder.indexer is not None:
            folder.indexer.close()
        if folder.store is not None:
            folder.store.close()


_CONFIGS = project_files()


def _is_watched(name: str) -> bool:
    return name in _CONFIGS or is_source(name)


def _sooner(a: float | None, b: float) -> float:
    return b if a is None else min(a, b)


def _give_memory_back() -> None:
    """After a large run, hand freed memory back to the system, so that an idle indexer is small."""
    gc.collect()
    memory.give_back()


def main() -> None:
    """Run the process on its standard streams; everything else that writes goes to standard error."""
    logging.basicConfig(level=os.environ.get("MAGELLAN_LOG_LEVEL", "WARNING"), stream=sys.stderr)
    events = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if hasattr(os, "nice"):
        os.nice(3)  # whoever waits for an answer comes first
    # Not sys.stdin: a thread that waits in it holds a lock that the interpreter wants at its end.
    commands = os.fdopen(os.dup(0), "rb", buffering=0)
    loop = Main(commands, events)
    threading.Thread(target=loop.read_commands, daemon=True).start()
    try:
        loop.run()
    except KeyboardInterrupt:
        pass
    sys.stderr.flush()
    os._exit(0)  # everything is closed; the reading thread may be waiting for ever


if __name__ == "__main__":
    main()
