"""One index made into the other format: what ``migrate-backend`` does. It converts what is there and indexes nothing.

The target is made in a private folder beside its place, compared with the source, and only then gets its name: at any
moment it is whole or not there. A target that is there already is left as it is; when it holds the same, that is said.
Tests: ``tests/migration/``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from magellan_lsp.errors import (
    CannotReadHeader,
    DatabaseDamaged,
    DatabaseLocked,
    DatabaseNotFound,
    ForeignFolderError,
    IndexBusyError,
    IndexDamagedError,
    IndexFormatError,
    IndexMissing,
    MigrationMismatch,
    NewerSchema,
    NoSpace,
    NotWritable,
    TargetExists,
    UnknownFormat,
    UsageError,
)
from magellan_lsp.migrate import carried, hydrate
from magellan_lsp.migrate.executions import COMMAND, is_conversion, put_executions
from magellan_lsp.migrate.export import export_file, export_rows
from magellan_lsp.migrate.formats import Detected, detect, refuse_memory
from magellan_lsp.migrate.give_back import tally_of_connection, tally_of_file
from magellan_lsp.migrate.merge import make_database
from magellan_lsp.migrate.original import OWN_TABLE, Original, opened, translated
from magellan_lsp.migrate.report import Report
from magellan_lsp.migrate.rows import Schema
from magellan_lsp.migrate.store_copy import copy_records, fingerprint, own_files
from magellan_lsp.migrate.tally import Tally, count, differences
from magellan_lsp.migrate.work_folder import settle_file, settle_folder, work_folder
from magellan_lsp.store.base import Reader, Store
from magellan_lsp.store.executions import SUCCESS, end, new_run
from magellan_lsp.store.lmdb import open_lmdb
from magellan_lsp.store.open import FOLDER, lmdb_folder, open_store
from magellan_lsp.store.sqlite import open_sqlite

Target = Literal["lmdb", "sqlite"]
#: Called with what is being done, how many of it are done, and of how many.
Progress = Callable[[str, int, int], None]

#: An index of Magellan with more rows than this answers only after it was opened in its workspace once: the
#: conversion itself is to take little longer than reading.
READY_ROWS: Final = 250_000


def convert(
    source: str | Path,
    target: str | Path,
    *,
    to: Target | None = None,
    root: Path | None = None,
    export_dir: Path | None = None,
    dry_run: bool = False,
    progress: Progress = lambda phase, done, total: None,
) -> Report:
    """Make an index of the other format.

    Args:
        source: a SQLite file, an LMDB folder, or an index folder.
        target: an index folder for LMDB, a file for SQLite. Neither is changed when it is there already.
        to: the target's format; by default the one that the source is not.
        root: the workspace, for the paths in Magellan's tables; by default the folder that ``.magellan`` is in.
        export_dir: where to write the rows as JSON Lines as well.
        dry_run: look, count, and write nothing.
        progress: called now and then.

    Raises:
        DatabaseError: of its kinds, as they say. TargetExists: the target is there and holds something else.
        MigrationMismatch: what was written does not equal what was read; nothing of it is left.
        NoSpace, NotWritable: the target cannot be written. UsageError: source and target are the same, or of one format.
    """
    refuse_memory(source)
    refuse_memory(target)
    found = detect(source)
    wanted: Target = to or ("sqlite" if found.format == "lmdb" else "lmdb")
    if found.format not in ("sqlite", "lmdb"):
        raise UnknownFormat(found.path, _why_not(found))
    if found.format == wanted:
        raise UsageError(f"{source} is an {_NAMES[wanted]} index already; --to has to be the other format.")
    place = Path(target)
    if _is_same(found, place):
        raise UsageError("--input and --output have to be two places.")
    job = _Job(found, place.absolute(), wanted, root, export_dir, dry_run, progress)
    began = time.monotonic()
    try:
        report = job.to_lmdb() if wanted == "lmdb" else job.to_sqlite()
    except (NoSpace, NotWritable) as error:
        is_export = export_dir is not None and error.path.is_relative_to(export_dir)
        error.option = "--export-dir DIR" if is_export else "--output PATH"
        raise
    report.seconds = time.monotonic() - began
    report.message = _MESSAGES[report.outcome].format(report)
    if report.outcome == "dry run" and job.is_target_taken():
        report.message += f" {place} is there already, and is left as it is: give another place."
    return report


_NAMES: dict[Target, str] = {"lmdb": "LMDB", "sqlite": "SQLite"}
_MESSAGES = {
    "migrated": "Migrated {0.input} to {0.output}.",
    "already there": "{0.output} holds what {0.input} holds; nothing was written.",
    "dry run": "{0.input} can be migrated; nothing was written.",
}


def _why_not(found: Detected) -> str:
    if found.format == "gzip":
        return "it is compressed with gzip; unpack it first"
    if found.format in ("native-v2", "native-v3"):
        return f"sqlitegraph's {found.format}, which no release of Magellan reads or writes any more"
    return found.details


def _is_same(found: Detected, target: Path) -> bool:
    try:
        return target.resolve() in (found.path.resolve(), found.file.resolve())
    except OSError:
        return False


class _Job:
    """One conversion."""

    def __init__(
        self,
        found: Detected,
        target: Path,
        to: Target,
        root: Path | None,
        export_dir: Path | None,
        dry_run: bool,
        progress: Progress,
    ) -> None:
        self.found = found
        self.target = target
        self.root = root
        self.export_dir = export_dir
        self.dry_run = dry_run
        self.progress = progress
        self.report = Report(
            str(found.path), str(target), found.format, to, started_at=int(time.time()), outcome="migrated"
        )

    def is_target_taken(self) -> bool:
        """Whether something is where the result would be."""
        is_folder = self.report.output_format == "lmdb"
        return (lmdb_folder(self.target) if is_folder else self.target).exists()

    # to LMDB

    def to_lmdb(self) -> Report:
        """From a SQLite file to an index folder."""
        if self.target.exists() and not self.target.is_dir():
            raise TargetExists(self.target)
        if self.dry_run:
            return self._look()
        was_there = self.target.exists()
        try:
            with (
                work_folder(self.target / "migrating") as work,
                opened(self.found.file, work / "original") as original,
            ):
                self._describe(original)
                if not original.is_own:
                    original.check()
                if self.export_dir is not None:
                    self._export(original)
                make = self._own_to_lmdb if original.is_own else self._magellan_to_lmdb
                return make(original, work)
        finally:
            if not was_there:
                self._remove_if_empty()

    def _remove_if_empty(self) -> None:
        try:
            self.target.rmdir()
        except OSError:
            pass

    def _look(self) -> Report:
        """What would be moved. A log has to be copied to be read; that copy goes where copies go."""
        import tempfile

        with tempfile.TemporaryDirectory() as place, opened(self.found.file, Path(place)) as original:
            self._describe(original)
            if not original.is_own:
                original.check()
            self.report.tally = count(original.connection, original.schema)
        self.report.outcome = "dry run"
        return self.report

    def _describe(self, original: Original) -> None:
        self.report.program = "magellan-lsp" if original.is_own else "magellan"
        self.report.schema, self.report.graph_schema = original.version, original.graph_version

    def _export(self, original: Original) -> None:
        assert self.export_dir is not None
        self.report.export_dir = str(self.export_dir)
        self.report.exported = export_rows(original.connection, self.export_dir)

    def _magellan_to_lmdb(self, original: Original, work: Path) -> Report:
        report = self.report
        if lmdb_folder(self.target).is_dir():
            self._refuse_unless_carried(original)
            return report
        with open_store(work, root=self._root()) as store:
            try:
                report.tally = carried.take_over(
                    original, store, lambda done, total: self.progress("rows", done, total)
                )
            except carried.Mismatch as error:
                raise MigrationMismatch(self.found.path, error.args[0]) from error
            report.executions = put_executions(store)
            report.message = _MESSAGES["migrated"].format(report)
            is_ready = report.tally.rows <= READY_ROWS
            carried.confirm(store, report.document(), hydrate.DONE if is_ready else hydrate.PENDING)
            if is_ready:
                hydrate.hydrate(store, self._root())
            self._record(store)
        self._settle_lmdb(work)
        return report

    def _own_to_lmdb(self, original: Original, work: Path) -> Report:
        """This program's own SQLite index, record by record."""
        report = self.report
        report.tally = count(original.connection, original.schema)
        copy = work / "sqlite"
        copy.mkdir()
        _copy_database(original, copy / "magellan.db")
        with open_sqlite(copy, self._root(), is_writer=False) as source, source.read() as reader:
            report.files = reader.count_files()
            report.executions = sum(1 for run in reader.iter_executions() if not is_conversion(run))
            wanted = fingerprint(reader)
            if lmdb_folder(self.target).is_dir():
                with open_store(self.target, "read") as there, there.read() as reading:
                    if fingerprint(reading) != wanted:
                        raise TargetExists(self.target)
                report.outcome = "already there"
                return report
            with open_store(work, root=self._root()) as store:
                copy_records(reader, store, progress=lambda done, total: self.progress("files", done, total))
                self._take_carried(reader, store)
                with store.read() as reading:
                    if fingerprint(reading) != wanted:
                        raise MigrationMismatch(self.found.path, ["files, details or log: not the same"])
                self._record(store)
        self._settle_lmdb(work)
        return report

    def _take_carried(self, reader: Reader, store: Store) -> None:
        """Rows of Magellan's that the other store carries."""
        for kind in (carried.ROWS, carried.KIND):
            held: list[tuple[bytes, bytes]] = []
            for key, value in reader.iter_carried(kind):
                held.append((key, value))
                if sum(len(one) for _, one in held) > carried.TRANSACTION_BYTES:
                    _put_carried(store, kind, held)
            _put_carried(store, kind, held)

    def _record(self, store: Store) -> None:
        """The log's entry of this very run; conversions back leave it out."""
        arguments = [COMMAND, "--input", self.report.input, "--output", self.report.output]
        run = new_run(arguments, self.root, self.target)
        run.counts.files = self.report.tally.groups.get("entities", {}).get("File", 0) or self.report.files
        run.counts.symbols = self.report.tally.groups.get("entities", {}).get("Symbol", 0)
        run.counts.references = self.report.tally.groups.get("entities", {}).get("Reference", 0)
        run.execution = run.execution._replace(started_at=self.report.started_at)
        end(store, run, SUCCESS)
        store.sync()

    def _settle_lmdb(self, work: Path) -> None:
        ignore = self.target / ".gitignore"
        if not ignore.exists() and not ignore.is_symlink():
            try:
                ignore.write_bytes(b"*\n")
            except OSError as error:
                raise NotWritable(self.target) from error
        try:
            is_settled = settle_folder(lmdb_folder(work), lmdb_folder(self.target))
        except OSError as error:
            raise NotWritable(self.target) from error
        if not is_settled:
            raise TargetExists(self.target)

    def _refuse_unless_carried(self, original: Original) -> None:
        """An index is there: fine if it carries these very rows."""
        found = tally_of_connection(original.connection, original.schema)
        with _reading_index(lmdb_folder(self.target), self.target) as reader:
            schema = carried.find_schema(reader)
            if schema is None or not _is_same_schema(schema, original.schema):
                raise TargetExists(self.target)
            there = carried.tally_of(reader, schema)
        if differences(found, there):
            raise TargetExists(self.target)
        self.report.tally, self.report.outcome = there, "already there"

    # to SQLite

    def to_sqlite(self) -> Report:
        """From an index folder to a SQLite file."""
        report = self.report
        with _reading_index(self.found.file.parent, self.found.path) as reader:
            schema = carried.find_schema(reader)
            report.files = sum(1 for _ in own_files(reader))
            report.executions = sum(1 for run in reader.iter_executions() if not is_conversion(run))
            report.program = "magellan" if schema is not None and not report.files else "magellan-lsp"
            noted = carried.find_report(reader) or {}
            report.schema, report.graph_schema = noted.get("schema"), noted.get("graphSchema")
            if self.target.is_dir():
                raise TargetExists(self.target)
            if self.dry_run:
                if schema is not None:
                    report.tally = carried.tally_of(reader, schema)
                report.outcome = "dry run"
                return report
            place = self.target.with_name(f".{self.target.name}.migrating")
            with work_folder(place) as work:
                made = make_database(
                    reader,
                    schema,
                    work / "made",
                    self._root(),
                    self.found.path,
                    lambda done, total: self.progress("rows", done, total),
                )
                report.tally = made.tally
                if self.export_dir is not None:
                    report.export_dir = str(self.export_dir)
                    report.exported = export_file(made.path, self.export_dir)
                if self.target.exists() or not settle_file(made.path, self.target):
                    self._refuse_unless_equal(made.path, work / "there")
        return report

    def _refuse_unless_equal(self, made: Path, scratch: Path) -> None:
        """A file is there: fine if it is a database with these very rows, or with this very index of our own, whose
        tables say when they were made.
        """
        wanted = _own_fingerprint(made, scratch / "a") if self.report.files else tally_of_file(made)
        try:
            if isinstance(wanted, Tally):
                is_same = not differences(wanted, _tally_of(self.target))
            else:
                is_same = wanted == _own_fingerprint(self.target, scratch / "b")
        except (CannotReadHeader, UnknownFormat, DatabaseDamaged) as error:
            raise TargetExists(self.target) from error
        if not is_same:
            raise TargetExists(self.target)
        self.report.outcome = "already there"

    def _root(self) -> Path:
        """The workspace, as far as it can be known."""
        if self.root is not None:
            return self.root.absolute()
        folder = self.target if self.report.output_format == "lmdb" else self.found.file.parent.parent
        return folder.absolute().parent if folder.name == FOLDER else folder.absolute()


