"""Works out in the background what navigation does not need: chunks, control flow, syntax nodes, measures.

Files whose details are missing are taken in batches, by helper processes of low priority (a few small files by this one),
and written a few megabytes at a time. Whoever drives it calls :meth:`Detailer.advance` when there is nothing better to do,
which never takes long; details of a file that changed meanwhile are thrown away, and the file comes up again. Tests:
``tests/indexer/test_detailing.py``.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NamedTuple

import attrs

from magellan_lsp.errors import MagellanError
from magellan_lsp.extract.details import Study
from magellan_lsp.extract.engine import digest_of
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.indexer.safe_path import safe_children
from magellan_lsp.indexer.work import DEFECTS, read_file
from magellan_lsp.languages.registry import get_language
from magellan_lsp.store.base import Reader, Store
from magellan_lsp.store.open import open_beside
from magellan_lsp.store.second_tier import Detail, Details

log = logging.getLogger(__name__)

#: What a setting names -> what is kept.
KINDS: Mapping[str, tuple[Detail, ...]] = {
    "chunks": (Detail.CHUNKS,),
    "cfg": (Detail.CFGS,),
    "ast": (Detail.AST,),
    "metrics": (Detail.FILE_METRICS, Detail.SYMBOL_METRICS),
}
#: A batch has about so many source bytes, and files.
BATCH_BYTES = 150_000
BATCH_FILES = 40
#: Fewer source bytes than this are not worth a helper.
WORTH_HELPERS = 60_000
#: Details of so many source bytes are written at once.
WRITE_BYTES = 600_000
#: Batches that a helper has before it.
_AHEAD = 2
#: So many files at most are looked at for one batch.
_LOOKED_AT = 1000
#: What a pipe takes at once everywhere.
_PIPE_BYTES = 8000
_NICE = 15
_END_S = 1.0


def details_named(names: Iterable[str]) -> frozenset[Detail]:
    """What the names of the setting ``details.background`` stand for."""
    return frozenset(detail for name in names for detail in KINDS[name])


class Job(NamedTuple):
    """A file to work out."""

    path: str
    digest: bytes  # of the text that is indexed; of another one nothing is worked out
    size: int
    text: bytes | None  # of an open buffer; None: on disk


class Done(NamedTuple):
    """A file's details; None when its text is not the one that is indexed, or ``problem`` says what went wrong."""

    path: str
    digest: bytes
    size: int
    details: Details | None
    problem: str = ""


def work_out(facts: FileFacts, source: bytes, wanted: Collection[Detail], now: int) -> Details:
    """Those details of a file that are wanted. ``source``: what ``facts`` were made of; ``now``: Unix seconds."""
    study = Study(facts, get_language(facts.language), source)
    return Details(
        study.chunks(now=now) if Detail.CHUNKS in wanted else None,
        study.cfgs if Detail.CFGS in wanted else None,
        study.ast() if Detail.AST in wanted else None,
        study.file_metrics(now=now) if Detail.FILE_METRICS in wanted else None,
        study.symbol_metrics(now=now) if Detail.SYMBOL_METRICS in wanted else None,
    )


def work_out_jobs(
    reader: Reader, root: str, jobs: Sequence[Job], wanted: Collection[Detail], max_bytes: int
) -> list[Done]:
    """The details of files, in order. Nothing a file may hold raises."""
    return [_one(reader, root, job, wanted, max_bytes) for job in jobs]


def _one(reader: Reader, root: str, job: Job, wanted: Collection[Detail], max_bytes: int) -> Done:
    done = Done(job.path, job.digest, job.size, None)
    try:
        source = job.text if job.text is not None else read_file(Path(root, job.path), max_bytes)
    except (OSError, ValueError):
        return done
    facts = reader.find_facts(job.path)
    if facts is None or facts.digest != job.digest or digest_of(source) != job.digest:
        return done
    try:
        return done._replace(details=work_out(facts, source, wanted, int(time.time())))
    except DEFECTS as error:
        # A defect of ours on one file must not cost the person the rest.
        return done._replace(problem=f"{type(error).__name__}: {error}")


