"""Say what a file or folder is, by its header and not by its name: an index of this program, of Magellan, or neither.

A folder stands for the database in it. Nothing is changed, and nothing is left beside the file (but LMDB's ``lock.mdb``
beside an LMDB database that has none).

Tests: ``tests/migration/test_commands.py``.
"""

from __future__ import annotations

import argparse

from magellan_lsp.cli.show import Out
from magellan_lsp.errors import UnknownFormat
from magellan_lsp.migrate.formats import Detected
from magellan_lsp.migrate.identify import Identity, identify

_WORDS = {
    "sqlite": "SQLite",
    "lmdb": "LMDB",
    "native-v2": "sqlitegraph native v2",
    "native-v3": "sqlitegraph native v3",
    "gzip": "gzip",
    "unknown": "unknown format",
}
_PROGRAMS = {"magellan": "an index of Magellan", "magellan-lsp": "an index of magellan-lsp"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument("path", metavar="PATH", help="a file, an LMDB folder, or an index folder")


def run(options: argparse.Namespace, out: Out) -> int:
    """Look, and say."""
    found = identify(options.path)
    out.json(found.document())
    _print(out, found.detected, found)
    if found.detected.format == "unknown":
        raise UnknownFormat(found.detected.path, found.detected.details)
    return 0


def _print(out: Out, detected: Detected, found: Identity) -> None:
    parts = [_WORDS[detected.format]]
    if found.program is not None:
        parts.append(_PROGRAMS[found.program])
    if found.schema is not None:
        parts.append(f"schema {found.schema}")
    if found.graph_schema is not None:
        parts.append(f"graph schema {found.graph_schema}")
    if found.layout is not None:
        parts.append(f"format {found.layout}")
    if found.problem:
        parts.append(found.problem)
    out.line((str(detected.path), "path"), ": ", (", ".join(parts), "name"))
