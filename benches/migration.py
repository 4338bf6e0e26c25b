"""How long a migration takes, and how much memory, beside SQLite reading the same rows in one process.

    python benches/migration.py [--rows 1000000] [--keep FOLDER]

Makes a database in Magellan's schema 7 with about so many rows, spread over its tables as in real ones, reads all of
it with SQLite, migrates it to LMDB and back with the command's own code (each in a process of its own), and prints the
times, their ratios to the reading, and the peak of memory. Then compares every row of every table.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from magellan_lsp.store.sqlite import schema

#: Rows of each kind that one symbol brings along, about as in Magellan's index of flask.
REFERENCES, CALLS, NODES, BLOCKS = 2, 1, 5, 1
SYMBOLS_IN_FILE = 20
WORDS = ("load", "store", "größe", "名前", "parse", "emit", "naïve", "walk", "visit", "🙂")


def make(path: Path, n_rows: int) -> int:
    """Make a database of about ``n_rows`` rows; gives how many it has."""
    per_symbol = 1 + REFERENCES + CALLS + 1 + REFERENCES + 2 * CALLS + 2 + 1 + 1 + NODES + BLOCKS
    n_symbols = max(n_rows // per_symbol, 1)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    for statement in schema.statements(1_770_000_000):
        if schema.PREFIX not in statement:
            connection.execute(statement)
    for table, rows in _rows(n_symbols):
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    connection.execute("COMMIT")
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    ]
    total = sum(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names)
    connection.close()
    return total


def _rows(n_symbols: int) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    chance = random.Random(7)
    entity = edge = node = block = 0
    symbols: list[int] = []
    for first in range(0, n_symbols, SYMBOLS_IN_FILE):
        path = f"/ws/src/pkg{first // 2000}/mod_{first}.py"
        entities, edges, labels, chunks, nodes, blocks, metrics = [], [], [], [], [], [], []
        entity += 1
        file = entity
        data = {
            "path": path,
            "hash": sha256(path.encode()).hexdigest(),
            "last_indexed_at": 1,
            "last_modified": 1,
        }
        entities.append((file, "File", path, path, json.dumps(data)))
        for i in range(min(SYMBOLS_IN_FILE, n_symbols - first)):
            start, end = i * 400, i * 400 + 380
            name = f"{chance.choice(WORDS)}_{first + i}"
            span = {"byte_start": start, "byte_end": end, "start_line": i * 9 + 1, "start_col": 0}
            span |= {"end_line": i * 9 + 8, "end_col": 4}
            entity += 1
            symbol = entity
            symbols.append(symbol)
            identity = sha256(f"{path}{i}".encode()).hexdigest()[:16]
            data = {"symbol_id": identity, "fqn": name, "canonical_fqn": f".::{path}::Function {name}"}
            data |= {
                "display_fqn": f"..{name}",
                "name": name,
                "kind": "Function",
                "kind_normalized": "fn",
                **span,
            }
            entities.append((symbol, "Symbol", name, path, json.dumps(data)))
            edge += 1
            edges.append((edge, file, symbol, "DEFINES", "{}"))
            labels += [(symbol, "python"), (symbol, "fn")]
            text = f"def {name}(value):\n" + f"    return {chance.choice(WORDS)}(value)  # {name}\n" * 8
            chunk_hash = sha256(text.encode()).hexdigest()
            chunks.append((None, path, start, end, text, chunk_hash, name, "fn", 1_770_000_000))
            metrics.append((symbol, name, "fn", path, 9, 9.5, 0, 0, 1, 1_770_000_000))
            for _ in range(REFERENCES):
                entity += 1
                edge += 1
                entities.append(
                    (entity, "Reference", f"ref to {name}", path, json.dumps({"file": path, **span}))
                )
                edges.append((edge, entity, chance.choice(symbols), "REFERENCES", json.dumps(span)))
            for _ in range(CALLS):
                entity += 1
                call = {"file": path, "caller": name, "callee": "x", "caller_symbol_id": identity, **span}
                entities.append((entity, "Call", f"{name} calls x", path, json.dumps(call)))
                edges.append((edge + 1, symbol, entity, "CALLER", "{}"))
                edges.append((edge + 2, entity, chance.choice(symbols), "CALLS", "{}"))
                edge += 2
            for n in range(NODES):
                node += 1
                nodes.append((node, node - 1 if n else None, "block", start + n, end - n, file))
            for _ in range(BLOCKS):
                block += 1
                blocks.append((block, symbol, "entry", "fallthrough", start, end, 1, 0, 2, 0))
        yield "graph_entities", entities
        yield "graph_edges", edges
        yield "graph_labels", labels
        yield "code_chunks", chunks
        yield "ast_nodes", nodes
        yield "cfg_blocks", blocks
        yield "symbol_metrics", metrics
        yield "file_metrics", [(path, len(labels) // 2, 180, 200.0, 0, 0, 18.0, 1_770_000_000)]
    for n in range(100):
        yield (
            "execution_log",
            [
                (
                    n + 1,
                    f"{n:x}-1",
                    "2.3.1",
                    '["watch"]',
                    "/ws",
                    "/ws/m.db",
                    n,
                    n,
                    3,
                    "success",
                    None,
                    0,
                    0,
                    0,
                ),
            ],
        )


def read_all(path: Path) -> int:
    """What SQLite needs at least: every row of every table, as Python values."""
    connection = sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)
    n_rows = 0
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        for _ in connection.execute(f"SELECT * FROM {name}"):
            n_rows += 1
    return n_rows


def same_rows(one: Path, other: Path) -> list[str]:
    """Tables of which some row differs."""
    connection = sqlite3.connect(f"{one.as_uri()}?immutable=1", uri=True)
    connection.execute("ATTACH ? AS other", (f"{other.as_uri()}?immutable=1",))
    different = []
    for (name,) in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
        mine = connection.execute(f"SELECT * FROM main.{name} ORDER BY rowid")
        theirs = connection.execute(f"SELECT * FROM other.{name} ORDER BY rowid")
        if any(a != b for a, b in zip(mine, theirs, strict=True)):
            different.append(name)
    return different


def measured(*arguments: str) -> tuple[float, float, float]:
    """(seconds, those of the processor, peak of memory in MB) of this script in a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    if run.returncode:
        raise SystemExit(run.stderr)
    seconds, worked, peak = map(float, run.stdout.split()[-3:])
    return seconds, worked, peak


