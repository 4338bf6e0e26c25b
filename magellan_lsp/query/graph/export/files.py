"""Writes an export to a file, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from magellan_lsp.errors import NoSpace, NotWritable


def write(pieces: Iterable[bytes], target: Path, option: str = "--output FILE") -> int:
    """Put the pieces into a file, in the place of what it held; how many bytes they are.

    The file is there only once it is complete. Its folder has to exist. ``option`` is what chooses another place.

    Raises:
        NotWritable: the folder is not there or cannot be written.
        NoSpace: the disk is full.
    """
    n_bytes = 0
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise NotWritable(target.parent, option) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
                n_bytes += len(piece)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        if isinstance(error, OSError):
            is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise (NoSpace(target) if is_full else NotWritable(target, option)) from error
        raise
    return n_bytes
