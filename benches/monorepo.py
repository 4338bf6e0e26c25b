"""A made-up repository in eight languages, of any size, the same for the same seed.

Each package is one folder in one language with a few files; its functions and classes call and derive from those of
packages made before it, of the same language, mostly near ones, as in real repositories. Names are made of common words, so
that they repeat about as often as real ones. ``python -m benches.monorepo FOLDER LINES`` makes one to look at.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

_NOUNS = """
    account address batch buffer cache cart channel client column config context cursor digest document
    driver edge entry event factory field file filter frame graph handler header image index item job
    key label layer ledger limit line link list lock map message meter model module name node note offer
    option order packet page parser path payment plan point policy pool price query queue range reader
    record region report request result route row rule scope script segment sensor service session shape
    signal slot source stage state store stream string table tag target task text token topic trace
    track tree unit user value vector view walker window worker writer zone
"""
_DOINGS = (
    "add apply build check clear close collect compare copy count create decode delete drop encode find flush "
    "get handle join list load make mark merge move open parse pick plan print push read remove render reset "
    "resolve run save scan send set sort split start stop store sum swap test trim update validate wait walk write"
)
_WORDS, _VERBS = _NOUNS.split(), _DOINGS.split()
#: Files of a package, and functions of a file.
FILES = 4
FUNCTIONS = 8


class Package(NamedTuple):
    """What other packages may use of one."""

    number: int
    name: str
    classes: list[str]
    functions: list[str]
    path: str


class Made(NamedTuple):
    """One file."""

    path: str
    text: str


Writer = Callable[[random.Random, Package, list[Package]], Iterator[Made]]


def generate(root: Path, n_lines: int, seed: int = 1) -> int:
    """Write packages until there are ``n_lines`` lines; the number of lines written (a little more)."""
    rng = random.Random(seed)
    known: dict[str, list[Package]] = {language: [] for language in WRITERS}
    lines = number = 0
    for path, text in _PROJECT.items():
        _write(root, path, text)
    while lines < n_lines:
        language = list(WRITERS)[number % len(WRITERS)]
        package = _package(rng, language, number)
        others = _chosen(rng, known[language])
        for made in WRITERS[language](rng, package, others):
            _write(root, made.path, made.text)
            lines += made.text.count("\n")
        known[language].append(package)
        number += 1
    return lines


def _package(rng: random.Random, language: str, number: int) -> Package:
    name = f"{rng.choice(_WORDS)}{number}"
    classes = [f"{rng.choice(_WORDS).title()}{rng.choice(_WORDS).title()}{number}x{i}" for i in range(FILES)]
    functions = [f"{rng.choice(_VERBS)}_{rng.choice(_WORDS)}_{i}" for i in range(FILES * FUNCTIONS)]
    area = f"area{number // 80}"
    return Package(number, name, classes, functions, f"{language}/{area}/{name}")


def _chosen(rng: random.Random, known: list[Package]) -> list[Package]:
    """Two packages to use: one of the last dozen, and any."""
    return [rng.choice(known[-12:]), rng.choice(known)] if known else []


def _write(root: Path, path: str, text: str) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


def _parts(package: Package) -> Iterator[tuple[int, str, list[str]]]:
    """(file, class, functions) of each file of a package."""
    for i in range(FILES):
        yield i, package.classes[i], package.functions[i * FUNCTIONS : (i + 1) * FUNCTIONS]


def _use(rng: random.Random, others: list[Package]) -> tuple[Package, str, str] | None:
    """A package, and the class and function of one of its files."""
    if not others:
        return None
    other = rng.choice(others)
    i = rng.randrange(FILES)
    return other, other.classes[i], other.functions[i * FUNCTIONS + rng.randrange(FUNCTIONS)]


def _python(rng: random.Random, package: Package, others: list[Package]) -> Iterator[Made]:
    yield Made(f"{package.path}/__init__.py", "")
    for i, name, functions in _parts(package):
        used = _use(rng, others)
        out = [f'"""Part {i} of {package.name}."""', "", "from __future__ import annotations", ""]
        base = ""
        if used:
            other, kind, function = used
            j = other.classes.index(kind)
            out.append(
                f"from {other.path.replace('/', '.')}.part{j} import {kind}, {other.functions[j * FUNCTIONS]}"
            )
            base = f"({kind})"
            called = other.functions[j * FUNCTIONS]
        else:
            called = "len"
        out += [
            "",
            "",
            f"class {name}{base}:",
            f'    """A {name}."""',
            "",
            "    def __init__(self, size: int) -> None:",
        ]
        out += ["        self.size = size", "        self.items: list[int] = []", ""]
        for function in functions:
            out += [f"    def {function}(self, value: int) -> int:", "        total = self.size + value"]
            out += ["        for item in self.items:", "            if item > total:"]
            out += [
                "                total += item",
                f"        return total + self.{rng.choice(functions)}(value - 1)",
                "",
            ]
        for function in functions:
            out += ["", f"def {function}(value):", f"    made = {name}(value)", f"    {called}([value])"]
            out += [f"    return made.{rng.choice(functions)}(value)", ""]
        yield Made(f"{package.path}/part{i}.py", "\n".join(out) + "\n")


def _typescript(
    rng: random.Random, package: Package, others: list[Package], suffix: str = "ts"
) -> Iterator[Made]:
    typed = suffix == "ts"
    number, result = (": number", ": number") if typed else ("", "")
    for i, name, functions in _parts(package):
        used = _use(rng, others)
        out, base, called = [], "", "Math.abs"
        if used:
            other, kind, _ = used
            j = other.classes.index(kind)
            up = "../" * (package.path.count("/") + 1)
            called = other.functions[j * FUNCTIONS]
            out.append(f'import {{ {kind}, {called} }} from "{up}{other.path}/part{j}";')
            base = f" extends {kind}"
        out += ["", f"/** A {name}. */", f"export class {name}{base} {{", f"  size{number} = 0;", ""]
        for function in functions:
            out += [f"  {function}(value{number}){result} {{", "    let total = this.size + value;"]
            out += [
                "    for (const item of [1, 2, 3]) {",
                "      if (item > total) { total += item; }",
                "    }",
            ]
            out += [f"    return total + this.{rng.choice(functions)}(value - 1);", "  }", ""]
        out += ["}", ""]
        for function in functions:
            out += [f"export function {function}(value{number}){result} {{", f"  const made = new {name}();"]
            out += [f"  {called}(value);", f"  return made.{rng.choice(functions)}(value);", "}", ""]
        yield Made(f"{package.path}/part{i}.{suffix}", "\n".join(out) + "\n")


def _javascript(rng: random.Random, package: Package, others: list[Package]) -> Iterator[Made]:
    yield from _typescript(rng, package, others, "js")


def _java(rng: random.Random, package: Package, others: list[Package]) -> Iterator[Made]:
    own = package.path.split("/", 1)[1].replace("/", ".")
    for _, name, functions in _parts(package):
        used = _use(rng, others)
        out, base, called = [f"package {own};", ""], "", ""
        if used:
            other, kind, _ = used
            j = other.classes.index(kind)
            out += [f"import {other.path.split('/', 1)[1].replace('/', '.')}.{kind};", ""]
            base, called = f" extends {kind}", f"new {kind}().{other.functions[j * FUNCTIONS]}(value)"
        out += [f"/** A {name}. */", f"public class {name}{base} {{", "    private int size = 0;", ""]
        for function in functions:
            out += [f"    public int {function}(int value) {{", "        int total = size + value;"]
            out += [
                "        for (int item = 0; item < 3; item++) {",
                "            if (item > total) { total += item; }",
            ]
            out += ["        }", f"        total += {called or 'value'};"]
            out += [f"        return total + this.{rng.choice(functions)}(value - 1);", "    }", ""]
        yield Made(f"{package.path}/{name}.java", "\n".join([*out, "}"]) + "\n")


def _go(rng: random.Random, package: Package, others: list[Package]) -> Iterator[Made]:
    for i, name, functions in _parts(package):
        used = _use(rng, others)
        out, called = [f"package {package.name}", ""], "value"
        if used:
            other, _, function = used
            out += [f'import "example.com/mono/{other.path}"', ""]
            called = f"{other.name}.{_exported(function)}(value)"
        out += [f"// {name} is a {name}.", f"type {name} struct {{", "\tsize int", "}", ""]
        for function in functions:
            out += [
                f"func (made *{name}) {_exported(function)}(value int) int {{",
                "\ttotal := made.size + value",
            ]
            out += [
                "\tfor item := 0; item < 3; item++ {",
                "\t\tif item > total {",
                "\t\t\ttotal += item",
                "\t\t}",
                "\t}",
            ]
            out += [f"\treturn total + made.{_exported(rng.choice(functions))}(value - 1)", "}", ""]
        for function in functions:
            out += [f"func {_exported(function)}(value int) int {{", f"\tmade := &{name}{{size: {called}}}"]
            out += [f"\treturn made.{_exported(rng.choice(functions))}(value)", "}", ""]
        yield Made(f"{package.path}/part{i}.go", "\n".join(out) + "\n")


def _exported(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _rust(rng: random.Random, package: Package, others: list[Package]) -> Iterator[Made]:
    crate = f"{package.path}/src"
    _, area, name = package.path.split("/")
    needed = "".join(
        f'{other.name} = {{ path = "../../{other.path.split("/", 1)[1]}" }}\n'
        for other in {other.number: other for other in others}.values()
    )
    manifest = f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n{needed}'
    yield Made(f"{package.path}/Cargo.toml", manifest)
    yield Made(f"{crate}/lib.rs", "".join(f"pub mod part{i};\n" for i in range(FILES)))
    for i, kind, functions in _parts(package):
        used = _use(rng, others)
        out, called = [], "value"
        if used:
            other, theirs, _ = used
            j = other.classes.index(theirs)
            called = other.functions[j * FUNCTIONS]
            out += [f"use {other.name}::part{j}::{called} as helper;", ""]
            called = "helper(value)"
        out += [
            f"/// A {kind}, in {area}.",
            f"pub struct {kind} {{",
            "    size: i64,",
            "}",
            "",
            f"impl {kind} {{",
        ]
        for function in functions:
            out += [
                f"    pub fn {function}(&self, value: i64) -> i64 {{",
                "        let mut total = self.size + value;",
            ]
            out += [
                "        for item in 0..3 {",
                "            if item > total { total += item; }",
                "        }",
            ]
            out += [f"        total + self.{rng.choice(functions)}(value - 1)", "    }", ""]
        out += ["}", ""]
        for function in functions:
            out += [
                f"pub fn {function}(value: i64) -> i64 {{",
                f"    let made = {kind} {{ size: {called} }};",
            ]
            out += [f"    made.{rng.choice(functions)}(value)", "}", ""]
        yield Made(f"{crate}/part{i}.rs", "\n".join(out) + "\n")


def _c(rng: random.Random, package: Package, others: list[Package]) -> Iterator[Made]:
    for i, name, functions in _parts(package):
        prefix = f"{package.name}_{i}"
        used = _use(rng, others)
        include, called = "", "value"
        if used:
            other, kind, _ = used
            j = other.classes.index(kind)
            include = f'#include "{other.path}/part{j}.h"\n'
            called = f"{other.name}_{j}_{other.functions[j * FUNCTIONS]}(0, value)"
        head = [
            f"#ifndef {prefix.upper()}_H",
            f"#define {prefix.upper()}_H",
            "",
            f"struct {name} {{",
            "    int size;",
            "};",
            "",
        ]
        head += [f"int {prefix}_{function}(struct {name} *made, int value);" for function in functions]
        yield Made(f"{package.path}/part{i}.h", "\n".join([*head, "", "#endif"]) + "\n")
        out = [f'#include "part{i}.h"', include]
        for function in functions:
            out += [
                f"int {prefix}_{function}(struct {name} *made, int value) {{",
                f"    int total = made->size + {called};",
            ]
            out += [
                "    for (int item = 0; item < 3; item++) {",
                "        if (item > total) { total += item; }",
                "    }",
            ]
            out += [f"    return total + {prefix}_{rng.choice(functions)}(made, value - 1);", "}", ""]
        yield Made(f"{package.path}/part{i}.c", "\n".join(out) + "\n")


def _cpp(rng: random.Random, package: Package, others: list[Package]) -> Iterator[Made]:
    for i, name, functions in _parts(package):
        used = _use(rng, others)
        include, base = "", ""
        if used:
            other, kind, _ = used
            include = f'#include "{other.path}/part{other.classes.index(kind)}.hpp"\n'
            base = f" : public {other.name}::{kind}"
        head = [
            "#pragma once",
            include,
            f"namespace {package.name} {{",
            "",
            f"/// A {name}.",
            f"class {name}{base} {{",
            "public:",
        ]
        head += [f"    int {function}(int value);" for function in functions]
        head += ["private:", "    int size = 0;", "};", "", "}"]
        yield Made(f"{package.path}/part{i}.hpp", "\n".join(head) + "\n")
        out = [f'#include "part{i}.hpp"', "", f"namespace {package.name} {{", ""]
        for function in functions:
            out += [f"int {name}::{function}(int value) {{", "    int total = size + value;"]
            out += [
                "    for (int item = 0; item < 3; item++) {",
                "        if (item > total) { total += item; }",
                "    }",
            ]
            out += [f"    return total + this->{rng.choice(functions)}(value - 1);", "}", ""]
        yield Made(f"{package.path}/part{i}.cpp", "\n".join([*out, "}"]) + "\n")


WRITERS: dict[str, Writer] = {
    "python": _python,
    "rust": _rust,
    "c": _c,
    "cpp": _cpp,
    "java": _java,
    "javascript": _javascript,
    "typescript": _typescript,
    "go": _go,
}
_PROJECT = {"go.mod": "module example.com/mono\n\ngo 1.22\n", ".gitignore": ".magellan/\n"}


if __name__ == "__main__":
    print(generate(Path(sys.argv[1]), int(sys.argv[2])), "lines")
