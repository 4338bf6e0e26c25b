"""The store in SQLite, in Magellan's own schema: its programs read what is written here. The home of sqlite3.

Our own records lie in side tables (``magellan_lsp_*``), with the same keys and values as in LMDB
(:mod:`rows` makes a table look like one of LMDB's), so that both answer alike. Beside them the tables of
Magellan are kept up to date (:mod:`graph`). Calls and executions are kept in those tables alone.

Tests: ``tests/store/``; with the real programs: ``tests/conformance/``.
"""

from magellan_lsp.store.sqlite.adopt import adopt
from magellan_lsp.store.sqlite.store import SqliteStore, open_sqlite

__all__ = ["SqliteStore", "adopt", "open_sqlite"]
