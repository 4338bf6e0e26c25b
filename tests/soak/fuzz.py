"""Random and mutated input for everything that parses: no crash, no input over a second of CPU, no growth of memory.

    python tests/soak/fuzz.py [--inputs N] [--seed S] [--only KIND]... [--processes N]

Kinds (``inputs.py``, ``databases.py``): ``sources`` (mutated sources of every language through extraction, the second tier,
encoding and linking), ``projects`` and ``packages`` (project files), ``patterns`` and ``ignore_files``, ``records``
(damaged records of the store), ``edits`` (changes of a document), ``settings``, ``frames`` and ``bodies`` (the wire),
``params`` (of every request), ``databases`` (of Magellan, to the migrator); ``messages`` goes to real servers. The same
seed gives the same inputs, and ``--from NUMBER`` with ``--only`` and ``--inputs 1`` does one again.

Inputs are done in processes of their own, some ten thousands each. One that crashes or hangs in native code ends its
process, which is reported with the number of the input that it was at.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import faulthandler
import logging
import multiprocessing
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, NamedTuple

import psutil

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from soak import databases, inputs

from magellan_lsp.errors import MagellanError

#: CPU seconds that one input may take, and seconds of wall clock after which its process is ended as hanging.
BOUND_S, HANG_S = 1.0, 120
#: The first inputs of a process load what all need.
WARM = 20
#: Inputs of one process. Within the second half of them memory may grow by so much, which is what allocators do.
PART, GROWTH_BYTES = 50_000, 24 << 20


class Failure(NamedTuple):
    """An input that did what it must not."""

    kind: str
    number: int
    what: str


class Slow(Exception):
    """An input took longer than it may."""


class Part(NamedTuple):
    """What became of some inputs of a kind."""

    kind: str
    count: int
    failures: list[Failure]
    most_s: float
    refused: int
    grew_bytes: int


#: Kind -> (function, share of all inputs).
IN_PROCESS: dict[str, tuple[Callable[[random.Random], None], float]] = {
    "sources": (inputs.sources, 0.40),
    "projects": (inputs.projects, 0.06),
    "packages": (inputs.packages, 0.03),
    "patterns": (inputs.patterns, 0.06),
    "ignore_files": (inputs.ignore_files, 0.02),
    "records": (inputs.records, 0.11),
    "edits": (inputs.edits, 0.08),
    "settings": (inputs.settings, 0.06),
    "frames": (inputs.frames, 0.06),
    "bodies": (inputs.bodies, 0.06),
    "params": (inputs.params, 0.057),
    "databases": (databases.databases, 0.003),
}


@contextlib.contextmanager
def bounded(allowed_s: float) -> Iterator[None]:
    """Stop what takes longer, in seconds of CPU, as soon as Python has the say; nothing where the system can't."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise Slow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, allowed_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def fuzz(kind: str, numbers: range, seed: int, at: Path | None = None) -> Part:
    """Do some inputs. ``at``: a file that holds the number of the one that is being done."""
    function = IN_PROCESS[kind][0]
    failures: list[Failure] = []
    most, refused, half = 0.0, 0, 0
    process = psutil.Process()
    logging.disable(logging.CRITICAL)  # bad input is logged: a million lines
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(at.open("r+b", buffering=0)) if at is not None else None
        for done, number in enumerate(numbers):
            if place is not None:
                place.seek(0)
                place.write(b"%20d" % number)
                if done % 100 == 0:
                    faulthandler.dump_traceback_later(HANG_S, exit=True)
            chance = random.Random(f"{seed} {kind} {number}")
            began = time.process_time()
            try:
                with bounded(BOUND_S if done > WARM else 60 * BOUND_S):
                    function(chance)
            except MagellanError:
                refused += 1  # said what is wrong: what bad input is to get
            except Slow:
                failures.append(
                    Failure(kind, number, f"over {BOUND_S} s of CPU\n{traceback.format_exc(limit=-6)}")
                )
            except Exception:
                failures.append(Failure(kind, number, traceback.format_exc(limit=-6)))
            took = time.process_time() - began
            if done > WARM:
                most = max(most, took)
                if took > BOUND_S:
                    failures.append(Failure(kind, number, f"{took:.1f} s of CPU"))
            if done == len(numbers) // 2:
                half = process.memory_info().rss
    logging.disable(logging.NOTSET)
    faulthandler.cancel_dump_traceback_later()
    grew = process.memory_info().rss - half
    if len(numbers) >= 10_000 and grew > GROWTH_BYTES:
        failures.append(
            Failure(kind, numbers[-1], f"memory grew by {grew >> 20} MB in {len(numbers) // 2} inputs")
        )
    return Part(kind, len(numbers), failures, most, refused, grew)


