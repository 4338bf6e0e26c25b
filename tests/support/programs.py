"""Small programs by chance: files put together from snippets that mention each other's few names.

What matters is not that they compile but that almost any edit changes what some other file's names mean.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

TYPES = ["Ant", "Bee", "Cat"]
FUNCTIONS = ["fly", "run", "sit"]
FIELDS = ["leg", "eye"]


class Dialect(NamedTuple):
    """What a language's files are made of. In snippets, T U V stand for types, f g h for functions, x y for
    fields, M N for modules.
    """

    paths: tuple[str, ...]
    modules: tuple[str, ...]
    snippets: tuple[str, ...]
    head: str = ""
    """Begins every file; ``{folder}`` is the name of its folder."""
    configs: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Project files, each with the contents that it may have."""


DIALECTS: dict[str, Dialect] = {
    "python": Dialect(
        paths=("one.py", "two.py", "one.pyi", "pkg/__init__.py", "pkg/one.py", "pkg/two.py", "src/two.py"),
        modules=("one", "two", "pkg", "pkg.one"),
        snippets=(
            "from M import T, f",
            "from M import *",
            "import M",
            "from . import one as N",
            "from .two import T as U",
            "try:\n    from M import f\nexcept ImportError:\n    from N import f",
            "__all__ = ['f', 'T']",
            "class T(U):\n    x: V\n    def f(self) -> V:\n        return self.x.g()",
            "class T:\n    def __init__(self):\n        self.x = U()\n    def f(self): return self.x",
            "class T(U, V):\n    @property\n    def x(self): return self.f()",
            "def f(a: T, x=1):\n    return a.g().x",
            "def f(a):\n    if isinstance(a, T):\n        a.g()\n    return T()",
            "y = T().f()\ny.g(x=1)",
            "M.f(x=2)\nM.T().g()",
            "for one in [T()]:\n    one.f()",
            "def f(): pass",
        ),
        configs=(("pyproject.toml", ("[project]\nname = 'a'\n", "")),),
    ),
    "rust": Dialect(
        paths=("src/lib.rs", "src/one.rs", "src/two.rs", "src/one/mod.rs", "src/one/two.rs"),
        modules=("one", "two"),
        snippets=(
            "mod M;",
            "pub mod M;",
            "use crate::M::T;",
            "use crate::M::{self, f, T as U};",
            "pub use crate::M::*;",
            "use super::M::T;",
            "pub struct T { pub x: U }",
            "pub enum T { Ant(U), Bee { x: V } }",
            "pub trait U { fn f(&self) -> V; fn g(&self) { self.f(); } }",
            "impl U for T { fn f(&self) -> V { self.x.g() } }",
            "impl T { pub fn new() -> T { T { x: U::new() } } pub fn f(&self) -> U { self.x.g() } }",
            "pub fn f(a: T) -> U { a.f(); a.x }",
            "pub fn f<A: U>(a: A) { a.f(); let b = T::new(); b.g(); }",
            "type T = M::U;",
            "fn g() { M::f(T::new()); crate::M::g(); }",
            "macro_rules! sit { () => { f() } }",
        ),
        configs=(("Cargo.toml", ("[package]\nname = 'demo'\n", "[package]\nname = 'other'\n")),),
    ),
    "go": Dialect(
        paths=("one/a.go", "one/b.go", "two/a.go", "main.go"),
        modules=("one", "two"),
        head="package {folder}\n",
        snippets=(
            'import "ex.org/demo/M"',
            'import N "ex.org/demo/M"',
            "type T struct { U; x V }",
            "type T struct { x *U }",
            "type T interface { f() U }",
            "type T = U",
            "func (a T) f() U { return a.x.g() }",
            "func (a *T) g() { a.f() }",
            "func f(a T) U { return a.g() }",
            "func g() { b := T{}; b.f(); M.f(b) }",
            "var y = f(T{x: 1})",
            "const leg = 1",
        ),
        configs=(("go.mod", ("module ex.org/demo\n", "module ex.org/other\n")),),
    ),
    "java": Dialect(
        paths=("src/one/Ant.java", "src/one/Bee.java", "src/two/Ant.java", "src/two/Cat.java"),
        modules=("one", "two"),
        head="package {folder};\n",
        snippets=(
            "import M.T;",
            "import M.*;",
            "import static M.T.f;",
            "class T extends U { V x; V f() { return x.g(); } }",
            "public class T implements U { public V f() { this.g(); return new V(); } }",
            "interface U { V f(); default void g() { f(); } }",
            "enum T { leg, eye; U f() { return null; } }",
            "class T { static U f(int a) { return f(a); } static U f(String a) { return T.f(1); } }",
            "class T { void g(U a) { a.f().x = 1; new V().g(); } class U { } }",
            "record T(U x) { void f() { x.g(); } }",
        ),
    ),
    "c": Dialect(
        paths=("one.c", "two.c", "one.h", "sub/two.h"),
        modules=("one.h", "two.h", "sub/two.h"),
        snippets=(
            '#include "M"',
            "struct T { int x; struct U *y; };",
            "typedef struct T { int x; } T;",
            "typedef struct U T;",
            "int f(struct T *a);",
            "int f(struct T *a) { return g(a->y) + a->x; }",
            "static int f(int a) { return a; }",
            "#define sit(a) f(a)",
            "enum T { leg, eye };",
            "int y = leg;",
            "void h(void) { struct T a; a.x = f(&a); sit(1); }",
        ),
    ),
    "cpp": Dialect(
        paths=("one.cpp", "two.cpp", "one.hpp", "sub/two.hpp"),
        modules=("one.hpp", "two.hpp", "sub/two.hpp"),
        snippets=(
            '#include "M"',
            "namespace run { class T; }",
            "class T : public U { public: V x; int f(); virtual V g(); };",
            "struct T { T(int a); V f() { return x.g(); } V x; };",
            "namespace sit { struct T { U f(); }; int g(T a); }",
            "using namespace sit;",
            "using T = sit::U;",
            "int T::f() { return g().x.f(); }",
            "U sit::T::f() { return U(); }",
            "template <class A> struct T { A f(); }; T<U> y;",
            "int f(T a) { return a.f() + sit::g(a); }",
            "void h() { T a; a.f(); auto b = new U(); b->g(); }",
        ),
    ),
    "javascript": Dialect(
        paths=("one.js", "two.js", "lib/index.js", "lib/one.mjs", "view.jsx"),
        modules=("./one", "./two", "./lib", "../two", "./lib/one.mjs"),
        snippets=(
            "import { T, f } from 'M';",
            "import U, * as ns from 'M';",
            "export * from 'M';",
            "export { f as g } from 'M';",
            "const { f, T } = require('M');",
            "module.exports = { f, T };",
            "export default class T extends U { f() { return this.x.g(); } }",
            "export class T { constructor() { this.x = new U(); } get y() { return this.x; } }",
            "export class U extends T { f() { return this.y.g(); } }",
            "export function f(a) { return new T().g(); }",
            "export const g = () => f(new T());",
            "const y = { f() { return 1; }, x: T }; y.f();",
            "T.prototype.h = function () { return this.f(); };",
            "ns.f(); f().g();",
        ),
        configs=(("package.json", ('{"name": "demo"}', '{"name": "demo", "main": "two.js"}')),),
    ),
    "typescript": Dialect(
        paths=("one.ts", "two.ts", "lib/index.ts", "lib/one.d.ts", "view.tsx"),
        modules=("./one", "./two", "./lib", "../two", "@/two"),
        snippets=(
            "import { T, f } from 'M';",
            "import type { U } from 'M';",
            "export * from 'M';",
            "export * as ns from 'M';",
            "export interface T extends U { x: V; f(): U; }",
            "export class T implements U { x: V = new V(); f(): V { return this.x.g(); } }",
            "export abstract class T<A> extends U { abstract f(): A; g() { return this.f(); } }",
            "export type T = U | { x: V };",
            "export enum T { leg, eye }",
            "export function f(a: T): U { return a.f(); }",
            "export const g = (a: T<U>) => a.f().x;",
            "namespace sit { export function f(): T { return g(); } }",
            "declare function f(a: T): U;",
            "f(1).g(); sit.f().x;",
        ),
        configs=(("tsconfig.json", ('{"compilerOptions": {"paths": {"@/*": ["./*"]}}}', "{}")),),
    ),
}

