"""Questions and plain answers: byte spans and symbols, no LSP type, no backend name. Tests: ``tests/query/``.

A question is a function of a :class:`~magellan_lsp.query.snapshot.Snapshot` and of where or what is asked
about. Places are sorted by (path, start) unless a question says otherwise.
"""
