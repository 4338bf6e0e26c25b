"""LMDB and SQLite side by side: the second tier, neighbours, reachability, look-ups; and Magellan's own program.

Run ``python benches/backends.py [--original PROGRAM]...``; folders for the indexes are taken from ``TMPDIR``. The
call graphs come from sources that are indexed for real: 100 functions that call 100 others each, and eleven layers of
100 functions that call ten of the next layer each, so that a walk of depth 10 from one function visits all but the
first few layers whole. Every walk and every look-up is checked to have found what it should. Counted is the time of this
process's processor, the system's share included, which other work on the machine changes little; waiting for the disk is not
in it (``--clock wall`` counts that).

The original is a program: what a question costs it is the time of a process, less that of one that does nothing. It
reads the database that the SQLite backend wrote.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.details import make_chunk, make_execution

from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.query.graph import walks, whole
from magellan_lsp.query.snapshot import Snapshot, StoreSource
from magellan_lsp.settings import Settings
from magellan_lsp.store.base import Reader, Store
from magellan_lsp.store.open import Backend, backend_folder, open_store
from magellan_lsp.store.second_tier import Details

BACKENDS: tuple[Backend, ...] = ("lmdb", "sqlite")
N_ITEMS = 1_000
FAN, LAYERS, WIDTH, CALLS = 100, 11, 100, 10
#: Methods beside the one that is looked for: Django's files have 23 symbols on average.
METHODS = 20
#: Each measurement is repeated so often; the fastest counts, the others were disturbed.
ROUNDS = 7
CLOCKS: dict[str, Callable[[], float]] = {"processor": time.process_time, "wall": time.perf_counter}
clock = time.process_time


def write_sources(root: Path) -> None:
    """The two call graphs, a layer a file, and N_ITEMS files of a class each."""
    lines = [f"def leaf_{i}_{k}():\n    pass\n" for i in range(FAN) for k in range(FAN)]
    for i in range(FAN):
        calls = "".join(f"    leaf_{i}_{k}()\n" for k in range(FAN))
        lines.append(f"def source_{i}():\n{calls}")
    (root / "fan.py").write_text("\n".join(lines))
    rng = random.Random(1)
    for layer in range(LAYERS):
        text = []
        if layer + 1 < LAYERS:
            names = ", ".join(f"f{layer + 1}_{i}" for i in range(WIDTH))
            text.append(f"from layer{layer + 1} import {names}\n")
        for i in range(WIDTH):
            some = (
                [f"    f{layer + 1}_{k}()\n" for k in rng.sample(range(WIDTH), CALLS)]
                if layer + 1 < LAYERS
                else []
            )
            text.append(f"def f{layer}_{i}():\n{''.join(some)}    pass\n")
        (root / f"layer{layer}.py").write_text("\n".join(text))
    for i in range(N_ITEMS):
        text = [f"class Item{i}:\n    def name_{i}(self):\n        return {i}\n"]
        text += [f"    def part_{k}(self):\n        return {k}\n" for k in range(METHODS)]
        (root / f"item{i}.py").write_text("\n".join(text))


def index(store: Store, root: Path) -> float:
    indexer = Indexer(root, store, Settings(), workers=0)
    started = time.perf_counter()
    indexer.refresh()
    indexer.close()
    return time.perf_counter() - started


def best(what: Callable[[], object]) -> float:
    """Seconds of the fastest round."""
    times = []
    for _ in range(ROUNDS):
        started = clock()
        what()
        times.append(clock() - started)
    return min(times)


def in_reader(store: Store, ask: Callable[[Reader], object]) -> float:
    """Seconds of a question, the reader being open."""
    with store.read() as reader:
        ask(reader)
        return best(lambda: ask(reader))


def second_tier(store: Store) -> dict[str, float]:
    with store.read() as reader:
        files = [record for record in reader.iter_files() if record.path.startswith("item")]
        symbols = [next(iter(reader.iter_symbols_of_file(record.path))).symbol_id for record in files]
    chunks = [make_chunk(0, 40, symbol, f"text of {i} " * 40) for i, symbol in enumerate(symbols)]
    runs = [make_execution(f"{i:08x}-77", 1_770_000_000 + i) for i in range(N_ITEMS)]
    assert len(files) == N_ITEMS
    found: dict[str, float] = {}

    def timed(name: str, write: Callable[[int], None]) -> None:
        times = []
        for round_ in range(3):
            started = clock()
            write(round_)
            times.append(clock() - started)
        found[name] = min(times)

    def put(details: Callable[[int], Details]) -> Callable[[int], None]:
        def write(_: int) -> None:
            with store.write() as txn:
                for i, record in enumerate(files):
                    txn.put_details(record.path, record.digest, details(i))

        return write

    def put_runs(round_: int) -> None:
        with store.write() as txn:
            for run in runs:
                txn.put_execution(run._replace(execution_id=f"{round_}-{run.execution_id}"))

    def one_by_one(round_: int) -> None:
        for i, record in enumerate(files[:100]):
            with store.write() as txn:
                txn.put_details(record.path, record.digest, Details(chunks=[chunks[i]]))
                txn.put_execution(runs[i]._replace(execution_id=f"one {round_} {i}"))

    timed("store 1,000 chunks", put(lambda i: Details(chunks=[chunks[i]])))
    timed("store 1,000 executions", put_runs)
    timed("store 1,000 file metrics", put(lambda i: Details(file_metrics=FileMetrics(3, i, 1.5))))
    timed(
        "store 1,000 symbol metrics",
        put(lambda i: Details(symbol_metrics=[SymbolMetrics(symbols[i], i, 1.5)])),
    )
    timed("100 x (chunk, execution), each committed", one_by_one)

    def check(values: list[object]) -> None:
        assert len(values) == N_ITEMS
        assert None not in values

    paths = [record.path for record in files]
    found["read 1,000 chunks"] = in_reader(
        store, lambda r: check([r.find_chunk(path, 0, 40) for path in paths])
    )
    found["read 1,000 executions by id"] = in_reader(
        store, lambda r: check([r.find_execution(f"2-{run.execution_id}") for run in runs])
    )
    found["read 1,000 file metrics"] = in_reader(
        store, lambda r: check([r.find_file_metrics(path) for path in paths])
    )
    found["read 1,000 symbol metrics"] = in_reader(
        store, lambda r: check([r.find_symbol_metrics(symbol) for symbol in symbols])
    )
    return found


def walk(reader: Reader, start: str, depth: int) -> int:
    """How many symbols are at most so many calls away; and each of them is looked at."""
    seen = {start}
    level = [start]
    for _ in range(depth):
        following: set[str] = set()
        for symbol in level:
            following.update(reader.find_callees(symbol))
        following -= seen
        seen |= following
        level = list(following)
    return len(seen)


def traversal(store: Store) -> tuple[dict[str, float], str]:
    with store.read() as reader:
        sources = [place.symbol_id for i in range(FAN) for place in reader.find_by_fqn(f"fan.py::source_{i}")]
        leaves = [place.symbol_id for i in range(FAN) for place in reader.find_by_fqn(f"fan.py::leaf_{i}_7")]
        (start,) = reader.find_by_fqn("layer0.py::f0_0")
        n_reached = walk(reader, start.symbol_id, 10)
        fqns = [f"item{i}.py::Item{i}.name_{i}" for i in range(N_ITEMS)]
        ids = [reader.find_by_fqn(fqn)[0].symbol_id for fqn in fqns]
    assert len(sources) == len(leaves) == FAN
    assert n_reached > (LAYERS - 4) * WIDTH

    def expand(reader: Reader) -> None:
        assert sum(len(reader.find_callees(symbol)) for symbol in sources) == FAN * FAN

    def turn_round(reader: Reader) -> None:
        assert sum(len(reader.find_callers(symbol)) for symbol in leaves) == FAN

    def reach(reader: Reader) -> None:
        assert walk(reader, start.symbol_id, 10) == n_reached

    def by_id(reader: Reader) -> None:
        assert None not in [reader.find_symbol(symbol) for symbol in ids]

    def by_fqn(reader: Reader) -> None:
        assert all(reader.find_by_fqn(fqn) for fqn in fqns)

    def by_name(reader: Reader) -> None:
        assert all(reader.find_by_name(f"name_{i}") for i in range(N_ITEMS))

    def services(reader: Reader) -> None:
        snapshot = Snapshot(StoreSource(reader))
        assert (
            len(walks.reachable(snapshot, [(start.path, start.definition)], depth=10).symbols)
            == n_reached - 1
        )

    def whole_graph(reader: Reader) -> None:
        assert not whole.cycles(Snapshot(StoreSource(reader))).cycles

    def one_reader_each() -> None:
        for symbol in ids:
            with store.read() as reader:
                assert reader.find_symbol(symbol) is not None

    found = {
        "callees of 100 functions, 100 each": in_reader(store, expand),
        "callers of 100 functions, 1 each": in_reader(store, turn_round),
        f"reach {n_reached} symbols in 10 steps": in_reader(store, reach),
        "the same as `reachable` answers it": in_reader(store, services),
        "cycles of the whole graph": in_reader(store, whole_graph),
        "1,000 symbols by id": in_reader(store, by_id),
        "1,000 symbols by name": in_reader(store, by_name),
        "1,000 symbols by fqn": in_reader(store, by_fqn),
        "1,000 symbols by id, a reader each": best(one_reader_each),
    }
    return found, start.symbol_id


def process_s(*command: str) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, capture_output=True, check=False)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def original(program: str, database: Path, folder: Path) -> dict[str, float]:
    """Seconds that the original takes for single questions of the same kinds."""
    copy = str(folder / f"{Path(program).parent.parent.name}.db")
    shutil.copy(database, copy)

    def ask(*command: str) -> list[dict[str, object]]:
        run = subprocess.run(
            [program, *command, "--output", "json"], capture_output=True, text=True, check=True
        )
        return next(value for value in json.loads(run.stdout)["data"].values() if isinstance(value, list))

    def find(name: str) -> str:
        (found,) = [one for one in ask("find", "--db", copy, "--name", name) if one["name"] == name]
        return str(found["symbol_id"])

    start, fan = find("f0_0"), find("source_7")
    assert len(ask("reachable", "--db", copy, "--symbol", start)) > (LAYERS - 4) * WIDTH
    assert len(ask("reachable", "--db", copy, "--symbol", fan)) == FAN
    idle = process_s(program, "--version")
    return {
        "callees of one function, 100": process_s(program, "reachable", "--db", copy, "--symbol", fan) - idle,
        "reach the same symbols": process_s(program, "reachable", "--db", copy, "--symbol", start) - idle,
        "one symbol by name": process_s(program, "find", "--db", copy, "--name", "f5_5") - idle,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--original", action="append", default=[], metavar="PROGRAM", help="Magellan's own program"
    )
    parser.add_argument("--clock", choices=CLOCKS, default="processor", help="what is counted")
    given = parser.parse_args()
    global clock
    clock = CLOCKS[given.clock]
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "workspace"
        root.mkdir()
        write_sources(root)
        results: dict[str, dict[str, float]] = {}
        for backend in BACKENDS:
            with open_store(Path(place) / backend, backend=backend, root=root) as store:  # type: ignore[attr-defined]
                seconds = index(store, root)
                print(f"{backend}: indexed in {seconds:.1f} s, {store.stats()['file_bytes'] >> 20} MiB")
                results[backend] = {**traversal(store)[0], **second_tier(store)}
        print(f"\n{'milliseconds, ' + given.clock:44}{'LMDB':>10}{'SQLite':>10}{'times':>8}")
        for name, fast in results["lmdb"].items():
            slow = results["sqlite"][name]
            print(f"{name:44}{1e3 * fast:10.2f}{1e3 * slow:10.2f}{slow / fast:8.1f}")
        database = backend_folder(Path(place) / "sqlite", "sqlite") / "magellan.db"
        for program in given.original:
            print(f"\n{program}, milliseconds")
            for name, seconds in original(program, database, Path(place)).items():
                print(f"{name:44}{1e3 * seconds:10.0f}", flush=True)


if __name__ == "__main__":
    main()
