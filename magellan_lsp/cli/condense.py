"""The call graph with each cycle drawn into one component, callers before what they call.

Tests: ``tests/cli/test_graph.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.graph import add_graph_options, asked, edges_of, show_end
from magellan_lsp.cli.show import Out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_graph_options(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    from magellan_lsp.query.graph import walks, whole

    kinds = walks.kinds_named(edges_of(options))
    with asked(options, out) as asking:
        found = whole.condense(asking.snapshot, options.limit, kinds)
        following: dict[int, list[int]] = {}
        for source, target in found.edges:
            following.setdefault(source, []).append(target)
        for one in found.components:
            asking.lines(one.symbols, f"{one.id:5} ")
            targets = following.get(one.id)
            if targets:
                out.line(("      -> " + ", ".join(map(str, targets)), "dim"))
        show_end(out, found.n_components, "component", found.truncated)
        if out.is_json:
            components = [
                {"id": one.id, "symbols": asking.documents(one.symbols)} for one in found.components
            ]
            out.json(
                {
                    "components": components,
                    "edges": [{"source": source, "target": target} for source, target in found.edges],
                    "componentCount": found.n_components,
                    "truncated": found.truncated,
                }
            )
    return 0 if found.components else 1
