"""Load: a fast typist, and what an editor asks meanwhile.

    python tests/soak/typist.py [--seconds N] [--flight N] [--rate N] [--seed S] [--backend lmdb|sqlite]

A client types RATE changes a second into a document of 1,000 lines, one of four of them moving lines, and
keeps FLIGHT requests open, as VS Code asks them: definitions, highlights, hovers, outlines and lenses; some
it takes back. An answer has to be that of the version that was there when it was asked for: each state of the
text has a definition at a line of its own, so that an answer tells which state it is of. Prints the latencies
by method, how memory and the number of open requests grew, and how many answers were stale, refused for
changed content, cancelled, or errors.
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

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from soak.client import Refused, Server, percentile

CONTENT_MODIFIED, CANCELLED = -32801, -32800
PATH = "typed.py"
LINES = 1000
#: How many times the typist inserts a line before taking them out again, so that the text stays as long as it was.
TALLEST = 40
#: An editor whose question came to nothing asks again after at most so long.
ASKS_AGAIN_S = 0.25
METHODS = {
    "textDocument/definition": 4,
    "textDocument/documentHighlight": 4,
    "textDocument/hover": 2,
    "textDocument/documentSymbol": 1,
    "textDocument/codeLens": 1,
}


class Typed:
    """The document: ``height`` lines were inserted before ``def target``, and the call of it is the last line."""

    def __init__(self) -> None:
        self.version = 1
        self.height = 0
        body = "".join(f"def f{number}(x):\n    return x + {number}\n\n" for number in range(LINES // 3))
        self.text = f"{body}def target():\n    return 1\n\ntarget()\n"
        self.at = LINES // 3 * 3

    def next_change(self) -> dict[str, Any]:
        """The next change, as LSP has it."""
        self.version += 1
        if self.version % 4:  # most of what is typed moves nothing
            place = {"line": self.call_line + 1, "character": 0}
            return {"range": {"start": place, "end": place}, "text": "x" if self.version % 4 > 1 else "# "}
        if self.height < TALLEST:
            self.height += 1
            start = end = {"line": self.at, "character": 0}
            text = f"# {self.version}\n"
        else:
            start, end = {"line": self.at, "character": 0}, {"line": self.at + self.height, "character": 0}
            self.height, text = 0, ""
        return {"range": {"start": start, "end": end}, "text": text}

    @property
    def definition_line(self) -> int:
        return self.at + self.height

    @property
    def call_line(self) -> int:
        return self.definition_line + 3


def line_in(method: str, answer: Any) -> int | None:
    """The line of ``target``'s definition in an answer; None when it does not tell."""
    if not answer:
        return None
    line: int | None = None
    if method == "textDocument/definition":
        line = answer[0]["range"]["start"]["line"] if "range" in answer[0] else None
    elif method == "textDocument/documentHighlight":
        line = min(one["range"]["start"]["line"] for one in answer)
    elif method == "textDocument/documentSymbol":
        line = next(
            (one["selectionRange"]["start"]["line"] for one in answer if one["name"] == "target"), None
        )
    elif method == "textDocument/codeLens":
        line = max(one["range"]["start"]["line"] for one in answer)
    elif method == "textDocument/hover":
        line = answer["range"]["start"]["line"] - 3 if "range" in answer else None
    return line