_HOLES = re.compile(r"\b([TUVfghxyMN])\b")


@st.composite
def snippet(draw: st.DrawFn, dialect: Dialect) -> str:
    """A snippet with its holes filled."""
    text = draw(st.sampled_from(dialect.snippets))
    filled: dict[str, str] = {}

    def fill(match: re.Match[str]) -> str:
        hole = match[1]
        if hole not in filled:
            pool = (
                TYPES
                if hole in "TUV"
                else FUNCTIONS
                if hole in "fgh"
                else FIELDS
                if hole in "xy"
                else dialect.modules
            )
            filled[hole] = draw(st.sampled_from(list(pool)))
        return filled[hole]

    return _HOLES.sub(fill, text)


@st.composite
def content(draw: st.DrawFn, dialect: Dialect, path: str) -> str:
    """A file's text."""
    lines = draw(st.lists(snippet(dialect), max_size=5))
    folder = path.rpartition("/")[0].rpartition("/")[2] or "main"
    return dialect.head.replace("{folder}", folder) + "".join(f"{line}\n" for line in lines)


class Write(NamedTuple):
    """Create or change a file."""

    path: str
    text: str


class Delete(NamedTuple):
    """Delete a file, if it is there."""

    path: str


class Rename(NamedTuple):
    """Move a file over another place, if it is there."""

    path: str
    to: str


Edit = Write | Delete | Rename


@st.composite
def edits(draw: st.DrawFn, dialect: Dialect) -> Edit:
    """One edit of a workspace."""
    paths = st.sampled_from(dialect.paths)
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return Delete(draw(paths))
    if kind == 1:
        return Rename(draw(paths), draw(paths))
    if kind == 2 and dialect.configs:
        path, contents = draw(st.sampled_from(dialect.configs))
        choices: list[Edit] = [Delete(path), *(Write(path, text) for text in contents)]
        return draw(st.sampled_from(choices))
    path = draw(paths)
    return Write(path, draw(content(dialect, path)))


def apply(root: Path, edit: Edit) -> list[str]:
    """Do an edit; the answer is the paths that it touched."""
    at = root / edit.path
    if isinstance(edit, Write):
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(edit.text, encoding="utf-8", newline="\n")
        return [edit.path]
    if not at.exists() or (isinstance(edit, Rename) and edit.to == edit.path):
        return []
    if isinstance(edit, Delete):
        at.unlink()
        return [edit.path]
    to = root / edit.to
    to.parent.mkdir(parents=True, exist_ok=True)
    at.replace(to)
    return [edit.path, edit.to]
