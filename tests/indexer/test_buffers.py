"""Open documents count in the place of files, on disk or not, in updates and in sweeps."""

from __future__ import annotations

from pathlib import Path

from magellan_lsp.extract.engine import digest_of
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.memory import MemoryStore


def digest(store: MemoryStore, path: str) -> bytes | None:
    with store.read() as reader:
        record = reader.find_file(path)
        return None if record is None else record.digest


def test_a_sweep_takes_what_was_typed_into_a_document_without_a_file(tmp_path: Path):
    store = MemoryStore()
    indexer = Indexer(tmp_path, store, Settings(), workers=0)
    indexer.set_buffer("new.py", b"x = 1\n")
    indexer.refresh()
    assert digest(store, "new.py") == digest_of(b"x = 1\n")

    indexer.set_buffer("new.py", b"y = 2\n")
    indexer.refresh()
    assert digest(store, "new.py") == digest_of(b"y = 2\n")

    indexer.drop_buffer("new.py")
    indexer.refresh()
    assert digest(store, "new.py") is None


def test_a_sweep_takes_the_document_not_the_file(tmp_path: Path):
    (tmp_path / "a.py").write_text("x = 1\n")
    store = MemoryStore()
    indexer = Indexer(tmp_path, store, Settings(), workers=0)
    indexer.refresh()
    for text in (b"y = 2\n", b"z = 3\n"):
        indexer.set_buffer("a.py", text)
        indexer.refresh()
        assert digest(store, "a.py") == digest_of(text)
    indexer.drop_buffer("a.py")
    indexer.refresh()
    assert digest(store, "a.py") == digest_of(b"x = 1\n")
