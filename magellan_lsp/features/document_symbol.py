"""textDocument/documentSymbol: a tree, or a flat list for a client that knows no trees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


def register(server: MagellanServer) -> None:
    """Answer it."""
    server.answers(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, "document_symbol", document_symbols)


def document_symbols(view: View, path: str, params: Any, client: Client) -> Json:
    """The outline of the file."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import symbols as ask

    found = ask.document_symbols(view.snapshot, path)
    if client.hierarchical_symbols:
        return to_lsp.document_symbols(view, path, found, client)
    return to_lsp.flat_symbols(view, path, found, client)
