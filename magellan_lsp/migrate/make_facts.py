"""The facts of a file as far as Magellan's rows tell them: symbols by nesting, names, and where they are used.

They stand in until the file itself is indexed. SymbolIds are made the way extraction makes them, so that most symbols
keep theirs then. Tests: ``tests/migration/test_automatic.py``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from blake3 import blake3

from magellan_lsp.facts.file_facts import COLUMNS, OPEN, FileFacts, column
from magellan_lsp.facts.kinds import DefFlag, DefKind, Role, ScopeKind
from magellan_lsp.facts.links import FileLinks, Link, Relation, RelationKind
from magellan_lsp.languages.registry import get_language
from magellan_lsp.migrate.graph_rows import File, Symbol, Use

_KINDS = {
    "Function": DefKind.FUNCTION,
    "Method": DefKind.METHOD,
    "Class": DefKind.CLASS,
    "Interface": DefKind.INTERFACE,
    "Enum": DefKind.ENUM,
    "Module": DefKind.MODULE,
    "Union": DefKind.UNION,
    "Namespace": DefKind.NAMESPACE,
    "TypeAlias": DefKind.TYPE_ALIAS,
}
#: Where Magellan's word stands for another of ours.
_OF_LANGUAGE = {
    ("rust", "Class"): DefKind.STRUCT,
    ("rust", "Interface"): DefKind.TRAIT,
    ("c", "Class"): DefKind.STRUCT,
    ("go", "Class"): DefKind.STRUCT,
    ("java", "Module"): DefKind.NAMESPACE,
}
_TYPES = frozenset(
    {DefKind.CLASS, DefKind.STRUCT, DefKind.INTERFACE, DefKind.TRAIT, DefKind.ENUM, DefKind.UNION}
)
_SCOPES = {
    **dict.fromkeys(_TYPES, ScopeKind.CLASS),
    DefKind.FUNCTION: ScopeKind.FUNCTION,
    DefKind.METHOD: ScopeKind.FUNCTION,
    DefKind.MODULE: ScopeKind.NAMESPACE,
    DefKind.NAMESPACE: ScopeKind.NAMESPACE,
}
#: Rust's fqns name a module or trait twice.
_DOUBLED = frozenset({"Module", "Interface"})


class Named(NamedTuple):
    """A symbol with its place among the others of its file."""

    symbol: Symbol
    kind: DefKind
    owner: int  # definition
    qualified: str
    symbol_id: str


class Outline(NamedTuple):
    """The symbols of a file, outer ones before inner ones, by definition from 1."""

    file_symbol: str
    module: str
    named: list[Named]


def outline(file: File, language: str) -> Outline:
    """Names and ids of a file's symbols."""
    ordered = sorted(file.symbols, key=lambda one: (one.start, -one.end, one.entity))
    package = next((one.fqn for one in ordered if language == "java" and one.kind == "Module"), "")
    named: list[Named] = []
    open_ones: list[int] = []  # definitions around the present one
    seen: dict[tuple[str, int], int] = {}
    taken: set[str] = set()
    for symbol in ordered:
        if not symbol.name or (language == "java" and symbol.kind == "Module"):
            continue
        while open_ones and named[open_ones[-1] - 1].symbol.end < symbol.end:
            open_ones.pop()
        owner = open_ones[-1] if open_ones else 0
        scopes = _scopes_of(symbol, language, package)
        kind = _kind_of(symbol, language, named[owner - 1].kind if owner else None, scopes)
        outer = named[owner - 1].qualified if owner else ""
        prefix = max(outer, ".".join(scopes), key=lambda text: text.count(".") + bool(text))
        text = f"{prefix}.{symbol.name}" if prefix else symbol.name
        count = seen.get((text, kind), 0)
        seen[text, kind] = count + 1
        unique, number = text, 2
        while unique in taken:
            unique, number = f"{text}#{number}", number + 1
        taken.add(unique)
        named.append(Named(symbol, kind, owner, unique, _symbol_id(file.path, text, kind, count)))
        if kind in _SCOPES:
            open_ones.append(len(named))
    module = package or get_language(language).module_name(file.path)
    return Outline(_symbol_id(file.path, "", DefKind.MODULE, 0), module, named)


