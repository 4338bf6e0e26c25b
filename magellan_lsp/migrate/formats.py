"""What a file or folder is, by its header bytes; its name counts for nothing.

Sources of the facts: SQLite's file format (sqlite.org/fileformat2.html), LMDB's ``MDB_meta`` (``mdb.c``), and the
headers of sqlitegraph's own files, which Magellan 2.2 and 2.3 could keep instead of SQLite ones. Tests:
``tests/migration/test_formats.py``.
"""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path
from typing import Final, Literal

import attrs

from magellan_lsp.errors import (
    CannotOpenDatabase,
    CannotReadHeader,
    DatabaseNotFound,
    InMemoryDatabaseNotSupported,
    UnknownFormat,
)

Format = Literal["sqlite", "lmdb", "native-v2", "native-v3", "gzip", "unknown"]

#: Database files in an LMDB folder, and in an index folder of this program's SQLite backend.
LMDB_FILE: Final = "data.mdb"
SQLITE_FILE: Final = "magellan.db"

#: So much of a file is looked at.
HEADER_BYTES: Final = 100
_LEAST_BYTES: Final = 16

_SQLITE: Final = b"SQLite format 3\0"
_NATIVE: Final = b"SQLTGF"
_GZIP: Final = b"\x1f\x8b"
_LMDB_MAGIC: Final = 0xBEEFC0DE
#: Where the magic number of LMDB's first meta page lies: behind the page's header, whose length depends on the word.
_LMDB_OFFSETS: Final = (16, 12)


@attrs.frozen
class Detected:
    """What a path leads to.

    Attributes:
        path: as it was given.
        file: the file whose header was read: of a folder, the database in it.
        format: by the header.
        uses_log: a SQLite database in write-ahead mode.
        details: what the header is instead, for an unknown one.
    """

    path: Path
    file: Path
    format: Format
    uses_log: bool = False
    details: str = ""


def detect(given: str | Path) -> Detected:
    """Look at a file, an LMDB folder, or an index folder (the LMDB index in it comes first).

    Raises:
        InMemoryDatabaseNotSupported: it is ``:memory:``.
        DatabaseNotFound: there is nothing, or a folder without a database.
        CannotOpenDatabase: it is neither file nor folder, or may not be read.
        CannotReadHeader: it is too short to have one.
    """
    refuse_memory(given)
    path = Path(given)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise DatabaseNotFound(path) from error
    except (OSError, ValueError) as error:
        raise CannotOpenDatabase(path, _reason(error)) from error
    if stat.S_ISDIR(mode):
        return _in_folder(path)
    if not stat.S_ISREG(mode):
        raise CannotOpenDatabase(path, "it is neither a file nor a folder")
    return _of_header(path, path, read_header(path))


def refuse_memory(given: str | Path) -> None:
    """Refuse what SQLite would take for a database in memory."""
    if str(given) in (":memory:", "file::memory:") or str(given).startswith("file::memory:?"):
        raise InMemoryDatabaseNotSupported()


def read_header(path: Path) -> bytes:
    """The first bytes of a file, at most ``HEADER_BYTES``."""
    try:
        with path.open("rb", buffering=0) as file:
            header = file.read(HEADER_BYTES)
    except FileNotFoundError as error:
        raise DatabaseNotFound(path) from error
    except PermissionError as error:
        raise CannotOpenDatabase(path, _reason(error)) from error
    except OSError as error:
        raise CannotReadHeader(path, _reason(error)) from error
    if len(header) < _LEAST_BYTES:
        raise CannotReadHeader(path, f"it has {len(header)} bytes" if header else "it is empty")
    return header


def _in_folder(path: Path) -> Detected:
    """The database in a folder: itself an LMDB one, or an index folder with one per backend and version."""
    try:
        names = [entry.name for entry in path.iterdir()]
        files = [
            path / LMDB_FILE,
            *_newest(path, names, "lmdb-", LMDB_FILE),
            *_newest(path, names, "sqlite-", SQLITE_FILE),
            path / SQLITE_FILE,  # in `.magellan` this is Magellan's own
        ]
        found = next((file for file in files if file.is_file()), None)
    except OSError as error:
        raise CannotOpenDatabase(path, _reason(error)) from error
    if found is None:
        raise UnknownFormat(path, "a folder without a database")
    return _of_header(path, found, read_header(found))


def _newest(path: Path, names: list[str], prefix: str, name: str) -> list[Path]:
    """The databases of a backend in an index folder, newest first; those that were set aside as damaged are none."""
    folders = [one for one in names if one.startswith(prefix) and ".damaged-" not in one]
    found = [file for one in folders if (file := path / one / name).is_file()]
    return sorted(found, key=lambda file: (file.stat().st_mtime_ns, file), reverse=True)


def _of_header(path: Path, file: Path, header: bytes) -> Detected:
    if header.startswith(_SQLITE):
        return Detected(path, file, "sqlite", uses_log=len(header) > 19 and header[18:20] == b"\2\2")
    if header.startswith(_NATIVE):
        version = header[7] if len(header) > 7 else 0
        return Detected(path, file, "native-v3" if version >= 3 else "native-v2")
    for offset in _LMDB_OFFSETS:
        for order in "<", ">":
            if len(header) >= offset + 8:
                magic, version = struct.unpack_from(f"{order}II", header, offset)
                if magic == _LMDB_MAGIC and 0 < version < 1000:
                    return Detected(path, file, "lmdb")
    if header.startswith(_GZIP):
        return Detected(path, file, "gzip", details="compressed with gzip")
    shown = header[:8].hex(" ")
    return Detected(path, file, "unknown", details=f"its first bytes are {shown}")


def _reason(error: Exception) -> str:
    return (os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)).lower()
