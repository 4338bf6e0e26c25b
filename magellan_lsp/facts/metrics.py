"""Measures of files and symbols. Tests: ``tests/store/test_second_tier.py``."""

from __future__ import annotations

import msgspec


class FileMetrics(msgspec.Struct, frozen=True, array_like=True):
    """Measures of one file. Append fields, never move them.

    Attributes:
        symbol_count: how many symbols it defines.
        loc: lines.
        estimated_loc: bytes by 40, as Magellan estimates lines.
        fan_in, fan_out: symbols of other files that use its own, and that its own use.
        complexity_score: 0.1 loc + 0.5 fan_in + 0.3 fan_out, as Magellan has it.
        last_updated: Unix seconds.
    """

    symbol_count: int
    loc: int
    estimated_loc: float
    fan_in: int = 0
    fan_out: int = 0
    complexity_score: float = 0.0
    last_updated: int = 0


class SymbolMetrics(msgspec.Struct, frozen=True, array_like=True):
    """Measures of one symbol. Append fields, never move them.

    Attributes:
        symbol: its SymbolId.
        loc: lines, from its first to its last.
        estimated_loc: bytes by 40.
        fan_in, fan_out: symbols that call it, and that it calls.
        cyclomatic: independent paths through it; 1 for what has no body.
        last_updated: Unix seconds.
    """

    symbol: str
    loc: int
    estimated_loc: float
    fan_in: int = 0
    fan_out: int = 0
    cyclomatic: int = 1
    last_updated: int = 0
