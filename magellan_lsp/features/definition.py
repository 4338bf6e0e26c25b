"""textDocument/definition, /declaration, /typeDefinition, /implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from magellan_lsp.protocol import from_lsp
from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


def register(server: MagellanServer) -> None:
    """Answer the four."""
    server.answers(types.TEXT_DOCUMENT_DEFINITION, "definition", definition)
    server.answers(types.TEXT_DOCUMENT_DECLARATION, "declaration", declaration)
    server.answers(types.TEXT_DOCUMENT_TYPE_DEFINITION, "type_definition", type_definition)
    server.answers(types.TEXT_DOCUMENT_IMPLEMENTATION, "implementation", implementation)


def definition(view: View, path: str, params: Any, client: Client) -> Json:
    """Where what the name stands for is defined."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import definition as ask

    found = ask.definition(view.snapshot, path, from_lsp.offset(view, path, params.position))
    return to_lsp.found(view, path, found, links=client.definition_links)


def declaration(view: View, path: str, params: Any, client: Client) -> Json:
    """Where it is declared."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import definition as ask

    found = ask.declaration(view.snapshot, path, from_lsp.offset(view, path, params.position))
    return to_lsp.found(view, path, found, links=client.declaration_links)


def type_definition(view: View, path: str, params: Any, client: Client) -> Json:
    """Where its type is defined."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import definition as ask

    found = ask.type_definition(view.snapshot, path, from_lsp.offset(view, path, params.position))
    return to_lsp.found(view, path, found, links=client.type_definition_links)


def implementation(view: View, path: str, params: Any, client: Client) -> Json:
    """What implements it."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import definition as ask

    found = ask.implementation(view.snapshot, path, from_lsp.offset(view, path, params.position))
    return to_lsp.found(view, path, found, links=client.implementation_links)
