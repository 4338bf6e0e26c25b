"""What the store keeps beyond navigation: calls, chunks, control flow, syntax nodes, metrics, labels, runs.

Part of the ``Store`` protocol (:mod:`magellan_lsp.store.base`), whose promises hold here too. Beyond them:

- *Calls* follow from the links: writing a file's links writes its calls, and nothing else does.
- *Details* (:class:`Detail`) belong to a file's digest. They may be computed at any time and put there; until
  then ``find_*`` gives None. Replacing or removing the file drops them.
- *Labels* follow from a symbol's language and kind; more can be given to it, and stay until its file goes.
- *Executions* and *carried* records belong to no file: nothing but their own removal touches them. Carried
  chunks belong to a path that is not indexed, and go when it comes to be.

Tests: ``tests/store/test_second_tier.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from magellan_lsp.facts.ast_node import AstNode
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics

if TYPE_CHECKING:
    from magellan_lsp.store.base import SymbolPlace


class Detail(IntEnum):
    """What may be computed of a file besides its facts. Numbers are stored: append only."""

    CHUNKS = 1
    CFGS = 2
    AST = 3
    FILE_METRICS = 4
    SYMBOL_METRICS = 5


class Details(NamedTuple):
    """Details of one file; None for those that are not said anything about."""

    chunks: Sequence[Chunk] | None = None
    cfgs: Sequence[Cfg] | None = None
    ast: Sequence[AstNode] | None = None
    file_metrics: FileMetrics | None = None
    symbol_metrics: Sequence[SymbolMetrics] | None = None


class Execution(NamedTuple):
    """One run of a command that writes: the 14 columns of Magellan's execution log."""

    id: int  # in the order of entry, from 1; 0 when it is to be given one
    execution_id: str  # unique
    tool_version: str
    args: Sequence[str]  # without the program's name
    root: str | None
    db_path: str
    started_at: int  # Unix seconds
    finished_at: int | None
    duration_ms: int | None
    outcome: str  # "running", "success", "error", "partial"
    error_message: str | None
    files_indexed: int
    symbols_indexed: int
    references_indexed: int


class SecondTierReader(Protocol):
    """The reading half; see :class:`magellan_lsp.store.base.Reader`."""

    # calls
    def find_callees(self, symbol_id: str) -> list[str]:
        """SymbolIds that a symbol calls (by links of any rank), sorted; a file's own symbol calls what its
        top level does. Whether they are (still) in the index is another question.
        """

    def find_callers(self, symbol_id: str) -> list[str]:
        """SymbolIds that call a symbol, sorted."""

    def iter_calls(self) -> Iterator[tuple[str, list[str]]]:
        """(caller, its callees) of all calls there are, by caller: one pass, for algorithms over the whole graph."""

    def iter_callers(self) -> Iterator[str]:
        """Every SymbolId that calls something, sorted."""

    def iter_callees(self) -> Iterator[str]:
        """Every SymbolId that is called, sorted."""

    # details
    def find_computed(self, path: str) -> frozenset[Detail]:
        """Which details of a file are there."""

    def find_chunks(self, path: str) -> list[Chunk] | None:
        """A file's chunks by (start, end, symbol), carried ones if the file is not indexed."""

    def find_chunk(self, path: str, start: int, end: int) -> Chunk | None:
        """The chunk of exactly this span; of several (``a = b = 1``) the first by symbol."""

    def find_chunks_of_symbol(self, symbol_id: str) -> list[Chunk] | None:
        """The chunks of one symbol by (start, end); None when its file's have not been computed."""

    def find_cfgs(self, path: str) -> list[Cfg] | None:
        """The graphs of a file's functions, anonymous ones included, by (start, end)."""

    def find_cfg(self, symbol_id: str) -> Cfg | None: ...
    def find_ast(self, path: str) -> list[AstNode] | None:
        """The syntax nodes of a file, in the order they were put (preorder)."""

    def find_file_metrics(self, path: str) -> FileMetrics | None: ...
    def find_symbol_metrics(self, symbol_id: str) -> SymbolMetrics | None: ...
    def find_symbol_metrics_of_file(self, path: str) -> list[SymbolMetrics] | None:
        """By SymbolId."""

    def iter_carried_chunk_paths(self) -> Iterator[str]:
        """Paths that have carried chunks, sorted."""

    # labels
    def find_labels(self, symbol_id: str) -> list[str]:
        """Sorted; [] when there is no such symbol."""

    def iter_labelled(self, label: str) -> Iterator[SymbolPlace]:
        """The symbols with a label, by (path, definition)."""

    def iter_labels(self) -> Iterator[str]:
        """Every label that some symbol has or had when it was given, sorted."""

    # executions
    def find_execution(self, execution_id: str) -> Execution | None: ...
    def iter_executions(self) -> Iterator[Execution]:
        """All, newest first: by (started_at, id), descending. Take as many as are wanted."""

    # carried
    def find_carried(self, kind: str, key: bytes) -> bytes | None: ...
    def iter_carried(self, kind: str, prefix: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """(key, value) of every record of a kind whose key begins so, by key."""

    def iter_carried_kinds(self) -> Iterator[str]:
        """Kinds of which there are records, sorted."""


class SecondTierTxn(Protocol):
    """The writing half; see :class:`magellan_lsp.store.base.WriteTxn`."""

    def put_details(self, path: str, digest: bytes, given: Details) -> None:
        """Keep details of a file, each in the place of what there was.

        Raises:
            ValueError: the file is not there with this digest: it changed while they were computed.
        """

    def put_labels(self, symbol_id: str, labels: Sequence[str]) -> None:
        """The labels that a symbol has beside those of its language and kind; [] takes them away.

        Raises:
            ValueError: there is no such symbol.
        """

    def put_execution(self, execution: Execution) -> None:
        """Keep a run, in the place of the one with its ``execution_id`` (whose id it gets) if there is one."""

    def remove_execution(self, execution_id: str) -> None:
        """Nothing happens when it is not there."""

    def carry_chunks(self, path: str, chunks: Sequence[Chunk]) -> None:
        """Keep chunks of a file that is not indexed, in the place of those there were; [] takes them away.

        Raises:
            ValueError: the file is indexed.
        """

    def put_carried(self, kind: str, key: bytes, value: bytes | None) -> None:
        """Keep any record, of any kind; None removes it. A key may have 400 bytes, a kind 60.

        Raises:
            ValueError: a key or kind is longer, or a kind is empty.
        """
