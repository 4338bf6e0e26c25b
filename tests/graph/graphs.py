"""Small graphs drawn by hypothesis, and the slow obvious algorithms that several tests compare with."""

from __future__ import annotations

from itertools import permutations, product

import pytest
from hypothesis import strategies as st

from magellan_lsp.errors import Cancelled
from magellan_lsp.graph.dominators import Flow
from magellan_lsp.graph.view import EdgeType, MemoryGraph

Edge = tuple[str, str, EdgeType]


class Drawn:
    """A graph together with what it was made of. The order of nodes is not that of their names."""

    def __init__(self, nodes: list[str], edges: set[Edge]) -> None:
        self.nodes = nodes
        self.edges = edges
        self.view = MemoryGraph(nodes, sorted(edges))

    def __repr__(self) -> str:
        return f"Drawn({self.nodes}, {sorted((a, b, str(kind)) for a, b, kind in self.edges)})"

    def pairs(self, kinds) -> set[tuple[str, str]]:
        return {(a, b) for a, b, kind in self.edges if kind in kinds}

    def at(self, node: str) -> int:
        return self.nodes.index(node)


@st.composite
def graphs(draw, max_nodes=7, kinds=tuple(EdgeType), density=3):
    n = draw(st.integers(1, max_nodes))
    nodes = draw(st.permutations([f"n{at}" for at in range(n)]))
    edge = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes), st.sampled_from(kinds))
    return Drawn(nodes, draw(st.sets(edge, max_size=density * n)))


kind_sets = st.sets(st.sampled_from(list(EdgeType)), min_size=1).map(frozenset)


def closure(nodes, pairs) -> set[tuple]:
    """(a, b) with a way of one edge or more from a to b, by Warshall."""
    found = set(pairs)
    for middle, a, b in product(nodes, repeat=3):
        if (a, middle) in found and (middle, b) in found:
            found.add((a, b))
    return found


def distance_matrix(nodes, pairs) -> dict[tuple, int]:
    """Edges on the shortest way for each pair that has one, 0 from a node to itself, by Floyd."""
    far = len(nodes) + 1
    found = {(a, b): 0 if a == b else 1 if (a, b) in pairs else far for a, b in product(nodes, repeat=2)}
    for middle, a, b in product(nodes, repeat=3):
        found[a, b] = min(found[a, b], found[a, middle] + found[middle, b])
    return {pair: length for pair, length in found.items() if length < far}


def every_simple_path(graph: Drawn, pairs, source: str, target: str | None) -> list[tuple[str, ...]]:
    """In depth-first order: by the graph's order at the first node in which two paths differ."""
    others = [node for node in graph.nodes if node != source]
    found = [
        (source, *rest)
        for length in range(len(others) + 1)
        for rest in permutations(others, length)
        if all(step in pairs for step in zip((source, *rest), rest, strict=False))
    ]
    if target is not None:
        found = [path for path in found if path[-1] == target]
    return sorted(found, key=lambda path: [graph.at(node) for node in path])


class Countdown:
    """A check that cancels at its n-th call."""

    def __init__(self, n: int) -> None:
        self.left = n

    def __call__(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise Cancelled


def assert_cancellable(run) -> None:
    """``run(check)`` calls its check more than a few times on a graph of many nodes."""
    with pytest.raises(Cancelled):
        run(Countdown(50))


def chain(n: int) -> MemoryGraph[int]:
    """0 calls 1 calls 2 …: deeper than Python recurses."""
    return MemoryGraph(range(n), ((at, at + 1, EdgeType.CALL) for at in range(n - 1)))


def ring(n: int) -> MemoryGraph[int]:
    return MemoryGraph(range(n), ((at, (at + 1) % n, EdgeType.CALL) for at in range(n)))


def calls(text: str) -> MemoryGraph[str]:
    """``a>b b>c d``: nodes in the order in which they are named first; a word without ``>`` is a node alone."""
    words = [word.split(">") for word in text.split()]
    nodes = [node for word in words for node in word]
    return MemoryGraph(nodes, [(word[0], word[1], EdgeType.CALL) for word in words if len(word) == 2])


@st.composite
def flows(draw, max_blocks=7):
    """Any graph over blocks: unreachable ones, endless loops and dead ends included."""
    n = draw(st.integers(1, max_blocks))
    block = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(block, block), max_size=2 * n))
    return Flow(n, edges, 0, n - 1)
