"""Connections to the database file: how they are opened, and what their errors mean. Tests: ``tests/store/``."""

from __future__ import annotations

import errno
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from magellan_lsp.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexFormatError,
    MagellanError,
    NoSpace,
    NotWritable,
)

#: Others (programs of Magellan write a row for nearly every command) are waited for so long.
BUSY_S = 20.0


def connect(path: Path, *, writes: bool) -> sqlite3.Connection:
    """A connection that leaves transactions to its user and may go from thread to thread, one at a time."""
    if not writes:
        try:
            return _connect(path.as_uri() + "?mode=ro")
        except sqlite3.OperationalError:
            # In a folder that cannot be written there is no place for the files that readers share. Nobody can write
            # there either, so the file will not change.
            return _connect(path.as_uri() + "?immutable=1")
    connection = _connect(path.as_uri())
    connection.execute("PRAGMA journal_mode = WAL")
    # Flushed at each commit, as in the other backend: a power cut takes no earlier commit away.
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        connection.execute("PRAGMA cache_size = -32000")
        connection.execute("PRAGMA mmap_size = 268435456")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def translated(folder: Path, *, is_open: bool = False) -> Iterator[None]:
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
    except struct.error as error:  # keys and small values, which have no checksum
        raise IndexDamagedError(folder, f"bytes that nobody wrote: {error}") from error
    except UnicodeDecodeError as error:  # what was written as text no longer is
        raise IndexDamagedError(folder, str(error)) from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            raise
        code &= 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise IndexBusyError(folder) from error
        if code == sqlite3.SQLITE_FULL:
            raise NoSpace(folder) from error
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            raise NotWritable(folder) from error
        if code == sqlite3.SQLITE_IOERR:
            raise (NoSpace(folder) if _is_full(folder) else IndexDamagedError(folder, str(error))) from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise IndexDamagedError(folder, str(error)) from error
        raise


def _is_full(folder: Path) -> bool:
    """Whether nothing more can be written there, be it for the disk's sake or the longest file's."""
    probe = folder / "probe"
    try:
        longest = max(path.stat().st_size for path in folder.iterdir())
        with probe.open("wb", buffering=0) as file:
            file.seek(longest)
            return file.write(bytes(1 << 16)) != 1 << 16
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    finally:
        probe.unlink(missing_ok=True)
