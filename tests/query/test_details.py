"""Choice of symbols, chunks, graphs, syntax, measures, hotspots: of the store, and of text that is newer than it."""

import threading
from hashlib import sha256

import pytest
from support.details import make_execution

from magellan_lsp.errors import Cancelled
from magellan_lsp.facts.chunk import Chunk
from magellan_lsp.query import cfg, chunks, churn, documents, executions, hotspots, metrics, syntax
from magellan_lsp.query.choice import are_one, symbols_named, with_bodies
from magellan_lsp.query.hotspots import By
from magellan_lsp.store.base import FileRecord
from magellan_lsp.text import Span

SHOP = """class Shop:
    def «price»(self, n):
        if n:
            return self.tax(n)
        return 0

    def tax(self, n):
        def «inner»(x):
            return x or n
        return inner(n)


a, b = "größe", 1
"""


@pytest.fixture
def make(world):
    """Makes a workspace of texts."""
    return world


def names(snapshot, refs):
    return [snapshot.info(ref).fqn for ref in refs]


# the choice


def test_a_full_name_wins_over_a_simple_one(make):
    world = make({"a.c": "void init(void) {}\n", "b.cpp": "struct A { void init() {} };\n"})
    snapshot = world.snapshot()
    assert names(snapshot, symbols_named(snapshot, "init")) == ["init"]
    assert names(snapshot, symbols_named(snapshot, "A::init")) == ["A::init"]
    (ref,) = symbols_named(snapshot, "a.c::init")
    assert symbols_named(snapshot, snapshot.symbol_id(ref)) == [ref]
    assert symbols_named(snapshot, "a.c") == [("a.c", 0)]
    assert symbols_named(snapshot, "0" * 32) == symbols_named(snapshot, "nothing") == []


def test_what_was_typed_is_found_by_all_its_names_and_what_is_gone_is_not(make):
    world = make({"shop.py": SHOP, "other.py": "def price(): pass\n"})
    snapshot = world.snapshot(
        {"shop.py": "class Shop:\n    def cost(self): pass\n", "new.py": "def price(): pass\n"}
    )
    for name in ("shop.py::Shop.cost", "shop.Shop.cost", "shop::Shop::cost", "Shop.cost", "cost"):
        assert names(snapshot, symbols_named(snapshot, name)) == ["shop.Shop.cost"], name
    assert names(snapshot, symbols_named(snapshot, "price")) == ["new.price", "other.price"]
    assert symbols_named(snapshot, "shop.Shop.price") == []


def test_overloads_and_declarations_are_one_thing_and_its_bodies_are_told_apart(make):
    world = make(
        {
            "a.h": "int f(int x);\n",
            "a.c": '#include "a.h"\nint f(int x) { return x; }\n',
            "B.java": "class B { void g(int a) { } void g(String a) { } void h() {} }\nclass C { void h() {} }\n",
        }
    )
    snapshot = world.snapshot()
    f = symbols_named(snapshot, "f")
    assert {ref[0] for ref in f} == {"a.h", "a.c"}
    assert are_one(snapshot, f)
    assert [ref[0] for ref in with_bodies(snapshot, f)] == ["a.c"]
    for name in ("B.g", "g"):
        g = symbols_named(snapshot, name)
        assert len(g) == 2, name
        assert are_one(snapshot, g)
        assert [piece.text for piece in chunks.of_symbols(snapshot, g)] == [
            "void g(int a) { }",
            "void g(String a) { }",
        ]
    assert len(symbols_named(snapshot, "B.java::B.g")) == len(symbols_named(snapshot, "B.g#2")) == 1
    assert not are_one(snapshot, symbols_named(snapshot, "h"))


def test_every_overload_by_any_name_and_nothing_else_of_that_name(make):
    world = make(
        {
            "d.ts": "export function h(a: string): string;\nexport function h(a: any): any { return a }\n"
            "export interface I { a: string }\nexport interface I { b: string }\n",
            "E.java": "class E { int f; void f() {} void f(int a) {} void ff() {} }\n",
            "o.cpp": "int g(int);\nint g(double d) { return 1; }\nint g(int x) { return 2; }\n",
        }
    )
    typed = {
        "d.ts": "export function h(): void;\nexport function h(a?: any): void {}\nexport function h2() {}\n"
    }
    for overlay, n_interfaces in ((None, 2), (typed, 0)):
        snapshot = world.snapshot(overlay)
        for name in ("d.h", "h"):
            assert [ref[0] for ref in symbols_named(snapshot, name)] == ["d.ts", "d.ts"], name
        assert len(symbols_named(snapshot, "d.I")) == n_interfaces
    infos = [snapshot.info(ref) for ref in symbols_named(snapshot, "E.f")]
    assert len({info.kind for info in infos}) == 1  # the field or the methods, whichever is meant
    assert len(symbols_named(snapshot, "g")) == 3


