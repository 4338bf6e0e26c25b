"""Draws a case's source with what is said of it, and works out what is really found.

Expectation and finding are drawn the same way, so a failure reads as a diff of carets under code.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import pytest
from support.cases import Case, Mark
from support.flow_marks import flow_marks

from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.facts.links import RelationKind

#: A definition: (path, row in its file's definition table); row 0 is the file.
Ref = tuple[str, int]

_RELATIONS = {
    "base": RelationKind.BASE_OF,
    "overrides": RelationKind.OVERRIDES,
    "defines": RelationKind.DEFINES,
}


class Site(NamedTuple):
    """One occurrence, seen from what it refers to."""

    path: str
    start: int
    end: int


class World(Protocol):
    """One way to ask about an indexed case: the resolver alone, a store, the query functions."""

    def facts(self, path: str) -> FileFacts: ...

    def targets_at(self, path: str, offset: int) -> list[list[Ref]]:
        """What the token at a byte offset refers to: one ranked list for each thing that the token is."""

    def references(self, ref: Ref) -> set[Site]:
        """Every occurrence but definitions themselves."""

    def calls(self, callee: Ref) -> set[tuple[Site, Ref]]:
        """Every call of it, with the caller."""

    def related(self, ref: Ref, kind: RelationKind) -> set[Ref]:
        """What the symbol stands in the relation to: its bases, what it overrides."""

    def types_at(self, path: str, offset: int) -> list[Ref]:
        """Where "go to type definition" leads."""

    def graphs(self, path: str) -> Sequence[Cfg]:
        """The control-flow graphs of a file."""


def check(case: Case, world: World) -> None:
    """Fail with a diff when the world does not say what the case says."""
    __tracebackhide__ = True
    if case.problem:
        pytest.fail(case.problem, pytrace=False)
    expected = draw(case, case.marks)
    found = draw(case, found_marks(case, world))
    if expected == found:
        return
    diff = difflib.unified_diff(
        expected.splitlines(), found.splitlines(), "expected", "found", lineterm="", n=4
    )
    pytest.fail(f"{case.prose}\n({case.name})\n" + "\n".join(diff), pytrace=False)


def draw(case: Case, marks: Iterable[Mark]) -> str:
    """The case's files without mark lines, each line followed by what is said about it."""
    by_line: dict[tuple[str, int], set[tuple[int, int, str]]] = {}
    for mark in marks:
        data = case.files[mark.path]
        row = data.count(b"\n", 0, mark.start)
        begin = data.rfind(b"\n", 0, mark.start) + 1
        column = len(data[begin : mark.start].decode("utf-8", "replace"))
        width = max(1, len(data[mark.start : mark.end].decode("utf-8", "replace")))
        by_line.setdefault((mark.path, row), set()).add((column, width, mark.text))
    drawn: list[str] = []
    for path, data in case.files.items():
        drawn.append(f"=== {path} ===")
        for number, line in enumerate(data.decode("utf-8", "replace").split("\n")):
            if number not in case.mark_lines[path]:
                drawn.append(line)
            for column, width, text in sorted(by_line.get((path, number), ())):
                indent = "".join(c if c == "\t" else " " for c in line[:column])
                drawn.append(f"{indent}{'^' * width} {text}")
    return "\n".join(drawn)


def found_marks(case: Case, world: World) -> list[Mark]:
    """What the world says at the places that the case speaks of, and about the names that it defines."""
    names = _Names(case, world)
    found: dict[Mark, None] = {}
    asked = {
        (mark.path, mark.start, mark.end) for mark in case.marks if mark.verb in ("def", "ref", "absent")
    }
    for path, start, end in sorted(asked):
        wanted = {m.text for m in case.marks if m[:3] == (path, start, end)}
        for text in _said(world, names, path, start, end, wanted):
            verb, *args = text.split(" ", 1)
            found[Mark(path, start, end, verb, tuple(args))] = None
    for mark in case.marks:
        if mark.verb in ("kind", "type"):
            for text in _one_answer(case, world, names, mark):
                found[Mark(mark.path, mark.start, mark.end, mark.verb, (text,))] = None
    spans = {(path, start) for path, start, _ in asked}
    for ref in names.definitions.values():
        for site in sorted(world.references(ref)):
            if site.path in case.files and (site.path, site.start) not in spans:
                found[Mark(*site, "ref", (names.of(ref),))] = None
    for mark in _not_stored(world, names, found):
        found.pop(mark, None)
        found[mark._replace(args=(mark.args[0] + " (not among its references)",))] = None
    for mark in _calls(case, world, names):
        found[mark] = None
    for mark in _related(case, world, names):
        found[mark] = None
    for mark in flow_marks(case, world.graphs):
        found[mark] = None
    return list(found)


