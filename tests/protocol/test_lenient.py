"""What a client says of itself at the start: what does not fit is left out, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types
from pygls.protocol import default_converter

from magellan_lsp.features import lifecycle
from magellan_lsp.protocol.lenient import structured

CONVERTER = default_converter()


def introduced(capabilities: Any, **more: Any) -> tuple[types.InitializeParams, list[str]]:
    return structured(
        lambda data: CONVERTER.structure(data, types.InitializeParams), {"capabilities": capabilities, **more}
    )


def test_what_fits_stays_as_it_is():
    given = {"textDocument": {"definition": {"linkSupport": True}}, "own": {"x": 1}}
    params, dropped = introduced(given, processId=3, rootUri="file:///x")
    assert params == CONVERTER.structure(
        {"capabilities": given, "processId": 3, "rootUri": "file:///x"}, types.InitializeParams
    )
    assert dropped == []


def test_kinds_and_tags_of_a_newer_protocol_cost_only_themselves():
    params, dropped = introduced(
        {
            "textDocument": {
                "documentSymbol": {"symbolKind": {"valueSet": [1, 99, 5, 100]}},
                "hover": {"contentFormat": ["html", "markdown"]},
                "completion": {"completionItem": {"tagSupport": {"valueSet": [1, 9]}}},
            }
        }
    )
    document = params.capabilities.text_document
    assert [int(kind) for kind in document.document_symbol.symbol_kind.value_set] == [1, 5]
    assert list(document.hover.content_format) == [types.MarkupKind.Markdown]
    tags = document.completion.completion_item.tag_support.value_set
    assert list(tags) == [types.CompletionItemTag.Deprecated]
    assert sorted(dropped) == [
        "capabilities.textDocument.completion.completionItem.tagSupport.valueSet[1]",
        "capabilities.textDocument.documentSymbol.symbolKind.valueSet[1]",
        "capabilities.textDocument.documentSymbol.symbolKind.valueSet[3]",
        "capabilities.textDocument.hover.contentFormat[0]",
    ]


@pytest.mark.parametrize(
    ("capabilities", "path"),
    [
        ({"textDocument": {"definition": 5, "hover": {}}}, "capabilities.textDocument.definition"),
        (
            {"workspace": {"workspaceEdit": {"failureHandling": "weird"}}},
            "capabilities.workspace.workspaceEdit.failureHandling",
        ),
        ({"general": {"markdown": {"version": "1"}}}, "capabilities.general.markdown"),
    ],
)
def test_what_is_of_another_shape_counts_as_not_said(capabilities: Any, path: str):
    params, dropped = introduced(capabilities, clientInfo={"name": "one"})
    assert dropped == [path]
    assert params.client_info.name == "one"


def test_the_rest_of_the_introduction_is_taken_as_leniently():
    params, dropped = introduced({}, trace="compact", clientInfo={"version": "1"}, rootUri="file:///x")
    assert params.root_uri == "file:///x"
    assert sorted(dropped) == ["clientInfo", "trace"]


def test_what_cannot_be_mended_is_refused():
    def refuse(data: Any) -> Any:
        raise ValueError("never")

    with pytest.raises(ValueError, match="never"):
        structured(refuse, {"capabilities": {}})


@pytest.mark.parametrize(
    ("given", "folders"),
    [
        ({"root_uri": "file:///a/b%20c"}, [("file:///a/b%20c", "")]),
        ({"root_uri": "/a/b c"}, [("file:///a/b%20c", "")]),
        ({"root_uri": None, "root_path": "/a"}, [("file:///a", "")]),
        ({"root_uri": None}, []),
    ],
)
def test_a_client_without_folders_names_its_root(given, folders):
    params = types.InitializeParams(capabilities=types.ClientCapabilities(), process_id=None, **given)
    assert lifecycle.folders_of(params) == folders
