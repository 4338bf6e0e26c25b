"""Permissions that bind root too, so that what depends on them is tested whoever runs the tests.

Root passes permissions by two capabilities of Linux. They can be laid down for a thread, and taken from a new process and
all that it starts; whoever is not root, and other systems, need neither.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

#: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, see capabilities(7).
_CAPABILITIES = (1, 2)
_VERSION_3 = 0x20080522
_PR_CAPBSET_DROP = 24

#: Permissions can be made to bind.
CAN_BIND = sys.platform == "linux" or (hasattr(os, "geteuid") and os.geteuid() != 0)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@contextlib.contextmanager
def permissions_bind() -> Iterator[None]:
    """In this thread, until the end of the block."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(_VERSION_3, 0), (_Set * 2)()

    def call(function: str) -> None:
        if getattr(libc, function)(ctypes.byref(header), sets):
            raise OSError(ctypes.get_errno(), function)

    call("capget")
    before = sets[0].effective
    for capability in _CAPABILITIES:
        sets[0].effective &= ~(1 << capability)
    call("capset")
    try:
        yield
    finally:
        sets[0].effective = before
        call("capset")


def bound_python(folder: Path) -> str:
    """An interpreter like this one, for which permissions bind, as for the processes it starts; made in ``folder``."""
    if os.geteuid() != 0:
        return sys.executable
    place = folder / "bound-python"
    place.write_text(
        f"#!{sys.executable}\n"
        "import ctypes, os, sys\n"
        f"for capability in {_CAPABILITIES}:\n"
        f"    ctypes.CDLL(None).prctl({_PR_CAPBSET_DROP}, capability, 0, 0, 0)\n"
        f"os.execv({sys.executable!r}, [{sys.executable!r}, *sys.argv[1:]])\n"
    )
    place.chmod(0o700)
    return str(place)
