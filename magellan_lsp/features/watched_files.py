"""workspace/didChangeWatchedFiles: the client tells what changes on disk, where it offers to."""

from __future__ import annotations

import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from magellan_lsp.protocol.server import MagellanServer

log = logging.getLogger(__name__)
_ID = "magellan-watched-files"


def register(server: MagellanServer) -> None:
    """Handle it."""

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change(params: types.DidChangeWatchedFilesParams) -> None:
        server.session.files_changed([change.uri for change in params.changes])


async def watch_through_client(server: MagellanServer) -> bool:
    """Ask the client to watch all folders; False when it cannot, and we have to watch by ourselves.

    All files are asked for and not only source: a folder that goes away is reported by its own name, and
    ignore files and project files count too. What does not matter is sorted out by the indexer's own rules.
    """
    client = server.client
    if not client.register_watching:
        return False
    patterns: list[types.FileSystemWatcher] = []
    if client.relative_patterns:
        patterns = [
            types.FileSystemWatcher(types.RelativePattern(base_uri=folder.uri, pattern="**/*"))
            for folder in server.session.folders
        ]
    patterns = patterns or [types.FileSystemWatcher("**/*")]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers=patterns)
    registration = types.Registration(_ID, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    try:
        await server.client_register_capability_async(types.RegistrationParams([registration]))
    except JsonRpcException as error:
        log.info("The client does not watch files after all: %s", error.message)
        return False
    return True


async def watch_again(server: MagellanServer) -> None:
    """Folders came or went: ask the client to watch those that are there now."""
    if not server.client.register_watching or not server.client.relative_patterns or server.session.watch:
        return
    gone = types.Unregistration(_ID, types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    try:
        await server.client_unregister_capability_async(types.UnregistrationParams([gone]))
    except JsonRpcException as error:
        log.info("The client kept its watchers: %s", error.message)
    await watch_through_client(server)
