"""What stands out in a workspace: the most tangled, most used, largest, most often changed.

Tests: ``tests/query/test_details.py``.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from heapq import nlargest, nsmallest
from operator import itemgetter
from pathlib import Path

import attrs

from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.query.churn import Churn, FileChurn, churn
from magellan_lsp.query.details import study_of
from magellan_lsp.query.metrics import Measured, alone, file_fan, measured_alone, with_calls, with_fan
from magellan_lsp.query.snapshot import CHECK_EVERY, Snapshot
from magellan_lsp.resolve.types import Ref

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

    What scores the same comes by: cognitive complexity, path and SymbolId (complexity); path and definition (fan-in and
    fan-out); lines changed, lines and path (files).

    Args:
        root: where git is asked for churn.
        patience_s: files that have not been measured yet are measured for so long.

    Raises:
        GitUnavailable: churn is asked for and not to be had.
    """
    if by in (By.LOC, By.CHURN):
        return _files(snapshot, by, limit, root, patience_s)
    if by is By.COMPLEXITY:
        return _tangled(snapshot, limit, patience_s)
    return _used(snapshot, by, limit)


def _tangled(snapshot: Snapshot, limit: int, patience_s: float) -> Hotspots:
    until = time.monotonic() + patience_s
    calls = _calls(snapshot)
    unmeasured = 0
    rows: list[tuple[int, int, str, str, SymbolMetrics]] = []
    for path in _paths(snapshot):
        snapshot.check()
        if not _is_measured(snapshot, path) and time.monotonic() > until:
            unmeasured += 1
            continue
        for one in measured_alone(snapshot, path) or ():
            if one.cyclomatic > 1:
                full = calls.of(one)
                rows.append((-full.cyclomatic, -full.cognitive, path, full.symbol, full))
        if len(rows) > 20 * limit + 10_000:
            rows = nsmallest(limit + 1, rows, key=_ORDER)
    found: list[tuple[int, Measured]] = []
    for negative, _, _, symbol_id, one in nsmallest(limit + 1, rows, key=_ORDER):
        ref = snapshot.find(symbol_id)
        if ref is not None:
            found.append((-negative, Measured(ref, one)))
    return Hotspots(found[:limit], [], unmeasured, len(found) > limit)


def _used(snapshot: Snapshot, by: By, limit: int) -> Hotspots:
    calls = _calls(snapshot)
    fans = calls.fans_in if by is By.FAN_IN else calls.fans_out
    counts = nlargest(limit + 1, fans.values())
    least = counts[-1] if counts else 0
    rows: list[tuple[int, Ref, str]] = []
    for symbol_id, count in fans.items():
        if count >= least:
            ref = snapshot.find(symbol_id)
            if ref is not None:
                rows.append((-count, ref, symbol_id))
    rows.sort()
    found: list[tuple[int, Measured]] = []
    for negative, ref, _ in rows[:limit]:
        snapshot.check()
        one = alone(snapshot, ref)
        if one is not None:
            found.append((-negative, Measured(ref, calls.of(one))))
    return Hotspots(found, [], 0, len(rows) > limit)


def _paths(snapshot: Snapshot) -> Iterator[str]:
    known = {
        record.path for record in snapshot.reader.iter_files() if record.language and not record.is_left_out
    }
    gone = {path for path, facts in snapshot.overlay.files.items() if facts is None}
    yield from sorted((known | snapshot.overlay.files.keys()) - gone)


def _is_measured(snapshot: Snapshot, path: str) -> bool:
    return not snapshot.is_overlaid(path) and snapshot.reader.find_file_metrics(path) is not None


@attrs.frozen
class _Calls:
    """How many call each symbol, how many each calls, and who calls itself."""

    fans_in: Counter[str]
    fans_out: Counter[str]
    recursive: set[str]

    def of(self, metrics: SymbolMetrics) -> SymbolMetrics:
        """The measures of a symbol with what the calls say."""
        symbol = metrics.symbol
        return with_calls(metrics, self.fans_in[symbol], self.fans_out[symbol], symbol in self.recursive)


def _calls(snapshot: Snapshot) -> _Calls:
    """All calls of the index. What was typed since it was last brought up to date, a moment ago, is not in it."""
    found = _Calls(Counter(), Counter(), set())
    is_there: dict[str, bool] = {}
    for count, (caller, callees) in enumerate(snapshot.reader.iter_calls()):
        if count % CHECK_EVERY == 0:
            snapshot.check()
        for callee in callees:
            if callee == caller:
                found.recursive.add(caller)
                continue
            there = is_there.get(callee)
            if there is None:
                there = is_there[callee] = snapshot.find(callee) is not None
            if there:
                found.fans_out[caller] += 1
                found.fans_in[callee] += 1
    return found


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
    found: list[tuple[int, FileSpot]] = []
    for score, _, _, path, metrics in best[:limit]:
        full = with_fan(metrics, file_fan(snapshot, path)) if metrics is not None else None
        found.append((-score, FileSpot(path, full, history.files.get(path) if history is not None else None)))
    cut = len(best) > limit or (history is not None and not history.is_complete)
    return Hotspots([], found, unmeasured, cut)
