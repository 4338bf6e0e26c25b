"""List every place where a symbol is used.

Tests: ``tests/cli/test_questions.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.ask import file_of, find_symbols
from magellan_lsp.cli.options import add_symbol
from magellan_lsp.cli.show import (
    Out,
    Places,
    occurrence_json,
    occurrence_line,
    plural,
    symbol_json,
    symbol_line,
)
from magellan_lsp.cli.workspace import find_workspace, snapshot
from magellan_lsp.query.references import references_to


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    add_symbol(parser)
    parser.add_argument("--declaration", action="store_true", help="the symbol's own definition too")


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    workspace = find_workspace(options, file_of(options.symbol))
    with snapshot(workspace, refresh=not options.no_refresh) as asked:
        places = Places(workspace, asked.read_text)
        symbols = find_symbols(workspace, asked, options.symbol, every=options.all)
        found = references_to(asked, [one.ref for one in symbols], options.declaration)
        for one in symbols:
            symbol_line(out, places, one)
        for occurrence in found:
            occurrence_line(out, places, occurrence, "  ")
        n_files = len({one.path for one in found})
        out.line((f"{plural(len(found), 'reference')} in {plural(n_files, 'file')}", "dim"))
        documents = []
        for occurrence in found if out.is_json else ():
            container = asked.info((occurrence.path, occurrence.container))
            documents.append(
                {
                    **occurrence_json(places, occurrence),
                    "container": container.fqn if container is not None and occurrence.container else None,
                }
            )
        out.json({"symbols": [symbol_json(places, one) for one in symbols], "references": documents})
    return 0 if found else 1
