"""Random messages in random order to a real server: whatever comes, it answers each request once, and lives.

Requests before ``initialize`` and after ``shutdown``, unknown methods, params of wrong shapes and absurd values, the same
id twice, cancelled and unknown ids, notifications that should be requests, replies to nothing, huge texts, bytes that are no
JSON. Bytes that cannot be framed end the server by design: a stream without message borders cannot be mended; it must end,
with the exit code of an unasked end, and not hang. Run through ``fuzz.py --only messages``.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from soak.client import ROOT, held

METHODS = [
    "textDocument/definition", "textDocument/declaration", "textDocument/typeDefinition", "textDocument/implementation",
    "textDocument/references", "textDocument/documentHighlight", "textDocument/hover", "textDocument/documentSymbol",
    "textDocument/foldingRange", "textDocument/selectionRange", "textDocument/codeLens", "codeLens/resolve",
    "textDocument/prepareCallHierarchy", "callHierarchy/incomingCalls", "callHierarchy/outgoingCalls",
    "textDocument/prepareTypeHierarchy", "typeHierarchy/supertypes", "typeHierarchy/subtypes", "workspace/symbol",
    "workspaceSymbol/resolve", "workspace/executeCommand", "magellan/status", "magellan/reindex", "magellan/nothing",
    "no/such/method", "", "$/unknown",
]  # fmt: skip
NOTIFICATIONS = [
    "textDocument/didOpen", "textDocument/didChange", "textDocument/didSave", "textDocument/didClose",
    "workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration", "workspace/didChangeWorkspaceFolders",
    "$/cancelRequest", "$/setTrace", "initialized", "window/workDoneProgress/cancel", "$/whatever", "no/such/notification",
]  # fmt: skip
#: The longest that a server may take over one burst on a busy machine; silence for so long is a hang.
PATIENCE_S = 60.0


def value(chance: random.Random, root: Path, depth: int = 0) -> Any:
    """A JSON value, often of a shape that the protocol knows."""
    what = chance.randrange(14 if depth < 4 else 7)
    uris = [
        (root / "a.py").as_uri(),
        (root / "b.ts").as_uri(),
        "file:///",
        "untitled:Untitled-1",
        "x",
        "file:///%ff%00",
    ]
    simple: list[Any] = [None, True, 0, -1, 2**31, chance.choice(uris), "x" * chance.choice([0, 1, 10_000])]
    if what < 7:
        return simple[what]
    if what == 7:
        return [value(chance, root, depth + 1) for _ in range(chance.randint(0, 3))]
    if what == 8:
        return {
            "line": chance.choice([0, 1, 3, -1, 2**31, None]),
            "character": chance.choice([0, 4, 2**31, -5, "x"]),
        }
    if what == 9:
        return {
            "uri": chance.choice(uris),
            **({"version": chance.choice([1, None, "x"])} if chance.random() < 0.5 else {}),
        }
    keys = [
        "textDocument",
        "position",
        "range",
        "item",
        "query",
        "id",
        "context",
        "changes",
        "contentChanges",
        "text",
        "event",
    ]
    made = {chance.choice(keys): value(chance, root, depth + 1) for _ in range(chance.randint(0, 4))}
    if what > 10:
        made |= {
            "textDocument": {"uri": chance.choice(uris[:3])},
            "position": {"line": chance.randint(0, 5), "character": 2},
        }
    return made


def frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Talk:
    """One server's life."""

    def __init__(self, chance: random.Random, root: Path) -> None:
        self.chance = chance
        self.root = root
        self.next_id = 1
        self.expected: dict[str, int] = {}  # answers still owed, by JSON of the id
        self.surplus: list[str] = []
        self.sent = 0

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "magellan_lsp", "--stdio",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, limit=64 << 20,
        )  # fmt: skip
        self.reader = asyncio.create_task(self.read())

    async def read(self) -> None:
        assert self.process.stdout is not None
        try:
            while True:
                length = 0
                while (line := await self.process.stdout.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                if not line:
                    return
                message = json.loads(await self.process.stdout.readexactly(length))
                if "method" in message and "id" in message:
                    self.write(
                        frame(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": None}).encode())
                    )
                elif "method" not in message and message.get("id") is not None:
                    key = json.dumps(message["id"])
                    if self.expected.get(key, 0) > 0:
                        self.expected[key] -= 1
                    else:
                        self.surplus.append(key)
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        if self.process.returncode is None and not self.process.stdin.is_closing():
            self.process.stdin.write(data)

    def request(self, method: str, params: Any) -> None:
        number: Any = self.next_id
        self.next_id += 1
        if self.chance.random() < 0.05:
            number = self.chance.choice([f"id {number}", number - 1])  # a text, or one that is in use
        key = json.dumps(number)
        self.expected[key] = self.expected.get(key, 0) + 1
        self.write(
            frame(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode())
        )

    def some(self) -> None:
        """One message by chance."""
        chance = self.chance
        self.sent += 1
        what = chance.random()
        if what < 0.55:
            self.request(chance.choice(METHODS), value(chance, self.root))
            if chance.random() < 0.3:
                self.write(
                    frame(
                        json.dumps(
                            {
                                "jsonrpc": "2.0",
                                "method": "$/cancelRequest",
                                "params": {"id": self.next_id - 1},
                            }
                        ).encode()
                    )
                )
        elif what < 0.9:
            message = {
                "jsonrpc": "2.0",
                "method": chance.choice(NOTIFICATIONS),
                "params": value(chance, self.root),
            }
            self.write(frame(json.dumps(message).encode()))
        elif what < 0.93:
            self.write(
                frame(
                    json.dumps(
                        {"jsonrpc": "2.0", "id": chance.randrange(50), "result": value(chance, self.root)}
                    ).encode()
                )
            )
        elif what < 0.96:
            self.write(
                frame(
                    chance.choice(
                        [
                            b"",
                            b"{",
                            b"[]",
                            b"null",
                            b"1",
                            b'"x"',
                            b"\xff\xfe",
                            b"{}",
                            b'{"jsonrpc": 2}',
                            b"[" * 50_000,
                        ]
                    )
                )
            )
        elif what < 0.98:
            text = "def f(): pass\n" * chance.choice([1, 20_000])
            item = {"uri": (self.root / "a.py").as_uri(), "languageId": "python", "version": 1, "text": text}
            self.write(
                frame(
                    json.dumps(
                        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}}
                    ).encode()
                )
            )
        else:
            self.request(
                "initialize" if chance.random() < 0.7 else "magellan/synchronize", value(chance, self.root)
            )

    async def owed(self) -> bool:
        """Wait for the answers still owed; whether they came."""
        began = time.monotonic()
        while any(count > 0 for count in self.expected.values()):
            if self.process.returncode is not None or time.monotonic() - began > PATIENCE_S:
                return False
            await asyncio.sleep(0.01)
        return True


