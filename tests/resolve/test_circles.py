"""Definitions that lead back to themselves end: no rule of a language goes round for ever.

Each source is nonsense, as while somebody types. What the links need is asked here without the net that keeps one
occurrence's circle from the rest of its file (``Resolver.occurrence_targets``); the net has a test too.
"""

from __future__ import annotations

from unittest.mock import patch

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.languages.registry import get_language, language_name
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.source import MemorySource
from magellan_lsp.resolve.types import Ref

SOURCES = """\
=== a.go: a Go type made of its own member
package a
type mine mine.apply
func f(m mine) { m.x() }
=== a.go: Go types made of each other
package a
type A B
type B A
func f(a A, b *B) { a.x(); b.y.z(); for _, v := range a { v.w() } }
=== a.go: a Go type made of pointers to itself
package a
type A *A
func f(a A) { a.x(); (*a).y() }
=== a.go: a Go type parameter bound by itself
package a
func f[T T](t T) { t.x(); for _, v := range t { v.y() } }
=== a.rs: a Rust type parameter bound by itself
fn f<I: I>(i: I) -> I::Item { i.x().y; i[0].z; for a in i { a.b(); } }
=== a.rs: Rust type parameters bound by each other
fn f<A: B, B: A>(a: A) { a.x(); *a; a(); a[1]; for b in a { b.y(); } }
=== a.rs: Rust types that dereference to themselves
struct A; impl Deref for A { type Target = A; }
fn f(a: A) { a.x(); (*a).y(); a[0].z(); for b in a { b.w(); } a.await.v(); }
=== a.rs: Rust types that dereference to each other
struct A; struct B;
impl Deref for A { type Target = B; }
impl Deref for B { type Target = A; }
fn f(a: A) { a.x(); (*a).y(); a[0].z(); for b in a { b.w(); } }
=== a.rs: Rust aliases of each other
type A = B; type B = A; fn f(a: A) { a.x(); A::y(); for b in a { b.z(); } }
=== a.rs: Rust traits above each other
trait A: B {} trait B: A {} fn f<T: A>(t: T) { t.x(); T::y(); }
=== a.rs: a Rust associated type that is itself
trait A { type X: A; } impl A for u8 { type X = Self::X; } fn f(a: <u8 as A>::X) { a.x(); }
=== a.py: a Python type parameter bound by itself
def f[T: T](t: T):
    t.x()
    for a in t: a.y()
    t[0].z()
    t().w
=== a.py: Python type variables bound by each other
from typing import TypeVar
A = TypeVar('A', bound='B')
B = TypeVar('B', bound=A)
def f(a: A, b: B):
    a.x; b.y(); a()
=== a.py: Python classes above each other
class A(B): pass
class B(A): pass
A().x; A.y; B()[0]; super(A).z
=== a.py: Python names that mean each other
a = b
b = a
a.x; b(); a[0].y
type T = T
t: T = 1
t.x
=== a.py: a Python decorator that decorates itself
@f
def f(a=f()): return f(f)
f().x
f(f)(f).y
=== a.py: a Python property of its own type
class A:
    @property
    def a(self): return self.a.a
    def __getattr__(self, n): return self.a
A().a.b.c
=== A.java: a Java type parameter bound by itself
class A { <T extends T> void f(T t) { t.x(); for (T a : t) a.y(); t.z.w(); f(t); g(t);
} void g(A a) {} void g(int i) {} }
=== A.java: Java type parameters bound by each other
class A<T extends U, U extends T> { void f(T t) { t.x(); f(t); } void f(U u) { f(u); } }
=== A.java: Java classes above each other
class A extends B { void f() { x(); super.y(); f(); } }
class B extends A { void f() { z(); } }
=== A.java: a Java lambda for itself
interface F<T extends F<T>> { T f(T t); }
class A { F g = x -> x.f(x -> x); void h() { g.f(g).f(a -> a.f(a)); } }
=== a.cpp: C++ typedefs of each other
typedef A B; typedef B A; A f(B b) { b.x(); b->y(); return f(b).z; }
=== a.cpp: C++ classes above each other
struct B; struct A : B { void f() { x(); } }; struct B : A { using A::f; void g() { f(); y; } };
=== a.cpp: a C++ arrow that gives itself
struct A { A operator->(); A operator*(); A operator[](int); }; void f(A a) { a->x(); (*a).y();
a[0].z(); }
=== a.cpp: C++ arrows that give each other
struct B; struct A { B operator->(); }; struct B { A operator->(); }; void f(A a) { a->x();
a->y->z; }
=== a.cpp: a C++ template of itself
template <class T> struct A : A<A<T>> { T t; void f() { t.x(); this->y(); } };
void g(A<int> a) { a.z(); }
=== a.cpp: a C++ auto of itself
auto a = a; auto f() { return g(); } auto g() { return f(); } void h() { a.x(); f().y(); }
=== a.c: C macros of each other
#define A B
#define B A
#define F(x) G(x)
#define G(x) F(x)
int x = A + F(B);
A y; void f(void) { F(y).z = 1; }
=== a.c: C typedefs of each other
typedef struct a b; typedef b a; struct a { b *n; a m; }; void f(a *x) { x->n->m.n->q; }
=== a.js: a JavaScript class above itself
class A extends A { f() { return super.f() } }
new A().f().x; A.y; var b = c, c = b; b.x(); c().y
=== a.js: JavaScript prototypes of each other
function A() {} function B() {}
A.prototype = B.prototype; B.prototype = A.prototype; A.prototype = new A();
new A().x(); new B().y.z
=== a.js: a JavaScript module of itself
const a = require('./a'); module.exports = a; module.exports.b = require('./a').b;
export * from './a'; a.b.c()
=== a.ts: TypeScript aliases of each other
type A = B; type B = A; declare let a: A; a.x; a().y; for (const b of a) b.z
type C = C[] | C['k']; let c: C; c[0].x
=== a.ts: a TypeScript parameter bound by itself
function f<T extends T>(t: T) { t.x; t().y; f(t).z; for (const a of t) a.w }
=== a.ts: TypeScript parameters bound by each other
class A<T extends U, U extends T> { f(t: T, u: U): T { t.x; u.y; return this.f(t, u) } }
=== a.ts: TypeScript types computed from themselves
type A = keyof A; type B<T> = { [K in keyof B<T>]: B<B<T>>[K] };
type C<T> = T extends C<infer U> ? C<U> : C<C<T>>; let a: B<A>, c: C<C<A>>; a.x.y; c.z
type D = typeof d; let d: D; d.x
=== a.ts: TypeScript interfaces above each other
interface A extends B, A {} interface B extends A {} declare const a: A; a.x(); a.y.z
"""

