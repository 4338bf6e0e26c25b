"""The backends, and how a test gets a store of each. SQLite joins by one more entry in ``BACKENDS``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from magellan_lsp.store.base import Store
from magellan_lsp.store.memory import MemoryStore
from magellan_lsp.store.open import open_store

#: Name -> what opens a store in a folder; the second call with a folder opens what the first one left there.
BACKENDS: dict[str, Callable[[Path], Store]] = {
    "memory": lambda folder: MemoryStore(),
    "lmdb": lambda folder: open_store(folder / "index"),
}
#: Backends whose stores outlive the process.
LASTING = ["lmdb"]


@pytest.fixture(params=list(BACKENDS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each backend."""
    made = BACKENDS[request.param](tmp_path)
    yield made
    made.close()
