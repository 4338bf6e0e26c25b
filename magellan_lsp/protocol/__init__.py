"""LSP at its edge: messages in and out, positions and URIs, capabilities, errors. Tests:
``tests/protocol/``.
"""
