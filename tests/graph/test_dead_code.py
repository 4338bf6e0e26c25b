from graph.graphs import assert_cancellable, calls, chain, closure, graphs, kind_sets
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.graph.dead_code import DeadNode, DeadReason, dead_code


def obvious(graph, kinds, entries):
    pairs = {(a, b) for a, b in graph.pairs(kinds) if a != b}
    reach = closure(graph.nodes, pairs)
    for node in graph.nodes:
        if node in entries or any((entry, node) in reach for entry in entries):
            continue
        users = [a for a in graph.nodes if (a, node) in pairs]
        above = [a for a in graph.nodes if (a, node) in reach]
        if not users:
            reason = DeadReason.UNUSED if any(a == node for a, _ in pairs) else DeadReason.ISOLATED
        elif any(not any(b == top for _, b in pairs) for top in above):
            reason = DeadReason.USED_BY_DEAD
        else:
            reason = DeadReason.DEAD_CYCLE
        yield DeadNode(node, reason, users[0] if users else None)


@given(graphs(), kind_sets, st.data())
def test_dead_is_what_no_entry_reaches(graph, kinds, data):
    entries = data.draw(st.lists(st.sampled_from(graph.nodes), max_size=2))
    expected = tuple(obvious(graph, kinds, entries))
    assert dead_code(graph.view, entries, kinds=kinds) == (expected, len(expected), False)
    for limit in range(len(expected) + 1):
        some = dead_code(graph.view, entries, kinds=kinds, limit=limit)
        assert some == (expected[:limit], len(expected), limit < len(expected))


def test_each_reason():
    view = calls("main>used unused>helper alone self>self a>b b>a b>c")
    assert [tuple(dead) for dead in dead_code(view, ["main"]).dead] == [
        ("unused", "unused", None),
        ("helper", "used_by_dead", "unused"),
        ("alone", "isolated", None),
        ("self", "isolated", None),
        ("a", "dead_cycle", "b"),
        ("b", "dead_cycle", "a"),
        ("c", "dead_cycle", "b"),
    ]


def test_what_is_not_reported_still_leads_to_others():
    found = dead_code(calls("Class>method"), [], report=lambda node: node == "method")
    assert found.dead == (DeadNode("method", DeadReason.USED_BY_DEAD, "Class"),)
    assert found.n_dead == 1


def test_an_entry_that_is_not_in_the_graph_changes_nothing():
    assert dead_code(calls("a"), ["gone"]).dead == (DeadNode("a", DeadReason.ISOLATED, None),)


def test_it_can_be_cancelled():
    assert_cancellable(lambda check: dead_code(chain(100), [], check=check))
