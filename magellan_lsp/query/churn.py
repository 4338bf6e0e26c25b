"""How often files were changed, as git remembers it. Tests: ``tests/query/test_details.py``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import attrs

from magellan_lsp import git

#: The newest commits count, so many at most; beyond them, or when git takes longer, the answer is of what was read.
MAX_COMMITS = 20_000
TIMEOUT_S = 10.0
_MARK = b"\x01"


class FileChurn(NamedTuple):
    """What happened to one file. A line that was changed is one added and one deleted."""

    commits: int
    added: int
    deleted: int


@attrs.frozen
class Churn:
    """The history that was read."""

    files: dict[str, FileChurn]
    """By path, relative to the folder, with ``/``; what is gone since included."""
    n_commits: int
    is_complete: bool
    """False when there is more history than was read."""


def churn(root: Path, *, timeout_s: float = TIMEOUT_S, check: Callable[[], None] = lambda: None) -> Churn:
    """The history of a folder's files. Merges count nothing; a renamed file begins anew.

    Raises:
        GitUnavailable: there is no git, or no repository.
    """
    found = git.run(
        root,
        *("log", f"--max-count={MAX_COMMITS}", "--no-show-signature", "--format=%x01", "--numstat", "-z"),
        *("--no-renames", "--no-ext-diff", "--no-textconv", "--relative", "--", "."),
        timeout_s=timeout_s,
        check=check,
    )
    data = found.data if found.complete else found.data[: found.data.rfind(b"\0") + 1]
    files, n_commits = _parsed(data)
    return Churn(files, n_commits, found.complete and n_commits < MAX_COMMITS)


def _parsed(data: bytes) -> tuple[dict[str, FileChurn], int]:
    """What ``--numstat -z`` writes: a mark per commit, then ``added TAB deleted TAB path`` per file, with zeros between."""
    counts: dict[bytes, list[int]] = {}
    n_commits = 0
    for field in data.split(b"\0"):
        row = field.lstrip(b"\n")
        while row.startswith(_MARK):
            n_commits += 1
            row = row[1:].lstrip(b"\n")
        parts = row.split(b"\t", 2)
        if len(parts) == 3:
            added, deleted, path = parts
            count = counts.setdefault(path, [0, 0, 0])
            count[0] += 1
            if added != b"-":  # a binary file has no lines
                count[1] += int(added)
                count[2] += int(deleted)
    files = {path.decode("utf-8", "surrogateescape"): FileChurn(*count) for path, count in counts.items()}
    return files, n_commits
