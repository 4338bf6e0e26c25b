"""Convert an index between SQLite (Magellan's, or this program's own) and LMDB, both ways.

It converts what is there and indexes nothing: there and back gives the rows that went in. The source is only read.
The target appears when it is whole and compared with the source; it is never overwritten.

Tests: ``tests/migration/test_commands.py``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from magellan_lsp.cli.progress import progress_bar
from magellan_lsp.cli.show import Out, plural
from magellan_lsp.errors import UsageError
from magellan_lsp.migrate.convert import convert
from magellan_lsp.migrate.report import Report

_FORMATS = {"sqlite": "SQLite", "lmdb": "LMDB"}
_PROGRAMS = {"magellan": "Magellan", "magellan-lsp": "magellan-lsp"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument(
        "--input", required=True, metavar="PATH", help="the index: a SQLite file, an LMDB or index folder"
    )
    parser.add_argument(
        "--output", required=True, metavar="PATH", help="where to: a folder for LMDB, a file for SQLite"
    )
    parser.add_argument(
        "--to",
        choices=("sqlite", "lmdb"),
        help="the output's format (default: the one that the input is not)",
    )
    parser.add_argument(
        "--export-dir",
        metavar="DIR",
        help="write all rows there as well, as JSON Lines, a file for each table",
    )
    parser.add_argument("--dry-run", action="store_true", help="look and count, and write nothing")


def run(options: argparse.Namespace, out: Out) -> int:
    """Convert, and report."""
    root = Path(options.root).absolute() if options.root else None
    if root is not None and not root.is_dir():
        raise UsageError(f"--root {options.root} is not a folder.")
    with progress_bar(quiet=out.is_json) as tell:
        report = convert(
            options.input,
            options.output,
            to=options.to,
            root=root,
            export_dir=Path(options.export_dir) if options.export_dir else None,
            dry_run=options.dry_run,
            progress=tell or (lambda phase, done, total: None),
        )
    out.json(report.document())
    _print(out, report)
    return 0


def _print(out: Out, report: Report) -> None:
    tally = report.tally
    verb = {"migrated": "Migrated", "already there": "Already there", "dry run": "Would migrate"}[
        report.outcome
    ]
    out.line((f"{verb}: ", "good"), (report.input, "path"), " to ", (report.output, "path"))
    of = _PROGRAMS[report.program]
    schema = f", schema {report.schema}, graph schema {report.graph_schema}" if report.schema else ""
    formats = f"{_FORMATS[report.input_format]} to {_FORMATS[report.output_format]}"
    out.line("  ", f"{formats}, an index of {of}{schema}")
    if report.files:
        out.line("  ", plural(report.files, "file"), " of this program")
    for name, counts in tally.groups.items():
        out.line("  ", f"{name:10}", _listed(counts))
    grouped = {"graph_entities", "graph_edges", "graph_labels"}
    side = {name: n for name, n in tally.tables.items() if n and name not in grouped}
    if side:
        out.line("  ", f"{'tables':10}", _listed(side))
    if report.outcome == "dry run":
        rows = "" if report.files else f"{plural(tally.rows, 'row')}. "  # its own are made from files
        out.line("  ", f"{rows}{report.message}")
    else:
        out.line("  ", f"{plural(tally.rows, 'row')}, compared with the original, {report.seconds:.2f} s")
    if tally.hashes_wrong:
        text = (
            f"{plural(tally.hashes_wrong, 'chunk')} with a hash that is not of its text, as in the original"
        )
        print(f"magellan-lsp: {text}", file=sys.stderr)
    if report.export_dir:
        out.line("  ", plural(len(report.exported), "table"), " written to ", (report.export_dir, "path"))


def _listed(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{name} {count:,}" for name, count in counts.items())
