"""Asks an oracle (a compiler-grade language server) about sampled positions of a folder and keeps its answers.

    python benches/accuracy/collect.py --language ts --name rxjs-7.8.2 --root FOLDER \
        --oracle "typescript-language-server 5.3.0, typescript 5.9.3" --out ANSWERS.json \
        [--settings S.json] [--options I.json] [--exclude GLOB] -- typescript-language-server --stdio

Positions are drawn by role (see ``roles.py``) with a seed, so that the same folder gives the same ones. Of the
definitions, so many with an answer in the workspace are kept, and up to a third of that number whose answer lies outside;
positions that the oracle knows nothing of are dropped and counted, and so are names of packages that it did not find. Four
of five functions are ones with references. The oracle is started in the folder itself: prepare a copy (installed
dependencies, settings files). The answer file (its shape: ``scoring.py``) holds places alone, no source text.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path, PurePosixPath
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import SKIP, Failed, Server
from roles import GRAMMARS, Spot, from_package, spots, twins
from scoring import CALLS, Place

#: How often a role is drawn, relative to the others.
SHARE = {
    "call": 1.0, "method": 1.4, "attribute": 1.0, "type": 1.0, "import": 0.6, "variable": 1.2, "macroarg": 0.5,
    "definition": 0.4,
}  # fmt: skip
#: So many times what is wanted is asked: some positions have no answer or lie outside.
SPARE = 3
#: The share of functions that have references.
USED = 0.8


class Pool:
    """The positions that can be asked about, shuffled with a seed."""

    def __init__(self, language: str, root: Path, exclude: list[str], seed: int) -> None:
        self.chance = random.Random(seed)
        self.files = sorted(
            path
            for path in _sources(language, root)
            if not any(PurePosixPath(path).match(one) for one in exclude)
        )
        self.roles: dict[str, list[Spot]] = defaultdict(list)
        self.named: list[Spot] = []
        for path in self.files:
            for spot in spots(language, root, path):
                self.roles[spot.role].append(spot)
                if spot.function:
                    self.named.append(spot)

    def quota(self, count: int) -> dict[str, int]:
        """How many positions of each role make up ``count``."""
        whole = sum(SHARE[role] for role in self.roles)
        return {role: max(8, round(count * SHARE[role] / whole)) for role in sorted(self.roles)}

    def positions(self, quota: dict[str, int]) -> list[Spot]:
        """The positions to ask for definitions, by place."""
        found = []
        for role, wanted in quota.items():
            found += self.drawn(self.roles[role], wanted * SPARE)
        return sorted(found, key=lambda spot: (spot.path, spot.line, spot.character))

    def functions(self, count: int) -> list[Spot]:
        """The functions to ask for references, by place."""
        found = self.drawn(self.named, count * SPARE)
        return sorted(found, key=lambda spot: (spot.path, spot.line, spot.character))

    def drawn(self, all_of: list[Any], count: int) -> list[Any]:
        self.chance.shuffle(all_of)
        return all_of[:count]


def _sources(language: str, root: Path) -> list[str]:
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIP)
        for name in names:
            path = Path(folder, name)
            if path.suffix in GRAMMARS[language] and path.is_file() and not path.is_symlink():
                found.append(path.relative_to(root).as_posix())
    return found


def definition(server: Server, language: str, spot: Spot) -> dict[str, Any] | str:
    """An entry of ``definition``, or why there is none: ``no_answer``, ``failed``, ``package``."""
    where = spot.path, spot.line, spot.character
    failed = server.failed
    places, outside = server.located("definition", *where)
    if server.failed > failed:
        return "failed"
    entry: dict[str, Any] = {"path": spot.path, "line": spot.line, "character": spot.character}
    if not places:
        return {**entry, "role": spot.role, "defs": [], "external": True} if outside else "no_answer"
    if all(one[0] == spot.path and from_package(language, server.root, one) for one in places):
        return "package"
    entry |= {"role": _role(spot, places), "defs": places}
    alternatives: list[Place] = []
    if server.has("declarationProvider"):
        alternatives += server.located("declaration", *where)[0]
    if spot.role in {"call", "method"} or (spot.role == "type" and language != "python"):
        for one in places:
            alternatives += twins(language, server.root, one)
    if alternatives := [one for one in alternatives if one not in places]:
        entry["alt"] = alternatives
    return entry


def _role(spot: Spot, places: list[Place]) -> str:
    """A variable is ``local`` where the answers lie in the innermost function around it, else ``global``."""
    if spot.role != "variable":
        return spot.role
    if spot.scope is not None and all(
        one[0] == spot.path and spot.scope[0] <= one[1] <= spot.scope[1] for one in places
    ):
        return "local"
    return "global"


def definitions(
    server: Server, language: str, pool: Pool, count: int
) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The entries kept, by place, and how many positions gave none, by reason."""
    quota, answers, without = pool.quota(count), defaultdict(list), Counter[str]()
    chosen = pool.positions(quota)
    without["asked"] = len(chosen)
    for spot in chosen:
        entry = definition(server, language, spot)
        if isinstance(entry, str):
            without[entry] += 1
        else:
            answers["external" if entry.get("external") else spot.role].append(entry)
    kept = []
    for role in sorted(answers):
        kept += pool.drawn(answers[role], quota.get(role, count // 3))
    return sorted(kept, key=_place), without


def functions(server: Server, pool: Pool, count: int) -> list[dict[str, Any]]:
    """The entries of ``functions``, by place. Calls are null where the oracle cannot tell."""
    asked: list[dict[str, Any]] = []
    for spot in pool.functions(count):
        where = spot.path, spot.line, spot.character
        failed = server.failed
        uses = server.references(*where)
        if server.failed == failed:
            entry = {"path": spot.path, "line": spot.line, "character": spot.character}
            asked.append({**entry, "references": uses or [], "incoming": None, "outgoing": None})
    used = pool.drawn([one for one in asked if one["references"]], round(count * USED))
    kept = used + pool.drawn([one for one in asked if not one["references"]], count - len(used))
    for entry in kept if server.has("callHierarchyProvider") else []:
        items = server.items(entry["path"], entry["line"], entry["character"])
        for direction in CALLS if items else ():
            failed = server.failed
            found = [call for item in items for call in server.called(item, direction)]
            if server.failed == failed:
                entry[direction] = [{"item": name, "sites": sites} for name, sites in found]
    return sorted(kept, key=_place)


def _place(entry: dict[str, Any]) -> tuple[str, int, int]:
    return entry["path"], entry["line"], entry["character"]


def collect(server: Server, pool: Pool, meta: dict[str, Any], count: int, n_functions: int) -> dict[str, Any]:
    """Everything that an answer file holds; ``meta`` is completed.

    Raises:
        Failed: the oracle has ended.
    """
    entries, without = definitions(server, meta["language"], pool, count)
    whole = {
        **meta,
        "files": len(pool.files),
        **{name: without[name] for name in ("asked", "no_answer", "failed", "package")},
    }
    return {"meta": whole, "definition": entries, "functions": functions(server, pool, n_functions)}


def written(data: dict[str, Any]) -> str:
    """The answer file's text: an entry a line, so that two of them compare."""

    def rows(name: str) -> str:
        return "[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in data[name]) + "\n]"

    meta = json.dumps(data["meta"])
    return f'{{"meta": {meta},\n"definition": {rows("definition")},\n"functions": {rows("functions")}}}\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--language", required=True, choices=sorted(GRAMMARS))
    parser.add_argument("--name", required=True, help="the corpus, with its version")
    parser.add_argument("--root", required=True, type=Path, help="its folder")
    parser.add_argument("--oracle", required=True, help="name and version, for the record")
    parser.add_argument("--out", required=True, type=Path, metavar="ANSWERS.json")
    parser.add_argument("--count", type=int, default=400, help="positions with an answer in the workspace")
    parser.add_argument("--functions", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--exclude", action="append", default=[], metavar="GLOB", help="files to ask nothing about"
    )
    parser.add_argument("--settings", type=Path, help="JSON: the answers to workspace/configuration")
    parser.add_argument("--options", type=Path, help="JSON: initializationOptions")
    parser.add_argument("--limit", type=float, default=300, help="seconds to wait until the oracle is ready")
    parser.add_argument("--note", default="", help="how the folder was prepared, for the record")
    parser.add_argument(
        "command", nargs="+", help="-- the oracle's program; {cache} and {root} stand for folders"
    )
    options = parser.parse_args()
    root, language = options.root.resolve(), options.language
    pool = Pool(language, root, options.exclude, options.seed)
    if not pool.roles:
        sys.exit(f"no {language} source in {root}")
    settings, given = (
        json.loads(one.read_text()) if one else None for one in (options.settings, options.options)
    )
    meta = {
        "language": language, "corpus": options.name, "oracle": options.oracle, "seed": options.seed,
        "date": datetime.date.today().isoformat(), "note": options.note,
    }  # fmt: skip
    try:
        with Server(
            options.command, root, timeout=60, ready=options.limit, settings=settings, options=given,
            first=next(spot.path for spots in pool.roles.values() for spot in spots),
        ) as server:  # fmt: skip
            data = collect(server, pool, meta, options.count, options.functions)
    except (Failed, OSError) as error:
        sys.exit(f"{options.command[0]}: {error}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(written(data), encoding="utf-8")
    print(
        f"{options.out}: {data['meta']}; {len(data['definition'])} positions, {len(data['functions'])} functions"
    )


if __name__ == "__main__":
    main()
