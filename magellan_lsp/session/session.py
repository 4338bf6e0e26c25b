"""The server's state, without LSP: folders, settings, open documents, and ``ask``, the one door to the index.

Only the event loop touches it; questions run in threads on frozen states. Tests: ``tests/session/``.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from magellan_lsp.errors import Cancelled, UnknownDocument
from magellan_lsp.session import uris
from magellan_lsp.session.asking import Asker
from magellan_lsp.session.documents import Document, Documents, Frozen, Text
from magellan_lsp.session.folders import (
    Folder,
    below,
    folder_of,
    index_place,
    loose_folder,
    path_in,
    plain_uri,
)
from magellan_lsp.session.service import Event, Service
from magellan_lsp.settings import Settings
from magellan_lsp.text import ContentChange, PositionEncoding, encode_text

if TYPE_CHECKING:
    from magellan_lsp.session.views import View
    from magellan_lsp.store.base import Store

log = logging.getLogger(__name__)
T = TypeVar("T")

#: The open documents at the moment when the message that is being handled arrived.
_frozen: ContextVar[Frozen | None] = ContextVar("frozen", default=None)

#: Changes that come so close to each other are told to the indexer at once.
_COALESCE_S = 0.02
#: Settings that decide what is indexed and where.
_INDEX_SETTINGS = (
    *("include", "exclude", "max_file_size", "index_location", "backend", "workers", "debounce_ms"),
    *("follow_symlinks", "languages_off", "details_background"),
    *("migration_enabled", "migration_path"),
)
#: Settings that decide what questions are asked of.
_ASKER_SETTINGS = ("cache_limit_mb", "dependencies_enabled", "dependencies_roots", "dependencies_python")
#: A client's names of languages, for documents whose path says nothing.
_BY_ID = {
    "typescriptreact": "tsx",
    "javascriptreact": "javascript",
    "objective-c": None,
    "golang": "go",
    "c++": "cpp",
}


@attrs.frozen
class Where:
    """What a request is about: a file of a folder, open or not."""

    folder: Folder
    path: str
    """Relative to the folder, with ``/``."""
    uri: str
    document: Document | None

    @property
    def language(self) -> str | None:
        """Our name of the file's language."""
        return self.document.language if self.document is not None else _language(self.path, "")


