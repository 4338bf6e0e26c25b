"""Where installed packages are on this machine, and their files, for questions that lead out of the workspace.

``files.py`` reads; one module per language knows where its packages are. No code of the workspace or of a package
is run: places are found by looking at folders, settings and the environment. Tests:
``tests/session/test_installed.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from magellan_lsp.session.installed import c, go, java, javascript, python, rust
from magellan_lsp.session.installed.archives import Archive
from magellan_lsp.session.installed.files import PackageFiles
from magellan_lsp.settings import Settings

__all__ = ["FINDERS", "PackageFiles", "places"]

#: By language family: the absolute folders, or archives, that hold its packages, given the workspace folder, the
#: settings and the environment, in the order in which they are looked at.
FINDERS: Mapping[str, Callable[[str, Settings, Mapping[str, str]], Sequence[str | Archive]]] = {
    "c": c.places,
    "go": go.places,
    "java": java.places,
    "javascript": javascript.places,
    "python": python.places,
    "rust": rust.places,
}


def places(
    folder: str, settings: Settings, environment: Mapping[str, str] = os.environ
) -> dict[str, Sequence[str | Archive]]:
    """Absolute folders and archives of installed packages by language family, for a workspace folder (real, absolute)."""
    return {family: find(folder, settings, environment) for family, find in FINDERS.items()}
