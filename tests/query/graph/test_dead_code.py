"""What counts as dead, and why not, in small sources of each language."""

from __future__ import annotations

import pytest

from magellan_lsp.graph.dead_code import DeadReason
from magellan_lsp.query.graph.dead_code import dead_code
from magellan_lsp.query.graph.entries import Entry


def dead(world, sources, configs=None, given=None):
    snapshot = world(sources, configs).snapshot()
    return {snapshot.info(one.ref).qualified: one.reason for one in dead_code(snapshot, given).dead}


def entries(world, sources, configs=None):
    snapshot = world(sources, configs).snapshot()
    return {
        snapshot.info(one.ref).qualified if one.ref[1] else one.ref[0]: one.reason
        for one in dead_code(snapshot).entry_points
    }


# name of the case -> (files, what is dead)
CASES = {
    "python: what a main guard reaches lives, isolated functions are dead": (
        {
            "tool.py": """
def used(): pass
def unused(): helper()
def helper(): pass
def alone(): pass
if __name__ == "__main__":
    used()
"""
        },
        {"unused", "helper", "alone"},
    ),
    "python: importing a name is no use of it": (
        {"a.py": "from b import f, g\ng()\n", "b.py": "def f(): pass\ndef g(): pass\n"},
        {"f"},
    ),
    "python: public names of packages are an API, private ones and private modules are not": (
        {
            "pkg/__init__.py": "from ._impl import _hidden as shown\n",
            "pkg/api.py": "def public(): pass\ndef _private(): pass\n"
            "class C:\n    def m(self): pass\n    def _n(self): pass\n",
            "pkg/_impl.py": "def _hidden(): pass\ndef other(): pass\n",
        },
        {"_private", "C._n", "other"},
    ),
    "python: __all__ makes a name public": (
        {"single.py": '__all__ = ["f"]\ndef f(): pass\ndef g(): pass\n'},
        {"g"},
    ),
    "python: pytest's and unittest's tests, fixtures and set-ups": (
        {
            "tests/test_x.py": """
import pytest, unittest
@pytest.fixture
def thing(): return make()
def make(): pass
def test_it(thing): pass
def setup_module(): pass
class TestThese:
    def setup_method(self): pass
    def test_one(self): pass
    def helper(self): pass
class Case(unittest.TestCase):
    def setUp(self): self.tool()
    def test_a(self): pass
    def tool(self): pass
def forgotten(): pass
"""
        },
        {"TestThese.helper", "forgotten"},
    ),
    "python: decorated functions may be registered, plain decorators register nothing": (
        {
            "app.py": """
from flask import Flask
from functools import lru_cache
app = Flask()
@app.route("/")
def index(): return view()
def view(): pass
@lru_cache(maxsize=None)
def cached(): pass
"""
        },
        {"cached"},
    ),
    "python: members of living classes": (
        {
            "a.py": """
class Base:
    def __init__(self): self.step()
    def step(self): pass
    def never(self): pass
    def __len__(self): return 0
class Sub(Base):
    def step(self): pass
class Dead(Base):
    def step(self): pass
Base(), Sub()
"""
        },
        {"Base.never", "Dead", "Dead.step"},
    ),
    "python: a base outside of the workspace may call what overrides it": (
        {
            "a.py": """
import threading, ast
class Worker(threading.Thread):
    def run(self): work()
class Mixin:
    def visit(self, node): pass
class Visitor(Mixin, ast.NodeVisitor): pass
def work(): pass
Worker().start()
Visitor()
"""
        },
        set(),
    ),
    "python: names that are looked up at run time": (
        {
            "a.py": """
class Handler:
    def get(self): pass
    def post(self): pass
def run(handler):
    getattr(handler, "get")()
run(Handler())
"""
        },
        {"Handler.post"},
    ),
    "python: an untyped receiver may be any living class": (
        {
            "a.py": """
class Live:
    def work(self): pass
class Dead:
    def work(self): pass
def run(it): it.work()
run(Live())
"""
        },
        {"Dead", "Dead.work"},
    ),
    "python: either of two definitions under a condition": (
        {"a.py": "import sys\nif sys.platform:\n    def f(): pass\nelse:\n    def f(): pass\nf()\n"},
        set(),
    ),
    "python: classes that register themselves": (
        {
            "a.py": """
class Plugin:
    found = []
    def __init_subclass__(cls): Plugin.found.append(cls)
class One(Plugin): pass
class Other: pass
print(Plugin.found)
"""
        },
        {"Other"},
    ),
    "typescript: exports by word and by list, and their members": (
        {
            "m.ts": """
export function a() { return b(); }
function b() { return 1; }
function c() { return 2; }
class D { m() {} private p() {} }
export { D as E };
const table = { k() { return 1; }, l: () => 2 };
export default table;
interface I { q(): void }
"""
        },
        {"c", "D.p", "I", "I.q"},
    ),
    "typescript: decorated classes": (
        {"m.ts": "@Component({})\nclass A { @Input() go() {} }\nclass B {}\nexport {};\n"},
        {"B"},
    ),
    "javascript: what tests of jest or mocha call": (
        {
            "x.test.js": """
const { f } = require("./f");
describe("x", () => { it("y", () => { f(); make(); }); });
function make() {}
function lost() {}
""",
            "f.js": "exports.f = function f() {};\nfunction g() {}\n",
        },
        {"lost", "g"},
    ),
    "javascript: function expressions live with what is around them": (
        {
            "m.mjs": "import s from 's';\ns.on(function named() { help(); });\nfunction help() {}\nfunction no() {}\n"
        },
        {"no"},
    ),
    "javascript: the top level of a plain script is the page's": (
        {"s.js": "function a() {}\nfunction b() { function c() {} }\n"},
        {"b.c"},
    ),
    "go: main, init, tests; a capital is no API in package main": (
        {
            "main.go": "package main\nfunc main() { used() }\nfunc init() {}\nfunc used() {}\n"
            "func Lost() {}\ntype T struct{}\n",
            "main_test.go": 'package main\nimport "testing"\nfunc TestX(t *testing.T) { help() }\n'
            "func help() {}\nfunc not() {}\n",
        },
        {"Lost", "T", "not"},
    ),
    "go: capitals of other packages are an API, but not below internal": (
        {
            "lib/a.go": "package lib\nfunc Open() { close() }\nfunc close() {}\nfunc lost() {}\n",
            "internal/b/b.go": "package b\nfunc Open() {}\n",
        },
        {"lost", "Open"},
    ),
    "go: methods behind interfaces": (
        {
            "main.go": """package main
type shape interface { area() int }
type square struct{}
func (square) area() int { return 1 }
func (square) String() string { return "" }
func (square) lost() {}
func show(s shape) { s.area() }
func main() { show(square{}) }
"""
        },
        {"square.lost"},
    ),
    "rust: pub of a library, but not of a program": (
        {
            "a/src/lib.rs": "pub fn open() { inner() }\nfn inner() {}\npub(crate) fn lost() {}\n",
            "b/src/main.rs": "fn main() { run() }\nfn run() {}\npub fn gone() {}\n#[no_mangle]\nfn handed() {}\n",
        },
        {"lost", "gone"},
    ),
    "rust: tests, traits of others, traits of one's own": (
        {
            "src/lib.rs": """
struct S;
impl std::fmt::Display for S { fn fmt(&self) { detail() } }
fn detail() {}
trait Own { fn go(&self); }
impl Own for S { fn go(&self) {} }
impl S { fn never(&self) {} }
pub fn run(x: &dyn Own) { x.go(); let _ = S; }
#[cfg(test)]
mod tests { #[test] fn it() { super::used_by_test() } }
fn used_by_test() {}
"""
        },
        {"S::never"},
    ),
    "rust: names in the body of a macro": (
        {
            "src/main.rs": "macro_rules! m { () => { helper() } }\nfn helper() {}\nfn main() { m!() }\nfn not() {}\n"
        },
        {"not"},
    ),
    "rust: a file that no ordinary build takes in": (
        {
            "src/main.rs": "mod sys;\nfn main() { sys::go() }\n",
            "src/sys.rs": "pub fn go() {}\npub fn elsewhere() {}\nfn not() {}\n",
            "src/windows.rs": "use crate::sys::elsewhere;\nfn x() { elsewhere() }\n",
        },
        {"not"},
    ),
    "java: main, tests, public API, annotations, overrides": (
        {
            "src/A.java": """
public class A {
  public static void main(String[] args) { new A().go(); }
  public void api() { }
  void go() { }
  void lost() { }
  private void alsoLost() { lost(); }
  @Override public String toString() { return ""; }
}
class Hidden { public void m() {} }
@Service class Bean { void x() {} }
""",
            "src/test/ATest.java": """
class ATest {
  @Test void works() { help(); }
  @BeforeEach void before() {}
  public static Test suite() { return null; }
  void help() {}
  void not() {}
}
""",
        },
        {"A.lost", "A.alsoLost", "Hidden", "Hidden.m", "Bean.x", "ATest.not"},
    ),
    "c: what main reaches, tables of functions, macros of export": (
        {
            "main.c": """
#include "f.h"
static int one(void) { return 1; }
static int lost(void) { return 2; }
static int (*table[])(void) = { one };
int main(void) { return f() + table[0](); }
""",
            "f.h": "int f(void);\nint g(void);\n",
            "f.c": '#include "f.h"\nint f(void) { return 1; }\nint g(void) { return 2; }\n'
            "LIB_API int h(void) { return 3; }\n",
        },
        {"lost", "g"},
    ),
    "c: in a library headers are the API": (
        {
            "f.h": "int f(void);\n",
            "f.c": '#include "f.h"\nint f(void) { return 1; }\nint g(void) { return 2; }\n',
        },
        {"g"},
    ),
    "c++: members that run unnamed, overrides of what others declare": (
        {
            "main.cpp": """
#include <thing.h>
struct Base { virtual void v(); virtual void w(); };
void Base::v() {}
void Base::w() {}
class K : public Thing { public: K(); ~K(); void run() override; void lost(); };
K::K() {}
K::~K() {}
void K::run() {}
void K::lost() {}
int main() { K k; Base b; b.v(); }
"""
        },
        {"Base::w#2"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name, world):
    sources, expected = CASES[name]
    assert set(dead(world, sources)) == expected


def test_reasons(world):
    sources = {
        "a.py": "def alone(): pass\ndef top(): low()\ndef low(): pass\ndef x(): y()\ndef y(): x()\ndef again(): again()\n"
    }
    assert dead(world, sources) == {
        "alone": DeadReason.ISOLATED,
        "top": DeadReason.UNUSED,
        "low": DeadReason.USED_BY_DEAD,
        "x": DeadReason.DEAD_CYCLE,
        "y": DeadReason.DEAD_CYCLE,
        "again": DeadReason.ISOLATED,
    }


def test_kinds_of_entry_points(world):
    sources = {
        "pkg/__init__.py": "",
        "pkg/cli.py": "def start(): pass\ndef _quiet(): pass\n",
        "run.py": "import pkg\nif __name__ == '__main__':\n    pass\n",
        "test_it.py": "def test_a(): pass\n",
        "docs/conf.py": "def setup(app): pass\n",
    }
    project = {"pyproject.toml": b'[project.scripts]\nx = "pkg.cli:_quiet"\n'}
    assert entries(world, sources, project) == {
        "docs/conf.py".replace("docs/conf.py", "setup"): Entry.HANDLER,
        "start": Entry.EXPORTED,
        "_quiet": Entry.SCRIPT,
        "run.py": Entry.MAIN,
        "test_a": Entry.TEST,
    }


def test_given_entry_points_replace_the_evident_ones(world):
    sources = {
        "pkg/__init__.py": "",
        "pkg/a.py": "from pkg.b import f\ndef main(): f()\ndef other(): pass\nother()\n",
        "pkg/b.py": "def f(): pass\ndef g(): pass\n",
        "pkg/c.py": "def h(): k()\ndef k(): pass\nh()\n",
    }
    snapshot = world(sources).snapshot()
    (main,) = [(hit.path, hit.definition) for hit in snapshot.reader.find_by_name("main")]
    found = dead_code(snapshot, [main])
    # The file of a living function runs, and what it does at its top level; files that nobody imports do not.
    assert [snapshot.info(one.ref).qualified for one in found.dead] == ["g", "h", "k"]
    assert [(one.ref, one.reason) for one in found.entry_points] == [(main, Entry.GIVEN)]
    nothing = dead_code(snapshot, [])
    assert nothing.n_dead == 6


def test_limit_cuts_the_answer_and_says_so(world):
    sources = {"a.py": "".join(f"def f{i}(): pass\n" for i in range(5))}
    snapshot = world(sources).snapshot()
    found = dead_code(snapshot, limit=2)
    assert (len(found.dead), found.n_dead, found.truncated) == (2, 5, True)
    assert [snapshot.info(one.ref).name for one in found.dead] == ["f0", "f1"]
    assert not dead_code(snapshot, limit=5).truncated
