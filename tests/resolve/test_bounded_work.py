"""Names that occur very often cost in proportion: counted in questions, not in seconds."""

from __future__ import annotations

from unittest.mock import patch

from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.rules import rules_for
from magellan_lsp.resolve.source import MemorySource


def calls_of(method: str, owner: type, path: str, text: str) -> int:
    """How often a method is called to link a file."""
    facts = extract(path, get_language(language_name(path) or ""), text.encode())
    resolver = Resolver(MemorySource([facts], {}))
    with patch.object(owner, method, autospec=True, side_effect=getattr(owner, method)) as counted:
        link(resolver, facts)
    return counted.call_count


def test_a_name_that_a_header_announces_very_often_is_looked_for_once():
    calls = calls_of(
        "_definitions", type(rules_for("c")), "a.h", "int f(int);\n" * 500 + "int f(int a) { return a; }\n"
    )
    assert 0 < calls <= 3


def test_very_many_imports_of_one_name_ask_in_proportion():
    def asked(count: int) -> int:
        return calls_of(
            "definition_targets", Resolver, "src/lib.rs", "use a::f;\n" * count + "fn g() { f() }\n"
        )

    assert asked(400) < 3 * asked(200)


def test_definitions_of_one_name_share_the_search_for_their_declarations():
    def searches(count: int) -> int:
        return calls_of(
            "definition",
            type(rules_for("cpp")),
            "a.cpp",
            "int f(int);\n" * 5 + "int f(int a) { return a; }\n" * count,
        )

    assert searches(200) == searches(20)
