"""What a Cargo.toml says of its package, and paths as it writes them."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver


class Crate(NamedTuple):
    """A library that others can name."""

    name: str  # as in paths, with underscores
    root: str  # path of its root file
    folder: str  # of its Cargo.toml, "" or with a slash at the end
    dependencies: dict[str, str]  # name in paths -> name of the package's library
    requirements: dict[str, str]  # name in paths -> the version asked for, where one is


def parent(path: str) -> str:
    """The folder of a path, with a slash at its end unless it is the top."""
    return path[: path.rfind("/") + 1]


def join(folder: str, path: str) -> str:
    """A relative path seen from a folder."""
    parts = folder.rstrip("/").split("/") if folder else []
    for part in path.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts)


def read_crate(r: Resolver, path: str) -> Crate | None:
    """What a Cargo.toml says; None when it describes no package."""
    try:
        config: dict[str, Any] = tomllib.loads((r.source.config(path) or b"").decode("utf-8", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    package = config.get("package")
    if not isinstance(package, dict) or not isinstance(package.get("name"), str):
        return None
    library = config.get("lib")
    library = library if isinstance(library, dict) else {}
    folder = parent(path)
    root = join(folder, str(library.get("path", "src/lib.rs")))
    name = str(library.get("name", package["name"])).replace("-", "_")
    return Crate(name, root, folder, _dependencies(config), _requirements(config))


def _dependencies(config: dict[str, Any]) -> dict[str, str]:
    """Names under which code sees its dependencies."""
    found: dict[str, str] = {}
    tables = [config, *_tables(config.get("target"))]
    for table in tables:
        for section in ("dependencies", "dev-dependencies", "build-dependencies"):
            entries = table.get(section)
            if not isinstance(entries, dict):
                continue
            for key, value in entries.items():
                package = value.get("package", key) if isinstance(value, dict) else key
                found[key.replace("-", "_")] = str(package).replace("-", "_")
    return found


def _requirements(config: dict[str, Any]) -> dict[str, str]:
    """Versions of dependencies, by the names under which code sees them."""
    found: dict[str, str] = {}
    for table in (config, *_tables(config.get("target"))):
        for section in ("dev-dependencies", "build-dependencies", "dependencies"):
            entries = table.get(section)
            for key, value in entries.items() if isinstance(entries, dict) else ():
                version = value.get("version") if isinstance(value, dict) else value
                if isinstance(version, str):
                    found[key.replace("-", "_")] = version
    return found


def _tables(value: object) -> list[dict[str, Any]]:
    return [one for one in value.values() if isinstance(one, dict)] if isinstance(value, dict) else []
