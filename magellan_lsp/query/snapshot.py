"""One consistent view of a workspace: the store, with the open documents laid over it.

An open or freshly changed document is seen through facts extracted from its own text, everything else through the store;
a file that the store does not know yet is read from disk and extracted on demand. So an answer never waits for the
indexer, and its positions are those of the text that the person sees.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from magellan_lsp.errors import Cancelled
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.stored import Overlay, StoreSource

__all__ = ["Overlay", "Snapshot", "StoreSource"]


class Snapshot:
    """What a question is asked of: reader, overlay, resolver, and a flag that says stop."""

    def __init__(
        self,
        source: StoreSource,
        *,
        stop: threading.Event | None = None,
        read_text: Callable[[str], bytes | None] = lambda path: None,
    ) -> None:
        self.source = source
        self.reader = source.reader
        self.overlay = source.overlay
        self.resolver = Resolver(source)
        self.stop = stop
        self.read_text = read_text

    def check(self) -> None:
        """Raise Cancelled when the asker gave up; long loops call it."""
        if self.stop is not None and self.stop.is_set():
            raise Cancelled()

    def facts(self, path: str) -> FileFacts | None:
        return self.source.facts(path)
