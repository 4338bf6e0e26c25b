"""initialize, initialized, shutdown: how a session begins and ends."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from lsprotocol import types

from magellan_lsp.features import graph_changed, registration
from magellan_lsp.features.configuration import Configuration, _plain
from magellan_lsp.features.watched_files import watch_through_client
from magellan_lsp.protocol import capabilities, custom
from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.server import MagellanServer
from magellan_lsp.session import uris

log = logging.getLogger(__name__)
#: Seconds that the indexer may take to end.
_END_S = 8.0
#: So long the client may take to say that it watches before the indexing begins.
_PATIENCE_S = 0.5


def register(server: MagellanServer, configuration: Configuration) -> None:
    """Handle the three."""
    session = server.session
    begun = False

    @server.feature(types.INITIALIZE)
    async def initialize(params: types.InitializeParams) -> types.InitializeResult:
        protocol = server.protocol
        protocol.client_capabilities = params.capabilities
        server.process_id = params.process_id
        server.client = Client.of(params)
        await configuration.begin(_plain(params.initialization_options))
        built = capabilities.build(params.capabilities, protocol.fm, session.settings, list(custom.REQUESTS))
        server.unannounced = capabilities.switched_off(session.settings)
        protocol.server_capabilities = built
        session.encoding = built.position_encoding or "utf-16"  # type: ignore[assignment]
        for uri, name in folders_of(params):
            await session.add_folder(uri, name)
        if params.process_id is not None:
            server.watch_client(params.process_id)
        # after the reply is out: loading must not keep it back
        asyncio.get_running_loop().call_later(0.005, session.warm_up)
        return types.InitializeResult(built, protocol.server_info)

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        nonlocal begun
        if begun:
            log.warning("Ignoring a second initialized")  # each would start another indexer
            return
        begun = True
        server.in_background(begin())

    async def begin() -> None:
        await configuration.pull()
        session.watch = not server.client.register_watching
        graph_changed.start(server)
        # What changes before the client watches is found by the first look at the files, if that comes afterwards.
        watching = server.in_background(watch_through_client(server))
        await asyncio.wait([watching], timeout=_PATIENCE_S)
        is_early = watching.done()
        await session.start()
        server.in_background(registration.register_configuration(server))
        if not session.watch and not await watching:
            await session.watch_by_itself()
        elif not session.watch and not is_early:
            session.rescan()

    @server.feature(types.SHUTDOWN)
    async def shutdown(params: Any) -> None:
        server.protocol.mark_shutdown()
        try:
            await asyncio.wait_for(session.stop(), _END_S)
        except TimeoutError:
            log.warning("The indexer did not end in time")


def folders_of(params: types.InitializeParams) -> list[tuple[str, str]]:
    """URI and name of each folder that the client opens; what it said before LSP had folders counts too."""
    if params.workspace_folders:
        return [(folder.uri, folder.name) for folder in params.workspace_folders]
    if params.root_uri:  # some clients send a path
        is_path = uris.is_absolute(params.root_uri)
        return [(uris.from_path(params.root_uri) if is_path else params.root_uri, "")]
    if params.root_path:
        return [(uris.from_path(params.root_path), "")]
    return []
