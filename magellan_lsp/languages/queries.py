"""Compiled tree-sitter queries: each is made once, whatever threads ask for it, and kept as long as the process lives.

Both halves matter. py-tree-sitter (0.25 to 0.26.1 at least) keeps one reference too few of a predicate that a
``#set!`` follows in its pattern, so that freeing such a query corrupts the heap. So queries are never freed, and ours
say ``#set!`` before any ``#eq?``, ``#match?`` or the like. Tests: ``tests/extract/test_queries.py``.
"""

from __future__ import annotations

import threading

from tree_sitter import Language as Grammar
from tree_sitter import Query

_guard = threading.Lock()
_kept: dict[tuple[Grammar, str], Query] = {}


def compiled(grammar: Grammar, text: str) -> Query:
    """The query of a text. Raises tree_sitter.QueryError for one that the grammar cannot have."""
    with _guard:
        found = _kept.get((grammar, text))
        if found is None:
            found = _kept[grammar, text] = Query(grammar, text)
        return found
