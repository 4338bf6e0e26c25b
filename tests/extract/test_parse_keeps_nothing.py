"""Parsing keeps nothing of a text longer than its tree lives, and a tree gives its nodes' texts."""

import gc
import sys

import pytest

from magellan_lsp.extract import parse as parsing
from magellan_lsp.extract.parse import parse
from magellan_lsp.languages.registry import get_language

#: Given whole, and given in pieces within a limit of time.
SIZES = {"small": 100, "large": 40_000}


def text_of(size: int, end: str = "") -> bytes:
    lines = [f"def function{number}(x):\n    return x + {number}\n" for number in range(1 + size // 40)]
    return ("".join(lines) + end).encode()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("end", ["", "def broken(:\n  (((\n"], ids=["sound", "broken"])
def test_a_text_is_let_go_with_its_tree(size, end):
    language = get_language("python")
    source = text_of(size, end)
    tree = parse(language, source)  # whatever is made once is made now
    del tree
    before = sys.getrefcount(source)
    for _ in range(5):
        tree = parse(language, source)
        assert tree.root_node.end_byte == len(source)
        del tree
    gc.collect()
    assert sys.getrefcount(source) == before


def test_pieces_are_let_go_too(monkeypatch):
    """A text with errors is read again from the middle; all of it is counted here, and none may stay."""
    language = get_language("python")
    monkeypatch.setattr(parsing, "_CHUNK", 4096)
    source = text_of(40_000, "x = (" * 3000)
    parse(language, source)
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(20):
        parse(language, source)
    gc.collect()
    assert sys.getallocatedblocks() - before < 20


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_nodes_of_a_tree_have_their_texts(size):
    source = text_of(size)
    names = [
        child.child_by_field_name("name")
        for child in parse(get_language("python"), source).root_node.children
    ]
    assert [name.text for name in names] == [b"function%d" % number for number in range(len(names))]
    assert len(names) == 1 + size // 40