# chunks


def test_a_file_named_after_what_it_holds_does_not_make_the_name_ambiguous(make):
    world = make(
        {"src/reactive.ts": "export function reactive() {}\n", "lib/only.ts": "export const x = 1;\n"}
    )
    snapshot = world.snapshot()
    assert names(snapshot, symbols_named(snapshot, "reactive")) == ["src/reactive.reactive"]
    assert symbols_named(snapshot, "only") == [("lib/only.ts", 0)]


@pytest.mark.parametrize("overlay", [None, {"shop.py": "# 😀\n" + SHOP.replace("«", "").replace("»", "")}])
def test_a_chunk_is_cut_from_the_text_as_it_is_now(make, overlay):
    world = make({"shop.py": SHOP})
    snapshot = world.snapshot(overlay)
    source = snapshot.read_text("shop.py")
    for piece in chunks.of_file(snapshot, "shop.py"):
        assert piece.text.encode() == source[slice(*piece.span)]
        assert piece.hash == sha256(piece.text.encode()).hexdigest()
        assert not piece.is_stale
        assert chunks.of_symbols(snapshot, [piece.ref]) == [piece]
    (whole,) = chunks.of_symbols(snapshot, [("shop.py", 0)])
    assert whole.text.encode() == source


def test_symbols_of_one_span_have_a_chunk_each(make):
    snapshot = make({"shop.py": SHOP}).snapshot()
    at = snapshot.read_text("shop.py").index(b"a, b")
    same = [piece for piece in chunks.of_file(snapshot, "shop.py") if piece.span.start == at]
    assert [piece.name for piece in same] in (["a", "b"], ["b", "a"])
    assert chunks.of_span(snapshot, "shop.py", same[0].span) == sorted(same, key=lambda piece: piece.ref)
    (part,) = chunks.of_span(snapshot, "shop.py", Span(at, at + 4))
    assert (part.text, part.ref, part.kind) == ("a, b", None, "span")


def test_a_local_function_has_a_chunk_too(make):
    world = make({"shop.py": SHOP})
    snapshot = world.snapshot()
    path, offset = world.at("inner")
    facts = snapshot.facts(path)
    row = next(row for row, start in enumerate(facts.def_name_start) if start == offset)
    (piece,) = chunks.of_symbols(snapshot, [(path, row)])
    assert piece.text.startswith("def inner(x):")
    flow = cfg.of_symbol(snapshot, (path, row))
    assert flow is not None
    assert (flow.cfg.name, flow.cyclomatic) == ("inner", 2)


def test_without_the_indexed_text_a_chunk_is_stale(make):
    world = make({"shop.py": SHOP})
    world.files["shop.py"] = b"something else\n"
    snapshot = world.snapshot()
    (piece,) = chunks.of_symbols(snapshot, symbols_named(snapshot, "tax"))
    assert (piece.is_stale, piece.text, piece.hash) == (True, None, None)
    (span,) = chunks.of_span(snapshot, "shop.py", Span(0, 3))
    assert (span.is_stale, span.text) == (True, None)
    assert {piece.is_stale for piece in chunks.of_file(snapshot, "shop.py")} == {True}
    assert cfg.around(snapshot, "shop.py", 5) is None
    assert metrics.of_file(snapshot, "shop.py") is None
    assert syntax.nodes(snapshot, "shop.py", limit=9) is None


def test_chunks_of_an_older_index_are_given_until_their_file_is_indexed(make):
    world = make({"shop.py": SHOP})
    old = Chunk(0, 3, "old", sha256(b"old").hexdigest(), "", "f", "fn", 5)
    with world.store.write() as txn:
        txn.carry_chunks("gone.py", [old])
        txn.carry_chunks("there.py", [old])
    world.files["there.py"] = b"older"
    snapshot = world.snapshot()
    (gone,) = chunks.of_file(snapshot, "gone.py")
    assert (gone.text, gone.name, gone.kind, gone.is_stale) == ("old", "f", "fn", True)
    (there,) = chunks.of_span(snapshot, "there.py", Span(0, 3))
    assert not there.is_stale
    assert chunks.of_file(snapshot, "nowhere.py") == []


