"""From the text of an import to a module: relative paths, packages of the workspace, `tsconfig.json`, ambient
modules.

What is installed elsewhere is found by a resolver that sees installed packages (``packages.py``), after all that is
the workspace's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.resolve.types import Ref

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

#: A module may lie in a source or declaration file of any of these; the order is TypeScript's.
_SUFFIXES = (".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".d.mts", ".d.cts")
#: What a written extension stands for when the file itself was compiled from something else.
_SOURCES = {
    ".js": (".ts", ".tsx", ".d.ts", ".js", ".jsx"),
    ".jsx": (".tsx", ".d.ts", ".jsx"),
    ".mjs": (".mts", ".d.mts", ".mjs"),
    ".cjs": (".cts", ".d.cts", ".cjs"),
    ".ts": (".ts", ".d.ts"),
    ".tsx": (".tsx", ".d.ts"),
    ".mts": (".mts", ".d.mts"),
    ".cts": (".cts", ".d.cts"),
}
#: Packages that a stub of ours describes, by the name they are imported under.
_STUBS = {"react": "react.d.ts"}
_MANIFEST = "package.json"
_PROJECTS = ("tsconfig.json", "jsconfig.json")
_CONDITIONS = ("types", "source", "import", "module", "default", "require", "node", "browser")
_DECLARATION = re.compile(r"\.d\.[cm]?ts$")
#: Names of folders for what a build makes.
_BUILT = frozenset({"lib", "dist", "build", "out", "es", "esm", "cjs", "module", "types", "typings", "umd"})
#: How many files a tsconfig may extend, one by one.
_MAX_EXTENDS = 5


def modules(r: Resolver, path: str, text: str) -> list[Ref]:
    """The modules that ``text`` names in a file: ``(path, 0)`` for a file, else an ambient declaration."""
    from magellan_lsp.languages.javascript.packages import installed

    def compute() -> list[Ref]:
        found = _file(r, path, text)
        if found:
            return [(found, 0)]
        return ambient(r, text) or installed(r, folder, text) or _described(text)

    folder = path.rpartition("/")[0]
    return r.query(("js-module", folder, text), compute, [])


def _described(text: str) -> list[Ref]:
    """The stub of a package that many workspaces build on without holding its declarations; no place to show."""
    stub = _STUBS.get(text)
    return [(f"<builtin>/typescript/{stub}", 0)] if stub is not None else []


def ambient(r: Resolver, text: str) -> list[Ref]:
    """``declare module "text"`` in any file."""
    found: list[Ref] = []
    for path in r.source.group(f"javascript:module:{text}"):
        facts = r.facts(path)
        if facts is None:
            continue
        found.extend(
            (path, row) for row in facts.members(0).get(text, ()) if facts.def_kind[row] == DefKind.MODULE
        )
    return found


def _file(r: Resolver, path: str, text: str) -> str:
    folder = path.rpartition("/")[0]
    if text.startswith(("./", "../")) or text in (".", ".."):
        joined = join(folder, text)
        return place(r, joined) if joined is not None else ""
    if text.startswith("/"):
        return ""
    for candidate in _mapped(r, folder, text):
        found = place(r, candidate)
        if found:
            return found
    return _package(r, folder, text)


def is_inside(r: Resolver, path: str, text: str) -> bool:
    """Whether an import names a place in the workspace, by a relative path."""
    relative = text.startswith(("./", "../"))
    return relative and join(path.rpartition("/")[0], text) is not None


def join(folder: str, text: str) -> str | None:
    """A relative path below a folder, normalised; None when it leaves the workspace."""
    parts = folder.split("/") if folder else []
    for part in text.split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def place(r: Resolver, base: str, folders: bool = True) -> str:
    """The file that a path without or with extension stands for; a folder's manifest or index file."""
    exists = r.source.exists
    name = base.rpartition("/")[2]
    stem, dot, extension = base.rpartition(".")
    if dot and "." in name:
        for suffix in _SOURCES.get(f".{extension}", ()):
            if exists(stem + suffix):
                return stem + suffix
        if exists(base):
            return base
    if name:
        for suffix in _SUFFIXES:
            if exists(base + suffix):
                return base + suffix
    if not folders:
        return ""
    manifest = manifest_of(r, base)
    if manifest is not None:
        found = _entry(r, base, manifest)
        if found:
            return found
    return place(r, f"{base}/index" if base else "index", folders=False)


