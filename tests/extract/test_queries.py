"""Queries are compiled once, and are written so that freeing one is no harm."""

import subprocess
import sys
import threading
from pathlib import Path

import attrs
import pytest

from magellan_lsp.languages.flow import flow_rules
from magellan_lsp.languages.queries import compiled
from magellan_lsp.languages.registry import get_language, names

ROOT = Path(__file__).resolve().parents[2]
#: What a query does not ask of a match but says about it.
SAYINGS = ("(#set!", "(#is?", "(#is-not?")


def predicates(text: str) -> list[list[str]]:
    """Of each top-level pattern, how its ``(#…)`` begin, in order."""
    found: list[list[str]] = []
    depth = at = 0
    while at < len(text):
        sign = text[at]
        if sign == ";":
            at = text.find("\n", at) if "\n" in text[at:] else len(text)
        elif sign == '"':
            at += 1
            while text[at] != '"':
                at += 2 if text[at] == "\\" else 1
        elif sign in "([":
            if depth == 0:
                found.append([])
            if text.startswith("(#", at):
                found[-1].append(text[at:].split(maxsplit=1)[0])
            depth += 1
        elif sign in ")]":
            depth -= 1
        at += 1
    return found


def test_predicates_are_read_off_a_text():
    text = (
        '((a) @b (#set! on "(x)") (#eq? @b "\\")")) ; (#no)\n[(c) (d)] @e\n((f) (#eq? @e "g") (#set! on "h"))'
    )
    assert predicates(text) == [["(#set!", "(#eq?"], [], ["(#eq?", "(#set!"]]


@pytest.mark.parametrize("name", names())
def test_what_is_said_of_a_match_comes_before_what_is_asked_of_it(name):
    """See ``magellan_lsp.languages.queries`` for what happens otherwise."""
    language = get_language(name)
    for text in (language.query_text, flow_rules(name).query_text(language.ts)):
        for pattern in predicates(text):
            assert pattern == sorted(pattern, key=lambda one: one not in SAYINGS)


def test_threads_that_ask_at_once_get_one_query():
    grammar = get_language("python").ts
    language = attrs.evolve(get_language("python"))  # a copy has compiled nothing yet
    barrier = threading.Barrier(8)
    found = []

    def ask() -> None:
        barrier.wait()
        found.append((language.query, compiled(grammar, "((identifier) @only_here)")))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(id(one), id(other)) for one, other in found}) == 1


FREED = """
from tree_sitter import Query
from magellan_lsp.languages.flow import flow_rules
from magellan_lsp.languages.registry import get_language, names

for name in names():
    language = get_language(name)
    for text in (language.query_text, flow_rules(name).query_text(language.ts)):
        for _ in range(6):
            queries = [Query(language.ts, text) for _ in range(3)]
            del queries
            # of the size of what was freed, and of other sizes
            kept = [bytes(size) + bytes([number % 256]) for size in (2, 10, 40) for number in range(1000)]
            methods = [object.__getattribute__.__get__(number) for number in range(1000)]
            assert all(one[-1] == number % 1000 % 256 for number, one in enumerate(kept))
print("whole")
"""


@pytest.mark.slow
def test_queries_that_are_freed_leave_the_heap_whole():
    """Otherwise a server dies some time after two of its threads compiled one query at the same moment."""
    done = subprocess.run(
        [sys.executable, "-c", FREED], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "whole"), done.stderr
