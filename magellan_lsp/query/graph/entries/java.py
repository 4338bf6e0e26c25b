"""Java: main, JUnit and other annotations, public types and their public and protected members."""

from __future__ import annotations

import re

from magellan_lsp.facts.kinds import DefFlag, DefKind
from magellan_lsp.query.graph.entries.base import METHODS, Entry, EntryRules, File, decorators
from magellan_lsp.resolve.rules import CLASS_LIKE

#: Annotations that tell readers and compilers something, and hand nothing to a framework.
_PLAIN = frozenset(
    {
        *("Override", "Deprecated", "SuppressWarnings", "SafeVarargs", "FunctionalInterface", "Nullable"),
        *(
            "NonNull",
            "Nonnull",
            "NotNull",
            "CheckForNull",
            "CheckReturnValue",
            "VisibleForTesting",
            "Generated",
        ),
        *("Documented", "Retention", "Target", "Inherited", "Repeatable", "Native", "CanIgnoreReturnValue"),
        *(
            "SuppressFBWarnings",
            "ThreadSafe",
            "Immutable",
            "GuardedBy",
            "Beta",
            "GwtCompatible",
            "GwtIncompatible",
        ),
        *("IgnoreJRERequirement", "interface"),
    }
)
_TESTS = frozenset(
    {
        *("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate"),
        *("Before", "After", "BeforeClass", "AfterClass"),
        *("BeforeEach", "AfterEach", "BeforeAll", "AfterAll", "Parameters", "Benchmark"),
    }
)
#: JUnit's older way to say what a class tests: ``public static Test suite()``.
_SUITE = re.compile(r"\bstatic\b.*\bTest(Suite)?\b")
#: What the platform calls by name: serialization, and the members of Object.
_IMPLIED = frozenset(
    {
        *("readObject", "writeObject", "readResolve", "writeReplace", "readObjectNoData", "finalize"),
        *("toString", "equals", "hashCode", "clone", "compareTo", "close"),
    }
)


class JavaRules(EntryRules):
    """The conventions of Java."""

    has_alternatives = False
    plain_bases = frozenset({"Object", "Enum", "Serializable", "Cloneable", "Exception", "RuntimeException"})

    def entry(self, file: File, row: int) -> Entry | None:
        facts = file.facts
        kind = facts.def_kind[row]
        if row == 0 or (kind not in METHODS and kind not in CLASS_LIKE):
            return None
        if kind == DefKind.METHOD and facts.name(row) == "main" and file.has_flag(row, DefFlag.STATIC):
            return Entry.MAIN
        head = file.head(row)
        if facts.name(row) == "suite" and _SUITE.search(head):
            return Entry.TEST
        names = [name.rpartition(".")[2] for name in decorators(head)]
        if not _TESTS.isdisjoint(names) or file.has_flag(row, DefFlag.TEST):
            return Entry.TEST
        if any(name not in _PLAIN for name in names):
            return Entry.HANDLER
        if kind in CLASS_LIKE and file.has_flag(row, DefFlag.EXPORTED) and not _is_test_source(file):
            return Entry.EXPORTED if file.class_of(row) < 0 else None
        return None

    def exported_member(self, file: File, row: int) -> bool:
        return file.has_flag(row, DefFlag.EXPORTED) or re.search(r"\bprotected\b", file.head(row)) is not None

    def is_implied(self, file: File, row: int) -> bool:
        facts = file.facts
        return facts.def_kind[row] == DefKind.CONSTRUCTOR or facts.name(row) in _IMPLIED

    def may_override_outside(self, file: File, row: int) -> bool:
        private = file.has_flag(row, DefFlag.PRIVATE) or file.has_flag(row, DefFlag.STATIC)
        return not private


def _is_test_source(file: File) -> bool:
    return "test" in file.folders or file.basename.endswith(("Test.java", "Tests.java", "IT.java"))
