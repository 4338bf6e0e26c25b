"""Scores the resolver itself, without a server, against an oracle's answers: the loop for working on a
language.

    python benches/accuracy/quick.py ANSWERS.json=FOLDER [--wrong ROLE] [--limit N] [--only PATH] [--profile]

Prints per role: n, right (first place given is right), missing, wrong, and P, R, F1 as ``score.py`` of the
accuracy tools
defines them; then references and calls; with ``--wrong`` the positions that are wrong or missing, with their
source line,
what was expected and what was given.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.source import MemorySource

CONFIGS = {
    "pyproject.toml", "setup.cfg", "go.mod", "go.work", "Cargo.toml", "package.json", "tsconfig.json", "jsconfig.json",
    "compile_commands.json", "pom.xml", "build.gradle",
}  # fmt: skip
SKIP = {"node_modules", ".git", "target", ".magellan"}
Place = list[Any]


class Texts:
    """Line starts and columns of the files, UTF-16 as the oracle's answers."""

    def __init__(self) -> None:
        self.lines: dict[str, list[bytes]] = {}
        self.starts: dict[str, list[int]] = {}

    def add(self, path: str, source: bytes) -> None:
        lines = source.split(b"\n")
        starts, at = [], 0
        for line in lines:
            starts.append(at)
            at += len(line) + 1
        self.lines[path], self.starts[path] = lines, starts

    def offset(self, path: str, line: int, character: int) -> int:
        text = self.lines[path][line].decode("utf-8", "replace").encode("utf-16-le")[: character * 2]
        return self.starts[path][line] + len(text.decode("utf-16-le", "replace").encode())

    def position(self, path: str, offset: int) -> tuple[int, int]:
        from bisect import bisect_right

        line = bisect_right(self.starts[path], offset) - 1
        text = self.lines[path][line][: offset - self.starts[path][line]].decode("utf-8", "replace")
        return line, len(text.encode("utf-16-le")) // 2

    def place(self, path: str, start: int, end: int) -> Place:
        return [path, *self.position(path, start), *self.position(path, end)]


def same_place(given: Place, right: Place) -> bool:
    if given[0] != right[0]:
        return False
    if given[1] == right[1]:
        return True
    overlaps = (given[1], given[2]) <= (right[3], right[4]) and (right[1], right[2]) <= (given[3], given[4])
    return overlaps and abs(given[1] - right[1]) <= 3


def same_use(given: Place, right: Place) -> bool:
    return bool(
        given[0] == right[0]
        and given[1] == right[1]
        and (given[3] > given[1] or given[2] <= right[4])
        and (right[3] > right[1] or right[2] <= given[4])
    )


