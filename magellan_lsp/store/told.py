"""A transaction as a backend gives it out: each change that it is told becomes a step on the backend's writer.

What a step is for is the backend's affair: one takes it at once, another keeps it as well, to take it again. Tests:
``tests/store/``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from operator import methodcaller
from typing import Any

from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks
from magellan_lsp.store.base import FileRecord
from magellan_lsp.store.second_tier import Details, Execution

#: Makes one change with the writer that it is given.
Step = Callable[[Any], None]


class ToldTxn(ABC):
    """The changes of :class:`magellan_lsp.store.base.WriteTxn`, each handed to :meth:`_tell`."""

    @abstractmethod
    def _tell(self, step: Step) -> None:
        """Take the step, now or when the transaction is committed."""

    def replace_file(self, record: FileRecord, facts: FileFacts | None, encoded: bytes | None = None) -> None:
        self._tell(methodcaller("replace_file", record, facts, encoded))

    def replace_links(
        self, links: FileLinks, facts: FileFacts | None = None, encoded: bytes | None = None
    ) -> None:
        self._tell(methodcaller("replace_links", links, facts, encoded))

    def touch_file(self, path: str, mtime_ns: int, size: int) -> None:
        self._tell(methodcaller("touch_file", path, mtime_ns, size))

    def drop_links(self, path: str) -> None:
        self._tell(methodcaller("drop_links", path))

    def remove_file(self, path: str) -> None:
        self._tell(methodcaller("remove_file", path))

    def put_meta(self, key: str, value: bytes | None) -> None:
        self._tell(methodcaller("put_meta", key, value))

    def put_details(self, path: str, digest: bytes, given: Details) -> None:
        self._tell(methodcaller("put_details", path, digest, given))

    def put_labels(self, symbol_id: str, labels: Sequence[str]) -> None:
        self._tell(methodcaller("put_labels", symbol_id, labels))

    def put_execution(self, execution: Execution) -> None:
        self._tell(methodcaller("put_execution", execution))

    def remove_execution(self, execution_id: str) -> None:
        self._tell(methodcaller("remove_execution", execution_id))

    def carry_chunks(self, path: str, chunks: Sequence[Chunk]) -> None:
        self._tell(methodcaller("carry_chunks", path, chunks))

    def put_carried(self, kind: str, key: bytes, value: bytes | None) -> None:
        self._tell(methodcaller("put_carried", kind, key, value))
