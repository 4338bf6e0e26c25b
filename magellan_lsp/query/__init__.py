"""Questions and plain answers: byte spans and symbols, no LSP type, no backend name. Tests: ``tests/query/``."""
