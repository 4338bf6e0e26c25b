"""What a language says about its entry points, and what it sees of a file and of the workspace to say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from enum import StrEnum
from functools import cached_property

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE

#: Definitions that a value of a type runs.
METHODS = FUNCTION_LIKE | {int(DefKind.PROPERTY)}
#: Folders of tests, whatever the language.
_TEST_FOLDERS = frozenset({"test", "tests", "testing", "__tests__", "spec", "testdata"})


class Entry(StrEnum):
    """Why somebody outside of the program's own calls may run a symbol."""

    MAIN = "main"  # the program begins here
    SCRIPT = "script"  # a project file names it as a program
    TEST = "test"  # a test runner finds it
    EXPORTED = "exported"  # other programs may use it
    HANDLER = "handler"  # a decorator, annotation or attribute hands it to somebody
    GIVEN = "given"  # whoever asked said so


class World:
    """The workspace, as far as the rules look at it.

    Args:
        paths: of all indexed files.
        project_files: path -> bytes of project files (``pyproject.toml``, ``package.json``).
        has_main: whether some C or C++ file defines ``main``.
    """

    def __init__(
        self, paths: Collection[str], project_files: dict[str, bytes] | None = None, has_main: bool = False
    ) -> None:
        self.paths = frozenset(paths)
        self.project_files = project_files or {}
        self.has_main = has_main

    def of_name(self, name: str) -> Iterable[tuple[str, bytes]]:
        """Project files of a name: (folder with ``/`` at the end or "", bytes), by path."""
        for path, data in sorted(self.project_files.items()):
            folder, _, last = path.rpartition("/")
            if last == name:
                yield (f"{folder}/" if folder else ""), data


class File:
    """One file: its facts, and its text when a rule asks for it.

    Args:
        read: the bytes of a path that its facts were made from; None when they are not to be had.
    """

    def __init__(self, facts: FileFacts, world: World, read: Callable[[str], bytes | None]) -> None:
        self.facts = facts
        self.path = facts.path
        self.world = world
        self._read = read

    @cached_property
    def text(self) -> bytes:
        """The file's bytes; empty when they are not to be had."""
        return self._read(self.path) or b""

    @cached_property
    def folders(self) -> list[str]:
        """The names of the folders that the file lies in, outermost first."""
        return self.path.split("/")[:-1]

    @cached_property
    def basename(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]

    @cached_property
    def in_tests(self) -> bool:
        """Whether it lies in a folder of tests."""
        return not _TEST_FOLDERS.isdisjoint(self.folders)

    def head(self, row: int) -> str:
        """The text of a definition before its name: decorators, annotations, attributes, visibility."""
        facts = self.facts
        start, end = facts.def_start[row], facts.def_name_start[row]
        return self.text[start:end].decode("utf-8", "replace") if start < end else ""

    def has_flag(self, row: int, flag: DefFlag) -> bool:
        """Whether a definition has a flag."""
        return bool(self.facts.def_flags[row] & flag)

    def is_top_level(self, row: int) -> bool:
        """Whether a definition is the file's own, in no function or type."""
        return self.facts.def_owner[row] == 0

    def class_of(self, row: int) -> int:
        """The type that a member is written inside of; -1 when there is none."""
        owner = self.facts.def_owner[row]
        return owner if owner > 0 and self.facts.def_kind[owner] in CLASS_LIKE else -1

    def base_names(self, row: int) -> list[str]:
        """The last names of a type's bases, in their order; "" for one that has no name."""
        return self._base_names.get(row, [])

    @cached_property
    def _base_names(self) -> dict[int, list[str]]:
        facts = self.facts
        found: dict[int, list[str]] = {}
        for at, owner in enumerate(facts.base_def):
            found.setdefault(owner, []).append(last_name(facts, facts.base_expr[at]))
        return found