class Load:
    """One run."""

    def __init__(self, server: Server, chance: random.Random, at_least: int = 0) -> None:
        self.server = server
        self.chance = chance
        self.at_least = at_least
        self.typed = Typed()
        self.counts: Counter[str] = Counter()
        self.latencies: dict[str, list[float]] = {}
        self.flight = 0
        self.stale: list[str] = []

    async def ask(self) -> None:
        """One request, and what becomes of it."""
        method = self.chance.choices(list(METHODS), list(METHODS.values()))[0]
        params: dict[str, Any] = {"textDocument": self.server.document(PATH)}
        if METHODS[method] > 1:
            params["position"] = {"line": self.typed.call_line, "character": 2}
        wanted, version = self.typed.definition_line, self.typed.version
        began = time.perf_counter()
        number, reply = self.server.start(method, params)
        self.flight += 1
        if takes_back := self.chance.random() < 0.1:
            asyncio.get_running_loop().call_later(self.chance.random() * 0.02, self.server.cancel, number)
        try:
            answer = await asyncio.wait_for(reply, 120)
        except Refused as refused:
            known = {CONTENT_MODIFIED: "content modified", CANCELLED: "cancelled"}
            self.counts[known.get(refused.code or 0, f"error {refused}")] += 1
            await asyncio.sleep(self.chance.random() * ASKS_AGAIN_S)
            return
        finally:
            self.flight -= 1
        self.counts["answers"] += 1
        self.counts["answers to what was taken back"] += takes_back
        self.latencies.setdefault(method, []).append(time.perf_counter() - began)
        found = line_in(method, answer)
        if found is not None and found != wanted:
            self.stale.append(f"{method} of version {version}: line {found}, not {wanted}")

    def goes_on(self, until: float) -> bool:
        """Whether there is time left, or too little was done."""
        return time.monotonic() < until or min(self.counts["answers"], self.counts["changes"]) < self.at_least

    async def keep_asking(self, until: float) -> None:
        while self.goes_on(until):
            await self.ask()

    async def type(self, until: float, rate: float) -> None:
        while self.goes_on(until):
            change = self.typed.next_change()
            self.server.change(PATH, self.typed.version, [change])
            self.counts["changes"] += 1
            # on a machine too busy to answer between two changes, the typist waits in the end
            await asyncio.sleep(1 / rate if time.monotonic() < until else 1)


async def run(
    seconds: float,
    flight: int = 50,
    rate: float = 20,
    seed: int = 1,
    backend: str = "lmdb",
    at_least: int = 0,
) -> dict[str, Any]:
    """The figures; ``stale`` holds the answers that were wrong. Goes on beyond its time until so many answers came and
    changes were made.
    """
    with tempfile.TemporaryDirectory(prefix="typing") as folder:
        root = Path(folder).resolve()
        for number in range(50):
            (root / f"other{number}.py").write_text(
                f"from typed import target\n\ndef g{number}():\n    target()\n"
            )
        typed = Typed()
        (root / PATH).write_text(typed.text)
        options = {"codeLens": {"references": True}, "backend": backend}
        async with Server(root, options=options) as server:
            await server.settle()
            load = Load(server, random.Random(seed), at_least)
            server.open(PATH, load.typed.text, 1, "python")
            until = time.monotonic() + seconds
            askers = [asyncio.create_task(load.keep_asking(until)) for _ in range(flight)]
            typist = asyncio.create_task(load.type(until, rate))
            await asyncio.sleep(min(seconds / 5, 30))
            early = server.memory()
            await typist
            late = server.memory()
            await asyncio.gather(*askers)
            began = time.perf_counter()
            await server.settle()
            drained = time.perf_counter() - began
    return {
        **dict(sorted(load.latencies.items())),
        "counts": dict(load.counts),
        "memory early, MB": round(sum(early.values()) / 2**20),
        "memory late, MB": round(sum(late.values()) / 2**20),
        "server early, MB": round(early.get("server", 0) / 2**20),
        "server late, MB": round(late.get("server", 0) / 2**20),
        "left open": load.flight,
        "settled after, s": round(drained, 2),
        "stale": load.stale,
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--flight", type=int, default=50)
    parser.add_argument("--rate", type=float, default=20, help="changes a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backend", choices=["lmdb", "sqlite"], default="lmdb")
    options = parser.parse_args()
    figures = asyncio.run(run(options.seconds, options.flight, options.rate, options.seed, options.backend))
    stale = figures.pop("stale")
    for name, value in figures.items():
        if isinstance(value, list):
            parts = "  ".join(
                f"p{int(part * 100)} {percentile(value, part) * 1000:.1f} ms" for part in (0.5, 0.95, 0.99)
            )
            value = f"{len(value)} answers  {parts}"
        print(f"{name:<34} {value}")
    print(f"{'stale answers':<34} {len(stale)}")
    for one in stale[:10]:
        print(one)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
