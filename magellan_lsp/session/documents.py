"""The open documents: their texts, and what follows from a text alone, worked out when first asked for.

A text never changes; an edit makes the next one. So whoever holds a text (a request that is being answered)
keeps a consistent view of it, and what was worked out for it stays right. Tests:
``tests/session/test_documents.py``.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from magellan_lsp import collector
from magellan_lsp.text import ContentChange, Edit, LineIndex, PositionEncoding, apply_changes

if TYPE_CHECKING:
    from magellan_lsp.facts.file_facts import FileFacts


#: A tree from which more edits than this lead to a text is of no use to its parsing.
MAX_EDITS = 200


class Text:
    """One version of a document's text, with its tree and facts once somebody asked for them."""

    __slots__ = ("_basis", "_digest", "_facts", "_index", "_lock", "_tree", "data", "version")

    def __init__(
        self, data: bytes, version: int, before: Text | None = None, edits: Sequence[Edit] = ()
    ) -> None:
        self.data = data
        self.version = version
        self._digest: bytes | None = None
        self._index: LineIndex | None = None
        self._tree: Any = None
        self._facts: dict[tuple[str, str], FileFacts] = {}
        self._lock = threading.Lock()
        self._basis: tuple[Text, tuple[Edit, ...]] | None = None
        """A text that has a tree, and the edits from it to this one. Taken as one: other threads give it up."""
        if before is not None:
            older = before._basis  # before its tree is looked at, which comes before this is given up
            if before._tree is not None:
                self._basis = before, tuple(edits)
            elif older is not None and len(older[1]) + len(edits) <= MAX_EDITS:
                self._basis = older[0], (*older[1], *edits)

    @property
    def index(self) -> LineIndex:
        """Lines and columns; a byte order mark that the editor sent is a character of it."""
        if self._index is None:
            self._index = LineIndex(self.data, bom=False)
        return self._index

    @property
    def digest(self) -> bytes:
        """Of the bytes, as the index has it for a file."""
        if self._digest is None:
            from magellan_lsp.extract.engine import digest_of

            self._digest = digest_of(self.data)
        return self._digest

    def first_change_since(self, earlier: Text) -> int:
        """The lowest byte offset at which this text differs from an earlier one; its length where none
        does.
        """
        if earlier is self:
            return len(self.data)
        limit = min(len(self.data), len(earlier.data))
        low, high = 0, limit
        while low < high:
            middle = (low + high + 1) // 2
            if self.data[low:middle] == earlier.data[low:middle]:
                low = middle
            else:
                high = middle - 1
        return low

    def tree(self, language: str) -> Any:
        """The syntax tree; only what changed since the last one is parsed. Not on the event loop."""
        with self._lock:
            return self._parsed(language)

    def _parsed(self, language: str) -> Any:
        if self._tree is None:
            from magellan_lsp.extract.parse import can_follow, parse
            from magellan_lsp.languages.registry import get_language

            old, basis = None, self._basis
            if basis is not None and can_follow(get_language(language), basis[0].data):
                old = basis[0]._tree.copy()
                for edit in basis[1]:
                    old.edit(*edit)
            self._tree = parse(get_language(language), self.data, old)
            self._basis = None
        return self._tree

    def facts(self, path: str, language: str) -> FileFacts:
        """What extraction finds in it, as the file of a path: that is in what it is called, and a document is at
        different paths in folders that lie in each other. Not on the event loop.
        """
        with self._lock:
            found = self._facts.get((path, language))
            if found is None:
                from magellan_lsp.extract.engine import extract
                from magellan_lsp.languages.registry import get_language

                own = get_language(language)
                tree = self._parsed(language) if own.read is None else None
                with collector.paused():
                    found = self._facts[path, language] = extract(path, own, self.data, tree)
            return found


@attrs.frozen
class Document:
    """An open document as it was at one moment."""

    uri: str
    """As the client spells it."""
    root: str
    """The key of the folder that serves it."""
    path: str
    """Relative to that folder, with ``/``."""
    language: str | None
    """Our name; None when it is in no language of ours."""
    text: Text
    place: str = ""
    """Where it really is in the file system; "" when it is in no folder."""


Frozen = Mapping[str, Document]
"""All open documents at one moment, by URI in one spelling."""


class Documents:
    """The documents that are open. Only the event loop changes them; ``now`` may be kept and read
    anywhere.
    """

    def __init__(self) -> None:
        self.now: Frozen = {}

    def put(self, key: str, document: Document) -> None:
        """Open a document, or replace its state."""
        self.now = {**self.now, key: document}

    def remove(self, key: str) -> Document | None:
        """Close a document; gives its last state, None when it was not open."""
        found = self.now.get(key)
        if found is not None:
            self.now = {other: one for other, one in self.now.items() if other != key}
        return found

    def change(
        self, key: str, version: int, changes: Sequence[ContentChange], encoding: PositionEncoding
    ) -> Document | None:
        """Apply an editor's changes; None when the document is not open."""
        found = self.now.get(key)
        if found is None:
            return None
        changed = apply_changes(found.text.data, changes, encoding)
        text = Text(changed.data, version, found.text, changed.edits)
        document = attrs.evolve(found, text=text)
        self.put(key, document)
        return document
