"""Comments that document what comes below them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

#: So many line breaks may be between two comments of one block.
_MAX_GAP = 1
_MAX_GAP_BYTES = 200


class CommentBlocks:
    """Runs of comments on consecutive lines, without those that stand behind code.

    Args:
        comments: (start, end) of each, in bytes, in any order.
    """

    def __init__(self, source: bytes, comments: Sequence[tuple[int, int]]) -> None:
        self._source = source
        blocks: list[tuple[int, int]] = []
        for start, end in sorted(comments):
            if blocks:
                gap = source[blocks[-1][1] : start]
                if not gap.strip() and gap.count(b"\n") <= _MAX_GAP:
                    blocks[-1] = (blocks[-1][0], end)
                    continue
            line = source.rfind(b"\n", 0, start) + 1
            if source[line:start].strip():
                continue  # it belongs to the code before it, not to what is below
            blocks.append((start, end))
        self._blocks = blocks
        self._ends = [end for _, end in blocks]

    def above(self, start: int) -> tuple[int, int] | None:
        """The block that ends on the line above ``start``, or on the same line."""
        at = bisect_right(self._ends, start) - 1
        if at < 0:
            return None
        gap = self._source[self._ends[at] : start]
        if len(gap) < _MAX_GAP_BYTES and gap.count(b"\n") <= 1 and not gap.strip():
            return self._blocks[at]
        return None
