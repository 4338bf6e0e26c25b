"""What linking found for one file: to which symbols its occurrences refer, and how its symbols relate to
others.

Occurrences of locals are not here: extraction already bound them (``occ_target``). Rows are sorted, so that
equal links
are equal records.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from magellan_lsp.facts.kinds import Role

#: Part of every key under which links are kept: raise it when linking or this layout changes.
LINKS_VERSION = 2


class RelationKind(IntEnum):
    """Symbol to symbol. The numbers are stored: append, never renumber."""

    BASE_OF = 1  # `symbol` extends / implements / mixes in `target`
    OVERRIDES = 2  # member `symbol` overrides or implements member `target`
    DEFINES = 3  # definition `symbol` belongs to declaration `target` elsewhere (C prototype, C++ header)


class Link(NamedTuple):
    """One occurrence's target."""

    occurrence: int  # row in FileFacts' occurrence table
    target: str  # SymbolId, 32 hex
    rank: int  # 0 the first answer; several targets of one occurrence are ranked from 0


class Relation(NamedTuple):
    """A symbol of this file stands in a relation to another."""

    kind: RelationKind
    symbol: str  # SymbolId of this file
    target: str  # SymbolId


class Reference(NamedTuple):
    """An occurrence seen from its target: self-contained, so that answering needs no facts of the file."""

    path: str
    start: int
    end: int
    role: Role
    # innermost enclosing symbol: a definition row of the file (0 is the file's own module symbol)
    container: int


class FileLinks(NamedTuple):
    """All links of one file, made from facts with this ``digest``.

    ``links`` are sorted by (occurrence, rank), ``relations`` by (kind, symbol, target).
    ``unresolved`` counts member and open occurrences without any target (statistics only).
    """

    path: str
    digest: bytes
    links: tuple[Link, ...]
    relations: tuple[Relation, ...]
    unresolved: int = 0
