"""textDocument/codeLens and codeLens/resolve: how often functions and types are referred to. Off by
default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from magellan_lsp.protocol import from_lsp
from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


def register(server: MagellanServer) -> None:
    """Answer both."""
    server.answers(types.TEXT_DOCUMENT_CODE_LENS, "code_lens", lenses, off_by_default=True)

    async def resolve(lens: types.CodeLens) -> Json:
        data = from_lsp.data_of(lens)
        folder = server.session.folder(str(data.get("folder", "")))
        if folder is None:
            return lens
        count = await server.respond(folder, None, lambda view: counted(view, str(data.get("id", ""))))
        lens.command = types.Command(f"{int(count)} reference{'' if int(count) == 1 else 's'}", "")
        return lens

    server.handles(types.CODE_LENS_RESOLVE, resolve)


def lenses(view: View, path: str, params: Any, client: Client) -> Json:
    """Where the counts go. The counts themselves wait until the lens is in sight."""
    from magellan_lsp.protocol import to_lsp
    from magellan_lsp.query import code_lens as ask

    return [
        {"range": view.range(path, info.place.name), "data": to_lsp.item_data(view, info)}
        for info in ask.counted_symbols(view.snapshot, path)
    ]


def counted(view: View, symbol_id: str) -> Json:
    """How many references a symbol has; 0 when it is gone."""
    from magellan_lsp.query import code_lens as ask

    ref = view.snapshot.find(symbol_id)
    return ask.count_references(view.snapshot, ref) if ref is not None else 0
