"""Chunks are exact to the byte and know when they are stale."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.extract.chunks import chunk_of, chunks, file_chunk, is_stale, stale, whole_characters
from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.registry import get_language

SOURCE = "# Grüße\nclass Käse:\n    def reife(self):\n        return '🧀' * 2\n\nn = 1\n".encode()


def test_each_symbol_has_its_text():
    facts = extract("a.py", get_language("python"), SOURCE)
    found = chunks(facts, SOURCE, now=5)
    assert [(chunk.name, chunk.kind) for chunk in found] == [
        ("Käse", "class"),
        ("reife", "method"),
        ("n", "variable"),
    ]
    for chunk in found:
        assert chunk.text.encode() == SOURCE[chunk.start : chunk.end]
        assert chunk.hash == sha256(SOURCE[chunk.start : chunk.end]).hexdigest()
        assert chunk.created_at == 5
        assert chunk.symbol in facts.symbol_ids
    assert found[1].text == "def reife(self):\n        return '🧀' * 2"


def test_a_file_is_a_chunk():
    facts = extract("a.py", get_language("python"), SOURCE)
    chunk = file_chunk(facts, SOURCE)
    assert chunk is not None
    assert (chunk.text.encode(), chunk.symbol) == (SOURCE, facts.symbol_id(0))


def test_a_chunk_is_stale_when_its_bytes_are_not_there_any_more():
    facts = extract("a.py", get_language("python"), SOURCE)
    found = chunks(facts, SOURCE)
    assert stale(found, SOURCE) == []
    assert [chunk.name for chunk in stale(found, SOURCE.replace(b"* 2", b"* 3"))] == ["Käse", "reife"]
    assert stale(found, b"#" + SOURCE) == found
    assert is_stale(found[-1], SOURCE[:-4])


def test_bytes_that_are_no_text_have_no_chunk():
    assert chunk_of(b"ab\xff\xfe", 0, 4) is None
    assert chunk_of(b"ab\xff\xfe", 0, 2) is not None


@given(st.text(max_size=12), st.integers(-2, 60), st.integers(-2, 60))
def test_a_span_never_cuts_a_character(text: str, start: int, end: int):
    source = text.encode("utf-8", "replace")
    first, last = whole_characters(source, start, end)
    assert 0 <= first <= last <= len(source)
    kept = source[first:last].decode("utf-8")
    # What is kept is the whole of the characters that lie inside the span.
    inside, at = "", 0
    for mark in source.decode("utf-8"):
        size = len(mark.encode())
        if at >= start and at + size <= end:
            inside += mark
        at += size
    assert kept == inside
