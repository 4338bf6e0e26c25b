"""Definitions, references, highlights, hierarchies and hovers; stored and overlaid alike."""

import threading

import pytest

from magellan_lsp.errors import Cancelled
from magellan_lsp.query import (
    call_hierarchy,
    code_lens,
    definition,
    hover,
    references,
    symbols,
    type_hierarchy,
)

UTIL = '''\
"""Helpers."""

def «greet»(name, loud=False):
    """Say hello.

    Loudly, if need be.
    """
    return name


class «Base»:
    def «run»(self):
        return greet("base")

    @property
    def title(self):
        return "t"


class «Child»(Base):
    def __init__(self, «size»):
        self.size = size

    def run(self):
        «local» = greet("child")
        return local
'''
MAIN = (
    """\
from util import «greet2»

DEFAULT = «call»("x", loud=True)


def main(child: Child):
    greet("y")
    child.run()
    return child.title


def make():
    return Child(1)
""".replace("«greet2»", "«greet_import», Child")
    .replace("greet_import", "greet")
    .replace("«call»", "greet")
)
SOURCES = {"util.py": UTIL, "main.py": MAIN}


@pytest.fixture(params=["stored", "overlaid"])
def view(request, world):
    """The same workspace from the store, and with every file open in an editor."""
    made = world(SOURCES)
    overlay = (
        {path: data.decode() for path, data in made.files.items()} if request.param == "overlaid" else {}
    )
    return made, made.snapshot(overlay)


def places(made, found):
    return [made.shown(place.path, place.name) for place in found.places]


def uses(made, found):
    return [made.shown(one.path, one.span) for one in found]


def find(made, path, text, nth=0):
    """The byte offset of the nth occurrence of a text."""
    at = -1
    for _ in range(nth + 1):
        at = made.files[path].index(text.encode(), at + 1)
    return path, at


def test_a_call_leads_through_the_import_to_the_definition(view):
    made, snapshot = view
    assert places(made, definition.definition(snapshot, *find(made, "main.py", 'greet("y'))) == [
        "util.py:3:greet"
    ]


def test_a_definition_leads_to_itself(view):
    made, snapshot = view
    assert places(made, definition.definition(snapshot, *made.at("Base"))) == ["util.py:11:Base"]


def test_every_byte_of_a_name_and_the_one_behind_it_ask_about_it(view):
    made, snapshot = view
    path, at = find(made, "main.py", 'greet("y')
    answers = [places(made, definition.definition(snapshot, path, at + i)) for i in range(6)]
    assert answers == [["util.py:3:greet"]] * 6
    assert definition.definition(snapshot, path, at + 6).places == []


def test_a_local_is_found(view):
    made, snapshot = view
    assert places(made, definition.definition(snapshot, *find(made, "util.py", "local", 1))) == [
        "util.py:25:local"
    ]


def test_nothing_is_known_of_an_unknown_file_or_a_place_without_a_name(view):
    _, snapshot = view
    assert definition.definition(snapshot, "none.py", 3).places == []
    assert definition.definition(snapshot, "util.py", 10**9).places == []
    assert references.references(snapshot, "none.py", 3) == []
    assert hover.hover(snapshot, "none.py", 3) is None


def test_the_type_of_a_value_is_its_class(view):
    made, snapshot = view
    assert places(made, definition.type_definition(snapshot, *find(made, "main.py", "child.run"))) == [
        "util.py:20:Child"
    ]


def test_implementations_of_a_member_are_what_overrides_it(view):
    made, snapshot = view
    assert places(made, definition.implementation(snapshot, *made.at("run"))) == ["util.py:24:run"]
    assert places(made, definition.implementation(snapshot, *made.at("Base"))) == ["util.py:20:Child"]
    assert places(made, definition.implementation(snapshot, *made.at("greet"))) == ["util.py:3:greet"]


def test_an_interface_that_repeats_a_member_does_not_implement_it(world):
    source = (
        "interface Shape { «area»(): number }\ninterface Round extends Shape { area(): number }\n"
        "class Disc implements Round { area() { return 3; } }\n"
    )
    made = world({"shapes.ts": source})
    assert places(made, definition.implementation(made.snapshot(), *made.at("area"))) == ["shapes.ts:3:area"]


