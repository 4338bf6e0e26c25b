"""Algorithms over a code graph, written once against :class:`magellan_lsp.graph.view.GraphView`.

One module per algorithm. None opens a file, knows a store or an LSP type, recurses, or keeps anything between
calls. ``rustworkx`` is loaded by the first call that needs it. Tests: ``tests/graph/``, each algorithm against
a slow obvious one.
"""
