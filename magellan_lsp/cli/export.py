"""The whole graph for other programs: JSON, JSON lines, CSV, DOT or SCIP.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from magellan_lsp.cli.graph import asked
from magellan_lsp.cli.options import add_refresh
from magellan_lsp.cli.show import Out, size
from magellan_lsp.query.graph.export import FORMATS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--as", dest="form", choices=FORMATS, default="json", help="the format (default: json)"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write to FILE, whole or not at all (default: standard output)"
    )
    add_refresh(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Write it."""
    from magellan_lsp.errors import UsageError
    from magellan_lsp.query.graph.export import export
    from magellan_lsp.query.graph.export.files import write

    if options.output is not None and Path(options.output).is_dir():
        raise UsageError(f"--output {options.output} is a folder; name a file.")
    if options.output is None and options.form == "scip" and sys.stdout.isatty():
        raise UsageError("SCIP is no text; say with --output where to write it.")
    with asked(options, out) as asking:
        pieces = export(asking.snapshot, options.form, asking.workspace.root.resolve().as_uri())
        if options.output is not None:
            target = Path(options.output).absolute()
            n_bytes = write(pieces, target)
            out.line((str(options.output), "path"), f"  {size(n_bytes)}")
            out.json({"path": str(target), "bytes": n_bytes})
            return 0
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    return 0
