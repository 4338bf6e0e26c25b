"""Builds the server, and serves over standard streams or TCP until the client is done.

Nothing heavy is imported before the reply to ``initialize`` is out: what parses, links and stores is
loaded in a thread afterwards, or by the first question that needs it. Tests: ``tests/e2e/``.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from magellan_lsp.features import (
    call_hierarchy,
    cfg,
    chunks,
    code_lens,
    confidence,
    configuration,
    definition,
    document_highlight,
    document_link,
    document_symbol,
    executions,
    export,
    folding_range,
    graph,
    hover,
    impact,
    lifecycle,
    metrics,
    migration,
    possible_calls,
    progress,
    references,
    selection_range,
    status,
    synchronization,
    syntax_tree,
    type_hierarchy,
    watched_files,
    whole_graph,
    workspace_folders,
    workspace_symbol,
)
from magellan_lsp.protocol import custom, transport
from magellan_lsp.protocol.server import MagellanServer
from magellan_lsp.session import Session
from magellan_lsp.settings import Settings, from_command_line, read_settings

if TYPE_CHECKING:
    import argparse

log = logging.getLogger(__name__)

#: Modules that answer requests of LSP.
_ANSWERING = (
    *(definition, references, document_highlight, hover, document_symbol, workspace_symbol),
    *(call_hierarchy, type_hierarchy, folding_range, selection_range, code_lens, document_link),
    *(synchronization, watched_files, workspace_folders),
)
_SWITCH_S = 0.001
#: Modules with requests beyond LSP, which are registered by being imported.
CUSTOM = (
    status,
    confidence,
    possible_calls,
    chunks,
    cfg,
    syntax_tree,
    metrics,
    executions,
    graph,
    whole_graph,
    impact,
    export,
    migration,
)


def build(session: Session) -> MagellanServer:
    """A server for one client, all features registered."""
    server = MagellanServer(session)
    settings = configuration.Configuration(server)
    lifecycle.register(server, settings)
    configuration.register(server, settings)
    progress.register(server)
    for module in _ANSWERING:
        module.register(server)
    custom.register_all(server)
    return server


def serve(options: argparse.Namespace, address: tuple[str, int] | None) -> int:
    """Serve as the command line says; gives the exit code."""
    read = read_settings(from_command_line(getattr(options, "set", None) or []))
    for warning in read.warnings:
        log.warning("%s", warning)
    index = Path(options.index).absolute() if getattr(options, "index", None) else None
    if address is not None:
        return serve_tcp(*address, read.settings, index=index)
    return serve_stdio(read.settings, index=index)


def serve_stdio(settings: Settings | None = None, *, index: Path | None = None) -> int:
    """Serve the client at standard input and output until it is done; 0 when it said goodbye in order.

    ``index``: where the index of the (first) workspace folder is kept.
    """
    return asyncio.run(_stdio(Session(settings, index=index)))


async def _stdio(session: Session) -> int:
    # a thread that works on a long question must soon let the loop have its turn
    sys.setswitchinterval(_SWITCH_S)
    loop = asyncio.get_running_loop()
    writer = transport.StdoutWriter()
    server = build(session)
    server.protocol.set_writer(writer)
    ended = asyncio.Event()
    server.on_end = ended.set
    transport.read_stdin(loop, server.receive, ended.set)
    _end_on_signals(loop, ended)
    await ended.wait()
    await server.end()
    writer.close()
    return server.protocol.exit_code


def serve_tcp(host: str, port: int, settings: Settings | None = None, *, index: Path | None = None) -> int:
    """Serve one client at a time on an address until interrupted; port 0 takes a free one.

    The line ``listening on HOST:PORT`` goes to standard error.
    """
    return asyncio.run(_tcp(host, port, lambda: Session(settings, index=index)))


async def _tcp(host: str, port: int, make_session: Callable[[], Session]) -> int:
    ended = asyncio.Event()
    busy = asyncio.Lock()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if busy.locked():
            log.warning("A second client was turned away.")
            writer.close()
            return
        async with busy:
            await _connection(reader, writer, make_session())

    try:
        listener = await asyncio.start_server(connected, host, port)
    except OSError as error:
        print(f"magellan-lsp: cannot listen on {host}:{port}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 3
    at = listener.sockets[0].getsockname()
    if not ipaddress.ip_address(at[0].partition("%")[0]).is_loopback:
        print(  # noqa: T201
            "magellan-lsp: not only this machine can connect: whoever reaches the address can read the files.",
            file=sys.stderr,
        )
    print(f"listening on {at[0]}:{at[1]}", file=sys.stderr, flush=True)  # noqa: T201 - scripts wait for it
    _end_on_signals(asyncio.get_running_loop(), ended)
    async with listener:
        await ended.wait()
    return 0


async def _connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session) -> None:
    server = build(session)
    server.protocol.set_writer(writer)
    reading = asyncio.create_task(transport.read_stream(reader, server.receive))
    server.on_end = reading.cancel
    await asyncio.wait([reading])
    await server.end()
    writer.close()


def _end_on_signals(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    for name in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(name, ended.set)
        except (NotImplementedError, RuntimeError):
            return  # not on this system; the default ends the process
