"""Requests beyond LSP, ``magellan/<noun>``: a params class, a function, one decorator.

::

    @attrs.frozen
    class ChunkParams:
        text_document: TextDocument      # camelCase on the wire
        limit: int = 100

    @custom("magellan/chunks", ChunkParams)
    async def chunks(server: MagellanServer, params: ChunkParams) -> Json: ...

Params that do not fit earn ``InvalidParams`` with what is wrong in words. ``server.py`` registers whatever
modules in ``features`` were decorated. Each is documented in ``docs/lsp-extensions.md``, and is a command of
``workspace/executeCommand`` as well, for clients that can send nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from magellan_lsp.protocol import failures
from magellan_lsp.settings import camel_case

if TYPE_CHECKING:
    from magellan_lsp.protocol.server import MagellanServer

P = TypeVar("P")
Json = Any
Handler = Callable[["MagellanServer", Any], Awaitable[Json]]


@attrs.frozen
class TextDocument:
    """LSP's ``TextDocumentIdentifier``."""

    uri: str


@attrs.frozen
class Position:
    """LSP's ``Position``, in the negotiated encoding."""

    line: int
    character: int


@attrs.frozen
class Nothing:
    """No params."""


#: Every custom request: method -> (params class, function).
REQUESTS: dict[str, tuple[type, Handler]] = {}


def custom(
    method: str, params: type[P]
) -> Callable[
    [Callable[[MagellanServer, P], Awaitable[Json]]], Callable[[MagellanServer, P], Awaitable[Json]]
]:
    """Make a function answer a request beyond LSP."""

    def register(
        function: Callable[[MagellanServer, P], Awaitable[Json]],
    ) -> Callable[[MagellanServer, P], Awaitable[Json]]:
        REQUESTS[method] = (params, function)
        return function

    return register


def register_all(server: MagellanServer) -> None:
    """Make the server answer every request that was decorated so far."""
    commands = {
        method: _register(server, method, params_type, function)
        for method, (params_type, function) in REQUESTS.items()
    }

    async def execute(params: types.ExecuteCommandParams) -> Json:
        command = commands.get(params.command)
        if command is None:
            known = ", ".join(sorted(commands))
            raise JsonRpcInvalidParams(f"There is no command {params.command}; there are {known}.")
        return await command(params.arguments[0] if params.arguments else None)

    server.handles(types.WORKSPACE_EXECUTE_COMMAND, execute)


def _register(
    server: MagellanServer, method: str, params_type: type, function: Handler
) -> Callable[[Any], Awaitable[Json]]:
    async def handle(params: Any) -> Json:
        if not isinstance(params, dict | None):
            raise failures.invalid_params(method, ValueError("they must be an object @ params"))
        try:
            structured: Any = converter().structure(params if params is not None else {}, params_type)
        except Exception as error:
            raise failures.invalid_params(method, error) from error
        return server.encode(await function(server, structured))

    server.feature(method)(handle)
    return handle


@cache
def converter() -> Converter:
    """Structures params: camelCase names, no guessing between types."""
    made = Converter(forbid_extra_keys=False)

    def structure(cls: type) -> Callable[[Any, Any], Any]:
        names = {field.name: override(rename=camel_case(field.name)) for field in attrs.fields(cls)}
        return make_dict_structure_fn(cls, made, **names)  # type: ignore[arg-type]

    made.register_structure_hook_factory(attrs.has, structure)
    for plain in (int, str, bool):
        made.register_structure_hook(plain, _exactly)
    return made


def _exactly(value: Any, wanted: type) -> Any:
    """Cattrs would make ``"5"`` a 5 and anything a text."""
    if type(value) is not wanted:
        raise ValueError(f"expected {wanted.__name__}, not {value!r}")
    return value
