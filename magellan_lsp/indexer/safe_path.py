"""Child interpreters take no module from the folder they are started in.

An editor starts the server in the folder that it shows, and ``python -m`` and ``python -c`` look for modules
there first: a repository with a file ``lmdb.py`` or ``multiprocessing.py`` would have it run. The variable
``PYTHONSAFEPATH`` (Python 3.11) turns that off, also for what the child starts itself. Tests:
``tests/safety/test_no_code_runs.py``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def safe_children() -> Iterator[None]:
    """Interpreters that ``multiprocessing`` starts meanwhile are safe; it takes no environment of its own."""
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_SAFE, None)
        else:
            os.environ[_SAFE] = before
