"""Random and mutated input for everything that parses: no crash, no input over a second of CPU, no growth of memory.

    python tests/soak/fuzz.py [--inputs N] [--seed S] [--only KIND]... [--processes N]

Kinds: ``sources`` (mutated sources of every language through extraction, the second tier, encoding and linking),
``projects`` (project files), ``patterns`` (ignore files and settings' globs), ``records`` (damaged records of the store),
``edits`` (changes of a document), ``settings``, ``frames`` (bytes on the wire); ``messages`` goes to a real server
process and ``databases`` to the migrator. Sources to mutate are those of ``tests/cases``. An input that fails is
written to ``--keep`` and reported with its seed; the same seed gives the same inputs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import sys
import time
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import psutil

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from support.cases import load_cases

from magellan_lsp.errors import MagellanError
from magellan_lsp.extract.details import details
from magellan_lsp.extract.engine import extract
from magellan_lsp.indexer.wildmatch import PatternList, expand_globs
from magellan_lsp.languages.registry import get_language, language_name, project_files
from magellan_lsp.protocol.transport import BrokenStream, Framing
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.source import MemorySource
from magellan_lsp.settings import read_settings
from magellan_lsp.store import codec
from magellan_lsp.text import ContentChange, LineColumn, LineIndex, apply_changes

CASES = Path(__file__).resolve().parents[1] / "cases"
#: CPU seconds that one input may take.
BOUND_S = 1.0
#: An input is at most so long, that a million of them end.
LONGEST = 4_000

#: What mutations put in: what begins and ends things in some language, and what breaks texts.
TOKENS = [
    b"(", b")", b"{", b"}", b"[", b"]", b"<", b">", b"::", b".", b"->", b"=>", b"=", b";", b":", b",",
    b"*", b"&", b"@", b"#", b'"', b"'", b"`", b'"""', b"/*", b"*/", b"//", b"\\", b"\n", b"\r", b"\r\n",
    b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", "😀".encode(), "é".encode(), b"class ",
    b"def ", b"fn ", b"func ", b"struct ", b"impl ", b"import ", b"from ", b"use ", b"mod ", b"package ",
    b"#define ", b"#if ", b"#include ", b"template<", b"typename ", b"return ", b"self", b"this", b"super",
    b"async ", b"await ", b"yield ", b"match ", b"switch ", b"case ", b"lambda ", b"export ", b"const ",
    b"type ", b"interface ", b"enum ", b"trait ", b"macro_rules! ", b"0", b"1e999", b"x" * 300, b"${",
    b"}`", b"<a>", b"</a>",
]  # fmt: skip


class Failure(NamedTuple):
    """An input that did what it must not."""

    kind: str
    number: int
    what: str


