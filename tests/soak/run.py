"""All the long runs one after another, within a budget of time.

    python tests/soak/run.py [--minutes N] [--seed S] [--repository GIT_FOLDER]

Each part goes on, a minute's work at a time and each time with the next seed, until its share of the budget is used up; the
figures are printed as they come, with their seed. Without ``--repository`` the history is this project's own. Exit code 1
when anything was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from soak import crashes, edits, fuzz, history, messages, typist
from soak.client import percentile
from soak.edits import Difference

#: What each gets of the budget, and how many of its steps (seconds, for the typist) are about a minute's work.
PARTS: dict[str, tuple[float, int]] = {
    "properties": (0.1, 50),
    "edits on lmdb": (0.15, 600),
    "edits on sqlite": (0.1, 300),
    "history": (0.1, 20),
    "crashes": (0.2, 15),
    "typist": (0.1, 60),
    "fuzz": (0.15, 12_000),
    "messages": (0.1, 1_500),
}


def run_part(name: str, count: int, seed: int, repository: Path) -> dict[str, Any]:
    """Figures of one part.

    Raises:
        Difference: something was wrong.
    """
    if name == "properties":
        return properties(count, seed)
    if name.startswith("edits"):
        backend = name.rpartition(" ")[2]
        return {"steps": asyncio.run(edits.run(count, seed, backend, 8, say=False))}
    if name == "history":
        return asyncio.run(history.run(repository, count, seed, "lmdb", say=False))
    if name == "crashes":
        return asyncio.run(crashes.run(count, seed, "lmdb", 40, say=False))
    if name == "typist":
        return typed(count, seed)
    if name == "fuzz":
        rows, failures = fuzz.run(count, seed, [], 1)
    else:
        row, failures = asyncio.run(messages.run(count, seed))
        rows = [row]
    if failures:
        raise Difference("\n".join(f"{one.kind} {one.number}: {one.what}" for one in failures[:10]))
    return {row.pop("kind"): row for row in rows}


def properties(examples: int, seed: int) -> dict[str, Any]:
    """The tests marked ``soak``, with so many examples each.

    Raises:
        Difference: one failed.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-m", "soak", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, f"--hypothesis-seed={seed}", str(ROOT / "tests" / "properties")],
        cwd=ROOT,
        env={**os.environ, "SOAK_EXAMPLES": str(examples)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Difference(done.stdout[-10_000:])
    return {"examples of each": examples, "outcome": done.stdout.strip().rpartition("\n")[2]}


def typed(seconds: int, seed: int) -> dict[str, Any]:
    """What the typist's answers took, by method.

    Raises:
        Difference: an answer was stale, or a request was left open.
    """
    figures = asyncio.run(typist.run(seconds, seed=seed))
    if figures["stale"] or figures["left open"]:
        raise Difference(f"{figures['left open']} left open, stale: {figures['stale'][:10]}")
    parts = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {
        name: {part: round(1000 * percentile(value, at)) for part, at in parts.items()}
        if name.startswith("textDocument/")
        else value
        for name, value in figures.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--repository", type=Path, default=ROOT)
    parser.add_argument("--only", action="append", choices=sorted(PARTS))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    say: Callable[[str], None] = lambda text: print(text, flush=True)  # noqa: E731
    wrong = 0
    for name, (share, pace) in PARTS.items():
        if options.only and name not in options.only:
            continue
        until = time.monotonic() + options.minutes * 60 * share
        seed = options.seed
        while time.monotonic() < until:
            count = max(1, round(pace * min(1.0, (until - time.monotonic()) / 60)))
            began = time.monotonic()
            try:
                figures = run_part(name, count, seed, options.repository)
            except Difference as difference:
                wrong += 1
                say(f"{name}, seed {seed}: WRONG\n{difference}")
            else:
                say(f"{name}, seed {seed}, {time.monotonic() - began:.0f} s: {figures}")
            seed += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
