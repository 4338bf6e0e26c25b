"""What extraction finds in Rust, where the linking cases cannot see it: flags, spans, docs, scopes, the text parsed."""

from __future__ import annotations

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.extract.parse import parse
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role
from magellan_lsp.languages.registry import get_language
from magellan_lsp.languages.rust import conditions, macros

RUST = get_language("rust")


def facts_of(source: str, path: str = "src/lib.rs") -> FileFacts:
    return extract(path, RUST, source.encode())


def row_named(facts: FileFacts, name: str, kind: DefKind | None = None) -> int:
    rows = [
        row
        for row in range(1, len(facts.def_name))
        if facts.name(row) == name and (kind is None or facts.def_kind[row] == kind)
    ]
    assert len(rows) == 1, (name, rows)
    return rows[0]


def text_of(source: str, facts: FileFacts, row: int) -> str:
    return source.encode()[facts.def_start[row] : facts.def_end[row]].decode()


def occurrences(source: str, facts: FileFacts) -> list[tuple[str, Role]]:
    data = source.encode()
    return [
        (data[start:end].decode(), Role(role))
        for start, end, role in zip(facts.occ_start, facts.occ_end, facts.occ_role, strict=True)
    ]


def test_members_are_addressed_through_their_type():
    facts = facts_of(
        "mod a { pub struct S; impl S { fn m(&self) {} } impl Clone for S { fn clone(&self) -> S { S } } }"
    )
    assert {"a", "a.S", "a.S.m", "a.S.clone"} <= set(facts.qualified)


def test_flags_say_what_the_head_says():
    source = """
    pub(crate) async fn run() {}
    trait T { fn needed(&self); fn given(&self) {} fn made() -> u8 { 1 } }
    #[test]
    fn checks() {}
    #[deprecated]
    pub struct Old;
    #[macro_export]
    macro_rules! shared { () => {} }
    """
    facts = facts_of(source)
    flags = {facts.name(row): facts.flags(row) for row in range(1, len(facts.def_name))}
    assert flags["run"] & DefFlag.EXPORTED
    assert flags["run"] & DefFlag.ASYNC
    assert flags["needed"] & DefFlag.DECLARATION
    assert not flags["given"] & (DefFlag.DECLARATION | DefFlag.STATIC)
    assert flags["made"] & DefFlag.STATIC
    assert flags["checks"] & DefFlag.TEST
    assert flags["Old"] & DefFlag.DEPRECATED
    assert flags["shared"] & DefFlag.EXPORTED


def test_attributes_and_comments_belong_to_the_item():
    source = "/// Says hello.\n#[inline]\n#[must_use]\npub fn hello() -> u8 {\n    1\n}\n"
    facts = facts_of(source)
    row = row_named(facts, "hello")
    assert text_of(source, facts, row).startswith("#[inline]")
    assert source[facts.def_doc_start[row] : facts.def_doc_end[row]].startswith("/// Says hello.")
    assert source[facts.def_start[row] : facts.def_signature_end[row]].rstrip().endswith("-> u8")


def test_tuple_fields_are_named_by_position():
    facts = facts_of("struct P(u8, String); enum E { V(u8) }")
    assert [facts.name(row) for row in facts.children(row_named(facts, "P"))] == ["0", "1"]
    assert [facts.name(row) for row in facts.children(row_named(facts, "V"))] == ["0"]


def test_a_destructured_parameter_keeps_its_place():
    facts = facts_of("fn f((a, b): (u8, u8), c: u8) {}")
    kinds = [
        (facts.name(row), facts.kind(row))
        for row in facts.children(row_named(facts, "f"))
        if facts.def_kind[row] == DefKind.PARAMETER
    ]
    assert kinds == [("", DefKind.PARAMETER), ("c", DefKind.PARAMETER)]
    assert facts.def_kind[row_named(facts, "a")] == DefKind.VARIABLE


def test_every_part_of_a_use_path_is_an_occurrence():
    source = "use a::b::{c::{self, d as e}, f::*};"
    found = [text for text, role in occurrences(source, facts_of(source)) if role == Role.IMPORT]
    assert found == ["a", "b", "c", "self", "d", "f"]


def test_broken_code_does_not_lose_the_rest():
    source = "fn a() { let x = ; }\nstruct S { x: u8 }\nimpl S { fn b(&self { self.x } }\nfn c() {}\n"
    facts = facts_of(source)
    names = {facts.name(row) for row in range(1, len(facts.def_name))}
    assert {"a", "S", "c"} <= names
    assert facts.problems


@pytest.mark.parametrize(
    "source",
    [
        "fn f() { m!(a => b, c); g(x); }",
        "fn f() { if a {} m!(b); }",
        "fn f() -> Vec<u8> { vec![1, 2] }",
        "m! { pub fn f() {} }",
        "fn f() { select! { a = b => { c }, } }",
        "fn f() { let x = m! { a.b() }; }",
        'fn f() { print!("{}", m!(x)); /* m!( */ let s = "m!("; }',
    ],
)
def test_laying_macros_open_leaves_no_errors(source: str):
    tree, _ = macros.read(source.encode(), lambda text: parse(RUST, text))
    assert not tree.root_node.has_error
    assert tree.root_node.end_byte == len(source)


def test_macro_names_are_calls_without_their_bang():
    source = 'fn f() { outer::log!("{}", a); vec![b]; }'
    found = occurrences(source, facts_of(source))
    assert ("log", Role.CALL) in found
    assert ("vec", Role.CALL) in found
    assert ("a", Role.READ) in found
    assert ("b", Role.READ) in found


def test_a_pattern_in_matches_is_no_call():
    source = "fn f(x: Option<u8>) -> bool { matches!(x, Some(_)) }"
    assert ("Some", Role.READ) in occurrences(source, facts_of(source))


def test_an_unclosed_macro_ends_nowhere():
    assert macros.closing(b"{ (a) ", 0) == -1
    assert macros.closing(b"{ \"}\" /* } */ '}' } x", 0) == 18


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("(windows)", False),
        ("(unix)", True),
        ("(not(windows))", True),
        ('(feature = "x")', None),
        ('(all(unix, feature = "x"))', None),
        ('(all(windows, feature = "x"))', False),
        ('(any(unix, feature = "x"))', True),
        ('(target_os = "macos")', False),
        ('(not(any(target_os = "linux", windows)))', False),
    ],
)
def test_conditions(condition: str, expected: bool | None):
    assert conditions.evaluate(condition) is expected


@pytest.mark.parametrize(
    "attribute", ["#[cfg(all(]", "#[cfg(]", "#[cfg)]", "#[derive(Clone)]", "#[cfg_attr(windows, x)]"]
)
def test_a_condition_that_is_none_leaves_nothing_out(attribute: str):
    assert not conditions.left_out(attribute)
