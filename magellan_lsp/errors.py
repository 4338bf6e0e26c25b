"""Everything that can go wrong in our world, and what to do about it.

Broken *source* is not an error: parsing returns facts and problems. An exception here means that a question
could not be answered or an index not be read, and its text, one or two sentences, says what to do next. Each
carries its data as fields, survives pickling (workers send them home), and knows the exit code of the command
line. What LSP makes of them is decided in ``features``. Tests: ``tests/test_errors.py``.

The tree, each with its exit code (0 is "found", 1 "nothing found", 2 "misuse")::

    MagellanError                         3
    ├── UsageError                        2
    │   ├── InvalidSetting                2
    │   └── AmbiguousName                 2
    ├── NotFound                          1
    │   └── UnknownDocument               4
    ├── PositionOutOfRange                5
    ├── Cancelled                       130
    ├── NoSpace                           6
    ├── NotWritable                       7
    ├── GitUnavailable                    8
    ├── UnusableIndex                    10
    │   ├── IndexMissing                 11
    │   ├── IndexFormatError             12
    │   ├── IndexDamagedError            13
    │   ├── IndexBusyError               14
    │   └── ForeignFolderError           15
    └── DatabaseError                    20
        ├── DatabaseNotFound             21
        ├── CannotOpenDatabase           22
        ├── CannotReadHeader             23
        ├── UnknownFormat                24
        ├── InMemoryDatabaseNotSupported 25
        ├── NewerSchema                  26
        ├── DatabaseDamaged              27
        ├── DatabaseLocked               28
        ├── MigrationMismatch            29
        └── TargetExists                 30

*Index* is what this program keeps for a workspace; *database* is one that a migration reads or writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import attrs


@attrs.define(slots=False)
class MagellanError(Exception):
    """Something went wrong that the program foresaw. ``str()`` of it is for people."""

    exit_code: ClassVar[int] = 3

    @property
    def message(self) -> str:
        """What happened and what to do, in a sentence or two, without a trailing newline."""
        return "Something went wrong; run the command again with --log-level debug to see more."

    def __str__(self) -> str:
        return self.message

    def fields(self) -> dict[str, Any]:
        """The error's data by name, paths as text: for ``--format json`` and the ``data`` of an LSP error."""
        return attrs.asdict(self, value_serializer=_as_json)


