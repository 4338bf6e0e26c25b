"""Go packages outside of the workspace, where the resolver may look at installed ones: the standard library and the module
cache (https://go.dev/ref/mod#module-cache).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from magellan_lsp.languages.go.modules import ModuleFile, module_file

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_UPPER = re.compile(r"[A-Z]")


def package_files(r: Resolver, folder: str) -> Sequence[str]:
    """Source files of an installed package, tests left out; [] for a folder that is none."""
    if r.installed is None or not r.installed.covers(f"{folder}/"):
        return ()
    return [
        path for path in r.installed.files(folder) if path.endswith(".go") and not path.endswith("_test.go")
    ]


def mentioning(r: Resolver, paths: Sequence[str], name: str) -> Sequence[str]:
    """Those of installed files whose text has a name: only they are worth parsing."""
    if r.installed is None:
        return ()
    wanted = re.compile(rb"\b%b\b" % re.escape(name.encode()))
    return [path for path in paths if wanted.search(r.installed.config(path) or b"")]


def standard_folder(r: Resolver, imported: str) -> str:
    """The folder of a package of the standard library; "" when it is not installed."""
    for root in r.installed.roots("go") if r.installed is not None else ():
        for folder in (f"{root}/{imported}", f"{root}/vendor/{imported}"):
            if package_files(r, folder):
                return folder
    return ""


def folder_of(r: Resolver, path: str, imported: str, module: str | None) -> str:
    """The folder of an installed package that an import path means in a file; "" when it is not installed.

    Args:
        module: the folder of the workspace's module that the file belongs to; None for a file of none.
    """
    if r.installed is None:
        return ""
    if "." not in imported.partition("/")[0]:
        return standard_folder(r, imported)
    known: list[tuple[str, str]] = []
    if module is not None and not r.installed.covers(path):
        known += _required(r, module_file(r.source.config(f"{module}/go.mod".lstrip("/")) or b""))
    else:
        known += _own(r, path)
        for config in r.source.configs(
            "go.mod"
        ):  # the workspace's choice of versions wins over the module's own
            known += _required(r, module_file(r.source.config(config) or b""))
        own = _above(r, path)
        known += _required(r, module_file(r.installed.config(f"{own}/go.mod") or b"")) if own else []
    for name, place in sorted(known, key=lambda one: -len(one[0])):
        if imported == name or imported.startswith(f"{name}/"):
            folder = f"{place}{imported[len(name) :]}"
            if package_files(r, folder):
                return folder
    return standard_folder(r, imported)  # what the library keeps for itself (golang.org/x/net/…)


def _required(r: Resolver, module: ModuleFile) -> list[tuple[str, str]]:
    """Module paths with the folders in the module cache."""
    roots = r.installed.roots("go") if r.installed is not None else ()
    return [(name, f"{root}/{_escaped(version)}") for name, version in module.required for root in roots]


def _escaped(path: str) -> str:
    """As the module cache writes paths: capital letters as ``!`` and the small letter."""
    return _UPPER.sub(lambda found: f"!{found[0].lower()}", path)


def _above(r: Resolver, path: str) -> str:
    """The folder of the installed module that a file belongs to: the one with a version in its name."""
    parts = path.split("/")
    for depth in range(len(parts) - 1, 0, -1):
        if "@" in parts[depth - 1]:
            return "/".join(parts[:depth])
    return ""


def _own(r: Resolver, path: str) -> list[tuple[str, str]]:
    folder = _above(r, path)
    if not folder or r.installed is None:
        return []
    module = module_file(r.installed.config(f"{folder}/go.mod") or b"")
    return [(module.path, folder)] if module.path else []
