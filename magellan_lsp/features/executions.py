"""magellan/executions: the log of what wrote the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from magellan_lsp.errors import UsageError
from magellan_lsp.protocol.choosing import LimitedFolderChoice, checked_limit, folder_of
from magellan_lsp.protocol.custom import custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View


@attrs.frozen(kw_only=True)
class ExecutionParams(LimitedFolderChoice):
    """Which runs, and in which order."""

    id: str | None = None
    order: str = "newest"


@custom("magellan/executions", ExecutionParams)
async def executions(server: MagellanServer, params: ExecutionParams) -> Json:
    """The newest or oldest runs, or one by its id."""
    if params.order not in ("newest", "oldest"):
        raise UsageError(f"`order` is newest or oldest, not {params.order!r}.")
    return await server.respond(folder_of(server, params.folder), params, lambda view: answer(view, params))


def answer(view: View, params: ExecutionParams) -> Json:
    """In a thread."""
    from magellan_lsp.query import executions as query
    from magellan_lsp.query.documents import of_execution

    reader = view.snapshot.reader
    limit = checked_limit(params.limit)
    if params.id is not None:
        one = query.get_by_id(reader, params.id)
        found = [one] if one is not None else []
    elif params.order == "newest":
        found = query.get_recent(reader, limit + 1)
    else:
        found = query.list_all(reader, "oldest")
    return {"executions": [of_execution(one) for one in found[:limit]], "truncated": len(found) > limit}
