"""Registers with the client what it was not told of at ``initialize``: features switched on later,
configuration.
"""

from __future__ import annotations

import logging
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from magellan_lsp.protocol.capabilities import METHODS, switched_off
from magellan_lsp.protocol.server import MagellanServer

log = logging.getLogger(__name__)
_CONFIGURATION_ID = "magellan-configuration"


async def register_configuration(server: MagellanServer) -> None:
    """Ask to be told when settings change."""
    if server.client.register_configuration:
        options = types.DidChangeConfigurationRegistrationOptions(section="magellan")
        await _register(server, _CONFIGURATION_ID, types.WORKSPACE_DID_CHANGE_CONFIGURATION, options)


async def follow(server: MagellanServer) -> None:
    """Bring what the client may ask in line with the settings.

    Features known since ``initialize`` cannot be taken back; where they are off they answer null.
    """
    off = switched_off(server.session.settings)
    for feature in METHODS:
        if feature in server.unannounced and feature not in off:
            if await _register(server, f"magellan-{feature}", METHODS[feature][0], _options(feature)):
                server.unannounced.discard(feature)
                server.registered.add(feature)
        elif feature in server.registered and feature in off:
            gone = types.Unregistration(f"magellan-{feature}", METHODS[feature][0])
            try:
                await server.client_unregister_capability_async(types.UnregistrationParams([gone]))
            except JsonRpcException as error:
                log.info("The client kept %s: %s", feature, error.message)
            server.registered.discard(feature)
            server.unannounced.add(feature)


def _options(feature: str) -> Any:
    if feature == "workspace_symbol":
        return types.WorkspaceSymbolRegistrationOptions(resolve_provider=True)
    if feature == "code_lens":
        return types.CodeLensRegistrationOptions(resolve_provider=True)
    return types.TextDocumentRegistrationOptions(document_selector=None)


async def _register(server: MagellanServer, key: str, method: str, options: Any) -> bool:
    params = types.RegistrationParams([types.Registration(key, method, options)])
    try:
        await server.client_register_capability_async(params)
    except JsonRpcException as error:
        log.info("The client does not take a registration of %s: %s", method, error.message)
        return False
    return True
