"""The entry point: finds the command, runs it, turns what goes wrong into one line and an exit code.

Nothing but the standard library is imported here, and of the commands only the one that runs: an editor waits
for the server, and a shell for ``--version``. Tests: ``tests/cli/test_main.py``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from magellan_lsp import __version__
from magellan_lsp.cli.commands import COMMANDS, SERVE

if TYPE_CHECKING:
    import argparse

FOUND = 0
NOTHING_FOUND = 1
MISUSE = 2
#: What was not foreseen.
UNEXPECTED = 3
INTERRUPTED = 130
#: What a shell reports of a program that SIGPIPE ended.
BROKEN_PIPE = 141

#: Options that take a value, so that the value is not taken for the command.
_WITH_VALUE = frozenset(
    {"--root", "--index", "--backend", "--format", "--set", "--tcp", "--log-file", "--log-level", "--parent"}
    | {"--input", "--output", "--to", "--export-dir"}
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (default: the process's own); the answer is the exit code. Prints no traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-V"]):
        print(f"magellan-lsp {__version__}")
        return FOUND
    try:
        code = _run(given)
        sys.stdout.flush()
        return code
    except SystemExit as error:  # argparse has said what was wrong
        return error.code if isinstance(error.code, int) else MISUSE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return _pipe_broke()
    except Exception as error:  # noqa: BLE001 - the last stop before the user
        return _failed(error, given)


def split_command(given: Sequence[str]) -> tuple[str, list[str]]:
    """The command's name ("" for none) and all else, whatever order they came in."""
    skip = False
    for position, word in enumerate(given):
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in _WITH_VALUE
        else:
            return word, [*given[:position], *given[position + 1 :]]
    return "", list(given)


def build_parser(name: str) -> argparse.ArgumentParser:
    """The parser of one command; "" stands for serving."""
    import argparse
    from importlib import import_module

    from magellan_lsp.cli.options import add_common

    command = COMMANDS.get(name, SERVE)
    module = import_module(f"magellan_lsp.cli.{command.module}")
    parser = argparse.ArgumentParser(
        prog=f"magellan-lsp {name}".strip(),
        description=module.__doc__.partition("\n\nTests:")[0] if module.__doc__ else command.summary,
        epilog=None if name else _overview(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    add_common(parser, formats=name not in ("", "dump", "watch"))
    return parser


def _run(given: list[str]) -> int:
    name, rest = split_command(given)
    if name == "help":
        name, rest = (rest[0] if rest and rest[0] in COMMANDS else ""), ["--help"]
    if name and name not in COMMANDS:
        return _unknown(name)
    options = build_parser(name).parse_args(rest)
    options.given = tuple(given)

    from importlib import import_module

    from magellan_lsp.cli.logs import start_logging

    if name:
        from magellan_lsp.cli.show import Out

        start_logging(options)
        module = import_module(f"magellan_lsp.cli.{COMMANDS[name].module}")
        out = Out(getattr(options, "format", "text"))
        code: int = module.run(options, out)
        if code == NOTHING_FOUND and not out.is_json:
            print("magellan-lsp: nothing found.", file=sys.stderr)
        return code
    from magellan_lsp.cli import serve

    return serve.run(options)


def _unknown(name: str) -> int:
    import difflib

    near = difflib.get_close_matches(name, COMMANDS, 1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; the commands are {', '.join(COMMANDS)}."
    print(f"magellan-lsp: there is no command {name!r}{hint}", file=sys.stderr)
    return MISUSE


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "commands:",
            *lines,
            "",
            "`magellan-lsp COMMAND --help` says more.",
            "Exit codes: 0 found, 1 nothing found, 2 misuse, 3 and up errors.",
        ]
    )


def _pipe_broke() -> int:
    """Whoever read our output has gone: end quietly, also when the interpreter flushes at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    return BROKEN_PIPE


def _failed(error: Exception, given: Sequence[str]) -> int:
    """Tell the user in a line; the traceback goes to a file, or to the screen when MAGELLAN_DEBUG is set."""
    if os.environ.get("MAGELLAN_DEBUG", "") not in ("", "0"):
        import traceback

        traceback.print_exception(error)
    from magellan_lsp.cli.failure import describe, exit_code

    as_json = "--format=json" in given or ("--format", "json") in pairwise(given)
    try:
        print(describe(error, as_json=as_json), file=sys.stderr)
    except OSError:
        pass
    return exit_code(error)
