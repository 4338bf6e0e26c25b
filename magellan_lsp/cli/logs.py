"""Where log records go: to standard error, or to the file of ``--log-file``. Never to standard output, which
is the answer's (and, while serving, the protocol's).
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path

LEVELS = ("error", "warning", "info", "debug")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start_logging(options: Namespace) -> None:
    """Send records of the chosen level and above to the chosen place.

    Raises:
        UsageError: the log file cannot be opened.
    """
    import logging

    level = logging.getLevelName((options.log_level or "warning").upper())
    if options.log_file:
        try:
            handler: logging.Handler = logging.FileHandler(options.log_file, encoding="utf-8")
        except OSError as error:
            from magellan_lsp.errors import UsageError

            raise UsageError(
                f"The log file {options.log_file} cannot be opened: {error.strerror}."
            ) from error
        handler.setFormatter(logging.Formatter(_FORMAT))
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("magellan-lsp: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # pygls logs the body of every message at INFO
    logging.getLogger("pygls").setLevel(max(level, logging.WARNING) if level > logging.DEBUG else level)


def error_log() -> Path:
    """The file that keeps the tracebacks of unexpected errors."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        chosen = os.environ.get("XDG_STATE_HOME", "")
        base = Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".local" / "state"
    return base / "magellan-lsp" / "errors.log"
