"""Databases whose values no program of Magellan writes: carried over whole, or refused by name."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from support.old_magellan import make

from magellan_lsp import errors
from magellan_lsp.migrate.convert import convert
from magellan_lsp.migrate.identify import identify
from magellan_lsp.store.open import open_store


@pytest.fixture
def old(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    return make(tmp_path / "old" / "m.db", 7, tmp_path)


def changed(database: Path, *statements: str) -> Path:
    with sqlite3.connect(database) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement
    connection.close()
    return database


HOSTILE = {
    "a run that lasted for ever": "UPDATE execution_log SET duration_ms = 9e999, started_at = -1e308",
    "a run whose texts are no UTF-8": "UPDATE execution_log SET tool_version = CAST(x'ff41' AS TEXT)",
    "arguments nested without end": "UPDATE execution_log SET args = printf('%.*c', 100000, '[')",
    "data nested without end": """
        UPDATE graph_entities SET data = '{"more": ' || printf('%.*c', 100000, '[') WHERE kind = 'Symbol'
    """,
    "names that are no UTF-8": "UPDATE graph_entities SET name = CAST(x'ff41' AS TEXT)",
    "chunks that are no UTF-8": "UPDATE code_chunks SET symbol_name = CAST(x'ff41' AS TEXT)",
    "chunks made at the end of time": "UPDATE code_chunks SET created_at = 9e999",
    "chunks made after all times": "UPDATE code_chunks SET created_at = 1e300",
    "chunks named by numbers": "UPDATE code_chunks SET symbol_name = 7.5, symbol_kind = x'00'",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_magellan_never_writes_is_carried_over_all_the_same(old: Path, tmp_path: Path, what: str):
    changed(old, HOSTILE[what])
    assert convert(old, tmp_path / "index", root=tmp_path).outcome == "migrated"
    with open_store(tmp_path / "index", "read", root=tmp_path) as store, store.read() as reader:
        assert reader.count_files() > 0
    assert convert(tmp_path / "index", tmp_path / "back.db").outcome == "migrated"


def test_a_schema_that_is_no_text_is_damage(old: Path, tmp_path: Path):
    changed(old, "CREATE TABLE somewhere (x)")
    data = old.read_bytes().replace(b"TABLE somewhere", b"TUBLE somewhere")
    old.write_bytes(data.replace(b"somewhere", b"\xff\xfe\xc4ewhere"))
    assert identify(old).problem
    with pytest.raises(errors.DatabaseDamaged):
        convert(old, tmp_path / "index", root=tmp_path)
    assert not (tmp_path / "index").exists()
