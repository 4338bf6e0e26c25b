"""Functions, methods and types that no entry point leads to (docs/graph.md says what counts as one).

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse
from typing import Any

from magellan_lsp.cli.graph import add_graph_options, asked, refs_of, show_end
from magellan_lsp.cli.options import SYMBOL_HELP
from magellan_lsp.cli.show import Out, plural, symbol_json, symbol_line

_WORDS = {
    "isolated": "nothing uses it",
    "unused": "nothing uses it",
    "used_by_dead": "only dead code uses it",
    "dead_cycle": "only a dead cycle uses it",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--entry",
        action="append",
        metavar="SYMBOL",
        help=f"an entry point in place of the evident ones; may be repeated: {SYMBOL_HELP}",
    )
    add_graph_options(parser, edges=False)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    from magellan_lsp.query.graph.dead_code import dead_code

    with asked(options, out) as asking:
        given = None
        if options.entry:
            given = [ref for text in options.entry for ref in refs_of(asking, text)]
        found = dead_code(asking.snapshot, given, options.limit)
        documents: list[dict[str, Any]] = []
        for one in found.dead:
            info = asking.info(one.ref)
            if info is None:
                continue
            symbol_line(out, asking.places, info)
            used_by = asking.info(one.used_by) if one.used_by is not None else None
            by = f": {used_by.fqn}" if used_by is not None else ""
            out.line(("      " + _WORDS[one.reason.value] + by, "dim"))
            if out.is_json:
                documents.append(
                    {
                        **symbol_json(asking.places, info),
                        "reason": one.reason.value,
                        "usedBy": used_by.symbol_id if used_by is not None else None,
                    }
                )
        out.line((f"from {plural(found.n_entry_points, 'entry point')}", "dim"))
        show_end(out, found.n_dead, "dead symbol", found.truncated)
        if out.is_json:
            points = [
                {**symbol_json(asking.places, info), "reason": point.reason.value}
                for point in found.entry_points
                if (info := asking.info(point.ref)) is not None
            ]
            out.json(
                {
                    "entryPoints": points,
                    "entryPointCount": found.n_entry_points,
                    "dead": documents,
                    "deadCount": found.n_dead,
                    "truncated": found.truncated,
                }
            )
    return 0 if found.dead else 1
