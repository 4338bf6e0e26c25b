"""Project files that nest thousands of levels deep are read as if they said nothing; linking goes on."""

from __future__ import annotations

import pytest

from magellan_lsp.extract.engine import extract
from magellan_lsp.languages.registry import get_language
from magellan_lsp.resolve.link import link
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.source import MemorySource

DEEP = b"[" * 100_000
SOURCES = {
    "a.c": ("c", b'#include "a.h"\nint f(void) { return g(); }\n'),
    "a.js": ("javascript", b'import { g } from "pkg";\ng();\n'),
    "a.ts": ("typescript", b'import { g } from "@app/g";\ng();\n'),
    "src/main.rs": ("rust", b"use other::g;\nfn main() { g(); }\n"),
}


@pytest.mark.parametrize("path", SOURCES)
def test_a_project_file_of_brackets_stops_nothing(path: str) -> None:
    language, text = SOURCES[path]
    names = ["compile_commands.json", "package.json", "tsconfig.json"]
    configs = dict.fromkeys(names, DEEP) | {"Cargo.toml": b"a = " + DEEP}
    facts = extract(path, get_language(language), text)
    assert link(Resolver(MemorySource([facts], configs)), facts).path == path
