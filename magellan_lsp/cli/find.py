"""The symbols that a name, full name or id stands for exactly, and whether it stands for several things.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.graph import add_graph_options, asked, show_end
from magellan_lsp.cli.show import Out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "name",
        metavar="NAME",
        help="a simple name, a full name (pkg.mod.Class.method or path/to/file.py::Class.method), or an id",
    )
    add_graph_options(parser, edges=False)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    from magellan_lsp.query.graph import names

    with asked(options, out) as asking:
        found = names.find(asking.snapshot, options.name, options.limit)
        asking.lines(found.refs)
        if found.ambiguous:
            out.line(("these are different things", "warn"))
        show_end(out, len(found.refs), "symbol", found.truncated)
        if out.is_json:
            out.json(
                {
                    "symbols": asking.documents(found.refs),
                    "ambiguous": found.ambiguous,
                    "truncated": found.truncated,
                }
            )
    return 0 if found.refs else 1
