"""The commands that ask: what they print for people and for scripts, and their exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import Run


@pytest.fixture(autouse=True)
def in_workspace(workspace: Path) -> None:
    """Every test here runs in the workspace."""


def test_the_first_question_makes_the_index_and_says_so(run: Run, workspace: Path):
    first = run("callers", "price")
    assert first.code == 0
    assert "for the first time" in first.err
    assert (workspace / ".magellan").is_dir()
    assert run("callers", "price").err == ""


def test_callers_are_listed_with_the_places_of_the_calls(run: Run):
    assert run("callers", "price").lines == [
        "function      shop.cart.price  shop/cart.py:15:5",
        "  method        shop.cart.Cart.total  shop/cart.py:11:9",
        "    shop/cart.py:12:16  return price(self)",
        "1 caller",
    ]


def test_callers_of_callers_with_depth(run: Run):
    lines = run("callers", "price", "--depth", "2").lines
    assert any("main.pay" in line and line.startswith("      ") for line in lines)
    document = run("callers", "price", "--depth", "2", "--format", "json").json
    assert document["callers"][0]["callers"][0]["symbol"]["name"] == "pay"


def test_top_level_code_calls_in_the_name_of_its_file(run: Run):
    document = run("callers", "Cart.add", "--format", "json").json
    assert [one["symbol"]["canonical"] for one in document["callers"]] == ["main.py"]


def test_callees(run: Run):
    document = run("callees", "pay", "--format=json").json
    assert [one["symbol"]["fqn"] for one in document["callees"]] == ["shop.cart.Cart.total"]
    assert run("callees", "price").code == 1


def test_a_place_counts_characters_from_one(run: Run):
    found = run("definition", "main.py:3:21")
    assert found.code == 0
    assert found.lines[0].endswith("shop/cart.py:4:7")
    nothing = run("definition", "main.py:3:20")
    assert nothing == (1, "", "magellan-lsp: nothing found.\n")


def test_a_place_may_be_given_from_the_root(run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(workspace / "shop")
    for asked in ("main.py:3:21", "../main.py:3:21", str(workspace / "main.py") + ":3:21"):
        found = run("definition", asked)
        assert found.code == 0, found
        assert found.lines[0].endswith("cart.py:4:7")


def test_a_place_in_a_file_that_is_not_there_is_named(run: Run):
    missing = run("references", "nowhere.py:3:21")
    assert missing.code == 4
    assert "nowhere.py" in missing.err


def test_json_ranges_count_utf16_units_from_zero_and_bytes(run: Run):
    document = run("references", "main.py::größe", "--format", "json", "--declaration").json
    first, last = document["references"]
    assert first["range"] == {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 5}}
    assert first["bytes"] == [23, 30]
    assert (first["role"], last["role"], last["container"]) == ("definition", "read", "main.pay")
    origin = run("definition", "main.py:3:14", "--format", "json").json["origin"]
    assert origin["range"]["start"] == {"line": 2, "character": 14}


def test_a_line_without_a_column_means_its_first_definition(run: Run):
    assert run("definition", "shop/cart.py:15").lines[0].startswith("function      shop.cart.price")


@pytest.mark.parametrize(
    "symbol", ["price", "shop.cart.price", "shop/cart.py::price", "shop/cart.py:15:7", "shop/cart.py:12:17"]
)
def test_a_symbol_can_be_said_in_many_ways(run: Run, symbol: str):
    assert run("references", symbol).lines[-1] == "1 reference in 1 file"


def test_a_symbol_can_be_said_by_its_id_or_the_beginning_of_it(run: Run):
    symbol_id = run("definition", "price", "--format", "json").json["definitions"][0]["id"]
    assert len(symbol_id) == 32
    for text in (symbol_id, symbol_id[:8]):
        assert run("definition", text).lines[0].startswith("function      shop.cart.price")


def test_a_file_is_a_symbol_too(run: Run):
    document = run("references", "shop/cart.py", "--format", "json").json
    assert [(one["path"], one["role"]) for one in document["references"]] == [("shop/__init__.py", "import")]


def test_an_ambiguous_name_lists_its_candidates(run: Run):
    found = run("callers", "add")
    assert found.code == 2
    assert found.out == ""
    assert "  shop/cart.py::Cart.add" in found.err.splitlines()
    assert "  shop/cart.py::Basket.add" in found.err.splitlines()
    as_json = run("callers", "add", "--format", "json")
    assert '"candidates": ["shop/cart.py::Cart.add", "shop/cart.py::Basket.add"]' in as_json.err
    assert run("callers", "add", "--all").code == 0


def test_an_unknown_name_is_not_found(run: Run):
    found = run("references", "nowhere")
    assert (found.code, found.out) == (1, "")
    assert "'nowhere'" in found.err


def test_a_symbol_that_nobody_uses_gives_an_empty_answer(run: Run):
    found = run("references", "Basket", "--format", "json")
    assert found.code == 1
    assert found.json["references"] == []


def test_symbols_best_first(run: Run):
    assert [line.split()[1] for line in run("symbols", "Cart").lines][:1] == ["shop.cart.Cart"]
    assert run("symbols", "Cart", "--limit", "1").lines == run("symbols", "Cart").lines[:1]
    kinds = {
        one["kind"] for one in run("symbols", "add", "--kind", "method", "--format", "json").json["symbols"]
    }
    assert kinds == {"method"}
    assert run("symbols", "zzzz").code == 1


def test_hover_shows_signature_and_documentation(run: Run):
    found = run("hover", "Cart.add")
    assert "  def add(self, item: str, count: int = 1) -> None" in found.lines
    assert "  Put something in." in found.lines
    document = run("hover", "main.py:4:2", "--format", "json").json["hovers"][0]
    assert document["types"] == ["Cart"]


def test_positions_that_are_not_there(run: Run, workspace: Path):
    assert run("definition", "main.py:99:1").code == 5
    (workspace / "notes.txt").write_text("no source\n")
    assert run("definition", "notes.txt:1:1").code == 4
    outside = workspace.parent / "outside.py"
    outside.write_text("x = 1\n")
    assert run("definition", f"{outside}:1:1", "--root", ".").code == 2


def test_a_file_elsewhere_is_asked_about_in_its_own_workspace(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(workspace.parent)
    found = run("definition", f"{workspace}/main.py:4:6")
    assert found.lines[0].endswith("work/shop/cart.py:7:9")


def test_changes_are_taken_in_unless_told_otherwise(run: Run, workspace: Path):
    run("index")
    (workspace / "more.py").write_text("from shop.cart import price\nprice(1)\n")
    assert run("references", "price", "--no-refresh").lines[-1] == "1 reference in 1 file"
    assert run("references", "price").lines[-1] == "3 references in 2 files"


def test_without_refresh_there_has_to_be_an_index(run: Run):
    assert run("references", "price", "--no-refresh").code == 11


def test_what_a_terminal_would_obey_is_not_printed(run: Run, workspace: Path):
    (workspace / "evil.py").write_text('def evil(): pass\n"\x1b[31m\x07"; evil()\n')
    assert "\x1b" not in run("references", "evil").out


def test_possible_calls_are_told_apart_from_those_by_name(run: Run, workspace: Path):
    (workspace / "later.py").write_text(
        "def one():\n    pass\n\n\ndef pick():\n    f = one\n    one()\n    f()\n"
    )
    assert run("callees", "pick", "--possible").lines[1:] == [
        "  function      later.one  later.py:1:5",
        "    later.py:7:5  one()",
        "  function      later.one  later.py:1:5  by value",
        "    later.py:8:5  f()",
        "2 callees",
    ]
    document = run("callers", "later.one", "--possible", "--format", "json").json
    assert [(one["via"], one["symbol"]["name"]) for one in document["callers"]] == [
        ("name", "pick"),
        ("value", "pick"),
    ]
    assert len(run("callers", "later.one", "--format", "json").json["callers"]) == 1
