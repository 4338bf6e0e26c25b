from graph.graphs import assert_cancellable, calls, chain, graphs, kind_sets
from hypothesis import given

from magellan_lsp.graph.condensation import CondensedEdge, condense
from magellan_lsp.graph.scc import components


@given(graphs(), kind_sets)
def test_it_is_the_graph_of_components_in_topological_order(graph, kinds):
    pairs = graph.pairs(kinds)
    left = components(graph.view, kinds=kinds)
    ordered = []
    while left:  # the first component that nothing left leads to
        after = next(
            members
            for members in left
            if not any((a, b) in pairs for other in left if other != members for a in other for b in members)
        )
        left.remove(after)
        ordered.append(after)
    edges = []
    for source, members in enumerate(ordered):
        for target, others in enumerate(ordered):
            n = sum((a, b) in pairs for a in members for b in others)
            if n and source != target:
                assert source < target
                edges.append(CondensedEdge(source, target, n))
    assert condense(graph.view, kinds=kinds) == (tuple(ordered), tuple(edges), len(ordered), False)
    for limit in range(len(ordered) + 1):
        assert condense(graph.view, kinds=kinds, limit=limit) == (
            tuple(ordered[:limit]),
            tuple(edge for edge in edges if edge.target < limit),
            len(ordered),
            limit < len(ordered),
        )


def test_members_of_a_cycle_are_drawn_together():
    found = condense(calls("main>a a>b b>a a>leaf b>leaf"))
    assert found.components == (("main",), ("a", "b"), ("leaf",))
    assert found.edges == ((0, 1, 1), (1, 2, 2))


def test_it_can_be_cancelled():
    assert_cancellable(lambda check: condense(chain(100), check=check))
