"""Texts of open documents: edits, trees and facts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.registry import get_language
from magellan_lsp.session.documents import MAX_EDITS, Document, Documents, Text
from magellan_lsp.text import ContentChange, LineColumn


def opened(data: bytes) -> Documents:
    documents = Documents()
    documents.put("u", Document("u", "root", "a.py", "python", Text(data, 1)))
    return documents


def same(one, other):
    return (one.names, list(one.def_start), list(one.occ_start), list(one.occ_target)) == (
        other.names,
        list(other.def_start),
        list(other.occ_start),
        list(other.occ_target),
    )


edits = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.integers(0, 12),
        st.integers(0, 6),
        st.integers(0, 12),
        st.sampled_from(["", "x", "\n", "def g(): pass\n", "é😀", "(", "    ", "#"]),
        st.booleans(),
    ),
    max_size=8,
)


@given(edits)
def test_facts_after_edits_are_those_of_the_text(steps):
    documents = opened(b"def f(a):\n    b = a\n    return b\n\nf(1)\n")
    for version, (line, column, last_line, last_column, text, is_asked) in enumerate(steps, 2):
        change = ContentChange(text, LineColumn(line, column), LineColumn(last_line, last_column))
        found = documents.change("u", version, [change], "utf-16")
        assert found is not None
        if is_asked:
            found.text.facts("a.py", "python")
    text = documents.now["u"].text
    fresh = extract("a.py", get_language("python"), text.data)
    assert same(text.facts("a.py", "python"), fresh)


def test_who_holds_a_text_keeps_it():
    documents = opened(b"x = 1\n")
    before = documents.now
    documents.change("u", 2, [ContentChange("y = 2\n")], "utf-16")
    assert before["u"].text.data == b"x = 1\n"
    assert documents.now["u"].text.data == b"y = 2\n"
    assert documents.remove("u") is not None
    assert documents.remove("u") is None
    assert documents.change("u", 3, [], "utf-16") is None


def test_unparsed_texts_are_not_kept():
    documents = opened(b"x = 1\n")
    documents.now["u"].text.tree("python")
    for version in range(2, 50):
        change = ContentChange("#", LineColumn(0, 0), LineColumn(0, 0))
        documents.change("u", version, [change], "utf-16")
    text = documents.now["u"].text
    assert text._basis is not None
    assert text._basis[0]._basis is None
    assert text.tree("python").root_node.end_byte == len(text.data)


@pytest.mark.parametrize("is_parsed", [True, False])
def test_edits_that_lead_from_no_tree_or_from_far_are_not_kept(is_parsed):
    documents = opened(b"x = 1\n")
    if is_parsed:
        documents.now["u"].text.tree("python")
    for version in range(2, MAX_EDITS + 10):
        change = ContentChange("#", LineColumn(0, 0), LineColumn(0, 0))
        documents.change("u", version, [change], "utf-16")
        basis = documents.now["u"].text._basis
        assert (basis is not None) == (is_parsed and version <= MAX_EDITS + 1)
    text = documents.now["u"].text
    assert text.tree("python").root_node.end_byte == len(text.data)


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_the_first_change_is_where_texts_part(one, other):
    at = Text(one, 2).first_change_since(Text(other, 1))
    assert one[:at] == other[:at]
    assert at == min(len(one), len(other)) or one[at] != other[at]
