"""Do Magellan's own programs read what the SQLite backend writes? Run with their paths::

    python tests/conformance/magellan.py [--workspace FOLDER] [--samples N] [--through-lmdb] PROGRAM...

Indexes the workspace (by default this repository's package), computes all details, then asks each program about a
copy of the database (they write into what they read) and compares its answers with ours: every file, and samples of
symbols that are spread over the workspace. Prints a line for each question; the exit code is 1 when an answer differs.

To build the programs: ``cargo install magellan --version 2.3.1 --locked --root FOLDER``, and 4.17.0 likewise.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import rustworkx  # noqa: E402

from magellan_lsp.extract.details import details  # noqa: E402
from magellan_lsp.facts.kinds import Role  # noqa: E402
from magellan_lsp.indexer.pipeline import Indexer  # noqa: E402
from magellan_lsp.languages.registry import get_language  # noqa: E402
from magellan_lsp.migrate.convert import convert  # noqa: E402
from magellan_lsp.settings import Settings  # noqa: E402
from magellan_lsp.store.base import Reader, SymbolHit  # noqa: E402
from magellan_lsp.store.open import Backend, backend_folder, open_store  # noqa: E402
from magellan_lsp.store.second_tier import Details  # noqa: E402
from magellan_lsp.store.words import kind_key, language_word  # noqa: E402


class Expected:
    """What our store says, in the terms of Magellan's answers. Paths are absolute."""

    def __init__(self, reader: Reader, root: Path, ids: dict[str, str]) -> None:
        self._reader = reader
        self._root = root
        self.id_of = ids  # our SymbolId -> Magellan's
        self.ours = {theirs: ours for ours, theirs in ids.items()}
        self.files = [self.absolute(record.path) for record in reader.iter_files()]
        self.hits = list(reader.iter_symbols())
        self.by_id = {hit.symbol_id: hit for hit in self.hits}
        self.chunks = {record.path: reader.find_chunks(record.path) or [] for record in reader.iter_files()}
        self.n_references = 0
        self.calls: list[tuple[str, str, str, int, int]] = []  # caller, callee, path, start, end
        for hit in self.hits:
            for one in reader.iter_references(hit.symbol_id):
                self.n_references += one.role != Role.DEFINITION
                if one.role == Role.CALL:
                    facts = reader.find_facts(one.path)
                    assert facts is not None
                    caller = facts.symbol_id(one.container)
                    assert caller is not None
                    self.calls.append((caller, hit.symbol_id, self.absolute(one.path), one.start, one.end))

    def absolute(self, path: str) -> str:
        return f"{self._root}/{path}"

    def name(self, hit: SymbolHit) -> str:
        return hit.name if hit.definition else hit.path.rpartition("/")[2]

    def functions(self) -> list[SymbolHit]:
        """Functions and methods whose name is no other symbol's in the same file: a question by name means them."""
        names = Counter((hit.path, self.name(hit)) for hit in self.hits)
        return [
            hit
            for hit in self.hits
            if kind_key(hit.kind) in ("fn", "method") and names[hit.path, self.name(hit)] == 1
        ]

    def reachable(self, symbol: str, *, backward: bool = False) -> set[str]:
        step = self._reader.find_callers if backward else self._reader.find_callees
        seen: set[str] = set()
        todo = [symbol]
        while todo:
            for other in step(todo.pop()):
                if other not in seen and other in self.by_id:
                    seen.add(other)
                    todo.append(other)
        return {self.id_of[one] for one in seen - {symbol}}

    def cycles(self) -> set[frozenset[str]]:
        graph: rustworkx.PyDiGraph[str, None] = rustworkx.PyDiGraph()
        nodes = {symbol: graph.add_node(symbol) for symbol in self.by_id}
        for caller, callee, *_ in self.calls:
            graph.add_edge(nodes[caller], nodes[callee], None)
        return {
            frozenset(self.id_of[graph[node]] for node in component)
            for component in rustworkx.strongly_connected_components(graph)
            if len(component) > 1 or graph.has_edge(component[0], component[0])
        }


class Program:
    """One program of Magellan and the copy of the database that it is asked about."""

    def __init__(self, path: Path, database: Path) -> None:
        self.path = path
        self._database = database

    def ask(self, command: str, *options: str) -> Any:
        """The ``data`` of its JSON answer."""
        run = self._run(command, *options, "--output", "json")
        if run.returncode:
            raise AssertionError(
                f"{command} {' '.join(options)}: exit code {run.returncode}: {run.stderr[-300:]}"
            )
        return json.loads(run.stdout)["data"]

    def lines(self, command: str, *options: str) -> list[str]:
        """What it prints for people."""
        return self._run(command, *options).stdout.splitlines()

    def _run(self, command: str, *options: str) -> subprocess.CompletedProcess[str]:
        full = [str(self.path), command, "--db", str(self._database), *options]
        return subprocess.run(full, capture_output=True, text=True, check=False)


