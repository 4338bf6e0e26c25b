"""Writing the second tier to the tables of the embedded store; part of ``TableWriter``.

Calls are gathered and written in key order like postings; details, labels, executions and carried records go
straight into the transaction. Works on transactions of the database without importing it. Tests:
``tests/store/test_second_tier.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.store import codec, details, keys
from magellan_lsp.store.codec import to_bytes
from magellan_lsp.store.postings import LABELLED, posting_keys
from magellan_lsp.store.second_tier import Details, Execution
from magellan_lsp.store.tier_tables import (
    CARRIED_CHUNKS,
    EXECUTION_ID,
    EXECUTION_ORDER,
    carried_key,
    symbol_key,
)

if TYPE_CHECKING:
    from magellan_lsp.store.base import FileRecord
    from magellan_lsp.store.tables import State, TableReader, Tables

#: Whom each symbol of one file calls: sorted ids as 16 bytes.
Calls = dict[bytes, list[bytes]]


class TierWriter:
    """The second tier of one transaction; see :class:`magellan_lsp.store.second_tier.SecondTierTxn`."""

    _txn: Any
    _tables: Tables
    _where: Path
    _raw: TableReader
    _state: State
    _calls_from: dict[bytes, bytes]
    _calls_to: dict[bytes, dict[bytes, bool]]
    pending: int
    written: int

    if TYPE_CHECKING:

        def settled(self) -> Any: ...
        def _record(self, number: int) -> FileRecord: ...
        def _add(self, number: int, lists: dict[int, set[Any]]) -> None: ...
        def _drop(self, number: int, lists: dict[int, set[Any]]) -> None: ...
        def _put_sorted(self, table: Any, items: list[tuple[bytes, bytes]]) -> None: ...

    # calls

    def _change_calls(self, old: Calls, new: Calls) -> None:
        """Note what a file's calls were and what they are to be."""
        for caller, callees in new.items():
            before = old.get(caller, [])
            if callees != before:
                self._calls_from[caller] = b"".join(callees)
                self._turn_round(caller, set(callees).difference(before), True)
                self._turn_round(caller, set(before).difference(callees), False)
        for caller, callees in old.items():
            if caller not in new:
                self._calls_from[caller] = b""
                self._turn_round(caller, callees, False)

    def _turn_round(self, caller: bytes, callees: set[bytes] | Sequence[bytes], calls: bool) -> None:
        for callee in callees:
            changes = self._calls_to.get(callee)
            if changes is None:
                changes = self._calls_to[callee] = {}
            changes[caller] = calls
        self.pending += len(callees)

    def _settle_calls(self) -> None:
        table = self._tables.calls_from
        for caller, callees in self._calls_from.items():
            if not callees:
                self._txn.delete(caller, db=table)
        self._put_sorted(table, sorted([item for item in self._calls_from.items() if item[1]]))
        table = self._tables.calls_to
        puts: list[tuple[bytes, bytes]] = []
        for callee, changes in sorted(self._calls_to.items()):
            value = self._txn.get(callee, db=table)
            raw = b"" if value is None else bytes(value)
            callers = {raw[i : i + 16] for i in range(0, len(raw), 16)}
            callers.difference_update([caller for caller, calls in changes.items() if not calls])
            callers.update([caller for caller, calls in changes.items() if calls])
            if callers:
                puts.append((callee, b"".join(sorted(callers))))
            elif value is not None:
                self._txn.delete(callee, db=table)
        self._put_sorted(table, puts)
        self._calls_from.clear()
        self._calls_to.clear()

    # details

    def put_details(self, path: str, digest: bytes, given: Details) -> None:
        number = self._raw.number_of(path)
        if number is None or self._record(number).digest != digest:
            raise ValueError(f"details of {path!r} are not of the stored file")
        table = self._tables.details
        for detail, some in details.records(given):
            self._delete_below(table, keys.detail_key(number, detail))
            for rest, value in some:
                self._txn.put(keys.detail_key(number, detail, rest), value, db=table)
                self.written += len(value)

    def _drop_details(self, number: int) -> None:
        self._delete_below(self._tables.details, keys.number_key(number))

    def _delete_below(self, table: Any, prefix: bytes) -> None:
        """Delete every record whose key begins with a prefix."""
        found = []
        with self._txn.cursor(db=table) as cursor:
            if cursor.set_range(prefix):
                for key in cursor.iternext(keys=True, values=False):
                    if key[: len(prefix)] != prefix:
                        break
                    found.append(bytes(key))
        for key in found:
            self._txn.delete(key, db=table)

    # labels

    def put_labels(self, symbol_id: str, labels: Sequence[str]) -> None:
        place = self._symbol(symbol_id)
        if place is None:
            raise ValueError(f"no symbol {symbol_id!r} is there to be labelled")
        number, path = place
        key = keys.number_key(number) + bytes.fromhex(symbol_id)
        before = self._given_labels(number)
        if labels:
            self._txn.put(key, codec.encode_texts(sorted(set(labels))), db=self._tables.labels)
        else:
            self._txn.delete(key, db=self._tables.labels)
        after = self._given_labels(number)
        derived = posting_keys(path, self._raw.facts_of(number)).get(LABELLED, set())
        self._drop(number, {LABELLED: before - after - derived})
        self._add(number, {LABELLED: after - before - derived})

    def _symbol(self, symbol_id: str) -> tuple[int, str] | None:
        """(file number, path) of a symbol, pending ones included."""
        self.settled()
        if symbol_key(symbol_id) is None:
            return None
        found = self._raw.find_symbol(symbol_id)
        number = None if found is None else self._raw.number_of(found.path)
        return None if found is None or number is None else (number, found.path)

    def _given_labels(self, number: int) -> set[str]:
        return {label for _, labels in self._raw.given_labels(number) for label in labels}

    def _drop_labels(self, number: int) -> None:
        self._delete_below(self._tables.labels, keys.number_key(number))

    # executions

    def put_execution(self, execution: Execution) -> None:
        table = self._tables.executions
        old = self._raw.find_execution(execution.execution_id)
        number = old.id if old is not None else execution.id or self._state.last_execution + 1
        execution = execution._replace(id=number, args=tuple(execution.args))
        order = details.execution_order(execution)
        if old is not None:
            self._txn.delete(EXECUTION_ORDER + details.execution_order(old), db=table)
        self._txn.put(EXECUTION_ID + keys.text_key(execution.execution_id), order, db=table)
        self._txn.put(EXECUTION_ORDER + order, details.seal(execution), db=table)
        self._state = self._state._replace(last_execution=max(number, self._state.last_execution))

    def remove_execution(self, execution_id: str) -> None:
        old = self._raw.find_execution(execution_id)
        if old is not None:
            table = self._tables.executions
            self._txn.delete(EXECUTION_ORDER + details.execution_order(old), db=table)
            self._txn.delete(EXECUTION_ID + keys.text_key(execution_id), db=table)

    # carried

    def carry_chunks(self, path: str, chunks: Sequence[Chunk]) -> None:
        if self._raw.number_of(path) is not None:
            raise ValueError(f"{path!r} is indexed and has chunks of its own")
        key = CARRIED_CHUNKS + keys.text_key(path)
        ordered = details.in_order(chunks)
        if ordered:
            self._txn.put(key, details.seal((to_bytes(path), ordered)), db=self._tables.carried)
        else:
            self._txn.delete(key, db=self._tables.carried)

    def _drop_carried_chunks(self, path: str) -> None:
        self._txn.delete(CARRIED_CHUNKS + keys.text_key(path), db=self._tables.carried)

    def put_carried(self, kind: str, key: bytes, value: bytes | None) -> None:
        raw = carried_key(kind, key)
        if value is None:
            self._txn.delete(raw, db=self._tables.carried)
        else:
            self._txn.put(raw, value, db=self._tables.carried)