def manifest_of(r: Resolver, folder: str) -> dict[str, Any] | None:
    """A folder's package.json; None when it has none that can be read."""
    return _json(r, f"{folder}/{_MANIFEST}" if folder else _MANIFEST)


def _entry(r: Resolver, folder: str, manifest: dict[str, Any]) -> str:
    """What a package's manifest says it is: its types, else its main file."""
    for key in ("types", "typings", "module", "main"):
        value = manifest.get(key)
        if isinstance(value, str):
            target = join(folder, value)
            found = place(r, target, folders=key == "main") if target is not None else ""
            found = found or _source_of(r, folder, value)
            if found:
                return found
    exported = manifest.get("exports")
    if isinstance(exported, dict):
        exported = exported.get(".", exported)
    for value in conditions(exported):
        target = join(folder, value)
        found = place(r, target, folders=False) if target is not None else ""
        found = found or _source_of(r, folder, value)
        if found:
            return found
    return ""


def _source_of(r: Resolver, folder: str, target: str) -> str:
    """The source of a file that a build would make: ``lib/node/main.js`` is made of ``src/node/main.ts``.

    ``outDir`` and ``rootDir`` of the package's tsconfig say which folder stands for which; without them, the usual names.
    """
    joined = join("", target)
    if not joined:
        return ""
    config = _json(r, f"{folder}/{_PROJECTS[0]}" if folder else _PROJECTS[0]) or {}
    options = config.get("compilerOptions")
    out, root = (options.get(key) if isinstance(options, dict) else None for key in ("outDir", "rootDir"))
    pairs = [(out, root if isinstance(root, str) else "src")] if isinstance(out, str) else []
    parts = joined.split("/")
    depth = 1 if parts[0] in _BUILT else 0
    depth += depth and len(parts) > 2 and parts[1] in _BUILT
    pairs += [("/".join(parts[:size]), "src") for size in range(depth, 0, -1)]
    for made, source in pairs:
        above, at = join("", made), join(folder, source)
        if above and at is not None and joined.startswith(f"{above}/"):
            rest = _DECLARATION.sub("", joined[len(above) + 1 :])
            found = place(r, f"{at}/{rest}" if at else rest, folders=False)
            if found:
                return found
    return ""


def conditions(value: Any) -> Iterator[str]:
    """The paths in a conditional export, in the order in which we would take them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key in _CONDITIONS:
            if key in value:
                yield from conditions(value[key])
    elif isinstance(value, list):
        for one in value:
            yield from conditions(one)


def _package(r: Resolver, folder: str, text: str) -> str:
    """A package of the workspace itself, by the name in its manifest."""
    parts = text.split("/")
    size = 2 if text.startswith("@") else 1
    name, rest = "/".join(parts[:size]), "/".join(parts[size:])
    if text.startswith("#"):
        return _internal(r, folder, text)
    for at, manifest in _packages(r):
        if manifest.get("name") != name:
            continue
        if not rest:
            return _entry(r, at, manifest) or _first(r, at, ("src/index", "index", "lib/index", "src/main"))
        for value in conditions(subpath(manifest.get("exports"), f"./{rest}")):
            target = join(at, value)
            found = place(r, target, folders=False) if target is not None else ""
            found = found or _source_of(r, at, value)
            if found:
                return found
        return _first(r, at, (rest, f"src/{rest}"))
    return ""


def _first(r: Resolver, folder: str, names: Sequence[str]) -> str:
    for name in names:
        found = place(r, f"{folder}/{name}" if folder else name)
        if found:
            return found
    return ""


def subpath(exported: Any, wanted: str) -> Any:
    """The entry of an export map for a subpath, with ``*`` filled in."""
    if not isinstance(exported, dict):
        return None
    if wanted in exported:
        return exported[wanted]
    for pattern, value in exported.items():
        head, star, tail = pattern.partition("*")
        if star and wanted.startswith(head) and wanted.endswith(tail):
            middle = wanted[len(head) : len(wanted) - len(tail)]
            return [one.replace("*", middle) for one in conditions(value)]
    return None


def _internal(r: Resolver, folder: str, text: str) -> str:
    """``#name``: the nearest manifest's own import map."""
    while True:
        manifest = _json(r, f"{folder}/{_MANIFEST}" if folder else _MANIFEST)
        if manifest is not None:
            for value in conditions(subpath(manifest.get("imports"), text)):
                target = join(folder, value)
                found = place(r, target, folders=False) if target is not None else ""
                if found:
                    return found
            return ""
        if not folder:
            return ""
        folder = folder.rpartition("/")[0]


