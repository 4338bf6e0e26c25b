"""Asks language servers what an oracle was asked, and prints how right each is, side by side.

    python benches/accuracy/run.py ANSWERS.json=FOLDER ... [--server NAME] [--command "NAME=PROGRAM ARGUMENT ..."]
        [--sample 10] [--limit 600] [--wrong magellan-lsp] [--json FILE]

Without ``--server`` it takes Magellan and every other server that is on the PATH and suits the corpus: those that need no
toolchain, and the compilers' own as the ceiling; one that is not there gets a row that says so. Folders are copied first,
without an index that lies in them, so that servers may write into them and all of them start cold.
``--wrong SERVER`` lists that server's wrong and missing answers with file and line. Answer files: see ``scoring.py``.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from client import Failed, Server
from scoring import Score, score

ROOT = Path(__file__).resolve().parents[2]
OURS = "magellan-lsp"
#: name: (languages, command); the first word is looked for on the PATH.
SERVERS: dict[str, tuple[set[str], list[str]]] = {
    "jedi-language-server": ({"python"}, ["jedi-language-server"]),
    "ctags-lsp": (set(), ["ctags-lsp"]),
    "basedpyright": ({"python"}, ["basedpyright-langserver", "--stdio"]),
    "pyright": ({"python"}, ["pyright-langserver", "--stdio"]),
    "ty": ({"python"}, ["ty", "server"]),
    "pyrefly": ({"python"}, ["pyrefly", "lsp"]),
    "zuban": ({"python"}, ["zuban", "server"]),
    "gopls": ({"go"}, ["gopls"]),
    "rust-analyzer": ({"rust"}, ["rust-analyzer"]),
    "clangd": ({"c", "cpp"}, ["clangd", "--background-index"]),
    "typescript-language-server": ({"js", "ts"}, ["typescript-language-server", "--stdio"]),
    "jdtls": ({"java"}, ["jdtls"]),
}


def commands(options: argparse.Namespace, language: str) -> dict[str, list[str]]:
    """The servers to ask about a language, by name, whether they are there or not."""
    found = {OURS: [sys.executable, "-m", "magellan_lsp", "--stdio"]}
    for name, (languages, command) in SERVERS.items():
        if not languages or language in languages:
            found[name] = command
    for given in options.command:
        name, _, line = given.partition("=")
        found[name] = shlex.split(line)
    return {name: command for name, command in found.items() if not options.server or name in options.server}


def ask(
    command: list[str], root: Path, data: Mapping[str, Any], told: list[str], limit: float
) -> tuple[Score, str]:
    """Start a server, ask it everything, end it; ``told`` gets what is wrong. Also gives the version that it tells.

    Raises:
        Failed: it could not be started, ended by itself, or was not done within ``limit`` seconds.
    """
    environment = {"PYTHONPATH": str(ROOT)} if command[1:2] == ["-m"] else {}
    with Server(command, root, environment, limit=limit) as server:
        found = score(server, data, lambda label, one: told.append(one))
        return found, str((server.result.get("serverInfo") or {}).get("version") or "")


def sampled(data: dict[str, Any], every: int) -> dict[str, Any]:
    """The answers of every so many positions and functions: the same ones for each server."""
    return {**data, "definition": data["definition"][::every], "functions": data["functions"][::every]}


def cells(found: Score) -> list[str]:
    """Definition F1, the same of the hard roles, external answered inside, F1 of references and of call sites."""
    figures = [f"{found.total.figures[2]:.3f}", f"{found.hard.figures[2]:.3f}", f"{found.external:.3f}"]
    for label in ("references", "incoming", "outgoing"):
        tally = found.tallies[label]
        figures.append("-" if tally is None else f"{tally.figures[2]:.3f}")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="+", metavar="ANSWERS.json=FOLDER")
    parser.add_argument("--server", action="append", default=[], help="only this one; may be repeated")
    parser.add_argument(
        "--command", action="append", default=[], metavar="NAME=COMMAND", help="a server more"
    )
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="ask at every Nth position only")
    parser.add_argument(
        "--limit", type=float, default=1800.0, metavar="SECONDS", help="for one server on one corpus"
    )
    parser.add_argument("--wrong", default="", metavar="SERVER", help="list its wrong and missing answers")
    parser.add_argument("--json", type=Path, help="write the figures of each role here")
    options = parser.parse_args()
    kept: list[dict[str, Any]] = []
    print(
        "| corpus | server | definition F1 | hard F1 | external inside | references F1 | incoming F1 | outgoing F1 |"
    )
    print("|-|-|-|-|-|-|-|-|", flush=True)
    for pair in options.corpus:
        answers, _, folder = pair.partition("=")
        data = sampled(json.loads(Path(answers).read_text(encoding="utf-8")), options.sample)
        corpus, language = data["meta"]["corpus"], data["meta"]["language"]
        for name, command in commands(options, language).items():
            if not shutil.which(command[0]):
                print(
                    f"| {corpus} | {name} | not run: {command[0]} is not on the PATH | | | | | |", flush=True
                )
                continue
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
                root = Path(scratch, Path(folder).name)
                shutil.copytree(folder, root, symlinks=True, ignore=shutil.ignore_patterns(".magellan"))
                told: list[str] = []
                try:
                    found, version = ask(command, root, data, told, options.limit)
                except (Failed, OSError) as error:
                    print(f"| {corpus} | {name} | gave up: {error} | | | | | |", flush=True)
                    continue
            print(f"| {corpus} | {name} | {' | '.join(cells(found))} |", flush=True)
            if name == options.wrong:
                print("\n".join(told), file=sys.stderr)
            row = {"corpus": corpus, "server": name, "version": version, "cells": cells(found)}
            kept.append({**row, "roles": roles(found)})
    if options.json:
        options.json.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def roles(found: Score) -> dict[str, list[float]]:
    """n, precision, recall and F1 of each role."""
    return {
        role: [row.n, *(round(one, 4) for one in row.figures)] for role, row in sorted(found.roles.items())
    }


if __name__ == "__main__":
    main()
