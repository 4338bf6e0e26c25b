"""Requests beyond LSP over a bare wire, in short words."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

from support.lsp import Wire


class Asking:
    """A client of one workspace.

    Args:
        wire: to a server that was started.
        root: the workspace.
    """

    def __init__(self, wire: Wire, root: Path) -> None:
        self.wire = wire
        self.root = root
        self._ids = count(1)

    async def reply(self, method: str, **params: Any) -> dict[str, Any]:
        """The whole reply, an error perhaps."""
        return await self.wire.ask(next(self._ids), method, params)

    async def ask(self, method: str, **params: Any) -> Any:
        """The result; an error fails the test."""
        reply = await self.reply(method, **params)
        assert "error" not in reply, reply
        return reply["result"]

    def document(self, path: str) -> dict[str, str]:
        """A ``TextDocumentIdentifier``."""
        return {"uri": (self.root / path).as_uri()}

    def open(self, path: str, text: str) -> None:
        """Open a Python document."""
        document = {**self.document(path), "languageId": "python", "version": 1, "text": text}
        self.wire.send(method="textDocument/didOpen", params={"textDocument": document})
