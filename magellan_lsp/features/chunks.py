"""magellan/chunks: the source of symbols, spans and files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from magellan_lsp.protocol.choosing import SymbolChoice, ask
from magellan_lsp.protocol.custom import Position, custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.query.chunks import Piece
    from magellan_lsp.session.views import View


@attrs.frozen
class Range:
    """LSP's ``Range``, in the negotiated encoding."""

    start: Position
    end: Position


@attrs.frozen(kw_only=True)
class ChunkParams(SymbolChoice):
    """A symbol, a document, or a range of one."""

    range: Range | None = None


@custom("magellan/chunks", ChunkParams)
async def chunks(server: MagellanServer, params: ChunkParams) -> Json:
    """The chunks of a symbol with all its overloads, of a span, or of every symbol of a file."""
    return await ask(server, params, "chunks", answer)


def answer(view: View, path: str | None, params: ChunkParams) -> Json:
    """In a thread."""
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query import chunks as query
    from magellan_lsp.text import Span

    if params.symbol is not None or params.position is not None:
        refs = shapes.chosen(view, path, params)
        if not refs:
            return None
        found = query.of_symbols(view.snapshot, refs)
    elif path is not None and params.range is not None:
        start, end = params.range.start, params.range.end
        span = (view.offset(path, one.line, one.character) for one in (start, end))
        found = query.of_span(view.snapshot, path, Span(*sorted(span)))
    elif path is not None:
        found = query.of_file(view.snapshot, path)
    else:
        refs = shapes.chosen(view, path, params)  # says what is missing
        found = []
    return {"chunks": [_chunk(view, piece) for piece in found]}


def _chunk(view: View, piece: Piece) -> dict[str, Any]:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.documents import of_piece

    return {
        **of_piece(piece, partial(shapes.place, view)),
        "symbol": shapes.symbol_of(view, piece.ref) if piece.ref is not None else None,
    }
