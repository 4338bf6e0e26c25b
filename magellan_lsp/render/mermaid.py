"""Mermaid flow chart text. Labels are quoted and their special characters written as entities."""

from __future__ import annotations

from magellan_lsp.render.picture import Picture, PictureNode

_ARROWS = {"exception": "-.->", "finally": "-.->", "defer": "-.->"}


def to_mermaid(picture: Picture) -> str:
    """The picture as a ``flowchart TD``; ends with a newline."""
    names = {node.id: f"n{number}" for number, node in enumerate(picture.nodes)}
    rows = ["flowchart TD"]
    rows += [f"  {names[node.id]}{_box(node)}" for node in picture.nodes]
    for edge in picture.known_edges():
        arrow = next((_ARROWS[word] for word in edge.kind.split() if word in _ARROWS), "-->")
        label = f'|"{_escaped(edge.label)}"|' if edge.label else ""
        rows.append(f"  {names[edge.source]} {arrow}{label} {names[edge.target]}")
    faded = [names[node.id] for node in picture.nodes if node.faded]
    if faded:
        rows += ["  classDef faded stroke-dasharray:4,opacity:0.6", f"  class {','.join(faded)} faded"]
    return "\n".join([*rows, ""])


def _box(node: PictureNode) -> str:
    text = "<br/>".join(_escaped(line) for line in node.lines)
    if node.kind in ("entry", "exit"):
        return f'(["{text}"])'
    return f'["{text}"]'


def _escaped(text: str) -> str:
    """Every character that Mermaid, its Markdown or HTML would read as more than itself, as an entity."""
    return "".join(mark if _is_plain(mark) else f"#{ord(mark)};" for mark in text)


def _is_plain(mark: str) -> bool:
    return mark.isalnum() or mark in " .,:/_()=+" or (ord(mark) > 127 and mark.isprintable())
