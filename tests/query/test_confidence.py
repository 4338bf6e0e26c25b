"""How sure definitions and references are: the surer come first, and guesses only where they were asked for."""

import pytest

from magellan_lsp.query import confidence, references
from magellan_lsp.query.targets import targets_at

ZOO = """\
class Dog:
    def «bark»(self):
        pass


class Tree:
    def bark(self):
        pass


def pick(flag):
    if flag:
        return Dog()
    return Tree()


def «feed»(what):
    what.bark()  # unknown
    what.nothing()  # nothing
"""
USER = """\
from zoo import Dog, feed, pick

Dog().bark()  # known
pick(1).bark()  # either
feed(1)  # bound
"""


@pytest.fixture
def zoo(world):
    return world({"zoo.py": ZOO, "user.py": USER})


def at(zoo, name: str, remark: str) -> tuple[str, int]:
    """The place of a name on the line that ends with the remark."""
    for path, data in zoo.files.items():
        end = data.find(f"  # {remark}\n".encode())
        if end >= 0:
            return path, data.rindex(name.encode(), 0, end)
    raise AssertionError(remark)


def meanings(zoo, name: str, remark: str) -> list[str]:
    snapshot = zoo.snapshot()
    return [
        f"{one.confidence} {snapshot.info(one.ref).qualified}"
        for one in confidence.meanings(snapshot, *at(zoo, name, remark))
    ]


def uses(zoo, place: tuple[str, int], **how: bool) -> list[str]:
    snapshot = zoo.snapshot()
    how = {"include_declaration": False, "include_candidates": False, **how}
    return [
        f"{one.confidence} {one.candidates} {zoo.shown(one.occurrence.path, one.occurrence.span)}"
        for one in confidence.uses(snapshot, targets_at(snapshot, *place), **how)
    ]


def test_what_scopes_and_imports_bind_is_certain(zoo):
    assert meanings(zoo, "feed", "bound") == ["certain feed"]
    assert meanings(zoo, "Dog", "known") == ["certain Dog"]


def test_what_follows_from_types_is_inferred(zoo):
    assert meanings(zoo, "bark", "known") == ["inferred Dog.bark"]
    assert meanings(zoo, "bark", "either") == ["inferred Dog.bark", "inferred Tree.bark"]


def test_where_nothing_is_known_the_name_gives_candidates(zoo):
    assert meanings(zoo, "bark", "unknown") == ["candidate Dog.bark", "candidate Tree.bark"]
    assert meanings(zoo, "nothing", "nothing") == []


def test_references_have_no_candidates_unless_asked(zoo):
    known = ["inferred 1 user.py:3:bark", "inferred 2 user.py:4:bark"]
    assert uses(zoo, zoo.at("bark")) == known
    assert uses(zoo, zoo.at("bark"), include_candidates=True) == [*known, "candidate 2 zoo.py:18:bark"]
    plain = references.references(zoo.snapshot(), *zoo.at("bark"), include_declaration=False)
    assert [zoo.shown(one.path, one.span) for one in plain] == ["user.py:3:bark", "user.py:4:bark"]


def test_the_surest_come_first(zoo):
    found = uses(zoo, zoo.at("feed"), include_declaration=True)
    assert found == ["certain 1 user.py:1:feed", "certain 1 user.py:5:feed", "certain 1 zoo.py:17:feed"]
    found = uses(zoo, zoo.at("bark"), include_declaration=True)
    assert found[0] == "certain 1 zoo.py:2:bark"
