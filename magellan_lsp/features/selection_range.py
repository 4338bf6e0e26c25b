"""textDocument/selectionRange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from magellan_lsp.protocol import from_lsp
from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


def register(server: MagellanServer) -> None:
    """Answer it."""
    server.answers(types.TEXT_DOCUMENT_SELECTION_RANGE, "selection_range", selection_ranges)


def selection_ranges(view: View, path: str, params: Any, client: Client) -> Json:
    """What surrounds each position, one answer per position."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import structure as ask

    offsets = [from_lsp.offset(view, path, position) for position in params.positions]
    found = ask.selection_ranges(view.snapshot, path, offsets)
    return [to_lsp.selection_range(view, path, spans) for spans in found]
