"""Pictures: text that is valid whatever is in it, and a layout that keeps its promises."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from support.flow import graph

from magellan_lsp.render import Picture, PictureEdge, PictureNode, picture_of_cfg, to_dot, to_mermaid, to_svg
from magellan_lsp.render.layout import THIN_GAP, Size, layout

SOURCE = """def f(xs):
    for x in xs:
        if x == "<&>":
            continue
        g(x)
    return 1
    dead()
"""
SVG = "{http://www.w3.org/2000/svg}"

words = st.text(max_size=12)
pictures = st.lists(st.lists(words, min_size=1, max_size=3), min_size=1, max_size=8).flatmap(
    lambda boxes: st.builds(
        lambda title, edges: Picture(
            title,
            tuple(
                PictureNode(f"n{i}", tuple(lines), "block", {"k": lines[0]}) for i, lines in enumerate(boxes)
            ),
            tuple(PictureEdge(f"n{a}", f"n{b}", label, "true back") for a, b, label in edges),
        ),
        words,
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), words), max_size=16),
    )
)


def test_a_cfg_becomes_svg_that_a_panel_can_use():
    picture = picture_of_cfg(graph("python", SOURCE), SOURCE.encode())
    root = ElementTree.fromstring(to_svg(picture))
    boxes = [one for one in root.iter(f"{SVG}g") if "mg-node" in one.get("class", "")]
    assert [box.get("data-id") for box in boxes] == [str(n) for n in range(len(boxes))]
    header = boxes[1]
    assert (header.get("data-line"), header.get("data-start")) == ("2", str(SOURCE.index("x in xs")))
    assert "".join(header.find(f"{SVG}text").itertext()) == "x in xs"
    assert [box.get("data-id") for box in boxes if "mg-faded" in box.get("class")] == ["6"]
    arrows = {
        (one.get("data-source"), one.get("data-target"))
        for one in root.iter(f"{SVG}g")
        if "mg-edge" in one.get("class", "")
    }
    assert ("b1", "b2") in arrows
    assert "currentColor" in to_svg(picture)


def test_programs_without_css_variables_find_each_colour_said_before():
    style = to_svg(Picture("t", (), ()))
    colours = re.findall(r"([\w-]+):var\(--mg-\w+\)", style)
    said = re.findall(r"([\w-]+):#\w{6};\1:var\(--mg-\w+\)", style)
    assert colours == said and {"fill", "stroke", "color"} == set(colours)


def test_a_cfg_becomes_dot_and_mermaid():
    picture = picture_of_cfg(graph("python", SOURCE), SOURCE.encode())
    dot = to_dot(picture)
    assert '"b2" [label="x == \\"<&>\\"\\l", tooltip="body"];' in dot
    assert '"b1" -> "b2" [label="true", color="#2e7d32", fontcolor="#2e7d32"];' in dot
    mermaid = to_mermaid(picture)
    assert mermaid.startswith("flowchart TD\n")
    assert 'n2["x == #34;#60;#38;#62;#34;"]' in mermaid
    assert 'n1 -->|"true"| n2' in mermaid
    assert "class n6 faded" in mermaid


@given(pictures)
def test_any_text_is_quoted(picture: Picture):
    ElementTree.fromstring(to_svg(picture))
    dot = to_dot(picture)
    # Outside of quoted strings only the grammar's own words are left.
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", dot)
    assert re.fullmatch(r"[\sa-z0-9=,;>{}\[\]#.-]*", bare), bare
    for line in to_mermaid(picture).splitlines():
        assert line.count('"') % 2 == 0


graphs = st.integers(1, 14).flatmap(
    lambda count: st.tuples(
        st.just(count), st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=30)
    )
)


@given(graphs, st.randoms(use_true_random=False))
def test_boxes_do_not_touch_and_edges_begin_and_end_at_them(graph_: tuple[int, list[tuple[int, int]]], rng):
    count, edges = graph_
    sizes = [Size(rng.uniform(40, 300), rng.uniform(20, 90)) for _ in range(count)]
    labels = [Size(30, 13) if rng.random() < 0.5 else None for _ in edges]
    placed = layout(sizes, edges, labels)
    assert placed == layout(sizes, edges, labels)
    boxes = list(zip(placed.nodes, sizes, strict=True))
    for index, (one, size) in enumerate(boxes):
        assert size.width / 2 - 0.01 <= one.x <= placed.width - size.width / 2 + 0.01
        assert size.height / 2 - 0.01 <= one.y <= placed.height - size.height / 2 + 0.01
        for other, other_size in boxes[index + 1 :]:
            beside = abs(one.x - other.x) >= (size.width + other_size.width) / 2 + THIN_GAP - 0.01
            above = abs(one.y - other.y) >= (size.height + other_size.height) / 2
            assert beside or above
    for (source, target), route, label in zip(edges, placed.edges, labels, strict=True):
        for end, (x, y) in ((source, route.points[0]), (target, route.points[-1])):
            box, size = boxes[end]
            assert abs(x - box.x) <= size.width / 2 + 0.01
            assert abs(y - box.y) <= size.height / 2 + 0.01
        assert (route.label is not None) == (label is not None)
        if source != target:
            downward = [b[1] >= a[1] - 0.01 for a, b in pairwise(route.points)]
            assert all(downward) or not any(a[1] < b[1] - 0.01 for a, b in pairwise(route.points))


def test_a_straight_line_is_straight_and_goes_down():
    placed = layout([Size(50, 20)] * 4, [(0, 1), (1, 2), (2, 3)], [None] * 3)
    assert len({round(node.x, 3) for node in placed.nodes}) == 1
    assert [node.y for node in placed.nodes] == sorted(node.y for node in placed.nodes)


def test_a_large_graph_is_drawn():
    count = 600
    placed = layout(
        [Size(60, 20)] * count,
        [(n, n + 1) for n in range(count - 1)] + [(n, 0) for n in range(0, count, 7)],
        [None] * (count - 1 + len(range(0, count, 7))),
    )
    assert len(placed.nodes) == count


def test_a_block_that_is_cut_still_shows_what_it_decides():
    lines = "".join(f"    a{n} = {n}\n" for n in range(20))
    source = f"def f(x):\n{lines}    if x:\n        g()\n"
    picture = picture_of_cfg(graph("python", source), source.encode())
    (decides,) = [node for node in picture.nodes if len(node.lines) > 1]
    assert decides.lines == (*(f"a{n} = {n}" for n in range(5)), "… 15 more lines", "if x")
