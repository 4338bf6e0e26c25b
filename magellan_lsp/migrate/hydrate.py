"""Answers from Magellan's rows: files, symbols, references, calls, chunks, syntax nodes and measures in the store's
own records, until each file is indexed by this program.

A file that was indexed already is left alone. Each file has a digest that no text has (:mod:`marks`), so the indexer
takes it for changed. Interrupted, it begins again. Tests: ``tests/migration/test_automatic.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.languages.registry import language_name
from magellan_lsp.migrate import carried
from magellan_lsp.migrate.graph_rows import ByOwner, File, GraphRows
from magellan_lsp.migrate.make_facts import Outline, facts_of, links_of, outline, uses_of
from magellan_lsp.migrate.marks import is_from_magellan, mark
from magellan_lsp.store.base import FileRecord, Reader, Store
from magellan_lsp.store.second_tier import Details
from magellan_lsp.store.words import labels_of

#: What is said in the store of the answers: still to be made, made, or left out because there are too many rows.
PENDING: Final = b"pending"
DONE: Final = b"done"

#: More rows than this are not worth the time: indexing the files themselves takes no longer.
MOST_ROWS: Final = 2_000_000
#: Files that one transaction takes.
_FILES = 400

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
    n_files = 0
    with store.read() as reader:
        rows = sum(int(n) for n in ((carried.find_report(reader) or {}).get("tables") or {}).values())
        if rows <= MOST_ROWS:
            n_files = _Hydration(reader, store, workspace, check).run(progress)
    carried.note_answers(store, DONE)
    return n_files


class _Hydration:
    """One run over all files."""

    def __init__(self, reader: Reader, store: Store, workspace: Path, check: Callable[[], None]) -> None:
        self._reader = reader
        self._store = store
        self._check = check
        self._rows = rows = GraphRows(reader, workspace, check)
        self._files: list[tuple[File, str]] = []
        self._foreign: list[File] = []
        for path, file in sorted(rows.files.items()):
            record = reader.find_file(path)
            language = language_name(path)
            if record is not None and not is_from_magellan(record.digest):
                continue
            if language is None:
                self._foreign.append(file)
            else:
                self._files.append((file, language))
        self._outlines: dict[str, Outline] = {file.path: outline(file, name) for file, name in self._files}
        self._ids = {
            one.symbol.entity: one.symbol_id for found in self._outlines.values() for one in found.named
        }
        self._implements: dict[int, list[int]] = {}
        for source, target in rows.implements:
            self._implements.setdefault(source, []).append(target)
        self._chunks: ByOwner = rows.by_owner(
            "code_chunks",
            "file_path",
            *(
                "byte_start",
                "byte_end",
                "content",
                "content_hash",
                "symbol_name",
                "symbol_kind",
                "created_at",
            ),
        )
        self._nodes = rows.by_owner(
            "ast_nodes", "file_id", "id", "parent_id", "kind", "byte_start", "byte_end"
        )
        self._file_metrics = {
            rows.ours(path): values
            for path, *values in rows.rows(
                "file_metrics",
                *("file_path", "symbol_count", "loc", "estimated_loc", "fan_in", "fan_out"),
                *("complexity_score", "last_updated"),
            )
        }
        self._symbol_metrics = {
            entity: values
            for entity, *values in rows.rows(
                "symbol_metrics",
                *("symbol_id", "loc", "estimated_loc", "fan_in", "fan_out", "cyclomatic_complexity"),
                "last_updated",
            )
        }

    def run(self, progress: Progress) -> int:
        total = len(self._files)
        for first in range(0, total, _FILES):
            with self._store.write() as txn:
                for file, language in self._files[first : first + _FILES]:
                    self._check()
                    self._put(txn, file, language)
            progress(min(first + _FILES, total), total)
        with self._store.write() as txn:
            for file in self._foreign:
                chunks = self._chunks_of(file, {})
                if chunks:
                    txn.carry_chunks(file.path, chunks)
        return total

    def _put(self, txn: Any, file: File, language: str) -> None:
        found = self._outlines[file.path]
        digest = mark(file.path, file.hash)
        owners = {(one.symbol.start, one.symbol.end, one.symbol.name): one.symbol_id for one in found.named}
        chunks = self._chunks_of(file, owners)
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
        txn.replace_links(links_of(facts, found, uses, self._ids, self._implements), facts)
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

    def _chunks_of(self, file: File, owners: dict[tuple[int, int, str], str]) -> list[Chunk]:
        found = []
        for theirs in sorted(file.theirs):
            for start, end, text, noted, name, kind, made in self._chunks.rows(theirs):
                if isinstance(text, str) and _is_offset(start) and _is_offset(end):
                    symbol = owners.get((start, end, name or ""), "")
                    found.append(
                        Chunk(start, end, text, str(noted), symbol, name or "", kind or "", _whole(made))
                    )
        return found

    def _nodes_of(self, file: File) -> list[AstNode] | None:
        rows = list(self._nodes.rows(file.entity))
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


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) and value == value else 0


def _real(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
