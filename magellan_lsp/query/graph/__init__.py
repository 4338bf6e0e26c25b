"""Questions about the whole code graph: reach, cycles, dead code, slices, impact, ranks, exports.

The algorithms are :mod:`magellan_lsp.graph`'s; here is what they run over (:mod:`.view`, :mod:`.bulk`), where they
begin, and what their answers mean (``docs/graph.md``). Answers are plain: definitions, spans, numbers; no LSP type, no
backend name. Every question can be cancelled and is the same on every backend. Tests: ``tests/query/graph/``.
"""
