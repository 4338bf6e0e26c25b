"""What a picture shows, before it is known how: boxes with text, and edges between them."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import attrs

from magellan_lsp.facts.cfg import BasicBlock, BlockKind, Cfg, EdgeKind

#: Longer lines and further lines are cut, with an ellipsis.
MAX_COLUMNS = 48
MAX_LINES = 7


@attrs.frozen
class PictureNode:
    """A box.

    Attributes:
        id: unique in the picture.
        lines: its text, already cut.
        kind: what it is, as a CSS class: ``entry``, ``catch``, ``function``, …
        data: further facts for whoever handles clicks; SVG carries them as ``data-`` attributes. ``id`` is what the
            box stands for, where that is not the node's own id.
        faded: it is there and does not count (unreachable code).
    """

    id: str
    lines: tuple[str, ...]
    kind: str = ""
    data: Mapping[str, str | int] = attrs.field(factory=dict)
    faded: bool = False


@attrs.frozen
class PictureEdge:
    """An arrow. ``kind`` is a CSS class; ``label`` may be empty. Several between the same boxes are fine."""

    source: str
    target: str
    label: str = ""
    kind: str = ""


@attrs.frozen
class Picture:
    """Boxes and arrows. Edges that name no box are left out by all renderers. The first box is the entry, if any is."""

    title: str
    nodes: tuple[PictureNode, ...]
    edges: tuple[PictureEdge, ...]

    def known_edges(self) -> list[PictureEdge]:
        known = {node.id for node in self.nodes}
        return [edge for edge in self.edges if edge.source in known and edge.target in known]


#: Kinds of edges whose name says nothing that the arrow does not.
_UNLABELLED = frozenset({EdgeKind.FALLTHROUGH, EdgeKind.BACK, EdgeKind.CASE})
_WORDS = {
    BlockKind.EXIT: "exit",
    BlockKind.WITH_EXIT: "leave with",
    BlockKind.MATCH: "no match so far",
}


def picture_of_cfg(cfg: Cfg, source: bytes) -> Picture:
    """A control-flow graph as a picture.

    Each box carries ``id`` (the block's), ``start`` and ``end`` (bytes), ``line`` and ``end-line`` (1-based).

    Args:
        cfg: of ``source``.
        source: the file's bytes.
    """
    unreachable = frozenset(cfg.unreachable)
    nodes = tuple(
        PictureNode(
            f"b{block.id}",
            _block_lines(block, source, cfg),
            block.kind.value,
            {
                "id": block.id,
                "start": block.start,
                "end": block.end,
                "line": block.start_line,
                "end-line": block.end_line,
            },
            block.id in unreachable,
        )
        for block in cfg.blocks
    )
    edges = []
    for edge in cfg.edges:
        label = "" if edge.kind in _UNLABELLED else edge.kind.value
        if edge.label[0] >= 0 and edge.kind == EdgeKind.CASE:
            label = shorten(source[edge.label[0] : edge.label[1]].decode("utf-8", "replace"), 20)
        kind = edge.kind.value + (" back" if edge.back and edge.kind != EdgeKind.BACK else "")
        edges.append(PictureEdge(f"b{edge.source}", f"b{edge.target}", label, kind))
    return Picture(cfg.name or ("top level" if not cfg.start else "anonymous function"), nodes, tuple(edges))


def _block_lines(block: BasicBlock, source: bytes, cfg: Cfg) -> tuple[str, ...]:
    if block.kind in _WORDS:
        return (_WORDS[block.kind],)
    if block.kind == BlockKind.ENTRY and block.start == block.end:
        return ("entry",)
    # The first line's indentation is before the span; give it back, so that the lines keep their shape.
    line = source.rfind(b"\n", 0, block.start) + 1
    lead = source[line : block.start]
    indent = lead if not lead.strip() else b" " * (len(lead) - len(lead.lstrip()))
    text = dedent((indent + source[block.start : block.end]).decode("utf-8", "replace").expandtabs(4))
    # What it ends with is what its edges are about.
    return text_lines(text, ends=block.condition is not None)


def text_lines(
    text: str, max_lines: int = MAX_LINES, max_columns: int = MAX_COLUMNS, *, ends: bool = False
) -> tuple[str, ...]:
    """The lines of a text that fit a box; blank ones are dropped. An ellipsis says where lines were cut: at the end, or,
    with ``ends``, before the last line.
    """
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if len(lines) > max_lines:
        last = lines[-1:] if ends else []
        kept = max_lines - 1 - len(last)
        lines = [*lines[:kept], f"… {len(lines) - kept - len(last)} more lines", *last]
    return tuple(line if len(line) <= max_columns else line[: max_columns - 1] + "…" for line in lines) or (
        "",
    )


def shorten(text: str, size: int) -> str:
    """One line of at most ``size`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= size else text[: size - 1] + "…"
