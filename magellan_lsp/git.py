"""Asks git about a workspace without running anything that the workspace brings along.

A repository's own configuration may name programs (hooks, a file-system monitor, external diffs, text converters,
signature checkers, remote helpers); none of them is run. Nothing is fetched, no lock is taken, no pager or prompt comes
up. Output and time are bounded. Tests: ``tests/test_git.py``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple

from magellan_lsp.errors import GitUnavailable

TIMEOUT_S = 10.0
MAX_BYTES = 64 << 20
_READ_BYTES = 1 << 16
_LOOK_EVERY_S = 0.05
_MESSAGE_BYTES = 4096

#: Given before the command, so that they win over what the repository's configuration says.
_SAFE = (
    *(
        "-c",
        "core.fsmonitor=false",
        "-c",
        f"core.hooksPath={os.devnull}",
        "-c",
        f"core.attributesFile={os.devnull}",
    ),
    *("-c", "log.showSignature=false", "-c", "diff.external=", "-c", "core.alternateRefsCommand="),
    *("-c", "credential.helper=", "-c", "core.askPass=", "-c", "protocol.allow=never"),
    *("-c", "color.ui=false", "-c", "core.quotePath=false"),
)
#: Of what git takes from its environment, what makes it look elsewhere or run something.
_LEFT_OUT = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_EXTERNAL_DIFF",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
)


class Output(NamedTuple):
    """What git wrote; ``complete`` is False when it was stopped at a limit."""

    data: bytes
    complete: bool


def run(
    root: Path,
    *arguments: str,
    timeout_s: float = TIMEOUT_S,
    max_bytes: int = MAX_BYTES,
    check: Callable[[], None] = lambda: None,
) -> Output:
    """Run a git command in a folder.

    Commands that show differences have to be given ``--no-ext-diff`` and ``--no-textconv``.

    Args:
        root: where it runs; git looks from there upward for the repository.
        arguments: of git: the command and its own.
        timeout_s: after so many seconds it is stopped; what it wrote until then counts.
        max_bytes: the same for what it writes.
        check: called at least once; an exception from it stops git and leaves.

    Raises:
        GitUnavailable: there is no git, no repository, or the command failed.
    """
    program = _program(root)
    try:
        process = subprocess.Popen(
            [program, "--no-pager", "--no-optional-locks", *_SAFE, *arguments],
            cwd=root,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise GitUnavailable(f"Git cannot be started: {error.strerror or error}.") from error
    assert process.stdout is not None
    assert process.stderr is not None
    out = _Reading(process.stdout, max_bytes)
    err = _Reading(process.stderr, _MESSAGE_BYTES)
    until = time.monotonic() + timeout_s
    stopped = False
    try:
        check()
        while out.is_alive():
            out.join(_LOOK_EVERY_S)
            check()
            if out.is_full or time.monotonic() > until:
                break
        stopped = out.is_full or out.is_alive()
    finally:
        if out.is_alive():
            process.kill()
        out.join()
        code = process.wait()
        err.join()
        process.stdout.close()
        process.stderr.close()
    if code and not stopped:
        lines = bytes(err.data).decode("utf-8", "replace").strip().splitlines()
        said = lines[0].rstrip(".") if lines else f"exit code {code}"
        raise GitUnavailable(f"Git says: {said}.")
    return Output(bytes(out.data), not stopped)


class _Reading(threading.Thread):
    """Reads a stream to its end and keeps the first bytes of it."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._most = most
        self.data = bytearray()
        self.is_full = False
        self.start()

    def run(self) -> None:
        while part := os.read(self._stream.fileno(), _READ_BYTES):
            room = self._most - len(self.data)
            self.data += part[:room]
            if len(part) > room:
                self.is_full = True


def _program(root: Path) -> str:
    """Path of git. One inside the workspace is none of ours."""
    found = shutil.which("git")
    if found is None:
        raise GitUnavailable("Git is not installed, or not on the PATH.")
    if Path(found).resolve().is_relative_to(root.resolve()):
        raise GitUnavailable("The git on the PATH lies in the workspace itself, so it is not run.")
    return found


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in _LEFT_OUT}
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
