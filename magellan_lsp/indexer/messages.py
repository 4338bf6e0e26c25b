"""What server and indexer process say to each other: length-prefixed msgpack over the child's standard
streams.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Literal

import msgspec

_LENGTH = struct.Struct(">I")
#: No message is larger; a longer one means that the stream is not ours.
MAX_MESSAGE_BYTES = 1 << 30


Backend = Literal["lmdb", "sqlite"]


class Configure(msgspec.Struct, frozen=True, tag="configure"):
    """Settings that matter to indexing. First message, and again when they change."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    max_file_size: int
    workers: int
    debounce_ms: int
    details: tuple[str, ...] = ()  # what is worked out in the background, by the names of the setting
    migrates: bool = True  # whether an index of Magellan is looked for when a folder is opened
    database: str = ""  # where that is, as the setting has it
    follow_symlinks: bool = True
    languages_off: tuple[str, ...] = ()


class AddFolder(msgspec.Struct, frozen=True, tag="add"):
    """Index a folder and keep it true. ``index`` is the index folder; ``watch`` asks for an own watcher."""

    root: str
    index: str
    watch: bool
    backend: Backend = "lmdb"


class RemoveFolder(msgspec.Struct, frozen=True, tag="remove"):
    """Leave a folder alone from now on."""

    root: str


class OpenBuffer(msgspec.Struct, frozen=True, tag="open"):
    """A document's text, new or changed; it wins over the disk."""

    root: str
    path: str
    text: bytes


class CloseBuffer(msgspec.Struct, frozen=True, tag="close"):
    """The disk counts again for a file."""

    root: str
    path: str


class FilesChanged(msgspec.Struct, frozen=True, tag="changed"):
    """Files that may be new, changed or gone on disk."""

    root: str
    paths: tuple[str, ...]


class Rescan(msgspec.Struct, frozen=True, tag="rescan"):
    """Compare the whole folder with its index."""

    root: str


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """Stop the folder's present run; what it did stays. Changes from now on are still followed."""

    root: str


class Migrate(msgspec.Struct, frozen=True, tag="migrate"):
    """Take over an index of Magellan now; ``path`` is the database, "" for the one that is found. Answered by Migrated."""

    root: str
    path: str
    token: int


class Synchronize(msgspec.Struct, frozen=True, tag="sync"):
    """Answer with Synchronized when nothing is left to do."""

    token: int


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """End the process."""


Command = (
    Configure
    | AddFolder
    | RemoveFolder
    | OpenBuffer
    | CloseBuffer
    | FilesChanged
    | Rescan
    | Cancel
    | Migrate
    | Synchronize
    | Stop
)


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """``phase``: scan, extract, link, or migrate and answers; ``total`` 0 when not known."""

    root: str
    phase: str
    done: int
    total: int


class FilesIndexed(msgspec.Struct, frozen=True, tag="indexed"):
    """Committed: these files' facts or links are new, or they are gone."""

    root: str
    indexed: tuple[str, ...]
    removed: tuple[str, ...]
    generation: int


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Nothing left to do in the folder for now. ``complete`` is False after a cancelled run."""

    root: str
    generation: int
    files: int
    symbols: int
    complete: bool


class Detailing(msgspec.Struct, frozen=True, tag="detailing"):
    """So many files are still without the details that are worked out in the background; 0 at the end."""

    root: str
    pending: int


class Trouble(msgspec.Struct, frozen=True, tag="trouble"):
    """Something a person may want to know; nothing stopped because of it."""

    root: str
    message: str
    path: str = ""


class IndexerGone(msgspec.Struct, frozen=True, tag="gone"):
    """The process ended without being told to; it is started again. Made by the service, never sent."""

    root: str
    message: str


class Removed(msgspec.Struct, frozen=True, tag="removed"):
    """RemoveFolder was taken: what is said of that root from now on is of a folder that was added later."""

    root: str


class Migrated(msgspec.Struct, frozen=True, tag="migrated"):
    """An index of Magellan was taken over, or could not be. ``report`` is JSON, "null" when there is none;
    ``token`` is -1 when nobody asked.
    """

    root: str
    report: bytes
    token: int = -1


class Synchronized(msgspec.Struct, frozen=True, tag="synced"):
    """The answer to Synchronize."""

    token: int


Event = (
    Progress | FilesIndexed | Ready | Detailing | Trouble | IndexerGone | Removed | Migrated | Synchronized
)

_encoder = msgspec.msgpack.Encoder()
commands = msgspec.msgpack.Decoder(Command)
events = msgspec.msgpack.Decoder(Event)


def pack(message: Command | Event) -> bytes:
    """The message with its length in front."""
    data = _encoder.encode(message)
    return _LENGTH.pack(len(data)) + data


def read(stream: BinaryIO) -> bytes | None:
    """The next message's bytes; None at the end of the stream. Raises ValueError for what is no message."""
    head = _read_exactly(stream, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_MESSAGE_BYTES:
        raise ValueError("not a message")
    return _read_exactly(stream, length)


def _read_exactly(stream: BinaryIO, n_bytes: int) -> bytes | None:
    parts = []
    while n_bytes:
        part = stream.read(n_bytes)
        if not part:
            return None
        parts.append(part)
        n_bytes -= len(part)
    return b"".join(parts)
