"""Where Java's sources are: the JDK's ``src.zip``, ``-sources.jar`` files in the caches of Maven and Gradle. No tool is run.

Build files are not evaluated. Of several versions of one library that are in a cache, the one counts whose name and
version are both written in a build file of the workspace, else the newest. Tests:
``tests/session/test_installed_java.py``.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from magellan_lsp.session.installed.archives import Archive
from magellan_lsp.settings import Settings

_SOURCES = "-sources.jar"
_BUILD_FILES = (
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "gradle.properties",
    "gradle/libs.versions.toml",
)
_MAX_BYTES = 4 << 20
#: Folders of one cache that are looked at, at most.
_MAX_FOLDERS = 200_000
#: Where JDKs are kept when neither ``JAVA_HOME`` nor the ``PATH`` leads to one that has its sources.
_INSTALLATIONS = ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines")


def places(folder: str, settings: Settings, environment: Mapping[str, str]) -> Sequence[str | Archive]:
    """The roots that the settings name, the JDK's library, then one version of each library in the caches."""
    found: list[str | Archive] = []
    for root in settings.dependencies_roots:
        place = Path(os.path.normpath(Path(folder, root)))
        if _is_folder(place):
            found.append(str(place))
        elif place.suffix in (".jar", ".zip"):
            found += _archive(place)
    library = (archive for place in _libraries(environment) for archive in _archive(place))
    found += itertools.islice(library, 1)
    for place in _chosen(_jars(environment), _written(Path(folder))):
        found += _archive(place)
    return found


def _archive(place: Path) -> list[Archive]:
    try:
        return [Archive(str(place), ".java")] if place.is_file() else []
    except (OSError, ValueError):
        return []


def _libraries(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where the ``src.zip`` of a JDK may be, the likeliest first."""
    homes: list[Path] = []
    if environment.get("JAVA_HOME"):
        homes.append(Path(environment["JAVA_HOME"]))
    program = shutil.which("java", path=environment.get("PATH", ""))
    if program:
        homes.append(Path(program).resolve().parent.parent)
    for installed in _INSTALLATIONS:
        for home in reversed(_folders(Path(installed))):
            homes += [home, home / "Contents" / "Home"]
    for home in homes:
        yield from (home / "lib" / "src.zip", home / "src.zip", home.parent / "src.zip")


def _jars(environment: Mapping[str, str]) -> Iterator[tuple[str, str, Path]]:
    """Library (``group/name``), version and file of each archive of sources in the caches."""
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    maven = Path(environment.get("MAVEN_REPO_LOCAL") or Path(home, ".m2", "repository"))
    for place in _found(maven):
        version = place.parent
        yield (
            f"{version.parent.parent.relative_to(maven).as_posix()}/{version.parent.name}",
            version.name,
            place,
        )
    gradle = Path(
        environment.get("GRADLE_USER_HOME") or Path(home, ".gradle"), "caches", "modules-2", "files-2.1"
    )
    for place in _found(gradle):
        parts = place.relative_to(gradle).parts  # group, name, version, checksum, file
        if len(parts) == 5:
            yield f"{parts[0].replace('.', '/')}/{parts[1]}", parts[2], place


def _found(cache: Path) -> Iterator[Path]:
    if not cache.is_absolute():
        return
    for count, (at, folders, files) in enumerate(os.walk(cache)):
        if count >= _MAX_FOLDERS:
            return
        folders.sort()
        yield from (Path(at, name) for name in sorted(files) if name.endswith(_SOURCES))


def _written(folder: Path) -> str:
    """The text of the build files of the workspace folder and of those right below."""
    found: list[str] = []
    for place in (folder, *_folders(folder)):
        for name in _BUILD_FILES:
            try:
                if (place / name).is_file() and (place / name).stat().st_size <= _MAX_BYTES:
                    found.append((place / name).read_text("utf-8", "replace"))
            except (OSError, ValueError):
                continue
    return "\n".join(found)


def _chosen(jars: Iterator[tuple[str, str, Path]], written: str) -> list[Path]:
    """One archive of each library: those that the build files name first."""
    known: dict[str, tuple[bool, bool, list[int], Path]] = {}
    for library, version, place in jars:
        is_named = library.rpartition("/")[2] in written
        numbers = [int(part) for part in re.findall(r"\d+", version)[:6]]
        rank = (is_named, is_named and version in written, numbers, place)
        known[library] = max(known.get(library, rank), rank)
    ordered = sorted(known.values(), key=lambda rank: (not rank[0], rank[3]))
    return [place for _, _, _, place in ordered]


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except (OSError, ValueError):  # no name of a folder
        return False


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(one for one in place.iterdir() if one.is_dir())
    except (OSError, ValueError):
        return []
