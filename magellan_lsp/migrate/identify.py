"""What a database is, beyond its header: whose, and of which schema. Tests: ``tests/migration/test_formats.py``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Literal

import attrs

from magellan_lsp.errors import DatabaseError, IndexDamagedError, IndexFormatError, MagellanError, NewerSchema
from magellan_lsp.migrate.formats import Detected, detect
from magellan_lsp.migrate.original import opened
from magellan_lsp.store.lmdb import open_lmdb

Program = Literal["magellan", "magellan-lsp"]


@attrs.frozen
class Identity:
    """What a path leads to.

    Attributes:
        detected: by the header.
        program: whose index it is; None where it is none, or cannot be looked into.
        schema, graph_schema: of Magellan's tables.
        layout: of an index of this program, the layout's number.
        problem: why it cannot be used, in a few words; "" when it can.
    """

    detected: Detected
    program: Program | None = None
    schema: int | None = None
    graph_schema: int | None = None
    layout: str | None = None
    problem: str = ""

    @property
    def can_migrate(self) -> bool:
        """Whether ``migrate-backend`` takes it."""
        return self.program is not None and not self.problem

    def document(self) -> dict[str, Any]:
        """For scripts and editors."""
        found = self.detected
        return {
            "path": str(found.path),
            "file": str(found.file),
            "format": found.format,
            "program": self.program,
            "schema": self.schema,
            "graphSchema": self.graph_schema,
            "layout": self.layout,
            "canMigrate": self.can_migrate,
            "details": self.problem or found.details or None,
        }


def identify(given: str | Path) -> Identity:
    """Look at a path's header, and into the database where it is one.

    Raises:
        DatabaseNotFound, CannotOpenDatabase, CannotReadHeader, InMemoryDatabaseNotSupported, UnknownFormat: as
        :func:`magellan_lsp.migrate.formats.detect`.
    """
    found = detect(given)
    if found.format == "sqlite":
        return _sqlite(found)
    if found.format == "lmdb":
        return _lmdb(found)
    return Identity(found)


def _sqlite(found: Detected) -> Identity:
    try:
        with tempfile.TemporaryDirectory() as place, opened(found.file, Path(place)) as original:
            if not original.is_magellan:
                return Identity(found, problem="without Magellan's tables")
            problem = ""
            try:
                original.check()
            except NewerSchema as error:
                problem = f"{error.numbered} {error.supported} is the newest that is understood"
            program: Program = "magellan-lsp" if original.is_own else "magellan"
            return Identity(found, program, original.version, original.graph_version, None, problem)
    except DatabaseError as error:
        return Identity(found, problem=error.message)


def _lmdb(found: Detected) -> Identity:
    try:
        with open_lmdb(found.file.parent, is_writer=False) as store:
            return Identity(found, "magellan-lsp", layout=str(store.stats()["format"]))
    except IndexFormatError as error:
        return Identity(found, "magellan-lsp", layout=str(error.found), problem=error.message)
    except IndexDamagedError as error:
        if error.is_foreign:
            return Identity(found, problem="a database of another program")
        return Identity(found, "magellan-lsp", problem=error.message)
    except MagellanError as error:
        return Identity(found, problem=error.message)
