"""What names stand for, which collide, and labels."""

from __future__ import annotations

import pytest

from magellan_lsp.query.graph import names

SOURCES = {
    "one/x.py": "def run(): pass\nclass K:\n    def run(self): pass\n",
    "two/x.py": "def run(): pass\n",
    "lib/x.c": "int f(void) { return 1; }\nint g(void) { return 2; }\n",
    "alt/x.c": "int f(void) { return 3; }\n",
}


@pytest.fixture
def snapshot(world):
    return world(SOURCES).snapshot()


def shown(snapshot, refs):
    return [f"{ref[0]}::{snapshot.info(ref).qualified}" for ref in refs]


def test_find_says_when_a_name_is_ambiguous(snapshot):
    found = names.find(snapshot, "run")
    assert shown(snapshot, found.refs) == ["one/x.py::run", "one/x.py::K.run", "two/x.py::run"]
    assert found.ambiguous and not found.truncated
    one = names.find(snapshot, "two.x.run")
    assert shown(snapshot, one.refs) == ["two/x.py::run"] and not one.ambiguous
    assert names.find(snapshot, "run", limit=1).truncated
    assert names.find(snapshot, "nothing") == names.Match([], False, False)


def test_collisions_are_of_full_names(snapshot):
    found, truncated = names.collisions(snapshot)
    assert [(one.name, shown(snapshot, one.refs)) for one in found] == [("f", ["alt/x.c::f", "lib/x.c::f"])]
    assert not truncated
    assert names.collisions(snapshot, limit=0)[1]


def test_labels(snapshot):
    counts, _ = names.labels(snapshot)
    by_label = {one.label: one.n_symbols for one in counts}
    assert by_label["c"] == 5  # two files and three functions
    assert by_label["method"] == 1
    refs, truncated = names.labelled(snapshot, "method")
    assert shown(snapshot, refs) == ["one/x.py::K.run"] and not truncated
    assert names.labels_of(snapshot, refs) == ["method", "python"]
    assert names.labelled(snapshot, "fn", limit=1)[1]
    assert names.labelled(snapshot, "nothing") == ([], False)
