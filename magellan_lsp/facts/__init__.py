"""What is known of one file, as data: kinds and the :class:`FileFacts` record.

Nothing here parses, links, stores or knows of another file. Tests: ``tests/extract/``.
"""

from magellan_lsp.facts.file_facts import (
    FACTS_VERSION,
    Column,
    Expr,
    FileFacts,
    Problem,
)
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind

__all__ = [
    "FACTS_VERSION",
    "Column",
    "DefFlag",
    "DefKind",
    "Expr",
    "ExprOp",
    "FileFacts",
    "ImportFlag",
    "Problem",
    "Role",
    "ScopeKind",
]
