"""Magellan's side tables: chunks, syntax nodes, blocks of control flow, metrics. Written beside our own records.

Tests: ``tests/store/test_sqlite.py``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.store.second_tier import Details
from magellan_lsp.store.sqlite.sources import shown
from magellan_lsp.store.words import kind_key

#: Magellan's words for kinds of symbols, by ours.
_KEYS = {kind.name.lower(): kind_key(kind) for kind in DefKind}

#: The Symbol entities that a File entity defines.
_SYMBOLS = (
    "SELECT to_id FROM graph_edges INDEXED BY idx_edges_from WHERE from_id = ? AND +edge_type = 'DEFINES'"
)


class DetailRows:
    """The side tables of one transaction. Paths are absolute, files and symbols are entities."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def drop(self, path: str, file: int) -> None:
        """Forget all details of a file."""
        self._db.execute("DELETE FROM code_chunks WHERE file_path = ?", (path,))
        self._db.execute("DELETE FROM ast_nodes WHERE file_id = ?", (file,))
        self._db.execute("DELETE FROM file_metrics WHERE file_path = ?", (path,))
        self._db.execute(f"DELETE FROM cfg_blocks WHERE function_id IN ({_SYMBOLS})", (file,))
        self._db.execute(f"DELETE FROM symbol_metrics WHERE symbol_id IN ({_SYMBOLS})", (file,))

    def put(self, path: str, file: int, given: Details, entity_of: Callable[[str], int | None]) -> None:
        """Write what is given, each in the place of what there was."""
        if given.chunks is not None:
            self.put_chunks(path, given.chunks)
        if given.ast is not None:
            self._put_ast(file, given.ast)
        if given.cfgs is not None:
            self._db.execute(f"DELETE FROM cfg_blocks WHERE function_id IN ({_SYMBOLS})", (file,))
            for cfg in given.cfgs:
                entity = entity_of(cfg.symbol) if cfg.symbol else None
                if entity is not None:
                    self._put_cfg(entity, cfg)
        if given.file_metrics is not None:
            one = given.file_metrics
            self._db.execute(
                "INSERT OR REPLACE INTO file_metrics (file_path, symbol_count, loc, estimated_loc, fan_in, fan_out,"
                " complexity_score, last_updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    path,
                    one.symbol_count,
                    one.loc,
                    one.estimated_loc,
                    one.fan_in,
                    one.fan_out,
                    one.complexity_score,
                    one.last_updated,
                ),
            )
        if given.symbol_metrics is not None:
            self._db.execute(f"DELETE FROM symbol_metrics WHERE symbol_id IN ({_SYMBOLS})", (file,))
            for measured in given.symbol_metrics:
                entity = entity_of(measured.symbol)
                if entity is not None:
                    self._db.execute(
                        "INSERT OR REPLACE INTO symbol_metrics SELECT id, name, json_extract(data, '$.kind_normalized'),"
                        " ?, ?, ?, ?, ?, ?, ? FROM graph_entities WHERE id = ?",
                        (
                            path,
                            measured.loc,
                            measured.estimated_loc,
                            measured.fan_in,
                            measured.fan_out,
                            measured.cyclomatic,
                            measured.last_updated,
                            entity,
                        ),
                    )

    def put_chunks(self, path: str, chunks: Sequence[Chunk]) -> None:
        """A file's chunks, in the place of those there were."""
        self._db.execute("DELETE FROM code_chunks WHERE file_path = ?", (path,))
        self._db.executemany(
            "INSERT OR REPLACE INTO code_chunks (file_path, byte_start, byte_end, content, content_hash, symbol_name,"
            " symbol_kind, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    path,
                    chunk.start,
                    chunk.end,
                    shown(chunk.text),
                    chunk.hash,
                    shown(chunk.name) or None,
                    _KEYS.get(chunk.kind, chunk.kind) or None,
                    chunk.created_at,
                )
                for chunk in chunks
            ],
        )

    def _put_ast(self, file: int, nodes: Sequence[AstNode]) -> None:
        self._db.execute("DELETE FROM ast_nodes WHERE file_id = ?", (file,))
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'ast_nodes'").fetchone()
        first = row[0] + 1 if row is not None else 1
        self._db.executemany(
            "INSERT INTO ast_nodes (id, parent_id, kind, byte_start, byte_end, file_id) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    first + i,
                    first + node.parent if node.parent >= 0 else None,
                    node.kind,
                    node.start,
                    node.end,
                    file,
                )
                for i, node in enumerate(nodes)
            ],
        )

    def _put_cfg(self, entity: int, cfg: Cfg) -> None:
        self._db.executemany(
            "INSERT INTO cfg_blocks (function_id, kind, terminator, byte_start, byte_end, start_line, start_col,"
            " end_line, end_col) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    entity,
                    str(block.kind),
                    str(block.terminator),
                    block.start,
                    block.end,
                    block.start_line,
                    block.start_column,
                    block.end_line,
                    block.end_column,
                )
                for block in cfg.blocks
            ],
        )
