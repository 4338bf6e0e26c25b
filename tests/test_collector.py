from __future__ import annotations

import gc
import threading

import pytest

from magellan_lsp.collector import paused


def test_blocks_that_overlap_in_threads_keep_it_off_until_the_last_ends():
    begun, end = threading.Event(), threading.Event()

    def other() -> None:
        with paused():
            begun.set()
            end.wait(10)

    thread = threading.Thread(target=other)
    with paused():
        thread.start()
        begun.wait(10)
    assert not gc.isenabled()
    end.set()
    thread.join()
    assert gc.isenabled()


def test_an_error_turns_it_on_again():
    with pytest.raises(ValueError), paused():
        raise ValueError
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off():
    gc.disable()
    try:
        with paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
