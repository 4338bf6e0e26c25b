"""A language server that is asked over stdio, whichever it is."""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, unquote, urlparse

import psutil
from scoring import Place

_LANGUAGE_IDS = {
    ".py": "python", ".pyi": "python", ".go": "go", ".rs": "rust", ".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp",
    ".hpp": "cpp", ".cxx": "cpp", ".hh": "cpp", ".java": "java", ".js": "javascript", ".mjs": "javascript",
    ".cjs": "javascript", ".jsx": "javascriptreact", ".ts": "typescript", ".mts": "typescript", ".cts": "typescript",
    ".tsx": "typescriptreact",
}  # fmt: skip
_CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {"workspaceFolders": True, "configuration": True},
    "textDocument": {
        "definition": {"linkSupport": True},
        "declaration": {"linkSupport": True},
        "references": {},
        "callHierarchy": {},
        "publishDiagnostics": {},
    },
    "experimental": {"serverStatusNotification": True},
}
#: So many seconds of silence and idleness mean that a server is ready.
_QUIET = 5.0
#: Folders that are never the workspace's own, whatever a server thinks.
SKIP = {"node_modules", ".git", "target", ".venv", "venv", ".cache", ".magellan", "__pycache__"}


class Failed(Exception):
    """The server answered with an error, ended, or did not answer in time."""


