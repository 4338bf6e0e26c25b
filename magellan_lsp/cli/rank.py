"""Symbols by how much of the code depends on them, directly or not (PageRank).

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.graph import add_graph_options, asked, edges_of, show_end
from magellan_lsp.cli.show import Out, symbol_json, symbol_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_graph_options(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    from magellan_lsp.graph.view import ALL_KINDS
    from magellan_lsp.query.graph import walks, whole

    kinds = walks.kinds_named(edges_of(options), ALL_KINDS)
    with asked(options, out) as asking:
        found, truncated = whole.rank(asking.snapshot, options.limit, kinds)
        documents = []
        for one in found:
            info = asking.info(one.ref)
            if info is None:
                continue
            if out.is_json:
                documents.append({**symbol_json(asking.places, info), "score": one.score})
            else:
                symbol_line(out, asking.places, info, f"{one.score:.6f} ")
        show_end(out, len(found), "symbol", truncated)
        out.json({"symbols": documents, "truncated": truncated})
    return 0 if found else 1
