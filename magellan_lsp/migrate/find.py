"""Where a workspace's index of Magellan is. Tests: ``tests/migration/test_find.py``."""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from magellan_lsp.errors import DatabaseError, MagellanError
from magellan_lsp.migrate.formats import detect
from magellan_lsp.migrate.original import Original, opened

#: Folders of a workspace in which Magellan's programs and manuals put the database.
FOLDERS: Final = (".magellan", "", ".codemcp")
#: So many files of a folder are looked at.
_MOST_FILES = 2000
#: Where a database's schema is, if not all of it: it is made before there are rows.
_SCHEMA_BYTES = 1 << 20


def find_database(root: Path, scratch: Path, chosen: str = "") -> Path | None:
    """The database to take over; None when there is none.

    Args:
        root: the workspace.
        scratch: a private folder for copies, if a database has to be copied to be read; left to the caller to remove.
        chosen: what the settings say: relative to the workspace and inside it, or absolute. It wins, whatever it is:
            what is wrong with it is said when it is opened.

    Raises:
        DatabaseError: the chosen one lies outside of the workspace.
    """
    if chosen:
        return _chosen(root, chosen)
    for candidates in _candidates(root):
        for path in _newest(candidates):
            if _is_of_magellan(path, scratch, None):
                return path
    for path in _registered(root):
        if path.is_file() and _is_of_magellan(path, scratch, root):
            return path
    return None


def _chosen(root: Path, chosen: str) -> Path:
    path = Path(chosen).expanduser() if chosen.startswith("~/") else Path(chosen)
    if path.is_absolute():
        return path
    full = root / path
    if not Path(os.path.realpath(full)).is_relative_to(os.path.realpath(root)):
        raise OutsideWorkspace(full)
    return full


class OutsideWorkspace(DatabaseError):
    """A relative path leads out of the workspace."""

    @property
    def message(self) -> str:
        return f"{self.path} lies outside of the workspace; a relative path of a database has to stay inside."


def _candidates(root: Path) -> Iterator[list[Path]]:
    """Files with SQLite's header, folder by folder. A link has to stay inside the workspace."""
    real = os.path.realpath(root)
    for name in FOLDERS:
        folder = root / name if name else root
        found = []
        try:
            with os.scandir(folder) as entries:
                for _, entry in zip(range(_MOST_FILES), entries, strict=False):
                    path = Path(entry.path)
                    if entry.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(real):
                        continue
                    if entry.is_file() and _is_sqlite(path):
                        found.append(path)
        except OSError:
            continue
        yield found


def _is_sqlite(path: Path) -> bool:
    try:
        return detect(path).format == "sqlite"
    except MagellanError:
        return False


def _newest(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def _is_of_magellan(path: Path, scratch: Path, root: Path | None) -> bool:
    """Whether it is Magellan's own, and, for one that lies elsewhere, about files below a root. One that cannot be
    opened, but lies where it should, counts: what is wrong with it is said when it is taken over.
    """
    if not _names_magellan(path):
        return False  # a database of another program, which may be large and in use, is not even opened
    try:
        with opened(path, scratch) as original:
            if original.is_own or not original.is_magellan:
                return False
            return root is None or _is_about(original, root)
    except MagellanError:
        return root is None


def _names_magellan(path: Path) -> bool:
    """Whether Magellan's first table is named near the beginning of a database, or of a log that is not in it yet."""
    for file in (path, path.with_name(path.name + "-wal")):
        try:
            with file.open("rb") as opened_file:
                if b"graph_entities" in opened_file.read(_SCHEMA_BYTES):
                    return True
        except OSError:
            continue
    return False


def _is_about(original: Original, root: Path) -> bool:
    prefix = os.path.realpath(root).rstrip("/") + "/"
    meta = original.schema.table("magellan_meta")
    if meta is not None and "index_root" in meta.columns:
        row = original.connection.execute("SELECT index_root FROM magellan_meta").fetchone()
        if row is not None and isinstance(row[0], str) and row[0]:
            return os.path.realpath(row[0]) + "/" == prefix
    found = original.connection.execute(
        "SELECT 1 FROM graph_entities WHERE kind = 'File' AND substr(name, 1, ?) = ? LIMIT 1",
        (len(prefix), prefix),
    )
    return found.fetchone() is not None


def _registered(root: Path) -> Iterator[Path]:
    """Where Magellan 4 keeps the database of a registered project or of a repository: by its name, in the home."""
    names = [_origin(root), root.name]
    for name in dict.fromkeys(names):
        if name and re.fullmatch(r"[\w.-]+", name) and name not in (".", ".."):
            yield Path.home() / ".magellan" / name / f"{name}.db"


def _origin(root: Path) -> str:
    """The repository's name in the address of its ``origin``."""
    config = configparser.ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    try:
        text = (root / ".git" / "config").read_text(encoding="utf-8")
        config.read_string("\n".join(line.strip() for line in text.splitlines()))
        url = config.get('remote "origin"', "url", fallback="") or ""
    except (OSError, ValueError, configparser.Error):
        return ""
    return re.sub(r"\.git$", "", re.split(r"[/:\\]", url.rstrip("/"))[-1])
