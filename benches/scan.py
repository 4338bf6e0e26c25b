"""How long a scan and a sweep of source files take, as ratios to a bare walk (``os.scandir`` and a stat per
entry).

``python benches/scan.py [FOLDER ...]``; without a folder it makes one of 10,000 source files, 1,000 folders,
nested ignore files and as many files that are not source. Prints the best of several rounds, taken in turns.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from magellan_lsp.indexer.discover import scan, sweep
from magellan_lsp.indexer.ignore import Matcher
from magellan_lsp.languages import registry

N_ROUNDS = 7


def bare_walk(root: str) -> int:
    n_files = 0
    stack = [root]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)
                else:
                    entry.stat(follow_symlinks=False)
                    n_files += 1
    return n_files


def grow(root: Path) -> None:
    (root / ".gitignore").write_text(
        "*.pyc\n*.o\nbuild/\n/dist\n!keep.o\ndocs/**/_build/\n*~\n[Tt]mp*\n.env\nlog?.txt\n"
    )
    for n in range(1000):
        folder = root / f"part{n // 100}" / f"group{n // 10 % 10}" / f"d{n % 10}"
        folder.mkdir(parents=True)
        for m in range(10):
            (folder / f"module{m}.py").touch()
            (folder / f"data{m}.txt").touch()
        if n % 100 == 0:
            (folder / ".gitignore").write_text("generated_*.py\nlocal/\n")


def best_ms(work: Callable[[], object], rest: list[Callable[[], object]]) -> list[float]:
    times: list[list[float]] = [[] for _ in range(1 + len(rest))]
    for _ in range(N_ROUNDS):
        for at, one in enumerate([work, *rest]):
            start = time.perf_counter()
            one()
            times[at].append((time.perf_counter() - start) * 1000)
    return [min(each) for each in times]


def measure(root: str) -> None:
    matcher = Matcher(root)
    known = {found.path: (found.size, found.mtime_ns) for found in scan(matcher, registry.is_source)}
    bare, scanned, swept, unnamed = best_ms(
        lambda: bare_walk(root),
        [
            lambda: list(scan(matcher, registry.is_source)),
            lambda: sweep(matcher, registry.is_source, known),
            lambda: list(scan(matcher, lambda name: name.endswith((".py", ".c", ".rs", ".go")))),
        ],
    )
    print(f"{root}: {bare_walk(root):,} files, {len(known):,} of them source")
    print(f"  bare walk {bare:8.1f} ms")
    for name, took in (("scan", scanned), ("sweep", swept), ("scan, plain is_source", unnamed)):
        print(f"  {name:22} {took:8.1f} ms = {took / bare:.2f} x the bare walk")


def main() -> None:
    if len(sys.argv) > 1:
        for folder in sys.argv[1:]:
            measure(folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        grow(Path(folder))
        measure(folder)


if __name__ == "__main__":
    main()
