"""LMDB's look-ups by file and name: the same answers as a search through everything, after any change."""

from __future__ import annotations

import random
from pathlib import Path

import lmdb
import pytest
from support.facts import Made, make_file, workspace

from magellan_lsp.store.memory import MemoryStore
from magellan_lsp.store.named import said_name
from magellan_lsp.store.open import lmdb_folder, open_store


@pytest.mark.parametrize(
    ("qualified", "name"),
    [
        ("run", "run"),
        ("App.run", "run"),
        ("App.run#2", "run"),
        ("A::b", "b"),
        ("", ""),
        ("#2", "#2"),
        ("Class.#private", "#private"),
        ("Class.#private#2", "#private"),
        ("operator.x#y", "x#y"),
    ],
)
def test_a_qualified_name_says_the_simple_one(qualified: str, name: str) -> None:
    assert said_name(qualified) == name


def records_of(folder: Path) -> dict[bytes, bytes]:
    env = lmdb.open(str(lmdb_folder(folder)), max_dbs=32, readonly=True)
    try:
        with env.begin() as txn:
            return dict(txn.cursor(db=env.open_db(b"named", txn=txn, create=False)))
    finally:
        env.close()


def odd_file() -> Made:
    """Names with dots, numbers, separators, a lone surrogate, and one longer than a key may be."""
    return make_file(
        "odd:dir/a.rs", 3, names=["a.b", "x#2", "c::d", "\udc80", "n" * 700, "n" * 699 + "m"], n_symbols=12
    )


@pytest.mark.parametrize("seed", range(4))
def test_every_look_up_gives_what_a_search_through_everything_gives(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    files = [*workspace(12, seed), odd_file()]
    memory = MemoryStore()
    with open_store(tmp_path) as store:
        for one in (store, memory):
            with one.write() as txn:
                for made in files:
                    txn.replace_file(*made)
        for made in rng.sample(files, 6):
            changed = make_file(made.record.path, seed + 100)
            gone = rng.random() < 0.4
            for one in (store, memory):
                with one.write() as txn:
                    if gone:
                        txn.remove_file(made.record.path)
                    else:
                        txn.replace_file(*changed)
        with store.read() as reader, memory.read() as wanted:
            for made in [*files, make_file("never.py", 9)]:
                facts = made.facts
                for definition, row in enumerate(facts.def_symbol):
                    if row < 0:
                        continue
                    name, qualified = facts.name(definition), facts.qualified[row]
                    assert reader.find_by_name(name) == wanted.find_by_name(name)
                    assert reader.find_by_qualified(qualified) == wanted.find_by_qualified(qualified)
                    for fqn in (
                        facts.canonical_fqn(definition) or "",
                        f"{facts.module}.{qualified}",
                        f"{facts.module}::{qualified}",
                        qualified,
                        f"{qualified}#2",
                    ):
                        assert reader.find_by_fqn(fqn) == wanted.find_by_fqn(fqn)
                    found = reader.find_symbol(facts.symbol_ids[row])
                    assert found == wanted.find_symbol(facts.symbol_ids[row])
                    assert (
                        reader.find_symbol(facts.symbol_ids[row].upper()) is None
                        or facts.symbol_ids[row].isdecimal()
                    )


def test_an_edited_index_has_the_records_of_a_fresh_one(tmp_path: Path) -> None:
    before, after = [make_file("a.py", seed, n_symbols=8) for seed in (1, 2)]
    with open_store(tmp_path / "edited") as store:
        with store.write() as txn:
            txn.replace_file(*before)
        with store.write() as txn:
            txn.replace_file(*odd_file())
            txn.replace_file(*after)
            txn.remove_file(odd_file().record.path)
    with open_store(tmp_path / "fresh") as store, store.write() as txn:
        txn.replace_file(*after)
    assert records_of(tmp_path / "edited") == records_of(tmp_path / "fresh") != {}


def test_a_canonical_fqn_means_its_symbol_alone(tmp_path: Path) -> None:
    # A Rust path `a::x` reads like a canonical fqn of the file `a`.
    rust = make_file("src/a.rs", 1, names=["x"], n_symbols=1)
    script = make_file("a", 2, names=["x"], n_symbols=1)
    with open_store(tmp_path) as store:
        with store.write() as txn:
            txn.replace_file(*rust)
            txn.replace_file(*script)
        with store.read() as reader:
            fqn = script.facts.canonical_fqn(
                next(d for d, row in enumerate(script.facts.def_symbol) if row >= 0 and d)
            )
            assert [place.path for place in reader.find_by_fqn(fqn or "")] == ["a"]
