"""The whole graph written out: JSON, JSON lines, CSV, DOT (:mod:`.records`) and SCIP (:mod:`.scip`).

Everything is in the order of (path, start), and equal indexes give equal bytes. ``docs/graph.md`` has the fields.
Tests: ``tests/query/graph/test_export.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from magellan_lsp.errors import UsageError
from magellan_lsp.query.snapshot import Snapshot

#: Names of the formats.
FORMATS: Final = ("json", "jsonl", "csv", "dot", "scip")


def export(snapshot: Snapshot, form: str, root_uri: str = "") -> Iterator[bytes]:
    """The graph in a format, piece by piece; one file's worth is in memory at a time.

    Args:
        root_uri: of the workspace; SCIP names it, the others do not.

    Raises:
        UsageError: there is no such format.
        Cancelled: the asker gave up.
    """
    if form == "scip":
        from magellan_lsp.query.graph.export.scip import iter_scip

        return iter_scip(snapshot, root_uri)
    from magellan_lsp.query.graph.export import records

    writers = {
        "json": records.iter_json,
        "jsonl": records.iter_jsonl,
        "csv": records.iter_csv,
        "dot": records.iter_dot,
    }
    if form not in writers:
        raise UsageError(f"Formats are {', '.join(FORMATS)}, not {form!r}.")
    return writers[form](snapshot)
