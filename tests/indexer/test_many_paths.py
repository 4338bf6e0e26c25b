"""Many paths at once: what is asked of all files is asked once, and folders that went are found in it."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.memory import MemoryReader, MemoryStore


def paths_of(store: MemoryStore) -> list[str]:
    with store.read() as reader:
        return [record.path for record in reader.iter_files()]


@pytest.fixture
def listings(monkeypatch) -> list[int]:
    """Grows by one each time that all files are listed."""
    found: list[int] = []
    iter_files = MemoryReader.iter_files
    monkeypatch.setattr(MemoryReader, "iter_files", lambda self: (found.append(1), iter_files(self))[1])
    return found


def test_files_that_went_are_looked_up_in_one_list(tmp_path: Path, listings: list[int]):
    store = MemoryStore()
    with closing(Indexer(tmp_path, store, Settings(), workers=0)) as indexer:
        counts = []
        for count in (10, 60):
            paths = [f"m{number}.py" for number in range(count)]
            for path in paths:
                (tmp_path / path).write_text("x = 1\n")
            indexer.refresh()
            for path in paths:
                (tmp_path / path).unlink()
            listings.clear()
            indexer.update(paths)
            counts.append(len(listings))
            assert paths_of(store) == []
    assert counts[0] == counts[1]


def test_folders_that_went_or_came_take_along_what_was_in_them_and_nothing_beside(tmp_path: Path):
    for path in ("a/x.py", "a/b/y.py", "a-b/z.py", "ab.py", "c/d/e.py", "keep.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x = 1\n")
    store = MemoryStore()
    with closing(Indexer(tmp_path, store, Settings(), workers=0)) as indexer:
        indexer.refresh()
        shutil.rmtree(tmp_path / "a")
        shutil.rmtree(tmp_path / "c")
        (tmp_path / "keep.py").unlink()
        (tmp_path / "keep.py").mkdir()
        indexer.update(["a", "c/d", "c", "keep.py"])
        assert paths_of(store) == ["a-b/z.py", "ab.py"]
        (tmp_path / "a-b/z.py").unlink()
        indexer.update(["a-b"])  # a folder that is still there
        assert paths_of(store) == ["ab.py"]
