"""Finds, in one pass of a query in C, every node of a tree that matters to control flow.

Both the control-flow graphs and the cognitive complexity read this list instead of walking the tree: code between two
marks is straight. Tests: ``tests/extract/``.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import NamedTuple

from tree_sitter import Language as Grammar
from tree_sitter import Node, QueryCursor

from magellan_lsp.languages.flow import Construct, FlowRules, Function

_KEY = itemgetter(0, 1, 2, 3)
#: Of the query; one is open for each operand of a long chain of operators. Without a limit a chain of 10,000 takes 15 s; in
#: 2,600 files of the projects that we measure, the longest has less than 512.
_MAX_OPEN_MATCHES = 1024


class Mark(NamedTuple):
    """A node and what it is to control flow."""

    start: int
    end: int
    node: Node
    what: Construct


class Marks:
    """The marks of one tree, outer before inner, in source order.

    Attributes:
        rows: the marks.
        starts: of each, for bisection.
        ends: of each.
        by_id: node id -> construct.
        row_of: node id -> index in ``rows``.
    """

    __slots__ = ("by_id", "ends", "root", "row_of", "rows", "rules", "starts")

    def __init__(self, rules: FlowRules, grammar: Grammar, root: Node) -> None:
        found: dict[int, tuple[int, int, int, int, Node, Construct]] = {}
        constructs = rules.by_capture
        cursor = QueryCursor(rules.query(grammar), match_limit=_MAX_OPEN_MATCHES)
        for name, nodes in cursor.captures(root).items():
            what = constructs.get(name)
            if what is None:
                continue
            for node in nodes:
                # Captures come in no order. Of two nodes with one span, the outer one has more descendants.
                row = (node.start_byte, -node.end_byte, -node.descendant_count, len(found), node, what)
                found.setdefault(node.id, row)
        ordered = sorted(found.values(), key=_KEY)
        self.rules = rules
        self.root = root
        self.rows = [Mark(start, -end, node, what) for start, end, _, _, node, what in ordered]
        self.starts = [row[0] for row in self.rows]
        self.ends = [row[1] for row in self.rows]
        self.by_id = {row[2].id: row[3] for row in self.rows}
        self.row_of = {row[2].id: index for index, row in enumerate(self.rows)}

    def any_in(self, start: int, end: int) -> bool:
        """Whether a mark begins inside a span."""
        starts = self.starts
        row = bisect_left(starts, start)
        return row < len(starts) and starts[row] < end

    def any_below(self, node: Node) -> bool:
        """Whether a mark lies inside a node that is one itself."""
        row = self.row_of[node.id] + 1
        return row < len(self.rows) and self.starts[row] < node.end_byte

    def functions(self) -> list[Mark]:
        """All functions, outer before inner."""
        return [row for row in self.rows if isinstance(row.what, Function)]
