"""Offsets and positions against a slow, obvious reading of the same text, in every encoding."""

import codecs
from unittest import mock

import pytest
import tree_sitter
import tree_sitter_language_pack
from hypothesis import given
from hypothesis import strategies as st

from magellan_lsp import text as text_module
from magellan_lsp.errors import PositionOutOfRange
from magellan_lsp.text import (
    ContentChange,
    Edit,
    LineColumn,
    LineIndex,
    Span,
    apply_changes,
    decode_source,
    encode_text,
)

ENCODINGS = ("utf-8", "utf-16", "utf-32")

encodings = st.sampled_from(ENCODINGS)
pieces = st.sampled_from(
    ["a", "b c", "\n", "\r", "\r\n", "é", "ß", "中文", "😀", "\u2028", "\x0b", "\x0c", "\x85", "\ufeff", ""]
)
texts = st.lists(pieces, max_size=25).map("".join)
junk = st.lists(
    st.sampled_from(
        [
            b"a",
            b"\n",
            b"\r\n",
            b"\r",
            "é".encode(),
            "😀".encode(),
            b"\xff",
            b"\x80",
            b"\xe4\xb8",
            b"\xf0\x9f",
            b"\xed\xa0\x80",
        ]
    ),
    max_size=20,
).map(b"".join)


