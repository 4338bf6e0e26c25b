from graph.graphs import assert_cancellable, calls, chain, closure, graphs, kind_sets, ring
from hypothesis import given

from magellan_lsp.graph.scc import component_of, components, cycles


def obvious(graph, kinds):
    reach = closure(graph.nodes, graph.pairs(kinds))
    return list(
        dict.fromkeys(
            tuple(b for b in graph.nodes if a == b or ((a, b) in reach and (b, a) in reach))
            for a in graph.nodes
        )
    )


@given(graphs(), kind_sets)
def test_a_component_is_a_set_of_nodes_that_lead_to_one_another(graph, kinds):
    expected = obvious(graph, kinds)
    assert components(graph.view, kinds=kinds) == expected
    for members in expected:
        for node in members:
            found = component_of(graph.view, node, kinds=kinds)
            assert found[0] == node
            assert sorted(found, key=graph.at) == list(members)


@given(graphs(), kind_sets)
def test_cycles_are_the_larger_components_and_self_recursion_is_apart(graph, kinds):
    groups = tuple(members for members in obvious(graph, kinds) if len(members) > 1)
    loops = tuple(node for node in graph.nodes if (node, node) in graph.pairs(kinds))
    assert cycles(graph.view, kinds=kinds) == (groups, loops, False)
    for limit in range(3):
        some = cycles(graph.view, kinds=kinds, limit=limit)
        assert some == (groups[:limit], loops[:limit], limit < max(len(groups), len(loops)))


def test_a_function_that_calls_itself_is_no_mutual_recursion():
    found = cycles(calls("f>f a>b b>a b>b"))
    assert found.cycles == (("a", "b"),)
    assert found.self_recursive == ("f", "b")


def test_depth_is_no_problem():
    assert len(components(chain(20_000))) == 20_000
    assert len(components(ring(20_000))) == 1


def test_it_can_be_cancelled():
    assert_cancellable(lambda check: components(chain(100), check=check))
    assert_cancellable(lambda check: component_of(ring(100), 0, check=check))
