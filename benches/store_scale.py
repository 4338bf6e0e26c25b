"""Whether look-ups and edits cost the same in a large workspace as in a small one: a table with the ratio.

Run ``python benches/store_scale.py [SYMBOLS ...]`` (1,000 to 1,000,000 by default; the last takes minutes and
some 2 GiB below ``TMPDIR``). Every question is asked of things that are there, chosen at random, a thousand
times each; one with several answers is asked where the number of answers is the same at every size.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.facts import make_facts, make_name, make_record

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks, Link, Relation, RelationKind
from magellan_lsp.store.base import Family, Reader, Store
from magellan_lsp.store.codec import encode_facts
from magellan_lsp.store.open import open_store

SYMBOLS_PER_FILE = 21
N_ASKED = 1_000


def iter_files(n_files: int) -> Iterator[FileFacts]:
    """Files one at a time: names shared by all, and some of each file's own, as real sources have them."""
    rng = random.Random(1)
    common = sorted({make_name(rng) for _ in range(6_000)})
    for i in range(n_files):
        own = [f"{make_name(rng)}_{make_name(rng)}{i}" for _ in range(6)]
        names = [*rng.sample(common, 60), *own]
        options: dict[str, Any] = {"n_symbols": SYMBOLS_PER_FILE - 1, "n_locals": 30, "n_occurrences": 120}
        yield make_facts(f"pkg{i % 89}/sub{i // 89}/mod{i}.py", rng, names=names, **options)


def fill(store: Store, n_files: int) -> tuple[float, list[tuple[str, str, str]]]:
    """Load a workspace; gives the seconds that the store took, and (path, id, fqn) of symbols to ask for."""
    rng = random.Random(2)
    spent = 0.0
    known: list[tuple[str, str, str]] = []
    ids: list[str] = []
    source = iter_files(n_files)
    for wave in range(0, n_files, 2_000):
        size = min(2_000, n_files - wave)
        batch = [(facts, encode_facts(facts)) for facts, _ in zip(source, range(size), strict=False)]
        started = time.perf_counter()
        with store.bulk() as txn:
            for facts, data in batch:
                txn.replace_file(make_record(facts), facts, data)
        spent += time.perf_counter() - started
        links = []
        for facts, _ in batch:
            ids += facts.symbol_ids
            mine = rng.choices(ids, k=30)
            rows = tuple(Link(i, rng.choice(mine), 0) for i in range(0, len(facts.occ_start), 2))
            kinds = tuple(
                sorted({Relation(RelationKind.BASE_OF, s, rng.choice(mine)) for s in facts.symbol_ids[1:3]})
            )
            links.append(FileLinks(facts.path, facts.digest, rows, kinds, 0))
            if len(known) < 50_000:
                row = rng.randrange(1, len(facts.symbol_ids))
                known.append((facts.path, facts.symbol_ids[row], f"{facts.module}.{facts.qualified[row]}"))
        started = time.perf_counter()
        with store.bulk() as txn:
            for some, (facts, _) in zip(links, batch, strict=True):
                txn.replace_links(some, facts)
        spent += time.perf_counter() - started
    return spent, known


def questions(
    reader: Reader, known: list[tuple[str, str, str]], rng: random.Random
) -> dict[str, list[float]]:
    """Microseconds of each question, by its name."""
    some = rng.sample(known, min(N_ASKED, len(known)))
    some = (some * (1 + N_ASKED // len(some)))[:N_ASKED]
    own_names = [
        hit.name for path, _, _ in some[:300] for hit in reader.iter_symbols_of_file(path) if "_" in hit.name
    ]
    own_names = [name for name in own_names if len(reader.find_by_name(name)) == 1] or ["get"]
    used = [symbol for _, symbol, _ in known if 0 < reader.count_references(symbol) <= 4][:N_ASKED] or [
        some[0][1]
    ]
    queries = [
        "get",
        "gcm",
        "map",
        "storefile",
        "cls",
        "pathname",
        "rdr",
        "ng",
        "zx",
        "read_writ",
        "Server",
        "ap",
    ]
    asked: dict[str, tuple[list[str], Callable[[str], object]]] = {
        "file by path": ([path for path, _, _ in some], reader.find_file),
        "facts of a file": ([path for path, _, _ in some], reader.find_facts),
        "symbols of a file": (
            [path for path, _, _ in some],
            lambda path: list(reader.iter_symbols_of_file(path)),
        ),
        "symbol by id": ([symbol for _, symbol, _ in some], reader.find_symbol),
        "symbol by fqn": ([fqn for _, _, fqn in some], reader.find_by_fqn),
        "symbol by name": (own_names, reader.find_by_name),
        "files that mention": (own_names, lambda name: reader.find_postings(Family.MENTIONS, name)),
        "references (1 to 4)": (used, lambda symbol: list(reader.iter_references(symbol))),
        "count of references": (used, reader.count_references),
        "subtypes": (used, lambda symbol: list(reader.iter_related(symbol, RelationKind.BASE_OF))),
        "link of an occurrence": ([path for path, _, _ in some], lambda path: reader.find_targets(path, 8)),
        "search, 12 queries": (queries * 3, lambda query: reader.search_symbols(query, 100)),
    }
    times: dict[str, list[float]] = {}
    for name, (keys, ask) in asked.items():
        times[name] = []
        for key in keys:
            started = time.perf_counter()
            ask(key)
            times[name].append(1e6 * (time.perf_counter() - started))
    return times


def edit_times(store: Store, known: list[tuple[str, str, str]]) -> list[float]:
    """Microseconds of taking in a file in which a body was edited: facts, then links, each committed."""
    times = []
    for i, (path, _, _) in enumerate(random.Random(4).sample(known, min(100, len(known)))):
        with store.read() as reader:
            facts, links = reader.find_facts(path), reader.find_links(path)
        assert facts is not None
        assert links is not None
        facts.names = [*facts.names, f"new_name_{i}"]
        facts.digest = i.to_bytes(16, "big")
        facts.occ_start = array("i", [start + 1 for start in facts.occ_start])
        started = time.perf_counter()
        with store.write() as txn:
            txn.replace_file(make_record(facts), facts)
        with store.write() as txn:
            txn.replace_links(links._replace(digest=facts.digest), facts)
        times.append(1e6 * (time.perf_counter() - started))
    return times


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [1_000, 10_000, 100_000, 1_000_000]
    table: dict[str, list[tuple[float, float]]] = {}
    for n_symbols in sizes:
        with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "index") as store:
            spent, known = fill(store, max(n_symbols // SYMBOLS_PER_FILE, 1))
            with store.read() as reader:
                questions(reader, known, random.Random(3))  # warm
                times = questions(reader, known, random.Random(3))
                n_files, n_loaded = reader.count_files(), reader.count_symbols()
            stats = store.stats()
            times["edit of a file"] = edit_times(store, known)
            print(
                f"{n_loaded:9,} symbols in {n_files:6,} files: loaded in {spent:6.2f} s "
                f"({1e6 * spent / n_files:4.0f} µs per file), {stats['file_bytes'] >> 20} MiB, "
                f"{stats['records']['names']:,} names",
                flush=True,
            )
            for name, values in times.items():
                p95 = statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
                table.setdefault(name, []).append((statistics.median(values), p95))
    print(f"\n{'median / p95, µs':24}" + "".join(f"{n:>20,}" for n in sizes) + "     ratio")
    for name, cells in table.items():
        row = "".join(f"{median:11.1f} /{p95:7.1f}" for median, p95 in cells)
        print(f"{name:24}{row}{cells[-1][0] / cells[0][0]:10.2f}")


if __name__ == "__main__":
    main()
