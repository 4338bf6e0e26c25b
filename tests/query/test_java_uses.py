"""Which calls count as uses of a Java method that overrides another, or is overridden."""

import pytest

from magellan_lsp.query import references

SHAPES = """\
package shapes;

import java.util.Iterator;

abstract class Shape<T> {
    abstract double area();
    abstract void put(T value);
}

class Square extends Shape<Integer> implements Iterator<String> {
    double area() { return 1; }
    void put(Integer value) {}
    public boolean hasNext() { return false; }
    public String next() { return null; }
    public boolean equals(Object other) { return false; }
}

interface Priced { double price(); }

abstract class Goods implements Priced {
    abstract public double price();
}

class Book extends Goods {
    public double price() { return 1; }
}

class Used extends Book {
    public double price() { return 2; }
}

class Uses {
    void pay(Priced priced, Goods goods, Book book, Used used) {
        priced.price();
        goods.price();
        book.price();
        used.price();
    }
    Shape<Integer> nameless = new Shape<Integer>() {
        double area() { return 2; }
        void put(Integer value) {}
    };
    void run(Shape<Integer> shape, Square square, Iterator<String> names, Object any, String text) {
        shape.area();
        square.area();
        shape.put(1);
        names.hasNext();
        any.equals(text);
        text.equals(any);
    }
}
"""


@pytest.fixture
def shapes(world):
    return world({"shapes/Shapes.java": SHAPES})


def uses(shapes, home: str, name: str) -> list[str]:
    """The words with which a method is used that is declared behind ``home``."""
    data = shapes.files["shapes/Shapes.java"]
    at = data.index(f" {name}(".encode(), data.index(home.encode())) + 1
    found = references.references(shapes.snapshot(), "shapes/Shapes.java", at, include_declaration=False)
    return [data[data.rfind(b" ", 0, one.span.start) : one.span.end].decode().strip() for one in found]


@pytest.mark.parametrize(
    ("home", "name", "found"),
    [
        ("class Shape", "area", ["shape.area", "square.area"]),  # what implements an abstract method uses it
        ("class Square", "area", ["shape.area", "square.area"]),  # through the superclass it may be meant
        ("class Square", "put", ["shape.put"]),
        ("new Shape", "area", ["shape.area"]),
        ("new Shape", "put", []),  # of another erasure than the one above, in a class that has no name
        ("class Square", "hasNext", ["names.hasNext"]),  # through an interface of the library
        # up to the topmost declaration, down to the first body
        ("interface Priced", "price", ["priced.price", "goods.price", "book.price"]),
        ("class Goods", "price", ["priced.price", "goods.price", "book.price"]),
        ("class Book", "price", ["priced.price", "goods.price", "book.price"]),
        ("class Used", "price", ["priced.price", "goods.price", "book.price", "used.price"]),
        ("class Square", "equals", ["any.equals"]),  # not text.equals: a String is no Square
    ],
)
def test_what_counts(shapes, home, name, found):
    assert uses(shapes, home, name) == found


PARTS = """\
package parts;

/** Speaks of its own {@link #move(int)}, and of {@link Machine#move(int)}. */
abstract class Part {
    void stop() {}
    abstract void move(int by);
}

class Wheel extends Part {
    void stop() { super.stop(); }
    void move(int by) {}
    public String toString() { return super.toString(); }
}

class Machine extends Wheel {
    void stop() { super.stop(); Runnable later = super::stop; }
}

/** {@link Part#move(int)}, {@link Object#toString()}, {@link Part#stop}. */
class Garage {
    void run(Part part, Machine machine, Object any) {
        part.stop();
        machine.stop();
        part.move(1);
        any.toString();
    }
}
"""


@pytest.mark.parametrize(
    ("home", "name", "found"),
    [
        # not `super.stop()`, which runs the other one, nor a comment that names the other one without parameters
        ("class Machine", "stop", ["part.stop", "machine.stop"]),
        ("class Wheel", "stop", ["super.stop", "super::stop", "part.stop"]),
        ("class Part", "stop", ["super.stop", "Part#stop", "part.stop"]),
        ("class Wheel", "move", ["Machine#move", "Part#move", "part.move"]),
        ("class Part", "move", ["#move", "Machine#move", "Part#move", "part.move"]),
        ("class Wheel", "toString", ["any.toString"]),
    ],
)
def test_super_and_comments_mean_that_very_method(world, home, name, found):
    tested = world({"parts/Parts.java": PARTS})
    data = PARTS.encode()
    at = data.index(f" {name}(".encode(), data.index(home.encode())) + 1
    uses = references.references(tested.snapshot(), "parts/Parts.java", at, include_declaration=False)
    words = [data[data.rfind(b" ", 0, one.span.start) + 1 : one.span.end].decode() for one in uses]
    assert words == found


CHECKS = """\
package checks;

class Checks {
    static void same(Object a, Object b) {}
    static void same(long a, long b) {}
    static void fail() {}
}
"""
TEST = """\
import static checks.Checks.fail;
import static checks.Checks.same;

class Test { void run() { fail(); same(1, 2); } }
"""


@pytest.mark.parametrize(("name", "lines"), [("fail", [0, 3]), ("same", [3])])
def test_an_import_of_an_overloaded_name_uses_none_of_the_overloads(world, name, lines):
    tested = world({"checks/Checks.java": CHECKS, "Test.java": TEST})
    data = tested.files["checks/Checks.java"]
    at = data.rindex(f" {name}(".encode()) + 1
    found = references.references(tested.snapshot(), "checks/Checks.java", at, include_declaration=False)
    assert [TEST.count("\n", 0, one.span.start) for one in found] == lines
