"""What a question is given: a snapshot, and the way from its byte spans to the client's lines and columns.

What takes long to build (decoded facts, what the resolver found out) is kept between questions for as long
as the index and the open documents stay as they are. A resolver serves one thread at a time, so there are
as many as threads that ask at once. Tests: ``tests/session/test_session.py``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.query.snapshot import Overlay, Snapshot, StoreSource
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.session.caches import Bounded, DiskText, DiskTexts, facts_cost
from magellan_lsp.session.documents import Document
from magellan_lsp.session.folders import Folder
from magellan_lsp.session.installed.files import PackageFiles
from magellan_lsp.session.uris import is_absolute
from magellan_lsp.store.base import Reader
from magellan_lsp.text import LineIndex, PositionEncoding, Span

Json = Any

#: A resolver that remembers more results than this, or holds facts of more bytes, is not kept: memory
#: stays bounded.
MAX_REMEMBERED = 40_000
MAX_HELD_BYTES = 16 << 20
#: So many resolvers are kept for one state of one folder.
MAX_IDLE = 2
#: Files whose text is newer than the index are extracted on the spot, so many for one answer.
MAX_STALE = 20

FactsCache = Bounded[FileFacts]


class CachedSource(StoreSource):
    """A source that takes decoded facts from a cache shared by all states of the folder."""

    def __init__(
        self,
        reader: Reader,
        overlay: Overlay,
        on_demand: Callable[[str], FileFacts | None] | None,
        cache: FactsCache,
        folder: str,
    ) -> None:
        super().__init__(reader, overlay, on_demand)
        self._shared = cache
        self._folder = folder
        self.held_bytes = 0
        """About what the facts given out so far take."""

    def facts(self, path: str) -> FileFacts | None:
        if path in self.overlay.files:
            return self.overlay.files[path]
        if path in self._cache:
            return super().facts(path)
        record = self.reader.find_file(path)
        key = (self._folder, path, record.digest if record is not None else b"")
        found = self._shared.get(key) if record is not None else None
        if found is not None:
            self._cache[path] = found
        else:
            found = super().facts(path)
            if found is not None and record is not None:
                self._shared.put(key, found)
        if found is not None:
            self.held_bytes += facts_cost(found)
        return found


class Warm(NamedTuple):
    """What is kept for one state of a folder, for one thread at a time."""

    key: tuple[object, ...]
    source: CachedSource
    resolver: Resolver
    links: dict[str, FileLinks]
    wide: Resolver | None = None
    """Sees installed packages too."""
    packages: PackageFiles | None = None
    """What ``wide`` reads them with."""

    @property
    def is_light(self) -> bool:
        """Whether it holds so little that it may be kept."""
        remembered, held = self.resolver.remembered, self.source.held_bytes
        if self.wide is not None and self.packages is not None:
            remembered += self.wide.remembered
            held += self.packages.held_bytes
        return remembered <= MAX_REMEMBERED and held <= MAX_HELD_BYTES


class WarmPool:
    """The kept resolvers of one folder. Safe to share between threads."""

    def __init__(self) -> None:
        self._idle: list[Warm] = []
        self._lock = threading.Lock()

    def take(self, key: tuple[object, ...]) -> Warm | None:
        """One for exactly this state, if there is one that nobody uses. Ones for other states are let go."""
        with self._lock:
            self._idle = [one for one in self._idle if one.key == key]
            return self._idle.pop() if self._idle else None

    def give(self, warm: Warm) -> None:
        """Keep it for the next question."""
        if not warm.is_light:
            return
        with self._lock:
            if len(self._idle) < MAX_IDLE:
                self._idle.append(warm)


class View:
    """One state of a folder, to be asked.

    Attributes:
        snapshot: what the questions of ``query`` take.
        folder: the workspace folder.
        stale: paths whose file on disk is not what the index knows, found while the answer was written down.
        furthest: how far into an open document the answer reaches, by path; in bytes.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        folder: Folder,
        documents: dict[str, Document],
        texts: DiskTexts,
        encoding: PositionEncoding,
    ) -> None:
        self.snapshot = snapshot
        self.folder = folder
        self.encoding = encoding
        self.stale: set[str] = set()
        self.furthest: dict[str, int] = {}
        self._documents = documents
        self._texts = texts
        self._indexes: dict[str, LineIndex | None] = {}
        snapshot.read_text = self.read_text

    def document(self, path: str) -> Document | None:
        """The open document of a path."""
        return self._documents.get(path)

    def uri(self, path: str) -> str:
        """A path's URI, as the client spelled it where it did."""
        document = self._documents.get(path)
        return document.uri if document is not None else self.folder.uri_of(path)

    def offset(self, path: str, line: int, column: int) -> int:
        """The byte offset of a position; past the end of a line or text it is that end. 0 in an unknown
        text.
        """
        index = self._index(path)
        found = index.offset(line, column, self.encoding) if index is not None else 0
        if path in self._documents:
            self.furthest[path] = max(self.furthest.get(path, 0), found)
        return found

    def range(self, path: str, span: Span) -> Json:
        """A span as LSP's ``Range``."""
        index = self._index(path)
        if index is None:
            place = {"line": 0, "character": 0}
            return {"start": place, "end": place}
        if path in self._documents:
            self.furthest[path] = max(self.furthest.get(path, 0), span.end)
        start = index.line_column(span.start, self.encoding)
        end = index.line_column(span.end, self.encoding) if span.end != span.start else start
        return {
            "start": {"line": start.line, "character": start.column},
            "end": {"line": end.line, "character": end.column},
        }

    def position(self, path: str, offset: int) -> Json:
        """An offset as LSP's ``Position``."""
        return self.range(path, Span(offset, offset))["start"]

    def read_text(self, path: str) -> bytes | None:
        """The bytes that the facts of a path were extracted from; None when they are not to be had."""
        document = self._documents.get(path)
        if document is not None:
            return document.text.data
        text = self._on_disk(path)
        return text.data if text is not None else None

    def _index(self, path: str) -> LineIndex | None:
        if path in self._indexes:
            return self._indexes[path]
        document = self._documents.get(path)
        if document is not None:
            found: LineIndex | None = document.text.index
        else:
            text = self._on_disk(path)
            found = text.lines if text is not None else None
        self._indexes[path] = found
        return found

    def _on_disk(self, path: str) -> DiskText | None:
        if self.folder.is_loose:
            return None
        text = self._texts.read(self.folder.file_path(path), "" if is_absolute(path) else self.folder.real)
        known = self.snapshot.digest(path)
        if known is not None and (text is None or text.digest != known):
            self.stale.add(path)
        return text


def tree_of(document: Document | None, read_text: Callable[[str], bytes | None], path: str) -> Any:
    """A file's syntax tree; an open document's is kept with it. None when there is no text or no language."""
    if document is not None:
        return document.text.tree(document.language) if document.language is not None else None
    data = read_text(path)
    name = language_name(path, data or b"")
    if data is None or name is None:
        return None
    from magellan_lsp.extract.parse import parse

    return parse(get_language(name), data)
