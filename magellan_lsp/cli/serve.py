"""A language server that answers from a code graph kept on disk.

Without a command it serves an editor over standard input and output.
"""

from __future__ import annotations

import argparse
import sys

from magellan_lsp.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What serving takes."""
    parser.add_argument("--version", "-V", action="store_true", help="print the version and end")
    parser.add_argument(
        "--stdio", action="store_true", help="serve over standard input and output (the default)"
    )
    parser.add_argument(
        "--tcp", metavar="HOST:PORT", help="listen for one editor at a time on this address instead"
    )


def run(options: argparse.Namespace) -> int:
    """Serve until the editor is done."""
    if options.version:
        from magellan_lsp import __version__

        print(f"magellan-lsp {__version__}")
        return 0
    if options.stdio and options.tcp:
        raise UsageError("Say --stdio or --tcp HOST:PORT, not both.")
    address = _address(options.tcp) if options.tcp else None
    if address is None and sys.stdin.isatty():
        print(
            "magellan-lsp: serving an editor over standard input; `magellan-lsp --help` lists commands.",
            file=sys.stderr,
        )
    from magellan_lsp.cli.logs import start_logging

    start_logging(options)
    from importlib import import_module

    code: int = import_module("magellan_lsp.server").serve(options, address)
    return code


def _address(text: str) -> tuple[str, int]:
    """``HOST:PORT`` taken apart; ``:PORT`` and ``PORT`` mean this machine only, ``[::1]:PORT`` is IPv6."""
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise UsageError(f"--tcp takes HOST:PORT, such as 127.0.0.1:8888, not {text!r}.")
    return host.strip("[]") or "127.0.0.1", int(port)
