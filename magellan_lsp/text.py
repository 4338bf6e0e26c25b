"""Byte offsets of a text, and the lines and columns that people and editors call them.

Everything below ``protocol`` speaks of a text as UTF-8 bytes and of places in it as byte offsets; this module
is where they become 0-based lines and columns (in UTF-8, UTF-16 or UTF-32 units) and back, and where an
editor's changes become new bytes. It knows no file, no language and no LSP type. Tests:
``tests/test_text.py``.

Bytes that are no UTF-8 never raise. They count the way editors show them: each *maximal invalid part* (a
stray byte, or the beginning of a sequence that breaks off) is one U+FFFD, so one UTF-16 or UTF-32 unit; in
UTF-8 every byte is a unit of its own.
"""

from __future__ import annotations

import codecs
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Final, Literal, NamedTuple

from magellan_lsp.errors import PositionOutOfRange

PositionEncoding = Literal["utf-8", "utf-16", "utf-32"]

_BOM: Final = codecs.BOM_UTF8

#: Lines are counted in pieces of about this size, so that the list of lines of a large file is never held
#: whole.
_PIECE_BYTES = 1 << 20

#: In a line longer than this that is not ASCII, columns are counted from marks set every ``_MARK_BYTES``;
#: minified files would otherwise cost a pass over the whole line for every position.
_LONG_LINE_BYTES = 1 << 15
_MARK_BYTES = 1 << 12


class Span(NamedTuple):
    """The bytes ``start <= offset < end`` of a text. Ordered by start, then end; empty when both are
    equal.
    """

    start: int
    end: int

    @property
    def n_bytes(self) -> int:
        """How many bytes it is long (``len()`` of a span is that of the pair)."""
        return self.end - self.start

    def touches(self, offset: int) -> bool:
        """Whether a cursor at ``offset`` is in it or directly behind it, which is where cursors rest after a
        word.
        """
        return self.start <= offset <= self.end

    def covers(self, other: Span) -> bool:
        """Whether all of ``other`` lies in it; a span covers itself."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether both have a byte in common; spans that merely meet do not overlap."""
        return self.start < other.end and other.start < self.end


class LineColumn(NamedTuple):
    """A place as editors name it: 0-based line, 0-based column in units of the encoding in which it was asked
    for.
    """

    line: int
    column: int


