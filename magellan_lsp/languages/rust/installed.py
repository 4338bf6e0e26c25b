"""Crates outside of the workspace, where the resolver may look at installed ones: cargo's registry and ``rust-src``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from magellan_lsp.languages.rust.manifest import Crate, read_crate

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

#: Crate and file, below the crate's ``src``. Those of numbers are written by macros.
_PRIMITIVE_FILES = {
    "Str": (("core", "str/mod.rs"), ("alloc", "str.rs")),
    "Slice": (("core", "slice/mod.rs"), ("alloc", "slice.rs")),
    "Char": (("core", "char/methods.rs"),),
    "Bool": (("core", "bool.rs"),),
}
_VERSION = re.compile(r"(?P<name>.+)-(?P<version>\d+\.\d+\.\d+[^/]*)\Z")


def crate_of(r: Resolver, path: str) -> Crate | None:
    """The installed package that a file belongs to: the one with the nearest Cargo.toml above it."""
    folder = path
    while "/" in folder.strip("/"):
        folder = folder.rpartition("/")[0]
        if r.installed is None or not r.installed.covers(f"{folder}/Cargo.toml"):
            return None
        if r.installed.config(f"{folder}/Cargo.toml") is not None:
            return _crate_in(r, folder)
    return None


def crate_root(r: Resolver, own: Crate | None, path: str, name: str, wanted: str) -> str | None:
    """The root file of the locked crate that a dependency ``wanted`` of ``own`` is; None when it is not installed.

    Args:
        name: what the code calls it.
    """
    if r.installed is None:
        return None
    found: list[tuple[bool, list[int], str]] = []
    for root in r.installed.roots("rust"):
        match = _VERSION.match(root.rpartition("/")[2])
        if match is None or match["name"].replace("-", "_") != wanted:
            continue
        crate = _crate_in(r, root)
        if crate is not None and r.source.exists(crate.root) and crate.root != path:
            asked = own.requirements.get(name, "") if own is not None else ""
            numbers = [int(part) for part in re.findall(r"\d+", match["version"])[:3]]
            found.append((_compatible(asked, match["version"]), numbers, crate.root))
    return max(found)[2] if found else None


def standard_root(r: Resolver, name: str) -> str | None:
    """The root file of a crate of the standard library (``std``, ``core``, ``alloc``); None without its sources."""
    for root in r.installed.roots("rust") if r.installed is not None else ():
        path = f"{root}/{name}/src/lib.rs"
        if r.source.exists(path):
            return path
    return None


def primitive_files(r: Resolver, stub: str) -> list[str]:
    """The files of the standard library with the impls of a primitive type, by what the stubs call it."""
    found: list[str] = []
    for crate, file in _PRIMITIVE_FILES.get(stub, ()):
        root = standard_root(r, crate)
        path = f"{root.rpartition('/')[0]}/{file}" if root is not None else ""
        if path and r.source.exists(path):
            found.append(path)
    return found


def with_impls(r: Resolver, path: str, name: str) -> list[str]:
    """Files of the folder of an installed file in which the name stands behind an ``impl``; the file itself first."""
    wanted = re.compile(rb"(?m)^[ \t]*(?:unsafe[ \t]+)?impl\b[^{;]*\b%b\b" % re.escape(name.encode()))
    found = [path]
    for other in r.installed.files(path.rpartition("/")[0]) if r.installed is not None else ():
        if other != path and r.installed is not None and wanted.search(r.installed.config(other) or b""):
            found.append(other)
    return found


def _crate_in(r: Resolver, folder: str) -> Crate | None:
    key = ("rust-installed", folder)
    found: Crate | None = r.query(key, lambda: read_crate(r, f"{folder}/Cargo.toml"), None, 0)
    return found


def _compatible(requirement: str, version: str) -> bool:
    """Whether a version is of the requirement's line, as ``^`` has it: the first number that is not 0 agrees."""
    asked, has = re.findall(r"\d+", requirement), re.findall(r"\d+", version)
    for wanted, given in zip(asked, has, strict=False):
        if wanted != given:
            return False
        if wanted != "0":
            return True
    return True
