"""A client for long runs: speaks to the real server over its standard streams, and outlives its death.

No library between: what a soak run does (thousands of requests in flight, a server killed in the middle of a reply)
is what libraries protect their callers from.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120.0
Json = Any


class Gone(Exception):
    """The server ended before it answered."""


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, error: dict[str, Json]) -> None:
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code = error.get("code")


class Server:
    """One server process and a client that has asked it for ``initialize``."""

    def __init__(
        self,
        root: Path,
        *,
        options: Json = None,
        capabilities: Json = None,
        log: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ):
        """``environment``: variables of the server, besides our own."""
        self.root = root
        self._options = options
        self._capabilities = capabilities if capabilities is not None else watching_client()
        self._log = log
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._is_gone = False
        self._sent_at: dict[int, float] = {}
        self.latencies: dict[str, list[float]] = {}
        self.notifications: list[dict[str, Json]] = []
        self.on_notification: Callable[[dict[str, Json]], None] | None = None

    async def __aenter__(self) -> Server:
        arguments = ["-m", "magellan_lsp", "--stdio"]
        if self._log is not None:
            arguments += ["--log-file", str(self._log), "--log-level", "warning"]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT,
            env=self._environment,
            limit=64 << 20,
        )
        self._is_gone = False
        self._reader = asyncio.create_task(self._read())
        self.reply = await self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": self.root.as_uri(),
                "workspaceFolders": [{"uri": self.root.as_uri(), "name": self.root.name}],
                "capabilities": self._capabilities,
                "initializationOptions": self._options,
            },
        )
        self.notify("initialized", {})
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.process.returncode is None:
            with contextlib.suppress(Gone, Refused, TimeoutError, OSError):
                await asyncio.wait_for(self.ask("shutdown"), 30)
                self.notify("exit")
                await asyncio.wait_for(self.process.wait(), 30)
        await self.kill()

    async def kill(self) -> None:
        """kill -9, and wait for the end."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        await self.process.wait()
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader
        self._fail_all()

    # -- messages

    def send(self, message: dict[str, Json]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        with contextlib.suppress(ConnectionError, RuntimeError):
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Json = None) -> None:
        self.send({"method": method, "params": params} if params is not None else {"method": method})

    def start(self, method: str, params: Json = None) -> tuple[int, asyncio.Future[Json]]:
        """Send a request; its number and its reply to come."""
        number = next(self._ids)
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        self._sent_at[number] = time.perf_counter()
        future.add_done_callback(lambda _: self._note(method, number))
        if self._is_gone:
            self._fail_all()  # what is sent now is read by nobody
        else:
            self.send({"id": number, "method": method, **({"params": params} if params is not None else {})})
        return number, future

    async def ask(self, method: str, params: Json = None) -> Json:
        """A request's result.

        Raises:
            Gone: the server ended.
            Refused: it answered with an error.
            TimeoutError: no answer within ``PATIENCE_S``.
        """
        return await asyncio.wait_for(self.start(method, params)[1], PATIENCE_S)

    def cancel(self, number: int) -> None:
        self.notify("$/cancelRequest", {"id": number})

    async def settle(self) -> Json:
        return await self.ask("magellan/synchronize", {})

    def _note(self, method: str, number: int) -> None:
        self.latencies.setdefault(method, []).append(time.perf_counter() - self._sent_at.pop(number))

    async def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        try:
            while True:
                length = 0
                while (line := await stream.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                if not line:
                    break
                self._take(json.loads(await stream.readexactly(length)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        self._fail_all()

    def _take(self, message: dict[str, Json]) -> None:
        if "method" in message and "id" in message:  # what a server asks of a client: always yes
            self.send({"id": message["id"], "result": None})
        elif "method" in message:
            self.notifications.append(message)
            if len(self.notifications) > 10_000:
                del self.notifications[:5_000]
            if self.on_notification is not None:
                self.on_notification(message)
        else:
            future = self._waiting.pop(message.get("id"), None)
            if future is not None and not future.done():
                if "error" in message:
                    future.set_exception(Refused(message["error"]))
                else:
                    future.set_result(message.get("result"))

    def _fail_all(self) -> None:
        self._is_gone = True
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Gone(f"exit code {self.process.returncode}"))
                future.exception()  # nobody may be waiting for it
        self._waiting.clear()

    # -- documents

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def document(self, path: str) -> dict[str, str]:
        return {"uri": self.uri(path)}

    def open(self, path: str, text: str, version: int = 1, language: str = "plaintext") -> None:
        item = {"uri": self.uri(path), "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, path: str, version: int, changes: list[Json]) -> None:
        document = {"uri": self.uri(path), "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def close(self, path: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": self.document(path)})

    def save(self, path: str) -> None:
        self.notify("textDocument/didSave", {"textDocument": self.document(path)})

    def on_disk(self, paths: list[str]) -> None:
        """Tell that files came, changed or went, as a client that watches does."""
        kinds = {True: 2, False: 3}
        changes = [{"uri": self.uri(path), "type": kinds[(self.root / path).exists()]} for path in paths]
        self.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    # -- processes

    def children(self) -> list[psutil.Process]:
        """The indexer and its workers."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return list(psutil.Process(self.process.pid).children(recursive=True))
        return []

    def indexer(self) -> psutil.Process | None:
        """The child that is the indexer itself."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children():
                with contextlib.suppress(psutil.Error):
                    if "magellan_lsp.indexer.process" in child.cmdline():
                        return child
        return None

    def memory(self) -> dict[str, int]:
        """Bytes of memory that the server and its children hold themselves (PSS where the system tells, else RSS)."""
        sizes = {}
        with contextlib.suppress(psutil.Error):
            sizes["server"] = held(psutil.Process(self.process.pid))
        for number, child in enumerate(self.children()):
            with contextlib.suppress(psutil.Error):
                sizes[f"child {number}"] = held(child)
        return sizes


def held(process: psutil.Process) -> int:
    info = process.memory_full_info()
    return int(getattr(info, "pss", 0) or info.rss)


def kill_process(process: psutil.Process) -> bool:
    try:
        process.send_signal(signal.SIGKILL)
    except psutil.Error:
        return False
    return True


def watching_client() -> Json:
    """Capabilities of a client that watches files itself and shows progress."""
    return {
        "workspace": {
            "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
            "workspaceFolders": True,
        },
        "window": {"workDoneProgress": True},
        "textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}},
        "general": {"positionEncodings": ["utf-16"]},
    }


def percentile(values: list[float], part: float) -> float:
    """0 for no values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0
