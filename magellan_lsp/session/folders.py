"""Workspace folders: how the client spells them, where they really are, and how far their index is.

Tests: ``tests/session/test_session.py``.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import attrs

from magellan_lsp.errors import IndexMissing, MagellanError
from magellan_lsp.session import uris

if TYPE_CHECKING:
    from magellan_lsp.session.documents import Document
    from magellan_lsp.store.base import Reader, Store

log = logging.getLogger(__name__)

Phase = Literal["waiting", "indexing", "ready", "trouble"]


@attrs.define
class Progress:
    """How far the index of a folder is."""

    phase: Phase = "waiting"
    step: str = ""
    """What the indexer does, in its own words."""
    done: int = 0
    total: int = 0
    files: int = 0
    symbols: int = 0
    is_complete: bool = True
    """Once ready: whether nothing was left out because a run was cancelled."""
    message: str = ""
    """What is wrong, for people; "" when all is well."""
    pending_details: int = 0
    """Files of which what is worked out in the background is still missing."""


class Reading(NamedTuple):
    """One state of a folder's index, and what holds of that state."""

    reader: Reader
    epoch: int
    is_whole: bool
    """Whether it knows every file, so that none need be read on demand."""


@attrs.define(eq=False)
class Folder:
    """One workspace folder."""

    uri: str
    """As the client spells it, without ``/`` at the end."""
    root: str
    """Absolute path as the client spells it; "" for a folder that is none (documents outside of all
    folders).
    """
    real: str
    """The path without symbolic links, under which it is indexed."""
    open_store: Callable[[Path], Store] | None
    """Opens the index of a real root for reading; raises MagellanError. None: there is no index."""
    name: str = ""
    progress: Progress = attrs.field(factory=Progress)
    epoch: int = 0
    """Counts the openings of the index: generations of different ones say nothing of each other."""
    _store: Store | None = None
    _guard: threading.Lock = attrs.field(factory=threading.Lock)
    _readers: int = 0
    _closed: bool = False
    _distrusted: bool = False
    _reopens: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the index knows every file, so that none need be read on demand."""
        trusted = not self._distrusted and not self._reopens
        is_ready = self.progress.phase == "ready" and self.progress.is_complete
        return self.is_loose or (is_ready and trusted)

    @property
    def key(self) -> str:
        """What tells folders apart."""
        return self.uri

    @property
    def is_loose(self) -> bool:
        """Whether it is no workspace folder: nothing is read from disk and nothing indexed."""
        return self.open_store is None

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """One consistent view of the index; an empty one while there is none. From one thread, soon
        closed.
        """
        # Looked at before the index is opened: what is whole by now, the opened one is too. Afterwards it may speak of a
        # later state than the one that is read.
        is_whole = self.is_whole
        store, epoch = self._enter()
        if store is None:
            from magellan_lsp.store.memory import MemoryStore

            with MemoryStore().read() as reader:
                yield Reading(reader, epoch, self.is_loose)
            return
        try:
            with store.read() as reader:
                yield Reading(reader, epoch, is_whole)
        finally:
            self._leave()

    def _enter(self) -> tuple[Store | None, int]:
        """The opened index, if there is one, and its ``epoch``."""
        with self._guard:
            if self._distrusted or self._closed:
                return None, self.epoch
            if self._store is None and self.open_store is not None:
                try:
                    self._store = self.open_store(Path(self.real))
                    self.epoch += 1
                except IndexMissing:
                    return None, self.epoch
                except MagellanError as error:
                    if self.progress.message != error.message:
                        log.warning("%s", error)
                        self.progress.message = error.message
                    return None, self.epoch
            if self._store is not None:
                self._readers += 1
            return self._store, self.epoch

    def _leave(self) -> None:
        with self._guard:
            self._readers -= 1
            if (self._closed or self._reopens) and not self._readers and self._store is not None:
                self._store.close()
                self._store = None
                self._reopens = False

    def distrust(self, reason: str) -> None:
        """The index could not be read: do without it until the indexer has written to it again."""
        log.warning("%s", reason)
        self.progress.message = reason
        with self._guard:
            self._distrusted = True

    def reopen(self) -> None:
        """Open the index anew when next asked: it may have been made anew."""
        with self._guard:
            self._distrusted = False
            self._reopens = self._store is not None and self._readers > 0  # then as soon as they are done
            if self._store is not None and not self._readers:
                self._store.close()
                self._store = None

    def begin_anew(self) -> None:
        """Another index is the folder's from now on, of which nothing is known yet."""
        self.progress = Progress()
        self.reopen()

    def close(self) -> None:
        """Give the index back as soon as nobody reads it."""
        with self._guard:
            self._closed = True
            if self._store is not None and not self._readers:
                self._store.close()
                self._store = None

    def note(self, event: Any) -> None:
        """Bring the progress up to date with what the indexer says."""
        progress = self.progress
        match type(event).__name__:
            case "Progress":
                progress.phase, progress.step = "indexing", event.phase
                progress.done, progress.total = event.done, event.total
            case "FilesIndexed":
                if self._distrusted:
                    self.reopen()
            case "Ready":
                if self._distrusted or progress.phase != "ready":
                    self.reopen()  # at the start of a run a damaged index may have been set aside for a new one
                progress.phase, progress.step, progress.message = "ready", "", ""
                progress.files, progress.symbols = event.files, event.symbols
                progress.is_complete = event.complete
            case "Detailing":
                progress.pending_details = event.pending
            case "Trouble":
                progress.message = event.message
                where = f"{event.path}: " if event.path else ""
                log.warning("%s: %s%s", self.real, where, event.message)
            case "IndexerGone":
                progress.phase, progress.message = "trouble", event.message
                log.warning("%s: %s", self.real, event.message)

    # paths

    def relative(self, uri: str, path: str | None) -> str | None:
        """The path relative to the folder, with ``/``, of what a URI (and the path it stands for) names;
        None when it is elsewhere.
        """
        if path is None or not self.root:
            return None
        for root in dict.fromkeys((self.root, self.real)):
            found = path_in(root, path)
            if found is not None:
                return found
        return path_in(self.real, os.path.realpath(path))

    def path_of(self, document: Document) -> str | None:
        """The path of an open document that is in this folder, also one that a folder in this one serves; else None."""
        if document.root == self.key:
            return document.path
        if self.is_loose or not document.place:
            return None
        return path_in(self.real, document.place)

    def uri_of(self, path: str) -> str:
        """The URI of a path relative to the folder, in the client's spelling of the folder; of an absolute path."""
        if uris.is_absolute(path):
            return uris.from_path(path)
        return f"{self.uri}/{uris.quote_path(path)}"

    def file_path(self, path: str) -> str:
        """Where a path relative to the folder really is; an absolute one is where it says."""
        if uris.is_absolute(path):
            return path
        return os.path.join(self.real, *path.split("/"))  # noqa: PTH118 - hot, and text is what is needed