def _as_json(_error: type, _field: attrs.Attribute[Any], value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


# Asked wrongly, or for something that is not there ---------------------------------------------------------


@attrs.define(slots=False)
class UsageError(MagellanError):
    """The caller asked in a way that cannot be answered; ``text`` says how to ask."""

    exit_code: ClassVar[int] = 2

    text: str

    @property
    def message(self) -> str:
        return self.text


@attrs.define(slots=False)
class InvalidSetting(UsageError):
    """A setting has a value that it cannot have. The default is in force for it."""

    text: str = attrs.field(init=False, default="")
    name: str
    """With its prefix, as the user wrote it: ``magellan.index.exclude``."""
    value: object
    expected: str
    """What it may be, to stand after "must be": ``a list of patterns``."""

    @property
    def message(self) -> str:
        return (
            f"The setting {self.name} must be {self.expected}, not {self.value!r}; its default is in force."
        )


@attrs.define(slots=False)
class AmbiguousName(UsageError):
    """A name stands for several symbols where one is needed."""

    text: str = attrs.field(init=False, default="")
    name: str
    candidates: list[str]
    """What to write instead, best first; never empty."""

    @property
    def message(self) -> str:
        candidates = ", ".join(self.candidates)
        return f"{self.name!r} stands for {len(self.candidates)} symbols; say which: {candidates}."


@attrs.define(slots=False)
class NotFound(MagellanError):
    """What was named is not in the index."""

    exit_code: ClassVar[int] = 1

    kind: str
    """What was looked for, to stand after "no": ``symbol``, ``file``, ``chunk``."""
    name: str

    @property
    def message(self) -> str:
        return f"No {self.kind} {self.name!r} is in the index; `magellan-lsp symbols PATTERN` lists what is."


@attrs.define(slots=False)
class UnknownDocument(NotFound):
    """A file is neither open nor part of the indexed workspace."""

    exit_code: ClassVar[int] = 4

    kind: str = attrs.field(init=False, default="file")
    name: str
    """Its URI or path, as it was asked for."""

    @property
    def message(self) -> str:
        return (
            f"{self.name} is neither open nor indexed; "
            "check that it is inside the workspace and not excluded, ignored or too large."
        )


@attrs.define(slots=False)
class PositionOutOfRange(MagellanError):
    """A position lies past the end of its document."""

    exit_code: ClassVar[int] = 5

    name: str
    """The document's URI or path."""
    line: int
    """0-based."""
    column: int
    """0-based, in the units of whoever asked."""
    n_lines: int

    @property
    def message(self) -> str:
        return (
            f"{self.name} has {self.n_lines} lines and no line {self.line + 1}, column {self.column + 1}; "
            "ask again with a position inside it."
        )


@attrs.define(slots=False)
class Cancelled(MagellanError):
    """The one who asked no longer wants the answer. Nothing was left half done."""

    exit_code: ClassVar[int] = 130

    @property
    def message(self) -> str:
        return "Cancelled; what was finished before is kept, so asking again goes on from there."


# The place where the index is kept -------------------------------------------------------------------------


@attrs.define(slots=False)
class NoSpace(MagellanError):
    """The disk (or the quota) is full. What was committed before is intact."""

    exit_code: ClassVar[int] = 6

    path: Path
    """The file or folder being written."""

    option: str = "--index DIR"
    """What chooses another place for it."""

    @property
    def message(self) -> str:
        return f"No space is left for {self.path}; free some, or choose another place with {self.option}."


@attrs.define(slots=False)
class NotWritable(MagellanError):
    """Neither the workspace nor the user's cache folder takes an index."""

    exit_code: ClassVar[int] = 7

    path: Path

    option: str = "--index DIR"
    """What chooses another place for it."""

    @property
    def message(self) -> str:
        return f"{self.path} cannot be written to; choose another place with {self.option}."


@attrs.define(slots=False)
class GitUnavailable(MagellanError):
    """What git knows of the workspace cannot be had."""

    exit_code: ClassVar[int] = 8

    reason: str
    """A sentence."""

    @property
    def message(self) -> str:
        return f"{self.reason} Everything that needs no history works without it."


@attrs.define(slots=False)
class UnusableIndex(MagellanError):
    """An index cannot be used. Its files were left as they are."""

    exit_code: ClassVar[int] = 10

    path: Path
    """The index's folder."""

    @property
    def message(self) -> str:
        return f"The index at {self.path} cannot be used; `magellan-lsp doctor` says more."


@attrs.define(slots=False)
class IndexMissing(UnusableIndex):
    """There is no index where one was expected."""

    exit_code: ClassVar[int] = 11

    @property
    def message(self) -> str:
        return f"There is no index at {self.path}; make one with `magellan-lsp index`."


@attrs.define(slots=False)
class IndexFormatError(UnusableIndex):
    """The index was written in another format version. Nothing was changed."""

    exit_code: ClassVar[int] = 12

    found: int
    supported: int

    @property
    def message(self) -> str:
        if self.found > self.supported:
            remedy = "update magellan-lsp, or delete that folder and run `magellan-lsp index`"
        else:
            remedy = "delete that folder and run `magellan-lsp index` to make it anew"
        return (
            f"The index at {self.path} has format {self.found} and this program reads {self.supported}; "
            f"nothing was changed: {remedy}."
        )


@attrs.define(slots=False)
class IndexDamagedError(UnusableIndex):
    """The index contradicts itself or cannot be read."""

    exit_code: ClassVar[int] = 13

    details: str
    """What was found, for a bug report."""

    is_foreign: bool = False
    """There is nothing of this program's in it: it may well be whole, and somebody else's."""

    @property
    def message(self) -> str:
        return (
            f"The index at {self.path} is damaged ({self.details}); "
            "delete that folder and run `magellan-lsp index` to make it anew."
        )


@attrs.define(slots=False)
class IndexBusyError(UnusableIndex):
    """Another process is the index's writer. Reading is still possible."""

    exit_code: ClassVar[int] = 14

    pid: int | None = None
    """The writer's process id, where it is known."""

    @property
    def message(self) -> str:
        who = "another process" if self.pid is None else f"process {self.pid}"
        return f"The index at {self.path} is being written by {who}; end that one first, or wait for it."


@attrs.define(slots=False)
class ForeignFolderError(UnusableIndex):
    """The folder holds something that this program did not write, so it was not touched."""

    exit_code: ClassVar[int] = 15

    @property
    def message(self) -> str:
        return (
            f"{self.path} holds files that are not an index of this program, and was not touched; "
            "choose another place with --index DIR."
        )


# Databases that a migration reads or writes ----------------------------------------------------------------


@attrs.define(slots=False)
class DatabaseError(MagellanError):
    """A database that was to be read or migrated cannot be. It was left as it is, to the byte."""

    exit_code: ClassVar[int] = 20

    path: Path

    @property
    def message(self) -> str:
        return f"The database {self.path} cannot be used."


@attrs.define(slots=False)
class DatabaseNotFound(DatabaseError):
    """There is no file or folder of that name."""

    exit_code: ClassVar[int] = 21

    @property
    def message(self) -> str:
        return f"There is no database at {self.path}; check the path."


@attrs.define(slots=False)
class CannotOpenDatabase(DatabaseError):
    """The operating system or the database library refused to open it."""

    exit_code: ClassVar[int] = 22

    reason: str

    @property
    def message(self) -> str:
        return (
            f"{self.path} cannot be opened ({self.reason}); "
            "check the path, its permissions and those of its folder."
        )


@attrs.define(slots=False)
class CannotReadHeader(DatabaseError):
    """It is too short to have a header, or the header cannot be read."""

    exit_code: ClassVar[int] = 23

    reason: str

    @property
    def message(self) -> str:
        return f"The header of {self.path} cannot be read ({self.reason}); check that the file is whole."


@attrs.define(slots=False)
class UnknownFormat(DatabaseError):
    """Its header is of no format that this program knows."""

    exit_code: ClassVar[int] = 24

    details: str

    @property
    def message(self) -> str:
        return f"{self.path} is in no known format ({self.details}); give an SQLite or LMDB index."


@attrs.define(slots=False)
class InMemoryDatabaseNotSupported(DatabaseError):
    """``:memory:`` was given where a file or folder is needed."""

    exit_code: ClassVar[int] = 25

    path: Path = attrs.field(init=False, factory=lambda: Path(":memory:"))

    @property
    def message(self) -> str:
        return "A database in memory cannot be migrated; give the path of a file or folder."


@attrs.define(slots=False)
class NewerSchema(DatabaseError):
    """It was written by a later version of its program than this one can read."""

    exit_code: ClassVar[int] = 26

    found: int
    supported: int
    """The highest schema number that can be read."""

    numbered: str = "schema"
    """Which of its numbers that is: ``graph schema`` for that of Magellan's graph library."""

    @property
    def message(self) -> str:
        return (
            f"{self.path} has {self.numbered} {self.found} and this program reads up to {self.supported}; "
            "update magellan-lsp to migrate it."
        )


@attrs.define(slots=False)
class DatabaseDamaged(DatabaseError):
    """Its header is right and its contents are not: a corrupt page, a missing table, a cut file."""

    exit_code: ClassVar[int] = 27

    details: str

    @property
    def message(self) -> str:
        return (
            f"{self.path} is damaged ({self.details}); "
            "restore a copy, or leave it out and run `magellan-lsp index`."
        )


@attrs.define(slots=False)
class DatabaseLocked(DatabaseError):
    """Another program holds a lock on it."""

    exit_code: ClassVar[int] = 28

    @property
    def message(self) -> str:
        return f"{self.path} is locked by another program; end that one, then try again."


@attrs.define(slots=False)
class MigrationMismatch(DatabaseError):
    """What was written does not equal what was read, so the original stays in charge."""

    exit_code: ClassVar[int] = 29

    differences: list[str]
    """One per data type that differs, with both counts; never empty."""

    @property
    def message(self) -> str:
        return (
            f"The migrated data of {self.path} differs from the original, which stays in use: "
            f"{'; '.join(self.differences)}. Please report this."
        )


@attrs.define(slots=False)
class TargetExists(DatabaseError):
    """What was to be made is there already, and holds something else."""

    exit_code: ClassVar[int] = 30

    @property
    def message(self) -> str:
        return f"{self.path} is there already and holds something else, so it was left as it is; choose another place."