def test_a_chunk_that_is_no_text_says_so(make):
    world = make({"shop.py": "def f():\n    return '\udcff'\n"})
    snapshot = world.snapshot()
    (piece,) = chunks.of_symbols(snapshot, symbols_named(snapshot, "f"))
    assert (piece.text, piece.hash, piece.is_stale) == (None, None, False)


# graphs


def test_the_graph_around_a_place_is_that_of_the_innermost_function(make):
    world = make({"shop.py": SHOP})
    for overlay in (None, {"shop.py": world.files["shop.py"].decode() + "\n\n# typed\n"}):
        snapshot = world.snapshot(overlay)
        assert cfg.around(snapshot, *world.at("inner")).cfg.name == "inner"
        assert cfg.around(snapshot, *world.at("price")).cfg.name == "price"
        top = cfg.around(snapshot, "shop.py", len(world.files["shop.py"]) - 3)
        assert (top.cfg.name, top.ref) == ("", ("shop.py", 0))
        assert top.text(top.cfg.blocks[0].condition) is None


# measures


def test_fan_in_and_fan_out_are_those_of_what_was_typed(make):
    world = make(
        {"shop.py": SHOP, "use.py": "from shop import Shop\n\n\ndef run(s: Shop):\n    s.price(1)\n"}
    )
    before = world.snapshot()
    (price,) = symbols_named(before, "price")
    measured = metrics.of_symbol(before, price).metrics
    assert (measured.fan_in, measured.fan_out, measured.cyclomatic, measured.cognitive) == (1, 1, 2, 1)
    file = metrics.of_file(before, "shop.py")
    assert (file.fan_in, file.fan_out) == (2, 0)  # use.py itself imports, run calls
    typed = "from shop import Shop\n\n\ndef run(s: Shop):\n    s.price(1)\n\n\ndef more(s: Shop):\n    s.price(2)\n"
    after = world.snapshot({"use.py": typed})
    assert metrics.of_symbol(after, price).metrics.fan_in == 2
    assert metrics.of_file(after, "shop.py").fan_in == 3
    gone = world.snapshot({"use.py": None})
    assert metrics.of_symbol(gone, price).metrics.fan_in == 0


def test_measures_of_a_file_are_in_source_order_and_those_of_each_symbol(make):
    snapshot = make({"shop.py": SHOP}).snapshot()
    found = metrics.of_symbols_in(snapshot, "shop.py")
    assert names(snapshot, [one.ref for one in found])[:3] == [
        "shop.Shop",
        "shop.Shop.price",
        "shop.Shop.tax",
    ]
    for one in found:
        assert metrics.of_symbol(snapshot, one.ref) == one


def test_hotspots_see_what_was_typed(make):
    world = make({"shop.py": SHOP, "use.py": "def f(): pass\n"})
    typed = "def knot(a):\n" + "".join(f"    if a == {n}:\n        a += 1\n" for n in range(5))
    found = hotspots.hotspots(world.snapshot({"use.py": typed}), By.COMPLEXITY, 1, root=None)
    ((score, one),) = found.symbols
    assert (score, one.ref[0], found.is_truncated) == (6, "use.py", True)
    largest = hotspots.hotspots(world.snapshot({"use.py": typed}), By.LOC, 5, root=None)
    assert [(spot.path, score) for score, spot in largest.files] == [("shop.py", 14), ("use.py", 12)]
    gone = hotspots.hotspots(world.snapshot({"use.py": None}), By.LOC, 5, root=None)
    assert [spot.path for _, spot in gone.files] == ["shop.py"]


def test_files_that_stand_out_have_their_fans(make):
    world = make({"shop.py": SHOP, "use.py": "import shop\ndef f():\n    return shop.price\n"})
    snapshot = world.snapshot()
    found = hotspots.hotspots(snapshot, By.LOC, 5, root=None)
    fans = {spot.path: (spot.metrics.fan_in, spot.metrics.fan_out) for _, spot in found.files}
    assert fans == {
        path: (one.fan_in, one.fan_out)
        for path in ("shop.py", "use.py")
        if (one := metrics.of_file(snapshot, path)) is not None
    }
    assert fans["shop.py"][0] > 0
    shown = documents.of_file_spot(found.files[0][1])
    assert (shown["fanIn"], shown["fanOut"]) == fans[found.files[0][1].path]