def _symbol_id(path: str, qualified: str, kind: int, count: int) -> str:
    material = f"{path}\0{qualified}\0{int(kind)}\0{count}".encode("utf-8", "surrogatepass")
    return blake3(material).hexdigest(16)


def _scopes_of(symbol: Symbol, language: str, package: str) -> list[str]:
    """The scopes that Magellan's fqn names."""
    separator = "::" if "::" in symbol.fqn else "."
    parts = [part for part in symbol.fqn.split(separator) if part]
    if package and symbol.fqn.startswith(package + "."):
        parts = symbol.fqn[len(package) + 1 :].split(".")
    if language == "rust" and symbol.kind in _DOUBLED and len(parts) > 1 and parts[-1] == parts[-2]:
        parts.pop()
    if language == "go":
        parts = parts[-1:]  # its package, which is no scope of ours
    return [re.sub(r"<.*", "", part) for part in parts[:-1]]


def _kind_of(symbol: Symbol, language: str, outer: DefKind | None, scopes: Sequence[str]) -> DefKind:
    found = _OF_LANGUAGE.get((language, symbol.kind)) or _KINDS.get(symbol.kind, DefKind.VARIABLE)
    is_member = outer in _TYPES or (language == "rust" and outer is None and bool(scopes))
    return DefKind.METHOD if found == DefKind.FUNCTION and is_member else found


def facts_of(
    file: File,
    language: str,
    digest: bytes,
    found: Outline,
    uses: Sequence[Use],
    texts: Mapping[tuple[int, int], str],
) -> FileFacts:
    """The facts of a file.

    Args:
        file: its rows.
        language: ours.
        digest: to stand for its bytes.
        found: its :func:`outline`.
        uses: its :func:`uses_of`.
        texts: of its chunks, by span: where the symbols' names are read.
    """
    columns = {name: column() for name in COLUMNS}
    names = [""]
    numbers = {"": 0}

    def name_of(text: str) -> int:
        if text not in numbers:
            numbers[text] = len(names)
            names.append(text)
        return numbers[text]

    def add(prefix: str, *values: int) -> None:
        for name, value in zip(_PARTS[prefix], values, strict=True):
            columns[name].append(value)

    size = max([one.end for one in file.symbols] + [one.end for one in file.uses.values()], default=0)
    stem = file.path.rsplit("/", 1)[-1].split(".", 1)[0] or file.path
    add("scope", ScopeKind.FILE, -1, 0, size + 1, 0)
    module = int(DefKind.MODULE), int(DefFlag.SYNTHETIC)
    add("def", name_of(stem), *module, 0, 0, 0, size, -1, 0, -1, -1, 0, -1, -1, -1, 0)
    bodies = [0]
    occurrences: list[tuple[int, int, int, int, int, int]] = []
    for row, (symbol, kind, owner, _, _) in enumerate(found.named, 1):
        start, end = _name_span(symbol, texts.get((symbol.start, symbol.end)))
        scope = _SCOPES.get(kind)
        outer = bodies[owner]
        body = -1
        if scope is not None:
            body = len(columns["scope_kind"])
            add("scope", scope, outer, start, symbol.end, row)
        name = name_of(symbol.name)
        spans = (start, end, symbol.start, symbol.end)
        add("def", name, kind, 0, *spans, outer, body, owner, -1, 0, end, -1, -1, row)
        bodies.append(body if body >= 0 else outer)
        occurrences.append((start, end, name, Role.DEFINITION, outer, row))
    rows = {one.symbol.entity: row for row, one in enumerate(found.named, 1)}
    own_names = {(start, end, row) for start, end, _, _, _, row in occurrences}
    starts = [one.symbol.start for one in found.named]
    for use in uses:
        target = rows.get(use.target, OPEN)
        if (use.start, use.end, target) in own_names:
            continue  # 4.x counts a definition's own name as a reference to it
        # The nearest symbol that begins before it, or one of those around that.
        around = bisect_right(starts, use.start)
        while around and found.named[around - 1].symbol.end < use.end:
            around = found.named[around - 1].owner
        as_what = Role.CALL if use.is_call else Role.READ
        occurrences.append((use.start, use.end, name_of(use.name), as_what, bodies[around], target))
    for start, end, name, role, scope_row, target_row in sorted(occurrences):
        add("occ", start, end, name, role, scope_row, target_row, -1)
    columns["expr_start"].append(0)
    return FileFacts(
        {
            "path": file.path,
            "language": language,
            "digest": digest,
            "size": size,
            "names": names,
            "symbol_ids": [found.file_symbol, *(one.symbol_id for one in found.named)],
            "qualified": ["", *(one.qualified for one in found.named)],
            "module": found.module,
            "groups": [],
            "problems": [],
        },
        dict(columns),
    )