class LineIndex:
    r"""Where the lines of one text begin; converts byte offsets to lines and columns and back.

    A line ends with ``\n``, ``\r\n`` or ``\r``, as LSP has it; a text of n line ends has n + 1 lines. A byte
    order mark is not part of the text (``bom=False`` for text that an editor sent, where it would be): column
    0 of line 0 is behind it.

    Cost: building is one pass in C, with 4 bytes kept per line. A conversion is a binary search over lines,
    then O(1) where the line is ASCII up to the place, else one decoding of the line up to there.
    """

    __slots__ = ("_ascii", "_data", "_first", "_marks", "_starts", "name")

    def __init__(self, data: bytes, *, name: str = "the document", bom: bool = True) -> None:
        self.name = name
        self._data = data
        self._ascii = data.isascii()
        self._starts = _line_starts(data)
        self._first = len(_BOM) if bom and data.startswith(_BOM) else 0
        self._marks: dict[tuple[int, PositionEncoding], tuple[array[int], array[int]]] = {}

    @property
    def n_lines(self) -> int:
        """How many lines there are; at least 1."""
        return len(self._starts)

    def line_span(self, line: int) -> Span:
        """The bytes of a line without its line end and without a byte order mark.

        Raises:
            PositionOutOfRange: there is no such line.
        """
        starts, data = self._starts, self._data
        if not 0 <= line < len(starts):
            raise PositionOutOfRange(self.name, line, 0, len(starts))
        start = starts[line] if line else self._first
        if line + 1 == len(starts):
            return Span(start, len(data))
        end = starts[line + 1] - 1
        if data[end] == 0x0A and end > start and data[end - 1] == 0x0D:
            end -= 1
        return Span(start, end)

    def line_column(self, offset: int, encoding: PositionEncoding = "utf-16") -> LineColumn:
        r"""The line and column of a byte offset.

        An offset inside a character is taken as that character's start, one inside ``\r\n`` as the line's
        end, one inside the byte order mark as 0:0, one outside the text as the nearest end of it.
        """
        offset = min(max(offset, 0), len(self._data))
        line = bisect_right(self._starts, offset) - 1
        start, end = self.line_span(line)
        return LineColumn(line, self._units(line, start, min(max(offset, start), end), encoding))

    def offset(
        self, line: int, column: int, encoding: PositionEncoding = "utf-16", *, clamp: bool = True
    ) -> int:
        """The byte offset of a line and column.

        A column past the end of the line is the line's end, as LSP has it; one inside a character (a
        surrogate pair) is that character's start. A line past the last one is the end of the text.

        Raises:
            PositionOutOfRange: there is no such line and ``clamp`` is false.
        """
        if line < 0 or line >= len(self._starts):
            if not clamp:
                raise PositionOutOfRange(self.name, line, column, len(self._starts))
            return len(self._data) if line > 0 else self._first
        start, end = self.line_span(line)
        if column <= 0:
            return start
        if encoding == "utf-8" or self._ascii:
            return min(start + column, end)
        if end - start > _LONG_LINE_BYTES:
            offsets, units = self._line_marks(line, Span(start, end), encoding)
            mark = bisect_right(units, column) - 1
            start, column = offsets[mark], column - units[mark]
        # A unit takes at most 4 bytes, so no more of the line than this can matter.
        part = self._data[start : min(end, start + 4 * column)]
        if part[:column].isascii():
            return start + min(column, len(part))
        return start + _n_bytes(part, column, encoding)

    def _units(self, line: int, start: int, offset: int, encoding: PositionEncoding) -> int:
        """How many units lie between the line's start and an offset in it."""
        if self._ascii or encoding == "utf-8":
            return offset - start
        before, end = 0, self.line_span(line).end
        if end - start > _LONG_LINE_BYTES:
            offsets, units = self._line_marks(line, Span(start, end), encoding)
            mark = bisect_right(offsets, offset) - 1
            start, before = offsets[mark], units[mark]
        part = self._data[start : _character_start(self._data, start, offset, end)]
        return before + (len(part) if part.isascii() else _n_units(part, encoding))

    def _line_marks(self, line: int, span: Span, encoding: PositionEncoding) -> tuple[array[int], array[int]]:
        """Offsets at starts of characters, about ``_MARK_BYTES`` apart, and the column of each; both
        ascending.
        """
        found = self._marks.get((line, encoding))
        if found is None:
            offsets, units = array("Q", [span.start]), array("Q", [0])
            for near in range(span.start + _MARK_BYTES, span.end, _MARK_BYTES):
                at = _character_start(self._data, span.start, near, span.end)
                units.append(units[-1] + _n_units(self._data[offsets[-1] : at], encoding))
                offsets.append(at)
            found = self._marks[line, encoding] = offsets, units
        return found


class ContentChange(NamedTuple):
    """One change that an editor made: ``start`` to ``end`` became ``text``; without ``start``, ``text`` is
    all there is.

    The places are lines and columns of the text *before this change*, after those that came with it earlier.
    """

    text: str
    start: LineColumn | None = None
    end: LineColumn | None = None


class Edit(NamedTuple):
    r"""A change in bytes, in the order of arguments that tree-sitter's ``Tree.edit`` takes:
    ``tree.edit(*edit)``.

    A point is (row, byte column) as tree-sitter counts, for which only ``\n`` ends a row.
    """

    start_byte: int
    old_end_byte: int
    new_end_byte: int
    start_point: tuple[int, int]
    old_end_point: tuple[int, int]
    new_end_point: tuple[int, int]


class Changed(NamedTuple):
    """A text after an editor's changes, and the edits, one per change and in their order, that led there."""

    data: bytes
    edits: tuple[Edit, ...]


def apply_changes(data: bytes, changes: Iterable[ContentChange], encoding: PositionEncoding) -> Changed:
    """The text after an editor's changes, applied one after the other.

    Places past the end of a line or of the text are taken as that end; an end before its start as the start.
    Columns are in units of ``encoding``. A byte order mark that the editor sent counts as a character, since
    it is one to the editor.

    Cost: per change, one pass in C over the text.
    """
    edits: list[Edit] = []
    for change in changes:
        if change.start is None:
            start, end = 0, len(data)
        else:
            index = LineIndex(data, bom=False)
            start = index.offset(*change.start, encoding)
            end = max(start, index.offset(*(change.end or change.start), encoding))
        text = encode_text(change.text)
        after = b"".join((data[:start], text, data[end:]))
        new_end = start + len(text)
        edits.append(
            Edit(start, end, new_end, _point(data, start), _point(data, end), _point(after, new_end))
        )
        data = after
    return Changed(data, tuple(edits))


