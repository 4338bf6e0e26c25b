"""The collector of cycles, off while many objects are made that live or die together.

Extraction and bulk loads make hundreds of thousands of objects in which there is no cycle to find; looking at them again
and again takes a tenth of their time. Tests: ``tests/test_collector.py``.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_guard = threading.Lock()
_pauses = 0
_was_on = False


@contextmanager
def paused() -> Iterator[None]:
    """No collection of cycles, in any thread, until the last block that wants none has ended."""
    global _pauses, _was_on
    with _guard:
        if not _pauses:
            _was_on = gc.isenabled()
            gc.disable()
        _pauses += 1
    try:
        yield
    finally:
        with _guard:
            _pauses -= 1
            if not _pauses and _was_on:
                gc.enable()
