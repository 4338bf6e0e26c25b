"""What worker processes do for the indexer: read and extract files, link files. Pure of any writing.

Everything here can run in the indexer's own process too, which is quicker for a few files.
"""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from magellan_lsp import collector
from magellan_lsp.extract.engine import GIVEN_UP, digest_of, extract
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.stored import StoreSource
from magellan_lsp.store import codec
from magellan_lsp.store.base import FileRecord, Reader, Store
from magellan_lsp.store.open import open_beside

#: A resolver's cache is thrown away after so many remembered results: memory stays bounded in large
#: workspaces.
MAX_REMEMBERED = 400_000
#: How much of a file is looked at to tell text from something else.
_HEAD = 8192
#: What a defect of ours raises when it meets a file it was not made for: it costs that file's answers, not the rest.
DEFECTS = (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, MemoryError)


class Job(NamedTuple):
    """A file to read and extract."""

    path: str  # relative to the root
    mtime_ns: int
    known: bytes  # digest in the index; b"" when new


class Extracted(NamedTuple):
    """What became of a job. ``data`` is the encoded facts; None when the file is as known, gone or has none."""

    record: FileRecord | None  # None: the file is gone
    data: bytes | None
    same: bool  # the bytes are those already indexed


class Linked(NamedTuple):
    """Encoded links of a file, or what went wrong."""

    path: str
    digest: bytes
    data: bytes | None
    n_links: int
    problem: str


def read_file(path: Path, max_bytes: int) -> bytes:
    """A regular file's bytes; raises OSError, also for what is no regular file, and ValueError for one too
    large.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"not a regular file: {path.name}")
        if status.st_size > max_bytes:
            raise ValueError(f"larger than {max_bytes:,} bytes")
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise ValueError(f"larger than {max_bytes:,} bytes")
    return data


def extract_bytes(path: str, source: bytes, mtime_ns: int) -> tuple[FileRecord, FileFacts | None]:
    """Record and facts of a file's bytes. What is no text has a record that says so, and no facts."""
    digest = digest_of(source)
    language = language_name(path, source) or ""
    problem = ""
    facts = None
    if b"\0" in source[:_HEAD]:
        problem = "binary"
    elif language:
        try:
            facts = extract(path, get_language(language), source)
            if any(one.message == GIVEN_UP for one in facts.problems):
                problem = GIVEN_UP.removeprefix("left out: ")
        except DEFECTS as error:
            # A defect of ours on one file must not cost the person the rest of the workspace.
            problem = f"extraction failed: {type(error).__name__}: {error}"
    record = FileRecord(
        path=path,
        language=language,
        digest=digest,
        size=len(source),
        mtime_ns=mtime_ns,
        n_symbols=len(facts.symbol_ids) if facts is not None else 0,
        n_occurrences=len(facts.occ_start) if facts is not None else 0,
        linked=False,
        problem=problem,
    )
    return record, facts


def extract_jobs(root: str, jobs: Sequence[Job], max_bytes: int) -> list[Extracted]:
    """Read and extract files, in order. Nothing a file may hold raises."""
    with collector.paused():
        return [_extract_job(root, job, max_bytes) for job in jobs]


def _extract_job(root: str, job: Job, max_bytes: int) -> Extracted:
    try:
        source = read_file(Path(root, job.path), max_bytes)
    except FileNotFoundError:
        return Extracted(None, None, False)
    except (OSError, ValueError) as error:
        reason = str(error) if isinstance(error, ValueError) else (error.strerror or str(error))
        return Extracted(_without_facts(job, reason), None, False)
    if job.known and digest_of(source) == job.known:
        record = FileRecord(job.path, "", job.known, len(source), job.mtime_ns, 0, 0, False, "")
        return Extracted(record, None, True)
    record, facts = extract_bytes(job.path, source, job.mtime_ns)
    return Extracted(record, codec.encode_facts(facts) if facts is not None else None, False)


def _without_facts(job: Job, reason: str) -> FileRecord:
    return FileRecord(
        job.path, language_name(job.path) or "", bytes(16), 0, job.mtime_ns, 0, 0, False, reason
    )


class LinkSession:
    """Links files against one store, keeping facts and inference between calls while the facts stay the same.

    ``epoch`` numbers the state of the facts: links may be written in between, facts may not.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._epoch = -1
        self._source: StoreSource | None = None
        self._resolver: Resolver | None = None

    def run(self, paths: Sequence[str], epoch: int) -> list[Linked]:
        """Links of the paths, in order; a path without facts is left out."""
        with self._store.read() as reader:
            resolver, source = self._resolver_for(reader, epoch)
            found = []
            for path in paths:
                facts = source.facts(path)
                if facts is not None:
                    found.append(link_one(resolver, facts))
                    resolver.forget_values(path)
            return found

    def forget(self) -> None:
        """Give the caches back."""
        self._source = self._resolver = None

    def _resolver_for(self, reader: Reader, epoch: int) -> tuple[Resolver, StoreSource]:
        source, resolver = self._source, self._resolver
        if source is None or resolver is None or epoch != self._epoch or resolver.remembered > MAX_REMEMBERED:
            source = self._source = StoreSource(reader, max_files=4000)
            resolver = self._resolver = Resolver(source)
            self._epoch = epoch
        source.reader = reader
        return resolver, source


def link_one(resolver: Resolver, facts: FileFacts) -> Linked:
    """Encoded links of one file."""
    try:
        links = link(resolver, facts)
    except DEFECTS as error:
        links = FileLinks(facts.path, facts.digest, (), ())
        problem = f"linking failed: {type(error).__name__}: {error}"
        return Linked(facts.path, facts.digest, codec.encode_links(links, facts), 0, problem)
    return Linked(facts.path, facts.digest, codec.encode_links(links, facts), len(links.links), "")


_sessions: dict[str, LinkSession] = {}


def link_paths(folder: str, paths: Sequence[str], epoch: int) -> list[Linked]:
    """``LinkSession.run`` in a worker process: the index is opened for reading once. ``folder``: of the store's
    ``stats``.
    """
    session = _sessions.get(folder)
    if session is None:
        gc.disable()
        session = _sessions[folder] = LinkSession(open_beside(Path(folder)))
    return session.run(paths, epoch)
