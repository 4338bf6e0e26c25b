"""Magellan's words for what we know by numbers: kinds of symbols, languages. Labels are made of them.

Tests: ``tests/store/test_sqlite.py``.
"""

from __future__ import annotations

from collections.abc import Iterable

from magellan_lsp.facts.kinds import DefKind

#: Kind -> (Magellan's name of the kind, its normalized key). What Magellan has no kind for is Unknown.
_KINDS = {
    DefKind.MODULE: ("Module", "mod"),
    DefKind.NAMESPACE: ("Namespace", "namespace"),
    DefKind.CLASS: ("Class", "struct"),
    DefKind.STRUCT: ("Class", "struct"),
    DefKind.INTERFACE: ("Interface", "trait"),
    DefKind.TRAIT: ("Interface", "trait"),
    DefKind.ENUM: ("Enum", "enum"),
    DefKind.UNION: ("Union", "union"),
    DefKind.TYPE_ALIAS: ("TypeAlias", "type_alias"),
    DefKind.FUNCTION: ("Function", "fn"),
    DefKind.METHOD: ("Method", "method"),
    DefKind.CONSTRUCTOR: ("Method", "method"),
    DefKind.PROPERTY: ("Method", "method"),
}
_UNKNOWN = ("Unknown", "unknown")


def kind_word(kind: int) -> str:
    """Magellan's name of a kind of symbol (``Function``)."""
    return _KINDS.get(DefKind(kind), _UNKNOWN)[0]


def kind_key(kind: int) -> str:
    """Magellan's normalized key of a kind of symbol (``fn``)."""
    return _KINDS.get(DefKind(kind), _UNKNOWN)[1]


def language_word(language: str) -> str:
    """Magellan's word for a language: ``tsx`` is ``typescript`` there."""
    return "typescript" if language == "tsx" else language


def labels_of(language: str, kind: int) -> set[str]:
    """The labels that every symbol of a language and kind has."""
    return {language_word(language), kind_key(kind)}


def labels_of_file(language: str, kinds: Iterable[int]) -> set[str]:
    """All labels that the symbols of a file have, given their kinds."""
    labels = {kind_key(kind) for kind in set(kinds)}
    if labels:
        labels.add(language_word(language))
    return labels
