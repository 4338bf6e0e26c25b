"""Which folder, document or symbol a request beyond LSP is about: params to inherit from, and asking it.

::

    @attrs.frozen(kw_only=True)
    class CfgParams(SymbolChoice):
        picture: str | None = None

    @custom("magellan/cfg", CfgParams)
    async def cfg(server: MagellanServer, params: CfgParams) -> Json:
        return await ask(server, params, "cfg", answer)

    def answer(view: View, path: str | None, params: CfgParams) -> Json: ...    # in a thread

How a symbol is then found and written down: :mod:`magellan_lsp.protocol.shapes`, to be imported in ``answer``, since it
brings with it what a server need not load to start. Tests: ``tests/e2e/test_second_tier.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from magellan_lsp.errors import UsageError
from magellan_lsp.protocol.custom import Position, TextDocument
from magellan_lsp.session import uris

if TYPE_CHECKING:
    from magellan_lsp.protocol.server import MagellanServer
    from magellan_lsp.session import Where
    from magellan_lsp.session.folders import Folder
    from magellan_lsp.session.views import View

Json = Any

#: A question about a whole folder answers with so many things unless it is told otherwise.
LIMIT = 100


@attrs.frozen(kw_only=True)
class FolderChoice:
    """Params of a question about a workspace folder; the first one unless ``folder``, a URI, says otherwise."""

    folder: str | None = None


@attrs.frozen(kw_only=True)
class LimitedFolderChoice(FolderChoice):
    """… whose answer is cut at ``limit``."""

    limit: int = LIMIT


@attrs.frozen(kw_only=True)
class SymbolChoice(FolderChoice):
    """Params of a question about a symbol: the one at a position, or one by name, fqn, display fqn or id."""

    text_document: TextDocument | None = None
    position: Position | None = None
    symbol: str | None = None


P = TypeVar("P", bound=FolderChoice)


async def ask(
    server: MagellanServer, params: P, feature: str, answer: Callable[[View, str | None, P], Json]
) -> Json:
    """``answer(view, path, params)`` in a thread, of one state of the folder that the params are about.

    ``path`` is that of ``params.text_document``, or None. A feature that is switched off answers null.

    Raises:
        UsageError: there is no such folder.
        UnknownDocument: the document is neither open nor in a folder.
        JsonRpcException: the document was edited meanwhile in a way that makes the answer wrong.
    """
    document: TextDocument | None = getattr(params, "text_document", None)
    where: Where | None = server.session.where(document.uri) if document is not None else None
    if not server.is_on(feature, where.language if where is not None else None):
        return None
    folder = where.folder if where is not None else folder_of(server, params.folder)
    path = where.path if where is not None else None
    return await server.respond(folder, params, lambda view: answer(view, path, params))


def folder_of(server: MagellanServer, uri: str | None) -> Folder:
    """The served folder of a URI; the first that the client named when None is given.

    Raises:
        UsageError: it is not served, or no folder is.
    """
    folders = server.session.folders
    if not folders:
        raise UsageError("No workspace folder is open.")
    if uri is None:
        return server.session.first_folder or folders[0]
    wanted = uris.same_spelling(uri.rstrip("/"))
    for folder in folders:
        if uris.same_spelling(folder.uri) == wanted:
            return folder
    raise UsageError(f"{uri} is no workspace folder; there are {', '.join(one.uri for one in folders)}.")


def checked_limit(limit: int, most: int = 100_000) -> int:
    """A limit from params.

    Raises:
        UsageError: it is below 1.
    """
    if limit < 1:
        raise UsageError(f"`limit` must be at least 1, not {limit}.")
    return min(limit, most)
