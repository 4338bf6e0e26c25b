"""Measures, runs and edges as plain data with names in camelCase: the same for requests and for scripts.

The fields are documented in ``docs/lsp-extensions.md``. Tests: ``tests/query/test_details.py``.
"""

from __future__ import annotations

from typing import Any

from magellan_lsp.facts.metrics import FileMetrics, Halstead, SymbolMetrics
from magellan_lsp.query.cfg import Flow
from magellan_lsp.query.churn import FileChurn
from magellan_lsp.store.second_tier import Execution

Json = dict[str, Any]


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


def of_churn(churn: FileChurn) -> Json:
    """How often a file was changed."""
    return {"commits": churn.commits, "linesAdded": churn.added, "linesDeleted": churn.deleted}


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


def of_edges(flow: Flow) -> list[Json]:
    """The edges of a control-flow graph."""
    return [
        {
            "source": edge.source,
            "target": edge.target,
            "kind": edge.kind.value,
            "back": edge.back,
            "condition": flow.text(edge.label) if edge.label[0] >= 0 else None,
        }
        for edge in flow.cfg.edges
    ]
