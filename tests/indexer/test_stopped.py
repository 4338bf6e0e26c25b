"""A run that is stopped for something more urgent: what comes after it leaves the index that a fresh one would be."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.dump import dump
from magellan_lsp.store.memory import MemoryStore

USE = "from kit import Cat, helper\n\ndef use(cat: Cat):\n    return helper(cat.run())\n"
KITS = [
    "class Cat:\n    def run(self):\n        pass\n\ndef helper(x):\n    return x\n",
    "def helper(x):\n    return x\n",
    "class Bee:\n    def run(self):\n        pass\n\nclass Cat(Bee):\n    pass\n",
]


def fresh(root: Path) -> str:
    store = MemoryStore()
    Indexer(root, store, Settings(), workers=0).refresh()
    with store.read() as reader:
        return dump(reader)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("after", [0, 1, 2])
def test_what_changes_after_a_stopped_run_is_followed_once_more(tmp_path: Path, order, after: int):
    """The run is stopped when it has linked what the first change touched; then the same names change again."""
    (tmp_path / "kit.py").write_text(KITS[order[0]])
    (tmp_path / "use.py").write_text(USE)
    store = MemoryStore()
    indexer = Indexer(tmp_path, store, Settings(), workers=0)
    indexer.refresh()
    (tmp_path / "kit.py").write_text(KITS[order[1]] + "\n")
    asked = itertools.count()
    indexer.update(["kit.py"], cancelled=lambda: next(asked) >= after)
    (tmp_path / "kit.py").write_text(KITS[order[2]] + "\n\n")
    indexer.update(["kit.py"])
    with store.read() as reader:
        assert dump(reader) == fresh(tmp_path)


def test_a_first_index_says_that_it_takes_files_in_until_all_are_there(tmp_path: Path):
    """Who types meanwhile does not stop it; linking may be stopped."""
    for number in range(120):
        (tmp_path / f"m{number}.py").write_text(f"def f{number}(): pass\n")
    indexer = Indexer(tmp_path, MemoryStore(), Settings(), workers=0)
    said: dict[str, set[bool]] = {"extract": set(), "link": set()}

    def progress(phase: str, done: int, total: int) -> None:
        said.setdefault(phase, set()).add(indexer.is_taking_in)

    stopped = indexer.refresh(progress=progress, cancelled=lambda: bool(said["extract"]))
    assert not stopped.complete
    assert indexer.is_taking_in
    assert indexer.refresh(progress=progress).complete
    assert said["extract"] == {True}
    assert said["link"] == {False}
    indexer.refresh(progress=progress)
    assert not indexer.is_taking_in
