"""List the symbols whose name matches a pattern, best first.

The pattern matches as in an editor: exact, beginning, initials (`gUN` for `getUserName`), part of the name.
More than a name narrows it down: `Flask.run`, `store::open`.

Tests: ``tests/cli/test_questions.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.options import add_refresh, at_least
from magellan_lsp.cli.show import Out, Places, symbol_json, symbol_line
from magellan_lsp.cli.workspace import find_workspace, snapshot
from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.query.symbols import HIDDEN, workspace_symbols

DEFAULT_LIMIT = 50
#: What a search may find, by the name that answers give it.
KINDS = {kind.name.lower(): kind for kind in DefKind if kind not in HIDDEN and kind != DefKind.IMPL}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("pattern", metavar="PATTERN", help="what the name is like")
    parser.add_argument(
        "--limit",
        type=at_least(1),
        default=DEFAULT_LIMIT,
        metavar="N",
        help=f"at most N symbols (default: {DEFAULT_LIMIT})",
    )
    parser.add_argument(
        "--kind",
        action="append",
        type=_kind,
        metavar="KIND",
        help=f"only this kind; may be repeated: {', '.join(KINDS)}",
    )
    add_refresh(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Search and list."""
    workspace = find_workspace(options)
    with snapshot(workspace, refresh=not options.no_refresh) as asked:
        found = workspace_symbols(asked, options.pattern, options.limit, options.kind or ())
        infos = [asked.info(one.ref) or one for one in found]
        places = Places(workspace, asked.read_text)
        for info in infos:
            symbol_line(out, places, info)
        out.json({"symbols": [symbol_json(places, info) for info in infos]})
    return 0 if found else 1


def _kind(text: str) -> DefKind:
    kind = KINDS.get(text.lower().replace("-", "_"))
    if kind is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no kind of symbol; these are: {', '.join(KINDS)}")
    return kind
