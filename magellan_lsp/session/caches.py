"""What is kept between requests because it stays true: facts by digest, and line indexes of files on disk.

Bounded in bytes, for all threads. Tests: ``tests/session/test_caches.py``.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

from magellan_lsp.facts.file_facts import COLUMNS, FileFacts
from magellan_lsp.session.folders import path_in
from magellan_lsp.text import LineIndex

T = TypeVar("T")


class Bounded(Generic[T]):
    """The most recently used values, as many as fit into ``max_bytes``. Safe to share between threads."""

    def __init__(self, max_bytes: int, cost: Callable[[T], int]) -> None:
        self.max_bytes = max_bytes
        self._cost = cost
        self._values: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """The value, None when it is not (or no longer) there."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: T) -> None:
        """Keep a value; the ones unused for longest make room. One that is larger than all the room is not
        kept.
        """
        size = self._cost(value)
        if size > self.max_bytes:
            return
        with self._lock:
            old = self._values.pop(key, None)
            self._bytes += size - (old[1] if old is not None else 0)
            self._values[key] = value, size
            while self._bytes > self.max_bytes:
                _, (_, freed) = self._values.popitem(last=False)
                self._bytes -= freed

    @property
    def n_bytes(self) -> int:
        """What the kept values are thought to take."""
        return self._bytes


def facts_cost(facts: FileFacts) -> int:
    """About how many bytes facts take, as measured: the objects of an empty file's alone take 10.8 kB."""
    columns = 4 * sum([len(getattr(facts, column)) for column in COLUMNS])
    return 10_800 + columns + 80 * len(facts.names) + 190 * len(facts.symbol_ids)


#: Two changes within so long of each other may leave a file with one and the same time: systems count it in steps, the
#: coarsest of them (FAT's) in two seconds.
_STEP_NS = 2_000_000_000


class DiskText(NamedTuple):
    """A file's bytes as they were when it had this stat."""

    mtime_ns: int
    size: int
    inode: int
    digest: bytes
    lines: LineIndex
    data: bytes
    is_settled: bool
    """Whether a later change of the file shows in its time, since the text was read well after the last one."""


class DiskTexts:
    """Texts of files on disk, read again when their stat changed. Safe to share between threads."""

    def __init__(self, max_bytes: int, max_file_size: int) -> None:
        # a line index keeps 4 bytes a line beside the text
        self._kept: Bounded[DiskText] = Bounded(max_bytes, lambda text: text.size * 5 // 4 + 500)
        self.max_file_size = max_file_size

    def read(self, path: str, within: str = "") -> DiskText | None:
        """The regular file's text now; None when there is none, it is too large or not to be read.

        ``within``: the real folder that links on the way must not lead out of; "" for none.
        """
        try:
            status = os.stat(path)  # noqa: PTH116 - hot, as below
        except (OSError, ValueError):
            return None
        found = self._kept.get(path)
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if found is not None and found[:3] == stamp and found.is_settled:
            return found
        if not stat.S_ISREG(status.st_mode) or status.st_size > self.max_file_size:
            return None
        if within and path_in(within, os.path.realpath(path)) is None:
            return None
        read_at = time.time_ns()
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - hot, and the path is text already
                data = file.read(self.max_file_size + 1)
        except OSError:
            return None
        if len(data) > self.max_file_size:
            return None
        is_settled = read_at - status.st_mtime_ns > _STEP_NS
        if found is not None and found[:3] == stamp and found.data == data:
            if not is_settled:
                return found
            text = found._replace(is_settled=True)
        else:
            from magellan_lsp.extract.engine import digest_of

            text = DiskText(*stamp, digest_of(data), LineIndex(data), data, is_settled)
        self._kept.put(path, text)
        return text