@cache
def seeds() -> dict[str, list[tuple[str, bytes]]]:
    """language -> (path, source) of the case files."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    for case in load_cases(CASES):
        for path, data in case.files.items():
            language = language_name(path, data)
            if language is not None:
                found.setdefault(language, []).append((path, data))
    return found


@cache
def configs() -> list[tuple[str, bytes]]:
    """(path, content) of project files."""
    return [(path, data) for case in load_cases(CASES) for path, data in case.configs.items()]


def mutated(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """``data`` with one to eight things done to it."""
    for _ in range(chance.randint(1, 8)):
        at = chance.randint(0, len(data))
        what = chance.randrange(8)
        if what == 0:
            data = data[:at] + chance.choice(TOKENS) + data[at:]
        elif what == 1:
            data = data[:at] + data[at + chance.randint(1, 30) :]
        elif what == 2:
            data = data[:at] + data[at : at + 40] * chance.randint(2, 12) + data[at:]
        elif what == 3:
            data = data[:at] + other[chance.randint(0, len(other)) :]
        elif what == 4:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        elif what == 5:
            data = data[:at]
        elif what == 6:
            data = data[:at] + chance.choice(TOKENS) * chance.randint(2, 200) + data[at:]
        else:
            to = chance.randint(0, len(data))
            data = data[:at] + data[to : to + 60] + data[at:]
    return data[:LONGEST]


def some_source(chance: random.Random) -> tuple[str, str, bytes]:
    """A language, a path and a source."""
    language = chance.choice(sorted(seeds()))
    path, data = chance.choice(seeds()[language])
    if chance.random() < 0.02:
        return language, path, chance.randbytes(chance.randint(0, LONGEST))
    other = chance.choice(seeds()[chance.choice(sorted(seeds()))])[1]
    return language, path, mutated(chance, data, other)


def sources(chance: random.Random) -> None:
    language, path, data = some_source(chance)
    facts = extract(path, get_language(language), data)
    codec.decode_facts(codec.encode_facts(facts))
    files = [facts]
    if chance.random() < 0.3:
        other_path, other = chance.choice(seeds()[language])
        if other_path != path:
            files.append(extract(other_path, get_language(language), mutated(chance, other, data)))
    resolver = Resolver(MemorySource(files, {}))
    for one in files:
        codec.encode_links(link(resolver, one), one)
    if chance.random() < 0.3:
        details(facts, get_language(language), data)


def projects(chance: random.Random) -> None:
    path, data = chance.choice(configs()) if configs() else ("package.json", b"{}")
    if chance.random() < 0.3:
        path = chance.choice(sorted(project_files()))
    data = mutated(chance, data, data)
    language = chance.choice(sorted(seeds()))
    files = [
        extract(at, get_language(language), source)
        for at, source in dict(chance.choices(seeds()[language], k=2)).items()
    ]
    resolver = Resolver(MemorySource(files, {path: data}))
    for one in files:
        link(resolver, one)


PATTERN_PARTS = [
    "*",
    "**",
    "?",
    "/",
    "a",
    "b",
    ".",
    "[",
    "]",
    "!",
    "-",
    "\\",
    "{",
    "}",
    ",",
    "^",
    " ",
    "é",
    "[a-z]",
    "*a*",
    "#",
]


def patterns(chance: random.Random) -> None:
    lines = [
        "".join(chance.choices(PATTERN_PARTS, k=chance.randint(0, 40))) for _ in range(chance.randint(1, 5))
    ]
    name = "".join(chance.choices("ab./-é", k=chance.randint(1, 60))) or "a"
    matcher = PatternList(lines)
    matcher.verdict(name.rsplit("/", 1)[-1] or "a", name, chance.random() < 0.5)
    expand_globs(lines)
    PatternList.of_globs(lines).verdict(name.rsplit("/", 1)[-1] or "a", name, is_folder=False)


@cache
def stored() -> list[tuple[Callable[[bytes], object], bytes]]:
    """Records and what decodes them."""
    found: list[tuple[Callable[[bytes], object], bytes]] = []
    for language, files in seeds().items():
        for path, data in files[:6]:
            facts = extract(path, get_language(language), data)
            found.append((codec.decode_facts, codec.encode_facts(facts)))
            found.append((codec.decode_symbols, codec.encode_facts(facts)))
            found.append(
                (
                    codec.decode_links,
                    codec.encode_links(link(Resolver(MemorySource([facts], {})), facts), facts),
                )
            )
    return found


def records(chance: random.Random) -> None:
    decode, data = chance.choice(stored())
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if chance.random() < 0.3:
            damaged = damaged[: chance.randint(0, len(damaged))]
        elif damaged:
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    decode(bytes(damaged))


def edits(chance: random.Random) -> None:
    encoding: Any = chance.choice(["utf-8", "utf-16", "utf-32"])
    text = mutated(chance, chance.choice(seeds()["python"])[1], b"\xf0\x9f\x98\x80 \r\n")
    changes = []
    for _ in range(chance.randint(1, 5)):
        numbers = [chance.choice([0, 1, 2, 5, 30, 10**9]) for _ in range(4)]
        put = chance.choice(["", "x", "\n", "\r", "😀", "\ud800", "a" * 100])
        changes.append(
            ContentChange(put, LineColumn(*numbers[:2]), LineColumn(*numbers[2:]))
            if chance.random() < 0.9
            else ContentChange(put)
        )
    data = apply_changes(text, changes, encoding).data
    index = LineIndex(data)
    for _ in range(4):
        place = index.line_column(chance.randint(0, len(data)), encoding)
        index.offset(place.line, place.column, encoding)


def anything(chance: random.Random, depth: int = 0) -> Any:
    """A JSON value."""
    what = chance.randrange(8 if depth < 3 else 6)
    if what == 6:
        return [anything(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    if what == 7:
        keys = ["uri", "index", "backend", "position", "textDocument", "line", "magellan", "exclude", "x"]
        return {chance.choice(keys): anything(chance, depth + 1) for _ in range(chance.randint(0, 4))}
    return [None, True, -1, 2**70, "", "../../x"][what]


SETTINGS = [
    "backend",
    "include",
    "exclude",
    "maxFileBytes",
    "index",
    "features",
    "languages",
    "workers",
    "dependencies",
    "details",
]


def settings(chance: random.Random) -> None:
    read_settings({chance.choice(SETTINGS): anything(chance) for _ in range(chance.randint(0, 5))})
    read_settings(anything(chance), trusted=False)


def frames(chance: random.Random) -> None:
    framing = Framing()
    body = json.dumps(anything(chance)).encode()
    data = b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    data = mutated(
        chance,
        data * chance.randint(1, 3),
        b"Content-Length: 99999999999999999999\r\n\r\nContent-Type: x\r\n",
    )
    at = 0
    try:
        while at < len(data):
            step = chance.randint(1, 50)
            for one in framing.feed(data[at : at + step]):
                assert isinstance(one, bytes)
            at += step
    except BrokenStream:
        pass


IN_PROCESS: dict[str, tuple[Callable[[random.Random], None], float]] = {
    "sources": (sources, 0.55),
    "projects": (projects, 0.08),
    "patterns": (patterns, 0.08),
    "records": (records, 0.1),
    "edits": (edits, 0.08),
    "settings": (settings, 0.06),
    "frames": (frames, 0.05),
}


def fuzz(kind: str, numbers: range, seed: int) -> tuple[list[Failure], float, int, int]:
    """Failures, the most CPU seconds of one input, bytes held after a tenth of the inputs, and at the end."""
    function = IN_PROCESS[kind][0]
    failures: list[Failure] = []
    most, early = 0.0, 0
    process = psutil.Process()
    for done, number in enumerate(numbers):
        chance = random.Random(f"{seed} {kind} {number}")
        began = time.process_time()
        try:
            function(chance)
        except MagellanError:
            pass  # said what is wrong: what bad input is to get
        except Exception:
            failures.append(Failure(kind, number, traceback.format_exc(limit=-6)))
        took = time.process_time() - began
        most = max(most, took) if done > 20 else most  # the first ones load what all need
        if took > BOUND_S and done > 20:
            failures.append(Failure(kind, number, f"{took:.1f} s of CPU"))
        if done == len(numbers) // 10:
            early = process.memory_info().rss
    return failures, most, early, process.memory_info().rss


def _part(task: tuple[str, range, int]) -> tuple[str, int, tuple[list[Failure], float, int, int]]:
    kind, numbers, seed = task
    return kind, len(numbers), fuzz(kind, numbers, seed)


def run(
    inputs: int, seed: int, only: list[str], processes: int
) -> tuple[list[dict[str, Any]], list[Failure]]:
    """A row of figures per kind, and the failures."""
    kinds = [kind for kind in IN_PROCESS if not only or kind in only]
    whole = sum(IN_PROCESS[kind][1] for kind in kinds)
    tasks = []
    for kind in kinds:
        count = max(1, round(inputs * IN_PROCESS[kind][1] / whole))
        size = max(1, -(-count // max(1, min(processes * 4, count))))
        tasks += [(kind, range(at, min(at + size, count)), seed) for at in range(0, count, size)]
    totals: dict[str, dict[str, Any]] = {}
    failures: list[Failure] = []
    pool = multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=1) if processes > 1 else None
    try:
        for kind, count, (failed, most, early, late) in (
            pool.imap_unordered(_part, tasks) if pool is not None else map(_part, tasks)
        ):
            row = totals.setdefault(
                kind, {"kind": kind, "inputs": 0, "failures": 0, "most s": 0.0, "grew MB": 0.0}
            )
            row["inputs"] += count
            row["failures"] += len(failed)
            row["most s"] = round(max(row["most s"], most), 3)
            row["grew MB"] = max(row["grew MB"], round((late - early) / 2**20, 1))
            failures += failed
    finally:
        if pool is not None:
            pool.terminate()
    return [totals[kind] for kind in kinds], failures


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], choices=[*IN_PROCESS, "messages", "databases"])
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    rows, failures = [], []
    if not options.only or set(options.only) & set(IN_PROCESS):
        rows, failures = run(options.inputs, options.seed, options.only, options.processes)
    if not options.only or "messages" in options.only:
        from soak.messages import run as run_messages

        row, failed = asyncio.run(run_messages(max(1, options.inputs // 20), options.seed))
        rows.append(row)
        failures += failed
    for row in rows:
        print("  ".join(f"{name} {value}" for name, value in row.items()))
    distinct = {failure.what: failure for failure in reversed(failures)}
    for failure in list(distinct.values())[:20]:
        print(f"--- {failure.kind} {failure.number} of seed {options.seed}\n{failure.what}")
    total = sum(row["inputs"] for row in rows)
    print(
        f"{total} inputs with seed {options.seed}, {len(failures)} failures, {time.monotonic() - began:.0f} s"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
