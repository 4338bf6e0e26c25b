"""Settings from ``initializationOptions``, ``workspace/configuration`` and
``workspace/didChangeConfiguration`` alike.

What was given at start stays the base: a key that is no longer set later falls back to it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from magellan_lsp.features import registration
from magellan_lsp.protocol.server import MagellanServer
from magellan_lsp.settings import Settings, read_settings

log = logging.getLogger(__name__)
SECTION = "magellan"
#: A client that does not answer within so many seconds does not hold up the indexing any longer.
PATIENCE_S = 3.0


class Configuration:
    """One client's settings, from wherever it hands them in."""

    def __init__(self, server: MagellanServer) -> None:
        self._server = server
        self._base = server.session.settings
        self._told: set[str] = set()

    async def begin(self, options: Any) -> None:
        """Take in ``initializationOptions``."""
        self._base = self._read(options, self._base)
        await self._server.session.change_settings(self._base)

    async def pull(self) -> None:
        """Ask the client, if it can be asked; returns early when it takes too long, the answer counts all
        the same.
        """
        if not self._server.client.configuration:
            return
        asking = self._server.in_background(self._ask())
        await asyncio.wait([asking], timeout=PATIENCE_S)

    async def _ask(self) -> None:
        items = [types.ConfigurationItem(section=SECTION)]
        try:
            given = await self._server.workspace_configuration_async(types.ConfigurationParams(items))
        except JsonRpcException as error:
            log.info("The client has no configuration: %s", error.message)
            return
        await self._use(_plain(given[0]) if given else None)

    async def changed(self, given: Any) -> None:
        """Take in what ``didChangeConfiguration`` brought; with nothing in it, the client is to be asked."""
        given = _plain(given)
        if self._server.client.configuration and not (isinstance(given, dict) and given):
            await self._ask()
        else:
            await self._use(given)

    async def _use(self, given: Any) -> None:
        settings = self._read(given, self._base)
        await self._server.session.change_settings(settings)
        await registration.follow(self._server)

    def _read(self, given: Any, base: Settings) -> Settings:
        settings, warnings = read_settings(_plain(given), base)
        for warning in warnings:
            if warning not in self._told:
                self._told.add(warning)
                self._server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, warning))
        if settings.log_level != base.log_level:
            logging.getLogger("magellan_lsp").setLevel(settings.log_level.upper())
        return settings


def _plain(given: Any) -> Any:
    """JSON data of what cattrs or pygls may have made objects of."""
    if hasattr(given, "_asdict"):
        given = given._asdict()
    if isinstance(given, dict):
        return {key: _plain(value) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return [_plain(value) for value in given]
    return given


def register(server: MagellanServer, configuration: Configuration) -> None:
    """Handle ``didChangeConfiguration``."""

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change(params: types.DidChangeConfigurationParams) -> None:
        await configuration.changed(params.settings)