async def life(chance: random.Random, root: Path, messages: int) -> tuple[list[str], int, int]:
    """What was wrong, and the server's memory after a quarter of the messages and at the end."""
    talk = Talk(chance, root)
    await talk.start()
    wrong: list[str] = []
    early = late = 0
    try:
        for _ in range(chance.choice([0, 0, 5])):  # before initialize
            talk.some()
        params = {"processId": None, "rootUri": root.as_uri(), "capabilities": {}}
        talk.request("initialize", params)
        talk.write(frame(b'{"jsonrpc":"2.0","method":"initialized","params":{}}'))
        while talk.sent < messages:
            for _ in range(chance.randint(1, 40)):
                talk.some()
            if not await talk.owed():
                break
            if not early and talk.sent > messages // 4:
                early = held(psutil.Process(talk.process.pid))
        if talk.process.returncode is not None:
            wrong.append(f"the server ended with {talk.process.returncode} after {talk.sent} messages")
        elif any(count > 0 for count in talk.expected.values()):
            wrong.append(
                f"no answer within {PATIENCE_S:.0f} s to {[key for key, n in talk.expected.items() if n > 0][:5]}"
            )
        if talk.surplus:
            wrong.append(f"more answers than requests: {talk.surplus[:5]}")
        if not wrong:
            late = held(psutil.Process(talk.process.pid))
            talk.request("shutdown", None)
            if not await talk.owed():
                wrong.append("shutdown was not answered")
            for _ in range(chance.choice([0, 5])):  # after shutdown
                talk.request(chance.choice(METHODS), value(chance, root))
            if not await talk.owed():
                wrong.append("requests after shutdown were not answered")
            if chance.random() < 0.5:
                talk.write(frame(b'{"jsonrpc":"2.0","method":"exit"}'))
            else:
                talk.write(
                    chance.choice(
                        [b"Content-Length: x\r\n\r\n{}", b"\0" * 100_000, b"Content-Length: -5\r\n\r\n"]
                    )
                )
            try:
                await asyncio.wait_for(talk.process.wait(), PATIENCE_S)
            except TimeoutError:
                wrong.append("it did not end")
    finally:
        if talk.process.returncode is None:
            talk.process.kill()
            await talk.process.wait()
        talk.reader.cancel()
        await asyncio.gather(talk.reader, return_exceptions=True)
    return wrong, early, late


async def run(messages: int, seed: int, each: int = 2_000) -> tuple[dict[str, Any], list[Any]]:
    """A row of figures as ``fuzz.run`` has them, and the failures."""
    from soak.fuzz import Failure

    failures: list[Any] = []
    grew, sent, began = 0.0, 0, time.monotonic()
    number = 0
    while sent < messages:
        count = min(each, messages - sent)
        with tempfile.TemporaryDirectory(prefix="fuzz") as folder:
            root = Path(folder).resolve()
            (root / "a.py").write_text("class A:\n    def f(self):\n        return self.f()\n\nA().f()\n")
            (root / "b.ts").write_text("export class B { f(): B { return this.f() } }\n")
            wrong, early, late = await life(random.Random(f"{seed} messages {number}"), root, count)
        failures += [Failure("messages", number, one) for one in wrong]
        grew = max(grew, (late - early) / 2**20)
        sent += count
        number += 1
    row = {
        "kind": "messages",
        "inputs": sent,
        "failures": len(failures),
        "most s": round((time.monotonic() - began) / max(1, sent), 4),
        "grew MB": round(grew, 1),
    }
    return row, failures
