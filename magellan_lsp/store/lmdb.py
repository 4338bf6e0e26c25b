"""The store in LMDB: environments, transactions, map size and who may write. The only module that imports
lmdb.

- A process opens an environment once per folder; every store on that folder shares it (LMDB forbids two).
- A forked child does not use its parent's environment: the first call in it opens its own, for reading.
- The map is far larger than any index (address space, not disk, on systems where the file grows as it is
  written). Where it is full all the same, or had to be small, the transaction is undone, the map grown when
  no reader of this process is open, and the transaction's changes are made again. Only the writer grows it;
  readers of other processes follow.
- Each commit flushes the data and not the meta page (``metasync=False``): a power cut may undo the last
  commit, never damage what was committed before. ``kill -9`` loses nothing that was committed.

Tests: ``tests/store/``; keys and values: ``docs/index-format.md``.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lmdb
import msgspec

from magellan_lsp.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexFormatError,
    IndexMissing,
    MagellanError,
    NoSpace,
    NotWritable,
)
from magellan_lsp.store import writer_lock
from magellan_lsp.store.named import NamedReader, NamedWriter
from magellan_lsp.store.schema import CURRENT, Format
from magellan_lsp.store.tables import FORMAT_KEY, STATE_KEY, State, Tables, read_state
from magellan_lsp.store.told import Step, ToldTxn

log = logging.getLogger(__name__)

GIB = 1 << 30
#: Windows makes the file as large as the map, so that the map starts small there and grows.
DEFAULT_MAP_BYTES = GIB if sys.platform == "win32" else 64 * GIB
MAX_MAP_BYTES = 1 << 40
_LEAST_MAP_BYTES = 1 << 20

_DATA = "data.mdb"
#: What the library says of a file whose first page names another format of its own.
_OTHER_FORMAT = re.compile(r"data format v(\d+) is not supported")
_MOST_FORMATS = 1000
_WRITER_LOCK = "writer.lock"

#: A bulk load writes what it gathered when it has so many posting entries or bytes of records: some 200 MB of
#: memory.
BULK_ENTRIES = 1_500_000
BULK_BYTES = 96 << 20

#: How long growing the map waits for this process's readers to end.
GROW_WAIT_S = 10.0


class _Environment:
    """One open environment of this process and what its users share."""

    def __init__(self, folder: Path, env: lmdb.Environment, tables: Tables, *, readonly: bool) -> None:
        self.folder = folder
        self.env = env
        self.tables = tables
        self.readonly = readonly
        self.identity = _identity(folder)
        self.pid = os.getpid()
        self.users = 1
        self.known_paths: dict[int, str] = {}
        self._readers = 0
        self._growing = False
        self._changed = threading.Condition()

    def enter(self) -> None:
        """Begin reading; waits while the map is being replaced."""
        with self._changed:
            while self._growing:
                self._changed.wait()
            self._readers += 1

    def leave(self) -> None:
        with self._changed:
            self._readers -= 1
            if not self._readers:
                self._changed.notify_all()

    def set_map_bytes(self, n_bytes: int) -> bool:
        """Replace the map (0: as large as another process made it) once no reader is open."""
        return self._alone(lambda: self.env.set_mapsize(n_bytes))

    def make_writable(self) -> bool:
        """Open it again, for writing, once no reader is open: a process may have it open only once."""

        def reopen() -> None:
            map_bytes = self.env.info()["map_size"]
            self.env.close()
            self.env, self.tables = _opened(self.folder, map_bytes, readonly=False)
            self.readonly = False

        return not self.readonly or self._alone(reopen)

    def _alone(self, change: Callable[[], None]) -> bool:
        """Make a change while no reader of this process is open; False when that takes too long."""
        deadline = time.monotonic() + GROW_WAIT_S
        with self._changed:
            self._growing = True
            try:
                while self._readers:
                    if not self._changed.wait(max(0.0, deadline - time.monotonic())) and self._readers:
                        return False
                change()
                return True
            finally:
                self._growing = False
                self._changed.notify_all()


_guard = threading.Lock()
_open: dict[str, _Environment] = {}  # by real path


class LmdbStore:
    """An index folder, open; see :class:`magellan_lsp.store.base.Store`. Made by ``open_store``."""

    def __init__(
        self, folder: Path, environment: _Environment, *, is_writer: bool, max_map_bytes: int
    ) -> None:
        self.folder = folder
        self._environment: _Environment | None = environment
        self._is_writer = is_writer
        self._pid = os.getpid()
        self._max_map_bytes = max_map_bytes
        self._writing = threading.Lock()
        self._writing_thread = 0

    # reading

    @contextmanager
    def read(self) -> Iterator[NamedReader]:
        environment = self._current()
        environment.enter()
        try:
            with _translated(self.folder, is_open=True):
                txn = _begin_read(environment)
                try:
                    yield NamedReader(lambda: txn, environment.tables, self.folder, environment.known_paths)
                finally:
                    txn.abort()
        finally:
            environment.leave()

    # writing

    @contextmanager
    def write(self) -> Iterator[LmdbWriteTxn]:
        with self._transaction(is_bulk=False) as txn:
            yield txn

    @contextmanager
    def bulk(self) -> Iterator[LmdbWriteTxn]:
        with self._transaction(is_bulk=True) as txn:
            yield txn

    @contextmanager
    def _transaction(self, *, is_bulk: bool) -> Iterator[LmdbWriteTxn]:
        environment = self._current()
        if not self._is_writer:
            raise IndexBusyError(self.folder, writer_lock.holder(self.folder / _WRITER_LOCK))
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("a thread cannot begin a transaction inside another")
        with self._writing, _translated(self.folder, is_open=True):
            self._writing_thread = threading.get_ident()
            txn = LmdbWriteTxn(environment, self._max_map_bytes, is_bulk=is_bulk)
            try:
                yield txn
                txn.commit()
            finally:
                self._writing_thread = 0
                txn.abort()

    def try_acquire_writer(self) -> bool:
        environment = self._current()
        lock = self.folder / _WRITER_LOCK
        if not self._is_writer and _is_writable(self.folder) and writer_lock.try_acquire(lock):
            try:
                with _translated(self.folder):
                    self._is_writer = environment.make_writable()
                    if self._is_writer:
                        environment.env.reader_check()
            finally:
                if not self._is_writer:
                    writer_lock.release(lock)
        return self._is_writer

    @property
    def is_writer(self) -> bool:
        """Whether this store may write."""
        return self._is_writer and self._pid == os.getpid()

    # the rest

    def sync(self) -> None:
        environment = self._current()
        if not environment.readonly:
            with _translated(self.folder):
                environment.env.sync(True)

    def close(self) -> None:
        environment, self._environment = self._environment, None
        if environment is None:
            return
        if self._pid == os.getpid():
            _give_back(environment)
            if self._is_writer:
                writer_lock.release(self.folder / _WRITER_LOCK)

    def settle(self, check: Callable[[], None] = lambda: None) -> None:
        """Nothing: no other program reads this."""

    def stats(self) -> Mapping[str, Any]:
        environment = self._current()
        env = environment.env
        with self.read() as reader, env.begin() as txn:
            info = env.info()
            return {
                "backend": "lmdb",
                "folder": str(self.folder),
                "format": CURRENT.name,
                "is_writer": self.is_writer,
                "generation": reader.generation,
                "files": reader.count_files(),
                "symbols": reader.count_symbols(),
                "file_bytes": (self.folder / _DATA).stat().st_size,
                "used_bytes": (info["last_pgno"] + 1) * env.stat()["psize"],
                "map_bytes": info["map_size"],
                "readers": info["num_readers"],
                "records": {
                    name: txn.stat(table)["entries"]
                    for name, table in zip(Tables._fields, environment.tables, strict=True)
                },
            }

    def _current(self) -> _Environment:
        """This process's environment: after a fork, a new one, in which this store only reads."""
        environment = self._environment
        if environment is None:
            raise ValueError(f"the store {self.folder} is closed")
        if environment.pid != os.getpid():
            self._is_writer = False
            self._pid = os.getpid()
            self._writing = threading.Lock()
            self._writing_thread = 0
            environment = self._environment = _take(self.folder, DEFAULT_MAP_BYTES, readonly=True)
        return environment

    def __enter__(self) -> LmdbStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class LmdbWriteTxn(ToldTxn):
    """A change; see :class:`magellan_lsp.store.base.WriteTxn`.

    Keeps what it was told since it last committed, to tell it again after the map had to grow.
    """

    def __init__(self, environment: _Environment, max_map_bytes: int, *, is_bulk: bool) -> None:
        self._environment = environment
        self._max_map_bytes = max_map_bytes
        self._is_bulk = is_bulk
        self._told: list[Step] = []
        self._txn: Any = None
        self._writer: NamedWriter
        self._keep_room()
        self._begin()

    def reader(self) -> NamedReader:
        return NamedReader(
            self._settled,
            self._environment.tables,
            self._environment.folder,
            direct=lambda: self._writer.direct(),
        )

    def commit(self) -> None:
        """Make all of it visible."""
        self._repeating(self._commit)

    def abort(self) -> None:
        """Undo what was not committed."""
        if self._txn is not None:
            self._txn.abort()
            self._txn = None

    def _begin(self) -> None:
        self._txn = self._environment.env.begin(write=True)
        self._writer = NamedWriter(self._txn, self._environment.tables, self._environment.folder)

    def _commit(self) -> None:
        self._writer.finish()
        self._txn.commit()
        self._txn = None
        self._told.clear()

    def _settled(self) -> Any:
        settled: list[Any] = []
        self._repeating(lambda: settled.append(self._writer.settled()))
        return settled[-1]

    def _tell(self, step: Step) -> None:
        if self._txn is None:
            raise ValueError("the transaction is over")
        self._repeating(lambda: step(self._writer))
        self._told.append(step)
        if self._is_bulk and (self._writer.pending > BULK_ENTRIES or self._writer.written > BULK_BYTES):
            self.commit()
            self._keep_room()
            self._begin()

    def _repeating(self, step: Callable[[], None]) -> None:
        """Take a step; when the map is full, grow it, do again what was undone, and take the step again."""
        is_full = False
        while True:
            try:
                if is_full:
                    self._grow()
                    self._begin()
                    for told in self._told:
                        told(self._writer)
                step()
                return
            except lmdb.MapFullError:
                is_full = True
                self.abort()

    def _grow(self) -> None:
        folder, n_bytes = self._environment.folder, self._environment.env.info()["map_size"]
        if n_bytes >= self._max_map_bytes:
            raise NoSpace(folder)
        try:
            if not self._environment.set_map_bytes(min(2 * n_bytes, self._max_map_bytes)):
                log.warning("the index cannot grow while a reader is open for more than %s s", GROW_WAIT_S)
                raise NoSpace(folder)
        except lmdb.Error as error:
            raise NoSpace(folder) from error

    def _keep_room(self) -> None:
        """Grow the map before it is full: between transactions that costs nothing but waiting for readers."""
        env = self._environment.env
        info = env.info()
        used = (info["last_pgno"] + 1) * env.stat()["psize"]
        if 2 * used > info["map_size"] and info["map_size"] < self._max_map_bytes:
            try:
                self._grow()
            except NoSpace:
                pass  # it may still be enough


