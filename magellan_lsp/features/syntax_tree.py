"""magellan/ast and magellan/findNodes: the syntax tree of a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from magellan_lsp.protocol.choosing import FolderChoice, ask, checked_limit
from magellan_lsp.protocol.custom import Position, TextDocument, custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.extract.ast_nodes import SyntaxNode
    from magellan_lsp.session.views import View

#: So many nodes are sent unless the request says otherwise, and so many at most.
LIMIT, MOST = 10_000, 200_000


@attrs.frozen(kw_only=True)
class AstParams(FolderChoice):
    """A document, a place in it, and how deep to go."""

    text_document: TextDocument
    position: Position | None = None
    depth: int | None = None
    tokens: bool = False
    limit: int = LIMIT


@attrs.frozen(kw_only=True)
class FindNodesParams(FolderChoice):
    """A document, and a kind of node."""

    text_document: TextDocument
    kind: str
    limit: int = LIMIT


@custom("magellan/ast", AstParams)
async def ast(server: MagellanServer, params: AstParams) -> Json:
    """The nodes of a file, or those around and inside the smallest one at a position, in preorder."""
    return await ask(server, params, "ast", answer)


@custom("magellan/findNodes", FindNodesParams)
async def find_nodes(server: MagellanServer, params: FindNodesParams) -> Json:
    """The nodes of a kind in a file, in preorder."""
    return await ask(server, params, "ast", answer_find)


def answer(view: View, path: str | None, params: AstParams) -> Json:
    """In a thread."""
    from magellan_lsp.query import syntax

    assert path is not None
    at = params.position
    offset = view.offset(path, at.line, at.character) if at is not None else None
    limit = checked_limit(params.limit, MOST)
    found = syntax.nodes(
        view.snapshot, path, offset, depth=params.depth, tokens=params.tokens, limit=limit + 1
    )
    return _nodes(view, path, found, limit)


def answer_find(view: View, path: str | None, params: FindNodesParams) -> Json:
    """In a thread."""
    from magellan_lsp.query import syntax

    assert path is not None
    limit = checked_limit(params.limit, MOST)
    return _nodes(view, path, syntax.find_nodes(view.snapshot, path, [params.kind], limit=limit + 1), limit)


def _nodes(view: View, path: str, found: list[SyntaxNode] | None, limit: int) -> dict[str, Any] | None:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.documents import of_node

    if found is None:
        return None
    place = partial(shapes.place, view)
    return {
        "nodes": [of_node(path, node, place) for node in found[:limit]],
        "truncated": len(found) > limit,
    }
