"""magellan/callGraph, reachable, paths, slice: questions about the code graph that begin at a symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from magellan_lsp.errors import UsageError
from magellan_lsp.protocol.choosing import FolderChoice, SymbolChoice, ask, checked_limit
from magellan_lsp.protocol.custom import Position, TextDocument, custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from magellan_lsp.query.graph.walks import CallGraph, Near
    from magellan_lsp.render import Picture
    from magellan_lsp.resolve.types import Ref
    from magellan_lsp.session.views import View

#: So many paths are looked for at most.
_MAX_K = 1000


@attrs.frozen(kw_only=True)
class CallGraphParams(SymbolChoice):
    """Params of ``magellan/callGraph``."""

    direction: str = "out"
    depth: int = 1
    limit: int = 100
    edges: list[str] | None = None
    picture: str | None = None


@custom("magellan/callGraph", CallGraphParams)
async def call_graph(server: MagellanServer, params: CallGraphParams) -> Json:
    """The symbols around one, and the edges among them."""
    return await ask(server, params, "graphs", _call_graph)


def _call_graph(view: View, path: str | None, params: CallGraphParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import walks

    limit = checked_limit(params.limit)
    _not_negative(depth=params.depth)
    refs = shapes.chosen(view, path, params)
    if not refs:
        return None
    found = walks.call_graph(
        view.snapshot,
        refs,
        params.direction,  # type: ignore[arg-type]
        params.depth,
        limit,
        walks.kinds_named(params.edges),
    )
    if not found.nodes:
        return None
    id_of = view.snapshot.symbol_id
    made = {
        "root": id_of(found.nodes[0].ref),
        "nodes": with_depth(view, found.nodes),
        "edges": [
            {"source": id_of(edge.source), "target": id_of(edge.target), "kind": edge.kind.value}
            for edge in found.edges
        ],
        "truncated": found.truncated,
    }
    if params.picture is not None:
        made["picture"] = shapes.drawn(_picture(view, found), params.picture)
    return made


def _picture(view: View, found: CallGraph) -> Picture:
    from magellan_lsp.query.graph.pictures import picture_of

    return picture_of(view.snapshot, found)


@attrs.frozen(kw_only=True)
class ReachableParams(SymbolChoice):
    """Params of ``magellan/reachable``."""

    direction: str = "from"
    depth: int | None = None
    limit: int = 100
    edges: list[str] | None = None


@custom("magellan/reachable", ReachableParams)
async def reachable(server: MagellanServer, params: ReachableParams) -> Json:
    """Everything that a symbol leads to, or that leads to it."""
    return await ask(server, params, "graphs", _reachable)


def _reachable(view: View, path: str | None, params: ReachableParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import walks

    limit = checked_limit(params.limit)
    _one_of("direction", params.direction, ("from", "to"))
    _not_negative(depth=params.depth)
    refs = shapes.chosen(view, path, params)
    if not refs:
        return None
    found = walks.reachable(
        view.snapshot,
        refs,
        forward=params.direction == "from",
        depth=params.depth,
        limit=limit,
        kinds=walks.kinds_named(params.edges),
    )
    return {"symbols": with_depth(view, found.symbols), "truncated": found.truncated}


@attrs.frozen(kw_only=True)
class End:
    """One end of a path: a symbol by name, or at a position."""

    text_document: TextDocument | None = None
    position: Position | None = None
    symbol: str | None = None


@attrs.frozen(kw_only=True)
class PathsParams(FolderChoice):
    """Params of ``magellan/paths``. ``from`` is a word of Python's, so its field has another name."""

    from_: End
    to: End
    k: int = 1
    max_length: int | None = None
    edges: list[str] | None = None


@custom("magellan/paths", PathsParams)
async def paths(server: MagellanServer, params: PathsParams) -> Json:
    """The shortest ways from one symbol to another."""
    folder = params.folder
    for end in (params.from_, params.to):
        if folder is None and end.text_document is not None:
            folder = server.session.where(end.text_document.uri).folder.uri
    return await ask(
        server,
        attrs.evolve(params, folder=folder),
        "graphs",
        lambda view, _, given: _paths(server, view, given),
    )


