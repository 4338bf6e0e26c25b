"""Rows of Magellan's graph made from our records: pure functions, no database.

Fields and words are those of Magellan 2.3.1; what we know beyond them stands beside, under keys of our own that
its programs ignore (``magellan_lsp_*``). Tests: ``tests/store/test_sqlite.py``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefKind, ImportFlag
from magellan_lsp.store.base import FileRecord
from magellan_lsp.store.fqn import join
from magellan_lsp.store.sqlite.sources import Source, shown
from magellan_lsp.store.words import kind_key, kind_word, language_word

_encode = msgspec.json.Encoder().encode

#: What tells symbols of one qualified name apart.
_COUNT = re.compile(r"#\d+(?=\.|$)")

#: Languages whose fqns Magellan writes with ``::``.
_COLONS = frozenset({"rust", "cpp", "c"})


def json_of(data: Mapping[str, Any]) -> str:
    """A row's ``data``."""
    return _encode(data).decode()


class SymbolRow(NamedTuple):
    """A Symbol entity."""

    symbol: str  # our SymbolId
    name: str
    data: str
    display: str
    magellan_id: str
    labels: tuple[str, str]


def file_data(record: FileRecord, path: str, source: Source, indexed_at: int) -> str:
    """The data of a File entity. Times in Unix seconds."""
    return json_of(
        {
            "path": path,
            "hash": source.hash,
            "last_indexed_at": indexed_at,
            "last_modified": max(record.mtime_ns // 10**9, 0),
        }
    )


def symbol_rows(facts: FileFacts, path: str, source: Source) -> list[SymbolRow]:
    """The Symbol entities of a file, by definition. ``path`` is the absolute one."""
    rows = []
    language = language_word(facts.language)
    separator = "::" if facts.language in _COLONS else "."
    project = "" if facts.language == "java" else "unknown::" if facts.language == "rust" else ".::"
    for definition, row in enumerate(facts.def_symbol):
        if row < 0:
            continue
        kind = facts.def_kind[definition]
        start, end = facts.def_start[definition], facts.def_end[definition]
        word = kind_word(kind)
        if definition == 0:
            # Magellan has no symbol for a file. Ours is named like the file, which no function of it is.
            fqn = display = shown(facts.path)
            name = fqn.rpartition("/")[2].strip() or f"<{word} at {start}>"
        else:
            qualified = _COUNT.sub("", shown(facts.qualified[row]))
            name = shown(facts.name(definition)).strip() or f"<{word} at {start}>"
            fqn = qualified.replace(".", separator) or name
            display = shown(join(facts.module, qualified, facts.language)) or name
        identity = magellan_id(language, fqn, path, start, end)
        data = {
            "symbol_id": identity,
            "fqn": fqn,
            "canonical_fqn": f"{project}{path}::{_fqn_word(word)} {name}",
            "display_fqn": display,
            "name": name,
            "kind": word,
            "kind_normalized": kind_key(kind),
            **source.span(start, end),
            "magellan_lsp_id": facts.symbol_ids[row],
            "magellan_lsp_kind": DefKind(kind).name.lower(),
        }
        rows.append(
            SymbolRow(
                facts.symbol_ids[row], name, json_of(data), display, identity, (language, kind_key(kind))
            )
        )
    return rows


def _fqn_word(word: str) -> str:
    return {"Class": "Struct", "Interface": "Trait"}.get(word, word)


def magellan_id(language: str, fqn: str, path: str, start: int, end: int) -> str:
    """The id that Magellan 2.x gives a symbol, 16 hex digits."""
    place = f"{path}:".encode() + start.to_bytes(8, "big") + b":" + end.to_bytes(8, "big")
    span_id = sha256(place).hexdigest()[:16]
    return sha256(f"{language}:{fqn}:{span_id}".encode()).hexdigest()[:16]


def import_data(facts: FileFacts, row: int, path: str, source: Source, target: int | None) -> tuple[str, str]:
    """(kind of import, data) of an Import entity; ``target`` is the File entity that it leads to, if any."""
    module = _name(facts, facts.import_module[row])
    name = _name(facts, facts.import_name[row])
    is_glob = bool(facts.import_flags[row] & ImportFlag.STAR)
    start, end = max(facts.import_start[row], 0), max(facts.import_end[row], 0)
    kind = _import_kind(facts.language, module, bool(name) or is_glob)
    parts = [part for part in module.replace("::", "/").replace(".", "/").split("/") if part]
    data: dict[str, Any] = {
        "file": path,
        "import_kind": kind,
        "import_path": parts,
        "imported_names": [name] if name else [],
        "is_glob": is_glob,
        **source.span(start, end),
    }
    if target is not None:
        data["resolved_file_id"] = target
    return kind, json_of(data)


def _import_kind(language: str, module: str, takes_names: bool) -> str:
    if language == "rust":
        first = module.partition("::")[0]
        return {"crate": "use_crate", "super": "use_super", "self": "use_self"}.get(first, "plain_use")
    return "from_import" if takes_names else "import_statement"


def _name(facts: FileFacts, index: int) -> str:
    return shown(facts.names[index]) if index >= 0 else ""
