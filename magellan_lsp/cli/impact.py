"""What a change touches and what depends on that: of a range of commits, or of what is not committed.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.graph import add_graph_options, asked, edges_of, show_end, show_near
from magellan_lsp.cli.show import Out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--git",
        metavar="RANGE",
        help="A..B, A...B, or A (the files as they are, against A); without it: what is not committed",
    )
    add_graph_options(parser, depth=True)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    from magellan_lsp.graph.view import ALL_KINDS
    from magellan_lsp.query.graph import walks
    from magellan_lsp.query.graph.impact import impact

    kinds = walks.kinds_named(edges_of(options), ALL_KINDS)
    with asked(options, out) as asking:
        found = impact(
            asking.snapshot, asking.workspace.root, options.git, options.depth, options.limit, kinds
        )
        out.line(("changed", "head"))
        asking.lines(found.changed, "    ")
        for path in found.gone:
            out.line("    ", ("file         ", "kind"), " ", (path, "path"), ("  (deleted)", "dim"))
        out.line(("affected", "head"))
        affected = show_near(asking, found.affected)
        show_end(out, len(found.affected), "affected symbol", found.truncated)
        out.json(
            {
                "changed": asking.documents(found.changed) if out.is_json else [],
                "affected": affected,
                "files": found.files,
                "removedFiles": found.gone,
                "truncated": found.truncated,
            }
        )
    return 0 if found.changed or found.gone else 1
