"""Worker processes that extract and link; results come back in the order of the jobs.

Processes are spawned, never forked (the store's environment must not cross a fork), start on first use and end when there
is nothing to do, so that an idle indexer costs no memory. A worker that dies (killed, out of memory) costs its batch, and
those that were handed out with it, one repetition in this process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import SpawnContext
from typing import Any, TypeVar

from magellan_lsp.indexer import work
from magellan_lsp.indexer.safe_path import safe_children
from magellan_lsp.indexer.work import Extracted, Job, Linked

_Batch = TypeVar("_Batch")
_Result = TypeVar("_Result")
#: Seconds between two looks at whether there is still a process that may give a result.
_LOOK_EVERY_S = 1.0


class _Context(SpawnContext):
    """Knows the processes that are started for a pool."""

    def __init__(self) -> None:
        super().__init__()
        self.processes: list[Any] = []

    def Process(self, *args: Any, **named: Any) -> Any:  # type: ignore[override]  # noqa: N802 - a library's name
        made = multiprocessing.context.SpawnProcess(*args, **named)
        self.processes.append(made)
        return made

    def is_dead(self) -> bool:
        """Whether every process has ended."""
        return not any(one.is_alive() for one in self.processes)

    def kill(self) -> None:
        """End every process at once."""
        for one in self.processes:
            if one.pid is not None:  # else it could not be started
                one.kill()


class _Pool:
    """An executor, and its processes in case that it breaks.

    When a process of an executor dies, the executor ends the others and waits for them. One that is being started in that
    very moment cannot be (its queue is closed already), or is waited for and never ended, and what is submitted then may
    never get a result: seen with Python 3.11.
    """

    def __init__(self, count: int) -> None:
        self._context = _Context()
        self._executor = ProcessPoolExecutor(count, mp_context=self._context, initializer=_begin)
        self.submit = self._executor.submit

    def result(self, future: Future[_Result]) -> _Result:
        """What was submitted gives.

        Raises:
            BrokenProcessPool: a process died.
            CancelledError: the pool was closed.
        """
        while not wait([future], _LOOK_EVERY_S).done:
            if self._context.is_dead():
                raise BrokenProcessPool
        return future.result()

    def close(self) -> None:
        """End the processes; each finishes the batch it is at, which takes a moment."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def abandon(self) -> None:
        """End the processes of a pool of which one has died."""
        self._context.kill()
        self.close()


class Workers:
    """A pool of at most ``count`` processes."""

    def __init__(self, count: int) -> None:
        self.count = max(0, count)
        self._pool: _Pool | None = None

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
        submit: Callable[[_Pool, _Batch], Future[_Result]],
        alone: Callable[[_Batch], _Result],
    ) -> Iterator[tuple[_Batch, _Result]]:
        """A few batches ahead of what is taken, so that memory stays bounded and no worker waits."""
        ahead = self.count * 3
        waiting: deque[tuple[_Batch, _Pool | None, Future[_Result] | None]] = deque()
        upcoming = iter(batches)
        try:
            while True:
                while len(waiting) < ahead:
                    batch = next(upcoming, None)
                    if batch is None:
                        break
                    waiting.append((batch, *self._submit(submit, batch)))
                if not waiting:
                    return
                batch, pool, future = waiting.popleft()
                try:
                    result = pool.result(future) if pool and future else alone(batch)
                except (BrokenProcessPool, CancelledError):
                    self._abandon(pool)
                    result = alone(batch)
                yield batch, result
        finally:
            for _, _, future in waiting:
                if future is not None:
                    future.cancel()

    def _submit(
        self, submit: Callable[[_Pool, _Batch], Future[_Result]], batch: _Batch
    ) -> tuple[_Pool | None, Future[_Result] | None]:
        pool = self._pool
        try:
            # Making a pool starts a process too, which watches over its locks.
            with _interrupts_ignored(), safe_children():
                if pool is None:
                    pool = self._pool = _Pool(self.count)
                return pool, submit(pool, batch)
        except (BrokenProcessPool, OSError):  # it broke, perhaps in this moment, or no process can be started
            self._abandon(pool)
            return None, None

    def _abandon(self, pool: _Pool | None) -> None:
        """What else was handed to that pool fails too; another one may be at work by then."""
        if pool is not None and self._pool is pool:
            self._pool = None
            pool.abandon()

    def rest(self) -> None:
        """Let the processes end; they start again when needed."""
        self.close()

    def close(self) -> None:
        """End the processes; each finishes the batch it is at, which takes a moment."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()


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
