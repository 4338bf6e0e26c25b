"""magellan/impact: what a range of commits, or what is not committed, changes and may break."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from magellan_lsp.errors import UsageError
from magellan_lsp.features.graph import with_depth
from magellan_lsp.protocol.choosing import LimitedFolderChoice, ask, checked_limit
from magellan_lsp.protocol.custom import custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


@attrs.frozen(kw_only=True)
class ImpactParams(LimitedFolderChoice):
    """Params of ``magellan/impact``."""

    range: str | None = None
    depth: int | None = None
    edges: list[str] | None = None


@custom("magellan/impact", ImpactParams)
async def impact(server: MagellanServer, params: ImpactParams) -> Json:
    """The symbols that a change touches, and those that depend on them."""
    return await ask(server, params, "graphs", _impact)


def _impact(view: View, path: str | None, params: ImpactParams) -> Json:
    from magellan_lsp.graph.view import ALL_KINDS
    from magellan_lsp.protocol import shapes
    from magellan_lsp.query.graph import walks
    from magellan_lsp.query.graph.impact import impact as ask_impact

    if params.depth is not None and params.depth < 0:
        raise UsageError(f"`depth` must not be negative, but is {params.depth}.")
    found = ask_impact(
        view.snapshot,
        Path(view.folder.real),
        params.range,
        params.depth,
        checked_limit(params.limit),
        walks.kinds_named(params.edges, ALL_KINDS),
    )
    return {
        "changed": shapes.symbols(view, found.changed),
        "affected": with_depth(view, found.affected),
        "files": [view.uri(one) for one in found.files],
        "removedFiles": [view.uri(one) for one in found.gone],
        "truncated": found.truncated,
    }
