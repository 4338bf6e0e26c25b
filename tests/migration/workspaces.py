"""A workspace with sources and an index of Magellan, as its users have them."""

from __future__ import annotations

import shutil
from pathlib import Path

from support.old_magellan import MAIN, UTIL, make

from magellan_lsp.indexer.pipeline import Indexer, IndexSummary
from magellan_lsp.settings import Settings
from magellan_lsp.store.base import Store

FIXTURES = Path(__file__).parents[2] / "fixtures" / "magellan"
RELEASES = ("2.3.1", "3.1.7", "4.17.0")


def real(place: Path, release: str) -> Path:
    """The sample project with the database that a release made of it elsewhere."""
    root = place / "sample"
    shutil.copytree(FIXTURES / "sample", root)
    (root / ".magellan").mkdir()
    shutil.copyfile(FIXTURES / f"magellan-{release}.db", root / ".magellan" / "magellan.db")
    return root


def small(place: Path, version: int = 7) -> Path:
    """Two files, and a database of a schema version about them."""
    root = place / "work"
    root.mkdir()
    (root / "util.py").write_text(UTIL, encoding="utf-8")
    (root / "main.py").write_text(MAIN, encoding="utf-8")
    (root / ".magellan").mkdir()
    make(root / ".magellan" / "magellan.db", version, root)
    return root


def index(root: Path, store: Store) -> IndexSummary:
    """Index the files."""
    indexer = Indexer(root, store, Settings(), workers=0)
    try:
        return indexer.refresh()
    finally:
        indexer.close()
