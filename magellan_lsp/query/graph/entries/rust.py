"""Rust: main, tests, ``pub`` of library crates, attributes that hand a function to somebody, trait impls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from magellan_lsp.facts.kinds import DefFlag, DefKind
from magellan_lsp.query.graph.entries.base import Entry, EntryRules, File, unread_names

#: Folders beside ``src`` whose files are programs of their own.
_PROGRAMS = frozenset({"examples", "tests", "benches", "bin", "fuzz"})
_PUB = re.compile(r"\bpub\s*(?!\s*\()")
_ATTRIBUTE = re.compile(r"#!?\[\s*(?:unsafe\s*\(\s*)?([\w:]+)")
_CONDITIONAL = re.compile(r"cfg_attr\((?:[^(),]|\((?:[^()]|\([^()]*\))*\))*,\s*([\w:]+)")
#: Attributes that hand nothing to anybody.
_PLAIN = frozenset(
    {
        *(
            "inline",
            "cold",
            "cfg",
            "cfg_attr",
            "allow",
            "warn",
            "deny",
            "forbid",
            "expect",
            "must_use",
            "doc",
        ),
        *("derive", "non_exhaustive", "repr", "track_caller", "deprecated", "stable", "unstable", "rustfmt"),
        *("rustc_const_unstable", "rustc_const_stable", "target_feature", "path", "macro_use", "ignore"),
        *("should_panic", "automatically_derived", "serde", "clippy", "async_trait", "default", "instrument"),
        *("tracing::instrument", "async_trait::async_trait", "rustfmt::skip", "error", "source", "from"),
    }
)


class RustRules(EntryRules):
    """The conventions of Rust."""

    def entry(self, file: File, row: int) -> Entry | None:
        facts = file.facts
        if row == 0:
            return None
        kind = facts.def_kind[row]
        if kind == DefKind.FUNCTION and facts.name(row) == "main" and file.is_top_level(row):
            return Entry.MAIN
        if file.has_flag(row, DefFlag.TEST):
            return Entry.TEST
        if self._is_handed(file, row):
            return Entry.HANDLER
        if kind == DefKind.METHOD or not file.has_flag(row, DefFlag.EXPORTED) or not _is_library(file):
            return None
        return Entry.EXPORTED if kind == DefKind.MACRO or _is_public(file, row) else None

    def _is_handed(self, file: File, row: int) -> bool:
        if file.facts.def_kind[row] not in (DefKind.FUNCTION, DefKind.METHOD, DefKind.MACRO):
            return False
        head = file.head(row)
        names = _ATTRIBUTE.findall(head) + _CONDITIONAL.findall(head)
        return any(
            name not in _PLAIN and name.partition("::")[0] not in ("clippy", "rustfmt") for name in names
        )

    def exported_member(self, file: File, row: int) -> bool:
        return file.has_flag(row, DefFlag.EXPORTED) and _is_public(file, row)

    def is_implied(self, file: File, row: int) -> bool:
        return file.facts.def_kind[row] == DefKind.TYPE_ALIAS  # the associated type of a trait

    def named_in_strings(self, file: File) -> Iterator[tuple[int, str]]:
        return unread_names(file)

    def is_reported(self, file: File, row: int) -> bool:
        return not file.has_flag(row, DefFlag.UNLIKELY)


def _is_public(file: File, row: int) -> bool:
    head = _ATTRIBUTE.sub("", file.head(row))
    return not head or _PUB.search(head) is not None


def _is_library(file: File) -> bool:
    """Whether other crates can use what the file's crate makes public."""
    folders = file.folders
    for at in range(len(folders) - 1, -1, -1):
        if folders[at] == "src":
            root = "/".join(folders[: at + 1])
            if "bin" in folders[at + 1 :]:
                return False
            has_library = f"{root}/lib.rs" in file.world.paths
            return (has_library or f"{root}/main.rs" not in file.world.paths) and file.basename != "main.rs"
    return _PROGRAMS.isdisjoint(folders) and file.basename not in ("main.rs", "build.rs")


def is_root(path: str) -> bool:
    """Whether a file is a crate's first, which no other file takes in."""
    *folders, name = path.split("/")
    return name in ("lib.rs", "main.rs", "build.rs") or (bool(folders) and folders[-1] in _PROGRAMS)
