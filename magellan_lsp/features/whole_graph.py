"""magellan/deadCode, cycles, condense, rank, collisions, labels, find: questions about the graph of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from magellan_lsp.errors import UsageError
from magellan_lsp.protocol.choosing import LIMIT, LimitedFolderChoice, SymbolChoice, ask, checked_limit
from magellan_lsp.protocol.custom import custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


@attrs.frozen(kw_only=True)
class DeadCodeParams(LimitedFolderChoice):
    """Params of ``magellan/deadCode``."""

    entry_points: list[str] | None = None


@attrs.frozen(kw_only=True)
class EdgesParams(LimitedFolderChoice):
    """Params of a question about all edges of some kinds."""

    edges: list[str] | None = None


@attrs.frozen(kw_only=True)
class LabelsParams(SymbolChoice):
    """Params of ``magellan/labels``."""

    label: str | None = None
    limit: int = LIMIT


@attrs.frozen(kw_only=True)
class FindParams(LimitedFolderChoice):
    """Params of ``magellan/find``."""

    query: str


@custom("magellan/deadCode", DeadCodeParams)
async def dead_code(server: MagellanServer, params: DeadCodeParams) -> Json:
    """Functions and types that no entry point leads to."""
    return await ask(server, params, "graphs", _dead_code)


def _dead_code(view: View, path: str | None, params: DeadCodeParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.choice import are_one, symbols_named
    from magellan_lsp.query.graph import dead_code as ask_dead

    limit = checked_limit(params.limit)
    given = None
    if params.entry_points is not None:
        given = []
        for name in params.entry_points:
            refs = symbols_named(view.snapshot, name)
            if not refs:
                raise UsageError(f"There is no symbol {name!r} to be an entry point.")
            if not are_one(view.snapshot, refs):
                raise shapes.ambiguous(view, name, refs)
            given += refs
    found = ask_dead.dead_code(view.snapshot, given, limit)
    entry_points = [
        {**symbol, "reason": point.reason.value}
        for point in found.entry_points
        if (symbol := shapes.symbol_of(view, point.ref)) is not None
    ]
    dead = [
        {
            **symbol,
            "reason": one.reason.value,
            "usedBy": view.snapshot.symbol_id(one.used_by) if one.used_by is not None else None,
        }
        for one in found.dead
        if (symbol := shapes.symbol_of(view, one.ref)) is not None
    ]
    return {
        "entryPoints": entry_points,
        "entryPointCount": found.n_entry_points,
        "dead": dead,
        "deadCount": found.n_dead,
        "truncated": found.truncated,
    }


@custom("magellan/cycles", EdgesParams)
async def cycles(server: MagellanServer, params: EdgesParams) -> Json:
    """Groups of symbols that call one another, and symbols that call themselves."""
    return await ask(server, params, "graphs", _cycles)


def _cycles(view: View, path: str | None, params: EdgesParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import walks, whole

    found = whole.cycles(view.snapshot, checked_limit(params.limit), walks.kinds_named(params.edges))
    return {
        "cycles": [shapes.symbols(view, members) for members in found.cycles],
        "selfRecursive": shapes.symbols(view, found.self_recursive),
        "truncated": found.truncated,
    }


@custom("magellan/condense", EdgesParams)
async def condense(server: MagellanServer, params: EdgesParams) -> Json:
    """The call graph with each cycle drawn into one, callers first."""
    return await ask(server, params, "graphs", _condense)


def _condense(view: View, path: str | None, params: EdgesParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import walks, whole

    found = whole.condense(view.snapshot, checked_limit(params.limit), walks.kinds_named(params.edges))
    return {
        "components": [
            {"id": one.id, "symbols": shapes.symbols(view, one.symbols)} for one in found.components
        ],
        "edges": [{"source": source, "target": target} for source, target in found.edges],
        "componentCount": found.n_components,
        "truncated": found.truncated,
    }


@custom("magellan/rank", EdgesParams)
async def rank(server: MagellanServer, params: EdgesParams) -> Json:
    """Symbols by how much of the code leans on them."""
    return await ask(server, params, "graphs", _rank)


def _rank(view: View, path: str | None, params: EdgesParams) -> Json:
    from magellan_lsp.graph.view import ALL_KINDS
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import walks, whole

    kinds = walks.kinds_named(params.edges, ALL_KINDS)
    found, truncated = whole.rank(view.snapshot, checked_limit(params.limit), kinds)
    return {
        "symbols": [
            {**symbol, "score": one.score}
            for one in found
            if (symbol := shapes.symbol_of(view, one.ref)) is not None
        ],
        "truncated": truncated,
    }


@custom("magellan/collisions", LimitedFolderChoice)
async def collisions(server: MagellanServer, params: LimitedFolderChoice) -> Json:
    """Display names that stand for several symbols."""
    return await ask(server, params, "graphs", _collisions)


def _collisions(view: View, path: str | None, params: LimitedFolderChoice) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import names

    found, truncated = names.collisions(view.snapshot, checked_limit(params.limit))
    made = [{"name": one.name, "symbols": shapes.symbols(view, one.refs)} for one in found]
    return {"collisions": made, "truncated": truncated}


@custom("magellan/labels", LabelsParams)
async def labels(server: MagellanServer, params: LabelsParams) -> Json:
    """All labels with their counts, the symbols of one label, or the labels of one symbol."""
    return await ask(server, params, "graphs", _labels)


def _labels(view: View, path: str | None, params: LabelsParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import names

    limit = checked_limit(params.limit)
    if params.label is not None:
        refs, truncated = names.labelled(view.snapshot, params.label, limit)
        return {"symbols": shapes.symbols(view, refs), "truncated": truncated}
    if params.symbol is not None or params.position is not None:
        refs = shapes.chosen(view, path, params)
        if not refs:
            return None
        found = [{"label": label, "count": 1} for label in names.labels_of(view.snapshot, refs)]
        return {"labels": found[:limit], "truncated": len(found) > limit}
    counts, truncated = names.labels(view.snapshot, limit)
    made = [{"label": one.label, "count": one.n_symbols} for one in counts]
    return {"labels": made, "truncated": truncated}


@custom("magellan/find", FindParams)
async def find(server: MagellanServer, params: FindParams) -> Json:
    """The symbols that a name stands for, and whether it stands for several things."""
    return await ask(server, params, "graphs", _find)


def _find(view: View, path: str | None, params: FindParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import names

    found = names.find(view.snapshot, params.query, checked_limit(params.limit))
    return {
        "symbols": shapes.symbols(view, found.refs),
        "ambiguous": found.ambiguous,
        "truncated": found.truncated,
    }
