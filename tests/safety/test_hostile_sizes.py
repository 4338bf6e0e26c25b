"""Sources and settings made to be large cost a bounded amount of time and memory."""

import subprocess
import sys
from pathlib import Path

import pytest
from soak.client import Server

from magellan_lsp.indexer.ignore import Matcher
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.memory import MemoryStore

ROOT = Path(__file__).resolve().parents[2]
#: CPU seconds and bytes of memory for one file below; what people write takes a hundredth.
CPU_S = 40
MEMORY_BYTES = 3 << 30

#: Of one name in one file; with 20,000 too the time is bounded, but long for a test.
N_NAMES = 2_000

HOSTILE = {
    "deep.py": lambda: b"x = " + b"(" * 100_000 + b")" * 100_000,
    "deep.js": lambda: b"f(" * 100_000 + b")" * 100_000,
    "blocks.c": lambda: b"void f(void) {" + b"{" * 100_000 + b"}" * 100_000 + b"}",
    "chain.ts": lambda: b"a" + b".b()" * 100_000,
    "types.java": lambda: b"class A { " + b"List<" * 30_000 + b"A" + b">" * 30_000 + b" x; }",
    "token.rs": lambda: b"fn " + b"a" * 5_000_000 + b"() {}",
    "string.go": lambda: b'package a\nvar s = "' + b"a" * 9_000_000 + b'"\n',
    "names.py": lambda: b"def f(x): return f(x)\n" * N_NAMES,
    "names.js": lambda: b"function f(x) { return f(x) }\n" * N_NAMES,
    "macros.c": lambda: (
        b"#define A0 x\n"
        + b"".join(b"#define A%d A%d A%d\n" % (n, n - 1, n - 1) for n in range(1, 60))
        + b"A59"
    ),
    "unions.py": lambda: (
        b"class A0: pass\n"
        + b"".join(
            b"class A%d(A%d, A%d):\n    def f(self): return self.f().f()\n" % (n, n - 1, max(0, n - 2))
            for n in range(1, 400)
        )
    ),
    "doubles.py": lambda: (
        b"a0 = (1, 2)\n" + b"".join(b"a%d = (a%d, a%d)\n" % (n, n - 1, n - 1) for n in range(1, 300))
    ),
    "quotes.c": lambda: b"int x; " + b'"\\' * 100_000 + b"\nint f(void);\n",
    "comments.rs": lambda: b"macro_rules! m { () => { fn a() {} } }\nm! { " + b"/* " * 100_000,
    "names.cpp": lambda: b"\t" + b"_" * 60_000 + b"\nint f();\n",
    "line.py": lambda: b"x = [" + b"a, " * 300_000 + b"]\n",
}

CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({cpu}, {cpu}))
resource.setrlimit(resource.RLIMIT_DATA, ({memory}, {memory}))
from pathlib import Path
from magellan_lsp.indexer.pipeline import Indexer
from magellan_lsp.settings import Settings
from magellan_lsp.store.memory import MemoryStore
store = MemoryStore()
summary = Indexer(Path(sys.argv[1]), store, Settings(), workers=0).refresh()
print(summary.files)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_source_is_bounded_and_hides_no_other(tmp_path, name):
    (tmp_path / name).write_bytes(HOSTILE[name]())
    (tmp_path / "sound.py").write_text("def sound():\n    pass\n")
    ran = subprocess.run(
        [sys.executable, "-c", CHILD.format(cpu=CPU_S, memory=MEMORY_BYTES), str(tmp_path)],
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert ran.stdout.strip() == "2"


async def test_a_line_of_100_megabytes_is_left_out_and_the_server_says_so(tmp_path):
    with (tmp_path / "line.py").open("wb") as file:
        for _ in range(100):
            file.write(b"a" * (1 << 20))
    (tmp_path / "sound.py").write_text("def sound():\n    pass\n")
    async with Server(tmp_path) as server:
        await server.settle()
        found = await server.ask("workspace/symbol", {"query": "sound"})
        assert {one["name"] for one in found} == {"sound"}  # the function and its module
        symbols = await server.ask(
            "textDocument/documentSymbol", {"textDocument": server.document("line.py")}
        )
        assert not symbols
        assert sum(server.memory().values()) < 1 << 30


def test_ignore_patterns_made_to_run_for_ever_do_not(tmp_path):
    hostile = ["*a" * 200 + "b", "**/" * 100 + "x", "{a,b}" * 50, "[" * 500, "(a+)+$", "*" * 10_000]
    (tmp_path / ".gitignore").write_text("\n".join(hostile * 20))
    deep = tmp_path.joinpath(*["a" * 50] * 20)
    deep.mkdir(parents=True)
    (deep / ("a" * 200 + ".py")).write_text("def found():\n    pass\n")
    store = MemoryStore()
    Indexer(tmp_path, store, Settings(exclude=tuple(hostile)), workers=0).refresh()
    with store.read() as reader:
        assert reader.count_files() == 1
    assert not Matcher(tmp_path).ignored("sound.py")
