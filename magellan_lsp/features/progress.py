"""``$/progress`` of indexing with counts and a cancel button, and ``experimental/serverStatus`` when it
changes.
"""

from __future__ import annotations

import uuid
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from magellan_lsp.protocol.server import MagellanServer
from magellan_lsp.session.folders import Folder

STATUS_METHOD = "experimental/serverStatus"
_WORDS = {
    "scan": "Looking for files",
    "extract": "Reading files",
    "link": "Linking names",
    "migrate": "Taking over Magellan's index",
    "answers": "Making answers of Magellan's index",
}


class Indicator:
    """What the client shows of the indexing."""

    def __init__(self, server: MagellanServer) -> None:
        self._server = server
        self._tokens: dict[str, str] = {}
        """By folder: the token of the progress that is being shown (or that the client is being asked
        for).
        """
        self._begun: set[str] = set()
        self._told: dict[str, Any] | None = None
        server.session.listen(self.on_event)

    def on_event(self, folder: Folder, event: Any) -> None:
        """Show what the indexer did."""
        match type(event).__name__:
            case "Progress":
                self._show(folder)
            case "Ready" | "IndexerGone":
                self._end(folder)
        self.tell_status()

    def cancel(self, token: Any) -> None:
        """The person pressed the button."""
        for folder in self._server.session.folders:
            if self._tokens.get(folder.key) == token:
                self._server.session.cancel_indexing(folder)

    def _show(self, folder: Folder) -> None:
        if not self._server.client.progress:
            return
        token = self._tokens.get(folder.key)
        if token is None:
            token = self._tokens[folder.key] = f"magellan-index-{uuid.uuid4()}"
            self._server.in_background(self._begin(folder, token))
        elif token in self._begun:
            self._server.tell_progress(token, {"kind": "report", **_numbers(folder)})

    async def _begin(self, folder: Folder, token: str) -> None:
        try:
            await self._server.window_work_done_progress_create_async(
                types.WorkDoneProgressCreateParams(token)
            )
        except JsonRpcException:
            return  # the client does not want to show it
        if self._tokens.get(folder.key) != token:
            return  # it was over before the client was ready
        self._begun.add(token)
        begin = {"kind": "begin", "title": f"Indexing {folder.name}", "cancellable": True, **_numbers(folder)}
        self._server.tell_progress(token, begin)

    def _end(self, folder: Folder) -> None:
        token = self._tokens.pop(folder.key, None)
        if token is not None and token in self._begun:
            self._begun.discard(token)
            progress = folder.progress
            text = (
                f"{progress.files} files, {progress.symbols} symbols"
                if progress.phase == "ready"
                else "stopped"
            )
            self._server.tell_progress(token, {"kind": "end", "message": text})

    def tell_status(self) -> None:
        """Send ``experimental/serverStatus`` to a client that takes it, when it is another than last time."""
        status = server_status(self._server)
        if self._server.client.server_status and status != self._told:
            self._told = status
            self._server.protocol.notify_raw(STATUS_METHOD, status)


def _numbers(folder: Folder) -> dict[str, Any]:
    progress = folder.progress
    found: dict[str, Any] = {"message": _WORDS.get(progress.step, progress.step)}
    if progress.total:
        found["message"] += f" {progress.done}/{progress.total}"
        found["percentage"] = min(100, 100 * progress.done // progress.total)
    return found


def server_status(server: MagellanServer) -> dict[str, Any]:
    """``health`` (ok, warning, error), ``quiescent`` (nothing left to index) and what to tell the person."""
    folders = server.session.folders
    troubled = [folder for folder in folders if folder.progress.message]
    gone = any(folder.progress.phase == "trouble" for folder in folders)
    return {
        "health": "error" if gone else "warning" if troubled else "ok",
        "quiescent": server.session.is_running
        and all(folder.progress.phase == "ready" for folder in folders),
        "message": "; ".join(dict.fromkeys(folder.progress.message for folder in troubled)) or None,
    }


def register(server: MagellanServer) -> Indicator:
    """Show progress, and handle its cancel button."""
    indicator = Indicator(server)

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancel(params: types.WorkDoneProgressCancelParams) -> None:
        indicator.cancel(params.token)

    return indicator
