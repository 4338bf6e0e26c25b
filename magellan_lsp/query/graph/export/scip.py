"""The index as SCIP, the format of code intelligence that Sourcegraph and others read.

A symbol's name is ``magellan . . . `` and a descriptor for the file (a namespace) and for each part of its qualified name:
``magellan . . . `src/flask/app.py`/Flask#run().``. What is local to a function is ``local N`` in its document. Lines
count from 0, columns are bytes. A file whose text is not what was indexed has no document, since its lines are not known.

The index is written a document at a time: messages of one kind that follow each other are one message to protobuf.
Tests: ``tests/query/graph/test_export.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from magellan_lsp import __version__
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.query.answers import Place
from magellan_lsp.query.graph.export import scip_schema as schema
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.text import LineIndex, Span

_SIMPLE = re.compile(r"^[A-Za-z0-9_+$-]+$")
_COUNT = re.compile(r"^(.+?)#(\d+)$")
_ROLES = {
    Role.DEFINITION: schema.DEFINITION,
    Role.DECLARATION: schema.FORWARD,
    Role.READ: schema.READ,
    Role.WRITE: schema.WRITE,
    Role.IMPORT: schema.IMPORT,
}
_TYPES = CLASS_LIKE | {int(DefKind.TYPE_ALIAS)}


def iter_scip(snapshot: Snapshot, root_uri: str) -> Iterator[bytes]:
    """An ``Index`` message, piece by piece: first the metadata, then the documents by path.

    Args:
        root_uri: of the workspace, as ``Metadata.project_root``.
    """
    index = schema.messages()["Index"]
    head = index()
    head.metadata.tool_info.name = "magellan-lsp"
    head.metadata.tool_info.version = __version__
    head.metadata.project_root = root_uri
    head.metadata.text_document_encoding = schema.UTF8_TEXT
    yield head.SerializeToString(deterministic=True)
    names = _Names(snapshot)
    for record in snapshot.reader.iter_files():
        snapshot.check()
        facts, data = snapshot.reader.find_facts(record.path), snapshot.read_text(record.path)
        if facts is None or data is None or len(data) != facts.size:
            continue
        piece = index()
        _document(piece.documents.add(), snapshot, names, facts, LineIndex(data, name=record.path))
        yield piece.SerializeToString(deterministic=True)


class _Names:
    """SCIP's names of symbols."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._of_file = lru_cache(maxsize=512)(self._names_of)

    def of(self, symbol_id: str) -> str:
        """The name of a symbol; "" when it is not in the index."""
        place = self._snapshot.reader.find_symbol(symbol_id)
        return self._of_file(place.path).get(symbol_id, "") if place is not None else ""

    def of_file(self, path: str) -> dict[str, str]:
        """The names of a file's symbols, by SymbolId."""
        return self._of_file(path)

    def _names_of(self, path: str) -> dict[str, str]:
        hits = list(self._snapshot.reader.iter_symbols_of_file(path))
        kinds = {hit.qualified: hit.kind for hit in hits}
        head = f"magellan . . . {_name(path)}/"
        found: dict[str, str] = {}
        taken: set[str] = set()
        for hit in hits:
            text = head + "".join(_descriptors(hit.qualified, kinds))
            while text in taken:
                text += _name(hit.symbol_id) + ":"  # of one name and kind: the id tells them apart
            taken.add(text)
            found[hit.symbol_id] = text
        return found


def _descriptors(qualified: str, kinds: dict[str, int]) -> Iterator[str]:
    """One descriptor for each part of a qualified name."""
    start = 0
    while start < len(qualified):
        end = qualified.find(".", start + 1)
        # A part may hold dots itself (`module.exports`): the whole name is known, parts of it may not be.
        while end >= 0 and qualified[:end] not in kinds:
            end = qualified.find(".", end + 1)
        end = len(qualified) if end < 0 else end
        yield _descriptor(qualified[start:end], kinds.get(qualified[:end], DefKind.VARIABLE))
        start = end + 1


def _descriptor(part: str, kind: int) -> str:
    counted = _COUNT.match(part)
    if kind in FUNCTION_LIKE and kind != DefKind.MACRO:
        name, count = (counted[1], f"+{counted[2]}") if counted is not None else (part, "")
        return f"{_name(name)}({count})."
    if kind in _TYPES:
        return f"{_name(part)}#"
    if kind in (DefKind.MODULE, DefKind.NAMESPACE):
        return f"{_name(part)}/"
    if kind == DefKind.MACRO:
        return f"{_name(part)}!"
    return f"{_name(part)}."


