"""Bytes of messages in and out: over standard input and output, or one TCP connection.

A thread of its own reads standard input whole messages at a time, so that reading never waits for answers
and answers never for reading. Tests: ``tests/protocol/test_transport.py``, ``tests/e2e/``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sys
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

_LENGTH = re.compile(rb"^\s*content-length\s*:\s*(\d+)\s*$", re.IGNORECASE)
#: Headers beyond this size are no headers.
_MAX_HEADER_BYTES = 1 << 16
#: A message beyond this size is refused by ending the connection: it would only fill the memory.
MAX_MESSAGE_BYTES = 1 << 30
_READ_BYTES = 1 << 16


class BrokenStream(Exception):
    """The other side sends what is no message; there is no telling where the next one would begin."""


class Framing:
    """Cuts a stream of bytes into message bodies."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length = -1

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that are complete now.

        Raises:
            BrokenStream: the headers have no length, or an absurd one.
        """
        self._buffer += data
        bodies: list[bytes] = []
        while True:
            if self._length < 0 and not self._take_header():
                return bodies
            if len(self._buffer) < self._length:
                return bodies
            bodies.append(bytes(self._buffer[: self._length]))
            del self._buffer[: self._length]
            self._length = -1

    def _take_header(self) -> bool:
        buffer = self._buffer
        while buffer[:1] == b"\r" or buffer[:1] == b"\n":  # some clients send an empty line between messages
            del buffer[:1]
        end = buffer.find(b"\r\n\r\n")
        width = 4
        bare = buffer.find(b"\n\n")
        if bare >= 0 and (end < 0 or bare < end):
            end, width = bare, 2
        if end < 0:
            if len(buffer) > _MAX_HEADER_BYTES:
                raise BrokenStream("headers without end")
            return False
        for line in bytes(buffer[:end]).splitlines():
            found = _LENGTH.match(line)
            if found:
                self._length = int(found[1])
        if not 0 <= self._length <= MAX_MESSAGE_BYTES:
            raise BrokenStream("headers without a usable Content-Length")
        del buffer[: end + width]
        return True


class StdoutWriter:
    """Writes to what standard output was, while ``print`` and the like go to standard error."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._descriptor = os.dup(sys.stdout.fileno())
        # a stray print, or a child that inherits the descriptor, must not tear a message apart
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        if sys.platform == "win32":
            import msvcrt

            msvcrt.setmode(self._descriptor, os.O_BINARY)
            msvcrt.setmode(sys.stdin.fileno(), os.O_BINARY)

    def write(self, data: bytes) -> None:
        """Write all of it."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]

    def close(self) -> None:
        """Say that nothing more comes."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)


def read_stdin(
    loop: asyncio.AbstractEventLoop, on_bodies: Callable[[list[bytes]], None], on_end: Callable[[], None]
) -> None:
    """Read messages in a thread until standard input ends; both callbacks are called on the loop."""
    descriptor = os.dup(sys.stdin.fileno())

    def read() -> None:
        framing = Framing()
        try:
            # os.read and not sys.stdin: a thread that waits in the latter's lock makes the interpreter's
            # end fail
            while data := os.read(descriptor, _READ_BYTES):
                bodies = framing.feed(data)
                if bodies:
                    loop.call_soon_threadsafe(on_bodies, bodies)
        except BrokenStream as error:
            log.error("The client does not speak LSP: %s", error)
        except OSError as error:
            log.debug("Standard input cannot be read: %s", error)
        with contextlib.suppress(RuntimeError):  # the loop is gone already
            loop.call_soon_threadsafe(on_end)

    threading.Thread(target=read, name="stdin", daemon=True).start()


async def read_stream(reader: asyncio.StreamReader, on_bodies: Callable[[list[bytes]], None]) -> None:
    """Read messages until the connection ends."""
    framing = Framing()
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(_READ_BYTES):
            try:
                bodies = framing.feed(data)
            except BrokenStream as error:
                log.error("The client does not speak LSP: %s", error)
                return
            if bodies:
                on_bodies(bodies)
