"""The files that a file's imports name. Tests: ``tests/query/test_document_link.py``."""

from __future__ import annotations

from typing import NamedTuple

from magellan_lsp.query.snapshot import Snapshot
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
    resolver = snapshot.resolver
    found: dict[DocumentLink, None] = {}
    for row, module in enumerate(facts.import_module):
        snapshot.check()
        span = Span(facts.import_start[row], facts.import_end[row])
        if module < 0 or span.n_bytes <= 0:
            continue
        for ref in resolver.rules(path).module_part(resolver, facts, row, facts.names[module]):
            if ref[1] == 0 and not resolver.is_builtin(ref) and ref[0] != path:
                found[DocumentLink(span, ref[0])] = None
                break
    return sorted(found)
