"""What extraction says of one JavaScript file. How names are linked is in ``tests/cases/javascript/``."""

from __future__ import annotations

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import MODULE_PART, SAID, FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ImportFlag, Role
from magellan_lsp.languages.registry import get_language

SOURCE = """\
import first, { second as other } from './parts'

/** Holds goods. */
export class Cart extends Base {
  static limit = 3
  #items = []
  constructor(owner) {
    super()
    this.owner = owner
  }
  get size() { return this.#items.length }
  async *walk({ depth = 1 }, ...rest) { yield depth }
}

function Shop(name) { this.name = name }
Shop.prototype.open = function () { return this.name }
Shop.chain = 'x'
function Stall() {}
Stall.prototype = { sell() {}, get price() { return 1 } }

const api = { run() {}, stop: () => {}, level: 1 }
export const total = (items) => items.length
list.map((each, index) => each)
"""


def facts_of(source: str, path: str = "shop/cart.js") -> FileFacts:
    return extract(path, get_language("javascript"), source.encode())


def symbols(facts: FileFacts) -> dict[str, DefKind]:
    return {facts.qualified[facts.def_symbol[row]]: facts.kind(row) for row in facts.symbols() if row}


def test_symbols_carry_their_kinds_and_owners():
    found = symbols(facts_of(SOURCE))
    assert found == {
        "Cart": DefKind.CLASS,
        "Cart.limit": DefKind.FIELD,
        "Cart.#items": DefKind.FIELD,
        "Cart.constructor": DefKind.CONSTRUCTOR,
        "Cart.owner": DefKind.FIELD,
        "Cart.size": DefKind.PROPERTY,
        "Cart.walk": DefKind.METHOD,
        "Shop": DefKind.CLASS,  # a function with a prototype is one
        "Shop.name": DefKind.FIELD,
        "Shop.open": DefKind.METHOD,
        "Shop.chain": DefKind.FIELD,
        "Stall": DefKind.CLASS,
        "Stall.prototype": DefKind.FIELD,
        "Stall.sell": DefKind.METHOD,  # what a whole prototype has is the type's
        "Stall.price": DefKind.PROPERTY,
        "api": DefKind.CONSTANT,
        "api.run": DefKind.METHOD,
        "api.stop": DefKind.METHOD,
        "api.level": DefKind.FIELD,
        "total": DefKind.FUNCTION,
    }


def flags(facts: FileFacts, name: str) -> DefFlag:
    return next(facts.flags(row) for row in facts.symbols() if facts.name(row) == name)


def test_flags_say_what_the_words_before_a_name_say():
    facts = facts_of(SOURCE)
    assert flags(facts, "Cart") & DefFlag.EXPORTED
    assert flags(facts, "limit") & DefFlag.STATIC
    assert flags(facts, "#items") & DefFlag.PRIVATE
    assert flags(facts, "walk") & DefFlag.ASYNC and flags(facts, "walk") & DefFlag.GENERATOR
    assert flags(facts, "owner") & DefFlag.INSTANCE
    assert flags(facts, "chain") & DefFlag.STATIC


def test_an_exported_declaration_begins_at_export_and_keeps_its_comment():
    facts = facts_of(SOURCE)
    cart = next(row for row in facts.symbols() if facts.name(row) == "Cart")
    assert SOURCE[facts.def_start[cart] :].startswith("export class")
    assert SOURCE[facts.def_doc_start[cart] : facts.def_doc_end[cart]] == "/** Holds goods. */"


def test_imports_of_both_kinds():
    facts = facts_of("import a, * as b from 'x'\nconst { c, d: e } = require('./y')\nrequire('./z').go()\n")
    rows = [
        (
            facts.names[facts.import_module[row]],
            facts.names[facts.import_name[row]] if facts.import_name[row] >= 0 else None,
            facts.name(facts.import_def[row]),
        )
        for row in range(len(facts.import_def))
    ]
    assert rows == [
        ("x", "default", "a"),
        ("x", None, "b"),
        ("./y", "c", "c"),
        ("./y", "d", "e"),
        ("./z", None, ""),
    ]
    assert facts.import_flags[1] & ImportFlag.NAMESPACE
    assert facts.import_flags[4] & ImportFlag.REQUIRE
    parts = [row for row, target in enumerate(facts.occ_target) if target == MODULE_PART]
    assert [facts.names[facts.occ_name[row]] for row in parts] == ["x", "./y", "./z"]
    assert facts.name_index("z") > 0, "the file's own name takes part in look-ups by name"


def test_module_exports_means_the_file_without_being_a_use():
    facts = facts_of("function f() {}\nmodule.exports = f\nmodule.exports.more = 1\n")
    said = [facts.occ_start[row] for row, target in enumerate(facts.occ_target) if target == SAID]
    assert said == [16, 23]
    assert "javascript:commonjs" in facts.groups


def test_scripts_and_modules_are_told_apart():
    assert "javascript:script" in facts_of("var a = 1").groups
    assert "javascript:script" not in facts_of("export {}").groups


def test_types_in_comments_are_types():
    facts = facts_of("/** @param {Cart[]} carts @returns {Promise<Cart>} */\nfunction f(carts) {}\n")
    carts = next(row for row, kind in enumerate(facts.def_kind) if kind == DefKind.PARAMETER)
    function = next(row for row in facts.symbols() if facts.name(row) == "f")
    assert facts.def_type[carts] > 0 and facts.def_type[function] > 0
    roles = [facts.occ_role[row] for row in range(len(facts.occ_start)) if facts.occ_start[row] < 50]
    assert roles == [Role.TYPE] * 3


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 20000 + "1" + ")" * 20000,
        "a" + ".b()" * 1500,
        "x = " + "[" * 5000 + "]" * 5000,
        "x = " + "{a:" * 3000 + "1" + "}" * 3000,
        "f" + "(x => " * 3000 + "x" + ")" * 3000,
        "x = " + "a => " * 3000 + "a",
    ],
)
def test_deep_nesting_is_no_error(source: str):
    assert facts_of(source).size == len(source)


def test_a_broken_line_does_not_lose_the_rest():
    facts = facts_of("const a = = 1\nfunction after() { return a }\n")
    assert facts.problems
    assert "after" in symbols(facts)
