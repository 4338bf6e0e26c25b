"""What every backend promises (``store/base.py``), asked of each."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest
from support.facts import Made, make_facts, make_file, make_links, make_record, symbol_id, workspace
from support.stores import BACKENDS

from magellan_lsp.facts.file_facts import COLUMNS, FileFacts
from magellan_lsp.facts.links import FileLinks, Link, Relation, RelationKind
from magellan_lsp.store import lmdb
from magellan_lsp.store.base import Family, FileRecord, Store
from magellan_lsp.store.changes import TableWriter
from magellan_lsp.store.codec import encode_facts, encode_links
from magellan_lsp.store.dump import dump
from magellan_lsp.store.fqn import display_fqn
from magellan_lsp.store.memory import MemoryStore


def fill(store: Store, files: list[Made], links: list[FileLinks] = ()) -> None:
    with store.write() as txn:
        for made in files:
            txn.replace_file(*made)
        for some in links:
            txn.replace_links(some)


def linked(files: list[Made], seed: int = 0) -> list[FileLinks]:
    everything = [symbol for made in files for symbol in made.facts.symbol_ids]
    rng = random.Random(seed)
    return [make_links(made.facts, everything, rng) for made in files]


HEADER = ("path", "language", "digest", "size", "module")
LISTS = ("names", "symbol_ids", "qualified", "groups", "problems", *COLUMNS)


def same_facts(a: FileFacts, b: FileFacts) -> bool:
    return all(as_value(getattr(a, name)) == as_value(getattr(b, name)) for name in (*HEADER, *LISTS))


def as_value(value: object) -> object:
    return value if isinstance(value, (str, bytes, int)) else list(value)


def test_an_empty_store_answers_nothing(store: Store) -> None:
    with store.read() as reader:
        assert reader.generation == 0
        assert reader.find_file("a.py") is None
        assert reader.find_facts("a.py") is None
        assert reader.find_links("a.py") is None
        assert reader.find_targets("a.py", 0) == []
        assert list(reader.iter_files()) == list(reader.iter_symbols()) == list(reader.iter_meta()) == []
        assert reader.count_files() == reader.count_symbols() == 0
        assert reader.find_symbol("0" * 32) is None
        assert reader.find_symbol("no id") is None
        assert reader.find_by_fqn("a.py::b") == reader.find_by_fqn("") == reader.find_by_name("b") == []
        assert reader.find_by_qualified("") == reader.search_symbols("a", 10) == []
        assert list(reader.iter_references("0" * 32)) == list(reader.iter_referred()) == []
        assert reader.find_meta("x") is None
        assert list(reader.iter_symbols_of_file("a.py")) == []


def test_what_was_put_comes_back(store: Store) -> None:
    files = workspace(5)
    links = linked(files)
    fill(store, files, links)
    with store.read() as reader:
        for made, some in zip(files, links, strict=True):
            assert reader.find_file(made.record.path) == made.record._replace(linked=True)
            facts = reader.find_facts(made.record.path)
            assert facts is not None
            assert same_facts(facts, made.facts)
            assert reader.find_links(made.record.path) == some
            for occurrence in range(len(facts.occ_start)):
                assert reader.find_targets(made.record.path, occurrence) == [
                    link for link in some.links if link.occurrence == occurrence
                ]
        assert reader.count_files() == 5
        assert reader.count_symbols() == sum(len(made.facts.symbol_ids) for made in files)


def test_files_come_by_path_in_code_point_order(store: Store) -> None:
    names = [
        "b.py",
        "a/b.py",
        "a.py",
        "a/𝕏.py",
        "a/é.py",
        "a/\udc80.py",
        "Z.py",
        "a:b.py",
        "x" * 600,
        "x" * 601,
    ]
    fill(store, [make_file(name, 1) for name in names])
    with store.read() as reader:
        assert [record.path for record in reader.iter_files()] == sorted(names)
        for name in names:
            record = reader.find_file(name)
            assert record is not None
            assert record.path == name
        assert reader.find_file("x" * 602) is None


def test_symbols_are_found_by_id_name_and_fqn(store: Store) -> None:
    files = workspace(8)
    fill(store, files)
    with store.read() as reader:
        hits = list(reader.iter_symbols())
        assert hits == sorted(hits, key=lambda hit: (hit.path, hit.definition))
        assert len(hits) == reader.count_symbols()
        for made in files:
            mine = [hit for hit in hits if hit.path == made.record.path]
            assert list(reader.iter_symbols_of_file(made.record.path)) == mine
            assert [hit.definition for hit in mine] == sorted(made.facts.symbols())
            for hit in mine:
                place = (hit.symbol_id, hit.path, hit.definition)
                assert reader.find_symbol(hit.symbol_id) == place
                assert hit.qualified == made.facts.qualified[made.facts.def_symbol[hit.definition]]
                assert place in reader.find_by_fqn(made.facts.canonical_fqn(hit.definition) or "")
                assert place in reader.find_by_fqn(display_fqn(made.facts, hit.definition) or "")
                if hit.qualified:
                    assert place in reader.find_by_qualified(hit.qualified)
        for name in {hit.name for hit in hits}:
            assert reader.find_by_name(name) == [hit for hit in hits if hit.name == name]


def test_a_display_fqn_is_exact_and_takes_both_separators(store: Store) -> None:
    rng = random.Random(1)
    python = make_facts("flask/app.py", rng, module="flask.app", names=["Flask"], n_symbols=1)
    rust = make_facts(
        "src/store.rs", rng, module="crate::store", names=["Flask"], n_symbols=1, language="rust"
    )
    plain_c = make_facts("main.c", rng, module="", names=["Flask"], n_symbols=1, language="c")
    fill(store, [Made(make_record(facts), facts) for facts in (python, rust, plain_c)])
    with store.read() as reader:

        def found(fqn: str) -> list[str]:
            return [place.path for place in reader.find_by_fqn(fqn)]

        assert found("flask.app.Flask") == found("flask::app::Flask") == ["flask/app.py"]
        assert found("crate::store::Flask") == found("crate.store.Flask") == ["src/store.rs"]
        assert found("Flask") == ["main.c"]
        assert found("app.Flask") == found("flask.app.Flask.run") == found("flask.app.flask") == []
        assert found("flask.app") == ["flask/app.py"]
        assert found("flask/app.py::Flask") == ["flask/app.py"]
        assert [place.path for place in reader.find_by_qualified("Flask")] == [
            "flask/app.py",
            "main.c",
            "src/store.rs",
        ]


def test_postings_are_the_files_of_a_key(store: Store) -> None:
    files = workspace(12)
    fill(store, files)
    with store.read() as reader:
        names = {name for made in files for name in made.facts.names[1:]}
        for name in names:
            expected = sorted(made.record.path for made in files if name in made.facts.names[1:])
            assert reader.find_postings(Family.MENTIONS, name) == expected
        assert dict(reader.iter_postings(Family.MENTIONS)).keys() == names
        assert [key for key, _ in reader.iter_postings(Family.MENTIONS)] == sorted(names)
        for key, paths in reader.iter_postings(Family.GROUP):
            assert paths == sorted(made.record.path for made in files if key in made.facts.groups)
        assert reader.find_postings(Family.BASENAME, "mod3.py") == ["pkg3/mod3.py"]
        assert reader.find_postings(Family.MENTIONS, "") == []


@pytest.mark.parametrize(
    "name", ["a:b", "a\0b", "a", "\udc80", "é" * 300, "x" * 511, "x" * 512, "x" * 5000, "x" * 480]
)
def test_any_name_can_be_listed_and_forgotten(store: Store, name: str) -> None:
    others = ["x" * 511 + "y", "a\0", "a\0\0\0\0\0", "ab", "x" * 481]
    fill(
        store,
        [make_file("p.py", 1, names=[name], n_symbols=3), make_file("q.py", 1, names=others, n_symbols=9)],
    )
    with store.read() as reader:
        assert reader.find_postings(Family.MENTIONS, name) == ["p.py"]
        assert {hit.path for hit in reader.find_by_name(name)} == {"p.py"}
        assert name in dict(reader.iter_postings(Family.DEFINES))
        assert {hit.name for hit in reader.search_symbols(name, 50) if hit.path == "p.py"} == {name}
    with store.write() as txn:
        txn.remove_file("p.py")
    with store.read() as reader:
        assert reader.find_postings(Family.MENTIONS, name) == reader.find_by_name(name) == []
        assert name not in dict(reader.iter_postings(Family.DEFINES))


def test_references_come_by_path_and_start(store: Store) -> None:
    files = workspace(9)
    links = linked(files)
    fill(store, files, links)
    expected: dict[str, list[tuple[object, ...]]] = {}
    for made, some in sorted(zip(files, links, strict=True)):
        facts = made.facts
        for occurrence, target, _ in some.links:
            container = max(facts.enclosing_symbol(facts.occ_scope[occurrence]), 0)
            row = (
                facts.path,
                facts.occ_start[occurrence],
                facts.occ_end[occurrence],
                facts.occ_role[occurrence],
                container,
            )
            expected.setdefault(target, []).append(row)
    with store.read() as reader:
        assert list(reader.iter_referred()) == sorted(expected)
        for target, rows in expected.items():
            assert list(reader.iter_references(target)) == rows
            assert reader.count_references(target) == len(rows)
            assert list(reader.iter_referrers(target)) == sorted({row[0] for row in rows})


def test_relations_are_found_from_their_target(store: Store) -> None:
    files = workspace(9)
    links = linked(files)
    fill(store, files, links)
    with store.read() as reader:
        for kind in RelationKind:
            targets = {
                relation.target for some in links for relation in some.relations if relation.kind == kind
            }
            assert list(reader.iter_related_to(kind)) == sorted(targets)
            for target in targets:
                symbols = {
                    r.symbol for some in links for r in some.relations if (r.kind, r.target) == (kind, target)
                }
                places = list(reader.iter_related(target, kind))
                assert {place.symbol_id for place in places} == symbols
                assert places == sorted(places, key=lambda place: (place.path, place.definition))
                assert all(reader.find_symbol(place.symbol_id) == place for place in places)


def test_replacing_a_file_drops_what_it_owned(store: Store) -> None:
    old, new = make_file("a.py", 1), make_file("a.py", 2)
    target = "f" * 32
    fill(store, [old], [make_links(old.facts, [target], random.Random(1), share=1)])
    fill(store, [new])
    with store.read() as reader:
        assert reader.find_file("a.py") == new.record
        assert reader.find_links("a.py") is None
        assert list(reader.iter_references(target)) == []
        gone = set(old.facts.symbol_ids) - set(new.facts.symbol_ids)
        assert gone
        assert all(reader.find_symbol(symbol) is None for symbol in gone)
        unsaid = set(old.facts.names[1:]) - set(new.facts.names)
        assert all(reader.find_postings(Family.MENTIONS, name) == [] for name in unsaid)


def test_a_file_without_facts_is_known_with_its_problem(store: Store) -> None:
    record = FileRecord("big.bin", "python", b"d" * 16, 1 << 40, -5, 0, 0, True, "too large: \udcff")
    with store.write() as txn:
        txn.replace_file(*make_file("big.bin", 1))
        txn.replace_file(record, None)
    with store.read() as reader:
        assert reader.find_file("big.bin") == record._replace(linked=False)
        assert reader.find_facts("big.bin") is None
        assert reader.find_postings(Family.BASENAME, "big.bin") == ["big.bin"]
        assert list(reader.iter_symbols()) == []


def test_after_removal_nothing_mentions_the_file(store: Store) -> None:
    files = workspace(6)
    links = linked(files)
    kept = files[:5]
    own = {symbol for made in kept for symbol in made.facts.symbol_ids}
    kept_links = [make_links(made.facts, sorted(own), random.Random(4)) for made in kept]
    fill(store, files, [*kept_links, links[5]])
    with store.write() as txn:
        txn.remove_file(files[5].record.path)
        txn.remove_file("not there")
    with store.read() as reader:
        text = dump(reader)
    assert files[5].record.path not in text
    assert all(symbol not in text for symbol in files[5].facts.symbol_ids)


def test_history_leaves_no_trace(store: Store) -> None:
    files = workspace(10)
    links = linked(files, 3)
    with store.write() as txn:
        for made in workspace(14, seed=9):
            txn.replace_file(*made)
            txn.replace_links(make_links(made.facts, list(made.facts.symbol_ids), random.Random(1)))
    for made, some in zip(reversed(files), reversed(links), strict=True):
        fill(store, [made], [some])
    with store.write() as txn:
        for i in range(10, 14):
            txn.remove_file(f"pkg{i % 7}/mod{i}.py")
    fresh = MemoryStore()
    fill(fresh, files, links)
    with store.read() as reader, fresh.read() as expected:
        assert dump(reader) == dump(expected)


def test_dropping_links_unlinks(store: Store) -> None:
    files = workspace(3)
    fill(store, files, linked(files))
    path = files[1].record.path
    with store.write() as txn:
        txn.drop_links(path)
        txn.drop_links("not there")
    with store.read() as reader:
        record = reader.find_file(path)
        assert record is not None
        assert not record.linked
        assert reader.find_links(path) is None
        assert all(path not in list(reader.iter_referrers(target)) for target in reader.iter_referred())


def test_touching_changes_the_stat_alone(store: Store) -> None:
    files = workspace(2)
    fill(store, files, linked(files))
    with store.read() as reader:
        before = dump(reader)
    with store.write() as txn:
        txn.touch_file(files[0].record.path, 123, files[0].record.size)
        txn.touch_file("not there", 1, 1)
    with store.read() as reader:
        assert dump(reader) == before
        record = reader.find_file(files[0].record.path)
        assert record is not None
        assert record.mtime_ns == 123


def test_links_need_the_very_facts(store: Store) -> None:
    made = make_file("a.py", 1)
    stale = FileLinks("a.py", b"x" * 16, (), ())
    with store.write() as txn:
        with pytest.raises(ValueError, match=r"a\.py"):
            txn.replace_links(FileLinks("a.py", made.record.digest, (), ()))
        txn.replace_file(*made)
        with pytest.raises(ValueError, match="stored facts"):
            txn.replace_links(stale)
        with pytest.raises(ValueError, match="occurrences"):
            txn.replace_links(FileLinks("a.py", made.record.digest, (Link(10_000, "0" * 32, 0),), ()))
        relation = Relation(RelationKind.BASE_OF, "1" * 32, "0" * 32)
        with pytest.raises(ValueError, match="symbol"):
            txn.replace_links(FileLinks("a.py", made.record.digest, (), (relation,)))
        with pytest.raises(ValueError, match="same file"):
            txn.replace_file(make_file("b.py", 1).record, made.facts)
    with store.read() as reader:
        assert reader.find_links("a.py") is None


def test_a_transaction_sees_its_own_writes(store: Store) -> None:
    files = workspace(4)
    with store.write() as txn:
        reader = txn.reader()
        for made in files:
            txn.replace_file(*made)
            assert reader.find_file(made.record.path) == made.record
            assert made.record.path in reader.find_postings(Family.DEFINES, made.facts.names[1])
            symbol = made.facts.symbol_ids[-1]
            assert reader.find_symbol(symbol) is not None
        txn.remove_file(files[0].record.path)
        assert reader.find_file(files[0].record.path) is None
        assert reader.find_symbol(files[0].facts.symbol_ids[-1]) is None
        assert reader.count_files() == 3


@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
def test_looking_at_each_file_before_it_changes_does_not_write_the_lists_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    """The list of a name that all files have is as long as there are files."""
    settled: list[int] = []
    settle = TableWriter._settle
    monkeypatch.setattr(TableWriter, "_settle", lambda self: (settled.append(1), settle(self)))
    files = workspace(30)
    with BACKENDS[backend](tmp_path) as store:
        fill(store, files)
        settled.clear()
        with store.write() as txn:
            reader = txn.reader()
            for made in files:
                assert reader.find_file(made.record.path) == made.record
                assert same_facts(reader.find_facts(made.record.path), made.facts)
                txn.remove_file(made.record.path)
                assert reader.find_facts(made.record.path) is None
        assert len(settled) == 1


def test_the_last_word_in_a_transaction_counts(store: Store) -> None:
    a, b = make_file("a.py", 1), make_file("a.py", 2)
    with store.write() as txn:
        for made in (a, b, a, b):
            txn.replace_file(*made)
            txn.replace_links(make_links(made.facts, list(made.facts.symbol_ids), random.Random(0)))
        txn.remove_file("a.py")
        txn.replace_file(*a)
        txn.replace_links(make_links(a.facts, list(a.facts.symbol_ids), random.Random(0)))
        txn.drop_links("a.py")
        txn.replace_links(make_links(a.facts, list(a.facts.symbol_ids), random.Random(7)))
    fresh = MemoryStore()
    fill(fresh, [a], [make_links(a.facts, list(a.facts.symbol_ids), random.Random(7))])
    with store.read() as reader, fresh.read() as expected:
        assert dump(reader) == dump(expected)


def test_an_exception_undoes_the_transaction(store: Store) -> None:
    fill(store, workspace(2))
    with store.read() as reader:
        before, generation = dump(reader), reader.generation

    def fail() -> None:
        with store.write() as txn:
            txn.remove_file("pkg0/mod0.py")
            txn.put_meta("x", b"1")
            raise KeyError("on purpose")

    with pytest.raises(KeyError):
        fail()
    with store.read() as reader:
        assert dump(reader) == before
        assert reader.generation == generation


def test_a_reader_keeps_its_view(store: Store) -> None:
    fill(store, workspace(2))
    with store.read() as old:
        before = dump(old)
        fill(store, workspace(5, seed=3))
        assert dump(old) == before
        with store.read() as new:
            assert new.generation == old.generation + 1
            assert new.count_files() == 5


def test_answers_outlive_their_reader(store: Store) -> None:
    files = workspace(3)
    fill(store, files, linked(files))
    with store.read() as reader:
        facts = reader.find_facts(files[0].record.path)
        links = reader.find_links(files[0].record.path)
        hits = list(reader.iter_symbols())
        before = dump(reader)
    with store.write() as txn:
        for made in files:
            txn.remove_file(made.record.path)
        for made in workspace(3, seed=5):
            txn.replace_file(*made)
    assert facts is not None
    assert same_facts(facts, files[0].facts)
    assert links is not None
    assert links.path == files[0].record.path
    assert hits
    with store.read() as reader:
        assert dump(reader) != before


def test_meta_values(store: Store) -> None:
    with store.write() as txn:
        txn.put_meta("b", b"2")
        txn.put_meta("a", b"")
        txn.put_meta("c", b"3")
        txn.put_meta("c", None)
        txn.put_meta("never", None)
    with store.read() as reader:
        assert list(reader.iter_meta()) == [("a", b""), ("b", b"2")]
        assert reader.find_meta("a") == b""
        assert reader.find_meta("c") is None


def test_bulk_equals_one_by_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lmdb, "BULK_ENTRIES", 200)  # so that it commits in between, often
    files = workspace(30)
    links = linked(files)
    with store.bulk() as txn:
        for made in files:
            txn.replace_file(*made)
    with store.bulk() as txn:
        for some, made in zip(links, files, strict=True):
            txn.replace_links(some, made.facts)
            assert txn.reader().find_links(made.record.path) == some
    fresh = MemoryStore()
    fill(fresh, files, links)
    with store.read() as reader, fresh.read() as expected:
        assert dump(reader) == dump(expected)


def test_encoded_facts_and_links_are_as_good(store: Store) -> None:
    files = workspace(5)
    links = linked(files)
    encoded = [encode_links(some, made.facts) for some, made in zip(links, files, strict=True)]
    other = make_file(files[0].record.path, 77)
    with store.write() as txn:
        with pytest.raises(ValueError, match="stored facts"):
            txn.replace_links(links[0], encoded=encoded[0])
        for made in files:
            txn.replace_file(made.record, None, encode_facts(made.facts))
        for some, data in zip(links, encoded, strict=True):
            txn.replace_links(some._replace(links=(), relations=()), encoded=data)
        txn.replace_file(*other)
        with pytest.raises(ValueError, match="stored facts"):
            txn.replace_links(links[0], encoded=encoded[0])
        txn.replace_file(*files[0])
        txn.replace_links(links[0], encoded=encoded[0])
    fresh = MemoryStore()
    fill(fresh, files, links)
    with store.read() as reader, fresh.read() as expected:
        assert dump(reader) == dump(expected)


def test_many_readers_while_one_writes(store: Store) -> None:
    fill(store, workspace(6))
    problems: list[str] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            with store.read() as reader:
                n = sum(1 for _ in reader.iter_files())
                if n != reader.count_files() or n not in (6, 8):
                    problems.append(f"{n} files")

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for i in range(30):
        with store.write() as txn:
            for made in (make_file("x.py", i), make_file("y.py", i)):
                txn.replace_file(*made) if i % 2 == 0 else txn.remove_file(made.record.path)
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_file_found_in_thousands_of_others(store: Store) -> None:
    """Posting lists come in pieces; one that spans several is still one list."""
    facts = [
        make_facts(f"f{i}.py", random.Random(i), names=["shared"], n_symbols=1, n_occurrences=1)
        for i in range(30)
    ]
    with store.write() as txn:
        for i in range(4_200):
            record = FileRecord(f"empty{i}", "c", b"0" * 16, 0, 0, 0, 0, False, "")
            if i < 15:
                txn.replace_file(make_record(facts[i]), facts[i])
            txn.replace_file(record, None)
        for some in facts[15:]:
            txn.replace_file(make_record(some), some)
    with store.write() as txn:
        txn.remove_file("f3.py")
        txn.remove_file("f20.py")
    expected = sorted(some.path for some in facts if some.path not in ("f3.py", "f20.py"))
    with store.read() as reader:
        assert reader.find_postings(Family.MENTIONS, "shared") == expected
        assert [hit.name for hit in reader.search_symbols("shared", 100)] == ["shared"] * 28
    with store.write() as txn:
        for path in expected[:-1]:
            txn.remove_file(path)
    with store.read() as reader:
        assert reader.search_symbols("shar", 100) == reader.find_by_name("shared")
        assert len(reader.find_by_name("shared")) == 1


def test_symbol_ids_do_not_depend_on_how_hex_is_written(store: Store) -> None:
    made = make_file("a.py", 1)
    fill(store, [made])
    with store.read() as reader:
        assert reader.find_symbol(symbol_id("a.py", "").upper()) is None
        assert reader.find_symbol(" " + made.facts.symbol_ids[0]) is None
        assert reader.find_symbol(made.facts.symbol_ids[0]) is not None
