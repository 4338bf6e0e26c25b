"""Bytes -> syntax tree. Parsing never fails: broken source gives a tree with error nodes."""

from __future__ import annotations

import re

from tree_sitter import Parser, Tree

from magellan_lsp.languages.base import Language

_parsers: dict[str, Parser] = {}
_UNDECODABLE = re.compile("[\udc80-\udcff]")


def parse(language: Language, source: bytes, old: Tree | None = None) -> Tree:
    """The tree of ``source``; with ``old`` (already told of the edits) only what changed is parsed again.

    Bytes that are no UTF-8 are parsed as letters, in their places: queries cannot look at other texts, and a name in another
    encoding stays one name.

    Not for several threads at once per language: a parser is kept and reused.
    """
    source = decodable(source)
    parser = _parsers.get(language.name)
    if parser is None:
        parser = _parsers[language.name] = Parser(language.ts)
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
