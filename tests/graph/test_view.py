import pytest
from graph.graphs import graphs, kind_sets
from hypothesis import given

from magellan_lsp.graph.view import EdgeType, MemoryGraph


@given(graphs(), kind_sets)
def test_neighbours_are_those_of_the_edges_in_the_order_of_the_nodes(graph, kinds):
    pairs = graph.pairs(kinds)
    assert list(graph.view.iter_nodes()) == graph.nodes
    for node in graph.nodes:
        assert graph.view.successors(node, kinds) == [b for b in graph.nodes if (node, b) in pairs]
        assert graph.view.predecessors(node, kinds) == [a for a in graph.nodes if (a, node) in pairs]


def test_a_node_that_is_not_there_has_no_neighbours():
    view = MemoryGraph(["a"], [])
    assert view.successors("b") == []
    assert view.predecessors("b") == []


def test_an_edge_to_no_node_is_refused():
    with pytest.raises(ValueError, match="'b', which is no node"):
        MemoryGraph(["a"], [("a", "b", EdgeType.CALL)])
