"""What is at a place that others named: no name, however wrong, is an error; too long a one makes ``Path`` raise."""

from __future__ import annotations

from pathlib import Path


def is_folder(place: str | Path) -> bool:
    """Whether there is a folder; false too for what can be no path."""
    try:
        return Path(place).is_dir()
    except (OSError, ValueError):
        return False


def is_file(place: str | Path) -> bool:
    """Whether there is a file; false too for what can be no path."""
    try:
        return Path(place).is_file()
    except (OSError, ValueError):
        return False
