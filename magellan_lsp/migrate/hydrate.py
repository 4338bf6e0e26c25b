"""Answers from Magellan's rows: files, symbols, references, calls, chunks, syntax nodes and measures in the store's
own records, until each file is indexed by this program.

Of some files at a time, so that the memory does not depend on how many rows there are, but for the SymbolIds: some 20
bytes a row. A file that was indexed already is left alone. Each file has a digest that no text has (:mod:`marks`), so
the indexer takes it for changed. Interrupted, it begins again. Tests: ``tests/migration/test_automatic.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.languages.registry import language_name
from magellan_lsp.migrate import carried
from magellan_lsp.migrate.graph_rows import ByOwner, File, GraphRows, Rows
from magellan_lsp.migrate.make_facts import Outline, facts_of, links_of, outline, uses_of
from magellan_lsp.migrate.marks import is_from_magellan, mark
from magellan_lsp.store.base import FileRecord, Reader, Store
from magellan_lsp.store.second_tier import Details
from magellan_lsp.store.words import labels_of

#: What is said in the store of the answers: still to be made, or made.
PENDING: Final = b"pending"
DONE: Final = b"done"

#: Entities that are in memory at a time: some 200 MB. The tables are read anew for each such part.
PART_ENTITIES: Final = 250_000
#: Files that one transaction takes.
_FILES = 400

_CHUNK = ("byte_start", "byte_end", "content", "content_hash", "symbol_name", "symbol_kind", "created_at")
_NODE = ("id", "parent_id", "kind", "byte_start", "byte_end")
_FILE_METRICS = (
    *("symbol_count", "loc", "estimated_loc", "fan_in", "fan_out"),
    *("complexity_score", "last_updated"),
)
_SYMBOL_METRICS = ("loc", "estimated_loc", "fan_in", "fan_out", "cyclomatic_complexity", "last_updated")

Progress = Callable[[int, int], None]


def is_pending(reader: Reader) -> bool:
    """Whether answers are still to be made of the rows that a store carries."""
    return carried.find_answers(reader) == PENDING


def hydrate(
    store: Store,
    workspace: Path,
    progress: Progress = lambda done, total: None,
    check: Callable[[], None] = lambda: None,
) -> int:
    """Make answers of all carried rows; gives how many files have some now.

    Args:
        store: open for writing.
        workspace: the folder that the paths are to be relative to.
        progress: called with files done and files there are.
        check: called now and then; what it raises ends the work, which can begin again.
    """
    n_files = _Hydration(store, workspace, check).run(progress)
    carried.note_answers(store, DONE)
    return n_files


class _Hydration:
    """One run over all files. Each part has a reader of its own: while one is open, no page of the store is used again."""

    def __init__(self, store: Store, workspace: Path, check: Callable[[], None]) -> None:
        self._store = store
        self._check = check
        with store.read() as reader:
            self._rows = rows = Rows(reader, workspace, check)
            own = {record.path for record in reader.iter_files() if not is_from_magellan(record.digest)}
            self._chunks = rows.by_owner(reader, "code_chunks", "file_path", *_CHUNK)
            self._nodes = rows.by_owner(reader, "ast_nodes", "file_id", *_NODE)
        self._parts = list(_parts({path: n for path, n in rows.weights.items() if path not in own}))
        self._ids: dict[int, bytes] = {}  # SymbolIds of Symbol entities
        self._n_files = sum(language_name(path) is not None for part in self._parts for path in part)
        self._done = 0

    def run(self, progress: Progress) -> int:
        """Make all answers; gives how many files have some."""
        if len(self._parts) > 1:
            for part in self._parts:
                with self._store.read() as reader:
                    self._note_ids(GraphRows(reader, self._rows, part, symbols_only=True).files.values())
        for part in self._parts:
            with self._store.read() as reader:
                known = self._ids if len(self._parts) > 1 else None
                self._put_part(reader, GraphRows(reader, self._rows, part, known), progress)
        return self._n_files

    def _note_ids(self, files: Iterable[File]) -> dict[str, Outline]:
        """Remember the symbols of some files; gives how they lie, by path."""
        found: dict[str, Outline] = {}
        for file in files:
            self._check()
            if (language := language_name(file.path)) is not None:
                found[file.path] = one = outline(file, language)
                self._ids.update((each.symbol.entity, bytes.fromhex(each.symbol_id)) for each in one.named)
        return found

    def _put_part(self, reader: Reader, graph: GraphRows, progress: Progress) -> None:
        part = _Part(
            reader, self._rows, self._chunks, self._nodes, graph, self._note_ids(graph.files.values())
        )
        paths = sorted(part.outlines)
        for first in range(0, len(paths), _FILES):
            with self._store.write() as txn:
                for path in paths[first : first + _FILES]:
                    self._check()
                    part.put(txn, graph.files[path], self._ids)
                    self._done += 1
            progress(self._done, self._n_files)
        with self._store.write() as txn:
            for path, file in sorted(graph.files.items()):
                chunks = part.chunks_of(file, {}) if path not in part.outlines else None
                if chunks:
                    txn.carry_chunks(path, chunks)


def _parts(weights: Mapping[str, int]) -> Iterator[set[str]]:
    """The files, in their order, of as many entities at a time as memory has room for."""
    part: set[str] = set()
    n_entities = 0
    for path, weight in weights.items():
        if part and n_entities + weight > PART_ENTITIES:
            yield part
            part, n_entities = set(), 0
        part.add(path)
        n_entities += weight
    if part:
        yield part


class _Part:
    """What there is of some files, as records.

    Attributes:
        outlines: of those in languages of ours, by path.
    """

    def __init__(
        self,
        reader: Reader,
        rows: Rows,
        chunks: ByOwner,
        nodes: ByOwner,
        graph: GraphRows,
        outlines: dict[str, Outline],
    ) -> None:
        self._reader = reader
        self._chunks = chunks
        self._nodes = nodes
        self.outlines = outlines
        self._implements: dict[int, list[int]] = {}
        for source, target in graph.implements:
            self._implements.setdefault(source, []).append(target)
        self._file_metrics = {
            ours: values
            for path, *values in rows.rows(reader, "file_metrics", "file_path", *_FILE_METRICS)
            if (ours := rows.ours(path)) in outlines
        }
        entities = {one.symbol.entity for found in outlines.values() for one in found.named}
        self._symbol_metrics = {
            entity: values
            for entity, *values in rows.rows(reader, "symbol_metrics", "symbol_id", *_SYMBOL_METRICS)
            if entity in entities
        }

    def put(self, txn: Any, file: File, ids: Mapping[int, bytes]) -> None:
        """Write what there is of a file; ``ids`` are the SymbolIds of Symbol entities of any file."""
        found = self.outlines[file.path]
        language = language_name(file.path)
        assert language is not None
        digest = mark(file.path, file.hash)
        owners = {(one.symbol.start, one.symbol.end, one.symbol.name): one.symbol_id for one in found.named}
        chunks = self.chunks_of(file, owners)
        texts = {(chunk.start, chunk.end): chunk.text for chunk in chunks}
        uses = uses_of(file)
        facts = facts_of(file, language, digest, found, uses, texts)
        record = FileRecord(
            file.path,
            language,
            digest,
            facts.size,
            0,
            len(facts.symbol_ids),
            len(facts.occ_start),
            False,
            "",
        )
        txn.replace_file(record, facts)
        txn.replace_links(links_of(facts, found, uses, ids, self._implements), facts)
        details = Details(
            chunks=chunks,
            ast=self._nodes_of(file),
            file_metrics=self._metrics_of(file),
            symbol_metrics=list(self._metrics_of_symbols(found)),
        )
        txn.put_details(file.path, digest, details)
        derived = {kind: labels_of(language, kind) for kind in {one.kind for one in found.named}}
        words = set().union(*derived.values()) if derived else set()
        for one in found.named:
            given = [label for label in one.symbol.labels if label not in words and label not in _DERIVED]
            if given:
                txn.put_labels(one.symbol_id, given)

    def chunks_of(self, file: File, owners: dict[tuple[int, int, str], str]) -> list[Chunk]:
        """The chunks of a file; ``owners`` gives a SymbolId by span and name."""
        found = []
        for theirs in sorted(file.theirs):
            for start, end, text, noted, name, kind, made in self._chunks.rows(self._reader, theirs):
                if isinstance(text, str) and _is_offset(start) and _is_offset(end):
                    name, kind = _word(name), _word(kind)
                    symbol = owners.get((start, end, name), "")
                    found.append(Chunk(start, end, text, str(noted), symbol, name, kind, _whole(made)))
        return found

    def _nodes_of(self, file: File) -> list[AstNode] | None:
        rows = list(self._nodes.rows(self._reader, file.entity))
        if not rows:
            return None
        index = {number: i for i, (number, *_) in enumerate(rows)}
        nodes = []
        for _, parent, kind, start, end in rows:
            at = -1
            if isinstance(parent, int):
                # 2.3.1 left a placeholder: the row's number among its file's, from 1, negative.
                at = index.get(parent, -1) if parent >= 0 else -parent - 1
            nodes.append(AstNode(str(kind), _whole(start), _whole(end), at if at < len(rows) else -1))
        return nodes

    def _metrics_of(self, file: File) -> FileMetrics | None:
        found = self._file_metrics.get(file.path)
        if found is None:
            return None
        count, loc, estimated, fan_in, fan_out, score, updated = found
        return FileMetrics(
            _whole(count),
            _whole(loc),
            _real(estimated),
            _whole(fan_in),
            _whole(fan_out),
            _real(score),
            _whole(updated),
        )

    def _metrics_of_symbols(self, found: Outline) -> Iterator[SymbolMetrics]:
        for one in found.named:
            values = self._symbol_metrics.get(one.symbol.entity)
            if values is not None:
                loc, estimated, fan_in, fan_out, cyclomatic, updated = values
                yield SymbolMetrics(
                    one.symbol_id,
                    _whole(loc),
                    _real(estimated),
                    _whole(fan_in),
                    _whole(fan_out),
                    _whole(cyclomatic),
                    _whole(updated),
                )


#: Magellan's words that follow from language and kind, or that 4.x gives to what is no symbol.
_DERIVED = frozenset(
    {"fn", "method", "struct", "trait", "enum", "mod", "union", "namespace", "type_alias", "unknown"}
    | {"rust", "python", "c", "cpp", "java", "javascript", "typescript", "go", "cuda", "File", "Import"}
)


def _is_offset(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < 1 << 31


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int:
    """A whole number that SQLite can hold; 0 for what is none."""
    return int(value) if isinstance(value, int | float) and -(2.0**63) <= value < 2.0**63 else 0


def _real(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