# Opening
# ----------------------------------------------------------------------------------------------------------


def open_lmdb(
    folder: Path, *, is_writer: bool, map_bytes: int | None = None, max_map_bytes: int = MAX_MAP_BYTES
) -> LmdbStore:
    """Open the index in a folder, as its writer (made when it is not there) or for reading.

    Raises:
        IndexMissing: there is none, and it was to be read.
        IndexBusyError: it has a writer.
        IndexFormatError: another version made it.
        IndexDamagedError: it cannot be read.
        NotWritable: it was to be written, and its folder or files are read-only.
        NoSpace: the disk is full.
    """
    lock = folder / _WRITER_LOCK
    if not (folder / _DATA).is_file():
        if not is_writer:
            raise IndexMissing(folder)
    elif is_writer and not _is_writable(folder):
        raise NotWritable(folder)
    if is_writer:
        try:
            if not writer_lock.acquire(lock):
                raise IndexBusyError(folder, writer_lock.holder(lock))
        except OSError as error:
            raise (NoSpace(folder) if error.errno in _NO_SPACE else NotWritable(folder)) from error
    try:
        environment = _take(folder, map_bytes or DEFAULT_MAP_BYTES, readonly=not is_writer)
    except BaseException:
        if is_writer:
            writer_lock.release(lock)
        raise
    if is_writer:
        with _translated(folder):
            environment.env.reader_check()  # readers that died leave their place in the table
    return LmdbStore(folder, environment, is_writer=is_writer, max_map_bytes=max_map_bytes)


