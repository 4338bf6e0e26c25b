"""What a fuzzy query matches, and that the index finds what looking at every name finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.facts import make_file

from magellan_lsp.store import search
from magellan_lsp.store.base import Store
from magellan_lsp.store.search import Match


def kind(name: str, query: str) -> Match | None:
    return search.match(name, search.fold(name), query, search.fold(query))


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("run", "run", Match.SPELLED),
        ("Run", "run", Match.EXACT),
        ("runner", "run", Match.PREFIX),
        ("re_run", "run", Match.WORD),
        ("reRun", "run", Match.WORD),
        ("HTTPServer", "server", Match.WORD),
        ("getCallMap", "gcm", Match.WORD),
        ("get_call_map", "gc", Match.WORD),
        ("prune", "run", Match.SUBSTRING),
        ("foo_bar", "fbr", Match.SUBSEQUENCE),
        ("get_call_map", "callmp", Match.SUBSEQUENCE),
        ("prune", "rn", None),  # a subsequence must begin at the start of a word
        ("prune", "r", None),  # one character: only the start of the name
        ("run", "runs", None),
        ("run", "", Match.PREFIX),
        ("ÉtatÉté", "été", Match.WORD),
        ("x" * 150, "x" * 150, Match.SPELLED),
        ("x" * 150, "x" * 140, Match.PREFIX),
        ("x" * 150, "y" * 140, None),
    ],
)
def test_kinds_of_match(name: str, query: str, expected: Match | None) -> None:
    assert kind(name, query) == expected


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("get_callMap2", [0, 4, 8, 11]),
        ("HTTPServer", [0, 4]),
        ("__init__", [2]),
        ("", []),
        ("a-b", [0, 1, 2]),
        ("été2Ü", [0, 3, 4]),
    ],
)
def test_word_starts(name: str, starts: list[int]) -> None:
    assert search.word_starts(name) == starts


letters = st.text("abAB_1é", min_size=1, max_size=8)


@given(letters, letters)
def test_tokens_find_whatever_matches(name: str, query: str) -> None:
    found = kind(name, query)
    folded, folded_query = search.fold(name), search.fold(query)
    if found is None or found <= Match.PREFIX:
        return
    if search.initials(name, folded).startswith(folded_query):
        return
    if found == Match.WORD:
        assert search.word_filter(folded_query)(name)
    if folded_query in folded:
        if len(folded_query) == 2:
            assert any(token.startswith(folded_query) for token in search.trigrams(folded))
        else:
            assert search.query_trigrams(folded_query) <= search.trigrams(folded)
    else:
        assert search.query_pairs(folded_query) <= search.pairs(name, folded)


def test_the_best_come_first_and_no_more_than_asked_for(store: Store) -> None:
    names = ["run", "Run", "runner", "re_run", "prune", "rough_nut", "RUN", "other", "running_total"]
    with store.write() as txn:
        for path in ("b.py", "a.py"):
            txn.replace_file(*make_file(path, 1, names=names, n_symbols=60))
    with store.read() as reader:
        hits = reader.search_symbols("run", 1000)
        order = [*dict.fromkeys(hit.name for hit in hits)]
        assert order == ["run", "RUN", "Run", "runner", "running_total", "re_run", "prune", "rough_nut"]
        spelled = [(hit.path, hit.definition) for hit in hits if hit.name == "run"]
        assert spelled == sorted(spelled)
        assert reader.search_symbols("run", 5) == hits[:5]
        assert reader.search_symbols("run", 0) == []
        assert {hit.name for hit in reader.search_symbols("r", 1000)} == {n for n in names if n[0] in "rR"}
        assert {hit.name for hit in reader.search_symbols("un", 1000)} == set(order) - {"rough_nut"} - set()
        assert len(reader.search_symbols("", 1000)) == reader.count_symbols()


def test_a_name_is_found_until_its_last_symbol_goes(store: Store) -> None:
    with store.write() as txn:
        for path in ("a.py", "b.py"):
            txn.replace_file(*make_file(path, 1, names=["unique_name"], n_symbols=2))
    for path, n_left in (("a.py", 2), ("b.py", 0)):
        with store.write() as txn:
            txn.remove_file(path)
        with store.read() as reader:
            for query in ("unique_name", "uni", "nique", "un", "uname", "name"):
                assert len(reader.search_symbols(query, 100)) == n_left, query


def test_all_trigrams_are_not_yet_a_substring(store: Store) -> None:
    """``abc`` and ``bcd`` are in it apart; it still is a subsequence from the start of a word."""
    with store.write() as txn:
        txn.replace_file(*make_file("a.py", 1, names=["abc_bcd"], n_symbols=1))
    with store.read() as reader:
        assert [hit.name for hit in reader.search_symbols("abcd", 10)] == ["abc_bcd"]
