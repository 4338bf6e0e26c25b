"""The code graph of a whole index in memory, for algorithms that look at every node.

Nodes are numbers, 0..n-1, in the order of (path, definition), which is :mod:`.view`'s order; the edges are the same as
there. Read in one pass over the files, a file at a time. What is kept takes about 40 bytes a symbol and 10 an edge (and
100 more a symbol while it is being read); nothing of the files' own records is.

It shows what is indexed, not what was typed since: questions about everything are not asked between two keystrokes.
Tests: ``tests/query/graph/test_view.py``.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from magellan_lsp.graph.view import ALL_KINDS, CALLS, Check, EdgeType, Kinds, never
from magellan_lsp.query.graph.view import edges_of
from magellan_lsp.resolve.types import Ref
from magellan_lsp.store.base import Reader

_BITS = {kind: 1 << at for at, kind in enumerate(EdgeType)}


def mask_of(kinds: Kinds) -> int:
    """Kinds of edges as bits."""
    return sum(_BITS[kind] for kind in kinds)


class Adjacency:
    """Edges by their source: compressed rows of (target, bits of kinds), targets ascending."""

    __slots__ = ("masks", "offsets", "targets")

    def __init__(self) -> None:
        self.offsets = array("I", [0])
        self.targets = array("I")
        self.masks = bytearray()

    def append(self, edges: Mapping[int, int]) -> None:
        """The row of the next source: target -> bits."""
        for target in sorted(edges):
            self.targets.append(target)
            self.masks.append(edges[target])
        self.offsets.append(len(self.targets))

    def neighbours(self, node: int, mask: int) -> Sequence[int]:
        """Targets of a source by edges of some of these kinds, ascending."""
        first, last = self.offsets[node], self.offsets[node + 1]
        targets = self.targets[first:last]
        if mask == _ANY:
            return targets
        masks = self.masks
        return [target for at, target in enumerate(targets, first) if masks[at] & mask]

    def turned(self) -> Adjacency:
        """The same edges by their target."""
        n = len(self.offsets) - 1
        counts = [0] * (n + 1)
        for target in self.targets:
            counts[target + 1] += 1
        found = Adjacency()
        found.offsets = array("I", accumulate(counts))
        found.targets = array("I", bytes(4 * len(self.targets)))
        found.masks = bytearray(len(self.targets))
        following = array("I", found.offsets)
        for source in range(n):
            for at in range(self.offsets[source], self.offsets[source + 1]):
                target = self.targets[at]
                place = following[target]
                following[target] = place + 1
                found.targets[place] = source
                found.masks[place] = self.masks[at]
        return found


_ANY = mask_of(ALL_KINDS)


class Nodes:
    """The symbols of an index by number, and what is known of each.

    Attributes:
        paths: of the files, sorted.
        files: of each node, an index into ``paths``.
        definitions: of each node, the row in its file's definition table.
        kinds, flags: of each node, a DefKind and DefFlags.
        first: of each file, its first node; one more at the end.
    """

    def __init__(self, reader: Reader, check: Check = never) -> None:
        self.paths: list[str] = []
        self.first = array("I")
        self.files = array("I")
        self.definitions = array("I")
        self.kinds = bytearray()
        self.flags = array("I")
        self._ids = bytearray()
        self._numbers: dict[bytes, int] | None = {}
        for record in reader.iter_files():
            check()
            file = len(self.paths)
            self.paths.append(record.path)
            self.first.append(len(self.files))
            for hit in reader.iter_symbols_of_file(record.path):
                key = bytes.fromhex(hit.symbol_id)
                self._numbers.setdefault(key, len(self.files))
                self._ids += key
                self.files.append(file)
                self.definitions.append(hit.definition)
                self.kinds.append(hit.kind)
                self.flags.append(hit.flags)
        self.first.append(len(self.files))

    def __len__(self) -> int:
        return len(self.files)

    def ref(self, node: int) -> Ref:
        """The definition of a node."""
        return self.paths[self.files[node]], self.definitions[node]

    def symbol_id(self, node: int) -> str:
        """The SymbolId of a node."""
        return self._ids[16 * node : 16 * node + 16].hex()

    def number(self, symbol_id: str) -> int | None:
        """The node of a SymbolId; None when it is not in the index."""
        if self._numbers is None:
            self._numbers = {bytes(self._ids[16 * at : 16 * at + 16]): at for at in range(len(self))}
        return self._numbers.get(bytes.fromhex(symbol_id))

    def is_file(self, symbol_id: str) -> bool:
        """Whether a SymbolId is that of an indexed file."""
        node = self.number(symbol_id)
        return node is not None and self.definitions[node] == 0

    def numbers(self, symbol_ids: Iterable[str]) -> list[int]:
        """The nodes of those SymbolIds that are in the index, in their order."""
        return [node for one in symbol_ids if (node := self.number(one)) is not None]

    def forget_ids(self) -> None:
        """Let go of the table from SymbolIds to nodes; it is made again when it is asked for."""
        self._numbers = None


class BulkGraph:
    """A :class:`magellan_lsp.graph.view.GraphView` over numbers; see :func:`load`.

    ``only``, if given, says of each node whether it takes part; the others are not in the graph.
    """

    def __init__(self, nodes: Nodes, forward: Adjacency, only: bytearray | None = None) -> None:
        self.nodes = nodes
        self._forward = forward
        self._backward: Adjacency | None = None
        self._only = only

    def iter_nodes(self) -> Iterator[int]:
        only = self._only
        return iter(range(len(self.nodes))) if only is None else (at for at, one in enumerate(only) if one)

    def successors(self, node: int, kinds: Kinds = ALL_KINDS, /) -> Sequence[int]:
        return self._kept(self._forward.neighbours(node, mask_of(kinds)))

    def predecessors(self, node: int, kinds: Kinds = ALL_KINDS, /) -> Sequence[int]:
        if self._backward is None:
            self._backward = self._forward.turned()
        return self._kept(self._backward.neighbours(node, mask_of(kinds)))

    def has_edges(self, node: int) -> bool:
        """Whether any edge leads from it or to it."""
        return bool(self.successors(node) or self.predecessors(node))

    def restricted(self, only: bytearray) -> BulkGraph:
        """The graph of some nodes and the edges among them; shares what it is made of."""
        found = BulkGraph(self.nodes, self._forward, only)
        found._backward = self._backward
        return found

    def _kept(self, found: Sequence[int]) -> Sequence[int]:
        only = self._only
        return found if only is None else [node for node in found if only[node]]


def load(reader: Reader, kinds: Kinds = ALL_KINDS, check: Check = never) -> BulkGraph:
    """The graph of all that is indexed, with edges of these kinds.

    Args:
        check: called for each file; an exception from it (Cancelled) leaves through here.

    Cost: reads every file's symbols, and every file's links and facts too unless only calls are wanted.
    """
    nodes = Nodes(reader, check)
    forward = _calls(reader, nodes, check) if kinds == CALLS else _edges(reader, nodes, kinds, check)
    nodes.forget_ids()
    return BulkGraph(nodes, forward)


def _calls(reader: Reader, nodes: Nodes, check: Check) -> Adjacency:
    bit = _BITS[EdgeType.CALL]
    rows: dict[int, dict[int, int]] = {}
    for caller, callees in reader.iter_calls():
        check()
        source = nodes.number(caller)
        if source is not None:
            rows[source] = dict.fromkeys(nodes.numbers(callees), bit)
    found = Adjacency()
    none: dict[int, int] = {}
    for node in range(len(nodes)):
        found.append(rows.pop(node, none))
    return found


def _edges(reader: Reader, nodes: Nodes, kinds: Kinds, check: Check) -> Adjacency:
    wanted = mask_of(kinds)
    masks: dict[Kinds, int] = {}
    found = Adjacency()
    for file, path in enumerate(nodes.paths):
        check()
        facts, links = reader.find_facts(path), reader.find_links(path)
        edges = edges_of(facts, links, nodes.is_file) if facts is not None and links is not None else {}
        for node in range(nodes.first[file], nodes.first[file + 1]):
            row: dict[int, int] = {}
            for target, some in edges.get(nodes.symbol_id(node), {}).items():
                mask = masks.get(some)
                if mask is None:
                    mask = masks[some] = mask_of(some) & wanted
                number = nodes.number(target) if mask else None
                if number is not None:
                    row[number] = mask
            found.append(row)
    return found
