"""What is made of a client's capabilities."""

import pytest
from lsprotocol import types

from magellan_lsp.protocol.client import Client


@pytest.mark.parametrize(("name", "believed"), [("Visual Studio Code", True), ("helix", False), (None, True)])
def test_a_client_that_reports_only_its_own_writes_is_not_left_to_watch(name, believed):
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    params = types.InitializeParams(
        types.ClientCapabilities(
            workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watching)
        ),
        client_info=types.ClientInfo(name) if name else None,
    )
    assert Client.of(params).register_watching is believed
