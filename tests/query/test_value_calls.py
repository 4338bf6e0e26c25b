"""Calls by value in Python: what is called where no function's name stands. One snippet per way that a value takes."""

import pytest

from magellan_lsp.resolve.calls import ValueCalls

TWO = "def one(): pass\ndef two(): pass\n"
CASES = {
    "a variable": (TWO + "a = one\na()\n", {"one"}),
    "the last assignment": (TWO + "a = one\na = two\na()\n", {"two"}),
    "what a function returns": (TWO + "def make(): return one\nmake()()\n", {"one"}),
    "a parameter": (TWO + "def run(f): f()\nrun(one)\n", {"one"}),
    "a parameter by its name": (TWO + "def run(x, f): f()\nrun(1, f=two)\n", {"two"}),
    "a parameter's default": (TWO + "def run(f=one): f()\nrun(two)\n", {"one", "two"}),
    "parameter to parameter": (TWO + "def run(f): f()\ndef go(g): run(g)\ngo(one)\n", {"one"}),
    "a parameter handed back": (TWO + "def same(f): return f\nsame(two)()\n", {"two"}),
    "an attribute set from a parameter": (
        TWO + "class A:\n    def __init__(self, f): self.f = f\n    def go(self): self.f()\na = A(one)\n",
        {"one"},
    ),
    "a method of a parameter": (
        "class A:\n    def go(self): pass\ndef run(a): a.go()\nx = run(A())\n",
        {"go"},
    ),
    "an entry of a dict": (TWO + "d = {'a': one, 'b': two}\nd['b']()\n", {"two"}),
    "an entry that is set": (TWO + "d = {'a': one}\nd['a'] = two\nd['a']()\n", {"two"}),
    "an entry that is updated": (TWO + "d = {'a': one}\nd.update({'a': two})\nd['a']()\n", {"two"}),
    "keys of several types": (TWO + "d = {1: one, '1': two}\nd[1]()\n", {"one"}),
    "an entry inside another": (TWO + "d = {'a': {'b': one}}\nd['a']['b']()\n", {"one"}),
    "any entry": (TWO + "d = {'a': one, 'b': two}\nd[input()]()\n", {"one", "two"}),
    "an element of a list": (TWO + "x = [one, two]\nx[1]()\n", {"two"}),
    "a dict given for a parameter": (TWO + "def run(d): d['a']()\nrun({'a': one})\n", {"one"}),
    "parts of a tuple": (TWO + "a, *b, c = one, two, one\nb[0]()\n", {"two"}),
    "a loop's variable": (TWO + "for f in [one, two]: f()\n", {"one", "two"}),
    "what a generator yields": (TWO + "def g(): yield one\nfor f in g(): f()\n", {"one"}),
    "a wrapper": (
        "def deco(f):\n    def inner(): f()\n    return inner\n@deco\ndef one(): pass\none()\n",
        {"deco", "inner", "one"},
    ),
    "an object that can be called": ("class A:\n    def __call__(self): pass\na = A()\na()\n", {"__call__"}),
    "a loop over an object": (
        "class A:\n    def __iter__(self): return self\n    def __next__(self): pass\nfor x in A(): pass\n",
        {"__iter__", "__next__"},
    ),
    "an exception class": ("class E(Exception): pass\nraise E\n", {"E"}),
    "a name that says it all": (TWO + "one()\n", set()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_call_leads_to(world, name):
    source, wanted = CASES[name]
    snapshot = world({"m.py": source}).snapshot()
    calls = ValueCalls(snapshot.resolver, snapshot.facts("m.py"))
    assert {snapshot.facts(path).name(row) for _, (path, row) in calls} == wanted


def test_functions_that_hand_each_other_on_come_to_an_end(world):
    source = "def f(a): g(a); a()\ndef g(b): f(b); b()\nf(f)\ng(g)\n"
    snapshot = world({"m.py": source}).snapshot()
    calls = ValueCalls(snapshot.resolver, snapshot.facts("m.py"))
    assert {snapshot.facts(path).name(row) for _, (path, row) in calls} == {"f", "g"}
