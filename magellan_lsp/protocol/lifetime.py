"""Tells when the client's process is gone, so that no server is left behind."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable

#: Seconds between two looks, where the system cannot tell by itself.
INTERVAL_S = 2.0


def watch_process(pid: int, on_gone: Callable[[], None]) -> Callable[[], None]:
    """Call ``on_gone`` on the event loop when a process ends; gives what stops the watching."""
    loop = asyncio.get_running_loop()
    if hasattr(os, "pidfd_open"):
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            loop.call_soon(on_gone)
            return lambda: None
        except OSError:
            pass  # the kernel has no such thing, or does not let us
        else:

            def stop() -> None:
                if loop.remove_reader(descriptor):
                    os.close(descriptor)

            def gone() -> None:
                stop()
                on_gone()

            loop.add_reader(descriptor, gone)
            return stop
    task = loop.create_task(_poll(pid, on_gone))
    return lambda: None if task.done() else _cancel(task)


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()


async def _poll(pid: int, on_gone: Callable[[], None]) -> None:
    while is_alive(pid):  # noqa: ASYNC110 - nothing tells here
        await asyncio.sleep(INTERVAL_S)
    on_gone()


def is_alive(pid: int) -> bool:
    """Whether a process of that id is there."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x00100000, False, pid)  # SYNCHRONIZE
        if not handle:
            return bool(kernel.GetLastError() == 5)  # access denied: it is there
        ended = kernel.WaitForSingleObject(handle, 0) == 0
        kernel.CloseHandle(handle)
        return not ended
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
