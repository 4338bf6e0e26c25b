"""Bytes -> syntax tree. Parsing never fails: broken source gives a tree with error nodes."""

from __future__ import annotations

from tree_sitter import Parser, Tree

from magellan_lsp.languages.base import Language

_parsers: dict[str, Parser] = {}


def parse(language: Language, source: bytes, old: Tree | None = None) -> Tree:
    """The tree of ``source``; with ``old`` (already told of the edits) only what changed is parsed again.

    Not for several threads at once per language: a parser is kept and reused.
    """
    parser = _parsers.get(language.name)
    if parser is None:
        parser = _parsers[language.name] = Parser(language.ts)
    return parser.parse(source, old) if old is not None else parser.parse(source)
