"""Worker processes that extract and link; results come back in the order of the jobs.

Processes are spawned, never forked (the store's environment must not cross a fork), start on first use and
end when there
is nothing to do, so that an idle indexer costs no memory. A worker that dies (killed, out of memory) costs
its batch one
repetition in this process, file by file.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from magellan_lsp.indexer import work
from magellan_lsp.indexer.safe_path import safe_children
from magellan_lsp.indexer.work import Extracted, Job, Linked

_Batch = TypeVar("_Batch")
_Result = TypeVar("_Result")


class Workers:
    """A pool of at most ``count`` processes."""

    def __init__(self, count: int) -> None:
        self.count = max(0, count)
        self._pool: ProcessPoolExecutor | None = None

    def extract(
        self, root: str, batches: Sequence[list[Job]], max_bytes: int
    ) -> Iterator[tuple[list[Job], list[Extracted]]]:
        """Each batch with its results."""
        return self._run(
            batches,
            lambda pool, batch: pool.submit(work.extract_jobs, root, batch, max_bytes),
            lambda batch: work.extract_jobs(root, batch, max_bytes),
        )

    def link(self, folder: str, batches: Sequence[list[str]], epoch: int) -> Iterator[list[Linked]]:
        """Links of each batch. ``folder`` is that of the store's ``stats``, ``epoch`` the state of its facts."""
        runs = self._run(
            batches,
            lambda pool, batch: pool.submit(work.link_paths, folder, batch, epoch),
            lambda batch: work.link_paths(folder, batch, epoch),
        )
        return (result for _, result in runs)

    def _run(
        self,
        batches: Sequence[_Batch],
        submit: Callable[[ProcessPoolExecutor, _Batch], Future[_Result]],
        alone: Callable[[_Batch], _Result],
    ) -> Iterator[tuple[_Batch, _Result]]:
        """A few batches ahead of what is taken, so that memory stays bounded and no worker waits."""
        ahead = self.count * 3
        waiting: deque[tuple[_Batch, Future[_Result] | None]] = deque()
        upcoming = iter(batches)
        try:
            while True:
                while len(waiting) < ahead:
                    batch = next(upcoming, None)
                    if batch is None:
                        break
                    waiting.append((batch, self._submit(submit, batch)))
                if not waiting:
                    return
                batch, future = waiting.popleft()
                try:
                    result = future.result() if future is not None else alone(batch)
                except BrokenProcessPool:
                    self.close()
                    result = alone(batch)
                yield batch, result
        finally:
            for _, future in waiting:
                if future is not None:
                    future.cancel()

    def _submit(self, submit: Callable[..., Future[Any]], batch: object) -> Future[Any] | None:
        try:
            with _interrupts_ignored(), safe_children():
                return submit(self._executor(), batch)
        except BrokenProcessPool:
            self.close()
            return None

    def _executor(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.count, mp_context=context, initializer=_begin)
        return self._pool

    def rest(self) -> None:
        """Let the processes end; they start again when needed."""
        self.close()

    def close(self) -> None:
        """End the processes; each finishes the batch it is at, which takes a moment."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Processes started meanwhile ignore the person's interrupt from their first instruction on: it is the parent's
    business.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _begin() -> None:
    """In a new worker: whoever waits for an answer comes first, and nobody is waited for in vain."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(5)


def _end_with_parent() -> None:
    """End when the process that started this one does, in whatever way.

    The queue does not end for a worker whose parent was killed: each worker holds the writing end of its pipe too.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
