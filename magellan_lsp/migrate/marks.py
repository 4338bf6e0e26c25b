"""How what came from Magellan is told from what this program made. Tests: ``tests/migration/test_automatic.py``."""

from __future__ import annotations

from typing import Final

from blake3 import blake3

#: What the digest of a file that was taken over begins with. No text has such a digest but by a chance of 2**-64, so
#: the indexer always finds that the file changed.
_MARK: Final = b"magellan"


def mark(path: str, noted: str) -> bytes:
    """16 bytes to stand for the digest of a file of which Magellan has noted something (its own hash)."""
    return _MARK + blake3(f"{path}\0{noted}".encode("utf-8", "surrogatepass")).digest(8)


def is_from_magellan(digest: bytes) -> bool:
    """Whether a file's digest is such a mark."""
    return digest.startswith(_MARK)
