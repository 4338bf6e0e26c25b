"""From LSP's words to ours: which file and offset a request is about, and what an editor changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from magellan_lsp.text import ContentChange, LineColumn

if TYPE_CHECKING:
    from magellan_lsp.resolve.types import Ref
    from magellan_lsp.session.views import View


def uri_of(params: Any) -> str:
    """The document that a request is about: ``textDocument.uri``, or the item's of an earlier answer."""
    document = getattr(params, "text_document", None)
    uri: str = document.uri if document is not None else params.item.uri
    return uri


def offset(view: View, path: str, position: types.Position) -> int:
    """The byte offset of a position, in the text that the view sees."""
    return view.offset(path, position.line, position.character)


def changes(given: Iterable[types.TextDocumentContentChangeEvent]) -> list[ContentChange]:
    """What ``didChange`` says, in its order."""
    found = []
    for one in given:
        if isinstance(one, types.TextDocumentContentChangePartial):
            start, end = one.range.start, one.range.end
            found.append(
                ContentChange(
                    one.text, LineColumn(start.line, start.character), LineColumn(end.line, end.character)
                )
            )
        else:
            found.append(ContentChange(one.text))
    return found


def data_of(given: Any) -> dict[str, Any]:
    """The ``data`` of an item of an earlier answer; empty where the client dropped it or made it up."""
    data = given.data
    return data if isinstance(data, dict) else dict(getattr(data, "__dict__", ()))


def item(view: View, path: str, given: Any) -> Ref | None:
    """The definition that an item of an earlier answer stands for now; None when it is gone.

    The item's ``data`` says which (``to_lsp.item_data``); a client that dropped it is served by the name's
    range.
    """
    from magellan_lsp.query.call_hierarchy import find_item
    from magellan_lsp.query.targets import targets_at

    data = data_of(given)
    symbol_id, row = data.get("id"), data.get("row")
    if symbol_id is None and row is None:
        found = targets_at(view.snapshot, path, offset(view, path, given.selection_range.start))
        return found[0] if found else None
    return find_item(
        view.snapshot,
        symbol_id if isinstance(symbol_id, str) else "",
        path,
        row if isinstance(row, int) else -1,
        str(data.get("name", "")),
    )
