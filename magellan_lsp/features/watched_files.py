"""workspace/didChangeWatchedFiles: the client tells what changes on disk, where it offers to."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from magellan_lsp.protocol.server import MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.folders import Folder

log = logging.getLogger(__name__)
_ID = "magellan-watched-files"
_numbers = itertools.count()


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
    own_id = f"{_ID}-{next(_numbers)}"
    registration = types.Registration(own_id, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    try:
        await server.client_register_capability_async(types.RegistrationParams([registration]))
    except JsonRpcException as error:
        log.info("The client does not watch files after all: %s", error.message)
        return False
    server.watching_ids.append(own_id)
    return True


async def watch_again(server: MagellanServer, added: Sequence[Folder]) -> None:
    """Folders came or went: ask the client to watch those that are there now.

    The watchers before go when the new ones are there, and what changed in a new folder until then is looked for.
    """
    if not server.client.register_watching or not server.client.relative_patterns or server.session.watch:
        return
    async with server.watching_lock:
        before = list(server.watching_ids)
        if not await watch_through_client(server):
            return
        server.session.rescan(added)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        gone = types.UnregistrationParams([types.Unregistration(one, method) for one in before])
        del server.watching_ids[: len(before)]
        try:
            await server.client_unregister_capability_async(gone)
        except JsonRpcException as error:
            log.info("The client kept its watchers: %s", error.message)
