"""Who may write an index: a lock on a file, which the system takes back when its process ends, however it
ends.

The lock belongs to the process, so a forked child does not hold it (and does not keep it when the parent
dies). Within the process a table says which folder is taken. Tests: ``tests/store/test_lmdb.py``.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

_guard = threading.Lock()
_held: dict[tuple[int, str], int] = {}  # (process id, real path of the lock file) -> descriptor

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # far behind the text, which others may then read
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # `lockf`, not `flock`: a lock of `flock` lives on in forked children when the writer is killed.
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def acquire(path: Path) -> bool:
    """Take the lock if it is free. False when another process, or another store of this one, has it.

    Raises:
        OSError: the lock file cannot be made.
    """
    key = (os.getpid(), os.path.realpath(path))
    with _guard:
        if key in _held:
            # Not even looked at: closing any descriptor of the file would give up the lock that this process
            # holds.
            return False
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, str(os.getpid()).encode())
        _held[key] = descriptor
        return True


def try_acquire(path: Path) -> bool:
    """:func:`acquire`; False also where the lock file cannot be made or opened."""
    try:
        return acquire(path)
    except OSError:
        return False


def release(path: Path) -> None:
    """Give the lock back, if this process has it."""
    with _guard:
        descriptor = _held.pop((os.getpid(), os.path.realpath(path)), None)
        if descriptor is not None:
            os.ftruncate(descriptor, 0)
            os.close(descriptor)


def holder(path: Path) -> int | None:
    """The process that has (or last had) the lock, where that is known."""
    key = (os.getpid(), os.path.realpath(path))
    with _guard:
        if key in _held:
            return os.getpid()
        try:
            text = path.read_bytes()
        except OSError:
            return None
    return int(text) if text.isdigit() else None
