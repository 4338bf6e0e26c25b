"""A database of Magellan, opened so that not a byte of it or beside it changes.

- SQLite in rollback mode is read through SQLite's own locks, read-only.
- In write-ahead mode a reader would leave files beside the database. Where there is no log, or an empty one, it is
  read as a file that does not change (``immutable``), and looked at again at the end. Where there is a log, or a
  rollback journal that a crash left, database and log are copied to a private place, and the copy is opened.
- Another program that is writing is waited for, then named.

Tests: ``tests/migration/test_original.py``.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from magellan_lsp.errors import (
    CannotOpenDatabase,
    CannotReadHeader,
    DatabaseDamaged,
    DatabaseLocked,
    MagellanError,
    NewerSchema,
    NoSpace,
    NotWritable,
    UnknownFormat,
)
from magellan_lsp.migrate.formats import HEADER_BYTES, Detected, detect, read_header
from magellan_lsp.migrate.rows import Schema, read_schema

try:
    import fcntl

    HAS_LOCKS = True
except ImportError:  # Windows: SQLite's own errors have to do
    HAS_LOCKS = False

#: The newest schemas of Magellan, and of the graph library under it, that are understood.
NEWEST_SCHEMA: Final = 21
NEWEST_GRAPH: Final = 10

#: Another program is waited for so long.
BUSY_S: Final = 5.0
_PAUSE_S = 0.05
_COPIES = 5
#: A table that only this program's own SQLite backend has.
OWN_TABLE: Final = "magellan_lsp_meta"

# Where SQLite's locks are: on bytes of the database file, and of the shared memory of its log.
_PENDING, _SHARED, _N_SHARED = 0x40000000, 0x40000002, 510
_LOG_WRITER = 120

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Original:
    """An open database.

    Attributes:
        path: where it is.
        connection: to it, or to a private copy.
        schema: its tables.
        version: of Magellan's schema; None where it does not say.
        graph_version: of the graph library's schema.
        is_own: this program's own SQLite backend wrote it.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self.schema: Schema = read_schema(connection)
        self.is_own = self.schema.table(OWN_TABLE) is not None
        self.version = self._number("magellan_meta", "magellan_schema_version")
        self.graph_version = self._number("graph_meta", "schema_version")

    @property
    def is_magellan(self) -> bool:
        """Whether it has Magellan's tables, not any other program's."""
        wanted = {"graph_entities": {"id", "kind", "name", "data"}, "graph_edges": {"id", "from_id", "to_id"}}
        found = {table.name: set(table.columns) for table in self.schema.tables}
        return all(columns <= found.get(name, set()) for name, columns in wanted.items())

    def _number(self, name: str, column: str) -> int | None:
        table = self.schema.table(name)
        if table is None or column not in table.columns:
            return None
        row = self.connection.execute(f"SELECT {column} FROM {name} ORDER BY id LIMIT 1").fetchone()
        return row[0] if row is not None and isinstance(row[0], int) else None

    def check(self) -> None:
        """Refuse what is not Magellan's, or newer than what is understood.

        Raises:
            UnknownFormat, NewerSchema: it is.
        """
        if not self.is_magellan:
            raise UnknownFormat(self.path, "an SQLite database without Magellan's tables")
        for found, newest, numbered in (
            (self.version, NEWEST_SCHEMA, "schema"),
            (self.graph_version, NEWEST_GRAPH, "graph schema"),
        ):
            if found is not None and found > newest:
                raise NewerSchema(self.path, found, newest, numbered)


@contextmanager
def opened(path: Path, scratch: Path) -> Iterator[Original]:
    """Open a SQLite database for reading, as described above.

    Args:
        path: the file.
        scratch: a private folder for a copy, if one is needed; made then, and left to the caller to remove.

    Raises:
        DatabaseNotFound, CannotOpenDatabase, CannotReadHeader, UnknownFormat, DatabaseDamaged, DatabaseLocked: it
        cannot be read. NoSpace, NotWritable: it has to be copied and cannot be.
    """
    found = detect(path)
    if found.format != "sqlite":
        raise UnknownFormat(path, found.details or f"its format is {found.format}")
    file = found.file
    _check_length(file)
    _wait_for_writers(file)
    before = _state(file)
    with translated(file):
        place, options = _way_in(found, scratch)
        connection = _connect(place, options)
        try:
            yield Original(file, connection)
            if "immutable" in options and _state(file) != before:
                raise DatabaseLocked(file)
        finally:
            connection.close()


def _connect(path: Path, options: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}", uri=True, timeout=BUSY_S, isolation_level=None
    )
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA cache_size = -16000")
        connection.execute(
            "PRAGMA mmap_size = 0"
        )  # a file that is cut short meanwhile must not end the process
        connection.execute("BEGIN")  # one state for all questions
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _way_in(found: Detected, scratch: Path) -> tuple[Path, str]:
    """Which file to open and how."""
    file = found.file
    log, journal = _beside(file, "-wal"), _beside(file, "-journal")
    if found.uses_log and _size(log):
        return _copied(file, log, scratch), "mode=rw"
    if not found.uses_log and _is_hot(journal):
        return _copied(file, journal, scratch), "mode=rw"
    return (file, "mode=ro&immutable=1") if found.uses_log else (file, "mode=ro")


