"""The tokens of a tree as operators and operands, for Halstead's measures and for counting lines.

No library that this project keeps counts them for all eight languages, so this is a pass of our own over the leaves of
the syntax tree, the same for every language:

- *operands* are named leaves: identifiers, numbers, the contents of strings, ``true``, ``self``;
- *operators* are all others: punctuation and keywords. A bracket counts once, with its opening half; quotes and comments
  do not count.

Tests: ``tests/extract/test_metrics.py``.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left

from tree_sitter import Node

from magellan_lsp.facts.metrics import Halstead

_CLOSING = frozenset({")", "]", "}", '"', "'", "`", "", "\n"})
_SKIPPED = frozenset({"string_start", "string_end"})


class Tokens:
    """The leaves of a tree in source order.

    Attributes:
        starts, ends: bytes of each token.
        words: a number for each token: equal for equal tokens, even for operators, odd for operands.
        comments: spans of comments.
    """

    __slots__ = ("comments", "ends", "operand", "starts", "words")

    def __init__(self, root: Node, source: bytes) -> None:
        self.starts = array("q")
        self.ends = array("q")
        self.words = array("q")
        self.operand = bytearray()
        self.comments: list[tuple[int, int]] = []
        numbers: dict[tuple[bool, bytes], int] = {}
        starts, ends, words, operand = self.starts, self.ends, self.words, self.operand
        cursor = root.walk()
        going = True
        while going:
            if cursor.goto_first_child():
                continue
            node = cursor.node
            assert node is not None
            kind = node.type
            if kind.endswith("comment"):
                self.comments.append((node.start_byte, node.end_byte))
            elif kind not in _CLOSING and kind not in _SKIPPED:
                start, end = node.start_byte, node.end_byte
                if end > start:
                    named = node.is_named
                    key = (named, source[start:end])
                    number = numbers.get(key)
                    if number is None:
                        number = numbers[key] = 2 * len(numbers) + named
                    starts.append(start)
                    ends.append(end)
                    words.append(number)
                    operand.append(named)
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    going = False
                    break
                parent = cursor.node
                # Comments of some languages have parts; the whole is what counts, and it was no leaf.
                if parent is not None and parent.type.endswith("comment"):
                    self._whole_comment(parent)

    def _whole_comment(self, node: Node) -> None:
        start, end = node.start_byte, node.end_byte
        while self.starts and self.starts[-1] >= start:
            self.starts.pop()
            self.ends.pop()
            self.words.pop()
            self.operand.pop()
        while self.comments and self.comments[-1][0] >= start:
            self.comments.pop()
        self.comments.append((start, end))

    def halstead(self, start: int, end: int) -> Halstead:
        """The measures of a span of bytes."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        distinct = set(self.words[first:last])
        n_operands = self.operand.count(1, first, last)
        distinct_operands = sum(word & 1 for word in distinct)
        return Halstead(
            len(distinct) - distinct_operands, distinct_operands, last - first - n_operands, n_operands
        )

    def line_counts(self, lines: list[int]) -> tuple[int, int, int]:
        """(lines with a token, with a comment only, blank). ``lines``: where each line begins."""
        marks = bytearray(len(lines))
        _mark(marks, lines, self.comments, 1)
        _mark(marks, lines, list(zip(self.starts, self.ends, strict=True)), 2)
        return marks.count(2), marks.count(1), marks.count(0)


def _mark(marks: bytearray, lines: list[int], spans: list[tuple[int, int]], value: int) -> None:
    row, last = 0, len(lines) - 1
    for start, end in spans:
        while row < last and lines[row + 1] <= start:
            row += 1
        at = row
        while at <= last and lines[at] < end:
            marks[at] = value
            at += 1
