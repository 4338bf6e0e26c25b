"""Options that several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from magellan_lsp.cli.logs import LEVELS

SYMBOL_HELP = (
    "a simple name, a full name (pkg.mod.Class.method or path/to/file.py::Class.method), a symbol id (32 hex "
    "digits or the first ones), a file, or FILE:LINE:COLUMN (from 1, in characters)"
)


class _Backend(argparse.Action):
    """Notes a setting that has an option of its own."""

    def __call__(
        self, parser: object, namespace: argparse.Namespace, value: object, option: object = None
    ) -> None:
        namespace.set = [*namespace.set, f"backend={value}"]


def add_common(parser: argparse.ArgumentParser, *, formats: bool) -> None:
    """What every command takes; ``formats``: it also answers in JSON."""
    group = parser.add_argument_group("common options")
    group.add_argument(
        "--root",
        metavar="DIR",
        help="the workspace (default: the nearest folder upward with .magellan, .git or a project file)",
    )
    group.add_argument(
        "--index", metavar="DIR", help="where the index is kept (default: .magellan in the workspace)"
    )
    group.add_argument(
        "--backend",
        action=_Backend,
        choices=("lmdb", "sqlite"),
        help="what the index is kept in (default: lmdb); the same as --set backend=…",
    )
    group.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a setting, as in docs/settings.md; may be repeated",
    )
    group.add_argument("--log-file", metavar="FILE", help="write the log to FILE, not to standard error")
    group.add_argument("--log-level", choices=LEVELS, help="how much is logged (default: warning)")
    if formats:
        group.add_argument(
            "--format",
            choices=("text", "json"),
            default="text",
            help="for people (the default) or for scripts",
        )


def at_least(least: int) -> Callable[[str], int]:
    """What an option takes that counts something: a whole number, this one or more."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} is no number") from error
        if value < least:
            raise argparse.ArgumentTypeError(f"must be at least {least}")
        return value

    return number


def add_refresh(parser: argparse.ArgumentParser) -> None:
    """For commands that ask the index."""
    parser.add_argument(
        "--no-refresh",
        action="store_true",
        help="answer from the index as it is, without looking for changed files first",
    )


def add_symbol(parser: argparse.ArgumentParser) -> None:
    """For commands that ask about one symbol."""
    parser.add_argument("symbol", metavar="SYMBOL", help=SYMBOL_HELP)
    parser.add_argument(
        "--all", action="store_true", help="where a name stands for several symbols, answer for all of them"
    )
    add_refresh(parser)
