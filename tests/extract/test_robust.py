"""Whatever the bytes are, extraction gives facts of them, with work in proportion, for every language.

What one file may cost at most is in ``tests/safety/test_hostile_sizes.py``; how the cost of each construct grows,
``tests/soak/growth.py`` measures.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from blake3 import blake3
from support.steps import steps

from magellan_lsp.extract import parse as parsing
from magellan_lsp.extract.engine import MAX_NESTING, extract
from magellan_lsp.facts.file_facts import COLUMNS, FileFacts
from magellan_lsp.languages.registry import get_language, names

DEEP = 20_000
LONG = 5_000_000

SAMPLES: dict[str, bytes] = {
    "python": b"def alpha(x):\n    return x\n",
    "rust": b"fn alpha(x: i32) -> i32 { x }\n",
    "c": b"int alpha(int x) { return x; }\n",
    "cpp": b"struct S { int alpha(int x) { return x; } };\n",
    "java": b"class A { int alpha(int x) { return x; } }\n",
    "javascript": b"function alpha(x) { return x; }\n",
    "typescript": b"function alpha(x: number): number { return x; }\n",
    "tsx": b"function alpha(x: number) { return <p>{x}</p>; }\n",
    "go": b"package p\n\nfunc alpha(x int) int { return x }\n",
}
ASSIGN = {
    "python": (b"x = ", b"\n"),
    "rust": (b"fn f() { let x = ", b"; }\n"),
    "c": (b"int x = ", b";\n"),
    "cpp": (b"int x = ", b";\n"),
    "java": (b"class A { int x = ", b"; }\n"),
    "javascript": (b"let x = ", b";\n"),
    "typescript": (b"let x = ", b";\n"),
    "tsx": (b"let x = ", b";\n"),
    "go": (b"package p\nvar x = ", b"\n"),
}

Maker = Callable[[str], bytes]


def nested(opening: bytes, closing: bytes, depth: int = DEEP) -> Maker:
    def make(language: str) -> bytes:
        before, after = ASSIGN[language]
        return before + opening * depth + b"1" + closing * depth + after

    return make


def assigned(value: bytes) -> Maker:
    return lambda language: value.join(ASSIGN[language])


def around(change: Callable[[bytes], bytes]) -> Maker:
    return lambda language: change(SAMPLES[language])


INPUTS: dict[str, Maker] = {
    "empty": lambda language: b"",
    "only a BOM": lambda language: b"\xef\xbb\xbf",
    "only line ends": lambda language: b"\r\n\r\r\n\n" * 1000,
    "BOM": around(lambda source: b"\xef\xbb\xbf" + source),
    "CRLF": around(lambda source: source.replace(b"\n", b"\r\n")),
    "CR": around(lambda source: source.replace(b"\n", b"\r")),
    "no line end at the end": around(bytes.rstrip),
    "NUL inside": around(lambda source: source + b"\0\0" + source),
    "NUL alone": lambda language: b"\0" * 10_000,
    "binary": lambda language: bytes(range(256)) * 400,
    "an ELF header": lambda language: b"\x7fELF\x02\x01\x01" + os.urandom(1) * 5000,
    "Latin-1": around(lambda source: source.replace(b"alpha", b"alph\xe4")),
    "UTF-16": around(lambda source: b"\xff\xfe" + source.decode().encode("utf-16-le")),
    "mixed encodings": around(
        lambda source: source + "größe\n".encode() + "größe\n".encode("latin-1") + source
    ),
    "cut UTF-8": around(lambda source: source + "😀".encode()[:3]),
    "half surrogates": around(lambda source: source + b"\xed\xa0\x80\xed\xb0\x80"),
    "cut in the middle": around(lambda source: source[: len(source) // 2]),
    "upside down": around(lambda source: source[::-1]),
    "unclosed": around(lambda source: source + b"( [ { \" ' ` /* <" * 50),
    "deep parentheses": nested(b"(", b")"),
    "deep brackets": nested(b"[", b"]"),
    "deep braces": nested(b"{", b"}"),
    "deep and never closed": nested(b"(", b""),
    "only closing": nested(b"", b")"),
    "deep calls": nested(b"f(", b")", DEEP),
    "a long chain of members": assigned(b"a" + b".b" * DEEP),
    "a long chain of calls": assigned(b"a" + b".b()" * DEEP),
    "a long sum": assigned(b"1" + b" + 1" * DEEP),
    "many negations": assigned(b"-" * DEEP + b"1"),
    "a long line": lambda language: assigned(b"[" + b"123456, " * (LONG // 8) + b"1]")(language),
    "a long string": assigned(b'"' + b"x" * LONG + b'"'),
    "a long name": assigned(b"x" * 1_000_000),
    "a long comment": lambda language: (b"# " if language == "python" else b"// ") + b"x" * LONG + b"\n",
}


def check(facts: FileFacts, source: bytes) -> None:
    assert facts.digest == blake3(source).digest(16)
    assert facts.size == len(source)
    assert list(facts.occ_start) == sorted(facts.occ_start)
    for prefix in ("scope", "def", "occ"):
        for start, end in zip(
            getattr(facts, f"{prefix}_start"), getattr(facts, f"{prefix}_end"), strict=True
        ):
            # a scope of the file holds the place behind its last byte
            assert 0 <= start <= end <= len(source) + (prefix == "scope")
    for column in COLUMNS:
        assert all(-(2**31) <= value < 2**31 for value in getattr(facts, column))
    assert len(set(facts.symbol_ids)) == len(facts.symbol_ids)


LARGE = [what for what in INPUTS if what.startswith("a long ")]
CHOSEN = [pytest.param(what, marks=pytest.mark.slow) if what in LARGE else what for what in INPUTS]


@pytest.mark.parametrize("language", names())
@pytest.mark.parametrize("what", CHOSEN)
def test_every_input_gives_facts(language: str, what: str):
    source = INPUTS[what](language)
    check(extract("some/file", get_language(language), source), source)


@pytest.mark.parametrize("language", names())
def test_what_lies_too_deep_is_left_out_and_said(language: str):
    source = SAMPLES[language] + INPUTS["deep calls"](language).replace(b"package p\n", b"")
    facts = extract("some/file", get_language(language), source)
    assert "alpha" in {facts.name(row) for row in facts.symbols()}
    assert [one.message for one in facts.problems if "levels deep" in one.message]
    assert sum(1 for name in facts.occ_name if facts.names[name] == "f") < MAX_NESTING


def test_a_little_that_lies_too_deep_is_said_in_a_large_file():
    around = b"x = 1\n" * 40_000
    deep = b"(" * (MAX_NESTING + 10) + b"1" + b")" * (MAX_NESTING + 10) + b"\n"
    facts = extract("a.py", get_language("python"), around + deep + around)
    assert [one.message for one in facts.problems if "levels deep" in one.message]


def test_each_node_of_one_wide_error_is_looked_at_at_most_a_few_times(monkeypatch):
    n_seen = 0
    children = parsing._children

    def counted(node):
        nonlocal n_seen
        for child in children(node):
            n_seen += 1
            yield child

    monkeypatch.setattr(parsing, "_children", counted)
    source = b"[1," * 30_000
    extract("a.py", get_language("python"), source)
    assert 0 < n_seen <= 2 * len(source)


@pytest.mark.parametrize("language", names())
def test_nesting_that_people_write_is_followed(language: str):
    facts = extract("some/file", get_language(language), nested(b"f(", b")", 100)(language))
    assert not facts.problems
    assert sum(1 for name in facts.occ_name if facts.names[name] == "f") >= 100


@pytest.mark.parametrize("language", names())
def test_what_parses_is_found_beside_what_does_not(language: str):
    source = SAMPLES[language] + b"\n)))) ((( \x00 \xff\n"
    facts = extract("some/file", get_language(language), source)
    assert "alpha" in {facts.name(row) for row in facts.symbols()}
    assert facts.problems


@pytest.mark.parametrize("language", names())
def test_line_ends_and_byte_order_marks_change_no_name(language: str):
    def symbols(source: bytes) -> list[str]:
        facts = extract("some/file", get_language(language), source)
        return [facts.name(row) for row in facts.symbols()]

    plain = SAMPLES[language]
    assert symbols(plain) == symbols(plain.replace(b"\n", b"\r\n")) == symbols(b"\xef\xbb\xbf" + plain)


@pytest.mark.parametrize("language", names())
def test_equal_bytes_give_equal_facts(language: str):
    first, second = (extract("some/file", get_language(language), SAMPLES[language] * 20) for _ in range(2))
    for column in COLUMNS:
        assert list(getattr(first, column)) == list(getattr(second, column))
    assert (first.names, first.symbol_ids, first.qualified) == (
        second.names,
        second.symbol_ids,
        second.qualified,
    )


@pytest.mark.parametrize("language", SAMPLES)
def test_a_name_in_another_encoding_is_one_name(language: str):
    source = SAMPLES[language].replace(b"alpha", b"alph\xe4")
    facts = extract(f"a.{language}", get_language(language), source)
    names = {source[facts.def_name_start[row] : facts.def_name_end[row]] for row in facts.symbols()}
    assert b"alph\xe4" in names


REPEATED = {
    "python": b"@f\ndef f(a=f()): return f\n",
    "rust": b"struct A { a: A }\n",
    "c": b"struct A { struct A *a; };\n",
    "cpp": b"struct A { A f() { return f(); } };\n",
    "java": b"class A extends A { A f() { return f(); } }\n",
    "javascript": b"function f() { f() }\nconst {a} = a;\n",
    "typescript": b"interface A extends A { f(): A }\n",
    "tsx": b"type A = A | B;\n",
    "go": b"type A struct { a A }\n",
}


@pytest.mark.parametrize("language", REPEATED)
def test_very_many_definitions_of_one_name_cost_in_proportion(language: str):
    own = get_language(language)

    def work(count: int) -> int:
        source = REPEATED[language] * count
        return steps(lambda: extract("a", own, source))

    work(10)  # what is made once
    assert work(800) < 5 * work(200)
