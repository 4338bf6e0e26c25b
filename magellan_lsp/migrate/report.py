"""What a migration did, for people and for scripts. Tests: ``tests/migration/test_round_trip.py``."""

from __future__ import annotations

from typing import Any

import attrs

from magellan_lsp.migrate.tally import Tally


@attrs.define
class Report:
    """One migration.

    Attributes:
        input, output: paths as text.
        input_format, output_format: ``sqlite`` or ``lmdb``.
        program: whose the data is, ``magellan`` or ``magellan-lsp``.
        schema, graph_schema: versions of Magellan's; None where there is none.
        tally: what was moved and compared.
        files: files with records of this program.
        executions: runs in the log, those of ``migrate-backend`` left out.
        outcome: ``migrated``, ``already there``, ``dry run`` or ``failed``.
        message: a sentence for people.
        error: the name of what went wrong.
        differences: how the copy differed.
        seconds: of wall clock.
        started_at: Unix seconds.
        export_dir, exported: where rows were written to as JSON Lines, and how many of each table.
    """

    input: str
    output: str
    input_format: str
    output_format: str
    program: str = "magellan"
    schema: int | None = None
    graph_schema: int | None = None
    tally: Tally = attrs.field(factory=Tally)
    files: int = 0
    executions: int = 0
    outcome: str = "migrated"
    message: str = ""
    error: str | None = None
    differences: list[str] = attrs.field(factory=list)
    seconds: float = 0.0
    started_at: int = 0
    export_dir: str | None = None
    exported: dict[str, int] = attrs.field(factory=dict)

    def document(self) -> dict[str, Any]:
        """For scripts; the fields are described in ``docs/migration.md``."""
        tally = self.tally
        return {
            "success": self.outcome != "failed",
            "outcome": self.outcome,
            "message": self.message,
            "error": self.error,
            "input": self.input,
            "output": self.output,
            "inputFormat": self.input_format,
            "outputFormat": self.output_format,
            "program": self.program,
            "schema": self.schema,
            "graphSchema": self.graph_schema,
            "rows": tally.rows,
            "entities": tally.groups.get("entities", {}),
            "edges": tally.groups.get("edges", {}),
            "labels": tally.groups.get("labels", {}),
            "tables": tally.tables,
            "chunkHashes": {"checked": tally.hashes_checked, "wrong": tally.hashes_wrong},
            "executions": self.executions,
            "files": self.files,
            "verified": self.outcome in ("migrated", "already there"),
            "differences": self.differences,
            "startedAt": self.started_at,
            "seconds": round(self.seconds, 3),
            "exportDir": self.export_dir,
            "exported": self.exported,
        }
