"""textDocument/documentHighlight."""

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
    server.answers(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, "document_highlight", highlights)


def highlights(view: View, path: str, params: Any, client: Client) -> Json:
    """The places in this file where what the name stands for is named."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import references as ask

    found = ask.highlights(view.snapshot, path, from_lsp.offset(view, path, params.position))
    return to_lsp.highlights(view, found)
