"""The JSON-RPC side of the server: every message gets the reply that LSP promises, whatever is in it.

pygls 2.1 decodes a message while it parses it, so one with bad params gets no reply at all; it decodes
results with cattrs, which is slow for thousands of places; and it drops requests after ``shutdown``. Here
messages are plain dicts until they are known to be right, and answers may come as JSON already
(:class:`Raw`). Tests: ``tests/e2e/test_messages.py``.
"""

from __future__ import annotations

import contextvars
import json
import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcParseError,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, lsp_method

from magellan_lsp.errors import MagellanError
from magellan_lsp.protocol import failures, lenient

if TYPE_CHECKING:
    from cattrs import Converter
    from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

#: Built in by pygls, which would keep every document a second time; ours are features like all others.
_OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,
    types.WORKSPACE_EXECUTE_COMMAND,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL,
    types.INITIALIZE,
    types.SHUTDOWN,
)
_BEFORE_INITIALIZE = frozenset({types.INITIALIZE, types.EXIT})


class Raw(bytes):
    """A result that is JSON already."""


class MagellanProtocol(LanguageServerProtocol):
    """One client's messages."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        for method in _OURS:
            self.fm.builtin_features.pop(method, None)
        self.is_initialized = False
        self.exit_code = 1
        """What the process ends with: 0 after ``shutdown``, else 1."""
        self.on_request: Callable[[], None] = lambda: None
        """Called when a request arrives, in the context in which it is answered."""
        self.on_exit: Callable[[], None] = lambda: None
        self._in_flight: set[str | int] = set()

    # messages in

    def structure_message(self, data: Any) -> Any:
        """Leave a message as it is: :meth:`handle_message` decodes what it knows to be sound."""
        return data

    def handle_body(self, body: bytes) -> None:
        """Handle the bytes of one message."""
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            log.warning("A message is no JSON: %s", error)
            self._reply_error(None, JsonRpcParseError(f"The message is no JSON: {error}"))
            return
        self.handle_message(message)

    def handle_message(self, message: Any) -> None:
        """Handle one decoded message; never raises."""
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            self._reply_error(
                _id_of(message),
                failures.invalid_request("This is no JSON-RPC 2.0 message; batches are none in LSP."),
            )
            return
        method = message.get("method")
        context = contextvars.copy_context()
        try:
            if method is None:
                context.run(self._take_response, message)
            elif not isinstance(method, str):
                self._reply_error(_id_of(message), failures.invalid_request("The method must be a string."))
            elif "id" in message:
                context.run(self._take_request, message, method)
            else:
                context.run(self._take_notification, method, message.get("params"))
        except Exception:
            log.exception("A message could not be handled: %s", method)

    def _take_request(self, message: dict[str, Any], method: str) -> None:
        msg_id = _id_of(message)
        if msg_id is None:
            self._reply_error(
                None, failures.invalid_request("A request's id must be a string or a whole number.")
            )
            return
        refusal = self._refusal(method, msg_id)
        if refusal is not None:
            self._reply_error(msg_id, refusal)
            return
        try:
            self._get_handler(method)
            params = self._structure(method, message.get("params"))
        except JsonRpcException as error:
            self._reply_error(msg_id, error)
            return
        if method == types.INITIALIZE:
            self.is_initialized = True
        self._in_flight.add(msg_id)
        self.on_request()
        self._handle_request(msg_id, method, params)

    def _refusal(self, method: str, msg_id: str | int) -> JsonRpcException | None:
        if self._shutdown:
            return failures.invalid_request(f"The server was shut down; {method} comes too late.")
        if not self.is_initialized and method not in _BEFORE_INITIALIZE:
            return JsonRpcServerNotInitialized(f"{method} came before initialize.")
        if self.is_initialized and method == types.INITIALIZE:
            return failures.invalid_request("The server is initialized already.")
        if msg_id in self._in_flight:
            return failures.invalid_request(f"A request with the id {msg_id!r} is being answered.")
        return None

    def _take_notification(self, method: str, params: Any) -> None:
        if self._shutdown and method != types.EXIT:
            return
        if not self.is_initialized and method not in _BEFORE_INITIALIZE:
            log.warning("Ignoring %s, which came before initialize", method)
            return
        if method == types.CANCEL_REQUEST:
            self._cancel(params.get("id") if isinstance(params, dict) else None)
            return
        known = method in self.fm.features or method in self.fm.builtin_features
        if not known:
            log.debug("Ignoring the unknown notification %s", method)
            return
        try:
            structured = self._structure(method, params)
        except JsonRpcException as error:
            log.warning("Ignoring %s: %s", method, error.message)
            return
        self._handle_notification(method, structured)

    def _take_response(self, message: dict[str, Any]) -> None:
        msg_id = _id_of(message)
        if msg_id is None:
            log.warning("The client reports: %s", message.get("error"))
            return
        future = self._request_futures.pop(msg_id, None)
        response_type = self._result_types.pop(msg_id, None)
        if future is None or future.done():
            return
        if "error" in message:
            error = message["error"] if isinstance(message["error"], dict) else {}
            future.set_exception(
                JsonRpcException(str(error.get("message", "")), code=_int(error.get("code")))
            )
            return
        try:
            result = message.get("result")
            if response_type is not None:
                result = self._converter.structure(
                    {"id": msg_id, "jsonrpc": "2.0", "result": result}, response_type
                ).result
            future.set_result(result)
        except Exception as error:  # noqa: BLE001 - whatever cattrs makes of a client's mistake
            future.set_exception(failures.invalid_params("a response", error))

    def _structure(self, method: str, params: Any) -> Any:
        """Params of a method that LSP defines as their type; others stay what they are.

        Raises:
            JsonRpcException: they do not fit.
        """
        params_type: Any = types.METHOD_TO_TYPES.get(method, (None, None, None, None))[2]
        if params_type is None:
            return params
        params = params if params is not None else {}
        try:
            if method == types.INITIALIZE and isinstance(params, dict):
                return self._introduced(params)
            return self._converter.structure(params, params_type)
        except Exception as error:
            raise failures.invalid_params(method, error) from error

    def _introduced(self, params: dict[str, Any]) -> types.InitializeParams:
        """What the client says of itself. What does not fit is left out: it is no reason to serve nobody."""
        params = {**params, "capabilities": params.get("capabilities") or {}}
        folders = params.get("workspaceFolders")
        if isinstance(folders, list):
            params["workspaceFolders"] = [{"name": "", **one} for one in folders if isinstance(one, dict)]
        found, dropped = lenient.structured(
            lambda data: self._converter.structure(data, types.InitializeParams), params
        )
        if dropped:
            log.warning("Ignoring what initialize says in %s", ", ".join(dropped))
        return found

    def _cancel(self, msg_id: Any) -> None:
        future = self._request_futures.get(msg_id) if isinstance(msg_id, str | int) else None
        if future is not None and msg_id in self._in_flight:
            future.cancel()

    # messages out

    def _send_handler_result(self, future: Future[Any], *, msg_id: str | int) -> None:
        self._request_futures.pop(msg_id, None)
        self._in_flight.discard(msg_id)
        if future.cancelled():
            self._reply_error(msg_id, JsonRpcRequestCancelled("The request was cancelled."))
            return
        error = future.exception()
        if error is None:
            self._send_response(msg_id, result=future.result())
        elif isinstance(error, JsonRpcException):
            self._reply_error(msg_id, error)
        elif isinstance(error, MagellanError):
            self._reply_error(msg_id, failures.of(error))
        else:
            log.error("A request failed", exc_info=error)
            text = f"The server failed on this request ({type(error).__name__}); its log says more."
            self._reply_error(msg_id, JsonRpcInternalError(text))

    def _send_response(
        self, msg_id: Any, result: Any = None, error: types.ResponseError | None = None
    ) -> None:
        if error is None and (result is None or isinstance(result, Raw)):
            self._result_types.pop(msg_id, None)
            head = f'{{"jsonrpc":"2.0","id":{json.dumps(msg_id)},"result":'
            self.send_body(b"".join((head.encode(), result or b"null", b"}")))
            return
        super()._send_response(msg_id, result, error)

    def _reply_error(self, msg_id: str | int | None, error: JsonRpcException) -> None:
        reply: dict[str, Any] = {"code": error.code, "message": error.message}
        if error.data is not None:
            reply["data"] = error.data
        self.send_body(json.dumps({"jsonrpc": "2.0", "id": msg_id, "error": reply}).encode())

    def notify_raw(self, method: str, params: Any) -> None:
        """Send a notification whose params are JSON data already."""
        self.send_body(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    def send_body(self, body: bytes) -> None:
        """Send one message. A client that is gone is no error here: its end of the line says so soon."""
        if self.writer is None:
            return
        try:
            self.writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        except (OSError, ValueError) as error:
            log.debug("The client takes no more messages: %s", error)

    # the end

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> None:  # type: ignore[override]
        """The client asks the process to end."""
        self.exit_code = 0 if self._shutdown else 1
        self.on_exit()

    def mark_shutdown(self) -> None:
        """Refuse requests from now on, and cancel those that are being answered but the one that asks for
        it.
        """
        self._shutdown = True
        for msg_id, future in list(self._request_futures.items()):
            if msg_id != self.msg_id and msg_id in self._in_flight:
                future.cancel()


def _id_of(message: Any) -> str | int | None:
    found = message.get("id") if isinstance(message, dict) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _int(value: Any) -> int:
    return value if isinstance(value, int) else -32603
