"""Databases of Magellan to migrate."""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "magellan"
#: Larger ones, where they are: a folder with ``*.db`` or ``*.db.gz`` files of real indexes.
MORE = os.environ.get("MAGELLAN_DATABASES", "")


def databases() -> list[Path]:
    """Every database that Magellan itself made."""
    found = sorted(FIXTURES.glob("*.db"))
    if MORE:
        found += sorted([*Path(MORE).rglob("*.db"), *Path(MORE).rglob("*.db.gz")])
    return found


@pytest.fixture(params=databases(), ids=lambda path: f"{path.parent.name}-{path.name}")
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of one of them, in a folder of its own."""
    copy = tmp_path / "original" / "m.db"
    copy.parent.mkdir()
    if request.param.suffix == ".gz":
        copy.write_bytes(gzip.decompress(request.param.read_bytes()))
    else:
        shutil.copyfile(request.param, copy)
    return copy
