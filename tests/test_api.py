"""The index for Python programs, on both backends."""

import subprocess
import sys
from pathlib import Path

import pytest

from magellan_lsp.api import open_index
from magellan_lsp.errors import AmbiguousName, IndexMissing, NotFound
from magellan_lsp.settings import Settings

MODEL = """class Shop:
    def price(self, n):
        return self.tax(n) if n else 0

    def tax(self, n):
        return n


def main():
    Shop().price(1)


def unused():
    pass
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "shop.py").write_text(MODEL)
    (tmp_path / "more.py").write_text("def main():\n    pass\n")
    return tmp_path


@pytest.mark.parametrize("backend", ["lmdb", "sqlite"])
def test_what_the_docstring_says(root, backend):
    settings = Settings(backend=backend)
    with open_index(root, settings=settings, details=True) as index:
        assert index.one("Shop.price").fqn == "shop.Shop.price"
        (chunk,) = index.chunks("shop.Shop.price")
        assert (root / "shop.py").read_bytes()[slice(*chunk.span)].decode() == chunk.text
        assert [piece.name for piece in index.chunks_of_file("shop.py")][:2] == ["Shop", "price"]
        (span,) = index.chunk("shop.py", 0, 10)
        assert span.text == "class Shop"
        flow = index.cfg("shop.Shop.price")
        assert flow is not None
        assert flow.cyclomatic == 2
        assert index.cfg("Shop") is None
        assert [node.kind for node in index.syntax("more.py", depth=1)] == ["module", "function_definition"]
        assert [(call.via, call.symbol.name) for call in index.callers("tax")] == [("name", "price")]
        assert [(call.via, call.symbol.name) for call in index.callees("shop.main")] == [
            ("name", "Shop"),
            ("name", "price"),
        ]
        (measured,) = index.metrics("tax")
        assert (measured.metrics.fan_in, measured.metrics.cyclomatic) == (1, 1)
        file, symbols = index.metrics_of_file("shop.py")
        assert file is not None
        assert (file.n_functions, len(symbols)) == (4, 5)
        assert [one.ref for _, one in index.hotspots(limit=1).symbols] == [index.one("price").ref]
        assert [run.args for run in index.executions()] == [("api",)]
        (run,) = index.executions(None, order="oldest")
        assert index.execution(run.execution_id) == index.execution(run.id) == run
        assert index.execution("nothing") is None
        assert [node.kind for node in index.find_nodes("more.py", "pass_statement")] == ["pass_statement"]
        assert [one.path for one in index.references("Shop")] == ["shop.py"]
        assert index.search("pric")[0].name == "price"


def test_the_graph(root):
    with open_index(root) as index:
        reached = index.reachable("shop.main").symbols
        assert {index.info(near.ref).name for near in reached} >= {"price", "tax"}
        (path,) = index.paths("shop.main", "tax").paths
        assert [index.info(ref).name for ref in path] == ["main", "price", "tax"]
        dead = index.dead_code(["shop.main"]).dead
        assert "unused" in {index.info(one.ref).name for one in dead}
        assert index.cycles().cycles == []
        assert len(index.rank(3)) == 3
        near = index.call_graph("tax", "in").nodes
        assert [index.info(one.ref).name for one in near] == ["tax", "price"]
        assert index.condense().components
        text = (root / "shop.py").read_text()
        found = index.slice("shop.py", text.index("return n"))
        assert [text[slice(*one.span)] for one in found.statements] == ["def tax(self, n):", "return n"]
        assert index.collisions() == []
        assert [one.name for one in index.labelled("method")] == ["price", "tax"]
        assert index.labels_of("Shop.price") == ["method", "python"]
        assert "method" in [one.label for one in index.labels()]
        assert b"".join(index.export("jsonl")).count(b"\n") > 9


def test_what_is_not_there_or_not_clear_is_an_error(root):
    with pytest.raises(IndexMissing), open_index(root, refresh=False):
        pass
    with open_index(root) as index:
        with pytest.raises(NotFound):
            index.chunks("nothing")
        with pytest.raises(AmbiguousName) as caught:
            index.one("main")
        assert [index.one(one).path for one in caught.value.candidates] == ["more.py", "shop.py"]
        with pytest.raises(NotFound):
            index.syntax("nowhere.py")
        with pytest.raises(NotFound):
            index.find_nodes("nowhere.py", "module")
        with pytest.raises(NotFound):
            index.info(("nowhere.py", 1))


def test_an_index_can_be_taken_as_it_is(root):
    with open_index(root):
        pass
    (root / "shop.py").write_text("def other(): pass\n")
    with open_index(root, refresh=False) as index:
        assert index.chunks("tax")[0].is_stale
    with open_index(root) as index:
        assert index.find("tax") == []
        assert index.find("other")[0].path == "shop.py"


SCRIPT = """
from magellan_lsp.api import open_index

print("begun", __name__)
with open_index({root!r}, details=True) as index:
    print(len(index.search("f", limit=9)))
"""


def test_a_script_is_not_run_again_by_the_processes_that_index(root):
    """There is enough to do for several of them, and the script does not ask whether it is the main one."""
    for n in range(9):
        (root / f"part_{n}.py").write_text(f'def f{n}():\n    return """{"nothing " * 10_000}"""\n')
    (root.parent / "script.py").write_text(SCRIPT.format(root=str(root)))
    run = subprocess.run(
        [sys.executable, root.parent / "script.py"], capture_output=True, text=True, check=False
    )
    assert (run.stdout.splitlines(), run.stderr, run.returncode) == (["begun __main__", "9"], "", 0)
