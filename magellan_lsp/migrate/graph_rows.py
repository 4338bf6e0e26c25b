"""Magellan's rows in a form that answers can be made of: what there is of each file, by our paths.

Reads the rows that a store carries, once through the graph's tables for some files at a time; the texts of chunks and the
syntax nodes are read again file by file. Rows that make no sense are passed over. Tests:
``tests/migration/test_automatic.py``.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any

import attrs
import msgspec

from magellan_lsp.migrate import carried
from magellan_lsp.migrate.executions import TABLE
from magellan_lsp.migrate.paths import Paths, roots_of
from magellan_lsp.migrate.rows import OddText, Schema, Table
from magellan_lsp.store.base import Reader

#: Offsets beyond this are no offsets in a file.
_LARGEST = (1 << 31) - 1
_KEPT_BLOCKS = 64


class _Data(msgspec.Struct):
    """What is read of an entity's ``data``."""

    byte_start: int = -1
    byte_end: int = -1
    fqn: str | None = None
    kind: str | None = None
    name: str | None = None
    callee: str | None = None
    hash: str | None = None


_decode = msgspec.json.Decoder(_Data).decode


@attrs.define
class Symbol:
    """A Symbol entity."""

    entity: int
    name: str
    fqn: str
    kind: str  # Magellan's word
    start: int
    end: int
    labels: list[str] = attrs.field(factory=list)


@attrs.define
class Use:
    """A Reference or Call entity: where, and the Symbol entity that it leads to."""

    start: int
    end: int
    name: str
    target: int
    is_call: bool = False


@attrs.define
class File:
    """What there is of one file."""

    path: str  # ours
    entity: int = 0
    hash: str = ""
    symbols: list[Symbol] = attrs.field(factory=list)
    uses: dict[int, Use] = attrs.field(factory=dict)  # by entity
    theirs: set[str] = attrs.field(factory=set)  # the path as Magellan has it, in each of its spellings


