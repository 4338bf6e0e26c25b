"""All backends agree after any sequence of changes, and with a store that never had another history."""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from support.details import make_details, make_execution
from support.facts import files, make_file, make_links, odd_texts, paths
from support.stores import BACKENDS, LASTING

from magellan_lsp.facts.links import FileLinks
from magellan_lsp.store.base import Store
from magellan_lsp.store.dump import dump, iter_second_tier
from magellan_lsp.store.memory import MemoryStore


class StoresAgree(RuleBasedStateMachine):
    """The same changes to a store of each backend; what should be in them is kept beside, in plain dicts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.stores: dict[str, Store] = {name: make(self.folder / name) for name, make in BACKENDS.items()}
        self.files: dict[str, object] = {}
        self.links: dict[str, FileLinks] = {}
        self.meta: dict[str, bytes] = {}

    def teardown(self) -> None:
        for store in self.stores.values():
            store.close()
        shutil.rmtree(self.folder)

    def _write(self, change, *, bulk: bool = False) -> None:
        for store in self.stores.values():
            with store.bulk() if bulk else store.write() as txn:
                change(txn)

    @rule(some=st.lists(files(), min_size=1, max_size=4), bulk=st.booleans())
    def replace(self, some, bulk) -> None:
        def change(txn) -> None:
            for made in some:
                txn.replace_file(*made)

        self._write(change, bulk=bulk)
        for made in some:
            self.files[made.record.path] = made
            self.links.pop(made.record.path, None)

    @rule(seed=st.integers(0, 5), data=st.data(), bulk=st.booleans())
    def relink(self, seed, data, bulk) -> None:
        if not self.files:
            return
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.files)), max_size=3))
        targets = sorted({symbol for made in self.files.values() for symbol in made.facts.symbol_ids})
        links = [make_links(self.files[path].facts, targets, random.Random(seed)) for path in chosen]

        def change(txn) -> None:
            for some in links:
                txn.replace_links(some)

        self._write(change, bulk=bulk)
        self.links.update({some.path: some for some in links})

    @rule(data=st.data(), other=paths)
    def remove(self, data, other) -> None:
        path = data.draw(st.sampled_from([*sorted(self.files), other]))
        self._write(lambda txn: txn.remove_file(path))
        self.files.pop(path, None)
        self.links.pop(path, None)

    @rule(data=st.data(), other=paths)
    def drop_links(self, data, other) -> None:
        path = data.draw(st.sampled_from([*sorted(self.files), other]))
        self._write(lambda txn: txn.drop_links(path))
        self.links.pop(path, None)

    @rule(
        key=odd_texts.filter(lambda text: len(text) < 100), value=st.one_of(st.none(), st.binary(max_size=4))
    )
    def put_meta(self, key, value) -> None:
        self._write(lambda txn: txn.put_meta(key, value))
        self.meta.pop(key, None)
        if value is not None:
            self.meta[key] = value

    @rule()
    def reopen(self) -> None:
        for name in LASTING:
            self.stores[name].close()
            self.stores[name] = BACKENDS[name](self.folder / name)

    @rule(query=st.one_of(odd_texts, st.text("getcalmp_", max_size=4)), limit=st.integers(0, 30))
    def search(self, query, limit) -> None:
        answers = []
        for store in self.stores.values():
            with store.read() as reader:
                answers.append(reader.search_symbols(query, limit))
        for answer in answers:
            assert answer == answers[0]

    @rule(data=st.data())
    def look_up(self, data) -> None:
        if not self.files:
            return
        facts = self.files[data.draw(st.sampled_from(sorted(self.files)))].facts
        definition = data.draw(st.sampled_from(facts.symbols()))
        row = facts.def_symbol[definition]
        answers = []
        for store in self.stores.values():
            with store.read() as reader:
                answers.append(
                    (
                        reader.find_by_name(facts.name(definition)),
                        reader.find_by_fqn(facts.canonical_fqn(definition)),
                        reader.find_by_fqn(f"{facts.module}.{facts.qualified[row]}"),
                        reader.find_by_qualified(facts.qualified[row]),
                        reader.find_symbol(facts.symbol_ids[row]),
                        list(reader.iter_references(facts.symbol_ids[row])),
                        reader.count_references(facts.symbol_ids[row]),
                    )
                )
        for answer in answers:
            assert answer == answers[0]

    @rule(data=st.data(), seed=st.integers(0, 3))
    def put_details(self, data, seed) -> None:
        if self.files:
            made = self.files[data.draw(st.sampled_from(sorted(self.files)))]
            details = make_details(made.facts, seed)
            self._write(lambda txn: txn.put_details(made.record.path, made.record.digest, details))

    @rule(data=st.data(), labels=st.lists(odd_texts, max_size=2))
    def put_labels(self, data, labels) -> None:
        if self.files:
            made = self.files[data.draw(st.sampled_from(sorted(self.files)))]
            symbol = data.draw(st.sampled_from(list(made.facts.symbol_ids)))
            self._write(lambda txn: txn.put_labels(symbol, labels))

    @rule(name=odd_texts, started_at=st.integers(-5, 5), removes=st.booleans())
    def put_execution(self, name, started_at, removes) -> None:
        run = make_execution(name, started_at)
        self._write(lambda txn: txn.remove_execution(name) if removes else txn.put_execution(run))

    @rule(path=paths, seed=st.integers(0, 3))
    def carry_chunks(self, path, seed) -> None:
        if path not in self.files:
            chunks = (make_details(make_file("x.py", seed).facts).chunks or ())[:seed]
            self._write(lambda txn: txn.carry_chunks(path, chunks))

    @rule(
        kind=st.sampled_from(["a", "ab", "b"]),
        key=st.binary(max_size=3),
        value=st.none() | st.binary(max_size=4),
    )
    def put_carried(self, kind, key, value) -> None:
        self._write(lambda txn: txn.put_carried(kind, key, value))

    @invariant()
    def same_second_tier(self) -> None:
        answers = []
        for store in self.stores.values():
            with store.read() as reader:
                answers.append(list(iter_second_tier(reader)))
        for answer in answers:
            assert answer == answers[0]

    @invariant()
    def same_dump(self) -> None:
        fresh = MemoryStore()
        with fresh.write() as txn:
            for key, value in self.meta.items():
                txn.put_meta(key, value)
            for made in self.files.values():
                txn.replace_file(*made)
            for some in self.links.values():
                txn.replace_links(some)
        with fresh.read() as reader:
            expected = dump(reader)
        for name, store in self.stores.items():
            with store.read() as reader:
                assert dump(reader) == expected, name


StoresAgree.TestCase.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
test_stores_agree = StoresAgree.TestCase
