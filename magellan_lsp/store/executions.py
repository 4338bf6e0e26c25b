"""The log of the runs that write an index: a row when one begins, the same row when it ends.

Whoever begins a run is the store's only writer, so a row that still says "running" then is of a run that was killed: it is
closed as an error. The log keeps the newest ``KEPT`` runs or somewhat more. Tests: ``tests/store/test_executions.py``.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

import attrs

from magellan_lsp import __version__
from magellan_lsp.errors import Cancelled, MagellanError
from magellan_lsp.store.base import Store, WriteTxn
from magellan_lsp.store.second_tier import Execution

RUNNING, SUCCESS, ERROR, PARTIAL = "running", "success", "error", "partial"
#: So many runs are kept, and up to ``_SLACK`` more.
KEPT = 10_000
_SLACK = 100
#: A run that was killed is among the newest ones: each later run closed what it found open.
_LOOKED_AT = 100
KILLED = "ended without finishing"
INTERRUPTED = "interrupted"


@attrs.define
class Counts:
    """What a run did so far."""

    files: int = 0
    symbols: int = 0
    references: int = 0


@attrs.define
class Run:
    """A run that is under way.

    Attributes:
        counts: what it did; whoever works adds to it.
        is_partial: it was stopped before it was done.
    """

    execution: Execution
    counts: Counts = attrs.field(factory=Counts)
    is_partial: bool = False
    _began: float = attrs.field(factory=time.monotonic)

    def ended(self, outcome: str, message: str | None = None) -> Execution:
        """The row as it is at the end."""
        return self.so_far()._replace(
            finished_at=int(time.time()),
            duration_ms=round((time.monotonic() - self._began) * 1000),
            outcome=outcome,
            error_message=message,
        )

    def so_far(self) -> Execution:
        """The row as it is now."""
        return self.execution._replace(
            files_indexed=self.counts.files,
            symbols_indexed=self.counts.symbols,
            references_indexed=self.counts.references,
        )


def new_run(args: Sequence[str], root: Path | None, index: Path) -> Run:
    """A run that begins now, not written down yet.

    Args:
        args: of the command, without the program's name.
        root: the workspace.
        index: where what it writes is kept.
    """
    row = Execution(
        id=0,
        execution_id=str(uuid.uuid4()),
        tool_version=__version__,
        args=tuple(args),
        root=str(root) if root is not None else None,
        db_path=str(index),
        started_at=int(time.time()),
        finished_at=None,
        duration_ms=None,
        outcome=RUNNING,
        error_message=None,
        files_indexed=0,
        symbols_indexed=0,
        references_indexed=0,
    )
    return Run(row)


@contextmanager
def recorded(store: Store, args: Sequence[str], root: Path | None, index: Path) -> Iterator[Run]:
    """Record what happens inside as a run: "success", "partial" when it says so, or "error" when an exception leaves.

    The store has to be open for writing, and no transaction under way at either end.
    """
    run = new_run(args, root, index)
    begin(store, run)
    try:
        yield run
    except (KeyboardInterrupt, Cancelled):
        end(store, run, PARTIAL, INTERRUPTED)
        raise
    except Exception as error:
        # What went wrong is what the caller is to hear of, also when the log cannot be written either.
        with suppress(MagellanError):
            end(store, run, ERROR, str(error) or type(error).__name__)
        raise
    end(store, run, PARTIAL if run.is_partial else SUCCESS)


def begin(store: Store, run: Run) -> None:
    """Write down that a run began; close those that were killed."""
    with store.write() as txn:
        close_killed(txn)
        txn.put_execution(run.execution)


def end(store: Store, run: Run, outcome: str, message: str | None = None) -> Execution:
    """Write down how a run ended (it need not have been begun), and let go of the oldest ones."""
    row = run.ended(outcome, message)
    with store.write() as txn:
        txn.put_execution(row)
        written = txn.reader().find_execution(row.execution_id)
        if written is not None and written.id % _SLACK == 0:
            prune(txn)
    return written or row


def close_killed(txn: WriteTxn) -> None:
    """Close the rows of runs that were killed. When one was killed is not known."""
    for row in list(islice(txn.reader().iter_executions(), _LOOKED_AT)):
        if row.outcome == RUNNING:
            txn.put_execution(row._replace(outcome=ERROR, error_message=KILLED))


def prune(txn: WriteTxn, kept: int = KEPT) -> None:
    """Remove all but the newest rows."""
    for row in list(islice(txn.reader().iter_executions(), kept, None)):
        txn.remove_execution(row.execution_id)