class Session:
    """Folders, settings and open documents of one client.

    Args:
        settings: what holds until the client says otherwise.
        make_service: makes whoever indexes.
        open_store: opens the index of a root for reading.
        index: where the index of the first folder is kept, whatever the settings say.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        make_service: Callable[[Settings], Service] | None = None,
        open_store: Callable[[Path], Store] | None = None,
        index: Path | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.encoding: PositionEncoding = "utf-16"
        self.watch = True
        """Whether the indexer watches the folders itself; False when the client tells what changed."""
        self.documents = Documents()
        self.folders: list[Folder] = []
        self.first_folder: Folder | None = None
        """Of those that are served, the one that the client named first."""
        self.started_at = time.time()
        self._make_service = make_service or _default_service
        self._open_store = open_store or self._open_index
        self._index_dir = index
        self._index_owner: Path | None = None
        self._index_places: dict[Path, Path] = {}
        self._service: Service | None = None
        self._asker = Asker(self.settings)
        self._loose: dict[str, Folder] = {}
        self._listeners: list[Callable[[Folder, Event], None]] = []
        self._dirty: dict[str, asyncio.TimerHandle] = {}
        self._started = asyncio.Event()
        self._is_stopped = False

    # life

    async def start(self) -> None:
        """Begin to index the folders added so far, in the background."""
        if self._is_stopped:
            return  # the client said goodbye before it could begin
        self._service = self._make_service(self.settings)
        await self._service.start(self._on_event)
        for folder in self.folders:
            await self._index(folder)
        for document in self.documents.now.values():
            self._send(document)
        self._started.set()

    async def stop(self) -> None:
        """End the indexing and give everything back. It does not begin again."""
        self._is_stopped = True
        for timer in self._dirty.values():
            timer.cancel()
        self._dirty.clear()
        service, self._service = self._service, None
        if service is not None:
            await service.stop()
        self._asker.close()
        for folder in self.folders:
            folder.close()

    def warm_up(self) -> None:
        """Load in a thread what the first question needs."""
        self._asker.warm_up()

    async def watch_by_itself(self) -> None:
        """The client does not tell what changes on disk after all: let the indexer watch."""
        self.watch = True
        for folder in self.folders:
            await self._index(folder)

    @property
    def is_running(self) -> bool:
        """Whether there is someone who indexes."""
        return self._service is not None

    def listen(self, listener: Callable[[Folder, Event], None]) -> None:
        """Hear of what the indexer does, on the event loop, after the folder's own state was brought up to
        date.
        """
        self._listeners.append(listener)

    # settings

    async def change_settings(self, settings: Settings) -> None:
        """Use other settings from now on; what is indexed may change, then the index is brought in line."""
        old, self.settings = self.settings, settings
        if old == settings:
            return
        names = [name for name in _INDEX_SETTINGS if getattr(old, name) != getattr(settings, name)]
        if names or any(getattr(old, name) != getattr(settings, name) for name in _ASKER_SETTINGS):
            self._asker.close()
            self._asker = Asker(settings)
            self._rehome()
        if self._service is None:
            self._index_places.clear()
            return
        if not names:
            return
        self._service.configure(settings)
        if (old.index_location, old.backend) != (settings.index_location, settings.backend):
            self._index_places.clear()
            for folder in self.folders:
                await self._service.remove_folder(Path(folder.real))
                folder.begin_anew()
                await self._index(folder)
            for document in self.documents.now.values():
                self._send(document)

    # folders

    async def add_folder(self, uri: str, name: str = "") -> Folder | None:
        """Serve a folder; None when it is no local one or served already."""
        folder = folder_of(uri, name, self._open_store)
        if folder is None or self._named(folder.uri):
            return None
        is_new_root = all(one.real != folder.real for one in self.folders)
        self.first_folder = self.first_folder or folder
        # innermost first, so that the first that has a path serves it
        self.folders = sorted([*self.folders, folder], key=lambda one: -len(one.real))
        if is_new_root:
            await self._index(folder)
        self._rehome(folder)
        return folder

    def _named(self, uri: str) -> list[Folder]:
        key = uris.same_spelling(plain_uri(uri))
        return [one for one in self.folders if uris.same_spelling(one.uri) == key]

    async def _index(self, folder: Folder) -> None:
        if self._service is not None:
            root = Path(folder.real)
            await self._service.add_folder(root, self.index_place(root), watch=self.watch)

    def index_place(self, root: Path) -> Path:
        """The index folder of a root; the same one for as long as the root is served, also when it can be written to
        only now, or not any more: who writes the index and who reads it have to mean one.
        """
        found = self._index_places.get(root)
        if found is None:
            found = self._index_places[root] = self._new_index_place(root)
        return found

    def _new_index_place(self, root: Path) -> Path:
        if self._index_dir is None:
            return index_place(root, self.settings.index_location)
        if self._index_owner is None:
            self._index_owner = root
        return self._index_dir if root == self._index_owner else below(self._index_dir, root)

    def _open_index(self, root: Path) -> Store:
        from magellan_lsp.store.open import open_store

        return open_store(self.index_place(root), "read", backend=self.settings.backend, root=root)

    async def remove_folder(self, uri: str) -> None:
        """No longer serve a folder. Nothing happens when it is not served."""
        gone = self._named(uri)
        self.folders = [one for one in self.folders if one not in gone]
        if self.first_folder in gone:
            self.first_folder = self.folders[0] if self.folders else None
        self._rehome()
        for folder in gone:
            self._asker.forget(folder)
            folder.close()
            if all(one.real != folder.real for one in self.folders):
                self._index_places.pop(Path(folder.real), None)
                if self._service is not None:
                    await self._service.remove_folder(Path(folder.real))

    def _rehome(self, added: Folder | None = None) -> None:
        """Give each open document to the folder that serves it now, and those of others that are in it to a new one."""
        for key, document in self.documents.now.items():
            folder, path = self._home(document.uri)
            if (folder.key, path) != (document.root, document.path):
                self._tell_closed(document)
                moved = attrs.evolve(document, root=folder.key, path=path, place=_place(folder, path))
                self.documents.put(key, moved)
                self._keep(folder)
                self._forget_loose(document.root)
                self._send(moved)
            elif added is not None and added.path_of(document) is not None:
                self._send(document)

    def _home(self, uri: str) -> tuple[Folder, str]:
        """The folder that serves a document, and the document's path in it."""
        path = uris.to_path(uri)
        for folder in self.folders:
            relative = folder.relative(uri, path)
            if relative is not None:
                return folder, self._linked(folder, path) or relative
        place = path.replace(os.sep, "/") if path is not None else ""
        for folder in self.folders:
            packages = self._asker.packages(folder) if uris.is_absolute(place) else None
            found = packages.covering(place) if packages is not None else None
            if found is not None:
                return folder, found
        base, _, name = uri.rpartition("/") if "/" in uri else uri.rpartition(":")
        return self._loose.get(base) or loose_folder(base), name

    def _linked(self, folder: Folder, path: str | None, known: dict[str, str] | None = None) -> str | None:
        """Where a file of a folder is indexed that a link in it leads to; None when that is at its own path.

        ``known``: where folders really are, as far as that was looked up.
        """
        real = path_in(folder.real, _real(path, known)) if path is not None else None
        if real is None or path_in(folder.root, path or "") == real:
            return None
        from magellan_lsp.languages.registry import is_source

        is_known = is_source(real.rpartition("/")[2]) and not self._asker.ignores(folder, real)
        return real if is_known else None

    def _keep(self, folder: Folder) -> None:
        """A loose document is open in it: what is no workspace folder is served for as long as one is."""
        if folder.is_loose:
            self._loose[folder.key] = folder

    def _forget_loose(self, key: str) -> None:
        if key in self._loose and all(one.root != key for one in self.documents.now.values()):
            self._asker.forget(self._loose.pop(key))

    def folder(self, key: str) -> Folder | None:
        """A served folder by its key, those that serve loose documents included."""
        return next((one for one in self.folders if one.key == key), self._loose.get(key))

    # documents

    def open_document(self, uri: str, language_id: str, version: int, text: str) -> Document:
        """A document is open from now on: its text is what counts, not the file's."""
        folder, path = self._home(uri)
        language = _language(path, language_id)
        text_now = Text(encode_text(text), version)
        document = Document(uri, folder.key, path, language, text_now, _place(folder, path))
        self._keep(folder)
        self.documents.put(uris.same_spelling(uri), document)
        self._send(document)
        return document

    def change_document(self, uri: str, version: int, changes: Sequence[ContentChange]) -> None:
        """Apply an editor's changes.

        Raises:
            UnknownDocument: it is not open.
        """
        key = uris.same_spelling(uri)
        document = self.documents.change(key, version, changes, self.encoding)
        if document is None:
            raise UnknownDocument(uri)
        if key not in self._dirty:
            loop = asyncio.get_running_loop()
            self._dirty[key] = loop.call_later(_COALESCE_S, self._flush, key)

    def close_document(self, uri: str) -> None:
        """The file counts again. Nothing happens when the document is not open."""
        key = uris.same_spelling(uri)
        timer = self._dirty.pop(key, None)
        if timer is not None:
            timer.cancel()
        document = self.documents.remove(key)
        if document is not None:
            self._tell_closed(document)
            self._forget_loose(document.root)
            for other in self.documents.now.values():
                if other.place == document.place:
                    self._send(other)  # the same file by another link

    def _is_installed(self, folder: Folder, path: str) -> bool:
        """Whether a file belongs to an installed package, which is never indexed."""
        packages = self._asker.packages(folder)
        return packages is not None and packages.covers(path)

    def _flush(self, key: str) -> None:
        timer = self._dirty.pop(key, None)
        if timer is not None:
            timer.cancel()
        document = self.documents.now.get(key)
        if document is not None:
            self._send(document)

    def flush(self) -> None:
        """Tell the indexer of all changes now."""
        for key in list(self._dirty):
            self._flush(key)

    def _send(self, document: Document) -> None:
        if document.language is None or len(document.text.data) > self.settings.max_file_size:
            return
        for root, path in self._indexed_as(document):
            assert self._service is not None
            self._service.open_buffer(root, path, document.text.data)

    def _tell_closed(self, document: Document) -> None:
        for root, path in self._indexed_as(document):
            assert self._service is not None
            self._service.close_buffer(root, path)

    def _indexed_as(self, document: Document) -> list[tuple[Path, str]]:
        """Root and path of a document in each index that has it: folders may lie in each other."""
        found: dict[str, str] = {}
        for folder in self.folders if self._service is not None else ():
            path = folder.path_of(document)
            if path is not None and folder.real not in found and not self._is_installed(folder, path):
                found[folder.real] = path
        return [(Path(real), path) for real, path in found.items()]

    # questions

    def freeze(self) -> None:
        """What is asked from here on (in this context) is asked of the documents as they are now."""
        _frozen.set(self.documents.now)

    def frozen(self) -> Frozen:
        """The documents as they were when the message that is being handled arrived."""
        found = _frozen.get()
        return self.documents.now if found is None else found

    def where(self, uri: str) -> Where:
        """What a URI names.

        Raises:
            UnknownDocument: it is neither open nor a file in one of the folders.
        """
        document = self.frozen().get(uris.same_spelling(uri))
        if document is not None:
            folder = self.folder(document.root)
            if folder is not None:
                return Where(folder, document.path, uri, document)
        folder, path = self._home(uri)
        if folder.is_loose or not Path(folder.file_path(path)).is_file():
            raise UnknownDocument(uri)
        return Where(folder, path, uri, None)

    async def ask(self, folder: Folder, question: Callable[[View], T]) -> tuple[T, dict[str, int]]:
        """``question`` of one state of a folder, off the event loop; see :meth:`Asker.ask`.

        Raises:
            Cancelled: the session ended meanwhile.
        """
        while True:
            asker = self._asker
            try:
                return await asker.ask(folder, self.frozen(), question, self.encoding)
            except (asyncio.CancelledError, Cancelled) as error:
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise  # the one who asked wants no answer
                if asker is self._asker:
                    raise Cancelled from error
                # settings changed under the question: it is asked anew

    def is_outdated(self, folder: Folder, furthest: dict[str, int]) -> bool:
        """Whether an edit since a question was asked moved or changed what its answer speaks of, in any open document."""
        for key, then in self.frozen().items():
            now = self.documents.now.get(key)
            if now is None or now.text is then.text:
                continue
            reach = furthest.get(folder.path_of(then) or "", -1)
            if reach >= 0 and now.text.first_change_since(then.text) <= reach:
                return True
        return False

    # the indexer

    async def migrate(self, folder: Folder, path: str) -> dict[str, Any] | None:
        """Take over an index of Magellan into a folder's own; the report, or None when there is none.

        Args:
            folder: a served one.
            path: the database; "" for the one that is found.
        """
        await self._started.wait()
        return None if self._service is None else await self._service.migrate(Path(folder.real), path)

    async def synchronize(self) -> None:
        """Return when everything that was sent so far is indexed and linked."""
        await self._started.wait()
        self.flush()
        if self._service is not None:
            await self._service.synchronize()

    def files_changed(self, uris_changed: Sequence[str]) -> None:
        """Files (or folders) were created, changed or deleted outside of the editor."""
        if self._service is None:
            return
        by_root: dict[str, set[str]] = {}
        known: dict[str, str] = {}
        for uri in uris_changed:
            path = uris.to_path(uri)
            for folder in self.folders:  # a file in nested folders is in several indexes
                relative = folder.relative(uri, path)
                if relative is not None:
                    linked = self._linked(folder, path, known)
                    by_root.setdefault(folder.real, set()).update({relative, linked or relative})
                elif path is not None and path.rstrip("/\\") in (folder.root, folder.real):
                    self._service.rescan(Path(folder.real))  # the folder itself went, or came back
        for real, paths in by_root.items():
            self._service.files_changed(Path(real), sorted(paths))

    def rescan(self, folders: Sequence[Folder] | None = None) -> None:
        """Look at all files of some folders again, of all by default."""
        for folder in self.folders if folders is None else folders:
            if self._service is not None:
                self._service.rescan(Path(folder.real))

    def cancel_indexing(self, folder: Folder) -> None:
        """Stop indexing a folder for now; what is indexed stays."""
        if self._service is not None:
            self._service.cancel_indexing(Path(folder.real))

    def _on_event(self, event: Event) -> None:
        for folder in [one for one in self.folders if Path(one.real) == Path(event.root)]:
            folder.note(event)
            if type(event).__name__ == "Ready":
                self._asker.forget_rules(folder)
            for listener in self._listeners:
                listener(folder, event)


