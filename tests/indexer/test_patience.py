from __future__ import annotations

import pytest

from magellan_lsp.indexer.patience import Patience


@pytest.mark.parametrize("work_s", [0.1, 1.0, 60.0, 3600.0])
def test_a_long_run_that_is_always_stopped_ends_before_long(work_s: float):
    """Each stopped run has got nowhere, which is the worst that can be."""
    patience = Patience(0.15)
    taken, runs = 0.0, 0
    ran = 0.0
    while ran < work_s:
        ran = 0.0
        while ran < work_s and not patience.is_over(ran):
            ran += 0.05
        taken += ran
        runs += 1
        patience.note(complete=ran >= work_s)
    assert taken <= 4 * work_s + 1
    assert runs <= 18


def test_after_a_run_that_ended_by_itself_typing_counts_at_once_again():
    patience = Patience(0.15)
    patience.note(complete=False)
    patience.note(complete=False)
    assert not patience.is_over(0.2)
    patience.note(complete=True)
    assert patience.is_over(0.2)
