"""What changes in the code graph, as an async iterator: files that were indexed or went, symbols that changed.

The server makes ``magellan/graphChanged`` notifications of it. In Python::

    async for event in graph_events("path/to/workspace"):
        print(event.indexed, event.removed, event.changed)

Tests: ``tests/session/test_graph_events.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from magellan_lsp.errors import MagellanError

if TYPE_CHECKING:
    from magellan_lsp.query.graph.changes import Changed, Fingerprints
    from magellan_lsp.session.folders import Folder
    from magellan_lsp.session.service import Event
    from magellan_lsp.session.session import Session
    from magellan_lsp.session.views import View
    from magellan_lsp.settings import Settings

#: So many SymbolIds, and so many paths, are in one event at most.
MAX_CHANGED = 1000
#: What asking raises when it cannot be answered, or (a plain RuntimeError) when the session is over.
_GIVEN_UP = (MagellanError, RuntimeError)
#: Of a commit with more files than this it is not looked which symbols changed.
MAX_FILES = 200


@attrs.frozen
class GraphEvent:
    """One commit to the index of one folder."""

    folder: Folder
    generation: int
    """Of the index, after the commit."""
    indexed: tuple[str, ...]
    """Paths whose facts or links are new: changed files, and those that refer to what changed; sorted."""
    removed: tuple[str, ...]
    """Paths that are gone; sorted."""
    changed: tuple[str, ...]
    """SymbolIds that are new, gone, or have another text of their own; sorted."""
    truncated: bool
    """There is more of something than this holds: ask anew what you need."""


class GraphEvents:
    """Every commit of a session's indexer from now on, in order: an async iterator that never ends by itself.

    Commits that come faster than they are taken wait, each on its own.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._waiting: asyncio.Queue[tuple[Folder, Event]] = asyncio.Queue()
        self._known: dict[str, Fingerprints] = {}
        self._is_closed = False
        session.listen(self._hear)

    def _hear(self, folder: Folder, event: Event) -> None:
        if not self._is_closed and type(event).__name__ in ("FilesIndexed", "Ready"):
            self._waiting.put_nowait((folder, event))

    def __aiter__(self) -> GraphEvents:
        return self

    async def __anext__(self) -> GraphEvent:
        while True:
            folder, event = await self._waiting.get()
            found = await _event(self._session, folder, event, self._known)
            if found is not None:
                return found

    def close(self) -> None:
        """Hear no more."""
        self._is_closed = True


async def graph_events(root: Path | str, settings: Settings | None = None) -> AsyncIterator[GraphEvent]:
    """Keep a workspace's index up to date, and say what changes in it, for as long as it is iterated over.

    An indexer process of its own looks at the files first (so the first events are of what changed since the index was
    written, or of everything), then follows the disk. Close the iterator (``aclose``) to end it.

    Raises:
        ValueError: ``root`` is no folder.
    """
    root = Path(root).absolute()  # noqa: ASYNC240 - once, before there is anything to hold up
    if not root.is_dir():
        raise ValueError(f"{root} is not a folder")
    from magellan_lsp.session.session import Session

    session = Session(settings)
    events = GraphEvents(session)
    await session.add_folder(root.as_uri(), root.name)
    try:
        await session.start()
        async for event in events:
            yield event
    finally:
        events.close()
        await session.stop()


async def _event(
    session: Session, folder: Folder, event: Event, known: dict[str, Fingerprints]
) -> GraphEvent | None:
    from magellan_lsp.query.graph.changes import Fingerprints

    prints = known.setdefault(folder.key, Fingerprints())
    if type(event).__name__ == "Ready":
        try:
            await session.ask(folder, partial(_look, prints=prints))
        except _GIVEN_UP:
            pass  # then more symbols than need be are said to have changed next time
        return None
    indexed, removed = sorted(event.indexed), sorted(event.removed)
    changed: tuple[str, ...] = ()
    truncated = len(indexed) + len(removed) > MAX_FILES
    if not truncated:
        try:
            found, _ = await session.ask(
                folder, partial(_take, prints=prints, indexed=indexed, removed=removed)
            )
            changed, truncated = tuple(found.symbols), found.truncated
        except _GIVEN_UP:
            truncated = True
    return GraphEvent(
        folder,
        event.generation,
        tuple(indexed[:MAX_CHANGED]),
        tuple(removed[:MAX_CHANGED]),
        changed,
        truncated or max(len(indexed), len(removed)) > MAX_CHANGED,
    )


def _look(view: View, prints: Fingerprints) -> None:
    prints.look(view.snapshot)


def _take(view: View, prints: Fingerprints, indexed: list[str], removed: list[str]) -> Changed:
    return prints.take(view.snapshot, indexed, removed, MAX_CHANGED)
