"""What memory costs, and that it is given back."""

import sys
import tracemalloc

import pytest

from magellan_lsp import memory
from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.registry import get_language
from magellan_lsp.session.caches import facts_cost


@pytest.mark.skipif(sys.platform != "linux", reason="others give memory back by themselves")
def test_giving_memory_back_harms_nothing_and_says_whether_there_was_any():
    assert memory.give_back() in (True, False)
    assert memory.give_back() in (True, False)


@pytest.mark.parametrize("n_functions", [0, 20, 400])
def test_what_facts_are_thought_to_take_is_about_what_they_take(n_functions: int):
    """Caches are bounded by it: half as much as they take would let them grow to twice their limit."""
    from magellan_lsp.store.codec import decode_facts, encode_facts

    lines = (
        f"def name{n}(first, second):\n    return other{n}(first) + second\n" for n in range(n_functions)
    )
    data = encode_facts(extract("a.py", get_language("python"), "".join(lines).encode()))
    decode_facts(data)
    tracemalloc.start()
    try:
        kept = decode_facts(memoryview(data))  # as out of a store: its bytes are copied
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.7 * taken < facts_cost(kept) < 1.5 * taken
