"""Print the syntax tree of a file, around a place of it, or its nodes of a kind.

Tests: ``tests/cli/test_details.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.ask import file_of, locate, parse_spot
from magellan_lsp.cli.options import add_refresh, at_least
from magellan_lsp.cli.show import Out, Places
from magellan_lsp.cli.workspace import find_workspace, snapshot
from magellan_lsp.errors import UnknownDocument
from magellan_lsp.query import syntax
from magellan_lsp.query.documents import of_node
from magellan_lsp.text import Span

LIMIT = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument(
        "place",
        metavar="FILE[:LINE[:COLUMN]]",
        help="a file; with a place (from 1, in characters) the nodes around it",
    )
    parser.add_argument(
        "--kind", action="append", metavar="KIND", help="only nodes of this kind; may be repeated"
    )
    parser.add_argument(
        "--depth",
        type=at_least(0),
        metavar="N",
        help="N levels into the file, or into the smallest node at the place",
    )
    parser.add_argument("--tokens", action="store_true", help="nodes without a name, too")
    parser.add_argument(
        "--limit", type=at_least(1), default=LIMIT, metavar="N", help=f"at most N nodes (default: {LIMIT})"
    )
    add_refresh(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Parse and print."""
    workspace = find_workspace(options, file_of(options.place))
    with snapshot(workspace, refresh=not options.no_refresh) as asked:
        spot = parse_spot(options.place)
        offset = None
        if spot is not None and file_of(options.place) == spot.file:
            path, offset = locate(workspace, asked, spot)
        else:
            path = workspace.relative(options.place)
        limit = options.limit
        if options.kind:
            found = syntax.find_nodes(asked, path, options.kind, limit=limit)
        else:
            found = syntax.nodes(asked, path, offset, depth=options.depth, tokens=options.tokens, limit=limit)
        if found is None:
            raise UnknownDocument(options.place)
        places = Places(workspace, asked.read_text)
        for node in found if not out.is_json else ():
            where = places.shown(path, Span(node.start, node.end)).rpartition("/")[2]
            out.line(
                "  " * (0 if options.kind else node.depth),
                (f"{node.field}: " if node.field else "", "dim"),
                (node.kind, "kind"),
                (f"  {where}  {node.start}:{node.end}", "path"),
            )
        out.json({"nodes": [of_node(path, node, places.location) for node in (found if out.is_json else ())]})
    return 0 if found else 1
