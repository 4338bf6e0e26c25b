"""``magellan/graphChanged``, for clients that ask for it with ``capabilities.experimental.magellan.graphChanged``."""

from __future__ import annotations

from typing import Any

from magellan_lsp.protocol.server import MagellanServer
from magellan_lsp.session.graph_events import GraphEvent, GraphEvents

METHOD = "magellan/graphChanged"


def start(server: MagellanServer) -> None:
    """Begin to tell the client, if it wants to hear it; to be called once it is known and indexing has not begun."""
    if server.client.graph_changed:
        server.in_background(_tell(server, GraphEvents(server.session)))


async def _tell(server: MagellanServer, events: GraphEvents) -> None:
    async for event in events:
        server.protocol.notify_raw(METHOD, to_json(event))


def to_json(event: GraphEvent) -> dict[str, Any]:
    """The notification's params."""
    uri_of = event.folder.uri_of
    return {
        "folder": event.folder.uri,
        "generation": event.generation,
        "indexed": [uri_of(path) for path in event.indexed],
        "removed": [uri_of(path) for path in event.removed],
        "changed": list(event.changed),
        "truncated": event.truncated,
    }
