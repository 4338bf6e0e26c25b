"""C and C++: main, test macros, what headers offer to other programs, members that run unnamed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from magellan_lsp.facts.kinds import DefFlag, DefKind
from magellan_lsp.query.graph.entries.base import METHODS, Entry, EntryRules, File, unread_names
from magellan_lsp.resolve.rules import CLASS_LIKE

_MAINS = frozenset(
    {
        *("main", "wmain", "WinMain", "wWinMain", "DllMain", "_start"),
        *("LLVMFuzzerTestOneInput", "LLVMFuzzerInitialize"),
    }
)
#: Words of a head that say that a function leaves its library, or is called by the loader.
_OFFERED = re.compile(
    r"\b\w*(?:API|EXPORT|EXPORTED|EXTERN|PUBLIC)\b|\bdllexport\b|\bvisibility\b|\bJNIEXPORT\b|"
    r"\b(?:constructor|destructor|used|interrupt|section)\b"
)
_HEADERS = (".h", ".hh", ".hpp", ".hxx", ".h++", ".inl", ".ipp")
_PUBLIC_FOLDERS = frozenset({"include", "inc", "public", "api"})


class CRules(EntryRules):
    """The conventions of C and C++."""

    def entry(self, file: File, row: int) -> Entry | None:
        facts = file.facts
        kind = facts.def_kind[row]
        if row == 0:
            return None
        if kind == DefKind.FUNCTION and facts.name(row) in _MAINS:
            return Entry.MAIN
        if file.has_flag(row, DefFlag.TEST):
            return Entry.TEST
        is_linked = kind == DefKind.FUNCTION and not file.has_flag(row, DefFlag.STATIC)
        if is_linked and _OFFERED.search(_line_head(file, row)):
            return Entry.EXPORTED
        if (kind in METHODS or kind in CLASS_LIKE) and is_offered(file):
            return Entry.EXPORTED if file.class_of(row) < 0 else None
        return None

    def exported_member(self, file: File, row: int) -> bool:
        return not file.has_flag(row, DefFlag.PRIVATE)

    def is_implied(self, file: File, row: int) -> bool:
        name = file.facts.name(row)
        return file.facts.def_kind[row] == DefKind.CONSTRUCTOR or name.startswith(("~", "operator"))

    def may_override_outside(self, file: File, row: int) -> bool:
        return True

    def named_in_strings(self, file: File) -> Iterator[tuple[int, str]]:
        return unread_names(file)

    def is_reported(self, file: File, row: int) -> bool:
        facts = file.facts
        return facts.def_kind[row] != DefKind.MACRO and not facts.def_flags[row] & DefFlag.UNLIKELY


def is_offered(file: File) -> bool:
    """Whether other programs may include a file: a header of a library, or one in a folder for them."""
    if not file.basename.endswith(_HEADERS) or file.in_tests:
        return False
    return not file.world.has_main or not _PUBLIC_FOLDERS.isdisjoint(file.folders)


def _line_head(file: File, row: int) -> str:
    """The definition's head with what stands before it up to the last line that ends a statement.

    A macro in front of a function (``LUA_API``) need not be part of it to the parser.
    """
    facts = file.facts
    start, end = facts.def_start[row], facts.def_name_start[row]
    before = file.text[max(0, start - 200) : start]
    cut = max(before.rfind(b";"), before.rfind(b"}"), before.rfind(b"*/"), before.rfind(b"\n#"))
    return (before[cut + 1 :] + file.text[start:end]).decode("utf-8", "replace")
