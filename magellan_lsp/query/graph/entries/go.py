"""Go: main and init, tests, capitalised names of packages that can be imported, methods behind interfaces."""

from __future__ import annotations

import re

from magellan_lsp.facts.kinds import DefFlag, DefKind
from magellan_lsp.query.graph.entries.base import Entry, EntryRules, File

_TEST = re.compile(r"^(Test|Benchmark|Fuzz|Example)(?![a-z])")
_DIRECTIVE = re.compile(rb"^//(export|go:linkname)\s", re.MULTILINE)


class GoRules(EntryRules):
    """The conventions of Go."""

    def entry(self, file: File, row: int) -> Entry | None:
        facts = file.facts
        if row == 0 or facts.def_kind[row] == DefKind.NAMESPACE:
            return None
        name = facts.name(row)
        kind = facts.def_kind[row]
        package = _package(file)
        if kind == DefKind.FUNCTION and (name == "init" or (name == "main" and package == "main")):
            return Entry.MAIN
        if file.basename.endswith("_test.go"):
            return Entry.TEST if kind == DefKind.FUNCTION and _TEST.match(name) else None
        if kind == DefKind.FUNCTION and _is_linked(file, row):
            return Entry.EXPORTED
        is_api = package != "main" and "internal" not in file.folders
        if not is_api or not file.has_flag(row, DefFlag.EXPORTED) or kind == DefKind.METHOD:
            return None
        return Entry.EXPORTED if file.is_top_level(row) else None

    def exported_member(self, file: File, row: int) -> bool:
        return file.has_flag(row, DefFlag.EXPORTED)

    def alternative_place(self, file: File, row: int) -> str:
        # Files of one package may each define a name for another platform or build.
        is_plain = file.facts.def_kind[row] == DefKind.FUNCTION and file.facts.name(row) != "init"
        return "/".join([*file.folders, _package(file)]) if is_plain else ""

    def is_implied(self, file: File, row: int) -> bool:
        # Interfaces are satisfied without a word, those of other modules too; they can name but capitalised methods.
        return file.has_flag(row, DefFlag.EXPORTED)

    def is_reported(self, file: File, row: int) -> bool:
        return file.facts.name(row) != "_"


def _package(file: File) -> str:
    for row, kind in enumerate(file.facts.def_kind):
        if kind == DefKind.NAMESPACE:
            return file.facts.name(row)
    return ""


def _is_linked(file: File, row: int) -> bool:
    facts = file.facts
    start, end = facts.def_doc_start[row], facts.def_doc_end[row]
    return start >= 0 and _DIRECTIVE.search(file.text[start:end] + b"\n") is not None
