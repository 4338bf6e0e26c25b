"""List the symbols whose name matches a pattern, best first.

The pattern matches as in an editor: exact, beginning, initials (`gUN` for `getUserName`), part of the name.
More than a name narrows it down: `Flask.run`, `store::open`.

Tests: ``tests/cli/test_questions.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.options import add_refresh
from magellan_lsp.cli.show import Out, Places, symbol_json, symbol_line
from magellan_lsp.cli.workspace import find_workspace, snapshot
from magellan_lsp.query.symbols import workspace_symbols

DEFAULT_LIMIT = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("pattern", metavar="PATTERN", help="what the name is like")
    parser.add_argument(
        "--limit",
        type=int,
        default=DEFAULT_LIMIT,
        metavar="N",
        help=f"at most N symbols (default: {DEFAULT_LIMIT})",
    )
    parser.add_argument(
        "--kind", action="append", metavar="KIND", help="only this kind (function, class, …); may be repeated"
    )
    add_refresh(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Search and list."""
    workspace = find_workspace(options)
    with snapshot(workspace, refresh=not options.no_refresh) as asked:
        wanted = {kind.lower() for kind in options.kind or ()}
        found = workspace_symbols(asked, options.pattern, max(options.limit, 0) * (20 if wanted else 1))
        found = [one for one in found if not wanted or one.kind.name.lower() in wanted][
            : max(options.limit, 0)
        ]
        infos = [asked.info(one.ref) or one for one in found]
        places = Places(workspace, asked.read_text)
        for info in infos:
            symbol_line(out, places, info)
        out.json({"symbols": [symbol_json(places, info) for info in infos]})
    return 0 if found else 1
