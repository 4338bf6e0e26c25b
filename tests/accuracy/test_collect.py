"""What an oracle is asked, and what is kept of its answers (``benches/accuracy/collect.py``), with a made-up oracle."""

import json
import re
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benches" / "accuracy"


@pytest.fixture(autouse=True)
def bench(monkeypatch):
    """The bench's modules import each other from their own folder."""
    monkeypatch.syspath_prepend(str(FOLDER))


def found(tmp_path, language, name, text):
    import roles

    (tmp_path / name).write_text(text)
    lines = text.split("\n")
    words = {(spot.line, spot.character, spot.role) for spot in roles.spots(language, tmp_path, name)}
    return {(re.match(r"\w+", lines[line][column:]).group(), role) for line, column, role in words}


@pytest.mark.parametrize(
    ("language", "name", "text", "expected"),
    [
        (
            "python",
            "a.py",
            "from b import c\ndef f(x: T):\n    y = c()\n    return y.z.w()\n",
            {("b", "import"), ("c", "import"), ("f", "definition"), ("T", "type"), ("c", "call"), ("y", "variable"),
             ("z", "attribute"), ("w", "method")},
        ),
        (
            "go",
            "a.go",
            "package a\nfunc (r R) f(x T) { y := g(x); y.z() }\n",
            {("R", "type"), ("f", "definition"), ("T", "type"), ("g", "call"), ("x", "variable"), ("y", "variable"),
             ("z", "method")},
        ),
        (
            "rust",
            "a.rs",
            "use b::c;\nfn f(x: T) { g(x).h; k!(x); A::n() }\n",
            {("b", "import"), ("c", "import"), ("f", "definition"), ("T", "type"), ("g", "call"), ("x", "variable"),
             ("h", "attribute"), ("x", "macroarg"), ("A", "type"), ("n", "method")},
        ),
        (
            "c",
            "a.c",
            '#include "b.h"\nint f(T x) { return g(x)->h; }\nint d(void);\n',
            {("b", "import"), ("f", "definition"), ("T", "type"), ("g", "call"), ("x", "variable"), ("h", "attribute")},
        ),
        (
            "java",
            "a.java",
            "import b.C;\nclass A { T f(int x) { return g(x).h(); } }\n",
            {("C", "import"), ("A", "definition"), ("T", "type"), ("f", "definition"), ("g", "call"), ("x", "variable"),
             ("h", "method")},
        ),
        (
            "ts",
            "a.tsx",
            "import { b as c } from './d'\nfunction f(x: T) { return <Tag at={x.y}>{c()}</Tag> }\n",
            {("b", "import"), ("f", "definition"), ("T", "type"), ("Tag", "variable"), ("x", "variable"),
             ("y", "attribute"), ("c", "call")},
        ),
    ],
)  # fmt: skip
def test_roles(tmp_path, language, name, text, expected):
    assert found(tmp_path, language, name, text) == expected


def test_columns_are_utf_16(tmp_path):
    import roles

    (tmp_path / "a.py").write_text("f('\U0001f600é', g)\n")
    assert [spot.character for spot in roles.spots("python", tmp_path, "a.py")] == [0, 9]


def test_a_class_and_its_constructor_stand_for_each_other(tmp_path):
    import roles

    (tmp_path / "a.py").write_text("class A:\n    def __init__(self): ...\n")
    assert roles.twins("python", tmp_path, ["a.py", 0, 6, 0, 7]) == [["a.py", 1, 8, 1, 16]]
    assert roles.twins("python", tmp_path, ["a.py", 1, 8, 1, 16]) == [["a.py", 0, 6, 0, 7]]


def test_names_taken_from_packages(tmp_path):
    import roles

    text = "import a, { b } from 'p'\nimport c from './c'\nconst { d } = require('q').e\n"
    text += "const f = () => { const g = new G() }\n"
    (tmp_path / "a.js").write_text(text)
    at = {"a": (0, 7), "b": (0, 12), "c": (1, 7), "d": (2, 8), "f": (3, 6), "g": (3, 24)}
    taken = {name for name, (line, column) in at.items()
             if roles.from_package("js", tmp_path, ["a.js", line, column, line, column + 1])}  # fmt: skip
    assert taken == {"a", "b", "d"}


