"""Where a program can be entered, by each language's conventions: one module per family of languages.

``docs/graph.md`` states the rules. Tests: ``tests/query/graph/test_dead_code.py``.
"""

from magellan_lsp.query.graph.entries.base import Entry, EntryRules, File, World
from magellan_lsp.query.graph.entries.c import CRules
from magellan_lsp.query.graph.entries.go import GoRules
from magellan_lsp.query.graph.entries.java import JavaRules
from magellan_lsp.query.graph.entries.javascript import JavaScriptRules
from magellan_lsp.query.graph.entries.python import PythonRules
from magellan_lsp.query.graph.entries.rust import RustRules

__all__ = ["Entry", "EntryRules", "File", "World", "rules_for"]

_RULES: dict[str, EntryRules] = {
    "python": PythonRules(),
    "javascript": JavaScriptRules(),
    "typescript": JavaScriptRules(),
    "tsx": JavaScriptRules(),
    "go": GoRules(),
    "rust": RustRules(),
    "java": JavaRules(),
    "c": CRules(),
    "cpp": CRules(),
}
_NONE = EntryRules()


def rules_for(language: str) -> EntryRules:
    """The rules of a language; those that find nothing for one that has none."""
    return _RULES.get(language, _NONE)
