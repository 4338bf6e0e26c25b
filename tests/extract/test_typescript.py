"""What extraction says of one TypeScript file. How names are linked is in ``tests/cases/typescript/``."""

from __future__ import annotations

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role
from magellan_lsp.languages.registry import get_language

SOURCE = """\
export interface Shape<T> extends Base<T> {
  readonly area: number
  name?: string
  draw(on: Canvas): void
  (x: number): Shape<T>
  [key: string]: any
}
type Pair<A> = { left: A }
declare enum Color { Red, Green = 2 }
declare module 'outer' { function reach(): void }
namespace One.Two { export const deep = 1 }
abstract class Store implements Shape<string> {
  constructor(private owner: string, readonly kind?: Color) {}
  abstract open(): void
  static make(): Store
  static make(n?: number) { return null! }
}
function pick(a: string): Store
function pick(a: unknown): any {}
"""


def facts_of(source: str, language: str = "typescript") -> FileFacts:
    return extract("shop/shape.ts", get_language(language), source.encode())


def symbols(facts: FileFacts) -> dict[str, DefKind]:
    return {facts.qualified[facts.def_symbol[row]]: facts.kind(row) for row in facts.symbols() if row}


def test_symbols_carry_their_kinds_and_owners():
    assert symbols(facts_of(SOURCE)) == {
        "Shape": DefKind.INTERFACE,
        "Shape.area": DefKind.FIELD,
        "Shape.name": DefKind.FIELD,
        "Shape.draw": DefKind.METHOD,
        "Shape.__call": DefKind.METHOD,
        "Shape.__index": DefKind.FIELD,
        "Pair": DefKind.TYPE_ALIAS,
        "Pair.left": DefKind.FIELD,
        "Color": DefKind.ENUM,
        "Color.Red": DefKind.ENUM_MEMBER,
        "Color.Green": DefKind.ENUM_MEMBER,
        "outer": DefKind.MODULE,
        "outer.reach": DefKind.FUNCTION,
        "One": DefKind.NAMESPACE,
        "One.Two": DefKind.NAMESPACE,
        "One.Two.deep": DefKind.CONSTANT,
        "Store": DefKind.CLASS,
        "Store.constructor": DefKind.CONSTRUCTOR,
        "Store.owner": DefKind.FIELD,
        "Store.kind": DefKind.FIELD,
        "Store.open": DefKind.METHOD,
        "Store.make": DefKind.METHOD,
        "Store.make#2": DefKind.METHOD,
        "pick": DefKind.FUNCTION,
        "pick#2": DefKind.FUNCTION,
    }


def flags(facts: FileFacts, name: str) -> list[DefFlag]:
    return [facts.flags(row) for row in facts.symbols() if facts.name(row) == name]


def test_flags():
    facts = facts_of(SOURCE)
    assert flags(facts, "name")[0] & DefFlag.OPTIONAL
    assert not flags(facts, "area")[0] & DefFlag.OPTIONAL
    assert flags(facts, "open")[0] & DefFlag.ABSTRACT
    assert flags(facts, "owner")[0] & DefFlag.PRIVATE
    assert [bool(each & DefFlag.OVERLOAD) for each in flags(facts, "pick")] == [True, False]
    assert [bool(each & DefFlag.OVERLOAD) for each in flags(facts, "make")] == [True, False]
    assert not flags(facts, "draw")[0] & DefFlag.OVERLOAD
    assert "javascript:module:outer" in facts.groups


def test_types_and_values_of_one_name_are_told_apart():
    facts = facts_of("const Kind = 1\ntype Kind = typeof Kind\nlet a: Kind = Kind\n")
    uses = [
        (facts.occ_role[row], facts.kind(facts.occ_target[row]))
        for row in range(len(facts.occ_start))
        if facts.names[facts.occ_name[row]] == "Kind" and facts.occ_role[row] != Role.DEFINITION
    ]
    assert uses == [
        (Role.READ, DefKind.CONSTANT),
        (Role.TYPE, DefKind.TYPE_ALIAS),
        (Role.READ, DefKind.CONSTANT),
    ]


def test_tsx_reads_components_and_type_arguments():
    facts = facts_of("const a = <T,>(p: T) => <List<T> items={p}><b/></List>\n", "tsx")
    calls = [
        facts.names[facts.occ_name[row]]
        for row in range(len(facts.occ_start))
        if facts.occ_role[row] == Role.CALL
    ]
    assert calls == ["List"]


@pytest.mark.parametrize(
    "source",
    [
        "type A = " + " | ".join(f"B{n}" for n in range(5000)),
        "type A = " + "Array<" * 3000 + "B" + ">" * 3000,
        "type A = " + "{ a: " * 2000 + "B" + " }" * 2000,
        "type A = " + "(x: B) => " * 2000 + "B",
    ],
)
def test_deep_nesting_is_no_error(source: str):
    assert facts_of(source).size == len(source)
