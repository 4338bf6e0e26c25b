"""Types above and below a type. Tests: ``tests/query/test_navigation.py``."""

from __future__ import annotations

from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.query.answers import SymbolInfo
from magellan_lsp.query.definition import defined, type_refs, types_of
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.query.targets import targets_of, token_at
from magellan_lsp.resolve.rules import CLASS_LIKE
from magellan_lsp.resolve.types import Ref


def prepare(snapshot: Snapshot, path: str, offset: int) -> list[SymbolInfo]:
    """The types that a hierarchy can begin with at an offset, best first; of a value, its types."""
    token = token_at(snapshot, path, offset)
    if token is None:
        return []
    refs = [ref for ref in defined(snapshot, targets_of(snapshot, token)) if _is_type(snapshot, ref)]
    if not refs:
        resolver = snapshot.resolver_for(path)
        refs = [ref for ref in type_refs(resolver, types_of(snapshot, token)) if _is_type(snapshot, ref)]
    return _infos(snapshot, refs)


def _is_type(snapshot: Snapshot, ref: Ref) -> bool:
    kind = snapshot.resolver_for(ref[0]).kind_of(ref)
    return kind in CLASS_LIKE or kind == DefKind.TYPE_ALIAS


def supertypes(snapshot: Snapshot, ref: Ref) -> list[SymbolInfo]:
    """Direct supertypes, as the type's own head lists them, then those declared elsewhere (trait impls)."""
    resolver = snapshot.resolver_for(ref[0])
    found: dict[Ref, None] = {}
    for base in resolver.bases(ref):
        above = resolver.ref_of(base)
        if above is not None and not resolver.is_builtin(above):
            found[above] = None
    found.update(dict.fromkeys(snapshot.relates_to(ref, RelationKind.BASE_OF)))
    return _infos(snapshot, list(found))


def subtypes(snapshot: Snapshot, ref: Ref) -> list[SymbolInfo]:
    """Direct subtypes in all files, by (path, definition)."""
    symbol_id = snapshot.symbol_id(ref)
    if symbol_id is None:
        return []
    return _infos(snapshot, snapshot.related(symbol_id, RelationKind.BASE_OF))


def _infos(snapshot: Snapshot, refs: list[Ref]) -> list[SymbolInfo]:
    found = (snapshot.info(ref) for ref in refs)
    return [info for info in found if info is not None]
