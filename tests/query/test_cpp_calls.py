"""Calls of C++ constructors in the call hierarchy."""

from magellan_lsp.query import call_hierarchy

SLOT = """\
struct slot {
  slot ();
  slot (int size);
};
slot first () { return slot (); }
slot second () { return slot (2); }
slot third () { return slot {3}; }
"""


def callers(made, text: str) -> list[str]:
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, "slot.cpp", SLOT.index(text))
    return [call.symbol.name for call in call_hierarchy.incoming(snapshot, item.ref)]


def test_a_constructor_is_called_where_its_own_parameters_fit(world):
    made = world({"slot.cpp": SLOT})
    assert callers(made, "slot ();") == ["first"]
    assert callers(made, "slot (int") == ["second", "third"]
