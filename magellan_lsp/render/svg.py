"""A picture as SVG that stands alone and follows its surroundings.

Text and lines are ``currentColor`` and the few colours are CSS variables (``--mg-true`` and so on) with values for light
and dark, so a page or an editor panel can set its own; for programs that know no such variables (librsvg, Inkscape) each
colour is said plainly before. Each box is a ``<g class="node mg-node …" id="node-N" data-id="…"
tabindex="0">`` (N counts from 0; ``data-id`` is the node's own) with the node's data as ``data-`` attributes; each edge a
``<g class="mg-edge …" data-source data-target>``. Nothing in it runs or is loaded from elsewhere.
"""

from __future__ import annotations

import itertools
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from magellan_lsp.render.layout import Layout, Route, Size, layout
from magellan_lsp.render.picture import Picture, PictureNode

_CHARACTER = 7.25  # width of one at 12 px in common monospace fonts, a little generous
_LINE = 16.0
_PAD_X, _PAD_Y = 10.0, 7.0
_MARGIN = 16.0

_LIGHT = {
    "true": "#1a7f37",
    "false": "#cf222e",
    "back": "#0969da",
    "exception": "#bf3989",
    "finally": "#8250df",
    "case": "#9a6700",
    "box": "#ffffff",
    "soft": "#ddf4ff",
}
_DARK = {
    "true": "#3fb950",
    "false": "#f85149",
    "back": "#58a6ff",
    "exception": "#f778ba",
    "finally": "#bc8cff",
    "case": "#d29922",
    "box": "#161b22",
    "soft": "#121d2f",
}
#: Edges with a colour of their own: of a kind, the name of its colour. The last of an edge's kinds here counts.
_EDGES = {
    "case": "case",
    "default": "case",
    "true": "true",
    "false": "false",
    "back": "back",
    "exception": "exception",
    "finally": "finally",
}


def _variables(colours: dict[str, str]) -> str:
    return ";".join(f"--mg-{name}:{value}" for name, value in colours.items())


def _set(key: str, colour: str) -> str:
    """A property set to a colour, for those who know no variables first."""
    return f"{key}:{_LIGHT[colour]};{key}:var(--mg-{colour})"


_FONT = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace'
_STYLE = f"""
.mg{{font:12px {_FONT};color:#1f2328;
{_variables(_LIGHT)}}}
@media (prefers-color-scheme:dark){{.mg{{color:#e6edf3;
{_variables(_DARK)}}}}}
.mg text{{fill:currentColor;white-space:pre}}
.mg-node rect{{{_set("fill", "box")};stroke:currentColor;stroke-opacity:.45;stroke-width:1}}
.mg-node:hover rect,.mg-node:focus rect,.mg-node.mg-selected rect{{{_set("stroke", "back")};stroke-opacity:1;stroke-width:2}}
.mg-node{{cursor:pointer;outline:none}}
.mg-entry rect,.mg-exit rect{{{_set("fill", "soft")}}}
.mg-exit text,.mg-with_exit text,.mg-match text{{font-style:italic;opacity:.75}}
.mg-while rect,.mg-for rect,.mg-loop rect,.mg-do rect{{{_set("stroke", "back")};stroke-opacity:.8}}
.mg-catch rect{{{_set("stroke", "exception")};stroke-opacity:.8}}
.mg-finally rect,.mg-with_exit rect,.mg-deferred rect{{{_set("stroke", "finally")};stroke-opacity:.8}}
.mg-faded{{opacity:.5}}.mg-faded rect{{stroke-dasharray:4 3}}
.mg-edge path{{fill:none;stroke:currentColor;stroke-opacity:.6;stroke-width:1.25}}
.mg-edge polygon{{fill:currentColor;fill-opacity:.75;stroke:none}}
.mg-edge rect{{{_set("fill", "box")};stroke:none}}
.mg-edge text{{font-size:11px}}
{"".join(f".mg-e-{kind}{{{_set('color', colour)}}}" for kind, colour in _EDGES.items())}
.mg-e-exception path,.mg-e-finally path,.mg-e-defer path{{stroke-dasharray:5 3}}
.mg-e-back path{{stroke-width:1.5}}
"""


