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


def test_a_change_that_leaves_size_and_time_as_they_were_is_seen(tmp_path):
    """Two writes within one step of the file system's clock; the time stays that of the first."""
    path = tmp_path / "a.py"
    path.write_bytes(b"one")
    now = path.stat().st_mtime_ns
    texts = DiskTexts(10_000, 100)
    assert texts.read(str(path)).data == b"one"
    with path.open("r+b") as file:
        file.write(b"two")
    os.utime(path, ns=(now, now))
    assert texts.read(str(path)).data == b"two"


def test_a_text_is_kept_without_reading_once_its_time_is_long_past(tmp_path):
    path = tmp_path / "a.py"
    path.write_bytes(b"one")
    os.utime(path, ns=(1, 1))
    texts = DiskTexts(10_000, 100)
    first = texts.read(str(path))
    assert first.is_settled
    assert texts.read(str(path)) is first


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
