"""What Magellan's tables say of a file that its facts do not: lines, columns, SHA-256. Read from the file itself.

Where the file on disk is not the one that was indexed (an open buffer was, or it has changed since), nobody
knows its lines; then all of it counts as one line. Tests: ``tests/store/test_sqlite.py``.
"""

from __future__ import annotations

from bisect import bisect_right
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

from blake3 import blake3


class Source:
    """One file as Magellan sees it: lines from 1, columns in bytes from 0, ended by a line feed alone."""

    __slots__ = ("_starts", "hash")

    def __init__(self, data: bytes | None, digest: bytes) -> None:
        self.hash = sha256(data).hexdigest() if data is not None else digest.hex()
        lengths = [len(line) + 1 for line in data.split(b"\n")] if data is not None else []
        self._starts = [0, *accumulate(lengths[:-1])]

    def place(self, offset: int) -> tuple[int, int]:
        """(line, column) of a byte offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1]

    def span(self, start: int, end: int) -> dict[str, int]:
        """The six numbers that Magellan's records have for a span."""
        starts = self._starts
        first = bisect_right(starts, start)
        last = bisect_right(starts, end)
        return {
            "byte_start": start,
            "byte_end": end,
            "start_line": first,
            "start_col": start - starts[first - 1],
            "end_line": last,
            "end_col": end - starts[last - 1],
        }


class Sources:
    """The files of a workspace."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, path: str, digest: bytes) -> Source:
        """The file that was indexed, if it is still there."""
        try:
            data: bytes | None = (self._root / path).read_bytes()
        except (OSError, ValueError):
            data = None
        if data is not None and blake3(data).digest(len(digest)) != digest:
            data = None
        return Source(data, digest)

    def absolute(self, path: str) -> str:
        """The path as Magellan keys it."""
        return shown(f"{self._root}/{path}")


def shown(text: str) -> str:
    """The text as SQLite and JSON take it: what is no UTF-8 in a name becomes ``?``."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