def test_hotspots_say_how_many_files_they_left_out(make):
    world = make({f"m{n}.py": "def f(a):\n    return a or 1\n" for n in range(4)})
    found = hotspots.hotspots(world.snapshot(), By.COMPLEXITY, 9, root=None, patience_s=0.0)
    assert (found.symbols, found.n_unmeasured) == ([], 4)
    assert hotspots.hotspots(world.snapshot(), By.LOC, 9, root=None, patience_s=0.0).n_unmeasured == 4


def test_long_questions_stop_when_nobody_wants_the_answer(make):
    stop = threading.Event()
    snapshot = make({"shop.py": SHOP}).snapshot(stop=stop)
    stop.set()
    for ask in (
        lambda: hotspots.hotspots(snapshot, By.FAN_IN, 9, root=None),
        lambda: metrics.of_symbols_in(snapshot, "shop.py"),
        lambda: chunks.of_symbols(snapshot, [("shop.py", 1)]),
        lambda: syntax.nodes(snapshot, "shop.py", limit=9),
    ):
        with pytest.raises(Cancelled):
            ask()


# syntax


def test_the_numbers_of_nodes_are_the_same_however_they_are_asked_for(make):
    world = make({"shop.py": SHOP})
    snapshot = world.snapshot()
    every = {node.id: node for node in syntax.nodes(snapshot, "shop.py", tokens=True, limit=10_000)}
    assert sorted(every) == list(range(len(every)))
    named = syntax.nodes(snapshot, "shop.py", limit=10_000)
    assert named == [node for node in every.values() if node.is_named]
    path, offset = world.at("inner")
    around = syntax.nodes(snapshot, path, offset, limit=10_000)
    assert [every[node.id] for node in around] == around
    assert around[-1].kind == "identifier"
    assert all(node.start <= offset < node.end for node in around)
    for node in named:
        assert node.parent is None or (
            every[node.parent].start <= node.start and node.end <= every[node.parent].end
        )
    returns = syntax.find_nodes(snapshot, "shop.py", ["return_statement", "or"], limit=10_000)
    assert [node.kind for node in returns].count("return_statement") == 4
    assert [every[node.id] for node in returns] == returns
    assert len(syntax.nodes(snapshot, "shop.py", limit=3)) == 3


# the log, and git's


def test_the_log_by_order_and_id(make):
    world = make({})
    with world.store.write() as txn:
        for number in range(5):
            txn.put_execution(make_execution(f"run {number}", 1000 + number))
    with world.store.read() as reader:
        assert [one.execution_id for one in executions.get_recent(reader, 2)] == ["run 4", "run 3"]
        assert executions.list_all(reader, "oldest") == executions.list_all(reader)[::-1]
        assert executions.get_by_id(reader, "run 3") == executions.get_by_id(reader, "4")
        assert executions.get_by_id(reader, "9") is None


@pytest.mark.parametrize(
    ("data", "files", "n_commits"),
    [
        (b"", {}, 0),
        (b"\x01\0\n3\t1\ta.py\0", {"a.py": (1, 3, 1)}, 1),
        (
            b"\x01\0\x01\0\n3\t1\ta.py\0-\t-\tx.bin\0\x01\0\n1\t0\ta.py\0",
            {"a.py": (2, 4, 1), "x.bin": (1, 0, 0)},
            3,
        ),
        ("\x01\0\n1\t2\tgrö\tße.py\0".encode(), {"grö\tße.py": (1, 1, 2)}, 1),
    ],
)
def test_what_git_writes_is_read(data, files, n_commits):
    assert churn._parsed(data) == (files, n_commits)


def test_a_record_without_facts_has_no_details(make):
    world = make({})
    with world.store.write() as txn:
        txn.replace_file(FileRecord("big.py", "python", bytes(16), 0, 0, 0, 0, False, "too large"), None)
    snapshot = world.snapshot()
    assert chunks.of_file(snapshot, "big.py") == []
    assert metrics.of_file(snapshot, "big.py") is None
    assert hotspots.hotspots(snapshot, By.LOC, 5, root=None).files == []
