"""Every case file, asked of every way to answer. ``tests/support/cases.py`` describes the files.

``pytest tests/cases -k python/imports`` chooses by name; a case's name is its file and, where one holds several, the line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.cases import Case, load_cases
from support.render import check
from support.worlds import ResolverWorld, StoreWorld

from magellan_lsp.store.base import Store
from magellan_lsp.store.memory import MemoryStore
from magellan_lsp.store.open import open_store

HERE = Path(__file__).parent


CASES = load_cases(HERE)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_resolver_says_what_the_case_says(case: Case):
    check(case, ResolverWorld.of(case))


def in_memory(folder: Path) -> Store:
    return MemoryStore()


def in_lmdb(folder: Path) -> Store:
    return open_store(folder / "index")


def in_sqlite(folder: Path) -> Store:
    return open_store(folder / "index", backend="sqlite")


@pytest.mark.parametrize("opened", [in_memory, in_lmdb, in_sqlite])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_store_says_what_the_case_says(case: Case, opened: Callable[[Path], Store], tmp_path: Path):
    store = opened(tmp_path)
    try:
        world = StoreWorld(case, store)
        try:
            check(case, world)
        finally:
            world.close()
    finally:
        store.close()
