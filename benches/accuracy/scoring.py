"""What an answer counts, compared with an oracle's: the same for a server and for the resolver in this process.

Answer files are JSON: ``meta``; ``definition``, a list of positions with their role, the oracle's places (``defs``), others
that are right as well (``alt``) and ``external`` where the answer lies outside the workspace; ``functions``, positions with
their references and calls. Places are ``[path, line, character, line, character]``, 0-based, UTF-16 units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Protocol

Place = list[Any]
#: What is told of a wrong or missing answer: what was asked, where, what is wrong with it.
Show = Callable[[str, str], None]
CALLS = ("incoming", "outgoing")


class Asked(Protocol):
    """Who is asked. Lines and characters are those of the answer file; places come best first."""

    def definition(self, path: str, line: int, character: int) -> list[Place]: ...

    def references(self, path: str, line: int, character: int) -> list[Place] | None:
        """Without the declaration; None when that cannot be asked."""

    def calls(self, path: str, line: int, character: int, direction: str) -> list[Place] | None:
        """The sites of the calls."""

    def text(self, path: str, line: int) -> str: ...


def same_place(given: Place, right: Place) -> bool:
    """The same file and line; or the places overlap and begin at most three lines apart (decorators, comments)."""
    if given[0] != right[0]:
        return False
    if given[1] == right[1]:
        return True
    overlaps = (given[1], given[2]) <= (right[3], right[4]) and (right[1], right[2]) <= (given[3], given[4])
    return overlaps and abs(given[1] - right[1]) <= 3


def same_use(given: Place, right: Place) -> bool:
    """The same file and line, and the columns overlap."""
    return bool(
        given[0] == right[0]
        and given[1] == right[1]
        and (given[3] > given[1] or given[2] <= right[4])
        and (right[3] > right[1] or right[2] <= given[4])
    )


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


class Row:
    """Definitions of one role."""

    def __init__(self) -> None:
        self.n = self.right = self.wrong = self.none = 0

    def add(self, other: Row) -> None:
        self.n, self.right = self.n + other.n, self.right + other.right
        self.wrong, self.none = self.wrong + other.wrong, self.none + other.none

    @property
    def figures(self) -> tuple[float, float, float]:
        """Precision, recall, F1."""
        answered = self.right + self.wrong
        precision = self.right / answered if answered else 0.0
        recall = self.right / self.n if self.n else 0.0
        return precision, recall, f1(precision, recall)


class Tally:
    """Sets of places, micro-averaged."""

    def __init__(self) -> None:
        self.right = self.given = self.found = self.expected = 0

    def add(self, given: list[Place], expected: list[Place]) -> None:
        self.right += sum(any(same_use(one, other) for other in expected) for one in given)
        self.found += sum(any(same_use(one, other) for one in given) for other in expected)
        self.given += len(given)
        self.expected += len(expected)

    @property
    def figures(self) -> tuple[float, float, float]:
        """Precision, recall, F1."""
        precision = self.right / self.given if self.given else 0.0
        recall = self.found / self.expected if self.expected else 0.0
        return precision, recall, f1(precision, recall)


class Score:
    """All figures of one server on one corpus."""

    def __init__(self) -> None:
        self.roles: dict[str, Row] = defaultdict(Row)
        self.tallies: dict[str, Tally | None] = {}

    @property
    def hard(self) -> Row:
        """Without locals and definitions' own names."""
        return self._sum("local", "definition")

    @property
    def total(self) -> Row:
        """All roles; an external position that is answered inside the workspace lowers the precision."""
        found = self._sum()
        found.wrong += self.roles["external"].wrong if "external" in self.roles else 0
        return found

    @property
    def external(self) -> float:
        """The share of the external positions that are answered inside the workspace."""
        row = self.roles.get("external")
        return row.wrong / row.n if row and row.n else 0.0

    def _sum(self, *without: str) -> Row:
        found = Row()
        for role, row in self.roles.items():
            if role not in without and role != "external":
                found.add(row)
        return found


def score(asked: Asked, data: dict[str, Any], show: Show) -> Score:
    """Ask everything that the answers are there for."""
    found = Score()
    for entry in data["definition"]:
        _definition(asked, entry, found, show)
    for label in ("references", *CALLS):
        found.tallies[label] = Tally()
    for entry in data["functions"]:
        where = entry["path"], entry["line"], entry["character"]
        _uses(found, "references", asked.references(*where), entry["references"], entry, asked, show)
        for direction in CALLS:
            if entry[direction] is not None:
                sites = [site for call in entry[direction] for site in call["sites"]]
                _uses(found, direction, asked.calls(*where, direction), sites, entry, asked, show)
    return found


def _definition(asked: Asked, entry: dict[str, Any], found: Score, show: Show) -> None:
    path, line, character = entry["path"], entry["line"], entry["character"]
    given = asked.definition(path, line, character)
    role = "external" if entry.get("external") else entry["role"]
    right = entry["defs"] + entry.get("alt", [])
    if entry["role"] == "definition":  # asked on the name itself: staying there is right
        right = [*right, [path, line, character, line, character]]
    good = bool(given) and any(same_place(given[0], place) for place in right)
    row = found.roles[role]
    row.n += 1
    row.right += good
    row.wrong += bool(given) and not good
    row.none += not given
    if bool(given) if role == "external" else not good:
        text = asked.text(path, line).strip()[:100]
        want, got = ([f"{one[0]}:{one[1] + 1}" for one in places[:4]] for places in (right, given))
        show(role, f"{path}:{line + 1}:{character + 1} [{role}] {text}\n    want {want}  got {got}")


def _uses(
    found: Score,
    label: str,
    given: list[Place] | None,
    expected: list[Place],
    entry: dict[str, Any],
    asked: Asked,
    show: Show,
) -> None:
    tally = found.tallies[label]
    if given is None or tally is None:
        found.tallies[label] = None
        return
    tally.add(given, expected)
    for kind, these, those in (("missing", expected, given), ("extra", given, expected)):
        for one in these:
            if not any(same_use(one, other) for other in those):
                text = asked.text(one[0], one[1]).strip()[:100]
                about = f"{entry['path']}:{entry['line'] + 1}"
                show(label, f"{one[0]}:{one[1] + 1}:{one[2] + 1} {kind} [{label} of {about}] {text}")


def report(found: Score) -> str:
    """All figures as a table of plain text."""
    lines = [f"{'role':12}{'n':>6}{'right':>7}{'wrong':>7}{'none':>7}{'P':>9}{'R':>8}{'F1':>8}"]
    rows = [*sorted((role, row) for role, row in found.roles.items() if role != "external")]
    for role, row in [*rows, ("hard", found.hard), ("TOTAL", found.total)]:
        precision, recall, both = row.figures
        lines.append(
            f"{role:12}{row.n:6}{row.right:7}{row.wrong:7}{row.none:7}{precision:9.3f}{recall:8.3f}{both:8.3f}"
        )
    lines.append(f"external answered inside: {found.external:.3f}")
    for label, tally in found.tallies.items():
        if tally is not None:
            precision, recall, both = tally.figures
            lines.append(
                f"{label:16}{tally.expected:6} expected{tally.given:7} given"
                f"   P {precision:.3f}  R {recall:.3f}  F1 {both:.3f}"
            )
    return "\n".join(lines)