class Watch:
    """The most memory of its own that this process takes while it runs: what it maps of files is the system's to keep
    or to drop. Where the system does not tell that apart, all of it.
    """

    def __init__(self) -> None:
        self._peak = 0.0
        if Path("/proc/self/status").exists():
            threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            for line in Path("/proc/self/status").read_text().splitlines():
                if line.startswith("RssAnon"):
                    self._peak = max(self._peak, int(line.split()[1]) / 1024)
            time.sleep(0.01)

    def peak(self) -> float:
        """In MB (2**20 bytes)."""
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return self._peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def step(name: str, source: Path, target: Path | None) -> None:
    """One thing to measure, in this process."""
    watch = Watch()
    began, worked = time.perf_counter(), time.process_time()
    if name == "read":
        read_all(source)
    elif name == "nothing":
        pass
    else:
        from magellan_lsp.migrate.convert import convert

        assert target is not None
        convert(source, target)
    print(time.perf_counter() - began, time.process_time() - worked, watch.peak())


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="work in this folder and leave everything there")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        step(given.step[0], Path(given.step[1]), Path(given.step[2]) if len(given.step) > 2 else None)
        return 0
    with tempfile.TemporaryDirectory() as place:
        folder = given.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        database, index, back = folder / "big.db", folder / "index", folder / "back.db"
        n_rows = make(database, given.rows)
        print(f"{n_rows:,} rows, {database.stat().st_size / 1e6:.0f} MB")
        _, _, idle = measured("--step", "nothing", str(database))
        reads = [measured("--step", "read", str(database)) for _ in range(3)]
        reading, work, peak = (min(values) for values in zip(*reads, strict=True))
        print(
            f"SQLite reads them      {reading:6.2f} s           processor {work:6.2f} s           peak {peak:4.0f} MB"
            f" (Python alone {idle:.0f})"
        )
        for text, source, target in (
            ("migrated to LMDB", database, index),
            ("and back to SQLite", index, back),
        ):
            seconds, worked, peak = measured("--step", "convert", str(source), str(target))
            print(
                f"{text:22} {seconds:6.2f} s  {seconds / reading:4.1f} x   processor {worked:6.2f} s"
                f"  {worked / work:4.1f} x   peak {peak:4.0f} MB"
            )
        different = same_rows(database, back)
        print("every row is equal" if not different else f"DIFFERENT: {', '.join(different)}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
