"""Names that occur very often cost in proportion: counted in questions, not in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from unittest.mock import patch

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.rules import rules_for
from magellan_lsp.resolve.source import MemorySource


def calls_of(method: str, owner: type, path: str, text: str) -> int:
    """How often a method is called to link a file."""
    facts = extract(path, get_language(language_name(path) or ""), text.encode())
    resolver = Resolver(MemorySource([facts], {}))
    with patch.object(owner, method, autospec=True, side_effect=getattr(owner, method)) as counted:
        link(resolver, facts)
    return counted.call_count


def test_a_name_that_a_header_announces_very_often_is_looked_for_once():
    calls = calls_of(
        "_definitions", type(rules_for("c")), "a.h", "int f(int);\n" * 500 + "int f(int a) { return a; }\n"
    )
    assert 0 < calls <= 3


def test_very_many_imports_of_one_name_ask_in_proportion():
    def asked(count: int) -> int:
        return calls_of(
            "definition_targets", Resolver, "src/lib.rs", "use a::f;\n" * count + "fn g() { f() }\n"
        )

    assert asked(400) < 3 * asked(200)


def test_definitions_of_one_name_share_the_search_for_their_declarations():
    def searches(count: int) -> int:
        return calls_of(
            "definition",
            type(rules_for("cpp")),
            "a.cpp",
            "int f(int);\n" * 5 + "int f(int a) { return a; }\n" * count,
        )

    assert searches(200) == searches(20)


def lines_run(path: str, text: str) -> int:
    """How many lines of Python linking a file runs, comprehensions by their elements: work, on whatever machine."""
    facts = extract(path, get_language(language_name(path) or ""), text.encode())
    resolver = Resolver(MemorySource([facts], {}))
    count = 0

    def tracer(frame: FrameType, event: str, _: object) -> object:
        nonlocal count
        count += event == "line"
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        link(resolver, facts)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("path", "make"),
    [
        pytest.param(
            "a.py",
            lambda n: "class A:\n" + "    def f(self): return self.f().x\n" * n,
            id="methods of one name, called",
        ),
        pytest.param(
            "a.py",
            lambda n: "class A:\n" + "  def f(self): 1\n" * n + "class B(A):\n" + "  def f(self): 2\n" * n,
            id="methods that override as many",
        ),
        pytest.param(
            "a.py",
            lambda n: (
                f"def f({', '.join(f'a{i}' for i in range(n))}): 1\nf({', '.join(f'a{i}=1' for i in range(n))})\n"
            ),
            id="keyword arguments",
        ),
        pytest.param(
            "a.py",
            lambda n: "def f(a):\n" + "    a = g()\n    a.b\n" * n,
            id="a variable assigned and used in turn",
        ),
        pytest.param(
            "a.py",
            lambda n: "def f(a):\n" + "    if a: a = g()\n    a.b\n" * n,
            id="a variable that may have been assigned in turn with uses",
        ),
        pytest.param(
            "a.go",
            lambda n: (
                "package a\ntype A struct{}\n"
                + "".join(f"func (a A) F{i}() {{ a.F{i}() }}\n" for i in range(n))
            ),
            id="methods of one type",
        ),
        pytest.param(
            "a.go",
            lambda n: "package a\ntype A struct{}\n" + "func (a A) F() { a.F() }\n" * n,
            id="methods of one name of one type",
        ),
        pytest.param(
            "src/lib.rs",
            lambda n: "#[derive(Clone)]\nstruct A { a: A }\n" * n,
            id="types of one name with impls",
        ),
        pytest.param(
            "src/lib.rs",
            lambda n: (
                "trait T { fn f(&self); }\n"
                + "".join(f"struct A{i}; impl T for A{i} {{ fn f(&self) {{}} }}\n" for i in range(n))
            ),
            id="types with an impl each",
        ),
    ],
)
def test_linking_runs_lines_in_proportion(path: str, make: Callable[[int], str]):
    lines_run(path, make(1))  # loads the stubs
    assert lines_run(path, make(1200)) < 2.4 * lines_run(path, make(600))


@pytest.mark.parametrize(
    ("path", "first", "line"),
    [
        pytest.param("a.py", "a0 = (1, 2)\n", "a{0} = (a{1}, a{1}, a{1})\n", id="tuples"),
        pytest.param("a.py", "a0 = 1\n", "a{0} = [{{1: a{1}}}, a{1}]\n", id="literals"),
        pytest.param("a.py", "a0 = 1\n", "a{0} = [a{1}]\n", id="one inside the other"),
        pytest.param(
            "a.ts",
            "interface P<A, B> { a: A; b: B }\ntype A0 = number;\n",
            "type A{0} = P<A{1}, A{1}>;\ndeclare let v{0}: A{0};\n",
            id="type arguments",
        ),
    ],
)
def test_what_doubles_with_each_line_stays_small(path: str, first: str, line: str):
    """Without a bound the value of the last line is a tree of 2 to the power of 120, or nests 120 deep."""
    text = first + "".join(line.format(number, number - 1) for number in range(1, 120))
    facts = extract(path, get_language(language_name(path) or ""), text.encode())
    resolver = Resolver(MemorySource([facts], {}))
    largest = 0
    for expr in range(1, len(facts.expr_start) - 1):
        for types in (resolver.eval(path, expr), resolver.as_type(path, expr)):
            largest = max(largest, sum(1 for one in types for _ in parts_of(one)))
    assert 3 < largest < 1000


def parts_of(one: object) -> Iterator[object]:
    """All tuples in a tuple, at any depth; deeper ones than Python's own limit are an error."""
    if isinstance(one, tuple):
        yield one
        for inner in one:
            yield from parts_of(inner)
