"""List who calls a symbol, with the places of the calls.

Of a property, field or variable every use counts. A call outside all functions is by the file.

Tests: ``tests/cli/test_questions.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.calls import add_call_arguments, run_calls
from magellan_lsp.cli.show import Out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    add_call_arguments(parser)


def run(options: argparse.Namespace, out: Out) -> int:
    """Look up and print."""
    return run_calls(options, out, "incoming")
