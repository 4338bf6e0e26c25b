"""Case files: programs with remarks, read and checked.

A case file (``tests/cases/<lang>/<topic>.case``) holds one case, or several with a line of ``=`` between::

    A call through an import is a reference to the definition.
    === util.py ===
    def greet(name):
    #   ^^^^^ def greet
        return name
    === main.py ===
    from util import greet
    #                ^^^^^ ref greet

Prose comes first and is the headline of a failure. ``=== path ===`` begins a file. A comment whose first word
is carets speaks about the source line above it, ``<-`` about the word over the comment sign. Comment signs:
``//``, ``#``, ``--``, ``;``, ``%`` and ``/* … */``. Indent a mark with the tabs of its line.

======================  ==================================================================================
``def NAME``            the token defines NAME; several definitions of one word get different names
                        (``Base.run``)
``ref NAME``            the token refers to what carries NAME; ``ref A|B``: to either, best first. A path
                        of the case (``util.py``) is the name of that file
``call CALLER CALLEE``  the call here leads from CALLER (a definition, or a file for top-level code) to
                        CALLEE
``kind KIND``           the token's definition is of that DefKind, in lower case
``type NAME``           "go to type definition" here leads to NAME (``A|B`` for several)
``base SUB SUPER``      SUB extends, implements or mixes in SUPER; the place is for the reader
``overrides SUB SUPER`` member SUB overrides or implements member SUPER
``defines SUB SUPER``   definition SUB belongs to declaration SUPER (C and C++)
``absent``              nothing in the workspace is meant here
``block NAME KIND``     in the control flow of the innermost function that has one, a block (or its condition)
                        begins with the token; it carries NAME and is of that BlockKind
``edge FROM KIND TO``   an edge of that EdgeKind leads from block FROM to block TO; ``entry`` and ``exit`` are those
                        of the function; the place is for the reader
``unreachable NAME``    nothing leads to the block
======================  ==================================================================================

Completeness goes by name: every occurrence that is found for a name with a ``def`` must be marked ``def`` or
``ref``; every call of what some ``call`` names as callee must be marked; so must all bases of a SUB, and all
that a SUB overrides.

Files that are no source (``go.mod``, ``tsconfig.json``, …) are given to linking as project files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from magellan_lsp.languages.registry import language_name

#: Verbs and how many words follow each.
VERBS = {
    "def": 1,
    "ref": 1,
    "call": 2,
    "kind": 1,
    "type": 1,
    "base": 2,
    "overrides": 2,
    "defines": 2,
    "absent": 0,
    "block": 2,
    "edge": 3,
    "unreachable": 1,
}
#: Blocks that every function has.
ENDS = ("entry", "exit")
_HEADER = re.compile(r"^===\s+(?P<path>\S+)\s+===\s*$")
_BETWEEN = re.compile(r"^={5,}\s*$")
_MARK = re.compile(
    r"^(?P<indent>\s*)(?P<sign>//|#|--|;|%|/\*)(?P<gap>\s*)(?P<at>\^+|<-)(?:\s+(?P<verb>\S+)(?P<args>.*))?$"
)


class CaseError(Exception):
    """A case file is not written as it should be."""


class Mark(NamedTuple):
    """One remark: a verb about the bytes ``start..end`` of a file."""

    path: str
    start: int
    end: int
    verb: str
    args: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join((self.verb, *self.args))


class Case(NamedTuple):
    """One case: files with the marks still in them, as comments."""

    name: str
    prose: str
    files: Mapping[str, bytes]
    configs: Mapping[str, bytes]
    marks: tuple[Mark, ...]
    mark_lines: Mapping[str, frozenset[int]]
    """0-based lines of each file that hold marks and nothing else."""
    problem: str = ""
    """Why the case cannot be read; it fails then, and no other does."""

    def __str__(self) -> str:
        return self.name

    @property
    def definitions(self) -> dict[tuple[str, int], str]:
        """(path, start byte of the token) -> the name that it carries."""
        return {(mark.path, mark.start): mark.args[0] for mark in self.marks if mark.verb == "def"}


def load_cases(folder: Path) -> list[Case]:
    """Every case below a folder, by path."""
    return [case for path in sorted(folder.rglob("*.case")) for case in read_cases(path, folder)]


def read_cases(path: Path, folder: Path) -> list[Case]:
    """The cases of a file."""
    name = path.relative_to(folder).with_suffix("").as_posix()
    parts: list[list[str]] = [[]]
    first_lines = [1]
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        if _BETWEEN.match(line):
            parts.append([])
            first_lines.append(number + 1)
        else:
            parts[-1].append(line)
    cases = []
    for first, lines in zip(first_lines, parts, strict=True):
        label = name if len(parts) == 1 else f"{name}:{first}"
        try:
            cases.append(parse_case(label, lines))
        except CaseError as error:
            cases.append(Case(label, "", {}, {}, (), {}, str(error)))
    return cases


def parse_case(name: str, lines: Iterable[str]) -> Case:
    """A case from its lines.

    Raises:
        CaseError: what is wrong and where.
    """
    prose: list[str] = []
    texts: dict[str, list[str]] = {}
    at: str | None = None
    for line in lines:
        header = _HEADER.match(line)
        if header:
            at = header["path"]
            if at in texts:
                raise CaseError(f"{name}: {at} is there twice")
            texts[at] = []
        elif at is None:
            prose.append(line)
        else:
            texts[at].append(line)
    headline = " ".join(" ".join(prose).split())
    if not headline:
        raise CaseError(f"{name}: a case begins with a sentence that says what it shows")
    if not texts:
        raise CaseError(f"{name}: there is no `=== path ===`")
    files: dict[str, bytes] = {}
    configs: dict[str, bytes] = {}
    marks: list[Mark] = []
    mark_lines: dict[str, frozenset[int]] = {}
    for path, text in texts.items():
        while text and not text[-1].strip():
            text.pop()
        data = "".join(f"{line}\n" for line in text).encode()
        if language_name(path, data) is None:
            configs[path] = data
            continue
        files[path] = data
        found, numbers = _marks(name, path, text)
        marks.extend(found)
        mark_lines[path] = numbers
    case = Case(name, headline, files, configs, tuple(marks), mark_lines)
    _check_names(case)
    return case


def _marks(name: str, path: str, lines: list[str]) -> tuple[list[Mark], frozenset[int]]:
    marks: list[Mark] = []
    numbers: set[int] = set()
    above, above_start, offset = "", 0, 0
    for number, line in enumerate(lines):
        match = _MARK.match(line)
        if match is None:
            above, above_start = line, offset
        else:
            where = f"{name}: {path} line {number + 1}: {line.strip()!r}"
            numbers.add(number)
            start, end = _columns(where, match, above)
            verb = match["verb"] or ""
            args = (match["args"] or "").removesuffix("*/").replace("*/", " ").split()
            if verb not in VERBS:
                raise CaseError(f"{where}: the verb must be one of {', '.join(VERBS)}")
            if len(args) != VERBS[verb]:
                raise CaseError(f"{where}: {verb!r} takes {VERBS[verb]} words after it")
            first, last = (above_start + len(above[:column].encode()) for column in (start, end))
            marks.append(Mark(path, first, last, verb, tuple(args)))
        offset += len(line.encode()) + 1
    return marks, frozenset(numbers)


def _columns(where: str, match: re.Match[str], above: str) -> tuple[int, int]:
    """The columns, in characters, of the word that a mark is under."""
    if match["at"] == "<-":
        start = len(match["indent"])
        end = start
        while end < len(above) and _in_word(above[end]):
            end += 1
        if start and start <= len(above) and _in_word(above[start - 1]):
            raise CaseError(f"{where}: the comment sign is inside a word of {above!r}")
        if end == start:
            raise CaseError(f"{where}: there is no word over the comment sign in {above!r}")
        return start, end
    start, end = match.span("at")
    before = match.string[:start]
    if before.count("\t") != above[:start].count("\t") or any(
        (mine == "\t") != (other == "\t") for mine, other in zip(before, above, strict=False)
    ):
        raise CaseError(f"{where}: the mark must be indented with the tabs of its line {above!r}")
    if end > len(above) or above[start].isspace() or above[end - 1].isspace():
        raise CaseError(f"{where}: there is nothing over the mark in {above!r}")
    cut_before = start > 0 and _in_word(above[start - 1]) and _in_word(above[start])
    cut_after = end < len(above) and _in_word(above[end - 1]) and _in_word(above[end])
    if cut_before or cut_after:
        raise CaseError(f"{where}: the mark is off its word in {above!r} (over it: {above[start:end]!r})")
    return start, end


def _in_word(character: str) -> bool:
    return character.isalnum() or character in "_$"


def _check_names(case: Case) -> None:
    known = set(case.files)
    for mark in case.marks:
        if mark.verb == "def":
            if mark.args[0] in known:
                raise CaseError(f"{case.name}: two definitions carry the name {mark.args[0]!r}")
            known.add(mark.args[0])
    for mark in case.marks:
        if mark.verb in ("ref", "type", "call", "base", "overrides", "defines"):
            for name in [part for arg in mark.args for part in arg.split("|")]:
                if name not in known:
                    raise CaseError(f"{case.name}: {mark.text!r} speaks of {name!r}, which no `def` carries")
    _check_blocks(case)


def _check_blocks(case: Case) -> None:
    known = set(ENDS)
    for mark in case.marks:
        if mark.verb == "block":
            if mark.args[0] in known:
                raise CaseError(f"{case.name}: two blocks carry the name {mark.args[0]!r}")
            known.add(mark.args[0])
    for mark in case.marks:
        if mark.verb in ("edge", "unreachable"):
            for name in (mark.args[0], mark.args[-1]):
                if name not in known:
                    raise CaseError(
                        f"{case.name}: {mark.text!r} speaks of {name!r}, which no `block` carries"
                    )