_PARTS = {
    prefix: [name for name in COLUMNS if name.startswith(f"{prefix}_")] for prefix in ("scope", "def", "occ")
}


def uses_of(file: File) -> list[Use]:
    """The uses of known symbols, by place; a call and the reference in it are one."""
    found: dict[tuple[int, int], Use] = {}
    references: dict[int, list[Use]] = {}  # by target
    for use in file.uses.values():
        if use.target and not use.is_call:
            found[use.start, use.end] = use
            references.setdefault(use.target, []).append(use)
    for use in file.uses.values():
        if use.target and use.is_call:
            # A method's name stands behind its object: the first reference in the call to what is called is meant.
            inside = [
                one for one in references.get(use.target, ()) if use.start <= one.start and one.end <= use.end
            ]
            name = min(inside, key=lambda one: one.start, default=None)
            end = use.start + len(use.name.encode("utf-8", "surrogatepass"))
            start, end = (name.start, name.end) if name else (use.start, min(end, use.end))
            found[start, end] = Use(start, end, use.name, use.target, True)
    return [found[place] for place in sorted(found)]


def _name_span(symbol: Symbol, text: str | None) -> tuple[int, int]:
    """Where in its definition a symbol's name stands: the first time that it occurs as a word."""
    name = symbol.name
    length = len(name.encode("utf-8", "surrogatepass"))
    at = text.find(name) if text is not None else -1
    while text is not None and at >= 0:
        if not _is_letter(text, at - 1) and not _is_letter(text, at + len(name)):
            start = symbol.start + len(text[:at].encode("utf-8", "surrogatepass"))
            return start, start + length
        at = text.find(name, at + 1)
    return symbol.start, min(symbol.start + length, symbol.end)


def _is_letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def links_of(
    facts: FileFacts,
    found: Outline,
    uses: Sequence[Use],
    ids: Mapping[int, bytes],
    implements: Mapping[int, Sequence[int]],
) -> FileLinks:
    """The links of a file: ``ids`` gives the SymbolId of a Symbol entity (16 bytes), ``implements`` what a type
    implements.
    """
    by_span = {(use.start, use.end): use.target for use in uses}
    links = []
    for row, (start, end, role) in enumerate(
        zip(facts.occ_start, facts.occ_end, facts.occ_role, strict=True)
    ):
        target = by_span.get((start, end)) if role != Role.DEFINITION else None
        symbol = ids.get(target) if target is not None else None
        if symbol is not None:
            links.append(Link(row, symbol.hex(), 0))
    relations = sorted(
        Relation(RelationKind.BASE_OF, one.symbol_id, ids[base].hex())
        for one in found.named
        for base in implements.get(one.symbol.entity, ())
        if base in ids
    )
    return FileLinks(facts.path, facts.digest, tuple(links), tuple(dict.fromkeys(relations)))
