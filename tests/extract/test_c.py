"""What C's and C++'s extraction does before and beside the grammar: preparing the text, macros, coverage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role
from magellan_lsp.languages.c.conditions import NO, RATHER, RATHER_NOT, UNKNOWN, YES, Chances, Names
from magellan_lsp.languages.c.prepare import blanked, prepare
from magellan_lsp.languages.registry import get_language, language_name

PIECES = [
    b"#if A\n", b"#else\n", b"#endif\n", b"#ifdef _WIN32\n", b"#define M(x) ((x)->y)\n", b"#define E {\n",
    b"int f(int a) {\n", b"}\n", b"EXPORT int g(void);\n", b"FOO(x)\n", b"/* c */", b'"s\\"t"', b"'c'", b"\\\n",
    b"return va_arg(l, char *);\n", b"class A FINAL : B {};\n", b"R\"x(})x\"", b"\xc3\xa9", b"\r\n", b"(", b")",
]  # fmt: skip


def facts_of(source: str, language: str = "c") -> FileFacts:
    return extract(f"a.{language}", get_language(language), source.encode())


def test_symbols_have_names_kinds_and_owners() -> None:
    facts = facts_of(
        "struct p { int x; };\ntypedef struct { int y; } q;\nenum e { A };\nstatic int f(int z) { return z; }\n"
    )
    found = [(facts.qualified[row], facts.kind(d)) for row, d in enumerate(facts.symbols())]
    assert found[1:] == [
        ("p", DefKind.STRUCT),
        ("p.x", DefKind.FIELD),
        ("q", DefKind.STRUCT),
        ("q.y", DefKind.FIELD),
        ("e", DefKind.ENUM),
        ("e.A", DefKind.ENUM_MEMBER),
        ("f", DefKind.FUNCTION),
    ]
    assert facts.flags(facts.symbols()[-1]) & DefFlag.STATIC


def test_a_prototype_is_a_declaration() -> None:
    facts = facts_of("int f(int);\nint f(int x) { return x; }\nint g(void) { return f(1); }\n")
    roles = [
        Role(role) for role, start in zip(facts.occ_role, facts.occ_start, strict=True) if start in (4, 16)
    ]
    assert roles == [Role.DECLARATION, Role.DEFINITION]
    call = next(row for row, role in enumerate(facts.occ_role) if role == Role.CALL)
    assert facts.def_start[facts.occ_target[call]] == 12, "a call means what is defined, not what is declared"


@pytest.mark.parametrize("language", ["c", "cpp"])
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_preparing_keeps_every_offset(language: str, pieces: list[bytes]) -> None:
    source = b"".join(pieces)
    prepared = prepare(source, language == "cpp")
    assert len(prepared.text) == len(source)
    assert prepared.macros == b"" or len(prepared.macros) == len(source)
    for start, end, _ in blanked(source, prepared.text):
        assert source[start:end] != prepared.text[start:end]
    extract("a", get_language(language), source)


def test_a_macro_in_front_of_a_declaration_is_a_use() -> None:
    facts = facts_of("LIB_API struct s *(make)(int n);\n")
    assert [facts.names[name] for name in facts.occ_name][:1] == ["LIB_API"]
    assert [facts.name(row) for row in facts.symbols()[1:]] == ["make"]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([b"#ifdef _WIN32", b"#else"], [NO, YES]),
        ([b"#if defined(__linux__)", b"#else"], [YES, NO]),
        ([b"#if defined MY_OPTION", b"#else"], [RATHER_NOT, RATHER]),
        ([b"#if !defined(MY_OPTION) && HAVE_X"], [UNKNOWN]),
        ([b"#if 0", b"#elif VALUE > 3", b"#else"], [NO, UNKNOWN, UNKNOWN]),
        ([b"#if defined(HERE)"], [UNKNOWN]),
    ],
)
def test_how_likely_a_branch_is(conditions: list[bytes], expected: list[int]) -> None:
    chances, names = Chances(YES), Names(frozenset({b"HERE"}), {})
    for condition in conditions:
        chances.add(condition, False, names)
    assert chances.found == expected


def test_lines_may_end_in_a_carriage_return() -> None:
    source = (
        "#define BOTH(a) \\\n  ((a) + 1)\n#define LIB_EXTRA\nclass LIB_EXTRA shape\n{\npublic:\n"
        "    shape() : size_( BOTH(1) ) {}\n    int size_;\n};\n"
    )
    plain, dos = facts_of(source, "cpp"), facts_of(source.replace("\n", "\r\n"), "cpp")
    assert plain.qualified[1:] == ["BOTH", "LIB_EXTRA", "shape", "shape.shape", "shape.size_"]
    assert dos.qualified == plain.qualified
    assert [dos.names[name] for name in dos.occ_name] == [plain.names[name] for name in plain.occ_name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"struct a;\nint f(void);\n", "c"),
        (b"/* using words\n   class of its own */\nint f(void);\n", "c"),
        (b"namespace a { int f(); }\n", "cpp"),
        (b"std::string f();\n", "cpp"),
    ],
)
def test_a_header_is_c_or_cpp_by_what_it_says(text: bytes, expected: str) -> None:
    assert language_name("a.h", text) == expected
