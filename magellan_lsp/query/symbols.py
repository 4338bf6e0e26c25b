"""The symbols of a file as a tree, and of a workspace by name. Tests: ``tests/query/test_navigation.py``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

import attrs

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ScopeKind
from magellan_lsp.languages.registry import get_language
from magellan_lsp.query.answers import Place, SymbolInfo, info_of
from magellan_lsp.query.signature import detail
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.store import search
from magellan_lsp.store.base import SymbolHit
from magellan_lsp.text import Span

#: Kinds that no outline and no search shows.
HIDDEN = frozenset(
    {DefKind.IMPORT, DefKind.PARAMETER, DefKind.TYPE_PARAMETER, DefKind.LABEL, DefKind.LIFETIME}
)
#: A search gives so many symbols at most.
MAX_SYMBOLS = 128
#: A search that a qualifier or kinds narrow down looks at so many symbols of the name at most.
MOST_LOOKED_AT = 16_384
#: Folders in which other people's code is kept. It is found, after one's own.
_FOREIGN = re.compile(
    r"(^|/)(node_modules|bower_components|vendor|vendored|_vendor|third[_-]?party|external|extern|deps|"
    r"site-packages|dist-packages|\.venv|venv|\.cargo)/"
)


@attrs.frozen
class Outline:
    """A symbol of a file with those inside it, in source order."""

    symbol: SymbolInfo
    label: str
    """Its name; with its type's name in front where it lies outside of its type's text (a Go method)."""
    detail: str
    """What follows the name in its head, on one line; "" when there is nothing."""
    children: list[Outline]


def document_symbols(snapshot: Snapshot, path: str) -> list[Outline]:
    """The outline of a file: its symbols, functions and types inside functions included; in source order."""
    facts = snapshot.facts(path)
    if facts is None:
        return []
    data = snapshot.read_text(path)
    separator = get_language(facts.language).separator
    nodes: dict[int, Outline] = {}
    roots: list[Outline] = []
    rows = [row for row in range(1, len(facts.def_name)) if _is_shown(facts, row)]
    rows.sort(key=lambda row: (facts.def_start[row], -facts.def_end[row], row))
    for row in rows:
        info = info_of(facts, row, separator)
        text = detail(data, facts, row) if data is not None else ""
        nodes[row] = Outline(info, _label(facts, info, row), text, [])
    for row in rows:
        node = nodes[row]
        parent = _parent(facts, nodes, row)
        (nodes[parent].children if parent is not None else roots).append(node)
    return roots


def _is_shown(facts: FileFacts, row: int) -> bool:
    kind, flags = facts.def_kind[row], facts.def_flags[row]
    if kind in HIDDEN or (flags & DefFlag.SYNTHETIC and not facts.def_name[row]):
        return False
    if kind == DefKind.IMPL:
        return facts.def_end[row] > facts.def_start[row] and not flags & DefFlag.SYNTHETIC
    if not facts.def_name[row]:
        return False
    if facts.scope_kind[facts.def_scope[row]] == ScopeKind.COMPREHENSION:
        return False
    return facts.def_symbol[row] >= 0 or kind in FUNCTION_LIKE or kind in CLASS_LIKE


def _label(facts: FileFacts, info: SymbolInfo, row: int) -> str:
    owner = facts.def_owner[row]
    if (
        owner > 0
        and facts.def_kind[owner] in CLASS_LIKE
        and not Place.of(facts, owner).full.covers(info.place.full)
    ):
        return info.qualified
    if facts.def_flags[row] & DefFlag.EXTENSION and facts.def_kind[facts.def_owner[row]] != DefKind.IMPL:
        return info.qualified
    return info.name


def _parent(facts: FileFacts, nodes: dict[int, Outline], row: int) -> int | None:
    """The nearest owner that is shown and whose text holds this one's (a Go method lies beside its type)."""
    inner = nodes[row].symbol.place.full
    owner = facts.def_owner[row]
    while owner > 0:
        if owner in nodes and nodes[owner].symbol.place.full.covers(inner):
            return owner
        owner = facts.def_owner[owner]
    return None


