"""magellan/status and magellan/synchronize: what the server knows, and waiting until it knows all."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from magellan_lsp import __version__
from magellan_lsp.errors import MagellanError
from magellan_lsp.features.progress import server_status
from magellan_lsp.protocol.custom import Nothing, custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.folders import Folder
    from magellan_lsp.session.views import View


@custom("magellan/status", Nothing)
async def status(server: MagellanServer, params: Nothing) -> Json:
    """How far the index of each folder is, and what is open."""
    session = server.session
    return {
        **server_status(server),
        "version": __version__,
        "pid": os.getpid(),
        "uptimeSeconds": round(time.time() - session.started_at, 3),
        "positionEncoding": session.encoding,
        "openDocuments": len(session.documents.now),
        "folders": [await _folder(server, folder) for folder in session.folders],
    }


async def _folder(server: MagellanServer, folder: Folder) -> dict[str, Any]:
    progress = folder.progress
    found: dict[str, Any] = {
        "uri": folder.uri,
        "name": folder.name,
        "phase": progress.phase,
        "step": progress.step,
        "done": progress.done,
        "total": progress.total,
        "message": progress.message or None,
        "pendingDetails": progress.pending_details,
    }
    try:
        numbers, _ = await server.session.ask(folder, _numbers)
    except MagellanError as error:
        return {**found, "message": error.message}
    return {**found, **numbers}


def _numbers(view: View) -> dict[str, int]:
    reader = view.snapshot.reader
    return {
        "generation": reader.generation,
        "files": reader.count_files(),
        "symbols": reader.count_symbols(),
    }


@custom("magellan/synchronize", Nothing)
async def synchronize(server: MagellanServer, params: Nothing) -> Json:
    """Reply when everything that the client sent before is indexed and linked."""
    await server.session.synchronize()
    return await status(server, params)


@custom("magellan/reindex", Nothing)
async def reindex(server: MagellanServer, params: Nothing) -> Json:
    """Compare all folders with the disk again; reply at once."""
    server.session.rescan()
    return None
