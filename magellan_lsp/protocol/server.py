"""The server object that features register with: one session, one client, and how an answer is made.

A feature is a function from a view (one state of a folder) and the request's params to JSON. Everything
around it is here once: is the feature on, which document, off the loop, progress, partial results, was the
document edited meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from magellan_lsp import __version__
from magellan_lsp.protocol import failures, from_lsp
from magellan_lsp.protocol.client import Client
from magellan_lsp.protocol.lifetime import watch_process
from magellan_lsp.protocol.rpc import MagellanProtocol, Raw
from magellan_lsp.session import Session

if TYPE_CHECKING:
    from magellan_lsp.session.folders import Folder
    from magellan_lsp.session.views import View

log = logging.getLogger(__name__)

Json = Any
#: ``answer(view, path, params, client)``: runs in a thread.
Answer = Callable[["View", str, Any, Client], Json]

#: So many items make one partial result.
CHUNK = 500


class MagellanServer(LanguageServer):
    """One client's server."""

    protocol: MagellanProtocol

    def __init__(self, session: Session) -> None:
        super().__init__(
            "magellan-lsp", __version__, protocol_cls=MagellanProtocol, converter_factory=default_converter
        )
        self.session = session
        self.client = Client()
        self.unannounced: set[str] = set()
        """Features that the client was not told of, since they were off at the start."""
        self.registered: set[str] = set()
        """Features that the client was told of later."""
        self.watching_ids: list[str] = []
        """Registrations of file watchers that the client holds, oldest first."""
        self.watching_lock = asyncio.Lock()
        self.on_end: Callable[[], Any] = lambda: None
        """Called when the client is done or gone."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stop_watching: Callable[[], None] = lambda: None
        self.protocol.on_request = session.freeze
        self.protocol.on_exit = self._ended

    # life

    def receive(self, bodies: list[bytes]) -> None:
        """Handle messages, in order."""
        for body in bodies:
            self.protocol.handle_body(body)

    def watch_client(self, pid: int) -> None:
        """End when the client's process does: it may be gone without a word."""
        self._stop_watching = watch_process(pid, self._ended)

    def _ended(self) -> None:
        self.on_end()

    async def end(self) -> None:
        """Give everything back; what is being answered is given up."""
        self._stop_watching()
        for task in list(self._tasks):
            task.cancel()
        await self.session.stop()

    # registering

    def answers(
        self, method: str, feature: str, answer: Answer, *, options: Any = None, off_by_default: bool = False
    ) -> None:
        """Answer a request about one document (or about an item in one) with ``answer``."""
        enabled_by = (lambda: self.session.settings.code_lens_references) if off_by_default else None

        async def handle(params: Any) -> Json:
            where = self.session.where(from_lsp.uri_of(params))
            if not self.is_on(feature, where.language) or (enabled_by is not None and not enabled_by()):
                return None
            return await self.respond(
                where.folder, params, lambda view: answer(view, where.path, params, self.client)
            )

        self.feature(method, options)(handle)

    def handles(self, method: str, handler: Callable[[Any], Awaitable[Any]], options: Any = None) -> None:
        """Handle a request or notification in a way of its own."""
        self.feature(method, options)(handler)

    def is_on(self, feature: str, language: str | None) -> bool:
        """Whether a feature answers for a language."""
        return self.session.settings.enabled(feature, language)

    # answering

    async def respond(self, folder: Folder, params: Any, question: Callable[[View], Json]) -> Json:
        """The reply to a request: ``question``'s answer, sent piecemeal to a client that wants it so.

        Raises:
            JsonRpcException: a document was edited meanwhile in a way that makes the answer wrong.
        """
        partial_token = getattr(params, "partial_result_token", None)
        encode = self.encode if partial_token is None else lambda made: made
        token = getattr(params, "work_done_token", None)
        if token is not None:
            self.tell_progress(token, {"kind": "begin", "title": "Searching"})
        try:
            made, furthest = await self.session.ask(folder, lambda view: encode(question(view)))
        finally:
            if token is not None:
                self.tell_progress(token, {"kind": "end"})
        if self.session.is_outdated(folder, furthest):
            raise failures.content_modified()
        if partial_token is not None:
            return self.encode(self.send_partially(partial_token, made))
        return made

    @staticmethod
    def encode(made: Json) -> Json:
        """JSON data as the bytes that are sent; null stays None."""
        if made is None or isinstance(made, Raw):
            return made
        import msgspec

        return Raw(msgspec.json.encode(made))

    def send_partially(self, token: Any, made: Json) -> Json:
        """Send a list in pieces; what is left to reply then is an empty one."""
        if not isinstance(made, list) or not made:
            return made
        for start in range(0, len(made), CHUNK):
            self.tell_progress(token, made[start : start + CHUNK])
        return []

    def tell_progress(self, token: Any, value: Json) -> None:
        """Send ``$/progress``."""
        self.protocol.notify_raw(types.PROGRESS, {"token": token, "value": value})

    # talking to the client

    def in_background(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something that nobody waits for; what goes wrong in it is logged.

        Requests to the client are made in such tasks: awaiting one in a task that the client may cancel
        makes pygls raise when the reply comes.
        """
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("Background work failed", exc_info=task.exception())

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Defects go to the log: a popup per defect would help nobody."""
        log.error("%s: %s", getattr(source, "__name__", source), error)
