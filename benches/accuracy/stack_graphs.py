"""Asks the definitions that stack-graphs' own tests assert: ``#   ^ defined: LINES`` under a token.

    python benches/accuracy/stack_graphs.py SUITE [--language python] [--wrong]

SUITE is a checkout of github/stack-graphs. Its tests want every binding on the way (an import, then what it imports) where
an editor wants the last; so an answer counts as *exact* when its lines are those asserted, and as *within* when it gives
something and only asserted lines. Nothing asserted and nothing given is exact. Files named ``.skip`` are left out, as the
suite's own runner does.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

from world import Place, Workspace

LANGUAGES = {
    "python": {".py"},
    "javascript": {".js", ".jsx", ".mjs"},
    "typescript": {".ts", ".tsx"},
    "java": {".java"},
}
_PATH = re.compile(r"---\s*path:\s*(\S+)\s*---")
_ASSERTION = re.compile(r"\^\s*(\w+):\s*([^\s,]+(?:\s*,\s*[^\s,]+)*)?")


class Assertion(NamedTuple):
    """What one mark wants."""

    path: str
    line: int
    column: int
    wanted: frozenset[int]
    """1-based lines of the test file."""


def fragments(name: str, text: str) -> dict[str, str]:
    """The files that a test describes, each padded so that its lines keep their numbers in the test file."""
    found: dict[str, list[str]] = {}
    current = name if not _PATH.search(text) else None
    lines = text.split("\n")
    for number, line in enumerate(lines):
        header = _PATH.search(line)
        if header:
            current = header[1]
        if current is not None:
            rows = found.setdefault(current, [])
            rows += [""] * (number - len(rows))
            rows.append("" if header else line)
    return {path: "\n".join(rows) for path, rows in found.items()}


def assertions(path: str, text: str) -> Iterator[Assertion]:
    """The marks of one file; marks on following lines speak of the last line without one."""
    source = 0
    for number, line in enumerate(text.split("\n")):
        marks = list(_ASSERTION.finditer(line))
        if not marks:
            source = number
        for mark in marks:
            if mark[1] == "defined":
                wanted = frozenset(int(one) for one in re.findall(r"\d+", mark[2] or ""))
                yield Assertion(path, source, mark.start(), wanted)


def check(test: Path, name: str) -> Iterator[tuple[Assertion, frozenset[int], str]]:
    """Each assertion of a test with the lines that are given, and its source line."""
    files = fragments(name, test.read_text(encoding="utf-8"))
    world = Workspace({path: text.encode() for path, text in files.items()})
    for path, text in files.items():
        for one in assertions(path, text):
            lines = text.split("\n")
            given: frozenset[int] = frozenset()
            if path in world.files and one.column <= len(lines[one.line]):
                offset = world.texts.offset(path, one.line, one.column)
                given = frozenset(_line(files, place) for place in world.definition(path, offset))
            yield one, given, lines[one.line]


def _line(files: dict[str, str], place: Place) -> int:
    """The 1-based line of a place; a file as a whole begins with its first line of text."""
    if tuple(place[1:]) == (0, 0, 0, 0):
        return next((n for n, line in enumerate(files[place[0]].split("\n"), 1) if line.strip()), 1)
    return int(place[1]) + 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--wrong", action="store_true", help="list what is neither exact nor within")
    options = parser.parse_args()
    print(f"{'language':12}{'asserted':>9}{'exact':>7}{'within':>8}{'good':>6}{'share':>8}")
    for language in options.language or LANGUAGES:
        folder = options.suite / "languages" / f"tree-sitter-stack-graphs-{language}" / "test"
        count = exact = within = 0
        for test in sorted(folder.rglob("*")):
            if test.suffix not in LANGUAGES[language]:
                continue
            for one, given, line in check(test, test.relative_to(folder).as_posix()):
                count += 1
                exact += given == one.wanted
                near = given != one.wanted and bool(given) and given <= one.wanted
                within += near
                if options.wrong and given != one.wanted and not near:
                    where = f"{test.relative_to(folder)}:{one.line + 1}:{one.column + 1}"
                    print(f"{where}  {line.strip()[:80]}\n    want {sorted(one.wanted)}  got {sorted(given)}")
        share = (exact + within) / count if count else 0.0
        print(f"{language:12}{count:9}{exact:7}{within:8}{exact + within:6}{share:8.3f}")


if __name__ == "__main__":
    main()
