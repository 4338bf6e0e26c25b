"""textDocument/prepareCallHierarchy, callHierarchy/incomingCalls and /outgoingCalls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from magellan_lsp.protocol import from_lsp
from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


def register(server: MagellanServer) -> None:
    """Answer the three."""
    server.answers(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY, "call_hierarchy", prepare)
    server.answers(types.CALL_HIERARCHY_INCOMING_CALLS, "call_hierarchy", incoming)
    server.answers(types.CALL_HIERARCHY_OUTGOING_CALLS, "call_hierarchy", outgoing)


def prepare(view: View, path: str, params: Any, client: Client) -> Json:
    """The symbols under the cursor as items."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import call_hierarchy as ask

    found = ask.prepare(view.snapshot, path, from_lsp.offset(view, path, params.position))
    return [
        to_lsp.hierarchy_item(view, info, client, ask.detail_of(view.snapshot, info.ref)) for info in found
    ] or None


def incoming(view: View, path: str, params: Any, client: Client) -> Json:
    """Callers; the ranges are in the caller's file."""
    from magellan_lsp.query import call_hierarchy as ask

    ref = from_lsp.item(view, path, params.item)
    return _calls(view, client, "from", ask.incoming(view.snapshot, ref)) if ref is not None else None


def outgoing(view: View, path: str, params: Any, client: Client) -> Json:
    """Callees; the ranges are in the item's own file."""
    from magellan_lsp.query import call_hierarchy as ask

    ref = from_lsp.item(view, path, params.item)
    return _calls(view, client, "to", ask.outgoing(view.snapshot, ref)) if ref is not None else None


def _calls(view: View, client: Client, side: str, calls: list[Any]) -> Json:
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import call_hierarchy as ask

    return [
        {
            side: to_lsp.hierarchy_item(
                view, call.symbol, client, ask.detail_of(view.snapshot, call.symbol.ref)
            ),
            "fromRanges": [view.range(site.path, site.span) for site in call.sites],
        }
        for call in calls
    ]
