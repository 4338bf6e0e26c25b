"""The code graph of a snapshot, read from the store neighbour by neighbour.

Nodes are SymbolIds, in the order of (path, definition). Edges:

- CALL: from the innermost symbol around a call to whatever it may call, by links of any rank. What a file's own
  statements call is called by the file's symbol.
- REFERENCE: the same for every other use of a name (read, write, type). An import refers to the file that it takes in; that
  it names something inside that file is no use of it yet.
- BASE: from a type to its direct bases, from a member to the ones it overrides, from a definition to its declarations
  elsewhere.

A question about one node reads that node's file, or the files that refer to it, and no more. Files whose text is newer
than the index are seen as they are now. For algorithms that look at every node there is :mod:`.bulk`, which answers the
same. Tests: ``tests/query/graph/test_view.py``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import Role
from magellan_lsp.facts.links import FileLinks, RelationKind
from magellan_lsp.graph.view import ALL_KINDS, CALLS, EdgeType, Kinds
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.types import Ref

#: The edges and symbols of so many files are remembered.
_MAX_FILES = 256
#: The places of so many symbols are remembered.
_MAX_PLACES = 1_000_000

#: From a symbol of a file to what edges lead to from it, each with the kinds of these edges.
FileEdges = Mapping[str, Mapping[str, Kinds]]


class SymbolGraph:
    """A :class:`magellan_lsp.graph.view.GraphView` of a snapshot. For one thread, while the snapshot is valid."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._edges: OrderedDict[str, FileEdges] = OrderedDict()
        self._ids: OrderedDict[str, Mapping[int, str]] = OrderedDict()
        self._places: dict[str, Ref | None] = {}

    def iter_nodes(self) -> Iterator[str]:
        snapshot = self._snapshot
        paths = {record.path for record in snapshot.reader.iter_files()}
        for path in sorted(paths.union(snapshot.overlay.files)):
            snapshot.check()
            yield from self._symbols(path).values()

    def successors(self, node: str, kinds: Kinds = ALL_KINDS, /) -> Sequence[str]:
        ref = self.find(node)
        if ref is None:
            return ()
        if kinds == CALLS and not self._snapshot.is_overlaid(ref[0]):
            return self._sorted(self._snapshot.reader.find_callees(node))
        edges = self._edges_of(ref[0]).get(node, {})
        return self._sorted(target for target, found in edges.items() if found & kinds)

    def predecessors(self, node: str, kinds: Kinds = ALL_KINDS, /) -> Sequence[str]:
        snapshot = self._snapshot
        ref = self.find(node)
        if ref is None:
            return ()
        if kinds == CALLS and not snapshot.overlay.files:
            return self._sorted(snapshot.reader.find_callers(node))
        found: set[str] = set()
        if EdgeType.CALL in kinds or EdgeType.REFERENCE in kinds:
            for one in snapshot.references(node):
                if one.role <= Role.DECLARATION or (one.role == Role.IMPORT and ref[1] != 0):
                    continue
                if edge_type(one.role) in kinds:
                    symbol = self._symbols(one.path).get(one.container)
                    if symbol is not None:
                        found.add(symbol)
        if EdgeType.BASE in kinds:
            for kind in RelationKind:
                for other in snapshot.related(node, kind):
                    symbol = snapshot.symbol_id(other)
                    if symbol is not None:
                        found.add(symbol)
        return self._sorted(found)

    def _sorted(self, nodes: Iterable[str]) -> list[str]:
        """Those that are there, in the graph's order."""
        places, find = self._places, self.find
        there: list[tuple[Ref, str]] = []
        for node in nodes:
            ref = places[node] if node in places else find(node)
            if ref is not None:
                there.append((ref, node))
        there.sort()
        return [node for _, node in there]

    def find(self, node: str) -> Ref | None:
        """The definition of a node; None when there is none. Looked up once."""
        places = self._places
        if node not in places:
            if len(places) >= _MAX_PLACES:
                places.clear()
            places[node] = self._snapshot.find(node)
        return places[node]

    def _symbols(self, path: str) -> Mapping[int, str]:
        """SymbolIds of a file by definition."""
        found = self._ids.get(path)
        if found is None:
            snapshot = self._snapshot
            if snapshot.is_overlaid(path):
                facts = snapshot.overlay.files[path]
                found = symbols_of(facts) if facts is not None else {}
            else:
                hits = snapshot.reader.iter_symbols_of_file(path)
                found = {hit.definition: hit.symbol_id for hit in hits}
            _remember(self._ids, path, found)
        return found

    def _is_file(self, symbol: str) -> bool:
        ref = self.find(symbol)
        return ref is not None and ref[1] == 0

    def _edges_of(self, path: str) -> FileEdges:
        found = self._edges.get(path)
        if found is None:
            snapshot = self._snapshot
            snapshot.check()
            if snapshot.is_overlaid(path):
                facts, links = snapshot.overlay.files[path], snapshot.links(path)
            else:
                facts, links = snapshot.reader.find_facts(path), snapshot.reader.find_links(path)
            found = edges_of(facts, links, self._is_file) if facts is not None and links is not None else {}
            _remember(self._edges, path, found)
        return found


def _remember(
    cache: OrderedDict[str, Mapping[int, str]] | OrderedDict[str, FileEdges], path: str, found: object
) -> None:
    cache[path] = found  # type: ignore[assignment]
    if len(cache) > _MAX_FILES:
        cache.popitem(last=False)


def edge_type(role: int) -> EdgeType:
    """What an occurrence that is no definition makes of its target's relation to what is around it."""
    return EdgeType.CALL if role == Role.CALL else EdgeType.REFERENCE


def symbols_of(facts: FileFacts) -> dict[int, str]:
    """SymbolIds of a file's definitions, by definition, in the graph's order."""
    ids = facts.symbol_ids
    return {definition: ids[row] for definition, row in enumerate(facts.def_symbol) if row >= 0}


def edges_of(facts: FileFacts, links: FileLinks, is_file: Callable[[str], bool]) -> FileEdges:
    """All edges that leave the symbols of a file; targets may be gone from the index.

    Args:
        is_file: whether a SymbolId is a file's own.
    """
    found: dict[str, dict[str, Kinds]] = {}
    roles, scopes = facts.occ_role, facts.occ_scope
    containers: dict[int, str | None] = {}
    for occurrence, target, _ in links.links:
        role = roles[occurrence]
        if role <= Role.DECLARATION or (role == Role.IMPORT and not is_file(target)):
            continue
        scope = scopes[occurrence]
        if scope not in containers:
            containers[scope] = facts.symbol_id(max(facts.enclosing_symbol(scope), 0))
        container = containers[scope]
        if container is not None:
            _add(found, container, target, edge_type(role))
    for _, symbol, target in links.relations:
        _add(found, symbol, target, EdgeType.BASE)
    return found


def _add(found: dict[str, dict[str, Kinds]], source: str, target: str, kind: EdgeType) -> None:
    edges = found.setdefault(source, {})
    kinds = edges.get(target, frozenset())
    if kind not in kinds:
        edges[target] = kinds | {kind}
