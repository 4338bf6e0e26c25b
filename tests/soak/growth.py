"""How the cost of one file grows with how often a construct is repeated in it, for every language.

    python tests/soak/growth.py [--languages a,b] [--only WORD] [--up-to N] [--all]

Each construct is repeated 1,000, 2,000, 4,000 and 8,000 times; extracting, linking and the second tier (chunks, control flow,
syntax nodes, measures) are timed apart, in processor time. Printed is what grows faster than the file does: the exponent is
1 for cost in proportion and 2 for its square. Ends with 1 where an exponent is above ``MAX_EXPONENT`` at a cost that counts.
"""

# ruff: noqa: E501 - a construct a line
from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from magellan_lsp.extract.details import details
from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.registry import get_language
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.source import MemorySource
from magellan_lsp.store import codec

SIZES = (1_000, 2_000, 4_000, 8_000)
#: Between the two largest sizes. Noise of a busy machine is about 0.2; what takes less than COUNTS_S is no matter.
MAX_EXPONENT, COUNTS_S = 1.5, 0.5
#: Seconds after which a construct is not tried in larger sizes.
ENOUGH_S = 20.0

Maker = Callable[[int], str]


class Frame(NamedTuple):
    """What stands around things in a language."""

    path: str
    before: str
    after: str
    value: str  # a statement that assigns ``{}``
    function: str  # the definition of function ``{}``


FRAMES = {
    "python": Frame("a.py", "", "", "x = {}\n", "def {}(a):\n    return a\n"),
    "rust": Frame("src/lib.rs", "", "", "fn main() {{ let x = {}; }}\n", "fn {}(a: i32) -> i32 {{ a }}\n"),
    "c": Frame("a.c", "", "", "int x = {};\n", "int {}(int a) {{ return a; }}\n"),
    "cpp": Frame("a.cpp", "", "", "int x = {};\n", "int {}(int a) {{ return a; }}\n"),
    "java": Frame("A.java", "class A {\n", "}\n", "int x = {};\n", "int {}(int a) {{ return a; }}\n"),
    "javascript": Frame("a.js", "", "", "var x = {};\n", "function {}(a) {{ return a }}\n"),
    "typescript": Frame("a.ts", "", "", "var x = {};\n", "function {}(a: number) {{ return a }}\n"),
    "tsx": Frame("a.tsx", "", "", "var x = {};\n", "function {}(a: number) {{ return <a>{{a}}</a> }}\n"),
    "go": Frame("a.go", "package a\n", "", "var x = {}\n", "func {}(a int) int {{ return a }}\n"),
}
BRACED = ("rust", "c", "cpp", "java", "javascript", "typescript", "tsx", "go")


def in_frame(language: str, text: str) -> str:
    frame = FRAMES[language]
    return frame.before + text + frame.after


def in_function(language: str, text: str) -> str:
    return in_frame(
        language,
        FRAMES[language].function.format("g").replace("return a", text).replace("{ a }", f"{{ {text} }}"),
    )


def nearly_nothing(language: str) -> Maker:
    """A file of nearly nothing."""
    return lambda n: in_frame(language, FRAMES[language].value.format(n))


def common(language: str) -> Iterator[tuple[str, Maker]]:
    """Constructs that all languages have."""
    frame = FRAMES[language]

    def value(text: str) -> str:
        return in_frame(language, frame.value.format(text))

    def functions(name: Callable[[int], str]) -> Maker:
        return lambda n: in_frame(language, "".join(frame.function.format(name(i)) for i in range(n)))

    yield "chain of members", lambda n: value("a" + ".b" * n)
    yield "chain of calls", lambda n: value("a" + ".b()" * n)
    yield "nested calls", lambda n: value("f(" * n + "1" + ")" * n)
    yield "sum of names", lambda n: value("a" + " + a" * n)
    yield "sum of strings", lambda n: value('"a"' + ' + "b"' * n)
    yield "functions of one name", functions(lambda i: "f")
    yield "functions", functions("f{}".format)
    yield (
        "uses of one function",
        lambda n: in_frame(
            language, frame.function.format("f") + frame.value.format(" + ".join(["f(1)"] * n))
        ),
    )
    yield (
        "functions of one name and uses",
        lambda n: in_frame(
            language, frame.function.format("f") * n + frame.value.format(" + ".join(["f(1)"] * n))
        ),
    )
    yield "statements", lambda n: in_frame(language, frame.value.format("f(a)") * n)
    yield "open brackets", lambda n: value("(" * n)
    yield (
        "comments",
        lambda n: in_frame(
            language, ("# a\n" if language == "python" else "// a\n") * n + frame.value.format(1)
        ),
    )
    if language in BRACED:
        condition = "a" if language in ("rust", "go") else "(a)"
        yield "nested blocks", lambda n: in_function(language, "{ " * n + "f();" + " }" * n)
        yield (
            "nested conditions",
            lambda n: in_function(language, f"if {condition} {{ " * n + "f();" + " }" * n),
        )
        yield (
            "else if",
            lambda n: in_function(
                language, f"if {condition} {{ f(); }}" + f" else if {condition} {{ f(); }}" * n
            ),
        )
        yield "conditions", lambda n: in_function(language, f"if {condition} {{ f(); }} " * n)
        yield "calls", lambda n: in_function(language, "f(a); " * n)


