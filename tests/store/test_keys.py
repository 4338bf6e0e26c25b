"""Byte order of keys is answer order, and no two texts share a key."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.facts import odd_texts

from magellan_lsp.store import keys, search
from magellan_lsp.store.codec import to_bytes, to_text


@given(odd_texts, odd_texts)
def test_key_order_is_answer_order(a: str, b: str) -> None:
    if not keys.is_cut(keys.text_key(a)) and not keys.is_cut(keys.text_key(b)):
        assert (keys.text_key(a) < keys.text_key(b)) == (a < b)
    assert (keys.text_key(a) == keys.text_key(b)) == (a == b)


@given(odd_texts)
def test_keys_fit(text: str) -> None:
    assert len(keys.chunk_key(1, keys.text_key(text), 1 << 20)) <= keys.MAX_KEY
    assert len(keys.name_key(search.fold(text), text)) <= keys.MAX_KEY


@given(odd_texts)
def test_any_text_survives(text: str) -> None:
    assert to_text(to_bytes(text)) == text


@given(st.sets(st.integers(0, (1 << keys.CHUNK_BITS) - 1)), st.integers(0, (1 << 20) - 1))
def test_members_survive(low: set[int], chunk: int) -> None:
    numbers = sorted((chunk << keys.CHUNK_BITS) + n for n in low)
    assert keys.unpack_members(chunk, keys.pack_members(numbers)) == numbers


@given(st.integers(0, (1 << 32) - 1), st.integers(0, (1 << 31) - 1))
def test_symbol_places_survive(number: int, definition: int) -> None:
    assert keys.symbol_place(keys.symbol_value(number, definition)) == (number, definition)
    assert keys.number_of(keys.number_key(number)) == number


@pytest.mark.parametrize(
    "decode",
    [
        lambda: keys.number_of(b"abc"),
        lambda: keys.unpack_members(0, b"abc"),
        lambda: keys.unpack_members(1 << 20, b"ab"),
        lambda: keys.symbol_place(b"abcdefg"),
    ],
)
def test_bytes_that_are_no_key_or_value_are_refused(decode: Callable[[], object]) -> None:
    with pytest.raises(struct.error):
        decode()
