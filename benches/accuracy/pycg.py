"""Compares calls, by name and by value, with the call graphs of PyCG's micro-benchmark.

    python benches/accuracy/pycg.py SUITE [--category dicts] [--wrong]

SUITE is a checkout of vitsalis/PyCG. As its authors count, a snippet's graph is *complete* when no edge is wrong and *sound*
when none is missing. The suite names what Magellan has no definitions for; only this program makes such names:
``<lambdaN>`` counts the lambdas of a scope, ``<builtin>.x`` and ``<**PyStr**>.x`` are built-ins, ``ext.f`` is what an
import of a module outside the workspace binds. Calling a class is a call of the ``__init__`` that it has.
"""

from __future__ import annotations

import argparse
import builtins
import json
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from world import Workspace

from magellan_lsp.facts.file_facts import MEMBER, OPEN, FileFacts
from magellan_lsp.facts.kinds import DefKind, ImportFlag, Role
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.calls import ValueCalls
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.resolve.types import Ref

Graph = dict[str, set[str]]
_LITERALS = {"str": "PyStr", "dict": "PyDict", "list": "PyList", "int": "PyNum", "tuple": "PyTuple"}


class Named:
    """A snippet's definitions under the names of the suite."""

    def __init__(self, world: Workspace) -> None:
        self.world = world
        self.names: dict[Ref, str] = {}
        for facts in world.files.values():
            module = facts.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            lambdas: dict[int, int] = defaultdict(int)
            for row in range(len(facts.def_name)):
                owner = self._owner(facts, row)
                name = facts.name(row)
                if not name and facts.def_kind[row] == DefKind.FUNCTION:
                    lambdas[owner] += 1
                    name = f"<lambda{lambdas[owner]}>"
                self.names[facts.path, row] = f"{self.names[facts.path, owner]}.{name}" if row else module

    @staticmethod
    def _owner(facts: FileFacts, row: int) -> int:
        scope = facts.def_scope[row] if row else -1
        return max(facts.scope_owner(scope), 0) if scope >= 0 else 0

    def callee(self, ref: Ref) -> str | None:
        """The name that a call of the definition has; None for a class without ``__init__``."""
        r = self.world.snapshot.resolver
        if r.kind_of(ref) in CLASS_LIKE:
            made = [found for found in r.find_in_class(ref, "__init__") if not r.is_builtin(found)]
            return self.names[made[0]] if made else None
        return self.names.get(ref)


def graph_of(world: Workspace) -> Graph:
    """Caller to callees; every function, method and module is a caller."""
    named, r = Named(world), world.snapshot.resolver
    found: Graph = {}
    for facts in world.files.values():
        for row in range(len(facts.def_name)):
            if row == 0 or facts.def_kind[row] in FUNCTION_LIKE:
                found.setdefault(named.names[facts.path, row], set())
        values = ValueCalls(r, facts)
        for row, role in enumerate(facts.occ_role):
            if role != Role.CALL:
                continue
            owner = max(facts.scope_owner(facts.occ_scope[row]), 0)
            while facts.def_kind[owner] in CLASS_LIKE:
                owner = max(facts.def_owner[owner], 0)
            refs = [
                ref
                for ref in r.occurrence_targets(facts.path, row)
                if r.kind_of(ref) in CLASS_LIKE | FUNCTION_LIKE
            ]
            callees = {named.callee(ref) for ref in [*refs[:1], *values.callees(row)]}
            callees.update(outside(world, facts, row))
            caller = named.names[facts.path, owner]
            for callee in callees:
                if callee is not None:
                    found.setdefault(caller, set()).add(callee)
                    found.setdefault(callee, set())
    return found


def outside(world: Workspace, facts: FileFacts, row: int) -> set[str]:
    """Names of what a call leads to outside the workspace."""
    r = world.snapshot.resolver
    name = facts.names[facts.occ_name[row]]
    target = facts.occ_target[row]
    if target == OPEN:
        known = r.occurrence_targets(facts.path, row)
        return {f"<builtin>.{name}"} if hasattr(builtins, name) and not known else set()
    if target == MEMBER:
        objects = r.eval(facts.path, facts.occ_expr[row])
        kinds = [r.simple_name(one[1]) for one in objects if one[0] == t.INSTANCE and r.is_builtin(one[1])]
        return {f"<**{_LITERALS[kind]}**>.{name}" for kind in kinds if kind in _LITERALS}
    if target < 0:
        return set()
    values = r.value_of((facts.path, target), facts.occ_start[row])
    if not any(one[0] == t.PACKAGE for one in values):
        return set()
    found = set()
    definitions = {target}
    for site in facts.sites(target):  # `a = imported`: what stands on the right
        op, *args = facts.expr(facts.site_value[site]) if facts.site_value[site] > 0 else (0,)
        definitions.update(args[:1] if op == 2 else ())
    for at, definition in enumerate(facts.import_def):
        if definition in definitions and not facts.import_flags[at] & ImportFlag.MODULE:
            found.add(f"{facts.names[facts.import_module[at]]}.{facts.names[facts.import_name[at]]}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suite", type=Path)
    parser.add_argument("--category")
    parser.add_argument("--wrong", action="store_true", help="list the edges that are wrong or missing")
    options = parser.parse_args()
    totals = [0, 0, 0]
    print(f"{'category':14}{'snippets':>9}{'complete':>10}{'sound':>7}")
    for category in sorted((options.suite / "micro-benchmark/snippets").iterdir()):
        if options.category not in (None, category.name):
            continue
        counts = [0, 0, 0]
        for snippet in sorted(one for one in category.iterdir() if (one / "callgraph.json").exists()):
            wanted = json.loads((snippet / "callgraph.json").read_text(encoding="utf-8"))
            expected = {(caller, callee) for caller, callees in wanted.items() for callee in callees}
            given = {
                (caller, callee)
                for caller, callees in graph_of(Workspace.of(snippet)).items()
                for callee in callees
            }
            counts = [counts[0] + 1, counts[1] + (given <= expected), counts[2] + (expected <= given)]
            if options.wrong:
                for kind, edges in (("wrong", given - expected), ("missing", expected - given)):
                    for caller, callee in sorted(edges):
                        print(f"    {category.name}/{snippet.name}: {kind} {caller} -> {callee}")
        print(f"{category.name:14}{counts[0]:9}{counts[1]:10}{counts[2]:7}")
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
    print(f"{'all':14}{totals[0]:9}{totals[1]:10}{totals[2]:7}")


if __name__ == "__main__":
    main()
