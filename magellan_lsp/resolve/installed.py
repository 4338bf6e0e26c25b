"""Installed packages as the resolver sees them: files beside the workspace's own, read only when a look-up
leads there.

A resolver that was given :class:`Installed` answers for what lies outside the workspace too. It is a second one,
for questions about a definition; links, and so references and calls, are made by one without. A language takes
part by looking at ``r.installed`` in its rules where it finds nothing in the workspace. Tests:
``tests/session/test_installed.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.resolve.source import FactsSource


class Installed(Protocol):
    """Files of installed packages.

    Paths have ``/``; they are relative to the workspace root for what lies in it (``node_modules/x/index.js``) and
    absolute for what does not (``/usr/lib/python3.11/os.py``, ``C:/Python311/Lib/os.py``).
    """

    def roots(self, language: str) -> Sequence[str]:
        """Folders that hold a language's packages, to be looked at in this order."""

    def covers(self, path: str) -> bool:
        """Whether a path lies where packages are installed; nothing else is ever read."""

    def facts(self, path: str) -> FileFacts | None:
        """The facts of a source file of a package; None when there is none."""

    def exists(self, path: str) -> bool:
        """Whether ``facts`` would find something. Reads nothing."""

    def files(self, folder: str) -> Sequence[str]:
        """Paths of the source files directly in a folder, sorted; [] when there is no such folder."""

    def config(self, path: str) -> bytes | None:
        """The bytes of a project file (package.json, go.mod, Cargo.toml); None when there is none."""

    def real(self, path: str) -> str:
        """A path with symbolic links followed: a package manager's links lead to one place of many names."""


class InstalledSource:
    """A FactsSource that knows installed packages besides what another one knows, which comes first.

    Posting lists are the other's alone: a package is reached by its path, never by a name that it defines.
    """

    def __init__(self, own: FactsSource, installed: Installed) -> None:
        self._own = own
        self._installed = installed

    def facts(self, path: str) -> FileFacts | None:
        found = self._own.facts(path)
        if found is None and self._installed.covers(path):
            found = self._installed.facts(path)
        return found

    def exists(self, path: str) -> bool:
        if self._own.exists(path):
            return True
        # a link in a package folder may lead to a package of the workspace itself
        return self._installed.covers(path) and (
            self._installed.exists(path) or self._own.exists(self._installed.real(path))
        )

    def config(self, path: str) -> bytes | None:
        if self._installed.covers(path):
            return self._installed.config(path)
        return self._own.config(path)

    def basename(self, name: str) -> Sequence[str]:
        return self._own.basename(name)

    def defining(self, name: str) -> Sequence[str]:
        return self._own.defining(name)

    def extending(self, name: str) -> Sequence[str]:
        return self._own.extending(name)

    def group(self, key: str) -> Sequence[str]:
        return self._own.group(key)

    def configs(self, name: str) -> Sequence[str]:
        return self._own.configs(name)
