import pytest
from graph.graphs import assert_cancellable, calls, chain, closure, flows, graphs, kind_sets
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.graph.dominators import Flow, UnknownBlockError, control_dependence
from magellan_lsp.graph.slicing import (
    Dependence,
    DependenceKind,
    ProgramDependences,
    Statement,
    backward_call_slice,
    backward_slice,
    forward_call_slice,
    forward_slice,
    program_dependences,
)

# Between functions


@given(graphs(), kind_sets, st.data())
def test_a_call_slice_is_what_leads_there_with_the_calls_inside(graph, kinds, data):
    criterion = data.draw(st.sampled_from(graph.nodes))
    pairs = graph.pairs(kinds)
    reach = closure(graph.nodes, pairs)
    for ask, expected in (
        (backward_call_slice, {a for a, b in reach if b == criterion}),
        (forward_call_slice, {b for a, b in reach if a == criterion}),
    ):
        found = ask(graph.view, criterion, kinds=kinds)
        order = [criterion, *(reached.node for reached in found.nodes)]
        assert set(order) == expected | {criterion}
        assert list(found.edges) == [
            (a, b) for a in order for b in graph.nodes if b in order and (a, b) in pairs
        ]
        assert not found.truncated


def test_a_call_slice_that_was_cut_has_only_edges_inside():
    found = forward_call_slice(calls("a>b b>c c>a"), "a", limit=1)
    assert found.edges == (("a", "b"),)
    assert found.truncated


# Within a function

names = st.frozensets(st.sampled_from("xyz"), max_size=2)


@st.composite
def functions(draw):
    flow = draw(flows(max_blocks=5))
    statement = st.builds(Statement, st.integers(0, flow.n_blocks - 1), names, names, names)
    return flow, draw(st.lists(statement, max_size=8))


def obvious_data(flow, statements):
    """From each definition walk every way, statement by statement, until another one surely overwrites it."""
    of_block = [[at for at, s in enumerate(statements) if s.block == b] for b in range(flow.n_blocks)]
    for writer, (block, defines, _, may_define) in enumerate(statements):
        for name in defines | may_define:
            start = (block, of_block[block].index(writer) + 1)
            todo, seen = [start], set()
            while todo:
                place = todo.pop()
                if place in seen:
                    continue
                seen.add(place)
                block_now, at = place
                if at == len(of_block[block_now]):
                    todo += [(b, 0) for a, b in flow.edges if a == block_now]
                    continue
                reader = of_block[block_now][at]
                if name in statements[reader].uses:
                    yield Dependence(writer, reader, DependenceKind.DATA, name)
                if name not in statements[reader].defines:
                    todo.append((block_now, at + 1))


def obvious_control(flow, statements):
    of_block = [[at for at, s in enumerate(statements) if s.block == b] for b in range(flow.n_blocks)]
    branches = control_dependence(flow)
    for at, statement in enumerate(statements):
        todo, seen = list(branches[statement.block]), set()
        while todo:
            branch = todo.pop()
            if branch in seen:
                continue
            seen.add(branch)
            if of_block[branch]:
                yield Dependence(of_block[branch][-1], at, DependenceKind.CONTROL)
            else:
                todo += branches[branch]


@given(functions())
def test_a_use_depends_on_the_definitions_that_reach_it_and_a_statement_on_its_conditions(function):
    expected = {*obvious_data(*function), *obvious_control(*function)}
    found = program_dependences(*function)
    assert found == ProgramDependences(len(function[1]), tuple(sorted(expected)))


@given(functions(), st.data())
def test_a_slice_is_what_dependences_lead_to(function, data):
    dependences = program_dependences(*function)
    n = dependences.n_statements
    criterion = data.draw(st.lists(st.integers(0, n - 1), max_size=2)) if n else []
    reach = closure(range(n), {(edge.source, edge.target) for edge in dependences.edges})
    for ask, turn in ((backward_slice, False), (forward_slice, True)):
        expected = set(criterion) | {(b if turn else a) for a, b in reach if (a if turn else b) in criterion}
        found = ask(dependences, criterion)
        assert found.statements == tuple(sorted(expected))
        assert found.edges == tuple(e for e in dependences.edges if {e.source, e.target} <= expected)


def test_the_textbook_example():
    """Weiser's: the product of the numbers up to n needs nothing of their sum."""
    flow = Flow(4, [(0, 1), (1, 2), (2, 1), (1, 3)], 0, 3)

    def statement(block, defines="", uses=""):
        return Statement(block, frozenset(defines), frozenset(uses))

    statements = [
        statement(0, "n"),  # 0: read(n)
        statement(0, "i"),  # 1: i = 1
        statement(0, "s"),  # 2: s = 0
        statement(0, "p"),  # 3: p = 1
        statement(1, "", "in"),  # 4: while i <= n
        statement(2, "s", "si"),  # 5: s = s + i
        statement(2, "p", "pi"),  # 6: p = p * i
        statement(2, "i", "i"),  # 7: i = i + 1
        statement(3, "", "s"),  # 8: write(s)
        statement(3, "", "p"),  # 9: write(p)
    ]
    dependences = program_dependences(flow, statements)
    assert backward_slice(dependences, [9]).statements == (0, 1, 3, 4, 6, 7, 9)
    assert forward_slice(dependences, [2]).statements == (2, 5, 8)


def test_what_may_be_written_hides_nothing():
    x = frozenset("x")
    statements = [Statement(0, x), Statement(0, may_define=x), Statement(0, uses=x)]
    found = program_dependences(Flow(1, [], 0, 0), statements)
    assert [(edge.source, edge.target) for edge in found.edges] == [(0, 2), (1, 2)]


def test_what_is_not_there_is_refused():
    with pytest.raises(UnknownBlockError):
        program_dependences(Flow(1, [], 0, 0), [Statement(1)])
    with pytest.raises(IndexError, match="7 is no statement"):
        backward_slice(ProgramDependences(1, ()), [7])


def test_it_can_be_cancelled():
    flow = Flow(200, [(at, at + 1) for at in range(199)], 0, 199)
    assert_cancellable(lambda check: program_dependences(flow, [Statement(0)], check=check))
    assert_cancellable(lambda check: forward_call_slice(chain(100), 0, check=check))
