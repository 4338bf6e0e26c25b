"""Show the control-flow graph of a function: its blocks and edges, or a picture of them.

Of FILE:LINE:COLUMN that names no function it is the graph of the function around that place.

Tests: ``tests/cli/test_details.py``.
"""

from __future__ import annotations

import argparse
from typing import Any

from magellan_lsp.cli.ask import file_of, find_symbols, locate, parse_spot
from magellan_lsp.cli.options import add_symbol
from magellan_lsp.cli.show import Out, Places, plural, symbol_json
from magellan_lsp.cli.workspace import Workspace, find_workspace, snapshot
from magellan_lsp.errors import NotFound, UnknownDocument
from magellan_lsp.query import cfg as query
from magellan_lsp.query.cfg import Flow
from magellan_lsp.query.choice import with_bodies
from magellan_lsp.query.documents import of_graph
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.text import Span

_MAX_TEXT = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    add_symbol(parser)
    parser.add_argument(
        "--picture",
        choices=("svg", "dot", "mermaid"),
        help="print a picture: SVG, or text for Graphviz or Mermaid",
    )


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    workspace = find_workspace(options, file_of(options.symbol))
    with snapshot(workspace, refresh=not options.no_refresh) as asked:
        places = Places(workspace, asked.read_text)
        flows = _flows(options, workspace, asked)
        for flow in flows:
            if out.is_json:
                continue
            if options.picture:
                print(_picture(flow, options.picture), end="")
            else:
                _print(out, places, flow)
        out.json({"graphs": [_document(asked, places, flow, options.picture) for flow in flows]})
    return 0 if flows else 1


def _flows(options: argparse.Namespace, workspace: Workspace, asked: Snapshot) -> list[Flow]:
    spot = parse_spot(options.symbol)
    try:
        symbols = find_symbols(workspace, asked, options.symbol, every=options.all)
    except NotFound as error:
        if spot is None or isinstance(error, UnknownDocument):
            raise
        symbols = []  # a place that names nothing
    refs = with_bodies(asked, [one.ref for one in symbols])
    found = [flow for ref in refs if (flow := query.of_symbol(asked, ref)) is not None]
    if not found and spot is not None:
        at = locate(workspace, asked, spot)
        around = query.around(asked, at.path, at.offset)
        found = [around] if around is not None else []
    return found


def _picture(flow: Flow, form: str) -> str:
    from magellan_lsp.render import picture_of_cfg, to_dot, to_mermaid, to_svg

    picture = picture_of_cfg(flow.cfg, flow.source or b"")
    return {"dot": to_dot, "mermaid": to_mermaid, "svg": to_svg}[form](picture)


def _print(out: Out, places: Places, flow: Flow) -> None:
    graph = flow.cfg
    shown = places.shown(flow.path, Span(graph.start, graph.end))
    out.line((graph.name or "-", "name"), "  ", (shown, "path"))
    counts = f"{plural(len(graph.blocks), 'block')}, {plural(len(graph.edges), 'edge')}"
    out.line((f"  {counts}, cyclomatic complexity {flow.cyclomatic}", "dim"))
    unreachable = frozenset(graph.unreachable)
    for block in graph.blocks:
        text = " ".join((flow.text((block.start, block.end)) or "").split())
        text = text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"
        out.line(
            f"  {block.id:>3} ",
            (f"{block.kind.value:<10}", "kind"),
            (f" line {block.start_line:<5}", "path"),
            (" unreachable" if block.id in unreachable else "", "warn"),
            f" {text}",
        )
        for edge in graph.edges:
            if edge.source == block.id:
                label = flow.text(edge.label) if edge.label[0] >= 0 else None
                out.line((f"        → {edge.target} {edge.kind.value}{' ' + label if label else ''}", "dim"))


def _document(asked: Snapshot, places: Places, flow: Flow, form: str | None) -> dict[str, Any]:
    info = asked.info(flow.ref) if flow.ref is not None else None
    document = {
        **of_graph(flow, places.location),
        "symbol": symbol_json(places, info) if info is not None else None,
    }
    return {**document, "picture": _picture(flow, form)} if form else document
