"""The source of symbols, of spans and of files, exact to the byte. Tests: ``tests/query/test_details.py``.

A chunk's text is cut from the very bytes that were indexed, and its hash made of it there and then. Where these bytes are
gone (the file was changed or deleted on disk and that is not indexed yet) the stored chunk is given, which says that it is
stale; where none was stored, the place without a text.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from magellan_lsp.extract.chunks import chunk_of, content_hash, file_chunk, kind_word
from magellan_lsp.extract.chunks import chunks as chunks_of_facts
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.query.answers import Place
from magellan_lsp.query.details import source_of
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import Span

#: The kind of a chunk that is of no symbol.
SPAN = "span"


@attrs.frozen
class Piece:
    """A chunk and where it is."""

    path: str
    span: Span
    ref: Ref | None
    """The symbol that it is the text of."""
    kind: str
    """A symbol's (``function``), or ``span``."""
    name: str
    text: str | None
    """None when it is stale and was not stored, or when its bytes are no UTF-8."""
    hash: str | None
    """SHA-256 of the text's UTF-8, 64 lower hex digits; None together with ``text``."""
    is_stale: bool = False
    """The file on disk is no longer the one that was indexed: place and text are those of before."""


def of_file(snapshot: Snapshot, path: str) -> list[Piece]:
    """The chunks of a file's symbols by start, longer first; [] when the file is not known."""
    facts = snapshot.facts(path)
    if facts is None:
        return _carried(snapshot, path)
    source = source_of(snapshot, path)
    if source is not None:
        return [_piece(snapshot, path, chunk) for chunk in chunks_of_facts(facts, source)]
    rows = [row for row in facts.symbols() if row]
    rows.sort(key=lambda row: (facts.def_start[row], -facts.def_end[row], facts.symbol_id(row) or ""))
    return [_stale(snapshot, facts, row) for row in rows]


def of_symbols(snapshot: Snapshot, refs: Iterable[Ref]) -> list[Piece]:
    """The chunk of each definition, in the order given; of a file's own symbol all of its text."""
    found = []
    for ref in refs:
        snapshot.check()
        facts = snapshot.facts(ref[0])
        if facts is None or ref[1] >= len(facts.def_name):
            continue
        source = source_of(snapshot, ref[0])
        if source is None:
            found.append(_stale(snapshot, facts, ref[1]))
            continue
        chunk = _cut(facts, ref[1], source)
        if chunk is not None:
            found.append(_piece(snapshot, ref[0], chunk, ref))
        else:
            found.append(_without_text(facts, ref[1]))
    return found


def of_span(snapshot: Snapshot, path: str, span: Span) -> list[Piece]:
    """The chunks of exactly this span, where symbols have it (``a, b = 1, 2``: two); else its text, of no symbol.

    Without the parts of UTF-8 characters that the span cuts; [] when the file is not known.
    """
    facts = snapshot.facts(path)
    if facts is None:
        return [piece for piece in _carried(snapshot, path) if piece.span == span]
    rows = [row for row in facts.symbols() if row and (facts.def_start[row], facts.def_end[row]) == span]
    if rows:
        return of_symbols(snapshot, [(path, row) for row in rows])
    source = source_of(snapshot, path)
    if source is None:
        return [Piece(path, span, None, SPAN, "", None, None, True)]
    chunk = chunk_of(source, *span, kind=SPAN)
    return [_piece(snapshot, path, chunk)] if chunk is not None else []


def _cut(facts: FileFacts, row: int, source: bytes) -> Chunk | None:
    if row == 0:
        return file_chunk(facts, source)
    full = Place.of(facts, row).full if facts.symbol_id(row) is None else None
    start, end = full if full is not None else (facts.def_start[row], facts.def_end[row])
    name, kind = facts.name(row), kind_word(facts.def_kind[row])
    return chunk_of(source, start, end, facts.symbol_id(row) or "", name, kind)


def _piece(snapshot: Snapshot, path: str, chunk: Chunk, ref: Ref | None = None) -> Piece:
    if ref is None and chunk.symbol:
        ref = snapshot.find(chunk.symbol)
    span = Span(chunk.start, chunk.end)
    return Piece(path, span, ref, chunk.kind, chunk.name, chunk.text, chunk.hash)


def _stale(snapshot: Snapshot, facts: FileFacts, row: int) -> Piece:
    """The stored chunk of a symbol whose file is no longer what it was."""
    symbol_id = facts.symbol_id(row)
    stored: list[Chunk] = []
    if symbol_id is not None and not snapshot.is_overlaid(facts.path):
        stored = snapshot.reader.find_chunks_of_symbol(symbol_id) or []
    for chunk in stored:
        if content_hash(chunk.text.encode("utf-8", "surrogatepass")) == chunk.hash:
            return attrs.evolve(_piece(snapshot, facts.path, chunk, (facts.path, row)), is_stale=True)
    return attrs.evolve(_without_text(facts, row), is_stale=True)


def _without_text(facts: FileFacts, row: int) -> Piece:
    span = Place.of(facts, row).full
    return Piece(
        facts.path, span, (facts.path, row), kind_word(facts.def_kind[row]), facts.name(row), None, None
    )


def _carried(snapshot: Snapshot, path: str) -> list[Piece]:
    """Chunks that came from an older index, of a file that is in none now."""
    found = []
    source = snapshot.read_text(path)
    for chunk in snapshot.reader.find_chunks(path) or () if not snapshot.is_overlaid(path) else ():
        content = chunk.text.encode("utf-8", "surrogatepass")
        same = source is not None and source[chunk.start : chunk.end] == content
        piece = Piece(
            path,
            Span(chunk.start, chunk.end),
            None,
            chunk.kind or SPAN,
            chunk.name,
            chunk.text,
            content_hash(content),
        )
        found.append(attrs.evolve(piece, is_stale=not same))
    return found
