"""magellan/calls: the call hierarchy's calls, and those through overriding and by value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from magellan_lsp.errors import UsageError
from magellan_lsp.protocol.choosing import SymbolChoice, ask
from magellan_lsp.protocol.custom import custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.query.possible_calls import PossibleCall
    from magellan_lsp.session.views import View


@attrs.frozen(kw_only=True)
class CallsParams(SymbolChoice):
    """A symbol, and which way: ``"outgoing"`` (what it calls) or ``"incoming"`` (who calls it)."""

    direction: str = "outgoing"


@custom("magellan/calls", CallsParams)
async def calls(server: MagellanServer, params: CallsParams) -> Json:
    """What a symbol may call, or who may call it."""
    if params.direction not in ("outgoing", "incoming"):
        raise UsageError(f'`direction` must be "outgoing" or "incoming", not {params.direction!r}.')
    return await ask(server, params, "call_hierarchy", answer)


def answer(view: View, path: str | None, params: CallsParams) -> Json:
    """In a thread."""
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query import possible_calls

    refs = shapes.chosen(view, path, params)
    if not refs:
        return None
    ask_for = possible_calls.callers if params.direction == "incoming" else possible_calls.callees
    found = ask_for(view.snapshot, refs)
    return {"calls": [one for call in found if (one := _call(view, call)) is not None]}


def _call(view: View, call: PossibleCall) -> dict[str, Any] | None:
    from magellan_lsp.protocol import shapes

    symbol = shapes.symbol_of(view, call.symbol.ref)
    if symbol is None:
        return None
    sites = [shapes.place(view, site.path, site.span) for site in call.sites]
    return {**symbol, "via": call.via.value, "sites": sites}
