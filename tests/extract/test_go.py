"""What extraction says of one Go file. How names are linked is in ``tests/cases/go/``."""

from __future__ import annotations

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind
from magellan_lsp.languages.go.builds import LEFT_OUT
from magellan_lsp.languages.registry import get_language

SOURCE = """\
// Package shop sells.
package shop

// Cart holds goods.
type Cart struct {
	Items []string
	meta  struct{ note string }
}

type Buyer interface{ Buy(n int) (ok bool) }

// Total counts.
func (c *Cart) Total(of ...string) (n int) { return len(c.Items) }

const (
	First Kind = iota
	Second
)

type Kind int

func TestCart(t *T) {
	tests := []struct{ name string }{{name: "a"}}
	func() { _ = tests }()
}
"""


def facts_of(source: str, path: str = "shop/cart_test.go") -> FileFacts:
    return extract(path, get_language("go"), source.encode())


def symbols(facts: FileFacts) -> dict[str, DefKind]:
    return {facts.qualified[facts.def_symbol[row]]: facts.kind(row) for row in facts.symbols() if row}


def named(facts: FileFacts, name: str) -> int:
    return next(row for row in facts.symbols() if facts.qualified[facts.def_symbol[row]] == name)


def test_every_symbol_has_its_kind_and_its_owner_in_its_name():
    assert symbols(facts_of(SOURCE)) == {
        "shop": DefKind.NAMESPACE,
        "Cart": DefKind.STRUCT,
        "Cart.Items": DefKind.FIELD,
        "Cart.meta": DefKind.FIELD,
        "Cart.meta.note": DefKind.FIELD,
        "Buyer": DefKind.INTERFACE,
        "Buyer.Buy": DefKind.METHOD,
        "Cart.Total": DefKind.METHOD,
        "First": DefKind.CONSTANT,
        "Second": DefKind.CONSTANT,
        "Kind": DefKind.CLASS,
        "TestCart": DefKind.FUNCTION,
        "TestCart.tests.name": DefKind.FIELD,
    }


def test_flags_say_what_other_packages_see():
    facts = facts_of(SOURCE)
    assert facts.flags(named(facts, "Cart")) & DefFlag.EXPORTED
    assert not facts.flags(named(facts, "Cart.meta")) & DefFlag.EXPORTED
    assert facts.flags(named(facts, "Buyer.Buy")) & DefFlag.ABSTRACT
    assert facts.flags(named(facts, "Cart.Total")) & DefFlag.EXTENSION
    assert facts.flags(named(facts, "TestCart")) & DefFlag.TEST


def test_comments_above_document():
    facts = facts_of(SOURCE)
    for name, text in (("shop", "Package shop sells."), ("Cart", "holds"), ("Cart.Total", "counts")):
        row = named(facts, name)
        assert text in SOURCE[facts.def_doc_start[row] : facts.def_doc_end[row]]


def test_an_error_leaves_the_rest():
    facts = facts_of("package p\nfunc a() { x := := }\nfunc b() {}\ntype C struct { d int }\n")
    assert {"a", "b", "C", "C.d"} <= set(symbols(facts))
    assert facts.problems


def test_a_blank_name_means_nothing():
    facts = facts_of("package p\nfunc f() { _, x := g(); _ = x }\nvar _ = 1\n")
    assert "_" not in {facts.names[name] for name in facts.occ_name}


@pytest.mark.parametrize(
    ("path", "head", "taken"),
    [
        ("a.go", "", True),
        ("a_linux.go", "", True),
        ("a_windows.go", "", False),
        ("a_darwin_arm64.go", "", False),
        ("a_linux_amd64_test.go", "", True),
        ("a_arm64.go", "", False),
        ("windows.go", "", True),
        ("a.go", "//go:build ignore", False),
        ("a.go", "//go:build linux || darwin", True),
        ("a.go", "//go:build !(linux && amd64)", False),
        ("a.go", "//go:build go1.21 && !race", True),
        ("a.go", "//go:build (", True),
    ],
)
def test_a_file_belongs_to_an_ordinary_build(path: str, head: str, taken: bool):
    assert (LEFT_OUT not in facts_of(f"{head}\n\npackage p\n", path).groups) is taken
