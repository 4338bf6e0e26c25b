"""(path, language, bytes) -> FileFacts. No I/O, clock, store, settings, and no other file. Tests:
``tests/extract/``.
"""
