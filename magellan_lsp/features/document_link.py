"""textDocument/documentLink: the module paths of imports lead to the files that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


def register(server: MagellanServer) -> None:
    """Answer it."""
    server.answers(types.TEXT_DOCUMENT_DOCUMENT_LINK, "document_link", links)


def links(view: View, path: str, params: Any, client: Client) -> Json:
    """The imports whose files are known."""
    from magellan_lsp.query import document_link as ask

    return [
        {"range": view.range(path, link.span), "target": view.uri(link.target)}
        for link in ask.document_links(view.snapshot, path)
    ]
