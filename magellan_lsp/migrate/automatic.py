"""A workspace that is opened: its index of Magellan is found, taken over once, and answers from then on.

It goes into the store that is there already (or was just made), beside what the store knows. A report of it is kept in the
store. When something is wrong, the report says what, and the workspace is indexed as if there were no such database.
Tests: ``tests/migration/test_automatic.py``.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from magellan_lsp.errors import (
    Cancelled,
    CannotOpenDatabase,
    DatabaseError,
    DatabaseLocked,
    MagellanError,
    MigrationMismatch,
    NoSpace,
    NotWritable,
)
from magellan_lsp.migrate import carried, hydrate
from magellan_lsp.migrate.executions import put_executions
from magellan_lsp.migrate.find import find_database
from magellan_lsp.migrate.formats import detect
from magellan_lsp.migrate.original import opened
from magellan_lsp.migrate.report import Report
from magellan_lsp.store.base import Store
from magellan_lsp.store.executions import ERROR, SUCCESS, end, new_run

#: Called with ``migrate`` or ``answers``, how many rows or files are done, and of how many.
Progress = Callable[[str, int, int], None]

#: What may be otherwise next time, so that it is tried again then.
_PASSING = (DatabaseLocked, CannotOpenDatabase, NoSpace, NotWritable)


def take_over(
    store: Store,
    root: Path,
    *,
    chosen: str = "",
    again: bool = False,
    tell: Progress = lambda phase, done, total: None,
    check: Callable[[], None] = lambda: None,
) -> dict[str, Any] | None:
    """Take over the workspace's index of Magellan, if there is one and that was not done yet; or finish making answers.

    Args:
        store: open for writing.
        root: the workspace.
        chosen: the setting ``migration.path``.
        again: also when it was done before, or was no good.
        tell: progress.
        check: called now and then; what it raises ends the work, which begins again next time.

    Returns:
        the report of what was done now; None when there was nothing to do.
    """
    with store.read() as reader:
        is_whole, is_pending = carried.find_schema(reader) is not None, hydrate.is_pending(reader)
        is_partial = carried.is_partial(reader)
        before = carried.find_report(reader)
    if is_whole and not again:
        if not is_pending:
            return None
        hydrate.hydrate(store, root, lambda done, total: tell("answers", done, total), check)
        return before
    if is_partial:
        carried.clear(store)
    with tempfile.TemporaryDirectory(prefix="magellan-lsp-") as place:
        scratch = Path(place)
        try:
            path = find_database(root, scratch / "look", chosen)
        except DatabaseError as error:
            return _failed(store, root, error.path, error, None)
        if path is None:
            return None
        source = _identity(path)
        if not again and before is not None and before.get("final") and before.get("source") == source:
            return None  # it was no good, and is the same still
        return _run(store, root, path, scratch, source, tell, check)


def take_over_file(
    store: Store,
    root: Path,
    path: Path,
    *,
    tell: Progress = lambda phase, done, total: None,
    check: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Take over a certain database now, in the place of what was taken over before; gives the report."""
    with tempfile.TemporaryDirectory(prefix="magellan-lsp-") as place:
        return _run(store, root, path, Path(place), _identity(path), tell, check)


def finish_answers(store: Store, root: Path) -> bool:
    """Make the answers that a conversion left for later; True when there were some to make, and this process may write.

    Args:
        store: may be open for reading: then it becomes the writer, if nobody else is.
        root: the workspace.
    """
    with store.read() as reader:
        if not hydrate.is_pending(reader):
            return False
    if not store.try_acquire_writer():
        return False  # who writes it makes them
    hydrate.hydrate(store, root)
    return True


def _run(
    store: Store,
    root: Path,
    path: Path,
    scratch: Path,
    source: list[Any] | None,
    tell: Progress,
    check: Callable[[], None],
) -> dict[str, Any]:
    began = time.monotonic()
    report = Report(str(path), str(_place(store)), "sqlite", str(store.stats()["backend"]))
    report.started_at = int(time.time())
    run = new_run(["migrate", str(path)], root, _place(store))
    try:
        report.input_format = detect(path).format
        with opened(path, scratch / "original") as original:
            original.check()
            if original.is_own:
                raise CannotOpenDatabase(path, "it is an index of this program; migrate-backend converts it")
            report.schema, report.graph_schema = original.version, original.graph_version
            report.tally = carried.take_over(
                original, store, lambda done, total: tell("migrate", done, total), check
            )
        report.executions = put_executions(store)
        report.seconds = time.monotonic() - began
        report.message = (
            f"Took over {report.tally.rows:,} rows of Magellan's index {path}; it is kept as it was."
        )
        document = {**report.document(), "source": source, "final": True}
        carried.confirm(store, document, hydrate.PENDING)
    except Cancelled:
        raise
    except carried.Mismatch as error:
        return _failed(store, root, path, MigrationMismatch(path, error.args[0]), source)
    except MagellanError as error:
        return _failed(store, root, path, error, source)
    entities = report.tally.groups.get("entities", {})
    run.counts.files, run.counts.symbols = entities.get("File", 0), entities.get("Symbol", 0)
    run.counts.references = entities.get("Reference", 0)
    end(store, run, SUCCESS)
    hydrate.hydrate(store, root, lambda done, total: tell("answers", done, total), check)
    return document


def _failed(
    store: Store, root: Path, path: Path, error: MagellanError, source: list[Any] | None
) -> dict[str, Any]:
    report = Report(str(path), str(_place(store)), "sqlite", str(store.stats()["backend"]))
    report.started_at = int(time.time())
    report.outcome, report.message, report.error = "failed", error.message, type(error).__name__
    if isinstance(error, MigrationMismatch):
        report.differences = error.differences
    document = {**report.document(), "source": source, "final": not isinstance(error, _PASSING)}
    carried.clear(store)
    carried.note(store, document)
    end(store, new_run(["migrate", str(path)], root, _place(store)), ERROR, error.message)
    return document


def _place(store: Store) -> Path:
    return Path(str(store.stats().get("folder") or "."))


def _identity(path: Path) -> list[Any] | None:
    """Which file it is, and in what state."""
    try:
        found = path.stat()
    except OSError:
        return None
    return [str(path), found.st_size, found.st_mtime_ns]
