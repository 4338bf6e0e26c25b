"""Requests beyond LSP: params, and documentation."""

from pathlib import Path

import attrs
import pytest

from magellan_lsp import server as _server  # registers all of them
from magellan_lsp.protocol import custom, failures

DOCUMENTATION = (Path(__file__).parents[2] / "docs" / "lsp-extensions.md").read_text(encoding="utf-8")


@attrs.frozen
class Params:
    text_document: custom.TextDocument
    limit: int = 5


@pytest.mark.parametrize("method", sorted(custom.REQUESTS))
def test_every_request_is_documented(method):
    assert _server is not None
    assert f"\n## {method}\n" in DOCUMENTATION


def test_names_are_in_camel_case():
    found = custom.converter().structure({"textDocument": {"uri": "u"}, "more": 1}, Params)
    assert found == Params(custom.TextDocument("u"))


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "textDocument"),
        ({"textDocument": {}}, "uri"),
        ({"textDocument": {"uri": "u"}, "limit": "5"}, "limit"),
        ({"textDocument": {"uri": "u"}, "limit": True}, "limit"),
    ],
)
def test_what_is_wrong_is_said(given, text):
    with pytest.raises(Exception) as caught:
        custom.converter().structure(given, Params)
    message = failures.invalid_params("magellan/x", caught.value).message
    assert "magellan/x" in message
    assert text in message
