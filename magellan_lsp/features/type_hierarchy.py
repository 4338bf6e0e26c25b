"""textDocument/prepareTypeHierarchy, typeHierarchy/supertypes and /subtypes."""

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
    server.answers(types.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY, "type_hierarchy", prepare)
    server.answers(types.TYPE_HIERARCHY_SUPERTYPES, "type_hierarchy", supertypes)
    server.answers(types.TYPE_HIERARCHY_SUBTYPES, "type_hierarchy", subtypes)


def prepare(view: View, path: str, params: Any, client: Client) -> Json:
    """The types under the cursor as items."""
    from magellan_lsp.query import type_hierarchy as ask

    found = ask.prepare(view.snapshot, path, from_lsp.offset(view, path, params.position))
    return _items(view, client, found) or None


def supertypes(view: View, path: str, params: Any, client: Client) -> Json:
    """Direct supertypes."""
    from magellan_lsp.query import type_hierarchy as ask

    ref = from_lsp.item(view, path, params.item)
    return _items(view, client, ask.supertypes(view.snapshot, ref)) if ref is not None else None


def subtypes(view: View, path: str, params: Any, client: Client) -> Json:
    """Direct subtypes."""
    from magellan_lsp.query import type_hierarchy as ask

    ref = from_lsp.item(view, path, params.item)
    return _items(view, client, ask.subtypes(view.snapshot, ref)) if ref is not None else None


def _items(view: View, client: Client, found: list[Any]) -> list[Json]:
    from magellan_lsp.protocol import to_lsp

    return [to_lsp.hierarchy_item(view, info, client) for info in found]
