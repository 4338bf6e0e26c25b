"""Print the whole index, one JSON record a line, in an order that follows from the records themselves.

Equal indexes print equal bytes, whatever backend they are kept in and however they came about.

Tests: ``tests/cli/test_dump.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.options import add_refresh
from magellan_lsp.cli.show import Out
from magellan_lsp.cli.workspace import find_workspace, opened
from magellan_lsp.store.dump import iter_dump


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    add_refresh(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Print every record."""
    workspace = find_workspace(options)
    with opened(workspace, refresh=not options.no_refresh) as store, store.read() as reader:
        for line in iter_dump(reader):
            print(line)
    return 0
