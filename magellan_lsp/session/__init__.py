"""The server's state and the one door to the index, without LSP. Importing it loads nothing heavy.

``session.py`` holds folders, settings and open documents; ``asking.py`` runs questions in threads;
``views.py`` is what a question is given. Tests: ``tests/session/``.
"""

from magellan_lsp.session.session import Session, Where

__all__ = ["Session", "Where"]
