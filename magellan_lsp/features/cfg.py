"""magellan/cfg: the control-flow graph of a function, as data and as a picture."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import attrs

from magellan_lsp.protocol.choosing import SymbolChoice, ask
from magellan_lsp.protocol.custom import custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.query.cfg import Flow
    from magellan_lsp.session.views import View


@attrs.frozen(kw_only=True)
class CfgParams(SymbolChoice):
    """A function, and in which form a picture of its graph is wanted."""

    picture: str | None = None


@custom("magellan/cfg", CfgParams)
async def cfg(server: MagellanServer, params: CfgParams) -> Json:
    """The blocks and edges of a function."""
    return await ask(server, params, "cfg", answer)


def answer(view: View, path: str | None, params: CfgParams) -> Json:
    """In a thread."""
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.documents import of_graph
    from magellan_lsp.render import picture_of_cfg

    shapes.check_form(params.picture)
    flow = _flow(view, path, params)
    if flow is None:
        return None
    found = {
        **of_graph(flow, partial(shapes.place, view)),
        "symbol": shapes.symbol_of(view, flow.ref) if flow.ref is not None else None,
    }
    if params.picture is not None:
        found["picture"] = shapes.drawn(picture_of_cfg(flow.cfg, flow.source or b""), params.picture)
    return found


def _flow(view: View, path: str | None, params: CfgParams) -> Flow | None:
    """The graph of what was chosen; where a position means no function, that of the function around it."""
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query import cfg as query

    ref = shapes.chosen_one(view, path, params)
    found = query.of_symbol(view.snapshot, ref) if ref is not None else None
    if found is None and params.symbol is None and path is not None and params.position is not None:
        offset = view.offset(path, params.position.line, params.position.character)
        found = query.around(view.snapshot, path, offset)
    return found
