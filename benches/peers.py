"""How soon, how quick and how large language servers are, side by side: each on the same copy of the same folder.

    python benches/peers.py ANSWERS.json=FOLDER ... [--server NAME] [--command "NAME=PROGRAM ARGUMENT ..."]
        [--positions 200] [--limit 300] [--json FILE]

Without ``--server`` it takes Magellan and the compilers' own servers that are on the PATH (gopls, rust-analyzer, clangd,
basedpyright). Positions and what is right come from answer files (see ``accuracy/scoring.py``). Measured are

- cold: seconds from the start of the process, without index or cache, to the first right definition that lies in another
  file; up to five positions in turn are asked for it, every 20 ms;
- warm: the same when it is started again with what it kept;
- definition: milliseconds of a request, p50 and p95, at positions in open documents once the server is at rest, and the
  share of them that it answers right;
- memory: resident and proportional megabytes of the server with all its children, at rest after these requests. The
  proportional ones count a page that several processes share once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import psutil

sys.path[:0] = [str(Path(__file__).resolve().parent / "accuracy")]

from client import Failed, Server
from scoring import same_place

ROOT = Path(__file__).resolve().parents[1]
OURS = "magellan-lsp"
#: name: (languages, command); the first word is looked for on the PATH.
SERVERS: dict[str, tuple[set[str], list[str]]] = {
    "gopls": ({"go"}, ["gopls"]),
    "rust-analyzer": ({"rust"}, ["rust-analyzer"]),
    "clangd": ({"c", "cpp"}, ["clangd", "--background-index"]),
    "basedpyright": ({"python"}, ["basedpyright-langserver", "--stdio"]),
}
#: Seconds between two questions of the same while a server starts.
PAUSE_S = 0.02
#: So many positions are asked in turn until the first right answer.
N_FIRST = 5
SEED = 1
Entry = Mapping[str, Any]


class Figures(NamedTuple):
    """Seconds, megabytes, milliseconds and the share of right answers."""

    cold_s: float
    warm_s: float
    resident_mb: float
    proportional_mb: float
    p50_ms: float
    p95_ms: float
    right: float
    n: int


def chosen(data: Mapping[str, Any], count: int) -> tuple[list[Entry], list[Entry]]:
    """The positions to start with, in as many files, whose definitions lie in other files; and those to time."""
    known = [
        one
        for one in data["definition"]
        if one["defs"] and not one.get("external") and one["role"] != "definition"
    ]
    random.Random(SEED).shuffle(known)
    first: dict[str, Entry] = {}
    for one in known:
        if all(place[0] != one["path"] for place in one["defs"]):
            first.setdefault(one["path"], one)
    return list(first.values())[:N_FIRST], known[:count]


def is_right(server: Server, one: Entry) -> bool:
    found = server.definition(one["path"], one["line"], one["character"])
    return bool(found) and any(same_place(found[0], place) for place in one["defs"] + one.get("alt", []))


def started(
    command: list[str], root: Path, cache: Path, first: list[Entry], limit: float
) -> tuple[Server, float]:
    """A server, and the seconds to its first right answer.

    Raises:
        Failed: it could not be started, or none was right within ``limit`` seconds.
    """
    names = ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "GOPLSCACHE")
    environment = {name: str(cache / name.lower()) for name in names}
    if command[1:2] == ["-m"]:
        environment["PYTHONPATH"] = str(ROOT)
    began = time.perf_counter()
    server = Server(command, root, environment, waits=False)
    while time.perf_counter() - began < limit:
        for one in first:
            if is_right(server, one):
                return server, time.perf_counter() - began
        time.sleep(PAUSE_S)
    server.stop()
    raise Failed(f"no right definition in {limit:.0f} s")


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident and proportional megabytes of a process and all its children."""
    resident = proportional = 0.0
    process = psutil.Process(pid)
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            info = one.memory_full_info()
            resident += info.rss / 2**20
            proportional += getattr(info, "pss", info.uss) / 2**20
    return resident, proportional


