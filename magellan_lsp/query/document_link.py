"""The files that a file's imports name. Tests: ``tests/query/test_every_language.py``."""

from __future__ import annotations

from typing import NamedTuple

from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.query.targets import modules_of
from magellan_lsp.text import Span


class DocumentLink(NamedTuple):
    """A module path in an import, and the file that it names."""

    span: Span
    target: str


def document_links(snapshot: Snapshot, path: str) -> list[DocumentLink]:
    """The imports of a file that lead to one file of the workspace, by start."""
    facts = snapshot.facts(path)
    if facts is None:
        return []
    found: dict[DocumentLink, None] = {}
    for row in range(len(facts.import_module)):
        snapshot.check()
        span = Span(facts.import_start[row], facts.import_end[row])
        if span.n_bytes <= 0:
            continue
        files = [ref[0] for ref in modules_of(snapshot, facts, row) if ref[1] == 0 and ref[0] != path]
        if files:
            found[DocumentLink(span, files[0])] = None
    return sorted(found)
