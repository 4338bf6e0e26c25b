"""Python's rules for what an import names, where only half of it is written."""

from __future__ import annotations

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.python.rules import PythonRules
from magellan_lsp.languages.registry import get_language
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.source import MemorySource


@pytest.mark.parametrize("dotted", ["", ".", ".."])
def test_a_name_without_a_word_names_no_module(dotted: str) -> None:
    facts = extract("a.py", get_language("python"), b"import os\n")
    rules = PythonRules()
    assert rules.module(Resolver(MemorySource([facts])), "a.py", dotted) == ()
    assert rules.module_part(Resolver(MemorySource([facts])), facts, 0, "") == []
