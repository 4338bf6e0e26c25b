"""The control-flow graphs of one file: (marks of its tree, bytes) -> a :class:`Cfg` per function.

The model, in short (``docs/cfg.md`` has it per language):

- A block is code that runs in a row; it ends where control may go to more than one place or where something else may
  lead in. Block 0 is the function's header, the last block its exit, and every way out ends there.
- A condition has a ``true`` and a ``false`` edge; one that is a known constant has but the one it can take. Operands of
  short-circuit operators and the branches of conditional expressions are blocks of their own, also inside a plain
  statement; the rest of that statement is then a MERGE block behind them.
- A loop's header is a block of its own, and edges to its next turn carry ``back``.
- An explicit throw leads to the nearest handler or out of the function. Whatever else runs inside a protected body may
  throw as well: *each block* in it has an ``exception`` edge, which stands for leaving it at any of its statements.
  Outside protected bodies implicit exceptions are not drawn. Handlers are tried in order.
- A ``finally`` is there once. Every way out that passes it enters it by an edge of its own kind and goes on behind it by
  an edge of kind ``finally``. A path may therefore enter one way and go on another, which no real run does.
- A deferred call (Go) runs as a block of its own behind each way out that may follow its ``defer``, last one first.
- A function inside is one plain expression here and has its own graph. So are class bodies and comprehensions, without a
  graph.

Sources: basic blocks, flow graphs and jumping code for booleans follow Aho, Lam, Sethi, Ullman, "Compilers: Principles,
Techniques, and Tools" (2nd ed. 2006), sections 6.6, 8.4 and 9.6. Instead of emitting jumps and patching them
(backpatching, section 6.7), visitors hand on lists of edges whose target is not known yet; that is the same idea.

Visitors are generators that yield the visitor of a part and are driven by a stack of their own, so nesting depth is
bounded by memory only. Cost: one query over the tree, then time in the number of constructs and of the statements beside
them; straight code between is skipped. Tests: ``tests/extract/``.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from tree_sitter import Node

from magellan_lsp.extract.cfg.conditions import visit_if, visit_let_else, visit_preproc, visit_short
from magellan_lsp.extract.cfg.exceptions import visit_assert, visit_try, visit_with
from magellan_lsp.extract.cfg.jumps import (
    visit_defer,
    visit_goto,
    visit_jump,
    visit_label,
    visit_return,
    visit_throw,
)
from magellan_lsp.extract.cfg.loops import visit_loop
from magellan_lsp.extract.cfg.statements import visit_block, visit_statement, visit_statements
from magellan_lsp.extract.cfg.switches import visit_case, visit_fallthrough, visit_switch
from magellan_lsp.extract.cfg.walk import Visit, Visitor, Walk
from magellan_lsp.extract.function_names import FunctionNames
from magellan_lsp.extract.marks import Mark, Marks
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.languages.flow import (
    Assert,
    Block,
    Case,
    Construct,
    Defer,
    Fallthrough,
    Function,
    Goto,
    If,
    Jump,
    Label,
    LetElse,
    Loop,
    Preproc,
    Return,
    Short,
    Switch,
    Throw,
    Try,
    With,
    part,
)


def control_flow(marks: Marks, source: bytes, facts: FileFacts | None = None) -> list[Cfg]:
    """The graphs of all functions of a file, outer before inner, in source order.

    Where the language runs a file's own statements, their graph comes first; it stands for the file's symbol.

    Args:
        marks: of a tree of exactly these bytes.
        facts: of the same bytes; gives the graphs their symbols. Without them ``symbol`` is "".

    Never raises for broken source: what parses has its place in a graph.
    """
    lines = line_starts(source)
    names = FunctionNames(facts)
    graphs = []
    if marks.rules.top_level:
        graphs.append(_top_level(marks, source, names, lines))
    for mark in marks.functions():
        body = part(mark.node, mark.what.body) if isinstance(mark.what, Function) else None
        if body is not None and body.end_byte <= mark.end:
            graphs.append(_function(marks, source, mark, body, names, lines))
    return graphs


def line_starts(source: bytes) -> list[int]:
    r"""Where each line begins. Lines end with ``\n`` only, as tree-sitter and Magellan count them."""
    starts = list(accumulate((len(line) + 1 for line in source.split(b"\n")), initial=0))
    starts.pop()
    return starts


def _function(
    marks: Marks, source: bytes, mark: Mark, body: Node, names: FunctionNames, lines: list[int]
) -> Cfg:
    assert isinstance(mark.what, Function)
    walk = Walk(marks, source, mark.start, mark.end, _VISITORS)
    header = max(body.start_byte, mark.start)
    walk.begin(mark.start, mark.start + len(source[mark.start : header].rstrip()))
    walk.body = body.id
    walk.floor = marks.row_of.get(body.id, marks.row_of[mark.node.id])
    what = marks.by_id.get(body.id)
    if isinstance(what, Block):
        _drive(visit_statements(walk, body.named_children))
    else:
        walk.floor = marks.row_of[mark.node.id]
        _drive(visit_statement(walk, body))
    name, symbol = names.find(mark, body, source)
    return walk.finish(symbol, name, mark.start, mark.end, lines)


def _top_level(marks: Marks, source: bytes, names: FunctionNames, lines: list[int]) -> Cfg:
    walk = Walk(marks, source, 0, len(source), _VISITORS)
    walk.begin(0, 0)
    _drive(visit_statements(walk, marks.root.named_children))
    return walk.finish(names.file_symbol, "", 0, len(source), lines)


def _drive(first: Visit) -> None:
    """Run a visitor and all that it yields, without the interpreter's stack."""
    stack = [first]
    value: Any = None
    while stack:
        try:
            inner = stack[-1].send(value)
        except StopIteration as end:
            stack.pop()
            value = end.value
        else:
            stack.append(inner)
            value = None


_VISITORS: dict[type[Construct], Visitor] = {
    Assert: visit_assert,
    Block: visit_block,
    Case: visit_case,
    Defer: visit_defer,
    Fallthrough: visit_fallthrough,
    Goto: visit_goto,
    If: visit_if,
    Jump: visit_jump,
    Label: visit_label,
    LetElse: visit_let_else,
    Loop: visit_loop,
    Preproc: visit_preproc,
    Return: visit_return,
    Short: visit_short,
    Switch: visit_switch,
    Throw: visit_throw,
    Try: visit_try,
    With: visit_with,
}
