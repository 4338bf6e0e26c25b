"""Print the whole index, one JSON record a line, in an order that follows from the records themselves.

Equal indexes print equal bytes, whatever backend they are kept in and however they came about.

Tests: ``tests/cli/test_index.py``.
"""

from __future__ import annotations

import argparse
import json

from magellan_lsp.cli.options import add_refresh
from magellan_lsp.cli.show import Out
from magellan_lsp.cli.workspace import detailing, find_workspace, is_writer, opened, worker_count
from magellan_lsp.settings import DETAILS
from magellan_lsp.store.dump import iter_details, iter_dump


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument(
        "--details",
        action="store_true",
        help="also chunks, control flow, syntax nodes and measures of every file",
    )
    add_refresh(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Print every record."""
    workspace = find_workspace(options)
    with opened(workspace, refresh=not options.no_refresh) as store:
        if options.details and not options.no_refresh and is_writer(store):
            with detailing(workspace, store, DETAILS, helpers=worker_count(workspace.settings)) as work:
                work.run()
        with store.read() as reader:
            for line in iter_dump(reader):
                print(line)
            for record in iter_details(reader) if options.details else ():
                print(json.dumps(record, ensure_ascii=True, separators=(",", ":")))
    return 0
