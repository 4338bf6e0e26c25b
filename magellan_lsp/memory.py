"""Hands memory that was freed back to the system, so that a process that did much is small while it waits.

The C library's heap keeps what is freed between pieces that are still in use. glibc can give the pages in between back;
others do it by themselves or have no way.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache


@cache
def _trim() -> ctypes._NamedFuncPointer | None:
    if sys.platform != "linux":
        return None
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return None  # another C library


def give_back() -> bool:
    """Give back what is free, in a few milliseconds; whether there was anything. From any thread."""
    trim = _trim()
    return trim is not None and bool(trim(0))
