"""A fast typist and 50 requests in flight, for three seconds or until there are answers: none is of another version,
nothing is left open.

The long form, with figures: ``tests/soak/typist.py``.
"""

from soak.typist import Typed, line_in, run


async def test_answers_are_those_of_the_version_that_was_asked_about():
    figures = await run(3.0, at_least=6)
    counts = figures["counts"]
    assert figures["stale"] == []
    assert counts["answers"] > 5 and counts["changes"] > 5
    assert not [what for what in counts if what.startswith("error")]
    assert figures["left open"] == 0


def test_a_stale_answer_would_be_seen():
    typed = Typed()
    asked = typed.definition_line
    while typed.definition_line == asked:  # not every change moves lines
        typed.next_change()
    late = [{"uri": "file:///typed.py", "range": {"start": {"line": typed.definition_line, "character": 4}}}]
    assert line_in("textDocument/definition", late) == asked + 1
