"""What an indexer's work is in the execution log.

A server writes a row per sweep of a folder and per batch of changes on disk, and one row per session for all that was typed;
a command one row for all it does. Tests:
``tests/indexer/test_background.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from magellan_lsp.errors import MagellanError
from magellan_lsp.indexer.pipeline import IndexSummary
from magellan_lsp.store import executions
from magellan_lsp.store.base import Store
from magellan_lsp.store.executions import Run

#: The command line's word for serving an editor.
SERVING = ("serve",)


class Runs:
    """The runs of one folder. The store has to be open for writing.

    Args:
        args: of the command, without the program's name.
    """

    def __init__(self, store: Store, root: Path, index: Path, args: Sequence[str] = SERVING) -> None:
        self._store = store
        self._root = root
        self._index = index
        self._args = tuple(args)
        self._typed: Run | None = None
        self._is_typed_news = False

    @contextmanager
    def sweep(self) -> Iterator[Run]:
        """A comparison of the whole folder with its index: in the log while it is under way, whatever comes of it."""
        with executions.recorded(self._store, self._args, self._root, self._index) as run:
            yield run

    @contextmanager
    def changes(self) -> Iterator[Run]:
        """Changes on disk: in the log afterwards, if they changed the index."""
        run = executions.new_run(self._args, self._root, self._index)
        try:
            yield run
        except Exception as error:
            with suppress(MagellanError):
                executions.end(self._store, run, executions.ERROR, str(error) or type(error).__name__)
            raise
        if run.counts != executions.Counts():
            outcome = executions.PARTIAL if run.is_partial else executions.SUCCESS
            executions.end(self._store, run, outcome)

    def note_typed(self, summary: IndexSummary) -> None:
        """Open documents were taken in; :meth:`flush` writes it down when there is time."""
        if self._typed is None:
            self._typed = executions.new_run((*self._args, "--typed"), self._root, self._index)
        self._is_typed_news |= add(self._typed, summary)

    def flush(self) -> None:
        """Bring the row of what was typed up to date."""
        if self._typed is not None and self._is_typed_news:
            executions.end(self._store, self._typed, executions.SUCCESS)
            self._is_typed_news = False


def add(run: Run, summary: IndexSummary) -> bool:
    """Count what the indexer did towards a run; whether that was anything."""
    counts = run.counts
    counts.files += summary.indexed + summary.removed
    counts.symbols += summary.new_symbols
    counts.references += summary.links
    run.is_partial = run.is_partial or not summary.complete
    return bool(summary.indexed or summary.removed or summary.links)
