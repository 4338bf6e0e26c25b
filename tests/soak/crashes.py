"""kill -9 at random instants: the index opens again, re-indexes what it lost by itself, and equals a fresh one.

    python tests/soak/crashes.py [--kills N] [--seed S] [--backend lmdb|sqlite] [--files N] [--only KIND]

A workspace of all languages is changed all the time, on disk and in documents. At a random instant the server, its
indexer, or one of the indexer's workers is killed. Workers are only there while much is to be done, so before one of
them is killed all of many larger files are written, or the index is deleted and the server started, and the kill comes
when they are there. After the server's death another is started, as an editor would; the death of the others is
the server's business. Then the index is compared with a fresh one. Prints what was killed how often, in a first index or
in one of changes, how long it took to be right again, and what was wrong, with the seed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import psutil

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from soak.client import Gone, Server, kill_process, percentile
from soak.edits import Difference, World, compare

from magellan_lsp.errors import MagellanError

T = TypeVar("T")
#: Source bytes beyond which the indexer takes workers, with room.
WORTH_BYTES = 500_000
COMES_S = 20.0
#: The server tries again some time after its indexer died, and says so; longer than that is a fault.
SETTLE_S = 60.0
#: What is killed, and how often as compared with the others.
KINDS = {"indexer": 3, "server": 2, "worker": 4}


async def busy(world: World, server: Server, chance: random.Random) -> None:
    """Change things, a few at a time, until cancelled."""
    while True:
        touched: list[str] = []
        for _ in range(chance.randint(1, 12)):
            world.step(server, touched)
        if touched:
            server.on_disk(list(dict.fromkeys(touched)))
        await asyncio.sleep(chance.choice([0, 0.005, 0.02, 0.1]))


def workers_of(server: Server) -> list[psutil.Process]:
    """The processes that extract and link for the indexer."""
    found = []
    for one in server.children():
        with contextlib.suppress(psutil.Error):
            if any("spawn_main" in part for part in one.cmdline()):
                found.append(one)
    return found


async def until_there(look: Callable[[], T]) -> T:
    """What ``look`` finds as soon as that is anything; nothing when it does not come."""
    until = time.monotonic() + COMES_S
    while not (found := look()) and time.monotonic() < until:
        await asyncio.sleep(0.005)
    return found


def write_many(world: World, files: int) -> list[str]:
    """Change so many files, in all some hundred kilobytes, that the indexer wants workers.

    Most of it is one long line of a comment, so that there is time for many kills.
    """
    paths = [f"many/file{number}.py" for number in range(files)]
    each = WORTH_BYTES // max(1, files) + 1
    for number, path in enumerate(paths):
        turn = world.clock % 3
        own = f"def many{number}_{turn}(x):\n    return many{number // 2}_{turn}(x)\n"
        text = own + world.texts.text("one.py")
        world.write(path, text + f"# {turn} {'-' * max(0, each - len(text))}\n")
    return paths


async def victim(
    world: World, server: Server, chance: random.Random, files: int, kinds: Mapping[str, int]
) -> tuple[str, psutil.Process | None]:
    """What to kill next, now; None is the server itself."""
    kind = chance.choices(list(kinds), list(kinds.values()))[0]
    if kind == "worker":
        if not workers_of(server):
            server.on_disk(write_many(world, files))
        workers = await until_there(lambda: workers_of(server))
        await asyncio.sleep(chance.choice([0.0, 0.05, 0.5]) * chance.random())
        workers = workers_of(server) or workers
        if workers:
            return kind, chance.choice(workers)
    if kind != "server":
        indexer = await until_there(server.indexer)
        if indexer is not None:
            return "indexer", indexer
    return "server", None


async def right_again(world: World, server: Server, backend: str, where: str) -> float:
    """Seconds until the index equals a fresh one.

    Raises:
        Difference: it does not within SETTLE_S.
    """
    began = time.monotonic()
    while True:
        await server.settle()
        try:
            await asyncio.to_thread(compare, world, backend, where)
        except (Difference, MagellanError, OSError) as difference:
            if time.monotonic() - began > SETTLE_S:
                raise Difference(str(difference)) from None
            await asyncio.sleep(0.1)
        else:
            return time.monotonic() - began


async def run(
    kills: int,
    seed: int,
    backend: str,
    files: int,
    *,
    say: bool = True,
    kinds: Mapping[str, int] = KINDS,
) -> dict[str, Any]:
    """The figures.

    Raises:
        Difference: an index did not become right again, or a process of a dead server lived on.
    """
    chance = random.Random(seed)
    killed: Counter[str] = Counter()
    took: list[float] = []
    with tempfile.TemporaryDirectory(prefix="crashes") as folder:
        world = World(Path(folder).resolve(), chance)
        for path in world.texts.owner:
            world.write(path, world.texts.text(path))
        write_many(world, files)
        server = Server(world.root, options={"backend": backend})
        await server.__aenter__()
        is_first = True  # what runs is a first index
        try:
            while sum(killed.values()) < kills:
                number = sum(killed.values())
                if chance.random() < 0.2:
                    server.on_disk(write_many(world, files))
                worker = asyncio.create_task(busy(world, server, chance))
                await asyncio.sleep(chance.choice([0.0, 0.02, 0.1, 0.3]) * chance.random() * 2)
                kind, process = await victim(world, server, chance, files, kinds)
                children = server.children()
                if process is None:
                    await server.kill()
                elif not kill_process(process):
                    worker.cancel()
                    continue  # it had just ended by itself
                killed[f"{kind}s killed in {'a first index' if is_first else 'changes'}"] += 1
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)
                is_first = False
                if process is None or kind == "indexer":
                    _, alive = await asyncio.to_thread(psutil.wait_procs, children, 20)
                    if alive:
                        raise Difference(f"kill {number} of seed {seed}: {alive} outlived the {kind}")
                if process is None:
                    world.open.clear()
                    if is_first := chance.random() < 0.5:
                        shutil.rmtree(world.root / ".magellan", ignore_errors=True)  # if it was begun
                    server = Server(world.root, options={"backend": backend})
                    await server.__aenter__()
                    if is_first:
                        continue  # the next kill comes while it runs
                where = f"after kill {number} ({kind}) of seed {seed} on {backend}"
                try:
                    took.append(await right_again(world, server, backend, where))
                except Gone:
                    raise Difference(f"{where}: the server ended") from None
                if say and (number + 1) % 20 == 0:
                    print(f"{number + 1} kills: {dict(killed)}", flush=True)
            await right_again(world, server, backend, f"in the end, seed {seed}")
        finally:
            await server.__aexit__()
    return {
        **dict(sorted(killed.items())),
        "seconds until right, p50": round(percentile(took, 0.5), 2),
        "seconds until right, p95": round(percentile(took, 0.95), 2),
        "seconds until right, most": round(max(took, default=0.0), 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backend", choices=["lmdb", "sqlite"], default="lmdb")
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--only", choices=sorted(KINDS), help="kill nothing else, as long as it is there")
    options = parser.parse_args()
    kinds = {options.only: 1} if options.only else KINDS
    try:
        figures = asyncio.run(run(options.kills, options.seed, options.backend, options.files, kinds=kinds))
    except Difference as difference:
        print(difference)
        return 1
    for name, value in figures.items():
        print(f"{name:<36} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
