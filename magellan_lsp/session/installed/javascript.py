"""Where npm, pnpm and yarn put packages: ``node_modules`` in the workspace, and those the settings name.

A folder above the workspace is read only when ``dependencies.roots`` names it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from magellan_lsp.session.installed.look import is_folder
from magellan_lsp.settings import Settings

#: Folders of this name hold packages at any depth of the workspace.
FOLDER = "node_modules"


def places(folder: str, settings: Settings, environment: Mapping[str, str]) -> Sequence[str]:
    """``node_modules`` of the workspace folder and of the roots that the settings name."""
    found = [Path(folder, FOLDER)]
    for root in settings.dependencies_roots:
        place = Path(os.path.normpath(Path(folder, root)))
        found.append(place if place.name == FOLDER else place / FOLDER)
    return [str(place) for place in found if is_folder(place)]