def encode_text(text: str) -> bytes:
    """The UTF-8 of a text that an editor sent.

    JSON can carry half a surrogate pair, which has no UTF-8. It becomes U+FFFD, which takes as many UTF-16
    and UTF-32 units, so columns stay those of the editor.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


class Decoded(NamedTuple):
    """A text for people, and the name of the encoding that it was taken to be in."""

    text: str
    encoding: Literal["utf-8", "utf-16-le", "utf-16-be", "latin-1"]


def decode_source(data: bytes) -> Decoded:
    """The text of a source file, to be shown to people; a byte order mark is left out.

    UTF-8 where that decodes; UTF-16 where its byte order mark says so (bad pairs become U+FFFD); else
    Latin-1, which always decodes and keeps the ASCII of the file readable. Never raises.
    """
    if data.startswith(codecs.BOM_UTF16_LE):
        return Decoded(data[2:].decode("utf-16-le", "replace"), "utf-16-le")
    if data.startswith(codecs.BOM_UTF16_BE):
        return Decoded(data[2:].decode("utf-16-be", "replace"), "utf-16-be")
    try:
        return Decoded(data.removeprefix(_BOM).decode(), "utf-8")
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "latin-1")


def _line_starts(data: bytes) -> array[int]:
    # bytes.splitlines knows exactly the three line ends of LSP and is several times faster than a regular
    # expression.
    starts = array("I" if len(data) < 1 << 32 else "Q", [0])
    at = 0
    while at < len(data):
        # Cutting behind a \n never cuts a \r\n in two.
        cut = data.find(b"\n", at + _PIECE_BYTES) + 1 or len(data)
        ends = accumulate(map(len, data[at:cut].splitlines(keepends=True)), initial=at)
        next(ends)
        starts.extend(ends)
        at = cut
    if data and data[-1] not in b"\r\n":
        starts.pop()
    return starts


def _point(data: bytes, offset: int) -> tuple[int, int]:
    return data.count(b"\n", 0, offset), offset - (data.rfind(b"\n", 0, offset) + 1)


# Invalid parts are decoded to one lone surrogate each, which valid UTF-8 never gives: U+DC00 plus the part's
# length (1 to 3 bytes). So one character is one unit (or a pair), and the way back to bytes knows how many
# there were. Low surrogates, because a high one at the end of cut UTF-16 has to mean half a pair.
_INVALID: Final = "magellan-invalid"


def _invalid_part(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        return chr(0xDC00 + error.end - error.start), error.end
    if isinstance(error, UnicodeEncodeError):
        return b"?" * sum(ord(mark) - 0xDC00 for mark in error.object[error.start : error.end]), error.end
    raise error


codecs.register_error(_INVALID, _invalid_part)


def _n_units(part: bytes, encoding: PositionEncoding) -> int:
    """How many units whole characters take."""
    if encoding == "utf-8":
        return len(part)
    text = part.decode("utf-8", _INVALID)
    return len(text) if encoding == "utf-32" else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _n_bytes(part: bytes, column: int, encoding: PositionEncoding) -> int:
    """How many bytes the whole characters in the first ``column`` units take."""
    text = part.decode("utf-8", _INVALID)
    if encoding == "utf-32":
        prefix = text[:column]
    else:
        cut = text.encode("utf-16-le", "surrogatepass")[: 2 * column]
        if len(cut) and 0xD8 <= cut[-1] <= 0xDB:
            cut = cut[:-2]
        prefix = cut.decode("utf-16-le", "surrogatepass")
    return len(prefix.encode("utf-8", _INVALID))


def _character_start(data: bytes, start: int, offset: int, end: int) -> int:
    """``offset``, or the start of the character (or invalid part) that it is inside of."""
    if offset >= end or data[offset] & 0xC0 != 0x80:
        return offset
    for lead in range(offset - 1, max(offset - 4, start - 1), -1):
        if data[lead] & 0xC0 != 0x80:
            if data[lead] < 0x80:
                return offset
            first = data[lead : min(lead + 4, end)].decode("utf-8", _INVALID)[0]
            return lead if len(first.encode("utf-8", _INVALID)) > offset - lead else offset
    return offset
