"""Runs questions off the event loop, each on one consistent state of the index and the open documents.

Tests: ``tests/session/test_session.py``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import attrs

from magellan_lsp import memory
from magellan_lsp.errors import UnusableIndex
from magellan_lsp.session.caches import Bounded, DiskTexts
from magellan_lsp.session.documents import Document, Frozen
from magellan_lsp.session.folders import Folder, Reading
from magellan_lsp.session.uris import is_absolute
from magellan_lsp.settings import Settings, language_name

if TYPE_CHECKING:
    from magellan_lsp.facts.file_facts import FileFacts
    from magellan_lsp.indexer.ignore import Matcher
    from magellan_lsp.query.snapshot import Overlay
    from magellan_lsp.session.installed.files import PackageFiles
    from magellan_lsp.session.views import CachedSource, View, Warm, WarmPool
    from magellan_lsp.store.base import Reader

T = TypeVar("T")

#: Threads that answer. More than two so that a few long questions do not hold up a short one.
N_THREADS = 4
_M_ARENA_MAX = -8
#: When nobody asked anything for so long, memory that the answers took is given back to the system.
REST_S = 2.0
#: An answer that finds files newer than the index is worked out again, so many times.
MAX_ROUNDS = 3


class Asker:
    """Answers questions about folders in threads of its own.

    They are neither the event loop's default threads nor those that read the client's messages: a few long
    questions would stop the reading.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._executor = ThreadPoolExecutor(N_THREADS, thread_name_prefix="ask")
        room = settings.cache_limit_mb << 20
        self._installed: Bounded[FileFacts] = Bounded(room // 4, _facts_cost)
        self._packages: dict[str, tuple[int, PackageFiles]] = {}
        self._texts = DiskTexts(room // 8, settings.max_file_size)
        self._facts: Bounded[FileFacts] = Bounded(room // 4, _facts_cost)
        self._on_demand: Bounded[FileFacts] = Bounded(room // 8, _facts_cost)
        self._pools: dict[str, WarmPool] = {}
        self._fresh: dict[str, dict[str, bytes | None]] = {}
        self._matchers: dict[str, Matcher] = {}
        self._guard = threading.Lock()
        self._stops: set[threading.Event] = set()
        self._is_closed = False
        self._asked_at = 0.0
        self._rest_timer: asyncio.TimerHandle | None = None

    def warm_up(self) -> None:
        """Load in a thread what questions need, so that the first one does not wait for it."""
        if not self._is_closed:
            self._executor.submit(_load)

    async def ask(
        self, folder: Folder, documents: Frozen, question: Callable[[View], T], encoding: str
    ) -> tuple[T, dict[str, int]]:
        """``question`` of one state of a folder, and how far into each open document the answer reaches
        (bytes).

        Cancelling the caller's task tells a running question to stop and drops one that has not begun.

        Raises:
            MagellanError: what the question raises.
        """
        loop = asyncio.get_running_loop()
        stop = threading.Event()
        work = partial(self._work, folder, documents, question, encoding, stop)
        self._stops.add(stop)
        try:
            return await loop.run_in_executor(self._executor, work)
        except asyncio.CancelledError:
            stop.set()
            raise
        finally:
            self._stops.discard(stop)
            self._asked_at = loop.time()
            if self._rest_timer is None and not self._is_closed:
                self._rest_timer = loop.call_later(REST_S, self._rest, loop)

    def _rest(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give memory back, unless something was asked in the meantime."""
        self._rest_timer = None
        pause = self._asked_at + REST_S - loop.time()
        if self._stops or pause > 0:
            self._rest_timer = loop.call_later(max(pause, REST_S / 2), self._rest, loop)
        else:
            self._executor.submit(memory.give_back)

    def close(self) -> None:
        """Let go of what nobody began to answer, and tell the rest to stop. Does not wait."""
        self._is_closed = True
        if self._rest_timer is not None:
            self._rest_timer.cancel()
        for stop in list(self._stops):
            stop.set()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def ignores(self, folder: Folder, path: str) -> bool:
        """Whether a file is left out of a folder's index by what the settings and ignore files say."""
        return self._matcher(folder).ignored(path)

    def forget_rules(self, folder: Folder) -> None:
        """Ignore files may have changed: look at them again."""
        with self._guard:
            matcher = self._matchers.get(folder.key)
        if matcher is not None:
            matcher.forget()

    def forget(self, folder: Folder) -> None:
        """Keep nothing of a folder."""
        with self._guard:
            self._pools.pop(folder.key, None)
            self._fresh.pop(folder.key, None)
            self._packages.pop(folder.key, None)
            self._matchers.pop(folder.key, None)

    # in a thread

    def _work(
        self,
        folder: Folder,
        frozen: Frozen,
        question: Callable[[View], T],
        encoding: str,
        stop: threading.Event,
    ) -> tuple[T, dict[str, int]]:
        # Documents that a folder in this one serves are files of this one too; its own come first.
        documents: dict[str, Document] = {}
        off = self.settings.languages_off
        for one in frozen.values():
            if off and one.language is not None and language_name(one.language) in off:
                continue  # neither indexed nor answered for
            path = folder.path_of(one)
            if one.root == folder.key:
                documents[one.path] = one
            elif path is not None and path not in documents:
                documents[path] = attrs.evolve(one, root=folder.key, path=path)
        try:
            return self._answer(folder, documents, question, encoding, stop)
        except UnusableIndex as error:
            # damaged, or of another version: what can be known without it is better than nothing
            folder.distrust(error.message)
            return self._answer(folder, documents, question, encoding, stop)

    def _answer(
        self,
        folder: Folder,
        documents: dict[str, Document],
        question: Callable[[View], T],
        encoding: str,
        stop: threading.Event,
    ) -> tuple[T, dict[str, int]]:
        from magellan_lsp.query.snapshot import Snapshot
        from magellan_lsp.session.views import MAX_STALE, View, tree_of

        with folder.read() as reading:
            for last in (False,) * (MAX_ROUNDS - 1) + (True,):
                warm = self._warm(folder, reading, documents)
                snapshot = Snapshot(
                    warm.source, resolver=warm.resolver, links=warm.links, stop=stop, wide=warm.wide
                )
                snapshot.check()
                view = View(snapshot, folder, documents, self._texts, encoding)  # type: ignore[arg-type]
                snapshot.tree_source = lambda path, view=view: tree_of(
                    view.document(path), view.read_text, path
                )
                answer = question(view)
                self._pool(folder).give(warm)
                if last or not view.stale or not self._note_stale(folder, view.stale, MAX_STALE):
                    break
        return answer, view.furthest

    def _warm(self, folder: Folder, reading: Reading, documents: Mapping[str, Document]) -> Warm:
        from magellan_lsp.query.snapshot import Overlay
        from magellan_lsp.resolve.resolver import Resolver
        from magellan_lsp.resolve.stored import COLD
        from magellan_lsp.session.views import CachedSource, Warm

        reader, epoch, is_whole = reading
        packages = self.packages(folder)
        overlay, digests = self._overlay(folder, reader, documents, packages)
        stamp = packages.stamp() if packages is not None else ()
        key = (epoch, reader.generation, is_whole, stamp, *sorted(digests.items()))
        warm = self._pool(folder).take(key)
        if warm is None:
            if is_whole:
                source = CachedSource(reader, Overlay(overlay), None, self._facts, folder.key)
            elif reader.count_files() and reader.find_meta(COLD) is None:
                # an earlier run took in every file; what came since is read by its path
                on_demand = partial(self._read_on_demand, folder)
                source = CachedSource(reader, Overlay(overlay), on_demand, self._facts, folder.key)
            else:
                source = self._near(folder, reader, Overlay(overlay))
            if packages is None:
                return Warm(key, source, Resolver(source), {})
            own = {
                path: self._package_facts(packages, documents[path])
                for path in digests
                if path in documents and packages.covers(path)
            }
            files = packages.with_documents(own)
            return Warm(key, source, Resolver(source), {}, Resolver(source, files), files)
        warm.source.reader = reader
        return warm

    def _near(self, folder: Folder, reader: Reader, overlay: Overlay) -> CachedSource:
        """Where facts come from while the index is in the making."""
        from magellan_lsp.languages.registry import is_source
        from magellan_lsp.session.near import Nearby, NearSource, source_paths

        def sources(path: str) -> list[str]:
            if not self._may_read(folder, path, is_folder=True):
                return []
            return source_paths(folder.file_path(path) if path else folder.real, path, is_source)

        def project(path: str) -> bytes | None:
            may_read = self._may_read(folder, path)
            text = self._texts.read(folder.file_path(path), folder.real) if may_read else None
            return text.data if text is not None else None

        nearby = Nearby(partial(self._read_on_demand, folder), sources, project)
        return NearSource(reader, overlay, nearby, self._facts, folder.key)

    def _pool(self, folder: Folder) -> WarmPool:
        from magellan_lsp.session.views import WarmPool

        with self._guard:
            return self._pools.setdefault(folder.key, WarmPool())

    def _overlay(
        self,
        folder: Folder,
        reader: Reader,
        documents: Mapping[str, Document],
        packages: PackageFiles | None,
    ) -> tuple[dict[str, FileFacts | None], dict[str, bytes]]:
        """Facts of what differs from the index, and a digest for each: open documents first, then fresher
        files.
        """
        files: dict[str, FileFacts | None] = {}
        digests: dict[str, bytes] = {}
        for path, document in documents.items():
            record = reader.find_file(path)
            digest = document.text.digest
            if record is not None and record.digest == digest and not record.is_left_out:
                continue
            digests[path] = digest
            if packages is None or not packages.covers(path):
                files[path] = self._document_facts(document)
        fresh = self._fresh.get(folder.key)
        if fresh:
            for path, digest_on_disk in list(fresh.items()):
                record = reader.find_file(path)
                if path in documents or (record.digest if record is not None else None) == digest_on_disk:
                    fresh.pop(path, None)  # the index has caught up
                    continue
                digests[path] = digest_on_disk or b""
                files[path] = self._extract(folder, path) if digest_on_disk is not None else None
        return files, digests

    def packages(self, folder: Folder) -> PackageFiles | None:
        """The installed packages of a folder; None when they do not count. Looks at the disk only when asked."""
        if not self.settings.dependencies_enabled or folder.is_loose:
            return None
        from magellan_lsp.session.installed import PackageFiles, places
        from magellan_lsp.session.installed.files import mtime

        seen = mtime(folder.real)
        matcher = self._matcher(folder)
        with self._guard:
            found = self._packages.get(folder.key)
            if found is None or found[0] != seen:  # an environment may have been made in the folder
                files = PackageFiles(
                    folder.real,
                    partial(places, folder.real, self.settings),
                    self._texts,
                    self._installed,
                    partial(matcher.ignored, is_folder=True),
                )
                found = self._packages[folder.key] = seen, files
            return found[1]

    def _package_facts(self, packages: PackageFiles, document: Document) -> FileFacts | None:
        """Facts of an open document that belongs to a package; kept with those of files, by digest."""
        data = document.text.data
        if document.language is None or len(data) > self.settings.max_file_size:
            return None
        return packages.facts_of(document.path, document.language, data, document.text.digest)

    def _document_facts(self, document: Document) -> FileFacts | None:
        if document.language is None or len(document.text.data) > self.settings.max_file_size:
            return None
        return document.text.facts(document.path, document.language)

    # files on disk

    def _note_stale(self, folder: Folder, stale: set[str], limit: int) -> bool:
        """Remember files that are newer than the index; whether asking again makes a difference."""
        fresh = self._fresh.setdefault(folder.key, {})
        packages = self.packages(folder)
        is_news = False
        for path in sorted(stale)[:limit]:
            if packages is not None and packages.covers(path):
                with self._guard:
                    self._pools.pop(folder.key, None)  # whatever it knows of the file is of an older text
                is_news = True
                continue
            text = self._texts.read(folder.file_path(path), "" if is_absolute(path) else folder.real)
            digest = text.digest if text is not None else None
            if path not in fresh or fresh[path] != digest:
                fresh[path] = digest
                is_news = True
        return is_news

    def _read_on_demand(self, folder: Folder, path: str) -> FileFacts | None:
        """The facts of a file that the index does not know yet; None for what the index would leave out
        too.
        """
        if not self._may_read(folder, path):
            return None
        return self._extract(folder, path)

    def _may_read(self, folder: Folder, path: str, *, is_folder: bool = False) -> bool:
        """Whether a path lies in the folder and is not left out of its index."""
        if is_absolute(path) or ".." in path.split("/") or "\0" in path:
            return False
        return not path or not self._matcher(folder).ignored(path, is_folder=is_folder)

    def _extract(self, folder: Folder, path: str) -> FileFacts | None:
        from magellan_lsp.extract.engine import extract
        from magellan_lsp.languages.registry import get_language, language_name

        if language_name(path) is None:
            return None
        place = folder.file_path(path)
        text = self._texts.read(place, folder.real)
        if text is None or os.path.realpath(place) != place:
            return None  # a link may lead out of the folder; the index knows where it leads
        name = language_name(path, text.data)
        if name is None or b"\0" in text.data[:8192]:
            return None
        key = (folder.key, path, text.digest)
        found = self._on_demand.get(key)
        if found is None:
            found = extract(path, get_language(name), text.data)
            self._on_demand.put(key, found)
        return found

    def _matcher(self, folder: Folder) -> Matcher:
        from magellan_lsp.indexer.ignore import Matcher

        with self._guard:
            found = self._matchers.get(folder.key)
            if found is None:
                found = self._matchers[folder.key] = Matcher(
                    folder.real,
                    include=self.settings.include,
                    exclude=self.settings.exclude,
                    max_file_size=self.settings.max_file_size,
                )
            return found


def _facts_cost(facts: FileFacts) -> int:
    from magellan_lsp.session.caches import facts_cost

    return facts_cost(facts)


def _load() -> None:
    import gc

    import magellan_lsp.query.call_hierarchy
    import magellan_lsp.query.hover
    import magellan_lsp.query.symbols
    import magellan_lsp.session.views
    import magellan_lsp.store.open  # noqa: F401

    if sys.platform == "linux":
        import ctypes

        # One heap for all threads: with a heap for each, what one thread freed is of no use to the others.
        with contextlib.suppress(AttributeError, OSError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
    # Modules and classes live as long as the process; the collector need not look at them again and again.
    gc.collect()
    gc.freeze()
