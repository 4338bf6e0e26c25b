"""Every question about the graph is answered alike on every backend, over real sources of several languages."""

from __future__ import annotations

import pytest
from support.stores import BACKENDS

from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.query.choice import symbols_named
from magellan_lsp.query.graph import names, slices, walks, whole
from magellan_lsp.query.graph.changes import fingerprint
from magellan_lsp.query.graph.dead_code import dead_code
from magellan_lsp.query.graph.export import FORMATS, export
from magellan_lsp.query.snapshot import Snapshot, StoreSource
from magellan_lsp.settings import Settings

FILES = {
    "pkg/__init__.py": "from pkg.a import top\n",
    "pkg/a.py": """
from pkg.b import Base, low
def top(): return mid(1)
def mid(n):
    total = 0
    for i in range(n):
        total += low(i)
    return total
def loop(): again()
def again(): loop()
def _dead(): again()
class Sub(Base):
    def run(self): top()
""",
    "pkg/b.py": "def low(n): return low(n - 1) if n else n\nclass Base:\n    def run(self): pass\n",
    "web/m.ts": "export function a() { return b(); }\nfunction b() { return a(); }\nclass K { go() {} }\n",
    "web/n.ts": "import { a } from './m';\nfunction a2() { a(); }\n",
    "go/x.go": "package x\ntype T struct{}\nfunc (t T) Run() { help() }\nfunc help() {}\nfunc lost() {}\n",
    "src/lib.rs": "pub fn f() { g() }\nfn g() {}\nfn h() {}\npub struct S;\nimpl Drop for S { fn drop(&mut self) {} }\n",
    "J.java": "public class J { public void a() { b(); } void b() { b(); } private int c() { return 1; } }\n",
    "x.c": '#include "x.h"\nint f(void) { return g(); }\nstatic int g(void) { return 1; }\nint main(void) { return f(); }\n',
    "x.h": "int f(void);\n",
}


def answers(root, store):
    indexer = Indexer(root, store, Settings(), workers=0)
    indexer.refresh()
    indexer.close()
    found = {}
    with store.read() as reader:
        snapshot = Snapshot(StoreSource(reader), read_text=lambda path: (root / path).read_bytes())
        found["dead"] = dead_code(snapshot)
        found["given"] = dead_code(snapshot, symbols_named(snapshot, "pkg.a.top"))
        found["cycles"] = whole.cycles(snapshot)
        found["condense"] = whole.condense(snapshot)
        found["rank"] = whole.rank(snapshot)
        found["collisions"] = names.collisions(snapshot)
        found["labels"] = names.labels(snapshot)
        found["labelled"] = names.labelled(snapshot, "fn")
        for hit in list(reader.iter_symbols()):
            ref = (hit.path, hit.definition)
            found["both", ref] = walks.call_graph(snapshot, [ref], "both", 2)
            found["from", ref] = walks.reachable(snapshot, [ref])
            found["to", ref] = walks.reachable(snapshot, [ref], forward=False)
            found["slice", ref] = slices.function_slice(snapshot, hit.path, hit.start)
        for record in reader.iter_files():
            found["print", record.path] = fingerprint(snapshot, record.path)
        for form in FORMATS:
            found[form] = b"".join(export(snapshot, form))
    return found


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    root = tmp_path_factory.mktemp("work")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    found = {}
    for name, make in BACKENDS.items():
        with make(tmp_path_factory.mktemp(name)) as store:
            found[name] = answers(root, store)
    return found


@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
def test_answers_are_those_of_the_store_in_memory(everything, backend):
    expected = everything["memory"]
    assert everything[backend].keys() == expected.keys()
    for question, answer in expected.items():
        assert everything[backend][question] == answer, question


def test_the_answers_say_something(everything):
    found = everything["memory"]
    assert [len(one) for one in found["cycles"].cycles] == [2, 2]
    assert found["dead"].n_dead > 4
    assert found["labels"][0]
    assert all(found[form] for form in FORMATS)
