"""From a folder on disk to a store: which files are source, what changed, and who indexes it when.

It imports no LSP type; the server, the command line and the tests drive the same classes. Tests:
``tests/indexer``.
"""
