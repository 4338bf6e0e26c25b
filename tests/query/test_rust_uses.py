"""Uses of Rust functions and items of traits: what implements them counts, and who hands a function on is a caller."""

import pytest

from magellan_lsp.query import call_hierarchy, definition, references

SOURCE = """\
pub trait Sized2 {
    type «Item»;
    const «MOST»: usize;
    fn «len2»(&self) -> usize;
}

struct Short;
struct Long;

impl Sized2 for Short {
    type «Item» = u8;
    const «MOST»: usize = 1;
    fn «len2»(&self) -> usize { Self::MOST }
}

impl Sized2 for Long {
    type Item = u16;
    const MOST: usize = 2;
    fn len2(&self) -> usize { 2 }
}

fn first(one: Short) -> Option<<Short as Sized2>::Item> { None }

impl Short {
    fn item(&self) -> Self::Item { 0 }
}

impl Iterator for Long {
    type «Out» = u8;
    fn next(&mut self) -> Option<u8> { None }
}

fn measure(one: &dyn Sized2, other: &Long) -> usize {
    one.len2() + other.len2()
}
"""


def marked(source: str, word: str, number: int) -> str:
    """The source with one mark kept: the ``number``-th of those around a word."""
    pieces = source.split(f"«{word}»")
    text = f"«{word}»".join([word.join(pieces[: number + 1]), word.join(pieces[number + 1 :])])
    kept = f"«{word}»"
    plain = text.replace(kept, "\0").replace("«", "").replace("»", "")
    return plain.replace("\0", kept)


def test_references_of_a_traits_method_count_the_methods_that_implement_it(world):
    made = world({"src/lib.rs": marked(SOURCE, "len2", 0)})
    found = references.references(made.snapshot(), *made.at("len2"), include_declaration=False)
    assert [made.line(one.path, one.span.start) for one in found] == [12, 18, 33, 33]


def test_references_of_a_method_that_implements_one_are_its_own(world):
    made = world({"src/lib.rs": marked(SOURCE, "len2", 1)})
    found = references.references(made.snapshot(), *made.at("len2"), include_declaration=False)
    assert found == []


@pytest.mark.parametrize(("word", "line"), [("Item", 1), ("MOST", 2)])
def test_the_definition_of_an_associated_item_is_the_traits(world, word, line):
    made = world({"src/lib.rs": marked(SOURCE, word, 1)})
    found = definition.definition(made.snapshot(), *made.at(word)).places
    assert [made.line(one.path, one.name.start) for one in found] == [line]


def test_the_definition_of_a_method_in_an_impl_is_its_own(world):
    made = world({"src/lib.rs": marked(SOURCE, "len2", 1)})
    found = definition.definition(made.snapshot(), *made.at("len2")).places
    assert [made.line(one.path, one.name.start) for one in found] == [12]


def test_an_associated_item_that_the_trait_does_not_know_is_its_own(world):
    made = world({"src/lib.rs": marked(SOURCE, "Out", 0)})
    found = definition.definition(made.snapshot(), *made.at("Out")).places
    assert [made.line(one.path, one.name.start) for one in found] == [28]


HANDED = """\
macro_rules! shout { ($x:expr) => { $x } }

enum Sort { Plain(u8) }
struct Wrapped(u8);

fn «clean»(one: u8) -> u8 { one }

fn «all»(these: Vec<u8>) -> Vec<u8> {
    shout!(1);
    Sort::Plain(1);
    Wrapped(2);
    clean(3);
    these.into_iter().map(clean).collect()
}
"""


def test_who_hands_a_function_on_is_one_of_its_callers(world):
    made = world({"src/lib.rs": HANDED})
    path, offset = made.at("clean")
    [item] = call_hierarchy.prepare(made.snapshot(), path, offset)
    [call] = call_hierarchy.incoming(made.snapshot(), item.ref)
    assert call.symbol.name == "all"
    assert [made.line(one.path, one.span.start) for one in call.sites] == [11, 12]


def test_whom_a_function_calls_are_functions_and_constructors_not_macros(world):
    made = world({"src/lib.rs": HANDED})
    path, offset = made.at("all")
    [item] = call_hierarchy.prepare(made.snapshot(), path, offset)
    found = call_hierarchy.outgoing(made.snapshot(), item.ref)
    lines = {call.symbol.name: [made.line(one.path, one.span.start) for one in call.sites] for call in found}
    assert lines == {"Plain": [9], "Wrapped": [10], "clean": [11]}


MADE = """\
#[derive(Default)]
pub struct Config { deep: bool }
pub struct Other { wide: bool }
impl Default for Other {
    fn default() -> Self { Other { wide: true } }
}
fn «make»() -> bool { Config::default().deep && Other::default().wide }
"""


def test_a_call_of_the_default_that_a_derive_writes_leads_nowhere_in_the_call_hierarchy(world):
    made = world({"src/lib.rs": MADE})
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, *made.at("make"))
    [call] = call_hierarchy.outgoing(snapshot, item.ref)
    assert call.symbol.qualified == "Other::default"
    assert [made.line(site.path, site.span.start) for site in call.sites] == [6]
