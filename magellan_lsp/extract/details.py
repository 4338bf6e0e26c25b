"""Everything of the second tier for one file in one pass: graphs, measures, chunks, syntax nodes.

A pure function of the file's facts and bytes; what comes from other files (fan-in, fan-out, recursion) is given or left
0. Each part can also be had alone. What is made here is stored beside the facts and thrown away with them: whoever changes
what comes out raises ``facts.FACTS_VERSION``. Tests: ``tests/extract/test_details.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import NamedTuple

from tree_sitter import Tree

from magellan_lsp.extract.ast_nodes import ast_nodes, magellan_kinds
from magellan_lsp.extract.cfg import control_flow
from magellan_lsp.extract.chunks import chunks, kind_word
from magellan_lsp.extract.marks import Marks
from magellan_lsp.extract.metrics import Fan, file_metrics, symbol_metrics
from magellan_lsp.extract.parse import parse_file
from magellan_lsp.extract.tokens import Tokens
from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.languages.base import Language
from magellan_lsp.languages.flow import flow_rules


class FileDetails(NamedTuple):
    """The second tier of one file. Orders are those of the functions that make the parts."""

    chunks: list[Chunk]
    cfgs: list[Cfg]
    ast: list[AstNode]
    file_metrics: FileMetrics
    symbol_metrics: list[SymbolMetrics]


def tree_of(language: Language, source: bytes) -> Tree:
    """The tree that extraction sees: C and C++ are made readable first, with every offset kept."""
    return parse_file(language, source).tree


def graphs_of(
    language: Language, source: bytes, facts: FileFacts | None = None, tree: Tree | None = None
) -> list[Cfg]:
    """The control-flow graphs of a file's functions; see :func:`control_flow`."""
    tree = tree or tree_of(language, source)
    return control_flow(Marks(flow_rules(language.name), language.ts, tree.root_node), source, facts)


class Study:
    """One file under study: each part is made when it is asked for, and what several parts need is made once.

    Args:
        facts: of ``source``.
        tree: as :func:`tree_of` gives it, when the caller has one.
    """

    def __init__(self, facts: FileFacts, language: Language, source: bytes, tree: Tree | None = None) -> None:
        self.facts = facts
        self.language = language
        self.source = source
        if tree is not None:
            self.tree = tree

    @cached_property
    def tree(self) -> Tree:
        return tree_of(self.language, self.source)

    @cached_property
    def marks(self) -> Marks:
        return Marks(flow_rules(self.language.name), self.language.ts, self.tree.root_node)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.tree.root_node, self.source)

    @cached_property
    def cfgs(self) -> list[Cfg]:
        """As :func:`control_flow` gives them."""
        return control_flow(self.marks, self.source, self.facts)

    def chunks(self, kind_of: Callable[[int], str] = kind_word, now: int = 0) -> list[Chunk]:
        return chunks(self.facts, self.source, kind_of=kind_of, now=now)

    def ast(self, kinds: Collection[str] | None = magellan_kinds) -> list[AstNode]:
        return ast_nodes(self.tree.root_node, kinds)

    def file_metrics(self, fan: Fan | None = None, now: int = 0) -> FileMetrics:
        return file_metrics(self.facts, self.marks, self.tokens, self.cfgs, self.source, fan=fan, now=now)

    def symbol_metrics(
        self, fans: Mapping[str, Fan] | None = None, recursive: Collection[str] = (), now: int = 0
    ) -> list[SymbolMetrics]:
        return symbol_metrics(
            self.facts,
            self.marks,
            self.tokens,
            self.cfgs,
            self.source,
            fans=fans,
            recursive=recursive,
            now=now,
        )


def details(
    facts: FileFacts,
    language: Language,
    source: bytes,
    tree: Tree | None = None,
    *,
    ast_kinds: Collection[str] | None = magellan_kinds,
    kind_of: Callable[[int], str] = kind_word,
    fan: Fan | None = None,
    fans: Mapping[str, Fan] | None = None,
    recursive: Collection[str] = (),
    now: int = 0,
) -> FileDetails:
    """All of it, about as fast as extraction.

    Args:
        facts: of ``source``.
        tree: as :func:`tree_of` gives it, when the caller has one.
        ast_kinds: which syntax nodes to list; None: all that are named.
        kind_of: the word for a kind of symbol in chunks.
        fan, fans: of the file, and by SymbolId.
        recursive: SymbolIds of functions that call themselves, directly or through others.
        now: Unix seconds, for the records that say when they were made.
    """
    study = Study(facts, language, source, tree)
    return FileDetails(
        study.chunks(kind_of, now),
        study.cfgs,
        study.ast(ast_kinds),
        study.file_metrics(fan, now),
        study.symbol_metrics(fans, recursive, now),
    )
