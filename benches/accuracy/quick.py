"""Scores the resolver without a server against an oracle's answers: the loop for working on a language.

    python benches/accuracy/quick.py ANSWERS.json=FOLDER [--wrong WHAT] [--limit N] [--only PATH]

Prints per role: n, right (the first place given is right), wrong, none, and P, R, F1; then references and calls, asked
through ``query/`` as the server does. With ``--wrong`` (a role, ``all``, ``references``, ``incoming`` or ``outgoing``)
also each wrong or missing one with its source line.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from world import Place, Workspace


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
            line = workspace.texts.line(entry["path"], entry["line"])
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
    shown = [0]

    def differences(given: list[Place], wanted: list[Place], entry: dict[str, Any]) -> None:
        for kind, these, those in (("missing", wanted, given), ("extra", given, wanted)):
            for one in these:
                if shown[0] < options.limit and not any(same_use(one, other) for other in those):
                    shown[0] += 1
                    line = workspace.texts.line(one[0], one[1])
                    print(
                        f"{kind} [{options.wrong}] of {entry['path']}:{entry['line'] + 1}: "
                        f"{one[0]}:{one[1] + 1}:{one[2] + 1} {line.strip()[:100]}"
                    )

    for entry in data["functions"]:
        path = entry["path"]
        if path not in workspace.files:
            continue
        offset = workspace.texts.offset(path, entry["line"], entry["character"])
        uses = workspace.references(path, offset)
        tally(tallies["references"], uses, entry["references"], same_use)
        if options.wrong == "references":
            differences(uses, entry["references"], entry)
        for direction in ("incoming", "outgoing"):
            if entry[direction] is None:
                continue
            others, sites = workspace.calls(path, offset, direction)
            want = [list(c) for c in {tuple(call["item"]) for call in entry[direction]}]
            tally(tallies[direction], others, want, same_place)
            wanted = [site for call in entry[direction] for site in call["sites"]]
            tally(tallies[f"{direction} sites"], sites, wanted, same_use)
            if options.wrong == direction:
                differences(sites, wanted, entry)
    for name, (right, given, found, expected) in tallies.items():
        precision = right / given if given else 0.0
        recall = found / expected if expected else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        print(
            f"{name:16}{expected:6} expected{given:7} given   P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}"
        )


def tally(into: list[int], given: list[Place], expected: list[Place], same: Any) -> None:
    into[0] += sum(any(same(g, e) for e in expected) for g in given)
    into[1] += len(given)
    into[2] += sum(any(same(g, e) for g in given) for e in expected)
    into[3] += len(expected)


def main() -> None:
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
        workspace = Workspace.of(Path(folder))
        print(
            f"== {data['meta']['corpus']}: {len(workspace.files)} files, extract {workspace.extract_s:.2f} s, "
            f"link {workspace.link_s:.2f} s (CPU)"
        )
        score_definitions(workspace, data, options)
        score_functions(workspace, data, options)


if __name__ == "__main__":
    main()
