"""The store: one database file, one writer, readers with a connection each. Tests: ``tests/store/``."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from magellan_lsp.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexFormatError,
    IndexMissing,
    NoSpace,
    NotWritable,
)
from magellan_lsp.store import writer_lock
from magellan_lsp.store.schema import CURRENT, Format
from magellan_lsp.store.sqlite import fans, schema
from magellan_lsp.store.sqlite.connections import connect, translated
from magellan_lsp.store.sqlite.reading import SqliteReader
from magellan_lsp.store.sqlite.rows import TABLES, RowTxn
from magellan_lsp.store.sqlite.sources import Sources
from magellan_lsp.store.sqlite.writing import SqliteWriter
from magellan_lsp.store.tables import FORMAT_KEY, STATE_KEY, State, Tables, read_state
from magellan_lsp.store.told import Step, ToldTxn

#: The database's file in its folder.
DATA = "magellan.db"
_WRITER_LOCK = "writer.lock"

#: A bulk load commits when it has gathered so many posting entries or written so many bytes of records.
BULK_ENTRIES = 1_000_000
BULK_BYTES = 48 << 20


class SqliteStore:
    """A database, open; see :class:`magellan_lsp.store.base.Store`. Made by ``open_store``."""

    def __init__(self, folder: Path, root: Path, *, is_writer: bool) -> None:
        self.folder = folder
        self._sources = Sources(root)
        self._is_writer = is_writer
        self._is_open = True
        self._begin_process()

    def _begin_process(self) -> None:
        self._pid = os.getpid()
        self._guard = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._writing = threading.Lock()
        self._writing_thread = 0
        self._writer: sqlite3.Connection | None = None
        self._known_paths: dict[int, str] = {}

    # reading

    @contextmanager
    def read(self) -> Iterator[SqliteReader]:
        self._check()
        with translated(self.folder, is_open=True):
            connection = self._take()
            try:
                connection.execute("BEGIN")
                txn = RowTxn(connection)
                read_state(txn, TABLES, self.folder)  # what is read first settles what is seen
                yield SqliteReader(lambda: txn, self.folder, self._known_paths)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                with self._guard:
                    self._idle.append(connection)

    def _take(self) -> sqlite3.Connection:
        with self._guard:
            if self._idle:
                return self._idle.pop()
        return connect(self.folder / DATA, writes=False)

    # writing

    @contextmanager
    def write(self) -> Iterator[SqliteWriteTxn]:
        with self._transaction(is_bulk=False) as txn:
            yield txn

    @contextmanager
    def bulk(self) -> Iterator[SqliteWriteTxn]:
        with self._transaction(is_bulk=True) as txn:
            yield txn

    @contextmanager
    def _transaction(self, *, is_bulk: bool) -> Iterator[SqliteWriteTxn]:
        self._check()
        if not self._is_writer:
            raise IndexBusyError(self.folder, writer_lock.holder(self.folder / _WRITER_LOCK))
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a thread cannot begin a transaction inside another")
        with self._writing, translated(self.folder, is_open=True):
            self._writing_thread = threading.get_ident()
            try:
                if self._writer is None:
                    self._writer = connect(self.folder / DATA, writes=True)
                txn = SqliteWriteTxn(self._writer, self.folder, self._sources, is_bulk=is_bulk)
                try:
                    yield txn
                    txn.commit()
                finally:
                    txn.abort()
            finally:
                self._writing_thread = 0

    def try_acquire_writer(self) -> bool:
        self._check()
        if not self._is_writer and _is_writable(self.folder):
            self._is_writer = writer_lock.try_acquire(self.folder / _WRITER_LOCK)
        return self._is_writer

    @property
    def is_writer(self) -> bool:
        """Whether this store may write."""
        return self._is_writer and self._pid == os.getpid()

    # the rest

    def sync(self) -> None:
        self._check()
        if self._is_writer:
            with self._writing, translated(self.folder):
                connection = self._writer or connect(self.folder / DATA, writes=True)
                self._writer = connection
                connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()

    def close(self) -> None:
        if not self._is_open:
            return
        self._is_open = False
        if self._pid != os.getpid():
            return  # the parent's connections: closing them here would take its locks away
        with self._guard:
            idle, self._idle = self._idle, []
        for connection in (*idle, self._writer):
            if connection is not None:
                connection.close()
        self._writer = None
        if self._is_writer:
            writer_lock.release(self.folder / _WRITER_LOCK)

    def settle(self, check: Callable[[], None] = lambda: None) -> None:
        """Fan-in and fan-out in Magellan's tables; see :mod:`magellan_lsp.store.sqlite.fans`."""
        with self.read() as reader:
            stale = fans.find_stale(reader, check)
        if any(stale):
            with self.write() as txn:
                fans.write(txn.reader().connection, stale)

    def stats(self) -> Mapping[str, Any]:
        with self.read() as reader:
            connection = reader.connection
            path = self.folder / DATA
            log = path.with_name(DATA + "-wal")
            counted = [*(schema.PREFIX + name for name in Tables._fields), *schema.COUNTED]
            return {
                "backend": "sqlite",
                "folder": str(self.folder),
                "file": str(path),
                "format": CURRENT.name,
                "is_writer": self.is_writer,
                "generation": reader.generation,
                "files": reader.count_files(),
                "symbols": reader.count_symbols(),
                "file_bytes": path.stat().st_size + (log.stat().st_size if log.exists() else 0),
                "records": {
                    name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in counted
                },
            }

    def _check(self) -> None:
        """Begin anew after a fork: then this store only reads."""
        if not self._is_open:
            raise ValueError(f"the store {self.folder} is closed")
        if self._pid != os.getpid():
            _inherited.append((self._idle, self._writer))
            self._is_writer = False
            self._begin_process()

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


