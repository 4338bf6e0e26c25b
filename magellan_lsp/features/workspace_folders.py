"""workspace/didChangeWorkspaceFolders: folders come and go while the server runs."""

from __future__ import annotations

from lsprotocol import types

from magellan_lsp.features.watched_files import watch_again
from magellan_lsp.protocol.server import MagellanServer


def register(server: MagellanServer) -> None:
    """Handle it."""

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def did_change(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            await server.session.remove_folder(folder.uri)
        added = [await server.session.add_folder(one.uri, one.name) for one in params.event.added]
        server.in_background(watch_again(server, [folder for folder in added if folder is not None]))
