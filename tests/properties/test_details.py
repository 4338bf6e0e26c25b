"""What is worked out of files beside their facts is, after any history, what a fresh index works out."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.programs import DIALECTS, Edit, Write, apply, edits
from support.stores import BACKENDS

from magellan_lsp.indexer.detailing import Detailer, details_named
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.query import cfg, chunks, metrics
from magellan_lsp.query.documents import of_file_metrics, of_symbol_metrics
from magellan_lsp.query.snapshot import Snapshot, StoreSource
from magellan_lsp.settings import DETAILS, Settings
from magellan_lsp.store.base import Store
from magellan_lsp.store.dump import iter_details

pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit")
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def work_out(root: Path, store: Store) -> None:
    assert Detailer(root, store, details_named(DETAILS), max_bytes=1 << 20, helpers=0).run()


def indexed(root: Path, store: Store, paths: Sequence[str] | None = None) -> None:
    indexer = Indexer(root, store, Settings(), workers=0)
    if paths is None:
        indexer.refresh()
    else:
        indexer.update(paths)
    indexer.close()


def found(store: Store) -> list[dict[str, object]]:
    with store.read() as reader:
        return list(iter_details(reader))


def answers(root: Path, store: Store) -> list[object]:
    """What questions about every symbol say."""
    with store.read() as reader:
        snapshot = Snapshot(StoreSource(reader), read_text=lambda path: (root / path).read_bytes())
        said: list[object] = []
        for record in reader.iter_files():
            facts = reader.find_facts(record.path)
            refs = [(record.path, row) for row in facts.symbols()] if facts is not None else []
            said += [chunks.of_symbols(snapshot, refs), [cfg.of_symbol(snapshot, ref) for ref in refs]]
            measures = metrics.of_file(snapshot, record.path)
            said.append(of_file_metrics(measures) if measures is not None else None)
            for one in metrics.of_symbols_in(snapshot, record.path):
                said.append((one.ref, of_symbol_metrics(one.metrics)))
    return said


@pytest.mark.parametrize("backend", list(BACKENDS))
def test_details_after_any_history_are_those_of_a_fresh_index(backend: str):
    every = st.sampled_from(sorted(DIALECTS)).flatmap(lambda language: edits(DIALECTS[language]))

    @settings(max_examples=8, suppress_health_check=QUIET, deadline=None)
    @given(
        st.lists(every, min_size=1, max_size=6), st.lists(st.lists(every, min_size=1, max_size=2), max_size=3)
    )
    def run(first: list[Edit], batches: list[list[Edit]]) -> None:
        folder = Path(tempfile.mkdtemp(prefix="details"))
        root = folder / "work"
        root.mkdir()
        try:
            for edit in first:
                apply(root, edit)
            with BACKENDS[backend](folder / "kept") as kept:
                indexed(root, kept)
                work_out(root, kept)
                for number, batch in enumerate(batches):
                    touched = [path for edit in batch for path in apply(root, edit)]
                    for path in touched:
                        if (root / path).exists():
                            os.utime(root / path, ns=(0, 10**9 * (number + 2)))
                    indexed(root, kept, touched)
                alone = answers(root, kept)
                work_out(root, kept)
                with BACKENDS[backend](folder / "fresh") as fresh:
                    indexed(root, fresh)
                    work_out(root, fresh)
                    assert found(kept) == found(fresh)
                    assert answers(root, kept) == answers(root, fresh) == alone
        finally:
            shutil.rmtree(folder)

    run()


def test_the_property_can_fail(tmp_path: Path):
    root = tmp_path / "work"
    root.mkdir()
    apply(root, Write("a.py", "def f(): pass\n"))
    with BACKENDS["memory"](tmp_path) as store:
        indexed(root, store)
        assert found(store) == []
        work_out(root, store)
        assert {record["record"] for record in found(store)} == {
            *("chunks", "cfgs", "ast", "file_metrics", "symbol_metrics")
        }
        assert len(answers(root, store)) == 4
