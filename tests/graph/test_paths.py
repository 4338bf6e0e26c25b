import pytest
from graph.graphs import assert_cancellable, calls, chain, every_simple_path, graphs, kind_sets
from hypothesis import given, settings
from hypothesis import strategies as st

from magellan_lsp.graph.paths import k_shortest_paths, shortest_cycle, shortest_path, simple_paths
from magellan_lsp.graph.view import EdgeType, MemoryGraph

lengths = st.none() | st.integers(0, 5)


def within(paths, max_length):
    return [path for path in paths if max_length is None or len(path) - 1 <= max_length]


@given(graphs(max_nodes=6), kind_sets, lengths, st.data())
def test_shortest_paths_are_the_shortest_of_all_simple_paths(graph, kinds, max_length, data):
    source, target = data.draw(st.sampled_from(graph.nodes)), data.draw(st.sampled_from(graph.nodes))
    paths = within(every_simple_path(graph, graph.pairs(kinds), source, target), max_length)
    paths.sort(key=len)  # stable: in the graph's order where as long
    found = shortest_path(graph.view, source, target, kinds=kinds, max_length=max_length)
    assert found == (paths[0] if paths else None)
    for k in range(1, len(paths) + 2):
        found = k_shortest_paths(graph.view, source, target, k, kinds=kinds, max_length=max_length)
        assert found == (tuple(paths[:k]), k < len(paths))


@given(graphs(max_nodes=6), kind_sets, lengths, st.data())
def test_simple_paths_are_all_in_the_order_of_a_search(graph, kinds, max_length, data):
    source, target = data.draw(st.sampled_from(graph.nodes)), data.draw(st.sampled_from(graph.nodes))
    paths = within(every_simple_path(graph, graph.pairs(kinds), source, target), max_length)
    found = simple_paths(graph.view, source, target, kinds=kinds, max_length=max_length)
    assert found == (tuple(paths), False)
    for limit in range(len(paths) + 1):
        some = simple_paths(graph.view, source, target, kinds=kinds, max_length=max_length, limit=limit)
        assert some == (tuple(paths[:limit]), limit < len(paths))
    for steps in range(4):
        some = simple_paths(graph.view, source, target, kinds=kinds, max_length=max_length, max_steps=steps)
        assert some.paths == tuple(paths[: len(some.paths)])
        assert some.truncated or some.paths == tuple(paths)


@given(graphs(max_nodes=6), kind_sets, lengths, st.data())
def test_without_a_target_paths_go_as_far_as_they_can(graph, kinds, max_length, data):
    source = data.draw(st.sampled_from(graph.nodes))
    paths = within(every_simple_path(graph, graph.pairs(kinds), source, None), max_length)
    longest = [path for path in paths if not any(other[:-1] == path for other in paths)]
    found = simple_paths(graph.view, source, kinds=kinds, max_length=max_length)
    assert found == (tuple(longest), False)


@given(graphs(max_nodes=6), kind_sets, st.data())
def test_the_shortest_cycle_is_the_shortest_way_round(graph, kinds, data):
    node = data.draw(st.sampled_from(graph.nodes))
    pairs = graph.pairs(kinds)
    rounds = [path for path in every_simple_path(graph, pairs, node, None) if (path[-1], node) in pairs]
    rounds.sort(key=lambda path: (len(path), [graph.at(other) for other in path]))
    assert shortest_cycle(graph.view, node, kinds=kinds) == ((*rounds[0], node) if rounds else None)


def test_a_way_to_itself_has_no_edge_and_a_cycle_has_one():
    view = calls("f>f")
    assert shortest_path(view, "f", "f") == ("f",)
    assert shortest_cycle(view, "f") == ("f", "f")


@pytest.mark.parametrize("k", [0, -1])
def test_no_paths_cannot_be_asked_for(k):
    with pytest.raises(ValueError, match="k must be at least 1"):
        k_shortest_paths(calls("a"), "a", "a", k)


def test_paths_of_one_length_come_in_the_order_of_the_graph_however_they_were_found():
    # Varying `a b t` gives the way by `c` first.
    found = k_shortest_paths(calls("a>b b>t a>c c>d d>t b>e e>t"), "a", "t", 9)
    assert ["".join(path) for path in found.paths] == ["abt", "abet", "acdt"]


@given(graphs(max_nodes=6, kinds=(EdgeType.CALL,), density=6))
def test_among_many_paths_too_the_shortest_come_first(graph):
    source, target = graph.nodes[0], graph.nodes[-1]
    paths = every_simple_path(graph, graph.pairs({EdgeType.CALL}), source, target)
    paths.sort(key=len)
    assert k_shortest_paths(graph.view, source, target, len(paths) + 1) == (tuple(paths), False)
    for k in range(1, len(paths), 3):
        assert k_shortest_paths(graph.view, source, target, k) == (tuple(paths[:k]), k < len(paths))


def complete(n: int) -> MemoryGraph[int]:
    return MemoryGraph(range(n), ((a, b, EdgeType.CALL) for a in range(n) for b in range(n) if a != b))


@settings(max_examples=5)
@given(st.integers(2, 30))
def test_a_thicket_ends_at_its_limits(n):
    assert len(k_shortest_paths(complete(n), 0, n - 1, 10).paths) == min(10, [1, 2, 5, 16][min(n, 5) - 2])
    assert len(simple_paths(complete(n), 0, limit=100, max_steps=10_000).paths) <= 100


def test_a_search_among_dead_ends_stops_after_its_steps():
    # Any way through the thicket crosses 0 again; only `0 -> target` is a path.
    edges = [(a, b, EdgeType.CALL) for a in range(20) for b in range(20) if a != b]
    view = MemoryGraph(range(21), [*edges, (0, 20, EdgeType.CALL)])
    assert simple_paths(view, 0, 20, max_steps=1_000) == ((), True)
    assert shortest_path(view, 0, 20) == (0, 20)
    assert k_shortest_paths(view, 0, 20, 5) == (((0, 20),), False)


def test_depth_is_no_problem():
    assert len(simple_paths(chain(5_000), 0, 4_999).paths[0]) == 5_000


def test_it_can_be_cancelled():
    assert_cancellable(lambda check: shortest_path(chain(100), 0, 99, check=check))
    assert_cancellable(lambda check: k_shortest_paths(chain(100), 0, 99, 2, check=check))
    assert_cancellable(lambda check: simple_paths(chain(100), 0, check=check))
