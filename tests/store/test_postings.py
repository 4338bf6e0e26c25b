"""Under which keys a file is listed."""

from __future__ import annotations

import random

from support.facts import make_facts

from magellan_lsp.facts.kinds import ExprOp
from magellan_lsp.store.base import Family
from magellan_lsp.store.postings import MODULE, QUALIFIED, base_name, posting_keys


def with_expressions(*expressions: tuple[int, ...]):
    facts = make_facts("a.py", random.Random(1), names=["Base", "ns", "Other"])
    starts: list[int] = []
    data: list[int] = []
    for parts in expressions:
        starts.append(len(data))
        data.extend(parts)
    facts.expr_start, facts.expr_data = [*starts, len(data)], data
    return facts


def test_a_base_is_listed_under_its_simple_name() -> None:
    facts = make_facts("a.py", random.Random(1), names=["Base", "ns", "Other"])
    base, ns = facts.name_index("Base"), facts.name_index("ns")
    facts = with_expressions(
        (ExprOp.NAME, base, 0, 0),
        (ExprOp.NAME, ns, 0, 0),
        (ExprOp.MEMBER, 1, base),
        (ExprOp.GENERIC, 2, 0),
        (ExprOp.POINTER, 3),
        (ExprOp.UNKNOWN,),
        (ExprOp.GENERIC, 6),
    )
    assert [base_name(facts, i) for i in range(7)] == ["Base", "ns", "Base", "Base", "Base", "", ""]
    assert base_name(facts, -1) == ""


def test_keys_of_a_file() -> None:
    facts = make_facts("src/a.py", random.Random(3), module="src::a")
    keys = posting_keys("src/a.py", facts)
    assert keys[Family.MENTIONS] == set(facts.names[1:])
    assert keys[Family.BASENAME] == {"a.py"}
    assert keys[Family.GROUP] == {"dir:src"}
    assert keys[MODULE] == {"src.a"}
    assert "" not in keys[QUALIFIED] | keys[Family.DEFINES] | keys[Family.EXTENDS]
    assert posting_keys("src/a.py", None) == {Family.BASENAME: {"a.py"}}