def workspace_symbols(
    snapshot: Snapshot, query: str, limit: int = MAX_SYMBOLS, kinds: Collection[DefKind] = ()
) -> list[SymbolInfo]:
    """Symbols whose name matches a fuzzy query, best first, at most ``limit``, of some ``kinds`` or of all.

    A query may say more than a name (``Flask.run``, ``store::open``): its last part is the name, the
    others have to appear in the symbol's qualified name or path, in this order. Among equally good matches
    one's own code comes first, then types and functions before values.
    """
    *context, name = [part for part in re.split(r"[.:/\\#\s]+", query.strip()) if part] or [""]
    # Ranking by more than the name needs more than the limit to choose from.
    wanted = limit + 64
    while True:
        snapshot.check()
        best = _matching(snapshot, context, name, wanted, kinds)
        # What narrows the name down may leave few of those that are looked at, or none of a thousand `__init__`.
        if (
            not (context or kinds)
            or len(best.found) > limit
            or best.n_looked_at < wanted
            or wanted >= MOST_LOOKED_AT
        ):
            break
        wanted = min(wanted * 8, MOST_LOOKED_AT)
    best.found.sort(key=lambda one: (one[0][:5], one[1].path, one[0][5]))
    return [info for _, info in best.found[:limit]]


class _Matches(NamedTuple):
    found: list[tuple[tuple[int, bool, int, str, str, int], SymbolInfo]]
    n_looked_at: int


def _matching(
    snapshot: Snapshot, context: list[str], name: str, wanted: int, kinds: Collection[DefKind]
) -> _Matches:
    """Those of the first ``wanted`` symbols of a fuzzy name that are meant, each with its rank."""
    folded = search.fold(name)
    best: list[tuple[tuple[int, bool, int, str, str, int], SymbolInfo]] = []
    count = 0
    for count, hit in enumerate(_hits(snapshot, name, folded, wanted), 1):
        if count % 256 == 0:
            snapshot.check()
        if hit.kind in HIDDEN or (kinds and hit.kind not in kinds) or not _in_context(hit, context):
            continue
        how = search.match(hit.name, search.fold(hit.name), name, folded) if name else search.Match.SUBSTRING
        if how is None:
            continue
        key = (
            int(how),
            bool(_FOREIGN.search(hit.path)),
            _weight(hit.kind),
            *search.order(hit.name),
            hit.start,
        )
        best.append((key, info_of_hit(hit)))
    return _Matches(best, count)


def _hits(snapshot: Snapshot, name: str, folded: str, wanted: int) -> Iterator[SymbolHit]:
    for hit in snapshot.reader.search_symbols(name, wanted):
        if not snapshot.is_overlaid(hit.path):
            yield hit
    for path in sorted(snapshot.overlay.files):
        facts = snapshot.overlay.files[path]
        if facts is None:
            continue
        for row in facts.symbols():
            text = facts.name(row)
            if row and text and search.match(text, search.fold(text), name, folded) is not None:
                symbol = facts.def_symbol[row]
                place = Place.of(facts, row)
                yield SymbolHit(
                    facts.symbol_ids[symbol],
                    path,
                    row,
                    text,
                    facts.qualified[symbol],
                    facts.def_kind[row],
                    facts.def_flags[row],
                    *place.name,
                    *place.full,
                )


def _in_context(hit: SymbolHit, context: list[str]) -> bool:
    text = f"{hit.path.lower()}/{hit.qualified.lower()}"
    at = 0
    for part in context:
        at = text.find(part.lower(), at)
        if at < 0:
            return False
        at += len(part)
    return True


def _weight(kind: int) -> int:
    if kind in CLASS_LIKE:
        return 0
    if kind in FUNCTION_LIKE:
        return 1
    return 2 if kind in (DefKind.CONSTANT, DefKind.TYPE_ALIAS, DefKind.PROPERTY) else 3


def info_of_hit(hit: SymbolHit) -> SymbolInfo:
    """What a search knows of a symbol; the module is not among it."""
    return SymbolInfo(
        ref=(hit.path, hit.definition),
        symbol_id=hit.symbol_id,
        name=hit.name,
        qualified=hit.qualified or hit.name,
        module="",
        kind=DefKind(hit.kind),
        flags=DefFlag(hit.flags),
        place=Place(hit.path, Span(hit.name_start, hit.name_end), Span(hit.start, hit.end)),
    )
