"""The case harness notices what it is for: misplaced marks, wrong answers, and what a case forgets to mark."""

from __future__ import annotations

import pytest
from support.cases import CaseError, parse_case
from support.render import check
from support.worlds import ResolverWorld

RIGHT = """\
Greeting.
=== util.py ===
def greet(name):
#   ^^^^^ def greet
    return name
=== main.py ===
from util import greet
#                ^^^^^ ref greet
def main():
#   ^^^^ def main
    greet("x")
#   ^^^^^ ref greet
#   ^^^^^ call main greet
"""


def run(text: str) -> None:
    case = parse_case("case", text.splitlines())
    check(case, ResolverWorld.of(case))


def failure(text: str) -> str:
    with pytest.raises(pytest.fail.Exception) as caught:
        run(text)
    return str(caught.value)


def test_a_right_case_passes():
    run(RIGHT)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("#   ^^^^^ def greet", "#  ^^^^^ def greet", "off its word|nothing over"),
        ("#   ^^^^^ def greet", "#   ^^^^ def greet", "off its word"),
        ("#   ^^^^^ def greet", "#    ^^^^ def greet", "off its word"),
        ("#   ^^^^^ def greet", " # <- def greet", "inside a word"),
        ("    return name\n", "    return name\n   # <- ref greet\n", "no word"),
        ("#   ^^^^ def main", "#   ^^^^ def greet", "two definitions"),
        ("ref greet", "ref salute", "no `def` carries"),
        ("ref greet", "mentions greet", "the verb must be one of"),
        ("call main greet", "call greet", "takes 2 words"),
        ("=== main.py ===", "=== util.py ===", "there twice"),
        ("Greeting.\n", "", "begins with a sentence"),
    ],
)
def test_the_loader_complains(old: str, new: str, complaint: str):
    with pytest.raises(CaseError, match=complaint):
        parse_case("case", RIGHT.replace(old, new, 1).splitlines())


def test_a_mark_keeps_the_tabs_of_its_line():
    text = "Tabs.\n=== m.go ===\nfunc f() {\n\tx := 1\n%s// <- def x\n}\n"
    assert parse_case("case", (text % "\t").splitlines()).marks[0].start == len("func f() {\n\t")
    with pytest.raises(CaseError):
        parse_case("case", (text % "    ").splitlines())


def test_columns_count_characters_and_spans_count_bytes():
    case = parse_case("case", ["Text.", "=== m.py ===", "größe = ünï", "#       ^^^ def x"])
    assert case.marks[0][1:3] == (len("größe = ".encode()), len("größe = ünï".encode()))


def test_an_occurrence_without_a_mark_is_shown():
    text = RIGHT.replace('    greet("x")\n#   ^^^^^ ref greet\n', '    greet("x")\n')
    assert "+    ^^^^^ ref greet" in failure(text)


def test_a_call_without_a_mark_is_shown():
    text = RIGHT + "greet(2)\n# <- ref greet\n"
    assert "+^^^^^ call main.py greet" in failure(text)


def test_a_wrong_target_is_shown_as_a_diff():
    text = RIGHT.replace("#                ^^^^^ ref greet", "#                ^^^^^ ref main")
    message = failure(text)
    assert "-                 ^^^^^ ref main" in message
    assert "+                 ^^^^^ ref greet" in message
    assert message.startswith("Greeting.")


def test_an_answer_where_absent_is_said_is_shown():
    text = RIGHT.replace("#                ^^^^^ ref greet", "#                ^^^^^ absent")
    assert "-                 ^^^^^ absent" in failure(text)


def test_a_wrong_kind_is_shown():
    text = RIGHT + "#   ^^^^^ kind class\n"
    message = failure(text)
    assert "-    ^^^^^ kind class" in message
    assert "+    ^^^^^ kind function" in message


def test_a_file_holds_several_cases(tmp_path):
    from support.cases import load_cases

    (tmp_path / "two.case").write_text(RIGHT + "=====\n" + RIGHT + "==========\nBroken.\n")
    cases = load_cases(tmp_path)
    assert [case.name for case in cases] == ["two:1", "two:15", "two:29"]
    assert [bool(case.problem) for case in cases] == [False, False, True]


FLOW = """\
Flow.
=== m.py ===
def f(a):
    if a:
#      ^ edge entry fallthrough test
#      ^ block test block
#      ^ edge test true one
#      ^ edge test false two
        return 1
#       ^^^^^^ block one if
#       ^^^^^^ edge one return exit
    return 2
#   ^^^^^^ block two block
#   ^^^^^^ edge two return exit
    f(0)
#   ^ block never block
#   ^ edge never fallthrough exit
#   ^ unreachable never
"""


def test_a_right_case_of_control_flow_passes():
    run(FLOW)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("#      ^ edge test false two\n", "", "+       ^ edge test false two"),
        ("edge entry fallthrough test", "edge entry true test", "+       ^ edge entry fallthrough test"),
        ("edge two return exit", "edge two return one", "+    ^^^^^^ edge two return exit"),
        ("block two block", "block two if", "+    ^^^^^^ block two block"),
        ("#   ^ unreachable never\n", "", "+    ^ unreachable never"),
        ("#   ^ unreachable never\n", "#   ^ unreachable two\n", "-    ^ unreachable two"),
    ],
)
def test_what_is_wrong_in_control_flow_is_shown(old: str, new: str, complaint: str):
    assert complaint in failure(FLOW.replace(old, new, 1))


def test_a_mark_of_a_block_that_nothing_carries_is_refused():
    with pytest.raises(CaseError, match="no `block` carries"):
        parse_case("case", FLOW.replace("test true one", "test true three").splitlines())
    with pytest.raises(CaseError, match="two blocks carry"):
        parse_case("case", FLOW.replace("block one if", "block test if").splitlines())
