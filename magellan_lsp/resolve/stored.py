"""A FactsSource over the store, with facts laid over it that win (open documents, files just read).

The store's postings and the overlay's are merged, so that the resolver sees one state. Tests:
``tests/query/``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.resolve.source import defined_names, extended_names
from magellan_lsp.store.base import Family, Reader

#: meta keys under which the indexer keeps project files: ``config:PATH``; under the bare prefix their paths,
#: one a line.
CONFIG_PREFIX = "config:"
#: meta key: the first index is still taking in files; nothing is linked before all are there.
COLD = "cold"
#: So many answers to whether a file is there are kept: most are of places where an import might lead and does not.
_MAX_PATHS = 50_000


class Overlay:
    """Facts that win over the store's, by path; None says that the file is gone. Immutable once made."""

    def __init__(self, files: Mapping[str, FileFacts | None] | None = None) -> None:
        self.files = dict(files or {})
        self._postings: dict[tuple[Family, str], list[str]] | None = None

    def postings(self, family: Family, key: str) -> list[str]:
        """Paths of overlaid files listed under the key."""
        table = self._postings
        if table is None:
            table = self._postings = {}
            for path in sorted(self.files):
                facts = self.files[path]
                if facts is None:
                    continue
                for listed in postings_of(facts):
                    table.setdefault(listed, []).append(path)
        return table.get((family, key), [])


def postings_of(facts: FileFacts) -> set[tuple[Family, str]]:
    """Every posting list that a file is in."""
    found = {(Family.MENTIONS, name) for name in facts.names[1:]}
    found |= {(Family.DEFINES, name) for name in defined_names(facts)}
    found |= {(Family.EXTENDS, name) for name in extended_names(facts)}
    found |= {(Family.GROUP, key) for key in facts.groups}
    found.add((Family.BASENAME, facts.path.rsplit("/", 1)[-1]))
    return found


class StoreSource:
    """A FactsSource over a reader and an overlay, with a bounded cache of decoded facts.

    ``on_demand`` reads and extracts a file that neither knows (cold start, dependencies); it returns None
    when there is no
    such source file.
    """

    def __init__(
        self,
        reader: Reader,
        overlay: Overlay | None = None,
        on_demand: Callable[[str], FileFacts | None] | None = None,
        max_files: int = 2000,
    ) -> None:
        self.reader = reader
        self.overlay = overlay or Overlay()
        self._on_demand = on_demand
        self._cache: OrderedDict[str, FileFacts | None] = OrderedDict()
        self._max_files = max_files
        self._is_stored: dict[str, bool] = {}

    def facts(self, path: str) -> FileFacts | None:
        if path in self.overlay.files:
            return self.overlay.files[path]
        cache = self._cache
        if path in cache:
            cache.move_to_end(path)
            return cache[path]
        found = self.reader.find_facts(path)
        if found is None and self._on_demand is not None:
            found = self._on_demand(path)
        cache[path] = found
        if len(cache) > self._max_files:
            cache.popitem(last=False)
        return found

    def exists(self, path: str) -> bool:
        if path in self.overlay.files:
            return self.overlay.files[path] is not None
        if path in self._cache:
            return self._cache[path] is not None
        is_stored = self._is_stored.get(path)
        if is_stored is None:
            if len(self._is_stored) >= _MAX_PATHS:
                self._is_stored.clear()
            is_stored = self._is_stored[path] = self.reader.find_file(path) is not None
        if is_stored:
            return True
        return self._on_demand is not None and self.facts(path) is not None

    def _postings(self, family: Family, key: str) -> Sequence[str]:
        stored = self.reader.find_postings(family, key)
        overlaid = self.overlay.files
        if not overlaid:
            return stored
        kept = [path for path in stored if path not in overlaid]
        added = self.overlay.postings(family, key)
        return sorted([*kept, *added]) if added else kept

    def basename(self, name: str) -> Sequence[str]:
        return self._postings(Family.BASENAME, name)

    def defining(self, name: str) -> Sequence[str]:
        return self._postings(Family.DEFINES, name)

    def extending(self, name: str) -> Sequence[str]:
        return self._postings(Family.EXTENDS, name)

    def group(self, key: str) -> Sequence[str]:
        return self._postings(Family.GROUP, key)

    def mentioning(self, name: str) -> Sequence[str]:
        """Files in whose facts the name occurs at all."""
        return self._postings(Family.MENTIONS, name)

    def config(self, path: str) -> bytes | None:
        return self.reader.find_meta(CONFIG_PREFIX + path)

    def configs(self, name: str) -> Sequence[str]:
        listed = self.reader.find_meta(CONFIG_PREFIX)
        if not listed:
            return []
        paths: Iterable[str] = listed.decode("utf-8", "surrogateescape").split("\n")
        return [path for path in paths if path.rsplit("/", 1)[-1] == name]
