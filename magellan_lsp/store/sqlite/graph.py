"""Keeps Magellan's graph tables equal to what our records say: files, symbols, references, calls, imports, names.

Works on what changed since it last settled. A symbol keeps its entity id as long as it is there, so edges into it
stay when its own file is indexed again. A file's References, Calls and Imports have consecutive ids, as have their
edges, so that all of them go with one range each. Where a symbol comes or goes, the files that refer to it are
made again. Calls to what is not in the index have no edge in Magellan's schema; they are kept beside (``loose``).

Tests: ``tests/store/test_sqlite.py``.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from magellan_lsp.facts.file_facts import MODULE_PART, FileFacts
from magellan_lsp.facts.kinds import Role
from magellan_lsp.facts.links import FileLinks
from magellan_lsp.store import keys
from magellan_lsp.store.sqlite import entities
from magellan_lsp.store.sqlite.details import DetailRows
from magellan_lsp.store.sqlite.schema import PREFIX
from magellan_lsp.store.sqlite.sources import Source, Sources, shown
from magellan_lsp.store.tables import TableReader

#: Symbols of other files that are remembered while settling.
_MAX_KNOWN = 200_000

_Entity = tuple[int, str, str, str | None, str]
_Edge = tuple[int, int, int, str, str]


class _Known(NamedTuple):
    """A symbol as calls and references name it."""

    entity: int
    name: str
    magellan_id: str


class Graph:
    """One transaction's changes to Magellan's graph."""

    def __init__(self, connection: sqlite3.Connection, raw: TableReader, sources: Sources) -> None:
        self._db = connection
        self._raw = raw
        self._sources = sources
        self.details = DetailRows(connection)
        self._gone: dict[int, str] = {}  # removed files, by number
        self._changed: dict[int, str] = {}  # files with new facts, by number
        self._relinked: dict[int, None] = {}  # files with other links, by number
        self._known: dict[bytes, _Known | None] = {}
        self._displays: set[str] = set()
        self._given: dict[str, list[str]] = {}  # labels given to symbols of the file at hand
        self._next_entity = 0
        self._next_edge = 0

    # what callers say

    def file_changed(self, number: int, path: str) -> None:
        self._changed[number] = path
        self._relinked[number] = None

    def file_gone(self, number: int, path: str) -> None:
        self._changed.pop(number, None)
        self._relinked.pop(number, None)
        self._gone[number] = path

    def links_changed(self, number: int) -> None:
        self._relinked[number] = None

    def file_touched(self, number: int, path: str) -> None:
        """Its time is new, and perhaps its text is there again."""
        self._changed.setdefault(number, path)
        self._relinked[number] = None

    def settle(self) -> None:
        """Bring the tables up to date. What our own tables have pending must be written."""
        if not (self._gone or self._changed or self._relinked):
            return
        self._next_entity = self._after("graph_entities")
        self._next_edge = self._after("graph_edges")
        self._known.clear()
        # Symbols first, whoever's they are: references and calls then find their ends.
        for number in self._gone:
            self._drop_file(number)
        for number, path in self._changed.items():
            self._put_file(number, path)
        for number in self._relinked:
            self._put_links(number)
        self._settle_aliases()
        self._gone.clear()
        self._changed.clear()
        self._relinked.clear()

    def entity_of(self, symbol: str) -> int | None:
        """The Symbol entity of a SymbolId."""
        known = self._find(bytes.fromhex(symbol))
        return None if known is None else known.entity

    def file_entity(self, number: int) -> int:
        """The File entity of a file that is there."""
        row = self._db.execute(f"SELECT entity FROM {PREFIX}file WHERE number = ?", (number,)).fetchone()
        return int(row[0])

    def set_labels(self, symbol: str, labels: Sequence[str]) -> None:
        """Give a symbol's entity these labels, all of them."""
        row = self._db.execute(
            f"SELECT entity, labels FROM {PREFIX}symbol WHERE symbol = ?", (bytes.fromhex(symbol),)
        ).fetchone()
        if row is not None:
            self._change_labels(row[0], json.loads(row[1]), [shown(label) for label in labels])

    # files and symbols

    def _after(self, table: str) -> int:
        """The next id of a table: none is used twice."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return int(row[0]) + 1 if row is not None else 1

    def _drop_file(self, number: int) -> None:
        row = self._db.execute(
            f"SELECT entity, path FROM {PREFIX}file WHERE number = ?", (number,)
        ).fetchone()
        if row is None:
            return
        entity, path = row
        self.details.drop(path, entity)
        self._drop_links(number)
        self._drop_symbols([symbol for symbol, _ in self._symbols_of(entity)])
        self._db.execute("DELETE FROM graph_edges WHERE from_id = ?", (entity,))
        self._db.execute("DELETE FROM graph_edges WHERE to_id = ?", (entity,))
        self._db.execute("DELETE FROM graph_entities WHERE id = ?", (entity,))
        self._db.execute(f"DELETE FROM {PREFIX}file WHERE number = ?", (number,))

    def _symbols_of(self, file: int) -> list[tuple[bytes, int]]:
        """(SymbolId, entity) of the symbols that a File entity defines."""
        return self._db.execute(
            f"SELECT s.symbol, s.entity FROM graph_edges e INDEXED BY idx_edges_from CROSS JOIN {PREFIX}symbol s"
            " ON s.entity = e.to_id WHERE e.from_id = ? AND +e.edge_type = 'DEFINES'",
            (file,),
        ).fetchall()

    def _put_file(self, number: int, path: str) -> None:
        record = self._raw.find_file(path)
        facts = self._raw.facts_of(number)
        if record is None:
            return
        absolute = self._sources.absolute(path)
        source = self._sources.read(path, record.digest)
        data = entities.file_data(record, absolute, source, int(time.time()))
        row = self._db.execute(f"SELECT entity FROM {PREFIX}file WHERE number = ?", (number,)).fetchone()
        if row is None:
            file = self._entity()
            self._insert_entities([(file, "File", absolute, absolute, data)])
            self._db.execute(
                f"INSERT INTO {PREFIX}file (number, entity, path) VALUES (?, ?, ?)", (number, file, absolute)
            )
            before: dict[bytes, int] = {}
            self._db.execute("DELETE FROM code_chunks WHERE file_path = ?", (absolute,))
        else:
            file = row[0]
            before = dict(self._symbols_of(file))
            self._db.execute("UPDATE graph_entities SET data = ? WHERE id = ?", (data, file))
            if not self._raw.find_computed(path):
                self.details.drop(absolute, file)
        rows = entities.symbol_rows(facts, absolute, source) if facts is not None else []
        symbols = {bytes.fromhex(one.symbol): one for one in rows}
        self._drop_symbols([symbol for symbol in before if symbol not in symbols])
        self._given = dict(self._raw.given_labels(number))
        self._change_symbols(
            [(before[symbol], one) for symbol, one in symbols.items() if symbol in before], absolute
        )
        self._add_symbols(file, [one for symbol, one in symbols.items() if symbol not in before], absolute)

    def _drop_symbols(self, symbols: Sequence[bytes]) -> None:
        for symbol in symbols:
            self._known.pop(symbol, None)
            entity, display, labels = self._db.execute(
                f"SELECT entity, display, labels FROM {PREFIX}symbol WHERE symbol = ?", (symbol,)
            ).fetchone()
            self._displays.add(display)
            self._change_labels(entity, json.loads(labels), [])
            for statement in (
                "DELETE FROM graph_edges WHERE from_id = ?",
                "DELETE FROM graph_edges WHERE to_id = ?",
                "DELETE FROM cfg_blocks WHERE function_id = ?",
                "DELETE FROM symbol_metrics WHERE symbol_id = ?",
                "DELETE FROM graph_entities WHERE id = ?",
                f"DELETE FROM {PREFIX}symbol WHERE entity = ?",
            ):
                self._db.execute(statement, (entity,))
            self._relink_referrers(symbol)

    def _change_symbols(self, rows: list[tuple[int, entities.SymbolRow]], path: str) -> None:
        for entity, one in rows:
            display, labels = self._db.execute(
                f"SELECT display, labels FROM {PREFIX}symbol WHERE entity = ?", (entity,)
            ).fetchone()
            if display != one.display:
                self._displays.update((display, one.display))
            self._db.execute(
                "UPDATE graph_entities SET name = ?, file_path = ?, data = ? WHERE id = ?",
                (one.name, path, one.data, entity),
            )
            self._db.execute(
                f"UPDATE {PREFIX}symbol SET display = ?, name = ?, magellan_id = ? WHERE entity = ?",
                (one.display, one.name, one.magellan_id, entity),
            )
            self._change_labels(entity, json.loads(labels), self._labels_of(one))

    def _add_symbols(self, file: int, rows: list[entities.SymbolRow], path: str) -> None:
        if not rows:
            return
        made: list[_Entity] = []
        listed: list[tuple[int, bytes, str, str, str, str]] = []
        edges: list[_Edge] = []
        labelled: list[tuple[int, str]] = []
        for one in rows:
            entity = self._entity()
            symbol = bytes.fromhex(one.symbol)
            labels = self._labels_of(one)
            made.append((entity, "Symbol", one.name, path, one.data))
            listed.append((entity, symbol, one.display, one.name, one.magellan_id, json.dumps(labels)))
            edges.append((self._edge(), file, entity, "DEFINES", "{}"))
            labelled += [(entity, label) for label in labels]
            self._displays.add(one.display)
            self._known[symbol] = _Known(entity, one.name, one.magellan_id)
        self._insert_entities(made)
        self._db.executemany(
            f"INSERT INTO {PREFIX}symbol (entity, symbol, display, name, magellan_id, labels)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            listed,
        )
        self._insert_edges(edges)
        self._db.executemany("INSERT INTO graph_labels (entity_id, label) VALUES (?, ?)", labelled)
        if self._has_links():
            for _, symbol, *_ in listed:
                self._relink_referrers(symbol)

    def _labels_of(self, one: entities.SymbolRow) -> list[str]:
        return sorted({*one.labels, *map(shown, self._given.get(one.symbol, ()))})

    def _change_labels(self, entity: int, before: Sequence[str], after: Sequence[str]) -> None:
        if sorted(set(before)) == sorted(set(after)):
            return
        self._db.executemany(
            "DELETE FROM graph_labels WHERE label = ? AND entity_id = ?",
            [(label, entity) for label in before],
        )
        labels = sorted(set(after))
        self._db.executemany(
            "INSERT INTO graph_labels (entity_id, label) VALUES (?, ?)", [(entity, label) for label in labels]
        )
        self._db.execute(
            f"UPDATE {PREFIX}symbol SET labels = ? WHERE entity = ?", (json.dumps(labels), entity)
        )

    def _has_links(self) -> bool:
        return self._db.execute(f"SELECT 1 FROM {PREFIX}links LIMIT 1").fetchone() is not None

    def _relink_referrers(self, symbol: bytes) -> None:
        for number in self._raw.numbers(keys.REFERRED, symbol):
            if number not in self._gone:
                self._relinked[number] = None

    # references, calls, imports

    def _drop_links(self, number: int) -> int | None:
        """Forget what a file's links gave; the answer is its File entity."""
        row = self._db.execute(
            f"SELECT entity, first_entity, end_entity, first_edge, end_edge FROM {PREFIX}file WHERE number = ?",
            (number,),
        ).fetchone()
        if row is None:
            return None
        file, first, end, first_edge, end_edge = row
        if end > first:
            self._db.execute("DELETE FROM graph_entities WHERE id >= ? AND id < ?", (first, end))
        if end_edge > first_edge:
            self._db.execute("DELETE FROM graph_edges WHERE id >= ? AND id < ?", (first_edge, end_edge))
        self._db.execute(f"DELETE FROM {PREFIX}loose WHERE number = ?", (number,))
        return int(file)

    def _put_links(self, number: int) -> None:
        file = self._drop_links(number)
        if file is None:
            return
        first, first_edge = self._next_entity, self._next_edge
        links = self._raw.links_of(number)
        facts = self._raw.facts_of(number) if links is not None else None
        if links is not None and facts is not None:
            made = _LinkRows(self, facts, links)
            made.build(file)
            self._insert_entities(made.entities)
            self._insert_edges(made.edges)
            self._db.executemany(
                f"INSERT OR IGNORE INTO {PREFIX}loose (caller, callee, number) VALUES (?, ?, ?)",
                [(caller, callee, number) for caller, callee in sorted(made.loose)],
            )
        self._db.execute(
            f"UPDATE {PREFIX}file SET first_entity = ?, end_entity = ?, first_edge = ?, end_edge = ?"
            " WHERE number = ?",
            (first, self._next_entity, first_edge, self._next_edge, number),
        )

    def _find(self, symbol: bytes) -> _Known | None:
        if symbol in self._known:
            return self._known[symbol]
        row = self._db.execute(
            f"SELECT entity, name, magellan_id FROM {PREFIX}symbol WHERE symbol = ?", (symbol,)
        ).fetchone()
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        known = self._known[symbol] = None if row is None else _Known(*row)
        return known

    def _file_entity(self, symbol: str) -> int | None:
        """The File entity of a file's own symbol."""
        place = self._raw.find_symbol(symbol)
        if place is None or place.definition != 0:
            return None
        row = self._db.execute(
            f"SELECT entity FROM {PREFIX}file WHERE number = ?", (self._raw.number_of(place.path),)
        ).fetchone()
        return None if row is None else int(row[0])

    # names that several symbols have

    def _settle_aliases(self) -> None:
        for display in sorted(self._displays):
            wanted = {
                entity
                for (entity,) in self._db.execute(
                    f"SELECT entity FROM {PREFIX}symbol WHERE display = ?", (display,)
                )
            }
            row = self._db.execute(
                f"SELECT entity FROM {PREFIX}alias WHERE display = ?", (display,)
            ).fetchone()
            if len(wanted) < 2:
                if row is not None:
                    self._db.execute("DELETE FROM graph_edges WHERE from_id = ?", row)
                    self._db.execute("DELETE FROM graph_entities WHERE id = ?", row)
                    self._db.execute(f"DELETE FROM {PREFIX}alias WHERE display = ?", (display,))
                continue
            if row is None:
                alias = self._entity()
                self._insert_entities([(alias, "DisplayName", display, None, "{}")])
                self._db.execute(
                    f"INSERT INTO {PREFIX}alias (display, entity) VALUES (?, ?)", (display, alias)
                )
                there: set[int] = set()
            else:
                alias = row[0]
                there = {
                    target
                    for (target,) in self._db.execute(
                        "SELECT to_id FROM graph_edges WHERE from_id = ?", (alias,)
                    )
                }
            self._insert_edges(
                [(self._edge(), alias, entity, "alias_of", "{}") for entity in sorted(wanted - there)]
            )
            for entity in there - wanted:
                self._db.execute("DELETE FROM graph_edges WHERE from_id = ? AND to_id = ?", (alias, entity))
        self._displays.clear()

    # rows

    def _entity(self) -> int:
        self._next_entity += 1
        return self._next_entity - 1

    def _edge(self) -> int:
        self._next_edge += 1
        return self._next_edge - 1

    def _insert_entities(self, rows: Iterable[_Entity]) -> None:
        self._db.executemany(
            "INSERT INTO graph_entities (id, kind, name, file_path, data) VALUES (?, ?, ?, ?, ?)", rows
        )

    def _insert_edges(self, rows: Iterable[_Edge]) -> None:
        self._db.executemany(
            "INSERT INTO graph_edges (id, from_id, to_id, edge_type, data) VALUES (?, ?, ?, ?, ?)", rows
        )


