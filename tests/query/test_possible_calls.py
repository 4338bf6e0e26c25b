"""Calls through overriding and by value, in both directions, and which of them are left out."""

import pytest

from magellan_lsp.query import possible_calls
from magellan_lsp.query.targets import targets_at

PYTHON = """\
class Shape:
    def area(self):
        return 0

    def twice(self):
        return self.area() * 2


class Square(Shape):
    def area(self):
        return super().area() + 1


class Circle(Shape):
    def area(self):
        return 3


class Disc(Circle):
    def area(self):
        return 4


def measure(shape: Shape):
    return shape.area()


def round_one(circle: Circle):
    return circle.area()


def unbound(circle):
    return Circle.area(circle)


TABLE = {"square": measure, "circle": round_one}


def pick(name):
    return TABLE[name](1)


def run(handler):
    handler(2)


def main():
    run(unbound)
    later = measure
    later(3)
    measure(4)
"""


@pytest.fixture
def shapes(world):
    return world({"shapes.py": PYTHON})


def ref_of(snapshot, path: str, name: str):
    facts = snapshot.facts(path)
    rows = [row for row in facts.symbols() if facts.qualified[facts.def_symbol[row]] == name]
    assert len(rows) == 1, name
    return path, rows[0]


def asked(world, path: str, name: str, direction: str) -> list[str]:
    """``via other line ...`` of each call that is not the call hierarchy's own."""
    snapshot = world.snapshot()
    data = world.files[path]
    return [
        f"{call.via} {call.symbol.qualified} "
        + " ".join(str(data.count(b"\n", 0, site.span.start) + 1) for site in call.sites)
        for call in getattr(possible_calls, direction)(snapshot, ref_of(snapshot, path, name))
        if call.via != possible_calls.Via.NAME
    ]


@pytest.mark.parametrize(
    ("name", "callees"),
    [
        ("measure", ["override Square.area 25", "override Circle.area 25", "override Disc.area 25"]),
        ("Shape.twice", ["override Square.area 6", "override Circle.area 6", "override Disc.area 6"]),
        ("round_one", ["override Disc.area 29"]),
        ("Square.area", []),  # super() means one method
        ("unbound", []),  # and so does the class's name
        ("pick", ["value measure 40", "value round_one 40"]),
        ("run", ["value unbound 44"]),
        ("main", ["value measure 50"]),
    ],
)
def test_what_a_function_may_call(shapes, name, callees):
    assert asked(shapes, "shapes.py", name, "outgoing") == callees


@pytest.mark.parametrize(
    ("name", "callers"),
    [
        ("Square.area", ["override Shape.twice 6", "override measure 25"]),
        ("Disc.area", ["override Shape.twice 6", "override measure 25", "override round_one 29"]),
        ("Shape.area", []),
        ("measure", ["value pick 40", "value main 50"]),
        ("unbound", ["value run 44"]),
    ],
)
def test_who_may_call_a_function(shapes, name, callers):
    assert asked(shapes, "shapes.py", name, "incoming") == callers


def test_the_call_hierarchys_own_calls_come_first_and_are_given_once(shapes):
    snapshot = shapes.snapshot()
    found = possible_calls.incoming(snapshot, ref_of(snapshot, "shapes.py", "measure"))
    assert [(call.via, call.symbol.qualified) for call in found] == [
        ("name", "main"),
        ("value", "pick"),
        ("value", "main"),
    ]
    places = [(site.path, site.span) for call in found for site in call.sites]
    assert len(places) == len(set(places))


