"""Bytes -> syntax tree. Parsing never fails: broken source gives a tree with error nodes."""

from __future__ import annotations

import re
import threading

from tree_sitter import Parser, Tree

from magellan_lsp.languages.base import Language


class _Parsers(threading.local):
    """Each thread's parsers, by language: one that is at work must not be used by another thread."""

    def __init__(self) -> None:
        self.by_name: dict[str, Parser] = {}


_parsers = _Parsers()
_UNDECODABLE = re.compile("[\udc80-\udcff]")


def parse(language: Language, source: bytes, old: Tree | None = None) -> Tree:
    """The tree of ``source``; with ``old`` (already told of the edits) only what changed is parsed again.

    Bytes that are no UTF-8 are parsed as letters, in their places: queries cannot look at other texts, and a name in another
    encoding stays one name.

    Safe in several threads at once; each keeps its parsers.
    """
    source = decodable(source)
    parser = _parsers.by_name.get(language.name)
    if parser is None:
        parser = _parsers.by_name[language.name] = Parser(language.ts)
    return parser.parse(source, old) if old is not None else parser.parse(source)


def decodable(source: bytes) -> bytes:
    """``source`` with ``_`` for each byte that is not part of UTF-8; of the same length."""
    if source.isascii():
        return source
    try:
        source.decode()
    except UnicodeDecodeError:
        return _UNDECODABLE.sub("_", source.decode("utf-8", "surrogateescape")).encode()
    return source