def last_name(facts: FileFacts, expr: int) -> str:
    """``C`` of the expressions ``C``, ``a.b.C`` and ``C[int]``; "" for any other."""
    while expr >= 0:
        op, *args = facts.expr(expr)
        if op == ExprOp.NAME:
            return facts.names[args[0]]
        if op in (ExprOp.MEMBER, ExprOp.PATH):
            return facts.names[args[1]]
        if op == ExprOp.DEF:
            return facts.name(args[0])
        if op not in (ExprOp.GENERIC, ExprOp.INDEX, ExprOp.CALL, ExprOp.INSTANCE, ExprOp.POINTER):
            return ""
        expr = args[0]
    return ""


class EntryRules:
    """One language's conventions. The defaults know of none.

    Attributes:
        plain_bases: names of types outside of the workspace whose members nobody overrides by name.
        has_alternatives: whether several definitions of a name in one place are one thing, defined in several ways; not
            where they are overloads.
    """

    plain_bases: frozenset[str] = frozenset()
    has_alternatives: bool = True

    def entry(self, file: File, row: int) -> Entry | None:
        """Why a symbol of the file is an entry point; None when it is none by itself."""
        return None

    def exported_member(self, file: File, row: int) -> bool:
        """Whether a member can be used from outside if its type can."""
        return False

    def is_implied(self, file: File, row: int) -> bool:
        """Whether a member of a type runs without being named: a constructor, an operator."""
        return self.facts_kind(file, row) == DefKind.CONSTRUCTOR

    def may_override_outside(self, file: File, row: int) -> bool:
        """Whether a member of a type with bases outside of the workspace may override one of theirs."""
        return True

    def is_kept(self, file: File, row: int) -> bool:
        """Whether a symbol lives as long as its file does (a registered handler)."""
        return False

    def registers_subtypes(self, file: File, row: int) -> bool:
        """Whether a type hears of each type below it as that is defined."""
        return False

    def alternative_place(self, file: File, row: int) -> str:
        """What a definition shares with definitions of its name in other files that stand for it; "" for nothing."""
        return ""

    def named_in_strings(self, file: File) -> Iterator[tuple[int, str]]:
        """(offset, name) of strings by which something may be looked up when the program runs."""
        return iter(())

    def is_value(self, file: File, row: int) -> bool:
        """Whether a function stands where a value is wanted, so that it lives as what is around it does."""
        return False

    def is_reported(self, file: File, row: int) -> bool:
        """Whether a dead symbol of its kind is worth telling of."""
        return True

    @staticmethod
    def facts_kind(file: File, row: int) -> int:
        """A definition's DefKind."""
        return file.facts.def_kind[row]


_WORD = re.compile(rb"[A-Za-z_]\w*")
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/", re.DOTALL)


def unread_names(file: File) -> Iterator[tuple[int, str]]:
    """Names in a text that linking never saw (in bodies of macros, say), comments left out; with the offset of each."""
    seen = frozenset(file.facts.occ_start)
    comments = [found.span() for found in _COMMENT.finditer(file.text)]
    at = 0
    for found in _WORD.finditer(file.text):
        start = found.start()
        while at < len(comments) and comments[at][1] <= start:
            at += 1
        if start not in seen and not (at < len(comments) and comments[at][0] <= start):
            yield start, found[0].decode("ascii")


_STRING = re.compile(rb"""(["'`])(?:[\w-]+[.:/])*([A-Za-z_]\w*)\1""")


def quoted_names(text: bytes) -> Iterator[tuple[int, str]]:
    """Strings that are a name, or a dotted path, of which the last part counts; with the offset of each."""
    for found in _STRING.finditer(text):
        yield found.start(), found[2].decode("ascii", "replace")


def decorators(head: str, sign: str = "@") -> list[str]:
    """Names behind each ``sign`` in a head, dotted as they are written: ``app.route`` of ``@app.route("/")``."""
    return re.findall(re.escape(sign) + r"\s*([\w.]+)", _without_arguments(head))


def _without_arguments(head: str) -> str:
    """The head without what stands in brackets or quotes, where a sign is no decorator's."""
    found: list[str] = []
    depth = 0
    quote = ""
    for char in head:
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif depth <= 0:
            found.append(char)
    return "".join(found)
