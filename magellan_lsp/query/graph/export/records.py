"""Files, symbols, references and calls as JSON, JSON lines and CSV, and the call graph as DOT.

Lines count from 1, columns are bytes from the line's start, 0-based; both are absent where the file's text is not what
was indexed. Tests: ``tests/query/graph/test_export.py``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import Role
from magellan_lsp.languages.registry import FAMILY
from magellan_lsp.query.answers import Place
from magellan_lsp.query.snapshot import Snapshot
from magellan_lsp.store.fqn import display_fqn
from magellan_lsp.text import LineIndex, Span

#: Of these records; raised when a field changes its meaning or goes.
VERSION = "1.0"

Record = dict[str, Any]
_SPAN = ("byteStart", "byteEnd", "startLine", "startColumn", "endLine", "endColumn")
_COLUMNS = (
    *("type", "path", *_SPAN, "id", "name", "fqn", "displayFqn", "kind", "language"),
    *("target", "role", "container", "caller", "callee", "digest", "size"),
)


def iter_records(snapshot: Snapshot) -> Iterator[Record]:
    """Every record: files, symbols, then references and calls; each kind in the order of (path, start).

    Raises:
        Cancelled: the asker gave up.
    """
    reader = snapshot.reader
    for file in reader.iter_files():
        yield {
            "type": "file",
            "path": file.path,
            "language": FAMILY.get(file.language, file.language),
            "digest": file.digest.hex(),
            "size": file.size,
        }
    for facts, lines in _files(snapshot):
        yield from _symbols(facts, lines)
    for facts, lines in _files(snapshot):
        yield from _references(snapshot, facts, lines)
    for facts, lines in _files(snapshot):
        yield from _calls(snapshot, facts, lines)


def _files(snapshot: Snapshot) -> Iterator[tuple[FileFacts, LineIndex | None]]:
    for record in snapshot.reader.iter_files():
        snapshot.check()
        facts = snapshot.reader.find_facts(record.path)
        if facts is not None:
            data = snapshot.read_text(record.path)
            lines = (
                LineIndex(data, name=record.path) if data is not None and len(data) == facts.size else None
            )
            yield facts, lines


def _span(lines: LineIndex | None, span: Span) -> Record:
    found: Record = {"byteStart": span.start, "byteEnd": span.end}
    if lines is not None:
        start, end = lines.line_column(span.start, "utf-8"), lines.line_column(span.end, "utf-8")
        found |= {
            "startLine": start.line + 1,
            "startColumn": start.column,
            "endLine": end.line + 1,
            "endColumn": end.column,
        }
    return found


def _symbols(facts: FileFacts, lines: LineIndex | None) -> Iterator[Record]:
    rows = sorted(facts.symbols(), key=lambda row: (Place.of(facts, row).full.start, row))
    for row in rows:
        yield {
            "type": "symbol",
            "path": facts.path,
            **_span(lines, Place.of(facts, row).full),
            "id": facts.symbol_id(row),
            "name": facts.name(row) if row else facts.path.rpartition("/")[2],
            "fqn": facts.canonical_fqn(row),
            "displayFqn": display_fqn(facts, row),
            "kind": facts.kind(row).name.lower(),
            "language": FAMILY.get(facts.language, facts.language),
        }


def _references(
    snapshot: Snapshot,
    facts: FileFacts,
    lines: LineIndex | None,
    *,
    least: Role = Role.READ,
    most: Role = Role.IMPORT,
) -> Iterator[Record]:
    """The uses of symbols whose role is between two."""
    links = snapshot.reader.find_links(facts.path)
    for row, target, _ in links.links if links is not None else ():
        if not least <= facts.occ_role[row] <= most:
            continue
        role = Role(facts.occ_role[row])
        container = facts.symbol_id(max(facts.enclosing_symbol(facts.occ_scope[row]), 0))
        yield {
            "type": "reference",
            "path": facts.path,
            **_span(lines, Span(facts.occ_start[row], facts.occ_end[row])),
            "target": target,
            "role": role.name.lower(),
            "container": container,
        }


def _calls(snapshot: Snapshot, facts: FileFacts, lines: LineIndex | None) -> Iterator[Record]:
    for record in _references(snapshot, facts, lines, least=Role.CALL, most=Role.CALL):
        caller, callee = record.pop("container"), record.pop("target")
        del record["role"]
        yield {**record, "type": "call", "caller": caller, "callee": callee}


_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def _json(record: Any) -> bytes:
    # Lone surrogates (undecodable file names) stay escaped, so that all of it is UTF-8.
    return _encode(record).encode()


def iter_json(snapshot: Snapshot) -> Iterator[bytes]:
    """One document: ``{version, files, symbols, references, calls}``."""
    yield b'{"version":' + _json(VERSION)
    open_list = ""
    for record in iter_records(snapshot):
        kind = record.pop("type") + "s"
        if kind != open_list:
            yield (b"\n]" if open_list else b"") + b',"' + kind.encode() + b'":[\n'
            yield _json(record)
            open_list = kind
        else:
            yield b",\n" + _json(record)
    yield (b"\n]" if open_list else b"") + b"}\n"


def iter_jsonl(snapshot: Snapshot) -> Iterator[bytes]:
    """A record a line, the first of which says the version; each has a ``type``."""
    yield _json({"type": "version", "version": VERSION}) + b"\n"
    for record in iter_records(snapshot):
        yield _json(record) + b"\n"


def iter_csv(snapshot: Snapshot) -> Iterator[bytes]:
    """One table of all records, as RFC 4180 has it; a field that does not apply is empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _COLUMNS, restval="")
    writer.writeheader()
    for record in iter_records(snapshot):
        writer.writerow(record)
        yield buffer.getvalue().encode("utf-8", "backslashreplace")
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def iter_dot(snapshot: Snapshot) -> Iterator[bytes]:
    """The call graph for Graphviz: those symbols that call or are called, in a cluster for each file."""
    reader = snapshot.reader
    edges: list[tuple[str, str]] = []
    shown: set[str] = set()
    for caller, callees in reader.iter_calls():
        snapshot.check()
        for callee in callees:
            if snapshot.find(caller) is not None and snapshot.find(callee) is not None:
                edges.append((caller, callee))
                shown.update((caller, callee))
    yield b'strict digraph calls {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname="sans-serif"];\n'
    for number, file in enumerate(reader.iter_files()):
        snapshot.check()
        hits = [hit for hit in reader.iter_symbols_of_file(file.path) if hit.symbol_id in shown]
        if not hits:
            continue
        yield f"  subgraph cluster_{number} {{\n    label={_quoted(file.path)};\n".encode()
        for hit in hits:
            label = hit.qualified if hit.definition else file.path.rpartition("/")[2]
            yield f"    {_quoted(hit.symbol_id)} [label={_quoted(label)}];\n".encode()
        yield b"  }\n"
    for caller, callee in edges:
        yield f"  {_quoted(caller)} -> {_quoted(callee)};\n".encode()
    yield b"}\n"


def _quoted(text: str) -> str:
    text = text.encode("utf-8", "backslashreplace").decode()
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
