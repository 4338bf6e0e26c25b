"""Groups of symbols that call one another, and symbols that call themselves.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.graph import add_graph_options, asked, edges_of, show_end
from magellan_lsp.cli.show import Out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_graph_options(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    from magellan_lsp.query.graph import walks, whole

    kinds = walks.kinds_named(edges_of(options))
    with asked(options, out) as asking:
        found = whole.cycles(asking.snapshot, options.limit, kinds)
        for number, members in enumerate(found.cycles, 1):
            out.line((f"cycle {number}", "head"))
            asking.lines(members, "  ")
        if found.self_recursive:
            out.line(("self-recursive", "head"))
            asking.lines(found.self_recursive, "  ")
        show_end(out, len(found.cycles), "cycle", found.truncated)
        if out.is_json:
            out.json(
                {
                    "cycles": [asking.documents(members) for members in found.cycles],
                    "selfRecursive": asking.documents(found.self_recursive),
                    "truncated": found.truncated,
                }
            )
    return 0 if found.cycles or found.self_recursive else 1
