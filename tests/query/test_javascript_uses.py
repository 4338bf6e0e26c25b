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


def defined(made, name):
    """Path and line, from 1, of each place that a definition request gives."""
    found = definition.definition(made.snapshot(), *made.at(name)).places
    return [(one.path, made.files[one.path][: one.name.start].count(b"\n") + 1) for one in found]


@pytest.mark.parametrize(
    ("file", "name", "line"),
    [
        ("const other = 1\n«exports».make = function () {}\n", "exports", 2),
        ("const other = 1\nfunction make() {}\n«exports».make = make\n", "exports", 2),
        ("function make() {}\nmodule.exports = make\n«module».exports.sub = 1\n", "module", 2),
        ("exports.make = function () {}\nexports.«alias» = exports.make\n", "alias", 1),
    ],
)
def test_the_words_of_an_export_lead_to_what_is_exported(world, file, name, line):
    assert defined(world({"a.js": file}), name) == [("a.js", line)]


def test_a_member_that_an_export_passes_on_is_defined_where_it_comes_from(world):
    made = world(
        {
            "a.js": "class Store { get open() { return 1 } }\nmodule.exports = new Store()\n",
            "b.js": "const store = require('./a')\nexports.opened = store.open\n",
            "c.js": "const b = require('./b')\nb.«opened»\n",
        }
    )
    assert defined(made, "opened") == [("a.js", 1)]


def test_the_name_of_a_method_that_a_built_in_type_expects_is_no_place_of_the_workspace(world):
    assert defined(world({"a.js": "Object.defineProperty(it, 'a', { «get»() { return 1 } })\n"}), "get") == []
    assert defined(world({"a.js": "const plain = { «get»() { return 1 } }\n"}), "get") == [("a.js", 1)]


def test_an_assignment_calls_the_setter_of_its_own_class(world):
    made = world(
        {
            "a.js": "class Counter {\n  get size() { return 1 }\n  set «size»(n) {}\n  grow() { this.size = 2 }\n}\n",
        }
    )
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, *made.at("size"))
    [call] = call_hierarchy.incoming(snapshot, item.ref)
    assert (call.symbol.qualified, lines(made, call.sites)) == ("Counter.grow", [4])


def test_a_module_that_is_a_named_function_goes_by_that_name(world):
    made = world(
        {
            "a.js": "module.exports = function paint() {}\n",
            "b.js": "const p = require('./a')\nfunction «go»() { p() }\n",
        }
    )
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, *made.at("go"))
    assert [call.symbol.name for call in call_hierarchy.outgoing(snapshot, item.ref)] == ["paint"]


def test_calls_of_an_import_that_nothing_is_known_of_are_uses_of_it(world):
    made = world(
        {
            "a.d.ts": "export declare function known(): void\n",
            "a.js": "export function known() {}\nexport function «other»() {}\n",
            "b.js": "import { known, «left» } from './a'\nimport draw from './made.wasm'\nleft()\nknown(left)\ndraw()\n",
        }
    )
    snapshot = made.snapshot()
    assert lines(made, references(snapshot, *made.at("left"))) == [1, 3, 4]


def test_an_index_signature_gives_what_has_no_declaration_and_no_keys(world):
    made = world(
        {
            "a.ts": "interface Table { size: number; [name: string]: () => void }\n"
            "declare const table: Table\n"
            "table.«first»()\n"
            "table.size\n"
            "const made: Table = { size: 1, «second»() {} }\n"
        }
    )
    assert defined(made, "first") == [("a.ts", 1)]
    assert defined(made, "second") == [("a.ts", 5)]
