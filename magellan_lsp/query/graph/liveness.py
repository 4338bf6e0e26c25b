"""What is alive in a workspace: the graph that dead code is looked for in, and the search through it.

It differs from the graph of calls and references (:mod:`.bulk`) in what it takes for a use:

- A use belongs to the innermost function or type *in whose text* it stands, decorators and types of parameters included:
  what would go if that were deleted.
- Importing a name is no use of it (importing a module runs the module); exporting it again is one.
- A member keeps its type alive, and what a file defines keeps the file's own statements alive.
- A living type keeps alive the members that run unnamed (constructors, operators), the members of object literals, and
  those that may override something of a base outside of the workspace. A living method of a base keeps alive whatever
  overrides it in living types.
- A name that linking could not resolve may mean any function or method of that name, in a living type.

Where several things have to be alive at once for a third to be, the edge has conditions; see :class:`Liveness`.
Tests: ``tests/query/graph/test_dead_code.py``.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from magellan_lsp.facts.file_facts import IMPORTED, KEYWORD, MEMBER, MODULE_PART, FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ImportFlag, Role
from magellan_lsp.facts.links import FileLinks, RelationKind
from magellan_lsp.graph.view import Check, EdgeType, MemoryGraph, never
from magellan_lsp.languages.registry import family
from magellan_lsp.query.graph.bulk import Nodes
from magellan_lsp.query.graph.entries import Entry, EntryRules, File, World, rules_for
from magellan_lsp.query.graph.entries.base import METHODS
from magellan_lsp.query.graph.entries.rust import is_root
from magellan_lsp.resolve.rules import CLASS_LIKE
from magellan_lsp.resolve.stored import CONFIG_PREFIX
from magellan_lsp.store.base import Family, Reader

#: Definitions whose text owns the uses inside it.
_OWNERS = METHODS | CLASS_LIKE | {int(DefKind.IMPL), int(DefKind.TYPE_ALIAS)}
_PLACES = frozenset({int(DefKind.MODULE), int(DefKind.NAMESPACE)})
#: Behind the name of a symbol that has namesakes in one place.
_COUNT = re.compile(r"#\d+")
#: Before names of types, which are looked for only where a name stands alone: not as a member of something unknown.
_TYPE = ":"
_MEMBERS = METHODS - {int(DefKind.FUNCTION), int(DefKind.MACRO)}
_NAMED = (METHODS | CLASS_LIKE) - {int(DefKind.CONSTRUCTOR)}
#: Definitions that dead code is made of.
REPORTED = METHODS | CLASS_LIKE | {int(DefKind.TYPE_ALIAS)}


class Liveness:
    """The graph, and what it begins from.

    Attributes:
        nodes: the symbols.
        entries: evident entry points, node -> why; in the order of nodes.
        files: the node of each file's own statements.
        left_out: symbols of files of which it is not known what takes them in; nothing is told of these.
        edges: hard ones: a living source keeps its targets alive.
        owners: of each member its type, which it keeps alive.
        conditions: (first, second, target): the target lives when both others do.
    """

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.entries: dict[int, Entry] = {}
        self.files: list[int] = []
        self.left_out: list[int] = []
        self.edges: dict[int, set[int]] = {}
        self.owners: dict[int, int] = {}
        self.conditions: list[tuple[int, int, int]] = []
        self.reported = bytearray(len(nodes))
        self.n_names = 0

    def add(self, source: int, target: int) -> None:
        """A hard edge; one to itself counts for nothing."""
        if source != target:
            self.edges.setdefault(source, set()).add(target)

    def alive(self, starts: Iterable[int], check: Check = never) -> set[int]:
        """All that lives when these do. Cost: in proportion to what is found and the edges from it."""
        waiting: dict[int, list[tuple[int, int]]] = {}
        for first, second, target in self.conditions:
            waiting.setdefault(first, []).append((second, target))
            waiting.setdefault(second, []).append((first, target))
        found = set(starts)
        work = list(found)
        while work:
            check()
            node = work.pop()
            following = list(self.edges.get(node, ()))
            following += [target for other, target in waiting.get(node, ()) if other in found]
            for target in following:
                if target not in found:
                    found.add(target)
                    work.append(target)
        return found

    def view(self, alive: set[int]) -> MemoryGraph[int]:
        """The dead symbols and the hard edges among them: enough to say of each why it is dead."""
        n = len(self.nodes)
        dead = [node for node in range(n) if node not in alive]
        kept = set(dead)
        return MemoryGraph(
            dead,
            (
                (source, target, EdgeType.REFERENCE)
                for source in dead
                for target in self.edges.get(source, ())
                if target in kept and not self._is_upward(source, target)
            ),
        )

    def _is_upward(self, source: int, target: int) -> bool:
        """Whether a node keeps what it is in alive: no reason for a person to hear of."""
        return self.owners.get(source) == target or self.nodes.kinds[target] in _PLACES


class _Open(NamedTuple):
    """What can be said only when every file has been read."""

    sub_types: list[tuple[int, int]]  # (type, its base), both in the workspace
    outside: set[int]  # types with a base outside of the workspace
    overrides: list[tuple[int, int, bool]]  # (overriding, overridden, whether that is only declared)
    members: list[tuple[int, int, _Member]]  # (member, its type, what is said of it)
    names: dict[
        tuple[str, str], list[int]
    ]  # (family, name) -> symbols of that name that may be meant; see _TYPE
    unresolved: list[tuple[int, str, str]]  # (who, family, name)
    around: dict[int, int]  # type -> what its definition runs in
    registering: list[int]  # types that are told of their subtypes
    included: set[int]  # files (their own symbols) that another file takes in
    alternatives: dict[
        tuple[str, str], list[int]
    ]  # (place, name) -> definitions in several files, of which one is taken


class _Member(NamedTuple):
    name: str
    is_exported: bool
    is_implied: bool
    may_override: bool


def load(
    reader: Reader, read_text: Callable[[str], bytes | None] = lambda path: None, check: Check = never
) -> Liveness:
    """The graph of all that is indexed, with its evident entry points.

    Args:
        read_text: the bytes that a path's facts were made from; None when they are not to be had: then decorators and
            the like are not seen, and count for nothing.
        check: called for each file.
    """
    nodes = Nodes(reader, check)
    graph = Liveness(nodes)
    world = World(nodes.paths, _project_files(reader), _has_main(reader))
    rest = _Open([], set(), [], [], {}, [], {}, [], set(), {})
    for number, path in enumerate(nodes.paths):
        check()
        facts = reader.find_facts(path)
        if facts is not None:
            _FileWalk(graph, rest, number, File(facts, world, read_text), reader.find_links(path)).run()
    _finish(graph, rest)
    for number, path in enumerate(nodes.paths):
        first, last = nodes.first[number], nodes.first[number + 1]
        if path.endswith(".rs") and first not in rest.included and not is_root(path):
            # A module that no ordinary build takes in (it is another platform's): nothing can be said of it, and what
            # it uses is used.
            graph.reported[first:last] = bytes(last - first)
            graph.left_out += range(first, last)
    return graph


def _project_files(reader: Reader) -> dict[str, bytes]:
    listed = (reader.find_meta(CONFIG_PREFIX) or b"").decode("utf-8", "surrogateescape")
    found = {path: reader.find_meta(CONFIG_PREFIX + path) for path in listed.split("\n") if path}
    return {path: data for path, data in found.items() if data is not None}


def _has_main(reader: Reader) -> bool:
    """Whether the workspace holds a C or C++ program."""
    for path in reader.find_postings(Family.DEFINES, "main"):
        record = reader.find_file(path)
        if record is not None and family(record.language) == "c":
            return True
    return False


class _FileWalk:
    """Adds one file to the graph."""

    def __init__(
        self, graph: Liveness, rest: _Open, number: int, file: File, links: FileLinks | None
    ) -> None:
        self.graph = graph
        self.rest = rest
        self.file = file
        self.facts = file.facts
        self.links = links
        self.rules: EntryRules = rules_for(file.facts.language)
        nodes = graph.nodes
        first = nodes.first[number]
        last = nodes.first[number + 1]
        #: Node by definition, for the symbols of this file.
        self.node_of = {nodes.definitions[node]: node for node in range(first, last)}
        self.family = family(file.facts.language)
        self.targets: dict[int, list[int]] = {}

    def run(self) -> None:
        facts, graph = self.facts, self.graph
        root = self.node_of.get(0)
        if root is None:
            return
        graph.files.append(root)
        self._alternatives()
        self._resolve()
        self.impl_types = self._impl_types()
        owners = _TextOwners(facts)
        based = self._bases()
        self.traits = {row for at, row in enumerate(facts.extension_def) if facts.extension_trait[at] >= 0}
        for row, node in self.node_of.items():
            self._symbol(row, node, root, based)
        self._uses(owners, root)
        for offset, name in self.rules.named_in_strings(self.file):
            self.rest.unresolved.append((self._user(owners.at(offset), root), self.family, name))

    def _alternatives(self) -> None:
        """Definitions of one name in one place, of which a build or a run takes one, live and die together."""
        facts = self.facts
        if not self.rules.has_alternatives:
            return
        by_name: dict[str, int] = {}
        for row, node in self.node_of.items():
            if row and facts.def_kind[row] in REPORTED:
                name = _COUNT.sub("", facts.qualified[facts.def_symbol[row]])
                other = by_name.setdefault(name, node)
                self.graph.add(node, other)
                self.graph.add(other, node)
                place = self.rules.alternative_place(self.file, row)
                if place:
                    self.rest.alternatives.setdefault((place, facts.name(row)), []).append(node)

    # what the links say

    def _resolve(self) -> None:
        number = self.graph.nodes.number
        for occurrence, target, _ in self.links.links if self.links is not None else ():
            node = number(target)
            if node is not None:
                self.targets.setdefault(occurrence, []).append(node)

    def _impl_types(self) -> dict[int, int]:
        """For members that are written away from their type: IMPL or member definition -> node of the type."""
        facts = self.facts
        found: dict[int, int] = {}
        for at, row in enumerate(facts.extension_def):
            name = facts.extension_name[at]
            start, end = facts.def_start[row], facts.def_end[row]
            first = bisect_right(facts.occ_start, start - 1)
            for occurrence in range(first, len(facts.occ_start)):
                if facts.occ_start[occurrence] >= end:
                    break
                if facts.occ_name[occurrence] != name:
                    continue
                own = facts.occ_target[occurrence]
                node = self.node_of.get(own) if own > 0 else None
                for candidate in [node] if node is not None else self.targets.get(occurrence, []):
                    if self.graph.nodes.kinds[candidate] in CLASS_LIKE:
                        found.setdefault(row, candidate)
                if row in found:
                    break
            else:
                continue
        return found

    def _bases(self) -> set[str]:
        """SymbolIds of types of which some base is outside of the workspace; relations go to ``rest``."""
        facts, rest, number = self.facts, self.rest, self.graph.nodes.number
        n_known: dict[int, int] = {}
        for kind, symbol, target in self.links.relations if self.links is not None else ():
            one, other = number(symbol), number(target)
            if one is None or other is None:
                continue
            if kind == RelationKind.BASE_OF:
                rest.sub_types.append((one, other))
                n_known[one] = n_known.get(one, 0) + 1
            elif kind == RelationKind.OVERRIDES:
                nodes = self.graph.nodes
                declared = bool(nodes.flags[other] & (DefFlag.ABSTRACT | DefFlag.DECLARATION))
                rest.overrides.append((one, other, declared))
            else:
                self.graph.add(other, one)
                self.graph.add(one, other)
        overriding = {symbol for kind, symbol, _ in self._relations() if kind == RelationKind.OVERRIDES}
        for row in set(facts.base_def):
            node = self.node_of.get(row)
            if node is None:
                continue
            names = self.file.base_names(row)
            n_plain = sum(name in self.rules.plain_bases for name in names)
            if len(names) - n_plain > n_known.get(node, 0):
                rest.outside.add(node)
        return overriding

    def _relations(self) -> Sequence[tuple[RelationKind, str, str]]:
        return self.links.relations if self.links is not None else ()

    # symbols

    def _symbol(self, row: int, node: int, root: int, overriding: set[str]) -> None:
        facts, graph, rules, file = self.facts, self.graph, self.rules, self.file
        kind, flags = facts.def_kind[row], facts.def_flags[row]
        why = rules.entry(file, row)
        if why is not None:
            graph.entries[node] = why
        if row == 0:
            return
        graph.add(node, root)
        if kind in REPORTED and not flags & (DefFlag.DECLARATION | DefFlag.SYNTHETIC | DefFlag.OVERLOAD):
            graph.reported[node] = bool(facts.def_name[row]) and rules.is_reported(file, row)
        if rules.is_kept(file, row):
            graph.add(root, node)
        if rules.is_value(file, row):
            graph.add(self._user(facts.def_owner[row], root), node)
        if kind in CLASS_LIKE:
            self.rest.around[node] = self._user(facts.def_owner[row], root)
            if rules.registers_subtypes(file, row):
                self.rest.registering.append(node)
        owner, is_literal = self._owner(row)
        if owner < 0:
            if kind in _NAMED:
                sign = _TYPE if kind in CLASS_LIKE else ""
                self.rest.names.setdefault((self.family, sign + facts.name(row)), []).append(node)
            return
        graph.add(node, owner)
        graph.owners[node] = owner
        if is_literal:
            graph.add(owner, node)
            return
        if kind not in METHODS:
            # Types and values inside a type: whoever may use the type may use them, if they are public.
            if kind in CLASS_LIKE:
                self.rest.names.setdefault((self.family, _TYPE + facts.name(row)), []).append(node)
            if kind in REPORTED:
                is_implied = rules.is_implied(file, row)
                self.rest.members.append(
                    (node, owner, _Member("", rules.exported_member(file, row), is_implied, False))
                )
            return
        symbol = facts.symbol_id(row)
        foreign = bool(flags & DefFlag.OVERRIDE) and symbol not in overriding
        trait = facts.def_owner[row] in self.traits and symbol not in overriding
        member = _Member(
            facts.name(row),
            rules.exported_member(file, row),
            rules.is_implied(file, row) or foreign or trait,
            rules.may_override_outside(file, row),
        )
        self.rest.members.append((node, owner, member))
        if kind in _NAMED:
            self.rest.names.setdefault((self.family, facts.name(row)), []).append(node)

    def _owner(self, row: int) -> tuple[int, bool]:
        """The node of the type (or value) that a member belongs to, and whether that is an object literal; -1 for what
        is no member.
        """
        facts = self.facts
        if row in self.impl_types:
            return self.impl_types[row], False
        owner = facts.def_owner[row]
        is_literal = False
        while owner > 0:
            kind = facts.def_kind[owner]
            if owner in self.impl_types:
                return self.impl_types[owner], is_literal
            node = self.node_of.get(owner)
            if kind in CLASS_LIKE and node is not None:
                return node, is_literal
            if kind in METHODS and not is_literal and node is not None and facts.def_kind[row] in _MEMBERS:
                return node, False  # of a function that makes objects
            if kind in _PLACES or (kind in METHODS and not is_literal):
                return (node, True) if is_literal and node is not None else (-1, False)
            if kind == DefKind.IMPL and facts.def_flags[row] & DefFlag.EXTENSION:
                return -1, False
            if kind == DefKind.IMPL:
                return self.node_of[0], True  # an impl for a type of others: it lives with its file
            is_literal = True
            if node is not None:
                return node, True
            owner = facts.def_owner[owner]
        return (self.node_of[0], True) if is_literal else (-1, False)

    # uses

    def _uses(self, owners: _TextOwners, root: int) -> None:
        facts, graph, rest = self.facts, self.graph, self.rest
        starts, roles, own = facts.occ_start, facts.occ_role, facts.occ_target
        nodes = graph.nodes
        is_package = facts.path.endswith("__init__.py")
        users: dict[int, int] = {}
        for occurrence in range(len(starts)):
            role = roles[occurrence]
            if role <= Role.DECLARATION:
                continue
            row = owners.at(starts[occurrence])
            user = users.get(row)
            if user is None:
                user = users[row] = self._user(row, root)
            found = self.targets.get(occurrence)
            if found is None:
                target = own[occurrence]
                if role != Role.IMPORT and self._is_open(target):
                    name = facts.names[facts.occ_name[occurrence]] if facts.occ_name[occurrence] > 0 else ""
                    if name:
                        rest.unresolved.append((user, self.family, name))
                    if name and target != MEMBER:
                        rest.unresolved.append((user, self.family, _TYPE + name))
                continue
            rest.included.update(node for node in found if node != root and nodes.definitions[node] == 0)
            is_export = role == Role.IMPORT and (is_package or self._is_reexport(occurrence))
            for node in found:
                if role != Role.IMPORT or is_export or nodes.kinds[node] in _PLACES:
                    graph.add(user, node)
                    if nodes.flags[node] & DefFlag.DECLARATION:
                        # What it declares may be defined where linking does not look.
                        name = facts.names[max(facts.occ_name[occurrence], 0)]
                        rest.unresolved.append((user, self.family, name))

    def _is_open(self, target: int) -> bool:
        """Whether it is left to other files what an occurrence means."""
        if target >= 0:
            return self.facts.def_kind[target] == DefKind.IMPORT
        return target not in (IMPORTED, MODULE_PART, KEYWORD)

    def _is_reexport(self, occurrence: int) -> bool:
        facts = self.facts
        if facts.occ_target[occurrence] != IMPORTED:
            return False
        flags = facts.import_flags[facts.occ_expr[occurrence]]
        return bool(flags & (ImportFlag.REEXPORT | ImportFlag.EXPORT_LIST))

    def _user(self, row: int, root: int) -> int:
        """The node that a use inside a definition counts for."""
        facts = self.facts
        while row > 0:
            if row in self.impl_types and facts.def_kind[row] == DefKind.IMPL:
                return self.impl_types[row]
            node = self.node_of.get(row)
            if node is not None:
                return node
            row = facts.def_owner[row]
        return root


class _TextOwners:
    """Which function or type of a file an offset lies in, the innermost."""

    def __init__(self, facts: FileFacts) -> None:
        spans = sorted(
            (facts.def_start[row], -facts.def_end[row], row)
            for row, kind in enumerate(facts.def_kind)
            if row > 0 and (kind in _OWNERS or facts.def_flags[row] & DefFlag.CALLABLE)
        )
        self._starts = array("q", [0])
        self._rows = array("q", [0])
        around: list[tuple[int, int]] = []  # (end, row) of the spans that are open
        for start, minus_end, row in spans:
            self._close(around, start)
            self._mark(start, row)
            around.append((-minus_end, row))
        self._close(around, facts.size + 1)

    def _close(self, around: list[tuple[int, int]], until: int) -> None:
        while around and around[-1][0] <= until:
            end, _ = around.pop()
            self._mark(end, around[-1][1] if around else 0)

    def _mark(self, start: int, row: int) -> None:
        if self._starts[-1] == start:
            self._rows[-1] = row
        elif self._starts[-1] < start:
            self._starts.append(start)
            self._rows.append(row)

    def at(self, offset: int) -> int:
        """A definition row; 0 outside of all."""
        return self._rows[bisect_right(self._starts, offset) - 1]


def _finish(graph: Liveness, rest: _Open) -> None:
    outside = _inherited(rest)
    exported = {node for node, why in graph.entries.items() if why is Entry.EXPORTED}
    members = sorted(rest.members, key=lambda one: one[0])
    type_of = {node: owner for node, owner, _ in members}
    changed = True
    while changed:  # types inside types, seldom more than twice
        changed = False
        for node, owner, said in members:
            if said.is_exported and owner in exported and node not in exported:
                exported.add(node)
                graph.entries.setdefault(node, Entry.EXPORTED)
                changed = True
    for node, owner, said in members:
        if said.is_implied or (said.may_override and owner in outside):
            graph.add(owner, node)
    _mix(graph, rest)
    for node in _below(rest, rest.registering):
        if node in rest.around:
            graph.add(rest.around[node], node)
    for one, other, declared in rest.overrides:
        owner_node = type_of.get(one)
        if owner_node is None:
            graph.add(other, one)
        else:
            graph.conditions.append((other, owner_node, one))
        if declared:
            graph.add(one, other)
    for same in rest.alternatives.values():
        for node, other in pairwise(same):
            graph.add(node, other)
            graph.add(other, node)
    _by_name(graph, rest, type_of)
    graph.entries = dict(sorted(graph.entries.items()))


def _inherited(rest: _Open) -> set[int]:
    """Types with a base outside of the workspace, directly or through others, and those that are mixed with one."""
    above = _above(rest)
    found = set(rest.outside)
    for one in rest.outside:
        found.update(_ancestors(above, one))
    return found.union(_below(rest, found))


def _below(rest: _Open, types: Iterable[int]) -> set[int]:
    """All types below some types."""
    direct: dict[int, list[int]] = {}
    for one, base in rest.sub_types:
        direct.setdefault(base, []).append(one)
    found: set[int] = set()
    work = list(types)
    while work:
        for one in direct.get(work.pop(), ()):
            if one not in found:
                found.add(one)
                work.append(one)
    return found


def _above(rest: _Open) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one, base in rest.sub_types:
        found.setdefault(one, []).append(base)
    return found


def _ancestors(above: dict[int, list[int]], node: int) -> list[int]:
    """All types above a type."""
    found: dict[int, None] = {}
    work = [node]
    while work:
        for base in above.get(work.pop(), ()):
            if base not in found:
                found[base] = None
                work.append(base)
    return list(found)


def _mix(graph: Liveness, rest: _Open) -> None:
    """Where a living type has several bases, a method of one may stand for the method of that name of another."""
    methods: dict[int, dict[str, int]] = {}
    for node, owner, said in rest.members:
        if said.name:
            methods.setdefault(owner, {})[said.name] = node
    above = _above(rest)
    for node, bases in above.items():
        if len(bases) < 2:
            continue
        lines = [[base, *_ancestors(above, base)] for base in sorted(bases)]
        by_name: dict[str, dict[int, None]] = {}
        for line in lines:
            for name, method in {
                name: m for one in reversed(line) for name, m in methods.get(one, {}).items()
            }.items():
                by_name.setdefault(name, {})[method] = None
        for same in by_name.values():
            for one in same:
                graph.conditions += [(one, node, other) for other in same if other != one]


def _by_name(graph: Liveness, rest: _Open, type_of: dict[int, int]) -> None:
    """What names that could not be resolved may mean. Each such name is a node of its own, behind the symbols."""
    numbers: dict[tuple[str, str], int] = {}
    following = len(graph.nodes)
    for user, language, name in rest.unresolved:
        key = (language, name)
        meant = rest.names.get(key)
        if not meant:
            continue
        number = numbers.get(key)
        if number is None:
            number = numbers[key] = following
            following += 1
            for node in meant:
                owner = type_of.get(node)
                if owner is None:
                    graph.add(number, node)
                else:
                    graph.conditions.append((number, owner, node))
        graph.add(user, number)
    graph.n_names = following - len(graph.nodes)


def iter_reported(graph: Liveness) -> Iterator[int]:
    """Nodes that dead code may consist of, in their order."""
    return (node for node, reported in enumerate(graph.reported) if reported)
