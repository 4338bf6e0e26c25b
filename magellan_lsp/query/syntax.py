"""The syntax tree of a file as a list. Tests: ``tests/query/test_details.py``.

It is the tree that extraction sees, made of the text as it is now; nothing of it comes from the store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from magellan_lsp.extract.ast_nodes import SyntaxNode, iter_syntax
from magellan_lsp.query.details import study_of
from magellan_lsp.query.snapshot import CHECK_EVERY, Snapshot


def nodes(
    snapshot: Snapshot,
    path: str,
    offset: int | None = None,
    *,
    depth: int | None = None,
    tokens: bool = False,
    limit: int,
) -> list[SyntaxNode] | None:
    """Nodes in preorder, ``limit`` at most; None when the text is not to be had. As :func:`iter_syntax`."""
    study = study_of(snapshot, path)
    if study is None:
        return None
    return list(
        islice(
            _checked(snapshot, iter_syntax(study.tree.root_node, offset, depth=depth, tokens=tokens)), limit
        )
    )


def find_nodes(
    snapshot: Snapshot, path: str, kinds: Collection[str], *, limit: int
) -> list[SyntaxNode] | None:
    """The nodes of some kinds (tokens too, if they are named: ``"if"``), in preorder, ``limit`` at most."""
    study = study_of(snapshot, path)
    if study is None:
        return None
    wanted = frozenset(kinds)
    every = _checked(snapshot, iter_syntax(study.tree.root_node, tokens=True))
    return list(islice((node for node in every if node.kind in wanted), limit))


def _checked(snapshot: Snapshot, found: Iterator[SyntaxNode]) -> Iterator[SyntaxNode]:
    for count, node in enumerate(found):
        if count % CHECK_EVERY == 0:
            snapshot.check()
        yield node
