"""The index of a workspace for Python programs: open it, ask it.

::

    from magellan_lsp.api import open_index

    with open_index("path/to/workspace") as index:           # made or brought up to date first
        flask = index.one("flask.app.Flask")
        for chunk in index.chunks("flask.app.Flask.run"):
            print(chunk.path, chunk.span, chunk.text)
        print(index.cfg("flask.app.Flask.run").cyclomatic)
        for near in index.reachable("flask.app.Flask.run").symbols:
            print(near.depth, index.info(near.ref).fqn)

A symbol is named as on the command line: by SymbolId, full name (canonical or display), name inside its file, or simple
name. A definition is a ``Ref``, (path, row), which is valid for as long as the index is open; a SymbolId outlives it. Spans
are in bytes of the files' UTF-8, half-open. An open index is one consistent state: open it again to see what changed since.
From one thread at a time. What is public here stays; the modules below it may change. Tests: ``tests/test_api.py``;
documentation: ``docs/api.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from magellan_lsp.errors import AmbiguousName, NotFound
from magellan_lsp.extract.ast_nodes import SyntaxNode
from magellan_lsp.extract.engine import digest_of
from magellan_lsp.facts.metrics import FileMetrics
from magellan_lsp.migrate.automatic import finish_answers, take_over
from magellan_lsp.migrate.prune import prune
from magellan_lsp.query import (
    cfg,
    chunks,
    executions,
    hotspots,
    metrics,
    possible_calls,
    references,
    symbols,
    syntax,
)
from magellan_lsp.query.answers import Occurrence, SymbolInfo
from magellan_lsp.query.cfg import Flow
from magellan_lsp.query.choice import are_one, symbols_named, with_bodies
from magellan_lsp.query.chunks import Piece
from magellan_lsp.query.graph import dead_code, impact, names, slices, walks, whole
from magellan_lsp.query.graph.export import export
from magellan_lsp.query.hotspots import By, Hotspots
from magellan_lsp.query.metrics import Measured
from magellan_lsp.query.possible_calls import PossibleCall
from magellan_lsp.query.snapshot import Snapshot, StoreSource
from magellan_lsp.resolve.types import Ref
from magellan_lsp.settings import Settings
from magellan_lsp.store.open import index_folder, open_store
from magellan_lsp.store.second_tier import Execution
from magellan_lsp.text import Span

if TYPE_CHECKING:
    from magellan_lsp.store.base import Store

__all__ = ["Index", "open_index"]

_NODES = 1_000_000


class Index:
    """A workspace's index, to be asked. Made by :func:`open_index`.

    Attributes:
        root: the workspace.
        snapshot: what the functions of ``magellan_lsp.query`` take.
    """

    def __init__(self, root: Path, snapshot: Snapshot) -> None:
        self.root = root
        self.snapshot = snapshot

    # symbols

    def find(self, name: str) -> list[SymbolInfo]:
        """Every symbol that a name stands for, by (path, definition)."""
        found = (self.snapshot.info(ref) for ref in symbols_named(self.snapshot, name))
        return [info for info in found if info is not None]

    def one(self, name: str) -> SymbolInfo:
        """The one definition that a name stands for; of a declaration and its definition the latter.

        Raises:
            NotFound: there is none.
            AmbiguousName: there are several.
        """
        (ref, *more) = with_bodies(self.snapshot, self._refs(name))
        if more:
            raise self._ambiguous(name, [ref, *more])
        info = self.snapshot.info(ref)
        assert info is not None
        return info

    def search(self, query: str, limit: int = symbols.MAX_SYMBOLS) -> list[SymbolInfo]:
        """Symbols whose name matches a fuzzy query, best first."""
        return symbols.workspace_symbols(self.snapshot, query, limit)

    def info(self, ref: Ref) -> SymbolInfo:
        """What there is to show of a definition.

        Raises:
            NotFound: it is none of this index.
        """
        found = self.snapshot.info(ref)
        if found is None:
            raise NotFound("definition", f"{ref[0]}:{ref[1]}")
        return found

    def references(self, name: str, *, include_declaration: bool = False) -> list[Occurrence]:
        """Where a symbol is used, by (path, start)."""
        return references.references_to(self.snapshot, self._refs(name), include_declaration)

    def callers(self, name: str) -> list[PossibleCall]:
        """Who calls a symbol, with the places: by name as the call hierarchy, then through overriding, then by value."""
        return possible_calls.callers(self.snapshot, self._refs(name))

    def callees(self, name: str) -> list[PossibleCall]:
        """What a symbol calls, in the order of ``callers``."""
        return possible_calls.callees(self.snapshot, self._refs(name))

    # details

    def chunks(self, name: str) -> list[Piece]:
        """The source of a symbol, with its overloads and declarations."""
        return chunks.of_symbols(self.snapshot, self._refs(name))

    def chunks_of_file(self, path: str) -> list[Piece]:
        """The source of every symbol of a file, by start, longer first."""
        return chunks.of_file(self.snapshot, path)

    def chunk(self, path: str, start: int, end: int) -> list[Piece]:
        """The source of a span of bytes: of the symbols of exactly this span, else of none."""
        return chunks.of_span(self.snapshot, path, Span(start, end))

    def cfg(self, name: str) -> Flow | None:
        """The control-flow graph of a function; None for what has no body."""
        return cfg.of_symbol(self.snapshot, self.one(name).ref)

    def syntax(self, path: str, offset: int | None = None, *, depth: int | None = None) -> list[SyntaxNode]:
        """The named nodes of a file's syntax tree, or those around and inside the smallest at an offset; in preorder.

        Raises:
            NotFound: the file is not indexed, or changed since.
        """
        found = syntax.nodes(self.snapshot, path, offset, depth=depth, limit=_NODES)
        if found is None:
            raise NotFound("file", path)
        return found

    def find_nodes(self, path: str, kind: str) -> list[SyntaxNode]:
        """The nodes of a kind in a file's syntax tree, tokens (``"if"``) too; in preorder.

        Raises:
            NotFound: the file is not indexed, or changed since.
        """
        found = syntax.find_nodes(self.snapshot, path, [kind], limit=_NODES)
        if found is None:
            raise NotFound("file", path)
        return found

    def metrics(self, name: str) -> list[Measured]:
        """The measures of a symbol and its overloads."""
        found = (metrics.of_symbol(self.snapshot, ref) for ref in self._refs(name))
        return [one for one in found if one is not None]

    def metrics_of_file(self, path: str) -> tuple[FileMetrics | None, list[Measured]]:
        """The measures of a file (None when it is not indexed, or changed since) and of its symbols, in source order."""
        return metrics.of_file(self.snapshot, path), metrics.of_symbols_in(self.snapshot, path)

    def hotspots(
        self, by: By | str = By.COMPLEXITY, limit: int = 20, *, patience_s: float = 3600.0
    ) -> Hotspots:
        """What stands out, the highest first; see :class:`magellan_lsp.query.hotspots.By`.

        Raises:
            GitUnavailable: churn is asked for, and git cannot be.
        """
        return hotspots.hotspots(self.snapshot, By(by), limit, root=self.root, patience_s=patience_s)

    def executions(
        self, limit: int | None = 100, *, order: Literal["newest", "oldest"] = "newest"
    ) -> list[Execution]:
        """What wrote the index, the newest (or oldest) first; all of it for ``limit=None``."""
        if limit is not None and order == "newest":
            return executions.get_recent(self.snapshot.reader, limit)
        return executions.list_all(self.snapshot.reader, order)[:limit]

    def execution(self, run: str | int) -> Execution | None:
        """One run, by its ``execution_id`` or its number in the log; None when there is none."""
        return executions.get_by_id(self.snapshot.reader, str(run))

    # the graph; what the answers mean is said in docs/graph.md

    def call_graph(
        self,
        name: str,
        direction: Literal["out", "in", "both"] = "out",
        depth: int = 1,
        limit: int | None = None,
    ) -> walks.CallGraph:
        """The symbols at most so many calls away, and the calls among them."""
        return walks.call_graph(self.snapshot, self._refs(name), direction, depth, limit)

    def reachable(
        self, name: str, *, forward: bool = True, depth: int | None = None, limit: int | None = None
    ) -> walks.Reached:
        """Everything that a symbol calls, directly or not; or, backward, that calls it."""
        return walks.reachable(self.snapshot, self._refs(name), forward=forward, depth=depth, limit=limit)

    def paths(self, source: str, target: str, k: int = 1) -> walks.Paths:
        """The shortest ways from one symbol to another, along calls."""
        return walks.paths(self.snapshot, self._refs(source), self._refs(target), k)

    def dead_code(
        self, entry_points: Sequence[str] | None = None, limit: int | None = None
    ) -> dead_code.DeadCode:
        """Functions and types that no entry point leads to: the given ones, else the evident ones."""
        given = None if entry_points is None else [ref for name in entry_points for ref in self._refs(name)]
        return dead_code.dead_code(self.snapshot, given, limit)

    def cycles(self, limit: int | None = None) -> whole.Cycles:
        """Symbols that call one another, and apart from them those that call themselves."""
        return whole.cycles(self.snapshot, limit)

    def condense(self, limit: int | None = None) -> whole.Condensation:
        """The call graph with each cycle drawn into one."""
        return whole.condense(self.snapshot, limit)

    def rank(self, limit: int | None = None) -> list[whole.Ranked]:
        """Symbols by how much of the code depends on them."""
        return whole.rank(self.snapshot, limit)[0]

    def impact(
        self, commits: str | None = None, depth: int | None = None, limit: int | None = None
    ) -> impact.Impact:
        """What a range of commits (without one: what is not committed) changed, and what depends on it.

        Raises:
            GitUnavailable: git cannot be asked, or knows no such range.
        """
        return impact.impact(self.snapshot, self.root, commits, depth, limit)

    def slice(self, path: str, offset: int, *, forward: bool = False) -> slices.FunctionSlice | None:
        """The statements of a function that may affect the one at an offset, or that it may affect.

        None when no function or no statement is there, or the file changed since.
        """
        return slices.function_slice(self.snapshot, path, offset, forward=forward)

    def collisions(self, limit: int | None = None) -> list[names.Collision]:
        """Full names of functions and types that stand for several symbols, by name."""
        return names.collisions(self.snapshot, limit)[0]

    def labels(self) -> list[names.LabelCount]:
        """Every label, and how many symbols have it."""
        return names.labels(self.snapshot)[0]

    def labels_of(self, name: str) -> list[str]:
        """The labels of a symbol and its overloads, sorted."""
        return names.labels_of(self.snapshot, self._refs(name))

    def labelled(self, label: str) -> list[SymbolInfo]:
        """The symbols with a label, by (path, definition)."""
        return [self.info(ref) for ref in names.labelled(self.snapshot, label)[0]]

    def export(self, form: str = "json") -> Iterator[bytes]:
        """The whole graph as ``json``, ``jsonl``, ``csv``, ``dot`` or ``scip``, piece by piece.

        Raises:
            UsageError: there is no such format.
        """
        return export(self.snapshot, form, self.root.as_uri())

    def _refs(self, name: str) -> list[Ref]:
        """One thing: with all its overloads and declarations."""
        refs = symbols_named(self.snapshot, name)
        if not refs:
            raise NotFound("symbol", name)
        if not are_one(self.snapshot, refs):
            raise self._ambiguous(name, refs)
        return refs

    def _ambiguous(self, name: str, refs: Sequence[Ref]) -> AmbiguousName:
        infos = (self.snapshot.info(ref) for ref in refs)
        return AmbiguousName(name, [info.symbol_id or info.fqn for info in infos if info is not None])


@contextmanager
def open_index(
    root: Path | str,
    *,
    refresh: bool = True,
    details: bool = False,
    index: Path | str | None = None,
    settings: Settings | None = None,
) -> Iterator[Index]:
    """The index of a workspace, brought up to date with the disk first. An index of Magellan there is taken over, once.

    Args:
        root: the workspace folder.
        refresh: index what is new or changed, in this thread. False: take the index as it is.
        details: also work out, and keep, what navigation does not need.
        index: where the index is kept; ``.magellan`` at the root by default.
        settings: which files count, which backend, and so on.

    Raises:
        IndexMissing: there is none and ``refresh`` is false.
        IndexBusyError: another process, a server perhaps, keeps it up to date, and ``refresh`` is true.
        UnusableIndex: it cannot be used; the subclass says why.
    """
    root, settings = Path(root).absolute(), settings or Settings()
    in_cache = settings.index_location == "cache"
    folder = index_folder(root, Path(index) if index is not None else None, in_cache=in_cache)
    mode: Literal["read", "write"] = "write" if refresh or details else "read"
    with open_store(folder, mode, backend=settings.backend, root=root) as store:
        if mode == "write":
            _bring_up_to_date(root, folder, store, settings, details=details)
        else:
            finish_answers(store, root)
        with store.read() as reader:

            def read_text(path: str) -> bytes | None:
                """The file's bytes, if they are still those that were indexed: spans mean nothing in others."""
                record = reader.find_file(path)
                if record is None:
                    return None
                try:
                    data = (root / path).read_bytes()
                except OSError:
                    return None
                return data if digest_of(data) == record.digest else None

            yield Index(root, Snapshot(StoreSource(reader), read_text=read_text))


def _bring_up_to_date(root: Path, folder: Path, store: Store, settings: Settings, *, details: bool) -> None:
    from magellan_lsp.indexer.detailing import Detailer, details_named
    from magellan_lsp.indexer.pipeline import Indexer
    from magellan_lsp.indexer.runs import Runs, add
    from magellan_lsp.settings import DETAILS

    if settings.migration_enabled:
        take_over(store, root, chosen=settings.migration_path)
    indexer = Indexer(root, store, settings)
    try:
        with Runs(store, root, folder, ("api",)).changes() as run:
            add(run, indexer.refresh())
    finally:
        indexer.close()
    prune(store, root)
    if details:
        wanted = details_named(DETAILS)
        Detailer(root, store, wanted, max_bytes=settings.max_file_size).run()
    store.settle()