OTHERS = {
    "Java.java": (
        (
            "interface Shape { int area(); }\n"
            "class Square implements Shape {\n  public int area() { return 1; }\n}\n"
            "class Wide extends Square {\n  public int area() { return super.area(); }\n}\n"
            "class Use {\n  int of(Shape shape) { return shape.area(); }\n"
            "  int made() { return new Square().area(); }\n}\n"
        ),
        {
            "Use.of": ["override Square.area 9", "override Wide.area 9"],
            "Use.made": [],
            "Wide.area": [],
        },
    ),
    "c.cpp": (
        (
            "struct A {\n  virtual void m () {}\n  void n () { m (); A::m (); }\n};\n"
            "struct B : A {\n  void m () override {}\n};\n"
            "void poly (A *a) { a->m (); }\n"
            "static void one () {}\n"
            "static void run (void (*f) ()) { f (); }\n"
            "void use () { run (one); }\n"
        ),
        {"A.n": ["override B::m 3"], "poly": ["override B::m 8"], "run": ["value one 10"], "use": []},
    ),
    "g.go": (
        (
            "package m\ntype I interface{ M() }\ntype X struct{}\nfunc (X) M() {}\n"
            "func through(i I) { i.M() }\nfunc direct(x X) { x.M() }\n"
            "func held() {\n\tf := direct\n\tf(X{})\n}\n"
        ),
        {"through": ["override X.M 5"], "direct": [], "held": ["value direct 9"]},
    ),
    "r.rs": (
        (
            "trait T { fn m(&self); }\nstruct A;\nimpl T for A { fn m(&self) {} }\n"
            "fn through(t: &dyn T) { t.m(); }\nfn one() {}\nfn held() { let f = one; f(); }\n"
        ),
        {"through": ["override A::m 4"], "held": ["value one 6"]},
    ),
    "t.ts": (
        (
            "interface Shape { area(): number }\n"
            "class Square implements Shape { area() { return 1; } }\n"
            "function of(shape: Shape) { return shape.area(); }\n"
            "interface Wide extends Shape { area(): number }\n"
            "function over(a: number): void;\nfunction over(a: any) {}\nfunction use() { over(1); }\n"
            "function one() {}\nconst table = { a: one };\nfunction held() { table.a(); const f = one; f(); }\n"
        ),
        {"of": ["override Square.area 3"], "use": [], "held": ["value one 10 10"]},
    ),
    "callbacks.js": (
        (
            "function one() {}\nfunction run(f) { f(); }\nfunction use() { run(one); }\n"
            "function hand() { one.call(null); one.apply(null, []); }\n"
            "function later() { const bound = one.bind(null); bound(); }\n"
        ),
        {"run": ["value one 2"], "use": [], "hand": ["value one 4 4"], "later": ["value one 5"]},
    ),
    "callbacks.c": (
        (
            "typedef void (*fn) (void);\nstatic void one (void) {}\nstatic void run (fn f) { f (); }\n"
            "void use (void) { run (one); }\nvoid held (void) { fn g = one; g (); }\n"
        ),
        {"run": ["value one 3"], "use": [], "held": ["value one 5"]},
    ),
    "callbacks.go": (
        "package m\nfunc one() {}\nfunc run(f func()) { f() }\nfunc use() { run(one) }\n",
        {"run": ["value one 3"], "use": []},
    ),
    "callbacks.rs": (
        "fn one() {}\nfn run<F: Fn()>(f: F) { f() }\nfn use_it() { run(one) }\n",
        {"run": ["value one 2"], "use_it": []},
    ),
}


@pytest.mark.parametrize(
    ("path", "name"), [(path, name) for path, (_, names) in OTHERS.items() for name in names]
)
def test_in_other_languages(world, path, name):
    source, wanted = OTHERS[path]
    assert asked(world({path: source}), path, name, "outgoing") == wanted[name]


def test_a_method_of_another_line_of_descent_is_not_reached_from_below(shapes):
    snapshot = shapes.snapshot()
    at = PYTHON.index("circle.area") + len("circle.")
    (named,) = targets_at(snapshot, "shapes.py", at)
    callers = possible_calls.incoming(snapshot, ref_of(snapshot, "shapes.py", "Square.area"))
    assert snapshot.info(named).qualified == "Circle.area"
    assert all(call.symbol.qualified != "round_one" for call in callers)


def test_an_overloads_signature_calls_what_its_function_calls(world):
    source = (
        "from typing import overload\n"
        "def one(): pass\n"
        "@overload\ndef run(a: int) -> int: ...\n"
        "@overload\ndef run(a: str) -> str: ...\n"
        "def run(a):\n    f = one\n    f()\n    return a\n"
    )
    made = world({"m.py": source})
    for name in ("run", "run#2", "run#3"):
        assert asked(made, "m.py", name, "outgoing") == ["value one 9"], name


def test_what_several_definitions_of_a_symbol_have_in_common_is_given_once(shapes):
    snapshot = shapes.snapshot()
    both = [ref_of(snapshot, "shapes.py", name) for name in ("Shape.area", "Square.area")]
    found = possible_calls.callers(snapshot, both)
    # what calls the one by its name calls the other through overriding
    assert [(call.via, call.symbol.qualified) for call in found] == [
        ("name", "Shape.twice"),
        ("name", "Square.area"),
        ("name", "measure"),
    ]
    assert possible_calls.callers(snapshot, both[:1]) == found
