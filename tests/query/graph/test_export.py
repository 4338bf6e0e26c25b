"""Exports: the records, and SCIP read back with its schema."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from magellan_lsp.errors import UsageError
from magellan_lsp.query.graph.export import export
from magellan_lsp.query.graph.export.files import write
from magellan_lsp.query.graph.export.scip_schema import DEFINITION, FORWARD, IMPORT, READ, WRITE, messages

SOURCES = {
    "a.py": """from b import Base, helper

é = 1
def call(n):
    total = helper(n)
    total += 1
    return total

class Sub(Base):
    def run(self):
        return call(é)
""",
    "b.py": "def helper(n):\n    return n\n\nclass Base:\n    def run(self):\n        pass\n",
    "odd name.ts": """export const t = { k: () => 1 };
export function f(): number;
export function f(x?: any) { return 1 }
""",
    "c.h": "int g(void);\n",
    "c.c": '#include "c.h"\nint g(void) { return 1; }\n#define M(x) x\n',
}


@pytest.fixture
def snapshot(world):
    return world(SOURCES).snapshot()


def text(snapshot, form):
    return b"".join(export(snapshot, form)).decode()


def test_json_and_json_lines_and_csv_hold_the_same(snapshot):
    document = json.loads(text(snapshot, "json"))
    assert list(document) == ["version", "files", "symbols", "references", "calls"]
    lines = [json.loads(line) for line in text(snapshot, "jsonl").splitlines()]
    assert lines[0] == {"type": "version", "version": document["version"]}
    kinds = {"files": "file", "symbols": "symbol", "references": "reference", "calls": "call"}
    for plural, kind in kinds.items():
        assert document[plural] == [
            {key: value for key, value in line.items() if key != "type"}
            for line in lines
            if line["type"] == kind
        ]
    rows = list(csv.DictReader(io.StringIO(text(snapshot, "csv"))))
    assert len(rows) == len(lines) - 1
    for row, line in zip(rows, lines[1:], strict=True):
        assert {key: value for key, value in row.items() if value} == {
            key: str(value) for key, value in line.items() if value not in ("", None)
        }


def test_records_agree_with_the_text(snapshot):
    document = json.loads(text(snapshot, "json"))
    by_id = {one["id"]: one for one in document["symbols"]}
    assert len(by_id) == len(document["symbols"])
    for one in (*document["references"], *document["calls"]):
        source = SOURCES[one["path"]].encode()
        lines = source.split(b"\n")
        span = source[one["byteStart"] : one["byteEnd"]]
        assert lines[one["startLine"] - 1][one["startColumn"] : one["endColumn"]] == span
    calls = {(by_id[one["caller"]]["fqn"], by_id[one["callee"]]["fqn"]) for one in document["calls"]}
    assert calls == {("a.py::call", "b.py::helper"), ("a.py::Sub.run", "a.py::call")}
    (sub,) = [one for one in document["symbols"] if one["fqn"] == "a.py::Sub"]
    assert (sub["displayFqn"], sub["kind"], sub["startLine"]) == ("a.Sub", "class", 9)


def test_dot_is_quoted(snapshot, world):
    shown = text(snapshot, "dot")
    assert shown.startswith("strict digraph") and shown.rstrip().endswith("}")
    edges = re.findall(r'^  "([0-9a-f]{32})" -> "([0-9a-f]{32})";$', shown, re.MULTILINE)
    assert len(edges) == 2
    odd = world({'qu"ote\\.py': "def f(): f()\n"}).snapshot()
    assert 'label="qu\\"ote\\\\.py";' in text(odd, "dot")


def test_an_empty_index(world):
    empty = world({}).snapshot()
    assert json.loads(text(empty, "json")) == {"version": "1.0"}
    assert len(list(csv.reader(io.StringIO(text(empty, "csv"))))) == 1


def test_unknown_formats_are_refused(snapshot):
    with pytest.raises(UsageError):
        export(snapshot, "xml")


# SCIP


@pytest.fixture
def index(snapshot):
    found = messages()["Index"]()
    found.ParseFromString(b"".join(export(snapshot, "scip", "file:///w")))
    return found


_SIMPLE = r"[A-Za-z0-9_+$-]+"
_NAME = rf"(?:{_SIMPLE}|`(?:[^`]|``)+`)"
_GLOBAL = re.compile(rf"magellan \. \. \. (?:{_NAME}(?:/|#|\.|:|!|\((?:{_SIMPLE})?\)\.))+")
_LOCAL = re.compile(rf"local {_SIMPLE}")


def test_scip_reads_back_and_names_are_well_formed(index):
    assert index.metadata.project_root == "file:///w"
    assert index.metadata.tool_info.name == "magellan-lsp"
    assert index.metadata.text_document_encoding == 1
    assert [one.relative_path for one in index.documents] == sorted(SOURCES)
    assert [one.language for one in index.documents] == ["Python", "Python", "C", "C", "TypeScript"]
    named = [symbol.symbol for one in index.documents for symbol in one.symbols]
    defined = [name for name in named if not name.startswith("local")]
    assert len(defined) == len(set(defined))
    for one in index.documents:
        locals_ = [symbol.symbol for symbol in one.symbols if symbol.symbol.startswith("local")]
        assert len(locals_) == len(set(locals_))
        for occurrence in one.occurrences:
            assert _GLOBAL.fullmatch(occurrence.symbol) or _LOCAL.fullmatch(occurrence.symbol)
            assert occurrence.symbol in defined or occurrence.symbol in locals_
        for symbol in one.symbols:
            assert symbol.kind and symbol.display_name
            for relation in symbol.relationships:
                assert relation.symbol in defined


def test_scip_ranges_are_the_names(index):
    for document in index.documents:
        lines = SOURCES[document.relative_path].encode().split(b"\n")
        order = [list(one.range) for one in document.occurrences]
        assert order == sorted(order)
        assert document.position_encoding == 1
        for one in document.occurrences:
            assert len(one.range) == 3  # no name goes over two lines
            line, start, end = one.range
            name = lines[line][start:end].decode()
            if one.range != [0, 0, 0]:
                assert (name.rstrip("`") and name in one.symbol) or one.symbol.startswith("local"), one


def test_scip_roles(index):
    python = index.documents[0]
    lines = SOURCES["a.py"].split("\n")

    def roles(word):
        return [
            (one.symbol.rpartition("/")[2], one.symbol_roles)
            for one in python.occurrences
            if lines[one.range[0]].encode()[one.range[1] : one.range[2]].decode() == word and one.range[2]
        ]

    assert roles("helper") == [("helper().", IMPORT), ("helper().", 0)]
    assert roles("é") == [("`é`.", DEFINITION), ("`é`.", READ)]
    assert [role for _, role in roles("total")] == [DEFINITION, WRITE, READ]
    sub = next(one for one in python.symbols if one.display_name == "Sub")
    assert [(one.symbol, one.is_implementation) for one in sub.relationships] == [
        ("magellan . . . `b.py`/Base#", True)
    ]
    header = next(one for one in index.documents if one.relative_path == "c.h")
    assert [one.symbol_roles for one in header.occurrences if one.symbol.endswith("g().")] == [FORWARD]
    definition = next(one for one in python.occurrences if one.symbol.endswith("call()."))
    assert list(definition.enclosing_range) == [3, 0, 6, 16]


def test_scip_tells_namesakes_apart(index):
    (document,) = [one for one in index.documents if one.language == "TypeScript"]
    names = [one.symbol.rpartition("/")[2] for one in document.symbols if "f(" in one.symbol]
    assert names == ["f().", "f(+2)."]


# to a file


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    target = tmp_path / "out.json"
    assert write([b"one", b"two"], target) == 6
    assert target.read_bytes() == b"onetwo"

    def broken():
        yield b"three"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        write(broken(), target)
    assert target.read_bytes() == b"onetwo"
    assert list(tmp_path.iterdir()) == [target]
