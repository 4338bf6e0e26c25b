"""A layered layout: boxes in ranks from top to bottom, few crossings, straight long edges.

The method is that of Sugiyama, Tagawa, Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981):
turn edges so that there is no cycle, give each box a rank, cut long edges with dummies, order each rank to lessen
crossings (medians, then neighbours swapped, as in Gansner, Koutsofios, North, Vo, "A Technique for Drawing Directed
Graphs", 1993), then place. An edge's label is a dummy with a size, so it never lies on anything. Horizontal positions
minimize, rank by rank, the squared distance to the neighbours' positions under the order and the gaps; that is isotonic
regression, solved exactly by pooling adjacent violators.

Same input, same output: nothing is random and ties go by the order given. Cost: about quadratic at worst in the number of
boxes and dummies; a graph of 200 boxes takes some ten milliseconds.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Sequence

import attrs

GAP = 22.0  # between boxes side by side
THIN_GAP = 12.0  # beside dummies
RANK_GAP = 19.0  # between ranks; there are two per edge
_ROUNDS = 12
_FAR = 1e9
#: Above so many boxes and dummies, ordering makes fewer rounds.
_LARGE = 4000


@attrs.frozen
class Size:
    """Width and height."""

    width: float
    height: float


@attrs.frozen
class Placed:
    """The centre of a box."""

    x: float
    y: float


@attrs.frozen
class Route:
    """An edge: points from source to target, and the centre of its label.

    ``points`` begin and end on the boxes' borders; ``turned``: it leads upward. A loop on one box has four points.
    """

    points: tuple[tuple[float, float], ...]
    label: tuple[float, float] | None
    turned: bool


@attrs.frozen
class Layout:
    """Where everything is. The upper left corner is (0, 0)."""

    width: float
    height: float
    nodes: tuple[Placed, ...]
    edges: tuple[Route, ...]


class _Cell:
    """A box or a dummy in a rank."""

    __slots__ = ("down", "height", "node", "place", "rank", "up", "width", "x")

    def __init__(self, node: int, rank: int, width: float, height: float) -> None:
        self.node = node
        self.rank = rank
        self.width = width
        self.height = height
        self.place = 0
        self.x = 0.0
        self.up: list[int] = []
        self.down: list[int] = []


def layout(sizes: Sequence[Size], edges: Sequence[tuple[int, int]], labels: Sequence[Size | None]) -> Layout:
    """Place boxes and route edges.

    Args:
        sizes: of the boxes; the first is drawn at the top.
        edges: pairs of indices of boxes; loops and parallel edges are fine.
        labels: one per edge; None for an edge without.
    """
    turned = _turned(len(sizes), edges)
    ranks = _ranks(len(sizes), edges, turned)
    cells = [_Cell(node, 2 * ranks[node], size.width, size.height) for node, size in enumerate(sizes)]
    chains = [_chain(cells, edge, turned[number], labels[number]) for number, edge in enumerate(edges)]
    rows = _order(cells)
    _place(cells, rows)
    for _ in range(3):
        for chain in chains:
            _straighten(cells, rows, chain)
    tops = _heights(cells, rows)
    left = min((cell.x - cell.width / 2 for cell in cells), default=0.0)
    for cell in cells:
        cell.x -= left
    middles = [top + height / 2 for top, height in tops]
    routes = _routes(cells, chains, edges, turned, labels, tops)
    width = max((cell.x + cell.width / 2 for cell in cells), default=0.0)
    if any(source == target for source, target in edges):
        width += 40
    height = tops[-1][0] + tops[-1][1] if tops else 0.0
    placed = tuple(Placed(cells[node].x, middles[cells[node].rank]) for node in range(len(sizes)))
    return Layout(width, height, placed, tuple(routes))


def _turned(count: int, edges: Sequence[tuple[int, int]]) -> list[bool]:
    """Which edges to turn so that no cycle is left: those that a depth-first search finds to lead back."""
    outs: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for number, (source, target) in enumerate(edges):
        outs[source].append((target, number))
    turned = [False] * len(edges)
    state = [0] * count  # 0 new, 1 on the way, 2 done
    for root in range(count):
        if state[root]:
            continue
        state[root] = 1
        stack = [(root, iter(outs[root]))]
        while stack:
            node, rest = stack[-1]
            for target, number in rest:
                if state[target] == 1:
                    turned[number] = True
                elif state[target] == 0:
                    state[target] = 1
                    stack.append((target, iter(outs[target])))
                    break
            else:
                state[node] = 2
                stack.pop()
    return turned


def _ranks(count: int, edges: Sequence[tuple[int, int]], turned: Sequence[bool]) -> list[int]:
    """Each box below all it comes from; what nothing leads to is put just above what it leads to."""
    below: list[list[int]] = [[] for _ in range(count)]
    above = [0] * count
    for (source, target), back in zip(edges, turned, strict=True):
        if source != target:
            first, second = (target, source) if back else (source, target)
            below[first].append(second)
            above[second] += 1
    roots = [node for node in range(count) if not above[node]]
    ranks = [0] * count
    ready = roots[::-1]
    while ready:
        node = ready.pop()
        for other in below[node]:
            ranks[other] = max(ranks[other], ranks[node] + 1)
            above[other] -= 1
            if not above[other]:
                ready.append(other)
    for node in roots[1:]:
        if below[node]:
            ranks[node] = max(0, min(ranks[other] for other in below[node]) - 1)
        elif node:
            ranks[node] = ranks[node - 1] + 1
    return ranks


def _chain(cells: list[_Cell], edge: tuple[int, int], back: bool, label: Size | None) -> list[int]:
    """The cells of an edge from top to bottom, dummies made; empty for a loop."""
    if edge[0] == edge[1]:
        return []
    first, last = (edge[1], edge[0]) if back else edge
    chain = [first]
    top, bottom = cells[first].rank, cells[last].rank
    # Near its source an edge's label is read together with it.
    labelled = (bottom - 1 if back else top + 1) if label is not None else -1
    for rank in range(top + 1, bottom):
        width, height = (label.width, label.height) if label is not None and rank == labelled else (0.0, 0.0)
        cells.append(_Cell(-1, rank, width, height))
        chain.append(len(cells) - 1)
    chain.append(last)
    for upper, lower in itertools.pairwise(chain):
        cells[upper].down.append(lower)
        cells[lower].up.append(upper)
    return chain


# -- order within the ranks


def _order(cells: list[_Cell]) -> list[list[int]]:
    """Ranks from top to bottom, each from left to right."""
    rows: list[list[int]] = [[] for _ in range(max((cell.rank for cell in cells), default=-1) + 1)]
    seen = [False] * len(cells)
    for root in range(len(cells)):
        stack = [root]
        while stack:
            cell = stack.pop()
            if not seen[cell]:
                seen[cell] = True
                rows[cells[cell].rank].append(cell)
                stack.extend(reversed(cells[cell].down))
    best = [list(row) for row in rows]
    fewest = _crossings(cells, rows)
    place = [0] * len(cells)
    for row in rows:
        for index, cell in enumerate(row):
            place[cell] = index
    for turn in range(_ROUNDS if len(cells) < _LARGE else 2):
        if not fewest:
            break
        down = turn % 2 == 0
        for row in rows[1:] if down else reversed(rows[:-1]):
            _by_median(cells, row, place, down)
        if len(cells) < _LARGE:
            for row in rows:
                _swap_neighbours(cells, row, place)
        crossings = _crossings(cells, rows)
        if crossings < fewest:
            fewest = crossings
            best = [list(row) for row in rows]
    return best


def _by_median(cells: list[_Cell], row: list[int], place: list[int], down: bool) -> None:
    """Order a rank by the medians of its neighbours above (``down``) or below; what has none stays where it is."""
    medians: dict[int, float] = {}
    for cell in row:
        near = sorted(place[other] for other in (cells[cell].up if down else cells[cell].down))
        if near:
            middle = len(near) // 2
            medians[cell] = near[middle] if len(near) % 2 else (near[middle - 1] + near[middle]) / 2
    moving = iter(
        sorted((cell for cell in row if cell in medians), key=lambda cell: (medians[cell], place[cell]))
    )
    row[:] = [next(moving) if cell in medians else cell for cell in row]
    for index, cell in enumerate(row):
        place[cell] = index


def _swap_neighbours(cells: list[_Cell], row: list[int], place: list[int]) -> None:
    """Swap cells side by side while that lessens crossings."""
    for _ in range(4):
        better = False
        for index in range(len(row) - 1):
            left, right = cells[row[index]], cells[row[index + 1]]
            gain = 0
            for near, other in ((left.up, right.up), (left.down, right.down)):
                if near and other:
                    ours, theirs = [place[cell] for cell in near], sorted(place[cell] for cell in other)
                    for at in ours:
                        lower = bisect_left(theirs, at)
                        equal = theirs.count(at) if lower < len(theirs) else 0
                        gain += lower - (len(theirs) - lower - equal)
            if gain > 0:
                better = True
                row[index], row[index + 1] = row[index + 1], row[index]
                place[row[index]], place[row[index + 1]] = index, index + 1
        if not better:
            return


def _crossings(cells: list[_Cell], rows: list[list[int]]) -> int:
    count = 0
    for upper, lower in itertools.pairwise(rows):
        place = {cell: index for index, cell in enumerate(lower)}
        seen: list[int] = []
        for cell in upper:
            targets = sorted(place[other] for other in cells[cell].down)
            for target in targets:
                count += len(seen) - bisect_left(seen, target + 1)
            for target in targets:
                insort(seen, target)
    return count


# -- positions


def _place(cells: list[_Cell], rows: list[list[int]]) -> None:
    """Horizontal positions: start packed, then pull each rank to its neighbours, down and up in turn."""
    for row in rows:
        x = 0.0
        for index, cell in enumerate(row):
            cells[cell].place = index
            if index:
                x += _apart(cells, row[index - 1], cell)
            cells[cell].x = x
        middle = x / 2
        for cell in row:
            cells[cell].x -= middle
    rounds = 16 if len(cells) < _LARGE else 4
    for turn in range(rounds):
        down = turn % 2 == 0
        both = turn >= rounds - 4
        for row in rows if down else reversed(rows):
            _pull(cells, row, down, both)


def _apart(cells: list[_Cell], left: int, right: int) -> float:
    """How far the centres of two cells side by side must be apart."""
    one, other = cells[left], cells[right]
    gap = GAP if one.node >= 0 and other.node >= 0 else THIN_GAP
    return (one.width + other.width) / 2 + gap


def _pull(cells: list[_Cell], row: list[int], down: bool, both: bool) -> None:
    """Move a rank's cells to the middle of their neighbours, as far as their order and gaps allow.

    With offsets taken off, the gaps become an order: the wanted positions are pooled until they ascend.
    """
    offset = 0.0
    # Each pool: (weighted sum of wanted positions, weight, how many cells).
    pools: list[tuple[float, float, int]] = []
    offsets = []
    for index, number in enumerate(row):
        if index:
            offset += _apart(cells, row[index - 1], number)
        offsets.append(offset)
        cell = cells[number]
        near = cell.up + cell.down if both else (cell.up if down else cell.down)
        if near:
            positions = sorted(cells[other].x for other in near)
            middle = len(positions) // 2
            wanted = (
                positions[middle] if len(positions) % 2 else (positions[middle - 1] + positions[middle]) / 2
            )
            # Dummies count more, so that long edges run straight.
            weight = 1.0 if cell.node >= 0 else 4.0
        else:
            wanted, weight = cell.x, 0.05
        pool = ((wanted - offset) * weight, weight, 1)
        while pools and pools[-1][0] / pools[-1][1] > pool[0] / pool[1]:
            last = pools.pop()
            pool = (last[0] + pool[0], last[1] + pool[1], last[2] + pool[2])
        pools.append(pool)
    index = 0
    for total, weight, size in pools:
        for _ in range(size):
            cells[row[index]].x = total / weight + offsets[index]
            index += 1


def _straighten(cells: list[_Cell], rows: list[list[int]], chain: list[int]) -> None:
    """Put the dummies of an edge on as few vertical lines as their neighbours in the ranks leave room for."""
    inner = chain[1:-1]
    if len(inner) < 2:
        return
    run: list[int] = []
    low, high = -_FAR, _FAR
    for cell in inner:
        left, right = _room(cells, rows[cells[cell].rank], cell)
        if run and max(low, left) > min(high, right):
            _align(cells, run, low, high)
            run, low, high = [], -_FAR, _FAR
        run.append(cell)
        low, high = max(low, left), min(high, right)
    _align(cells, run, low, high)


def _align(cells: list[_Cell], run: list[int], low: float, high: float) -> None:
    wanted = sorted(cells[cell].x for cell in run)[len(run) // 2]
    x = min(max(wanted, low), high)
    for cell in run:
        cells[cell].x = x


def _room(cells: list[_Cell], row: list[int], cell: int) -> tuple[float, float]:
    """Between which positions a cell can move without touching those beside it."""
    at = cells[cell].place
    left = cells[row[at - 1]].x + _apart(cells, row[at - 1], cell) if at else -_FAR
    right = cells[row[at + 1]].x - _apart(cells, cell, row[at + 1]) if at + 1 < len(row) else _FAR
    # Rounding may leave a cell a hair outside of its own room.
    x = cells[cell].x
    return min(left, x), max(right, x)


def _heights(cells: list[_Cell], rows: list[list[int]]) -> list[tuple[float, float]]:
    """(top, height) of each rank."""
    tops = []
    top = 0.0
    for row in rows:
        height = max((cells[cell].height for cell in row), default=0.0)
        tops.append((top, height))
        top += height + RANK_GAP
    return tops


# -- edges


def _routes(
    cells: list[_Cell],
    chains: list[list[int]],
    edges: Sequence[tuple[int, int]],
    turned: Sequence[bool],
    labels: Sequence[Size | None],
    tops: list[tuple[float, float]],
) -> list[Route]:
    middles = [top + height / 2 for top, height in tops]
    ports = _ports(cells, chains)
    routes = []
    for number, chain in enumerate(chains):
        label = None
        if not chain:
            cell = cells[edges[number][0]]
            x, y, high = cell.x + cell.width / 2, middles[cell.rank], cell.height / 4
            points = [(x, y - high), (x + 26, y - high), (x + 26, y + high), (x, y + high)]
            if labels[number] is not None:
                label = (x + 30, y)
            routes.append(Route(tuple(points), label, False))
            continue
        first, last = cells[chain[0]], cells[chain[-1]]
        points = [(ports[number, 0], middles[first.rank] + first.height / 2)]
        for inner in chain[1:-1]:
            cell = cells[inner]
            top, height = tops[cell.rank]
            if cell.width:
                label = (cell.x, top + height / 2)
            # Straight down beside the boxes of the rank; it bends between ranks only.
            points += [(cell.x, top), (cell.x, top + height)]
        points.append((ports[number, 1], middles[last.rank] - last.height / 2))
        if turned[number]:
            points.reverse()
        routes.append(Route(tuple(points), label, turned[number]))
    return routes


def _ports(cells: list[_Cell], chains: list[list[int]]) -> dict[tuple[int, int], float]:
    """Where edges touch their boxes: spread along the border in the order of where they come from."""
    sides: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for number, chain in enumerate(chains):
        if chain:
            sides.setdefault((chain[0], 0), []).append((cells[chain[1]].x, number))
            sides.setdefault((chain[-1], 1), []).append((cells[chain[-2]].x, number))
    found = {}
    for (cell, side), touching in sides.items():
        touching.sort()
        box = cells[cell]
        step = min(18.0, (box.width - 16) / max(1, len(touching)))
        for index, (_, number) in enumerate(touching):
            found[number, side] = box.x + (index - (len(touching) - 1) / 2) * step
    return found
