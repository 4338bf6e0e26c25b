"""Databases as each release of Magellan made them, from schema 1 to 21, small and with something in every table.

What each version added follows Magellan's own history of its schema; the values cover every storage class of SQLite,
several scripts, and what a reader may trip over (NULL counts, a negative parent, a text with a NUL in it).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

GRAPH = """
CREATE TABLE graph_entities (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL,
    file_path TEXT, data TEXT NOT NULL);
CREATE TABLE graph_edges (id INTEGER PRIMARY KEY AUTOINCREMENT, from_id INTEGER NOT NULL, to_id INTEGER NOT NULL,
    edge_type TEXT NOT NULL, data TEXT NOT NULL);
CREATE TABLE graph_labels (entity_id INTEGER NOT NULL, label TEXT NOT NULL);
CREATE TABLE graph_properties (entity_id INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE graph_meta (id INTEGER PRIMARY KEY CHECK (id = 1), schema_version INTEGER NOT NULL);
CREATE TABLE graph_meta_history (version INTEGER NOT NULL, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE hnsw_entry_points (index_id INTEGER NOT NULL, node_id INTEGER NOT NULL, PRIMARY KEY (index_id, node_id));
CREATE INDEX idx_edges_from ON graph_edges(from_id);
CREATE INDEX idx_edges_to ON graph_edges(to_id);
CREATE INDEX idx_edges_type ON graph_edges(edge_type);
CREATE INDEX idx_labels_label ON graph_labels(label);
CREATE INDEX idx_entities_kind_id ON graph_entities(kind, id);
CREATE TABLE magellan_meta (id INTEGER PRIMARY KEY CHECK (id = 1), magellan_schema_version INTEGER NOT NULL,
    sqlitegraph_schema_version INTEGER NOT NULL, created_at INTEGER NOT NULL);
CREATE TABLE code_chunks (id INTEGER PRIMARY KEY AUTOINCREMENT, file_path TEXT NOT NULL, byte_start INTEGER NOT NULL,
    byte_end INTEGER NOT NULL, content TEXT NOT NULL, content_hash TEXT NOT NULL, symbol_name TEXT, symbol_kind TEXT,
    created_at INTEGER NOT NULL, UNIQUE (file_path, byte_start, byte_end));
CREATE INDEX idx_chunks_file_path ON code_chunks(file_path);
CREATE TABLE file_metrics (file_path TEXT PRIMARY KEY, symbol_count INTEGER, loc INTEGER, estimated_loc REAL,
    fan_in INTEGER, fan_out INTEGER, complexity_score REAL, last_updated INTEGER NOT NULL);
CREATE TABLE symbol_metrics (symbol_id INTEGER PRIMARY KEY, symbol_name TEXT NOT NULL, kind TEXT NOT NULL,
    file_path TEXT NOT NULL, loc INTEGER, estimated_loc REAL, fan_in INTEGER, fan_out INTEGER,
    cyclomatic_complexity INTEGER, last_updated INTEGER NOT NULL);
"""

#: What each version of Magellan's schema added, as SQL; versions that are not here changed no table.
STEPS: dict[int, str] = {
    2: """CREATE TABLE execution_log (id INTEGER PRIMARY KEY AUTOINCREMENT, execution_id TEXT NOT NULL UNIQUE,
        tool_version TEXT NOT NULL, args TEXT NOT NULL, root TEXT, db_path TEXT NOT NULL, started_at INTEGER NOT NULL,
        finished_at INTEGER, duration_ms INTEGER, outcome TEXT NOT NULL, error_message TEXT,
        files_indexed INTEGER DEFAULT 0, symbols_indexed INTEGER DEFAULT 0, references_indexed INTEGER DEFAULT 0);
        CREATE INDEX idx_execution_log_started_at ON execution_log(started_at DESC);""",
    5: """CREATE TABLE ast_nodes (id INTEGER PRIMARY KEY AUTOINCREMENT, parent_id INTEGER, kind TEXT NOT NULL,
        byte_start INTEGER NOT NULL, byte_end INTEGER NOT NULL);""",
    6: "ALTER TABLE ast_nodes ADD COLUMN file_id INTEGER; CREATE INDEX idx_ast_nodes_file_id ON ast_nodes(file_id);",
    7: """CREATE TABLE cfg_blocks (id INTEGER PRIMARY KEY AUTOINCREMENT, function_id INTEGER NOT NULL, kind TEXT NOT NULL,
        terminator TEXT NOT NULL, byte_start INTEGER NOT NULL, byte_end INTEGER NOT NULL, start_line INTEGER NOT NULL,
        start_col INTEGER NOT NULL, end_line INTEGER NOT NULL, end_col INTEGER NOT NULL,
        FOREIGN KEY (function_id) REFERENCES graph_entities(id) ON DELETE CASCADE);""",
    8: "ALTER TABLE cfg_blocks ADD COLUMN cfg_hash TEXT; CREATE INDEX idx_cfg_blocks_hash ON cfg_blocks(cfg_hash);",
    9: "ALTER TABLE cfg_blocks ADD COLUMN statements TEXT;",
    10: """ALTER TABLE cfg_blocks ADD COLUMN coord_x INTEGER DEFAULT 0;
        ALTER TABLE cfg_blocks ADD COLUMN coord_t TEXT;""",
    11: """CREATE TABLE geo_index_meta (id INTEGER PRIMARY KEY, note BLOB);
        CREATE TABLE cfg_edges (id INTEGER PRIMARY KEY AUTOINCREMENT, function_id INTEGER NOT NULL,
        source_idx INTEGER NOT NULL, target_idx INTEGER NOT NULL, edge_type TEXT NOT NULL);
        CREATE TABLE cross_file_refs (id INTEGER PRIMARY KEY, from_symbol_id TEXT NOT NULL, to_symbol_id TEXT NOT NULL,
        file_path TEXT, line_number INTEGER NOT NULL, byte_start INTEGER NOT NULL, byte_end INTEGER NOT NULL);""",
    12: """CREATE VIRTUAL TABLE symbol_fts USING fts5(name, content='graph_entities', content_rowid='id');
        CREATE TRIGGER graph_entities_ai AFTER INSERT ON graph_entities BEGIN
            INSERT INTO symbol_fts(rowid, name) VALUES (new.id, new.name); END;
        CREATE TRIGGER graph_entities_ad AFTER DELETE ON graph_entities BEGIN
            INSERT INTO symbol_fts(symbol_fts, rowid, name) VALUES ('delete', old.id, old.name); END;""",
    13: "CREATE TABLE source_documents (id INTEGER PRIMARY KEY, path_or_uri TEXT UNIQUE, source_kind TEXT);",
    14: """CREATE TABLE candidate_facts (id INTEGER PRIMARY KEY, candidate_id TEXT UNIQUE,
        status TEXT DEFAULT 'pending');""",
    15: "ALTER TABLE magellan_meta ADD COLUMN project_name TEXT;",
    16: "ALTER TABLE cfg_blocks ADD COLUMN cfg_condition TEXT;",
    17: """CREATE TABLE telemetry_events (id INTEGER PRIMARY KEY, execution_id TEXT, value REAL, metadata BLOB);""",
    18: """CREATE TABLE repo_snapshots (id INTEGER PRIMARY KEY, commit_oid TEXT UNIQUE);
        CREATE TABLE repo_snapshot_parents (snapshot_id INTEGER, parent_oid TEXT, PRIMARY KEY (snapshot_id, parent_oid))
        WITHOUT ROWID;""",
    19: "CREATE TABLE symbol_scores (symbol_id INTEGER PRIMARY KEY, score REAL, rank INTEGER);",
    20: """CREATE VIRTUAL TABLE code_chunks_fts USING fts5(content, content='code_chunks', content_rowid='id');
        CREATE TRIGGER code_chunks_ai AFTER INSERT ON code_chunks BEGIN
            INSERT INTO code_chunks_fts(rowid, content) VALUES (new.id, new.content); END;""",
    21: "ALTER TABLE magellan_meta ADD COLUMN index_root TEXT;",
}
#: From this version on the graph library has the tables of its schema 10.
_NEW_GRAPH = 16
_GRAPH_10 = """ALTER TABLE graph_entities ADD COLUMN snapshot_id TEXT NOT NULL DEFAULT 'default';
    ALTER TABLE graph_edges ADD COLUMN snapshot_id TEXT NOT NULL DEFAULT 'default';
    CREATE UNIQUE INDEX uq_graph_labels_entity_label ON graph_labels(entity_id, label);
    UPDATE graph_meta SET schema_version = 10;"""

UTIL = 'def größe(名):\n    return "🙂" + 名\n'
MAIN = 'from util import größe\n\n\ndef main():\n    größe("é")\n'


def make(path: Path, version: int, root: Path, *, wal: bool = False) -> Path:
    """A database of one version, about ``util.py`` and ``main.py`` below ``root``."""
    connection = sqlite3.connect(path, isolation_level=None)
    if wal:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(GRAPH)
    connection.execute("INSERT INTO graph_meta VALUES (1, 3)")
    connection.execute("INSERT INTO graph_meta_history VALUES (2, '2026-02-01'), (3, '2026-02-01')")
    connection.execute("INSERT INTO magellan_meta VALUES (1, ?, 3, 1770000000)", (version,))
    for step in range(2, version + 1):
        connection.executescript(STEPS.get(step, ""))
    if version >= _NEW_GRAPH:
        connection.executescript(_GRAPH_10)
    _fill(connection, version, root)
    connection.close()
    return path


def _fill(connection: sqlite3.Connection, version: int, root: Path) -> None:
    run = connection.execute
    util, main = f"{root}/util.py", f"{root}/main.py"

    def entity(entity_kind: str, shown: str, file_path: str | None, /, **data: object) -> int:
        row = run(
            "INSERT INTO graph_entities (kind, name, file_path, data) VALUES (?, ?, ?, ?)",
            (entity_kind, shown, file_path, json.dumps(data, ensure_ascii=False)),
        )
        return int(row.lastrowid or 0)

    def edge(source: int, target: int, kind: str) -> None:
        run(
            "INSERT INTO graph_edges (from_id, to_id, edge_type, data) VALUES (?, ?, ?, '{}')",
            (source, target, kind),
        )

    entity("File", "gone", "gone")
    run("DELETE FROM graph_entities")  # ids do not begin at 1, and AUTOINCREMENT remembers
    f1 = entity("File", util, util, path=util, hash=sha256(UTIL.encode()).hexdigest())
    f2 = entity("File", main, main, path=main, hash=sha256(MAIN.encode()).hexdigest())
    at = MAIN.encode().index('größe("é'.encode())
    span1 = {"byte_start": 0, "byte_end": len(UTIL.encode()) - 1, "start_line": 1, "start_col": 0}
    span2 = {"byte_start": MAIN.encode().index(b"def main"), "byte_end": len(MAIN.encode()) - 1}
    symbol = {"symbol_id": "0123456789abcdef", "fqn": "größe", "display_fqn": "..größe", "name": "größe"}
    s1 = entity("Symbol", "größe", util, **symbol, kind="Function", kind_normalized="fn", **span1)
    s2 = entity(
        "Symbol", "main", main, fqn="main", name="main", kind="Function", kind_normalized="fn", **span2
    )
    use = {"byte_start": at, "byte_end": at + len("größe".encode())}
    r1 = entity("Reference", "ref to größe", main, file=main, **use)
    call = {"byte_start": at, "byte_end": at + len('größe("é")'.encode())}
    c1 = entity("Call", "main calls größe", main, file=main, caller="main", callee="größe", **call)
    odd = entity("Wholly unknown", "x", None, nested={"list": [1, 2.5, None]})
    for source, target, kind in (
        (f1, s1, "DEFINES"),
        (f2, s2, "DEFINES"),
        (r1, s1, "REFERENCES"),
        (s2, c1, "CALLER"),
        (c1, s1, "CALLS"),
        (odd, s1, "POINTS_AT"),
        (odd, s1, "POINTS_AT"),
    ):
        edge(source, target, kind)
    labels = [(s1, "python"), (s1, "fn"), (s2, "python"), (s2, "fn"), (s1, "hot path"), (odd, "odd")]
    connection.executemany("INSERT INTO graph_labels VALUES (?, ?)", labels)
    run("INSERT INTO graph_properties VALUES (?, 'owner', 'Zoë')", (s1,))
    for path, one, name in ((util, UTIL, "größe"), (main, MAIN, "main")):
        start = one.encode().index(b"def")
        text = one.encode()[start:-1].decode()
        run(
            "INSERT INTO code_chunks (file_path, byte_start, byte_end, content, content_hash, symbol_name,"
            " symbol_kind, created_at) VALUES (?, ?, ?, ?, ?, ?, 'fn', 1770000000)",
            (path, start, len(one.encode()) - 1, text, sha256(text.encode()).hexdigest(), name),
        )
    run("INSERT INTO file_metrics VALUES (?, 1, 2, 1.05, NULL, 0, 0.2, 1770000000)", (util,))
    run(
        "INSERT INTO symbol_metrics VALUES (?, 'größe', 'fn', ?, 2, 1.05, NULL, 0, 1, 1770000000)", (s1, util)
    )
    if version >= 2:
        for n in range(3):
            run(
                "INSERT INTO execution_log (execution_id, tool_version, args, root, db_path, started_at, outcome)"
                " VALUES (?, '1.0', ?, ?, 'x.db', ?, 'success')",
                (f"6b0{n}-1", json.dumps(["watch", f"né {n}"]), str(root), 1_770_000_000 + n // 2),
            )
    if version == 5:
        run("INSERT INTO ast_nodes (parent_id, kind, byte_start, byte_end) VALUES (NULL, 'block', 0, 9)")
    if version >= 6:
        run("INSERT INTO ast_nodes VALUES (NULL, NULL, 'block', 0, 30, ?)", (f1,))
        run("INSERT INTO ast_nodes VALUES (NULL, -1, 'return_statement', 20, 30, ?)", (f1,))
    if version >= 7:
        run(
            "INSERT INTO cfg_blocks (function_id, kind, terminator, byte_start, byte_end, start_line, start_col,"
            " end_line, end_col) VALUES (?, 'entry', 'fallthrough', 0, 30, 1, 0, 2, 16)",
            (s1,),
        )
    later: dict[int, Callable[[], object]] = {
        9: lambda: run("UPDATE cfg_blocks SET cfg_hash = 'ab', statements = '[\"x\"]'"),
        10: lambda: run("UPDATE cfg_blocks SET coord_x = 7, coord_t = 't'"),
        11: lambda: (
            run("INSERT INTO geo_index_meta VALUES (1, ?)", (bytes(range(256)),)),
            run(
                "INSERT INTO cfg_edges (function_id, source_idx, target_idx, edge_type) VALUES (?, 0, 1, 'x')",
                (s1,),
            ),
            run("INSERT INTO cross_file_refs VALUES (1, 'a', 'b', ?, 5, ?, ?)", (main, at, at + 3)),
        ),
        13: lambda: run("INSERT INTO source_documents VALUES (1, ?, NULL)", ("a\0b",)),
        14: lambda: run("INSERT INTO candidate_facts (candidate_id) VALUES ('c')"),
        15: lambda: run("UPDATE magellan_meta SET project_name = 'Größen'"),
        17: lambda: run(
            "INSERT INTO telemetry_events VALUES (1, 'x', 1e308, ?), (2, 'y', -0.0, NULL)", (b"\0\xff",)
        ),
        18: lambda: (
            run("INSERT INTO repo_snapshots VALUES (9223372036854775807, 'oid')"),
            run("INSERT INTO repo_snapshot_parents VALUES (1, 'p'), (1, 'o')"),
        ),
        19: lambda: run("INSERT INTO symbol_scores VALUES (?, 0.5, NULL)", (s1,)),
        21: lambda: run("UPDATE magellan_meta SET index_root = ?", (str(root),)),
    }
    for step, add in later.items():
        if version >= step:
            add()