class _Names:
    """Which definition carries which name."""

    def __init__(self, case: Case, world: World) -> None:
        self._world = world
        self._case = case
        self.definitions: dict[str, Ref] = {}
        self._by_ref: dict[Ref, str] = {}
        for path in case.files:
            self._by_ref[path, 0] = path
        self._files = {path: (path, 0) for path in case.files}
        for (path, start), name in case.definitions.items():
            facts = world.facts(path)
            for row in range(1, len(facts.def_name_start)):
                if facts.def_name_start[row] == start and facts.def_name_end[row] > start:
                    previous = self.definitions.get(name)
                    # of several definitions at one token, the one that can be referred to
                    if previous is None or facts.def_kind[row] != DefKind.IMPORT:
                        if previous is not None:
                            self._by_ref.setdefault((path, row), name)
                            continue
                        self.definitions[name] = (path, row)
                        self._by_ref[path, row] = name

    def find(self, name: str) -> Ref | None:
        return self.definitions.get(name) or self._files.get(name)

    def of(self, ref: Ref) -> str:
        """The name that a definition carries in the case, else its place."""
        name = self._by_ref.get(ref)
        if name is not None:
            return name
        facts = self._world.facts(ref[0])
        start = facts.def_name_start[ref[1]]
        if ref[0] not in self._case.files:
            return f"{facts.name(ref[1])}@{ref[0]}"
        line = self._case.files[ref[0]].count(b"\n", 0, start) + 1
        return f"{facts.name(ref[1])}@{ref[0]}:{line}"

    def known(self, ref: Ref) -> bool:
        return ref in self._by_ref


def _said(world: World, names: _Names, path: str, start: int, end: int, wanted: set[str]) -> list[str]:
    """What is said of a token: the same at its first, middle and last byte, or the difference."""
    places = sorted({start, (start + end - 1) // 2, end - 1})
    answers = [_said_at(world, names, path, offset, start, wanted) for offset in places]
    if all(answer == answers[0] for answer in answers):
        return answers[0]
    return [
        f"ref differs: {places[i]} says {' & '.join(answers[i]) or 'nothing'}" for i in range(len(places))
    ]


def _said_at(world: World, names: _Names, path: str, offset: int, start: int, wanted: set[str]) -> list[str]:
    said: dict[str, None] = {}
    unnamed: dict[str, None] = {}
    facts = world.facts(path)
    for targets in world.targets_at(path, offset):
        if not targets:
            continue
        one = targets[0]
        own = len(targets) == 1 and one[0] == path and one[1] and facts.def_name_start[one[1]] == start
        verb = "def" if own else "ref"
        text = f"{verb} {'|'.join(dict.fromkeys(names.of(ref) for ref in targets))}"
        (said if any(names.known(ref) for ref in targets) else unnamed)[text] = None
    if not wanted & set(said):
        said.update(unnamed)
    if not said and "absent" in wanted:
        return ["absent"]
    return sorted(said)


def _one_answer(case: Case, world: World, names: _Names, mark: Mark) -> list[str]:
    if mark.verb == "kind":
        found: dict[str, None] = {}
        for targets in world.targets_at(mark.path, mark.start):
            for ref in targets[:1]:
                found[DefKind(world.facts(ref[0]).def_kind[ref[1]]).name.lower()] = None
        return [mark.args[0]] if mark.args[0] in found else list(found)
    refs = world.types_at(mark.path, mark.start)
    return ["|".join(names.of(ref) for ref in refs)] if refs else []


def _not_stored(world: World, names: _Names, found: dict[Mark, None]) -> list[Mark]:
    """`ref` marks that forward look-up confirms and reverse look-up does not know."""
    known: dict[str, set[Site]] = {}
    missing = []
    for mark in found:
        if mark.verb != "ref":
            continue
        for name in mark.args[0].split("|"):
            ref = names.find(name)
            if ref is None or ref[1] == 0:
                continue
            if name not in known:
                known[name] = world.references(ref)
            if (mark.path, mark.start) not in {(site.path, site.start) for site in known[name]}:
                missing.append(mark)
                break
    return missing


def _calls(case: Case, world: World, names: _Names) -> list[Mark]:
    found = []
    for callee in dict.fromkeys(mark.args[1] for mark in case.marks if mark.verb == "call"):
        ref = names.find(callee)
        if ref is not None:
            for site, caller in sorted(world.calls(ref)):
                if site.path in case.files:
                    found.append(Mark(*site, "call", (names.of(caller), callee)))
    return found


def _related(case: Case, world: World, names: _Names) -> list[Mark]:
    """Each relation at the place of its mark; those without a mark at the definition."""
    found: list[Mark] = []
    for verb, kind in _RELATIONS.items():
        marks = [mark for mark in case.marks if mark.verb == verb]
        for sub in dict.fromkeys(mark.args[0] for mark in marks):
            ref = names.find(sub)
            if ref is None:
                continue
            facts = world.facts(ref[0])
            there = (ref[0], facts.def_name_start[ref[1]], facts.def_name_end[ref[1]])
            for target in sorted(world.related(ref, kind)):
                args = (sub, names.of(target))
                places = [mark[:3] for mark in marks if mark.args == args] or [there]
                found.extend(Mark(*place, verb, args) for place in places)
    return found
