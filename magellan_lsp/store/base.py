"""The ``Store`` protocol and its promises. Everything above is written once against it.

Promises every backend keeps:

- A ``Reader`` sees one consistent state from when it was opened until it is closed, whatever is written
  meanwhile.
- A write transaction is seen whole or not at all, also after ``kill -9``.
- Each look-up named ``get``/``find`` costs a bounded number of key-value gets, independent of the workspace's
  size; each ``iter_`` costs in proportion to what it yields.
- Lists come back sorted: paths by their text (code point order), references by (path, start), symbols by
  (path, definition).
- Paths are relative to the workspace root with ``/`` and may hold any character, ``:`` included.
- What comes back never aliases the store's own memory: it stays valid after the reader is closed.
- Nothing mentions a file after ``remove_file``, but for the links and calls of files that referred to it.

What is kept beside navigation is in :mod:`magellan_lsp.store.second_tier`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from enum import IntEnum
from typing import Any, NamedTuple, Protocol, Self

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.links import FileLinks, Link, Reference, RelationKind
from magellan_lsp.store.second_tier import SecondTierReader, SecondTierTxn


class Family(IntEnum):
    """Families of posting lists: from a text key to the paths of files. Numbers are stored: append only."""

    MENTIONS = 1  # a name -> files in whose facts it occurs at all
    DEFINES = 2  # a simple name -> files that define a symbol of that name
    EXTENDS = 3  # a type's simple name -> files that extend, implement or derive from a type of that name
    GROUP = 4  # FileFacts.groups
    BASENAME = 5  # last path component (`app.py`) -> files of that name


class FileRecord(NamedTuple):
    """What the index knows of a file without decoding its facts."""

    path: str
    language: str
    digest: bytes  # 16 bytes, BLAKE3 of the indexed bytes
    size: int  # bytes
    mtime_ns: int  # as the sweep saw it; 0 for an unsaved buffer
    n_symbols: int
    n_occurrences: int
    linked: bool  # links of this very digest are stored; the store keeps it, whatever a caller passes in
    problem: str  # "" or why facts of the file, or of parts of it, are missing (too large, binary, …)

    @property
    def is_left_out(self) -> bool:
        """Whether it has no facts at all, because of its problem."""
        return bool(self.problem) and not self.n_symbols


class SymbolPlace(NamedTuple):
    """Where a symbol lives."""

    symbol_id: str
    path: str
    definition: int  # row in the file's definition table


class SymbolHit(NamedTuple):
    """A symbol as a search sees it: enough to rank and show it without decoding facts."""

    symbol_id: str
    path: str
    definition: int
    name: str
    qualified: str
    kind: int  # DefKind
    flags: int  # DefFlag
    name_start: int
    name_end: int
    start: int
    end: int


class Reader(SecondTierReader, Protocol):
    """One consistent view. Use it from one thread, close it soon (``with store.read() as reader``)."""

    @property
    def generation(self) -> int:
        """Number of the last commit it sees; grows by one with each commit."""

    # files
    def find_file(self, path: str) -> FileRecord | None: ...
    def iter_files(self) -> Iterator[FileRecord]: ...
    def find_facts(self, path: str) -> FileFacts | None: ...
    def find_links(self, path: str) -> FileLinks | None: ...
    def find_targets(self, path: str, occurrence: int) -> list[Link]:
        """The links of one occurrence, best first, without decoding the others'; [] when there are none."""

    def count_files(self) -> int: ...
    def count_symbols(self) -> int:
        """The sum of ``n_symbols`` of all files."""

    def find_postings(self, family: Family, key: str) -> list[str]:
        """Sorted paths; [] when there are none."""

    def iter_postings(self, family: Family) -> Iterator[tuple[str, list[str]]]:
        """Every key of a family with its paths, keys in code point order (for `dump` and tests)."""

    # symbols
    def find_symbol(self, symbol_id: str) -> SymbolPlace | None: ...
    def find_by_fqn(self, fqn: str) -> list[SymbolPlace]:
        """Symbols whose canonical fqn (``path::Flask.run``) is exactly this, and where there are none, those whose
        display fqn (``flask.app.Flask.run``) is.

        ``::`` and ``.`` are the same in a display fqn; a qualified name alone (``Flask.run``) is one only in
        a language without modules, see :meth:`find_by_qualified`. A path may be a file's canonical fqn and a display
        fqn too, and means both then.
        """

    def find_by_qualified(self, qualified: str) -> list[SymbolPlace]:
        """Symbols of exactly this qualified name, in whatever module; ``::`` and ``.`` are the same."""

    def find_by_name(self, name: str) -> list[SymbolHit]:
        """Symbols of exactly this simple name, by (path, definition)."""

    def iter_symbols_of_file(self, path: str) -> Iterator[SymbolHit]: ...
    def iter_symbols(self) -> Iterator[SymbolHit]:
        """Every symbol, by (path, definition)."""

    def search_symbols(self, query: str, limit: int) -> list[SymbolHit]:
        """The ``limit`` best symbols whose simple name matches a fuzzy query, best first.

        What matches, and how well, is in :mod:`magellan_lsp.store.search`: exact, prefix, word start or
        initials, substring, subsequence; ties by (name without case, name, path, definition). Sub-linear:
        looks only at names that share the query's start, trigrams or letters.
        """

    # what refers to a symbol
    def iter_references(self, symbol_id: str) -> Iterator[Reference]:
        """The occurrences linked to it (of any rank), by (path, start), whether or not its own file is still
        there.
        """

    def count_references(self, symbol_id: str) -> int:
        """How many those are, without making them."""

    def iter_referrers(self, symbol_id: str) -> Iterator[str]:
        """Paths of the files that refer to it, sorted."""

    def iter_referred(self) -> Iterator[str]:
        """Every SymbolId that has references, sorted (for `dump` and tests)."""

    def iter_related(self, symbol_id: str, kind: RelationKind) -> Iterator[SymbolPlace]:
        """Symbols that stand in the relation to it (its subtypes for BASE_OF): FileLinks.relations turned
        round.
        """

    def iter_related_to(self, kind: RelationKind) -> Iterator[str]:
        """Every SymbolId that is the target of such a relation, sorted (for `dump` and tests)."""

    # small named values
    def find_meta(self, key: str) -> bytes | None: ...
    def iter_meta(self) -> Iterator[tuple[str, bytes]]: ...


