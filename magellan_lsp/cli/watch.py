"""Keep a folder's index up to date until Ctrl-C.

Tests: ``tests/cli/test_watch.py``.
"""

from __future__ import annotations

import argparse
import queue
import time

from magellan_lsp.cli.progress import progress_bar
from magellan_lsp.cli.show import Out, plural
from magellan_lsp.cli.workspace import find_workspace, indexing, interruptible
from magellan_lsp.indexer.pipeline import IndexSummary
from magellan_lsp.indexer.watch import Batch, Watcher
from magellan_lsp.languages.registry import is_source, project_files
from magellan_lsp.store.open import open_store

_LOOK_EVERY_S = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no options of its own."""


def run(options: argparse.Namespace, out: Out) -> int:
    """Index, then take in changes batch by batch."""
    workspace = find_workspace(options)
    store = open_store(workspace.index)
    batches: queue.SimpleQueue[Batch] = queue.SimpleQueue()
    configs = project_files()
    watcher = Watcher(
        batches.put,
        lambda name: is_source(name) or name in configs,
        debounce_ms=workspace.settings.debounce_ms,
    )
    try:
        with indexing(workspace, store) as indexer, interruptible() as stopped:
            # Watching begins before the first look, so that nothing falls in between.
            ready = watcher.add(indexer.matcher)
            while not ready.wait(_LOOK_EVERY_S) and not stopped.is_set():
                pass
            with progress_bar() as tell:
                summary = indexer.refresh(progress=tell, cancelled=stopped.is_set)
            _report(out, summary)
            if summary.complete:
                out.line(f"watching {workspace.root}; Ctrl-C ends it")
            while not stopped.is_set():
                try:
                    batch = batches.get(timeout=_LOOK_EVERY_S)
                except queue.Empty:
                    continue
                if batch.sweep:
                    summary = indexer.refresh(cancelled=stopped.is_set)
                else:
                    summary = indexer.update([*batch.changed, *batch.gone], cancelled=stopped.is_set)
                if summary.indexed or summary.removed or summary.linked:
                    _report(out, summary)
    finally:
        for root in watcher.roots:
            watcher.remove(root)
        store.close()
    return 0


def _report(out: Out, summary: IndexSummary) -> None:
    seconds = summary.scan_s + summary.extract_s + summary.link_s
    out.line(
        (time.strftime("%H:%M:%S"), "dim"),
        f" {plural(summary.indexed, 'file')} indexed, {summary.removed:,} removed, "
        f"{summary.linked:,} linked in {seconds * 1000:.0f} ms",
    )
