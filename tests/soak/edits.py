"""Random edits through the real server: after each batch its index is what a fresh indexing gives, to the record.

    python tests/soak/edits.py [--steps N] [--seed S] [--backend lmdb|sqlite] [--batch N]

A step writes, deletes or renames a file on disk, or opens, types into, saves or closes a document; all eight
languages lie in one folder, and their files mention each other's few names (``support.programs``). A batch is sent
without waiting between its steps. The fresh index is made in memory of the same files, open documents with the
text that the client has. Ends at the first difference, which it prints with the seed.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import os
import random
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from soak.client import Server
from support.programs import DIALECTS, FIELDS, FUNCTIONS, TYPES

from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.dump import dump
from magellan_lsp.store.memory import MemoryStore
from magellan_lsp.store.open import open_store


class Difference(AssertionError):
    """The index is not what a fresh one would be."""


class Texts:
    """Files' contents by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.dialects = list(DIALECTS.values())
        self.owner = {path: one for one in self.dialects for path in one.paths}
        self.configs = {path: contents for one in self.dialects for path, contents in one.configs}

    def path(self) -> str:
        if self.configs and self.chance.random() < 0.05:
            return self.chance.choice(sorted(self.configs))
        return self.chance.choice(self.chance.choice(self.dialects).paths)

    def text(self, path: str) -> str:
        if path in self.configs:
            return self.chance.choice(self.configs[path])
        dialect = self.owner[path]
        parts = [self.chance.choice(dialect.snippets) for _ in range(self.chance.randint(0, 6))]
        folder = Path(path).parent.name or "main"
        body = "".join(self._filled(one, dialect.modules) + "\n" for one in parts)
        return dialect.head.replace("{folder}", folder) + body

    def _filled(self, snippet: str, modules: tuple[str, ...]) -> str:
        pools = {
            **dict.fromkeys("TUV", TYPES),
            **dict.fromkeys("fgh", FUNCTIONS),
            **dict.fromkeys("xy", FIELDS),
        }
        if modules:
            pools |= dict.fromkeys("MN", list(modules))
        chosen = {letter: self.chance.choice(pool) for letter, pool in pools.items()}
        return re.sub(r"\b[TUVfghxyMN]\b", lambda match: chosen.get(match[0], match[0]), snippet)