def units(character, encoding):
    return (
        len(character.encode(encoding + ("-le" if encoding != "utf-8" else "")))
        // {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    )


def obvious_places(text, encoding):
    r"""(byte offset, line, column) of each character and of the end; the \n of \r\n is its line's end."""
    places, offset, line, column, before_break = [], 0, 0, 0, 0
    for at, character in enumerate(text):
        if character == "\n" and at and text[at - 1] == "\r":
            places.append((offset, line - 1, before_break))
            offset += 1
            continue
        places.append((offset, line, column))
        before_break = column
        offset += len(character.encode())
        if character in "\r\n":
            line, column = line + 1, 0
        else:
            column += units(character, encoding)
    return [*places, (offset, line, column)]


@given(texts, encodings)
def test_every_place_is_where_a_slow_reading_finds_it(text, encoding):
    index = LineIndex(text.encode(), bom=False)
    for offset, line, column in obvious_places(text, encoding):
        assert index.line_column(offset, encoding) == (line, column)
        inside_line_end = text.encode()[offset - 1 : offset + 1] == b"\r\n" and offset > 0
        assert index.offset(line, column, encoding) == offset - inside_line_end


@given(junk, encodings)
def test_a_place_in_undecodable_text_is_that_of_the_text_an_editor_shows(data, encoding):
    # An editor shows U+FFFD for each bad part; walking both in step gives each shown character's offset.
    shown = data.decode("utf-8", "replace")
    index = LineIndex(data)
    offset = 0
    for _, line, column in obvious_places(shown, "utf-32" if encoding == "utf-8" else encoding)[:-1]:
        if encoding != "utf-8" and data[offset - 1 : offset + 1] != b"\r\n":
            assert index.line_column(offset, encoding) == (line, column)
            assert index.offset(line, column, encoding) == offset
        size = next(
            n
            for n in range(1, 5)
            if len(data[offset:].decode("utf-8", "replace"))
            == len(data[offset + n :].decode("utf-8", "replace")) + 1
        )
        for inside in range(offset, offset + size):
            assert index.line_column(inside, encoding).line == index.line_column(offset, encoding).line
            if encoding != "utf-8":
                assert index.line_column(inside, encoding) == index.line_column(offset, encoding)
        offset += size
    assert offset == len(data)


@given(st.binary(max_size=60), encodings, st.integers(-3, 70), st.integers(-3, 70))
def test_no_bytes_and_no_place_make_it_raise(data, encoding, line, column):
    index = LineIndex(data)
    offset = index.offset(line, column, encoding)
    assert 0 <= offset <= len(data)
    again = index.line_column(offset, encoding)
    assert index.offset(*again, encoding) == offset
    assert index.line_column(line, encoding).line < index.n_lines


@given(texts.filter(bool), encodings, st.integers(1, 40))
def test_long_lines_are_counted_from_marks_with_the_same_result(text, encoding, times):
    data = (text * times).encode()
    plain = LineIndex(data)
    with mock.patch.multiple(text_module, _LONG_LINE_BYTES=8, _MARK_BYTES=5):
        marked = LineIndex(data)
        found = [marked.line_column(offset, encoding) for offset in range(len(data) + 1)]
        back = [marked.offset(*place, encoding) for place in found]
    assert found == [plain.line_column(offset, encoding) for offset in range(len(data) + 1)]
    assert back == [plain.offset(*place, encoding) for place in found]


@given(texts)
def test_lines_are_cut_at_the_three_line_ends_and_nowhere_else(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    data = text.encode()
    index = LineIndex(data, bom=False)
    assert [data[slice(*index.line_span(line))].decode() for line in range(index.n_lines)] == lines


def test_lines_are_the_same_when_counted_in_pieces(monkeypatch):
    data = b"one\r\ntwo\rthree\n\n\r\nlast" * 9
    whole = [LineIndex(data).line_span(line) for line in range(LineIndex(data).n_lines)]
    for size in range(1, 12):
        monkeypatch.setattr(text_module, "_PIECE_BYTES", size)
        index = LineIndex(data)
        assert [index.line_span(line) for line in range(index.n_lines)] == whole


def test_a_column_in_a_surrogate_pair_is_the_start_of_its_character():
    index = LineIndex("a😀b".encode())
    assert [index.offset(0, column, "utf-16") for column in range(6)] == [0, 1, 1, 5, 6, 6]
    assert [index.line_column(offset, "utf-16").column for offset in range(7)] == [0, 1, 1, 1, 1, 3, 4]


def test_a_column_past_the_line_is_its_end_and_never_its_line_end():
    index = LineIndex(b"ab\r\ncd\n")
    assert index.offset(0, 99) == 2
    assert index.offset(1, 99) == 6
    assert index.offset(2, 5) == 7


def test_a_line_past_the_text_is_its_end_or_an_error_as_the_caller_likes():
    index = LineIndex(b"ab\ncd", name="x.py")
    assert index.offset(7, 0) == 5
    with pytest.raises(PositionOutOfRange) as caught:
        index.offset(2, 4, clamp=False)
    assert (caught.value.name, caught.value.line, caught.value.column, caught.value.n_lines) == (
        "x.py",
        2,
        4,
        2,
    )
    with pytest.raises(PositionOutOfRange):
        index.line_span(2)


def test_a_byte_order_mark_takes_no_column_in_a_file_and_one_in_an_editor():
    data = codecs.BOM_UTF8 + "é = 1".encode()
    on_disk, sent = LineIndex(data), LineIndex(data, bom=False)
    assert on_disk.line_column(5) == (0, 1)
    assert on_disk.offset(0, 0) == 3
    assert on_disk.line_column(1) == (0, 0)
    assert sent.line_column(5) == (0, 2)
    assert on_disk.line_span(0) == (3, len(data))


def test_spans_order_by_start_and_know_what_they_hold():
    assert sorted([Span(3, 4), Span(0, 9), Span(0, 2)]) == [Span(0, 2), Span(0, 9), Span(3, 4)]
    assert Span(2, 5).touches(5)
    assert not Span(2, 5).touches(6)
    assert Span(2, 5).covers(Span(2, 5))
    assert not Span(2, 5).covers(Span(2, 6))
    assert Span(2, 5).overlaps(Span(4, 9))
    assert not Span(2, 5).overlaps(Span(5, 9))
    assert Span(2, 5).n_bytes == 3


@st.composite
def edits(draw):
    text = draw(texts)
    steps = []
    for _ in range(draw(st.integers(1, 4))):
        characters = len(text)
        start = draw(st.integers(0, characters))
        end = draw(st.integers(start, characters))
        # Editors name no place inside a \r\n.
        inside = [at for at in (start, end) if text[max(at - 1, 0) : at + 1] == "\r\n" and at]
        if inside:
            continue
        new = draw(texts)
        steps.append((text[:start], text[:end], new))
        text = text[:start] + new + text[end:]
    return steps, text


def place(before, encoding):
    return LineColumn(*obvious_places(before, encoding)[-1][1:])


@given(edits(), encodings, texts)
def test_changes_give_the_text_that_the_editor_has(drawn, encoding, other):
    steps, text = drawn
    if not steps:
        return
    first = steps[0]
    changes = [ContentChange(new, place(start, encoding), place(end, encoding)) for start, end, new in steps]
    original = original_of(steps, text)
    assert original.startswith(first[1])
    changed = apply_changes(original.encode(), changes, encoding)
    assert changed.data.decode() == text
    data = original.encode()
    for edit, (start, end, new) in zip(changed.edits, steps, strict=True):
        assert edit[:3] == (len(start.encode()), len(end.encode()), len((start + new).encode()))
        data = data[: edit.start_byte] + new.encode() + data[edit.old_end_byte :]
    assert data == changed.data
    whole = apply_changes(changed.data, [ContentChange(other)], encoding)
    assert whole.data == other.encode()
    assert whole.edits[0][:3] == (0, len(changed.data), len(other.encode()))


def original_of(steps, text):
    for start, end, new in reversed(steps):
        text = end + text[len(start) + len(new) :]
    return text


def test_an_edit_keeps_tree_sitters_tree_equal_to_a_fresh_parse():
    parser = tree_sitter.Parser(tree_sitter_language_pack.get_language("python"))
    data = "é = 1\ndef f():\n    return 'x'\n".encode()
    tree = parser.parse(data)
    changed = apply_changes(
        data,
        [
            ContentChange("😀😀\nname", LineColumn(2, 12), LineColumn(2, 13)),
            ContentChange("class C:\n    pass\n", LineColumn(1, 0), LineColumn(1, 0)),
        ],
        "utf-16",
    )
    for edit in changed.edits:
        tree.edit(*edit)
    again = parser.parse(changed.data, tree)
    fresh = parser.parse(changed.data)

    def shape(node):
        return (
            node.type,
            node.byte_range,
            node.start_point,
            node.end_point,
            [shape(child) for child in node.children],
        )

    assert shape(again.root_node) == shape(fresh.root_node)
    assert "😀😀\nname" in changed.data.decode()


def test_points_are_rows_and_byte_columns():
    changed = apply_changes(
        "é\nab".encode(), [ContentChange("x\nyé", LineColumn(1, 1), LineColumn(1, 2))], "utf-16"
    )
    assert changed.edits == (Edit(4, 5, 9, (1, 1), (1, 2), (2, 3)),)


def test_half_a_surrogate_pair_from_an_editor_keeps_its_column():
    changed = apply_changes(b"", [ContentChange("a\ud83db")], "utf-16")
    assert changed.data.decode() == "a\ufffdb"
    assert LineIndex(changed.data).line_column(len(changed.data)) == (0, 3)
    assert encode_text("\ud83d\ude00") == "😀".encode()


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("é".encode(), "é", "utf-8"),
        (codecs.BOM_UTF8 + b"x", "x", "utf-8"),
        (codecs.BOM_UTF16_LE + "é😀".encode("utf-16-le"), "é😀", "utf-16-le"),
        (codecs.BOM_UTF16_BE + "é😀".encode("utf-16-be"), "é😀", "utf-16-be"),
        (codecs.BOM_UTF16_LE + b"a", "\ufffd", "utf-16-le"),
        (b"caf\xe9", "café", "latin-1"),
        (b"", "", "utf-8"),
    ],
)
def test_source_is_decoded_for_people(data, text, encoding):
    assert decode_source(data) == (text, encoding)


@given(st.binary(max_size=40))
def test_any_bytes_can_be_shown(data):
    decode_source(data).text.encode()
