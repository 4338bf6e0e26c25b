"""One consistent view of a workspace: the store, with the open documents laid over it.

An open or freshly changed document is seen through facts extracted from its own text, everything else
through the store; a file that the store does not know yet is read from disk and extracted on demand. So an
answer never waits for the indexer, and its positions are those of the text that the person sees. Tests:
``tests/query/``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from heapq import merge
from typing import Any

from magellan_lsp.errors import Cancelled
from magellan_lsp.extract.parse import parse
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import Role
from magellan_lsp.facts.links import FileLinks, Reference, RelationKind
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.query.answers import Place, SymbolInfo, info_of
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.stored import CONFIG_PREFIX, Overlay, StoreSource
from magellan_lsp.resolve.types import Ref

__all__ = ["CONFIG_PREFIX", "Overlay", "Snapshot", "StoreSource"]

#: A loop looks at the stop flag once in so many rounds.
CHECK_EVERY = 256


class Snapshot:
    """What a question is asked of: reader, overlay, resolver, and a flag that says stop.

    Args:
        source: the facts; its reader must be open for as long as the snapshot is used.
        resolver: one made for this very state, when the caller kept it; what it remembers makes the answer
            fast.
        links: links computed on the fly for this very state, when the caller kept them.
        stop: set by someone who no longer wants the answer.
        tree: the syntax tree of ``read_text(path)``, when the caller keeps trees.
        wide: a resolver over the same source that sees installed packages too; None where they do not count.
        read_text: the bytes that the facts of a path were extracted from; None when they are not to be had.
    """

    def __init__(
        self,
        source: StoreSource,
        *,
        resolver: Resolver | None = None,
        links: dict[str, FileLinks] | None = None,
        stop: threading.Event | None = None,
        read_text: Callable[[str], bytes | None] = lambda path: None,
        tree: Callable[[str], Any] | None = None,
        wide: Resolver | None = None,
    ) -> None:
        self.source = source
        self.reader = source.reader
        self.overlay = source.overlay
        self.resolver = resolver if resolver is not None else Resolver(source)
        self.wide = wide
        self.stop = stop
        self.read_text = read_text
        self.tree_source = tree
        self._links = links if links is not None else {}
        self._symbols: dict[str, Ref] | None = None

    def check(self) -> None:
        """Raise Cancelled when the asker gave up; long loops call it."""
        if self.stop is not None and self.stop.is_set():
            raise Cancelled()

    # files

    def facts(self, path: str) -> FileFacts | None:
        """The facts of a source file; None when there is none, and for built-in stubs."""
        return self.resolver_for(path).facts(path) if not path.startswith("<") else None

    def is_installed(self, path: str) -> bool:
        """Whether a file belongs to an installed package, so that neither index nor links know of it."""
        known = self.wide.installed if self.wide is not None else None
        return known is not None and known.covers(path) and self.reader.find_file(path) is None

    def resolver_for(self, path: str) -> Resolver:
        """Who resolves what stands in a file: an installed package's own names lead to others of its kind."""
        if self.wide is not None and self.is_installed(path):
            return self.wide
        return self.resolver

    def digest(self, path: str) -> bytes | None:
        """The digest of the bytes that a file's facts were extracted from; None when it has no facts."""
        if self.is_overlaid(path):
            facts = self.overlay.files[path]
        else:
            record = self.reader.find_file(path)
            if record is not None:
                return record.digest if not record.is_left_out else None
            facts = self.facts(path)
        return facts.digest if facts is not None else None

    def tree(self, path: str) -> Any:
        """The syntax tree (a tree-sitter ``Tree``) of a file's text; None when the text is not to be had."""
        if self.tree_source is not None:
            return self.tree_source(path)
        data = self.read_text(path)
        name = language_name(path, data or b"")
        if data is None or name is None:
            return None
        return parse(get_language(name), data)

    def is_overlaid(self, path: str) -> bool:
        """Whether a document or a fresher text stands for the path, so that what the store says of it is
        old.
        """
        return path in self.overlay.files

    def links(self, path: str) -> FileLinks | None:
        """All links of a file: the stored ones when they are of these facts, else made now and remembered."""
        found = self._links.get(path)
        if found is not None:
            return found
        facts = self.facts(path)
        if facts is None:
            return None
        if not self.is_overlaid(path):
            stored = self.reader.find_links(path)
            if stored is not None and stored.digest == facts.digest:
                return stored
        self.check()
        found = self._links[path] = link(self.resolver_for(path), facts)
        return found

    def _overlaid(self) -> Iterator[tuple[str, FileFacts]]:
        for path in sorted(self.overlay.files):
            facts = self.overlay.files[path]
            if facts is not None:
                yield path, facts

    # symbols

    def symbol_id(self, ref: Ref) -> str | None:
        """A definition's SymbolId; None for a local, and for one that is gone."""
        facts = self.facts(ref[0])
        return facts.symbol_id(ref[1]) if facts is not None and ref[1] < len(facts.def_name) else None

    def find(self, symbol_id: str) -> Ref | None:
        """The definition of a SymbolId; None when there is none any more."""
        table = self._symbols
        if table is None:
            table = self._symbols = {
                facts.symbol_ids[row]: (path, definition)
                for path, facts in self._overlaid()
                for definition, row in enumerate(facts.def_symbol)
                if row >= 0
            }
        found = table.get(symbol_id)
        if found is not None:
            return found
        place = self.reader.find_symbol(symbol_id)
        if place is None or self.is_overlaid(place.path):
            return None
        return place.path, place.definition

    def place(self, ref: Ref) -> Place | None:
        """Where a definition is; None when it is gone."""
        facts = self.facts(ref[0])
        return Place.of(facts, ref[1]) if facts is not None and ref[1] < len(facts.def_name) else None

    def info(self, ref: Ref) -> SymbolInfo | None:
        """What there is to show of a definition; None when it is gone."""
        facts = self.facts(ref[0])
        if facts is None or ref[1] >= len(facts.def_name):
            return None
        return info_of(facts, ref[1], get_language(facts.language).separator)

    # what refers to a symbol

    def references(self, symbol_id: str) -> Iterator[Reference]:
        """Every occurrence that refers to a symbol (its definitions left out), by (path, start)."""
        overlaid = self.overlay.files
        stored = self.reader.iter_references(symbol_id)
        if not overlaid:
            return self._checked(stored)
        own = self._overlaid_references(symbol_id)
        return self._checked(merge((one for one in stored if one.path not in overlaid), own, key=_by_place))

    def _checked(self, references: Iterator[Reference]) -> Iterator[Reference]:
        for count, one in enumerate(references):
            if count % CHECK_EVERY == 0:
                self.check()
            yield one

    def _overlaid_references(self, symbol_id: str) -> Iterator[Reference]:
        for path, facts in self._overlaid():
            links = self.links(path)
            if links is None:
                continue
            for one in links.links:
                if one.target == symbol_id:
                    row = one.occurrence
                    yield Reference(
                        path,
                        facts.occ_start[row],
                        facts.occ_end[row],
                        Role(facts.occ_role[row]),
                        max(facts.enclosing_symbol(facts.occ_scope[row]), 0),
                    )

    def count_references(self, symbol_id: str) -> int:
        """How many ``references`` would give."""
        if not self.overlay.files:
            return self.reader.count_references(symbol_id)
        return sum(1 for _ in self.references(symbol_id))

    def related(self, symbol_id: str, kind: RelationKind) -> list[Ref]:
        """Symbols that stand in the relation to a symbol (its direct subtypes for BASE_OF), by (path,
        definition).
        """
        found: set[Ref] = {
            (place.path, place.definition)
            for place in self.reader.iter_related(symbol_id, kind)
            if not self.is_overlaid(place.path)
        }
        for path, _ in self._overlaid():
            links = self.links(path)
            for relation in links.relations if links is not None else ():
                if relation.kind == kind and relation.target == symbol_id:
                    ref = self.find(relation.symbol)
                    if ref is not None:
                        found.add(ref)
        return sorted(found)

    def kin(self, ref: Ref, kind: RelationKind) -> list[Ref]:
        """Symbols that stand in the relation to something without a place (a built-in) to which ``ref`` stands in it
        too, by (path, definition).
        """
        links, symbol_id = self.links(ref[0]), self.symbol_id(ref)
        if links is None or symbol_id is None:
            return []
        found: set[Ref] = set()
        for one in links.relations:
            if one.symbol == symbol_id and one.kind == kind and self.find(one.target) is None:
                found.update(self.related(one.target, kind))
        return sorted(found)

    def relates_to(self, ref: Ref, kind: RelationKind) -> list[Ref]:
        """Symbols to which a definition stands in the relation (its direct bases for BASE_OF), by (path,
        definition).
        """
        links, symbol_id = self.links(ref[0]), self.symbol_id(ref)
        if links is None or symbol_id is None:
            return []
        found = (
            self.find(one.target) for one in links.relations if one.symbol == symbol_id and one.kind == kind
        )
        return sorted({one for one in found if one is not None})


def _by_place(one: Reference) -> tuple[str, int]:
    return one.path, one.start
