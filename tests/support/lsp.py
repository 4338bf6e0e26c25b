"""The real program as a process, driven over standard streams: by a real client, or message by message.

Texts hold marks: ``«word»`` is a place called ``word``, ``«name=word»`` one called ``name``; the marks are
taken out before anything is written.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client

COMMAND = [sys.executable, "-m", "magellan_lsp", "--stdio"]
_MARK = re.compile(r"«(?:(\w+)=)?([^«»]*)»")
#: Nothing here takes nearly as long; a test that would hang fails instead.
PATIENCE_S = 60.0


@attrs.frozen
class Mark:
    """A place in a file: 0-based line, columns in each encoding."""

    path: str
    line: int
    text: str
    before: str

    def column(self, encoding: str = "utf-16") -> int:
        if encoding == "utf-8":
            return len(self.before.encode())
        if encoding == "utf-16":
            return len(self.before.encode("utf-16-le")) // 2
        return len(self.before)


@attrs.define
class Workspace:
    """A folder with files, and the marks that were in their texts."""

    root: Path
    marks: dict[str, Mark] = attrs.field(factory=dict)
    texts: dict[str, str] = attrs.field(factory=dict)

    def write(self, path: str, text: str) -> Path:
        plain = []
        for number, line in enumerate(text.split("\n")):
            found = _MARK.search(line)
            while found:
                line = line[: found.start()] + found[2] + line[found.end() :]
                self.marks[found[1] or found[2]] = Mark(path, number, found[2], line[: found.start()])
                found = _MARK.search(line)
            plain.append(line)
        self.texts[path] = "\n".join(plain)
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self.texts[path], encoding="utf-8")
        return place

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()


def workspace_of(root: Path, files: Mapping[str, str]) -> Workspace:
    root.mkdir(parents=True, exist_ok=True)
    made = Workspace(root)
    for path, text in files.items():
        made.write(path, text)
    return made


class Editor:
    """A client with a workspace open, and short words for what tests do."""

    def __init__(self, client: LanguageClient, workspace: Workspace, reply: types.InitializeResult) -> None:
        self.client = client
        self.workspace = workspace
        self.reply = reply
        self.encoding = str(reply.capabilities.position_encoding or "utf-16")
        self.statuses: list[Any] = []

    async def ask(self, method: str, params: Any = None) -> Any:
        return await asyncio.wait_for(self.client.protocol.send_request_async(method, params), PATIENCE_S)

    async def settle(self) -> Any:
        """Everything sent so far is indexed."""
        return await self.ask("magellan/synchronize", {})

    def open(self, path: str, text: str | None = None, language: str = "python", version: int = 1) -> None:
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(
                    self.workspace.uri(path),
                    language,
                    version,
                    text if text is not None else self.workspace.texts[path],
                )
            )
        )

    def change(self, path: str, text: str, version: int) -> None:
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version=version, uri=self.workspace.uri(path)),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def at(self, mark: str, shift: int = 0) -> dict[str, Any]:
        place = self.workspace.marks[mark]
        return {
            "text_document": types.TextDocumentIdentifier(self.workspace.uri(place.path)),
            "position": types.Position(place.line, place.column(self.encoding) + shift),
        }

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.workspace.uri(path))

    def shown(self, uri: str, span: types.Range) -> str:
        """``path:LINE:text`` of a range in a file of the workspace; the line 1-based."""
        path = next((one for one in self.workspace.texts if self.workspace.uri(one) == uri), None)
        assert path is not None, uri
        line = self.workspace.texts[path].split("\n")[span.start.line]
        units = line.encode({"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[self.encoding])
        width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[self.encoding]
        part = units[span.start.character * width : span.end.character * width]
        text = part.decode({"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[self.encoding])
        return f"{path}:{span.start.line + 1}:{text}"

    def places(self, found: Any) -> list[str]:
        return [self.shown(one.uri, one.range) for one in found or ()]


def capabilities(
    encodings: list[str] | None = None,
    *,
    links: bool = False,
    tree: bool = True,
    progress: bool = False,
    configuration: bool = False,
    watching: bool = False,
    experimental: dict[str, Any] | None = None,
) -> types.ClientCapabilities:
    link = types.DefinitionClientCapabilities(link_support=links)
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(
            position_encodings=[types.PositionEncodingKind(one) for one in encodings] if encodings else None
        ),
        text_document=types.TextDocumentClientCapabilities(
            definition=link,
            document_symbol=types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=tree),
            hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
        ),
        workspace=types.WorkspaceClientCapabilities(
            configuration=configuration,
            workspace_folders=True,
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
                dynamic_registration=watching, relative_pattern_support=watching
            ),
        ),
        window=types.WindowClientCapabilities(work_done_progress=progress),
        experimental=experimental,
    )


@asynccontextmanager
async def editing(
    workspace: Workspace,
    client_capabilities: types.ClientCapabilities | None = None,
    *,
    options: Any = None,
    folders: list[types.WorkspaceFolder] | None = None,
    configuration: dict[str, Any] | None = None,
    prepare: Any = None,
) -> AsyncIterator[Editor]:
    """A client and its server, from ``initialize`` to ``exit``."""
    client = make_test_lsp_client()
    if configuration is not None:
        client.set_configuration(configuration)
    if prepare is not None:
        prepare(client)
    await client.start_io(*COMMAND)
    process = client._server
    params = types.InitializeParams(
        capabilities=client_capabilities or capabilities(),
        workspace_folders=folders
        if folders is not None
        else [types.WorkspaceFolder(workspace.root.as_uri(), workspace.root.name)],
        initialization_options=options,
    )
    reply = await asyncio.wait_for(client.initialize_session(params), PATIENCE_S)
    editor = Editor(client, workspace, reply)
    try:
        yield editor
        if process.returncode is None:
            await asyncio.wait_for(client.shutdown_async(None), PATIENCE_S)
            client.exit(None)
            assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
    finally:
        if process.returncode is None:
            process.kill()
        await client.stop()


class Wire:
    """The server as a process, spoken to in single messages that may be wrong."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.notifications: list[dict[str, Any]] = []

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        head = await asyncio.wait_for(self.process.stdout.readuntil(b"\r\n\r\n"), PATIENCE_S)
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        found: dict[str, Any] = json.loads(await self.process.stdout.readexactly(length))
        return found

    async def reply(self, msg_id: Any) -> dict[str, Any]:
        """The reply to a request; what comes before is put aside, the server's requests get null."""
        while True:
            message = await self.receive()
            if "method" not in message:
                if message.get("id") == msg_id:
                    return message
            elif "id" in message:
                self.send(id=message["id"], result=None)
            else:
                self.notifications.append(message)

    async def ask(self, msg_id: Any, method: str, params: Any = None) -> dict[str, Any]:
        self.send(id=msg_id, method=method, params=params)
        return await self.reply(msg_id)

    async def start(self, root: Path | None = None, **more: Any) -> None:
        params = {"processId": None, "rootUri": root.as_uri() if root else None, "capabilities": {}, **more}
        assert "result" in await self.ask("start", "initialize", params)
        self.send(method="initialized", params={})

    async def ended(self) -> int:
        return await asyncio.wait_for(self.process.wait(), PATIENCE_S)
