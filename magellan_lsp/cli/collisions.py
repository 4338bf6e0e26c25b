"""Full names of functions and types that stand for several symbols.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.graph import add_graph_options, asked, show_end
from magellan_lsp.cli.show import Out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_graph_options(parser, edges=False)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    from magellan_lsp.query.graph import names

    with asked(options, out) as asking:
        found, truncated = names.collisions(asking.snapshot, options.limit)
        for one in found:
            out.line((one.name, "name"))
            asking.lines(one.refs, "  ")
        show_end(out, len(found), "name", truncated)
        if out.is_json:
            documents = [{"name": one.name, "symbols": asking.documents(one.refs)} for one in found]
            out.json({"collisions": documents, "truncated": truncated})
    return 0 if found else 1
