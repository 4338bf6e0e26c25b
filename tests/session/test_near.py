"""Before there is an index, names are looked up in the files near the open documents."""

from __future__ import annotations

import posixpath

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.registry import get_language, is_source, language_name
from magellan_lsp.query.snapshot import Overlay
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.session import near
from magellan_lsp.session.asking import _facts_cost
from magellan_lsp.session.caches import Bounded
from magellan_lsp.session.near import Nearby, NearSource
from magellan_lsp.store.memory import MemoryStore

GO = {
    "go.mod": "module example.com/shop\n",
    "cart/cart.go": 'package cart\n\nimport "example.com/shop/price"\n\nvar _ = helper\nvar _ = price.Of\n',
    "cart/help.go": "package cart\n\nfunc helper() {}\n",
    "price/price.go": "package price\n\nfunc Of() {}\n",
    "far/far.go": "package far\n",
}
JAVA = {
    "src/test/java/shop/CartTest.java": "package shop;\nimport shop.price.Price;\nclass CartTest { Cart c; Price p; }\n",
    "src/main/java/shop/Cart.java": "package shop;\nclass Cart {}\n",
    "src/main/java/shop/price/Price.java": "package shop.price;\npublic class Price {}\n",
}
CPP = {
    "lib/db/cart.cc": '#include "db/cart.h"\nint use() { return total(1); }\n',
    "lib/include/db/cart.h": '#include "db/sum.h"\n',
    "lib/include/db/sum.h": "int total(int count);\n",
}


class Disk:
    """A folder, and what of it was read."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self.read: list[str] = []

    def facts(self, path: str):
        if path not in self.files or not is_source(path):
            return None
        self.read.append(path)
        data = self.files[path].encode()
        return extract(path, get_language(language_name(path, data) or ""), data)

    def sources(self, folder: str) -> list[str]:
        return sorted(path for path in self.files if posixpath.dirname(path) == folder and is_source(path))

    def project(self, path: str) -> bytes | None:
        return self.files[path].encode() if path in self.files and not is_source(path) else None


def targets(files: dict[str, str], opened: str, *words: str) -> tuple[dict[str, list[str]], Disk]:
    """The files that the last use of each word in an open document leads to, with no index at all."""
    disk = Disk(files)
    facts = disk.facts(opened)
    assert facts is not None
    disk.read.clear()
    with MemoryStore().read() as reader:
        nearby = Nearby(disk.facts, disk.sources, disk.project)
        source = NearSource(reader, Overlay({opened: facts}), nearby, Bounded(1 << 20, _facts_cost), "")
        resolver = Resolver(source)
        found = {}
        for word in words:
            row = max(row for row, name in enumerate(facts.occ_name) if facts.names[name] == word)
            found[word] = [ref[0] for ref in resolver.occurrence_targets(opened, row)]
    return found, disk


def test_a_go_file_sees_its_package_and_those_it_imports():
    found, disk = targets(GO, "cart/cart.go", "helper", "Of")
    assert found == {"helper": ["cart/help.go"], "Of": ["price/price.go"]}
    assert "far/far.go" not in disk.read


def test_a_java_test_sees_what_it_tests_and_what_it_imports():
    found, _ = targets(JAVA, "src/test/java/shop/CartTest.java", "Cart", "Price")
    assert found == {
        "Cart": ["src/main/java/shop/Cart.java"],
        "Price": ["src/main/java/shop/price/Price.java"],
    }


def test_headers_are_looked_for_from_the_folders_above():
    found, _ = targets(CPP, "lib/db/cart.cc", "total")
    assert found == {"total": ["lib/include/db/sum.h"]}


def test_a_folder_of_any_size_costs_a_bounded_number_of_files(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(near, "MAX_FILES", 10)
    files = {**GO, **{f"cart/part{number}.go": "package cart\n" for number in range(50)}}
    _, disk = targets(files, "cart/cart.go", "helper")
    assert len(set(disk.read)) <= 10


def test_includes_are_read_as_far_as_there_is_room_the_nearest_first(monkeypatch: pytest.MonkeyPatch):
    """An umbrella header that comes first does not take the room of what the file itself includes."""
    monkeypatch.setattr(near, "MAX_INCLUDED_BYTES", 2000)
    padding = "// " + "x" * 190 + "\n"
    files = {
        "cart.cc": '#include "lib/all.h"\n#include "price.h"\nint use() { return of(1) + tax(1) + deep(1); }\n'
    }
    files["lib/all.h"] = '#include "deep0.h"\n'
    for step in range(100):
        files[f"lib/deep{step}.h"] = f'#include "deep{step + 1}.h"\n{padding}'
    files["lib/deep100.h"] = "int deep(int);\n"
    files["price.h"] = '#include "tax.h"\nint of(int);\n'
    files["tax.h"] = "int tax(int);\n"
    found, disk = targets(files, "cart.cc", "of", "tax", "deep")
    assert found == {"of": ["price.h"], "tax": ["tax.h"], "deep": []}
    assert len(disk.read) < 20


def test_a_file_is_read_once():
    _, disk = targets(GO, "cart/cart.go", "helper", "Of", "helper")
    assert len(disk.read) == len(set(disk.read))
