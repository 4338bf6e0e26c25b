"""Every question at every name of every case file: no language's facts or rules may bring one down, and the
store's links say the same as links made on the spot.
"""

from pathlib import Path

import pytest
from support.cases import Case, load_cases

from magellan_lsp.query import (
    call_hierarchy,
    code_lens,
    definition,
    document_link,
    hover,
    possible_calls,
    references,
    structure,
    symbols,
    type_hierarchy,
)

CASES = [case for case in load_cases(Path(__file__).parents[1] / "cases") if not case.problem]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_question_is_answered(case: Case, world):
    texts = {path: data.decode("utf-8", "surrogateescape") for path, data in case.files.items()}
    made = world(texts, configs=case.configs)
    stored, overlaid = made.snapshot(), made.snapshot(texts)
    for path in case.files:
        facts = stored.facts(path)
        if facts is None:
            continue
        assert symbols.document_symbols(stored, path) == symbols.document_symbols(overlaid, path)
        for fold in structure.folding_ranges(stored, path):
            assert fold.last_line > fold.first_line
        document_link.document_links(stored, path)
        for info in code_lens.counted_symbols(stored, path):
            code_lens.count_references(stored, info.ref)
        for offset in sorted(set(facts.occ_start)):
            at = (path, offset)
            for ask in (
                definition.definition,
                definition.declaration,
                definition.type_definition,
                definition.implementation,
                references.references,
                references.highlights,
                hover.hover,
            ):
                assert ask(stored, *at) == ask(overlaid, *at), (ask.__name__, at)
            for item in call_hierarchy.prepare(stored, *at):
                assert call_hierarchy.incoming(stored, item.ref) == call_hierarchy.incoming(
                    overlaid, item.ref
                )
                called = possible_calls.outgoing(stored, item.ref)
                assert called == possible_calls.outgoing(overlaid, item.ref)
                assert possible_calls.incoming(stored, item.ref) == possible_calls.incoming(
                    overlaid, item.ref
                )
                for call in called:
                    sites = {(site.path, site.span) for site in call.sites}
                    if call.via == possible_calls.Via.OVERRIDE:
                        back = possible_calls.incoming(stored, call.symbol.ref)
                        assert sites <= {(site.path, site.span) for one in back for site in one.sites}, call
            for item in type_hierarchy.prepare(stored, *at):
                above = type_hierarchy.supertypes(stored, item.ref)
                for info in above if item.symbol_id is not None else ():
                    assert item.ref in [one.ref for one in type_hierarchy.subtypes(stored, info.ref)]
        structure.selection_ranges(stored, path, sorted(set(facts.occ_start))[:50])