def spread(items: Sequence[Any], n: int) -> list[Any]:
    """n items, evenly over all."""
    return list(items) if len(items) <= n else [items[i * len(items) // n] for i in range(n)]


def check_status(program: Program, expected: Expected, n: int) -> None:
    found = program.ask("status")
    wanted = {
        "files": len(expected.files),
        "symbols": len(expected.hits),
        "references": expected.n_references,
        "calls": len(expected.calls),
        "code_chunks": len({(p, c.start, c.end) for p, chunks in expected.chunks.items() for c in chunks}),
    }
    same({key: found[key] for key in wanted}, wanted)


def check_files(program: Program, expected: Expected, n: int) -> None:
    same(program.ask("files")["files"], expected.files)


def check_query(program: Program, expected: Expected, n: int) -> None:
    for path in spread(sorted(expected.chunks), n):
        found = program.ask("query", "--file", expected.absolute(path))["symbols"]
        wanted = [hit for hit in expected.hits if hit.path == path]
        same(sorted(map(symbol_of, found)), sorted(symbol_of_hit(expected, hit) for hit in wanted))


def check_find(program: Program, expected: Expected, n: int) -> None:
    names = Counter(expected.name(hit) for hit in expected.hits)
    for hit in spread([hit for hit in expected.hits if names[expected.name(hit)] == 1], n):
        # 4.x also finds names that begin so.
        found = program.ask("find", "--name", expected.name(hit))["matches"]
        exact = [symbol_of(one) for one in found if one["name"] == expected.name(hit)]
        same(exact, [symbol_of_hit(expected, hit)])


def check_find_by_path(program: Program, expected: Expected, n: int) -> None:
    for hit in spread(expected.functions(), n):
        options = ("--name", expected.name(hit), "--path", expected.absolute(hit.path))
        same(
            [symbol_of(one) for one in program.ask("find", *options)["matches"]],
            [symbol_of_hit(expected, hit)],
        )


def check_refs(program: Program, expected: Expected, n: int) -> None:
    for hit in spread(expected.functions(), n):
        for direction, end in (("in", 1), ("out", 0)):
            options = ("--name", hit.name, "--path", expected.absolute(hit.path), "--direction", direction)
            found = program.ask("refs", *options)["references"]
            spans = [(r["span"]["file_path"], r["span"]["byte_start"], r["span"]["byte_end"]) for r in found]
            same(
                sorted(set(spans)),
                sorted({call[2:] for call in expected.calls if call[end] == hit.symbol_id}),
            )


def check_get(program: Program, expected: Expected, n: int) -> None:
    text = {chunk.symbol: chunk.text for chunks in expected.chunks.values() for chunk in chunks}
    for hit in spread([hit for hit in expected.functions() if hit.symbol_id in text], n):
        found = program.ask("get", "--file", expected.absolute(hit.path), "--symbol", hit.name)
        same(found["content"], text[hit.symbol_id])


def check_reachable(program: Program, expected: Expected, n: int) -> None:
    for hit in spread(expected.functions(), n):
        for options, backward in (((), False), (("--reverse",), True)):
            found = program.ask("reachable", "--symbol", expected.id_of[hit.symbol_id], *options)["symbols"]
            ids = {one["symbol_id"] for one in found} - {expected.id_of[hit.symbol_id]}
            same(ids, expected.reachable(hit.symbol_id, backward=backward))


def check_cycles(program: Program, expected: Expected, n: int) -> None:
    found = program.ask("cycles")["cycles"]
    same({frozenset(one["symbol_id"] for one in cycle["members"]) for cycle in found}, expected.cycles())


def check_labels(program: Program, expected: Expected, n: int) -> None:
    wanted: Counter[str] = Counter()
    for hit in expected.hits:
        wanted[kind_key(hit.kind)] += 1
        record = expected._reader.find_file(hit.path)
        assert record is not None
        wanted[language_word(record.language)] += 1
    found = {}
    for line in program.lines("label", "--list"):
        word, _, count = line.strip().partition(" (")
        if count.endswith(")") and count[:-1].isdigit():
            found[word] = int(count[:-1])
    same(found, dict(wanted))


def check_chunk_by_span(program: Program, expected: Expected, n: int) -> None:
    everything = [(path, chunk) for path, chunks in sorted(expected.chunks.items()) for chunk in chunks]
    for path, chunk in spread(everything, n):
        span = ("--start", str(chunk.start), "--end", str(chunk.end))
        found = program.ask("chunk-by-span", "--file", expected.absolute(path), *span)
        same((found["content"], found["content_hash"]), (chunk.text, chunk.hash))


def check_syntax(program: Program, expected: Expected, n: int) -> None:
    kinds: Counter[str] = Counter()
    for path in expected.chunks:
        kinds.update(node.kind for node in expected._reader.find_ast(path) or ())
    for kind in spread(sorted(kinds), n):
        same(len(program.ask("find-ast", "--kind", kind)["nodes"]), kinds[kind])


CHECKS: dict[str, Callable[[Program, Expected, int], None]] = {
    "status": check_status,
    "files": check_files,
    "query": check_query,
    "find": check_find,
    "find --path": check_find_by_path,
    "refs": check_refs,
    "get": check_get,
    "reachable": check_reachable,
    "cycles": check_cycles,
    "label": check_labels,
    "chunk-by-span": check_chunk_by_span,
    "find-ast": check_syntax,
}


def same(found: Any, wanted: Any) -> None:
    if found != wanted:
        if isinstance(found, set):
            found, wanted = found - wanted, wanted - found
        raise AssertionError(f"\n    found  {short(found)}\n    wanted {short(wanted)}")


def short(value: Any) -> str:
    text = str(sorted(value) if isinstance(value, set) else value)
    return text if len(text) < 600 else text[:600] + "…"


def symbol_of(found: dict[str, Any]) -> tuple[Any, ...]:
    span = found["span"]
    names = ("file_path", "byte_start", "byte_end")
    return (found["name"], found["kind"], found["symbol_id"], *(span[name] for name in names))


def symbol_of_hit(expected: Expected, hit: SymbolHit) -> tuple[Any, ...]:
    place = (expected.absolute(hit.path), hit.start, hit.end)
    return (expected.name(hit), kind_key(hit.kind), expected.id_of[hit.symbol_id], *place)


def index(workspace: Path, folder: Path, *, through_lmdb: bool = False) -> Path:
    """Index the workspace with all details; gives the database. ``through_lmdb``: made by the migration from there."""
    database = backend_folder(folder, "sqlite") / "magellan.db"
    if through_lmdb:
        fill(workspace, folder, "lmdb")
        database.parent.mkdir()
        convert(folder, database, root=workspace)
    else:
        fill(workspace, folder, "sqlite")
    return database


def fill(workspace: Path, folder: Path, backend: Backend) -> None:
    """Index the workspace with all details."""
    with open_store(folder, backend=backend, root=workspace) as store:
        indexer = Indexer(workspace, store, Settings(), workers=0)
        indexer.refresh()
        indexer.close()
        with store.read() as reader, store.bulk() as txn:
            for record in reader.iter_files():
                facts = reader.find_facts(record.path)
                if facts is not None:
                    source = (workspace / record.path).read_bytes()
                    made = details(facts, get_language(record.language), source, now=1_770_000_000)
                    txn.put_details(record.path, record.digest, Details(*made))


def ids_of(reader: Any) -> dict[str, str]:
    """Magellan's ids by ours, as they stand in the database."""
    rows = reader.connection.execute("SELECT symbol, magellan_id FROM magellan_lsp_symbol")
    return {symbol.hex(): theirs for symbol, theirs in rows}


def check(
    workspace: Path,
    programs: Iterable[Path],
    n_samples: int,
    only: Sequence[str] = (),
    *,
    through_lmdb: bool = False,
) -> int:
    """Ask every program everything; gives how many answers differ."""
    n_different = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "index"
        database = index(workspace, folder, through_lmdb=through_lmdb)
        with open_store(folder, "read", backend="sqlite", root=workspace) as store, store.read() as reader:
            expected = Expected(reader, workspace, ids_of(reader))
            print(f"{len(expected.files)} files, {len(expected.hits)} symbols, {len(expected.calls)} calls")
            for i, path in enumerate(programs):
                copy = Path(place) / f"{i}.db"
                shutil.copy(database, copy)
                program = Program(path, copy)
                version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
                print(f"{path}: {version.stdout.strip() or 'says no version'}")
                for name, question in CHECKS.items():
                    if only and name not in only:
                        continue
                    try:
                        question(program, expected, n_samples)
                        print(f"  {name:14} same")
                    except (AssertionError, KeyError, TypeError, ValueError) as error:
                        n_different += 1
                        print(f"  {name:14} DIFFERENT {type(error).__name__}: {error}")
    return n_different


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("programs", nargs="+", type=Path, metavar="PROGRAM", help="an executable of Magellan")
    parser.add_argument("--workspace", type=Path, default=ROOT / "magellan_lsp", help="the folder to index")
    parser.add_argument(
        "--samples", type=int, default=25, help="how many symbols or files each question is about"
    )
    parser.add_argument("--only", action="append", default=[], choices=CHECKS, help="ask nothing else")
    parser.add_argument(
        "--through-lmdb", action="store_true", help="ask about a database that was migrated from LMDB"
    )
    given = parser.parse_args()
    n_different = check(
        given.workspace.resolve(),
        given.programs,
        given.samples,
        given.only,
        through_lmdb=given.through_lmdb,
    )
    return 1 if n_different else 0


if __name__ == "__main__":
    sys.exit(main())
