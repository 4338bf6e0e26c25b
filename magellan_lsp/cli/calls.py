"""What ``callers`` and ``callees`` share: calls in one direction, and those beyond them with ``--depth``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, Literal

from magellan_lsp.cli.ask import file_of, find_symbols
from magellan_lsp.cli.options import add_symbol, at_least
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
from magellan_lsp.query import call_hierarchy, possible_calls
from magellan_lsp.query.call_hierarchy import Call
from magellan_lsp.query.possible_calls import PossibleCall, Via
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.types import Ref

Follow = Callable[[Snapshot, Ref], Sequence[Call | PossibleCall]]
_SAID = {Via.OVERRIDE: "through overriding", Via.VALUE: "by value"}


def add_call_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of both commands."""
    add_symbol(parser)
    parser.add_argument(
        "--possible", action="store_true", help="also calls through overriding methods and by value"
    )
    parser.add_argument(
        "--depth", type=at_least(1), default=1, metavar="N", help="follow calls N steps (default: 1)"
    )


def run_calls(options: argparse.Namespace, out: Out, direction: Literal["incoming", "outgoing"]) -> int:
    """Look up and print."""
    word = "caller" if direction == "incoming" else "callee"
    follow: Follow = getattr(possible_calls if options.possible else call_hierarchy, direction)
    workspace = find_workspace(options, file_of(options.symbol))
    with snapshot(workspace, refresh=not options.no_refresh) as asked:
        places = Places(workspace, asked.read_text)
        symbols = find_symbols(workspace, asked, options.symbol, every=options.all)
        documents: list[dict[str, Any]] = []
        total = 0
        for symbol in symbols:
            symbol_line(out, places, symbol)
            found = _follow(asked, out, places, follow, symbol.ref, options.depth, {symbol.ref}, word)
            total += len(found)
            documents += found
        out.line((plural(total, word), "dim"))
        out.json({"symbols": [symbol_json(places, one) for one in symbols], f"{word}s": documents})
    return 0 if total else 1


def _follow(
    asked: Snapshot,
    out: Out,
    places: Places,
    follow: Follow,
    ref: Ref,
    depth: int,
    above: set[Ref],
    word: str,
    indent: str = "  ",
) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = []
    for call in follow(asked, ref) if depth > 0 else ():
        via = call.via if isinstance(call, PossibleCall) else None
        symbol_line(out, places, call.symbol, indent, note=_SAID.get(via, "") if via else "")
        for site in call.sites:
            occurrence_line(out, places, site, indent + "  ")
        inner: list[dict[str, Any]] = []
        is_new = call.symbol.ref not in above
        if depth > 1 and is_new:
            above.add(call.symbol.ref)
            inner = _follow(
                asked, out, places, follow, call.symbol.ref, depth - 1, above, word, indent + "    "
            )
        document = {
            "symbol": symbol_json(places, call.symbol),
            "calls": [occurrence_json(places, site) for site in call.sites],
        }
        if via is not None:
            document["via"] = via.value
        documents.append({**document, f"{word}s": inner} if depth > 1 else document)
    return documents
