"""Print the source of a symbol, of a span of bytes, or list what a file is made of.

A symbol is printed with all its overloads and declarations. Of a file its symbols are listed; --content prints their
source, too. With --bytes it is the text of that span.

Tests: ``tests/cli/test_details.py``.
"""

from __future__ import annotations

import argparse
import re
from typing import Any

from magellan_lsp.cli.ask import file_of, find_symbols, parse_spot
from magellan_lsp.cli.options import add_symbol
from magellan_lsp.cli.show import Out, Places, symbol_json
from magellan_lsp.cli.workspace import Workspace, find_workspace, snapshot
from magellan_lsp.errors import UsageError
from magellan_lsp.query import chunks as query
from magellan_lsp.query.chunks import Piece
from magellan_lsp.query.documents import of_piece
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.text import Span


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    add_symbol(parser)
    parser.add_argument("--bytes", metavar="START:END", help="this span of the file, in bytes from 0")
    parser.add_argument("--content", action="store_true", help="of a file: the source of each symbol, too")


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    workspace = find_workspace(options, file_of(options.symbol))
    with snapshot(workspace, refresh=not options.no_refresh) as asked:
        is_file = parse_spot(options.symbol) is None and file_of(options.symbol) is not None
        found = _found(options, workspace, asked, is_file)
        places = Places(workspace, asked.read_text)
        for piece in found:
            _print(out, places, piece, with_text=not is_file or options.content or options.bytes is not None)
        out.json({"chunks": [_document(asked, places, piece) for piece in found]})
    return 0 if found else 1


def _found(options: argparse.Namespace, workspace: Workspace, asked: Snapshot, is_file: bool) -> list[Piece]:
    if options.bytes is not None:
        match = re.fullmatch(r"(\d+):(\d+)", options.bytes)
        if match is None or not is_file:
            raise UsageError("Say --bytes START:END, and the file that they are of.")
        span = Span(int(match[1]), int(match[2]))
        return query.of_span(asked, workspace.relative(options.symbol), span)
    if is_file:
        return query.of_file(asked, workspace.relative(options.symbol))
    symbols = find_symbols(workspace, asked, options.symbol, every=options.all)
    return query.of_symbols(asked, [one.ref for one in symbols])


def _print(out: Out, places: Places, piece: Piece, *, with_text: bool) -> None:
    note = "  stale: the file changed since it was indexed" if piece.is_stale else ""
    out.line(
        (f"{piece.kind:<13}", "kind"),
        " ",
        (piece.name or "-", "name"),
        "  ",
        (places.shown(piece.path, piece.span), "path"),
        (f"  {piece.span.start}:{piece.span.end}", "dim"),
        (note, "warn"),
    )
    if with_text and piece.text is not None:
        for line in piece.text.splitlines():
            out.line(line)
    elif with_text:
        out.line(("its text is not to be had", "dim"))


def _document(asked: Snapshot, places: Places, piece: Piece) -> dict[str, Any]:
    info = asked.info(piece.ref) if piece.ref is not None else None
    return {
        **of_piece(piece, places.location),
        "symbol": symbol_json(places, info) if info is not None else None,
    }
