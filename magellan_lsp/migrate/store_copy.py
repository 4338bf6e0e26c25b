"""One store's own records put into another, whatever the two backends: files, links, details, labels, executions.

What was taken over from Magellan is no part of it; its rows go their own way. Tests: ``tests/migration/test_native.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from hashlib import sha256
from typing import Any, Final

from magellan_lsp.migrate import carried
from magellan_lsp.migrate.executions import is_conversion
from magellan_lsp.migrate.marks import is_from_magellan
from magellan_lsp.store import codec
from magellan_lsp.store.base import FileRecord, Reader, Store
from magellan_lsp.store.details import seal
from magellan_lsp.store.second_tier import Details
from magellan_lsp.store.words import labels_of

#: Kinds of carried records that are Magellan's rows.
_ROWS: Final = frozenset({carried.KIND, carried.ROWS})


def own_files(reader: Reader) -> Iterator[FileRecord]:
    """The files that were indexed by this program, not taken over."""
    return (record for record in reader.iter_files() if not is_from_magellan(record.digest))


def copy_records(
    source: Reader,
    target: Store,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    without_executions: Collection[str] = (),
    alone: bool = True,
) -> None:
    """Put what a store itself knows into another one, which has none of it.

    Args:
        source: to read.
        target: open for writing.
        progress: called with files done and files there are.
        without_executions: ids of executions to leave out.
        alone: the target is empty. Otherwise it has Magellan's rows: executions get new numbers, and carried chunks are
            among those rows.
    """
    total = source.count_files()
    with target.bulk() as txn:
        for key, value in source.iter_meta():
            txn.put_meta(key, value)
        for done, record in enumerate(own_files(source)):
            txn.replace_file(record, source.find_facts(record.path))
            progress(done, total)
    with target.bulk() as txn:
        for record in own_files(source):
            links = source.find_links(record.path)
            if links is not None:
                txn.replace_links(links)
    with target.bulk() as txn:
        for record in own_files(source):
            details = _details(source, record.path)
            if any(one is not None for one in details):
                txn.put_details(record.path, record.digest, details)
    with target.write() as txn:
        for symbol, labels in _given_labels(source).items():
            txn.put_labels(symbol, labels)
        for execution in reversed(list(source.iter_executions())):
            if execution.execution_id not in without_executions:
                txn.put_execution(execution if alone else execution._replace(id=0))
        for path in source.iter_carried_chunk_paths() if alone else ():
            txn.carry_chunks(path, source.find_chunks(path) or ())
        for kind in source.iter_carried_kinds():
            if kind not in _ROWS:
                for name, data in source.iter_carried(kind):
                    txn.put_carried(kind, name, data)


def _details(source: Reader, path: str) -> Details:
    return Details(
        source.find_chunks(path),
        source.find_cfgs(path),
        source.find_ast(path),
        source.find_file_metrics(path),
        source.find_symbol_metrics_of_file(path),
    )


def _given_labels(source: Reader) -> dict[str, list[str]]:
    """By SymbolId, the labels that symbols of own files were given beside those of their language and kind."""
    given: dict[str, list[str]] = {}
    derived: dict[str, dict[int, set[str]]] = {}
    for label in source.iter_labels():
        for place in source.iter_labelled(label):
            own = derived.get(place.path)
            if own is None:
                own = derived[place.path] = _derived(source, place.path)
            if label not in own.get(place.definition, {label}):
                given.setdefault(place.symbol_id, []).append(label)
    return given


def _derived(source: Reader, path: str) -> dict[int, set[str]]:
    """By definition, the labels of language and kind; nothing for a file that was taken over."""
    record = source.find_file(path)
    if record is None or is_from_magellan(record.digest):
        return {}
    return {hit.definition: labels_of(record.language, hit.kind) for hit in source.iter_symbols_of_file(path)}


def fingerprint(reader: Reader, *, with_log: bool = True, with_chunks: bool = True) -> bytes:
    """A digest of all that :func:`copy_records` copies: of a store and its copy it is the same."""
    digest = sha256()

    def take(*record: Any) -> None:
        digest.update(seal(record))

    for key, value in reader.iter_meta():
        take("meta", key, value)
    for record in own_files(reader):
        take("file", record)
        facts, links = reader.find_facts(record.path), reader.find_links(record.path)
        if facts is not None:
            digest.update(codec.encode_facts(facts))
            if links is not None:
                digest.update(codec.encode_links(links, facts))
        take("details", _details(reader, record.path))
    take("labels", sorted(_given_labels(reader).items()))
    for execution in reader.iter_executions() if with_log else ():
        if not is_conversion(execution):
            take("run", execution._replace(id=0))
    for path in reader.iter_carried_chunk_paths() if with_chunks else ():
        take("chunks", path, reader.find_chunks(path))
    for kind in reader.iter_carried_kinds():
        if kind not in _ROWS:
            for name, data in reader.iter_carried(kind):
                take("carried", kind, name, data)
    return digest.digest()
