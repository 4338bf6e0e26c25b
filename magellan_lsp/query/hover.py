"""What a person wants to see of a name under the cursor. Tests: ``tests/query/test_navigation.py``."""

from __future__ import annotations

import attrs

from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.languages.registry import FAMILY
from magellan_lsp.query.answers import SymbolInfo
from magellan_lsp.query.definition import defined, types_of
from magellan_lsp.query.signature import documentation, signature
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.query.targets import Token, declarations_of, reached, token_at
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import Span

_VALUES = frozenset(
    {
        DefKind.VARIABLE,
        DefKind.CONSTANT,
        DefKind.PARAMETER,
        DefKind.FIELD,
        DefKind.PROPERTY,
        DefKind.ENUM_MEMBER,
    }
)
#: So many types of one value are named.
MAX_TYPES = 4


@attrs.frozen
class Hover:
    """A name explained."""

    span: Span
    """The name under the cursor."""
    symbol: SymbolInfo
    """The best candidate."""
    signature: str
    """Its head as in the source; "" when the text is not to be had."""
    language: str
    """For the highlighting of the signature."""
    documentation: str
    """The author's own words, plain or Markdown; "" when there are none."""
    types: list[str]
    """Simple names of the types that a value evidently has; [] when not known."""
    n_candidates: int
    """How many definitions the name may mean; 1 when it is clear."""


def hover(snapshot: Snapshot, path: str, offset: int) -> Hover | None:
    """The name at an offset explained; None where there is none or nothing is known of it."""
    token = token_at(snapshot, path, offset)
    if token is None:
        return None
    refs = defined(snapshot, reached(snapshot, token))
    info = snapshot.info(refs[0]) if refs else None
    if info is None:
        return None
    facts = snapshot.facts(info.path)
    assert facts is not None, "a symbol with no facts has no info"
    data = snapshot.read_text(info.path)
    row = info.ref[1]
    words = documentation(data, facts, row) if data is not None else ""
    return Hover(
        span=token.span,
        symbol=info,
        signature=signature(data, facts, row) if data is not None and row else "",
        language=FAMILY.get(facts.language, facts.language),
        documentation=words or _declared_words(snapshot, info.ref),
        types=_type_names(snapshot, token) if info.kind in _VALUES else [],
        n_candidates=len(refs),
    )


def _declared_words(snapshot: Snapshot, ref: Ref) -> str:
    """What is said about a definition where it is declared (a C header)."""
    for other in declarations_of(snapshot, ref):
        facts, data = snapshot.facts(other[0]), snapshot.read_text(other[0])
        if facts is not None and data is not None:
            words = documentation(data, facts, other[1])
            if words:
                return words
    return ""


def _type_names(snapshot: Snapshot, token: Token) -> list[str]:
    found: dict[str, None] = {}
    resolver = snapshot.resolver_for(token.facts.path)
    for one in types_of(snapshot, token):
        if one[0] in (t.INSTANCE, t.SELF, t.TYPEVAR):
            name = resolver.simple_name(one[1])
        elif one[0] == t.TYPE:
            name = f"type {resolver.simple_name(one[1])}"
        else:
            continue
        found[name] = None
    return list(found)[:MAX_TYPES]
