"""All labels and how many symbols have each; the symbols of one label; or the labels of one symbol.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.graph import Asked, add_graph_options, asked, refs_of, show_end
from magellan_lsp.cli.options import SYMBOL_HELP
from magellan_lsp.cli.show import Out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("label", nargs="?", metavar="LABEL", help="list the symbols with this label")
    parser.add_argument("--symbol", metavar="SYMBOL", help=f"list the labels of this symbol: {SYMBOL_HELP}")
    add_graph_options(parser, edges=False)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    with asked(options, out, options.symbol) as asking:
        if options.label is not None:
            return _labelled(options, asking)
        return _labels(options, asking)


def _labelled(options: argparse.Namespace, asking: Asked) -> int:
    from magellan_lsp.query.graph import names

    refs, truncated = names.labelled(asking.snapshot, options.label, options.limit)
    asking.lines(refs)
    show_end(asking.out, len(refs), "symbol", truncated)
    if asking.out.is_json:
        asking.out.json({"symbols": asking.documents(refs), "truncated": truncated})
    return 0 if refs else 1


def _labels(options: argparse.Namespace, asking: Asked) -> int:
    from magellan_lsp.query.graph import names

    if options.symbol is not None:
        labels = names.labels_of(asking.snapshot, refs_of(asking, options.symbol))
        found, truncated = [names.LabelCount(label, 1) for label in labels], False
    else:
        found, truncated = names.labels(asking.snapshot, options.limit)
    for one in found:
        asking.out.line(f"{one.n_symbols:8,} ", (one.label, "name"))
    show_end(asking.out, len(found), "label", truncated)
    documents = [{"label": one.label, "count": one.n_symbols} for one in found]
    asking.out.json({"labels": documents, "truncated": truncated})
    return 0 if found else 1
