"""Records survive their bytes, and bytes that are not a record are named as such."""

from __future__ import annotations

import random
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.facts import Made, files, make_facts, make_file, make_links, odd_texts, symbol_id

from magellan_lsp.errors import IndexDamagedError, IndexFormatError
from magellan_lsp.facts.file_facts import COLUMNS, FileFacts
from magellan_lsp.store import codec
from magellan_lsp.store.base import FileRecord


def header(facts: FileFacts) -> list[object]:
    return [getattr(facts, name) for name in ("path", "language", "digest", "size", "module")] + [
        list(getattr(facts, name)) for name in ("names", "symbol_ids", "qualified", "groups", "problems")
    ]


@given(files())
def test_facts_survive(made: Made) -> None:
    data = codec.encode_facts(made.facts)
    back = codec.decode_facts(data)
    assert header(back) == header(made.facts)
    for name in COLUMNS:
        column = getattr(back, name)
        assert isinstance(column, memoryview)
        assert column.format == "i"
        assert column.tolist() == list(getattr(made.facts, name))
    assert codec.encode_facts(back) == data
    rows = codec.decode_symbols(data)
    assert list(codec.iter_symbol_hits(rows)) == list(codec.iter_symbol_hits(codec.symbol_rows(made.facts)))


def test_columns_may_be_any_sequence_of_integers() -> None:
    facts = make_facts("a.py", random.Random(1))
    data = codec.encode_facts(facts)
    facts.occ_start = list(facts.occ_start)
    facts.occ_end = array("q", facts.occ_end)
    facts.def_name = tuple(facts.def_name)
    assert codec.encode_facts(facts) == data


@given(files(), st.integers(0, 99), st.lists(st.integers(0, 5), max_size=6))
def test_links_survive(made: Made, seed: int, picks: list[int]) -> None:
    targets = sorted({symbol_id("t.py", str(pick)) for pick in picks} | set(made.facts.symbol_ids[:1]))
    links = make_links(made.facts, targets, random.Random(seed))
    data = codec.encode_links(links, made.facts)
    assert codec.decode_links(data) == links
    assert codec.encode_links(codec.decode_links(data), made.facts) == data


@given(
    st.builds(
        FileRecord,
        odd_texts,
        st.sampled_from(["python", "rust"]),
        st.binary(min_size=16, max_size=16),
        st.integers(0, 1 << 50),
        st.integers(-(1 << 62), 1 << 62),
        st.integers(0, 1 << 30),
        st.integers(0, 1 << 30),
        st.booleans(),
        st.one_of(st.just(""), odd_texts),
    )
)
def test_file_records_survive(record: FileRecord) -> None:
    assert codec.decode_record(codec.encode_record(record)) == record


MADE = make_file("src/a.py", 1)
RECORDS = {
    "facts": (codec.encode_facts(MADE.facts), codec.decode_facts),
    "symbols": (codec.encode_facts(MADE.facts), codec.decode_symbols),
    "links": (
        codec.encode_links(make_links(MADE.facts, list(MADE.facts.symbol_ids), random.Random(1)), MADE.facts),
        codec.decode_links,
    ),
    "record": (codec.encode_record(MADE.record), codec.decode_record),
}


@pytest.mark.parametrize("kind", ["facts", "links", "record"])
def test_every_cut_is_noticed(kind: str) -> None:
    data, decode = RECORDS[kind]
    for end in range(len(data)):
        with pytest.raises((IndexDamagedError, IndexFormatError)):
            decode(data[:end])
    with pytest.raises(IndexDamagedError):
        decode(data + b"\0\0\0\0")


@pytest.mark.parametrize("kind", ["facts", "links", "record"])
def test_every_changed_byte_is_noticed(kind: str) -> None:
    data, decode = RECORDS[kind]
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1 + at % 255
        with pytest.raises((IndexDamagedError, IndexFormatError)):
            decode(bytes(changed))


@pytest.mark.parametrize("kind", list(RECORDS))
@given(junk=st.binary(max_size=300))
def test_junk_is_noticed(kind: str, junk: bytes) -> None:
    data, decode = RECORDS[kind]
    for candidate in (junk, data[:4] + junk, data[:20] + junk):
        with pytest.raises((IndexDamagedError, IndexFormatError)):
            decode(candidate)


def test_another_version_is_named() -> None:
    data = bytearray(RECORDS["facts"][0])
    data[4] += 1
    with pytest.raises(IndexFormatError) as caught:
        codec.decode_facts(bytes(data))
    assert caught.value.found == caught.value.supported + 1


def test_ids_that_are_no_symbol_ids_are_refused() -> None:
    facts = make_facts("a.py", random.Random(1))
    facts.symbol_ids = ["12", *facts.symbol_ids[1:]]
    with pytest.raises(ValueError, match="hex"):
        codec.encode_facts(facts)
