"""The control-flow graph of a function. Tests: ``tests/query/test_details.py``."""

from __future__ import annotations

import attrs

from magellan_lsp.extract.metrics import cyclomatic
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.query.details import cfgs_of, source_of
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import Span


@attrs.frozen
class Flow:
    """A graph, whose it is, and the text that its spans are about."""

    path: str
    cfg: Cfg
    ref: Ref | None
    """None for an anonymous function."""
    source: bytes | None
    """None when the file on disk is no longer the one that was indexed."""

    @property
    def cyclomatic(self) -> int:
        return cyclomatic(self.cfg)

    def text(self, span: tuple[int, int] | None) -> str | None:
        """The source of a span of it."""
        if self.source is None or span is None:
            return None
        return self.source[span[0] : span[1]].decode("utf-8", "replace")


def of_symbol(snapshot: Snapshot, ref: Ref) -> Flow | None:
    """The graph of a definition; None for what has no body, or when its text is not to be had.

    Of a Python or JavaScript file's own symbol: that of its own statements.
    """
    facts = snapshot.facts(ref[0])
    if facts is None or ref[1] >= len(facts.def_name):
        return None
    path, symbol_id = ref[0], facts.symbol_id(ref[1])
    if symbol_id is not None and not snapshot.is_overlaid(path):
        stored = snapshot.reader.find_cfg(symbol_id)
        if stored is not None:
            return Flow(path, stored, ref, source_of(snapshot, path))
    graphs = cfgs_of(snapshot, path)
    if graphs is None:
        return None
    if symbol_id is not None:
        found = next((cfg for cfg in graphs if cfg.symbol == symbol_id), None)
    else:
        full = Span(facts.def_start[ref[1]], facts.def_end[ref[1]])
        name = facts.name(ref[1])
        found = next((cfg for cfg in graphs if not cfg.symbol and cfg.name == name and _in(cfg, full)), None)
    return Flow(path, found, ref, source_of(snapshot, path)) if found is not None else None


def around(snapshot: Snapshot, path: str, offset: int) -> Flow | None:
    """The graph of the innermost function around an offset; of the file's own statements outside of all."""
    graphs = cfgs_of(snapshot, path)
    here = [cfg for cfg in graphs or () if cfg.start <= offset <= cfg.end]
    if not here:
        return None
    found = min(here, key=lambda cfg: (cfg.end - cfg.start, -cfg.start))
    ref = snapshot.find(found.symbol) if found.symbol else None
    return Flow(path, found, ref, source_of(snapshot, path))


def _in(cfg: Cfg, span: Span) -> bool:
    return span.start <= cfg.start and cfg.end <= span.end
