"""Writing: our tables as in the other backend, and Magellan's beside them. Tests: ``tests/store/``."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks
from magellan_lsp.store.base import FileRecord
from magellan_lsp.store.changes import TableWriter
from magellan_lsp.store.second_tier import Details, Execution
from magellan_lsp.store.sqlite import executions
from magellan_lsp.store.sqlite.graph import Graph
from magellan_lsp.store.sqlite.reading import SqliteReader
from magellan_lsp.store.sqlite.rows import TABLES, RowTxn
from magellan_lsp.store.sqlite.sources import Sources
from magellan_lsp.store.tier_changes import Calls


class SqliteWriter(TableWriter):
    """One transaction's changes; see :class:`magellan_lsp.store.base.WriteTxn`."""

    def __init__(self, connection: sqlite3.Connection, where: Path, sources: Sources) -> None:
        super().__init__(RowTxn(connection), TABLES, where)
        self._connection = connection
        self._sources = sources
        self._graph = Graph(connection, self._raw, sources)

    def reader(self) -> SqliteReader:
        return SqliteReader(self.settled, self._where, graph_view=self.settled_graph, direct=self.direct)

    def settled_graph(self) -> RowTxn:
        """The transaction with everything written, Magellan's tables too."""
        txn: RowTxn = self.settled()
        self._graph.settle()
        return txn

    def finish(self) -> None:
        super().finish()
        self._graph.settle()

    def replace_file(self, record: FileRecord, facts: FileFacts | None, encoded: bytes | None = None) -> None:
        super().replace_file(record, facts, encoded)
        self._graph.file_changed(self._number(record.path), record.path)

    def replace_links(
        self, links: FileLinks, facts: FileFacts | None = None, encoded: bytes | None = None
    ) -> None:
        super().replace_links(links, facts, encoded)
        self._graph.links_changed(self._number(links.path))

    def touch_file(self, path: str, mtime_ns: int, size: int) -> None:
        super().touch_file(path, mtime_ns, size)
        number = self._raw.number_of(path)
        if number is not None:
            self._graph.file_touched(number, path)

    def drop_links(self, path: str) -> None:
        super().drop_links(path)
        number = self._raw.number_of(path)
        if number is not None:
            self._graph.links_changed(number)

    def remove_file(self, path: str) -> None:
        number = self._raw.number_of(path)
        super().remove_file(path)
        if number is not None:
            self._graph.file_gone(number, path)

    def _number(self, path: str) -> int:
        number = self._raw.number_of(path)
        assert number is not None
        return number

    # Calls are in Magellan's tables alone.

    def _change_calls(self, old: Calls, new: Calls) -> None:
        pass

    def put_details(self, path: str, digest: bytes, given: Details) -> None:
        super().put_details(path, digest, given)
        self.settled_graph()
        file = self._graph.file_entity(self._number(path))
        self._graph.details.put(self._sources.absolute(path), file, given, self._graph.entity_of)

    def put_labels(self, symbol_id: str, labels: Sequence[str]) -> None:
        super().put_labels(symbol_id, labels)
        self.settled_graph()
        self._graph.set_labels(symbol_id, self._raw.find_labels(symbol_id))

    def put_execution(self, execution: Execution) -> None:
        executions.put(self._connection, execution, self._where)

    def remove_execution(self, execution_id: str) -> None:
        executions.remove(self._connection, execution_id, self._where)

    def carry_chunks(self, path: str, chunks: Sequence[Chunk]) -> None:
        super().carry_chunks(path, chunks)
        self._graph.settle()  # the file may have been removed in this very transaction
        self._graph.details.put_chunks(self._sources.absolute(path), chunks)
