"""What is measured, each as one function that gives plain numbers. Seconds of wall clock unless named otherwise.

Beside wall time stands the processor time of the process and its children, which other work on the machine disturbs
less. Everything that a ratio compares runs within the same call.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benches.wire import SERVER, Client
from magellan_lsp.extract.parse import parse
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefKind, Role
from magellan_lsp.indexer.discover import scan
from magellan_lsp.indexer.ignore import Matcher
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.languages.registry import get_language, is_source, language_name
from magellan_lsp.settings import Settings
from magellan_lsp.store.open import open_store
from magellan_lsp.text import LineIndex

Figures = dict[str, float]

LANGUAGE_IDS = {"tsx": "typescriptreact"}
QUERIES = (
    "get",
    "save",
    "Model",
    "test",
    "qs",
    "view",
    "admin",
    "form",
    "a",
    "Field",
    "render",
    "xyzzy",
    "url",
    "setUp",
)
RIVAL = "@optave/codegraph@3.11.2"

EMPTY_SERVER = """
from pygls.lsp.server import LanguageServer
from lsprotocol import types
server = LanguageServer("empty", "1")
@server.feature(types.TEXT_DOCUMENT_DEFINITION)
def definition(params):
    return None
server.start_io()
"""


def processor_s() -> float:
    """Processor time of this process and of those children that have ended."""
    return sum(
        one.ru_utime + one.ru_stime
        for one in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


@contextmanager
def workspace(source: Path) -> Iterator[Path]:
    """A copy of a folder, without an index, that may be written in."""
    with tempfile.TemporaryDirectory(prefix="magellan-bench-") as place:
        root = Path(place) / source.name
        shutil.copytree(source, root, ignore=shutil.ignore_patterns(".magellan"), symlinks=True)
        yield root


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def sources(root: Path) -> list[tuple[str, str, bytes]]:
    """(path, language, bytes) of what the index would take in."""
    settings = Settings()
    matcher = Matcher(
        root, include=settings.include, exclude=settings.exclude, max_file_size=settings.max_file_size
    )
    found = []
    for one in sorted(scan(matcher, is_source)):
        data = (root / one.path).read_bytes()
        language = language_name(one.path, data)
        if language:
            found.append((one.path, language, data))
    return found


def parsing(files: Sequence[tuple[str, str, bytes]]) -> tuple[float, float]:
    """Wall and processor time of parsing all files in this process."""
    began, used = time.perf_counter(), time.process_time()
    for _, language, data in files:
        parse(get_language(language), data)
    return time.perf_counter() - began, time.process_time() - used


def cold(root: Path) -> Figures:
    """A first index of a folder, parsing before and after it, and a second run in which nothing has changed."""
    files = sources(root)
    parsing(files)  # loads the grammars
    before = parsing(files)
    with tempfile.TemporaryDirectory(prefix="magellan-index-") as place:
        with open_store(Path(place) / "index", "write") as store:
            indexer = Indexer(root, store, Settings())
            began, used = time.perf_counter(), processor_s()
            summary = indexer.refresh()
            store.sync()
            wall = time.perf_counter() - began
            indexer.close()
            used = processor_s() - used
        with open_store(Path(place) / "index", "write") as store:
            again = Indexer(root, store, Settings())
            began = time.perf_counter()
            again.refresh()
            unchanged = time.perf_counter() - began
            again.close()
            size = float(store.stats()["used_bytes"])
    after = parsing(files)
    parse_wall, parse_used = (before[0] + after[0]) / 2, (before[1] + after[1]) / 2
    n_bytes = sum(len(data) for _, _, data in files)
    lines = sum(data.count(b"\n") for _, _, data in files)
    return {
        "files": len(files),
        "lines": lines,
        "MB": n_bytes / 1e6,
        "symbols": summary.symbols,
        "parse_s": parse_wall,
        "cold_s": wall,
        "cold_over_parse": wall / parse_wall,
        "cpu_over_parse": used / parse_used,
        "extract_s": summary.extract_s,
        "link_s": summary.link_s,
        "cpu_us_per_line": used / lines * 1e6,
        "unchanged_s": unchanged,
        "index_over_source": size / n_bytes,
    }


def rival(root: Path, tools: Path, rounds: int = 3) -> Figures:
    """Seconds of wall clock of our command and of the nearest rival's, each on a fresh copy, taken in turns: the machine
    is as busy for the one as for the other. Nothing where npm cannot install the rival.
    """
    program = tools / "node_modules" / ".bin" / "codegraph"
    if not program.exists():
        installed = subprocess.run(
            ["npm", "install", "--silent", "--prefix", str(tools), RIVAL], capture_output=True, check=False
        )
        if installed.returncode:
            return {}
    commands = {
        "ours": (sys.executable, "-m", "magellan_lsp", "index"),
        "rival": (str(program), "build", "."),
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    paths = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH")]))
    for _ in range(rounds):
        for name, command in commands.items():
            with workspace(root) as copy:
                began = time.perf_counter()
                done = subprocess.run(
                    command,
                    cwd=copy,
                    env={**os.environ, "PYTHONPATH": paths},
                    capture_output=True,
                    check=False,
                )
                took = time.perf_counter() - began
                times[name].append(took if done.returncode == 0 else float("nan"))
    found: Figures = {}
    for name, taken in times.items():
        found[f"{name}_min_s"], found[f"{name}_median_s"] = min(taken), statistics.median(taken)
    found["ours_over_rival"] = found["ours_median_s"] / found["rival_median_s"]
    return found


def empty_server(rounds: int = 400) -> Figures:
    """An empty pygls server: spawn to the reply to ``initialize``, and the time of a handler that does nothing."""
    starts = []
    for _ in range(3):
        client = Client((sys.executable, "-c", EMPTY_SERVER))
        client.initialize(None)
        starts.append(client.since_start_s())
        if len(starts) < 3:
            client.close()
    times = timed(lambda: client.at("textDocument/definition", "file:///a", 0, 0), rounds)
    client.close()
    return {"start_s": min(starts), "p50_ms": quantile(times, 0.5) * 1e3}


def timed(ask: Callable[[], Any], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return times


class Place:
    """A name in a file: where it is, in UTF-8 columns."""

    def __init__(
        self, path: str, language: str, facts: FileFacts, index: LineIndex, start: int, targets: set[str]
    ) -> None:
        at = index.line_column(start, "utf-8")
        self.path, self.language, self.line, self.column = (
            path,
            LANGUAGE_IDS.get(language, language),
            at.line,
            at.column,
        )
        self.targets = targets
        self.symbols = len(facts.symbol_ids)


def places(root: Path, index: Path, n: int, seed: int = 1) -> tuple[list[Place], list[Place]]:
    """(uses whose definition is in another file, functions and methods) of a workspace, chosen at random."""
    rng = random.Random(seed)
    uses, functions = [], []
    with open_store(index, "read") as store, store.read() as reader:
        records = [one for one in reader.iter_files() if one.language and one.n_symbols > 1]
        for record in rng.sample(records, min(len(records), 4 * n)):
            facts, links = reader.find_facts(record.path), reader.find_links(record.path)
            if facts is None or links is None:
                continue
            text = LineIndex((root / record.path).read_bytes())
            abroad = []
            for link in rng.sample(links.links, min(len(links.links), 40)):
                place = reader.find_symbol(link.target)
                if (
                    place is not None
                    and place.path != record.path
                    and facts.occ_role[link.occurrence] != Role.IMPORT
                ):
                    abroad.append((link.occurrence, place.path))
            if abroad:
                row, target = rng.choice(abroad)
                uses.append(Place(record.path, record.language, facts, text, facts.occ_start[row], {target}))
            rows = [
                row for row in facts.symbols() if facts.def_kind[row] in (DefKind.FUNCTION, DefKind.METHOD)
            ]
            rows = [row for row in rows if facts.def_name_end[row] > facts.def_name_start[row]]
            if rows:
                row = rng.choice(rows)
                functions.append(
                    Place(record.path, record.language, facts, text, facts.def_name_start[row], set())
                )
    return uses[:n], functions[:n]


def serve(root: Path, n: int = 60) -> Figures:
    """The server on a folder: from nothing, with an index, questions in both states, typing, memory."""
    found: Figures = {}
    with workspace(root) as copy:
        index = copy / ".magellan"
        with open_store(index, "write") as store:
            indexer = Indexer(copy, store, Settings())
            indexer.refresh()
            indexer.close()
        uses, functions = places(copy, index, n)
        first = uses[0]
        empty = empty_server()
        found["empty_start_s"], found["empty_p50_ms"] = empty["start_s"], empty["p50_ms"]

        def spawn() -> tuple[Client, float]:
            """A server with the first file open, and when it first gave the right answer there."""
            client = Client(SERVER)
            client.initialize(copy)
            uri = client.open(copy / first.path, first.language)

            def is_right() -> bool:
                answer = client.at("textDocument/definition", uri, first.line, first.column)
                return any(str(target) in str(answer) for target in first.targets)

            return client, client.until(is_right)

        starts = []
        for _ in range(3):
            client, at = spawn()
            starts.append(at)
            if len(starts) < 3:
                client.close()
        found["warm_start_s"] = min(starts)
        client.synchronize()
        opened: dict[str, str] = {}

        def ask(place: Place, method: str, **more: Any) -> Any:
            if place.path not in opened:
                opened[place.path] = client.open(copy / place.path, place.language)
            return client.at(method, opened[place.path], place.line, place.column, **more)

        for place in [*uses, *functions]:
            ask(place, "textDocument/definition")
        client.synchronize()
        times = [one for place in uses for one in timed(lambda p=place: ask(p, "textDocument/definition"), 8)]
        _note(found, "definition", times)
        context = {"includeDeclaration": True}
        times = [
            one
            for place in functions
            for one in timed(lambda p=place: ask(p, "textDocument/references", context=context), 3)
        ]
        _note(found, "references", times)
        items = [
            item for place in functions for item in ask(place, "textDocument/prepareCallHierarchy") or []
        ]
        times = [
            one
            for item in items
            for one in timed(lambda i=item: client.request("callHierarchy/incomingCalls", {"item": i}), 3)
        ]
        _note(found, "incoming", times)
        times = [
            one
            for query in QUERIES
            for one in timed(lambda q=query: client.request("workspace/symbol", {"query": q}), 5)
        ]
        _note(found, "search", times)
        _note(found, "edit", _edits(client, copy))
        client.synchronize()
        time.sleep(2)
        found["server_mb"], found["tree_mb"] = client.memory_mb()
        client.close()

        shutil.rmtree(index)
        client, found["cold_start_s"] = spawn()
        opened.clear()
        while_cold: list[float] = []
        edits_while_cold: list[float] = []
        typing = Typing(client, copy)
        done_at = time.perf_counter() + 600
        while time.perf_counter() < done_at and len(while_cold) < 4000:
            while_cold += timed(lambda: ask(first, "textDocument/definition"), 1)
            time.sleep(0.02)
            if len(while_cold) % 10 == 0:
                edits_while_cold.append(typing.round_s())
            if len(while_cold) % 25 == 0 and _is_ready(client):
                break
        _note(found, "definition_while_cold", while_cold)
        _note(found, "edit_while_cold", edits_while_cold)
        client.close()
    return found


def _note(found: Figures, name: str, times: Sequence[float]) -> None:
    found[f"{name}_p50_ms"], found[f"{name}_p95_ms"] = quantile(times, 0.5) * 1e3, quantile(times, 0.95) * 1e3


def _is_ready(client: Client) -> bool:
    return '"ready"' in str(client.request("magellan/status", {})).replace("'", '"')


class Typing:
    """A file of 1,000 lines in which the first function is renamed at each round."""

    def __init__(self, client: Client, root: Path) -> None:
        text = "".join(f"def made_{i}(value):\n    return value\n\n\n" for i in range(250))
        path = root / "magellan_bench_edits.py"
        path.write_text(text)
        self._client = client
        self._uri = client.open(path, "python", text)
        self._rounds = 0

    def round_s(self) -> float:
        """Seconds from the change to the answer about what it brought; infinite when that is none."""
        line = f"def added_{self._rounds}(): return added_{self._rounds}\n"
        began = time.perf_counter()
        self._client.change(self._uri, 0, 0, line, replaces_lines=1 if self._rounds else 0)
        answer = self._client.at("textDocument/definition", self._uri, 0, line.rindex("added"))
        took = time.perf_counter() - began
        self._rounds += 1
        return took if answer else float("inf")


def _edits(client: Client, root: Path, rounds: int = 30) -> list[float]:
    typing = Typing(client, root)
    client.synchronize()
    return [typing.round_s() for _ in range(rounds)]


def scanning(n_files: int = 10_000) -> Figures:
    """A sweep in which nothing has changed beside a bare walk of the same files."""
    with tempfile.TemporaryDirectory(prefix="magellan-scan-") as place:
        root = Path(place)
        for number in range(n_files):
            folder = root / f"part{number // 1000}" / f"group{number // 100 % 10}"
            if number % 100 == 0:
                folder.mkdir(parents=True)
            (folder / f"module{number % 100}.py").touch()

        def bare() -> None:
            stack = [place]
            while stack:
                with os.scandir(stack.pop()) as entries:
                    for entry in entries:
                        if entry.is_dir(follow_symlinks=False):
                            stack.append(entry.path)
                        else:
                            entry.stat(follow_symlinks=False)

        def ours() -> None:
            settings = Settings()
            matcher = Matcher(root, include=(), exclude=(), max_file_size=settings.max_file_size)
            assert sum(1 for _ in scan(matcher, is_source)) == n_files

        rounds = [(timed(bare, 1)[0], timed(ours, 1)[0]) for _ in range(7)]
    walk, sweep = min(one for one, _ in rounds), min(one for _, one in rounds)
    return {"walk_ms": walk * 1e3, "scan_ms": sweep * 1e3, "scan_over_walk": sweep / walk}
