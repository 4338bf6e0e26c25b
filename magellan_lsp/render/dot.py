"""Graphviz DOT text. Every id and label is quoted, so any text is safe."""

from __future__ import annotations

from magellan_lsp.render.picture import Picture

_STYLES = {
    "entry": ', style="rounded,filled", fillcolor="#e8f0fe"',
    "exit": ', style="rounded,filled", fillcolor="#eeeeee"',
}
_COLOURS = {
    "true": "#2e7d32",
    "false": "#c62828",
    "exception": "#ad1457",
    "finally": "#6a1b9a",
    "back": "#1565c0",
}
_DASHED = frozenset({"exception", "finally", "defer"})


def to_dot(picture: Picture) -> str:
    """The picture for ``dot -Tsvg`` and the like; ends with a newline."""
    rows = [
        f"digraph {quoted(picture.title or 'graph')} {{",
        '  node [shape=box, fontname="monospace", fontsize=10];',
        '  edge [fontname="sans-serif", fontsize=9];',
    ]
    for node in picture.nodes:
        label = "".join(f"{_escaped(line)}\\l" for line in node.lines)
        style = _STYLES.get(node.kind, "")
        if node.faded:
            style = ', style="dashed", fontcolor="#888888", color="#888888"'
        rows.append(f'  {quoted(node.id)} [label="{label}", tooltip={quoted(node.kind)}{style}];')
    for edge in picture.known_edges():
        words = edge.kind.split()
        options = [f"label={quoted(edge.label)}"] if edge.label else []
        colour = next((_COLOURS[word] for word in words if word in _COLOURS), None)
        if colour:
            options += [f'color="{colour}"', f'fontcolor="{colour}"']
        if _DASHED.intersection(words):
            options.append("style=dashed")
        if "back" in words:
            options.append("constraint=true, penwidth=1.4")
        tail = f" [{', '.join(options)}]" if options else ""
        rows.append(f"  {quoted(edge.source)} -> {quoted(edge.target)}{tail};")
    return "\n".join([*rows, "}", ""])


def quoted(text: str) -> str:
    """A DOT string."""
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    # Control characters have no place in a label, and a NUL ends the file for Graphviz.
    clean = "".join(" " if ord(mark) < 32 else mark for mark in text)
    return clean.replace("\\", "\\\\").replace('"', '\\"')
