"""Show what is indexed, where the index is and who keeps it up to date. Changes nothing.

Tests: ``tests/cli/test_index.py``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from magellan_lsp.cli.show import Out, plural, size
from magellan_lsp.cli.workspace import Workspace, find_workspace, index_place, open_index
from magellan_lsp.store.writer_lock import holder

#: So many files that could not be indexed are named.
MAX_PROBLEMS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no options of its own."""


def run(options: argparse.Namespace, out: Out) -> int:
    """Count and print."""
    workspace = find_workspace(options)
    store = open_index(workspace, "read")
    try:
        stats = dict(store.stats())
        languages: Counter[str] = Counter()
        problems: list[tuple[str, str]] = []
        n_unlinked = 0
        with store.read() as reader:
            for record in reader.iter_files():
                languages[record.language or "other"] += 1
                if record.problem:
                    problems.append((record.path, record.problem))
                if not record.linked and not record.is_left_out:
                    n_unlinked += 1
    finally:
        store.close()
    problems = sorted({*problems, *_passed_over(workspace)})
    writer = holder(index_place(workspace) / "writer.lock")
    document: dict[str, Any] = {
        "root": str(workspace.root),
        "index": str(workspace.index),
        "backend": stats.get("backend"),
        "format": stats.get("format"),
        "generation": stats.get("generation"),
        "files": stats.get("files"),
        "symbols": stats.get("symbols"),
        "unlinked": n_unlinked,
        "bytes": stats.get("used_bytes"),
        "writer": writer,
        "languages": dict(sorted(languages.items())),
        "problems": [{"path": path, "reason": why} for path, why in problems],
    }
    out.json(document)
    out.line(("root", "dim"), f"        {workspace.root}")
    used = stats.get("used_bytes")
    out.line(("index", "dim"), f"       {workspace.index}", f", {size(used)}" if used else "")
    what = f"{document['backend']}, format {document['format']}, generation {document['generation']}"
    out.line(("kept in", "dim"), f"     {what}")
    unlinked = f" ({n_unlinked:,} still to be linked)" if n_unlinked else ""
    out.line(
        ("holds", "dim"),
        f"       {plural(document['files'], 'file')}{unlinked}, {plural(document['symbols'], 'symbol')}",
    )
    out.line(
        ("languages", "dim"),
        "   " + " · ".join(f"{name} {count:,}" for name, count in languages.most_common()),
    )
    out.line(("writer", "dim"), f"      {f'process {writer}' if writer else 'none at the moment'}")
    if problems:
        out.line(("left out", "dim"), f"    {plural(len(problems), 'file')}")
        for path, why in problems[:MAX_PROBLEMS]:
            out.line("            ", (path, "path"), f": {why}")
    return 0


def _passed_over(workspace: Workspace) -> list[tuple[str, str]]:
    """Source files that are not taken in at all (too large, no plain file), so that the index knows nothing of them."""
    from magellan_lsp.indexer.discover import scan
    from magellan_lsp.indexer.ignore import Matcher, Skipped
    from magellan_lsp.languages.registry import is_source

    settings = workspace.settings
    matcher = Matcher(
        workspace.root,
        include=settings.include,
        exclude=settings.exclude,
        max_file_size=settings.max_file_size,
    )
    skipped: list[Skipped] = []
    try:
        for _ in scan(matcher, is_source, skipped=skipped, follow_links=settings.follow_symlinks):
            pass
    except OSError as error:
        return [(".", str(error.strerror or error))]
    return [(one.path, one.reason) for one in skipped]
