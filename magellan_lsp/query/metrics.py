"""How large, tangled and used files and symbols are. Tests: ``tests/query/test_details.py``.

What a file's text says is measured once and stored; what depends on other files (fan-in, fan-out, whether a function calls
itself) is counted from the calls and links when it is asked for, so it is always that of now.
"""

from __future__ import annotations

import attrs
import msgspec

from magellan_lsp.extract.metrics import Fan, complexity_score
from magellan_lsp.facts.kinds import Role
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.graph.view import CALLS
from magellan_lsp.query.details import study_of
from magellan_lsp.query.graph.view import SymbolGraph
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.types import Ref


@attrs.frozen
class Measured:
    """A symbol and its measures."""

    ref: Ref
    metrics: SymbolMetrics


def of_file(snapshot: Snapshot, path: str) -> FileMetrics | None:
    """The measures of a file; None when it is not known or its text is not to be had."""
    found = None if snapshot.is_overlaid(path) else snapshot.reader.find_file_metrics(path)
    if found is None:
        study = study_of(snapshot, path)
        found = study.file_metrics() if study is not None else None
    return with_fan(found, file_fan(snapshot, path)) if found is not None else None


def with_fan(metrics: FileMetrics, fan: Fan) -> FileMetrics:
    """The measures with what comes from other files."""
    return msgspec.structs.replace(
        metrics, fan_in=fan.fan_in, fan_out=fan.fan_out, complexity_score=complexity_score(metrics.loc, fan)
    )


def of_symbols_in(snapshot: Snapshot, path: str) -> list[Measured]:
    """The measures of a file's symbols but the file itself, in source order."""
    facts = snapshot.facts(path)
    measured = measured_alone(snapshot, path)
    if facts is None or measured is None:
        return []
    graph = SymbolGraph(snapshot)
    by_id = {one.symbol: one for one in measured}
    rows = [row for row in facts.symbols() if row]
    rows.sort(key=lambda row: (facts.def_start[row], -facts.def_end[row], row))
    found = []
    for row in rows:
        snapshot.check()
        one = by_id.get(facts.symbol_id(row) or "")
        if one is not None:
            found.append(Measured((path, row), _with_calls(graph, one)))
    return found


def of_symbol(snapshot: Snapshot, ref: Ref) -> Measured | None:
    """The measures of one symbol; None for a local, and when its text is not to be had."""
    found = alone(snapshot, ref)
    return Measured(ref, _with_calls(SymbolGraph(snapshot), found)) if found is not None else None


def alone(snapshot: Snapshot, ref: Ref) -> SymbolMetrics | None:
    """What its own text says of a symbol, no more; None for a local, and when the text is not to be had."""
    symbol_id = snapshot.symbol_id(ref)
    if symbol_id is None:
        return None
    found = None if snapshot.is_overlaid(ref[0]) else snapshot.reader.find_symbol_metrics(symbol_id)
    if found is None:
        found = next((one for one in measured_alone(snapshot, ref[0]) or () if one.symbol == symbol_id), None)
    return found


def measured_alone(snapshot: Snapshot, path: str) -> list[SymbolMetrics] | None:
    """What a file's text says of its symbols, no more; None when it is not to be had."""
    stored = None if snapshot.is_overlaid(path) else snapshot.reader.find_symbol_metrics_of_file(path)
    if stored is not None:
        return stored
    study = study_of(snapshot, path)
    return study.symbol_metrics() if study is not None else None


def _with_calls(graph: SymbolGraph, metrics: SymbolMetrics) -> SymbolMetrics:
    callers = graph.predecessors(metrics.symbol, CALLS)
    callees = graph.successors(metrics.symbol, CALLS)
    calls_itself = metrics.symbol in callees
    return with_calls(metrics, len(callers) - calls_itself, len(callees) - calls_itself, calls_itself)


def with_calls(metrics: SymbolMetrics, fan_in: int, fan_out: int, calls_itself: bool) -> SymbolMetrics:
    """The measures with what the calls say. A function is not its own caller; that it calls itself makes it harder to
    understand by 1 (G. A. Campbell's increment for recursion; cycles through others do not count).
    """
    cognitive = metrics.cognitive + (calls_itself and metrics.n_blocks > 0)
    return msgspec.structs.replace(metrics, fan_in=fan_in, fan_out=fan_out, cognitive=cognitive)


def file_fan(snapshot: Snapshot, path: str) -> Fan:
    """How many symbols of other files use a file's own, and how many of other files its own use."""
    facts, links = snapshot.facts(path), snapshot.links(path)
    if facts is None:
        return Fan()
    users: set[Ref] = set()
    for row in facts.symbols():
        snapshot.check()
        for one in snapshot.references(facts.symbol_id(row) or ""):
            if one.path != path and one.role > Role.DECLARATION:
                users.add((one.path, one.container))
    used = {link.target for link in links.links} if links is not None else set()
    places = (snapshot.find(target) for target in used)
    return Fan(len(users), sum(1 for ref in places if ref is not None and ref[0] != path))
