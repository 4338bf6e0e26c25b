"""What the server says it can do, for a client with its capabilities and settings."""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.feature_manager import FeatureManager

from magellan_lsp.settings import Settings

#: The methods of each feature that can be switched off; the first is the one that a client is told of.
METHODS: Mapping[str, tuple[str, ...]] = {
    "definition": (types.TEXT_DOCUMENT_DEFINITION,),
    "declaration": (types.TEXT_DOCUMENT_DECLARATION,),
    "type_definition": (types.TEXT_DOCUMENT_TYPE_DEFINITION,),
    "implementation": (types.TEXT_DOCUMENT_IMPLEMENTATION,),
    "references": (types.TEXT_DOCUMENT_REFERENCES,),
    "document_highlight": (types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT,),
    "hover": (types.TEXT_DOCUMENT_HOVER,),
    "document_symbol": (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL,),
    "workspace_symbol": (types.WORKSPACE_SYMBOL, types.WORKSPACE_SYMBOL_RESOLVE),
    "call_hierarchy": (types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY,),
    "type_hierarchy": (types.TEXT_DOCUMENT_PREPARE_TYPE_HIERARCHY,),
    "folding_range": (types.TEXT_DOCUMENT_FOLDING_RANGE,),
    "selection_range": (types.TEXT_DOCUMENT_SELECTION_RANGE,),
    "code_lens": (types.TEXT_DOCUMENT_CODE_LENS, types.CODE_LENS_RESOLVE),
    "document_link": (types.TEXT_DOCUMENT_DOCUMENT_LINK,),
}


def switched_off(settings: Settings) -> set[str]:
    """Features that answer for no language at all."""
    languages = list(settings.languages)
    return {
        feature
        for feature in METHODS
        if not settings.enabled(feature) and not any(settings.enabled(feature, one) for one in languages)
    }


def build(
    client: types.ClientCapabilities, features: FeatureManager, settings: Settings, custom: list[str]
) -> types.ServerCapabilities:
    """The ``capabilities`` of the reply to ``initialize``.

    A feature that is switched off is left out, so that a client that runs several servers does not ask
    this one.
    """
    off = {method for feature in switched_off(settings) for method in METHODS[feature]}
    names = (features.features.keys() | features.builtin_features.keys()) - off
    built: types.ServerCapabilities = ServerCapabilitiesBuilder(
        client,
        set(names),
        features.feature_options,
        [],
        types.TextDocumentSyncKind.Incremental,
        None,
        ServerCapabilitiesBuilder.choose_position_encoding(client),
    ).build()  # type: ignore[no-untyped-call]
    built.execute_command_provider = types.ExecuteCommandOptions(commands=sorted(custom))
    built.experimental = {"magellan": {"requests": sorted(custom)}}
    return built
