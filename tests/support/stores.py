"""The backends, and how to get a store of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from magellan_lsp.store.base import Store
from magellan_lsp.store.memory import MemoryStore
from magellan_lsp.store.open import open_store

#: Name -> what opens a store in a folder; the second call with a folder opens what the first one left there.
BACKENDS: dict[str, Callable[[Path], Store]] = {
    "memory": lambda folder: MemoryStore(),
    "lmdb": lambda folder: open_store(folder / "index"),
    "sqlite": lambda folder: open_store(folder / "index", backend="sqlite"),
}
#: Backends whose stores outlive the process.
LASTING = ["lmdb", "sqlite"]
