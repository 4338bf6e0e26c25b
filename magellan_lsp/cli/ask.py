"""From what a person types to the definitions that are meant. Tests: ``tests/cli/test_questions.py``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from magellan_lsp.cli.workspace import Workspace
from magellan_lsp.errors import AmbiguousName, NotFound, PositionOutOfRange, UnknownDocument, UsageError
from magellan_lsp.query.answers import SymbolInfo
from magellan_lsp.query.choice import are_one, symbols_named, with_bodies
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.query.targets import targets_at
from magellan_lsp.resolve.types import Ref
from magellan_lsp.text import LineIndex

_PLACE = re.compile(r"^(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?:?$")
_ID = re.compile(r"^[0-9a-f]{6,32}$")
_ID_CHARS = 32


class Spot(NamedTuple):
    """A place as a person names it: line and column from 1, in characters; column 0 where none was given."""

    file: str
    line: int
    column: int


class At(NamedTuple):
    """A place as questions take it."""

    path: str
    offset: int


def parse_spot(text: str) -> Spot | None:
    """``FILE:LINE:COLUMN`` or ``FILE:LINE`` taken apart; None when it is neither."""
    match = _PLACE.match(text)
    if match is None or match["file"].endswith(":"):
        return None
    return Spot(match["file"], int(match["line"]), int(match["column"] or 0))


def file_of(text: str) -> str | None:
    """The file that a SYMBOL or place speaks of, if it does: the workspace around it is then meant."""
    spot = parse_spot(text)
    name = spot.file if spot is not None else text
    try:
        return name if Path(name).is_file() else None
    except (OSError, ValueError):
        return None


def spot_of(workspace: Workspace, text: str) -> Spot | None:
    """The place that a text names, its file from the current folder or else from the root; None when it names none.

    Raises:
        UnknownDocument: it has the form of a place, and there is no such file.
    """
    spot = parse_spot(text)
    if spot is None:
        return None
    path = _path(workspace, spot.file)
    if path is None:
        if Path(spot.file).is_file():
            workspace.relative(spot.file)  # says that it lies outside
        raise UnknownDocument(name=spot.file)
    return spot._replace(file=str(workspace.root / path))


def locate(workspace: Workspace, snapshot: Snapshot, spot: Spot) -> At:
    """The byte offset of a place. Without a column: of the line's first definition, else of its first name.

    Raises:
        UsageError: line 0, or a file outside the workspace.
        UnknownDocument: the file is not indexed, or changed since.
        PositionOutOfRange: it has no such line.
    """
    path = workspace.relative(spot.file)
    facts = snapshot.facts(path)
    data = snapshot.read_text(path) if facts is not None else None
    if facts is None or data is None:
        raise UnknownDocument(name=spot.file)
    if spot.line < 1:
        raise UsageError(f"Lines and columns count from 1; {spot.file} has no line {spot.line}.")
    index = LineIndex(data, name=spot.file)
    if spot.line > index.n_lines:
        raise PositionOutOfRange(spot.file, spot.line - 1, max(spot.column - 1, 0), index.n_lines)
    if spot.column:
        return At(path, index.offset(spot.line - 1, spot.column - 1, "utf-32"))
    line = index.line_span(spot.line - 1)
    rows = [row for row, start in enumerate(facts.occ_start) if line.start <= start < line.end]
    rows.sort(key=lambda row: not facts.is_definition(row))
    return At(path, facts.occ_start[rows[0]] if rows else line.start)


def find_symbols(
    workspace: Workspace, snapshot: Snapshot, text: str, *, every: bool = False
) -> list[SymbolInfo]:
    """The symbols that a text stands for: one, with its declarations and overloads, or ``every`` one.

    Raises:
        NotFound: none.
        AmbiguousName: several, and not ``every``; what to write instead is in it.
    """
    refs = _candidates(workspace, snapshot, text)
    infos = [info for ref in refs if (info := snapshot.info(ref)) is not None]
    if not infos:
        raise NotFound("symbol", text)
    if every or len(infos) == 1 or are_one(snapshot, refs):
        return infos
    raise AmbiguousName(text, _ways_to_say(workspace, snapshot, infos))


def find_body(workspace: Workspace, snapshot: Snapshot, text: str) -> SymbolInfo:
    """The one definition that a text stands for and that says what the thing is: no declaration of it elsewhere.

    Raises:
        NotFound: none.
        AmbiguousName: several, overloads among them.
    """
    infos = find_symbols(workspace, snapshot, text)
    wanted = set(with_bodies(snapshot, [info.ref for info in infos]))
    found = [info for info in infos if info.ref in wanted]
    if len(found) > 1:
        raise AmbiguousName(text, _ways_to_say(workspace, snapshot, found))
    return found[0]


def _candidates(workspace: Workspace, snapshot: Snapshot, text: str) -> list[Ref]:
    spot = spot_of(workspace, text)
    if spot is not None:
        at = locate(workspace, snapshot, spot)
        return targets_at(snapshot, at.path, at.offset)
    found = dict.fromkeys(symbols_named(snapshot, text))
    if len(text) == _ID_CHARS and _ID.match(text):
        return list(found)
    if not found:
        path = _path(workspace, text)
        if path is not None and snapshot.facts(path) is not None:
            found[path, 0] = None
    if not found and _ID.match(text):
        hits = (hit for hit in snapshot.reader.iter_symbols() if hit.symbol_id.startswith(text))
        found.update(dict.fromkeys((hit.path, hit.definition) for hit in hits))
    return list(found)


def _path(workspace: Workspace, text: str) -> str | None:
    """The path of a file that the text names, from the current folder or from the root."""
    for candidate in (Path(text), workspace.root / text):
        try:
            if candidate.is_file():
                return workspace.relative(candidate)
        except (UsageError, OSError, ValueError):
            continue
    return None


def _ways_to_say(workspace: Workspace, snapshot: Snapshot, infos: Sequence[SymbolInfo]) -> list[str]:
    """Each candidate in a form that stands for it alone."""
    from magellan_lsp.cli.show import Places

    places = Places(workspace, snapshot.read_text)
    said: list[str] = []
    for info in infos:
        canonical = f"{info.path}::{info.qualified}" if info.ref[1] else info.path
        alone = info.symbol_id is not None and len(snapshot.reader.find_by_fqn(canonical)) == 1
        said.append(canonical if alone else places.shown(info.path, info.place.name))
    return list(dict.fromkeys(said))
