"""A language server as a process, spoken to over its standard streams; what every measurement of one needs.

Plain blocking calls: what is measured is the server, and a client's event loop would be in the figures.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

Json = Any

SERVER = (sys.executable, "-m", "magellan_lsp", "--stdio")


class Client:
    """One server process. Notifications and requests of the server are answered with nothing."""

    def __init__(self, command: Sequence[str], *, env: dict[str, str] | None = None) -> None:
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        self._ids = itertools.count(1)
        self._version = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def since_start_s(self) -> float:
        """Seconds since the process was spawned."""
        return time.perf_counter() - self.started

    def _send(self, message: Json) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))
        self._in.flush()

    def _read(self) -> Json:
        length = 0
        while line := self._out.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError("the server ended")
        return json.loads(self._out.read(length))

    def notify(self, method: str, params: Json) -> None:
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Json) -> Json:
        """The result; None where the server says that something is wrong."""
        number = next(self._ids)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == number and "method" not in message:
                return message.get("result")
            if "id" in message and "method" in message:
                self._send({"id": message["id"], "result": None})

    def initialize(self, root: Path | None, options: Json = None) -> Json:
        uri = root.as_uri() if root is not None else None
        folders = [{"uri": uri, "name": "root"}] if uri else None
        result = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": uri,
                "workspaceFolders": folders,
                "capabilities": {"general": {"positionEncodings": ["utf-8"]}},
                "initializationOptions": options or {},
            },
        )
        self.notify("initialized", {})
        return result

    def open(self, path: Path, language: str, text: str | None = None) -> str:
        uri = path.as_uri()
        text = path.read_text("utf-8", "replace") if text is None else text
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def change(self, uri: str, line: int, column: int, text: str, *, replaces_lines: int = 0) -> None:
        """Put a text in at a place, for what stands between it and the same column so many lines further down."""
        self._version += 1
        at = {"line": line, "character": column}
        end = {"line": line + replaces_lines, "character": column}
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": 1 + self._version},
                "contentChanges": [{"range": {"start": at, "end": end}, "text": text}],
            },
        )

    def at(self, method: str, uri: str, line: int, column: int, **more: Json) -> Json:
        """A request about a position."""
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
        return self.request(method, {**place, **more})

    def until(self, ask: Callable[[], bool], at_most_s: float = 120.0) -> float:
        """Seconds since the start when ``ask`` was true for the first time; infinite when it never was."""
        while self.since_start_s() < at_most_s:
            if ask():
                return self.since_start_s()
            time.sleep(0.005)
        return float("inf")

    def synchronize(self) -> None:
        """Wait until everything sent so far is indexed."""
        self.request("magellan/synchronize", {})

    def memory_mb(self) -> tuple[float, float]:
        """PSS of the server, and of it with all its children, in MiB."""
        process = psutil.Process(self.pid)
        tree = [process, *process.children(recursive=True)]
        sizes = []
        for one in tree:
            try:
                sizes.append(one.memory_full_info().pss / 2**20)
            except (psutil.Error, AttributeError):
                sizes.append(0.0)
        return sizes[0], sum(sizes)

    def close(self) -> None:
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self._process.wait(10)
        except (EOFError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._in.close()
        self._out.close()
