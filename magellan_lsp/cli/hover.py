"""Show a symbol's signature, documentation and evident type.

Tests: ``tests/cli/test_questions.py``.
"""

from __future__ import annotations

import argparse
from typing import Any

from magellan_lsp.cli.ask import file_of, find_symbols, locate, spot_of
from magellan_lsp.cli.options import add_symbol
from magellan_lsp.cli.show import Out, Places, joined, symbol_json, symbol_line
from magellan_lsp.cli.workspace import find_workspace, snapshot
from magellan_lsp.query.hover import Hover, hover


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    add_symbol(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    workspace = find_workspace(options, file_of(options.symbol))
    with snapshot(workspace, refresh=not options.no_refresh, installed=True) as asked:
        spot = spot_of(workspace, options.symbol)
        if spot is not None:
            at = locate(workspace, asked, spot)
            spots = [(at.path, at.offset)]
        else:
            symbols = find_symbols(workspace, asked, options.symbol, every=options.all)
            spots = [(one.path, one.place.name.start) for one in symbols if one.ref[1]]
        found = [one for path, offset in spots if (one := hover(asked, path, offset)) is not None]
        places = Places(workspace, asked.read_text)
        for one in found:
            _print(out, places, one)
        out.json({"hovers": [_document(places, one) for one in found]})
    return 0 if found else 1


def _print(out: Out, places: Places, one: Hover) -> None:
    symbol_line(out, places, one.symbol)
    if one.types:
        out.line("  type: ", (joined(one.types), "name"))
    for line in one.signature.splitlines():
        out.line("  ", (line, "name"))
    if one.documentation:
        out.line("")
        for line in one.documentation.splitlines():
            out.line("  ", line)
    if one.n_candidates > 1:
        out.line((f"  one of {one.n_candidates} candidates", "dim"))


def _document(places: Places, one: Hover) -> dict[str, Any]:
    return {
        "symbol": symbol_json(places, one.symbol),
        "signature": one.signature,
        "language": one.language,
        "documentation": one.documentation,
        "types": one.types,
        "candidates": one.n_candidates,
    }
