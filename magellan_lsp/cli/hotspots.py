"""List what stands out: the most tangled or most used symbols, the largest or most often changed files.

Tests: ``tests/cli/test_details.py``.
"""

from __future__ import annotations

import argparse
from typing import Any

from magellan_lsp.cli.metrics import HEAD, document, print_measured
from magellan_lsp.cli.options import add_refresh, at_least
from magellan_lsp.cli.show import Out, Places, plural
from magellan_lsp.cli.workspace import find_workspace, snapshot
from magellan_lsp.query.documents import of_file_spot
from magellan_lsp.query.hotspots import By, FileSpot, hotspots

DEFAULT_LIMIT = 20
#: On the command line there is time to measure all that has not been.
_PATIENCE_S = 3600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument(
        "--by",
        choices=[one.value for one in By],
        default=By.COMPLEXITY.value,
        help="complexity (the default), fanIn, fanOut: of symbols; loc, churn (commits, from git): of files",
    )
    parser.add_argument(
        "--limit",
        type=at_least(1),
        default=DEFAULT_LIMIT,
        metavar="N",
        help=f"at most N (default: {DEFAULT_LIMIT})",
    )
    add_refresh(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Measure and list."""
    workspace = find_workspace(options)
    with snapshot(workspace, refresh=not options.no_refresh) as asked:
        limit = options.limit
        found = hotspots(asked, By(options.by), limit, root=workspace.root, patience_s=_PATIENCE_S)
        places = Places(workspace, asked.read_text)
        documents: list[dict[str, Any]] = []
        if found.symbols:
            out.line((HEAD, "dim"))
        for score, one in found.symbols:
            if out.is_json:
                documents.append({**document(asked, places, one), "score": score})
            else:
                print_measured(out, asked, places, one)
        for score, spot in found.files:
            documents.append({"path": spot.path, **of_file_spot(spot), "score": score})
            _print(out, score, spot)
        out.json({"hotspots": documents, "unmeasured": found.n_unmeasured, "truncated": found.is_truncated})
    return 0 if found.symbols or found.files else 1


def _print(out: Out, score: int, spot: FileSpot) -> None:
    more = ""
    if spot.churn is not None:
        more = f"  +{spot.churn.added:,} -{spot.churn.deleted:,}"
    if spot.metrics is not None:
        more += f"  {plural(spot.metrics.loc, 'line')}, cyclomatic {spot.metrics.cyclomatic:,}"
    out.line(f"{score:>7,}  ", (spot.path, "path"), (more, "dim"))
