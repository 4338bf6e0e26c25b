"""magellan/detect, magellan/migrate and magellan/migration: indexes of Magellan, and what became of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from magellan_lsp.errors import UsageError
from magellan_lsp.protocol.choosing import FolderChoice, folder_of
from magellan_lsp.protocol.custom import custom
from magellan_lsp.protocol.server import Json, MagellanServer
from magellan_lsp.session import uris

if TYPE_CHECKING:
    from magellan_lsp.session.folders import Folder
    from magellan_lsp.session.views import View


@attrs.frozen(kw_only=True)
class DetectParams(FolderChoice):
    """A file or folder, by its path (absolute, or relative to the workspace folder) or its URI."""

    path: str | None = None
    uri: str | None = None


@attrs.frozen(kw_only=True)
class MigrateParams(FolderChoice):
    """Which database; the one that is found when ``input`` is absent."""

    input: str | None = None


@custom("magellan/detect", DetectParams)
async def detect(server: MagellanServer, params: DetectParams) -> Json:
    """What a file is, by its header."""
    path = uris.to_path(params.uri) if params.uri is not None else params.path
    if not path:
        raise UsageError("Give `path`, or the `uri` of a file.")
    return await asyncio.to_thread(_identify, _place(server, params, path))


def _identify(path: str) -> dict[str, Any]:
    from magellan_lsp.migrate.identify import identify

    return identify(path).document()


@custom("magellan/migrate", MigrateParams)
async def migrate(server: MagellanServer, params: MigrateParams) -> Json:
    """Take over an index of Magellan now; the report, or null when there is none."""
    folder = folder_of(server, params.folder)
    path = _place(server, params, params.input) if params.input else ""
    return _shown(await server.session.migrate(folder, path))


@custom("magellan/migration", FolderChoice)
async def migration(server: MagellanServer, params: FolderChoice) -> Json:
    """The report of the folder's last migration, or null."""
    return await server.respond(folder_of(server, params.folder), params, last_report)


def last_report(view: View) -> Json:
    """In a thread."""
    from magellan_lsp.migrate import carried

    return _shown(carried.find_report(view.snapshot.reader))


def _shown(report: dict[str, Any] | None) -> dict[str, Any] | None:
    """A report without what only the next start wants to know."""
    if report is None:
        return None
    return {key: value for key, value in report.items() if key not in ("source", "final")}


def _place(server: MagellanServer, params: FolderChoice, path: str) -> str:
    if Path(path).is_absolute() or path.startswith((":memory:", "file:")):
        return path
    folder: Folder = folder_of(server, params.folder)
    return str(Path(folder.real) / path)