def _is_same_schema(one: Schema, other: Schema) -> bool:
    """Whether two schemas say the same, in whatever order it was said."""
    return set(one.tables) == set(other.tables) and set(one.objects) == set(other.objects)


def _tally_of(path: Path) -> Tally:
    import tempfile

    with tempfile.TemporaryDirectory() as place, opened(path, Path(place)) as there:
        return tally_of_connection(there.connection, there.schema)


def _own_fingerprint(path: Path, scratch: Path) -> bytes | None:
    """Of an index of this program's SQLite backend; None for any other database."""
    scratch.mkdir(parents=True)
    with opened(path, scratch / "original") as original:
        if not original.is_own:
            return None
        _copy_database(original, scratch / "magellan.db")
    with open_sqlite(scratch, path.parent, is_writer=False) as store, store.read() as reader:
        return fingerprint(reader)


def _put_carried(store: Store, kind: str, held: list[tuple[bytes, bytes]]) -> None:
    with store.write() as txn:
        for key, value in held:
            txn.put_carried(kind, key, value)
    held.clear()


def _copy_database(original: Original, path: Path) -> None:
    """A copy of an open database in rollback mode: opening it leaves nothing beside it."""
    import sqlite3

    with translated(path, writes=True):
        copy = sqlite3.connect(path)
        try:
            original.connection.execute("COMMIT")
            original.connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute(f"SELECT count(*) FROM {OWN_TABLE}").fetchone()
        finally:
            copy.close()


@contextmanager
def _reading_index(folder: Path, shown: Path) -> Iterator[Reader]:
    """An LMDB index as a source: what is wrong with it is said in a migration's words."""
    try:
        with open_lmdb(folder, is_writer=False) as store, store.read() as reader:
            yield reader
    except IndexMissing as error:
        raise DatabaseNotFound(shown) from error
    except IndexBusyError as error:
        raise DatabaseLocked(shown) from error
    except IndexFormatError as error:
        if error.found > error.supported:
            raise NewerSchema(shown, error.found, error.supported) from error
        raise UnknownFormat(
            shown, f"an index of format {error.found}, which is of an older version"
        ) from error
    except IndexDamagedError as error:
        if error.is_foreign:
            raise UnknownFormat(shown, "an LMDB database of another program") from error
        raise DatabaseDamaged(shown, error.details) from error
    except ForeignFolderError as error:
        raise UnknownFormat(shown, "a folder of another program") from error