class Workspace:
    """All facts and links of a folder, in memory."""

    def __init__(self, root: Path) -> None:
        self.texts = Texts()
        files: list[FileFacts] = []
        configs: dict[str, bytes] = {}
        began = time.process_time()
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if name not in SKIP)
            for name in sorted(names):
                path = Path(folder) / name
                relative = path.relative_to(root).as_posix()
                if name in CONFIGS:
                    configs[relative] = path.read_bytes()
                if not language_name(relative) or path.is_symlink():
                    continue
                source = path.read_bytes()
                language = language_name(relative, source)
                if language is not None and len(source) < 4_000_000:
                    self.texts.add(relative, source)
                    files.append(extract(relative, get_language(language), source))
        self.files = {facts.path: facts for facts in files}
        self.extract_s = time.process_time() - began
        self.resolver = Resolver(MemorySource(files, configs))

    def link(self) -> None:
        """Link every file and invert the links."""
        began = time.process_time()
        self.references: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        self.links: dict[tuple[str, int], list[str]] = defaultdict(list)
        self.places: dict[str, tuple[str, int]] = {}
        for facts in self.files.values():
            for row in facts.symbols():
                self.places[facts.symbol_id(row) or ""] = (facts.path, row)
        self.related: dict[str, list[str]] = defaultdict(list)
        self.definitions: dict[str, str] = {}
        self.overridden: dict[str, list[str]] = defaultdict(list)
        self.above: dict[str, list[str]] = defaultdict(list)
        self.below: dict[str, list[str]] = defaultdict(list)
        self.siblings: dict[str, list[str]] = defaultdict(list)
        for facts in self.files.values():
            made = link(self.resolver, facts)
            for found in made.links:
                self.references[found.target].append((facts.path, found.occurrence, found.rank))
                self.links[facts.path, found.occurrence].append(found.target)
            for relation in made.relations:
                rules = self.resolver.rules(facts.path)
                if relation.kind == RelationKind.DEFINES:
                    self.definitions[relation.target] = relation.symbol
                if rules.whole_family and relation.kind != RelationKind.BASE_OF:
                    self.above[relation.symbol].append(relation.target)
                    self.below[relation.target].append(relation.symbol)
                    if (
                        relation.kind == RelationKind.DEFINES
                    ):  # signatures of one function: all of them, from any
                        self.above[relation.target].append(relation.symbol)
                        self.siblings[relation.symbol].append(relation.target)
                        self.siblings[relation.target].append(relation.symbol)
                elif relation.kind == RelationKind.DEFINES or (
                    relation.kind == RelationKind.OVERRIDES and rules.related_references
                ):
                    self.related[relation.symbol].append(relation.target)
                    self.related[relation.target].append(relation.symbol)
                if relation.kind == RelationKind.OVERRIDES and rules.overridden_references:
                    self.overridden[relation.symbol].append(relation.target)
        self.link_s = time.process_time() - began

    def uses(self, symbol: str) -> list[tuple[str, int]]:
        """Occurrences that refer to a symbol or, where the language wants it, to its relatives by overriding."""
        family = dict.fromkeys([symbol, *self.related.get(symbol, ())])
        for edges in (self.above, self.below):
            waiting = list(family)
            while waiting:
                fresh = [one for one in edges.get(waiting.pop(), ()) if one not in family]
                family.update(dict.fromkeys(fresh))
                waiting += fresh
        found = dict.fromkeys(found[:2] for one in family for found in self.references.get(one, ()))
        own = set(self.siblings.get(symbol, ()))
        for one in family:
            # an overriding method's own name is a reference to what it overrides, and the other way round
            if one != symbol and one not in own and (self.above or self.below):
                path, row = self.places[one]
                facts = self.files[path]
                if facts.def_symbol[row] >= 0 and self.resolver.rules(path).whole_family:
                    found[path, facts.occurrence_at(facts.def_name_start[row])] = None
        self.add_overridden(dict.fromkeys(family), found)
        return list(found)

    def add_overridden(self, family: dict[str, None], uses: dict[tuple[str, int], None]) -> None:
        """Uses of the methods that those of the family override, and where these are declared and defined."""
        waiting, own = list(family), set(family)
        while waiting:
            one = waiting.pop()
            above = self.overridden.get(one, [])
            for other in [*above, *(self.related.get(one, ()) if one not in own else ())]:
                if other not in family:
                    family[other] = None
                    waiting.append(other)
                    uses.update(dict.fromkeys(found[:2] for found in self.references.get(other, ())))
                    path, row = self.places[other]
                    facts = self.files[path]
                    uses[path, facts.occurrence_at(facts.def_name_start[row])] = None

    def definition(self, path: str, offset: int) -> list[Place]:
        facts = self.files.get(path)
        if facts is None:
            return []
        row = facts.occurrence_at(offset)
        if row < 0:
            return []
        return [
            self.definition_place(self.defined(ref)) for ref in self.resolver.occurrence_targets(path, row)
        ]

    def defined(self, ref: tuple[str, int]) -> tuple[str, int]:
        """What a declaration declares, as the server answers."""
        facts = self.files[ref[0]]
        if not facts.def_flags[ref[1]] & DefFlag.DECLARATION:
            return ref
        return self.places.get(self.definitions.get(facts.symbol_id(ref[1]) or "", ""), ref)

    def definition_place(self, ref: tuple[str, int]) -> Place:
        facts = self.files[ref[0]]
        return self.texts.place(ref[0], facts.def_name_start[ref[1]], facts.def_name_end[ref[1]])


def report(name: str, n: int, right: int, wrong: int, none: int) -> None:
    answered = right + wrong
    precision = right / answered if answered else 0.0
    recall = right / n if n else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    print(f"{name:12}{n:6}{right:7}{wrong:7}{none:7}{precision:9.3f}{recall:8.3f}{f1:8.3f}")


