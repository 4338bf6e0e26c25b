"""kill -9 at random instants: the index opens again, re-indexes what it lost by itself, and equals a fresh one.

    python tests/soak/crashes.py [--kills N] [--seed S] [--backend lmdb|sqlite] [--files N]

A workspace of all languages is changed all the time, on disk and in documents. At a random instant the server, its
indexer, or one of the indexer's workers is killed. After the server's death another is started, as an editor would; the
death of the others is the server's business. Then the index is compared with a fresh one. Prints what was killed how
often, how long it took to be right again, and what was wrong, with the seed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from soak.client import Gone, Server, kill_process, percentile
from soak.edits import Difference, World, compare

#: The server tries again some time after its indexer died, and says so; longer than that is a fault.
SETTLE_S = 60.0


async def busy(world: World, server: Server, chance: random.Random) -> None:
    """Change things, a few at a time, until cancelled."""
    while True:
        touched: list[str] = []
        for _ in range(chance.randint(1, 12)):
            world.step(server, touched)
        if touched:
            server.on_disk(list(dict.fromkeys(touched)))
        await asyncio.sleep(chance.choice([0, 0.005, 0.02, 0.1]))


def victim(server: Server, chance: random.Random) -> tuple[str, psutil.Process | None]:
    """What to kill next; None is the server itself."""
    indexer = server.indexer()
    children = server.children()
    workers = [one for one in children if indexer is not None and one.pid != indexer.pid]
    kind = chance.choices(["indexer", "server", "worker"], [5, 3, 3])[0]
    if kind == "worker" and workers:
        return kind, chance.choice(workers)
    if kind != "server" and indexer is not None:
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
        except (Difference, OSError) as difference:
            if time.monotonic() - began > SETTLE_S:
                raise Difference(str(difference)) from None
            await asyncio.sleep(0.1)
        else:
            return time.monotonic() - began


async def run(kills: int, seed: int, backend: str, files: int, *, say: bool = True) -> dict[str, Any]:
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
        for number in range(files):  # enough that workers are used
            world.write(f"many/file{number}.py", world.texts.text("one.py"))
        server = Server(world.root, options={"backend": backend})
        await server.__aenter__()
        try:
            while sum(killed.values()) < kills:
                number = sum(killed.values())
                if chance.random() < 0.3:  # much to do at once: the pool of workers comes up
                    again = [f"many/file{one}.py" for one in range(files)]
                    for path in again:
                        world.write(path, world.texts.text("one.py"))
                    server.on_disk(again)
                worker = asyncio.create_task(busy(world, server, chance))
                await asyncio.sleep(chance.choice([0.0, 0.02, 0.1, 0.3]) * chance.random() * 2)
                kind, process = victim(server, chance)
                children = server.children()
                if process is None:
                    await server.kill()
                else:
                    kill_process(process)
                killed[kind] += 1
                worker.cancel()
                await asyncio.gather(worker, return_exceptions=True)
                if process is None:
                    _, alive = await asyncio.to_thread(psutil.wait_procs, children, 20)
                    if alive:
                        raise Difference(f"kill {number} of seed {seed}: {alive} outlived the server")
                    world.open.clear()
                    server = Server(world.root, options={"backend": backend})
                    await server.__aenter__()
                where = f"after kill {number} ({kind}) of seed {seed} on {backend}"
                try:
                    took.append(await right_again(world, server, backend, where))
                except Gone:
                    raise Difference(f"{where}: the server ended") from None
                if say and (number + 1) % 50 == 0:
                    print(f"{number + 1} kills", flush=True)
        finally:
            await server.__aexit__()
    return {
        **{f"{kind} killed": count for kind, count in sorted(killed.items())},
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
    parser.add_argument("--files", type=int, default=120)
    options = parser.parse_args()
    try:
        figures = asyncio.run(run(options.kills, options.seed, options.backend, options.files))
    except Difference as difference:
        print(difference)
        return 1
    for name, value in figures.items():
        print(f"{name:<28} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
