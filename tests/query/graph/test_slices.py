"""Slices within functions, in small sources of each language, checked by hand."""

from __future__ import annotations

import pytest

from magellan_lsp.graph.slicing import DependenceKind
from magellan_lsp.query.graph.slices import function_slice

PYTHON = """def f(a, b):
    total = 0
    count = 0
    log = []
    for i in range(a):
        total += i
        count = count + 1
        log.append(count)
        if b > 3:
            total = total * 2
    d = {}
    d[1] = total
    print(count)
    «return» d
"""

# name -> (path, source with the criterion marked, forward, the statements)
CASES = {
    "python backward": (
        "a.py",
        PYTHON,
        False,
        [
            "def f(a, b):",
            "total = 0",
            "i in range(a)",
            "total += i",
            "b > 3",
            "total = total * 2",
            "d = {}",
            "d[1] = total",
            "return d",
        ],
    ),
    "python forward": (
        "a.py",
        PYTHON.replace("«return»", "return").replace("count = 0", "«count» = 0"),
        True,
        ["count = 0", "count = count + 1", "log.append(count)", "print(count)"],
    ),
    "python: a name that is bound again says nothing of before": (
        "a.py",
        "def f(x):\n    y = x\n    y = 2\n    z = y\n    «return» z\n",
        False,
        ["y = 2", "z = y", "return z"],
    ),
    "python: a shadowing parameter of a lambda is another name": (
        "a.py",
        "def f(n):\n    n = n + 1\n    g = lambda n: n\n    m = 3\n    «return» g(m)\n",
        False,
        ["g = lambda n: n", "m = 3", "return g(m)"],
    ),
    "go": (
        "a.go",
        (
            "package a\nfunc f(a int) int {\n\ts := 0\n\tn := 0\n"
            "\tfor i := 0; i < a; i++ {\n\t\ts += i\n\t\tn++\n\t}\n\tp := &n\n"
            "\t*p = 3\n\t«return» s\n}\n"
        ),
        False,
        ["func f(a int) int", "s := 0", "i := 0", "i < a", "i++", "s += i", "return s"],
    ),
    "typescript": (
        "a.ts",
        (
            "export function f(a: number) {\n  let s = 0;\n  let t = 1;\n"
            "  while (a > 0) { s += a; a--; t++; }\n  const r = { s };\n"
            "  «return» r;\n}\n"
        ),
        False,
        ["function f(a: number)", "let s = 0;", "a > 0", "s += a;", "a--;", "const r = { s };", "return r;"],
    ),
    "java": (
        "A.java",
        (
            "class A { int f(int a) {\n int s = 0; int t = 1;\n"
            " for (int i = 0; i < a; i++) { s += i; t = t + 1; }\n"
            " if (t > 3) { return «t»; }\n return s; } }\n"
        ),
        False,
        ["int f(int a)", "int t = 1;", "int i = 0;", "i < a", "i++", "t = t + 1;", "t > 3", "return t;"],
    ),
    "rust": (
        "a.rs",
        (
            "fn f(a: i32) -> i32 {\n let mut s = 0;\n let mut t = 1;\n"
            ' for i in 0..a { s += i; t += 1; }\n println!("{}", t);\n «s»\n}\n'
        ),
        False,
        ["fn f(a: i32) -> i32", "let mut s = 0;", "i in 0..a", "s += i;", "s"],
    ),
    "c: what has its address taken may be written": (
        "a.c",
        (
            "int f(int a, int *p) {\n int s = 0;\n int t = 1;\n"
            " while (a--) { s += a; }\n p[0] = s;\n g(&t);\n return «t»;\n}\n"
        ),
        False,
        ["int t = 1;", "g(&t);", "return t;"],
    ),
    "c++": (
        "a.cpp",
        "int f(int n) {\n int s = 0;\n int u = 5;\n for (int i = 0; i < n; ++i) s += i;\n u++;\n return «s»;\n}\n",
        False,
        ["int f(int n)", "int s = 0;", "int i = 0;", "i < n", "++i", "s += i;", "return s;"],
    ),
    "python: what another name for the same object changes": (
        "a.py",
        "def f(xs):\n    a = []\n    b = a\n    c = []\n    b.append(xs)\n    c.append(xs)\n    «return» a\n",
        False,
        ["def f(xs):", "a = []", "b = a", "b.append(xs)", "return a"],
    ),
    "python: a part that is changed changes the whole, and no other part": (
        "a.py",
        (
            "def f(o):\n    left = o.left\n    right = o.right\n    left.add(1)\n    right.add(2)\n"
            "    for x in left:\n        x.go()\n    «return» right\n"
        ),
        False,
        ["def f(o):", "right = o.right", "right.add(2)", "return right"],
    ),
    "python: a whole of which a part was changed": (
        "a.py",
        "def f(o):\n    left = o.left\n    left.add(1)\n    n = 2\n    n += 1\n    «return» o\n",
        False,
        ["def f(o):", "left = o.left", "left.add(1)", "return o"],
    ),
    "python: elements, choices and what a list is made of": (
        "a.py",
        (
            "def f(rows, c):\n    one = []\n    both = [one, 2]\n    some = rows if c else both\n"
            "    for row in some:\n        row.clear()\n    k = 3\n    k.x()\n    «return» one\n"
        ),
        False,
        [
            "def f(rows, c):",
            "one = []",
            "both = [one, 2]",
            "some = rows if c else both",
            "row in some",
            "row.clear()",
            "return one",
        ],
    ),
    "python: a method of a member changes the member": (
        "a.py",
        (
            "class A:\n    def f(self, x):\n        self.items.append(x)\n        self.other.append(x)\n"
            "        kept = self.items\n        kept[0] = 1\n        «return» self.items\n"
        ),
        False,
        [
            "def f(self, x):",
            "self.items.append(x)",
            "self.other.append(x)",  # it may have changed `self`
            "kept = self.items",
            "kept[0] = 1",
            "return self.items",
        ],
    ),
    "python: what is stored in a table": (
        "a.py",
        "def f(k):\n    row = []\n    d = {}\n    e = {}\n    d[k] = row\n    row.append(1)\n    «return» d\n",
        False,
        ["def f(k):", "row = []", "d = {}", "d[k] = row", "row.append(1)", "return d"],
    ),
    "java: another variable for the same list": (
        "A.java",
        (
            "import java.util.*; class A { List<String> f(String s) {\n List<String> a = new ArrayList<>();\n"
            " List<String> b = a;\n List<String> c = new ArrayList<>();\n b.add(s);\n c.add(s);\n return «a»; } }\n"
        ),
        False,
        [
            "List<String> f(String s)",
            "List<String> a = new ArrayList<>();",
            "List<String> b = a;",
            "b.add(s);",
            "return a;",
        ],
    ),
    "c: what a pointer points to is written through it": (
        "a.c",
        "int f(int v) {\n int n = 0;\n int m = 0;\n int *p = &n;\n int *q = &m;\n *p = v;\n *q = 2;\n return «n»;\n}\n",
        False,
        ["int f(int v)", "int n = 0;", "int *p = &n;", "*p = v;", "return n;"],
    ),
    "c++: a reference is another name": (
        "a.cpp",
        (
            "struct P { int x; };\nint f(int v) {\n P n;\n P m;\n P &p = n;\n P &q = m;\n p.x = v;\n q.x = 2;\n"
            " return «n».x;\n}\n"
        ),
        False,
        ["int f(int v)", "P n;", "P &p = n;", "p.x = v;", "return n.x;"],
    ),
    "go: what a pointer points to is written through it": (
        "a.go",
        (
            "package a\nfunc f(v int) int {\n\tn := 0\n\tm := 0\n\tp := &n\n\tq := &m\n\t*p = v\n\t*q = 2\n"
            "\t«return» n\n}\n"
        ),
        False,
        ["func f(v int) int", "n := 0", "p := &n", "*p = v", "return n"],
    ),
    "rust: what a mutable reference leads to": (
        "a.rs",
        (
            "fn f(v: i32) -> Vec<i32> {\n let mut a = Vec::new();\n let mut c = Vec::new();\n let b = &mut a;\n"
            " b.push(v);\n c.push(2);\n «a»\n}\n"
        ),
        False,
        ["fn f(v: i32) -> Vec<i32>", "let mut a = Vec::new();", "let b = &mut a;", "b.push(v);", "a"],
    ),
    "typescript: a member that another name stands for": (
        "a.ts",
        (
            "function f(o: { xs: number[]; ys: number[] }) {\n  const xs = o.xs;\n  const ys = o.ys;\n  xs.push(1);\n"
            "  ys.push(2);\n  «return» xs;\n}\n"
        ),
        False,
        [
            "function f(o: { xs: number[]; ys: number[] })",
            "const xs = o.xs;",
            "xs.push(1);",
            "return xs;",
        ],
    ),
    "javascript forward: what is changed through another name": (
        "a.js",
        "function f(x) {\n  const a = [];\n  const b = a;\n  b.«push»(x);\n  log(x);\n  return a;\n}\n",
        True,
        ["b.push(x);", "return a;"],
    ),
    "javascript: a method may write its object, a plain argument does not": (
        "a.js",
        "function f(xs) {\n  const out = [];\n  log(out);\n  out.push(xs);\n  «return» out;\n}\n",
        False,
        ["function f(xs)", "const out = [];", "out.push(xs);", "return out;"],
    ),
}


