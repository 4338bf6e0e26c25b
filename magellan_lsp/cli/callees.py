"""List what a symbol calls, with the places of the calls.

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
    return run_calls(options, out, "outgoing")
