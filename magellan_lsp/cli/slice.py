"""What may affect a place (backward) or what it may affect (forward): statements of its function, or functions over calls.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from magellan_lsp.cli.ask import find_body, locate, spot_of
from magellan_lsp.cli.graph import LIMIT, Asked, add_one_symbol, asked, refs_of, show_end, show_near
from magellan_lsp.cli.options import add_refresh, at_least
from magellan_lsp.cli.show import Out

if TYPE_CHECKING:
    from magellan_lsp.query.graph.slices import FunctionSlice


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_one_symbol(parser)
    parser.add_argument("--forward", action="store_true", help="what the place may affect")
    parser.add_argument(
        "--scope",
        choices=("function", "calls"),
        default="function",
        help="statements of one function (the default), or functions over calls",
    )
    parser.add_argument(
        "--limit", type=at_least(1), default=LIMIT, metavar="N", help=f"at most N answers (default: {LIMIT})"
    )
    add_refresh(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    with asked(options, out, options.symbol) as asking:
        if options.scope == "calls":
            return _calls(options, asking)
        return _function(options, asking)


def _calls(options: argparse.Namespace, asking: Asked) -> int:
    from magellan_lsp.query.graph import walks

    refs = refs_of(asking, options.symbol)
    found = walks.reachable(asking.snapshot, refs, forward=options.forward, limit=options.limit)
    documents = show_near(asking, found.symbols)
    show_end(asking.out, len(found.symbols), "symbol", found.truncated)
    asking.out.json({"symbols": documents, "truncated": found.truncated})
    return 0 if found.symbols else 1


def _function(options: argparse.Namespace, asking: Asked) -> int:
    from magellan_lsp.query.graph.slices import function_slice

    spot = spot_of(asking.workspace, options.symbol)
    if spot is not None:
        path, offset = locate(asking.workspace, asking.snapshot, spot)
    else:
        place = find_body(asking.workspace, asking.snapshot, options.symbol).place
        path, offset = place.path, place.name.start
    found = function_slice(asking.snapshot, path, offset, forward=options.forward)
    if found is None:
        asking.out.json({"statements": [], "truncated": False})
        return 1
    _show(asking, found, options.limit)
    return 0


def _show(asking: Asked, found: FunctionSlice, limit: int) -> None:
    documents: list[dict[str, Any]] = []
    for number, one in enumerate(found.statements[:limit]):
        mark = "*" if number in found.criterion else " "
        where = asking.places.shown(found.path, one.span)
        asking.out.line(mark, " ", (where, "path"), "  ", *asking.places.source(found.path, one.span))
        documents.append({**asking.places.location(found.path, one.span), "block": one.block})
    truncated = len(found.statements) > limit
    show_end(asking.out, len(documents), "statement", truncated)
    asking.out.json(
        {
            "function": {"name": found.name, **asking.places.location(found.path, found.function)},
            "criterion": [number for number in found.criterion if number < limit],
            "statements": documents,
            "edges": [
                {"source": edge.source, "target": edge.target, "kind": edge.kind.value}
                for edge in found.edges
                if edge.source < limit and edge.target < limit
            ],
            "truncated": truncated,
        }
    )