def to_svg(picture: Picture) -> str:
    """The picture as an ``<svg>`` element with its size in pixels and a ``viewBox``; ends with a newline."""
    index = {node.id: number for number, node in enumerate(picture.nodes)}
    edges = picture.known_edges()
    sizes = [_size(node) for node in picture.nodes]
    labels = [Size(_columns(edge.label) * 6.7 + 6, 13.0) if edge.label else None for edge in edges]
    placed = layout(sizes, [(index[edge.source], index[edge.target]) for edge in edges], labels)
    width, height = placed.width + 2 * _MARGIN, placed.height + 2 * _MARGIN
    rows = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="mg" role="img" aria-label={quoteattr(_clean(picture.title))} '
            f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">'
        ),
        f"<title>{escape(_clean(picture.title))}</title>",
        f"<style>{_STYLE}</style>",
        f'<g transform="translate({_MARGIN:.0f} {_MARGIN:.0f})">',
    ]
    for edge, route in zip(edges, placed.edges, strict=True):
        classes = " ".join(f"mg-e-{word}" for word in edge.kind.split())
        rows.append(
            f'<g class="mg-edge {classes}" data-source={quoteattr(_clean(edge.source))} '
            f"data-target={quoteattr(_clean(edge.target))}>"
            f"{_arrow(route)}{_edge_label(route, edge.label)}</g>"
        )
    rows += [_box(node, placed, number, sizes[number]) for number, node in enumerate(picture.nodes)]
    return "\n".join([*rows, "</g>", "</svg>", ""])


def _columns(text: str) -> int:
    """Columns in a monospace font: wide characters take two."""
    return sum(2 if east_asian_width(mark) in "WF" else 1 for mark in text)


def _size(node: PictureNode) -> Size:
    columns = max((_columns(line) for line in node.lines), default=0)
    return Size(max(44.0, columns * _CHARACTER + 2 * _PAD_X), len(node.lines) * _LINE + 2 * _PAD_Y)


def _box(node: PictureNode, placed: Layout, number: int, size: Size) -> str:
    x, y = placed.nodes[number].x - size.width / 2, placed.nodes[number].y - size.height / 2
    carried = {"id": node.id, **node.data}
    data = " ".join(f"data-{key}={quoteattr(_clean(str(value)))}" for key, value in carried.items())
    radius = size.height / 2 if node.kind in ("entry", "exit") and len(node.lines) == 1 else 4
    classes = f"node mg-node mg-{node.kind}" + (" mg-faded" if node.faded else "")
    tip = f"{node.kind} {node.id}" + (" (unreachable)" if node.faded else "")
    # Entry and exit are pills, so their text stands in the middle.
    centred = radius > 4
    at = f'x="{x + size.width / 2:.1f}" text-anchor="middle"' if centred else f'x="{x + _PAD_X:.1f}"'
    text = "".join(
        f'<text {at} y="{y + _PAD_Y + 12 + row * _LINE:.1f}" xml:space="preserve">{escape(_clean(line))}</text>'
        for row, line in enumerate(node.lines)
    )
    return (
        f'<g class="{classes}" id="node-{number}" tabindex="0" {data}><title>{escape(_clean(tip))}</title>'
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{size.width:.1f}" height="{size.height:.1f}" rx="{radius:.1f}"/>'
        f"{text}</g>"
    )


def _arrow(route: Route) -> str:
    """The line, smooth with vertical tangents, and its head."""
    points = list(route.points)
    (_, y1), (x2, y2) = points[-2], points[-1]
    if y1 == y2:  # a loop on one box comes in from the side
        head = f"{x2:.1f},{y2:.1f} {x2 + 7:.1f},{y2 - 3.5:.1f} {x2 + 7:.1f},{y2 + 3.5:.1f}"
        tip = (x2 + 6, y2)
    else:
        sign = 1 if y2 > y1 else -1
        head = f"{x2:.1f},{y2:.1f} {x2 - 3.5:.1f},{y2 - 7 * sign:.1f} {x2 + 3.5:.1f},{y2 - 7 * sign:.1f}"
        tip = (x2, y2 - 6 * sign)
    points[-1] = tip
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    if y1 == y2:
        (_, _), (bx, by), (cx, cy), (dx, dy) = points
        path.append(f"C{bx:.1f} {by:.1f} {cx:.1f} {cy:.1f} {dx:.1f} {dy:.1f}")
    else:
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            if abs(ax - bx) < 0.5:
                path.append(f"L{bx:.1f} {by:.1f}")
            else:
                middle = (ay + by) / 2
                path.append(f"C{ax:.1f} {middle:.1f} {bx:.1f} {middle:.1f} {bx:.1f} {by:.1f}")
    return f'<path d="{"".join(path)}"/><polygon points="{head}"/>'


def _edge_label(route: Route, label: str) -> str:
    if not label or route.label is None:
        return ""
    x, y = route.label
    width = _columns(label) * 6.7 + 4
    return (
        f'<rect x="{x - width / 2:.1f}" y="{y - 6.5:.1f}" width="{width:.1f}" height="13" rx="3"/>'
        f'<text x="{x:.1f}" y="{y + 3.5:.1f}" text-anchor="middle">{escape(_clean(label))}</text>'
    )


def _clean(text: str) -> str:
    """Without what XML cannot hold: control characters, surrogates, the two non-characters."""
    return "".join(
        mark
        if mark == "\t" or (mark >= " " and mark not in "\ufffe\uffff" and not "\ud800" <= mark <= "\udfff")
        else " "
        for mark in text
    )