def _take(folder: Path, map_bytes: int, *, readonly: bool) -> _Environment:
    key = os.path.realpath(folder)
    with _guard, _translated(folder):
        environment = _open.get(key)
        if environment is not None and environment.pid != os.getpid():
            environment.env.close()  # the parent's: in a child this gives back the object and touches no file
            environment = None
        if environment is not None and environment.identity != _identity(folder):
            environment = None  # somebody removed that index; those who use it may go on until they close
        if environment is None:
            env, tables = _opened(folder, map_bytes, readonly=readonly)
            environment = _open[key] = _Environment(folder, env, tables, readonly=readonly)
            return environment
        if not readonly and not environment.make_writable():
            raise IndexBusyError(folder, os.getpid())
        environment.users += 1
        return environment


def _give_back(environment: _Environment) -> None:
    with _guard:
        environment.users -= 1
        if environment.users == 0:
            key = os.path.realpath(environment.folder)
            if _open.get(key) is environment:
                del _open[key]
            environment.env.close()


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which file an index is, whatever its name."""
    try:
        found = (folder / _DATA).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and os.access(folder / _DATA, os.W_OK)


def _opened(folder: Path, map_bytes: int, *, readonly: bool) -> tuple[lmdb.Environment, Tables]:
    """The environment and its tables, made if they are not there and may be.

    Whoever only reads opens it for reading: opening tables for writing takes the writer's place for a moment,
    and would wait for a writer that is at work.
    """
    env = _open_environment(folder, map_bytes, readonly=readonly)
    try:
        if env.stat()["entries"] == 0:
            if readonly:
                raise IndexMissing(folder)
            return env, _create(env)
        _check_size(folder, env)
        return env, _tables(folder, env)
    except BaseException:
        env.close()
        raise


def _open_environment(folder: Path, map_bytes: int, *, readonly: bool) -> lmdb.Environment:
    options: dict[str, Any] = {
        "metasync": False,
        "mode": 0o600,
        "create": False,  # the folder is there
        "readahead": False,  # look-ups are scattered
        "max_readers": 512,
        "max_dbs": len(Tables._fields),
        "max_spare_txns": 16,
        "readonly": readonly,
    }
    while True:
        try:
            return lmdb.open(str(folder), map_size=map_bytes, **options)
        except (lmdb.Error, OSError) as error:
            # A limit on address space: take less. A place where not even the lock file can be made: go
            # without it, since whoever could write there would have made it.
            if _errno(error) == errno.ENOMEM and map_bytes > _LEAST_MAP_BYTES:
                map_bytes //= 2
            elif (
                readonly
                and _errno(error) in (errno.EACCES, errno.EROFS, errno.EPERM)
                and "lock" not in options
            ):
                options["lock"] = False
            else:
                raise


def _create(env: lmdb.Environment) -> Tables:
    with env.begin(write=True) as txn:
        tables = Tables(*[env.open_db(name.encode(), txn=txn) for name in Tables._fields])
        txn.put(FORMAT_KEY, msgspec.msgpack.encode(CURRENT), db=tables.meta)
        txn.put(STATE_KEY, State().pack(), db=tables.meta)
    return tables


def _tables(folder: Path, env: lmdb.Environment) -> Tables:
    """Handles of the tables, after a look at who wrote them."""
    # Without a transaction of ours: handles that are opened in one that only reads end with it.
    try:
        meta = env.open_db(b"meta", create=False)
    except lmdb.Error as error:
        raise IndexDamagedError(folder, "no table of contents", is_foreign=True) from error
    with env.begin() as txn:
        value = txn.get(FORMAT_KEY, db=meta)
    try:
        found = msgspec.msgpack.decode(value or b"", type=Format)
    except msgspec.MsgspecError as error:
        raise IndexDamagedError(folder, "no format record") from error
    for is_value, supported in zip(found[:3], CURRENT[:3], strict=True):
        if is_value != supported:
            raise IndexFormatError(folder, is_value, supported)
    if found != CURRENT:
        raise IndexDamagedError(
            folder, f"made on another kind of machine: {found[3]}-endian, {found[4]} bytes"
        )
    try:
        tables = Tables(*[env.open_db(name.encode(), create=False) for name in Tables._fields])
    except lmdb.Error as error:
        raise IndexDamagedError(folder, "a table is missing") from error
    with env.begin() as txn:
        read_state(txn, tables, folder)
    return tables


def _check_size(folder: Path, env: lmdb.Environment) -> None:
    """Refuse a file that is cut short: touching a page behind its end would kill the process."""
    n_pages = env.info()["last_pgno"] + 1
    if (folder / _DATA).stat().st_size < n_pages * env.stat()["psize"]:
        raise IndexDamagedError(folder, "its file is shorter than it says")


def _begin_read(environment: _Environment) -> Any:
    try:
        return environment.env.begin(buffers=True)
    except lmdb.MapResizedError:
        # The writer's process grew the map. Following it needs this process's other readers to end first.
        environment.leave()
        try:
            environment.set_map_bytes(0)
        finally:
            environment.enter()
        return environment.env.begin(buffers=True)


# Errors
# -----------------------------------------------------------------------------------------------------------

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DAMAGED = (
    lmdb.CorruptedError,
    lmdb.PageNotFoundError,
    lmdb.PanicError,
    lmdb.InvalidError,
    lmdb.IncompatibleError,
    lmdb.BadTxnError,  # an earlier question came upon damage
    lmdb.BadDbiError,
    lmdb.CursorFullError,  # pages that lead back to themselves
    lmdb.PageFullError,
)


def _errno(error: Exception) -> int | None:
    """The system's error number; LMDB reports it as text in older bindings."""
    code = getattr(error, "code", None) or getattr(error, "errno", None)
    if isinstance(code, int) and code > 0:
        return code
    text = str(error)
    return next((number for number in errno.errorcode if os.strerror(number) in text), None)


