"""Bytes of the records: facts, links and file records to a compact form and back.

Headers are msgpack, tables are the machine's own 32-bit integers and are never touched one by one when
decoding. Every record carries its version and checksums, so that damaged bytes are named and never taken for
facts. Knows of no database. Tests: ``tests/store/test_codec.py``; the layout is written down in
``docs/index-format.md``.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

import msgspec

from magellan_lsp.errors import IndexDamagedError, IndexFormatError
from magellan_lsp.facts.file_facts import COLUMNS, FACTS_VERSION, Column, FileFacts, Problem
from magellan_lsp.facts.kinds import Role
from magellan_lsp.facts.links import LINKS_VERSION, FileLinks, Link, Reference, Relation, RelationKind
from magellan_lsp.store.base import FileRecord, SymbolHit

_Value = TypeVar("_Value")

NOWHERE = Path()
_CODEC = 2
_ODD = 0xC1  # no msgpack starts with it: what follows are texts with lone surrogates, kept as bytes
_FACTS_MAGIC = b"mgF"
_LINKS_MAGIC = b"mgL"
_RECORD_MAGIC = b"mgR"

# magic, codec version, version of the record's content; crc of the front part, crc of the rest, end of the
# front
_FRONT = struct.Struct("=3sBIIII")
_FACTS_SIZES = struct.Struct("=5I")  # head, texts, names, symbol ids, qualified names (bytes)
_COLUMN_SIZES = struct.Struct(f"={len(COLUMNS)}I")  # rows
_CHECKED_FROM = 16  # the checksum of the front covers everything behind the checksums themselves
# Columns up to here belong to the front: symbols can be listed without reading (and checking) the
# occurrences.
_N_FRONT_COLUMNS = 1 + max(i for i, name in enumerate(COLUMNS) if name.startswith("def_"))
_COLUMN_INDEX = {name: i for i, name in enumerate(COLUMNS)}

_encode = msgspec.msgpack.Encoder().encode
_decode_head = msgspec.msgpack.Decoder(tuple[int, bytes, int, list[tuple[int, int]]]).decode
_decode_texts = msgspec.msgpack.Decoder(list[str]).decode
_decode_odd_texts = msgspec.msgpack.Decoder(list[bytes]).decode
_decode_record = msgspec.msgpack.Decoder(tuple[bytes, str, bytes, int, int, int, int, bool, bytes]).decode

ROLES: tuple[Role, ...] = tuple(Role(max(i, 1)) for i in range(max(Role) + 1))


def to_bytes(text: str) -> bytes:
    """UTF-8 of any text, lone surrogates (undecodable file names) included; keeps code point order."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def to_text(data: bytes | memoryview) -> str:
    """The text that :func:`to_bytes` encoded.

    Raises:
        UnicodeDecodeError: it did not encode these bytes. Becomes an ``IndexDamagedError`` where a transaction ends.
    """
    try:
        return str(data, "utf-8")
    except UnicodeDecodeError:
        return str(data, "utf-8", "surrogatepass")


# Facts
# ------------------------------------------------------------------------------------------------------------


def encode_facts(facts: FileFacts) -> bytes:
    """The record of one file's facts. Equal facts give equal bytes. Cost: one copy of the columns."""
    columns = [_ints(getattr(facts, name)) for name in COLUMNS]
    head = _encode((facts.size, facts.digest, len(facts.groups), [(p.start, p.end) for p in facts.problems]))
    texts = _encode_texts(
        [facts.path, facts.language, facts.module, *facts.groups, *(p.message for p in facts.problems)]
    )
    names = _encode_texts(facts.names)
    ids = bytes.fromhex("".join(facts.symbol_ids))
    if len(ids) != 16 * len(facts.symbol_ids) or len(facts.qualified) != len(facts.symbol_ids):
        raise ValueError(f"symbol ids of {facts.path!r} are not 32 hex digits each, one per qualified name")
    qualified = _encode_texts(facts.qualified)
    sizes = _FACTS_SIZES.pack(len(head), len(texts), len(names), len(ids), len(qualified))
    rows = _COLUMN_SIZES.pack(*map(len, columns))
    parts = [sizes, rows, head, texts, names, ids, qualified]
    parts.append(bytes(-sum(map(len, parts)) % 4))
    front = b"".join([*parts, *columns[:_N_FRONT_COLUMNS]])
    rest = b"".join(columns[_N_FRONT_COLUMNS:])
    end = _FRONT.size + len(front)
    checked = struct.pack("=I", end) + front
    return b"".join(
        [_FRONT.pack(_FACTS_MAGIC, _CODEC, FACTS_VERSION, crc32(checked), crc32(rest), end), front, rest]
    )