class WriteTxn(SecondTierTxn, Protocol):
    """One change; commits when its ``with`` ends, is undone when an exception leaves it. It also reads its
    own writes.
    """

    def reader(self) -> Reader:
        """A view that includes what this transaction wrote so far, valid only inside it."""

    def replace_file(self, record: FileRecord, facts: FileFacts | None, encoded: bytes | None = None) -> None:
        """Drop everything this path owned (links included), then add the record and its facts, if any.

        ``encoded``, if given, must be ``codec.encode_facts(facts)``, and ``facts`` may then be left out:
        workers send facts in that form, and encoding them again would be a fifth of a bulk load.

        Raises:
            ValueError: path or digest of record and facts differ.
        """

    def replace_links(
        self, links: FileLinks, facts: FileFacts | None = None, encoded: bytes | None = None
    ) -> None:
        """Drop the path's links, then add these. The path's facts must be there and have the links' digest.

        ``facts``, if given, must be the stored ones; it saves reading and decoding them. ``encoded``, if
        given, must be ``codec.encode_links`` of the links; only ``path`` and ``digest`` of ``links`` are
        looked at then.

        Raises:
            ValueError: there are no such facts, or an occurrence or symbol that the links name is not in
            them.
        """

    def touch_file(self, path: str, mtime_ns: int, size: int) -> None:
        """The bytes are the same, the stat is new. Nothing happens when the file is not there."""

    def drop_links(self, path: str) -> None:
        """Forget the links of a file, because what they rest on changed; its record says ``linked=False``
        then. Nothing happens when there are none.
        """

    def remove_file(self, path: str) -> None:
        """Forget a file and all that it owned. Nothing happens when it is not there."""

    def put_meta(self, key: str, value: bytes | None) -> None:
        """None removes it."""


class Store(Protocol):
    """A workspace's index. One writer at a time (across processes), any number of readers."""

    def read(self) -> AbstractContextManager[Reader]: ...
    def write(self) -> AbstractContextManager[WriteTxn]:
        """One transaction. Not nested: a thread that writes must end its ``with`` before it begins another.

        Raises:
            IndexBusyError: this store is not the writer (opened for reading, or another process is it).
            NoSpace: the disk is full (from the ``with`` or from any of its calls); nothing of it is kept.
        """

    def bulk(self) -> AbstractContextManager[WriteTxn]:
        """As ``write``, tuned for loading very many files: may batch and sort internally, may commit in
        between, and must be resumable after a crash (files not yet in it are simply absent).
        """

    def try_acquire_writer(self) -> bool:
        """Become the writer if nobody else is; True when this store is it. The system frees the place of a
        process that died.
        """

    def sync(self) -> None:
        """Wait until all that was committed would survive a power cut, not only the end of the process."""

    def settle(self, check: Callable[[], None] = lambda: None) -> None:
        """Bring up to date what only other programs read. To be called when nothing else is to do; ``check`` may
        raise to end it, and then nothing has changed.
        """

    def __enter__(self) -> Self:
        """The store; leaving the ``with`` closes it."""

    def __exit__(self, *_: object) -> None: ...
    def close(self) -> None:
        """Give everything back; readers and transactions must be over. Closing twice is fine."""

    def stats(self) -> Mapping[str, Any]:
        """Backend, format, bytes on disk, map size, numbers of records; for `status` and `doctor`."""


def mentions(facts: FileFacts) -> Iterable[str]:
    """The names a file is listed under in Family.MENTIONS: all of its name table but the empty one."""
    return facts.names[1:]