def _packages(r: Resolver) -> list[tuple[str, dict[str, Any]]]:
    """Folder and manifest of all packages of the workspace."""

    def compute() -> list[tuple[str, dict[str, Any]]]:
        found = []
        for path in r.source.configs(_MANIFEST):
            manifest = _json(r, path)
            if manifest is not None:
                found.append((path.rpartition("/")[0], manifest))
        return found

    return r.query(("js-packages",), compute, [])


# -- tsconfig.json


def _mapped(r: Resolver, folder: str, text: str) -> list[str]:
    """Paths that the nearest project file's ``paths`` and ``baseUrl`` give for a module."""
    base, paths = _project(r, folder)
    found: list[str] = []
    best = ""
    for pattern, targets in paths.items():
        head, star, tail = pattern.partition("*")
        fits = text == pattern if not star else text.startswith(head) and text.endswith(tail)
        if not fits or (found and len(head) <= len(best)):
            continue
        best = head
        middle = text[len(head) : len(text) - len(tail)] if star else ""
        found = [at for one in targets if (at := join(base or "", one.replace("*", middle))) is not None]
    if base is not None and (joined := join(base, text)) is not None:
        found.append(joined)
    return found


def _project(r: Resolver, folder: str) -> tuple[str | None, dict[str, list[str]]]:
    """``baseUrl`` (None without) and ``paths`` of the project that a folder belongs to."""

    def compute() -> tuple[str | None, dict[str, list[str]]]:
        at = folder
        while True:
            for name in _PROJECTS:
                path = f"{at}/{name}" if at else name
                if r.source.config(path) is not None:
                    return _options(r, path)
            if not at:
                return None, {}
            at = at.rpartition("/")[0]

    nothing: tuple[str | None, dict[str, list[str]]] = (None, {})
    return r.query(("js-project", folder), compute, nothing)


def _options(r: Resolver, path: str) -> tuple[str | None, dict[str, list[str]]]:
    base: str | None = None
    paths: dict[str, list[str]] = {}
    for _ in range(_MAX_EXTENDS):
        config = _json(r, path)
        if config is None:
            break
        folder = path.rpartition("/")[0]
        options = config.get("compilerOptions")
        if isinstance(options, dict):
            if base is None and isinstance(options.get("baseUrl"), str):
                base = join(folder, options["baseUrl"])
            if not paths and isinstance(options.get("paths"), dict):
                paths = {
                    pattern: [one for one in targets if isinstance(one, str)]
                    for pattern, targets in options["paths"].items()
                    if isinstance(targets, list)
                }
                if base is None:
                    paths = {
                        pattern: [at for one in targets if (at := join(folder, one)) is not None]
                        for pattern, targets in paths.items()
                    }
        parent = config.get("extends")
        if not isinstance(parent, str) or not parent.startswith("."):
            break
        joined = join(folder, parent if parent.endswith(".json") else f"{parent}.json")
        if joined is None:
            break
        path = joined
    return base, paths


# What is never closed reaches to the end, as the rest is no JSON anyway: looked for again from each next sign, it would
# cost the square of the text.
_COMMENTS = re.compile(r'("(?:\\.|[^"\\])*+(?:"|\\?\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMAS = re.compile(r'("(?:\\.|[^"\\])*+(?:"|\\?\Z))|,(?=\s*[}\]])', re.DOTALL)


def _json(r: Resolver, path: str) -> dict[str, Any] | None:
    """A project file's object; comments and trailing commas are allowed, anything else that is wrong gives
    None.
    """

    def compute() -> dict[str, Any] | None:
        raw = r.source.config(path)
        if raw is None:
            return None
        text = raw.decode("utf-8-sig", "replace")
        try:
            found = json.loads(text)
        except RecursionError:
            return None
        except ValueError:
            text = _COMMENTS.sub(lambda match: match.group(1) or "", text)
            try:
                found = json.loads(_COMMAS.sub(lambda match: match.group(1) or "", text))
            except (ValueError, RecursionError):
                return None
        return found if isinstance(found, dict) else None

    return r.query(("js-json", path), compute, None)
