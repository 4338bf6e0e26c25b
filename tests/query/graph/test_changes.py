"""Which symbols changed when files were indexed again."""

from __future__ import annotations

from magellan_lsp.query.graph.changes import Fingerprints

BEFORE = """X = 1

class A:
    def m(self):
        return 1

    def n(self):
        return 2

def f():
    pass
"""


def names(snapshot, found):
    known = {snapshot.symbol_id(ref): snapshot.info(ref).qualified for ref in refs(snapshot)}
    return {known.get(one, one) for one in found.symbols}


def refs(snapshot):
    return [(hit.path, hit.definition) for hit in snapshot.reader.iter_symbols()]


def take(prints, world, text, limit=100, indexed=("a.py",), removed=()):
    snapshot = world({"a.py": text} if text else {}).snapshot()
    found = prints.take(snapshot, indexed, removed, limit)
    return names(snapshot, found), found


def test_a_symbol_changes_with_its_own_text(world):
    prints = Fingerprints()
    first, _ = take(prints, world, BEFORE)
    assert first == {"", "X", "A", "A.m", "A.n", "f"}
    assert take(prints, world, BEFORE)[0] == set()
    assert take(prints, world, BEFORE.replace("return 1", "return 3"))[0] == {"A.m"}
    # Moving a symbol is no change of it.
    assert take(prints, world, "\n\n" + BEFORE.replace("return 1", "return 3"))[0] == {""}


def test_new_and_gone_symbols_count(world):
    prints = Fingerprints()
    take(prints, world, BEFORE)
    found, raw = take(prints, world, BEFORE.replace("def f()", "def g()"))
    assert "g" in found and len(raw.symbols) == 2
    _, gone = take(prints, world, "", indexed=(), removed=("a.py",))
    assert len(gone.symbols) == 6


def test_files_that_were_looked_at_before(world):
    prints = Fingerprints()
    prints.look(world({"a.py": BEFORE}).snapshot())
    assert take(prints, world, BEFORE.replace("pass", "return 4"))[0] == {"f"}


def test_limit(world):
    _, found = take(Fingerprints(), world, BEFORE, limit=2)
    assert len(found.symbols) == 2 and found.truncated
    assert found.symbols == sorted(found.symbols)
