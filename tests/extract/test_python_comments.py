"""Very long runs of comments in Python, which the grammar would take time for with their square."""

from __future__ import annotations

import pytest

from magellan_lsp.extract.details import tree_of
from magellan_lsp.extract.engine import extract
from magellan_lsp.extract.parse import is_given_up
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.languages.python.comments import without_long_comments
from magellan_lsp.languages.registry import get_language
from magellan_lsp.session.documents import Text
from magellan_lsp.text import ContentChange, LineColumn, apply_changes

PYTHON = get_language("python")


def commented(count: int, line: str = "    # what was tried\n") -> bytes:
    return f"def f():\n    a = 1\n{line * count}    return a\n\n\ndef g():\n    return f()\n".encode()


def symbol(facts: FileFacts, name: str) -> int:
    return next(row for row in facts.symbols() if facts.name(row) == name)


def comments_of(source: bytes) -> int:
    root = tree_of(PYTHON, source).root_node
    return str(root).count("(comment)")


@pytest.mark.parametrize("line", ["    # x\n", "# x\n", "\t#\n\n", "    #: é\r\n", "#\r\n\r\n"])
def test_a_long_run_is_parsed_to_the_same_facts(line: str):
    source = commented(30_000, line)
    facts = extract("a.py", PYTHON, source)
    assert not facts.problems
    g = symbol(facts, "g")
    assert source[facts.def_start[g] : facts.def_end[g]].startswith(b"def g")
    assert not is_given_up(PYTHON, source, tree_of(PYTHON, source))


def test_the_last_comments_of_a_run_remain():
    assert comments_of(commented(5000)) == 100
    assert comments_of(commented(400)) == 400
    text = without_long_comments(commented(5000))
    assert len(text) == len(commented(5000))
    assert text.count(b"\n") == commented(5000).count(b"\n")


def test_what_is_above_a_definition_documents_it_also_below_a_long_run():
    source = b"x = 1\n" + b"# old\n" * 3000 + b"\n# Says hello.\ndef hello(): pass\n"
    facts = extract("a.py", PYTHON, source)
    row = symbol(facts, "hello")
    doc = source[facts.def_doc_start[row] : facts.def_doc_end[row]]
    assert doc.endswith(b"# Says hello.")


def test_editing_across_the_limit_gives_what_a_whole_parse_gives():
    text = Text(commented(600), 1)
    assert comments_of(text.data) == 100
    text.tree("python")
    for first, last, put in (
        (3, 500, ""),
        (3, 3, "    # more\n" * 700),
        (10, 10, "    a = 2\n"),
        (3, 690, ""),
    ):
        made = apply_changes(
            text.data, [ContentChange(put, LineColumn(first, 0), LineColumn(last, 0))], "utf-8"
        )
        text = Text(made.data, text.version + 1, text, made.edits)
        assert str(text.tree("python").root_node) == str(tree_of(PYTHON, made.data).root_node)


def test_what_looks_like_comments_in_a_string_stays_in_its_place():
    source = b'A = """\n' + b"# no comment\n" * 1000 + b'"""\n\n\ndef after(): pass\n'
    facts = extract("a.py", PYTHON, source)
    assert not facts.problems
    row = symbol(facts, "after")
    assert source[facts.def_start[row] : facts.def_end[row]] == b"def after(): pass"