class Detailer:
    """Keeps the details of one index complete. Not for several threads at once.

    Args:
        root: the workspace folder.
        store: open for writing.
        wanted: what to work out.
        max_bytes: larger files are left out.
        helpers: processes that work; 0: this one alone.
        buffer: the text of an open document that counts in the place of the file; None for all others.
    """

    def __init__(
        self,
        root: Path,
        store: Store,
        wanted: Collection[Detail],
        *,
        max_bytes: int,
        helpers: int = 1,
        buffer: Callable[[str], bytes | None] = lambda path: None,
    ) -> None:
        self._root = root
        self._store = store
        self._wanted = frozenset(wanted)
        self._max_bytes = max_bytes
        self._buffer = buffer
        self._pending: dict[str, None] = {}
        self._returned: deque[list[Job]] = deque()
        """Batches that are to be handed out (again)."""
        self._ready: list[Done] = []
        folder = store.stats().get("folder")
        self._place = str(folder) if folder else None
        self._n_helpers = helpers if self._place is not None else 0
        self._helpers: list[_Helper] = []

    @property
    def n_pending(self) -> int:
        """How many files may still be without their details."""
        under_way = sum(len(batch) for helper in self._helpers for batch in helper.batches)
        returned = sum(map(len, self._returned))
        return len(self._pending) + returned + under_way + len(self._ready)

    def look(self) -> None:
        """Look at every file: which have their details is found out bit by bit."""
        if self._wanted:
            with self._store.read() as reader:
                self.note(record.path for record in reader.iter_files())

    def note(self, paths: Iterable[str]) -> None:
        """The details of these files may be missing now."""
        if self._wanted:
            self._pending.update(dict.fromkeys(paths))

    def advance(self) -> bool:
        """Do a little (a batch at most); False when nothing is left to do.

        When helpers are at work and nothing can be done here, it returns at once: :meth:`await_helpers` waits.
        """
        self._collect()
        self._hand_out()
        if sum(one.size for one in self._ready) >= WRITE_BYTES or (self._ready and not self.is_waiting):
            self._write()
        left = bool(self._pending or self._returned or self._ready or self.is_waiting)
        if not left:
            self.rest()
        return left

    @property
    def is_waiting(self) -> bool:
        """Whether helpers are at work, so that there may be nothing to do here for a moment."""
        return any(helper.batches for helper in self._helpers)

    def await_helpers(self, timeout_s: float) -> None:
        """Return when a helper has done something, at the latest after a time; at once when none is at work."""
        pipes = [helper.pipe for helper in self._helpers if helper.batches]
        if pipes:
            wait(pipes, timeout_s)

    def run(
        self,
        progress: Callable[[str, int, int], None] = lambda phase, done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Work out everything that is missing; False when it was cancelled before that."""
        self.look()
        total = self.n_pending
        try:
            while self.advance():
                progress("details", total - min(self.n_pending, total), total)
                if cancelled():
                    self._write()
                    return False
                self.await_helpers(0.1)
        finally:
            self.rest()
        progress("details", total, total)
        return True

    def rest(self) -> None:
        """End the helpers; they are started again when needed. What they were at stays to be done."""
        for helper in self._helpers:
            self.note(job.path for batch in helper.batches for job in batch)
            helper.end()
        self._helpers.clear()

    # -- handing out and taking in

    def _hand_out(self) -> None:
        while self._pending or self._returned:
            may_start = len(self._helpers) < self._n_helpers and all(one.batches for one in self._helpers)
            free = [one for one in self._helpers if len(one.batches) < _AHEAD]
            if self._n_helpers and not free and not may_start:
                return
            batch = self._returned.popleft() if self._returned else self._next_batch()
            if not batch:
                return
            is_small = not self._pending and sum(job.size for job in batch) < WORTH_HELPERS
            if not self._n_helpers or (is_small and not self._helpers):
                with self._store.read() as reader:
                    self._take(work_out_jobs(reader, str(self._root), batch, self._wanted, self._max_bytes))
                return
            if may_start:
                free = [self._start_helper()]
            chosen = min(free, key=lambda one: len(one.batches))
            if chosen.batches and _fills_pipe(batch):
                self._returned.appendleft(batch)  # a helper that is about to answer does not read
                return
            if not chosen.give(batch):
                self._lost(chosen, batch)

    def _start_helper(self) -> _Helper:
        assert self._place is not None
        helper = _Helper(self._place, self._root, self._wanted, self._max_bytes)
        self._helpers.append(helper)
        return helper

    def _next_batch(self) -> list[Job]:
        """Files to work out; [] when none was found for now."""
        batch: list[Job] = []
        size = 0
        with self._store.read() as reader:
            for path in list(islice(self._pending, _LOOKED_AT)):
                if size >= BATCH_BYTES or len(batch) >= BATCH_FILES:
                    break
                del self._pending[path]
                record = reader.find_file(path)
                if record is None or record.is_left_out or not record.language:
                    continue
                if record.size > self._max_bytes:
                    continue
                if not self._wanted <= reader.find_computed(path):
                    batch.append(Job(path, record.digest, record.size, self._buffer(path)))
                    size += record.size
        return batch

    def _collect(self) -> None:
        for helper in list(self._helpers):
            try:
                while helper.batches and helper.pipe.poll():
                    self._take(helper.pipe.recv())
                    helper.batches.pop(0)
            except (OSError, EOFError):
                self._lost(helper)

    def _lost(self, helper: _Helper, batch: Sequence[Job] = ()) -> None:
        """A helper died: at its first batch, if anything can be said."""
        log.warning("a helper that works out details ended early")
        self._helpers.remove(helper)
        helper.end()
        if helper.batches and len(helper.batches[0]) > 1:
            self._returned += ([job] for job in helper.batches[0])  # each is tried once more, by itself
        self._returned += map(list, helper.batches[1:])
        if batch:
            self._returned.append(list(batch))

    def _take(self, results: Iterable[Done]) -> None:
        for one in results:
            if one.problem:
                log.warning("no details of %s: %s", one.path, one.problem)
            elif one.details is not None:
                self._ready.append(one)

    def _write(self) -> None:
        ready, self._ready = self._ready, []
        if not ready:
            return
        with self._store.write() as txn:
            for one in ready:
                assert one.details is not None
                try:
                    txn.put_details(one.path, one.digest, one.details)
                except ValueError:
                    continue  # it changed meanwhile; it has been noted since, or is gone


def _fills_pipe(batch: Sequence[Job]) -> bool:
    """Whether sending it might have to wait until it is being read."""
    return sum(len(job.path) + len(job.text or b"") + 100 for job in batch) > _PIPE_BYTES


@attrs.define(eq=False, init=False)
class _Helper:
    """A process that works out batches, one after the other. It ends when its pipe does, so it outlives nobody."""

    pipe: Connection[object, list[Done]]
    batches: list[Sequence[Job]]
    _process: multiprocessing.process.BaseProcess

    def __init__(self, place: str, root: Path, wanted: frozenset[Detail], max_bytes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.batches = []
        self._process = context.Process(
            target=_help, args=(theirs, place, str(root), wanted, max_bytes), daemon=True
        )
        with safe_children():
            self._process.start()
        theirs.close()

    def give(self, batch: Sequence[Job]) -> bool:
        """Put a batch before it; False when it is gone."""
        try:
            self.pipe.send(batch)
        except OSError:
            return False
        self.batches.append(batch)
        return True

    def end(self) -> None:
        """Stop it, whatever it is at: it only reads."""
        self.pipe.close()
        self._process.join(0 if self.batches else _END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _help(
    pipe: Connection[list[Done], Sequence[Job]],
    place: str,
    root: str,
    wanted: frozenset[Detail],
    limit: int,
) -> None:
    """What a helper does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the person's interrupt is the parent's business
    if hasattr(os, "nice"):
        os.nice(_NICE)
    gc.freeze()
    try:
        with open_beside(Path(place)) as store:
            while True:
                jobs = pipe.recv()
                with store.read() as reader:
                    results = work_out_jobs(reader, root, jobs, wanted, limit)
                pipe.send(results)
    except (EOFError, OSError):
        return  # whoever asked is gone
    except MagellanError as error:
        log.warning("%s", error)
