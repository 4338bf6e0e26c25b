"""The facts of a file as far as Magellan's rows tell them: symbols by nesting, names, and where they are used.

They stand in until the file itself is indexed. SymbolIds are made the way extraction makes them, so that most symbols
keep theirs then. Tests: ``tests/migration/test_automatic.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
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
    file: File, language: str, digest: bytes, found: Outline, texts: Mapping[tuple[int, int], str]
) -> FileFacts:
    """The facts of a file.

    Args:
        file: its rows.
        language: ours.
        digest: to stand for its bytes.
        found: its :func:`outline`.
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
    for start, end, text, role, target in uses_of(file):
        if (start, end, rows.get(target, OPEN)) in own_names:
            continue  # 4.x counts a definition's own name as a reference to it
        inside = 0
        for row, one in enumerate(found.named, 1):
            if one.symbol.start <= start and end <= one.symbol.end:
                inside = bodies[row]
            elif one.symbol.start > start:
                break
        occurrences.append((start, end, name_of(text), role, inside, rows.get(target, OPEN)))
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


def uses_of(file: File) -> list[tuple[int, int, str, int, int]]:
    """(start, end, name, role, entity) of the uses of known symbols, sorted; a call and the reference in it are one."""
    found: dict[tuple[int, int], tuple[str, int, int]] = {}
    references = {(use.start, use.target): use for use in file.uses.values() if not use.is_call}
    for use in file.uses.values():
        if use.target and not use.is_call:
            found[use.start, use.end] = (use.name, Role.READ, use.target)
    for use in file.uses.values():
        if use.target and use.is_call:
            inner = references.get((use.start, use.target)) or _reference_in(
                use.start, use.end, use.target, file
            )
            start, end = (
                (inner.start, inner.end) if inner else (use.start, use.start + len(use.name.encode()))
            )
            found[start, min(end, max(use.end, start))] = (use.name, Role.CALL, use.target)
    return sorted((start, end, *rest) for (start, end), rest in found.items())


def _reference_in(start: int, end: int, target: int, file: File) -> Use | None:
    """The first reference to a call's target that lies in the call: a method's name behind its object."""
    inside = [
        use
        for use in file.uses.values()
        if not use.is_call and use.target == target and start <= use.start and use.end <= end
    ]
    return min(inside, key=lambda use: use.start, default=None)


def _name_span(symbol: Symbol, text: str | None) -> tuple[int, int]:
    """Where in its definition a symbol's name stands: the first time that it occurs as a word."""
    length = len(symbol.name.encode("utf-8", "surrogatepass"))
    if text is not None:
        found = _word(symbol.name).search(text)
        if found is not None:
            start = symbol.start + len(text[: found.start()].encode("utf-8", "surrogatepass"))
            return start, start + length
    return symbol.start, min(symbol.start + length, symbol.end)


@cache
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def links_of(
    facts: FileFacts,
    file: File,
    found: Outline,
    ids: Mapping[int, str],
    implements: Mapping[int, Sequence[int]],
) -> FileLinks:
    """The links of a file: ``ids`` gives the SymbolId of a Symbol entity, ``implements`` what a type implements."""
    by_span = {(start, end): target for start, end, _, _, target in uses_of(file)}
    links = []
    for row, (start, end, role) in enumerate(
        zip(facts.occ_start, facts.occ_end, facts.occ_role, strict=True)
    ):
        target = by_span.get((start, end)) if role != Role.DEFINITION else None
        symbol = ids.get(target) if target is not None else None
        if symbol is not None:
            links.append(Link(row, symbol, 0))
    relations = sorted(
        Relation(RelationKind.BASE_OF, one.symbol_id, ids[base])
        for one in found.named
        for base in implements.get(one.symbol.entity, ())
        if base in ids
    )
    return FileLinks(facts.path, facts.digest, tuple(links), tuple(dict.fromkeys(relations)))
