"""JavaScript and TypeScript: exports, globals of plain scripts, decorated classes and members."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from magellan_lsp.facts.kinds import DefFlag, DefKind, ImportFlag
from magellan_lsp.query.graph.entries.base import Entry, EntryRules, File, decorators, quoted_names

_TEST_FILE = re.compile(r"\.(test|spec|e2e|cy|stories)\.[cm]?[jt]sx?$")
_SPACES = frozenset({int(DefKind.NAMESPACE), int(DefKind.MODULE)})
#: What stands before a function or class that is an expression.
_VALUE = re.compile(rb"([(,=:?\[!&|+]|=>|\b(return|yield|await|new|typeof|void|default))\s*(async\s*)?$")
#: Members that the language itself calls.
_IMPLIED = frozenset(
    {
        *("constructor", "toString", "toJSON", "valueOf", "toLocaleString", "then", "inspect"),
        *("next", "return", "throw", "handleEvent"),
    }
)


class JavaScriptRules(EntryRules):
    """The conventions of JavaScript and TypeScript."""

    plain_bases = frozenset({"Object", "Error", "TypeError", "RangeError"})

    def entry(self, file: File, row: int) -> Entry | None:
        if row == 0:
            return Entry.TEST if _TEST_FILE.search(file.path) or file.in_tests else None
        facts = file.facts
        owner = facts.def_owner[row]
        if owner > 0 and facts.def_kind[owner] in _SPACES:
            is_shown = file.has_flag(row, DefFlag.EXPORTED) or facts.path.endswith(".d.ts")
            return Entry.EXPORTED if is_shown or "declare" in file.head(owner) else None
        if owner != 0:
            return None
        if file.has_flag(row, DefFlag.EXPORTED) or row in _listed(file):
            return Entry.EXPORTED
        # A plain script's top level is every other script's, and the page's.
        return Entry.EXPORTED if "javascript:script" in file.facts.groups else None

    def exported_member(self, file: File, row: int) -> bool:
        return not file.has_flag(row, DefFlag.PRIVATE) and not file.facts.name(row).startswith("#")

    def is_implied(self, file: File, row: int) -> bool:
        facts = file.facts
        name = facts.name(row)
        owner = file.class_of(row)
        if owner > 0 and facts.def_kind[owner] == DefKind.INTERFACE:
            return True
        return facts.def_kind[row] == DefKind.CONSTRUCTOR or name in _IMPLIED or name.startswith(("[", "@@"))

    def may_override_outside(self, file: File, row: int) -> bool:
        return self.exported_member(file, row)

    def is_value(self, file: File, row: int) -> bool:
        facts = file.facts
        if facts.def_kind[row] != DefKind.FUNCTION and facts.def_kind[row] != DefKind.CLASS:
            return False
        before = file.text[max(0, facts.def_start[row] - 40) : facts.def_start[row]]
        return _VALUE.search(before) is not None

    def named_in_strings(self, file: File) -> Iterator[tuple[int, str]]:
        return quoted_names(file.text)

    def is_kept(self, file: File, row: int) -> bool:
        facts = file.facts
        is_long = facts.def_name_start[row] - facts.def_start[row] > 1
        return is_long and bool(decorators(file.head(row)))


@lru_cache(maxsize=64)
def _listed(file: File) -> frozenset[int]:
    """Definitions that are exported by being named: ``export { a }``, ``module.exports = a``."""
    facts = file.facts
    found: set[int] = set()
    for at, flags in enumerate(facts.import_flags):
        if flags & ImportFlag.EXPORT_LIST and facts.import_name[at] > 0:
            found.update(facts.members(0).get(facts.names[facts.import_name[at]], ()))
    return frozenset(found)