def _paths(server: MagellanServer, view: View, params: PathsParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import walks

    if not 1 <= params.k <= _MAX_K:
        raise UsageError(f"`k` must be from 1 to {_MAX_K}, not {params.k}.")
    _not_negative(maxLength=params.max_length)
    ends: list[list[Ref]] = []
    for end in (params.from_, params.to):
        choice = SymbolChoice(
            folder=params.folder,
            text_document=end.text_document,
            position=end.position,
            symbol=end.symbol,
        )
        path = server.session.where(end.text_document.uri).path if end.text_document is not None else None
        ends.append(shapes.chosen(view, path, choice))
    if not all(ends):
        return None
    found = walks.paths(
        view.snapshot, ends[0], ends[1], params.k, params.max_length, walks.kinds_named(params.edges)
    )
    return {
        "paths": [shapes.symbols(view, path) for path in found.paths],
        "truncated": found.truncated,
    }


@attrs.frozen(kw_only=True)
class SliceParams(SymbolChoice):
    """Params of ``magellan/slice``."""

    direction: str = "backward"
    scope: str = "function"
    depth: int | None = None
    limit: int = 100


@custom("magellan/slice", SliceParams)
async def slice_(server: MagellanServer, params: SliceParams) -> Json:
    """What may affect a place, or what it may affect: statements of its function, or functions over calls."""
    return await ask(server, params, "graphs", _slice)


def _slice(view: View, path: str | None, params: SliceParams) -> Json:
    _one_of("direction", params.direction, ("forward", "backward"))
    _one_of("scope", params.scope, ("calls", "function"))
    _not_negative(depth=params.depth)
    if params.scope == "calls":
        return _call_slice(view, path, params)
    return _function_slice(view, path, params)


def _call_slice(view: View, path: str | None, params: SliceParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import walks

    limit = checked_limit(params.limit)
    refs = shapes.chosen(view, path, params)
    if not refs:
        return None
    forward = params.direction == "forward"
    found = walks.reachable(view.snapshot, refs, forward=forward, depth=params.depth, limit=limit)
    return {
        "criterion": shapes.symbol_of(view, refs[0]),
        "symbols": with_depth(view, found.symbols),
        "truncated": found.truncated,
    }


def _function_slice(view: View, path: str | None, params: SliceParams) -> Json:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph.slices import function_slice

    limit = checked_limit(params.limit)
    if path is not None and params.position is not None:
        offset = view.offset(path, params.position.line, params.position.character)
    else:
        ref = shapes.chosen_one(view, path, params)
        place = view.snapshot.place(ref) if ref is not None else None
        if place is None:
            return None
        path, offset = place.path, place.name.start
    found = function_slice(view.snapshot, path, offset, forward=params.direction == "forward")
    if found is None:
        return None
    kept = found.statements[:limit]
    return {
        "function": {"name": found.name, **shapes.place(view, path, found.function)},
        "criterion": [at for at in found.criterion if at < len(kept)],
        "statements": [{**shapes.place(view, path, one.span), "block": one.block} for one in kept],
        "edges": [
            {"source": edge.source, "target": edge.target, "kind": edge.kind.value}
            for edge in found.edges
            if edge.source < len(kept) and edge.target < len(kept)
        ],
        "truncated": len(kept) < len(found.statements),
    }


def with_depth(view: View, found: Iterable[Near]) -> list[Json]:
    """Symbols, each with its ``depth``."""
    from magellan_lsp.protocol import shapes

    return [
        {**symbol, "depth": one.depth}
        for one in found
        if (symbol := shapes.symbol_of(view, one.ref)) is not None
    ]


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UsageError(f"`{name}` is one of {', '.join(known)}, not {value!r}.")


def _not_negative(**values: int | None) -> None:
    for name, value in values.items():
        if value is not None and value < 0:
            raise UsageError(f"`{name}` must not be negative, but is {value}.")
