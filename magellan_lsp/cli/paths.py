"""The shortest ways from one symbol to another along calls.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.graph import asked, edges_of, refs_of
from magellan_lsp.cli.options import SYMBOL_HELP, add_refresh, at_least
from magellan_lsp.cli.show import Out, plural


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("source", metavar="FROM", help=SYMBOL_HELP)
    parser.add_argument("target", metavar="TO", help="the same")
    parser.add_argument(
        "-k", "--count", type=at_least(1), default=1, metavar="K", help="so many ways (default: 1)"
    )
    parser.add_argument("--max-length", type=at_least(0), metavar="N", help="of at most N edges")
    parser.add_argument(
        "--edges", metavar="KINDS", help="which edges to follow, separated by commas: call, reference, base"
    )
    add_refresh(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    from magellan_lsp.query.graph import walks

    kinds = walks.kinds_named(edges_of(options))
    with asked(options, out, options.source) as asking:
        found = walks.paths(
            asking.snapshot,
            refs_of(asking, options.source),
            refs_of(asking, options.target),
            options.count,
            options.max_length,
            kinds,
        )
        for path in found.paths:
            out.line((plural(len(path) - 1, "edge"), "head"))
            asking.lines(path, "  ")
        out.json({"paths": [asking.documents(path) for path in found.paths], "truncated": found.truncated})
    return 0 if found.paths else 1
