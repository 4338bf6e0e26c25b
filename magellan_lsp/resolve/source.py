"""Where linking gets the facts of other files from: one narrow protocol, so that a store, open buffers over a
store, a
folder read on demand and a test's dictionary all serve.

Everything that a link can depend on goes through here, always *by name*: that is what makes "re-link a file
when a name
that it mentions changed" (``changes.py``) enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from magellan_lsp.facts.file_facts import FileFacts


class FactsSource(Protocol):
    """Facts by path and posting lists by name. Paths are relative to the workspace root and sorted."""

    def facts(self, path: str) -> FileFacts | None:
        """The file's facts; None when there is no such source file."""

    def exists(self, path: str) -> bool:
        """Whether ``facts`` would find something."""

    def basename(self, name: str) -> Sequence[str]:
        """Files whose last path component is ``name``."""

    def defining(self, name: str) -> Sequence[str]:
        """Files that define a symbol of this simple name."""

    def extending(self, name: str) -> Sequence[str]:
        """Files that extend, implement, derive from or add members to a type of this simple name."""

    def group(self, key: str) -> Sequence[str]:
        """Files that list ``key`` in ``FileFacts.groups``."""

    def config(self, path: str) -> bytes | None:
        """The bytes of a project file (go.mod, Cargo.toml, tsconfig.json, package.json,
        compile_commands.json, …).
        """

    def configs(self, name: str) -> Sequence[str]:
        """Paths of the project files whose last component is ``name``."""


class MemorySource:
    """A source over facts in memory; for tests and for files that are linked before they are stored."""

    def __init__(self, files: Iterable[FileFacts], configs: Mapping[str, bytes] | None = None) -> None:
        self._files = {facts.path: facts for facts in files}
        self._configs = dict(configs or {})
        self._basename: dict[str, list[str]] = {}
        self._defining: dict[str, list[str]] = {}
        self._extending: dict[str, list[str]] = {}
        self._groups: dict[str, list[str]] = {}
        for path in sorted(self._files):
            facts = self._files[path]
            self._basename.setdefault(path.rsplit("/", 1)[-1], []).append(path)
            for name in defined_names(facts):
                self._defining.setdefault(name, []).append(path)
            for name in extended_names(facts):
                self._extending.setdefault(name, []).append(path)
            for key in set(facts.groups):
                self._groups.setdefault(key, []).append(path)

    def facts(self, path: str) -> FileFacts | None:
        return self._files.get(path)

    def exists(self, path: str) -> bool:
        return path in self._files

    def basename(self, name: str) -> Sequence[str]:
        return self._basename.get(name, [])

    def defining(self, name: str) -> Sequence[str]:
        return self._defining.get(name, [])

    def extending(self, name: str) -> Sequence[str]:
        return self._extending.get(name, [])

    def group(self, key: str) -> Sequence[str]:
        return self._groups.get(key, [])

    def config(self, path: str) -> bytes | None:
        return self._configs.get(path)

    def configs(self, name: str) -> Sequence[str]:
        return sorted(path for path in self._configs if path.rsplit("/", 1)[-1] == name)


def defined_names(facts: FileFacts) -> set[str]:
    """Simple names of the file's symbols (its own module symbol left out)."""
    names = facts.names
    return {
        names[name]
        for name, symbol in zip(facts.def_name[1:], facts.def_symbol[1:], strict=True)
        if symbol >= 0
    }


def extended_names(facts: FileFacts) -> set[str]:
    """Last parts of the names of types that the file derives from or adds members to."""
    found = {facts.names[name] for name in facts.extension_name}
    for expr in [*facts.base_expr, *(trait for trait in facts.extension_trait if trait >= 0)]:
        found |= head_names(facts, expr)
    found.discard("")
    return found


def head_names(facts: FileFacts, expr: int) -> set[str]:
    """The simple names that a type expression may denote: ``a.B[C]`` -> ``B``."""
    from magellan_lsp.facts.kinds import ExprOp

    op, *args = facts.expr(expr)
    if op == ExprOp.NAME:
        return {facts.names[args[0]]}
    if op == ExprOp.DEF:
        return {facts.name(args[0])} | _imported_name(facts, args[0])
    if op in (ExprOp.MEMBER, ExprOp.PATH, ExprOp.ASSOC):
        return {facts.names[args[1]]}
    if op in (ExprOp.GENERIC, ExprOp.CALL, ExprOp.INDEX, ExprOp.POINTER, ExprOp.REF, ExprOp.INSTANCE):
        return head_names(facts, args[0])
    if op in (ExprOp.UNION, ExprOp.INTERSECTION):
        return {name for arg in args for name in head_names(facts, arg)}
    return set()


def _imported_name(facts: FileFacts, definition: int) -> set[str]:
    """What an import alias is called where it comes from."""
    return {
        facts.names[name]
        for row, name in zip(facts.import_def, facts.import_name, strict=True)
        if row == definition and name >= 0
    }
