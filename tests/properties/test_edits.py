"""However a workspace came to be, its index is the one that a fresh indexing gives, to the byte."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from support.magellan import graph
from support.programs import DIALECTS, Delete, Dialect, Edit, Write, apply, edits

from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.base import Store
from magellan_lsp.store.dump import dump
from magellan_lsp.store.memory import MemoryStore
from magellan_lsp.store.open import backend_folder, open_store


class Index:
    """A folder's index, in memory unless said otherwise."""

    def __init__(self, root: Path, store: Store | None = None) -> None:
        self.store = store or MemoryStore()
        self.indexer = Indexer(root, self.store, Settings(), workers=0)
        self.indexer.refresh()

    def dump(self) -> str:
        with self.store.read() as reader:
            return dump(reader)


def check_edits(
    first: Sequence[Edit],
    batches: Sequence[Sequence[Edit]],
    *,
    by_sweep: bool = False,
    opened: Callable[[Path, Path], Store] | None = None,
) -> None:
    """The index kept up through the batches is a fresh one after each of them.

    ``opened`` gives the store for an index folder and the root; then Magellan's tables in it are looked at too, if it
    has them.
    """
    root = Path(tempfile.mkdtemp(prefix="edits"))
    indexes = Path(tempfile.mkdtemp(prefix="indexes"))
    store = opened(indexes / "kept", root) if opened else MemoryStore()
    try:
        for edit in first:
            apply(root, edit)
        kept = Index(root, store)
        for number, batch in enumerate(batches):
            touched = [path for edit in batch for path in apply(root, edit)]
            for path in touched:
                # a sweep goes by size and time: give each state of a file its own
                if (root / path).exists():
                    os.utime(root / path, ns=(0, 10**9 * (number + 2)))
            if by_sweep:
                kept.indexer.refresh()
            else:
                kept.indexer.update(touched)
            fresh = Index(root).dump()
            found = kept.dump()
            if found != fresh:
                show(root, number, batch)
                diff = difflib.unified_diff(
                    fresh.splitlines(), found.splitlines(), "fresh", "kept", lineterm="", n=0
                )
                raise AssertionError("\n".join(line[:300] for line in list(diff)[:30]))
            if opened and graph_file(indexes / "kept").exists():
                with opened(indexes / str(number), root) as other:
                    Index(root, other)
                fresh_graph, kept_graph = (
                    graph(graph_file(indexes / str(number))),
                    graph(graph_file(indexes / "kept")),
                )
                assert kept_graph == fresh_graph
    finally:
        store.close()
        shutil.rmtree(root)
        shutil.rmtree(indexes)


def graph_file(folder: Path) -> Path:
    return backend_folder(folder, "sqlite") / "magellan.db"


def in_lmdb(folder: Path, root: Path) -> Store:
    return open_store(folder, root=root)


def in_sqlite(folder: Path, root: Path) -> Store:
    return open_store(folder, backend="sqlite", root=root)


def show(root: Path, number: int, batch: Sequence[Edit]) -> None:
    note(f"after batch {number}: {batch}")
    for path in sorted(root.rglob("*")):
        if path.is_file():
            note(f"=== {path.relative_to(root)}\n{path.read_text()}")


def histories(dialect: Dialect, batches: int) -> st.SearchStrategy[tuple[list[Edit], list[list[Edit]]]]:
    one = edits(dialect)
    return st.tuples(
        st.lists(one, min_size=1, max_size=6),
        st.lists(st.lists(one, min_size=1, max_size=2), min_size=1, max_size=batches),
    )


def mixed() -> Dialect:
    """All languages in one folder."""
    parts = DIALECTS.values()
    return Dialect(
        tuple(path for one in parts for path in one.paths),
        tuple(module for one in parts for module in one.modules),
        tuple(text for one in parts for text in one.snippets),
        configs=tuple(config for one in parts for config in one.configs),
    )


ALL = {**DIALECTS, "mixed": mixed()}
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