def ask(world, path, source, forward):
    made = world({path: source})
    (mark,) = made.marks.values()
    found = function_slice(made.snapshot(), *mark, forward=forward)
    text = made.files[path]
    return found, [text[one.span.start : one.span.end].decode() for one in found.statements]


@pytest.mark.parametrize("name", CASES)
def test_case(name, world):
    path, source, forward, expected = CASES[name]
    found, texts = ask(world, path, source, forward)
    assert texts == expected
    assert all(one in range(len(texts)) for one in found.criterion) and found.criterion


def test_edges_say_why(world):
    found, texts = ask(
        world, "a.py", "def f(c):\n    x = 1\n    if c:\n        x = 2\n    «return» x\n", False
    )
    assert texts == ["def f(c):", "x = 1", "c", "x = 2", "return x"]
    why = {(texts[edge.source], texts[edge.target]): edge.kind for edge in found.edges}
    assert why == {
        ("def f(c):", "c"): DependenceKind.DATA,
        ("c", "x = 2"): DependenceKind.CONTROL,
        ("x = 1", "return x"): DependenceKind.DATA,
        ("x = 2", "return x"): DependenceKind.DATA,
    }


def test_the_innermost_function_counts(world):
    source = "def outer(a):\n    def inner(b):\n        c = b\n        «return» c\n    return inner(a)\n"
    found, texts = ask(world, "a.py", source, False)
    assert found.name == "inner"
    assert texts == ["def inner(b):", "c = b", "return c"]


def test_a_files_own_statements(world):
    found, texts = ask(world, "a.py", "a = 1\nb = 2\nprint(a)\n«c» = a\n", False)
    assert (found.name, texts) == ("", ["a = 1", "c = a"])


def test_where_no_statement_is(world):
    made = world({"a.py": "def f():\n    pass\n\n\n# end\n", "b.txt": ""})
    snapshot = made.snapshot()
    assert function_slice(snapshot, "a.py", 20) is None
    assert function_slice(snapshot, "missing.py", 0) is None
