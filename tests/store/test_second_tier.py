"""Calls, chunks, graphs, nodes, metrics, labels and runs: what every backend promises of them."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.details import make_chunk, make_details, make_execution, normal
from support.facts import Made, make_file, make_links, workspace

from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import Role
from magellan_lsp.facts.links import FileLinks
from magellan_lsp.facts.metrics import FileMetrics
from magellan_lsp.store.base import Reader, Store
from magellan_lsp.store.dump import iter_second_tier
from magellan_lsp.store.second_tier import Detail, Details


def seeded(text: str) -> random.Random:
    return random.Random(text.encode("utf-8", "surrogatepass"))


def fill(store: Store, files: list[Made], seed: int = 0) -> list[FileLinks]:
    targets = [symbol for made in files for symbol in made.facts.symbol_ids]
    links = [make_links(made.facts, targets, seeded(f"{seed}{made.record.path}")) for made in files]
    with store.write() as txn:
        for made in files:
            txn.replace_file(*made)
        for some in links:
            txn.replace_links(some)
    return links


def calls_of(facts: FileFacts, links: FileLinks) -> set[tuple[str, str]]:
    pairs = set()
    for occurrence, target, _ in links.links:
        if facts.occ_role[occurrence] == Role.CALL:
            container = max(facts.enclosing_symbol(facts.occ_scope[occurrence]), 0)
            pairs.add((facts.symbol_id(container), target))
    return pairs


def found_of(reader: Reader, path: str) -> dict[str, object]:
    return {
        "chunks": reader.find_chunks(path),
        "cfgs": reader.find_cfgs(path),
        "ast": reader.find_ast(path),
        "file_metrics": reader.find_file_metrics(path),
        "symbol_metrics": reader.find_symbol_metrics_of_file(path),
    }


# calls ----


def check_calls(store: Store, expected: set[tuple[str, str]]) -> None:
    with store.read() as reader:
        assert list(reader.iter_callers()) == sorted({caller for caller, _ in expected})
        pairs = [(caller, callee) for caller, callees in reader.iter_calls() for callee in callees]
        assert pairs == sorted(expected)
        assert list(reader.iter_callees()) == sorted({callee for _, callee in expected})
        for symbol in {symbol for pair in expected for symbol in pair}:
            assert reader.find_callees(symbol) == sorted(
                callee for caller, callee in expected if caller == symbol
            )
            assert reader.find_callers(symbol) == sorted(
                caller for caller, callee in expected if callee == symbol
            )


def test_calls_follow_from_links(store: Store) -> None:
    files = workspace(6, n_occurrences=60)
    links = fill(store, files)
    expected = set().union(*(calls_of(made.facts, some) for made, some in zip(files, links, strict=True)))
    assert len(expected) > 30
    check_calls(store, expected)


def test_calls_stay_right_while_files_change(store: Store) -> None:
    rng = random.Random(4)
    files = {made.record.path: made for made in workspace(5, n_occurrences=40)}
    links: dict[str, FileLinks] = {}
    fill(store, list(files.values()))
    targets = [symbol for made in files.values() for symbol in made.facts.symbol_ids]
    for path, made in files.items():
        links[path] = make_links(made.facts, targets, seeded(f"0{path}"))
    for step in range(25):
        path = rng.choice(sorted(files))
        with store.bulk() if step % 4 == 0 else store.write() as txn:
            for _ in range(rng.randrange(1, 4)):  # several changes of one file in one transaction
                action = rng.randrange(4)
                if action == 0:
                    files[path] = make_file(path, rng.randrange(99), n_occurrences=40)
                    txn.replace_file(*files[path])
                    links.pop(path, None)
                elif action == 1 and path in links:
                    txn.drop_links(path)
                    links.pop(path)
                elif path in files:
                    links[path] = make_links(files[path].facts, targets, random.Random(rng.random()))
                    txn.replace_links(links[path])
        expected = [calls_of(files[path].facts, some) for path, some in links.items()]
        check_calls(store, set().union(*expected))
    with store.write() as txn:
        for path in files:
            txn.remove_file(path)
    check_calls(store, set())


def test_nobody_calls_what_is_not_there(store: Store) -> None:
    with store.read() as reader:
        for symbol in ("0" * 32, "", "no id", "é", "0" * 2, " " * 32):
            assert reader.find_callees(symbol) == reader.find_callers(symbol) == []
        assert list(reader.iter_callers()) == list(reader.iter_callees()) == []


# details ----


def test_details_come_back_as_they_were_put(store: Store) -> None:
    files = workspace(4)
    fill(store, files)
    given = [make_details(made.facts) for made in files]
    with store.write() as txn:
        for made, details in zip(files, given, strict=True):
            txn.put_details(made.record.path, made.record.digest, details)
    with store.read() as reader:
        for made, details in zip(files, given, strict=True):
            path = made.record.path
            expected = normal(details)
            assert found_of(reader, path) == expected
            assert reader.find_computed(path) == frozenset(Detail)
            for chunk in expected["chunks"]:
                of_span = [
                    one for one in expected["chunks"] if (one.start, one.end) == (chunk.start, chunk.end)
                ]
                assert reader.find_chunk(path, chunk.start, chunk.end) == of_span[0]
            assert reader.find_chunk(path, 1, 2) is reader.find_chunk(path, -1, 1 << 70) is None
            for symbol in made.facts.symbol_ids:
                mine = [chunk for chunk in expected["chunks"] if chunk.symbol == symbol]
                assert reader.find_chunks_of_symbol(symbol) == mine
                graphs = [cfg for cfg in expected["cfgs"] if cfg.symbol == symbol]
                assert reader.find_cfg(symbol) == (graphs[0] if graphs else None)
                metrics = [one for one in expected["symbol_metrics"] if one.symbol == symbol]
                assert reader.find_symbol_metrics(symbol) == (metrics[0] if metrics else None)


def test_what_was_not_computed_is_none_and_what_is_empty_is_not(store: Store) -> None:
    files = workspace(2)
    fill(store, files)
    path, symbol = files[0].record.path, files[0].facts.symbol_ids[-1]
    with store.read() as reader:
        for place in (path, "not there"):
            assert set(found_of(reader, place).values()) == {None}
            assert reader.find_computed(place) == frozenset()
        assert reader.find_chunks_of_symbol(symbol) is reader.find_chunks_of_symbol("0" * 32) is None
        assert reader.find_cfg(symbol) is reader.find_symbol_metrics(symbol) is None
    with store.write() as txn:
        txn.put_details(path, files[0].record.digest, Details(chunks=[], ast=[]))
        assert txn.reader().find_chunks(path) == []
    with store.read() as reader:
        assert reader.find_chunks(path) == reader.find_ast(path) == reader.find_chunks_of_symbol(symbol) == []
        assert reader.find_cfgs(path) is reader.find_file_metrics(path) is None
        assert reader.find_computed(path) == {Detail.CHUNKS, Detail.AST}


def test_a_detail_put_again_takes_the_place_of_the_old_one(store: Store) -> None:
    made = make_file("a.py", 1)
    fill(store, [made])
    first, second = make_details(made.facts, 1), make_details(made.facts, 2)
    with store.write() as txn:
        txn.put_details("a.py", made.record.digest, first)
        txn.put_details("a.py", made.record.digest, second._replace(ast=None))
        txn.put_details("a.py", made.record.digest, Details(chunks=(second.chunks or ())[:1]))
    with store.read() as reader:
        expected = normal(second._replace(chunks=(second.chunks or ())[:1], ast=first.ast))
        assert found_of(reader, "a.py") == expected


def test_details_of_another_digest_are_refused(store: Store) -> None:
    made = make_file("a.py", 1)
    fill(store, [made])
    with store.write() as txn:
        for path, digest in (("a.py", b"x" * 16), ("b.py", made.record.digest)):
            with pytest.raises(ValueError, match="stored file"):
                txn.put_details(path, digest, Details(ast=[]))


@pytest.mark.parametrize("path", ["a.py", "a:b::c/d e.py", "\udc80𝕏.py", "x" * 700])
def test_replacing_and_removing_a_file_drop_its_details(store: Store, path: str) -> None:
    made, other = make_file(path, 1), make_file(path + ":1", 2)
    fill(store, [made, other])
    kept = make_details(other.facts)
    for change in ("replace", "remove"):
        with store.write() as txn:
            txn.put_details(path, made.record.digest, make_details(made.facts))
            txn.put_details(other.record.path, other.record.digest, kept)
        with store.read() as reader:
            assert reader.find_computed(path) == frozenset(Detail)
        with store.write() as txn:
            if change == "replace":
                made = make_file(path, 3)
                txn.replace_file(*made)
            else:
                txn.remove_file(path)
        with store.read() as reader:
            assert reader.find_computed(path) == frozenset()
            assert found_of(reader, other.record.path) == normal(kept)


def test_touching_and_linking_keep_details(store: Store) -> None:
    made = make_file("a.py", 1)
    fill(store, [made])
    details = make_details(made.facts)
    with store.write() as txn:
        txn.put_details("a.py", made.record.digest, details)
        txn.touch_file("a.py", 5, 5)
        txn.drop_links("a.py")
        txn.replace_links(make_links(made.facts, list(made.facts.symbol_ids), random.Random(2)))
    with store.read() as reader:
        assert found_of(reader, "a.py") == normal(details)


# labels ----


def test_labels_follow_from_language_and_kind(store: Store) -> None:
    files = [make_file("a.py", 1, n_symbols=9), make_file("b.rs", 2, n_symbols=9, language="rust")]
    fill(store, files)
    with store.read() as reader:
        for label in ("python", "rust"):
            places = list(reader.iter_labelled(label))
            assert [place.path for place in places] == ["a.py" if label == "python" else "b.rs"] * 10
            assert all(label in reader.find_labels(place.symbol_id) for place in places)
        labels = list(reader.iter_labels())
        assert labels == sorted(labels)
        assert {"python", "rust", "mod"} <= set(labels)
        for label in labels:
            ids = {
                hit.symbol_id for hit in reader.iter_symbols() if label in reader.find_labels(hit.symbol_id)
            }
            assert {place.symbol_id for place in reader.iter_labelled(label)} == ids
        assert list(reader.iter_labelled("nothing")) == reader.find_labels("0" * 32) == []


def test_given_labels_stay_until_the_file_goes(store: Store) -> None:
    made, other = make_file("a.py", 1), make_file("b.py", 2)
    fill(store, [made, other])
    symbol = made.facts.symbol_ids[0]  # the file's own: it stays
    with store.write() as txn:
        txn.put_labels(symbol, ["hot", "a:b\0\udc80", "hot", "python"])
        with pytest.raises(ValueError, match="no symbol"):
            txn.put_labels("0" * 32, ["x"])
    for seed in (1, 5, 6):
        with store.write() as txn:
            txn.replace_file(*make_file("a.py", seed))
        with store.read() as reader:
            assert reader.find_labels(symbol) == sorted({"hot", "a:b\0\udc80", "python", "mod"})
            assert [place.symbol_id for place in reader.iter_labelled("hot")] == [symbol]
            assert "hot" in list(reader.iter_labels())
    with store.write() as txn:
        txn.put_labels(symbol, ["warm"])
    with store.read() as reader:
        assert list(reader.iter_labelled("hot")) == []
        assert reader.find_labels(symbol) == ["mod", "python", "warm"]
    with store.write() as txn:
        txn.remove_file("a.py")
        txn.replace_file(*make_file("a.py", 1))
    with store.read() as reader:
        assert reader.find_labels(symbol) == ["mod", "python"]
        assert "warm" not in list(reader.iter_labels())


# executions ----


def test_executions_come_newest_first_and_outlive_every_file(store: Store) -> None:
    fill(store, workspace(2))
    runs = [make_execution(f"run-{i}:é", 1_770_000_000 + 10 * (i % 4)) for i in range(12)]
    runs.append(make_execution("x" * 600, -5, args=("odd\udc80",), error_message="größe", outcome="error"))
    with store.write() as txn:
        for run in runs:
            txn.put_execution(run)
        for i in range(2):
            txn.remove_file(f"pkg{i}/mod{i}.py")
    with store.read() as reader:
        stored = [reader.find_execution(run.execution_id) for run in runs]
        assert stored == [run._replace(id=i) for i, run in enumerate(runs, 1)]
        ordered = sorted(stored, key=lambda run: (run.started_at, run.id), reverse=True)
        assert list(reader.iter_executions()) == ordered
        assert reader.find_execution("nobody") is reader.find_execution("x" * 601) is None
    finished = runs[3]._replace(
        finished_at=1_770_000_031, duration_ms=1_234, outcome="success", files_indexed=7
    )
    with store.write() as txn:
        txn.put_execution(finished)
        txn.put_execution(make_execution("with an id", id=100))
        txn.put_execution(make_execution("after it"))
        txn.remove_execution("run-0:é")
        txn.remove_execution("run-0:é")
    with store.read() as reader:
        assert reader.find_execution("run-3:é") == finished._replace(id=4)
        assert reader.find_execution("run-0:é") is None
        after = reader.find_execution("after it")
        assert after is not None
        assert after.id == 101
        assert len(list(reader.iter_executions())) == len(runs) + 1


# carried ----


def test_carried_chunks_stand_in_until_their_file_is_indexed(store: Store) -> None:
    fill(store, workspace(1))
    path = "gone:dir/" + "x" * 600 + "\udc80.py"
    chunks = [make_chunk(5, 9, None, "größe"), make_chunk(0, 9, None, "𝕏")]
    with store.write() as txn:
        txn.carry_chunks(path, chunks)
        txn.carry_chunks("other", chunks[:1])
        txn.carry_chunks("none", [])
        with pytest.raises(ValueError, match="indexed"):
            txn.carry_chunks("pkg0/mod0.py", chunks)
    with store.read() as reader:
        assert list(reader.iter_carried_chunk_paths()) == sorted([path, "other"])
        assert reader.find_chunks(path) == chunks[::-1]
        assert reader.find_chunk(path, 5, 9) == chunks[0]
        assert reader.find_chunk(path, 5, 8) is reader.find_chunks("none") is None
    with store.write() as txn:
        txn.replace_file(*make_file(path, 1))
        txn.carry_chunks("other", [])
    with store.read() as reader:
        assert reader.find_chunks(path) is reader.find_chunks("other") is None
        assert list(reader.iter_carried_chunk_paths()) == []


def test_carried_records_are_kept_by_kind_and_key(store: Store) -> None:
    kinds = ["entity", "edge", "edg", "é\udc80", "a"]
    with store.write() as txn:
        for kind in kinds:
            for i in (300, 2, 1):
                txn.put_carried(kind, i.to_bytes(4, "big"), f"{kind}{i}".encode("utf-8", "surrogatepass"))
        txn.put_carried("a", b"", b"empty")
        txn.put_carried("a", b"\0\0\0\2", None)
        for kind, key in (("", b"x"), ("a\0b", b"x"), ("a" * 61, b"x"), ("a", b"x" * 401)):
            with pytest.raises(ValueError, match="carried"):
                txn.put_carried(kind, key, b"")
    fill(store, workspace(1))
    with store.write() as txn:
        txn.remove_file("pkg0/mod0.py")
    with store.read() as reader:
        assert list(reader.iter_carried_kinds()) == sorted(kinds)
        assert [value for _, value in reader.iter_carried("edge")] == [b"edge1", b"edge2", b"edge300"]
        assert list(reader.iter_carried("a", b"\0\0\1")) == [(b"\0\0\1,", b"a300")]
        assert [key for key, _ in reader.iter_carried("a")] == [b"", b"\0\0\0\1", b"\0\0\1,"]
        assert reader.find_carried("edge", b"\0\0\0\1") == b"edge1"
        assert reader.find_carried("edge", b"") is reader.find_carried("none", b"") is None
        assert list(reader.iter_carried("none")) == []


# all together ----


def test_ten_threads_lose_nothing(store: Store) -> None:
    """100 chunks, 100 executions and 100 file metrics from each of ten threads."""
    files = [
        make_file(f"t{i // 100}/f{i % 100}.py", 1, n_symbols=1, n_locals=0, n_occurrences=1)
        for i in range(1000)
    ]
    fill(store, files)

    def work(thread: int) -> None:
        for i, made in enumerate(files[100 * thread : 100 * thread + 100]):
            chunk = make_chunk(0, i + 1, made.facts.symbol_ids[0], f"text {thread} {i}")
            path, digest = made.record.path, made.record.digest
            with store.write() as txn:
                txn.put_details(path, digest, Details(chunks=[chunk]))
                txn.put_execution(make_execution(f"{thread}-{i}", 1_770_000_000 + i))
                txn.put_details(path, digest, Details(file_metrics=FileMetrics(thread, i, 1.5)))

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(work, range(10)))
    with store.read() as reader:
        for number, made in enumerate(files):
            thread, i = divmod(number, 100)
            chunks = reader.find_chunks(made.record.path)
            assert chunks == [make_chunk(0, i + 1, made.facts.symbol_ids[0], f"text {thread} {i}")]
            assert reader.find_file_metrics(made.record.path) == FileMetrics(thread, i, 1.5)
            assert reader.find_execution(f"{thread}-{i}") is not None
        runs = list(reader.iter_executions())
        assert len(runs) == 1000
        assert sorted(run.id for run in runs) == list(range(1, 1001))


def test_readers_never_see_half_a_change(store: Store) -> None:
    """Each transaction writes the same number into every kind of record; a reader finds one number everywhere."""
    made = make_file("a.py", 1)
    fill(store, [made])
    symbol, digest = made.facts.symbol_ids[0], made.record.digest
    n_rounds, n_readers = 60, 3
    torn: list[object] = []
    seen = [0] * n_readers
    done = threading.Event()

    def look(reader_number: int) -> None:
        while not done.is_set() or seen[reader_number] < 5:
            with store.read() as reader:
                metrics = reader.find_file_metrics("a.py")
                found = {
                    metrics.loc if metrics is not None else 0,
                    len(reader.find_chunks("a.py") or ()),
                    len(reader.find_ast("a.py") or ()),
                    len(list(reader.iter_executions())),
                    len([label for label in reader.find_labels(symbol) if label.startswith("n")]),
                    int(reader.find_meta("n") or b"0"),
                }
            seen[reader_number] += 1
            if len(found) != 1:
                torn.append(found)

    details = make_details(made.facts)
    node = AstNode("block", 0, 1)
    with ThreadPoolExecutor(n_readers) as pool:
        looking = [pool.submit(look, i) for i in range(n_readers)]
        try:
            for n in range(1, n_rounds + 1):
                with store.write() as txn:
                    chunks = [make_chunk(i, i + 1, symbol, "t") for i in range(n)]
                    txn.put_details("a.py", digest, details._replace(chunks=chunks))
                    txn.put_details("a.py", digest, Details(ast=[node] * n))
                    txn.put_execution(make_execution(f"run {n}"))
                    txn.put_details("a.py", digest, Details(file_metrics=FileMetrics(1, n, 0.5)))
                    txn.put_labels(symbol, [f"n{i}" for i in range(n)])
                    txn.put_meta("n", str(n).encode())
        finally:
            done.set()
        for one in looking:
            one.result()
    assert torn == []
    assert min(seen) >= 5


def test_history_leaves_no_trace_in_the_second_tier(store: Store) -> None:
    files = workspace(5)
    fill(store, workspace(7, seed=3))
    with store.write() as txn:
        for made in workspace(7, seed=3):
            txn.put_details(made.record.path, made.record.digest, make_details(made.facts))
            txn.put_labels(made.facts.symbol_ids[-1], ["old"])
        for made in workspace(7, seed=3):
            txn.remove_file(made.record.path)
    with store.read() as reader:
        assert list(iter_second_tier(reader)) == []
        assert list(reader.iter_callers()) == list(reader.iter_callees()) == []
    fill(store, files)
    with store.read() as reader:
        assert {record["record"] for record in iter_second_tier(reader)} == {"label"}
