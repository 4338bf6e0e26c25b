"""Chunks, graphs, nodes, measures and runs as plain data with names in camelCase: the same for requests and scripts.

The fields are documented in ``docs/lsp-extensions.md``. Tests: ``tests/query/test_details.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from magellan_lsp.extract.ast_nodes import SyntaxNode
from magellan_lsp.facts.metrics import FileMetrics, Halstead, SymbolMetrics
from magellan_lsp.query.cfg import Flow
from magellan_lsp.query.chunks import Piece
from magellan_lsp.query.hotspots import FileSpot
from magellan_lsp.store.second_tier import Execution
from magellan_lsp.text import Span

Json = dict[str, Any]
#: How a span of a file is written down: the one thing in which requests and scripts differ.
MakePlace = Callable[[str, Span], Json]


def of_symbol_metrics(metrics: SymbolMetrics) -> Json:
    """The measures of a symbol."""
    return {
        "loc": metrics.loc,
        "fanIn": metrics.fan_in,
        "fanOut": metrics.fan_out,
        "cyclomatic": metrics.cyclomatic,
        "cognitive": metrics.cognitive,
        "nesting": metrics.max_nesting,
        "blocks": metrics.n_blocks,
        "unreachableBlocks": metrics.n_unreachable,
        "halstead": _halstead(metrics.halstead),
    }


def of_file_metrics(metrics: FileMetrics) -> Json:
    """The measures of a file."""
    return {
        "loc": metrics.loc,
        "codeLines": metrics.code_lines,
        "commentLines": metrics.comment_lines,
        "blankLines": metrics.blank_lines,
        "symbols": metrics.symbol_count,
        "functions": metrics.n_functions,
        "kinds": metrics.kinds,
        "fanIn": metrics.fan_in,
        "fanOut": metrics.fan_out,
        "cyclomatic": metrics.cyclomatic,
        "cognitive": metrics.cognitive,
        "complexityScore": round(metrics.complexity_score, 3),
        "halstead": _halstead(metrics.halstead),
    }


def _halstead(halstead: Halstead | None) -> Json | None:
    if halstead is None:
        return None
    return {
        "distinctOperators": halstead.distinct_operators,
        "distinctOperands": halstead.distinct_operands,
        "operators": halstead.operators,
        "operands": halstead.operands,
        "vocabulary": halstead.vocabulary,
        "length": halstead.length,
        "volume": round(halstead.volume, 3),
        "difficulty": round(halstead.difficulty, 3),
        "effort": round(halstead.effort, 3),
    }


def of_file_spot(spot: FileSpot) -> Json:
    """A file that stands out, but for its path: its measures, and how often it was changed."""
    found = of_file_metrics(spot.metrics) if spot.metrics is not None else {}
    if spot.churn is not None:
        found |= {
            "commits": spot.churn.commits,
            "linesAdded": spot.churn.added,
            "linesDeleted": spot.churn.deleted,
        }
    return found


def of_execution(execution: Execution) -> Json:
    """A run: the 14 columns."""
    return {
        "id": execution.id,
        "executionId": execution.execution_id,
        "toolVersion": execution.tool_version,
        "args": list(execution.args),
        "root": execution.root,
        "dbPath": execution.db_path,
        "startedAt": execution.started_at,
        "finishedAt": execution.finished_at,
        "durationMs": execution.duration_ms,
        "outcome": execution.outcome,
        "errorMessage": execution.error_message,
        "filesIndexed": execution.files_indexed,
        "symbolsIndexed": execution.symbols_indexed,
        "referencesIndexed": execution.references_indexed,
    }


def of_graph(flow: Flow, place: MakePlace) -> Json:
    """A control-flow graph, but for the symbol that it is of."""
    graph = flow.cfg
    unreachable = frozenset(graph.unreachable)
    return {
        **place(flow.path, Span(graph.start, graph.end)),
        "name": graph.name,
        "cyclomatic": flow.cyclomatic,
        "blocks": [
            {
                **place(flow.path, Span(block.start, block.end)),
                "id": block.id,
                "kind": block.kind.value,
                "terminator": block.terminator.value,
                "condition": flow.text(block.condition),
                "text": flow.text((block.start, block.end)),
                "reachable": block.id not in unreachable,
            }
            for block in graph.blocks
        ],
        "edges": [
            {
                "source": edge.source,
                "target": edge.target,
                "kind": edge.kind.value,
                "back": edge.back,
                "condition": flow.text(edge.label) if edge.label[0] >= 0 else None,
            }
            for edge in graph.edges
        ],
    }


def of_node(path: str, node: SyntaxNode, place: MakePlace) -> Json:
    """A node of a syntax tree."""
    return {
        **place(path, Span(node.start, node.end)),
        "id": node.id,
        "kind": node.kind,
        "named": node.is_named,
        "field": node.field,
        "parent": node.parent,
        "depth": node.depth,
    }


def of_piece(piece: Piece, place: MakePlace) -> Json:
    """A chunk, but for the symbol that it is of."""
    return {
        **place(piece.path, piece.span),
        "kind": piece.kind,
        "name": piece.name,
        "content": piece.text,
        "contentHash": piece.hash,
        "stale": piece.is_stale,
    }
