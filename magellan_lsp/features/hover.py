"""textDocument/hover."""

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
    server.answers(types.TEXT_DOCUMENT_HOVER, "hover", hover)


def hover(view: View, path: str, params: Any, client: Client) -> Json:
    """The name explained."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import hover as ask

    found = ask.hover(view.snapshot, path, from_lsp.offset(view, path, params.position))
    return to_lsp.hover(view, path, found, client) if found is not None else None
