"""List what wrote the index: commands, and what a server did.

Tests: ``tests/cli/test_details.py``.
"""

from __future__ import annotations

import argparse
import time

from magellan_lsp.cli.options import at_least
from magellan_lsp.cli.show import Out, Style, plural
from magellan_lsp.cli.workspace import find_workspace, open_index
from magellan_lsp.query import executions as query
from magellan_lsp.query.documents import of_execution
from magellan_lsp.store.second_tier import Execution

DEFAULT_LIMIT = 20
_STYLES: dict[str, Style] = {"success": "good", "error": "bad", "partial": "warn", "running": "name"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("--id", metavar="ID", help="one run: its execution id, or its number in the log")
    parser.add_argument(
        "--limit",
        type=at_least(1),
        default=DEFAULT_LIMIT,
        metavar="N",
        help=f"at most N (default: {DEFAULT_LIMIT})",
    )
    parser.add_argument(
        "--order", choices=("newest", "oldest"), default="newest", help="which come first (default: newest)"
    )


def run(options: argparse.Namespace, out: Out) -> int:
    """Read and list. The index is not brought up to date: that would be a run, too."""
    workspace = find_workspace(options)
    store = open_index(workspace, "read")
    try:
        with store.read() as reader:
            if options.id is not None:
                one = query.get_by_id(reader, options.id)
                found = [one] if one is not None else []
            elif options.order == "newest":
                found = query.get_recent(reader, options.limit)
            else:
                found = query.list_all(reader, "oldest")[: options.limit]
    finally:
        store.close()
    for run in found:
        _print(out, run)
    out.json({"executions": [of_execution(run) for run in found]})
    return 0 if found else 1


def _print(out: Out, run: Execution) -> None:
    began = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.started_at))
    took = f"{run.duration_ms / 1000:.2f} s" if run.duration_ms is not None else "-"
    counts = (
        f"{plural(run.files_indexed, 'file')}, {plural(run.symbols_indexed, 'symbol')}, "
        f"{plural(run.references_indexed, 'reference')}"
    )
    out.line(
        f"{run.id:>5}  ",
        (began, "dim"),
        f"  {took:>9}  ",
        (f"{run.outcome:<8}", _STYLES.get(run.outcome, "")),
        f" {' '.join(run.args)}",
        (f"  {counts}", "dim"),
    )
    if run.error_message:
        out.line("       ", (run.error_message, "bad"))
