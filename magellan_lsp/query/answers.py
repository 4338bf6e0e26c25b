"""The plain answers that questions give: byte spans, names and kinds. No LSP type, no backend name.

A definition is a ``Ref``, (path, row in the file's definition table); it is valid within one snapshot. A
SymbolId is what outlives it.
"""

from __future__ import annotations

from typing import NamedTuple

import attrs

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import Span


class Place(NamedTuple):
    """Where a definition is. ``full`` covers ``name``; both are empty at 0 for what has no token (a file)."""

    path: str
    name: Span
    full: Span

    @classmethod
    def of(cls, facts: FileFacts, row: int) -> Place:
        """The place of a definition of the file."""
        if row == 0:
            return cls(facts.path, Span(0, 0), Span(0, facts.size))
        name = Span(facts.def_name_start[row], facts.def_name_end[row])
        full = Span(facts.def_start[row], facts.def_end[row])
        if not full.covers(name):
            full = Span(min(full.start, name.start), max(full.end, name.end))
        return cls(facts.path, name, full)


class Occurrence(NamedTuple):
    """A name in a text, and as what it appears there."""

    path: str
    span: Span
    role: Role
    container: int
    """The innermost enclosing symbol: a definition row of the file; 0 is the file itself."""

    @classmethod
    def of(cls, facts: FileFacts, row: int) -> Occurrence:
        """An occurrence of the file's facts."""
        span = Span(facts.occ_start[row], facts.occ_end[row])
        container = max(facts.enclosing_symbol(facts.occ_scope[row]), 0)
        return cls(facts.path, span, Role(facts.occ_role[row]), container)

    @property
    def is_declaration(self) -> bool:
        """Whether it is a definition's or declaration's own name."""
        return self.role <= Role.DECLARATION


@attrs.frozen
class Found:
    """Places that a name at a cursor leads to."""

    origin: Span | None
    """The token under the cursor; None when there is none."""
    places: list[Place]
    """Best first; [] when it is not known."""


NOTHING = Found(None, [])


@attrs.frozen
class SymbolInfo:
    """What there is to show of a definition without looking at its text."""

    ref: Ref
    symbol_id: str | None
    """None for what is local to a function."""
    name: str
    """Simple; the file's name for a file; for an impl block the name of its type."""
    qualified: str
    """Display form inside its file, in the language's own way of writing (``Flask.run``, ``Store::open``)."""
    module: str
    """Display prefix of the file's module; "" where the language has none."""
    kind: DefKind
    flags: DefFlag
    place: Place
    separator: str = "."

    @property
    def path(self) -> str:
        """The file it is in."""
        return self.ref[0]

    @property
    def fqn(self) -> str:
        """For people: ``flask.app.Flask.run``."""
        return self.separator.join(part for part in (self.module, self.qualified) if part) or self.name

    @property
    def container(self) -> str:
        """What it is in, for people: the enclosing symbol's fqn, or the module's."""
        return self.fqn.rpartition(self.separator)[0]


def info_of(facts: FileFacts, row: int, separator: str = ".") -> SymbolInfo:
    """What there is to show of a definition of the file."""
    symbol = facts.def_symbol[row]
    name = facts.name(row)
    if row == 0:
        name = facts.path.rpartition("/")[2]
    elif not name:
        name = _nameless(facts, row)
    return SymbolInfo(
        ref=(facts.path, row),
        symbol_id=facts.symbol_ids[symbol] if symbol >= 0 else None,
        name=name,
        qualified=facts.qualified[symbol].replace(".", separator) if symbol >= 0 else name,
        module=facts.module,
        kind=facts.kind(row),
        flags=facts.flags(row),
        place=Place.of(facts, row),
        separator=separator,
    )


def _nameless(facts: FileFacts, row: int) -> str:
    if facts.def_kind[row] == DefKind.IMPL:
        for at, definition in enumerate(facts.extension_def):
            if definition == row:
                return f"impl {facts.names[facts.extension_name[at]]}"
        return "impl"
    return "<anonymous>"