def _language(path: str, language_id: str) -> str | None:
    """By the path; where that says nothing by the client's name for it."""
    from magellan_lsp.languages import registry

    found = registry.language_name(path)
    if found is not None:
        # `.h` is C to the path alone; an editor that says C++ knows better
        return (
            "cpp" if found == "c" and language_id == "cpp" and PurePosixPath(path).suffix == ".h" else found
        )
    name = _BY_ID.get(language_id, language_id)
    return name if name in registry.names() else None


def _real(path: str, known: dict[str, str] | None = None) -> str:
    """``os.path.realpath``, which looks at each folder on the way; here at each once for many files."""
    if known is None:
        return os.path.realpath(path)
    above, name = os.path.split(path)
    real = known.get(above)
    if real is None:
        real = known[above] = os.path.realpath(above)
    full = os.path.join(real, name)  # noqa: PTH118 - hot
    return os.path.realpath(full) if os.path.islink(full) else full  # noqa: PTH114 - hot


def _place(folder: Folder, path: str) -> str:
    """Where a path of a folder really is; "" in a folder that is none."""
    return "" if folder.is_loose else folder.file_path(path).replace("/", os.sep)


def _default_service(settings: Settings) -> Service:
    from magellan_lsp.indexer.service import IndexService

    return IndexService(settings)
