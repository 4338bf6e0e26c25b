"""Which blocks of a function every way has to pass: dominators, post-dominators, control dependence.

Works on :class:`Flow`, numbers only, so that it serves blocks and statements alike. Tests:
``tests/graph/test_dominators.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.graph.view import Check, never


class UnknownBlockError(ValueError):
    """An edge, the entry or the exit names a block outside 0..n-1."""

    def __init__(self, edge: tuple[int, ...], n_blocks: int) -> None:
        super().__init__(f"{edge} names a block outside 0..{n_blocks - 1}")
        self.edge = edge
        self.n_blocks = n_blocks


class Flow(NamedTuple):
    """The control flow of one function.

    Attributes:
        n_blocks: blocks are 0..n-1.
        edges: (source, target) in any order; repeated ones count once; unreachable blocks are allowed.
        entry, exit: where every run begins, and where every run that ends does.
    """

    n_blocks: int
    edges: Sequence[tuple[int, int]]
    entry: int
    exit: int


def flow_of(cfg: Cfg) -> Flow:
    """A stored control-flow graph without its spans and kinds."""
    return Flow(len(cfg.blocks), [(edge.source, edge.target) for edge in cfg.edges], cfg.entry, cfg.exit)


def dominators(flow: Flow, *, check: Check = never) -> dict[int, int]:
    """Map each block that the entry leads to to its immediate dominator: the nearest that every way to it passes.

    Returns:
        Ascending by block, so at most n entries; the entry maps to itself; unreachable blocks are absent.

    Raises:
        UnknownBlockError: an edge, or the entry or exit, is outside 0..n-1; carries ``edge``.

    Cost: quadratic in n at worst, near linear on real functions.
    Source: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001), the engineered version.
    """
    _validate(flow)
    return _immediate(flow.n_blocks, flow.edges, flow.entry, check)


def post_dominators(flow: Flow, *, check: Check = never) -> dict[int, int]:
    """Map each block to its immediate post-dominator: the nearest that every way from it to the exit passes.

    A way that never ends (an endless loop) is taken to leave, some time, from the lowest-numbered block of the
    last cycle that it comes to: its header, as blocks are numbered. So every block has an answer.

    Returns:
        Ascending by block, n entries, unreachable blocks included; the exit maps to itself.

    Raises, cost and source are those of :func:`dominators`.
    """
    _validate(flow)
    turned = [(target, source) for source, target in flow.edges]
    turned += [(flow.exit, block) for block in _endless(flow, check)]
    return _immediate(flow.n_blocks, turned, flow.exit, check)


def control_dependence(flow: Flow, *, check: Check = never) -> dict[int, tuple[int, ...]]:
    """Map each block to the branches that decide whether it runs.

    Block b depends on branch a when a has a successor from which b is always reached, and another way from a
    avoids b. A loop's header depends on itself.

    Returns:
        One entry for each block, ascending, and in each the branches, ascending; () for what always runs.

    Raises:
        UnknownBlockError: as in :func:`dominators`.

    Cost: that of :func:`post_dominators`, and per edge the post-dominators that it skips.
    Source: Ferrante, Ottenstein, Warren, "The Program Dependence Graph and Its Use in Optimization" (1987).
    """
    above = post_dominators(flow, check=check)
    found: list[set[int]] = [set() for _ in range(flow.n_blocks)]
    edges = [*flow.edges, *((block, flow.exit) for block in _endless(flow, check))]
    for branch, target in edges:
        check()
        # What post-dominates the branch also post-dominates its target or is it, so the climb gets there.
        runner = target
        while runner != above[branch]:
            found[runner].add(branch)
            runner = above[runner]
    return {block: tuple(sorted(branches)) for block, branches in enumerate(found)}


def _validate(flow: Flow) -> None:
    for edge in (*flow.edges, (flow.entry,), (flow.exit,)):
        if not all(0 <= block < flow.n_blocks for block in edge):
            raise UnknownBlockError(edge, flow.n_blocks)


def _sides(n_blocks: int, edges: Iterable[tuple[int, int]]) -> tuple[list[list[int]], list[list[int]]]:
    successors: list[list[int]] = [[] for _ in range(n_blocks)]
    predecessors: list[list[int]] = [[] for _ in range(n_blocks)]
    for source, target in sorted(set(edges)):
        successors[source].append(target)
        predecessors[target].append(source)
    return successors, predecessors


def _immediate(n_blocks: int, edges: Iterable[tuple[int, int]], entry: int, check: Check) -> dict[int, int]:
    successors, predecessors = _sides(n_blocks, edges)
    order = _postorder(successors, [entry])
    number = {block: at for at, block in enumerate(order)}
    above = {entry: entry}
    changed = True
    while changed:
        changed = False
        for block in reversed(order[:-1]):
            check()
            best = -1
            for predecessor in predecessors[block]:
                if predecessor not in above:
                    continue
                if best == -1:
                    best = predecessor
                    continue
                one, other = best, predecessor
                while one != other:
                    while number[one] < number[other]:
                        one = above[one]
                    while number[other] < number[one]:
                        other = above[other]
                best = one
            if above.get(block) != best:
                above[block] = best
                changed = True
    return dict(sorted(above.items()))


def _postorder(successors: Sequence[Sequence[int]], roots: Iterable[int]) -> list[int]:
    order: list[int] = []
    seen: set[int] = set()
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        work = [(root, iter(successors[root]))]
        while work:
            block, rest = work[-1]
            for successor in rest:
                if successor not in seen:
                    seen.add(successor)
                    work.append((successor, iter(successors[successor])))
                    break
            else:
                work.pop()
                order.append(block)
    return order


def _endless(flow: Flow, check: Check) -> list[int]:
    """The lowest block of each cycle that control cannot leave, and each dead end but the exit; ascending."""
    successors, predecessors = _sides(flow.n_blocks, flow.edges)
    ends = set(_postorder(predecessors, [flow.exit]))
    # Kosaraju: in reverse postorder of the graph, a search backward finds one component after the other.
    home: dict[int, int] = {}
    lowest: dict[int, int] = {}
    for root in reversed(_postorder(successors, range(flow.n_blocks))):
        check()
        if root in home or root in ends:
            continue
        home[root] = root
        members = [root]
        for block in members:
            for predecessor in predecessors[block]:
                if predecessor not in home and predecessor not in ends:
                    home[predecessor] = root
                    members.append(predecessor)
        lowest[root] = min(members)
    for block, root in home.items():
        if any(home[successor] != root for successor in successors[block]):
            lowest.pop(root, None)
    return sorted(lowest.values())
