"""Everything that a symbol leads to by calls, or with --to everything that leads to it; nearest first.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.graph import (
    add_graph_options,
    add_one_symbol,
    asked,
    edges_of,
    refs_of,
    show_end,
    show_near,
)
from magellan_lsp.cli.show import Out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_one_symbol(parser)
    parser.add_argument("--to", action="store_true", help="what leads to the symbol, not what it leads to")
    add_graph_options(parser, depth=True)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    from magellan_lsp.query.graph import walks

    kinds = walks.kinds_named(edges_of(options))
    with asked(options, out, options.symbol) as asking:
        found = walks.reachable(
            asking.snapshot,
            refs_of(asking, options.symbol),
            forward=not options.to,
            depth=options.depth,
            limit=options.limit,
            kinds=kinds,
        )
        documents = show_near(asking, found.symbols)
        show_end(out, len(found.symbols), "symbol", found.truncated)
        out.json({"symbols": documents, "truncated": found.truncated})
    return 0 if found.symbols else 1
