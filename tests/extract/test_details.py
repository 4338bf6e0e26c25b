"""The whole second tier of a file, in every language."""

import msgspec
import pytest

from magellan_lsp.extract.details import FileDetails, details
from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.cfg import Cfg
from magellan_lsp.facts.metrics import FileMetrics, SymbolMetrics
from magellan_lsp.languages.registry import get_language

FUNCTIONS = {
    "python": ("a.py", "def f(a):\n    return a and 1\n"),
    "rust": ("a.rs", "fn f(a: bool) -> bool { a && b() }\n"),
    "c": ("a.c", "int *f(int a) { return a && b(); }\n"),
    "cpp": ("a.cpp", "int N::f(int a) { return a && b(); }\nnamespace N { int f(int); }\n"),
    "java": ("A.java", "class A { boolean f(boolean a) { return a && b(); } }\n"),
    "javascript": ("a.js", "const f = (a) => a && b();\n"),
    "typescript": ("a.ts", "class A { f(a: boolean) { return a && b(); } }\n"),
    "tsx": ("a.tsx", "export function f(a: boolean) { return a && <b/>; }\n"),
    "go": ("a.go", "package p\n\nfunc (r *T) f(a bool) bool { return a && b() }\n"),
}


def all_of(language: str, path: str, text: str) -> FileDetails:
    source = text.encode()
    facts = extract(path, get_language(language), source)
    return details(facts, get_language(language), source)


@pytest.mark.parametrize("language", sorted(FUNCTIONS))
def test_a_graph_belongs_to_its_symbol(language: str):
    path, text = FUNCTIONS[language]
    facts = extract(path, get_language(language), text.encode())
    found = all_of(language, path, text)
    graph = next(cfg for cfg in found.cfgs if cfg.name in ("f", "N::f"))
    row = facts.symbol_ids.index(graph.symbol)
    assert facts.qualified[row].endswith("f")
    measured = next(one for one in found.symbol_metrics if one.symbol == graph.symbol)
    assert measured.cyclomatic == 2
    assert measured.cognitive == 1


@pytest.mark.parametrize("language", sorted(FUNCTIONS))
def test_records_survive_their_encoding(language: str):
    found = all_of(language, *FUNCTIONS[language])
    for records, kind in (
        (found.cfgs, list[Cfg]),
        (found.file_metrics, FileMetrics),
        (found.symbol_metrics, list[SymbolMetrics]),
    ):
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(records), type=kind) == records


@pytest.mark.parametrize("language", sorted(FUNCTIONS))
def test_an_empty_file_has_details(language: str):
    found = all_of(language, FUNCTIONS[language][0], "")
    assert (found.chunks, found.file_metrics.loc, found.file_metrics.n_functions) == ([], 1, 0)