def decode_facts(data: bytes | memoryview, where: Path = NOWHERE) -> FileFacts:
    """The facts, their columns memoryviews into (a copy of) ``data``. Cost: 20 to 50 µs, independent of the
    rows.

    Raises:
        IndexFormatError: another version wrote it.
        IndexDamagedError: it is cut short, or its bytes are not those that were written.
    """
    if not isinstance(data, bytes):
        data = bytes(data)
    end, ends = _check_facts(data, where)
    if len(data) != end + 4 * (ends[-1] - ends[_N_FRONT_COLUMNS]):
        raise IndexDamagedError(where, "facts of the wrong length")
    if crc32(memoryview(data)[end:]) != struct.unpack_from("=I", data, 12)[0]:
        raise IndexDamagedError(where, "facts with a wrong checksum")
    return _decoded(where, lambda: _facts(data, ends))


def _facts(data: bytes, ends: list[int]) -> FileFacts:
    view = memoryview(data)
    at = _FRONT.size + _FACTS_SIZES.size + _COLUMN_SIZES.size
    n_head, n_texts, n_names, n_ids, n_qualified = _FACTS_SIZES.unpack_from(data, _FRONT.size)
    size, digest, n_groups, spans = _decode_head(view[at : at + n_head])
    at += n_head
    texts = _texts(view[at : at + n_texts])
    at += n_texts
    names = _texts(view[at : at + n_names])
    at += n_names
    ids = view[at : at + n_ids].hex()
    at += n_ids
    header: dict[str, Any] = {
        "path": texts[0],
        "language": texts[1],
        "digest": digest,
        "size": size,
        "names": names,
        "symbol_ids": [ids[i : i + 32] for i in range(0, len(ids), 32)],
        "qualified": _texts(view[at : at + n_qualified]),
        "module": texts[2],
        "groups": texts[3 : 3 + n_groups],
        "problems": [Problem(*span, text) for span, text in zip(spans, texts[3 + n_groups :], strict=True)],
    }
    at += n_qualified
    ints = view[at + -at % 4 :].cast("i")
    return FileFacts(header, {name: ints[ends[i] : ends[i + 1]] for i, name in enumerate(COLUMNS)})


def _check_facts(data: bytes | memoryview, where: Path) -> tuple[int, list[int]]:
    """Check the front; give its end (bytes) and where each column starts and ends (in integers from the
    first).
    """
    end = _check(data, _FACTS_MAGIC, FACTS_VERSION, where)
    sizes_end = _FRONT.size + _FACTS_SIZES.size + _COLUMN_SIZES.size
    if end < sizes_end or end > len(data):
        raise IndexDamagedError(where, "facts of the wrong length")
    if crc32(memoryview(data)[_CHECKED_FROM:end]) != struct.unpack_from("=I", data, 8)[0]:
        raise IndexDamagedError(where, "facts with a wrong checksum")
    ends = list(accumulate(_COLUMN_SIZES.unpack_from(data, _FRONT.size + _FACTS_SIZES.size), initial=0))
    return end, ends