def test_references_are_in_all_files_in_order(view):
    made, snapshot = view
    expected = [
        "main.py:1:greet",
        "main.py:3:greet",
        "main.py:7:greet",
        "util.py:13:greet",
        "util.py:25:greet",
    ]
    assert uses(made, references.references(snapshot, *made.at("greet"), False)) == expected
    assert uses(made, references.references(snapshot, *made.at("greet"))) == [
        *expected[:3],
        "util.py:3:greet",
        *expected[3:],
    ]
    from_a_call = references.references(snapshot, *find(made, "main.py", 'greet("y'), False)
    assert uses(made, from_a_call) == expected


def test_references_of_a_local_stay_in_its_file(view):
    made, snapshot = view
    assert uses(made, references.references(snapshot, *made.at("local"))) == [
        "util.py:25:local",
        "util.py:26:local",
    ]
    assert uses(made, references.references(snapshot, *made.at("local"), False)) == ["util.py:26:local"]


def test_a_parameter_is_also_referred_to_by_calls_that_name_it(view):
    made, snapshot = view
    assert uses(made, references.references(snapshot, *find(made, "util.py", "loud"), False)) == [
        "main.py:3:loud"
    ]


def test_highlights_stay_in_the_file(view):
    made, snapshot = view
    assert uses(made, references.highlights(snapshot, *find(made, "main.py", 'greet("y'))) == [
        "main.py:1:greet",
        "main.py:3:greet",
        "main.py:7:greet",
    ]
    assert uses(made, references.highlights(snapshot, *made.at("local"))) == [
        "util.py:25:local",
        "util.py:26:local",
    ]


def test_hover_shows_head_words_and_name(view):
    made, snapshot = view
    found = hover.hover(snapshot, *find(made, "main.py", 'greet("y'))
    assert found is not None
    assert found.signature == "def greet(name, loud=False)"
    assert found.documentation == "Say hello.\n\nLoudly, if need be."
    assert (found.symbol.fqn, found.n_candidates, found.language) == ("util.greet", 1, "python")


def test_hover_of_a_value_names_its_type(view):
    made, snapshot = view
    found = hover.hover(snapshot, *find(made, "main.py", "child.run"))
    assert found is not None
    assert found.types == ["Child"]


def calls(made, found):
    return [(one.symbol.fqn, uses(made, one.sites)) for one in found]


def test_callers_include_initialisers(view):
    made, snapshot = view
    [item] = call_hierarchy.prepare(snapshot, *made.at("greet"))
    assert calls(made, call_hierarchy.incoming(snapshot, item.ref)) == [
        ("main", ["main.py:3:greet"]),
        ("main.main", ["main.py:7:greet"]),
        ("util.Base.run", ["util.py:13:greet"]),
        ("util.Child.run", ["util.py:25:greet"]),
    ]


def test_callees_are_listed_by_first_call(view):
    made, snapshot = view
    [item] = call_hierarchy.prepare(snapshot, *find(made, "main.py", "main"))
    assert calls(made, call_hierarchy.outgoing(snapshot, item.ref)) == [
        ("util.greet", ["main.py:7:greet"]),
        ("util.Child.run", ["main.py:8:run"]),
        ("util.Base.title", ["main.py:9:title"]),
    ]


def test_a_function_of_rust_calls_what_the_functions_in_it_call(world):
    made = world({"src/lib.rs": "fn help() {}\nfn «outer»() {\n    fn inner() { help() }\n}\n"})
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, *made.at("outer"))
    assert calls(made, call_hierarchy.outgoing(snapshot, item.ref)) == [
        ("crate::help", ["src/lib.rs:3:help"])
    ]


def test_calling_a_class_is_a_call_of_the_class(view):
    made, snapshot = view
    [item] = call_hierarchy.prepare(snapshot, *made.at("Child"))
    assert calls(made, call_hierarchy.incoming(snapshot, item.ref)) == [("main.make", ["main.py:13:Child"])]


def test_an_item_is_found_again_by_its_symbol(view):
    made, snapshot = view
    [item] = call_hierarchy.prepare(snapshot, *made.at("greet"))
    assert call_hierarchy.find_item(snapshot, item.symbol_id, "", -1, "") == item.ref
    assert call_hierarchy.find_item(snapshot, "0" * 32, "util.py", 1, "greet") is None


