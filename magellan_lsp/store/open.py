"""Where a workspace's index is, and how it is opened: looks before it touches, and never takes one thing for
another.

An index folder (``.magellan`` at the root, or one in the user's cache) holds one folder per backend and
version, such as ``lmdb-3.2.2``. Versions therefore live side by side, and each program touches only its own.
What is damaged is renamed and kept. Tests: ``tests/store/test_lmdb.py``.
"""

from __future__ import annotations

import logging
import os
import stat
import sys
from pathlib import Path
from typing import Literal

from blake3 import blake3

from magellan_lsp.errors import (
    ForeignFolderError,
    IndexBusyError,
    IndexDamagedError,
    IndexMissing,
    NoSpace,
    NotWritable,
)
from magellan_lsp.store import writer_lock
from magellan_lsp.store.base import Store
from magellan_lsp.store.lmdb import MAX_MAP_BYTES, open_lmdb
from magellan_lsp.store.schema import CURRENT

log = logging.getLogger(__name__)

FOLDER = ".magellan"
Mode = Literal["read", "write"]
Backend = Literal["lmdb", "sqlite"]

_IGNORE = b"*\n"


def open_store(
    folder: Path,
    mode: Mode = "write",
    *,
    backend: Backend = "lmdb",
    root: Path | None = None,
    set_aside: bool = True,
    map_bytes: int | None = None,
    max_map_bytes: int = MAX_MAP_BYTES,
) -> Store:
    """The index kept in an index folder, open.

    Args:
        folder: as :func:`index_folder` gives it. Made, private to the user, when it is to be written.
        mode: ``write`` takes the writer's place; ``read`` changes nothing and may take that place later.
        backend: ``lmdb``, or ``sqlite`` for a database that Magellan's programs read: ``sqlite-…/magellan.db``.
        root: the workspace, for ``sqlite``, whose tables name files by their absolute paths; by default the
            folder that the index folder is in.
        set_aside: what to do with a damaged index that is to be written: rename it to ``….damaged-N`` and
        begin a new
            one, or (False) raise. Reading always raises.
        map_bytes: how much address space to begin with.
        max_map_bytes: how large the index may become.

    Raises:
        IndexMissing: it is to be read and is not there.
        IndexBusyError: it is to be written and has a writer; open it for reading, and see
        ``try_acquire_writer``. ForeignFolderError: what is there is not an index folder (a file, or a link to
        somewhere else). IndexFormatError, IndexDamagedError: it cannot be read, and was left as it is.
        NotWritable, NoSpace: it cannot be made.
    """
    place = backend_folder(folder, backend)
    _refuse_foreign(folder)
    _refuse_foreign(place)
    is_writer = mode == "write"
    if is_writer:
        _make(folder, place)
    elif not place.is_dir():
        raise IndexMissing(folder)

    def opened() -> Store:
        if backend == "sqlite":
            # Only who asks for it pays for loading it: starting is what people wait for.
            from magellan_lsp.store.sqlite import open_sqlite

            return open_sqlite(place, root or folder.absolute().parent, is_writer=is_writer)
        return open_lmdb(place, is_writer=is_writer, map_bytes=map_bytes, max_map_bytes=max_map_bytes)

    try:
        return opened()
    except IndexDamagedError as error:
        if not (is_writer and set_aside):
            raise
        kept = set_aside_index(place)
        log.warning("%s It was kept as %s, and a new index is begun.", error, kept)
        _make(folder, place)
        return opened()


def open_beside(place: Path) -> Store:
    """The index that another process has open, for reading. ``place``: the ``folder`` of that store's ``stats``.

    Raises:
        As :func:`open_store`.
    """
    backend: Backend = "sqlite" if place.name.startswith("sqlite") else "lmdb"
    return open_store(place.parent, "read", backend=backend)


def index_folder(root: Path, chosen: Path | None = None, *, in_cache: bool = False) -> Path:
    """The index folder of a workspace: the chosen one, or ``.magellan`` at its root, or, when that cannot be
    written or ``in_cache`` says so, one in the user's cache folder. Makes nothing.
    """
    if chosen is not None:
        return chosen
    folder = root / FOLDER
    if in_cache or not os.access(folder if folder.is_dir() else root, os.W_OK | os.X_OK):
        if not in_cache and lmdb_folder(folder).is_dir():
            return folder  # a read-only root that already has an index
        return cache_folder(root)
    return folder


def cache_folder(root: Path) -> Path:
    """The workspace's place in the user's cache folder; distinct for distinct real paths."""
    real = os.path.realpath(root)
    digest = blake3(os.fsencode(real)).hexdigest(8)
    return user_cache() / "magellan-lsp" / f"{Path(real).name or 'root'}-{digest}"


def lmdb_folder(folder: Path) -> Path:
    """Where in an index folder this program's own index is."""
    return backend_folder(folder, "lmdb")


def backend_folder(folder: Path, backend: Backend) -> Path:
    """Where in an index folder the index of a backend is."""
    return folder / f"{backend}-{CURRENT.name}"


def index_identity(folder: Path, backend: Backend) -> tuple[int, int] | None:
    """Device and number of the file that an index is in, which tell it from one made in its place; None: no file."""
    name = "data.mdb" if backend == "lmdb" else "magellan.db"
    try:
        status = (backend_folder(folder, backend) / name).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def other_indexes(folder: Path) -> list[Path]:
    """Indexes of other versions and ones that were set aside, which nobody uses any more; for ``doctor`` to
    mention.
    """
    own = {lmdb_folder(folder), backend_folder(folder, "sqlite")}
    found = [*folder.glob("lmdb-*"), *folder.glob("sqlite-*")]
    return sorted(path for path in found if path not in own and path.is_dir())


def user_cache() -> Path:
    """The folder that the system sets apart for what a user's programs can make again."""
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if chosen and Path(chosen).is_absolute():
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path.home() / ".cache"


def _refuse_foreign(folder: Path) -> None:
    """A repository may hold anything under our name: a link would make us write where it points."""
    try:
        mode = folder.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise ForeignFolderError(folder) from error
    if not stat.S_ISDIR(mode):
        raise ForeignFolderError(folder)
    for name in ("data.mdb", "lock.mdb", "magellan.db", "writer.lock"):
        path = folder / name
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise ForeignFolderError(folder)


def _make(folder: Path, place: Path) -> None:
    try:
        is_new = not folder.is_dir()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists() and not ignore.is_symlink() and (is_new or not any(folder.iterdir())):
            descriptor = os.open(ignore, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(descriptor, _IGNORE)
            finally:
                os.close(descriptor)
        place.mkdir(mode=0o700, exist_ok=True)
    except FileExistsError:
        return  # another process was quicker
    except OSError as error:
        raise (NoSpace(folder) if error.errno in (28, 122) else NotWritable(folder)) from error


def set_aside_index(place: Path) -> Path:
    """Rename a damaged index, unless another process writes it; where it is then. No store may have it open.

    Raises:
        IndexBusyError: another process writes it.
        OSError: it cannot be renamed.
    """
    lock = place / "writer.lock"
    if not writer_lock.acquire(lock):
        raise IndexBusyError(place, writer_lock.holder(lock))
    try:
        n = 1
        while (kept := place.with_name(f"{place.name}.damaged-{n}")).exists():
            n += 1
        place.rename(kept)
    finally:
        writer_lock.release(lock)
    return kept
