"""The commands by name. A new one is a line here, a file beside it and a section in ``docs/cli.md``."""

from __future__ import annotations

from typing import Final, NamedTuple


class Command(NamedTuple):
    """One subcommand."""

    module: str
    """Below ``magellan_lsp.cli``; has ``add_arguments`` and ``run``."""
    summary: str
    """What it does, for ``--help``."""


#: The command that runs when none is named.
SERVE: Final = Command("serve", "serve an editor over stdio (what happens when no command is given)")

COMMANDS: Final[dict[str, Command]] = {
    "index": Command("index", "index a folder, or bring its index up to date"),
    "watch": Command("watch", "keep a folder's index up to date until Ctrl-C"),
    "status": Command("status", "what is indexed, and where the index is"),
    "symbols": Command("symbols", "symbols whose name matches a pattern"),
    "definition": Command("definition", "where a name is defined"),
    "references": Command("references", "where a symbol is used"),
    "callers": Command("callers", "who calls a symbol"),
    "callees": Command("callees", "what a symbol calls"),
    "hover": Command("hover", "signature, documentation and type of a symbol"),
    "detect": Command(
        "detect", "what a file or folder is: an index of this program, of Magellan, or neither"
    ),
    "migrate-backend": Command("migrate_backend", "convert an index between SQLite and LMDB, both ways"),
    "find": Command("find", "what a name stands for, and whether it is ambiguous"),
    "reachable": Command("reachable", "everything that a symbol leads to, or that leads to it"),
    "paths": Command("paths", "the shortest ways from one symbol to another"),
    "slice": Command("slice", "what may affect a place, or what it may affect"),
    "dead": Command("dead", "functions and types that nothing living leads to"),
    "cycles": Command("cycles", "symbols that call one another"),
    "condense": Command("condense", "the call graph with each cycle drawn into one"),
    "impact": Command("impact", "what a change touches, and what depends on it"),
    "rank": Command("rank", "symbols by how much of the code depends on them"),
    "collisions": Command("collisions", "names that stand for several symbols"),
    "labels": Command("labels", "labels, and the symbols that have them"),
    "export": Command("export", "the whole graph as JSON, CSV, DOT or SCIP"),
    "chunks": Command("chunks", "the source of a symbol, a span or a file"),
    "cfg": Command("cfg", "the control-flow graph of a function"),
    "ast": Command("ast", "the syntax tree of a file"),
    "metrics": Command("metrics", "measures of a symbol or a file"),
    "hotspots": Command("hotspots", "what is most tangled, most used, largest or most often changed"),
    "executions": Command("executions", "the log of what wrote the index"),
    "doctor": Command("doctor", "check the installation, the machine and the index"),
    "dump": Command("dump", "the whole index as text, one JSON record a line"),
}