def _beside(file: Path, ending: str) -> Path:
    # SQLite follows links to the database before it looks for what is beside it.
    real = Path(os.path.realpath(file))
    return real.with_name(real.name + ending)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_hot(journal: Path) -> bool:
    try:
        with journal.open("rb") as file:
            return file.read(1) not in (b"", b"\0")
    except OSError:
        return False


def _copied(file: Path, beside: Path, scratch: Path) -> Path:
    """Database and log as they were at one moment, in a private place."""
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy = scratch / "original.db"
    for _ in range(_COPIES):
        before = _state(file), _head(beside)
        ending = "-wal" if beside.name.endswith("-wal") else "-journal"
        for source, target in ((file, copy), (beside, copy.with_name(copy.name + ending))):
            try:
                shutil.copyfile(source, target)
            except OSError as error:
                if error.errno in _NO_SPACE:
                    raise NoSpace(target) from error
                if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM) and not os.access(
                    scratch, os.W_OK
                ):
                    raise NotWritable(scratch) from error
                raise CannotOpenDatabase(file, (error.strerror or str(error)).lower()) from error
        if (_state(file), _head(beside)) == before:
            return copy
        time.sleep(_PAUSE_S)
    raise DatabaseLocked(file)  # it is being written all the time


def _state(file: Path) -> tuple[int, int, int]:
    try:
        found = file.stat()
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino


def _head(log: Path) -> bytes:
    """The header of a log: a new one begins with another."""
    try:
        with log.open("rb") as file:
            return file.read(32)
    except OSError:
        return b""


def _check_length(file: Path) -> None:
    """Refuse a file that is cut short: its missing pages may be any."""
    header = read_header(file)
    if len(header) < HEADER_BYTES:
        raise CannotReadHeader(file, f"it has {len(header)} bytes")
    page, changed, n_pages, valid = (
        int.from_bytes(header[16:18], "big"),
        header[24:28],
        int.from_bytes(header[28:32], "big"),
        header[92:96],
    )
    page = 65536 if page == 1 else page
    if page < 512 or page & (page - 1):
        raise DatabaseDamaged(file, f"its pages would have {page} bytes")
    size = file.stat().st_size
    if changed == valid and size < page * n_pages and not _size(_beside(file, "-wal")):
        raise DatabaseDamaged(file, f"it is cut short: {size:,} bytes of {page * n_pages:,}")


# Locks
# ----------------------------------------------------------------------------------------------------------


def _wait_for_writers(file: Path) -> None:
    if not HAS_LOCKS:
        return
    deadline = time.monotonic() + BUSY_S
    while _is_being_written(file):
        if time.monotonic() > deadline:
            raise DatabaseLocked(file)
        time.sleep(_PAUSE_S)


def _is_being_written(file: Path) -> bool:
    """Whether another process is at it: has it for itself, or is in a transaction that writes to its log."""
    if _is_held(file, _PENDING, 1) or _is_held(file, _SHARED, _N_SHARED):
        return True
    return _is_held(_beside(file, "-shm"), _LOG_WRITER, 1)


def _is_held(path: Path, start: int, length: int) -> bool:
    """Whether another process has some bytes locked for writing."""
    try:
        with path.open("rb") as file:
            # Taking a read lock for a moment asks the same as F_GETLK, whose record each system lays out differently.
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB, length, start)
            fcntl.lockf(file, fcntl.LOCK_UN, length, start)
    except FileNotFoundError:
        return False
    except OSError as error:
        return error.errno in (errno.EACCES, errno.EAGAIN)
    return False


# Errors
# ----------------------------------------------------------------------------------------------------------


@contextmanager
def translated(path: Path, *, writes: bool = False) -> Iterator[None]:
    """Errors of SQLite become this program's, about the database at ``path``; ``writes``: one that is being made."""
    try:
        yield
    except MagellanError:
        raise
    except sqlite3.Error as error:
        raise _named(path, error, writes) from error
    except UnicodeDecodeError as error:  # SQLite's own words about a schema whose names are no text
        raise DatabaseDamaged(path, "its schema holds bytes that are no text") from error


def _named(path: Path, error: sqlite3.Error, writes: bool) -> MagellanError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    text = str(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseLocked(path)
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and writes and _is_full(path.parent)):
        return NoSpace(path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return NotWritable(path.parent) if writes else CannotOpenDatabase(path, text)
    return DatabaseDamaged(path, text)


def _is_full(folder: Path) -> bool:
    """Whether nothing more can be written in a folder, be it for the disk's sake or the longest file's."""
    probe = folder / "probe"
    try:
        longest = max((path.stat().st_size for path in folder.iterdir() if path.is_file()), default=0)
        with probe.open("wb", buffering=0) as file:
            file.seek(longest)
            return file.write(bytes(1 << 16)) != 1 << 16
    except OSError as error:
        return error.errno in _NO_SPACE
    finally:
        probe.unlink(missing_ok=True)
