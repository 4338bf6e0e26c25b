"""The tables: Magellan's schema 7 on graph schema 3, to the letter, and ours beside them.

Tests: ``tests/store/test_sqlite.py``.
"""

from __future__ import annotations

from magellan_lsp.store.tables import Tables

#: What a new file is; later programs of Magellan raise both in place, which adds but takes nothing away.
GRAPH_SCHEMA = 3
MAGELLAN_SCHEMA = 7
NEWEST_GRAPH_SCHEMA = 10
NEWEST_MAGELLAN_SCHEMA = 21

PREFIX = "magellan_lsp_"

#: Magellan's tables that we fill.
COUNTED = (
    "graph_entities",
    "graph_edges",
    "graph_labels",
    "code_chunks",
    "ast_nodes",
    "cfg_blocks",
    "file_metrics",
    "symbol_metrics",
    "execution_log",
)

#: Tables whose keys are numbers of four bytes: kept as integers, since their values are large.
NUMBERED = frozenset({"files", "facts", "links", "name_texts"})

_MAGELLAN = """
CREATE TABLE graph_entities (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL, file_path TEXT, data TEXT NOT NULL
);
CREATE TABLE graph_edges (
    id INTEGER PRIMARY KEY AUTOINCREMENT, from_id INTEGER NOT NULL, to_id INTEGER NOT NULL, edge_type TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE TABLE graph_labels (entity_id INTEGER NOT NULL, label TEXT NOT NULL);
CREATE TABLE graph_properties (entity_id INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX idx_edges_from ON graph_edges(from_id);
CREATE INDEX idx_edges_to ON graph_edges(to_id);
CREATE INDEX idx_edges_type ON graph_edges(edge_type);
CREATE INDEX idx_labels_label ON graph_labels(label);
CREATE INDEX idx_labels_label_entity_id ON graph_labels(label, entity_id);
CREATE INDEX idx_props_key_value ON graph_properties(key, value);
CREATE INDEX idx_props_key_value_entity_id ON graph_properties(key, value, entity_id);
CREATE INDEX idx_entities_kind_id ON graph_entities(kind, id);
CREATE TABLE graph_meta (id INTEGER PRIMARY KEY CHECK (id = 1), schema_version INTEGER NOT NULL);
CREATE TABLE graph_meta_history (version INTEGER NOT NULL, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE hnsw_indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, dimension INTEGER NOT NULL, m INTEGER NOT NULL,
    ef_construction INTEGER NOT NULL, distance_metric TEXT NOT NULL, vector_count INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
);
CREATE TABLE hnsw_vectors (
    id INTEGER PRIMARY KEY AUTOINCREMENT, index_id INTEGER NOT NULL, vector_data BLOB NOT NULL, metadata TEXT,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    FOREIGN KEY (index_id) REFERENCES hnsw_indexes(id) ON DELETE CASCADE
);
CREATE TABLE hnsw_layers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, index_id INTEGER NOT NULL, layer_level INTEGER NOT NULL,
    node_id INTEGER NOT NULL, connections BLOB NOT NULL,
    FOREIGN KEY (index_id) REFERENCES hnsw_indexes(id) ON DELETE CASCADE, UNIQUE (index_id, layer_level, node_id)
);
CREATE TABLE hnsw_entry_points (
    index_id INTEGER NOT NULL, node_id INTEGER NOT NULL, PRIMARY KEY (index_id, node_id),
    FOREIGN KEY (index_id) REFERENCES hnsw_indexes(id) ON DELETE CASCADE
);
CREATE INDEX idx_hnsw_vectors_index ON hnsw_vectors(index_id);
CREATE INDEX idx_hnsw_layers_index ON hnsw_layers(index_id, layer_level);
CREATE INDEX idx_hnsw_entry_points_index ON hnsw_entry_points(index_id);
CREATE TABLE magellan_meta (
    id INTEGER PRIMARY KEY CHECK (id = 1), magellan_schema_version INTEGER NOT NULL,
    sqlitegraph_schema_version INTEGER NOT NULL, created_at INTEGER NOT NULL
);
CREATE TABLE code_chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, file_path TEXT NOT NULL, byte_start INTEGER NOT NULL,
    byte_end INTEGER NOT NULL, content TEXT NOT NULL, content_hash TEXT NOT NULL, symbol_name TEXT, symbol_kind TEXT,
    created_at INTEGER NOT NULL, UNIQUE (file_path, byte_start, byte_end)
);
CREATE INDEX idx_chunks_file_path ON code_chunks(file_path);
CREATE INDEX idx_chunks_symbol_name ON code_chunks(symbol_name);
CREATE INDEX idx_chunks_content_hash ON code_chunks(content_hash);
CREATE TABLE execution_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT, execution_id TEXT NOT NULL UNIQUE, tool_version TEXT NOT NULL,
    args TEXT NOT NULL, root TEXT, db_path TEXT NOT NULL, started_at INTEGER NOT NULL, finished_at INTEGER,
    duration_ms INTEGER, outcome TEXT NOT NULL, error_message TEXT, files_indexed INTEGER DEFAULT 0,
    symbols_indexed INTEGER DEFAULT 0, references_indexed INTEGER DEFAULT 0
);
CREATE INDEX idx_execution_log_started_at ON execution_log(started_at DESC);
CREATE INDEX idx_execution_log_execution_id ON execution_log(execution_id);
CREATE INDEX idx_execution_log_outcome ON execution_log(outcome);
CREATE TABLE file_metrics (
    file_path TEXT PRIMARY KEY, symbol_count INTEGER NOT NULL, loc INTEGER NOT NULL, estimated_loc REAL NOT NULL,
    fan_in INTEGER NOT NULL DEFAULT 0, fan_out INTEGER NOT NULL DEFAULT 0,
    complexity_score REAL NOT NULL DEFAULT 0.0, last_updated INTEGER NOT NULL
);
CREATE TABLE symbol_metrics (
    symbol_id INTEGER PRIMARY KEY, symbol_name TEXT NOT NULL, kind TEXT NOT NULL, file_path TEXT NOT NULL,
    loc INTEGER NOT NULL, estimated_loc REAL NOT NULL, fan_in INTEGER NOT NULL DEFAULT 0,
    fan_out INTEGER NOT NULL DEFAULT 0, cyclomatic_complexity INTEGER NOT NULL DEFAULT 1,
    last_updated INTEGER NOT NULL, FOREIGN KEY (symbol_id) REFERENCES graph_entities(id) ON DELETE CASCADE
);
CREATE INDEX idx_symbol_metrics_fan_in ON symbol_metrics(fan_in DESC);
CREATE INDEX idx_symbol_metrics_fan_out ON symbol_metrics(fan_out DESC);
CREATE INDEX idx_file_metrics_complexity ON file_metrics(complexity_score DESC);
CREATE TABLE ast_nodes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, parent_id INTEGER, kind TEXT NOT NULL, byte_start INTEGER NOT NULL,
    byte_end INTEGER NOT NULL, file_id INTEGER
);
CREATE INDEX idx_ast_nodes_parent ON ast_nodes(parent_id);
CREATE INDEX idx_ast_nodes_span ON ast_nodes(byte_start, byte_end);
CREATE INDEX idx_ast_nodes_file_id ON ast_nodes(file_id);
CREATE TABLE cfg_blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, function_id INTEGER NOT NULL, kind TEXT NOT NULL, terminator TEXT NOT NULL,
    byte_start INTEGER NOT NULL, byte_end INTEGER NOT NULL, start_line INTEGER NOT NULL, start_col INTEGER NOT NULL,
    end_line INTEGER NOT NULL, end_col INTEGER NOT NULL,
    FOREIGN KEY (function_id) REFERENCES graph_entities(id) ON DELETE CASCADE
);
CREATE INDEX idx_cfg_blocks_function ON cfg_blocks(function_id);
CREATE INDEX idx_cfg_blocks_span ON cfg_blocks(byte_start, byte_end);
CREATE INDEX idx_cfg_blocks_terminator ON cfg_blocks(terminator);
"""

