"""Chunks: the text of each symbol and of any span, exact to the byte. Tests: ``tests/extract/test_chunks.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256

from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefKind


def content_hash(content: bytes) -> str:
    """SHA-256 as 64 lower hex digits, as Magellan keeps it."""
    return sha256(content).hexdigest()


def whole_characters(source: bytes, start: int, end: int) -> tuple[int, int]:
    """The span without the parts of UTF-8 characters that it cuts: its start moves on, its end back.

    A span outside the file is cut to it. Bytes that are no UTF-8 count as characters of their own.
    """
    size = len(source)
    start, end = min(max(start, 0), size), min(max(end, 0), size)
    first = start
    while first < size and first < start + 3 and source[first] & 0xC0 == 0x80 and _inside(source, first):
        first += 1
    last = end
    while (
        last > first
        and last < size
        and last > end - 3
        and source[last] & 0xC0 == 0x80
        and _inside(source, last)
    ):
        last -= 1
    return first, max(first, last)


def _inside(source: bytes, offset: int) -> bool:
    """Whether a continuation byte belongs to a valid character that begins before it."""
    for lead in range(offset - 1, max(offset - 4, -1), -1):
        byte = source[lead]
        if byte & 0xC0 == 0x80:
            continue
        length = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1
        if lead + length <= offset:
            return False
        try:
            source[lead : lead + length].decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True
    return False


def chunk_of(
    source: bytes, start: int, end: int, symbol: str = "", name: str = "", kind: str = "", now: int = 0
) -> Chunk | None:
    """The chunk of a span; None where its bytes are no UTF-8, which no text can hold.

    The span is kept to whole characters, so that ``text`` encodes to exactly ``source[start:end]`` of the chunk.
    """
    start, end = whole_characters(source, start, end)
    content = source[start:end]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return Chunk(start, end, text, content_hash(content), symbol, name, kind, now)


def kind_word(kind: int) -> str:
    """Our word for a kind of symbol."""
    return DefKind(kind).name.lower()


def chunks(
    facts: FileFacts, source: bytes, *, kind_of: Callable[[int], str] = kind_word, now: int = 0
) -> list[Chunk]:
    """One chunk per symbol, by start, then longer first. The file's own symbol has none; see :func:`file_chunk`.

    Symbols that share a span (``a = b = 1``) have a chunk each. Nested symbols give chunks that overlap.

    Args:
        facts: of exactly these bytes.
        kind_of: the word for a DefKind; Magellan's own words are the store's business.
        now: Unix seconds.
    """
    found = []
    for definition in facts.symbols():
        if definition:
            chunk = chunk_of(
                source,
                facts.def_start[definition],
                facts.def_end[definition],
                facts.symbol_id(definition) or "",
                facts.name(definition),
                kind_of(facts.def_kind[definition]),
                now,
            )
            if chunk is not None:
                found.append(chunk)
    found.sort(key=lambda chunk: (chunk.start, -chunk.end, chunk.symbol))
    return found


def file_chunk(facts: FileFacts, source: bytes, now: int = 0) -> Chunk | None:
    """The whole file as one chunk."""
    return chunk_of(
        source, 0, len(source), facts.symbol_id(0) or "", facts.name(0), kind_word(facts.def_kind[0]), now
    )


def is_stale(chunk: Chunk, source: bytes) -> bool:
    """Whether the bytes that a chunk was made of are no longer at its place."""
    content = source[chunk.start : chunk.end]
    return chunk.end > len(source) or content_hash(content) != chunk.hash


def stale(stored: Iterable[Chunk], source: bytes) -> list[Chunk]:
    """The chunks that the file no longer holds at their places, in the order given."""
    return [chunk for chunk in stored if is_stale(chunk, source)]
