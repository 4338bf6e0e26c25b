"""Reading: what the tables under both backends answer, and from Magellan's own tables calls and executions.

Tests: ``tests/store/``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from magellan_lsp.store.second_tier import Execution
from magellan_lsp.store.sqlite import executions
from magellan_lsp.store.sqlite.rows import TABLES, RowTxn
from magellan_lsp.store.sqlite.schema import PREFIX
from magellan_lsp.store.tables import TableReader
from magellan_lsp.store.tier_tables import symbol_key

# The order of the joins is said, because without statistics the planner would begin with all calls there are.
_CALLEES = f"""
SELECT callee.symbol FROM {PREFIX}symbol AS me
CROSS JOIN graph_edges AS made INDEXED BY idx_edges_from ON made.from_id = me.entity AND +made.edge_type = 'CALLER'
CROSS JOIN graph_edges AS called INDEXED BY idx_edges_from
    ON called.from_id = made.to_id AND +called.edge_type = 'CALLS'
CROSS JOIN {PREFIX}symbol AS callee ON callee.entity = called.to_id
WHERE me.symbol = ?1
UNION SELECT callee FROM {PREFIX}loose WHERE caller = ?1 ORDER BY 1
"""
_CALLERS = f"""
SELECT caller.symbol FROM {PREFIX}symbol AS me
CROSS JOIN graph_edges AS called INDEXED BY idx_edges_to ON called.to_id = me.entity AND +called.edge_type = 'CALLS'
CROSS JOIN graph_edges AS made INDEXED BY idx_edges_to
    ON made.to_id = called.from_id AND +made.edge_type = 'CALLER'
CROSS JOIN {PREFIX}symbol AS caller ON caller.entity = made.from_id
WHERE me.symbol = ?1
UNION SELECT caller FROM {PREFIX}loose WHERE callee = ?1 ORDER BY 1
"""
_ALL_CALLS = f"""
SELECT caller.symbol, callee.symbol FROM graph_edges AS called
CROSS JOIN graph_edges AS made INDEXED BY idx_edges_to
    ON made.to_id = called.from_id AND +made.edge_type = 'CALLER'
CROSS JOIN {PREFIX}symbol AS caller ON caller.entity = made.from_id
CROSS JOIN {PREFIX}symbol AS callee ON callee.entity = called.to_id
WHERE called.edge_type = 'CALLS'
UNION SELECT caller, callee FROM {PREFIX}loose ORDER BY 1, 2
"""
_ALL_CALLERS = f"""
SELECT s.symbol FROM {PREFIX}symbol AS s WHERE s.entity IN (SELECT from_id FROM graph_edges WHERE edge_type = 'CALLER')
UNION SELECT caller FROM {PREFIX}loose ORDER BY 1
"""
_ALL_CALLEES = f"""
SELECT s.symbol FROM {PREFIX}symbol AS s WHERE s.entity IN (SELECT to_id FROM graph_edges WHERE edge_type = 'CALLS')
UNION SELECT callee FROM {PREFIX}loose ORDER BY 1
"""


class SqliteReader(TableReader):
    """Answers from one transaction of a connection; see :class:`magellan_lsp.store.base.Reader`.

    ``view`` settles our own tables (while they are being written), ``graph_view`` Magellan's as well.
    """

    def __init__(
        self,
        view: Callable[[], RowTxn],
        where: Path,
        known_paths: dict[int, str] | None = None,
        graph_view: Callable[[], RowTxn] | None = None,
        direct: Callable[[], RowTxn] | None = None,
    ) -> None:
        super().__init__(view, TABLES, where, known_paths, direct)
        self._graph_view = graph_view or view

    @property
    def connection(self) -> sqlite3.Connection:
        """For questions in SQL, while this reader is open."""
        return self._graph_view().connection

    def find_callees(self, symbol_id: str) -> list[str]:
        return self._ends(_CALLEES, symbol_id)

    def find_callers(self, symbol_id: str) -> list[str]:
        return self._ends(_CALLERS, symbol_id)

    def _ends(self, question: str, symbol_id: str) -> list[str]:
        key = symbol_key(symbol_id)
        if key is None:
            return []
        return [symbol.hex() for (symbol,) in self.connection.execute(question, (key,)).fetchall()]

    def iter_calls(self) -> Iterator[tuple[str, list[str]]]:
        for caller, pairs in groupby(self.connection.execute(_ALL_CALLS), itemgetter(0)):
            yield caller.hex(), [callee.hex() for _, callee in pairs]

    def iter_callers(self) -> Iterator[str]:
        return (symbol.hex() for (symbol,) in self.connection.execute(_ALL_CALLERS))

    def iter_callees(self) -> Iterator[str]:
        return (symbol.hex() for (symbol,) in self.connection.execute(_ALL_CALLEES))

    def find_execution(self, execution_id: str) -> Execution | None:
        return executions.find(self.connection, execution_id, self._where)

    def iter_executions(self) -> Iterator[Execution]:
        return executions.newest_first(self.connection, self._where)