class _LinkRows:
    """The rows that one file's links give."""

    def __init__(self, graph: Graph, facts: FileFacts, links: FileLinks) -> None:
        self.entities: list[_Entity] = []
        self.edges: list[_Edge] = []
        self.loose: set[tuple[bytes, bytes]] = set()
        self._graph = graph
        self._facts = facts
        self._links = links
        self._path = graph._sources.absolute(facts.path)
        self._path_json = json.dumps(self._path)
        self._source: Source = graph._sources.read(facts.path, facts.digest)
        self._callers: dict[int, bytes | None] = {}

    def build(self, file: int) -> None:
        graph, facts = self._graph, self._facts
        module_of: dict[int, int] = {}  # import row -> File entity
        for occurrence, target, _ in self._links.links:
            role = facts.occ_role[occurrence]
            symbol = bytes.fromhex(target)
            known = graph._find(symbol)
            caller = self._caller(facts.occ_scope[occurrence]) if role == Role.CALL else None
            if known is None:
                if caller is not None:
                    self.loose.add((caller, symbol))
                continue
            if role == Role.DEFINITION:
                continue
            span = self._span(facts.occ_start[occurrence], facts.occ_end[occurrence])
            self._refer(known, span)
            if caller is not None:
                self._call(caller, symbol, known, span)
            if facts.occ_target[occurrence] == MODULE_PART:
                entity = graph._file_entity(target)
                if entity is not None:
                    module_of[facts.occ_expr[occurrence]] = entity
        for row in range(len(facts.import_start)):
            self._import(file, row, module_of.get(row))

    def _caller(self, scope: int) -> bytes | None:
        if scope not in self._callers:
            symbol = self._facts.symbol_id(max(self._facts.enclosing_symbol(scope), 0))
            self._callers[scope] = None if symbol is None else bytes.fromhex(symbol)
        return self._callers[scope]

    def _span(self, start: int, end: int) -> str:
        """The six numbers of a span, as the inside of a JSON object."""
        (line, column), (end_line, end_column) = self._source.place(start), self._source.place(end)
        return (
            f'"byte_start":{start},"byte_end":{end},"start_line":{line},"start_col":{column},'
            f'"end_line":{end_line},"end_col":{end_column}'
        )

    def _refer(self, known: _Known, span: str) -> None:
        entity = self._graph._entity()
        data = f'{{"file":{self._path_json},{span}}}'
        self.entities.append((entity, "Reference", f"ref to {known.name}", self._path, data))
        self.edges.append((self._graph._edge(), entity, known.entity, "REFERENCES", f"{{{span}}}"))

    def _call(self, caller: bytes, callee: bytes, known: _Known, span: str) -> None:
        graph = self._graph
        calling = graph._find(caller)
        if calling is None:
            self.loose.add((caller, callee))
            return
        entity = graph._entity()
        data = (
            f'{{"file":{self._path_json},"caller":{json.dumps(calling.name)},"callee":{json.dumps(known.name)},'
            f'"caller_symbol_id":"{calling.magellan_id}","callee_symbol_id":"{known.magellan_id}",{span}}}'
        )
        self.entities.append((entity, "Call", f"{calling.name} calls {known.name}", self._path, data))
        self.edges.append((graph._edge(), calling.entity, entity, "CALLER", "{}"))
        self.edges.append((graph._edge(), entity, known.entity, "CALLS", "{}"))

    def _import(self, file: int, row: int, target: int | None) -> None:
        graph = self._graph
        kind, data = entities.import_data(self._facts, row, self._path, self._source, target)
        entity = graph._entity()
        start, end = max(self._facts.import_start[row], 0), max(self._facts.import_end[row], 0)
        self.entities.append((entity, "Import", f"{kind} import from {self._path}", self._path, data))
        span = f'{{"byte_start":{start},"byte_end":{end}}}'
        self.edges.append((graph._edge(), file, entity, "IMPORTS", span))
        if target is not None:
            self.edges.append((graph._edge(), entity, target, "DEFINES", "{}"))
