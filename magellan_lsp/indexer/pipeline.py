"""Keeps one workspace folder's index true: finds what changed, extracts it, links what that touches.

The only writer of the store. Works in its caller's thread and, for many files, in worker processes; the
server runs it in
a process of its own, the command line and the tests directly. At every commit the store is whole: what is
still to be
linked again is noted in it (``PENDING``), so that a killed indexer's successor goes on where it stopped.
Tests: ``tests/indexer/test_buffers.py``, ``tests/properties/``.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import attrs

from magellan_lsp import collector
from magellan_lsp.facts.file_facts import FACTS_VERSION, FileFacts
from magellan_lsp.facts.links import LINKS_VERSION, FileLinks
from magellan_lsp.indexer.discover import Found, Sweep, look, scan, sweep
from magellan_lsp.indexer.ignore import Matcher, Skipped
from magellan_lsp.indexer.pool import Workers
from magellan_lsp.indexer.work import Extracted, Job, Linked, LinkSession, extract_bytes, extract_jobs
from magellan_lsp.languages.registry import is_off, is_source, language_name, project_files
from magellan_lsp.resolve.changes import EVERYTHING, changed_names, propagate
from magellan_lsp.resolve.stored import COLD, CONFIG_PREFIX
from magellan_lsp.store import codec
from magellan_lsp.store.base import Family, Reader, Store, WriteTxn

#: meta key: names whose meaning changed in committed facts while the links that rest on them are not yet
#: renewed.
PENDING = "pending-names"
#: meta key: versions of extraction and linking that made the index.
VERSIONS = "versions"
#: Fewer source bytes than this are not worth a worker process.
WORTH_WORKERS = 400_000
#: Source bytes, and files, that a worker takes at a time.
BATCH_BYTES = 300_000
BATCH_FILES = 60
#: Project files beyond this size are not kept.
MAX_CONFIG_BYTES = 8_000_000

Progress = Callable[[str, int, int], None]


class Options(Protocol):
    """What of the settings matters here."""

    @property
    def include(self) -> Sequence[str]: ...
    @property
    def exclude(self) -> Sequence[str]: ...
    @property
    def max_file_size(self) -> int: ...
    @property
    def follow_symlinks(self) -> bool: ...
    @property
    def languages_off(self) -> Sequence[str]: ...
    @property
    def workers(self) -> int: ...


@attrs.define
class IndexSummary:
    """What a run did. Times in seconds of wall clock."""

    files: int = 0
    symbols: int = 0
    indexed: int = 0
    new_symbols: int = 0  # of the files indexed
    unchanged: int = 0
    removed: int = 0
    failed: int = 0
    linked: int = 0
    links: int = 0
    languages: dict[str, int] = attrs.field(factory=dict)
    problems: list[tuple[str, str]] = attrs.field(factory=list)  # (path, why), the first hundred
    scan_s: float = 0.0
    extract_s: float = 0.0
    link_s: float = 0.0
    complete: bool = True


class Stopped(Exception):
    """The run was cancelled between two commits; the store is whole."""


class Indexer:
    """One folder's index. Not for several threads at once.

    Args:
        root: the workspace folder.
        store: open for writing.
        workers: processes for many files, 0 for none at all; by default what ``options`` say, and as many as
        there are
            processors when they say 0.
    """

    def __init__(self, root: Path, store: Store, options: Options, *, workers: int | None = None) -> None:
        self.root = root
        self.store = store
        self.options = options
        self._off = frozenset(options.languages_off)
        self.matcher = Matcher(
            root,
            include=options.include,
            exclude=options.exclude,
            max_file_size=options.max_file_size,
        )
        if workers is None:
            workers = options.workers or os.cpu_count() or 1
        self._workers = Workers(workers)
        self._session = LinkSession(store)
        self._epoch = 0
        self._buffers: dict[str, bytes] = {}
        self._configs = project_files()
        #: Names already followed, and the files that this led to and that are still to be linked again.
        self._followed: set[str] = set()
        self._stale: dict[str, None] = {}
        self._is_taking_in = False
        #: Called with (paths indexed, paths removed) after each commit.
        self.on_commit: Callable[[Sequence[str], Sequence[str]], None] = lambda indexed, removed: None

    # -- what callers ask for

    def refresh(
        self, *, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
    ) -> IndexSummary:
        """Bring the whole index up to date with the disk (and the open buffers).

        Raises:
            OSError: the folder itself cannot be listed.
        """
        tell = progress or (lambda phase, done, total: None)
        stop = cancelled or (lambda: False)
        summary = IndexSummary()
        began = time.perf_counter()
        self.matcher.forget()
        with self.store.read() as reader:
            known = {record.path: (record.size, record.mtime_ns) for record in reader.iter_files()}
            digests_hold = _versions_hold(reader)
        if not digests_hold:
            known_to_sweep: dict[str, tuple[int, int]] = dict.fromkeys(known, (-1, -1))
        else:
            known_to_sweep = known
        tell("scan", 0, 0)
        configs: list[Found] = []
        buffers = {path: text for path, text in self._buffers.items() if not self._is_off(path)}
        found = sweep(
            self.matcher,
            self._is_wanted,
            {path: known_to_sweep[path] for path in known_to_sweep if path not in buffers},
            cancelled=stop,
            follow_links=self.options.follow_symlinks,
        )
        found, configs = self._without_configs(found)
        summary.scan_s = time.perf_counter() - began
        summary.problems += [(skip.path, skip.reason) for skip in found.skipped[:100]]
        try:
            if not found.complete:
                raise Stopped
            changed_configs = self._take_configs(configs)
            wanted = [*found.new, *found.changed]
            on_disk = {one.path for one in wanted}
            wanted += [
                Found(path, len(text), 0, 0, 0) for path, text in buffers.items() if path not in on_disk
            ]
            self._work(wanted, found.deleted, changed_configs, summary, tell, stop, digests_hold, whole=True)
        except Stopped:
            summary.complete = False
        summary.unchanged += found.n_unchanged
        self._sum_up(summary)
        return summary

    def update(
        self,
        paths: Iterable[str],
        *,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> IndexSummary:
        """Look at these paths again (relative to the root): changed, new, gone, or open buffers."""
        tell = progress or (lambda phase, done, total: None)
        stop = cancelled or (lambda: False)
        summary = IndexSummary()
        paths = list(paths)
        wanted = sorted({*paths, *self._inside(paths)})
        if any(self.matcher.is_control(path) for path in wanted):
            return self.refresh(progress=progress, cancelled=cancelled)
        changed_configs = False
        if any(path.rpartition("/")[2] in self._configs for path in wanted):
            every = scan(self.matcher, self._is_config, follow_links=self.options.follow_symlinks)
            listed = [found for found in every if found.size <= MAX_CONFIG_BYTES]
            changed_configs = self._take_configs(listed)
        skipped: list[Skipped] = []
        there: list[Found] = []
        gone: list[str] = []
        no_files: list[str] = []
        for path in wanted:
            if path in self._buffers and not self._is_off(path):
                there.append(Found(path, len(self._buffers[path]), 0, 0, 0))
                continue
            if not self._is_source(path.rpartition("/")[2]):
                no_files.append(path)
                continue
            found = look(self.matcher, self._is_source, path, skipped=skipped)
            if found is None:
                gone.append(path)
                no_files.append(path)
            else:
                there.append(found)
        gone += self._vanished(no_files)
        try:
            self._work(there, gone, changed_configs, summary, tell, stop, True)
        except Stopped:
            summary.complete = False
        summary.problems += [(skip.path, skip.reason) for skip in skipped[:100]]
        return summary

    def set_buffer(self, path: str, text: bytes) -> None:
        """From now on the file's content is this text, whatever the disk says. ``update([path])`` does the
        work.
        """
        self._buffers[path] = text

    def drop_buffer(self, path: str) -> None:
        """The disk counts again. ``update([path])`` does the work."""
        self._buffers.pop(path, None)

    @property
    def is_taking_in(self) -> bool:
        """Whether the folder's files are taken in for the first time: before all are there nothing is linked."""
        return self._is_taking_in

    @property
    def buffers(self) -> dict[str, bytes]:
        """The texts that count in the place of files, by path."""
        return self._buffers

    def buffer(self, path: str) -> bytes | None:
        """The text that counts in the place of a file, if there is one."""
        return self._buffers.get(path)

    def rest(self) -> None:
        """Nothing to do for a while: give worker processes and caches back."""
        self._workers.rest()
        self._session.forget()

    def close(self) -> None:
        """End the worker processes. The store belongs to the caller."""
        self._workers.close()

    # -- finding out

    def _is_wanted(self, name: str) -> bool:
        return self._is_source(name) or name in self._configs

    def _is_source(self, name: str) -> bool:
        return is_source(name) and not self._is_off(name)

    def _is_off(self, name: str) -> bool:
        """Whether the settings leave out the language of a file."""
        return bool(self._off) and is_off(name, self._off)

    def _is_config(self, name: str) -> bool:
        return name in self._configs

    def _without_configs(self, found: Sweep) -> tuple[Sweep, list[Found]]:
        """Project files are found by the same sweep; they are no sources."""
        configs = [one for one in (*found.new, *found.changed) if self._is_only_config(one.path)]
        if configs:
            found = attrs.evolve(
                found,
                new=[one for one in found.new if not self._is_only_config(one.path)],
                changed=[one for one in found.changed if not self._is_only_config(one.path)],
            )
        return found, configs

    def _is_only_config(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        return name in self._configs and not self._is_source(name)

    def _inside(self, paths: Iterable[str]) -> list[str]:
        """What is indexed in those of the paths that are folders: one may have come in the place of another."""
        return self._below(
            path for path in paths if path not in self._buffers and (self.root / path).is_dir()
        )

    def _vanished(self, paths: Iterable[str]) -> list[str]:
        """What is indexed in those of the paths that were folders and went away."""
        return self._below(path for path in paths if not (self.root / path).is_dir())

    def _below(self, folders: Iterable[str]) -> list[str]:
        """What is indexed in any of the folders."""
        prefixes = [f"{folder}/" for folder in folders]
        if not prefixes:
            return []
        with self.store.read() as reader:
            known = [record.path for record in reader.iter_files()]
        found: dict[str, None] = {}
        for prefix in prefixes:
            for at in range(bisect_left(known, prefix), len(known)):
                if not known[at].startswith(prefix):
                    break
                found[known[at]] = None
        return list(found)

    def _take_configs(self, configs: list[Found]) -> bool:
        """Keep the project files' bytes in the store; True when any of them differs from before."""
        contents: dict[str, bytes] = {}
        for found in configs:
            if found.size > MAX_CONFIG_BYTES:
                continue
            try:
                contents[found.path] = (self.root / found.path).read_bytes()
            except OSError:
                continue
        listing = "\n".join(sorted(contents)).encode("utf-8", "surrogateescape")
        with self.store.read() as reader:
            before = (reader.find_meta(CONFIG_PREFIX) or b"").decode("utf-8", "surrogateescape")
            old = [path for path in before.split("\n") if path]
            same = sorted(contents) == old and all(
                reader.find_meta(CONFIG_PREFIX + path) == contents[path] for path in old
            )
        if same:
            return False
        with self.store.write() as txn:
            for path in old:
                if path not in contents:
                    txn.put_meta(CONFIG_PREFIX + path, None)
            for path, data in contents.items():
                txn.put_meta(CONFIG_PREFIX + path, data)
            txn.put_meta(CONFIG_PREFIX, listing or None)
        return True

    # -- doing

    def _work(
        self,
        there: Sequence[Found],
        gone: Sequence[str],
        changed_configs: bool,
        summary: IndexSummary,
        tell: Progress,
        stop: Callable[[], bool],
        digests_hold: bool,
        *,
        whole: bool = False,
    ) -> None:
        """Extract what is there, forget what is gone, link what that touches."""
        began = time.perf_counter()
        indexed: list[str] = []
        try:
            indexed = self._extract(there, gone, changed_configs, summary, tell, stop, digests_hold)
        finally:
            summary.extract_s += time.perf_counter() - began
        began = time.perf_counter()
        try:
            self._link(indexed, summary, tell, stop, whole=whole)
        finally:
            summary.link_s += time.perf_counter() - began
        if whole:
            self._sign()

    def _extract(
        self,
        there: Sequence[Found],
        gone: Sequence[str],
        changed_configs: bool,
        summary: IndexSummary,
        tell: Progress,
        stop: Callable[[], bool],
        digests_hold: bool,
    ) -> list[str]:
        with self.store.read() as reader:
            # A first index is one until the whole folder has been looked at, whatever came from another program.
            is_new = reader.find_meta(COLD) is not None or reader.find_meta(VERSIONS) is None
            jobs = [
                Job(found.path, found.mtime_ns, self._known(reader, found.path, digests_hold))
                for found in there
            ]
        names: set[str] = {EVERYTHING} if changed_configs else set()
        indexed: list[str] = []
        removed: list[str] = []
        stopped = False
        done = 0
        if not jobs and not gone:
            if names:
                # The project files are part of what linking reads.
                self._epoch += 1
                self._note(names)
            return []
        sizes = {found.path: found.size for found in there}
        many = is_new or len(jobs) > 200
        with ExitStack() as stack:
            if many:
                stack.enter_context(collector.paused())
            txn = stack.enter_context(self.store.bulk() if many else self.store.write())
            if is_new:
                self._is_taking_in = True
                txn.put_meta(COLD, b"1")
            reader = txn.reader()
            for path in gone:
                old = reader.find_facts(path) if reader.find_file(path) is not None else None
                if reader.find_file(path) is not None:
                    if old is not None and not is_new:
                        names |= changed_names(old, None)
                    txn.remove_file(path)
                    removed.append(path)
            summary.removed += len(removed)
            for result in self._results(jobs, sizes):
                done += 1
                if self._store_one(txn, result, names, is_new or EVERYTHING in names, summary):
                    assert result.record is not None
                    indexed.append(result.record.path)
                elif result.record is None:
                    removed += self._gone_meanwhile(txn, jobs[done - 1].path, names)
                if done % 50 == 0 or done == len(jobs):
                    tell("extract", done, len(jobs))
                    stopped = stop()
                    if stopped:
                        break
            # Also when stopped half-way: what was stored so far stays, and so does the note of what it
            # touches.
            if not is_new and names:
                txn.put_meta(PENDING, _pack(names | _unpack(reader.find_meta(PENDING))))
            txn.put_meta(VERSIONS, _versions())
        self._epoch += 1
        self._followed -= names  # what a run that was stopped had followed has changed once more
        if indexed or removed:
            self.on_commit(indexed, removed)
        if stopped:
            raise Stopped
        return indexed

    def _known(self, reader: Reader, path: str, digests_hold: bool) -> bytes:
        record = reader.find_file(path) if digests_hold else None
        return record.digest if record is not None and not record.is_left_out else b""

    def _results(self, jobs: Sequence[Job], sizes: dict[str, int]) -> Iterator[Extracted]:
        """Extracted files in the jobs' order, made here or by workers."""
        buffers = self._buffers
        total = sum(sizes[job.path] for job in jobs)
        batches = list(_batches(jobs, sizes))
        root, limit = str(self.root), self.options.max_file_size
        if total < WORTH_WORKERS or len(batches) < 2 or not self._workers.count:
            for job in jobs:
                if job.path in buffers:
                    yield self._extract_buffer(job)
                else:
                    yield from extract_jobs(root, [job], limit)
            return
        for batch, results in self._workers.extract(root, batches, limit):
            for job, result in zip(batch, results, strict=True):
                yield self._extract_buffer(job) if job.path in buffers else result

    def _extract_buffer(self, job: Job) -> Extracted:
        record, facts = extract_bytes(job.path, self._buffers[job.path], 0)
        if record.digest == job.known:
            return Extracted(record, None, True)
        return Extracted(record, codec.encode_facts(facts) if facts is not None else None, False)

    def _store_one(
        self, txn: WriteTxn, result: Extracted, names: set[str], all_linked: bool, summary: IndexSummary
    ) -> bool:
        """Put one file; True when its facts are new."""
        record = result.record
        if record is None:
            return False
        if result.same:
            txn.touch_file(record.path, record.mtime_ns, record.size)
            summary.unchanged += 1
            return False
        facts: FileFacts | None = codec.decode_facts(result.data) if result.data is not None else None
        if not all_linked:
            names |= changed_names(txn.reader().find_facts(record.path), facts)
        txn.replace_file(record, facts, result.data)
        summary.indexed += 1
        summary.new_symbols += record.n_symbols
        if record.problem:
            summary.failed += 1
            if len(summary.problems) < 100:
                summary.problems.append((record.path, record.problem))
        return facts is not None

    def _gone_meanwhile(self, txn: WriteTxn, path: str, names: set[str]) -> list[str]:
        """A file deleted between the scan and the reading."""
        reader = txn.reader()
        if reader.find_file(path) is None:
            return []
        names |= changed_names(reader.find_facts(path), None)
        txn.remove_file(path)
        return [path]

    def _sign(self) -> None:
        """Say in the store which versions made it, also when it holds no file."""
        with self.store.read() as reader:
            signed = reader.find_meta(VERSIONS) == _versions()
        if not signed:
            with self.store.write() as txn:
                txn.put_meta(VERSIONS, _versions())

    def _note(self, names: set[str]) -> None:
        self._followed -= names
        with self.store.write() as txn:
            txn.put_meta(PENDING, _pack(names | _unpack(txn.reader().find_meta(PENDING))))

    # -- linking

    def _link(
        self,
        first: Sequence[str],
        summary: IndexSummary,
        tell: Progress,
        stop: Callable[[], bool],
        *,
        whole: bool,
    ) -> None:
        """Link the files just indexed, then whatever else has no links or rests on names that changed.

        ``whole``: every file of the folder has been looked at, so that a first index may begin to link.
        """
        with self.store.read() as reader:
            cold = reader.find_meta(COLD) is not None
            if cold and not whole:
                return
            pending = _unpack(reader.find_meta(PENDING))
            sizes: dict[str, int] = {}
            unlinked: list[str] = []
            for record in reader.iter_files():
                if record.is_left_out or not record.language:
                    continue
                sizes[record.path] = record.size
                if not record.linked:
                    unlinked.append(record.path)
            new_names = pending - self._followed
            if EVERYTHING in new_names:
                self._stale.update(dict.fromkeys(sizes))
            elif new_names and not cold:
                mentioning = reader.find_postings
                for path in propagate(
                    new_names, lambda name: mentioning(Family.MENTIONS, name), reader.find_facts
                ):
                    self._stale.setdefault(path)
            self._followed |= new_names
        if cold:
            with self.store.write() as txn:
                txn.put_meta(COLD, None)
        self._is_taking_in = False
        queue = dict.fromkeys((*first, *unlinked, *self._stale))
        paths = [path for path in queue if path in sizes]
        if paths:
            self._link_paths(paths, sizes, summary, tell, stop)
        self._stale.clear()
        self._followed.clear()
        if pending:
            with self.store.write() as txn:
                txn.put_meta(PENDING, None)

    def _link_paths(
        self,
        paths: Sequence[str],
        sizes: dict[str, int],
        summary: IndexSummary,
        tell: Progress,
        stop: Callable[[], bool],
    ) -> None:
        total = sum(sizes[path] for path in paths)
        done = 0
        many = len(paths) > 200
        jobs = [Job(path, 0, b"") for path in paths]
        batches = [[job.path for job in batch] for batch in _batches(jobs, sizes)]
        with_workers = total >= WORTH_WORKERS and len(batches) > 1 and self._workers.count
        folder = self.store.stats().get("folder")
        results: Iterator[list[Linked]]
        if with_workers and folder:
            results = self._workers.link(str(folder), batches, self._epoch)
        else:
            results = (self._session.run(batch, self._epoch) for batch in batches)
        if many:
            stopped = False
            with collector.paused(), self.store.bulk() as txn:
                for batch in results:
                    done += self._store_links(txn, batch, summary)
                    tell("link", done, len(paths))
                    stopped = stop()
                    if stopped:
                        break
            self.on_commit(paths[:done], ())
            if stopped:
                raise Stopped
            return
        for batch in results:
            with self.store.write() as txn:
                done += self._store_links(txn, batch, summary)
            self.on_commit([one.path for one in batch], ())
            tell("link", done, len(paths))
            if stop():
                raise Stopped

    def _store_links(self, txn: WriteTxn, batch: Sequence[Linked], summary: IndexSummary) -> int:
        for one in batch:
            self._stale.pop(one.path, None)
            txn.replace_links(FileLinks(one.path, one.digest, (), ()), encoded=one.data)
            summary.linked += 1
            summary.links += one.n_links
            if one.problem and len(summary.problems) < 100:
                summary.problems.append((one.path, one.problem))
        return len(batch)

    def _sum_up(self, summary: IndexSummary) -> None:
        with self.store.read() as reader:
            summary.files = reader.count_files()
            summary.symbols = reader.count_symbols()
            counts: Counter[str] = Counter()
            for record in reader.iter_files():
                counts[record.language or language_name(record.path) or "?"] += 1
        summary.languages = dict(sorted(counts.items()))


def _batches(jobs: Sequence[Job], sizes: dict[str, int]) -> Iterator[list[Job]]:
    """Jobs in groups of about equal work, in order."""
    batch: list[Job] = []
    weight = 0
    for job in jobs:
        batch.append(job)
        weight += sizes.get(job.path, 0)
        if weight >= BATCH_BYTES or len(batch) >= BATCH_FILES:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _pack(names: set[str]) -> bytes:
    return "\n".join(sorted(names)).encode("utf-8", "surrogatepass")


def _unpack(data: bytes | None) -> set[str]:
    return set(data.decode("utf-8", "surrogatepass").split("\n")) if data else set()


def _versions() -> bytes:
    return f"{FACTS_VERSION}.{LINKS_VERSION}".encode()


def _versions_hold(reader: Reader) -> bool:
    found = reader.find_meta(VERSIONS)
    return found is None or found == _versions()
