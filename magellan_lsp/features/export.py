"""magellan/export: the whole graph of a folder in a format for other programs."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from magellan_lsp.errors import UsageError
from magellan_lsp.protocol.choosing import FolderChoice, ask
from magellan_lsp.protocol.custom import custom
from magellan_lsp.protocol.server import Json, MagellanServer

if TYPE_CHECKING:
    from magellan_lsp.session.views import View

#: What is larger is written to a file and not into a reply.
MAX_REPLY_BYTES = 64 << 20


@attrs.frozen(kw_only=True)
class ExportParams(FolderChoice):
    """Params of ``magellan/export``."""

    format: str = "json"
    output: str | None = None


@custom("magellan/export", ExportParams)
async def export(server: MagellanServer, params: ExportParams) -> Json:
    """The graph as text, as base64 of bytes, or written to a file in the folder."""
    return await ask(server, params, "graphs", _export)


def _export(view: View, path: str | None, params: ExportParams) -> Json:
    from magellan_lsp.query.graph.export import export as pieces

    found = pieces(view.snapshot, params.format, view.folder.uri)
    if params.output is not None:
        from magellan_lsp.query.graph.export.files import write

        target = inside(Path(view.folder.real), params.output)
        n_bytes = write(found, target, "`output`")
        relative = target.relative_to(view.folder.real).as_posix()
        return {"path": relative, "uri": view.folder.uri_of(relative), "bytes": n_bytes}
    data = bytearray()
    for piece in found:
        data += piece
        if len(data) > MAX_REPLY_BYTES:
            raise UsageError(
                f"The export is larger than {MAX_REPLY_BYTES >> 20} MiB; say with `output` which file to write it to."
            )
    if params.format == "scip":
        return {"format": params.format, "content": base64.b64encode(data).decode(), "encoding": "base64"}
    return {"format": params.format, "content": data.decode(), "encoding": "utf-8"}


def inside(root: Path, output: str) -> Path:
    """The file that an export goes to: in the folder, and no part of what git or an index keeps there.

    Raises:
        UsageError: it lies elsewhere.
    """
    target = Path(os.path.normpath(root / output))
    parent = Path(os.path.realpath(target.parent))
    real = parent / target.name
    if not real.is_relative_to(os.path.realpath(root)) or real == Path(os.path.realpath(root)):
        raise UsageError(f"{output!r} lies outside the workspace folder.")
    if target.is_symlink() or target.is_dir():
        raise UsageError(f"{output!r} is a folder or a link; name a plain file.")
    parts = real.relative_to(os.path.realpath(root)).parts
    if parts[0] in (".git", ".magellan"):
        raise UsageError(f"{output!r} lies in {parts[0]}, which is not for exports.")
    return real