class Rows:
    """The tables that a store carries, and the files that they speak of.

    Attributes:
        weights: how many entities there are of each file, by our path, in the order in which they come.
    """

    def __init__(self, reader: Reader, workspace: Path, check: Callable[[], None] = lambda: None) -> None:
        self._schema = carried.find_schema(reader) or Schema((), ())
        self._check = check
        self._ours: dict[str, str | None] = {}
        self.weights: Counter[str] = Counter()
        theirs = Counter(
            path
            for (path,) in self.rows(reader, "graph_entities", "file_path")
            if isinstance(path, str) and path
        )
        roots = roots_of(
            (root for (root,) in self.rows(reader, "magellan_meta", "index_root")),
            (root for (root,) in self.rows(reader, TABLE, "root")),
        )
        self._paths = Paths(roots, list(theirs), workspace)
        for path, count in theirs.items():
            ours = self.ours(path)
            if ours is not None:
                self.weights[ours] += count

    def rows(self, reader: Reader, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Some columns of a table, in its order; nothing when one is not there."""
        table = self._schema.table(name)
        places = [table.index(column) for column in columns] if table is not None else [-1]
        if table is None or min(places) < 0:
            return
        for rows, _, _ in carried.iter_table(reader, self._schema, table):
            self._check()
            for row in rows:
                yield tuple([_readable(row[at]) for at in places])

    def ours(self, path: object) -> str | None:
        """Our path for one of Magellan's."""
        if not isinstance(path, str):
            return None
        if path not in self._ours:
            self._ours[path] = self._paths.ours(path)
        return self._ours[path]

    def by_owner(self, reader: Reader, name: str, owner: str, *columns: str) -> ByOwner:
        """Rows of a table by the value of a column, read again when they are asked for."""
        return ByOwner(reader, self._schema, self._schema.table(name), owner, columns)


class GraphRows:
    """What there is of some files but texts and syntax nodes, in memory.

    Args:
        rows: of the same store.
        wanted: our paths of the files.
        known: whether an entity is a symbol of any file; None: it is one of these files'.
        symbols_only: without uses, edges and labels.

    Attributes:
        files: by our path.
        implements: pairs of Symbol entities, a type and what it implements.
    """

    def __init__(
        self,
        reader: Reader,
        rows: Rows,
        wanted: Container[str],
        known: Container[int] | None = None,
        *,
        symbols_only: bool = False,
    ) -> None:
        self._reader = reader
        self._rows = rows
        self.files: dict[str, File] = {}
        self.implements: list[tuple[int, int]] = []
        self._symbols: dict[int, Symbol] = {}
        self._uses: dict[int, Use] = {}
        self._known = self._symbols if known is None else known
        self._read_entities(
            wanted, frozenset({"File", "Symbol"} if symbols_only else {"File", "Symbol", "Reference", "Call"})
        )
        if not symbols_only:
            self._read_edges()
            self._read_labels()

    def _read_entities(self, wanted: Container[str], kinds: Container[str]) -> None:
        for entity, kind, name, path, data in self._rows.rows(
            self._reader, "graph_entities", "id", "kind", "name", "file_path", "data"
        ):
            if kind not in kinds:
                continue
            ours = self._rows.ours(path)
            if ours is None or ours not in wanted:
                continue
            try:
                said = _decode(data)
            except (msgspec.MsgspecError, TypeError, RecursionError):  # too deep to be one of Magellan's
                continue
            file = self.files.get(ours)
            if file is None:
                file = self.files[ours] = File(ours)
            file.theirs.add(path)
            if kind == "File":
                file.entity, file.hash = entity, said.hash or ""
            elif 0 <= said.byte_start <= said.byte_end <= _LARGEST:
                self._take(file, entity, kind, str(name), said)

    def _take(self, file: File, entity: int, kind: str, name: str, said: _Data) -> None:
        if kind == "Symbol":
            symbol = Symbol(
                entity, said.name or "", said.fqn or "", said.kind or "", said.byte_start, said.byte_end
            )
            file.symbols.append(symbol)
            self._symbols[entity] = symbol
            return
        is_call = kind == "Call"
        text = (said.callee or "") if is_call else name.removeprefix("ref to ")
        use = Use(said.byte_start, said.byte_end, text, 0, is_call)
        file.uses[entity] = use
        self._uses[entity] = use

    def _read_edges(self) -> None:
        for source, target, kind in self._rows.rows(
            self._reader, "graph_edges", "from_id", "to_id", "edge_type"
        ):
            if kind in ("REFERENCES", "CALLS"):
                use = self._uses.get(source)
                if use is not None and not use.target and target in self._known:
                    use.target = target
            elif kind == "IMPLEMENTS" and source in self._symbols and target in self._known:
                self.implements.append((source, target))

    def _read_labels(self) -> None:
        for entity, label in self._rows.rows(self._reader, "graph_labels", "entity_id", "label"):
            symbol = self._symbols.get(entity)
            if symbol is not None and isinstance(label, str):
                symbol.labels.append(label)


class ByOwner:
    """Rows of one table by the value of a column: remembers in which blocks an owner's rows are, not the rows."""

    def __init__(
        self, reader: Reader, schema: Schema, table: Table | None, owner: str, columns: tuple[str, ...]
    ) -> None:
        self._blocks: dict[Any, list[int]] = {}
        self._places: list[int] = []
        self._owner = table.index(owner) if table is not None else -1
        self._kept: OrderedDict[int, list[list[Any]]] = OrderedDict()
        self._read: Callable[[Reader, int], list[list[Any]]] = lambda reader, number: []
        if table is None or self._owner < 0:
            return
        self._places = [table.index(column) for column in columns]
        if min(self._places) < 0:
            return
        for number, (rows, _, _) in enumerate(carried.iter_table(reader, schema, table)):
            for value in dict.fromkeys([row[self._owner] for row in rows]):
                self._blocks.setdefault(value, []).append(number)
        self._read = lambda reader, number: carried.block_of(reader, schema, table, number)

    def rows(self, reader: Reader, owner: Any) -> Iterator[tuple[Any, ...]]:
        """The chosen columns of an owner's rows, in the table's order."""
        for number in self._blocks.get(owner, ()):
            rows = self._kept.get(number)
            if rows is None:
                rows = self._kept[number] = self._read(reader, number)
                if len(self._kept) > _KEPT_BLOCKS:
                    self._kept.popitem(last=False)
            for row in rows:
                if row[self._owner] == owner:
                    yield tuple([_readable(row[at]) for at in self._places])


def _readable(value: Any) -> Any:
    """A value to make answers of: a text that is no UTF-8 as one that can be sent."""
    return value.decode("utf-8", "replace") if isinstance(value, OddText) else value
