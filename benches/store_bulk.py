"""How fast a cold index is loaded: facts, then links, of a made-up workspace the size of Django's sources.

Run ``python benches/store_bulk.py [FILES [BACKEND]]``; a folder with space for the index is taken from ``TMPDIR``. What
is timed is the store's own work, in one process: facts arrive encoded, as workers send them, links as the
linker makes them.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.facts import make_facts, make_name, make_record

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks, Link, Relation, RelationKind
from magellan_lsp.store.codec import decode_facts, encode_facts
from magellan_lsp.store.open import open_store

# Per file, as Django 5 has them: 60,000 symbols, 800,000 occurrences, 700,000 names in 2,800 files.
N_SYMBOLS, N_LOCALS, N_OCCURRENCES, N_NAMES = 21, 60, 285, 250


def made_workspace(n_files: int) -> list[FileFacts]:
    rng = random.Random(1)
    common = [make_name(rng) for _ in range(4_000)]
    files = []
    for i in range(n_files):
        names = rng.sample(common, N_NAMES - 14) + [f"{make_name(rng)}_{i}_{k}" for k in range(14)]
        options: dict[str, Any] = {
            "n_symbols": N_SYMBOLS,
            "n_locals": N_LOCALS,
            "n_occurrences": N_OCCURRENCES,
        }
        facts = make_facts(f"pkg{i % 97}/sub{i % 13}/mod{i}.py", rng, names=names, **options)
        facts.names = [*facts.names, *sorted(set(names) - set(facts.names))]
        files.append(facts)
    return files


def made_links(files: list[FileFacts]) -> list[FileLinks]:
    """Half of the occurrences linked, to about 107 symbols per file: 300,000 (symbol, file) pairs."""
    rng = random.Random(2)
    everything = [symbol for facts in files for symbol in facts.symbol_ids]
    known = everything[: len(everything) // 20]
    result = []
    for facts in files:
        mine = rng.sample(known, min(30, len(known))) + rng.choices(everything, k=77)
        links = tuple(Link(i, rng.choice(mine), 0) for i in range(0, len(facts.occ_start), 2))
        kinds = sorted({Relation(RelationKind.BASE_OF, s, rng.choice(mine)) for s in facts.symbol_ids[1:4]})
        result.append(FileLinks(facts.path, facts.digest, links, tuple(kinds), 3))
    return result


def main() -> None:
    n_files = int(sys.argv[1]) if len(sys.argv) > 1 else 2_800
    backend: Any = sys.argv[2] if len(sys.argv) > 2 else "lmdb"
    files = made_workspace(n_files)
    links = made_links(files)
    started = time.perf_counter()
    encoded = [encode_facts(facts) for facts in files]
    encode_s = time.perf_counter() - started
    started = time.perf_counter()
    for data in encoded:
        decode_facts(data)
    decode_s = time.perf_counter() - started
    n_pairs = sum(len({link.target for link in some.links}) for some in links)
    print(
        f"{n_files} files, {sum(len(f.symbol_ids) for f in files)} symbols, "
        f"{sum(len(f.occ_start) for f in files)} occurrences, "
        f"{sum(len(f.names) - 1 for f in files)} (name, file), "
        f"{n_pairs} (symbol, file), {sum(map(len, encoded)) >> 20} MiB of facts"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "index", backend=backend)
        total = 0.0
        started = time.perf_counter()
        with store.bulk() as txn:
            for facts, data in zip(files, encoded, strict=True):
                txn.replace_file(make_record(facts), facts, data)
        facts_s = time.perf_counter() - started
        started = time.perf_counter()
        with store.bulk() as txn:
            for some, facts in zip(links, files, strict=True):
                txn.replace_links(some, facts)
        links_s = time.perf_counter() - started
        total = facts_s + links_s
        size = store.stats()["file_bytes"]
        print(f"encode  {1e6 * encode_s / n_files:8.1f} µs per file, in the workers")
        print(f"decode  {1e6 * decode_s / n_files:8.1f} µs per file")
        print(f"facts   {facts_s:8.2f} s  {1e6 * facts_s / n_files:8.1f} µs per file")
        print(f"links   {links_s:8.2f} s  {1e6 * links_s / n_files:8.1f} µs per file")
        print(f"total   {total:8.2f} s  {1e6 * total / n_files:8.1f} µs per file")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(f"index {size >> 20} MiB, {size // n_files} bytes per file; memory grew by {grown >> 10} MiB")
        store.close()


if __name__ == "__main__":
    main()
