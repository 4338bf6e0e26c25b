"""Details of files and executions as bytes and back, and under which keys each is kept.

Every record is sealed: a magic, a version, a checksum, the body. Knows of no database. Tests:
``tests/store/test_second_tier.py``; the layout is written down in ``docs/index-format.md``.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

import msgspec

from magellan_lsp.errors import IndexDamagedError, IndexFormatError
from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.store.second_tier import Detail, Details, Execution

_T = TypeVar("_T")

_HEAD = struct.Struct("=3sBI")  # magic, version, checksum of the body
_MAGIC = b"mgD"
_PACKED = 1
_ODD = 128 + _PACKED  # texts with lone surrogates, which msgpack does not take: as JSON

_SPAN = struct.Struct(">QQ")
_CHUNK_ROW = struct.Struct(">QQ16s")
NO_SYMBOL = bytes(16)


def seal(record: Any) -> bytes:
    """Any record of msgspec's types as bytes."""
    try:
        body, version = msgspec.msgpack.encode(record), _PACKED
    except UnicodeEncodeError:
        body, version = json.dumps(msgspec.to_builtins(record)).encode(), _ODD
    return _HEAD.pack(_MAGIC, version, crc32(body)) + body


def unseal(data: bytes | memoryview, kind: type[_T], where: Path) -> _T:
    """The record that :func:`seal` was given.

    Raises:
        IndexFormatError: another version wrote it.
        IndexDamagedError: it is cut short, or its bytes are not those that were written.
    """
    if len(data) < _HEAD.size:
        raise IndexDamagedError(where, "a detail that is cut short")
    magic, version, checksum = _HEAD.unpack_from(data)
    if magic != _MAGIC:
        raise IndexDamagedError(where, "something other than a detail")
    if version not in (_PACKED, _ODD):
        raise IndexFormatError(where, version, _PACKED)
    body = memoryview(data)[_HEAD.size :]
    if crc32(body) != checksum:
        raise IndexDamagedError(where, "a detail with a wrong checksum")
    try:
        if version == _ODD:
            return msgspec.convert(json.loads(bytes(body)), kind)
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.MsgspecError, ValueError, TypeError) as error:
        raise IndexDamagedError(where, f"a detail that does not decode: {error}") from error


def records(details: Details) -> Iterator[tuple[Detail, list[tuple[bytes, bytes]]]]:
    """What is kept of each detail that is given: (rest of the key, value), sorted, the first with an empty
    rest.
    """
    if details.chunks is not None:
        yield Detail.CHUNKS, _chunks(details.chunks)
    if details.cfgs is not None:
        cfgs = {cfg_key(cfg.symbol) + _SPAN.pack(cfg.start, cfg.end): seal(cfg) for cfg in details.cfgs}
        yield Detail.CFGS, [(b"", b""), *sorted(cfgs.items())]
    if details.ast is not None:
        yield Detail.AST, [(b"", seal(tuple(details.ast)))]
    if details.file_metrics is not None:
        yield Detail.FILE_METRICS, [(b"", seal(details.file_metrics))]
    if details.symbol_metrics is not None:
        metrics = {symbol_bytes(one.symbol): seal(one) for one in details.symbol_metrics}
        yield Detail.SYMBOL_METRICS, [(b"", b""), *sorted(metrics.items())]


def _chunks(chunks: Sequence[Chunk]) -> list[tuple[bytes, bytes]]:
    """The chunks by span and symbol (the last one given of each), after the list of their spans and symbols."""
    ordered = in_order(chunks)
    rows = [_CHUNK_ROW.pack(chunk.start, chunk.end, cfg_key(chunk.symbol)) for chunk in ordered]
    return [(b"", b"".join(rows)), *((row, seal(chunk)) for row, chunk in zip(rows, ordered, strict=True))]


def in_order(chunks: Sequence[Chunk]) -> list[Chunk]:
    """By (start, end, symbol), the last one given of each."""
    by_key = {(chunk.start, chunk.end, chunk.symbol): chunk for chunk in chunks}
    return [by_key[key] for key in sorted(by_key)]


def chunk_key(start: int, end: int, symbol: bytes = b"") -> bytes:
    """The rest of the key of a chunk, or what the keys of all chunks of a span begin with."""
    return _SPAN.pack(start, end) + symbol


def cfg_key(symbol: str) -> bytes:
    """A symbol's 16 bytes, or as many zeros where there is none."""
    return bytes.fromhex(symbol) if symbol else NO_SYMBOL


def symbol_bytes(symbol: str) -> bytes:
    """A SymbolId's 16 bytes.

    Raises:
        ValueError: it is none.
    """
    data = bytes.fromhex(symbol)
    if len(data) != 16:
        raise ValueError(f"{symbol!r} is no SymbolId")
    return data


def spans_of_symbol(rows: bytes | memoryview, symbol: bytes) -> list[tuple[int, int]]:
    """The spans of one symbol's chunks, from the list that stands before them."""
    return [(start, end) for start, end, owner in _CHUNK_ROW.iter_unpack(rows) if owner == symbol]


def decode_chunk(data: bytes | memoryview, where: Path) -> Chunk:
    """A chunk. Raises as :func:`unseal`."""
    return unseal(data, Chunk, where)


def decode_chunks(data: bytes | memoryview, where: Path) -> tuple[str, list[Chunk]]:
    """(path, chunks) of a record of carried chunks."""
    path, chunks = unseal(data, tuple[bytes, list[Chunk]], where)
    return str(path, "utf-8", "surrogatepass"), chunks


def decode_cfg(data: bytes | memoryview, where: Path) -> Cfg:
    """A control-flow graph. Raises as :func:`unseal`."""
    return unseal(data, Cfg, where)


def decode_ast(data: bytes | memoryview, where: Path) -> list[AstNode]:
    """The syntax nodes of a file. Raises as :func:`unseal`."""
    return unseal(data, list[AstNode], where)


def decode_file_metrics(data: bytes | memoryview, where: Path) -> FileMetrics:
    """The measures of a file. Raises as :func:`unseal`."""
    return unseal(data, FileMetrics, where)


def decode_symbol_metrics(data: bytes | memoryview, where: Path) -> SymbolMetrics:
    """The measures of a symbol. Raises as :func:`unseal`."""
    return unseal(data, SymbolMetrics, where)


def decode_execution(data: bytes | memoryview, where: Path) -> Execution:
    """An execution; its arguments come back as a tuple."""
    execution = unseal(data, Execution, where)
    return execution._replace(args=tuple(execution.args))


def execution_order(execution: Execution) -> bytes:
    """A key that sorts executions newest first."""
    return struct.pack(">QQ", (1 << 63) - 1 - execution.started_at, (1 << 64) - 1 - execution.id)