class Server:
    """One running server; an :class:`~scoring.Asked`.

    Args:
        command: the program and its arguments; ``{cache}`` in them stands for a folder of its own that goes with it,
            ``{root}`` for the workspace.
        root: the workspace.
        environment: variables of the server, besides our own.
        timeout: seconds to wait for an answer.
        ready: the longest to wait for it to be ready, in seconds.
        limit: seconds after which every further question fails, from the start on.
        settings: what it gets when it asks for its configuration, by section (``{"python": {"analysis": …}}``).
        options: its ``initializationOptions``.
        first: a file to open before waiting, for servers that load a project when a file of it is opened.
        waits: whether to wait for it to be ready at all; see ``settle``.

    Attributes:
        failed: how many questions had an error or no answer in time.
    """

    def __init__(
        self,
        command: list[str],
        root: Path,
        environment: Mapping[str, str] | None = None,
        timeout: float = 30.0,
        ready: float = 300.0,
        limit: float = math.inf,
        settings: Mapping[str, Any] | None = None,
        options: Any = None,
        first: str = "",
        waits: bool = True,
    ) -> None:
        self.root = root.resolve()
        self._timeout = timeout
        self._limit = limit
        self._end = time.monotonic() + limit
        self._settings = settings or {}
        self.failed = 0
        self._id = 0
        self._writing = threading.Lock()
        self._waiting: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._progress: set[str] = set()
        self._quiescent: bool | None = None
        self._heard = time.monotonic()
        self._open: dict[Path, None] = {}
        self._cache = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        names = ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "GOPLSCACHE")
        private = {name: str(Path(self._cache.name, name.lower())) for name in names}
        self._process = subprocess.Popen(
            [word.replace("{cache}", self._cache.name).replace("{root}", str(self.root)) for word in command],
            cwd=self.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **private, **(environment or {})},
        )
        threading.Thread(target=self._read, daemon=True).start()
        uri = self.root.as_uri()
        try:
            self.result = self._ask(
                "initialize",
                {
                    "processId": os.getpid(),
                    "rootUri": uri,
                    "rootPath": str(self.root),
                    "capabilities": _CAPABILITIES,
                    "workspaceFolders": [{"uri": uri, "name": self.root.name}],
                    **({"initializationOptions": options} if options is not None else {}),
                },
                min(ready, limit),
            )
            self._tell("initialized", {})
            if settings:
                self._tell("workspace/didChangeConfiguration", {"settings": settings})
            if first:
                self._at(first, 0, 0)
            if waits:
                self.settle(min(ready, limit))
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self._process.pid

    def has(self, provider: str) -> bool:
        """Whether the server says that it answers something (``referencesProvider``)."""
        return bool(self.result.get("capabilities", {}).get(provider))

    # -- questions

    def definition(self, path: str, line: int, character: int) -> list[Place]:
        return self.located("definition", path, line, character)[0]

    def located(self, what: str, path: str, line: int, character: int) -> tuple[list[Place], bool]:
        """The answer to ``definition`` or ``declaration``: places in the workspace, and whether there are others outside."""
        answer = self._asked(f"textDocument/{what}", self._at(path, line, character))
        return self._places(answer), bool(answer)

    def symbols(self, path: str) -> Any:
        """The document's symbols as the server gives them."""
        where = {"textDocument": self._at(path, 0, 0)["textDocument"]}
        return self._asked("textDocument/documentSymbol", where)

    def references(self, path: str, line: int, character: int) -> list[Place] | None:
        if not self.has("referencesProvider"):
            return None
        where = {**self._at(path, line, character), "context": {"includeDeclaration": False}}
        return self._places(self._asked("textDocument/references", where))

    def calls(self, path: str, line: int, character: int, direction: str) -> list[Place] | None:
        if not self.has("callHierarchyProvider"):
            return None
        return [
            site
            for item in self.items(path, line, character)
            for _, sites in self.called(item, direction)
            for site in sites
        ]

    def items(self, path: str, line: int, character: int) -> list[dict[str, Any]]:
        """The call hierarchy's items at a position, as the server gives them."""
        return self._asked("textDocument/prepareCallHierarchy", self._at(path, line, character)) or []

    def called(self, item: dict[str, Any], direction: str) -> list[tuple[Place, list[Place]]]:
        """An item's callers (``incoming``) or callees in the workspace: the other's name and the sites of the calls."""
        found = []
        for call in self._asked(f"callHierarchy/{direction}Calls", {"item": item}) or []:
            other = call["from" if direction == "incoming" else "to"]
            name = self._place(other["uri"], other["selectionRange"])
            if name is not None:
                uri = other["uri"] if direction == "incoming" else item["uri"]
                sites = [place for one in call.get("fromRanges", []) if (place := self._place(uri, one))]
                found.append((name, sites))
        return found

    def text(self, path: str, line: int) -> str:
        lines = (self.root / path).read_text(encoding="utf-8", errors="replace").split("\n")
        return lines[line] if line < len(lines) else ""

    def stop(self) -> None:
        """End the server, politely at first."""
        with contextlib.suppress(Failed, subprocess.TimeoutExpired):
            self._ask("shutdown", None, 5)
            self._tell("exit", None)
            self._process.wait(5)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._cache.cleanup()

    # -- places

    def _at(self, path: str, line: int, character: int) -> dict[str, Any]:
        full = self.root / path
        if full not in self._open:
            for oldest in list(self._open)[: max(0, len(self._open) - 23)]:
                del self._open[oldest]
                self._tell("textDocument/didClose", {"textDocument": {"uri": _uri(oldest)}})
            self._open[full] = None
            document = {
                "uri": _uri(full),
                "languageId": _LANGUAGE_IDS.get(full.suffix, "plaintext"),
                "version": 1,
                "text": full.read_text(encoding="utf-8", errors="replace"),
            }
            self._tell("textDocument/didOpen", {"textDocument": document})
        return {"textDocument": {"uri": _uri(full)}, "position": {"line": line, "character": character}}

    def _places(self, result: Any) -> list[Place]:
        found: list[Place] = []
        for one in result if isinstance(result, list) else [result] if result else []:
            uri = one.get("targetUri") or one["uri"]
            place = self._place(
                uri, one.get("targetSelectionRange") or one.get("targetRange") or one["range"]
            )
            if place is not None and place not in found:
                found.append(place)
        return found

    def _place(self, uri: str, span: dict[str, Any]) -> Place | None:
        """A place in the workspace's own files; None for any other."""
        parsed = urlparse(uri)
        if parsed.scheme != "file":
            return None
        try:
            relative = Path(os.path.realpath(unquote(parsed.path))).relative_to(self.root)
        except ValueError:
            return None
        if SKIP.intersection(relative.parts):
            return None
        start, end = span["start"], span["end"]
        return [relative.as_posix(), start["line"], start["character"], end["line"], end["character"]]

    # -- the wire

    def _asked(self, method: str, params: Any) -> Any:
        if time.monotonic() > self._end:
            raise Failed(f"not done in {self._limit:.0f} s")
        try:
            return self._ask(method, params, self._timeout)
        except Failed:
            self.failed += 1
            if self._process.poll() is not None:
                raise
            return None  # one question that fails or hangs is an answer missed

    def _ask(self, method: str, params: Any, timeout: float) -> Any:
        self._id += 1
        number = self._id
        waiting: queue.Queue[dict[str, Any]] = queue.Queue()
        self._waiting[number] = waiting
        self._send({"id": number, "method": method, "params": params})
        try:
            answer = waiting.get(timeout=timeout)
        except queue.Empty:
            raise Failed(f"{method}: no answer in {timeout:.0f} s") from None
        finally:
            del self._waiting[number]
        if "error" in answer:
            raise Failed(f"{method}: {answer['error'].get('message')}")
        return answer.get("result")

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        out = self._process.stdin
        assert out is not None
        with self._writing:
            try:
                out.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
                out.flush()
            except (OSError, ValueError) as error:
                raise Failed(f"the server has ended: {error}") from error

    def _read(self) -> None:
        source = self._process.stdout
        assert source is not None
        while True:
            length = 0
            while (line := source.readline()).strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not line:
                for waiting in list(self._waiting.values()):
                    waiting.put({"error": {"message": "the server has ended"}})
                return
            self._heard = time.monotonic()
            message = json.loads(source.read(length))
            if "method" in message:
                self._on_message(message)
            elif message.get("id") in self._waiting:
                self._waiting[message["id"]].put(message)

    def _on_message(self, message: dict[str, Any]) -> None:
        method, params = message["method"], message.get("params") or {}
        if "id" in message:
            result: Any = None
            if method == "workspace/configuration":
                result = [self._section(item.get("section") or "") for item in params.get("items", [])]
            elif method == "workspace/workspaceFolders":
                result = [{"uri": self.root.as_uri(), "name": self.root.name}]
            with contextlib.suppress(Failed):
                self._send({"id": message["id"], "result": result})
        elif method == "$/progress":
            token, kind = json.dumps(params.get("token")), (params.get("value") or {}).get("kind")
            if kind == "begin":
                self._progress.add(token)
            elif kind == "end":
                self._progress.discard(token)
        elif method == "experimental/serverStatus":
            self._quiescent = bool(params.get("quiescent"))
        elif method == "language/status":
            self._quiescent = params.get("type") == "ServiceReady" or bool(self._quiescent)

    def _section(self, name: str) -> Any:
        found: Any = self._settings
        for part in filter(None, name.split(".")):
            found = found.get(part) if isinstance(found, Mapping) else None
        return {} if found is None else found

    def settle(self, limit: float) -> None:
        """Wait, at most so many seconds, until nothing is in progress, the server calls itself ready if it ever speaks of
        that, is silent, and its processes have used next to no time for a while.
        """
        end = time.monotonic() + limit
        used, since = self._seconds(), time.monotonic()
        while time.monotonic() < end and self._process.poll() is None:
            time.sleep(0.5)
            now, before = self._seconds(), used
            if now - before > 0.05 or self._progress or self._quiescent is False:
                used, since = now, time.monotonic()
            if time.monotonic() - max(since, self._heard) > _QUIET:
                return

    def _seconds(self) -> float:
        """Processor time of the server and its children."""
        found = 0.0
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self._process.pid)
            for one in [process, *process.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    times = one.cpu_times()
                    found += times.user + times.system
        return found


def _uri(path: Path) -> str:
    return "file://" + quote(str(path), safe="/-_.~")
