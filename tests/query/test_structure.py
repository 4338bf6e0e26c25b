"""What folds, and what surrounds a place."""

from itertools import pairwise

import pytest

from magellan_lsp.query.structure import FoldKind, folding_ranges, selection_ranges

PYTHON = '''\
import os
import sys

# one
# two
class A:
    """Doc
    more
    """

    def f(self):
        return [
            1,
            2,
        ]


x = 1
'''
GO = """\
package main

import (
\t"fmt"
\t"os"
)

// A does it.
// Really.
func A(x int) {
\tif x > 0 {
\t\tfmt.Println(os.Args)
\t} else {
\t\treturn
\t}
}
"""


def folds(world, path, text):
    return [
        (fold.first_line, fold.last_line, fold.kind)
        for fold in folding_ranges(world({path: text}).snapshot(), path)
    ]


def test_python_folds(world):
    code, comment, imports = FoldKind.CODE, FoldKind.COMMENT, FoldKind.IMPORTS
    assert folds(world, "a.py", PYTHON) == [
        (0, 1, imports),
        (3, 4, comment),
        (5, 14, code),
        (6, 8, code),
        (10, 14, code),
        (11, 13, code),
    ]


def test_closing_brackets_stay_in_sight(world):
    found = folds(world, "a.go", GO)
    assert (9, 14, FoldKind.CODE) in found
    assert (10, 11, FoldKind.CODE) in found
    assert (12, 13, FoldKind.CODE) in found
    assert (7, 8, FoldKind.COMMENT) in found
    assert (2, 5, FoldKind.IMPORTS) in found


def test_broken_text_folds_too(world):
    assert folds(world, "a.py", "def f(:\n    (\n") is not None


@pytest.mark.parametrize("text", ["", "\n", "x"])
def test_a_selection_is_never_empty(world, text):
    made = world({"a.py": text})
    [spans] = selection_ranges(made.snapshot(), "a.py", [0])
    assert spans[-1] == (0, len(text))


def test_selections_grow(world):
    made = world({"a.py": "def f():\n    return g(a, «bcd» + 1)\n"})
    path, at = made.at("bcd")
    [spans] = selection_ranges(made.snapshot(), path, [at + 1])
    texts = [made.text(path, span) for span in spans]
    assert texts[:4] == ["bcd", "bcd + 1", "a, bcd + 1", "(a, bcd + 1)"]
    assert texts[-1] == made.files[path].decode()
    for inner, outer in pairwise(spans):
        assert outer.covers(inner)
        assert outer != inner
