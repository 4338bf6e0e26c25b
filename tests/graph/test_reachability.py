import pytest
from graph.graphs import assert_cancellable, calls, chain, distance_matrix, graphs, kind_sets
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.graph.reachability import Reached, distances, reachable_from, reachable_to


@given(graphs(), kind_sets, st.data())
def test_reached_is_what_has_a_distance(graph, kinds, data):
    starts = data.draw(st.lists(st.sampled_from(graph.nodes), max_size=3))
    depth = data.draw(st.none() | st.integers(0, 4))
    far = distance_matrix(graph.nodes, graph.pairs(kinds))
    for backward in (False, True):
        ask = reachable_to if backward else reachable_from
        ways = {(b, a): length for (a, b), length in far.items()} if backward else far
        expected = {
            node: min(ways[start, node] for start in starts if (start, node) in ways)
            for node in graph.nodes
            if node not in starts and any((start, node) in ways for start in starts)
        }
        expected = {node: length for node, length in expected.items() if depth is None or length <= depth}
        answer = ask(graph.view, starts, kinds=kinds, max_depth=depth)
        assert {reached.node: reached.distance for reached in answer.found} == expected
        assert not answer.truncated

        order = {
            node: at for at, node in enumerate([*dict.fromkeys(starts), *(r.node for r in answer.found)])
        }
        assert list(answer.found) == sorted(
            answer.found, key=lambda reached: (reached.distance, order[reached.via], graph.at(reached.node))
        )
        pairs = graph.pairs(kinds)
        for reached in answer.found:
            users = [a for a in order if ((reached.node, a) if backward else (a, reached.node)) in pairs]
            assert reached.via == users[0]

        for limit in range(len(expected) + 2):
            some = ask(graph.view, starts, kinds=kinds, max_depth=depth, limit=limit)
            assert some == (answer.found[:limit], limit < len(expected))


@given(graphs(), kind_sets)
def test_distances_are_the_shortest(graph, kinds):
    far = distance_matrix(graph.nodes, graph.pairs(kinds))
    for start in graph.nodes:
        assert distances(graph.view.successors, start, kinds) == {
            b: n for (a, b), n in far.items() if a == start
        }


def test_a_start_on_a_cycle_is_not_in_its_own_answer():
    assert reachable_from(calls("a>b b>a"), ["a"]).found == (Reached("b", 1, "a"),)


def test_only_calls_are_followed_unless_asked():
    assert reachable_to(calls("a>b b>c"), ["c"]).found == (Reached("b", 1, "c"), Reached("a", 2, "b"))
    assert reachable_to(calls("a>b"), ["b"], kinds=frozenset()).found == ()


@pytest.mark.parametrize("limits", [{"limit": -1}, {"max_depth": -1}])
def test_a_negative_limit_is_refused(limits):
    with pytest.raises(ValueError, match="must be at least 0, not -1"):
        reachable_from(calls("a"), ["a"], **limits)


def test_it_can_be_cancelled():
    assert_cancellable(lambda check: reachable_from(chain(100), [0], check=check))
