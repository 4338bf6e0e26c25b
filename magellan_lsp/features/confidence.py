"""magellan/definition and magellan/references: as LSP's, and how sure each answer is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from magellan_lsp.protocol.choosing import SymbolChoice, ask
from magellan_lsp.protocol.custom import Position, TextDocument, custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.query.confidence import Meaning, Use
    from magellan_lsp.session.views import View


@attrs.frozen(kw_only=True)
class DefinitionParams(SymbolChoice):
    """A name in a document."""

    text_document: TextDocument
    position: Position


@attrs.frozen(kw_only=True)
class ReferencesParams(SymbolChoice):
    """A symbol, and what counts."""

    include_declaration: bool = False
    include_candidates: bool = False


@custom("magellan/definition", DefinitionParams)
async def definition(server: MagellanServer, params: DefinitionParams) -> Json:
    """What a name may stand for, the surest first."""
    return await ask(server, params, "definition", definitions)


@custom("magellan/references", ReferencesParams)
async def references(server: MagellanServer, params: ReferencesParams) -> Json:
    """Where a symbol is used, the surest first."""
    return await ask(server, params, "references", uses)


def definitions(view: View, path: str | None, params: DefinitionParams) -> Json:
    """In a thread."""
    from magellan_lsp.query import confidence

    if path is None:
        return None
    offset = view.offset(path, params.position.line, params.position.character)
    found = confidence.meanings(view.snapshot, path, offset)
    return {"definitions": [one for meaning in found if (one := _definition(view, meaning)) is not None]}


def _definition(view: View, meaning: Meaning) -> dict[str, Any] | None:
    from magellan_lsp.protocol import shapes

    symbol = shapes.symbol_of(view, meaning.ref)
    return {**symbol, "confidence": meaning.confidence.value} if symbol is not None else None


def uses(view: View, path: str | None, params: ReferencesParams) -> Json:
    """In a thread."""
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query import confidence

    refs = shapes.chosen(view, path, params)
    if not refs:
        return None
    found = confidence.uses(
        view.snapshot,
        refs,
        include_declaration=params.include_declaration,
        include_candidates=params.include_candidates,
    )
    return {"references": [_use(view, one) for one in found]}


def _use(view: View, use: Use) -> dict[str, Any]:
    from magellan_lsp.protocol import shapes

    return {
        **shapes.place(view, use.occurrence.path, use.occurrence.span),
        "role": use.occurrence.role.name.lower(),
        "confidence": use.confidence.value,
        "candidates": use.candidates,
    }
