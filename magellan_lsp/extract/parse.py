"""Bytes -> syntax tree. Parsing never fails: broken source gives a tree with error nodes.

Nor does it go on for ever. Recovering from some errors takes tree-sitter time that grows with the square of the text: a
megabyte of brackets that never close would keep a processor busy for minutes. A text that takes more of the processor's
time than ``MAX_PARSE_S`` allows is given up, and has the tree of an empty text. So is one whose tree would keep the queries
busy, which is quickly made and as slowly looked through (``MAX_NAMELESS``).
"""

from __future__ import annotations

import ctypes
import re
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from functools import cache, partial
from typing import Any, NamedTuple

from blake3 import blake3
from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser, Tree

from magellan_lsp.languages.base import Language

#: Seconds of the processor that a parse may take: a constant, and for each byte. What people write takes less than
#: a tenth of a microsecond a byte, text of another kind than its name says about two.
MAX_PARSE_S = (0.5, 5e-6)
#: Tokens side by side in one error, without a named node among them. For each of them a query looks through all that follow:
#: 50,000 take 2 s, four times as many 30 s.
MAX_NAMELESS = 16_000
#: Texts below this cannot take long.
_SMALL = 8192
#: How much of a text the parser is given at a time after it has been at the end once.
_CHUNK = 4096
#: How many texts that were given up are known again, so that the next look at one costs nothing.
_KNOWN = 256
_UNDECODABLE = re.compile("[\udc80-\udcff]")

_given_up: OrderedDict[bytes, None] = OrderedDict()


class _Parsers(threading.local):
    """One per language and thread: other threads run while a parser asks whether to go on."""

    def __init__(self) -> None:
        self.by_language: dict[str, Parser] = {}


_parsers = _Parsers()


class Parsed(NamedTuple):
    """A file as extraction sees it."""

    tree: Tree
    note: Any  # what ``Language.read`` leaves for the hooks; None without one
    is_whole: bool  # False: (a part of) it was given up


def parse(language: Language, source: bytes, old: Tree | None = None) -> Tree:
    """The tree of ``source``; with ``old`` (already told of the edits) only what changed is parsed again.

    Bytes that are no UTF-8 are parsed as letters, in their places: queries cannot look at other texts, and a name in another
    encoding stays one name.
    """
    return _parse(language, source, old) or _blank(language, source)


def parse_file(language: Language, source: bytes) -> Parsed:
    """The tree that extraction sees: some languages are made readable first, with every offset kept."""
    if language.read is None:
        tree = _parse(language, source)
        return Parsed(tree or _blank(language, source), None, tree is not None)
    is_whole = True

    def parse_part(text: bytes) -> Tree:
        nonlocal is_whole
        tree = _parse(language, text)
        is_whole = is_whole and tree is not None
        return tree or _blank(language, text)

    return Parsed(*language.read(source, parse_part), is_whole)


def is_given_up(language: Language, source: bytes, tree: Tree) -> bool:
    """Whether ``tree``, made of ``source`` by :func:`parse`, says nothing because parsing took too long."""
    return tree.root_node.descendant_count == 1 and _key(language, decodable(source)) in _given_up


def can_follow(language: Language, source: bytes) -> bool:
    """Whether trees of ``source`` and of the text after an edit may share their parts: the parser is given it as it is."""
    return language.easy is None or len(source) < _SMALL or language.easy(source) == source


