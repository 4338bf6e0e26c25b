"""What extraction says of one Java file. How names are linked is in ``tests/cases/java/``."""

from __future__ import annotations

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind
from magellan_lsp.languages.registry import get_language

SOURCE = """\
package com.shop;

/** A cart. */
@Deprecated
public abstract class Cart<T> implements Buyer {
    public static final int MAX = 3;
    private int count, other[];
    Cart(int n) { this.count = n; }
    abstract void add(T thing, String... notes);
    @Override public int size() {
        Runnable r = new Runnable() { public void run() { go(); } };
        return count;
    }
    enum Kind { BIG { void grow() {} }, SMALL }
    record Pair(int left, int right) {}
    @interface Note { int value(); }
}
interface Buyer { int size(); default void go() {} }
"""


def facts_of(source: str) -> FileFacts:
    return extract("com/shop/Cart.java", get_language("java"), source.encode())


def symbols(facts: FileFacts) -> dict[str, DefKind]:
    return {facts.qualified[facts.def_symbol[row]]: facts.kind(row) for row in facts.symbols() if row}


def named(facts: FileFacts, name: str) -> int:
    return next(row for row in facts.symbols() if facts.qualified[facts.def_symbol[row]] == name)


def test_every_symbol_has_its_kind_and_its_owner_in_its_name():
    assert symbols(facts_of(SOURCE)) == {
        "Cart": DefKind.CLASS,
        "Cart.MAX": DefKind.CONSTANT,
        "Cart.count": DefKind.FIELD,
        "Cart.other": DefKind.FIELD,
        "Cart.Cart": DefKind.CONSTRUCTOR,
        "Cart.add": DefKind.METHOD,
        "Cart.size": DefKind.METHOD,
        "Cart.size.run": DefKind.METHOD,
        "Cart.Kind": DefKind.ENUM,
        "Cart.Kind.BIG": DefKind.ENUM_MEMBER,
        "Cart.Kind.grow": DefKind.METHOD,
        "Cart.Kind.SMALL": DefKind.ENUM_MEMBER,
        "Cart.Pair": DefKind.CLASS,
        "Cart.Pair.left": DefKind.FIELD,
        "Cart.Pair.left#2": DefKind.METHOD,
        "Cart.Pair.right": DefKind.FIELD,
        "Cart.Pair.right#2": DefKind.METHOD,
        "Cart.Note": DefKind.INTERFACE,
        "Cart.Note.value": DefKind.METHOD,
        "Buyer": DefKind.INTERFACE,
        "Buyer.size": DefKind.METHOD,
        "Buyer.go": DefKind.METHOD,
    }


def test_modifiers_are_flags():
    facts = facts_of(SOURCE)
    for name, flags in (
        ("Cart", DefFlag.EXPORTED | DefFlag.ABSTRACT | DefFlag.DEPRECATED),
        ("Cart.MAX", DefFlag.EXPORTED | DefFlag.STATIC),
        ("Cart.count", DefFlag.PRIVATE),
        ("Cart.size", DefFlag.EXPORTED | DefFlag.OVERRIDE),
        ("Buyer.size", DefFlag.EXPORTED | DefFlag.ABSTRACT),
        ("Buyer.go", DefFlag.EXPORTED),
    ):
        assert facts.flags(named(facts, name)) == flags, name


def test_the_comment_above_documents():
    facts = facts_of(SOURCE)
    row = named(facts, "Cart")
    assert SOURCE[facts.def_doc_start[row] : facts.def_doc_end[row]] == "/** A cart. */"


def test_the_package_is_the_module():
    facts = facts_of(SOURCE)
    assert facts.module == "com.shop"
    assert facts.groups == ["java:com.shop"]


def test_an_error_leaves_the_rest():
    facts = facts_of("class A { void a() { int = ; } void b() {} }\nclass C { int d; }\n")
    assert {"A", "A.b", "C", "C.d"} <= set(symbols(facts))
    assert facts.problems


def test_var_names_no_type():
    facts = facts_of("class A { void a() { var x = 1; for (var y : z) {} } }")
    assert "var" not in {facts.names[name] for name in facts.occ_name}
