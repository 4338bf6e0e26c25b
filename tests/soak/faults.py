"""What the tests of faults share, and their long forms: a folder of very many files, very many damages.

    python tests/soak/faults.py [--files N]
    python tests/soak/faults.py --damages N [--seed S] [--backend sqlite]

The first indexes N small files in one folder, changes all of them, deletes half, and compares with a fresh index each
time; it prints seconds and memory. The second damages the file of an index N times (bits flipped at random places, one to
a thousand, or cut short at a random one), starts a server on it each time, and asks for a definition before and after all
files are changed. The last answer must be right. It prints how often the index was replaced, was damaged where nothing was
read (what nobody reads, nobody notices), gave another first answer, or none, because of damage that reads like an index, and
differed from a fresh one in the end for the same reason.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from soak.client import Server

from magellan_lsp.errors import IndexDamagedError, MagellanError
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.dump import dump
from magellan_lsp.store.memory import MemoryStore
from magellan_lsp.store.open import backend_folder, open_store

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


async def until_fresh(
    server: Server,
    root: Path,
    backend: str = "lmdb",
    folder: Path | None = None,
    *,
    patience_s: float = FOLLOWS_S,
) -> None:
    """Wait until the index equals a fresh one.

    Raises:
        AssertionError: it does not within ``patience_s``.
    """
    wanted = await asyncio.to_thread(fresh, root)
    until = time.monotonic() + patience_s
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


def write_modules(root: Path) -> None:
    """Small files that lead to one another."""
    for number in range(30):
        (root / f"m{number}.py").write_text(
            f"from m{number // 2} import f{number // 2}\n\ndef f{number}():\n    return f{number // 2}()\n"
        )
    (root / "a.ts").write_text(
        "export function alpha(): number { return beta(); }\nfunction beta() { return 1; }\n"
    )


def rewrite_modules(root: Path) -> list[str]:
    """Change all of the modules; their paths."""
    for number in range(30):
        (root / f"m{number}.py").write_text(f"def f{number}():\n    return f{number // 2}()\n# changed\n")
    (root / "m9.py").write_text("from m4 import f4\n\ndef f9():\n    return f4()\n")
    return [f"m{number}.py" for number in range(30)]


def index(root: Path, backend: str = "lmdb") -> Path:
    """Index the folder; the file that holds the index."""
    with open_store(root / ".magellan", backend=backend, root=root) as store:
        Indexer(root, store, Settings(), workers=0).refresh()
    place = backend_folder(root / ".magellan", backend)
    return place / ("data.mdb" if backend == "lmdb" else "magellan.db")


async def answers(server: Server, path: str = "m9.py") -> None:
    """The server is alive and leads from a call to its definition."""
    text = (server.root / path).read_text()
    server.open(path, text)
    line = text.splitlines().index("    return f4()")
    at = {"textDocument": server.document(path), "position": {"line": line, "character": 12}}
    found = await server.ask("textDocument/definition", at)
    assert [one["uri"] for one in found] == [server.uri("m4.py")]
    server.close(path)


def damage(file: Path, chance: random.Random) -> str:
    """Flip bits of a file, or cut it short; what was done."""
    data = bytearray(file.read_bytes())
    if chance.random() < 0.2:
        at = chance.randrange(len(data))
        file.write_bytes(data[:at])
        return f"cut at {at}"
    width = min(len(data), chance.choice([64, 4096, 65_536, len(data)]))
    begin = chance.randrange(len(data) - width + 1)
    count = chance.choice([1, 1, 8, 100, 1000])
    for _ in range(count):
        data[chance.randrange(begin, begin + width)] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    return f"{count} bits of {begin} to {begin + width}"


async def damaged(count: int, seed: int, backend: str) -> Counter[str]:
    """How often what came of it.

    Raises:
        AssertionError: an answer or the index was wrong; says after which damage.
    """
    found: Counter[str] = Counter()
    for number in range(count):
        with tempfile.TemporaryDirectory(prefix="damaged") as folder:
            root = Path(folder).resolve()
            write_modules(root)
            file = index(root, backend)
            what = damage(file, random.Random(f"{seed} {number}"))
            try:
                async with Server(root, options={"backend": backend}) as server:
                    await server.settle()
                    try:
                        await answers(server)
                    except (AssertionError, TypeError):
                        found["another answer, or none, until the files change"] += 1
                    server.on_disk(rewrite_modules(root))
                    await server.settle()
                    await answers(server)
                    try:
                        kept(root, backend)
                    except IndexDamagedError:
                        found["still damaged where nothing was read"] += 1
                    else:
                        try:
                            await until_fresh(server, root, backend, patience_s=5.0)
                        except AssertionError:
                            found["other than a fresh one, where nothing tells"] += 1
            except Exception as error:
                raise AssertionError(f"damage {number} of seed {seed}, {backend}: {what}") from error
            is_aside = any(".damaged-" in one.name for one in (root / ".magellan").iterdir())
            found["replaced" if is_aside else "read on, or never read"] += 1
            if (number + 1) % 50 == 0:
                print(f"{number + 1}: {dict(found)}", flush=True)
    return found


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
    parser.add_argument("--damages", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--backend", default="lmdb")
    options = parser.parse_args()
    if options.damages:
        print(dict(asyncio.run(damaged(options.damages, options.seed, options.backend))))
        return 0
    with tempfile.TemporaryDirectory(prefix="many") as folder:
        figures = asyncio.run(very_many(Path(folder).resolve(), options.files))
    for name, value in figures.items():
        print(f"{name:<28} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
