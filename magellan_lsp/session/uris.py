"""URIs of files and paths in the file system, both ways, in any of the spellings that clients use.

Tests: ``tests/session/test_uris.py``.
"""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
import sys
from urllib.parse import quote, unquote_to_bytes, urlsplit

_DRIVE = re.compile(r"^/?([A-Za-z])(:|%3[aA])")
#: Segments that are no names: ``.``, ``..`` and empty ones.
_NO_NAME = re.compile(r"(?:^|/)\.{1,2}(?:/|$)|.//")
#: What clients leave as it is in a path; all else is percent-encoded.
_SAFE = "/-._~!$&'()*+,;=@"
IS_WINDOWS = sys.platform == "win32"


def to_path(uri: str, *, windows: bool = IS_WINDOWS) -> str | None:
    """The path in the file system of a ``file:`` URI; None for other URIs, and for what no path can be. Bytes that are
    no UTF-8 survive. ``..`` takes away the segment before it, as everywhere in URIs, so no path leads out of the folder
    that it begins with.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file":
        return None
    # `#` and `?` that a client forgot to encode belong to the path
    rest = uri[len("file:") :]
    if rest.startswith("//"):
        host, _, path = rest[2:].partition("/")
        path = f"/{path}"
    else:
        host, path = "", rest
    text = os.fsdecode(unquote_to_bytes(path))
    if "\0" in text:
        return None
    host = os.fsdecode(unquote_to_bytes(host))
    if windows:
        drive = _DRIVE.match(text)
        if drive:
            text = f"{drive[1].upper()}:{text[drive.end() :]}"
        elif host and host != "localhost":
            text = f"//{host}{text}"
        plain = text.replace("\\", "/")
        return ntpath.normpath(text) if _NO_NAME.search(plain) else text.replace("/", "\\")
    if text.startswith("//"):
        text = "/" + text.lstrip("/")
    return posixpath.normpath(text) if _NO_NAME.search(text) else text


def from_path(path: str, *, windows: bool = IS_WINDOWS) -> str:
    """The ``file:`` URI of an absolute path."""
    if windows:
        path = path.replace("\\", "/")
        if path.startswith("//"):
            return f"file:{quote_path(path)}"
        drive = _DRIVE.match(path)
        if drive:
            return f"file:///{drive[1].lower()}%3A{quote_path(path[drive.end() :])}"
    return f"file://{quote_path(path)}"


def is_absolute(path: str, *, windows: bool = IS_WINDOWS) -> bool:
    """Whether a path with ``/`` is one of the whole machine rather than of a workspace folder."""
    return path.startswith("/") or (windows and path[1:3] == ":/")


def quote_path(path: str) -> str:
    """A path percent-encoded; ``/`` stays."""
    return quote(os.fsencode(path), safe=_SAFE)


def same_spelling(uri: str) -> str:
    """What is equal for two URIs that differ only in how they are written (percent-encoding, drive
    letter).
    """
    path = to_path(uri)
    return from_path(path) if path is not None else uri