class Oracle:
    """Knows ``def NAME`` lines of one file and nothing else; fails where it is asked about ``broken``."""

    def __init__(self, root: Path) -> None:
        self.root, self.failed, self.asked = root, 0, []
        self.lines = (root / "a.py").read_text().split("\n")

    def has(self, provider):
        return provider == "callHierarchyProvider"

    def _name(self, line, character):
        return self.lines[line][character:].split("(")[0].strip()

    def located(self, what, path, line, character):
        self.asked.append((line, character))
        name = self._name(line, character)
        if name == "broken":
            self.failed += 1
            return [], False
        places = [
            ["a.py", row, 4, row, 4 + len(name)]
            for row, text in enumerate(self.lines)
            if f"def {name}(" in text
        ]
        return places, name != "unknown"

    def references(self, path, line, character):
        name = self._name(line, character)
        return [
            ["a.py", row, 0, row, len(name)]
            for row, text in enumerate(self.lines)
            if text.startswith(f"{name}(")
        ]

    def items(self, path, line, character):
        return [{"name": self._name(line, character)}]

    def called(self, item, direction):
        return [(["a.py", 9, 0, 9, 1], [["a.py", 0, 0, 0, 1]])] if direction == "incoming" else []


@pytest.fixture
def collected(tmp_path):
    import collect

    names = [f"f{number}" for number in range(40)]
    text = "".join(f"def {name}(): ...\n" for name in names)
    text += "".join(f"{name}()\n" for name in [*names, "print", "unknown", "broken"])
    (tmp_path / "a.py").write_text(text)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "b.py").write_text("f0()\n")

    def run(seed=7):
        pool = collect.Pool("python", tmp_path, [], seed)
        oracle = Oracle(tmp_path)
        return collect.collect(oracle, pool, {"language": "python", "corpus": "c"}, 20, 10), oracle

    return run


def test_answers_are_sorted_into_what_lies_inside_outside_and_what_has_none(collected):
    data, _ = collected()
    assert data["meta"]["files"] == 1
    assert (data["meta"]["no_answer"], data["meta"]["failed"]) == (1, 1)
    inside = [one for one in data["definition"] if not one.get("external")]
    outside = [one for one in data["definition"] if one.get("external")]
    assert {one["role"] for one in inside} == {"call", "definition"}
    assert all(
        one["defs"] == [["a.py", one["line"] % 40, 4, one["line"] % 40, one["defs"][0][4]]] for one in inside
    )
    assert [one["line"] for one in outside] == [80]
    assert data["definition"] == sorted(data["definition"], key=lambda one: one["line"])


def test_functions_keep_references_and_call_sites(collected):
    data, _ = collected()
    assert len(data["functions"]) == 8  # four of five used ones; none is unused here
    for one in data["functions"]:
        assert [place[1] for place in one["references"]] == [one["line"] + 40]
        assert one["incoming"] == [{"item": ["a.py", 9, 0, 9, 1], "sites": [["a.py", 0, 0, 0, 1]]}]
        assert one["outgoing"] == []


def test_the_same_seed_asks_the_same(collected):
    first, one = collected()
    second, other = collected()
    assert (first, one.asked) == (second, other.asked)
    assert collected(8)[1].asked != one.asked


def test_the_file_is_json_with_an_entry_a_line(collected):
    import collect

    data, _ = collected()
    text = collect.written(data)
    assert json.loads(text) == data
    assert len(text.splitlines()) > len(data["definition"]) + len(data["functions"])


def test_every_language_has_roles():
    import roles

    assert set(roles.GRAMMARS) == set(roles._CLASSIFY)
    assert sys.modules["roles"] is roles
