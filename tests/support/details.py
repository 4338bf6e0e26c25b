"""Details of made-up files: valid records without a parser."""

from __future__ import annotations

import random
from hashlib import sha256

from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.cfg import BasicBlock, BlockKind, Cfg, CfgEdge, EdgeKind, Terminator
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.store.second_tier import Details, Execution

TEXTS = ["x", "def größe(): pass\n", "𝕏 = 1\r\n", "", "a\0b", "\udc80", "日本" * 200]


def make_details(facts: FileFacts, seed: int = 0) -> Details:
    rng = random.Random(f"{facts.digest.hex()}:{seed}")
    spans = {(facts.def_start[d], facts.def_end[d], facts.symbol_id(d)) for d in facts.symbols()}
    chunks = [make_chunk(*span, rng.choice(TEXTS)) for span in sorted(spans)]
    chunks.append(make_chunk(0, 3, facts.symbol_ids[-1], "a"))  # two of one span
    chunks.append(make_chunk(0, 3, facts.symbol_ids[0], "b"))
    cfgs = [make_cfg(*span) for span in sorted(spans) if rng.random() < 0.5]
    cfgs += [make_cfg(at, at + 5, "") for at in range(3, 30, 9)]
    nodes = [AstNode("block", 10 * i, 10 * i + 9, i - 1 if i % 3 else -1) for i in range(rng.randrange(6))]
    metrics = [
        SymbolMetrics(symbol, rng.randrange(50), rng.random())
        for symbol in facts.symbol_ids
        if rng.random() < 0.7
    ]
    file_metrics = FileMetrics(len(facts.symbol_ids), rng.randrange(500), rng.random())
    return Details(chunks, cfgs, nodes, file_metrics, metrics)


def make_chunk(start: int, end: int, symbol: str | None, text: str) -> Chunk:
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Chunk(start, end, text, digest, symbol or "", "name", "fn", 1_770_000_000)


def make_cfg(start: int, end: int, symbol: str | None) -> Cfg:
    entry = BasicBlock(0, BlockKind.ENTRY, Terminator.CONDITIONAL, start, end, 1, 0, 2, 3, (start, end))
    leave = BasicBlock(1, BlockKind.EXIT, Terminator.FALLTHROUGH, end, end, 2, 3, 2, 3)
    edges = (CfgEdge(0, 1, EdgeKind.TRUE), CfgEdge(0, 1, EdgeKind.FALSE))
    return Cfg(symbol or "", "größe", start, end, (entry, leave), edges)


def make_execution(name: str, started_at: int = 1_770_000_000, **other: object) -> Execution:
    made = Execution(
        0, name, "1.0", ("index", "."), None, "/w/.magellan", started_at, None, None, "running", None, 0, 0, 0
    )
    return made._replace(**other)


def normal(details: Details) -> dict[str, object]:
    """Details as a reader gives them."""
    return {
        "chunks": sorted(details.chunks or (), key=lambda one: (one.start, one.end, one.symbol)),
        "cfgs": sorted(details.cfgs or (), key=lambda cfg: (cfg.start, cfg.end, cfg.symbol)),
        "ast": list(details.ast or ()),
        "file_metrics": details.file_metrics,
        "symbol_metrics": sorted(details.symbol_metrics or (), key=lambda one: one.symbol),
    }
