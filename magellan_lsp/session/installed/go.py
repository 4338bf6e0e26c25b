"""Where Go's packages are: the standard library below ``GOROOT/src`` and the module cache. No ``go`` is run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from magellan_lsp.session.installed.look import is_folder
from magellan_lsp.settings import Settings


def places(folder: str, settings: Settings, environment: Mapping[str, str]) -> Sequence[str]:
    """The standard library's sources first, then the module cache, then the roots that the settings name."""
    found = [_library(environment), _cache(environment)]
    found += [Path(os.path.normpath(Path(folder, root))) for root in settings.dependencies_roots]
    return [str(place) for place in found if place is not None and is_folder(place)]


def _library(environment: Mapping[str, str]) -> Path | None:
    """``src`` of the installation that ``GOROOT`` names, or that the first ``go`` on the ``PATH`` belongs to."""
    given = environment.get("GOROOT")
    if given:
        return Path(given, "src")
    program = shutil.which("go", path=environment.get("PATH", ""))
    homes = [Path(program).resolve().parent.parent] if program else []
    for home in [*homes, Path("/usr/local/go"), Path("/usr/lib/go")]:
        if is_folder(home / "src" / "builtin"):
            return home / "src"
    return None


def _cache(environment: Mapping[str, str]) -> Path | None:
    if environment.get("GOMODCACHE"):
        return Path(environment["GOMODCACHE"])
    first = environment.get("GOPATH", "").split(os.pathsep)[0]
    if first:
        return Path(first, "pkg", "mod")
    home = environment.get("HOME") or environment.get("USERPROFILE")
    return Path(home, "go", "pkg", "mod") if home else None
