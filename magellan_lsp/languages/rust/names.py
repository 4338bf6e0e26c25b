"""Name spaces, look-up helpers and the owner of ``Self`` for Rust's extraction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from magellan_lsp.facts.kinds import DefKind, ScopeKind

if TYPE_CHECKING:
    from magellan_lsp.extract.builder import Builder

#: Bits of the name spaces.
TYPES, VALUES, MACROS = 1, 2, 4

SPACES: dict[int, int] = {
    int(DefKind.MODULE): TYPES,
    int(DefKind.STRUCT): TYPES | VALUES,
    int(DefKind.ENUM): TYPES,
    int(DefKind.UNION): TYPES,
    int(DefKind.TRAIT): TYPES,
    int(DefKind.TYPE_ALIAS): TYPES,
    int(DefKind.TYPE_PARAMETER): TYPES | VALUES,
    int(DefKind.ENUM_MEMBER): TYPES | VALUES,
    int(DefKind.FUNCTION): VALUES,
    int(DefKind.METHOD): VALUES,
    int(DefKind.CONSTANT): VALUES,
    int(DefKind.VARIABLE): VALUES,
    int(DefKind.PARAMETER): VALUES,
    int(DefKind.FIELD): VALUES,
    int(DefKind.MACRO): MACROS,
    int(DefKind.IMPORT): TYPES | VALUES | MACROS,
    int(DefKind.LIFETIME): 8,
    int(DefKind.LABEL): 8,
}

_SELF_OWNERS = frozenset(
    int(kind) for kind in (DefKind.IMPL, DefKind.TRAIT, DefKind.STRUCT, DefKind.ENUM, DefKind.UNION)
)
_CLASS = int(ScopeKind.CLASS)


def plain(text: str) -> str:
    """A name without what it does not consist of: ``r#type`` -> ``type``, ``println!`` -> ``println``."""
    text = text.removeprefix("r#")
    return text.removesuffix("!")


def is_macro(b: Builder, node: Node) -> bool:
    """Whether a name token is the name of a macro that was laid open: its bang became part of it."""
    return b.source[node.end_byte - 1] == 0x21


def self_owner(b: Builder, offset: int) -> int:
    """The impl, trait or type that ``Self`` means at an offset, or -1."""
    scope = b.scope_at(offset)
    while scope > 0:
        definition = b.scope_def[scope]
        if definition >= 0 and b.def_kind[definition] in _SELF_OWNERS:
            return definition
        scope = b.scope_parent[scope]
    return -1


def in_class(b: Builder, definition: int) -> bool:
    """Whether a definition is a member of an impl or trait."""
    scope = b.def_scope[definition]
    return scope >= 0 and b.scope_kind[scope] == _CLASS
