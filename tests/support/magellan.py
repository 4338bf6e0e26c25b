"""What Magellan's tables say, in a form that can be compared."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

TIMES = {"last_indexed_at"}


def rows(path: Path, question: str, *values: object) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(question, values).fetchall()
    finally:
        connection.close()


SIDE = {
    "code_chunks": "file_path, byte_start, byte_end, content, content_hash, symbol_name, symbol_kind, created_at",
    "file_metrics": "*",
    "execution_log": "execution_id, tool_version, args, root, db_path, started_at, outcome",
}


def graph(path: Path) -> dict[str, object]:
    """All that Magellan's tables say, without the numbers that history gave."""
    entities = {}
    for number, kind, name, file_path, data in rows(path, "SELECT * FROM graph_entities"):
        said = {key: value for key, value in json.loads(data).items() if key not in TIMES}
        target = said.pop("resolved_file_id", None)
        entities[number] = [kind, name, file_path, said, target]
    for one in entities.values():
        one[4] = None if one[4] is None else entities[one[4]][1]
    keys = {number: json.dumps(one, sort_keys=True) for number, one in entities.items()}
    edges = rows(path, "SELECT from_id, to_id, edge_type, data FROM graph_edges")
    labels = rows(path, "SELECT entity_id, label FROM graph_labels")
    blocks = rows(
        path,
        "SELECT function_id, kind, terminator, byte_start, start_line, end_col FROM cfg_blocks ORDER BY id",
    )
    metrics = rows(path, "SELECT * FROM symbol_metrics")
    nodes = rows(path, "SELECT id, parent_id, kind, byte_start, byte_end, file_id FROM ast_nodes ORDER BY id")
    place = {number: (keys[file], start, end) for number, _, _, start, end, file in nodes}
    place[None] = None
    return {
        "entities": Counter(keys.values()),
        "edges": Counter((keys[a], keys[b], kind, data) for a, b, kind, data in edges),
        "labels": Counter((keys[number], label) for number, label in labels),
        "cfg_blocks": Counter((keys[number], *rest) for number, *rest in blocks),
        "symbol_metrics": Counter((keys[number], *rest) for number, *rest in metrics),
        "ast_nodes": Counter((place[i], place[parent], kind) for i, parent, kind, *_ in nodes),
        **{name: Counter(rows(path, f"SELECT {columns} FROM {name}")) for name, columns in SIDE.items()},
    }
