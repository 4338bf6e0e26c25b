"""What the tests of faults share, and their long form: a folder of very many files.

    python tests/soak/faults.py [--files N]

Indexes N small files in one folder, changes all of them, deletes half, deletes the index under the running server,
and compares with a fresh index each time. Prints seconds and memory.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from soak.client import Server

from magellan_lsp.errors import MagellanError
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.dump import dump
from magellan_lsp.store.memory import MemoryStore
from magellan_lsp.store.open import open_store

#: The index follows what happened to it or the disk by itself within this; only a failure waits so long.
FOLLOWS_S = 60.0


def fresh(root: Path) -> str:
    """The dump of a new index of what is on disk, in memory."""
    store = MemoryStore()
    Indexer(root, store, Settings(), workers=0).refresh()
    with store.read() as reader:
        return dump(reader)


def kept(root: Path, backend: Any = "lmdb", folder: Path | None = None) -> str:
    """The dump of a server's index."""
    place = folder or root / ".magellan"
    with open_store(place, "read", backend=backend, root=root) as store, store.read() as reader:
        return dump(reader)


async def until_fresh(server: Server, root: Path, backend: str = "lmdb", folder: Path | None = None) -> None:
    """Wait until the index equals a fresh one.

    Raises:
        AssertionError: it does not within FOLLOWS_S.
    """
    wanted = await asyncio.to_thread(fresh, root)
    until = time.monotonic() + FOLLOWS_S
    while True:
        await server.settle()
        try:
            found = await asyncio.to_thread(kept, root, backend, folder)
        except MagellanError as error:
            found = f"{error}\n"
        if found == wanted:
            return
        if time.monotonic() > until:
            lines = difflib.unified_diff(
                wanted.splitlines(), found.splitlines(), "fresh", "kept", lineterm="", n=0
            )
            raise AssertionError("\n".join(line[:300] for _, line in zip(range(30), lines, strict=False)))
        await asyncio.sleep(0.1)


async def very_many(root: Path, count: int) -> dict[str, float]:
    """Seconds, and megabytes of the server and its children at the end."""
    figures: dict[str, float] = {}

    async def timed(what: str, server: Server) -> None:
        began = time.monotonic()
        await server.settle()
        figures[f"{what}, s"] = round(time.monotonic() - began, 1)
        await until_fresh(server, root)

    paths = [f"file{number}.py" for number in range(count)]
    for number, path in enumerate(paths):
        (root / path).write_text(f"def function{number}():\n    return function{number // 2}()\n")
    async with Server(root) as server:
        await timed("first index", server)
        for number, path in enumerate(paths):
            (root / path).write_text(f"def other{number}():\n    return other{number // 3}()\n")
        server.on_disk(paths)
        await timed("all changed", server)
        for path in paths[::2]:
            (root / path).unlink()
        server.on_disk(paths)
        await timed("half deleted", server)
        figures["memory, MB"] = round(sum(server.memory().values()) / 2**20)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="many") as folder:
        figures = asyncio.run(very_many(Path(folder).resolve(), options.files))
    for name, value in figures.items():
        print(f"{name:<28} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