def path_in(root: str, path: str) -> str | None:
    """The path relative to ``root``, with ``/``, of what is below it; None for anything else, ``root`` too."""
    root = root.rstrip("/\\") or "/"
    plain, base = path, root
    if uris.IS_WINDOWS:
        plain, base = path.casefold(), root.casefold()
    if not plain.startswith(base):
        return None
    rest = path[len(root) :]
    if base != "/" and rest[:1] not in ("/", "\\"):
        return None
    rest = rest.replace(os.sep, "/").strip("/")
    return rest or None


def folder_of(uri: str, name: str, open_store: Callable[[Path], Store]) -> Folder | None:
    """The folder that a client names; None when its URI is no local path."""
    path = uris.to_path(uri)
    if path is None:
        return None
    path = _without_end(path)
    return Folder(
        uri=plain_uri(uri),
        root=path,
        real=os.path.realpath(path),
        open_store=open_store,
        name=name or Path(path).name,
    )


def plain_uri(uri: str) -> str:
    """A folder's URI without ``/`` at its end, so that ``/`` and a path can be put behind it."""
    plain = uri.rstrip("/")
    return "file://" if plain.lower() == "file:" else plain


def _without_end(path: str) -> str:
    plain = path.rstrip("/\\")
    if not plain:
        return path[:1]
    is_drive = uris.IS_WINDOWS and plain.endswith(":")  # `C:` alone is a drive's current folder
    return f"{plain}\\" if is_drive else plain


def loose_folder(uri: str) -> Folder:
    """What serves a document that is in no folder: it sees nothing but its like."""
    return Folder(uri=uri, root="", real="", open_store=None)


def index_place(root: Path, location: str) -> Path:
    """The index folder of a root, as the setting ``index.location`` says.

    In a place that the user chose each root has a folder of its own: the setting holds for all workspaces.
    """
    from magellan_lsp.store.open import index_folder

    if location in ("workspace", "cache"):
        return index_folder(root, in_cache=location == "cache")
    return below(Path(location), root)


def below(place: Path, root: Path) -> Path:
    """A root's own folder in a place for the indexes of several."""
    from magellan_lsp.store.open import cache_folder

    return place / cache_folder(root).name