def version_of(server: Server) -> str:
    """What a server says of its version in short; gopls tells all that it is built from."""
    told = str((server.result.get("serverInfo") or {}).get("version") or "")
    if told.startswith("{"):
        told = str(json.loads(told).get("Version") or "")
    return " ".join(told.split()[:3])


def measured(
    command: list[str], folder: Path, data: Mapping[str, Any], count: int, limit: float
) -> tuple[Figures, str]:
    """The figures of a server on a copy of a folder, and the version that it tells.

    Raises:
        Failed: see ``started``.
    """
    first, timed = chosen(data, count)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        root, cache = Path(scratch).resolve() / folder.name, Path(scratch, "cache")
        shutil.copytree(
            folder, root, symlinks=True, ignore=shutil.ignore_patterns(".magellan", ".cache", "target")
        )
        commands = root / "compile_commands.json"
        if commands.exists():
            text = commands.read_text(encoding="utf-8")
            commands.write_text(text.replace(str(folder.resolve()), str(root)), encoding="utf-8")
        server, cold_s = started(command, root, cache, first, limit)
        with server:
            server.settle(limit)
            times, n_right = [], 0
            for one in timed:
                server.symbols(one["path"])  # the document is open and read
                began = time.perf_counter()
                n_right += is_right(server, one)
                times.append((time.perf_counter() - began) * 1000)
            server.settle(60)
            resident_mb, proportional_mb = memory_mb(server.pid)
            version = version_of(server)
        server, warm_s = started(command, root, cache, first, limit)
        server.stop()
    times.sort()
    p50_ms, p95_ms = times[len(times) // 2], times[int(len(times) * 0.95)]
    share = n_right / len(timed)
    return (
        Figures(cold_s, warm_s, resident_mb, proportional_mb, p50_ms, p95_ms, share, len(timed)),
        version,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="+", metavar="ANSWERS.json=FOLDER")
    parser.add_argument("--server", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument(
        "--command", action="append", default=[], metavar="NAME=COMMAND", help="a server more"
    )
    parser.add_argument("--positions", type=int, default=200)
    parser.add_argument("--limit", type=float, default=300.0, metavar="SECONDS", help="for each start")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    kept: list[dict[str, Any]] = []
    print("| corpus | server | cold s | warm s | resident MB | proportional MB | p50 ms | p95 ms | right |")
    print("|-|-|-|-|-|-|-|-|-|", flush=True)
    for pair in options.corpus:
        answers, _, folder = pair.partition("=")
        data = json.loads(Path(answers).read_text(encoding="utf-8"))
        corpus, language = data["meta"]["corpus"], data["meta"]["language"]
        commands = {OURS: [sys.executable, "-m", "magellan_lsp", "--stdio"]}
        commands |= {name: line for name, (languages, line) in SERVERS.items() if language in languages}
        for given in options.command:
            name, _, line = given.partition("=")
            commands[name] = shlex.split(line)
        for name, command in commands.items():
            if options.server and name not in options.server:
                continue
            if not shutil.which(command[0]):
                print(f"| {corpus} | {name} | not run: {command[0]} is not on the PATH |", flush=True)
                continue
            try:
                found, version = measured(command, Path(folder), data, options.positions, options.limit)
            except (Failed, OSError) as error:
                print(f"| {corpus} | {name} | gave up: {error} |", flush=True)
                continue
            cells = (
                f"{found.cold_s:.2f} | {found.warm_s:.2f} | {found.resident_mb:.0f} | {found.proportional_mb:.0f} "
                f"| {found.p50_ms:.1f} | {found.p95_ms:.1f} | {found.right:.2f}"
            )
            print(f"| {corpus} | {name} {version} | {cells} |", flush=True)
            kept.append({"corpus": corpus, "server": name, "version": version, **found._asdict()})
    if options.json:
        options.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
