"""Syntax nodes as a flat list."""

from magellan_lsp.extract.ast_nodes import ast_nodes, find_by_kind, magellan_kinds, path_to, smallest_at
from magellan_lsp.extract.details import tree_of
from magellan_lsp.languages.registry import get_language

SOURCE = b"def f(a):\n    if a:\n        return g(a)\n"


def listed(kinds=None, language: str = "python", source: bytes = SOURCE):
    return ast_nodes(tree_of(get_language(language), source).root_node, kinds)


def test_nodes_come_in_preorder_with_their_parents():
    nodes = listed()
    assert [node.kind for node in nodes[:4]] == ["module", "function_definition", "identifier", "parameters"]
    assert nodes[0].parent == -1
    for index, node in enumerate(nodes[1:], 1):
        assert node.parent < index
        around = nodes[node.parent]
        assert around.start <= node.start <= node.end <= around.end


def test_with_a_filter_the_parent_is_the_nearest_node_kept():
    nodes = listed(magellan_kinds)
    assert [(node.kind, node.parent) for node in nodes] == [
        ("block", -1), ("if_statement", 0), ("block", 1), ("return_statement", 2),
    ]  # fmt: skip


def test_nodes_are_found_by_kind_and_by_place():
    nodes = listed()
    [call] = find_by_kind(nodes, ["call"])
    assert SOURCE[nodes[call].start : nodes[call].end] == b"g(a)"
    at = smallest_at(nodes, SOURCE.index(b"g(a)"))
    assert nodes[at].kind == "identifier"
    assert [nodes[index].kind for index in path_to(nodes, at)][-3:] == [
        "return_statement",
        "call",
        "identifier",
    ]
    assert smallest_at(nodes, len(SOURCE) + 5) == -1
    assert path_to(nodes, -1) == []


def test_depth_is_no_limit():
    nodes = listed(None, "c", b"void f() {" + b"{" * 20_000 + b"}" * 20_000 + b"}")
    assert len(path_to(nodes, len(nodes) - 1)) > 20_000


def test_an_empty_file_is_one_node():
    assert [node.kind for node in listed(source=b"")] == ["module"]
