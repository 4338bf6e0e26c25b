"""JavaScript, JSX included: tables and extraction hooks. Linking rules are in ``rules.py``.

``common.py`` and its neighbours serve TypeScript too.
"""

from __future__ import annotations

from magellan_lsp.languages.base import Language
from magellan_lsp.languages.javascript.common import COMMON_QUERY, HOOKS, JSX_QUERY, finish, module_name
from magellan_lsp.languages.javascript.declarations import HANDLERS, define
from magellan_lsp.languages.javascript.expressions import EXPRESSIONS
from magellan_lsp.languages.javascript.jsdoc import casts, doc_comments, parenthesized

JAVASCRIPT = Language(
    name="javascript",
    grammar="javascript",
    extensions=(".js", ".mjs", ".cjs", ".jsx"),
    query_shared=(COMMON_QUERY, JSX_QUERY),
    expressions={**EXPRESSIONS, "parenthesized_expression": parenthesized},
    hooks={**HOOKS, "define": define(HANDLERS), "late_doc_comment": doc_comments, "cast": casts},
    finish=finish,
    module_name=module_name,
    rules="magellan_lsp.languages.javascript.rules",
)

LANGUAGES = {"javascript": JAVASCRIPT}
