"""Scores the resolver without a server against an oracle's answers: the loop for working on a language.

    python benches/accuracy/quick.py ANSWERS.json=FOLDER [--wrong WHAT] [--limit N] [--only TEXT]

Prints per role: n, right (the first place given is right), wrong, none, and P, R, F1; then references and call sites, asked
through ``query/`` as the server does. With ``--wrong`` (a role, ``all`` roles, ``references``, ``incoming`` or
``outgoing``) also each wrong or missing one with its source line.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scoring import CALLS, Place, report, score
from world import Workspace


class InProcess:
    """A workspace in memory as the one who is asked."""

    def __init__(self, world: Workspace) -> None:
        self.world = world

    def definition(self, path: str, line: int, character: int) -> list[Place]:
        if path not in self.world.files:
            return []
        return self.world.definition(path, self.world.texts.offset(path, line, character))

    def references(self, path: str, line: int, character: int) -> list[Place] | None:
        if path not in self.world.files:
            return []
        return self.world.references(path, self.world.texts.offset(path, line, character))

    def calls(self, path: str, line: int, character: int, direction: str) -> list[Place] | None:
        if path not in self.world.files:
            return []
        return self.world.calls(path, self.world.texts.offset(path, line, character), direction)[1]

    def text(self, path: str, line: int) -> str:
        return self.world.texts.line(path, line)


class Wrong:
    """Prints what is wrong, as much of it as was asked for."""

    def __init__(self, what: str, limit: int, only: str = "") -> None:
        self.what = what
        self.only = only
        self.left = limit

    def __call__(self, label: str, told: str) -> None:
        roles = label not in ("references", *CALLS)
        if (label == self.what or (self.what == "all" and roles)) and self.left > 0 and self.only in told:
            self.left -= 1
            print(told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="+", metavar="ANSWERS.json=FOLDER")
    parser.add_argument("--wrong", default="", help="a role, 'all', 'references', 'incoming' or 'outgoing'")
    parser.add_argument("--only", default="", help="only what is told with this text in it, a path or a name")
    parser.add_argument("--limit", type=int, default=40)
    options = parser.parse_args()
    gc.disable()
    for pair in options.corpus:
        answers, _, folder = pair.partition("=")
        data = json.loads(Path(answers).read_text(encoding="utf-8"))
        world = Workspace.of(Path(folder))
        print(
            f"== {data['meta']['corpus']}: {len(world.files)} files, extract {world.extract_s:.2f} s, "
            f"link {world.link_s:.2f} s (CPU)"
        )
        print(report(score(InProcess(world), data, Wrong(options.wrong, options.limit, options.only))))


if __name__ == "__main__":
    main()
