"""A database is found by what it is, in the places where Magellan's users have it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from support.old_magellan import make

from magellan_lsp.errors import DatabaseError
from magellan_lsp.migrate.find import find_database


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def found(root: Path, chosen: str = "") -> Path | None:
    return find_database(root, root.parent / "scratch", chosen)


def test_nothing(root: Path):
    (root / "notes.db").write_text("no database")
    (root / ".magellan").mkdir()
    with sqlite3.connect(root / "other.db") as connection:
        connection.execute("CREATE TABLE t (a)")
    assert found(root) is None


@pytest.mark.parametrize(
    "place", [".magellan/magellan.db", "magellan.db", "code.index", ".codemcp/codegraph.db"]
)
def test_whatever_its_name(place: str, root: Path):
    path = root / place
    path.parent.mkdir(exist_ok=True)
    assert found(root) is None
    make(path, 7, root)
    assert found(root) == path


def test_a_database_of_another_program_is_not_copied_for_a_look(root: Path):
    with sqlite3.connect(root / "db.sqlite3") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE auth_user (id INTEGER)")
        connection.commit()
        assert (root / "db.sqlite3-wal").stat().st_size
        assert found(root) is None
        assert not (root.parent / "scratch").exists()


def test_one_that_is_only_in_its_log(root: Path):
    connection = sqlite3.connect(root / "m.db")
    connection.execute("PRAGMA journal_mode = WAL")
    make(root.parent / "plain.db", 7, root)
    with sqlite3.connect(root.parent / "plain.db") as source:
        connection.executescript(
            "\n".join(line for line in source.iterdump() if "sqlite_sequence" not in line)
        )
    assert found(root) == root / "m.db"
    connection.close()


def test_the_order_of_places(root: Path):
    (root / ".magellan").mkdir()
    (root / "old").mkdir()
    make(root / "m.db", 7, root)
    make(root / ".magellan" / "m.db", 7, root)
    make(root / "old" / "m.db", 7, root)
    assert found(root) == root / ".magellan" / "m.db"
    assert found(root, "old/m.db") == root / "old" / "m.db"
    (root / ".magellan" / "m.db").unlink()
    assert found(root) == root / "m.db"


def test_what_was_chosen_wins_even_when_it_is_not_there(root: Path):
    make(root / "m.db", 7, root)
    assert found(root, "nowhere.db") == root / "nowhere.db"


@pytest.mark.parametrize("how", ["dots", "link"])
def test_a_relative_path_stays_inside(how: str, root: Path):
    outside = make(root.parent / "m.db", 7, root)
    (root / "link.db").symlink_to(outside)
    with pytest.raises(DatabaseError, match="outside"):
        found(root, "../m.db" if how == "dots" else "link.db")
    assert found(root) is None  # nor is the link taken when it is found
    assert found(root, str(outside)) == outside


def test_in_the_home_it_has_to_be_about_this_workspace(root: Path):
    home = root.parent / "home" / ".magellan"
    for name in ("work", "origin-name"):
        (home / name).mkdir(parents=True)
    make(home / "work" / "work.db", 21, root.parent / "elsewhere")
    assert found(root) is None
    (root / ".git").mkdir()
    (root / ".git" / "config").write_text('[remote "origin"]\n\turl = git@host:me/origin-name.git\n')
    mine = make(home / "origin-name" / "origin-name.db", 7, root)
    assert found(root) == mine


def test_a_damaged_one_where_it_should_be_counts(root: Path):
    path = make(root / "m.db", 7, root)
    path.write_bytes(path.read_bytes()[:20_000])
    assert found(root) == path


def test_one_of_our_own_is_none(root: Path):
    from magellan_lsp.store.open import open_store

    with open_store(root / ".magellan", backend="sqlite"):
        pass
    place = next((root / ".magellan").glob("sqlite-*/magellan.db"))
    place.rename(root / "own.db")
    assert found(root) is None