def score_definitions(workspace: Workspace, data: dict[str, Any], options: argparse.Namespace) -> None:
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    shown = 0
    for entry in data["definition"]:
        if entry["path"] not in workspace.texts.starts:
            given: list[Place] = []
        else:
            offset = workspace.texts.offset(entry["path"], entry["line"], entry["character"])
            given = workspace.definition(entry["path"], offset)
        role = "external" if entry.get("external") else entry["role"]
        right = entry["defs"] + entry.get("alt", [])
        if entry["role"] == "definition":
            right = [
                *right,
                [entry["path"], entry["line"], entry["character"], entry["line"], entry["character"]],
            ]
        good = bool(given) and any(same_place(given[0], place) for place in right)
        row = rows[role]
        row[0] += 1
        row[1] += good
        row[2] += bool(given) and not good
        row[3] += not given
        bad = bool(given) if role == "external" else not good
        if options.wrong in (role, "all") and bad and shown < options.limit:
            if options.only and options.only not in entry["path"]:
                continue
            shown += 1
            line = workspace.texts.lines.get(entry["path"], [b""] * 10**6)[entry["line"]].decode(
                "utf-8", "replace"
            )
            print(
                f"{entry['path']}:{entry['line'] + 1}:{entry['character'] + 1} [{role}] {line.strip()[:110]}"
            )
            print(f"      at: {line[entry['character'] : entry['character'] + 30].strip()!r}")
            print(
                f"    want: {[f'{p[0]}:{p[1] + 1}' for p in right][:4]}   got: {[f'{p[0]}:{p[1] + 1}' for p in given][:4]}"
            )
    print(f"{'role':12}{'n':>6}{'right':>7}{'wrong':>7}{'none':>7}{'P':>9}{'R':>8}{'F1':>8}")
    total = [0, 0, 0, 0]
    hard = [0, 0, 0, 0]
    for role, row in rows.items():
        if role == "external":
            print(
                f"{role:12}{row[0]:6}{'':7}{row[2]:7}{row[3]:7}   answered inside: {row[2] / max(1, row[0]):.3f}"
            )
            total[2] += row[2]
            continue
        report(role, *row)
        total = [a + b for a, b in zip(total, row, strict=True)]
        if role not in ("local", "definition"):
            hard = [a + b for a, b in zip(hard, row, strict=True)]
    report("hard", *hard)
    report("TOTAL", *total)


def score_functions(workspace: Workspace, data: dict[str, Any], options: argparse.Namespace) -> None:
    tallies: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    shown = 0
    for entry in data["functions"]:
        path = entry["path"]
        facts = workspace.files.get(path)
        if facts is None:
            continue
        row = facts.occurrence_at(workspace.texts.offset(path, entry["line"], entry["character"]))
        target = facts.occ_target[row] if row >= 0 else -1
        symbol = facts.symbol_id(target) if target >= 0 else None
        uses: list[Place] = []
        incoming: list[Place] = []
        incoming_sites: list[Place] = []
        for other, occurrence in workspace.uses(symbol or ""):
            there = workspace.files[other]
            place = workspace.texts.place(other, there.occ_start[occurrence], there.occ_end[occurrence])
            uses.append(place)
            if is_call(workspace, there, occurrence) or (
                target >= 0 and facts.def_kind[target] == DefKind.PROPERTY
            ):
                incoming_sites.append(place)
                caller = there.enclosing_symbol(there.occ_scope[occurrence])
                incoming.append(
                    workspace.texts.place(other, there.def_name_start[caller], there.def_name_end[caller])
                )
        tally(tallies["references"], uses, entry["references"], same_use)
        if options.wrong == "references" and shown < options.limit:
            for kind, these, those in (
                ("missing", entry["references"], uses),
                ("extra", uses, entry["references"]),
            ):
                for one in these:
                    if not any(same_use(one, other) for other in those) and shown < options.limit:
                        shown += 1
                        line = workspace.texts.lines[one[0]][one[1]].decode("utf-8", "replace")
                        name = facts.name(target) if target >= 0 else "?"
                        print(
                            f"{kind} {name} ({path}:{entry['line'] + 1}): "
                            f"{one[0]}:{one[1] + 1}:{one[2] + 1} {line.strip()[:100]}"
                        )
        if entry["incoming"] is not None:
            want = [list(c) for c in {tuple(call["item"]) for call in entry["incoming"]}]
            tally(tallies["incoming"], unique(incoming), want, same_place)
            sites = [site for call in entry["incoming"] for site in call["sites"]]
            tally(tallies["incoming sites"], incoming_sites, sites, same_use)
            if options.wrong == "incoming" and shown < options.limit:
                for kind, these, those in (
                    ("missing", sites, incoming_sites),
                    ("extra", incoming_sites, sites),
                ):
                    for one in these:
                        if not any(same_use(one, other) for other in those) and shown < options.limit:
                            shown += 1
                            line = workspace.texts.lines[one[0]][one[1]].decode("utf-8", "replace")
                            print(
                                f"{kind} call of {facts.name(target)}: {one[0]}:{one[1] + 1} {line.strip()[:100]}"
                            )
        if entry["outgoing"] is not None and target >= 0:
            outgoing, sites = outgoing_calls(workspace, facts, target)
            want = [list(c) for c in {tuple(call["item"]) for call in entry["outgoing"]}]
            tally(tallies["outgoing"], unique(outgoing), want, same_place)
            wanted = [site for call in entry["outgoing"] for site in call["sites"]]
            tally(tallies["outgoing sites"], sites, wanted, same_use)
            if options.wrong == "outgoing" and shown < options.limit:
                for kind, these, those in (("missing", wanted, sites), ("extra", sites, wanted)):
                    for one in these:
                        if not any(same_use(one, other) for other in those) and shown < options.limit:
                            shown += 1
                            line = workspace.texts.lines[one[0]][one[1]].decode("utf-8", "replace")
                            print(
                                f"{kind} call in {facts.name(target)}: {one[0]}:{one[1] + 1} {line.strip()[:100]}"
                            )
    for name, (right, given, found, expected) in tallies.items():
        precision = right / given if given else 0.0
        recall = found / expected if expected else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        print(
            f"{name:16}{expected:6} expected{given:7} given   P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}"
        )


