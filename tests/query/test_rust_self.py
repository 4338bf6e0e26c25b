"""``Self`` in Rust: its definition is the impl around it, its hover and references speak of the type."""

from magellan_lsp.query import definition, hover

SHAPE = """\
struct Shape;

trait Make {
    fn make() -> Self;
}

impl Make for Shape {
    fn make() -> «Self» {
        Shape
    }
}
"""


def test_the_definition_is_the_impl_and_the_hover_the_type(world):
    made = world({"src/lib.rs": SHAPE})
    found = definition.definition(made.snapshot(), *made.at("Self")).places
    assert [made.line(one.path, one.name.start) for one in found] == [6]
    assert hover.hover(made.snapshot(), *made.at("Self")).symbol.name == "Shape"
