"""Which symbol a function's node belongs to: joins marks of the flow pass with the definitions of the facts."""

from __future__ import annotations

from tree_sitter import Node

from magellan_lsp.extract.marks import Mark
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind
from magellan_lsp.languages.flow import Function, part

_FUNCTIONS = frozenset(
    int(kind)
    for kind in (DefKind.FUNCTION, DefKind.METHOD, DefKind.CONSTRUCTOR, DefKind.PROPERTY, DefKind.MACRO)
)


class FunctionNames:
    """Finds the name and SymbolId of functions; without facts only names."""

    __slots__ = ("_by_end", "_by_name_start", "_facts", "file_symbol")

    def __init__(self, facts: FileFacts | None) -> None:
        self._facts = facts
        self.file_symbol = ""
        self._by_name_start: dict[int, int] = {}
        self._by_end: dict[int, list[int]] = {}
        if facts is None:
            return
        self.file_symbol = facts.symbol_id(0) or ""
        flags, kinds = facts.def_flags, facts.def_kind
        for row in range(len(facts.def_kind) - 1, 0, -1):
            if kinds[row] in _FUNCTIONS:
                self._by_name_start[facts.def_name_start[row]] = row
                self._by_end.setdefault(facts.def_end[row], []).append(row)
            elif flags[row] & DefFlag.CALLABLE:
                self._by_end.setdefault(facts.def_end[row], []).append(row)

    def find(self, mark: Mark, body: Node, source: bytes) -> tuple[str, str]:
        """(simple name, SymbolId); "" each where there is none."""
        facts = self._facts
        assert isinstance(mark.what, Function)
        node = None if mark.what.anonymous else part(mark.node, mark.what.name)
        if node is None:
            # `const f = () => …`: the definition ends with the function, its name stands before it.
            row = self._before(mark, source) if facts is not None else -1
            if row < 0 or facts is None:
                return "", ""
            return facts.name(row), facts.symbol_id(row) or ""
        name = source[node.start_byte : node.end_byte].decode("utf-8", "replace")
        if facts is None:
            return name, ""
        # The definition's name token is inside the name's node (`A::f` for an `f` in C++).
        for start in range(node.start_byte, min(node.end_byte, node.start_byte + 512)):
            row = self._by_name_start.get(start, -1)
            if row >= 0 and facts.def_end[row] >= body.start_byte:
                return facts.name(row), facts.symbol_id(row) or ""
        row = self._before(mark, source)
        if row >= 0:
            return facts.name(row), facts.symbol_id(row) or ""
        return name, ""

    def _before(self, mark: Mark, source: bytes) -> int:
        """The smallest definition that the function is the value of, or -1; a ``;`` may be the definition's last byte."""
        facts = self._facts
        if facts is None:
            return -1
        best = -1
        ends = (mark.end, mark.end + 1) if source[mark.end : mark.end + 1] == b";" else (mark.end,)
        for end in ends:
            for row in self._by_end.get(end, ()):
                if facts.def_start[row] <= mark.start and (
                    best < 0 or facts.def_start[row] > facts.def_start[best]
                ):
                    best = row
        return best
