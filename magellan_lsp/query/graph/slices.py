"""Slices within a function: the statements that may affect one, or that it may affect.

Control dependence comes from the control-flow graph, data dependence from which names each statement reads and writes
(:mod:`magellan_lsp.extract.statements`, which says what is and is not seen). Slices over calls are
:mod:`.walks`'. Tests: ``tests/query/graph/test_slices.py``.
"""

from __future__ import annotations

from typing import NamedTuple

from magellan_lsp.extract.cfg import control_flow
from magellan_lsp.extract.details import tree_of
from magellan_lsp.extract.marks import Marks
from magellan_lsp.extract.statements import FlowStatement, statements
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.graph.dominators import flow_of
from magellan_lsp.graph.slicing import (
    DependenceKind,
    Statement,
    backward_slice,
    forward_slice,
    program_dependences,
)
from magellan_lsp.languages.flow import flow_rules
from magellan_lsp.languages.registry import get_language
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.text import Span


class SliceStatement(NamedTuple):
    """A statement of a slice, and of a compound one (a loop, an ``if``) only its condition."""

    span: Span
    block: int


class SliceEdge(NamedTuple):
    """``target`` depends on ``source``: indices into ``FunctionSlice.statements``."""

    source: int
    target: int
    kind: DependenceKind


class FunctionSlice(NamedTuple):
    """A slice of one function.

    Attributes:
        path: its file.
        function: its span.
        name: its simple name; "" for an anonymous one, and for a file's own statements.
        criterion: indices into ``statements`` of those that were asked about.
        statements: in source order, the criterion's included.
        edges: the dependences among them, sorted.
    """

    path: str
    function: Span
    name: str
    criterion: list[int]
    statements: list[SliceStatement]
    edges: list[SliceEdge]


def function_slice(
    snapshot: Snapshot, path: str, offset: int, *, forward: bool = False
) -> FunctionSlice | None:
    """The slice of the innermost function around an offset, from the statement there.

    On a function's own head the criterion is its parameters. None when no function with a control-flow graph is
    around, no statement is there, or the file's text is not to be had.
    """
    facts, source = snapshot.facts(path), snapshot.read_text(path)
    if facts is None or source is None:
        return None
    language = get_language(facts.language)
    tree = tree_of(language, source)
    marks = Marks(flow_rules(language.name), language.ts, tree.root_node)
    cfg = _around(control_flow(marks, source, facts), offset)
    if cfg is None:
        return None
    snapshot.check()
    found = statements(marks, facts, cfg, source)
    chosen = _at(found, offset)
    if not chosen:
        return None
    dependences = program_dependences(
        flow_of(cfg),
        [Statement(one.block, one.defines, one.uses, one.may_define) for one in found],
        check=snapshot.check,
    )
    walk = forward_slice if forward else backward_slice
    part = walk(dependences, chosen, check=snapshot.check)
    return _answer(
        facts, cfg, found, chosen, part.statements, {(e.source, e.target, e.kind) for e in part.edges}
    )


def _around(cfgs: list[Cfg], offset: int) -> Cfg | None:
    inside = [cfg for cfg in cfgs if cfg.start <= offset <= cfg.end]
    return min(inside, key=lambda cfg: (cfg.end - cfg.start, -cfg.start), default=None)


def _at(found: list[FlowStatement], offset: int) -> list[int]:
    """The smallest statements at an offset; where there is none, those that begin on its right nearest."""
    inside = [at for at, one in enumerate(found) if one.start <= offset <= one.end]
    if not inside:
        return []
    least = min(found[at].end - found[at].start for at in inside)
    return [at for at in inside if found[at].end - found[at].start == least][:1]


def _answer(
    facts: FileFacts,
    cfg: Cfg,
    found: list[FlowStatement],
    chosen: list[int],
    kept: tuple[int, ...],
    edges: set[tuple[int, int, DependenceKind]],
) -> FunctionSlice:
    order = sorted(kept, key=lambda at: (found[at].start, found[at].end, at))
    place = {at: number for number, at in enumerate(order)}
    return FunctionSlice(
        facts.path,
        Span(cfg.start, cfg.end),
        cfg.name,
        [place[at] for at in chosen],
        [SliceStatement(Span(found[at].start, found[at].end), found[at].block) for at in order],
        sorted(SliceEdge(place[source], place[target], kind) for source, target, kind in edges),
    )
