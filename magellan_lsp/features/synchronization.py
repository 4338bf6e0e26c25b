"""textDocument/didOpen, /didChange, /didClose, /didSave: what the person sees is what counts."""

from __future__ import annotations

import logging

from lsprotocol import types

from magellan_lsp.errors import UnknownDocument
from magellan_lsp.protocol import from_lsp
from magellan_lsp.protocol.server import MagellanServer

log = logging.getLogger(__name__)


def register(server: MagellanServer) -> None:
    """Handle the four."""
    session = server.session

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        session.open_document(document.uri, document.language_id, document.version, document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        try:
            session.change_document(document.uri, document.version, from_lsp.changes(params.content_changes))
        except UnknownDocument as error:
            log.warning("Ignoring a change: %s", error)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        session.close_document(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        session.flush()
        session.files_changed([params.text_document.uri])