class SymbolRows(NamedTuple):
    """The part of a file's facts that lists its symbols. Rows of ``def_*`` are definitions, locals among
    them.
    """

    path: str
    module: str
    names: list[str]
    symbol_ids: list[str]
    qualified: list[str]
    def_name: Column
    def_kind: Column
    def_flags: Column
    def_name_start: Column
    def_name_end: Column
    def_start: Column
    def_end: Column
    def_symbol: Column
    language: str

    def hit(self, definition: int) -> SymbolHit:
        """The symbol that a definition is; it must be one."""
        row = self.def_symbol[definition]
        return SymbolHit(
            self.symbol_ids[row],
            self.path,
            definition,
            self.names[self.def_name[definition]],
            self.qualified[row],
            self.def_kind[definition],
            self.def_flags[definition],
            self.def_name_start[definition],
            self.def_name_end[definition],
            self.def_start[definition],
            self.def_end[definition],
        )

    def definitions(self) -> list[int]:
        """Definitions that are symbols, in source order."""
        return [definition for definition, row in enumerate(self.def_symbol) if row >= 0]

    def named(self, name: str) -> list[int]:
        """Symbols of a simple name."""
        try:
            index = self.names.index(name)
        except ValueError:
            return []
        symbol = self.def_symbol
        return [i for i, text in enumerate(self.def_name) if text == index and symbol[i] >= 0]


def decode_symbols(data: bytes | memoryview, where: Path = NOWHERE) -> SymbolRows:
    """The symbols in a record of facts; reads only its front part. Raises as :func:`decode_facts`."""
    end, ends = _check_facts(data, where)
    front = bytes(data[:end])
    return _decoded(where, lambda: _symbol_rows(front, ends))


def _symbol_rows(front: bytes, ends: list[int]) -> SymbolRows:
    view = memoryview(front)
    n_head, n_texts, n_names, n_ids, n_qualified = _FACTS_SIZES.unpack_from(front, _FRONT.size)
    at = _FRONT.size + _FACTS_SIZES.size + _COLUMN_SIZES.size + n_head
    texts = _texts(view[at : at + n_texts])
    at += n_texts
    names = _texts(view[at : at + n_names])
    at += n_names
    ids = view[at : at + n_ids].hex()
    at += n_ids
    qualified = _texts(view[at : at + n_qualified])
    at += n_qualified
    ints = view[at + -at % 4 :].cast("i")

    def column(name: str) -> Column:
        i = _COLUMN_INDEX[name]
        return ints[ends[i] : ends[i + 1]]

    return SymbolRows(
        texts[0],
        texts[2],
        names,
        [ids[i : i + 32] for i in range(0, len(ids), 32)],
        qualified,
        column("def_name"),
        column("def_kind"),
        column("def_flags"),
        column("def_name_start"),
        column("def_name_end"),
        column("def_start"),
        column("def_end"),
        column("def_symbol"),
        texts[1],
    )


def decode_named(data: bytes | memoryview, name: str, where: Path = NOWHERE) -> list[SymbolHit]:
    """The symbols of a simple name in a record of facts, by definition.

    What :func:`decode_symbols` gives and ``SymbolRows.named`` picks, without decoding the other symbols: a search
    asks hundreds of files for one or two each. Raises as :func:`decode_facts`.
    """
    end, ends = _check_facts(data, where)
    return _decoded(where, lambda: _named(memoryview(data)[:end], ends, name))


def _named(view: memoryview, ends: list[int], name: str) -> list[SymbolHit]:
    n_head, n_texts, n_names, n_ids, n_qualified = _FACTS_SIZES.unpack_from(view, _FRONT.size)
    texts_at = _FRONT.size + _FACTS_SIZES.size + _COLUMN_SIZES.size + n_head
    names_at = texts_at + n_texts
    ids_at = names_at + n_names
    qualified_at = ids_at + n_ids
    ints_at = qualified_at + n_qualified
    try:
        wanted = _texts(view[names_at:ids_at]).index(name)
    except ValueError:
        return []
    ints = view[ints_at + -ints_at % 4 :].cast("i")

    def column(title: str) -> Column:
        i = _COLUMN_INDEX[title]
        return ints[ends[i] : ends[i + 1]]

    symbols = column("def_symbol")
    found = [i for i in _places(column("def_name"), wanted) if symbols[i] >= 0]
    if not found:
        return []
    path = _texts(view[texts_at:names_at])[0]
    qualified = _texts(view[qualified_at:ints_at])
    rest = [column(title) for title in _HIT_COLUMNS]
    return [
        SymbolHit(
            view[ids_at + 16 * (row := symbols[i]) : ids_at + 16 * row + 16].hex(),
            path,
            i,
            name,
            qualified[row],
            *[one[i] for one in rest],
        )
        for i in found
    ]


_HIT_COLUMNS = ("def_kind", "def_flags", "def_name_start", "def_name_end", "def_start", "def_end")


