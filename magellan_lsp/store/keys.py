"""Keys of the embedded store: how texts, symbols and file numbers become bytes whose order is answer order.

Knows of no database but for its limit on key length. The layout is written down in ``docs/index-format.md``.
Tests: ``tests/store/test_keys.py``.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable

from blake3 import blake3

from magellan_lsp.store.codec import to_bytes

#: LMDB's limit, as it is compiled by default.
MAX_KEY = 511

#: Texts of more bytes than this are cut and a hash is put in place of the rest. What is cut is longer than
#: any text that is not, so that the two never meet; together with a family byte and a chunk number it fits
#: MAX_KEY.
LONGEST_TEXT = 480
_CUT = 465
_HASHED = 16

# Families of the posting table beside `Family` and `postings` (1 to 8). Members of the first three are
# numbers of names, of the others numbers of files. Those that linking adds come last: they are appended.
TRIGRAM = 16
PAIR = 17
INITIALS = 18
REFERRED = 32
RELATED = 32  # + RelationKind

#: A posting list is kept in pieces, each for 4,096 consecutive numbers, so that adding to it costs at most 8
#: KiB.
CHUNK_BITS = 12
_LOW = (1 << CHUNK_BITS) - 1
_LAST_CHUNK = (1 << 32 - CHUNK_BITS) - 1

_NUMBER = struct.Struct(">I")
number_key = _NUMBER.pack


def number_of(key: bytes | memoryview) -> int:
    """The number that a key (or the first four bytes of a value) holds.

    Raises:
        struct.error: it is shorter than any that was written. This and what follows become an
            ``IndexDamagedError`` where a transaction ends.
    """
    return int(_NUMBER.unpack_from(key)[0])


def text_key(text: str) -> bytes:
    """The text as a key. Short ones keep code point order; a long one keeps it as far as it was not cut."""
    data = to_bytes(text)
    return data if len(data) <= LONGEST_TEXT else data[:_CUT] + blake3(data).digest(_HASHED)


def is_cut(key: bytes | memoryview) -> bool:
    """Whether :func:`text_key` cut the text, so that the full one has to be looked up beside it."""
    return len(key) > LONGEST_TEXT


def name_key(folded: str, name: str) -> bytes:
    """A name's key in the table of names: by its folded form, then by itself."""
    key = to_bytes(folded) + b"\0" + to_bytes(name)
    return key if len(key) <= LONGEST_TEXT else key[:_CUT] + blake3(key).digest(_HASHED)


def chunk_key(family: int, key: bytes, chunk: int) -> bytes:
    """The key of one piece of a posting list."""
    return b"%c%b%b" % (family, key, _NUMBER.pack(chunk))


def pack_members(numbers: Iterable[int]) -> bytes:
    """The value of a piece: the low bits of its (sorted, distinct) numbers."""
    return array("H", [number & _LOW for number in numbers]).tobytes()


def unpack_members(chunk: int, value: bytes | memoryview) -> list[int]:
    """The numbers in a piece, sorted.

    Raises:
        struct.error: no such piece was written.
    """
    if len(value) & 1 or chunk > _LAST_CHUNK:
        raise struct.error(f"a piece {chunk} of {len(value)} bytes")
    low = memoryview(value).cast("H").tolist()
    base = chunk << CHUNK_BITS
    return [base + number for number in low] if base else low


def detail_key(number: int, detail: int, rest: bytes = b"") -> bytes:
    """The key of a detail of a file."""
    return b"%b%c%b" % (_NUMBER.pack(number), detail, rest)


def symbol_value(number: int, definition: int) -> bytes:
    """Where a symbol lives."""
    return struct.pack(">II", number, definition)


def symbol_place(value: bytes | memoryview) -> tuple[int, int]:
    """(file number, definition).

    Raises:
        struct.error: it is not what :func:`symbol_value` gives.
    """
    number, definition = struct.unpack(">II", value)
    return number, definition
