"""Include folders in a compilation database (``compile_commands.json``), as paths of the workspace.

Its paths are those of the machine and folder that the build ran in, which the workspace need not know: where they begin
with the workspace's own folder is told by the files that are compiled.
"""

from __future__ import annotations

import json
import posixpath
import shlex
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

#: So many compiled files are looked at to find out where the workspace is.
_SAMPLE = 64
_WITH_FOLDER = ("-I", "-iquote", "-isystem", "-idirafter")


def include_folders(content: bytes, base: str, exists: Callable[[str], bool]) -> list[str]:
    """The folders, relative to the workspace and each once; those outside are left out.

    ``base`` is the folder in which the database lies, relative to the workspace ("" for its own); ``exists`` says whether a
    path of the workspace is a file.
    """
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        return []
    entries = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    root = _workspace(entries, base, exists)
    found: dict[str, None] = {}
    for entry in entries:
        directory = _text(entry, "directory")
        for folder in _folders(_words(entry)):
            whole = posixpath.normpath(posixpath.join(directory, folder))
            if posixpath.isabs(whole):
                if root and (whole == root or whole.startswith(root + "/")):
                    found[whole[len(root) + 1 :] or "."] = None
            else:
                inside = posixpath.normpath(posixpath.join(base, whole))
                if not inside.startswith("../"):
                    found[inside] = None
    return list(found)


def _workspace(entries: Sequence[dict[str, object]], base: str, exists: Callable[[str], bool]) -> str:
    """The absolute path that most compiled files have before a path of the workspace.

    "" when no path is absolute; where none of the files is known, the database's directory is taken for the one it lies in.
    """
    found: Counter[str] = Counter()
    for entry in entries[:: max(1, len(entries) // _SAMPLE)]:
        path = posixpath.normpath(posixpath.join(_text(entry, "directory"), _text(entry, "file")))
        at = path.find("/", 1) if posixpath.isabs(path) else -1
        while at > 0:
            if exists(path[at + 1 :]):
                found[path[:at]] += 1
                break
            at = path.find("/", at + 1)
    if found:
        return max(found, key=lambda root: (found[root], root))
    directory = _text(entries[0], "directory") if entries else ""
    if not posixpath.isabs(directory):
        return ""
    tail = "/" + base if base else ""
    whole = posixpath.normpath(directory)
    return whole[: len(whole) - len(tail)] if whole.endswith(tail) else ""


def _text(entry: dict[str, object], key: str) -> str:
    given = entry.get(key)
    return given if isinstance(given, str) else ""


def _words(entry: dict[str, object]) -> list[str]:
    given = entry.get("arguments")
    if isinstance(given, list):
        return [str(word) for word in given]
    command = _text(entry, "command")
    if not any(mark in command for mark in "\"'\\"):
        return command.split()
    try:
        return shlex.split(command)
    except ValueError:  # a quote that never ends
        return []


def _folders(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        if word in _WITH_FOLDER:
            if at + 1 < len(words):
                yield words[at + 1]
        elif word.startswith("-I"):
            yield word[2:]
        elif word.startswith("-isystem"):
            yield word[len("-isystem") :]
