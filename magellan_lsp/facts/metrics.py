"""Measures of files and symbols. Tests: ``tests/store/test_second_tier.py``."""

from __future__ import annotations

from math import log2

import msgspec


class Halstead(msgspec.Struct, frozen=True, array_like=True):
    """Counts of tokens and what Halstead derives from them. Append fields, never move them.

    What is an operator and what an operand is said in ``extract/tokens.py``.

    Source: M. H. Halstead, "Elements of Software Science" (1977).
    """

    distinct_operators: int
    distinct_operands: int
    operators: int
    operands: int

    @property
    def vocabulary(self) -> int:
        return self.distinct_operators + self.distinct_operands

    @property
    def length(self) -> int:
        return self.operators + self.operands

    @property
    def volume(self) -> float:
        """In bits: length times log2 of vocabulary."""
        return self.length * log2(self.vocabulary) if self.vocabulary > 0 else 0.0

    @property
    def difficulty(self) -> float:
        if not self.distinct_operands:
            return 0.0
        return self.distinct_operators / 2 * self.operands / self.distinct_operands

    @property
    def effort(self) -> float:
        return self.difficulty * self.volume


class FileMetrics(msgspec.Struct, frozen=True, array_like=True):
    """Measures of one file. Append fields, never move them.

    Attributes:
        symbol_count: how many symbols it defines.
        loc: lines.
        estimated_loc: bytes by 40, as Magellan estimates lines.
        fan_in, fan_out: symbols of other files that use its own, and that its own use.
        complexity_score: 0.1 loc + 0.5 fan_in + 0.3 fan_out, as Magellan has it.
        last_updated: Unix seconds.
        code_lines, comment_lines, blank_lines: lines with a token, with a comment and no token, with neither.
        n_functions: functions with a body, anonymous ones included.
        cyclomatic, cognitive: sums over all functions. A nested function counts once in the first and, as the method has
            it, inside its outer one only in the second.
        kinds: symbols by the name of their DefKind in lower case.
        halstead: of the whole file; None when it was not computed.
    """

    symbol_count: int
    loc: int
    estimated_loc: float
    fan_in: int = 0
    fan_out: int = 0
    complexity_score: float = 0.0
    last_updated: int = 0
    code_lines: int = 0
    comment_lines: int = 0
    blank_lines: int = 0
    n_functions: int = 0
    cyclomatic: int = 0
    cognitive: int = 0
    kinds: dict[str, int] = {}
    halstead: Halstead | None = None


class SymbolMetrics(msgspec.Struct, frozen=True, array_like=True):
    """Measures of one symbol. Append fields, never move them.

    Attributes:
        symbol: its SymbolId.
        loc: lines, from its first to its last.
        estimated_loc: bytes by 40.
        fan_in, fan_out: symbols that call it, and that it calls.
        cyclomatic: independent paths through it; 1 for what has no body.
        last_updated: Unix seconds.
        cognitive: cognitive complexity; 0 for what has no body.
        max_nesting: how deep conditions, loops, switches, handlers and nested functions lie inside each other.
        n_blocks, n_unreachable: of its control-flow graph, entry and exit included; 0 for what has none.
        halstead: of its text; None when it was not computed.
    """

    symbol: str
    loc: int
    estimated_loc: float
    fan_in: int = 0
    fan_out: int = 0
    cyclomatic: int = 1
    last_updated: int = 0
    cognitive: int = 0
    max_nesting: int = 0
    n_blocks: int = 0
    n_unreachable: int = 0
    halstead: Halstead | None = None
