"""Show the measures of a symbol, or of a file and its symbols.

Lines, fan-in and fan-out, cyclomatic and cognitive complexity, nesting, Halstead's measures; docs/cfg.md says how they are
counted.

Tests: ``tests/cli/test_details.py``.
"""

from __future__ import annotations

import argparse
from typing import Any

from magellan_lsp.cli.ask import file_of, find_symbols, parse_spot
from magellan_lsp.cli.options import add_symbol
from magellan_lsp.cli.show import Out, Places, symbol_json
from magellan_lsp.cli.workspace import find_workspace, snapshot
from magellan_lsp.facts.metrics import FileMetrics
from magellan_lsp.query import metrics as query
from magellan_lsp.query.documents import of_file_metrics, of_symbol_metrics
from magellan_lsp.query.metrics import Measured
from magellan_lsp.query.snapshot import Snapshot

#: Above the columns of symbols.
HEAD = f"{'cyclomatic':>10} {'cognitive':>9} {'nesting':>7} {'loc':>6} {'fan-in':>6} {'fan-out':>7}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    add_symbol(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Measure and print."""
    workspace = find_workspace(options, file_of(options.symbol))
    with snapshot(workspace, refresh=not options.no_refresh) as asked:
        places = Places(workspace, asked.read_text)
        file: dict[str, Any] | None = None
        if parse_spot(options.symbol) is None and file_of(options.symbol) is not None:
            path = workspace.relative(options.symbol)
            measures = query.of_file(asked, path)
            found = query.of_symbols_in(asked, path)
            if measures is not None:
                file = {"path": path, **of_file_metrics(measures)}
                print_file(out, path, measures)
        else:
            symbols = find_symbols(workspace, asked, options.symbol, every=options.all)
            found = [one for info in symbols if (one := query.of_symbol(asked, info.ref)) is not None]
        if found:
            out.line((HEAD, "dim"))
        for one in found:
            print_measured(out, asked, places, one)
        out.json({"file": file, "symbols": [document(asked, places, one) for one in found]})
    return 0 if found or file is not None else 1


def print_file(out: Out, path: str, metrics: FileMetrics) -> None:
    """A file's measures for people."""
    out.line((path, "path"))
    lines = f"{metrics.loc:,} lines: {metrics.code_lines:,} code, {metrics.comment_lines:,} comment, "
    out.line(f"  {lines}{metrics.blank_lines:,} blank")
    out.line(
        f"  {metrics.symbol_count:,} symbols, {metrics.n_functions:,} functions; complexity: cyclomatic "
        f"{metrics.cyclomatic:,}, cognitive {metrics.cognitive:,}"
    )
    out.line(f"  used by {metrics.fan_in:,} symbols of other files, uses {metrics.fan_out:,}")


def print_measured(out: Out, asked: Snapshot, places: Places, one: Measured) -> None:
    """A symbol's measures for people, in columns."""
    metrics, info = one.metrics, asked.info(one.ref)
    if info is None:
        return
    columns = (
        f"{metrics.cyclomatic:>10} {metrics.cognitive:>9} {metrics.max_nesting:>7} {metrics.loc:>6} "
        f"{metrics.fan_in:>6} {metrics.fan_out:>7}"
    )
    out.line(columns, "  ", (info.fqn, "name"), "  ", (places.shown(info.path, info.place.name), "path"))


def document(asked: Snapshot, places: Places, one: Measured) -> dict[str, Any]:
    """A symbol's measures for scripts."""
    info = asked.info(one.ref)
    return {
        "symbol": symbol_json(places, info) if info is not None else None,
        **of_symbol_metrics(one.metrics),
    }