#: What leads in a circle -> (path, source).
CIRCLES = {
    title.split(": ")[1]: (title.split(": ")[0], text.encode())
    for title, _, text in (part.partition("\n") for part in SOURCES.split("=== ")[1:])
}


@pytest.mark.parametrize("what", CIRCLES)
def test_what_leads_back_to_itself_ends(what: str):
    path, source = CIRCLES[what]
    facts = extract(path, get_language(language_name(path) or ""), source)
    for rows in (range(len(facts.occ_target)), reversed(range(len(facts.occ_target)))):
        resolver = Resolver(MemorySource([facts], {}))
        for row in rows:
            resolver.expected_targets(facts, row)
    link(Resolver(MemorySource([facts], {})), facts)


def test_bounds_that_name_others_give_what_they_all_are():
    text = b"class A { void f() {} }\nclass B<T extends U, U extends V, V extends A> { void g(T t) { t.f(); } }\n"
    facts = extract("A.java", get_language("java"), text)
    found = link(Resolver(MemorySource([facts], {})), facts).links
    called = [one.target for one in found if text[facts.occ_start[one.occurrence] :].startswith(b"f();")]
    assert called == [facts.symbol_id(row) for row in facts.symbols() if facts.name(row) == "f"]


def test_a_circle_costs_one_occurrence_and_not_the_file():
    text = b"class A:\n    def f(self): pass\n    def g(self): pass\nA().f()\nA().g()\n"
    facts = extract("a.py", get_language("python"), text)
    resolver = Resolver(MemorySource([facts], {}))
    (broken,) = [row for row, start in enumerate(facts.occ_start) if start == text.index(b"f()\n")]
    whole = {one.occurrence for one in link(resolver, facts).links}
    targets = resolver._targets

    def circle(facts: FileFacts, row: int) -> list[Ref]:
        return circle(facts, row) if row == broken else targets(facts, row)

    with patch.object(resolver, "_targets", circle):
        assert {one.occurrence for one in link(resolver, facts).links} == whole - {broken}
