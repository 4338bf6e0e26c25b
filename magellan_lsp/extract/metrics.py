"""Measures of a file and its symbols, from its graphs, marks and tokens. Fan-in and fan-out come from the links.

*Cyclomatic complexity* is McCabe's number of independent paths, edges - nodes + 2, over the graph in which

- only blocks that the entry reaches count, and every way out leads to the one exit;
- all exceptions into the first handler of a ``try`` are one edge, so each handler adds 1 however long the body is, and
  exceptions that leave the function add nothing;
- what leaves a ``finally``, a ``with`` or a deferred call goes on as it came, which is no choice;
- a function that never ends counts as if its last way led to the exit.

On structured code without known conditions this is 1 + the number of decisions: conditions and operands of short-circuit
operators, loops that can end, cases but the default, guards, handlers, Rust's ``?``.

Source: T. J. McCabe, "A Complexity Measure", IEEE Transactions on Software Engineering SE-2 (1976). Cognitive complexity:
``cognitive.py``. Halstead: ``tokens.py``. Tests: ``tests/extract/test_metrics.py``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from magellan_lsp.extract.cfg import line_starts
from magellan_lsp.extract.cognitive import cognitive
from magellan_lsp.extract.marks import Marks
from magellan_lsp.extract.tokens import Tokens
from magellan_lsp.facts.cfg import BlockKind, Cfg, EdgeKind, Terminator
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.languages.flow import Function

_NO_CHOICE = frozenset({EdgeKind.EXCEPTION, EdgeKind.FINALLY, EdgeKind.DEFER})
_BYTES_PER_LINE = 40.0  # Magellan's estimate


class Fan(NamedTuple):
    """How many use a thing, and how many it uses."""

    fan_in: int = 0
    fan_out: int = 0


def cyclomatic(cfg: Cfg) -> int:
    """The number of independent paths, at least 1; the module's docstring says how edges are counted."""
    unreachable = frozenset(cfg.unreachable)
    blocks = cfg.blocks
    choices: dict[int, set[tuple[EdgeKind, tuple[int, int]]]] = {}
    handlers = set()
    for edge in cfg.edges:
        if edge.source in unreachable:
            continue
        if edge.kind not in _NO_CHOICE:
            choices.setdefault(edge.source, set()).add((edge.kind, edge.label))
        if (
            edge.kind in (EdgeKind.EXCEPTION, EdgeKind.FINALLY)
            and blocks[edge.target].kind == BlockKind.CATCH
        ):
            handlers.add(edge.target)
    decisions = sum(
        len(ways) - 1 for block, ways in choices.items() if blocks[block].terminator != Terminator.PREPROC
    )
    return 1 + decisions + len(handlers)


def complexity_score(loc: int, fan: Fan) -> float:
    """Magellan's score of a file."""
    return 0.1 * loc + 0.5 * fan.fan_in + 0.3 * fan.fan_out


def symbol_metrics(
    facts: FileFacts,
    marks: Marks,
    tokens: Tokens,
    cfgs: Sequence[Cfg],
    source: bytes,
    *,
    fans: Mapping[str, Fan] | None = None,
    recursive: Collection[str] = (),
    now: int = 0,
) -> list[SymbolMetrics]:
    """Measures of every symbol of a file, in the order of ``facts.symbols()``.

    Args:
        facts, marks, tokens, cfgs: all of ``source``.
        fans: by SymbolId, from the links.
        recursive: SymbolIds of functions that call themselves, directly or through others.
        now: Unix seconds.
    """
    graphs = {cfg.symbol: cfg for cfg in reversed(cfgs) if cfg.symbol}
    lines = line_starts(source)
    rows = {
        (mark.start, mark.end): row for row, mark in enumerate(marks.rows) if isinstance(mark.what, Function)
    }
    found = []
    for definition in facts.symbols():
        symbol = facts.symbol_id(definition) or ""
        start, end = facts.def_start[definition], facts.def_end[definition]
        fan = fans.get(symbol, Fan()) if fans else Fan()
        graph = graphs.get(symbol)
        paths, score, depth = 1, 0, 0
        if graph is not None:
            paths = cyclomatic(graph)
            row = rows.get((graph.start, graph.end), -1)
            if definition:
                score, depth = cognitive(marks, source, row + 1, graph.end, symbol in recursive)
            else:
                # The file's own statements: what its functions add is theirs.
                score, depth = top_level_cognitive(marks, source)
        found.append(
            SymbolMetrics(
                symbol,
                _row(lines, max(end - 1, start)) - _row(lines, start) + 1,
                (end - start) / _BYTES_PER_LINE,
                fan.fan_in,
                fan.fan_out,
                paths,
                now,
                score,
                depth,
                len(graph.blocks) if graph is not None else 0,
                len(graph.unreachable) if graph is not None else 0,
                tokens.halstead(start, end),
            )
        )
    return found


def top_level_cognitive(marks: Marks, source: bytes) -> tuple[int, int]:
    """Cognitive complexity and nesting of a file's own statements, without those of its functions."""
    score = depth = 0
    row, rows = 0, marks.rows
    while row < len(rows):
        mark = rows[row]
        if isinstance(mark.what, Function):
            row = _behind(marks, row)
            continue
        stop = row
        while stop < len(rows) and not isinstance(rows[stop].what, Function):
            stop += 1
        end = rows[stop].start if stop < len(rows) else len(source)
        one = cognitive(marks, source, row, max(end, mark.start + 1))
        score, depth = score + one.score, max(depth, one.max_nesting)
        row = stop
    return score, depth


def file_metrics(
    facts: FileFacts,
    marks: Marks,
    tokens: Tokens,
    cfgs: Sequence[Cfg],
    source: bytes,
    *,
    fan: Fan | None = None,
    now: int = 0,
) -> FileMetrics:
    """Measures of a file. Arguments as for :func:`symbol_metrics`."""
    fan = fan or Fan()
    kinds: dict[str, int] = {}
    n_symbols = 0
    for definition in facts.symbols():
        if definition:
            word = DefKind(facts.def_kind[definition]).name.lower()
            kinds[word] = kinds.get(word, 0) + 1
            n_symbols += 1
    loc = source.count(b"\n") + 1
    code, comment, blank = tokens.line_counts(line_starts(source))
    n_functions = len(cfgs) - 1 if marks.rules.top_level else len(cfgs)
    score = top_level_cognitive(marks, source)[0]
    row, rows = 0, marks.rows
    while row < len(rows):
        if isinstance(rows[row].what, Function):
            score += cognitive(marks, source, row + 1, rows[row].end).score
            row = _behind(marks, row)
        else:
            row += 1
    return FileMetrics(
        n_symbols,
        loc,
        len(source) / _BYTES_PER_LINE,
        fan.fan_in,
        fan.fan_out,
        complexity_score(loc, fan),
        now,
        code,
        comment,
        blank,
        n_functions,
        sum(cyclomatic(cfg) for cfg in cfgs),
        score,
        dict(sorted(kinds.items())),
        tokens.halstead(0, len(source)),
    )


def _behind(marks: Marks, row: int) -> int:
    """The first row that begins behind a mark."""
    end = marks.rows[row].end
    row += 1
    while row < len(marks.rows) and marks.rows[row].start < end:
        row += 1
    return row


def _row(lines: list[int], offset: int) -> int:
    return bisect_right(lines, offset) - 1
