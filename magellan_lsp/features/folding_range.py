"""textDocument/foldingRange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


def register(server: MagellanServer) -> None:
    """Answer it."""
    server.answers(types.TEXT_DOCUMENT_FOLDING_RANGE, "folding_range", folding_ranges)


def folding_ranges(view: View, path: str, params: Any, client: Client) -> Json:
    """What folds in the file."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import structure as ask

    return to_lsp.folds(ask.folding_ranges(view.snapshot, path), client)
