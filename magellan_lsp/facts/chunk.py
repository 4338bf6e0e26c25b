"""A chunk: the text of a symbol, fit to hand to a reader or a model. Tests: ``tests/store/test_second_tier.py``."""

from __future__ import annotations

import msgspec


class Chunk(msgspec.Struct, frozen=True, array_like=True):
    """A span of a file with its text. Append fields, never move them.

    Attributes:
        start, end: its bytes in the file, half-open.
        text: those bytes as UTF-8.
        hash: SHA-256 of the text's UTF-8, 64 lower hex digits, as Magellan has it.
        symbol: SymbolId of the owner; "" where that is not known (a chunk from an old index).
        name: the owner's simple name; "" for none.
        kind: the owner's kind in Magellan's normalized words (``fn``); "" for none.
        created_at: Unix seconds.
    """

    start: int
    end: int
    text: str
    hash: str
    symbol: str = ""
    name: str = ""
    kind: str = ""
    created_at: int = 0
