"""What the commands about the code graph share: options, printing. Tests: ``tests/cli/test_graph.py``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from magellan_lsp.cli.ask import file_of, find_symbols
from magellan_lsp.cli.options import SYMBOL_HELP, add_refresh, at_least
from magellan_lsp.cli.show import Out, Places, symbol_json, symbol_line
from magellan_lsp.cli.workspace import Workspace, find_workspace, interruptible, snapshot
from magellan_lsp.query.answers import SymbolInfo
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.types import Ref

if TYPE_CHECKING:
    from magellan_lsp.query.graph.walks import Near

LIMIT = 100


class Asked(NamedTuple):
    """What a command works with."""

    workspace: Workspace
    snapshot: Snapshot
    places: Places
    out: Out

    def info(self, ref: Ref) -> SymbolInfo | None:
        """What there is to show of a definition."""
        return self.snapshot.info(ref)

    def infos(self, refs: Iterable[Ref]) -> list[SymbolInfo]:
        """The same of several; those that are gone are left out."""
        return [info for ref in refs if (info := self.info(ref)) is not None]

    def documents(self, refs: Iterable[Ref]) -> list[dict[str, Any]]:
        """Symbols for scripts."""
        return [symbol_json(self.places, info) for info in self.infos(refs)]

    def lines(self, refs: Iterable[Ref], indent: str = "") -> None:
        """Symbols for people."""
        if not self.out.is_json:
            for info in self.infos(refs):
                symbol_line(self.out, self.places, info, indent)


@contextmanager
def asked(options: argparse.Namespace, out: Out, near: str | None = None) -> Iterator[Asked]:
    """The workspace that the options name, its index brought up to date; Ctrl-C ends a long question."""
    workspace = find_workspace(options, file_of(near) if near is not None else None)
    with snapshot(workspace, refresh=not options.no_refresh) as asking, interruptible() as stopped:
        asking.stop = stopped
        yield Asked(workspace, asking, Places(workspace, asking.read_text), out)


def add_graph_options(parser: argparse.ArgumentParser, *, edges: bool = True, depth: bool = False) -> None:
    """``--limit``, ``--edges``, ``--depth``, ``--no-refresh``."""
    parser.add_argument(
        "--limit", type=at_least(1), default=LIMIT, metavar="N", help=f"at most N answers (default: {LIMIT})"
    )
    if edges:
        parser.add_argument(
            "--edges",
            metavar="KINDS",
            help="which edges to follow, separated by commas: call, reference, base",
        )
    if depth:
        parser.add_argument("--depth", type=at_least(0), metavar="N", help="follow N edges (default: all)")
    add_refresh(parser)


def add_one_symbol(parser: argparse.ArgumentParser) -> None:
    """The symbol that a command is about."""
    parser.add_argument("symbol", metavar="SYMBOL", help=SYMBOL_HELP)


def refs_of(asking: Asked, text: str) -> list[Ref]:
    """The definitions that a text stands for."""
    return [info.ref for info in find_symbols(asking.workspace, asking.snapshot, text)]


def edges_of(options: argparse.Namespace) -> list[str] | None:
    """The kinds of edges that ``--edges`` names."""
    return None if options.edges is None else [name.strip() for name in options.edges.split(",")]


def show_near(asking: Asked, found: Iterable[Near]) -> list[dict[str, Any]]:
    """Symbols with their distance: lines for people, documents for scripts."""
    documents: list[dict[str, Any]] = []
    for one in found:
        info = asking.info(one.ref)
        if info is not None:
            if asking.out.is_json:
                documents.append({**symbol_json(asking.places, info), "depth": one.depth})
            else:
                symbol_line(asking.out, asking.places, info, f"{one.depth:3} ")
    return documents


def show_end(out: Out, n_found: int, word: str, truncated: bool) -> None:
    """The last line for people: how many there are, and whether that is all."""
    from magellan_lsp.cli.show import plural

    more = "; there are more, see --limit" if truncated else ""
    out.line((plural(n_found, word) + more, "dim"))