def test_types_above_and_below(view):
    made, snapshot = view
    [item] = type_hierarchy.prepare(snapshot, *made.at("Child"))
    assert [info.name for info in type_hierarchy.supertypes(snapshot, item.ref)] == ["Base"]
    [above] = type_hierarchy.prepare(snapshot, *made.at("Base"))
    assert [info.name for info in type_hierarchy.subtypes(snapshot, above.ref)] == ["Child"]


def test_an_outline_nests_members_and_leaves_out_parameters(view):
    _, snapshot = view

    def names(nodes):
        return [(node.symbol.name, names(node.children)) for node in nodes]

    assert names(symbols.document_symbols(snapshot, "util.py")) == [
        ("greet", []),
        ("Base", [("run", []), ("title", [])]),
        ("Child", [("__init__", []), ("size", []), ("run", [])]),
    ]
    assert symbols.document_symbols(snapshot, "util.py")[0].detail == "(name, loud=False)"


@pytest.mark.parametrize(
    ("query", "first"),
    [("greet", "greet"), ("grt", "greet"), ("Child.run", "run"), ("util.run", "run"), ("chi", "Child")],
)
def test_workspace_symbols_are_found_by_parts_of_their_names(view, query, first):
    _, snapshot = view
    found = symbols.workspace_symbols(snapshot, query)
    assert found[0].name == first
    if query == "Child.run":
        assert [info.qualified for info in found] == ["Child.run"]


def test_other_peoples_code_comes_after_ones_own(world):
    made = world({"a/vendor/x.py": "def thing(): pass\n", "z.py": "def thing(): pass\ndef thing2(): pass\n"})
    found = symbols.workspace_symbols(made.snapshot(), "thing")
    assert [info.path for info in found] == ["z.py", "a/vendor/x.py", "z.py"]


def test_lenses_count_references(view):
    _, snapshot = view
    counted = {
        info.name: code_lens.count_references(snapshot, info.ref)
        for info in code_lens.counted_symbols(snapshot, "util.py")
    }
    assert counted["greet"] == 5
    assert counted["Child"] == 3


def test_an_edit_that_is_not_stored_yet_is_seen_from_everywhere(world):
    made = world(SOURCES)
    edited = made.files["main.py"].decode() + "\n\ndef more():\n    greet('z')\n"
    snapshot = made.snapshot({"main.py": edited})
    found = references.references(snapshot, *made.at("greet"), False)
    assert len(found) == 6
    assert made.text("main.py", found[3].span, {"main.py": edited}) == "greet"
    gone = made.snapshot({"main.py": None})
    assert [one.path for one in references.references(gone, *made.at("greet"), False)] == ["util.py"] * 2


def test_a_question_nobody_waits_for_stops(world):
    made = world(SOURCES)
    stop = threading.Event()
    stop.set()
    snapshot = made.snapshot(stop=stop)
    with pytest.raises(Cancelled):
        references.references(snapshot, *made.at("greet"))
    with pytest.raises(Cancelled):
        symbols.workspace_symbols(snapshot, "greet")


def test_members_outside_of_their_type_are_labelled_with_it(world):
    made = world({"a.go": "package a\n\ntype T struct{}\n\nfunc (t *T) Go(n int) int { return n }\n"})
    found = symbols.document_symbols(made.snapshot(), "a.go")
    assert [(node.label, node.detail) for node in found if node.symbol.name == "Go"] == [
        ("T.Go", "(n int) int")
    ]


def test_a_prototype_and_its_definition_are_one_thing(world):
    header = "/** Adds. */\nint «add»(int a, int b);\n"
    source = '#include "a.h"\nint add(int a, int b) { return a + b; }\nint two(void) { return add(1, 1); }\n'
    made = world({"a.h": header, "a.c": source})
    snapshot = made.snapshot()
    call = find(made, "a.c", "add(1")
    for place in (made.at("add"), call, find(made, "a.c", "add(int")):
        assert places(made, definition.definition(snapshot, *place)) == ["a.c:2:add"]
        assert places(made, definition.declaration(snapshot, *place)) == ["a.h:2:add"]
        assert uses(made, references.references(snapshot, *place)) == ["a.c:2:add", "a.c:3:add", "a.h:2:add"]
        assert uses(made, references.references(snapshot, *place, False)) == ["a.c:3:add"]
    found = hover.hover(snapshot, *call)
    assert found is not None
    assert found.documentation == "Adds."