def _parse(language: Language, source: bytes, old: Tree | None = None) -> Tree | None:
    """None: given up."""
    source = decodable(source)
    parser = _parsers.by_language.get(language.name)
    if parser is None:
        parser = _parsers.by_language[language.name] = Parser(language.ts)
    if old is not None and old.root_node.descendant_count == 1:
        old = None  # nothing in it, or it was given up
    if len(source) < _SMALL:
        return parser.parse(source, old) if old is not None else parser.parse(source)
    key = _key(language, source)
    if key in _given_up:
        return None
    if not can_follow(language, source):
        assert language.easy is not None
        source, old = language.easy(source), None
    constant, per_byte = MAX_PARSE_S
    reader = _Reader(source, keeps_pieces=_keeps_pieces(language.ts))
    parse_some = partial(parser.parse, reader, progress_callback=_limit(constant + per_byte * len(source)))
    try:
        tree = parse_some(old) if old is not None else parse_some()
    except ValueError:  # how the bindings say that a parse was stopped
        parser.reset()
        tree = None
    finally:
        reader.end()
    if tree is None or (tree.root_node.has_error and _is_too_wide(tree.root_node)):
        _given_up[key] = None
        while len(_given_up) > _KNOWN:
            _given_up.popitem(last=False)
        return None
    # The same tree once more, of bytes: nothing changed, so that its parts are taken as they are (a tenth of the time), and
    # queries look at nodes' texts there, without coming back to the reader for each.
    return parser.parse(source, tree)


def _is_too_wide(root: Node) -> bool:
    """Whether ``MAX_NAMELESS`` tokens stand side by side in one node."""
    nodes = [root]
    while nodes:
        n_nameless = 0
        for child in _children(nodes.pop()):
            n_nameless = 0 if child.is_named else n_nameless + 1
            if n_nameless == MAX_NAMELESS:
                return True
            if child.descendant_count > MAX_NAMELESS:
                nodes.append(child)
    return False


def large_children(node: Node, n_nodes: int) -> Iterator[Node]:
    """Those of a node's children that are, with all that is in them, that many nodes or more."""
    if node.descendant_count > n_nodes:
        for child in _children(node):
            if child.descendant_count >= n_nodes:
                yield child


def _children(node: Node) -> Iterator[Node]:
    """``node.children``, without the list: there may be millions. To go to one by its number takes time with that number."""
    cursor = node.walk()
    is_there = cursor.goto_first_child()
    while is_there:
        if (child := cursor.node) is not None:
            yield child
        is_there = cursor.goto_next_sibling()


class _Reader:
    """Hands a text to a parser, which asks for what begins at an offset.

    py-tree-sitter up to 0.26.1 never lets go of a piece that it parsed, which would be the whole text at every
    parse (``keeps_pieces``): so this does.
    """

    __slots__ = ("_keeps", "_piece", "_text")

    def __init__(self, text: bytes, *, keeps_pieces: bool) -> None:
        self._text = text
        self._keeps = keeps_pieces
        self._piece = b""

    def __call__(self, offset: int, _: object) -> bytes:
        piece = self._text if not offset else self._text[offset : offset + _CHUNK]
        self._let_go()
        self._piece = piece
        return piece

    def end(self) -> None:
        """The parse is over."""
        self._let_go()
        self._piece = b""

    def _let_go(self) -> None:
        if self._keeps and self._piece:
            ctypes.pythonapi.Py_DecRef(ctypes.py_object(self._piece))


@cache
def _keeps_pieces(grammar: Grammar) -> bool:
    """Whether the bindings keep what a parser was given."""
    probe = bytes(100)
    before = sys.getrefcount(probe)
    Parser(grammar).parse(lambda offset, _: b"" if offset else probe)
    return sys.getrefcount(probe) > before


def _limit(allowed_s: float) -> Any:
    """What the parser asks every hundred steps: whether to stop."""
    began = time.thread_time()
    next_look = time.perf_counter() + allowed_s

    def is_over(offset: int, has_error: bool) -> bool:
        nonlocal next_look
        now = time.perf_counter()
        if now < next_look:
            return False
        left = allowed_s - (time.thread_time() - began)
        next_look = now + left  # the processor may have been with others
        return left <= 0

    return is_over


def _blank(language: Language, source: bytes) -> Tree:
    """The tree of nothing but blanks, as long as ``source``."""
    return Parser(language.ts).parse(b" " * len(source))


def _key(language: Language, source: bytes) -> bytes:
    return blake3(source).digest() + language.name.encode()


def decodable(source: bytes) -> bytes:
    """``source`` with ``_`` for each byte that is not part of UTF-8; of the same length."""
    if source.isascii():
        return source
    try:
        source.decode()
    except UnicodeDecodeError:
        return _UNDECODABLE.sub("_", source.decode("utf-8", "surrogateescape")).encode()
    return source