def _places(column: Column, value: int) -> list[int]:
    """Rows of a column that hold a value. Looks for its bytes: many times quicker than row by row."""
    data, pattern = bytes(column), struct.pack("=i", value)
    found = []
    at = data.find(pattern)
    while at >= 0:
        if at % 4 == 0:
            found.append(at // 4)
        at = data.find(pattern, at + 1)
    return found


def symbol_rows(facts: FileFacts) -> SymbolRows:
    """The same view of facts that are at hand."""
    return SymbolRows(
        facts.path,
        facts.module,
        list(facts.names),
        list(facts.symbol_ids),
        list(facts.qualified),
        facts.def_name,
        facts.def_kind,
        facts.def_flags,
        facts.def_name_start,
        facts.def_name_end,
        facts.def_start,
        facts.def_end,
        facts.def_symbol,
        facts.language,
    )


# Links
# ------------------------------------------------------------------------------------------------------------

# unresolved; numbers of ids, links, relations, call pairs; 1 when ranks are kept (left out when all are 0); digest
_LINKS_SIZES = struct.Struct("=6I16s")
_LINKS_START = _FRONT.size + _LINKS_SIZES.size


def encode_links(links: FileLinks, facts: FileFacts) -> bytes:
    """The record of one file's links, with its references and calls worked out from ``facts``.

    Raises:
        ValueError: a link or relation does not fit the facts (an occurrence or symbol that they do not have).
    """
    id_of_definition = {facts.symbol_ids[row]: i for i, row in enumerate(facts.def_symbol) if row >= 0}
    occurrences: Sequence[int] = ()
    targets: Sequence[str] = ()
    ranks: Sequence[int] = ()
    if links.links:
        occurrences, targets, ranks = zip(*links.links, strict=True)
        if min(occurrences) < 0 or max(occurrences) >= len(facts.occ_start):
            raise ValueError(f"links of {links.path!r} name occurrences that its facts do not have")
    calls = _calls(facts, occurrences, targets)
    ids = sorted(
        {
            *targets,
            *(caller for caller, _ in calls),
            *(r.symbol for r in links.relations),
            *(r.target for r in links.relations),
        }
    )
    index = {text: i for i, text in enumerate(ids)}
    target_rows = [index[text] for text in targets]
    raw_ids = bytes.fromhex("".join(ids))
    if len(raw_ids) != 16 * len(ids):
        raise ValueError(f"links of {links.path!r} have targets that are not SymbolIds")
    try:
        relations = [
            (int(r.kind), index[r.symbol], id_of_definition[r.symbol], index[r.target])
            for r in links.relations
        ]
    except KeyError as error:
        raise ValueError(
            f"relations of {links.path!r} name a symbol that its facts do not have: {error}"
        ) from None
    pairs = sorted([(index[caller], index[callee]) for caller, callee in calls])
    has_ranks = any(ranks)
    starts, rows = _reference_rows(facts, occurrences, target_rows, len(ids))
    body = b"".join(
        [
            _LINKS_SIZES.pack(
                links.unresolved,
                len(ids),
                len(occurrences),
                len(relations),
                len(pairs),
                has_ranks,
                links.digest,
            ),
            raw_ids,
            array("i", starts),
            rows,
            array("i", occurrences),
            array("i", target_rows),
            array("i", ranks) if has_ranks else b"",
            array("i", chain.from_iterable(relations)),
            array("i", chain.from_iterable(pairs)),
        ]
    )
    end = _FRONT.size + len(body)
    crc = crc32(body, crc32(struct.pack("=I", end)))
    path = to_bytes(links.path)
    return b"".join([_FRONT.pack(_LINKS_MAGIC, _CODEC, LINKS_VERSION, crc, crc32(path), end), body, path])


def _calls(facts: FileFacts, occurrences: Sequence[int], targets: Sequence[str]) -> set[tuple[str, str]]:
    """(caller, callee) of every occurrence that calls; the caller is the innermost symbol around it."""
    role, scope, call = facts.occ_role, facts.occ_scope, Role.CALL
    by_scope = {
        (scope[occurrence], target)
        for occurrence, target in zip(occurrences, targets, strict=True)
        if role[occurrence] == call
    }
    callers = {at: facts.symbol_id(max(facts.enclosing_symbol(at), 0)) for at in {at for at, _ in by_scope}}
    return {(caller, target) for at, target in by_scope if (caller := callers[at]) is not None}


def _reference_rows(
    facts: FileFacts, occurrences: Sequence[int], targets: Sequence[int], n_ids: int
) -> tuple[list[int], array[int]]:
    """References grouped by target: where each target's rows start, and the rows (start, end, role,
    container).
    """
    n = len(occurrences)
    if n == 0:
        return [0] * (n_ids + 1), array("i")
    # One sort of plain integers: by target, then by occurrence, which is by start.
    width = len(facts.occ_start)
    order = sorted(
        [target * width + occurrence for target, occurrence in zip(targets, occurrences, strict=True)]
    )
    chosen = [key % width for key in order]
    pick: Callable[[Any], Any] = itemgetter(*chosen) if n > 1 else lambda column: (column[chosen[0]],)
    scopes = pick(facts.occ_scope)
    container = {scope: max(facts.enclosing_symbol(scope), 0) for scope in set(scopes)}
    rows = array("i", bytes(16 * n))
    rows[0::4] = array("i", pick(facts.occ_start))
    rows[1::4] = array("i", pick(facts.occ_end))
    rows[2::4] = array("i", pick(facts.occ_role))
    rows[3::4] = array("i", [container[scope] for scope in scopes])
    starts = [0] * (n_ids + 1)
    for target in targets:
        starts[target + 1] += 1
    for i in range(n_ids):
        starts[i + 1] += starts[i]
    return starts, rows


class LinkRows:
    """A record of links, read in place. Holds on to the bytes it was made from."""

    __slots__ = ("_ids", "_ints", "_view", "n_calls", "n_ids", "n_links", "n_relations", "ranked")

    def __init__(self, data: bytes | memoryview, where: Path = NOWHERE) -> None:
        end = _check(data, _LINKS_MAGIC, LINKS_VERSION, where)
        view = self._view = memoryview(data)
        if end < _LINKS_START or end > len(data):
            raise IndexDamagedError(where, "links of the wrong length")
        crc, path_crc = struct.unpack_from("=II", data, 8)
        if crc32(view[_CHECKED_FROM:end]) != crc or crc32(view[end:]) != path_crc:
            raise IndexDamagedError(where, "links with a wrong checksum")
        sizes = _LINKS_SIZES.unpack_from(data, _FRONT.size)
        _, self.n_ids, self.n_links, self.n_relations, self.n_calls, self.ranked, _ = sizes
        self._ids = _LINKS_START
        ints = _LINKS_START + 16 * self.n_ids
        n_ints = self.n_ids + 1 + (6 + bool(self.ranked)) * self.n_links
        n_ints += 4 * self.n_relations + 2 * self.n_calls
        if end != ints + 4 * n_ints:
            raise IndexDamagedError(where, "links of the wrong length")
        self._ints = view[ints:end].cast("i")

    @property
    def path(self) -> str:
        return to_text(self._view[self._ids + 16 * self.n_ids + 4 * len(self._ints) :])

    @property
    def digest(self) -> bytes:
        return bytes(_LINKS_SIZES.unpack_from(self._view, _FRONT.size)[6])

    @property
    def unresolved(self) -> int:
        return int(_LINKS_SIZES.unpack_from(self._view, _FRONT.size)[0])

    def symbol_id(self, index: int) -> str:
        at = self._ids + 16 * index
        return self._view[at : at + 16].hex()

    def find(self, symbol_id: bytes) -> int:
        """The index of a symbol's 16 bytes among this file's targets, or -1."""
        view, first = self._view, self._ids
        low, high = 0, self.n_ids
        while low < high:
            middle = (low + high) // 2
            at = first + 16 * middle
            if view[at : at + 16].tobytes() < symbol_id:
                low = middle + 1
            else:
                high = middle
        at = first + 16 * low
        return low if low < self.n_ids and view[at : at + 16] == symbol_id else -1

    def count(self, index: int) -> int:
        """How often a target is referred to."""
        return self._ints[index + 1] - self._ints[index]

    def targets(self) -> list[bytes]:
        """What this file refers to, and what stands in a relation here: 16 bytes each, sorted."""
        raw = self._view[self._ids : self._ids + 16 * self.n_ids].tobytes()
        return [raw[i : i + 16] for i in range(0, len(raw), 16)]

    def users(self, index: int) -> set[int]:
        """The definitions of this file in which a target is used, not only defined or declared."""
        ints, first = self._ints, self.n_ids + 1
        rows = ints[first + 4 * ints[index] : first + 4 * ints[index + 1]].tolist()
        return {rows[i + 3] for i in range(0, len(rows), 4) if rows[i + 2] > Role.DECLARATION}

    def references(self, index: int, path: str) -> list[Reference]:
        """The references to one target, by start."""
        ints = self._ints
        first = self.n_ids + 1
        rows = ints[first + 4 * ints[index] : first + 4 * ints[index + 1]].tolist()
        roles = ROLES
        return [
            Reference(path, rows[i], rows[i + 1], roles[rows[i + 2]], rows[i + 3])
            for i in range(0, len(rows), 4)
        ]

    def _columns(self) -> tuple[Column, Column, Column | None]:
        ints, n = self._ints, self.n_links
        at = self.n_ids + 1 + 4 * n
        ranks = ints[at + 2 * n : at + 3 * n] if self.ranked else None
        return ints[at : at + n], ints[at + n : at + 2 * n], ranks

    def at(self, occurrence: int) -> list[Link]:
        """The links of one occurrence, best first."""
        occurrences, targets, ranks = self._columns()
        first, last = bisect_left(occurrences, occurrence), bisect_right(occurrences, occurrence)
        return [
            Link(occurrence, self.symbol_id(targets[i]), ranks[i] if ranks is not None else 0)
            for i in range(first, last)
        ]

    def related(self, target: int, kind: int) -> list[tuple[str, int]]:
        """(SymbolId, definition) of this file's symbols that stand in a relation to a target."""
        rows = self._relations()
        return [
            (self.symbol_id(rows[i + 1]), rows[i + 2])
            for i in range(0, len(rows), 4)
            if rows[i] == kind and rows[i + 3] == target
        ]

    def _relations(self) -> list[int]:
        ints = self._ints
        end = len(ints) - 2 * self.n_calls
        return ints[end - 4 * self.n_relations : end].tolist()

    def calls(self) -> dict[bytes, list[bytes]]:
        """Whom each symbol of this file calls: sorted ids by id, as 16 bytes."""
        ints = self._ints
        rows = ints[len(ints) - 2 * self.n_calls :].tolist()
        view, first = self._view, self._ids
        raw = view[first : first + 16 * self.n_ids].tobytes()
        found: dict[bytes, list[bytes]] = {}
        caller, callees = -1, list[bytes]()
        for i in range(0, len(rows), 2):
            if rows[i] != caller:
                caller = rows[i]
                callees = found[raw[16 * caller : 16 * caller + 16]] = []
            callees.append(raw[16 * rows[i + 1] : 16 * rows[i + 1] + 16])
        return found

    def target_keys(self) -> tuple[set[bytes], set[tuple[int, bytes]]]:
        """The targets that are referred to, and the (kind, target) of the relations: what the reverse
        indexes list.
        """
        ids, ints = self.targets(), self._ints
        starts = ints[: self.n_ids + 1].tolist()
        referred = {ids[i] for i in range(self.n_ids) if starts[i] != starts[i + 1]}
        rows = self._relations()
        return referred, {(rows[i], ids[rows[i + 3]]) for i in range(0, len(rows), 4)}

    def decode(self) -> FileLinks:
        """All of it, as the record that was encoded."""
        raw = self._view[self._ids : self._ids + 16 * self.n_ids].hex()
        ids = [raw[i : i + 32] for i in range(0, len(raw), 32)]
        occurrences, targets, ranks = self._columns()
        links = map(
            Link._make,
            zip(
                occurrences,
                [ids[i] for i in targets],
                [0] * self.n_links if ranks is None else ranks,
                strict=True,
            ),
        )
        rows = self._relations()
        relations = (
            Relation(RelationKind(rows[i]), ids[rows[i + 1]], ids[rows[i + 3]])
            for i in range(0, len(rows), 4)
        )
        return FileLinks(self.path, self.digest, tuple(links), tuple(relations), self.unresolved)


def decode_links(data: bytes | memoryview, where: Path = NOWHERE) -> FileLinks:
    """The links that :func:`encode_links` was given. Raises as :func:`decode_facts`."""
    rows = LinkRows(data, where)
    return _decoded(where, rows.decode)


# File records
# -----------------------------------------------------------------------------------------------------


def encode_record(record: FileRecord) -> bytes:
    """A file's record."""
    body = _encode((to_bytes(record.path), *record[1:8], to_bytes(record.problem)))
    return _RECORD_MAGIC + bytes([_CODEC]) + crc32(body).to_bytes(4, "little") + body


def decode_record(data: bytes | memoryview, where: Path = NOWHERE) -> FileRecord:
    """The record that :func:`encode_record` was given. Raises as :func:`decode_facts`."""
    view = memoryview(data)
    if len(view) < 8 or view[:3] != _RECORD_MAGIC:
        raise IndexDamagedError(where, "something other than a file record")
    if view[3] != _CODEC:
        raise IndexFormatError(where, view[3], _CODEC)
    body = view[8:]
    if crc32(body).to_bytes(4, "little") != view[4:8]:
        raise IndexDamagedError(where, "a file record with a wrong checksum")

    def decode() -> FileRecord:
        path, language, digest, size, mtime_ns, n_symbols, n_occurrences, linked, problem = _decode_record(
            body
        )
        counts = (size, mtime_ns, n_symbols, n_occurrences)
        return FileRecord(to_text(path), language, digest, *counts, linked, to_text(problem))

    return _decoded(where, decode)


# Helpers
# ----------------------------------------------------------------------------------------------------------


def _check(data: bytes | memoryview, magic: bytes, version: int, where: Path) -> int:
    """Check what kind of record it is; give the end of its front part."""
    if len(data) < _FRONT.size:
        raise IndexDamagedError(where, "a record that is cut short")
    found_magic, codec, found, _, _, end = _FRONT.unpack_from(data)
    if found_magic != magic:
        raise IndexDamagedError(where, "a record of another kind")
    if codec != _CODEC:
        raise IndexFormatError(where, codec, _CODEC)
    if found != version:
        raise IndexFormatError(where, found, version)
    return int(end)


def _decoded(where: Path, decode: Callable[[], _Value]) -> _Value:
    """What ``decode`` gives. The checksum was right, so whatever fails here was written wrong."""
    try:
        return decode()
    except (msgspec.MsgspecError, ValueError, IndexError, TypeError, KeyError, struct.error) as error:
        raise IndexDamagedError(where, f"a record that does not decode: {error}") from error


def _ints(column: Column) -> memoryview:
    """The column's bytes, whatever sequence of integers it is. Its length is in rows, its buffer 4 bytes
    each.
    """
    if isinstance(column, array) and column.typecode == "i":
        return memoryview(column)
    if isinstance(column, memoryview) and column.format == "i" and column.c_contiguous:
        return column
    return memoryview(array("i", column))


def _encode_texts(texts: Sequence[str]) -> bytes:
    texts = texts if isinstance(texts, list) else list(texts)
    try:
        return _encode(texts)
    except UnicodeEncodeError:
        return bytes([_ODD]) + _encode([to_bytes(text) for text in texts])


def _texts(data: memoryview) -> list[str]:
    if len(data) and data[0] == _ODD:
        return [to_text(text) for text in _decode_odd_texts(data[1:])]
    return _decode_texts(data)


def encode_texts(texts: Sequence[str]) -> bytes:
    """A list of texts, odd ones included."""
    return _encode_texts(texts)


def decode_texts(data: bytes | memoryview, where: Path = NOWHERE) -> list[str]:
    """The list that :func:`encode_texts` was given. Raises as :func:`decode_facts`."""
    return _decoded(where, lambda: _texts(memoryview(data)))


def iter_symbol_hits(rows: SymbolRows) -> Iterator[SymbolHit]:
    """Every symbol of a file, by definition."""
    return map(rows.hit, rows.definitions())
