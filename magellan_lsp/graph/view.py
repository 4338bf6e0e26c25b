"""What the algorithms of this package see of a graph, and a graph in memory for who has none.

Nodes are opaque: an algorithm compares them for equality, hashes them, and nothing else; None is no node. Their
order is the view's: every list of neighbours comes in the order of ``iter_nodes``, and every answer's order follows from
that, so two backends whose views agree give equal answers.

Edges lead from what depends to what it depends on: caller to callee, referrer to what it refers to, subtype to
base type. So *successors* are needed and *predecessors* are affected.

Every algorithm takes a ``check`` that it calls at least once for each node it expands; an exception from it
(:class:`magellan_lsp.errors.Cancelled`) leaves through the algorithm, which has changed nothing. Tests:
``tests/graph/test_view.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

N = TypeVar("N", bound=Hashable)

#: Returns, or raises to end the algorithm that called it.
Check = Callable[[], None]


class EdgeType(StrEnum):
    """Why one node depends on another."""

    CALL = "call"  # the source calls the target
    REFERENCE = "reference"  # the source mentions the target
    BASE = "base"  # the source extends, implements or overrides the target


Kinds = frozenset[EdgeType]

CALLS: Kinds = frozenset({EdgeType.CALL})
ALL_KINDS: Kinds = frozenset(EdgeType)


class GraphView(Protocol[N]):
    """A directed graph with typed edges, perhaps streamed from a store.

    It must not change while an algorithm runs, and neighbours are always nodes of the graph. A node that is not
    in the graph has no neighbours; asking for them is no error. A node may be its own neighbour.
    """

    def iter_nodes(self) -> Iterator[N]:
        """Every node once, those without edges included; this order is the graph's order."""

    def successors(self, node: N, kinds: Kinds = ALL_KINDS, /) -> Sequence[N]:
        """Where edges of these kinds lead from the node: in the graph's order, each node once."""

    def predecessors(self, node: N, kinds: Kinds = ALL_KINDS, /) -> Sequence[N]:
        """Where edges of these kinds lead to the node from: in the graph's order, each node once."""


#: How an algorithm goes from node to node: ``GraphView.successors`` or ``GraphView.predecessors``.
Neighbours = Callable[[N, Kinds], Sequence[N]]


def never() -> None:
    """The check of a caller who will not cancel."""


def at_least(least: int, **arguments: int | None) -> None:
    """Refuse an argument below ``least``; None stands for "no limit" and passes.

    Raises:
        ValueError: one is smaller.
    """
    for name, value in arguments.items():
        if value is not None and value < least:
            raise ValueError(f"{name} must be at least {least}, not {value}")


class MemoryGraph(Generic[N]):
    """A :class:`GraphView` over edges given at once.

    Args:
        nodes: in the order that is to be the graph's; repeated ones count once.
        edges: (source, target, kind) in any order; repeated ones count once.

    Raises:
        ValueError: an edge names a node that is not among ``nodes``.

    Cost: memory and time in proportion to nodes plus edges, with sorting of each node's neighbours.
    """

    def __init__(self, nodes: Iterable[N], edges: Iterable[tuple[N, N, EdgeType]]) -> None:
        self._position = {node: at for at, node in enumerate(dict.fromkeys(nodes))}
        forward: dict[N, dict[N, set[EdgeType]]] = {}
        backward: dict[N, dict[N, set[EdgeType]]] = {}
        for source, target, kind in edges:
            for node in (source, target):
                if node not in self._position:
                    raise ValueError(f"the edge {source!r} -> {target!r} names {node!r}, which is no node")
            forward.setdefault(source, {}).setdefault(target, set()).add(kind)
            backward.setdefault(target, {}).setdefault(source, set()).add(kind)
        self._forward = self._sorted(forward)
        self._backward = self._sorted(backward)

    def _sorted(self, sides: dict[N, dict[N, set[EdgeType]]]) -> dict[N, dict[N, Kinds]]:
        return {
            node: {
                neighbour: frozenset(found[neighbour])
                for neighbour in sorted(found, key=self._position.__getitem__)
            }
            for node, found in sides.items()
        }

    def iter_nodes(self) -> Iterator[N]:
        return iter(self._position)

    def successors(self, node: N, kinds: Kinds = ALL_KINDS, /) -> Sequence[N]:
        return self._neighbours(self._forward, node, kinds)

    def predecessors(self, node: N, kinds: Kinds = ALL_KINDS, /) -> Sequence[N]:
        return self._neighbours(self._backward, node, kinds)

    @staticmethod
    def _neighbours(side: Mapping[N, Mapping[N, Kinds]], node: N, kinds: Kinds) -> Sequence[N]:
        return [neighbour for neighbour, found in side.get(node, {}).items() if found & kinds]
