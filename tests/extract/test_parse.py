"""Parsing ends: a text that keeps the parser busy for long is given up, and said to be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from magellan_lsp.extract import parse as parsing
from magellan_lsp.extract.details import details, tree_of
from magellan_lsp.extract.engine import extract
from magellan_lsp.indexer.work import extract_bytes
from magellan_lsp.languages.registry import get_language, names
from magellan_lsp.session.documents import Text
from magellan_lsp.text import ContentChange, LineColumn, apply_changes

LINES = {"python": b"def f(a): return g(a)\n", "go": b"func f(a int) int { return g(a) }\n"}
OTHER = b"int f(int a) { return g(a); }\n"


def long_source(language: str) -> bytes:
    return LINES.get(language, OTHER) * 600


def changed(text: Text, put: str, start: LineColumn, end: LineColumn) -> Text:
    """The text after an editor's change."""
    made = apply_changes(text.data, [ContentChange(put, start, end)], "utf-8")
    return Text(made.data, text.version + 1, text, made.edits)


@pytest.fixture
def no_patience(monkeypatch):
    """Nothing that the parser asks about is given any time."""
    monkeypatch.setattr(parsing, "MAX_PARSE_S", (0.0, 0.0))
    monkeypatch.setattr(parsing, "_given_up", parsing.OrderedDict())


@pytest.mark.parametrize("language", names())
def test_what_takes_too_long_is_left_out_and_said(language: str, no_patience: None):
    source = long_source(language)
    facts = extract("a/b", get_language(language), source)
    assert [one.message for one in facts.problems] == ["left out: parsing it takes too long"]
    assert facts.size == len(source)
    assert len(facts.symbols()) == 1  # the file
    made = details(facts, get_language(language), source)
    assert len(made.cfgs) <= 1  # the file's own
    assert made.file_metrics.loc == 601


def test_the_record_of_a_file_that_was_left_out_says_so(no_patience: None):
    record, facts = extract_bytes("a.py", long_source("python"), 0)
    assert facts is not None
    assert (record.problem, record.is_left_out) == ("parsing it takes too long", False)
    record, facts = extract_bytes("a.py", b"x = 1\0", 0)
    assert facts is None
    assert (record.problem, record.is_left_out) == ("binary", True)


@pytest.mark.parametrize("language", names())
def test_what_people_write_is_not_left_out(language: str):
    facts = extract("a/b", get_language(language), long_source(language))
    assert not [one for one in facts.problems if "too long" in one.message]


@pytest.mark.parametrize("token", [b"[", b"{", b"&"])
@pytest.mark.parametrize("language", names())
def test_tokens_without_end_are_left_out_although_they_are_quickly_parsed(language: str, token: bytes):
    """A query would look at the pairs of them."""
    facts = extract("a/b", get_language(language), token * (2 * parsing.MAX_NAMELESS))
    assert [one.message for one in facts.problems] == ["left out: parsing it takes too long"]


@pytest.mark.parametrize("language", names())
def test_names_between_the_tokens_of_an_error_keep_it_from_being_left_out(language: str):
    facts = extract("a/b", get_language(language), b"x[" * (2 * parsing.MAX_NAMELESS))
    assert facts.problems
    assert not [one for one in facts.problems if "left out" in one.message]


@pytest.mark.parametrize("around", [100, 40_000])
def test_a_run_of_tokens_is_found_wherever_it_is(around: int):
    run = b"[" * (parsing.MAX_NAMELESS + 100)
    source = b"x = 1\n" * around + run + b"\nx = 1" * around
    assert extract("a.py", get_language("python"), source).problems[0].message.startswith("left out")


def test_what_was_given_up_once_costs_nothing_again(monkeypatch, no_patience: None):
    python = get_language("python")
    tree_of(python, long_source("python"))
    monkeypatch.setattr(parsing, "MAX_PARSE_S", (60.0, 0.0))
    assert tree_of(python, long_source("python")).root_node.descendant_count == 1
    assert tree_of(python, long_source("python") + b"\n").root_node.descendant_count > 1


def test_a_few_are_remembered_and_not_all(monkeypatch, no_patience: None):
    monkeypatch.setattr(parsing, "_KNOWN", 3)
    for number in range(10):
        tree_of(get_language("python"), long_source("python") + b"#" * number)
    assert len(parsing._given_up) == 3


def test_a_document_that_was_given_up_is_parsed_as_a_whole_after_the_next_change(
    monkeypatch, no_patience: None
):
    before = Text(long_source("python"), 1)
    assert before.facts("a.py", "python").problems
    monkeypatch.setattr(parsing, "MAX_PARSE_S", (60.0, 0.0))
    after = changed(before, "def more(): pass\n", LineColumn(0, 0), LineColumn(0, 0))
    facts = after.facts("a.py", "python")
    assert not facts.problems
    assert list(facts.occ_start) == list(extract("a.py", get_language("python"), after.data).occ_start)


def test_a_parse_that_was_stopped_leaves_the_parser_sound(monkeypatch, no_patience: None):
    python = get_language("python")
    tree_of(python, long_source("python"))
    tree = tree_of(python, b"def f(): pass\n")
    assert str(tree.root_node).startswith("(module (function_definition")
    assert not tree.root_node.has_error


def test_threads_parse_one_language_side_by_side():
    language = get_language("typescript")
    sources = [b"class A%d { f(a: number) { return a } }\n" % number * 1500 for number in range(8)]
    alone = [str(tree_of(language, source).root_node) for source in sources]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda source: str(tree_of(language, source).root_node), sources * 3))
    assert found == alone * 3


def test_incremental_parsing_of_long_documents_gives_what_a_whole_parse_gives():
    text = Text(long_source("python"), 1)
    text.tree("python")
    for line in (0, 599, 300):
        text = changed(text, "x = (\n", LineColumn(line, 0), LineColumn(line, 3))
        assert str(text.tree("python").root_node) == str(tree_of(get_language("python"), text.data).root_node)
