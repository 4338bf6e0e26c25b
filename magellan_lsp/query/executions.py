"""The log of what wrote the index. Tests: ``tests/query/test_details.py``."""

from __future__ import annotations

from itertools import islice
from typing import Literal

from magellan_lsp.store.base import Reader
from magellan_lsp.store.second_tier import Execution

Order = Literal["newest", "oldest"]


def get_recent(reader: Reader, limit: int) -> list[Execution]:
    """The newest runs, the newest first: by (started, id)."""
    return list(islice(reader.iter_executions(), limit))


def list_all(reader: Reader, order: Order = "newest") -> list[Execution]:
    """Every run that is kept."""
    found = list(reader.iter_executions())
    return found if order == "newest" else found[::-1]


def get_by_id(reader: Reader, execution_id: str) -> Execution | None:
    """One run by its ``execution_id``, or by its number in the log; None when there is none."""
    found = reader.find_execution(execution_id)
    if found is None and execution_id.isdigit():
        number = int(execution_id)
        found = next((one for one in reader.iter_executions() if one.id == number), None)
    return found
