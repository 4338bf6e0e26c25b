"""Where the headers are that a C or C++ compiler looks for by itself: the system's folders, ``CPATH`` and its like, the
include folders outside of the workspace that its ``compile_commands.json`` names. No compiler is run.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from magellan_lsp.session.installed.look import is_file, is_folder
from magellan_lsp.settings import Settings

_DATABASE = "compile_commands.json"
#: Where the database usually is, relative to the workspace folder.
_BUILDS = ("", "build", "out", "builddir")
_MAX_BYTES = 64 << 20
_VARIABLES = ("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH")
_SYSTEM = (
    "/usr/local/include",
    "/usr/include",
    "/Library/Developer/CommandLineTools/SDKs/MacOSX.sdk/usr/include",
    "/opt/homebrew/include",
)


def places(folder: str, settings: Settings, environment: Mapping[str, str]) -> Sequence[str]:
    """Those of the database first, then the environment's, the system's, and the roots that the settings name."""
    found: dict[str, None] = {}
    for place in (
        *_of_databases(Path(folder)),
        *(one for name in _VARIABLES for one in environment.get(name, "").split(os.pathsep) if one),
        *_SYSTEM[:1],
        *_of_compilers(Path("/usr/lib/gcc")),
        *_multiarch(Path("/usr/include")),
        *_SYSTEM[1:],
        *(os.path.normpath(Path(folder, root)) for root in settings.dependencies_roots),
    ):
        if is_folder(place):
            found[str(place)] = None
    return list(found)


def _of_databases(folder: Path) -> Iterator[str]:
    for build in _BUILDS:
        try:
            place = folder / build / _DATABASE
            if not is_file(place) or place.stat().st_size > _MAX_BYTES:
                continue
            entries = json.loads(place.read_bytes())
        except (OSError, ValueError, RecursionError):
            continue
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield from _of_command(entry, folder)


def _of_command(entry: Mapping[str, object], folder: Path) -> Iterator[str]:
    """Include folders of one command that lie outside of the workspace folder."""
    given = entry.get("arguments")
    try:
        words = given if isinstance(given, list) else shlex.split(str(entry.get("command", "")))
    except ValueError:  # a quote that never ends
        return
    texts = [str(word) for word in words]
    for at, word in enumerate(texts):
        place = ""
        if word in ("-I", "-isystem", "-iquote", "-idirafter") and at + 1 < len(texts):
            place = texts[at + 1]
        elif word.startswith("-I"):
            place = word[2:]
        elif word.startswith("-isystem"):
            place = word[len("-isystem") :]
        if place:
            whole = os.path.normpath(Path(str(entry.get("directory", "")), place))
            if Path(whole).is_absolute() and not Path(whole).is_relative_to(folder):
                yield whole


def _of_compilers(root: Path) -> Iterator[str]:
    """What GCC brings itself (``stddef.h``), of the newest version of each target."""
    for target in _folders(root):
        versions = sorted(
            _folders(target), key=lambda one: [int(part) for part in one.name.split(".") if part.isdigit()]
        )
        for version in versions[-1:]:
            yield str(version / "include")


def _multiarch(root: Path) -> Iterator[str]:
    for inner in _folders(root):
        if inner.name.count("-") >= 2 and is_folder(inner / "bits"):
            yield str(inner)


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(one for one in place.iterdir() if is_folder(one))
    except OSError:
        return []
