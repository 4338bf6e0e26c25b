"""Keep a folder's index up to date until Ctrl-C.

Tests: ``tests/cli/test_index.py``.
"""

from __future__ import annotations

import argparse
import queue
import time

from magellan_lsp.cli.progress import progress_bar
from magellan_lsp.cli.show import Out, plural
from magellan_lsp.cli.workspace import detailing, find_workspace, indexing, interruptible, open_index, runs_of
from magellan_lsp.indexer.pipeline import IndexSummary
from magellan_lsp.indexer.runs import add
from magellan_lsp.indexer.watch import Batch, Watcher
from magellan_lsp.languages.registry import is_source, project_files

_LOOK_EVERY_S = 0.2
#: While files are still to be measured, changes are looked for between two batches of them.
_AT_WORK_S = 0.02


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command has no options of its own."""


def run(options: argparse.Namespace, out: Out) -> int:
    """Index, then take in changes batch by batch."""
    workspace = find_workspace(options)
    store = open_index(workspace)
    batches: queue.SimpleQueue[Batch] = queue.SimpleQueue()
    configs = project_files()
    watcher = Watcher(
        batches.put,
        lambda name: is_source(name) or name in configs,
        debounce_ms=workspace.settings.debounce_ms,
    )
    try:
        with (
            runs_of(workspace, store).sweep() as run,
            indexing(workspace, store) as indexer,
            detailing(workspace, store) as detailer,
            interruptible() as stopped,
        ):
            indexer.on_commit = lambda indexed, removed: detailer.note(indexed)
            # Watching begins before the first look, so that nothing falls in between.
            ready = watcher.add(indexer.matcher)
            while not ready.wait(_LOOK_EVERY_S) and not stopped.is_set():
                pass
            with progress_bar() as tell:
                summary = indexer.refresh(progress=tell, cancelled=stopped.is_set)
            _report(out, summary)
            add(run, summary)
            if summary.complete:
                out.line(f"watching {workspace.root}; Ctrl-C ends it")
            detailer.look()
            is_left = True
            while not stopped.is_set():
                try:
                    batch = batches.get(timeout=_AT_WORK_S if is_left else _LOOK_EVERY_S)
                except queue.Empty:
                    is_left = detailer.advance()
                    continue
                if batch.sweep:
                    summary = indexer.refresh(cancelled=stopped.is_set)
                else:
                    summary = indexer.update([*batch.changed, *batch.gone], cancelled=stopped.is_set)
                is_left = True
                if add(run, summary) or summary.linked:
                    _report(out, summary)
                    with store.write() as txn:
                        txn.put_execution(run.so_far())
            run.is_partial = False  # it was meant to be ended
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
