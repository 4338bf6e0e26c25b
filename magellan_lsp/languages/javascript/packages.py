"""From the text of an import to a file of an installed package, as TypeScript looks for it.

Two rounds over ``node_modules`` from the importing file's folder upwards: one for declarations (in the package, else in
``@types``), one for sources. Only a resolver that sees installed packages gets here (``r.installed``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.languages.javascript.resolution import conditions, join, manifest_of, place, subpath
from magellan_lsp.resolve.types import Ref

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_FOLDER = "node_modules"
_DECLARATIONS = (".ts", ".tsx", ".mts", ".cts")


def installed(r: Resolver, folder: str, text: str) -> list[Ref]:
    """The module that ``text`` names in a file of the folder, in an installed package; [] when there is none."""
    if r.installed is None or text.startswith((".", "/", "#")):
        return []
    scheme, _, bare = text.rpartition(":")
    if scheme not in ("", "node"):
        return []
    parts = bare.split("/")
    size = 2 if bare.startswith("@") else 1
    name, rest = "/".join(parts[:size]), "/".join(parts[size:])
    folders = list(_folders(r, folder))
    for at in folders if not scheme else ():
        for found in _files(r, f"{at}/{name}", rest):
            if found.endswith(_DECLARATIONS):
                return _module(r, found, text)
        for found in _files(r, f"{at}/@types/{name.lstrip('@').replace('/', '__')}", rest):
            return _module(r, found, text)
    for at in folders:  # the modules of Node.js itself are declared in a package of their own
        found = place(r, f"{at}/@types/node/{bare}", folders=False)
        if found and (declared := _declared(r, found, (text, bare, f"node:{bare}"))):
            return declared
    for at in folders if not scheme else ():
        for found in _files(r, f"{at}/{name}", rest):
            return _module(r, found, text)
    return []


def _folders(r: Resolver, folder: str) -> Iterator[str]:
    """Folders of packages that a file in a folder sees: those above it, then those that the settings name."""
    seen: set[str] = set()
    while True:
        if folder.rpartition("/")[2] != _FOLDER:
            at = f"{folder}/{_FOLDER}" if folder else _FOLDER
            seen.add(at)
            yield at
        if not folder:
            break
        folder = folder.rpartition("/")[0]
    if r.installed is not None:
        yield from (root for root in r.installed.roots("javascript") if root not in seen)


def _files(r: Resolver, package: str, rest: str) -> Iterator[str]:
    """The files that a package is, or that a path inside it names, the likeliest first."""
    manifest = manifest_of(r, package)
    exported = manifest.get("exports") if manifest is not None else None
    if manifest is not None and not rest:
        main = exported.get(".", exported) if isinstance(exported, dict) else exported
        for key in ("types", "typings"):
            yield from _existing(r, package, [manifest.get(key)])
        yield from _existing(r, package, conditions(main))
        for key in ("module", "main"):
            yield from _existing(r, package, [manifest.get(key)])
    elif rest and exported is not None:
        yield from _existing(r, package, conditions(subpath(exported, f"./{rest}")))
    found = place(r, f"{package}/{rest}" if rest else f"{package}/index", folders=bool(rest))
    if found:
        yield found


def _existing(r: Resolver, package: str, targets: Any) -> Iterator[str]:
    for target in targets:
        at = join(package, target) if isinstance(target, str) else None
        found = place(r, at) if at is not None and at.startswith(package) else ""
        if found:
            yield found


def _module(r: Resolver, path: str, text: str) -> list[Ref]:
    """The module that a file is, under its real name; in a file of ambient declarations the one of that name."""
    real = r.installed.real(path) if r.installed is not None else path
    return _declared(r, real, (text,)) or [(real, 0)]


def _declared(r: Resolver, path: str, names: tuple[str, ...]) -> list[Ref]:
    facts = r.facts(path)
    if facts is None or "javascript:script" not in facts.groups:
        return []  # in a module `declare module` adds to another one
    return [
        (path, row)
        for name in dict.fromkeys(names)
        for row in facts.members(0).get(name, ())
        if facts.def_kind[row] == DefKind.MODULE
    ]
