"""What counts as a call and as a use in Python: whole texts, decorators, overloads, accessors."""

from magellan_lsp.query import call_hierarchy, references

CALLS = """\
def helper(): pass

def wrap(value): return lambda f: f

class Maker:
    def «__init__»(self, made): self.made = made

@wrap(helper())
def «outer»(kind):
    def «inner»():
        helper()
    class Local:
        value = helper()
    handler = kind
    handler()
    return Maker(inner)
"""
OVERLOADS = """\
from typing import overload

@overload
def «first»(x: int) -> int: ...
@overload
def pick(x: str) -> str: ...
def pick(x): return x

pick(1)

class Box:
    @property
    def «size»(self): return 1
    @size.setter
    def size(self, value): pass

Box().size
""".replace("«first»", "«pick»")


def outgoing(made, name):
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, *made.at(name))
    text = made.files["m.py"]
    return [
        (one.symbol.name, [text[: site.span.start].count(b"\n") + 1 for site in one.sites])
        for one in call_hierarchy.outgoing(snapshot, item.ref)
    ]


def uses(made, name):
    text = made.files["m.py"]
    found = references.references(made.snapshot(), *made.at(name), include_declaration=False)
    return [text[: one.span.start].count(b"\n") + 1 for one in found]


def test_a_function_calls_what_its_text_calls_and_no_variable(world):
    assert outgoing(world({"m.py": CALLS}), "outer") == [
        ("wrap", [8]),
        ("helper", [8, 11, 13]),
        ("Maker", [16]),
    ]


def test_a_function_inside_another_has_calls_of_its_own(world):
    assert outgoing(world({"m.py": CALLS}), "inner") == [("helper", [11])]


def test_calling_a_class_names_the_class_not_its_constructor(world):
    made = world({"m.py": CALLS})
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, *made.at("__init__"))
    assert call_hierarchy.incoming(snapshot, item.ref) == []


def test_overloads_and_accessors_are_used_together(world):
    made = world({"m.py": OVERLOADS})
    assert uses(made, "pick") == [6, 7, 9]
    assert uses(made, "size") == [14, 15, 17]


def test_an_overload_calls_what_the_function_calls_that_it_describes(world):
    text = OVERLOADS.replace("def pick(x): return x", "def pick(x): return load(x)") + "\ndef load(x): pass\n"
    assert outgoing(world({"m.py": text}), "pick") == [("load", [7])]


STORED = """\
class Session:
    def __init__(self):
        self.user = None

    @property
    def «user»(self): return 1
    @user.setter
    def user(self, value): pass
    @user.deleter
    def user(self): pass

    def «leave»(self):
        self.user = None
        return self.user
"""


def test_storing_through_a_property_calls_its_accessors(world):
    assert outgoing(world({"m.py": STORED}), "leave") == [
        ("user", [13, 14]),
        ("user", [13, 14]),
        ("user", [13, 14]),
    ]


def test_the_decorator_of_an_accessor_names_its_property_and_does_not_call_it(world):
    made = world({"m.py": STORED})
    snapshot = made.snapshot()
    item = call_hierarchy.prepare(snapshot, *made.at("user"))[0]
    calls = call_hierarchy.incoming(snapshot, item.ref)
    text = made.files["m.py"]
    assert [
        (one.symbol.name, [text[: site.span.start].count(b"\n") + 1 for site in one.sites]) for one in calls
    ] == [("__init__", [3]), ("leave", [13, 14])]
    assert uses(made, "user") == [3, 7, 8, 9, 10, 13, 14]


HANDED = """\
class Watcher:
    def «close»(self): pass

    def start(self, register):
        register(self.close)
        handler = Watcher.close
        return handler

def watch(register, one: Watcher):
    register(one.close)
"""


def test_who_hands_a_bound_method_on_is_one_of_its_callers(world):
    made = world({"m.py": HANDED})
    snapshot = made.snapshot()
    [item] = call_hierarchy.prepare(snapshot, *made.at("close"))
    text = made.files["m.py"]
    assert [
        (one.symbol.name, [text[: site.span.start].count(b"\n") + 1 for site in one.sites])
        for one in call_hierarchy.incoming(snapshot, item.ref)
    ] == [("start", [5]), ("watch", [10])]
