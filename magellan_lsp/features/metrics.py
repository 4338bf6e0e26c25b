"""magellan/metrics and magellan/hotspots: how large, tangled, used and changed code is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from magellan_lsp.errors import UsageError
from magellan_lsp.protocol.choosing import LimitedFolderChoice, SymbolChoice, ask, checked_limit
from magellan_lsp.protocol.custom import custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.query.metrics import Measured
    from magellan_lsp.session.views import View


@attrs.frozen(kw_only=True)
class MetricsParams(SymbolChoice):
    """A symbol, or a document."""


@attrs.frozen(kw_only=True)
class HotspotParams(LimitedFolderChoice):
    """What makes a hotspot."""

    by: str = "complexity"


@custom("magellan/metrics", MetricsParams)
async def metrics(server: MagellanServer, params: MetricsParams) -> Json:
    """The measures of a symbol with its overloads, or of a file and its symbols."""
    return await ask(server, params, "metrics", answer)


@custom("magellan/hotspots", HotspotParams)
async def hotspots(server: MagellanServer, params: HotspotParams) -> Json:
    """What stands out in a folder."""
    return await ask(server, params, "metrics", answer_hotspots)


def answer(view: View, path: str | None, params: MetricsParams) -> Json:
    """In a thread."""
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query import metrics as query
    from magellan_lsp.query.documents import of_file_metrics

    if path is not None and params.symbol is None and params.position is None:
        measures = query.of_file(view.snapshot, path)
        if measures is None:
            return None
        found = query.of_symbols_in(view.snapshot, path)
        file: dict[str, Any] | None = {"uri": view.uri(path), **of_file_metrics(measures)}
    else:
        refs = shapes.chosen(view, path, params)
        found = [one for ref in refs if (one := query.of_symbol(view.snapshot, ref)) is not None]
        if not found:
            return None
        file = None
    return {"file": file, "symbols": [_symbol(view, one) for one in found]}


def _symbol(view: View, measured: Measured) -> dict[str, Any]:
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.documents import of_symbol_metrics

    return {"symbol": shapes.symbol_of(view, measured.ref), **of_symbol_metrics(measured.metrics)}


def answer_hotspots(view: View, path: str | None, params: HotspotParams) -> Json:
    """In a thread."""
    from magellan_lsp.query import hotspots as query
    from magellan_lsp.query.documents import of_file_spot

    if params.by not in set(query.By):
        raise UsageError(f"`by` is one of {', '.join(query.By)}, not {params.by!r}.")
    root = Path(view.folder.real) if not view.folder.is_loose else None
    found = query.hotspots(view.snapshot, query.By(params.by), checked_limit(params.limit), root=root)
    return {
        "hotspots": [
            *({**_symbol(view, one), "score": score} for score, one in found.symbols),
            *(
                {"file": view.uri(spot.path), **of_file_spot(spot), "score": score}
                for score, spot in found.files
            ),
        ],
        "unmeasured": found.n_unmeasured,
        "truncated": found.is_truncated,
    }
