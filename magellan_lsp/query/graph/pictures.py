"""A part of the code graph as a picture. Tests: ``tests/query/graph/test_walks.py``."""

from __future__ import annotations

from magellan_lsp.graph.view import EdgeType
from magellan_lsp.query.graph.walks import CallGraph
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.render import Picture, PictureEdge, PictureNode
from magellan_lsp.render.picture import MAX_COLUMNS

_WORDS = {EdgeType.CALL: "", EdgeType.REFERENCE: "uses", EdgeType.BASE: "extends"}


def picture_of(snapshot: Snapshot, found: CallGraph) -> Picture:
    """The graph with a box per symbol: its name, and its file below. Each box carries ``id``, the SymbolId."""
    nodes = []
    ids = {}
    for number, one in enumerate(found.nodes):
        info = snapshot.info(one.ref)
        if info is None:
            continue
        ids[one.ref] = str(number)
        lines = tuple(_cut(line) for line in ((info.qualified, info.path) if one.ref[1] else (info.path,)))
        data: dict[str, str | int] = {"id": info.symbol_id or "", "path": info.path, "depth": one.depth}
        nodes.append(PictureNode(str(number), lines, info.kind.name.lower(), data))
    edges = [
        PictureEdge(ids[edge.source], ids[edge.target], _WORDS[edge.kind], edge.kind.value)
        for edge in found.edges
        if edge.source in ids and edge.target in ids
    ]
    title = nodes[0].lines[0] if nodes else ""
    return Picture(title, tuple(nodes), tuple(edges))


def _cut(line: str) -> str:
    """A line that fits into a box; of a path the end counts."""
    return line if len(line) <= MAX_COLUMNS else "…" + line[1 - MAX_COLUMNS :]
