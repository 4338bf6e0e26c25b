"""Bounded caches, and texts of files on disk."""

import os

from magellan_lsp.session.caches import Bounded, DiskTexts


def test_the_longest_unused_makes_room():
    kept = Bounded(10, len)
    kept.put("a", "xxxx")
    kept.put("b", "yyyy")
    assert kept.get("a") == "xxxx"
    kept.put("c", "zzzz")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("xxxx", None, "zzzz")
    kept.put("a", "x")
    assert kept.n_bytes == 5
    kept.put("huge", "x" * 11)
    assert kept.get("huge") is None


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"one")
    texts = DiskTexts(1000, 100)
    first = texts.read(str(path))
    assert texts.read(str(path)) is first
    path.write_bytes(b"two")
    os.utime(path, ns=(1, 1))
    assert texts.read(str(path)).data == b"two"


def test_what_is_no_text_to_us_is_none(tmp_path):
    texts = DiskTexts(1000, 10)
    (tmp_path / "large").write_bytes(b"x" * 11)
    assert texts.read(str(tmp_path / "large")) is None
    assert texts.read(str(tmp_path)) is None
    assert texts.read(str(tmp_path / "none")) is None
    assert texts.read("a\0b") is None
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert texts.read(str(tmp_path / "pipe")) is None