#: Connections of a parent process, which a child must neither use nor close.
_inherited: list[object] = []


class SqliteWriteTxn(ToldTxn):
    """A change; see :class:`magellan_lsp.store.base.WriteTxn`."""

    def __init__(
        self, connection: sqlite3.Connection, folder: Path, sources: Sources, *, is_bulk: bool
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._sources = sources
        self._is_bulk = is_bulk
        self._is_over = False
        self._begin()

    def reader(self) -> SqliteReader:
        return SqliteReader(
            lambda: self._writer.settled(),
            self._folder,
            None,
            lambda: self._writer.settled_graph(),
            lambda: self._writer.direct(),
        )

    def commit(self) -> None:
        """Make all of it visible."""
        self._writer.finish()
        self._connection.execute("COMMIT")

    def abort(self) -> None:
        """Undo what was not committed; nothing can be told any more."""
        self._is_over = True
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._writer = SqliteWriter(self._connection, self._folder, self._sources)

    def _tell(self, step: Step) -> None:
        if self._is_over:
            raise ValueError("the transaction is over")
        step(self._writer)
        if self._is_bulk and (self._writer.pending > BULK_ENTRIES or self._writer.written > BULK_BYTES):
            self.commit()
            self._begin()


# Opening
# ----------------------------------------------------------------------------------------------------------


def open_sqlite(folder: Path, root: Path, *, is_writer: bool) -> SqliteStore:
    """Open the index in a folder, as its writer (made when it is not there) or for reading.

    Args:
        folder: where the database is.
        root: the workspace, whose real path stands in Magellan's tables before each file's.
        is_writer: take the writer's place.

    Raises:
        IndexMissing: there is none, and it was to be read.
        IndexBusyError: it has a writer.
        IndexFormatError: another version made it, ours or Magellan's.
        IndexDamagedError: it cannot be read.
        NotWritable: it was to be written, and its folder or files are read-only.
        NoSpace: the disk is full.
    """
    path, lock = folder / DATA, folder / _WRITER_LOCK
    if not path.is_file():
        if not is_writer:
            raise IndexMissing(folder)
    elif is_writer and not _is_writable(folder):
        raise NotWritable(folder)
    if is_writer:
        try:
            if not writer_lock.acquire(lock):
                raise IndexBusyError(folder, writer_lock.holder(lock))
        except OSError as error:
            raise (NoSpace(folder) if error.errno in (28, 122) else NotWritable(folder)) from error
    try:
        with translated(folder):
            if is_writer and not _is_begun(path):
                _create(path)
            _check_format(folder, path)
    except BaseException:
        if is_writer:
            writer_lock.release(lock)
        raise
    return SqliteStore(folder, Path(os.path.realpath(root)), is_writer=is_writer)


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and os.access(folder / DATA, os.W_OK)


def _is_begun(path: Path) -> bool:
    """Whether there is anything in it: who was killed in making it may have left a database without a table."""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    connection = connect(path, writes=False)
    try:
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
    finally:
        connection.close()


def _create(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = connect(path, writes=True)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for statement in schema.statements(int(time.time())):
            connection.execute(statement)
        txn = RowTxn(connection)
        txn.put(FORMAT_KEY, msgspec.msgpack.encode(CURRENT), db=TABLES.meta)
        txn.put(STATE_KEY, State().pack(), db=TABLES.meta)
        connection.execute("COMMIT")
    finally:
        connection.close()


def _check_format(folder: Path, path: Path) -> None:
    """Look at who wrote it."""
    connection = connect(path, writes=False)
    try:
        there = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if not there:
            raise IndexMissing(folder)  # its writer is about to make it
        wanted = {schema.PREFIX + name for name in Tables._fields} | set(schema.COUNTED)
        if schema.PREFIX + "meta" not in there:
            raise IndexDamagedError(folder, "no table of contents")
        txn = RowTxn(connection)
        try:
            found = msgspec.msgpack.decode(txn.get(FORMAT_KEY, db=TABLES.meta) or b"", type=Format)
        except msgspec.MsgspecError as error:
            raise IndexDamagedError(folder, "no format record") from error
        for is_value, supported in zip(found[:3], CURRENT[:3], strict=True):
            if is_value != supported:
                raise IndexFormatError(folder, is_value, supported)
        if found != CURRENT:
            raise IndexDamagedError(
                folder, f"made on another kind of machine: {found[3]}-endian, {found[4]} bytes"
            )
        if wanted - there:
            raise IndexDamagedError(folder, f"without its table {min(wanted - there)}")
        (graph,) = connection.execute("SELECT schema_version FROM graph_meta").fetchone()
        (magellan,) = connection.execute("SELECT magellan_schema_version FROM magellan_meta").fetchone()
        for is_value, newest in (
            (graph, schema.NEWEST_GRAPH_SCHEMA),
            (magellan, schema.NEWEST_MAGELLAN_SCHEMA),
        ):
            if is_value > newest:
                raise IndexFormatError(folder, is_value, newest)
        read_state(txn, TABLES, folder)
    finally:
        connection.close()
