"""Index a folder, or bring its index up to date.

Only what changed is read again. Ctrl-C keeps what was done; the next run goes on from there.

Tests: ``tests/cli/test_index.py``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from magellan_lsp.cli.progress import progress_bar
from magellan_lsp.cli.show import Out, plural, size
from magellan_lsp.cli.workspace import (
    Workspace,
    detailing,
    find_workspace,
    interruptible,
    open_index,
    refreshed,
    runs_of,
    worker_count,
)
from magellan_lsp.errors import Cancelled, UsageError
from magellan_lsp.indexer.pipeline import IndexSummary
from magellan_lsp.indexer.runs import add
from magellan_lsp.settings import DETAILS

#: So many files that could not be indexed are named.
MAX_PROBLEMS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("folder", nargs="?", metavar="DIR", help="the folder (the same as --root DIR)")
    parser.add_argument(
        "--details",
        action="store_true",
        help="also work out chunks, control flow, syntax nodes and measures of every file, and keep them",
    )
    parser.add_argument("--quiet", action="store_true", help="print no progress and no summary")
    parser.add_argument("--verbose", action="store_true", help="name every file that could not be indexed")


def run(options: argparse.Namespace, out: Out) -> int:
    """Index and sum up."""
    if options.folder is not None:
        if not Path(options.folder).is_dir():
            raise UsageError(f"{options.folder} is not a folder.")
        if options.root is not None and Path(options.root).resolve() != Path(options.folder).resolve():
            raise UsageError("Say the folder once: as DIR or as --root DIR.")
        options.root = options.folder
    workspace = find_workspace(options)
    store = open_index(workspace)
    try:
        with (
            runs_of(workspace, store).sweep() as run,
            progress_bar(quiet=options.quiet or out.is_json) as tell,
        ):
            summary = refreshed(workspace, store, tell)
            if options.details and summary.complete:
                n_helpers = worker_count(workspace.settings)
                with (
                    detailing(workspace, store, DETAILS, helpers=n_helpers) as work,
                    interruptible() as stopped,
                ):
                    summary.complete = work.run(tell or _quietly, stopped.is_set)
                store.settle()
            add(run, summary)
        stats = dict(store.stats())
    finally:
        store.close()
    if not options.quiet:
        _print(out, workspace, summary, stats, verbose=options.verbose)
    out.json(_document(workspace, summary))
    if not summary.complete:
        raise Cancelled()
    return 0


def _quietly(phase: str, done: int, total: int) -> None:
    """Nobody watches."""


def _print(
    out: Out, workspace: Workspace, summary: IndexSummary, stats: dict[str, Any], *, verbose: bool
) -> None:
    seconds = summary.scan_s + summary.extract_s + summary.link_s
    done = "" if summary.complete else " (interrupted)"
    out.line(
        (f"{plural(summary.files, 'file')} indexed", "name"), f" in {workspace.root}{done}, {seconds:.2f} s"
    )
    counts = (
        (summary.indexed, "new or changed"),
        (summary.unchanged, "unchanged"),
        (summary.removed, "removed"),
    )
    out.line("  ", " · ".join(f"{count:,} {word}" for count, word in counts))
    if summary.languages:
        by_count = sorted(summary.languages.items(), key=lambda item: (-item[1], item[0]))
        out.line("  ", " · ".join(f"{name} {count:,}" for name, count in by_count))
    out.line("  ", f"{plural(summary.symbols, 'symbol')}, {plural(summary.linked, 'file')} linked anew")
    used = stats.get("used_bytes") or stats.get("file_bytes")
    out.line("  ", f"index: {workspace.index}", f", {size(used)}" if used else "")
    shown = summary.problems if verbose else summary.problems[:MAX_PROBLEMS]
    if shown and not out.is_json:
        print(f"magellan-lsp: {plural(len(summary.problems), 'file')} left out:", file=sys.stderr)
        for path, why in shown:
            print(f"  {path}: {why}", file=sys.stderr)
        if len(shown) < len(summary.problems):
            print("  and more; --verbose names them all", file=sys.stderr)


def _document(workspace: Workspace, summary: IndexSummary) -> dict[str, Any]:
    return {
        "root": str(workspace.root),
        "index": str(workspace.index),
        "complete": summary.complete,
        "files": summary.files,
        "symbols": summary.symbols,
        "indexed": summary.indexed,
        "unchanged": summary.unchanged,
        "removed": summary.removed,
        "failed": summary.failed,
        "linked": summary.linked,
        "links": summary.links,
        "languages": summary.languages,
        "seconds": {
            "scan": round(summary.scan_s, 4),
            "extract": round(summary.extract_s, 4),
            "link": round(summary.link_s, 4),
        },
        "problems": [{"path": path, "reason": why} for path, why in summary.problems],
    }