def unique(places: list[Place]) -> list[Place]:
    return [list(place) for place in dict.fromkeys(tuple(place) for place in places)]


def outgoing_calls(workspace: Workspace, facts: FileFacts, function: int) -> tuple[list[Place], list[Place]]:
    callees, sites = [], []
    for row in range(len(facts.occ_start)):
        if not is_call(workspace, facts, row) or facts.enclosing_symbol(facts.occ_scope[row]) != function:
            continue
        targets = [
            target
            for target in workspace.links.get((facts.path, row), [])
            if workspace.resolver.kind_of(workspace.places[target]) in CALLABLES
            or (
                facts.occ_role[row] == Role.CALL
                and workspace.resolver.kind_of(workspace.places[target]) != DefKind.MACRO
            )
        ]
        kinds = workspace.resolver.rules(facts.path).callees
        targets = [
            one for one in targets if not kinds or workspace.resolver.kind_of(workspace.places[one]) in kinds
        ]
        for target in targets:
            callees.append(workspace.definition_place(workspace.defined(workspace.places[target])))
        if targets:
            sites.append(workspace.texts.place(facts.path, facts.occ_start[row], facts.occ_end[row]))
    return callees, sites


CALLABLES = (DefKind.FUNCTION, DefKind.METHOD, DefKind.CONSTRUCTOR)


def is_call(workspace: Workspace, facts: FileFacts, row: int) -> bool:
    """Whether an occurrence counts as a call: a function that is only mentioned does in some languages."""
    if facts.occ_role[row] == Role.CALL:
        return True
    if not workspace.resolver.rules(facts.path).mentions_are_calls or facts.occ_role[row] != Role.READ:
        return False
    return facts.def_kind[max(0, facts.enclosing_symbol(facts.occ_scope[row]))] != DefKind.MACRO


def tally(into: list[int], given: list[Place], expected: list[Place], same: Any) -> None:
    into[0] += sum(any(same(g, e) for e in expected) for g in given)
    into[1] += len(given)
    into[2] += sum(any(same(g, e) for g in given) for e in expected)
    into[3] += len(expected)


def main() -> None:
    sys.setrecursionlimit(20_000)  # as the indexer's processes do: inference follows long chains of calls
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="+", metavar="ANSWERS.json=FOLDER")
    parser.add_argument("--wrong", default="", help="a role, 'all', 'references', 'incoming' or 'outgoing'")
    parser.add_argument("--only", default="", help="only positions in files whose path contains this")
    parser.add_argument("--limit", type=int, default=40)
    options = parser.parse_args()
    gc.disable()
    for pair in options.corpus:
        answers, _, folder = pair.partition("=")
        data = json.loads(Path(answers).read_text())
        workspace = Workspace(Path(folder))
        workspace.link()
        print(
            f"== {data['meta']['corpus']}: {len(workspace.files)} files, extract {workspace.extract_s:.2f} s, "
            f"link {workspace.link_s:.2f} s (CPU)"
        )
        score_definitions(workspace, data, options)
        score_functions(workspace, data, options)


if __name__ == "__main__":
    main()
