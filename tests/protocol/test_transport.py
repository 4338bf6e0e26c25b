"""Streams of bytes cut into messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp.protocol.transport import MAX_MESSAGE_BYTES, BrokenStream, Framing


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


@given(st.lists(st.binary(max_size=50), max_size=5), st.lists(st.integers(1, 30), min_size=1))
def test_messages_come_out_whole_however_they_arrive(bodies, cuts):
    stream = b"".join(map(framed, bodies))
    framing, found, at, turn = Framing(), [], 0, 0
    while at < len(stream):
        step = cuts[turn % len(cuts)]
        found += framing.feed(stream[at : at + step])
        at, turn = at + step, turn + 1
    assert found == bodies


@pytest.mark.parametrize(
    "head",
    [
        b"content-length:2\n\n",
        b"Content-Type: x; charset=utf-8\r\nContent-Length: 2\r\n\r\n",
        b"\r\n\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_headers_may_look_different(head):
    assert Framing().feed(head + b"{}") == [b"{}"]


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\n\r\n", b"x" * 70_000, b"Content-Length: %d\r\n\r\n" % (MAX_MESSAGE_BYTES + 1)],
)
def test_what_is_no_message_breaks_the_stream(data):
    with pytest.raises(BrokenStream):
        Framing().feed(data)