#: Which rows of Magellan's tables stand for what of ours.
_OURS = f"""
CREATE TABLE {PREFIX}symbol (
    entity INTEGER PRIMARY KEY, symbol BLOB NOT NULL UNIQUE, display TEXT NOT NULL, name TEXT NOT NULL,
    magellan_id TEXT NOT NULL, labels TEXT NOT NULL
);
CREATE INDEX {PREFIX}symbol_display ON {PREFIX}symbol(display);
CREATE TABLE {PREFIX}alias (display TEXT PRIMARY KEY, entity INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE {PREFIX}file (
    number INTEGER PRIMARY KEY, entity INTEGER NOT NULL, path TEXT NOT NULL, first_entity INTEGER NOT NULL DEFAULT 0,
    end_entity INTEGER NOT NULL DEFAULT 0, first_edge INTEGER NOT NULL DEFAULT 0, end_edge INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE {PREFIX}loose (
    caller BLOB NOT NULL, callee BLOB NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (caller, callee)
) WITHOUT ROWID;
CREATE INDEX {PREFIX}loose_callee ON {PREFIX}loose(callee, caller);
CREATE INDEX {PREFIX}loose_number ON {PREFIX}loose(number);
CREATE TABLE {PREFIX}odd_execution (id INTEGER PRIMARY KEY, value BLOB NOT NULL);
"""


def statements(now: int) -> list[str]:
    """What makes a new file, in order. ``now`` is in Unix seconds."""
    made = [part.strip() for part in (_MAGELLAN + _OURS).split(";") if part.strip()]
    for name in Tables._fields:
        if name in NUMBERED:
            made.append(f"CREATE TABLE {PREFIX}{name} (key INTEGER PRIMARY KEY, value BLOB NOT NULL)")
        else:
            made.append(
                f"CREATE TABLE {PREFIX}{name} (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
            )
    made.append(f"INSERT INTO graph_meta (id, schema_version) VALUES (1, {GRAPH_SCHEMA})")
    made.append("INSERT INTO graph_meta_history (version) VALUES (2), (3)")
    made.append(f"INSERT INTO magellan_meta VALUES (1, {MAGELLAN_SCHEMA}, {GRAPH_SCHEMA}, {now})")
    return made
