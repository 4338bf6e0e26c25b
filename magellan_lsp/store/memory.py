"""The store in plain dicts: for tests, and what the other backends are compared with.

Simple on purpose. A state is a dict of files that is copied when a transaction begins and takes the place of
the old one when it commits; every question is answered by looking at all files. Tests: ``tests/store/``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import Role
from magellan_lsp.facts.links import FileLinks, Link, Reference, RelationKind
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.store import search
from magellan_lsp.store.base import Family, FileRecord, SymbolHit, SymbolPlace
from magellan_lsp.store.codec import SymbolRows, decode_facts, decode_links, iter_symbol_hits, symbol_rows
from magellan_lsp.store.details import in_order
from magellan_lsp.store.fqn import iter_canonical_splits, iter_display_splits, plain
from magellan_lsp.store.postings import LABELLED, posting_keys
from magellan_lsp.store.second_tier import Detail, Details, Execution
from magellan_lsp.store.tier_tables import carried_key
from magellan_lsp.store.words import labels_of


class _File(NamedTuple):
    record: FileRecord
    facts: FileFacts | None
    rows: SymbolRows | None
    keys: dict[int, set[str]]
    links: FileLinks | None
    references: dict[str, list[Reference]]
    related: dict[tuple[int, str], list[SymbolPlace]]
    details: Details = Details()
    labels: Mapping[str, Sequence[str]] = {}  # by SymbolId; those that were given


class _State(NamedTuple):
    generation: int
    files: dict[str, _File]
    meta: dict[str, bytes]
    executions: dict[str, Execution]
    last_execution: int
    carried_chunks: dict[str, list[Chunk]]
    carried: dict[tuple[str, bytes], bytes]


class MemoryReader:
    """A view of one state; see :class:`magellan_lsp.store.base.Reader` for what the methods promise."""

    def __init__(self, state: Callable[[], _State]) -> None:
        self._state = state

    @property
    def generation(self) -> int:
        return self._state().generation

    def _files(self) -> list[_File]:
        return [file for _, file in sorted(self._state().files.items())]

    # files

    def find_file(self, path: str) -> FileRecord | None:
        file = self._state().files.get(path)
        return file.record if file else None

    def iter_files(self) -> Iterator[FileRecord]:
        return iter([file.record for file in self._files()])

    def find_facts(self, path: str) -> FileFacts | None:
        file = self._state().files.get(path)
        return file.facts if file else None

    def find_links(self, path: str) -> FileLinks | None:
        file = self._state().files.get(path)
        return file.links if file else None

    def find_targets(self, path: str, occurrence: int) -> list[Link]:
        links = self.find_links(path)
        return [link for link in links.links if link.occurrence == occurrence] if links else []

    def count_files(self) -> int:
        return len(self._state().files)

    def count_symbols(self) -> int:
        return sum(file.record.n_symbols for file in self._state().files.values())

    def find_postings(self, family: Family, key: str) -> list[str]:
        return sorted(path for path, file in self._state().files.items() if key in file.keys.get(family, ()))

    def iter_postings(self, family: Family) -> Iterator[tuple[str, list[str]]]:
        lists: dict[str, list[str]] = {}
        for path, file in sorted(self._state().files.items()):
            for key in file.keys.get(family, ()):
                lists.setdefault(key, []).append(path)
        return iter(sorted(lists.items()))

    # symbols

    def iter_symbols(self) -> Iterator[SymbolHit]:
        return iter([hit for file in self._files() if file.rows for hit in iter_symbol_hits(file.rows)])

    def iter_symbols_of_file(self, path: str) -> Iterator[SymbolHit]:
        file = self._state().files.get(path)
        return iter_symbol_hits(file.rows) if file and file.rows else iter(())

    def find_symbol(self, symbol_id: str) -> SymbolPlace | None:
        for file in self._state().files.values():
            if file.rows and symbol_id in file.rows.symbol_ids:
                row = file.rows.symbol_ids.index(symbol_id)
                return SymbolPlace(symbol_id, file.rows.path, list(file.rows.def_symbol).index(row))
        return None

    def find_by_fqn(self, fqn: str) -> list[SymbolPlace]:
        canonical = set(iter_canonical_splits(fqn))
        exact = self._places(lambda _, hit: (hit.path, hit.qualified) in canonical)
        display = set(iter_display_splits(fqn))
        return exact or self._places(
            lambda file, hit: (
                (hit.path, hit.qualified) == (fqn, "")
                or (plain(file.module), plain(hit.qualified)) in display
            )
        )

    def find_by_qualified(self, qualified: str) -> list[SymbolPlace]:
        return self._places(lambda _, hit: bool(hit.qualified) and plain(hit.qualified) == plain(qualified))

    def _places(self, chosen: Callable[[SymbolRows, SymbolHit], bool]) -> list[SymbolPlace]:
        return [
            SymbolPlace(hit.symbol_id, hit.path, hit.definition)
            for file in self._files()
            if file.rows
            for hit in iter_symbol_hits(file.rows)
            if chosen(file.rows, hit)
        ]

    def find_by_name(self, name: str) -> list[SymbolHit]:
        return [hit for hit in self.iter_symbols() if hit.name == name and name]

    def search_symbols(self, query: str, limit: int) -> list[SymbolHit]:
        folded = search.fold(query)
        found = []
        for hit in self.iter_symbols():
            kind = search.match(hit.name, search.fold(hit.name), query, folded) if hit.name else None
            if kind is not None:
                found.append(((kind, search.order(hit.name), hit.path, hit.definition), hit))
        found.sort()
        return [hit for _, hit in found[: max(limit, 0)]]

    # what refers to a symbol

    def iter_references(self, symbol_id: str) -> Iterator[Reference]:
        return iter([reference for file in self._files() for reference in file.references.get(symbol_id, ())])

    def count_references(self, symbol_id: str) -> int:
        return len(list(self.iter_references(symbol_id)))

    def iter_referrers(self, symbol_id: str) -> Iterator[str]:
        return iter([file.record.path for file in self._files() if symbol_id in file.references])

    def iter_referred(self) -> Iterator[str]:
        return iter(sorted({symbol_id for file in self._files() for symbol_id in file.references}))

    def iter_related(self, symbol_id: str, kind: RelationKind) -> Iterator[SymbolPlace]:
        return iter([place for file in self._files() for place in file.related.get((kind, symbol_id), ())])

    def iter_related_to(self, kind: RelationKind) -> Iterator[str]:
        return iter(sorted({target for file in self._files() for k, target in file.related if k == kind}))

    # small named values

    def find_meta(self, key: str) -> bytes | None:
        return self._state().meta.get(key)

    def iter_meta(self) -> Iterator[tuple[str, bytes]]:
        return iter(sorted(self._state().meta.items()))

    # calls

    def _calls(self) -> set[tuple[str, str]]:
        pairs = set()
        for file in self._files():
            for target, references in file.references.items():
                for one in references:
                    caller = file.facts.symbol_id(one.container) if file.facts is not None else None
                    if one.role == Role.CALL and caller is not None:
                        pairs.add((caller, target))
        return pairs

    def find_callees(self, symbol_id: str) -> list[str]:
        return sorted(callee for caller, callee in self._calls() if caller == symbol_id)

    def find_callers(self, symbol_id: str) -> list[str]:
        return sorted(caller for caller, callee in self._calls() if callee == symbol_id)

    def iter_calls(self) -> Iterator[tuple[str, list[str]]]:
        return ((caller, self.find_callees(caller)) for caller in self.iter_callers())

    def iter_callers(self) -> Iterator[str]:
        return iter(sorted({caller for caller, _ in self._calls()}))

    def iter_callees(self) -> Iterator[str]:
        return iter(sorted({callee for _, callee in self._calls()}))

    # details

    def _details(self, path: str) -> Details:
        file = self._state().files.get(path)
        return file.details if file is not None else Details()

    def _details_of(self, symbol_id: str) -> Details:
        place = self.find_symbol(symbol_id)
        return self._details(place.path) if place is not None else Details()

    def find_computed(self, path: str) -> frozenset[Detail]:
        given = zip(Detail, self._details(path), strict=True)
        return frozenset(detail for detail, value in given if value is not None)

    def find_chunks(self, path: str) -> list[Chunk] | None:
        state = self._state()
        chunks = self._details(path).chunks if path in state.files else state.carried_chunks.get(path)
        return None if chunks is None else in_order(chunks)

    def find_chunk(self, path: str, start: int, end: int) -> Chunk | None:
        chunks = self.find_chunks(path) or ()
        return next((chunk for chunk in chunks if (chunk.start, chunk.end) == (start, end)), None)

    def find_chunks_of_symbol(self, symbol_id: str) -> list[Chunk] | None:
        place = self.find_symbol(symbol_id)
        chunks = self.find_chunks(place.path) if place is not None else None
        return [chunk for chunk in chunks if chunk.symbol == symbol_id] if chunks is not None else None

    def find_cfgs(self, path: str) -> list[Cfg] | None:
        cfgs = self._details(path).cfgs
        if cfgs is None:
            return None
        return sorted(cfgs, key=lambda cfg: (cfg.start, cfg.end, cfg.symbol))

    def find_cfg(self, symbol_id: str) -> Cfg | None:
        cfgs = self._details_of(symbol_id).cfgs or ()
        return next((cfg for cfg in cfgs if cfg.symbol == symbol_id), None)

    def find_ast(self, path: str) -> list[AstNode] | None:
        nodes = self._details(path).ast
        return list(nodes) if nodes is not None else None

    def find_file_metrics(self, path: str) -> FileMetrics | None:
        return self._details(path).file_metrics

    def find_symbol_metrics(self, symbol_id: str) -> SymbolMetrics | None:
        metrics = self._details_of(symbol_id).symbol_metrics or ()
        return next((one for one in metrics if one.symbol == symbol_id), None)

    def find_symbol_metrics_of_file(self, path: str) -> list[SymbolMetrics] | None:
        metrics = self._details(path).symbol_metrics
        return sorted(metrics, key=lambda one: one.symbol) if metrics is not None else None

    def iter_carried_chunk_paths(self) -> Iterator[str]:
        return iter(sorted(self._state().carried_chunks))

    # labels

    def find_labels(self, symbol_id: str) -> list[str]:
        place = self.find_symbol(symbol_id)
        file = self._state().files[place.path] if place is not None else None
        if place is None or file is None or file.rows is None:
            return []
        labels = labels_of(file.rows.language, file.rows.def_kind[place.definition])
        return sorted(labels.union(file.labels.get(symbol_id, ())))

    def iter_labelled(self, label: str) -> Iterator[SymbolPlace]:
        return (
            SymbolPlace(hit.symbol_id, hit.path, hit.definition)
            for hit in self.iter_symbols()
            if label in self.find_labels(hit.symbol_id)
        )

    def iter_labels(self) -> Iterator[str]:
        labels = {label for file in self._files() for some in file.labels.values() for label in some}
        return iter(sorted(labels.union(*(file.keys.get(LABELLED, ()) for file in self._files()))))

    # executions

    def find_execution(self, execution_id: str) -> Execution | None:
        return self._state().executions.get(execution_id)

    def iter_executions(self) -> Iterator[Execution]:
        executions = self._state().executions.values()
        return iter(sorted(executions, key=lambda one: (one.started_at, one.id), reverse=True))

    # carried

    def find_carried(self, kind: str, key: bytes) -> bytes | None:
        carried_key(kind, key)
        return self._state().carried.get((kind, key))

    def iter_carried(self, kind: str, prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        carried_key(kind, prefix)
        carried = sorted(self._state().carried.items())
        return ((key, value) for (of, key), value in carried if of == kind and key.startswith(prefix))

    def iter_carried_kinds(self) -> Iterator[str]:
        return iter(sorted({kind for kind, _ in self._state().carried}))


class MemoryWriteTxn:
    """A change in the making: a copy of the state; see :class:`magellan_lsp.store.base.WriteTxn`."""

    def __init__(self, state: _State) -> None:
        self.state = state._replace(
            files=dict(state.files),
            meta=dict(state.meta),
            executions=dict(state.executions),
            carried_chunks=dict(state.carried_chunks),
            carried=dict(state.carried),
        )

    def reader(self) -> MemoryReader:
        return MemoryReader(lambda: self.state)

    def replace_file(self, record: FileRecord, facts: FileFacts | None, encoded: bytes | None = None) -> None:
        if facts is None and encoded is not None:
            facts = decode_facts(encoded)
        if facts is not None and (facts.path, facts.digest) != (record.path, record.digest):
            raise ValueError(f"record and facts of {record.path!r} are not of the same file")
        rows = symbol_rows(facts) if facts is not None else None
        keys = posting_keys(record.path, facts)
        old = self.state.files.get(record.path)
        file = _File(record._replace(linked=False), facts, rows, keys, None, {}, {})
        self.state.files[record.path] = file if old is None else file._replace(labels=old.labels)
        self.state.carried_chunks.pop(record.path, None)

    def replace_links(
        self, links: FileLinks, facts: FileFacts | None = None, encoded: bytes | None = None
    ) -> None:
        file = self.state.files.get(links.path)
        if file is None or file.facts is None or file.facts.digest != links.digest:
            raise ValueError(f"links of {links.path!r} are not of the stored facts")
        if encoded is not None:
            links = decode_links(encoded)
        references, related = _turned_round(links, file.facts)
        self.state.files[links.path] = file._replace(
            record=file.record._replace(linked=True), links=links, references=references, related=related
        )

    def touch_file(self, path: str, mtime_ns: int, size: int) -> None:
        file = self.state.files.get(path)
        if file is not None:
            self.state.files[path] = file._replace(record=file.record._replace(mtime_ns=mtime_ns, size=size))

    def drop_links(self, path: str) -> None:
        file = self.state.files.get(path)
        if file is not None:
            record = file.record._replace(linked=False)
            self.state.files[path] = file._replace(record=record, links=None, references={}, related={})

    def remove_file(self, path: str) -> None:
        self.state.files.pop(path, None)

    def put_meta(self, key: str, value: bytes | None) -> None:
        if value is None:
            self.state.meta.pop(key, None)
        else:
            self.state.meta[key] = bytes(value)

    # second tier

    def put_details(self, path: str, digest: bytes, given: Details) -> None:
        file = self.state.files.get(path)
        if file is None or file.record.digest != digest:
            raise ValueError(f"details of {path!r} are not of the stored file")
        said = {name: value for name, value in given._asdict().items() if value is not None}
        self.state.files[path] = file._replace(details=file.details._replace(**said))

    def put_labels(self, symbol_id: str, labels: Sequence[str]) -> None:
        place = self.reader().find_symbol(symbol_id)
        if place is None:
            raise ValueError(f"no symbol {symbol_id!r} is there to be labelled")
        file = self.state.files[place.path]
        kept = {**file.labels, symbol_id: sorted(set(labels))}
        self.state.files[place.path] = file._replace(labels={key: some for key, some in kept.items() if some})

    def put_execution(self, execution: Execution) -> None:
        old = self.state.executions.get(execution.execution_id)
        number = old.id if old is not None else execution.id or self.state.last_execution + 1
        execution = execution._replace(id=number, args=tuple(execution.args))
        self.state.executions[execution.execution_id] = execution
        self.state = self.state._replace(last_execution=max(number, self.state.last_execution))

    def remove_execution(self, execution_id: str) -> None:
        self.state.executions.pop(execution_id, None)

    def carry_chunks(self, path: str, chunks: Sequence[Chunk]) -> None:
        if path in self.state.files:
            raise ValueError(f"{path!r} is indexed and has chunks of its own")
        if chunks:
            self.state.carried_chunks[path] = list(chunks)
        else:
            self.state.carried_chunks.pop(path, None)

    def put_carried(self, kind: str, key: bytes, value: bytes | None) -> None:
        carried_key(kind, key)
        if value is None:
            self.state.carried.pop((kind, key), None)
        else:
            self.state.carried[kind, key] = bytes(value)


def _turned_round(
    links: FileLinks, facts: FileFacts
) -> tuple[dict[str, list[Reference]], dict[tuple[int, str], list[SymbolPlace]]]:
    """One file's links by target: its references, and its symbols that stand in a relation."""
    references: dict[str, list[Reference]] = {}
    for link in links.links:
        if not 0 <= link.occurrence < len(facts.occ_start):
            raise ValueError(f"links of {links.path!r} name occurrences that its facts do not have")
        row = link.occurrence
        references.setdefault(link.target, []).append(
            Reference(
                links.path,
                facts.occ_start[row],
                facts.occ_end[row],
                Role(facts.occ_role[row]),
                max(facts.enclosing_symbol(facts.occ_scope[row]), 0),
            )
        )
    definitions = {facts.symbol_ids[row]: i for i, row in enumerate(facts.def_symbol) if row >= 0}
    related: dict[tuple[int, str], list[SymbolPlace]] = {}
    for kind, symbol, target in links.relations:
        if symbol not in definitions:
            raise ValueError(
                f"relations of {links.path!r} name a symbol that its facts do not have: {symbol}"
            )
        related.setdefault((kind, target), []).append(SymbolPlace(symbol, links.path, definitions[symbol]))
    for places in related.values():
        places.sort(key=lambda place: place.definition)
    return references, related


class MemoryStore:
    """The store as long as the process lives; see :class:`magellan_lsp.store.base.Store`."""

    def __init__(self) -> None:
        self._state = _State(0, {}, {}, {}, 0, {}, {})
        self._writing = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[MemoryReader]:
        state = self._state
        yield MemoryReader(lambda: state)

    @contextmanager
    def write(self) -> Iterator[MemoryWriteTxn]:
        with self._writing:
            txn = MemoryWriteTxn(self._state)
            yield txn
            self._state = txn.state._replace(generation=self._state.generation + 1)

    bulk = write

    def try_acquire_writer(self) -> bool:
        return True

    def sync(self) -> None:
        pass

    def __enter__(self) -> MemoryStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        pass

    def settle(self, check: Callable[[], None] = lambda: None) -> None:
        """Nothing: no other program reads this."""

    def stats(self) -> Mapping[str, Any]:
        reader = MemoryReader(lambda: self._state)
        return {
            "backend": "memory",
            "generation": self._state.generation,
            "files": reader.count_files(),
            "symbols": reader.count_symbols(),
        }
