"""Checkouts of a real repository's history under the running server: each is one batch, and the index stays right.

    python tests/soak/history.py REPOSITORY [--commits N] [--seed S] [--backend lmdb|sqlite] [--under FOLDER]

Clones the repository, opens the clone, and checks out commits all along its history, mostly some way off the
one before, so that tens to hundreds of files change at once. While the index follows, definitions are asked all
the time. When it has followed, it is compared with a fresh one. The client does not watch files: the server's
own watcher has to see it all.

Prints the number of checkouts, files changed, seconds from checkout to the index being right, and how long definitions took
meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from soak.client import Gone, Refused, Server, percentile
from soak.edits import Difference, kept

from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.languages.registry import language_name
from magellan_lsp.settings import Settings
from magellan_lsp.store.dump import dump
from magellan_lsp.store.open import Backend, open_store

#: A watcher may miss nothing, but may take its time on a busy machine.
SETTLE_S = 120.0


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, check=True, text=True, errors="replace"
    )
    return done.stdout


def fresh(root: Path, backend: Backend) -> str:
    """What a fresh index holds; in a store like the other one, since the one in memory finds callers by looking at all."""
    with (
        tempfile.TemporaryDirectory(prefix="fresh") as folder,
        open_store(Path(folder), "write", backend=backend) as store,
    ):
        Indexer(root, store, Settings(), workers=0).refresh()
        with store.read() as reader:
            return dump(reader)


async def asking(server: Server, root: Path, chance: random.Random, took: list[float]) -> None:
    """Definitions at places by chance in files that are there, one after another, until cancelled."""
    while True:
        files = [path for path in git(root, "ls-files").splitlines() if language_name(path)]
        if not files:
            await asyncio.sleep(0.05)
            continue
        path = chance.choice(files)
        try:
            lines = (root / path).read_text("utf-8", errors="replace").split("\n")
        except OSError:
            continue
        line = chance.randrange(len(lines))
        position = {"line": line, "character": chance.randint(0, max(0, len(lines[line]) - 1))}
        began = time.perf_counter()
        try:
            await server.ask(
                "textDocument/definition", {"textDocument": server.document(path), "position": position}
            )
        except Refused:
            pass  # gone, or changed since it was read: said so, not a stale place
        except Gone:
            return
        took.append(time.perf_counter() - began)
        await asyncio.sleep(0.01)


async def run(
    repository: Path, commits: int, seed: int, backend: Backend, under: str = "", *, say: bool = True
) -> dict[str, Any]:
    """The figures.

    Raises:
        Difference: the index did not become what a fresh one is.
    """
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="history") as folder:
        clone = Path(folder).resolve() / "clone"
        subprocess.run(["git", "clone", "-q", "--no-checkout", str(repository), str(clone)], check=True)
        history = git(clone, "rev-list", "--first-parent", "HEAD").split()
        at = chance.randrange(len(history))
        git(clone, "checkout", "-q", "--detach", history[at])
        root = clone / under
        settled: list[float] = []
        took: list[float] = []
        changed: list[int] = []
        batches = 0
        async with Server(root, options={"backend": backend}, capabilities={}) as server:
            await server.settle()
            asker = asyncio.create_task(asking(server, root, chance, took))
            done = 0
            for done in range(1, commits + 1):
                before = at
                if chance.random() < 0.3:
                    at = max(0, at - 1)
                else:
                    at = chance.randrange(len(history))
                n_changed = len(git(clone, "diff", "--name-only", history[before], history[at]).splitlines())
                began = time.monotonic()
                generation = (await server.ask("magellan/status", {}))["folders"][0]["generation"]
                git(clone, "checkout", "-q", "--detach", "-f", history[at])
                expected = await asyncio.to_thread(fresh, root, backend)
                while True:
                    await server.settle()
                    found = await asyncio.to_thread(kept, root, backend)
                    if found == expected:
                        break
                    if time.monotonic() - began > SETTLE_S:
                        lines = difflib.unified_diff(
                            expected.splitlines(), found.splitlines(), "fresh", "kept", "", "", 0
                        )
                        few = "\n".join(line[:300] for _, line in zip(range(40), lines, strict=False))
                        raise Difference(
                            f"checkout {done} of seed {seed}: {history[before]} to {history[at]}\n{few}"
                        )
                    await asyncio.sleep(0.05)
                settled.append(time.monotonic() - began)
                changed.append(n_changed)
                batches += (await server.ask("magellan/status", {}))["folders"][0]["generation"] - generation
                if say and done % 20 == 0:
                    print(f"{done} checkouts, {sum(changed)} files changed", flush=True)
            asker.cancel()
        return {
            "checkouts": done,
            "files changed": sum(changed),
            "most files at once": max(changed, default=0),
            "commits to the index": batches,
            "seconds until right, p50": round(percentile(settled, 0.5), 2),
            "seconds until right, most": round(max(settled, default=0.0), 2),
            "definitions meanwhile": len(took),
            "definition ms, p50": round(1000 * percentile(took, 0.5), 1),
            "definition ms, p95": round(1000 * percentile(took, 0.95), 1),
            "definition ms, most": round(1000 * max(took, default=0.0), 1),
        }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backend", choices=["lmdb", "sqlite"], default="lmdb")
    parser.add_argument("--under", default="", help="open only this folder of it")
    options = parser.parse_args()
    try:
        figures = asyncio.run(
            run(options.repository, options.commits, options.seed, options.backend, options.under)
        )
    except Difference as difference:
        print(difference)
        return 1
    for name, value in figures.items():
        print(f"{name:<28} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
