from graph.graphs import assert_cancellable, calls, chain, graphs, kind_sets
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.graph.impact import Affected, impact
from magellan_lsp.graph.reachability import reachable_to


@given(graphs(), kind_sets, st.data())
def test_affected_is_what_leads_to_a_change_with_the_way_there(graph, kinds, data):
    changed = data.draw(st.lists(st.sampled_from(graph.nodes), max_size=3))
    depth = data.draw(st.none() | st.integers(0, 3))
    limit = data.draw(st.none() | st.integers(0, 4))
    found = impact(graph.view, changed, kinds=kinds, max_depth=depth, limit=limit)
    reach = reachable_to(graph.view, changed, kinds=kinds, max_depth=depth, limit=limit)
    assert [(a.node, a.distance, a.via) for a in found.affected] == list(reach.found)
    assert found.truncated == reach.truncated
    assert found.changed == tuple(dict.fromkeys(changed))
    assert list(found.n_by_distance) == [
        sum(a.distance == at + 1 for a in found.affected) for at in range(len(found.n_by_distance))
    ]
    assert sum(found.n_by_distance) == len(found.affected)
    via = {a.node: a.via for a in found.affected}
    pairs = graph.pairs(kinds)
    for affected in found.affected:
        at = affected.node
        for _ in range(affected.distance):
            assert (at, via[at]) in pairs
            at = via[at]
        assert at == affected.origin
        assert at in changed


def test_callers_of_callers_are_affected():
    found = impact(calls("main>a a>b other>b"), ["b"])
    assert found.affected == (
        Affected("a", 1, "b", "b"),
        Affected("other", 1, "b", "b"),
        Affected("main", 2, "a", "b"),
    )
    assert found.n_by_distance == (2, 1)


def test_it_can_be_cancelled():
    assert_cancellable(lambda check: impact(chain(100), [99], check=check))