def _name(text: str) -> str:
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if _SIMPLE.match(text) else "`" + text.replace("`", "``") + "`"


def _document(document: Any, snapshot: Snapshot, names: _Names, facts: FileFacts, lines: LineIndex) -> None:
    document.relative_path = facts.path.encode("utf-8", "backslashreplace").decode()
    document.language = schema.LANGUAGES.get(facts.language, facts.language)
    document.position_encoding = schema.UTF8_COLUMNS
    own = names.of_file(facts.path)
    links = snapshot.reader.find_links(facts.path)
    targets: dict[int, list[str]] = {}
    for link in links.links if links is not None else ():
        name = names.of(link.target)
        if name:
            targets.setdefault(link.occurrence, []).append(name)
    locals_used: set[int] = set()
    occurrences: list[tuple[list[int], str, int, list[int]]] = []

    def add(span: Span, name: str, roles: int, around: Span | None = None) -> None:
        enclosing = _range(lines, around) if around is not None else []
        occurrences.append((_range(lines, span), name, roles, enclosing))

    # A file is defined where it begins.
    add(Span(0, 0), own.get(facts.symbol_id(0) or "", ""), schema.DEFINITION, Span(0, facts.size))
    defined: set[int] = set()
    for row in range(len(facts.occ_start)):
        span = Span(facts.occ_start[row], facts.occ_end[row])
        role, target = Role(facts.occ_role[row]), facts.occ_target[row]
        roles = _ROLES.get(role, 0)
        if target >= 0 and facts.def_kind[target] != DefKind.IMPORT:
            symbol = facts.symbol_id(target)
            if symbol is None:
                locals_used.add(target)
            name = f"local {target}" if symbol is None else own[symbol]
            around = Place.of(facts, target).full if role <= Role.DECLARATION and target else None
            if role <= Role.DECLARATION:
                defined.add(target)
                if facts.def_flags[target] & DefFlag.TEST:
                    roles |= schema.TEST
            add(span, name, roles, around)
        elif role > Role.DECLARATION:
            for name in targets.get(row, ()):
                add(span, name, roles)
    for definition in facts.symbols():
        # Definitions whose name is no token of its own (a default export).
        place = Place.of(facts, definition)
        if definition and definition not in defined:
            add(place.name, own[facts.symbol_id(definition) or ""], schema.DEFINITION, place.full)
    for where, name, roles, enclosing in sorted(occurrences):
        if name:
            made = document.occurrences.add(symbol=name, symbol_roles=roles)
            made.range.extend(where)
            made.enclosing_range.extend(enclosing)
    _symbols(document, facts, own, names, links.relations if links is not None else ())
    for local in sorted(locals_used):
        info = document.symbols.add(symbol=f"local {local}", display_name=facts.name(local))
        info.kind = schema.KINDS.get(facts.def_kind[local], 0)
        owner = facts.symbol_id(facts.def_owner[local]) if facts.def_owner[local] >= 0 else None
        info.enclosing_symbol = own.get(owner or "", "")


def _symbols(
    document: Any,
    facts: FileFacts,
    own: dict[str, str],
    names: _Names,
    relations: tuple[tuple[RelationKind, str, str], ...],
) -> None:
    related: dict[str, list[tuple[str, RelationKind]]] = {}
    for kind, symbol, target in relations:
        name = names.of(target)
        if name:
            related.setdefault(symbol, []).append((name, kind))
    for row in facts.symbols():
        symbol = facts.symbol_id(row) or ""
        info = document.symbols.add(symbol=own[symbol], display_name=facts.name(row) or facts.path)
        info.kind = schema.KINDS.get(facts.def_kind[row], 0)
        for name, kind in sorted(related.get(symbol, ())):
            info.relationships.add(
                symbol=name,
                is_implementation=kind in (RelationKind.BASE_OF, RelationKind.OVERRIDES),
                is_reference=kind == RelationKind.OVERRIDES,
                is_definition=kind == RelationKind.DEFINES,
            )


def _range(lines: LineIndex, span: Span) -> list[int]:
    start, end = lines.line_column(span.start, "utf-8"), lines.line_column(span.end, "utf-8")
    if start.line == end.line:
        return [start.line, start.column, end.column]
    return [start.line, start.column, end.line, end.column]
