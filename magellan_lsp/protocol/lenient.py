"""What a client says of itself at the start, as far as it fits.

A newer client names kinds, tags and formats that this version of the protocol does not have, a careless one sends null
or a number where an object belongs. Neither is a reason to refuse the whole session: what does not fit counts as not
said. Tests: ``tests/protocol/test_lenient.py``.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any, TypeVar

from cattrs import transform_error

from magellan_lsp.settings import camel_case

_Value = TypeVar("_Value")

_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
#: Each round drops what the one before brought to light; nothing that a client sends is nested so deeply.
_MOST_ROUNDS = 100


def structured(structure: Callable[[Any], _Value], params: dict[str, Any]) -> tuple[_Value, list[str]]:
    """What ``structure`` (of cattrs) makes of JSON data, and the paths of what had to be left out for that.

    Raises:
        Exception: what ``structure`` raises, when leaving out parts does not help.
    """
    rest: dict[str, Any] = copy.deepcopy(params)
    dropped: list[str] = []
    for _ in range(_MOST_ROUNDS):
        try:
            return structure(rest), dropped
        except Exception as error:
            found = _drop(rest, transform_error(error, path=""))
            if not found:
                raise
            dropped += found
    return structure(rest), dropped


def _drop(params: dict[str, Any], problems: list[str]) -> list[str]:
    """Take out what problems (``… @ .capabilities.window``) are about; the paths of what was there."""
    paths = {path for problem in problems if (path := _path(problem.rpartition(" @ ")[2]))}
    dropped = []
    for path in sorted(paths, key=lambda steps: [str(step).zfill(9) for step in steps], reverse=True):
        gone = _remove(params, path)
        if gone:
            dropped.append("".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in gone)[1:])
    return dropped


def _path(text: str) -> tuple[str | int, ...]:
    """The steps of a path with the names that the client used."""
    return tuple(camel_case(name) if name else int(index) for name, index in _STEP.findall(text))


def _remove(value: Any, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Take one thing out of nested objects and lists: what a path leads to, or what should have it and has not."""
    while path:
        inner = value
        for step in path[:-1]:
            inner = inner[step] if _has(inner, step) else None
        if _has(inner, path[-1]):
            del inner[path[-1]]
            return path
        path = path[:-1]
    return ()


def _has(value: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(value, list) and step < len(value)
    return isinstance(value, dict) and step in value
