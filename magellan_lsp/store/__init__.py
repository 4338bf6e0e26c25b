"""Where facts and links are kept: one protocol (:mod:`base`), several backends behind it.

Refuses to know of languages, of linking and of LSP. Tests: ``tests/store/``, one suite for all backends.
"""