def parts(total: int, only: list[str], first: int = 0) -> Iterator[tuple[str, range]]:
    """Kinds, and numbers of their inputs."""
    kinds = [kind for kind in IN_PROCESS if not only or kind in only]
    whole = sum(IN_PROCESS[kind][1] for kind in kinds)
    for kind in kinds:
        end = first + max(1, round(total * IN_PROCESS[kind][1] / whole))
        for at in range(first, end, PART):
            yield kind, range(at, min(at + PART, end))


def alone(kind: str, numbers: range, seed: int) -> list[Part]:
    """Do inputs in a process of their own; after one that ends it, the rest in another."""
    found: list[Part] = []
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder, "at")
        while numbers:
            at.write_bytes(b"%20d" % numbers[0])
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                try:
                    found.append(pool.submit(fuzz, kind, numbers, seed, at).result())
                    break
                except BrokenProcessPool:
                    number = int(at.read_bytes())
                    failure = Failure(kind, number, "its process ended: a crash, or a hang in native code")
                    found.append(Part(kind, number + 1 - numbers[0], [failure], 0.0, 0, 0))
                    numbers = range(number + 1, numbers.stop)
    return found


def run(
    total: int, seed: int, only: list[str], processes: int, first: int = 0
) -> tuple[list[dict[str, Any]], list[Failure]]:
    """A row of figures per kind, and the failures. ``processes``: how many at a time; 0 is this one."""
    rows: dict[str, dict[str, Any]] = {}
    failures: list[Failure] = []
    tasks = list(parts(total, only, first))
    with ThreadPoolExecutor(max(1, processes)) as pool:
        if processes:
            waiting = [pool.submit(alone, kind, numbers, seed) for kind, numbers in tasks]
            results = (part for one in as_completed(waiting) for part in one.result())
        else:
            results = (fuzz(kind, numbers, seed) for kind, numbers in tasks)
        for part in results:
            empty = {
                "kind": part.kind,
                "inputs": 0,
                "failures": 0,
                "refused": 0,
                "most s": 0.0,
                "grew MB": 0.0,
            }
            row = rows.setdefault(part.kind, empty)
            row["inputs"] += part.count
            row["failures"] += len(part.failures)
            row["refused"] += part.refused
            row["most s"] = round(max(row["most s"], part.most_s), 3)
            row["grew MB"] = max(row["grew MB"], round(part.grew_bytes / 2**20, 1))
            failures += part.failures
    return [rows[kind] for kind in IN_PROCESS if kind in rows], failures


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], choices=[*IN_PROCESS, "messages"])
    parser.add_argument("--processes", type=int, default=1, help="at a time; 0: all in this one")
    parser.add_argument(
        "--from", type=int, default=0, dest="first", help="number of the first input of each kind"
    )
    options = parser.parse_args()
    began = time.monotonic()
    rows, failures = [], []
    if not options.only or set(options.only) & set(IN_PROCESS):
        rows, failures = run(options.inputs, options.seed, options.only, options.processes, options.first)
    if not options.only or "messages" in options.only:
        from soak.messages import run as run_messages

        row, failed = asyncio.run(
            run_messages(max(1, options.inputs if options.only else options.inputs // 100), options.seed)
        )
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
