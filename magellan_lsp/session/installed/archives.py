"""Archives of sources (a JDK's ``src.zip``, ``…-sources.jar``), seen as folders of packages.

Editors open files, not members of archives. So the one file that a look-up leads to is written into a folder of the
user's cache, and what is answered is its place there. Nothing else is unpacked, nothing is written anywhere else, and
a member's name never leads out of that folder. The folder's name follows from the archive's path, time and size: a
newer archive gets one of its own. Tests: ``tests/session/test_installed_java.py``.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from blake3 import blake3

from magellan_lsp.store.open import user_cache

#: Beside the indexes that are kept in the user's cache.
FOLDER = "sources"
#: Archives with more members, or a list of them of more bytes, and members of more bytes are left alone. A JDK's has
#: 30,000 and some 4 MB.
_MAX_MEMBERS = 100_000
_MAX_LIST_BYTES = 32 << 20
_MAX_BYTES = 16 << 20
_ENTRY = b"PK\x01\x02"  # what each entry of the list begins with
#: What Java writes. The others let an archive say how much memory unpacking takes.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_PART = re.compile(r"[\w$-][\w$.-]*\Z")
_FAULTS = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)


class Archive:
    """One archive.

    Attributes:
        path: of the archive, absolute.
        folder: where its members are unpacked to, absolute; made with the first of them.
    """

    def __init__(self, path: str, suffix: str) -> None:
        """``suffix``: of the members that count, with its dot."""
        status = os.stat(path)  # noqa: PTH116 - a plain string
        real = os.path.realpath(path)
        mark = f"{real}\0{status.st_mtime_ns}\0{status.st_size}"
        self.path = real
        name = Path(real).name.removesuffix(".jar").removesuffix(".zip")
        digest = blake3(mark.encode("utf-8", "surrogateescape")).hexdigest(8)
        self.folder = str(user_cache() / "magellan-lsp" / FOLDER / f"{name}-{digest}")
        self._suffix = suffix

    @cached_property
    def _members(self) -> Mapping[str, Mapping[str, str]]:
        """Folder in the archive → file's name → member. A JDK's folders of modules are looked through: no two
        modules share a package.
        """
        try:
            with _opened(self.path) as archive:
                names = archive.namelist()
        except _FAULTS:
            return {}
        found: dict[str, dict[str, str]] = {}
        modules = {
            name.partition("/")[0] for name in names if name.count("/") == 1 and _describes_module(name)
        }
        for member in names:
            parts = member.split("/")
            if not member.endswith(self._suffix) or not all(_PART.match(part) for part in parts):
                continue
            first, rest = parts[0], parts[1:]
            inner = rest if first in modules and len(rest) > 1 else parts
            found.setdefault("/".join(inner[:-1]), {}).setdefault(inner[-1], member)
        return found

    def files(self, folder: str) -> Sequence[str]:
        """Names of the files directly in a folder of the archive, sorted."""
        return sorted(self._members.get(folder, ()))

    def has(self, path: str) -> bool:
        """Whether there is a file of this path, below ``folder``."""
        above, _, name = path.rpartition("/")
        return name in self._members.get(above, ())

    def unpack(self, path: str) -> None:
        """Write one file below ``folder``, unless it is there. What cannot be read or written stays away."""
        place = Path(self.folder, *path.split("/"))
        if not self.has(path) or place.exists():
            return
        above, _, name = path.rpartition("/")
        try:
            data = self._read(self._members[above][name])
            if data is not None:
                _write(place, data)
        except _FAULTS:
            return

    def _read(self, member: str) -> bytes | None:
        with _opened(self.path) as archive:
            if archive.getinfo(member).compress_type not in _METHODS:
                return None
            with archive.open(member) as file:
                data = file.read(_MAX_BYTES + 1)
        return data if len(data) <= _MAX_BYTES else None


@contextmanager
def _opened(path: str) -> Iterator[zipfile.ZipFile]:
    with _Guarded(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
        yield archive


class _Guarded(io.BufferedReader):
    """A file of which nobody reads too much at once.

    ``zipfile`` reads the whole list of members, of whatever size the archive gives it, and makes an object of half a
    kilobyte of each before any of them can be counted.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        """As ever.

        Raises:
            zipfile.BadZipFile: there is more than any archive of sources has.
        """
        every = size is None or size < 0
        wanted = _MAX_LIST_BYTES + 1 if size is None or size < 0 else size
        if wanted > _MAX_LIST_BYTES + every:
            raise zipfile.BadZipFile(f"a list of {wanted} bytes")
        data = super().read(wanted)
        if len(data) > _MAX_LIST_BYTES or data.count(_ENTRY) > _MAX_MEMBERS:
            raise zipfile.BadZipFile("too many members")
        return data


def _describes_module(name: str) -> bool:
    return name.endswith("/module-info.java")


def _write(place: Path, data: bytes) -> None:
    """Whole or not at all, for this user only; read-only, as nothing that is changed there is ever used."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o400)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
