"""What may affect a place in a program, and what that place may affect. Tests: ``tests/graph/test_slicing.py``.

Between functions a slice follows calls only: backward to all that may cause a function to run, forward to all that
it may cause to run. Data that flows through parameters, results or globals is not followed, so this is an
approximation, and its name says "call". Within a function a slice follows the program dependence graph, from
control flow and from which statements read and write which names; who gives those decides how exact it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Generic, NamedTuple

from magellan_lsp.graph.dominators import Flow, UnknownBlockError, control_dependence
from magellan_lsp.graph.reachability import Reached, reachable_from, reachable_to
from magellan_lsp.graph.view import CALLS, Check, GraphView, Kinds, N, never

# Between functions ---------------------------------------------------------------------------------------------


class CallSlice(NamedTuple, Generic[N]):
    """The part of the call graph that a slice consists of.

    Attributes:
        criterion: what was asked about.
        nodes: the others, by distance as :func:`magellan_lsp.graph.reachability.reachable_from` states.
        edges: (caller, callee) among all of these: by caller, the criterion first, then as ``nodes`` stand; by
            callee in the graph's order.
        truncated: ``limit`` left out nodes.
    """

    criterion: N
    nodes: tuple[Reached[N], ...]
    edges: tuple[tuple[N, N], ...]
    truncated: bool


def backward_call_slice(
    view: GraphView[N],
    criterion: N,
    *,
    kinds: Kinds = CALLS,
    max_depth: int | None = None,
    limit: int | None = None,
    check: Check = never,
) -> CallSlice[N]:
    """All that may cause the criterion to run: its transitive callers, and the calls among them.

    Args:
        max_depth, limit: as in :func:`magellan_lsp.graph.reachability.reachable_to`.

    Raises:
        ValueError: either is negative.

    Cost: the predecessors and the successors of each node of the slice once.
    """
    reach = reachable_to(view, [criterion], kinds=kinds, max_depth=max_depth, limit=limit, check=check)
    return CallSlice(
        criterion, reach.found, _inner(view, criterion, reach.found, kinds, check), reach.truncated
    )


def forward_call_slice(
    view: GraphView[N],
    criterion: N,
    *,
    kinds: Kinds = CALLS,
    max_depth: int | None = None,
    limit: int | None = None,
    check: Check = never,
) -> CallSlice[N]:
    """All that the criterion may cause to run: its transitive callees, and the calls among them.

    Arguments, errors and cost are those of :func:`backward_call_slice`.
    """
    reach = reachable_from(view, [criterion], kinds=kinds, max_depth=max_depth, limit=limit, check=check)
    return CallSlice(
        criterion, reach.found, _inner(view, criterion, reach.found, kinds, check), reach.truncated
    )


def _inner(
    view: GraphView[N], criterion: N, found: Iterable[Reached[N]], kinds: Kinds, check: Check
) -> tuple[tuple[N, N], ...]:
    nodes = dict.fromkeys([criterion, *(reached.node for reached in found)])
    edges: list[tuple[N, N]] = []
    for node in nodes:
        check()
        edges.extend((node, callee) for callee in view.successors(node, kinds) if callee in nodes)
    return tuple(edges)


# Within a function ---------------------------------------------------------------------------------------------


class Statement(NamedTuple):
    """What one statement does to names. Its uses happen before its definitions.

    Parameters are defined by a statement at the head of the entry block. Names are compared as text: whoever gives
    them tells shadowed ones apart.
    """

    block: int
    defines: frozenset[str] = frozenset()  # written whenever the statement runs
    uses: frozenset[str] = frozenset()
    may_define: frozenset[str] = frozenset()  # perhaps written: through an alias, a call, a part of a whole


class DependenceKind(StrEnum):
    """Why one statement depends on another."""

    CONTROL = "control"  # the other decides whether it runs
    DATA = "data"  # it may read what the other wrote


class Dependence(NamedTuple):
    """``target`` depends on ``source``; both are indices of statements."""

    source: int
    target: int
    kind: DependenceKind
    name: str = ""  # of DATA: which name carries it


class ProgramDependences(NamedTuple):
    """The program dependence graph of one function. ``edges`` are sorted."""

    n_statements: int
    edges: tuple[Dependence, ...]


class Slice(NamedTuple):
    """Statements, ascending, the criterion's included; and the dependences among them that lead to or from it."""

    statements: tuple[int, ...]
    edges: tuple[Dependence, ...]


def program_dependences(
    flow: Flow, statements: Sequence[Statement], *, check: Check = never
) -> ProgramDependences:
    """Which statement of a function depends on which.

    Args:
        statements: those of one block in the order in which they run; blocks may mix, and may have none. The last of
            a block that branches is its condition. A branch without a statement hands on what it depends on.

    Returns:
        Control dependences from the condition; data dependences from every definition that may reach a use. Unreachable
        statements take part by the edges that they have.

    Raises:
        UnknownBlockError: an edge or a statement names a block outside 0..n-1.

    Cost: sets of definitions are bits of integers: blocks times definitions at worst, a few passes in practice.
    Source: Ferrante, Ottenstein, Warren (1987); reaching definitions as in Aho, Lam, Sethi, Ullman, "Compilers",
    2nd edition, 9.2.4.
    """
    by_block: list[list[int]] = [[] for _ in range(flow.n_blocks)]
    for at, statement in enumerate(statements):
        if not 0 <= statement.block < flow.n_blocks:
            raise UnknownBlockError((statement.block,), flow.n_blocks)
        by_block[statement.block].append(at)
    edges = _control(flow, by_block, check) | _data(flow, statements, by_block, check)
    return ProgramDependences(len(statements), tuple(sorted(edges)))


