"""A private folder beside a target, where something is made before it gets its name. Whoever finds one that a killed
process left begins it anew. Tests: ``tests/migration/test_killed.py``.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from magellan_lsp.errors import DatabaseLocked, NoSpace, NotWritable
from magellan_lsp.store import writer_lock

_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LOCK = "work.lock"


@contextmanager
def work_folder(place: Path) -> Iterator[Path]:
    """The folder ``place``, empty, private and ours alone while inside; afterwards it is gone.

    Raises:
        DatabaseLocked: another process is making the same thing. NotWritable, NoSpace: it cannot be made.
    """
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if place.is_symlink():
            raise NotWritable(place)
        if not writer_lock.acquire(place / _LOCK):
            raise DatabaseLocked(place)
    except OSError as error:
        raise (NoSpace(place) if error.errno in _NO_SPACE else NotWritable(place.parent)) from error
    try:
        _empty(place)
        yield place
    finally:
        _empty(place)
        writer_lock.release(place / _LOCK)
        with suppress(OSError):
            (place / _LOCK).unlink()
            place.rmdir()


def _empty(place: Path) -> None:
    for found in place.iterdir():
        if found.name == _LOCK:
            continue
        if found.is_dir() and not found.is_symlink():
            shutil.rmtree(found, ignore_errors=True)
        else:
            found.unlink(missing_ok=True)


def settle_file(made: Path, target: Path) -> bool:
    """Give a finished file its name, on disk for good; False when that name was taken meanwhile."""
    _flush(made)
    try:
        os.link(made, target)
    except FileExistsError:
        return False
    except OSError:  # no hard links here
        if target.exists():
            return False
        made.rename(target)
    _flush(target.parent)
    return True


def settle_folder(made: Path, target: Path) -> bool:
    """Give a finished folder its name, on disk for good; False when that name was taken meanwhile."""
    for file in made.iterdir():
        _flush(file)
    try:
        made.rename(target)
    except OSError as error:
        if target.exists() and error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.EACCES, errno.EPERM):
            return False
        raise
    _flush(target.parent)
    return True


def _flush(path: Path) -> None:
    with suppress(OSError):  # a folder cannot be flushed on every system
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
