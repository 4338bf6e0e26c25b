"""workspace/symbol over all folders, and workspaceSymbol/resolve."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from magellan_lsp.protocol import failures, from_lsp
from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.folders import Folder
    from magellan_lsp.session.views import View

#: An answer that was outdated by an edit before it was there is worked out again, so many times in all.
_ROUNDS = 3


def register(server: MagellanServer) -> None:
    """Answer both."""

    async def search(params: types.WorkspaceSymbolParams) -> Json:
        if not server.is_on("workspace_symbol", None):
            return None
        session = server.session
        made: list[Json] = []
        for folder in session.folders:
            inner = [one for one in session.folders if one is not folder and _is_inside(one, folder)]
            question = partial(symbols, query=params.query, client=server.client, inner=inner)
            for _ in range(_ROUNDS):
                found, furthest = await session.ask(folder, question)
                if not session.is_outdated(folder, furthest):
                    break
                session.freeze()  # an edit moved what was found: where it is now is what is wanted
            else:
                raise failures.content_modified()
            made += found
        made.sort(key=lambda one: one.pop("sortText"))
        made = made[: _limit()]
        if params.partial_result_token is not None:
            made = server.send_partially(params.partial_result_token, made)
        return server.encode(made)

    async def resolve(symbol: types.WorkspaceSymbol) -> Json:
        data = from_lsp.data_of(symbol)
        folder = server.session.folder(str(data.get("folder", "")))
        if folder is None:
            return symbol
        place = await server.respond(folder, None, lambda view: located(view, str(data.get("id", ""))))
        made = server.protocol._converter.unstructure(symbol, types.WorkspaceSymbol)
        if place is not None:
            import msgspec

            made["location"] = msgspec.json.decode(place)
        return server.encode(made)

    server.handles(types.WORKSPACE_SYMBOL, search)
    server.handles(types.WORKSPACE_SYMBOL_RESOLVE, resolve)


def _limit() -> int:
    from magellan_lsp.query.symbols import MAX_SYMBOLS

    return MAX_SYMBOLS


def _is_inside(inner: Folder, outer: Folder) -> bool:
    return inner.real != outer.real and outer.relative(inner.uri, inner.real) is not None


def symbols(view: View, query: str, client: Client, inner: list[Folder]) -> Json:
    """One folder's matches; those in a folder inside it are that folder's to give."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import symbols as ask

    below = tuple(f"{view.folder.relative(one.uri, one.real)}/" for one in inner)
    made = []
    for rank, info in enumerate(ask.workspace_symbols(view.snapshot, query)):
        if not info.path.startswith(below or ("\0",)):
            one = to_lsp.workspace_symbol(view, info, client)
            one["sortText"] = rank  # taken out again before sending
            made.append(one)
    return made


def located(view: View, symbol_id: str) -> Json:
    """Where a symbol is now; null when it is gone."""
    from magellan_lsp.protocol import to_lsp

    ref = view.snapshot.find(symbol_id)
    place = view.snapshot.place(ref) if ref is not None else None
    return to_lsp.location(view, place.path, place.name) if place is not None else None
