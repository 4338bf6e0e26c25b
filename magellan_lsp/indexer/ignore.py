"""Which entries of a workspace folder are left out; the one answer for the scan, the watcher and the command
line.

In falling order of force:

1. ``.git``, ``.hg``, ... and our own ``.magellan`` are never looked into. 2. ``exclude`` of the settings; a
pattern with ``!`` keeps what it names against everything below. 3. ``.ignore`` files, the deepest folder
first. 4. ``.gitignore`` files, the deepest folder first, then ``.git/info/exclude``: exactly git's meaning,
and in folders that
   are no repository as well. A repository inside the folder starts afresh, as in git.
5. ``DEFAULT_EXCLUDES``, and folders that carry the mark of a generated one (``MARKERS``). They hide nothing
that can be
   somebody's source: ``build``, ``dist``, ``out``, ``vendor`` and the like are left to the files above.

What is left is indexed where it matches ``include`` of the settings, if there are any.

Nothing outside the workspace folder is read: no ignore file of a folder above it, no global excludes of
git's. Ignore files that are links, no regular files, or longer than ``MAX_IGNORE_FILE_BYTES`` are not read.
Tests: ``tests/indexer/test_ignore.py``.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from magellan_lsp.indexer.wildmatch import (
    MAX_WILDCARD_PATTERNS,
    PatternList,
    as_bytes_text,
    expand_globs,
    literal_folder,
)

#: Bookkeeping of version control and our own: neither source nor watched.
ALWAYS_IGNORED: Final = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", ".magellan"})

DEFAULT_EXCLUDES: Final = (
    # Packages that somebody else wrote, put there by a package manager
    *("node_modules/", "bower_components/", "site-packages/", "dist-packages/", ".eggs/", "*.egg-info/"),
    *(".yarn/", ".pnpm-store/", ".pnp.cjs", ".pnp.loader.mjs"),
    # Environments and caches of tools
    *(".venv/", ".tox/", ".nox/", ".direnv/", "__pycache__/", "__pypackages__/", ".ipynb_checkpoints/"),
    *(".cache/", ".mypy_cache/", ".pytest_cache/", ".ruff_cache/", ".hypothesis/", ".nyc_output/"),
    *(".ccls-cache/", ".clangd/", ".gradle/", ".bloop/", ".metals/", ".terraform/"),
    *(".idea/", ".vs/", ".history/"),
    # What builds leave in folders and files that nobody writes by hand
    *(".next/", ".nuxt/", ".svelte-kit/", ".parcel-cache/", ".turbo/", ".angular/"),
    *("*.min.js", "*.min.mjs", "*.min.cjs"),
)

#: Files in a folder that say that a program made all of it, whatever its name.
MARKERS: Final = frozenset({"pyvenv.cfg", "CACHEDIR.TAG", "CMakeCache.txt"})

#: Folder names that are mostly generated (``target`` beside these build files or at the root, ``venv``
#: anywhere), unless the folder has one of ``_SIGNS_OF_SOURCE``: there are a Java package, an emulator's CPUs
#: and a standard library so named.
_TARGET_MAKERS: Final = frozenset({"Cargo.toml", "pom.xml", "build.sbt", "project.clj"})
_SIGNS_OF_SOURCE: Final = frozenset(
    {"__init__.py", "mod.rs", "meson.build", "CMakeLists.txt", "Makefile", "Kconfig", "BUILD", "BUILD.bazel"}
    | {"package.json", "index.js", "index.ts", "go.mod", "Cargo.toml", "package-info.java"}
)

#: Files whose text decides what is ignored, besides ``.git/info/exclude``.
IGNORE_FILES: Final = frozenset({".gitignore", ".ignore"})

#: Names that decide what is ignored in a folder or what it is taken for.
CONTROL_NAMES: Final = IGNORE_FILES | MARKERS | _TARGET_MAKERS | _SIGNS_OF_SOURCE | {".git"}

MAX_IGNORE_FILE_BYTES: Final = 1 << 20

DEFAULT_MAX_FILE_SIZE: Final = 10 << 20
"""Bytes. SQLite's amalgamation, the largest file that people are known to write programs against, is below
it.
"""

_MAX_REMEMBERED_FOLDERS: Final = 10_000

_Levels = tuple[tuple[PatternList, int], ...]
"""Pattern lists, the strongest first, each with the length of the path (in bytes text) of the folder it is
valid in.
"""


class Skipped(NamedTuple):
    """Something of the workspace that is not indexed though it might have been meant to be, and why, for
    people.
    """

    path: str
    """Relative to the workspace folder, with ``/``; bytes that are no UTF-8 are written as ``\\xNN``."""
    reason: str


class Rules:
    """What is ignored among the entries of one folder. Made by ``Matcher.enter_root`` and ``Matcher.enter``;
    immutable.
    """

    __slots__ = (
        "_bytes_prefix",
        "_dot_ignore",
        "_git",
        "_included",
        "_levels",
        "_makes_target",
        "_matcher",
        "prefix",
    )

    def __init__(
        self,
        matcher: Matcher,
        prefix: str,
        dot_ignore: _Levels,
        git: _Levels,
        included: bool,
        makes_target: bool,
    ) -> None:
        self._matcher = matcher
        self.prefix = prefix
        self._bytes_prefix = as_bytes_text(prefix)
        self._dot_ignore = dot_ignore
        self._git = git
        self._levels = (*matcher.first_levels, *dot_ignore, *git, *matcher.last_levels)
        self._included = included
        self._makes_target = makes_target

    def ignores(self, name: str, *, is_folder: bool) -> bool | None:
        """True when the entry ``name`` is left out, False when a pattern says to keep it, None when nothing
        says anything.

        A folder that is not left out here can still be by what is in it, see ``Matcher.enter``.
        """
        if name in ALWAYS_IGNORED:
            return True
        as_bytes = as_bytes_text(name)
        verdict = None
        path = None
        for patterns, base in self._levels:
            if patterns.has_paths:
                path = path or self._bytes_prefix + as_bytes
                verdict = patterns.verdict(as_bytes, path[base:], is_folder)
            else:
                verdict = patterns.verdict(as_bytes, as_bytes, is_folder)
            if verdict is not None:
                break
        if verdict or not self._matcher.include:
            return verdict
        chosen = self._matcher.include.verdict(as_bytes, self._bytes_prefix + as_bytes, is_folder)
        if self._included if chosen is None else chosen:
            return verdict
        # A folder is entered as long as something in it might be included.
        return (
            verdict if is_folder and self._matcher.leads_to_included(self._bytes_prefix + as_bytes) else True
        )

    def includes(self, name: str) -> bool:
        """Whether the folder ``name`` in this one is all included unless a pattern says otherwise of what is
        in it.
        """
        if not self._matcher.include:
            return True
        as_bytes = as_bytes_text(name)
        chosen = self._matcher.include.verdict(as_bytes, self._bytes_prefix + as_bytes, True)
        return self._included if chosen is None else chosen


class Matcher:
    """The ignore rules of one workspace folder. Safe to share between threads.

    Args:
        root: the workspace folder. include: globs relative to ``root`` in the language of ignore files (also
        ``{a,b}``); only what they match, and all
            that is in a folder that they match, is indexed. Empty: everything is.
        exclude: globs likewise, to be left out; ``!glob`` keeps what an ignore file or a default would leave
        out. defaults: whether ``DEFAULT_EXCLUDES`` and marks of generated folders count. ignore_files:
        whether ``.ignore``, ``.gitignore`` and ``.git/info/exclude`` count. max_file_size: larger files are
        not indexed; in bytes.
    """

    def __init__(
        self,
        root: Path | str,
        *,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        defaults: bool = True,
        ignore_files: bool = True,
        max_file_size: int = DEFAULT_MAX_FILE_SIZE,
    ) -> None:
        self.root = str(root)
        self.max_file_size = max_file_size
        self.skipped: dict[str, Skipped] = {}
        """Ignore files that could not be read whole, by path."""
        self._defaults = defaults
        self._ignore_files = ignore_files
        includes = expand_globs(include)
        self.include = PatternList.of_globs(includes)
        self._include_folders = [as_bytes_text(literal_folder(glob)) for glob in includes]
        excluded = PatternList.of_globs(expand_globs(exclude))
        self.first_levels: _Levels = ((excluded, 0),) if excluded else ()
        self.last_levels: _Levels = ((PatternList(DEFAULT_EXCLUDES), 0),) if defaults else ()
        self._remembered: dict[str, Rules | None] = {}

    def ignored(self, path: str, *, is_folder: bool = False) -> bool:
        """Whether the entry at a path relative to the root is left out, by itself or by a folder above it.

        The entry need not exist. Reads ignore files on the way and remembers them until ``forget``; the scan,
        which has read the folders anyway, uses ``enter``.
        """
        folder, _, name = path.rpartition("/")
        rules = self.rules(folder)
        if rules is None or rules.ignores(name, is_folder=is_folder):
            return True
        return is_folder and self.rules(path) is None

    def rules(self, folder: str) -> Rules | None:
        """The rules for the entries of a folder (``""`` is the root); None when the folder itself is left
        out.
        """
        found = self._remembered.get(folder, self)
        if isinstance(found, Matcher):
            present = _OnDisk(f"{self.root}/{folder}" if folder else self.root)
            if not folder:
                rules: Rules | None = self.enter_root(present)
            else:
                above, _, name = folder.rpartition("/")
                parent = self.rules(above)
                verdict = True if parent is None else parent.ignores(name, is_folder=True)
                if parent is None or verdict:
                    rules = None
                else:
                    rules = self.enter(parent, name, present, kept=verdict is False)
            if len(self._remembered) >= _MAX_REMEMBERED_FOLDERS:
                self._remembered.clear()
            self._remembered[folder] = rules
            return rules
        return found

    def is_control(self, path: str) -> bool:
        """Whether the coming or going of the entry at ``path`` can change what else is ignored.

        Of an ignore file (``IGNORE_FILES``) and of git's ``info/exclude`` the text counts too, of others only
        that they are there.
        """
        folder, _, name = path.rpartition("/")
        if name in IGNORE_FILES or name == ".git" or path.endswith(".git/info/exclude"):
            return self._ignore_files
        if not self._defaults:
            return False
        if name in _SIGNS_OF_SOURCE and folder.rpartition("/")[2] in ("target", "venv"):
            return True
        return name in MARKERS or name in _TARGET_MAKERS

    def forget(self, folder: str = "") -> None:
        """Read the ignore files of a folder and of those in it anew when next asked. Rules given out stay as
        they are.
        """
        if not folder:
            self._remembered = {}
            self.skipped = {}
            return
        self._remembered = {
            known: rules
            for known, rules in self._remembered.copy().items()
            if known != folder and not known.startswith(folder + "/")
        }

    def enter_root(self, present: Container[str]) -> Rules:
        """The rules for the entries of the root, of which ``present`` holds at least those in
        ``CONTROL_NAMES``.
        """
        return self._rules("", (), (), not self.include, present)

    def enter(self, parent: Rules, name: str, present: Container[str], *, kept: bool) -> Rules | None:
        """The rules for the entries of the folder ``name`` in ``parent``; None when what is in it says that
        it is generated.

        Args:
            parent: the rules of the folder it is in, for which it is not ignored.
            name: its name.
            present: what is in it, at least the names in ``CONTROL_NAMES``.
            kept: whether a pattern keeps the folder (``ignores`` gave False), which outweighs such marks.
        """
        if self._defaults and not kept and _generated(parent, name, present):
            return None
        prefix = f"{parent.prefix}{name}/"
        return self._rules(prefix, parent._dot_ignore, parent._git, parent.includes(name), present)

    def leads_to_included(self, folder: str) -> bool:
        """Whether something in a folder (bytes text) might match ``include``."""
        return any(
            not literal
            or literal.startswith(folder + "/")
            or folder.startswith(literal + "/")
            or literal == folder
            for literal in self._include_folders
        )

    def _rules(
        self, prefix: str, dot_ignore: _Levels, git: _Levels, included: bool, present: Container[str]
    ) -> Rules:
        if self._ignore_files:
            base = len(as_bytes_text(prefix))
            if ".git" in present:
                exclude = self._read(prefix + ".git/info/exclude")
                git = ((exclude, base),) if exclude else ()
            if ".gitignore" in present and (patterns := self._read(prefix + ".gitignore")):
                git = ((patterns, base), *git)
            if ".ignore" in present and (patterns := self._read(prefix + ".ignore")):
                dot_ignore = ((patterns, base), *dot_ignore)
        makes_target = not prefix or any(maker in present for maker in _TARGET_MAKERS)
        return Rules(self, prefix, dot_ignore, git, included, makes_target)

    def _read(self, path: str) -> PatternList | None:
        """The patterns of an ignore file; None when there are none, or no file that may be read."""
        data = _read_regular_file(f"{self.root}/{path}")
        if data is None:
            return None
        if len(data) > MAX_IGNORE_FILE_BYTES:
            reason = f"ignore file of more than {MAX_IGNORE_FILE_BYTES:,} bytes: it is not used"
            self.skipped[path] = Skipped(printable(path), reason)
            return None
        patterns = PatternList.parse(data)
        if patterns.n_dropped:
            reason = (
                f"more than {MAX_WILDCARD_PATTERNS:,} patterns with wildcards: those after them are not used"
            )
            self.skipped[path] = Skipped(printable(path), reason)
        return patterns or None


def printable(path: str) -> str:
    r"""A path that can be printed and sent: bytes of it that are no UTF-8 are written as ``\xNN``."""
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def _generated(parent: Rules, name: str, present: Container[str]) -> bool:
    if "pyvenv.cfg" in present or "CACHEDIR.TAG" in present:
        return True
    if "CMakeCache.txt" in present:
        # A build inside its own source folder leaves the same file there.
        return "CMakeLists.txt" not in present
    if name == "venv" or (name == "target" and parent._makes_target):
        return not any(sign in present for sign in _SIGNS_OF_SOURCE)
    return False


class _OnDisk(Container[str]):
    """The entries of a folder, looked up one by one; one that is gone or unreadable holds nothing."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def __contains__(self, name: object) -> bool:
        return os.path.lexists(f"{self._folder}/{name}")


def _read_regular_file(path: str) -> bytes | None:
    """The file's bytes, at most one more than an ignore file may have; None for links, special files and on
    any error.

    Opening a pipe would wait for somebody to write to it, and a link could lead out of the workspace.
    """
    flags = os.O_RDONLY
    for more in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):
        flags |= getattr(os, more, 0)
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(MAX_IGNORE_FILE_BYTES + 1)
    except OSError:
        return None
    finally:
        os.close(descriptor)