def _is_full(folder: Path) -> bool:
    """Whether the index file cannot grow. What is written behind its end belongs to no committed page."""
    try:
        with (folder / _DATA).open("ab", buffering=0) as file:
            return file.write(bytes(1 << 16)) != 1 << 16
    except OSError as error:
        return error.errno in _NO_SPACE


@contextmanager
def _translated(folder: Path, *, is_open: bool = False) -> Iterator[None]:
    """Errors of the database become this program's, where they are foreseen. In an index that ``is_open``, and so has our
    format, a record of another one is damage.
    """
    try:
        yield
    except IndexFormatError as error:
        if not is_open or error.path != folder:
            raise
        raise IndexDamagedError(folder, f"a record of format {error.found}") from error
    except MagellanError:
        raise
    except lmdb.VersionMismatchError as error:
        raise IndexFormatError(folder, 0, CURRENT.format) from error
    except _DAMAGED as error:
        raise IndexDamagedError(folder, str(error)) from error
    except (struct.error, UnicodeDecodeError) as error:  # keys and small values, which have no checksum
        raise IndexDamagedError(folder, f"bytes that nobody wrote: {error}") from error
    except (lmdb.MapFullError, lmdb.ReadersFullError) as error:
        raise (NoSpace(folder) if isinstance(error, lmdb.MapFullError) else IndexBusyError(folder)) from error
    except lmdb.Error as error:
        number = _errno(error)
        if number in _NO_SPACE:
            raise NoSpace(folder) from error
        if (other := _OTHER_FORMAT.search(str(error))) is not None:
            found = int(other[1])  # a number out of all proportion is not that of a format
            if found < _MOST_FORMATS:
                raise IndexFormatError(folder, found, CURRENT.format) from error
            raise IndexDamagedError(folder, str(error)) from error
        if number == errno.EIO:
            # LMDB says so too when a write was cut short because the disk is full.
            raise (NoSpace(folder) if _is_full(folder) else IndexDamagedError(folder, str(error))) from error
        raise
