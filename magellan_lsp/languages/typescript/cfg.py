"""Control flow of TypeScript and TSX: that of JavaScript; types do nothing when it runs."""

from __future__ import annotations

import attrs

from magellan_lsp.languages import flow
from magellan_lsp.languages.javascript.cfg import CONSTRUCTS
from magellan_lsp.languages.javascript.cfg import RULES as JAVASCRIPT

RULES = attrs.evolve(
    JAVASCRIPT,
    constructs={
        **CONSTRUCTS,
        "interface_declaration": flow.Opaque(),
        "type_alias_declaration": flow.Opaque(),
        "enum_declaration": flow.Opaque(),
        "module": flow.Opaque(),
        "internal_module": flow.Opaque(),
    },
)
