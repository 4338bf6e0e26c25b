"""The indexer process as the server sees it: start it, tell it what changes, hear what it did.

The process is started again, with growing pauses, when it dies; what it must know (folders, open buffers) is
told to the
new one. Tests: ``tests/indexer/test_background.py``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import struct
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import msgspec

from magellan_lsp.indexer import messages as m
from magellan_lsp.indexer.messages import Event, FilesIndexed, IndexerGone, Progress, Ready, Trouble
from magellan_lsp.indexer.safe_path import safe_environment
from magellan_lsp.settings import Settings

__all__ = ["Event", "FilesIndexed", "IndexService", "IndexerGone", "Progress", "Ready", "Trouble"]

log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.2
_LAST_PAUSE_S = 30.0
#: How long the process may take to end by itself when told to.
_END_S = 5.0


@attrs.define(eq=False)
class _FolderState:
    index: str
    watch: bool
    backend: m.Backend
    buffers: dict[str, bytes] = attrs.field(factory=dict)


class IndexService:
    """One indexer process for all folders of a server. For use on one event loop.

    Folders are named by their absolute path as text; file paths are relative to their folder, with ``/``.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None
        self._on_event: Callable[[Event], None] = lambda event: None
        self._folders: dict[str, _FolderState] = {}
        #: by root: how often the process is yet to say that it took it
        self._removing: Counter[str] = Counter()
        self._tokens: dict[int, asyncio.Future[None]] = {}
        self._migrations: dict[int, asyncio.Future[bytes]] = {}
        self._next_token = 0
        self._keeper: asyncio.Task[None] | None = None
        self._stopping = False
        self._failures = 0

    async def start(self, on_event: Callable[[Event], None]) -> None:
        """Start the process; from now on ``on_event`` is called, on the loop, with everything it says."""
        self._on_event = on_event
        self._stopping = False
        try:
            await self._spawn()
        except OSError as error:
            log.error("cannot start the indexer: %s", error)  # it is tried again
        if self._stopping:
            await self.stop()  # was told to meanwhile
            return
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End the process; it finishes the commit it is at."""
        self._stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            self._send(m.Stop())
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), _END_S)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        self._fail_tokens()

    @property
    def pid(self) -> int | None:
        """The process's id, while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    @property
    def is_stopping(self) -> bool:
        """Whether the process was told to end."""
        return self._stopping

    # -- what the server says

    def configure(self, settings: Settings) -> None:
        """New settings: folders are looked at again by them."""
        self._settings = settings
        self._send(self._configure())

    async def add_folder(self, root: Path, index: Path, *, watch: bool) -> None:
        """Index a folder and keep it true. ``watch``: with an own watcher, since the client reports no
        changes.
        """
        new = _FolderState(str(index), watch, self._settings.backend)
        state = self._folders.setdefault(str(root), new)
        state.watch = state.watch or watch  # the client may tell later that it reports none after all
        self._send(m.AddFolder(str(root), state.index, watch, state.backend))

    async def remove_folder(self, root: Path) -> None:
        """Leave a folder alone from now on."""
        if self._folders.pop(str(root), None) is not None:
            if self.pid is not None:
                self._removing[str(root)] += 1
            self._send(m.RemoveFolder(str(root)))

    def open_buffer(self, root: Path, path: str, text: bytes) -> None:
        """A document's text, new or changed: it wins over the disk until it is closed."""
        state = self._folders.get(str(root))
        if state is not None:
            state.buffers[path] = text
            self._send(m.OpenBuffer(str(root), path, text))

    def close_buffer(self, root: Path, path: str) -> None:
        """The disk counts again."""
        state = self._folders.get(str(root))
        if state is not None:
            state.buffers.pop(path, None)
            self._send(m.CloseBuffer(str(root), path))

    def files_changed(self, root: Path, paths: list[str]) -> None:
        """Files that may be new, changed or gone on disk."""
        self._send(m.FilesChanged(str(root), tuple(paths)))

    def rescan(self, root: Path) -> None:
        """Compare the whole folder with the index."""
        self._send(m.Rescan(str(root)))

    def cancel_indexing(self, root: Path) -> None:
        """Stop the present run; what it did stays."""
        self._send(m.Cancel(str(root)))

    async def migrate(self, root: Path, path: str) -> dict[str, Any] | None:
        """Take over an index of Magellan; the report, or None when there is none. ``path``: the database, "" for the
        one that is found.

        Raises:
            ConnectionError: the process ended first.
        """
        token = self._next_token
        self._next_token += 1
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._migrations[token] = future
        self._send(m.Migrate(str(root), path, token))
        try:
            report: dict[str, Any] | None = msgspec.json.decode(await future)
            return report
        finally:
            self._migrations.pop(token, None)

    async def synchronize(self) -> None:
        """Return when everything said so far is indexed and linked.

        Raises:
            ConnectionError: the process ended first.
        """
        token = self._next_token
        self._next_token += 1
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tokens[token] = future
        self._send(m.Synchronize(token))
        try:
            await future
        finally:
            self._tokens.pop(token, None)

    # -- the process

    def _configure(self) -> m.Configure:
        s = self._settings
        return m.Configure(
            tuple(s.include),
            tuple(s.exclude),
            s.max_file_size,
            s.workers,
            s.debounce_ms,
            tuple(s.details_background),
            s.migration_enabled,
            s.migration_path,
            s.follow_symlinks,
            s.languages_off,
        )

    def _send(self, command: m.Command) -> None:
        process = self._process
        if process is None or process.stdin is None or process.returncode is not None:
            return  # a new process is told everything
        with contextlib.suppress(OSError, RuntimeError):
            process.stdin.write(m.pack(command))

    async def _spawn(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "magellan_lsp.indexer.process",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=safe_environment(),
            start_new_session=True,  # the terminal's interrupt is the server's business
        )
        self._removing.clear()
        self._send(self._configure())
        for root, state in self._folders.items():
            self._send(m.AddFolder(root, state.index, state.watch, state.backend))
            for path, text in state.buffers.items():
                self._send(m.OpenBuffer(root, path, text))
        for token in self._tokens:
            self._send(m.Synchronize(token))

    async def _keep(self) -> None:
        """Hear the process; start it again when it dies."""
        while not self._stopping:
            heard = await self._listen()
            if self.is_stopping:
                return
            process = self._process
            code = await process.wait() if process is not None else None
            self._failures = 1 if heard else self._failures + 1
            self._fail(self._migrations)
            for root in list(self._folders):
                self._tell(IndexerGone(root, f"the indexer ended with code {code}; it is started again"))
            await asyncio.sleep(min(_LAST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(self._failures, 10)))
            if not self.is_stopping:
                try:
                    await self._spawn()
                except OSError as error:
                    log.error("cannot start the indexer: %s", error)

    async def _listen(self) -> bool:
        """Read events until the stream ends; True when there was any."""
        process = self._process
        if process is None or process.stdout is None:
            return False
        heard = False
        length = struct.Struct(">I")
        try:
            while True:
                (size,) = length.unpack(await process.stdout.readexactly(length.size))
                event = m.events.decode(await process.stdout.readexactly(size))
                heard = True
                if isinstance(event, m.Migrated) and event.token in self._migrations:
                    asked = self._migrations[event.token]
                    if not asked.done():
                        asked.set_result(event.report)
                if isinstance(event, m.Synchronized):
                    future = self._tokens.get(event.token)
                    if future is not None and not future.done():
                        future.set_result(None)
                elif isinstance(event, m.Removed):
                    self._removing[event.root] -= 1
                elif self._removing[event.root] <= 0:
                    self._tell(event)  # else it is of a folder that was removed, not of the one added since
        except (asyncio.IncompleteReadError, OSError):
            return heard
        except ValueError:
            log.exception("the indexer said something that is no message")
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            return heard

    def _tell(self, event: Event) -> None:
        try:
            self._on_event(event)
        except Exception:
            log.exception("handling %s failed", type(event).__name__)

    def _fail_tokens(self) -> None:
        self._fail(self._tokens)
        self._fail(self._migrations)

    @staticmethod
    def _fail(waiting: Mapping[int, asyncio.Future[Any]]) -> None:
        for future in waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the indexer has ended"))
