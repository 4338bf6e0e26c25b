"""What stands out in a workspace: the most tangled, most used, largest, most often changed.

Tests: ``tests/query/test_details.py``.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from heapq import nsmallest
from operator import itemgetter
from pathlib import Path

import attrs

from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.query.churn import Churn, FileChurn, churn
from magellan_lsp.query.details import study_of
from magellan_lsp.query.metrics import Measured, measured_alone, with_calls
from magellan_lsp.query.snapshot import Snapshot

#: Files that have not been measured yet are measured on the spot for so long, then left out.
PATIENCE_S = 5.0
_ORDER = itemgetter(0, 1, 2, 3)


class By(StrEnum):
    """What makes a hotspot."""

    COMPLEXITY = "complexity"  # functions, by cyclomatic complexity
    FAN_IN = "fanIn"  # symbols, by how many call them
    FAN_OUT = "fanOut"  # symbols, by how many they call
    LOC = "loc"  # files, by lines
    CHURN = "churn"  # files, by commits that changed them


@attrs.frozen
class FileSpot:
    """A file that stands out. Its fan-in and fan-out are not counted (0)."""

    path: str
    metrics: FileMetrics | None
    churn: FileChurn | None


@attrs.frozen
class Hotspots:
    """Symbols or files with their scores, the highest first."""

    symbols: list[tuple[int, Measured]]
    files: list[tuple[int, FileSpot]]
    n_unmeasured: int
    """So many files were left out: they have not been measured yet and that would have taken too long."""
    is_truncated: bool
    """There are more than the limit, or more history than was read."""


def hotspots(
    snapshot: Snapshot, by: By, limit: int, *, root: Path | None, patience_s: float = PATIENCE_S
) -> Hotspots:
    """The ``limit`` highest.

    Symbols that score the same come by cognitive complexity, path and SymbolId; files by lines changed, lines and path.

    Args:
        root: where git is asked for churn.
        patience_s: files that have not been measured yet are measured for so long.

    Raises:
        GitUnavailable: churn is asked for and not to be had.
    """
    if by in (By.LOC, By.CHURN):
        return _files(snapshot, by, limit, root, patience_s)
    until = time.monotonic() + patience_s
    fans_in, fans_out, recursive = _calls(snapshot)
    unmeasured = 0
    rows: list[tuple[int, int, str, str, SymbolMetrics]] = []
    for path in _paths(snapshot):
        snapshot.check()
        if by is not By.COMPLEXITY and not _may_matter(
            snapshot, path, fans_in if by is By.FAN_IN else fans_out
        ):
            continue
        if not _is_measured(snapshot, path) and time.monotonic() > until:
            unmeasured += 1
            continue
        for one in measured_alone(snapshot, path) or ():
            one = with_calls(one, fans_in[one.symbol], fans_out[one.symbol], one.symbol in recursive)
            score = one.cyclomatic if by is By.COMPLEXITY else one.fan_in if by is By.FAN_IN else one.fan_out
            if score > (1 if by is By.COMPLEXITY else 0):
                rows.append((-score, -one.cognitive, path, one.symbol, one))
        if len(rows) > 20 * limit + 10_000:
            rows = nsmallest(limit + 1, rows, key=_ORDER)
    found: list[tuple[int, Measured]] = []
    for negative, _, _, symbol_id, one in nsmallest(limit + 1, rows, key=_ORDER):
        ref = snapshot.find(symbol_id)
        if ref is not None:
            found.append((-negative, Measured(ref, one)))
    return Hotspots(found[:limit], [], unmeasured, len(found) > limit)


def _paths(snapshot: Snapshot) -> Iterator[str]:
    known = {record.path for record in snapshot.reader.iter_files() if record.language and not record.problem}
    gone = {path for path, facts in snapshot.overlay.files.items() if facts is None}
    yield from sorted((known | snapshot.overlay.files.keys()) - gone)


def _may_matter(snapshot: Snapshot, path: str, fans: Counter[str]) -> bool:
    """Whether some symbol of a file calls or is called: looking is cheaper than measuring."""
    facts = snapshot.overlay.files.get(path)
    if facts is not None:
        return any(fans[one] for one in facts.symbol_ids)
    return any(fans[hit.symbol_id] for hit in snapshot.reader.iter_symbols_of_file(path))


def _is_measured(snapshot: Snapshot, path: str) -> bool:
    return not snapshot.is_overlaid(path) and snapshot.reader.find_file_metrics(path) is not None


def _calls(snapshot: Snapshot) -> tuple[Counter[str], Counter[str], set[str]]:
    """How many call each symbol and how many it calls, and who calls itself. What was typed since the index was last
    brought up to date, a moment ago, is not in it.
    """
    fans_in: Counter[str] = Counter()
    fans_out: Counter[str] = Counter()
    recursive: set[str] = set()
    is_there: dict[str, bool] = {}
    for count, (caller, callees) in enumerate(snapshot.reader.iter_calls()):
        if count % 256 == 0:
            snapshot.check()
        for callee in callees:
            if callee == caller:
                recursive.add(caller)
                continue
            there = is_there.get(callee)
            if there is None:
                there = is_there[callee] = snapshot.find(callee) is not None
            if there:
                fans_out[caller] += 1
                fans_in[callee] += 1
    return fans_in, fans_out, recursive


def _files(snapshot: Snapshot, by: By, limit: int, root: Path | None, patience_s: float) -> Hotspots:
    history: Churn | None = None
    if by is By.CHURN and root is not None:
        history = churn(root, check=snapshot.check)
    until = time.monotonic() + patience_s
    unmeasured = 0
    rows: list[tuple[int, int, int, str, FileMetrics | None]] = []
    for path in _paths(snapshot):
        snapshot.check()
        changed = history.files.get(path) if history is not None else None
        if by is By.CHURN and changed is None:
            continue
        metrics = None if snapshot.is_overlaid(path) else snapshot.reader.find_file_metrics(path)
        if metrics is None:
            if time.monotonic() < until:
                study = study_of(snapshot, path)
                metrics = study.file_metrics() if study is not None else None
            else:
                unmeasured += 1
        loc = metrics.loc if metrics is not None else 0
        if changed is not None:
            rows.append((-changed.commits, -changed.added - changed.deleted, -loc, path, metrics))
        elif metrics is not None:
            rows.append((-loc, 0, 0, path, metrics))
    best = nsmallest(limit + 1, rows, key=_ORDER)
    found = [
        (-score, FileSpot(path, metrics, history.files.get(path) if history is not None else None))
        for score, _, _, path, metrics in best[:limit]
    ]
    cut = len(best) > limit or (history is not None and not history.is_complete)
    return Hotspots([], found, unmeasured, cut)
