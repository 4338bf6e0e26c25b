"""A store of each backend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.stores import BACKENDS

from magellan_lsp.store.base import Store


@pytest.fixture(params=list(BACKENDS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each backend."""
    made = BACKENDS[request.param](tmp_path)
    yield made
    made.close()
