"""The files of installed packages: which may be read, and their facts, made when asked for. Bounded; writes
nothing but what is taken out of an archive (``archives.py``).

A path is covered when it lies in one of the places where packages are (``session/installed``), or in a
``node_modules`` folder of the workspace. What a symbolic link leads to is read only if that is covered too, so a
link cannot lead elsewhere. Tests: ``tests/session/test_installed.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.languages.registry import family, get_language, language_name
from magellan_lsp.session.caches import Bounded, DiskTexts, facts_cost
from magellan_lsp.session.installed.archives import Archive
from magellan_lsp.session.installed.javascript import FOLDER
from magellan_lsp.session.uris import is_absolute

_MARKED = f"/{FOLDER}/"


class PackageFiles:
    """See the module; one state of the disk, for the resolvers of one state of a folder.

    Args:
        folder: the workspace folder, absolute and without symbolic links.
        find: gives the absolute folders and archives of packages by language family; called when first needed.
        texts: reads files.
        kept: facts that stay useful for later questions.
        ignored: whether indexing leaves out a folder of the workspace.
        documents: facts of covered files that are open in the editor; None for one that has none.
    """

    def __init__(
        self,
        folder: str,
        find: Callable[[], Mapping[str, Sequence[str | Archive]]],
        texts: DiskTexts,
        kept: Bounded[FileFacts],
        ignored: Callable[[str], bool],
        documents: Mapping[str, FileFacts | None] = MappingProxyType({}),
    ) -> None:
        self._folder = folder
        self._find = find
        self._texts = texts
        self._kept = kept
        self._documents = documents
        self._ignored = ignored
        self._left_out: dict[str, bool] = {}
        self._exists: dict[str, bool] = {}
        self._archives: dict[str, Archive] = {}  # by the root that stands for it
        self.held_bytes = 0
        """About what the facts given out so far take."""

    # where

    @cached_property
    def _found(self) -> Mapping[str, Sequence[str | Archive]]:
        return self._find()

    @cached_property
    def _roots(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for language, places in self._found.items():
            keys: dict[str, None] = {}
            for given in places:
                place = given if isinstance(given, str) else given.folder
                own, real = self._key(os.path.normpath(place)), self._key(os.path.realpath(place))
                if is_absolute(own) or (not is_absolute(real) and self._is_left_out(real)):
                    keys[real] = None
                    if not isinstance(given, str):
                        self._archives[real] = given
                # else a folder of the workspace that is a link out of it: not followed
            found[language] = list(keys)
        return found

    @cached_property
    def _prefixes(self) -> tuple[str, ...]:
        return tuple(f"{root}/" for roots in self._roots.values() for root in roots)

    def roots(self, language: str) -> Sequence[str]:
        """See :class:`magellan_lsp.resolve.installed.Installed`."""
        return self._roots.get(family(language), ())

    def covers(self, path: str) -> bool:
        """See :class:`magellan_lsp.resolve.installed.Installed`."""
        if not is_absolute(path):
            marked = f"/{path}".find(_MARKED)
            if marked >= 0:
                return self._is_left_out(path[: marked + len(FOLDER)])
        return path.startswith(self._prefixes)

    def _is_left_out(self, folder: str) -> bool:
        """Whether a folder of the workspace is not indexed: what is indexed is no package."""
        found = self._left_out.get(folder)
        if found is None:
            found = self._left_out[folder] = self._ignored(folder)
        return found

    def covering(self, place: str) -> str | None:
        """The path by which an absolute path outside of the workspace folder is known here, if it is covered."""
        for spelled in dict.fromkeys((place, self._key(os.path.realpath(place)))):
            if is_absolute(spelled) and self.covers(spelled):
                return spelled
        return None

    def stamp(self) -> tuple[int, ...]:
        """Changes when a package is added to or removed from one of the places."""
        places = [root for roots in self._roots.values() for root in roots]
        packed = self._archives
        return tuple(mtime(packed[root].path if root in packed else self._absolute(root)) for root in places)

    def real(self, path: str) -> str:
        """See :class:`magellan_lsp.resolve.installed.Installed`."""
        return self._key(os.path.realpath(self._absolute(path)))

    def _absolute(self, path: str) -> str:
        return path if is_absolute(path) else os.path.join(self._folder, *path.split("/"))  # noqa: PTH118

    def _key(self, place: str) -> str:
        """An absolute path as the resolver has it."""
        place = place.replace(os.sep, "/")
        root = self._folder.replace(os.sep, "/").rstrip("/")
        return place[len(root) + 1 :] if place.startswith(f"{root}/") else place

    def _locate(self, path: str) -> str | None:
        """The file that a covered path stands for, links followed; None when that is not covered."""
        if not self.covers(path) or "\0" in path or ".." in path.split("/"):
            return None
        real = os.path.realpath(self._absolute(path))
        return real if self.covers(self._key(real)) else None

    def _packed(self, path: str) -> tuple[Archive, str] | None:
        """The archive that a covered path stands in, and its path there; None for one that is a file of its own."""
        cut = path.find("/", 1) if self._roots and self._archives else -1
        while cut >= 0:
            archive = self._archives.get(path[:cut])
            if archive is not None:
                return archive, path[cut + 1 :]
            cut = path.find("/", cut + 1)
        return None

    def _place(self, path: str) -> str | None:
        """The file that a covered path stands for, as ``_locate``; taken out of its archive if it is in one."""
        place = self._locate(path)
        packed = self._packed(path) if place is not None else None
        if packed is not None:
            archive, inner = packed
            archive.unpack(inner)
        return place

    # what

    def exists(self, path: str) -> bool:
        """See :class:`magellan_lsp.resolve.installed.Installed`."""
        found = self._exists.get(path)
        if found is None:
            packed = self._packed(path)
            if packed is not None:
                archive, inner = packed
                return archive.has(inner)
            place = self._locate(path) if language_name(path) is not None else None
            found = self._exists[path] = place is not None and os.path.isfile(place)  # noqa: PTH113 - hot
        return found

    def facts(self, path: str) -> FileFacts | None:
        """See :class:`magellan_lsp.resolve.installed.Installed`."""
        if path in self._documents:
            return self._documents[path]
        if not self.exists(path):
            return None
        place = self._place(path)
        text = self._texts.read(place) if place is not None else None
        name = language_name(path, text.data) if text is not None else None
        if text is None or name is None or b"\0" in text.data[:8192]:
            return None
        found = self.facts_of(path, name, text.data, text.digest)
        self.held_bytes += facts_cost(found)
        return found

    def facts_of(self, path: str, language: str, data: bytes, digest: bytes) -> FileFacts:
        """Facts of a text under a path, with the module's name as those see it who import it."""
        from magellan_lsp.extract.engine import extract

        key = ("installed", self._folder, path, digest)
        found = self._kept.get(key)
        if found is None:
            own = get_language(language)
            found = extract(path, own, data)
            if found.module == own.module_name(path):
                found.module = own.module_name(self._below_root(path))
            self._kept.put(key, found)
        return found

    def with_documents(self, documents: Mapping[str, FileFacts | None]) -> PackageFiles:
        """The same places, with facts that win over the files'; what exists is looked up anew."""
        return PackageFiles(
            self._folder, lambda: self._found, self._texts, self._kept, self._ignored, documents
        )

    def _below_root(self, path: str) -> str:
        """A path relative to the place that its package is in."""
        marked = path.rfind(_MARKED)
        if marked >= 0:
            return path[marked + len(_MARKED) :]
        inner = [path[len(prefix) :] for prefix in self._prefixes if path.startswith(prefix)]
        return min(inner, key=len, default=path)

    def files(self, folder: str) -> Sequence[str]:
        """See :class:`magellan_lsp.resolve.installed.Installed`."""
        packed = self._packed(f"{folder}/")
        if packed is not None:
            archive, inner = packed
            return [f"{folder}/{name}" for name in archive.files(inner.rstrip("/"))]
        place = self._locate(f"{folder}/.")
        if place is None:
            return []
        try:
            with os.scandir(place) as entries:
                names = sorted(one.name for one in entries if one.is_file())
        except OSError:
            return []
        return [f"{folder}/{name}" for name in names if language_name(name) is not None]

    def config(self, path: str) -> bytes | None:
        """See :class:`magellan_lsp.resolve.installed.Installed`."""
        place = self._place(path)
        text = self._texts.read(place) if place is not None else None
        return text.data if text is not None else None


def mtime(place: str) -> int:
    """Of a file or folder, in nanoseconds; 0 when there is none."""
    try:
        return os.stat(place).st_mtime_ns  # noqa: PTH116 - hot
    except OSError:
        return 0
