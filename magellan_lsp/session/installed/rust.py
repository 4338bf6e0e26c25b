"""Where Rust's crates are: those of ``Cargo.lock`` in cargo's registry, and the standard library of the component
``rust-src``. No ``cargo`` or ``rustc`` is run.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from magellan_lsp.session.installed.look import is_file, is_folder
from magellan_lsp.settings import Settings

_MAX_BYTES = 16 << 20
#: Below a toolchain's folder.
_LIBRARY = Path("lib", "rustlib", "src", "rust", "library")


def places(folder: str, settings: Settings, environment: Mapping[str, str]) -> Sequence[str]:
    """The folder of each locked crate, ``…/NAME-VERSION``, then the standard library's folder of crates, then the roots that
    the settings name.
    """
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    cargo = Path(environment.get("CARGO_HOME") or Path(home, ".cargo"))
    registries = _folders(cargo / "registry" / "src")
    found = [registry / crate for crate in _locked(Path(folder)) for registry in registries]
    found += _libraries(Path(home), environment)
    found += [Path(os.path.normpath(Path(folder, root))) for root in settings.dependencies_roots]
    return [str(place) for place in found if is_folder(place)]


def _locked(folder: Path) -> list[str]:
    """``NAME-VERSION`` of the registry's crates in the lock files of the workspace folder and of those right below."""
    found: dict[str, None] = {}
    for place in (folder, *_folders(folder)):
        try:
            lock = place / "Cargo.lock"
            if not is_file(lock) or lock.stat().st_size > _MAX_BYTES:
                continue
            packages = tomllib.loads(lock.read_text("utf-8")).get("package")
        except (OSError, ValueError, RecursionError):
            continue
        for package in packages if isinstance(packages, list) else ():
            if isinstance(package, dict) and str(package.get("source", "")).startswith(
                ("registry+", "sparse+")
            ):
                name, version = str(package.get("name", "")), str(package.get("version", ""))
                if name and version and "/" not in name + version:
                    found[f"{name}-{version}"] = None
    return list(found)


def _libraries(home: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """The standard library's sources: of rustup's toolchains, or of the installation that ``rustc`` belongs to."""
    if environment.get("RUST_SRC_PATH"):
        yield Path(environment["RUST_SRC_PATH"])
        return
    toolchains = Path(environment.get("RUSTUP_HOME") or home / ".rustup") / "toolchains"
    named = environment.get("RUSTUP_TOOLCHAIN", "stable")
    ordered = sorted(_folders(toolchains), key=lambda one: (not one.name.startswith(named), one.name))
    program = shutil.which("rustc", path=environment.get("PATH", ""))
    if program:
        ordered.append(Path(program).resolve().parent.parent)
    for toolchain in ordered:
        if is_folder(toolchain / _LIBRARY):
            yield toolchain / _LIBRARY
            return


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(one for one in place.iterdir() if is_folder(one))
    except OSError:
        return []
