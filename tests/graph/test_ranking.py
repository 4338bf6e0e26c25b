import subprocess
import sys

import pytest
from graph.graphs import assert_cancellable, calls, chain, graphs, kind_sets
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.graph.ranking import pagerank
from magellan_lsp.graph.view import MemoryGraph


def obvious(graph, kinds, damping):
    """Power iteration over the full matrix, far past convergence."""
    pairs, n = graph.pairs(kinds), len(graph.nodes)
    out = {a: [b for b in graph.nodes if (a, b) in pairs] or graph.nodes for a in graph.nodes}
    scores = dict.fromkeys(graph.nodes, 1 / n)
    for _ in range(400):
        following = dict.fromkeys(graph.nodes, (1 - damping) / n)
        for a in graph.nodes:
            for b in out[a]:
                following[b] += damping * scores[a] / len(out[a])
        scores = following
    return scores


@given(graphs(), kind_sets, st.sampled_from([0.0, 0.5, 0.85]))
def test_scores_are_those_of_the_random_reader(graph, kinds, damping):
    expected = obvious(graph, kinds, damping)
    found = pagerank(graph.view, kinds=kinds, damping=damping)
    assert dict(found.ranked) == pytest.approx(expected, abs=1e-8)
    assert sum(score for _, score in found.ranked) == pytest.approx(1)
    n = len(graph.nodes)
    order = [(-round(score * n, 6), graph.at(node)) for node, score in found.ranked]
    assert order == sorted(order)
    for limit in range(n + 1):
        assert pagerank(graph.view, kinds=kinds, damping=damping, limit=limit) == (
            found.ranked[:limit],
            limit < n,
        )


def test_what_much_depends_on_comes_first_and_equals_stay_in_order():
    found = pagerank(calls("main>b main>a b>util a>util"))
    assert [node for node, _ in found.ranked] == ["util", "b", "a", "main"]


def test_an_empty_graph_has_no_ranks():
    assert pagerank(MemoryGraph([], [])) == ((), False)


@pytest.mark.parametrize("damping", [-0.1, 1.0])
def test_damping_that_never_converges_is_refused(damping):
    with pytest.raises(ValueError, match="damping"):
        pagerank(calls("a"), damping=damping)


def test_it_can_be_cancelled():
    assert_cancellable(lambda check: pagerank(chain(100), check=check))


def test_the_library_is_loaded_only_by_those_who_rank():
    code = "import sys, magellan_lsp.graph.ranking; sys.exit('rustworkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
