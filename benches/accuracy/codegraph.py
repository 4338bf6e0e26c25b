"""Compares the call edges of the graph with those that codegraph's fixtures expect.

    python benches/accuracy/codegraph.py SUITE [--fixture python] [--possible] [--wrong]

SUITE is a checkout of optave/ops-codegraph-tool. An edge leads from a function (or top-level code, which the suite leaves
out unless it names it) to a function, method or class. As in the suite, constructing an object is a call of the class and
of the constructor that the class itself defines, and files are told apart by their last component. ``--possible`` adds
what `magellan/calls` finds beside the call hierarchy: calls through overriding and by value.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from world import Workspace

from magellan_lsp.facts.kinds import DefKind
from magellan_lsp.query import possible_calls
from magellan_lsp.resolve.rules import CLASS_LIKE
from magellan_lsp.resolve.types import Ref

FIXTURES = ("python", "javascript", "typescript", "tsx", "java", "go", "rust", "c", "cpp")
#: Fixtures beside the main ones, shown apart.
EXTRA = ("pts-javascript", "dynamic-javascript", "dynamic-typescript", "dynamic-java")
_CALLED = CLASS_LIKE | {
    int(kind)
    for kind in (DefKind.FUNCTION, DefKind.METHOD, DefKind.CONSTRUCTOR, DefKind.MACRO, DefKind.PROPERTY)
}
Edge = tuple[str, str, str, str]


def name_of(world: Workspace, ref: Ref) -> str:
    """The qualified name as the suite writes it."""
    facts = world.files[ref[0]]
    row = facts.def_symbol[ref[1]]
    name = facts.qualified[row] if row >= 0 else facts.name(ref[1])
    name = re.sub(r"#\d+", "", name)  # tells definitions of one name apart, which the suite does not
    return name.replace(".", "::") if facts.language == "cpp" else name


def beyond(world: Workspace) -> set[tuple[Ref, Ref]]:
    """(caller, callee) of calls through overriding and by value."""
    return {
        ((path, row), call.symbol.ref)
        for path, facts in world.files.items()
        for row in (0, *facts.symbols())
        for call in possible_calls.outgoing(world.snapshot, (path, row))
        if call.via != possible_calls.Via.NAME
    }


def edges_of(world: Workspace, further: set[tuple[Ref, Ref]]) -> set[Edge]:
    """(caller, its file, callee, its file) of the graph's calls and further ones."""
    found: set[Edge] = set()
    for caller, callee in world.edges() | further:
        facts = world.files[callee[0]]
        targets = [callee]
        if facts.def_kind[callee[1]] in CLASS_LIKE:
            made = [
                (callee[0], row) for row in facts.children(callee[1]) if is_constructor(world, callee[0], row)
            ]
            targets = made if is_super(world, caller, callee) else [callee, *made]
        elif is_constructor(world, *callee) and not is_super(
            world, caller, (callee[0], facts.def_owner[callee[1]])
        ):
            targets.append((callee[0], facts.def_owner[callee[1]]))
        for target in targets:
            if world.files[target[0]].def_kind[target[1]] in _CALLED:
                source = name_of(world, caller) if caller[1] else ""
                found.add((source, last(caller[0]), name_of(world, target), last(target[0])))
    return found


def is_constructor(world: Workspace, path: str, row: int) -> bool:
    facts = world.files[path]
    return facts.def_kind[row] == DefKind.CONSTRUCTOR or (
        facts.def_kind[row] == DefKind.METHOD
        and facts.name(row) in world.snapshot.resolver.rules(path).constructors
    )


def is_super(world: Workspace, caller: Ref, base: Ref) -> bool:
    """Whether a call of class ``base`` is a constructor's call of the one above: no object is made by it."""
    owner = (caller[0], world.files[caller[0]].def_owner[caller[1]])
    if caller[1] <= 0 or owner[1] <= 0 or not is_constructor(world, *caller):
        return False
    return owner != base and any(at == base for at, _ in world.snapshot.resolver.linearize(owner))


def last(path: str) -> str:
    return path.rpartition("/")[2]


def expected_of(folder: Path) -> set[Edge]:
    data = json.loads((folder / "expected-edges.json").read_text(encoding="utf-8"))
    return {
        (
            edge["source"]["name"],
            last(edge["source"]["file"]),
            edge["target"]["name"],
            last(edge["target"]["file"]),
        )
        for edge in data["edges"]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("--fixture", action="append")
    parser.add_argument("--possible", action="store_true", help="also calls through overriding and by value")
    parser.add_argument("--wrong", action="store_true", help="list extra and missing edges")
    options = parser.parse_args()
    folder = options.suite / "tests/benchmarks/resolution/fixtures"
    print(f"{'fixture':20}{'expected':>9}{'given':>7}{'right':>7}{'precision':>11}{'recall':>8}")
    for name in options.fixture or (*FIXTURES, *EXTRA):
        world = Workspace.of(folder / name)
        wanted = expected_of(folder / name)
        top_level = {source for source, *_ in wanted if source not in known_names(world)}
        further = beyond(world) if options.possible else set()
        given = {edge for edge in edges_of(world, further) if edge[0] or top_level}
        given = {(edge[0] or next(iter(top_level)), *edge[1:]) if not edge[0] else edge for edge in given}
        right = len(wanted & given)
        precision = right / len(given) if given else 1.0
        recall = right / len(wanted) if wanted else 1.0
        print(f"{name:20}{len(wanted):9}{len(given):7}{right:7}{precision:11.3f}{recall:8.3f}")
        if options.wrong:
            for kind, edges in (("extra", given - wanted), ("missing", wanted - given)):
                for source, at, target, there in sorted(edges):
                    print(f"    {kind:8}{at}:{source} -> {there}:{target}")


def known_names(world: Workspace) -> set[str]:
    """Qualified names of all symbols."""
    return {name for facts in world.files.values() for name in facts.qualified}


if __name__ == "__main__":
    main()
