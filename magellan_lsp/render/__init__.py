"""Graphs as text and pictures: DOT, Mermaid, and SVG drawn by a layered layout of our own.

Knows pictures (boxes with lines of text, edges with words) and how to make one of a control-flow graph. It opens no
file, runs no program and needs no Graphviz. Tests: ``tests/render/``.
"""

from magellan_lsp.render.dot import to_dot
from magellan_lsp.render.mermaid import to_mermaid
from magellan_lsp.render.picture import Picture, PictureEdge, PictureNode, picture_of_cfg
from magellan_lsp.render.svg import to_svg

__all__ = ["Picture", "PictureEdge", "PictureNode", "picture_of_cfg", "to_dot", "to_mermaid", "to_svg"]
