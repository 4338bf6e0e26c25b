"""Show where the name at a place, or a symbol, is defined.

Tests: ``tests/cli/test_questions.py``.
"""

from __future__ import annotations

import argparse
from typing import Any

from magellan_lsp.cli.ask import file_of, find_symbols, locate, spot_of
from magellan_lsp.cli.options import add_symbol
from magellan_lsp.cli.show import Out, Places, occurrence_line, symbol_json, symbol_line
from magellan_lsp.cli.workspace import find_workspace, snapshot
from magellan_lsp.facts.kinds import Role
from magellan_lsp.query.answers import Occurrence
from magellan_lsp.query.definition import defined
from magellan_lsp.query.targets import module_at, reached, token_at


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    add_symbol(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    workspace = find_workspace(options, file_of(options.symbol))
    with snapshot(workspace, refresh=not options.no_refresh, installed=True) as asked:
        places = Places(workspace, asked.read_text)
        origin: dict[str, Any] | None = None
        spot = spot_of(workspace, options.symbol)
        if spot is not None:
            at = locate(workspace, asked, spot)
            token = token_at(asked, *at)
            refs = defined(asked, reached(asked, token) if token is not None else module_at(asked, *at)[1])
            origin = places.location(at.path, token.span) if token is not None else None
        else:
            refs = defined(
                asked, [one.ref for one in find_symbols(workspace, asked, options.symbol, every=options.all)]
            )
        found = [info for ref in refs if (info := asked.info(ref)) is not None]
        for info in found:
            symbol_line(out, places, info)
            occurrence_line(out, places, Occurrence(info.path, info.place.name, Role.DEFINITION, 0), "  ")
        out.json({"origin": origin, "definitions": [symbol_json(places, info) for info in found]})
    return 0 if found else 1
