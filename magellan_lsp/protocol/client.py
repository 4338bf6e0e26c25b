"""What the client said it can do, as plain yes and no."""

from __future__ import annotations

from typing import Any

import attrs
from lsprotocol import types
from pygls.lsp._capabilities import get_capability

#: Clients that take a registration of watched files and then report only what they write themselves.
_WATCH_NOTHING = frozenset({"helix"})


@attrs.frozen
class Client:
    """A client's capabilities, as far as they matter here. The defaults are those of one that says
    nothing.
    """

    definition_links: bool = False
    declaration_links: bool = False
    type_definition_links: bool = False
    implementation_links: bool = False
    hierarchical_symbols: bool = False
    symbol_kinds: frozenset[int] = frozenset(range(1, 19))
    symbol_tags: bool = False
    lazy_workspace_symbols: bool = False
    """Whether ``workspace/symbol`` may leave out ranges, to be resolved when a symbol is chosen."""
    markdown: bool = False
    line_folding_only: bool = False
    max_folds: int = 0
    """0: as many as there are."""
    progress: bool = False
    configuration: bool = False
    register_configuration: bool = False
    register_watching: bool = False
    relative_patterns: bool = False
    server_status: bool = False
    graph_changed: bool = False
    name: str = ""

    @classmethod
    def of(cls, params: types.InitializeParams) -> Client:
        """From the ``initialize`` request."""
        capabilities = params.capabilities

        def has(field: str) -> bool:
            return bool(get_capability(capabilities, field, False))

        def given(field: str) -> Any:
            return get_capability(capabilities, field, None)

        kinds = given("text_document.document_symbol.symbol_kind.value_set")
        formats = given("text_document.hover.content_format") or []
        experimental = capabilities.experimental
        watching = "workspace.did_change_watched_files"
        name = params.client_info.name if params.client_info is not None else ""
        return cls(
            definition_links=has("text_document.definition.link_support"),
            declaration_links=has("text_document.declaration.link_support"),
            type_definition_links=has("text_document.type_definition.link_support"),
            implementation_links=has("text_document.implementation.link_support"),
            hierarchical_symbols=has("text_document.document_symbol.hierarchical_document_symbol_support"),
            symbol_kinds=frozenset(int(kind) for kind in kinds) if kinds else frozenset(range(1, 19)),
            symbol_tags=bool(given("text_document.document_symbol.tag_support")),
            lazy_workspace_symbols="location.range"
            in (given("workspace.symbol.resolve_support.properties") or ()),
            markdown=any(str(getattr(one, "value", one)) == "markdown" for one in formats),
            line_folding_only=has("text_document.folding_range.line_folding_only"),
            max_folds=int(given("text_document.folding_range.range_limit") or 0),
            progress=has("window.work_done_progress"),
            configuration=has("workspace.configuration"),
            register_configuration=has("workspace.did_change_configuration.dynamic_registration"),
            register_watching=has(f"{watching}.dynamic_registration") and name not in _WATCH_NOTHING,
            relative_patterns=has(f"{watching}.relative_pattern_support"),
            server_status=bool(_field(experimental, "serverStatusNotification")),
            graph_changed=bool(_field(_field(experimental, "magellan"), "graphChanged")),
            name=name,
        )


def _field(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return value.get(name)
    return getattr(value, name, None)
