"""A store as text: one JSON record a line, in an order that follows from the records themselves.

Equal stores give equal bytes, whatever the backend and however they came about: paths and SymbolIds stand for
what backends number, and what says when something was indexed (times, generation) is left out. Tests:
``tests/store/``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from magellan_lsp.facts.file_facts import COLUMNS, FileFacts
from magellan_lsp.facts.links import FileLinks, RelationKind
from magellan_lsp.store.base import Family, Reader


def dump(reader: Reader) -> str:
    """The whole store as one text, a line for each record."""
    return "".join(line + "\n" for line in iter_dump(reader))


def iter_dump(reader: Reader) -> Iterator[str]:
    """The lines of a dump, without line ends: meta, files (with symbols, occurrences, links), references,
    relations, calls, postings. Reads a file at a time. What is computed on demand, labels, executions and
    carried records are no part of it (:func:`iter_second_tier`).
    """
    for record in iter_records(reader):
        # Lone surrogates (undecodable file names) stay escaped, so that every line is UTF-8.
        yield json.dumps(record, ensure_ascii=True, separators=(",", ":"))


def iter_records(reader: Reader) -> Iterator[dict[str, Any]]:
    """The records of a dump. Each has a ``record`` field that says what it is."""
    yield {"record": "store", "files": reader.count_files(), "symbols": reader.count_symbols()}
    for key, value in reader.iter_meta():
        yield {"record": "meta", "key": key, "value": value.hex()}
    for file in reader.iter_files():
        yield {
            "record": "file",
            "path": file.path,
            "language": file.language,
            "digest": file.digest.hex(),
            "size": file.size,
            "symbols": file.n_symbols,
            "occurrences": file.n_occurrences,
            "linked": file.linked,
            "problem": file.problem,
        }
        facts = reader.find_facts(file.path)
        if facts is not None:
            yield from _facts(reader, facts)
            links = reader.find_links(file.path)
            yield from _occurrences(facts, links)
            if links is not None:
                yield from _relations(links)
    yield from _turned_round(reader)
    for caller in reader.iter_callers():
        yield {"record": "calls", "caller": caller, "callees": reader.find_callees(caller)}
    for callee in reader.iter_callees():
        yield {"record": "called", "callee": callee, "callers": reader.find_callers(callee)}
    for family in Family:
        for key, paths in reader.iter_postings(family):
            yield {"record": "posting", "family": family.name.lower(), "key": key, "paths": paths}


def iter_details(reader: Reader, *, with_times: bool = False) -> Iterator[dict[str, Any]]:
    """The records of what was worked out of files beside their facts; ``with_times``: also when that was."""
    for file in reader.iter_files():
        path = file.path
        measures = reader.find_file_metrics(path)
        details: dict[str, Any] = {
            "chunks": reader.find_chunks(path),
            "cfgs": reader.find_cfgs(path),
            "ast": reader.find_ast(path),
            "file_metrics": [measures] if measures is not None else None,
            "symbol_metrics": reader.find_symbol_metrics_of_file(path),
        }
        for name, values in details.items():
            if values is not None:
                shown = values if with_times else [_timeless(value) for value in values]
                yield {"record": name, "path": path, "value": msgspec.to_builtins(shown)}


def _timeless(record: Any) -> Any:
    times = {name: 0 for name in ("created_at", "last_updated") if hasattr(record, name)}
    return replace(record, **times) if times else record


def iter_second_tier(reader: Reader) -> Iterator[dict[str, Any]]:
    """The records of what :func:`iter_records` leaves out: details, labels, executions, carried records."""
    yield from iter_details(reader, with_times=True)
    for label in reader.iter_labels():
        symbols = [place.symbol_id for place in reader.iter_labelled(label)]
        yield {"record": "label", "label": label, "symbols": symbols}
    for execution in reader.iter_executions():
        yield {"record": "execution", **execution._asdict()}
    for path in reader.iter_carried_chunk_paths():
        yield {
            "record": "carried chunks",
            "path": path,
            "value": msgspec.to_builtins(reader.find_chunks(path)),
        }
    for kind in reader.iter_carried_kinds():
        for key, data in reader.iter_carried(kind):
            yield {"record": "carried", "kind": kind, "key": key.hex(), "value": data.hex()}


def _facts(reader: Reader, facts: FileFacts) -> Iterator[dict[str, Any]]:
    yield {
        "record": "facts",
        "path": facts.path,
        "module": facts.module,
        "groups": list(facts.groups),
        "names": list(facts.names),
        "problems": [list(problem) for problem in facts.problems],
        "columns": {name: list(getattr(facts, name)) for name in COLUMNS if not name.startswith("occ_")},
    }
    for hit in reader.iter_symbols_of_file(facts.path):
        yield {"record": "symbol", **hit._asdict()}


def _occurrences(facts: FileFacts, links: FileLinks | None) -> Iterator[dict[str, Any]]:
    targets: dict[int, list[list[Any]]] = {}
    for occurrence, target, rank in links.links if links is not None else ():
        targets.setdefault(occurrence, []).append([target, rank])
    for row, (start, end, name, role, scope, target, expr) in enumerate(
        zip(
            facts.occ_start,
            facts.occ_end,
            facts.occ_name,
            facts.occ_role,
            facts.occ_scope,
            facts.occ_target,
            facts.occ_expr,
            strict=True,
        )
    ):
        yield {
            "record": "occurrence",
            "path": facts.path,
            "start": start,
            "end": end,
            "name": facts.names[name] if name >= 0 else None,
            "role": role,
            "scope": scope,
            "target": target,
            "expr": expr,
            "links": targets.get(row, []),
        }


def _relations(links: FileLinks) -> Iterator[dict[str, Any]]:
    for kind, symbol, target in links.relations:
        name = kind.name.lower()
        yield {"record": "relation", "path": links.path, "kind": name, "symbol": symbol, "target": target}
    yield {
        "record": "links",
        "path": links.path,
        "digest": links.digest.hex(),
        "unresolved": links.unresolved,
    }


def _turned_round(reader: Reader) -> Iterator[dict[str, Any]]:
    """What refers to each symbol, as the reverse indexes have it: by SymbolId, then path, then start."""
    for symbol_id in reader.iter_referred():
        place = reader.find_symbol(symbol_id)
        for reference in reader.iter_references(symbol_id):
            yield {
                "record": "reference",
                "symbol": symbol_id,
                "defined_in": place.path if place is not None else None,
                "path": reference.path,
                "start": reference.start,
                "end": reference.end,
                "role": int(reference.role),
                "container": reference.container,
            }
    for kind in RelationKind:
        for target in reader.iter_related_to(kind):
            for place in reader.iter_related(target, kind):
                yield {
                    "record": "related",
                    "kind": kind.name.lower(),
                    "target": target,
                    "symbol": place.symbol_id,
                    "path": place.path,
                    "definition": place.definition,
                }
