"""Every question about the graph ends when nobody wants its answer any more."""

from __future__ import annotations

import threading

import pytest

from magellan_lsp.errors import Cancelled
from magellan_lsp.query.graph import names, slices, walks, whole
from magellan_lsp.query.graph.changes import Fingerprints
from magellan_lsp.query.graph.dead_code import dead_code
from magellan_lsp.query.graph.export import FORMATS, export

REF = ("a.py", 1)
QUESTIONS = {
    "call graph": lambda snapshot: walks.call_graph(snapshot, [REF]),
    "reachable": lambda snapshot: walks.reachable(snapshot, [REF]),
    "paths": lambda snapshot: walks.paths(snapshot, [REF], [("a.py", 2)]),
    "slice": lambda snapshot: slices.function_slice(snapshot, "a.py", 20),
    "cycles": whole.cycles,
    "condense": whole.condense,
    "rank": whole.rank,
    "dead code": dead_code,
    "collisions": names.collisions,
    "labels": names.labels,
    "changes": lambda snapshot: Fingerprints().look(snapshot),
    **{form: lambda snapshot, form=form: list(export(snapshot, form)) for form in FORMATS},
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_it_stops(name, world):
    stop = threading.Event()
    snapshot = world({"a.py": "def f(x):\n    return g(x)\n\n\ndef g(x):\n    return x\n"}).snapshot(
        stop=stop
    )
    QUESTIONS[name](snapshot)
    stop.set()
    with pytest.raises(Cancelled):
        QUESTIONS[name](snapshot)
