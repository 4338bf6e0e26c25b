"""Asks a server and the command line at places that a person has checked, and says where they differ.

    python benches/places/check.py CORPORA [--only LANGUAGE]... [--table FILE]

``CORPORA`` holds the source trees that the ``*.json`` files beside this name under ``corpus``; each is copied before
it is opened. At each place the answers of a real LMDB-backed server over standard streams (definition, references,
incoming and outgoing calls) and those of ``definition``, ``references``, ``callers`` and ``callees`` are compared with
what is written there, which was read in the source. Exit code 1 when anything differs. ``--table`` writes the
table of ``docs/places.md``.

Notation: ``FILE:LINE`` from 1; a caller is ``NAME FILE:LINES`` of its calls, a callee ``NAME FILE:LINE`` of its name.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[1] / "tests")]

from lsprotocol import types
from support.lsp import Editor, Workspace, editing

LANGUAGES = {
    "python": "Python",
    "rust": "Rust",
    "c": "C",
    "cpp": "C++",
    "java": "Java",
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "go": "Go",
}
Answers = dict[str, list[str]]


def by_place(texts: Iterable[str]) -> list[str]:
    def key(text: str) -> tuple[str, int]:
        path, _, line = text.rpartition(":")
        return path, int(line.split(",")[0])

    return sorted({text for text in texts if text.partition(":")[0]}, key=key)


def relative(root: Path, uri: str) -> str:
    """Of a place outside the tree (an installed package) "", which is left out: it depends on the machine."""
    path = Path(unquote(urlparse(uri).path))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else ""


async def over_lsp(editor: Editor, root: Path, path: str, line: int, column: int) -> Answers:
    """``column`` from 1, in characters."""
    text = (root / path).read_text("utf-8")
    before = text.split("\n")[line - 1][: column - 1]
    uri = (root / path).as_uri()
    document = types.TextDocumentIdentifier(uri)
    position = types.Position(line - 1, len(before.encode("utf-16-le")) // 2)

    found = await editor.ask("textDocument/definition", types.DefinitionParams(document, position))
    definitions = found if isinstance(found, list) else [found] if found else []
    references = await editor.ask(
        "textDocument/references",
        types.ReferenceParams(types.ReferenceContext(include_declaration=False), document, position),
    )
    items = await editor.ask(
        "textDocument/prepareCallHierarchy", types.CallHierarchyPrepareParams(document, position)
    )
    callers, callees = [], []
    for item in items or ():
        for call in (
            await editor.ask("callHierarchy/incomingCalls", types.CallHierarchyIncomingCallsParams(item))
            or ()
        ):
            lines = sorted({span.start.line + 1 for span in call.from_ranges})
            callers.append(f"{call.from_.name} {relative(root, call.from_.uri)}:{','.join(map(str, lines))}")
        for call in (
            await editor.ask("callHierarchy/outgoingCalls", types.CallHierarchyOutgoingCallsParams(item))
            or ()
        ):
            at = call.to.selection_range.start.line + 1
            callees.append(f"{call.to.name} {relative(root, call.to.uri)}:{at}")
    return {
        "definition": by_place(
            f"{relative(root, one.uri)}:{one.range.start.line + 1}" for one in definitions
        ),
        "references": by_place(
            f"{relative(root, one.uri)}:{one.range.start.line + 1}" for one in references or ()
        ),
        "callers": by_place(callers),
        "callees": by_place(callees),
    }


def by_command(root: Path, place: str) -> Answers:
    def ask(command: str, name: str) -> list[Any]:
        ran = subprocess.run(
            [
                sys.executable,
                "-m",
                "magellan_lsp",
                command,
                "--root",
                str(root),
                "--no-refresh",
                "--format",
                "json",
            ]
            + ([] if command == "definition" else ["--all"])
            + [place],
            capture_output=True,
            check=False,
            text=True,
            env={"PYTHONPATH": str(HERE.parents[1]), "PATH": "/usr/bin:/bin"},
        )
        return list(json.loads(ran.stdout)[name]) if ran.returncode in (0, 1) and ran.stdout else []

    def at(one: Any) -> str:
        path = "" if Path(one["path"]).is_absolute() else one["path"]
        return f"{path}:{one['range']['start']['line'] + 1}"

    def called(one: Any) -> str:
        lines = sorted({call["range"]["start"]["line"] + 1 for call in one["calls"]})
        path = one["calls"][0]["path"]
        return f"{one['symbol']['name']} {path}:{','.join(map(str, lines))}"

    return {
        "definition": by_place(at(one) for one in ask("definition", "definitions")),
        "references": by_place(at(one) for one in ask("references", "references")),
        "callers": by_place(called(one) for one in ask("callers", "callers")),
        "callees": by_place(
            f"{one['symbol']['name']} {at(one['symbol'])}" for one in ask("callees", "callees")
        ),
    }


def differences(expected: dict[str, Any], given: Answers) -> list[str]:
    said = []
    for what, places in given.items():
        missing = [one for one in by_place(expected[what]) if one not in places]
        extra = [one for one in places if one not in expected[what]]
        said += [f"{what}: missing {one}" for one in missing] + [f"{what}: wrong {one}" for one in extra]
    return said


async def check(language: str, corpora: Path) -> tuple[dict[str, Any], int]:
    """The file's records, each with what differs under ``differs``; and how many places differ."""
    known = json.loads((HERE / f"{language}.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "tree")
        shutil.copytree(corpora / known["corpus"], root, symlinks=True)
        async with editing(Workspace(root)) as editor:
            await editor.settle()
            for place in known["places"]:
                path, line, column = place["at"].rsplit(":", 2)
                given = await over_lsp(editor, root, path, int(line), int(column))
                place["differs"] = [f"LSP {one}" for one in differences(place, given)]
        for place in known["places"]:
            place["differs"] += [f"CLI {one}" for one in differences(place, by_command(root, place["at"]))]
    return known, sum(bool(place["differs"]) for place in known["places"])


def shown(places: list[str], most: int = 3) -> str:
    text = ", ".join(f"`{one}`" for one in places[:most])
    return text + (f" and {len(places) - most} more" if len(places) > most else "") if places else "none"


def table(language: str, known: dict[str, Any]) -> str:
    lines = [
        f"## {LANGUAGES[language]}",
        "",
        f"`{known['corpus']}`",
        "",
        "| place | name | definition | references | callers | callees | what was wrong |",
        "|---|---|---|---|---|---|---|",
    ]
    for place in known["places"]:
        cells = [
            f"`{place['at']}`",
            f"`{place['name']}`",
            shown(place["definition"]) if place["definition"] else "outside the tree",
            str(len(place["references"])),
            shown(place["callers"], 2),
            shown(place["callees"], 2),
            place["wrong"] or "nothing",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--only", action="append", choices=sorted(LANGUAGES))
    parser.add_argument("--table", type=Path)
    options = parser.parse_args()
    tables, bad = [], 0
    for language in options.only or LANGUAGES:
        known, differ = asyncio.run(check(language, options.corpora))
        print(
            f"{LANGUAGES[language]:<10} {len(known['places']) - differ} of {len(known['places'])} places as read"
        )
        for place in known["places"]:
            for one in place["differs"]:
                print(f"    {place['at']} `{place['name']}` {one}")
        bad += differ
        tables.append(table(language, known))
    if options.table is not None:
        head, mark, _ = options.table.read_text("utf-8").partition("<!-- tables -->\n")
        options.table.write_text(head + mark + "\n" + "\n\n".join(tables) + "\n", "utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
