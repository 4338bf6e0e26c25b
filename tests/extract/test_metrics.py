"""Measures, with values worked out by hand."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.extract.cognitive import cognitive
from magellan_lsp.extract.details import details, graphs_of, tree_of
from magellan_lsp.extract.engine import extract
from magellan_lsp.extract.marks import Marks
from magellan_lsp.extract.metrics import Fan, cyclomatic
from magellan_lsp.extract.tokens import Tokens
from magellan_lsp.languages.flow import Function, flow_rules
from magellan_lsp.languages.registry import get_language


def mccabe(language: str, source: str, name: str = "f") -> int:
    cfgs = graphs_of(get_language(language), dedent(source).encode())
    return cyclomatic(next(cfg for cfg in cfgs if cfg.name == name))


def score(language: str, source: str) -> tuple[int, int]:
    """Cognitive complexity and nesting of the first function."""
    text = dedent(source).encode()
    lang = get_language(language)
    marks = Marks(flow_rules(language), lang.ts, tree_of(lang, text).root_node)
    row = next(row for row, mark in enumerate(marks.rows) if isinstance(mark.what, Function))
    return tuple(cognitive(marks, text, row + 1, marks.rows[row].end))


@pytest.mark.parametrize(
    ("language", "source", "paths"),
    [
        ("python", "def f(): pass", 1),
        ("python", "def f():\n  if a: b()", 2),
        ("python", "def f():\n  if a: b()\n  elif c: d()\n  else: e()", 3),
        ("python", "def f():\n  if a and b or c: d()", 4),
        ("python", "def f():\n  x = a if b else c", 2),
        ("python", "def f():\n  for x in y:\n    if x: continue\n    z()\n  else: w()", 3),
        ("python", "def f():\n  while True:\n    if a: break", 2),
        ("python", "def f():\n  while True: a()", 1),
        # two handlers, however long the body; what finally does on its ways is no choice
        (
            "python",
            "def f():\n  try:\n    a()\n    if b: return 1\n  except A: c()\n  except B: d()\n  finally: e()",
            4,
        ),
        ("python", "def f():\n  with a: b()", 1),
        ("python", "def f():\n  match a:\n    case 1: b()\n    case 2 if c: d()\n    case _: e()", 4),
        ("python", "def f():\n  return 1\n  if a: b()", 1),
        ("c", "void f() { switch (a) { case 1: case 2: b(); break; case 3: c(); default: d(); } }", 4),
        ("c", "void f() {\n#ifdef A\na();\n#else\nb();\n#endif\n}", 1),
        ("c", "void f() { do { a(); } while (b && c); }", 3),
        ("rust", "fn f() { let x = a()?.b()?; match x { 1 => c(), 2 => d(), _ => {} } }", 5),
        ("rust", "fn f() { let Some(x) = y else { return }; loop { if x { break } } }", 3),
        (
            "go",
            "package p\nfunc f() { defer a(); if b { defer c(); return }; switch { case d: case e: } }",
            4,
        ),
        (
            "java",
            "class A { int f() { return switch (k) { case 1, 2 -> 3; case 4 -> 5; default -> 6; }; } }",
            3,
        ),
        ("javascript", "function f() { a ||= b; return c ?? d; }", 3),
        ("javascript", "function f() { const g = () => a && b; return g; }", 1),
    ],
)
def test_cyclomatic_complexity(language: str, source: str, paths: int):
    assert mccabe(language, source) == paths


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        ("python", "def f():\n  if a:\n    if b:\n      for c in d:\n        e()", (1 + 2 + 3, 3)),
        # else and elif cost one wherever they are, and do not deepen what is inside further than the `if` did
        (
            "python",
            "def f():\n  if a:\n    b()\n  elif c:\n    d()\n  else:\n    if e:\n      g()",
            (1 + 1 + 1 + 2, 2),
        ),
        ("c", "void f() { if (a) b(); else if (c) { if (d) e(); } else g(); }", (1 + 1 + 2 + 1, 2)),
        ("rust", "fn f() { if a { b() } else if c { while d { e() } } else { g() } }", (1 + 1 + 2 + 1, 2)),
        ("go", "package p\nfunc f() { if a { b() } else if c { d() } else { e() } }", (3, 1)),
        # one for each run of like operators; a negation begins a new one, parentheses do not
        ("java", "class A { void f() { if (a && b && c) d(); } }", (2, 1)),
        ("java", "class A { void f() { if (a && b || c && d) e(); } }", (1 + 3, 1)),
        ("java", "class A { void f() { if (a && !(b && c)) d(); } }", (1 + 2, 1)),
        ("java", "class A { void f() { x = a && (b && c); } }", (1, 0)),
        ("javascript", "function f() { return a ?? b; }", (0, 0)),
        # a switch is one, however many cases; a handler is nested, try and finally are not
        ("java", "class A { void f() { switch (a) { case 1: if (b) c(); default: d(); } } }", (1 + 2, 2)),
        (
            "java",
            "class A { void f() { try { if (a) b(); } catch (E e) { if (c) d(); } finally { if (g) h(); } } }",
            (1 + 1 + 2 + 1, 2),
        ),
        (
            "java",
            "class A { void f() { o: for (;;) { while (a) { if (b) continue o; break; } } } }",
            (1 + 2 + 3 + 1, 3),
        ),
        ("c", "void f() { if (a) goto out; out: b(); }", (1 + 1, 1)),
        # functions inside count here and deepen
        ("javascript", "function f() { g(() => { if (a) b(); }); }", (2, 2)),
        ("javascript", "function f() { const x = a ? b : c ? d : e; }", (1 + 2, 2)),
        # a decorator does not deepen
        ("python", "def f(g):\n  def h():\n    if a:\n      b()\n  return h", (1, 1)),
        ("python", "def f(g):\n  c()\n  def h():\n    if a:\n      b()\n  return h", (2, 2)),
        ("python", "def f():\n  while a:\n    b()\n  else:\n    c()", (2, 1)),
        (
            "rust",
            "fn f() { let Some(x) = y else { return }; match x { A => { if b {} } _ => {} } }",
            (1 + 1 + 2, 2),
        ),
    ],
)
def test_cognitive_complexity(language: str, source: str, expected: tuple[int, int]):
    assert score(language, source) == expected


def test_recursion_costs_one():
    lang = get_language("python")
    text = b"def f(): f()\n"
    facts = extract("a.py", lang, text)
    symbol = facts.symbol_id(facts.symbols()[1])
    plain = details(facts, lang, text).symbol_metrics[1]
    again = details(facts, lang, text, recursive={symbol}).symbol_metrics[1]
    assert (plain.cognitive, again.cognitive) == (0, 1)


def test_halstead_counts_tokens():
    source = b"def f(a):\n    return a + a * 2  # sum\n"
    measures = Tokens(tree_of(get_language("python"), source).root_node, source).halstead(0, len(source))
    # operators: def ( : return + *    operands: f a a a 2
    assert (measures.distinct_operators, measures.operators) == (6, 6)
    assert (measures.distinct_operands, measures.operands) == (3, 5)
    assert measures.vocabulary == 9
    assert measures.difficulty == 6 / 2 * 5 / 3
    assert measures.volume == pytest.approx(11 * 3.169925, rel=1e-6)


def test_a_file_and_its_symbols_are_measured():
    source = (
        b'"""Doc."""\n\nclass A:\n    # says\n    def m(self):\n        if self:\n            return 1\n\n'
        b"x = 1 if A else 2\n"
    )
    lang = get_language("python")
    facts = extract("a.py", lang, source)
    symbol = next(facts.symbol_id(row) for row in facts.symbols() if facts.name(row) == "m")
    found = details(facts, lang, source, fan=Fan(2, 4), fans={symbol: Fan(5, 6)}, now=7)
    file = found.file_metrics
    assert (file.loc, file.code_lines, file.comment_lines, file.blank_lines) == (10, 6, 1, 3)
    assert file.estimated_loc == len(source) / 40
    assert (file.symbol_count, file.kinds) == (3, {"class": 1, "method": 1, "variable": 1})
    assert file.complexity_score == pytest.approx(0.1 * 10 + 0.5 * 2 + 0.3 * 4)
    assert (file.n_functions, file.cyclomatic, file.cognitive) == (1, 2 + 2, 1 + 1)
    method = next(one for one in found.symbol_metrics if one.symbol == symbol)
    assert (method.loc, method.fan_in, method.fan_out, method.last_updated) == (3, 5, 6, 7)
    assert (method.cyclomatic, method.cognitive, method.max_nesting) == (2, 1, 1)
    assert method.n_blocks == 4
    assert [one.symbol for one in found.symbol_metrics] == [facts.symbol_id(row) for row in facts.symbols()]


CONDITIONS = st.recursive(
    st.just("a"),
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
        lambda it: f"({it[0]} {it[1]} {it[2]})"
    ),
    max_leaves=5,
)


@given(st.lists(st.tuples(st.sampled_from(["if", "while"]), CONDITIONS), max_size=6), st.booleans())
def test_structured_code_has_one_path_more_than_decisions(parts: list[tuple[str, str]], nested: bool):
    lines, depth, decisions = ["def f():", "    x()"], 1, 0
    for word, condition in parts:
        lines.append("    " * depth + f"{word} {condition}:")
        lines.append("    " * (depth + 1) + "x()")
        depth += nested
        decisions += 1 + condition.count(" and ") + condition.count(" or ")
    assert mccabe("python", "\n".join(lines) + "\n") == 1 + decisions
