"""What questions can look up before the index is whole: the files near those that are open.

A look-up by name needs an index of names. Until there is one, the files of the open documents' folders and of the
packages that they import are read on the spot, a bounded number, so that the first answers are right in a workspace of
any size. Tests: ``tests/session/test_near.py``.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.languages.registry import project_files
from magellan_lsp.query.snapshot import Overlay
from magellan_lsp.resolve.stored import postings_of
from magellan_lsp.session.views import CachedSource, FactsCache
from magellan_lsp.store.base import Family, Reader

#: So many files of folders, and so many bytes together with headers, are read for one state of a workspace.
MAX_FILES = 200
MAX_BYTES = 1_000_000
#: What open documents include is read always, what that includes up to so many bytes in all, and what is further off up to
#: half of them: an umbrella header may lead to a whole library. The index then knows the rest.
MAX_INCLUDED_BYTES = 700_000

_GO, _JAVA = "go:", "java:"
#: Where headers are looked for in the folders above a file that includes them.
_INCLUDE_FOLDERS = ("", "include", "src")
#: Folders that hold sources and tests of one package side by side, in the usual layout of Java.
_TWINS = (("src/main/java", "src/test/java"), ("src/test/java", "src/main/java"))


class Nearby(NamedTuple):
    """How the disk is looked at. Paths are relative to the workspace folder, with ``/``; "" is the folder itself."""

    facts: Callable[[str], FileFacts | None]
    """Of a source file that is not ignored; None for anything else."""
    sources: Callable[[str], Sequence[str]]
    """Paths of the source files right in a folder, sorted; none for a folder that is ignored or not there."""
    project: Callable[[str], bytes | None]
    """The bytes of a project file (go.mod, package.json, …)."""


class NearSource(CachedSource):
    """A source over an index in the making: what it does not know yet is looked for near the open documents.

    The overlay has the open documents, since none of them is indexed yet.
    """

    def __init__(
        self, reader: Reader, overlay: Overlay, nearby: Nearby, cache: FactsCache, folder: str
    ) -> None:
        super().__init__(reader, overlay, nearby.facts, cache, folder)
        self._nearby = nearby
        self._taken: set[str] = set()
        self._n_files = self._n_bytes = 0
        self._lists: dict[tuple[Family, str], list[str]] = {}
        self._listed: set[str] = set()
        self._included: dict[str, set[str]] = {}
        #: name of a header -> how many includes lead from an open document to it
        self._steps: dict[str, int] = {}
        self._n_included_bytes = 0
        for facts in overlay.files.values():
            if facts is not None:
                self._note_includes(facts, 1)

    def facts(self, path: str) -> FileFacts | None:
        if self._is_too_far(path):
            return None
        found = super().facts(path)
        if (
            found is not None
            and path not in self._listed
            and path not in self.overlay.files
            and self.reader.find_file(path) is None
        ):
            self._listed.add(path)
            steps = self._steps.get(posixpath.basename(path), 0)
            if steps:
                self._n_included_bytes += found.size
            self._note_includes(found, steps + 1)
            for listed in postings_of(found):
                self._lists.setdefault(listed, []).append(path)
        return found

    def _is_too_far(self, path: str) -> bool:
        """Whether a file that is not known yet is a header for which there is no room any more."""
        steps = self._steps.get(posixpath.basename(path), 0)
        if steps <= 1 or path in self._listed or path in self.overlay.files:
            return False
        room = MAX_INCLUDED_BYTES if steps == 2 else MAX_INCLUDED_BYTES // 2
        return self._n_included_bytes >= room and self.reader.find_file(path) is None

    def _note_includes(self, facts: FileFacts, steps: int) -> None:
        """Remember what is included: how far it is from the open documents, and its path, to look for it from the folders
        above.
        """
        if facts.language_family() == "c":
            for index in facts.import_module:
                text = facts.names[index] if index >= 0 else ""
                name = posixpath.basename(text)
                self._included.setdefault(name, set()).add(posixpath.normpath(text))
                self._steps[name] = min(steps, self._steps.get(name, steps))

    def _find_included(self, name: str) -> None:
        """Read the files of a name that something includes."""
        tops = {at for path in self.overlay.files for at in _above(path)}
        for text in self._included.pop(name, ()):
            if not text.startswith(".."):
                for place in (posixpath.join(top, way, text) for top in tops for way in _INCLUDE_FOLDERS):
                    self.facts(place)

    def _postings(self, family: Family, key: str) -> Sequence[str]:
        if family == Family.GROUP:
            for folder in self._folders_of(key):
                self._take(folder)
        elif family == Family.BASENAME:
            self._find_included(key)
        else:
            for path in self.overlay.files:
                self._take(posixpath.dirname(path))
        found = super()._postings(family, key)
        near = self._lists.get((family, key))
        return sorted({*found, *near}) if near else found

    def config(self, path: str) -> bytes | None:
        stored = super().config(path)
        if stored is None and posixpath.basename(path) in project_files():
            return self._nearby.project(path)
        return stored

    def configs(self, name: str) -> Sequence[str]:
        stored = super().configs(name)
        if stored:
            return stored
        places = {f"{at}/{name}".lstrip("/") for path in self.overlay.files for at in _above(path)}
        return sorted(place for place in places if self._nearby.project(place) is not None)

    def _folders_of(self, group: str) -> Iterator[str]:
        """Where the files of a group may be."""
        if group.startswith(_GO):
            yield group.removeprefix(_GO).partition("#")[0]
        elif group.startswith(_JAVA):
            package = group.removeprefix(_JAVA)
            for root in {
                root for path, facts in self.overlay.files.items() for root in _java_roots(path, facts)
            }:
                yield posixpath.join(root, *package.split("."))

    def _take(self, folder: str) -> None:
        """Read the source files of a folder, as far as there is room."""
        if folder in self._taken:
            return
        self._taken.add(folder)
        for path in self._nearby.sources(folder):
            if self._n_files >= MAX_FILES or self._n_bytes + self._n_included_bytes >= MAX_BYTES:
                return
            if path in self.overlay.files or self.reader.find_file(path) is not None:
                continue
            facts = self.facts(path)
            if facts is None:
                continue
            self._n_files += 1
            self._n_bytes += facts.size


def _above(path: str) -> Iterator[str]:
    """The folders that a file lies in, innermost first, "" last."""
    while path:
        path = posixpath.dirname(path)
        yield path


def _java_roots(path: str, facts: FileFacts | None) -> Iterator[str]:
    """The source roots that an open file of a package speaks for: its own, and that of its tests (or what they test)."""
    for group in facts.groups if facts is not None else ():
        package = group.removeprefix(_JAVA).replace(".", "/")
        folder = posixpath.dirname(path)
        if not group.startswith(_JAVA) or not f"/{folder}".endswith(f"/{package}".rstrip("/")):
            continue
        root = folder.removesuffix(package).rstrip("/")
        yield root
        for one, other in _TWINS:
            if root.endswith(one):
                yield root.removesuffix(one) + other


def source_paths(place: str, folder: str, is_source: Callable[[str], bool]) -> list[str]:
    """Paths of the source files right in a folder; ``place`` is where the folder is."""
    try:
        with os.scandir(place) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if is_source(entry.name) and entry.is_file(follow_symlinks=False)
            )
    except (OSError, ValueError):
        return []
    return [f"{folder}/{name}" if folder else name for name in names]
