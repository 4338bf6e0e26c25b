"""Child interpreters take no module from the folder they are started in, and do not run their parent's script.

An editor starts the server in the folder that it shows, and ``python -m`` and ``python -c`` look for modules
there first: a repository with a file ``lmdb.py`` or ``multiprocessing.py`` would have it run. The variable
``PYTHONSAFEPATH`` (Python 3.11) turns that off, also for what the child starts itself.

``multiprocessing`` has each child run the script of its parent, for what is defined there: somebody's own program that
uses the Python API, which need not be made for that. Nothing of it is needed here.

Tests: ``tests/safety/test_no_code_runs.py``, ``tests/test_api.py``.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

_SAFE = "PYTHONSAFEPATH"
_PATH = "PYTHONPATH"


def safe_environment() -> dict[str, str]:
    """This process's environment with what makes a child interpreter safe.

    A package that was found in the folder in which this process was started (a checkout) is named to the child: it
    would not find it otherwise.
    """
    own = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, _SAFE: "1"}
    if not sys.flags.safe_path and sys.path and str(Path(sys.path[0]).resolve()) == own:
        before = environment.get(_PATH, "")
        environment[_PATH] = f"{before}{os.pathsep}{own}" if before else own
    return environment


#: One at a time: each puts back what it found.
_starting = threading.Lock()


@contextmanager
def safe_children() -> Iterator[None]:
    """Interpreters that ``multiprocessing`` starts meanwhile are safe; it takes no environment of its own."""
    with _starting:
        before, script = os.environ.get(_SAFE), sys.modules["__main__"]
        os.environ[_SAFE] = "1"
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = script
            if before is None:
                os.environ.pop(_SAFE, None)
            else:
                os.environ[_SAFE] = before
