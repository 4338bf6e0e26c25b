"""How often each function and type of a file is referred to. Tests: ``tests/query/test_navigation.py``."""

from __future__ import annotations

from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.query.answers import SymbolInfo
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.query.symbols import Outline, document_symbols
from magellan_lsp.query.targets import same_thing
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.resolve.types import Ref


def counted_symbols(snapshot: Snapshot, path: str) -> list[SymbolInfo]:
    """The functions, methods, properties and types of a file that can be referred to, in source order."""
    found: list[SymbolInfo] = []

    def visit(nodes: list[Outline]) -> None:
        for node in nodes:
            kind = node.symbol.kind
            is_counted = kind in FUNCTION_LIKE or kind in CLASS_LIKE or kind == DefKind.PROPERTY
            if is_counted and node.symbol.symbol_id is not None:
                found.append(node.symbol)
            visit(node.children)

    visit(document_symbols(snapshot, path))
    return found


def count_references(snapshot: Snapshot, ref: Ref) -> int:
    """How many occurrences refer to a symbol or to a declaration of it, definitions left out."""
    ids = [snapshot.symbol_id(one) for one in same_thing(snapshot, [ref])]
    return sum(snapshot.count_references(symbol_id) for symbol_id in ids if symbol_id is not None)
