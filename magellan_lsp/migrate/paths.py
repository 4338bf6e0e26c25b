"""Magellan's paths and ours: it keys files by absolute paths (2.x, 3.x) or by ones relative to a root (4.15 on).

An index may have been made elsewhere and moved: then the root that it was made in is worked out. Tests:
``tests/migration/test_paths.py``.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

#: So many files are tried to find out below which folder an index was made.
_SAMPLE = 50


class Paths:
    """Turns Magellan's paths into ours, which are relative to the workspace, with ``/``.

    Args:
        roots: where the index says that it was made, best first.
        files: paths of files, as the index has them.
        workspace: the folder that it is for.
    """

    def __init__(self, roots: Sequence[str], files: Sequence[str], workspace: Path) -> None:
        self._prefixes = _prefixes(roots, files, workspace)

    def ours(self, path: str) -> str | None:
        """A path relative to the workspace; None for one that lies elsewhere."""
        if not path.startswith("/") and not _has_drive(path):
            return _inside(path)
        plain = path.replace("\\", "/") if _has_drive(path) else path
        for prefix in self._prefixes:
            if plain.startswith(prefix):
                return _inside(plain[len(prefix) :])
        return None


def _has_drive(path: str) -> bool:
    return len(path) > 2 and path[1] == ":" and path[2] in "\\/"


def _inside(path: str) -> str | None:
    """A relative path that stays inside, or None."""
    parts = path.replace("\\", "/").split("/") if _has_drive(path) else path.split("/")
    kept = [part for part in parts if part not in ("", ".")]
    if ".." in kept or not kept or "\0" in path:
        return None
    return "/".join(kept)


def _prefixes(roots: Sequence[str], files: Sequence[str], workspace: Path) -> list[str]:
    """What absolute paths begin with, best first, each with a ``/`` at its end."""
    absolute = [path for path in files if path.startswith("/") or _has_drive(path)]
    own = list(dict.fromkeys((str(workspace), os.path.realpath(workspace))))
    said = [root for root in roots if root.startswith("/") or _has_drive(root)]
    found: list[str] = []
    for root in (*own, *said):
        prefix = root.replace("\\", "/").rstrip("/") + "/"
        if any(path.replace("\\", "/").startswith(prefix) for path in absolute):
            found.append(prefix)
    if not found and absolute:
        found.append(_moved(absolute, workspace))
    return list(dict.fromkeys(found))


def _moved(files: Sequence[str], workspace: Path) -> str:
    """The folder under which the files were, if the workspace is that folder now."""
    common = PurePosixPath(os.path.commonpath([str(PurePosixPath(path).parent) for path in files]))
    step = max(1, len(files) // _SAMPLE)
    there: Counter[str] = Counter()
    candidates = [common, *common.parents]
    for path in files[::step]:
        for folder in candidates:
            if (workspace / PurePosixPath(path).relative_to(folder)).is_file():
                there[str(folder)] += 1
    best = max(candidates, key=lambda folder: (there[str(folder)], len(folder.parts)))
    return str(best).rstrip("/") + "/"


def roots_of(index_roots: Iterable[object], execution_roots: Iterable[object]) -> list[str]:
    """Where an index says that it was made: its root, then those of its runs, the newest first."""
    said = [*index_roots, *reversed(list(execution_roots))]
    return list(dict.fromkeys(str(root) for root in said if isinstance(root, str) and root not in ("", ".")))
