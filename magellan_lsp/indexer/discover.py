"""The source files of a workspace folder, and what has changed among them since they were last looked at.

It lists folders and looks at what files are called, how large they are and when they were written; it opens
none but ignore files (through ``Matcher``) and knows no store. Tests: ``tests/indexer/test_discover.py``;
speed: ``benches/scan.py``.

Links. A file is known by the path at which it really is. A symbolic link inside the folder adds something
only where it leads to a place in the same folder that is not indexed itself (an ignored folder, or a file
whose own name is not that of source): that is then found under the link's path, and under the first one in
order if there are several. Links that lead out of the folder are not followed, nor into ``.git`` and its
like. So what is found does not depend on the order in which a file system lists it, nothing is found twice,
and loops end. Hard links are files of their own.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import NamedTuple

import attrs

from magellan_lsp.indexer.ignore import ALWAYS_IGNORED, CONTROL_NAMES, Matcher, Rules, Skipped, printable

IsSource = Callable[[str], bool]
"""Whether a file name (without folder) is that of source in some language."""


class Found(NamedTuple):
    """A source file on disk."""

    path: str
    """Relative to the workspace folder, with ``/``; valid Unicode."""
    size: int
    """Bytes."""
    mtime_ns: int
    """When it was last written, in nanoseconds since 1970, as the file system says."""
    device: int
    inode: int


@attrs.frozen
class Sweep:
    """What a look at the disk found, compared with what was known. Each list is in order of path."""

    new: list[Found]
    changed: list[Found]
    """Known under the same path with another size or time of writing (later or earlier)."""
    deleted: list[str]
    """Known, and now gone, ignored or too large."""
    n_unchanged: int
    skipped: list[Skipped]
    complete: bool
    """False when it was cancelled; then ``deleted`` is empty, since what was not reached may still be there.
    """


def never() -> bool:
    """Not cancelled."""
    return False


def scan(
    matcher: Matcher,
    is_source: IsSource,
    *,
    below: str = "",
    skipped: list[Skipped] | None = None,
    cancelled: Callable[[], bool] = never,
    follow_links: bool = True,
) -> Iterator[Found]:
    """The source files of a folder that are not ignored; in no particular order, but the same each time.

    Args:
        matcher: says where the workspace folder is, what is ignored in it and how large a file may be.
        is_source: asked once per file name.
        below: only what is in this folder (relative to the root, with ``/``); links in it are then not
            followed.
        skipped: takes what could not be looked at, and why. Such things never end the scan.
        cancelled: asked once per folder; when true, the scan ends early, without an error.
        follow_links: whether links count at all, see above.

    Raises:
        OSError: the workspace folder itself cannot be listed; then its files are not gone, they cannot be
            seen.

    Cost: one listing per folder that is not ignored, one stat per source file, none for others.
    """
    return _Scan(matcher, is_source, [] if skipped is None else skipped, cancelled).run(below, follow_links)


def sweep(
    matcher: Matcher,
    is_source: IsSource,
    known: Mapping[str, tuple[int, int]],
    *,
    cancelled: Callable[[], bool] = never,
    follow_links: bool = True,
) -> Sweep:
    """What is new, changed and gone in a workspace folder since ``known`` (path to size and ``mtime_ns``) was
    noted.

    A file whose size and time of writing are as known counts as unchanged; who must know better compares
    contents.

    Raises:
        OSError: the workspace folder itself cannot be listed.
    """
    new: list[Found] = []
    changed: list[Found] = []
    skipped: list[Skipped] = []
    seen: set[str] = set()
    stopped = False

    def stop() -> bool:
        nonlocal stopped
        stopped = stopped or cancelled()
        return stopped

    for found in scan(matcher, is_source, skipped=skipped, cancelled=stop, follow_links=follow_links):
        before = known.get(found.path)
        if before is None:
            new.append(found)
        else:
            seen.add(found.path)
            if before[1] != found.mtime_ns or before[0] != found.size:
                changed.append(found)
    deleted = [] if stopped or len(seen) == len(known) else sorted(known.keys() - seen)
    n_unchanged = len(seen) - len(changed)
    return Sweep(sorted(new), sorted(changed), deleted, n_unchanged, skipped, not stopped)


def look(
    matcher: Matcher, is_source: IsSource, path: str, *, skipped: list[Skipped] | None = None
) -> Found | None:
    """The source file at one path, None when there is none, or it is ignored, too large or reached through a
    link.
    """
    folder, _, name = path.rpartition("/")
    if not is_source(name) or matcher.ignored(path) or _is_linked(matcher.root, folder):
        return None
    one = _Scan(matcher, is_source, [] if skipped is None else skipped, never)
    try:
        status = os.lstat(f"{matcher.root}/{path}")
    except (OSError, ValueError):
        return None
    return one.file(path, status) if one.is_sendable(name, path) else None


def is_unicode(name: str) -> bool:
    """Whether a file name or path, as Python gives it, is valid UTF-8 on disk."""
    if name.isascii():
        return True
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Scan:
    """One run over a folder, and what has to be remembered between its steps."""

    def __init__(
        self,
        matcher: Matcher,
        is_source: IsSource,
        skipped: list[Skipped],
        cancelled: Callable[[], bool],
    ) -> None:
        self._matcher = matcher
        self._root = matcher.root
        self._is_source = is_source
        self._skipped = skipped
        self._cancelled = cancelled
        self._links: list[str] = []

    def run(self, below: str, follow_links: bool) -> Iterator[Found]:
        if below:
            above, _, name = below.rpartition("/")
            rules = self._matcher.rules(above)
            verdict = True if rules is None else rules.ignores(name, is_folder=True)
            if rules is not None and not verdict:
                yield from self._walk(below, rules, kept=verdict is False)
        else:
            yield from self._walk("", None, kept=False)
            if follow_links and self._links:
                yield from self._follow()
            self._skipped += self._matcher.skipped.values()

    def _walk(self, top: str, above: Rules | None, *, kept: bool) -> Iterator[Found]:
        """What is in a folder; ``above`` are the rules of the folder that it is in, None for the root."""
        is_source, stack = self._is_source, [(top, above, kept)]
        while stack and not self._cancelled():
            path, parent, kept = stack.pop()
            folder = f"{self._root}/{path}" if path else self._root
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=_name)
            except OSError as error:
                if not path:
                    raise
                self._skip(path, f"the folder cannot be listed ({error.strerror})")
                continue
            present = CONTROL_NAMES.intersection(map(_name, entries))
            if parent is None:
                rules: Rules | None = self._matcher.enter_root(present)
            else:
                rules = self._matcher.enter(parent, path.rpartition("/")[2], present, kept=kept)
            if rules is None:
                continue
            prefix = rules.prefix
            for entry in entries:
                name = entry.name
                if entry.is_dir(follow_symlinks=False):
                    verdict = rules.ignores(name, is_folder=True)
                    if not verdict and self.is_sendable(name, prefix + name):
                        stack.append((prefix + name, rules, verdict is False))
                elif entry.is_symlink():
                    if not rules.ignores(name, is_folder=False):
                        self._links.append(prefix + name)
                elif is_source(name) and not rules.ignores(name, is_folder=False):
                    found = self._stat(entry, prefix + name)
                    if found is not None:
                        yield found

    def _follow(self) -> Iterator[Found]:
        """What the links lead to that has not been found by its own path, in order of the links' paths."""
        real_root = os.path.realpath(self._root)
        done: set[tuple[int, int]] = set()
        todo = sorted(set(self._links))
        heapify(todo)
        while todo and not self._cancelled():
            link = heappop(todo)
            target = os.path.realpath(f"{self._root}/{link}")
            inside = _relative(target, real_root)
            try:
                status = Path(target).stat()
            except (OSError, ValueError):
                continue  # leads nowhere, or in a circle
            # A link to the root or to a folder above itself would show the same files again under longer
            # paths.
            if (
                not inside
                or f"{link}/".startswith(f"{inside}/")
                or ALWAYS_IGNORED.intersection(inside.split("/"))
            ):
                continue
            identity = (status.st_dev, status.st_ino)
            if identity in done:
                continue
            if stat.S_ISDIR(status.st_mode):
                if self._matcher.ignored(inside, is_folder=True) and self._is_kept_link(link, is_folder=True):
                    done.add(identity)
                    before = len(self._links)
                    for found in self._walk_link(link):
                        if (found.device, found.inode) not in done:
                            done.add((found.device, found.inode))
                            yield found
                    for further in self._links[before:]:
                        heappush(todo, further)
            elif self._is_source(link.rpartition("/")[2]) and self._is_kept_link(link, is_folder=False):
                own_name_counts = self._is_source(inside.rpartition("/")[2]) and not self._matcher.ignored(
                    inside
                )
                linked = None if own_name_counts else self.file(link, status)
                if linked is not None and self.is_sendable(link, link):
                    done.add(identity)
                    yield linked

    def _walk_link(self, link: str) -> Iterator[Found]:
        above, _, name = link.rpartition("/")
        rules = self._matcher.rules(above)
        if rules is not None:
            yield from self._walk(link, rules, kept=rules.ignores(name, is_folder=True) is False)

    def _is_kept_link(self, link: str, *, is_folder: bool) -> bool:
        # A link is matched by what it leads to, so that `folder/` in an ignore file speaks for it too.
        return not self._matcher.ignored(link, is_folder=is_folder) and self.is_sendable(link, link)

    def _stat(self, entry: os.DirEntry[str], path: str) -> Found | None:
        if not self.is_sendable(entry.name, path):
            return None
        try:
            return self.file(path, entry.stat(follow_symlinks=False))
        except FileNotFoundError:
            return None  # deleted since the folder was listed
        except OSError as error:
            self._skip(path, f"it cannot be looked at ({error.strerror})")
            return None

    def file(self, path: str, status: os.stat_result) -> Found | None:
        """The file, unless it is special (a pipe, a socket, a device) or too large."""
        if not stat.S_ISREG(status.st_mode):
            if not stat.S_ISLNK(status.st_mode):
                self._skip(path, "not a regular file")
            return None
        if status.st_size > self._matcher.max_file_size:
            limit = f"{self._matcher.max_file_size:,}"
            self._skip(path, f"{status.st_size:,} bytes long, and magellan.maxFileSize is {limit}")
            return None
        return Found(path, status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino)

    def is_sendable(self, name: str, path: str) -> bool:
        """Whether a name can be sent to an editor; if not, it is reported as skipped."""
        if is_unicode(name):
            return True
        self._skip(path, "its name is not valid UTF-8")
        return False

    def _skip(self, path: str, reason: str) -> None:
        self._skipped.append(Skipped(printable(path), reason))


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _relative(path: str, root: str) -> str:
    """``path`` relative to ``root`` with ``/``; empty when it is the root itself or outside."""
    inside = path.startswith(root if root.endswith(os.sep) else root + os.sep)
    return path[len(root) :].strip(os.sep).replace(os.sep, "/") if inside else ""


def _is_linked(root: str, folder: str) -> bool:
    """Whether a folder of the workspace is reached through a link."""
    path = root
    for name in folder.split("/") if folder else ():
        path = f"{path}/{name}"
        if Path(path).is_symlink():
            return True
    return False