def own(language: str) -> Iterator[tuple[str, Maker]]:
    """Constructs of one language."""
    several: dict[str, dict[str, Maker]] = {
        "python": {
            "comments in a function": lambda n: "def f():\n" + "    # a\n" * n + "    return 1\n",
            "else if": lambda n: "if a: f()\n" + "elif a: f()\n" * n,
            "members of a class": lambda n: (
                "class A:\n" + "".join(f"    def f{i}(self): return self.f{i // 2}()\n" for i in range(n))
            ),
            "members of one name": lambda n: "class A:\n" + "    def f(self): return self.f()\n" * n,
            "classes above each other": lambda n: (
                "class A0: pass\n" + "".join(f"class A{i}(A{i - 1}): pass\n" for i in range(1, n))
            ),
            "classes of one name": lambda n: "class A(A): x = A\n" * n,
            "bases of a class": lambda n: "class A(" + "B, " * n + "): pass\n",
            "imports of one name": lambda n: "import a\n" * n + "a.b\n" * n,
            "names of an import": lambda n: "from a import (" + ", ".join(f"n{i}" for i in range(n)) + ")\n",
            "star imports": lambda n: "from a import *\n" * n + "b\n" * 10,
            "assignments of one name": lambda n: "a = f()\n" * n + "a.b\n" * n,
            "attributes assigned": lambda n: (
                "class A:\n  def f(self):\n" + "".join(f"    self.a{i} = self.a{i // 2}\n" for i in range(n))
            ),
            "list": lambda n: "x = [" + "a, " * n + "]\n",
            "dictionary": lambda n: "x = {" + "".join(f"'a{i}': b{i}, " for i in range(n)) + "}\n",
            "decorators": lambda n: "@d\n" * n + "def f(): pass\n",
            "parameters": lambda n: (
                "def f("
                + ", ".join(f"a{i}=b" for i in range(n))
                + "): pass\nf("
                + ", ".join(f"a{i}=1" for i in range(n))
                + ")\n"
            ),
            "lambdas": lambda n: "x = " + "lambda a: " * min(n, 2000) + "a\n",
            "try": lambda n: "def f():\n" + "    try: a()\n    except B: c()\n    finally: d()\n" * n,
            "loops": lambda n: (
                "def f():\n" + "    for a in b:\n        if a: break\n        else: continue\n" * n
            ),
            "returns": lambda n: "def f(a):\n" + "    if a: return f(a)\n" * n + "f(1).x\n",
            "overloads": lambda n: (
                "from typing import overload\n" + "@overload\ndef f(a: int) -> int: ...\n" * n + "f(1)\n" * 50
            ),
        },
        "rust": {
            "imports of one name": lambda n: "use a::b;\n" * n + "fn f() { b(); }\n",
            "glob imports": lambda n: "use a::*;\n" * n + "fn f() { b(); }\n",
            "tree of imports": lambda n: "use a::{" + ", ".join(f"b{i}" for i in range(n)) + "};\n",
            "methods": lambda n: (
                "struct A;\nimpl A {\n"
                + "".join(f"fn f{i}(&self) {{ self.f{i // 2}() }}\n" for i in range(n))
                + "}\n"
            ),
            "impls": lambda n: "struct A;\n" + "impl A { fn f(&self) { self.f() } }\n" * n,
            "impls of traits": lambda n: (
                "trait T { fn f(&self); }\n"
                + "".join(f"struct A{i}; impl T for A{i} {{ fn f(&self) {{}} }}\n" for i in range(n))
                + "fn g(t: &dyn T) { t.f() }\n"
            ),
            "derives": lambda n: "#[derive(Clone)]\nstruct A { a: A }\n" * n,
            "variants": lambda n: (
                "enum E { "
                + ", ".join(f"V{i}" for i in range(n))
                + " }\nfn f(e: E) { match e { "
                + "".join(f"E::V{i} => f(e), " for i in range(n))
                + "} }\n"
            ),
            "macros": lambda n: (
                "macro_rules! m { ($a:expr) => { $a } }\n" + "fn f() { " + "m!(f()); " * n + "}\n"
            ),
            "macros of one name": lambda n: (
                "macro_rules! m { ($a:expr) => { $a } }\n" * n + "fn f() { m!(1); }\n"
            ),
            "modules": lambda n: "".join(
                f"mod m{i} {{ use super::*; fn f() {{ f() }} }}\n" for i in range(n)
            ),
            "nested modules": lambda n: "mod m { " * min(n, 450) + "fn f() {}" + "}" * min(n, 450),
            "array": lambda n: "const A: [i32; 1] = [" + "1, " * n + "];\n",
            "lets of one name": lambda n: "fn f() { " + "let a = a.b(); " * n + "}\n",
            "attributes": lambda n: "#[cfg(a)]\n" * n + "fn f() {}\n",
            "bounds": lambda n: "fn f<T: " + " + ".join(f"A{i}" for i in range(n)) + ">(t: T) { t.f() }\n",
            "type parameters": lambda n: "fn f<" + ", ".join(f"T{i}" for i in range(n)) + ">(a: T1) {}\n",
        },
        "c": {
            "declarations of one name": lambda n: "int f(int);\n" * n + "int f(int a) { return f(a); }\n",
            "fields": lambda n: (
                "struct A { "
                + "".join(f"int a{i}; " for i in range(n))
                + "};\nint f(struct A *a) { return "
                + " + ".join(f"a->a{i}" for i in range(n))
                + "; }\n"
            ),
            "structs of one name": lambda n: "struct A { struct A *a; };\n" * n,
            "typedefs of one name": lambda n: "typedef struct A A;\n" * n + "A *a;\n",
            "macros": lambda n: (
                "".join(f"#define M{i}(a) M{i // 2}(a)\n" for i in range(n)) + "int x = M5(1);\n"
            ),
            "macros of one name": lambda n: "#define M 1\n" * n + "int x = M;\n",
            "uses of a macro": lambda n: (
                "#define M(a) f(a)\nint f(int);\nint g(void) { " + "M(1); " * n + "}\n"
            ),
            "macro of macros": lambda n: (
                "".join(f"#define M{i} M{i - 1}\n" for i in range(1, n)) + f"int x = M{n - 1};\n"
            ),
            "conditions of the preprocessor": lambda n: "#ifdef A\nint a;\n#else\nint b;\n#endif\n" * n,
            "nested conditions of the preprocessor": lambda n: "#ifdef A\n" * n + "int a;\n" + "#endif\n" * n,
            "includes": lambda n: '#include "a.h"\n' * n + "int a;\n",
            "enumerators": lambda n: "enum E { " + ", ".join(f"A{i}" for i in range(n)) + " };\n",
            "array": lambda n: "int a[] = {" + "1, " * n + "};\n",
            "designated fields": lambda n: (
                "struct A { int a; };\nstruct A a[] = {" + "{ .a = 1 }, " * n + "};\n"
            ),
            "cases": lambda n: (
                "int f(int a) { switch (a) { "
                + "".join(f"case {i}: f(a); break; " for i in range(n))
                + "} return 0; }\n"
            ),
            "labels": lambda n: (
                "int f(void) { " + "".join(f"l{i}: goto l{i // 2}; " for i in range(n)) + "}\n"
            ),
            "pointers": lambda n: "int " + "*" * n + "a;\n",
        },
        "java": {
            "overloads": lambda n: "class A { " + "void f(int a) { f(a); } " * n + "}\n",
            "methods": lambda n: (
                "class A { " + "".join(f"void f{i}() {{ this.f{i // 2}(); }} " for i in range(n)) + "}\n"
            ),
            "classes of one name": lambda n: "class A extends A { A a; }\n" * n,
            "classes above each other": lambda n: (
                "class A0 {}\n" + "".join(f"class A{i} extends A{i - 1} {{}}\n" for i in range(1, n))
            ),
            "nested classes": lambda n: "class A { " * min(n, 450) + "}" * min(n, 450),
            "imports of one name": lambda n: "import a.B;\n" * n + "class A { B b; }\n",
            "star imports": lambda n: "".join(f"import a{i}.*;\n" for i in range(n)) + "class A { B b; }\n",
            "enum": lambda n: "enum E { " + ", ".join(f"A{i}" for i in range(n)) + " }\n",
            "annotations": lambda n: "class A { " + "@B " * n + "void f() {} }\n",
            "lambdas": lambda n: "class A { void f() { " + "g(a -> a.b()); " * n + "} }\n",
            "type arguments": lambda n: "class A { " + "L<" * n + "A" + ">" * n + " x; }\n",
            "array": lambda n: "class A { int[] a = {" + "1, " * n + "}; }\n",
            "cases": lambda n: (
                "class A { void f(int a) { switch (a) { "
                + "".join(f"case {i}: f(a); break; " for i in range(n))
                + "} } }\n"
            ),
            "try": lambda n: (
                "class A { void f() { "
                + "try { f(); } catch (B b) { b.c(); } finally { f(); } " * n
                + "} }\n"
            ),
            "interfaces": lambda n: "class A implements " + ", ".join(f"I{i}" for i in range(n)) + " {}\n",
        },
        "javascript": {
            "requires of one name": lambda n: "var a = require('a');\n" * n + "a.b();\n" * 10,
            "imports of one name": lambda n: "import { a } from 'b';\n" * n + "a();\n",
            "exports of one name": lambda n: "exports.a = function () { return exports.a };\n" * n,
            "exports": lambda n: "".join(f"exports.a{i} = exports.a{i // 2};\n" for i in range(n)),
            "star exports": lambda n: "export * from './a';\n" * n + "a();\n",
            "methods": lambda n: (
                "class A { "
                + "".join(f"f{i}() {{ this.f{i // 2}() }} " for i in range(n))
                + "}\nnew A().f1()\n"
            ),
            "methods of one name": lambda n: "class A { " + "f() { this.f() } " * n + "}\n",
            "methods of a prototype": lambda n: (
                "function A() {}\n"
                + "".join(f"A.prototype.f{i} = function () {{ this.f{i // 2}() }};\n" for i in range(n))
            ),
            "methods of one name of a prototype": lambda n: (
                "function A() {}\n" + "A.prototype.f = function () { this.f() };\n" * n
            ),
            "classes of one name": lambda n: "class A extends A {}\n" * n,
            "variables of one name": lambda n: "var a = a.b;\n" * n,
            "assignments of one name": lambda n: "a = a.b();\n" * n,
            "properties assigned": lambda n: (
                "var a = {};\n" + "".join(f"a.b{i} = a.b{i // 2};\n" for i in range(n))
            ),
            "keys": lambda n: (
                "var a = { "
                + "".join(f"k{i}: f(), " for i in range(n))
                + "};\n"
                + "".join(f"a.k{i};\n" for i in range(n))
            ),
            "nested keys": lambda n: "var a = " + "{ k: " * n + "1" + " }" * n,
            "nested functions": lambda n: "function f() { " * min(n, 450) + "}" * min(n, 450),
            "callbacks": lambda n: "f(function () { " * min(n, 450) + "})" * min(n, 450),
            "arrows": lambda n: "var x = " + "a => " * n + "a\n",
            "patterns": lambda n: "var { " + ", ".join(f"a{i}" for i in range(n)) + " } = b;\n",
            "array": lambda n: "var a = [" + "1, " * n + "];\n",
            "template": lambda n: "var a = `" + "${b}" * n + "`;\n",
            "open templates": lambda n: "var a = " + "`${" * n,
            "cases": lambda n: (
                "function f(a) { switch (a) { "
                + "".join(f"case {i}: f(a); break; " for i in range(n))
                + "} }\n"
            ),
            "comments that describe": lambda n: (
                "/** @param {A} a @returns {A} */\nfunction f(a) { return a }\n" * n
            ),
            "chain of promises": lambda n: "a()" + ".then(b => b.c())" * n,
        },
        "go": {
            "imports of one name": lambda n: "package a\nimport (\n" + '\t"a/b"\n' * n + ")\nvar x = b.C\n",
            "dot imports": lambda n: "package a\nimport (\n" + '\t. "a/b"\n' * n + ")\nvar x = C\n",
            "methods": lambda n: (
                "package a\ntype A struct{}\n"
                + "".join(f"func (a A) F{i}() {{ a.F{i // 2}() }}\n" for i in range(n))
            ),
            "methods of one name": lambda n: (
                "package a\ntype A struct{}\n" + "func (a A) F() { a.F() }\n" * n
            ),
            "interfaces and types": lambda n: (
                "package a\n"
                + "".join(
                    f"type I{i} interface {{ F() }}\ntype A{i} struct{{}}\nfunc (a A{i}) F() {{}}\n"
                    for i in range(n // 8)
                )
            ),
            "fields": lambda n: (
                "package a\ntype A struct {\n"
                + "".join(f"\ta{i} int\n" for i in range(n))
                + "}\nfunc f(a A) { "
                + "".join(f"_ = a.a{i}; " for i in range(n))
                + "}\n"
            ),
            "embedded types": lambda n: (
                "package a\ntype A0 struct{}\n"
                + "".join(f"type A{i} struct {{ A{i - 1} }}\n" for i in range(1, n))
            ),
            "types of one name": lambda n: "package a\n" + "type A struct { A }\n" * n,
            "constants": lambda n: (
                "package a\nconst (\n" + "".join(f"\tA{i} = iota\n" for i in range(n)) + ")\n"
            ),
            "literal": lambda n: "package a\nvar a = []T{" + "{a: 1}, " * n + "}\n",
            "assignments of one name": lambda n: "package a\nfunc f() { " + "a := f(); _ = a; " * n + "}\n",
            "cases": lambda n: (
                "package a\nfunc f(a int) { switch a {\n"
                + "".join(f"case {i}: f(a)\n" for i in range(n))
                + "} }\n"
            ),
            "defers": lambda n: "package a\nfunc f() { " + "defer f(); " * n + "}\n",
        },
    }
    several["cpp"] = {
        "namespaces": lambda n: "namespace a { void f(); }\n" * n + "void g() { a::f(); }\n",
        "nested namespaces": lambda n: "namespace a { " * min(n, 450) + "}" * min(n, 450),
        "methods": lambda n: (
            "struct A { " + "".join(f"void f{i}() {{ f{i // 2}(); }} " for i in range(n)) + "};\n"
        ),
        "overloads": lambda n: "struct A { " + "void f(int a) { f(a); } " * n + "};\n",
        "methods outside": lambda n: (
            "struct A { "
            + "".join(f"void f{i}(); " for i in range(n))
            + "};\n"
            + "".join(f"void A::f{i}() {{ f{i // 2}(); }}\n" for i in range(n))
        ),
        "classes of one name": lambda n: "struct A { A f() { return f(); } };\n" * n,
        "classes above each other": lambda n: (
            "struct A0 {};\n" + "".join(f"struct A{i} : A{i - 1} {{}};\n" for i in range(1, n))
        ),
        "usings": lambda n: "using namespace a;\n" * n + "int x = b;\n",
        "template arguments": lambda n: "A<" * n + "int" + ">" * n + " a;\n",
        "specialisations": lambda n: (
            "template <class T> struct A {};\n"
            + "".join(f"template <> struct A<B{i}> {{ int a; }};\n" for i in range(n))
            + "A<int> a;\n"
        ),
        "shifts": lambda n: "void f() { a" + " << b" * n + "; }\n",
        "autos": lambda n: (
            "void f() { " + "".join(f"auto a{i} = a{max(0, i - 1)}.b(); " for i in range(n)) + "}\n"
        ),
        "lambdas": lambda n: "void f() { " + "g([&](int a) { return a; }); " * n + "}\n",
        **several["c"],
    }
    several["typescript"] = {
        "interfaces of one name": lambda n: "interface A { a: A }\n" * n + "declare let a: A; a.a.a;\n",
        "interfaces above each other": lambda n: (
            "interface A0 {}\n" + "".join(f"interface A{i} extends A{i - 1} {{}}\n" for i in range(1, n))
        ),
        "union": lambda n: (
            "type A = " + " | ".join(f"B{i}" for i in range(n)) + ";\ndeclare let a: A; a.b;\n"
        ),
        "union of objects": lambda n: (
            "type A = " + " | ".join(f"{{ k: {i} }}" for i in range(n)) + ";\ndeclare let a: A; a.k;\n"
        ),
        "conditional types": lambda n: "type A<T> = " + "T extends B ? C : " * n + "D;\n",
        "type arguments": lambda n: "let x: " + "L<" * n + "A" + ">" * n + ";\n",
        "overloads": lambda n: "declare function f(a: number): A;\n" * n + "f(1).b;\n" * 50,
        "enum": lambda n: "enum E { " + ", ".join(f"A{i}" for i in range(n)) + " }\n",
        "namespaces": lambda n: "namespace a { export let b = 1 }\n" * n + "a.b;\n" * 50,
        "decorators": lambda n: "@a()\n" * n + "class A {}\n",
        **several["javascript"],
    }
    several["tsx"] = {
        "elements": lambda n: "let x = <a>" + "<B c={d}>e</B>" * n + "</a>;\n",
        "nested elements": lambda n: "let x = " + "<a>" * n + "</a>" * n + ";\n",
        "attributes": lambda n: "let x = <A " + "".join(f"b{i}={{c}} " for i in range(n)) + "/>;\n",
    }
    yield from several[language].items()


class Figures(NamedTuple):
    """Processor seconds at each size."""

    extract: list[float]
    link: list[float]
    details: list[float]
    sizes: list[int]


def measured(language: str, maker: Maker, up_to: int) -> Figures:
    grammar = get_language(language)
    figures = Figures([], [], [], [])
    for count in SIZES:
        if count > up_to:
            break
        source = maker(count).encode()
        times = [time.process_time()]
        facts = extract(FRAMES[language].path, grammar, source)
        codec.decode_facts(codec.encode_facts(facts))
        times.append(time.process_time())
        link(Resolver(MemorySource([facts], {})), facts)
        times.append(time.process_time())
        details(facts, grammar, source)
        times.append(time.process_time())
        for column, (one, other) in zip(figures[:3], pairwise(times), strict=True):
            column.append(other - one)
        figures.sizes.append(len(source))
        if times[-1] - times[0] > ENOUGH_S:
            break
    return figures


def exponent(seconds: list[float], sizes: list[int]) -> float:
    """Of the growth between the two largest sizes."""
    if len(seconds) < 2 or sizes[-1] == sizes[-2]:
        return 0.0
    return math.log(max(seconds[-1], 1e-4) / max(seconds[-2], 1e-4)) / math.log(sizes[-1] / sizes[-2])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--languages", default=",".join(FRAMES))
    parser.add_argument("--only", default="", help="constructs with this in their names")
    parser.add_argument("--up-to", type=int, default=SIZES[-1])
    parser.add_argument("--all", action="store_true", help="print every construct")
    options = parser.parse_args()
    n_constructs = n_wrong = 0
    for language in options.languages.split(","):
        measured(language, nearly_nothing(language), 1_000)  # loads what all need
        for what, maker in (*common(language), *own(language)):
            if options.only not in what:
                continue
            figures = measured(language, maker, options.up_to)
            n_constructs += 1
            for stage, seconds in zip(("extract", "link", "details"), figures[:3], strict=True):
                found = exponent(seconds, figures.sizes)
                is_wrong = found > MAX_EXPONENT and seconds[-1] > COUNTS_S
                n_wrong += is_wrong
                if is_wrong or options.all:
                    shown = " ".join(f"{one:.2f}" for one in seconds)
                    print(f"{language:<11}{what:<40}{stage:<8} {shown:<28} exponent {found:.1f}", flush=True)
    print(f"{n_constructs} constructs, {n_wrong} stages that grow faster than they may")
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
