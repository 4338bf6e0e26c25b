"""textDocument/references."""

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
    server.answers(types.TEXT_DOCUMENT_REFERENCES, "references", references)


def references(view: View, path: str, params: Any, client: Client) -> Json:
    """Every place where what the name stands for is named."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import references as ask

    offset = from_lsp.offset(view, path, params.position)
    found = ask.references(view.snapshot, path, offset, params.context.include_declaration)
    return to_lsp.locations(view, found)
