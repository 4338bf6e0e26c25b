"""References and calls in JavaScript and TypeScript where more than names decide: what a place expects, how a function
is held.
"""

import pytest

from magellan_lsp.query import call_hierarchy, definition
from magellan_lsp.query.references import references


def lines(made, found):
    """Line, from 1, of each place of a file."""
    return [made.files[one.path][: one.span.start].count(b"\n") + 1 for one in found]


def test_what_a_built_in_type_expects_belongs_together(world):
    made = world(
        {
            "a.js": "Object.defineProperty(it, 'a', { «get»() { return 1 }, enumerable: true })\n"
            "Object.defineProperties(it, { b: { get: () => 1 }, c: { get() {} } })\n"
            "const plain = { get() {} }\n"
        }
    )
    assert lines(made, references(made.snapshot(), *made.at("get"), False)) == [2, 2]


def test_of_a_literals_method_the_expected_member_is_a_use_and_its_own_name_is_not(world):
    made = world(
        {
            "a.ts": "interface Options { run(): void }\n"
            "declare function start(options: Options): void\n"
            "start({ «run»() {} })\n"
            "start({ run: () => {} })\n"
        }
    )
    assert lines(made, references(made.snapshot(), *made.at("run"), False)) == [1, 4]
    assert lines(made, references(made.snapshot(), *made.at("run"), True)) == [1, 3, 4]


def test_reading_a_method_is_a_call_of_it_and_a_key_is_none(world):
    made = world(
        {
            "a.js": "class Stream {\n"
            "  «close»() {}\n"
            "  open() { later(this.close.bind(this)); return { close: 1 } }\n"
            "}\n"
        }
    )
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, *made.at("close"))
    [call] = call_hierarchy.incoming(snapshot, item.ref)
    assert (call.symbol.qualified, lines(made, call.sites)) == ("Stream.open", [3])
    [call] = call_hierarchy.outgoing(snapshot, call.symbol.ref)
    assert (call.symbol.qualified, lines(made, call.sites)) == ("Stream.close", [3])


def test_a_function_calls_what_the_functions_in_its_literals_call(world):
    made = world(
        {
            "a.ts": "function check() {}\n"
            "function other() {}\n"
            "export function «make»() {\n"
            "  return register({\n"
            "    validate: () => check(),\n"
            "    own() { other() },\n"
            "  })\n"
            "}\n"
        }
    )
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, *made.at("make"))
    assert [call.symbol.name for call in call_hierarchy.outgoing(snapshot, item.ref)] == ["check"]


@pytest.mark.parametrize(
    "made_by", ["module.exports = function color() {}", "function color() {}\nmodule.exports = color"]
)
def test_a_call_through_a_variable_leads_to_the_function_first(world, made_by):
    made = world(
        {
            "color.js": made_by,
            "a.js": "exports.color = require('./color')\n",
            "b.js": "const tools = require('./a')\nconst paint = tools.color\n«paint»(1)\n",
        }
    )
    found = definition.definition(made.snapshot(), *made.at("paint"))
    assert found.places[0].path == "color.js"


def test_a_name_that_is_only_ever_assigned_is_made_by_its_first_assignment(world):
    made = world({"a.js": "while ((it = next())) {\n  use(it)\n}\nit = 1\n«it»\n"})
    found = definition.definition(made.snapshot(), *made.at("it"))
    assert [(place.path, place.name.start) for place in found.places] == [("a.js", 8)]
