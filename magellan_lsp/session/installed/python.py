"""Where Python's packages are: ``site-packages`` and the standard library of the environment that a workspace uses.

The environment is the one that the settings name, else the workspace's own (a folder with ``pyvenv.cfg``), else
that of ``VIRTUAL_ENV`` or ``CONDA_PREFIX``, else that of the first ``python3`` on the ``PATH``. It is recognised by
its folders; the interpreter is never run.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from magellan_lsp.session.installed.look import is_file, is_folder
from magellan_lsp.settings import Settings

_MARK = "pyvenv.cfg"
#: Looked at before other folders of the workspace.
_USUAL = (".venv", "venv", "env", ".env")
_VERSION = re.compile(r"^python(\d+)\.(\d+)t?$")
_KEY = re.compile(r"^\s*(home|version|version_info)\s*=\s*(.+?)\s*$", re.MULTILINE)
_MAX_BYTES = 1 << 16


def places(folder: str, settings: Settings, environment: Mapping[str, str]) -> Sequence[str]:
    """``site-packages`` first, then the standard library, then the roots that the settings name."""
    found: dict[str, None] = {}
    for prefix in _environments(Path(folder), settings, environment):
        for place in _of_prefix(prefix):
            found[str(place)] = None
        if found:
            break
    for root in settings.dependencies_roots:
        place = Path(os.path.normpath(Path(folder, root)))
        inner = _of_prefix(place)
        for one in inner or ([place] if is_folder(place) and place.name != "node_modules" else []):
            found[str(one)] = None
    return list(found)


def _environments(folder: Path, settings: Settings, environment: Mapping[str, str]) -> list[Path]:
    """Prefixes of environments, the likeliest first."""
    if settings.dependencies_python:
        return [_prefix_of(Path(os.path.normpath(Path(folder, settings.dependencies_python))))]
    found = [folder / name for name in _USUAL if is_file(folder / name / _MARK)]
    if not found:
        try:
            found = sorted(one for one in folder.iterdir() if is_file(one / _MARK))
        except OSError:
            found = []
    found += [Path(environment[key]) for key in ("VIRTUAL_ENV", "CONDA_PREFIX") if environment.get(key)]
    interpreter = shutil.which("python3", path=environment.get("PATH", "")) or shutil.which(
        "python", path=environment.get("PATH", "")
    )
    return [*found, _prefix_of(Path(interpreter))] if interpreter else found


def _prefix_of(place: Path) -> Path:
    """The environment that an interpreter belongs to: the folder above its ``bin``; a folder is one itself."""
    if is_folder(place):
        return place
    own = place.parent.parent if place.parent.name in ("bin", "Scripts") else place.parent
    if is_file(own / _MARK):
        return own
    real = place.resolve()  # /usr/bin/python3 may be a link into another installation
    return real.parent.parent if real.parent.name in ("bin", "Scripts") else real.parent


def _of_prefix(prefix: Path) -> list[Path]:
    """``site-packages`` and standard library below a prefix; [] when it is no environment."""
    found: list[Path] = []
    config = prefix / _MARK
    for library in _libraries(prefix):
        found += _packages(library)
    if is_file(config):
        home, version = _base(config)
        if home is not None:
            for library in _libraries(home):
                if not version or library.name in ("Lib", f"python{version}"):
                    found.append(library)
                    break
    else:
        for library in _libraries(prefix)[:1]:
            found.append(library)
            # Debian keeps what its own packages bring in one folder for all versions
            shared = library.parent / "python3" / "dist-packages"
            found += [shared] if is_folder(shared) else []
    return found


def _packages(library: Path) -> list[Path]:
    found = [library / name for name in ("site-packages", "dist-packages")]
    return [place for place in found if is_folder(place)]


def _libraries(prefix: Path) -> list[Path]:
    """``lib/python3.X`` of a prefix, the newest first; ``Lib`` on Windows."""
    found: list[tuple[tuple[int, int], Path]] = []
    try:
        for place in (prefix / "lib").iterdir():
            match = _VERSION.match(place.name)
            if match is not None and is_folder(place):
                found.append(((int(match[1]), int(match[2])), place))
    except (OSError, ValueError):  # not there, or no name of a folder
        pass
    found.sort(reverse=True)
    windows = prefix / "Lib"
    return [place for _, place in found] or ([windows] if is_folder(windows) else [])


def _base(config: Path) -> tuple[Path | None, str]:
    """The installation that a virtual environment was made from, and its version as ``3.11``."""
    try:
        with config.open("rb") as file:
            text = file.read(_MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return None, ""
    given = {match[1]: match[2] for match in _KEY.finditer(text)}
    version = ".".join(given.get("version", given.get("version_info", "")).split(".")[:2])
    home = Path(given["home"]) if "home" in given else None
    if home is not None and home.name in ("bin", "Scripts"):
        home = home.parent
    return home, version