# The indexer raises Python's recursion limit for deep sources, and hypothesis notices.
pytestmark = pytest.mark.filterwarnings("ignore:The recursion limit")


@pytest.mark.parametrize("language", ALL)
@pytest.mark.parametrize("by_sweep", [False, True], ids=["update", "sweep"])
def test_edits_leave_the_index_that_a_fresh_one_would_be(language: str, by_sweep: bool):
    @settings(max_examples=12, suppress_health_check=QUIET)
    @given(histories(ALL[language], 4))
    def run(history: tuple[list[Edit], list[list[Edit]]]) -> None:
        check_edits(*history, by_sweep=by_sweep)

    run()


@pytest.mark.parametrize("opened", [in_lmdb, in_sqlite])
def test_every_backend_keeps_up(opened: Callable[[Path, Path], Store]):
    @settings(max_examples=10, suppress_health_check=QUIET)
    @given(histories(ALL["mixed"], 3))
    def run(history: tuple[list[Edit], list[list[Edit]]]) -> None:
        check_edits(*history, opened=opened)

    run()


@pytest.mark.soak
@pytest.mark.parametrize("language", ALL)
def test_long_histories(language: str):
    @settings(max_examples=int(os.environ.get("SOAK_EXAMPLES", "400")), suppress_health_check=QUIET)
    @given(histories(ALL[language], 8), st.booleans())
    def run(history: tuple[list[Edit], list[list[Edit]]], by_sweep: bool) -> None:
        check_edits(*history, by_sweep=by_sweep)

    run()


MACRO = """\
macro_rules! root {
    () => {
        pub use self::deep::Deep;
        mod deep { pub struct Deep; }
        pub fn begin() {}
    };
}
"""
ONCE_WRONG: dict[str, tuple[list[Edit], list[list[Edit]]]] = {
    "an empty folder gets its first file": ([Delete("one.py")], [[Write("one.py", "x = 1\n")]]),
    "the last file goes": ([Write("one.py", "")], [[Delete("one.py")]]),
    "a project file comes later": (
        [Write("one/a.go", 'package one\nimport "ex.org/demo/one"\n')],
        [[Write("go.mod", "module ex.org/demo\n")], [Write("go.mod", "module ex.org/other\n")]],
    ),
    "a header of C whose declaration two languages define": (
        [Write("one.h", "int fly(struct Cat *a);\nvoid fly(void) {}\n"), Write("two.cpp", "")],
        [[Write("two.cpp", "int fly(Cat a) { return 1; }\n")]],
    ),
    "two types of one name in a package": (
        [Write("one/b.go", "package one\ntype Ant interface { fly() Ant }\n")],
        [
            [
                Write(
                    "one/a.go",
                    "package one\ntype Ant struct { leg *Ant }\nfunc (a Ant) fly() Ant { return a }\n",
                )
            ]
        ],
    ),
    "a macro of Rust brings items into another file's module": (
        [
            Write("Cargo.toml", '[package]\nname = "x"\n'),
            Write("src/lib.rs", "#[macro_use]\nmod root;\nroot! {}\nmod user;\n"),
            Write("src/root.rs", MACRO),
            Write("src/user.rs", "use crate::{begin, Deep};\nfn go(at: &Deep) { begin(); }\n"),
        ],
        [
            [Write("src/root.rs", MACRO.replace("! root", "! other"))],
            [Write("src/root.rs", MACRO)],
            [Write("src/root.rs", MACRO.replace("Deep;", "Deep as Far;"))],
            [Write("src/lib.rs", "#[macro_use]\nmod root;\nmod user;\n")],
        ],
    ),
}


@pytest.mark.parametrize("by_sweep", [False, True], ids=["update", "sweep"])
@pytest.mark.parametrize("what", ONCE_WRONG)
def test_histories_that_once_went_wrong(what: str, by_sweep: bool):
    check_edits(*ONCE_WRONG[what], by_sweep=by_sweep)