def backward_slice(
    dependences: ProgramDependences, criterion: Iterable[int], *, check: Check = never
) -> Slice:
    """The statements that may affect whether the criterion runs and what it reads.

    Args:
        criterion: indices of statements.

    Raises:
        IndexError: one of them is no statement.

    Cost: in proportion to statements plus dependences.
    Source: Weiser, "Program Slicing" (1981), by way of Ottenstein and Ottenstein (1984): reachability over the
    program dependence graph.
    """
    return _slice(dependences, criterion, lambda edge: (edge.target, edge.source), check)


def forward_slice(
    dependences: ProgramDependences, criterion: Iterable[int], *, check: Check = never
) -> Slice:
    """The statements whose running or reading the criterion may affect.

    Arguments, errors and cost are those of :func:`backward_slice`.
    """
    return _slice(dependences, criterion, lambda edge: (edge.source, edge.target), check)


def _slice(
    dependences: ProgramDependences,
    criterion: Iterable[int],
    turn: Callable[[Dependence], tuple[int, int]],
    check: Check,
) -> Slice:
    leads: list[list[int]] = [[] for _ in range(dependences.n_statements)]
    for edge in dependences.edges:
        near, far = turn(edge)
        leads[near].append(far)
    found = dict.fromkeys(criterion)
    for at in found:
        if not 0 <= at < dependences.n_statements:
            raise IndexError(f"{at} is no statement of 0..{dependences.n_statements - 1}")
    work = list(found)
    for at in work:
        check()
        for other in leads[at]:
            if other not in found:
                found[other] = None
                work.append(other)
    edges = tuple(edge for edge in dependences.edges if edge.source in found and edge.target in found)
    return Slice(tuple(sorted(found)), edges)


def _control(flow: Flow, by_block: Sequence[Sequence[int]], check: Check) -> set[Dependence]:
    branches = control_dependence(flow, check=check)
    edges: set[Dependence] = set()
    for block, members in enumerate(by_block):
        if not members:
            continue
        check()
        deciding = dict.fromkeys(branches[block])
        work = list(deciding)
        for branch in work:
            if by_block[branch]:
                condition = by_block[branch][-1]
                edges.update(Dependence(condition, member, DependenceKind.CONTROL) for member in members)
                continue
            for outer in branches[branch]:
                if outer not in deciding:
                    deciding[outer] = None
                    work.append(outer)
    return edges


def _data(
    flow: Flow, statements: Sequence[Statement], by_block: Sequence[Sequence[int]], check: Check
) -> set[Dependence]:
    writers: list[tuple[int, str]] = []  # bit number -> statement and name
    bits_of: dict[str, int] = {}  # name -> the bits of all its writers
    made: list[int] = []  # statement -> its own bits
    for at, statement in enumerate(statements):
        own = 0
        for name in sorted(statement.defines | statement.may_define):
            bit = 1 << len(writers)
            writers.append((at, name))
            bits_of[name] = bits_of.get(name, 0) | bit
            own |= bit
        made.append(own)
    undone = [_union(bits_of, statement.defines) for statement in statements]

    successors: list[list[int]] = [[] for _ in range(flow.n_blocks)]
    predecessors: list[list[int]] = [[] for _ in range(flow.n_blocks)]
    for source, target in set(flow.edges):
        successors[source].append(target)
        predecessors[target].append(source)
    leaving = [0] * flow.n_blocks
    entering = [0] * flow.n_blocks
    pending = dict.fromkeys(range(flow.n_blocks))
    while pending:
        check()
        block = next(iter(pending))
        del pending[block]
        reaching = 0
        for predecessor in predecessors[block]:
            reaching |= leaving[predecessor]
        entering[block] = reaching
        for at in by_block[block]:
            reaching = (reaching & ~undone[at]) | made[at]
        if reaching != leaving[block]:
            leaving[block] = reaching
            pending.update(dict.fromkeys(successors[block]))

    edges: set[Dependence] = set()
    for block, members in enumerate(by_block):
        reaching = entering[block]
        for at in members:
            check()
            seen = reaching & _union(bits_of, statements[at].uses)
            while seen:
                lowest = seen & -seen
                writer, name = writers[lowest.bit_length() - 1]
                edges.add(Dependence(writer, at, DependenceKind.DATA, name))
                seen ^= lowest
            reaching = (reaching & ~undone[at]) | made[at]
    return edges


def _union(bits_of: dict[str, int], names: Iterable[str]) -> int:
    found = 0
    for name in names:
        found |= bits_of.get(name, 0)
    return found