class World:
    """The folder as it is on disk and in the client's documents."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root = root
        self.chance = chance
        self.texts = Texts(chance)
        self.open: dict[str, tuple[int, str]] = {}  # version and text
        self.clock = 2

    def write(self, path: str, text: str) -> None:
        at = self.root / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text, encoding="utf-8", newline="\n")
        os.utime(at, ns=(0, self.clock * 10**9))  # two states of one size within a tick of the clock
        self.clock += 1

    def step(self, server: Server, touched: list[str]) -> None:
        """Do one thing by chance and tell the server what a client would."""
        path = self.texts.path()
        what = self.chance.choices(
            ["write", "delete", "rename", "open", "type", "save", "close"], [30, 8, 8, 10, 30, 8, 6]
        )[0]
        at = self.root / path
        if what in ("type", "save", "close"):
            if not self.open:
                return
            path = self.chance.choice(sorted(self.open))
        if what == "write":
            self.write(path, self.texts.text(path))
            touched.append(path)
        elif what == "delete" and at.exists():
            at.unlink()
            touched.append(path)
        elif what == "rename" and at.exists():
            to = self.chance.choice(self.texts.owner[path].paths) if path in self.texts.owner else path
            if to != path:
                (self.root / to).parent.mkdir(parents=True, exist_ok=True)
                at.replace(self.root / to)
                touched += [path, to]
        elif what == "open" and path not in self.open and path in self.texts.owner:
            text = at.read_text("utf-8") if at.exists() else ""
            self.open[path] = (1, text)
            server.open(path, text)
        elif what == "type":
            version, text = self.open[path]
            if self.chance.random() < 0.5:
                text = self.texts.text(path)
                changes = [{"text": text}]
            else:
                text, change = self.typed(text)
                changes = [change]
            self.open[path] = (version + 1, text)
            server.change(path, version + 1, changes)
        elif what == "save":
            self.write(path, self.open[path][1])
            touched.append(path)
            server.save(path)
        elif what == "close":
            del self.open[path]
            server.close(path)

    def typed(self, text: str) -> tuple[str, dict[str, object]]:
        """A small change: the text after it, and the change as LSP has it."""
        begin = self.chance.randint(0, len(text))
        end = min(len(text), begin + self.chance.choice([0, 0, 1, 3]))
        put = self.chance.choice(["", "x", "\n", "f()", "Ant", "😀", ".", "("])

        def position(offset: int) -> dict[str, int]:
            before = text[:offset]
            last = before.rsplit("\n", 1)[-1]
            return {"line": before.count("\n"), "character": len(last.encode("utf-16-le")) // 2}

        change = {"range": {"start": position(begin), "end": position(end)}, "text": put}
        return text[:begin] + put + text[end:], change

    def fresh(self) -> str:
        """The dump of a new index of what the folder and the documents hold."""
        with tempfile.TemporaryDirectory() as folder:
            mirror = Path(folder, self.root.name)
            shutil.copytree(self.root, mirror, ignore=shutil.ignore_patterns(".magellan"))
            for path, (_, text) in self.open.items():
                (mirror / path).parent.mkdir(parents=True, exist_ok=True)
                (mirror / path).write_text(text, encoding="utf-8", newline="\n")
            store = MemoryStore()
            Indexer(mirror, store, Settings(), workers=0).refresh()
            with store.read() as reader:
                return dump(reader)


def kept(root: Path, backend: str) -> str:
    """The dump of the server's index."""
    with (
        open_store(root / ".magellan", backend=backend, mode="read", root=root) as store,
        store.read() as reader,
    ):
        return dump(reader)


def compare(world: World, backend: str, after: str) -> None:
    """Raises:
    Difference: with the first records that differ.
    """
    fresh, found = world.fresh(), kept(world.root, backend)
    if fresh != found:
        lines = difflib.unified_diff(
            fresh.splitlines(), found.splitlines(), "fresh", "kept", lineterm="", n=0
        )
        raise Difference(
            after + "\n" + "\n".join(line[:300] for _, line in zip(range(40), lines, strict=False))
        )


async def run(
    steps: int, seed: int, backend: str, batch: int, *, say: bool = True, keep: Path | None = None
) -> int:
    """Steps done without a difference.

    Raises:
        Difference: there is one.
    """
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="soak") as folder:
        world = World(Path(folder).resolve(), chance)
        for path in world.texts.owner:
            if chance.random() < 0.5:
                world.write(path, world.texts.text(path))
        done, began = 0, time.monotonic()
        async with Server(world.root, options={"backend": backend}) as server:
            await server.settle()
            while done < steps:
                touched: list[str] = []
                count = min(chance.randint(1, batch), steps - done)
                for _ in range(count):
                    world.step(server, touched)
                done += count
                if touched:
                    server.on_disk(list(dict.fromkeys(touched)))
                await server.settle()
                try:
                    compare(world, backend, f"after step {done} of seed {seed} on {backend}")
                except Difference:
                    if keep is not None:
                        shutil.copytree(world.root, keep, dirs_exist_ok=True)
                    raise
                if say and done // 500 != (done - count) // 500:
                    print(f"{done} steps, {time.monotonic() - began:.0f} s", flush=True)
        return done


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backend", choices=["lmdb", "sqlite"], default="lmdb")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--keep", type=Path, help="where to copy the folder when there is a difference")
    options = parser.parse_args()
    try:
        done = asyncio.run(
            run(options.steps, options.seed, options.backend, options.batch, keep=options.keep)
        )
    except Difference as difference:
        print(difference)
        return 1
    print(f"{done} steps on {options.backend} with seed {options.seed}: no difference")
    return 0


if __name__ == "__main__":
    sys.exit(main())
