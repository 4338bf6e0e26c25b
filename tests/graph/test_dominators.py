import pytest
from graph.graphs import assert_cancellable, closure, flows
from hypothesis import given

from magellan_lsp.facts.cfg import BasicBlock, BlockKind, Cfg, CfgEdge, EdgeKind, Terminator
from magellan_lsp.graph.dominators import (
    Flow,
    UnknownBlockError,
    control_dependence,
    dominators,
    flow_of,
    post_dominators,
)


def reach_without(n, edges, start, removed):
    """What a start leads to, itself included, when one block is taken out."""
    kept = {(a, b) for a, b in edges if removed not in (a, b)}
    found = {start} - {removed}
    for _ in range(n):
        found |= {b for a, b in kept if a in found}
    return found


def dominance(n, edges, entry):
    """Block -> all its strict dominators: those without which the entry does not lead to it."""
    reachable = reach_without(n, edges, entry, None)
    without = {block: reach_without(n, edges, entry, block) for block in reachable}
    return {b: {a for a in reachable if a != b and b not in without[a]} for b in reachable}


def nearest(strict):
    """Of each block's strict dominators the one that all the others dominate; a root is its own."""
    return {b: max(above, key=lambda a: len(strict[a])) if above else b for b, above in strict.items()}


def completed(flow):
    """The edges, and one to the exit from the lowest block of each last component that does not lead there."""
    blocks = range(flow.n_blocks)
    reach = closure(blocks, flow.edges)
    edges = set(flow.edges)
    for block in blocks:
        after = {b for a, b in reach if a == block}
        if (
            block != flow.exit
            and flow.exit not in after
            and all(b == block or (b, block) in reach for b in after)
            and block == min({block, *after})
        ):
            edges.add((block, flow.exit))
    return edges


@given(flows())
def test_a_dominator_is_on_every_way_from_the_entry(flow):
    expected = nearest(dominance(flow.n_blocks, flow.edges, flow.entry))
    found = dominators(flow)
    assert found == expected
    assert list(found) == sorted(found)


@given(flows())
def test_a_post_dominator_is_on_every_way_to_the_exit(flow):
    turned = [(b, a) for a, b in completed(flow)]
    expected = nearest(dominance(flow.n_blocks, turned, flow.exit))
    assert post_dominators(flow) == expected
    assert set(expected) == set(range(flow.n_blocks))


@given(flows())
def test_a_block_depends_on_the_branches_that_decide_whether_it_runs(flow):
    edges = completed(flow)
    strict = dominance(flow.n_blocks, [(b, a) for a, b in edges], flow.exit)
    expected = {
        block: tuple(
            branch
            for branch in range(flow.n_blocks)
            if block != flow.exit
            and block not in strict[branch]
            and any(a == branch and (b == block or block in strict[b]) for a, b in edges)
        )
        for block in range(flow.n_blocks)
    }
    assert control_dependence(flow) == expected


def test_an_if_in_a_loop():
    #     0 -> 1 (loop) -> 2 (if) -> 3, 4 -> 1; 1 -> 5
    flow = Flow(6, [(0, 1), (1, 2), (1, 5), (2, 3), (2, 4), (3, 1), (4, 1)], 0, 5)
    assert dominators(flow) == {0: 0, 1: 0, 2: 1, 3: 2, 4: 2, 5: 1}
    assert post_dominators(flow) == {0: 1, 1: 5, 2: 1, 3: 1, 4: 1, 5: 5}
    assert control_dependence(flow) == {0: (), 1: (1,), 2: (1,), 3: (2,), 4: (2,), 5: ()}


def test_an_endless_loop_leaves_from_its_header():
    flow = Flow(5, [(0, 1), (1, 2), (1, 3), (2, 1), (3, 1)], 0, 4)
    assert post_dominators(flow) == {0: 1, 1: 4, 2: 1, 3: 1, 4: 4}
    assert control_dependence(flow)[2] == (1,)


def test_a_stored_graph_is_taken_as_it_is():
    def block(at):
        return BasicBlock(at, BlockKind.BLOCK, Terminator.FALLTHROUGH, 0, 0, 1, 0, 1, 0)

    cfg = Cfg("", "f", 0, 0, (block(0), block(1)), (CfgEdge(0, 1, EdgeKind.FALLTHROUGH),))
    assert flow_of(cfg) == Flow(2, [(0, 1)], 0, 1)


@pytest.mark.parametrize(
    ("flow", "edge"),
    [
        (Flow(2, [(0, 2)], 0, 1), (0, 2)),
        (Flow(2, [(-1, 0)], 0, 1), (-1, 0)),
        (Flow(0, [], 0, 0), (0,)),
        (Flow(1, [], 0, 1), (1,)),
    ],
)
def test_an_unknown_block_is_named(flow, edge):
    for ask in (dominators, post_dominators, control_dependence):
        with pytest.raises(UnknownBlockError) as caught:
            ask(flow)
        assert caught.value.edge == edge


def test_depth_is_no_problem_and_it_can_be_cancelled():
    flow = Flow(20_000, [(at, at + 1) for at in range(19_999)], 0, 19_999)
    assert dominators(flow)[19_999] == 19_998
    assert post_dominators(flow)[0] == 1
    assert_cancellable(lambda check: dominators(flow, check=check))
    assert_cancellable(lambda check: control_dependence(flow, check=check))
