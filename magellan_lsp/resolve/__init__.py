"""Names -> SymbolIds, from facts plus look-ups in a FactsSource. Parses nothing, stores nothing. Tests:
``tests/cases/``.
"""
