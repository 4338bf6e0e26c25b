"""Resolves names and members over a FactsSource: the one engine for all languages.

Answers are pure functions of the facts, whatever was asked before: an evaluation that ran out of its depth
(recursion
between functions, cyclic imports) is remembered only for the depth at which it ran, an exact one for every
depth that
suffices. That keeps "edit by edit" equal to "from nothing". Made for one consistent state of the source; make
a new one
(cheap) when the source changed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, TypeVar

from magellan_lsp.extract.engine import extract
from magellan_lsp.facts.file_facts import (
    CALLED,
    FIELD_OF,
    IMPORTED,
    KEYWORD,
    MEMBER,
    MODULE_PART,
    OPEN,
    SAID,
    FileFacts,
)
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag
from magellan_lsp.languages.registry import get_language
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.evaluate import NEVER, Evaluator
from magellan_lsp.resolve.installed import Installed, InstalledSource
from magellan_lsp.resolve.rules import CLASS_LIKE, Rules, rules_for
from magellan_lsp.resolve.source import FactsSource
from magellan_lsp.resolve.types import Ref, Type, TypeSet

T = TypeVar("T")
#: Inference goes through several Python frames per definition; how deep it goes is limited here, not by Python.
_RECURSION = 12_000

#: How many definitions deep an inference may go. Real code rarely needs more than ten.
MAX_DEPTH = 20
#: Of so many definitions of one name the one that is meant is looked for.
MAX_OVERLOADS = 256
#: From this ``base_kind`` on a row says something else than what a type derives from.
NO_BASE = 3
BUILTIN = "<builtin>/"
_IMPORT = int(DefKind.IMPORT)
_NO_MEMBERS = frozenset({int(DefKind.TYPE_PARAMETER), int(DefKind.PARAMETER)})


@cache
def _stub_facts(path: str) -> FileFacts | None:
    """Facts of a built-in stub by its path ``<builtin>/LANGUAGE/FILE``."""
    _, language, name = path.split("/", 2)
    package = get_language(language).rules.rsplit(".", 1)[0]
    source = resources.files(package).joinpath("stubs", name).read_bytes()
    return extract(path, get_language(language), source)


class Resolver(Evaluator):
    """One state of the workspace, seen through names. Not for several threads at once.

    Args:
        source: the facts of the workspace.
        installed: packages outside of it, for questions that may lead there; None for links.
    """

    def __init__(self, source: FactsSource, installed: Installed | None = None) -> None:
        if sys.getrecursionlimit() < _RECURSION:
            sys.setrecursionlimit(_RECURSION)
        self.source = source if installed is None else InstalledSource(source, installed)
        self.installed = installed
        # question -> exact answer, the depth it takes (NEVER: not known), and by fuel the answers that were
        # cut short
        self._memo: dict[Any, tuple[Any, int, dict[int, Any] | None]] = {}
        #: The same for values of expressions: by file, then by expression.
        self._values: dict[str, dict[int, tuple[TypeSet, int, dict[int, TypeSet] | None]]] = {}
        self._n_cut = 0
        self._fuel = MAX_DEPTH
        self._height = 0
        self._cut = False
        self._facts: dict[str, FileFacts | None] = {}
        self._rules: dict[str, Rules] = {}

    # -- the cache that does not depend on the order of questions

    def query(self, key: Any, compute: Callable[..., T], empty: T, cost: int = 1, *args: Any) -> T:
        """``compute(*args)``, remembered; ``empty`` when the evaluation is too deep already."""
        fuel = self._fuel
        found = self._memo.get(key)
        if found is not None:
            value, need, cuts = found
            if need <= fuel:
                if need > self._height:
                    self._height = need
                return value  # type: ignore[no-any-return]
            if fuel < cost:
                self._cut = True
                return empty
            if cuts is not None and fuel in cuts:
                self._cut = True
                return cuts[fuel]  # type: ignore[no-any-return]
        elif fuel < cost:
            self._cut = True
            return empty
        height, cut = self._height, self._cut
        self._height, self._cut, self._fuel = 0, False, fuel - cost
        try:
            value = compute(*args)
        finally:
            self._fuel = fuel
            need = self._height + cost
            was_cut = self._cut
            self._height = need
            if height > need:
                self._height = height
            self._cut = cut or was_cut
        if not was_cut:
            self._memo[key] = (value, need, None if found is None else found[2])
            return value
        # The entry may have changed meanwhile: computing may ask the same question with less fuel left.
        found = self._memo.get(key)
        self._n_cut += 1
        if found is None:
            self._memo[key] = (None, NEVER, {fuel: value})
        else:
            self._memo[key] = (found[0], found[1], {**(found[2] or {}), fuel: value})
        return value

    @property
    def remembered(self) -> int:
        """How many results are remembered; whoever keeps a resolver for long looks at it."""
        return len(self._memo) + self._n_cut + sum(map(len, self._values.values()))

    def forget_values(self, path: str) -> None:
        """Forget what the expressions of a file evaluate to: of a file that is linked nobody asks much of it again.
        What its definitions are is kept.
        """
        self._values.pop(path, None)

    # -- facts

    def facts(self, path: str) -> FileFacts | None:
        """The facts of a file or built-in stub."""
        cached = self._facts
        try:
            return cached[path]
        except KeyError:
            pass
        if path.startswith("<"):  # a stub, or a language's own name for what lies outside the workspace
            found = _stub_facts(path) if path.startswith(BUILTIN) else None
        else:
            found = self.source.facts(path)
        cached[path] = found
        return found

    def rules(self, path: str) -> Rules:
        """The rules of a file's language."""
        found = self._rules.get(path)
        if found is None:
            facts = self.facts(path)
            found = self._rules[path] = rules_for(facts.language) if facts is not None else Rules()
        return found

    def stub_paths(self, rules: Rules) -> list[str]:
        """Paths of the language's built-in stubs."""
        return [f"{BUILTIN}{language}/{name}" for language, name in rules.stubs]

    @staticmethod
    def is_builtin(ref: Ref) -> bool:
        """Whether a definition lives in a built-in stub, which is no place to show."""
        return ref[0].startswith(BUILTIN)

    def simple_name(self, ref: Ref) -> str:
        """The definition's simple name."""
        facts = self.facts(ref[0])
        return facts.name(ref[1]) if facts is not None else ""

    def kind_of(self, ref: Ref) -> int:
        """The definition's DefKind as a number, 0 when it is gone."""
        facts = self.facts(ref[0])
        return facts.def_kind[ref[1]] if facts is not None else 0

    @staticmethod
    def ref_of(one: Type) -> Ref | None:
        """The definition behind a type, if it has one."""
        if one[0] in (t.INSTANCE, t.TYPE, t.FUNCTION, t.MODULE, t.TYPEVAR, t.SELF):
            ref: Ref = one[1]
            return ref
        return None

    # -- names

    def lookup(self, facts: FileFacts, scope: int, name: str, offset: int) -> int:
        """Lexical look-up as extraction does it, for questions that come later. A definition row or OPEN."""
        language = get_language(facts.language)
        left_function = False
        kinds = facts.scope_kind
        while scope >= 0:
            kind = kinds[scope]
            if kind != 2 or language.class_scope_visible or not left_function:
                rows = facts.members(scope).get(name)
                if rows:
                    best = -1
                    for row in rows:
                        flags = facts.def_flags[row]
                        if flags & DefFlag.INSTANCE:
                            continue
                        if flags & DefFlag.REACHES:
                            if facts.def_visible[row] <= offset:
                                best = row
                        elif best < 0:
                            best = row
                    if best >= 0:
                        return best
            if kind in (3, 5):
                left_function = True
            scope = facts.scope_parent[scope]
        return OPEN

    def open_name(self, path: str, scope: int, name: str, space: int = 0) -> list[Ref]:
        """What a plain name means that the file's scopes leave open; ``space``: see ``Language.spaces``."""
        facts = self.facts(path)
        if facts is None:
            return []
        known: FileFacts = facts
        return self.query(
            ("open", path, scope, name, space),
            lambda: self.rules(path).open_in(self, known, scope, name, space),
            [],
        )

    def import_rows(self, path: str, definition: int) -> Sequence[int]:
        """Rows of the import table that bind a definition of kind IMPORT."""
        facts = self._facts.get(path) or self.facts(path)
        return facts.imports_of(definition) if facts else []

    def import_targets(self, path: str, row: int) -> list[Ref]:
        """The definitions an import brings."""
        facts = self.facts(path)
        if facts is None:
            return []
        known: FileFacts = facts
        return self.query(
            ("import", path, row), lambda: self.rules(path).import_targets(self, known, row), []
        )

    def definition_targets(self, path: str, definition: int) -> list[Ref]:
        """A definition itself; for one that an import binds, what it brings."""
        facts = self.facts(path)
        if facts is None:
            return []
        if facts.def_kind[definition] != DefKind.IMPORT:
            return [(path, definition)]
        found: dict[Ref, None] = {}
        for row in self.import_rows(path, definition):
            for ref in self.import_targets(path, row):
                found[ref] = None
        return list(found)

    def export(self, path: str, name: str) -> list[Ref]:
        """A member of the module that a file is."""
        return self.query(("export", path, name), lambda: self.rules(path).export(self, path, name), [])

    # -- classes

    def base_rows(self, ref: Ref) -> list[int]:
        """Rows of the base table of a class-like definition that say what it derives from."""
        facts = self.facts(ref[0])
        if facts is None:
            return []
        kinds = facts.base_kind
        return [row for row in facts.bases_of(ref[1]) if kinds[row] < NO_BASE]

    def bases(self, ref: Ref) -> TypeSet:
        """Direct bases as instances, in order; what cannot be resolved is left out."""

        def compute() -> TypeSet:
            found = [self.as_type(ref[0], self._base_expr(ref, row)) for row in self.base_rows(ref)]
            # a type of Rust may implement any number of traits
            every = dict.fromkeys((*t.union(found), *self.rules(ref[0]).extra_bases(self, ref)))
            return tuple(one for one in every if one[0] == t.INSTANCE and one[1] != ref)

        return self.query(("bases", ref), compute, ())

    def _base_expr(self, ref: Ref, row: int) -> int:
        facts = self.facts(ref[0])
        return facts.base_expr[row] if facts is not None else 0

    def type_parameters(self, ref: Ref) -> Sequence[Ref]:
        """The type parameters of a class-like definition."""
        return self.query(
            ("parameters", ref), lambda: tuple(self.rules(ref[0]).type_parameters(self, ref)), ()
        )

    def default_types(self, parameter: Ref) -> list[int]:
        """The declared default of a type parameter: its type expression, or nothing."""
        facts = self.facts(parameter[0])
        if facts is None:
            return []
        return [facts.site_type[site] for site in facts.sites(parameter[1]) if facts.site_type[site] > 0]

    def bound(self, parameter: Ref) -> TypeSet:
        """What a type parameter is known to be: no type parameter among it, also where bounds name others, or each other."""
        found: dict[Type, None] = {}
        seen = {parameter}
        stack = [iter(self.rules(parameter[0]).bound(self, parameter))]
        while stack:
            one = next(stack[-1], None)
            if one is None:
                stack.pop()
            elif one[0] != t.TYPEVAR:
                found[one] = None
            elif one[1] not in seen:
                seen.add(one[1])
                stack.append(iter(self.rules(one[1][0]).bound(self, one[1])))
        return tuple(found)

    def mapping(self, one: Type) -> dict[Ref, TypeSet]:
        """What a class's type parameters stand for in an instance of it."""
        if one[0] not in (t.INSTANCE, t.TYPE) or not one[2]:
            return {}
        return dict(zip(self.type_parameters(one[1]), one[2], strict=False))

    def linearize(self, ref: Ref) -> Sequence[tuple[Ref, dict[Ref, TypeSet]]]:
        """The class and its ancestors: depth first, left to right, a shared ancestor after all that derive
        from it.
        """

        def compute() -> Sequence[tuple[Ref, dict[Ref, TypeSet]]]:
            order: list[tuple[Ref, dict[Ref, TypeSet]]] = []

            def visit(at: Ref, mapping: dict[Ref, TypeSet], above: tuple[Ref, ...]) -> None:
                if at in above or len(order) > 200:
                    return
                order.append((at, mapping))
                for base in self.bases(at):
                    inner = {
                        parameter: t.substitute(arg, mapping)
                        for parameter, arg in zip(self.type_parameters(base[1]), base[2], strict=False)
                    }
                    visit(base[1], inner, (*above, at))

            visit(ref, {}, ())
            last = {at: position for position, (at, _) in enumerate(order)}
            return tuple(entry for position, entry in enumerate(order) if last[entry[0]] == position)

        return self.query(("mro", ref), compute, ((ref, {}),))

    def extension_rows(self, ref: Ref) -> list[tuple[str, int]]:
        """Extensions of a type in all files: rows ``(path, extension row)`` whose type expression denotes
        ``ref``.
        """

        def compute() -> list[tuple[str, int]]:
            name = self.simple_name(ref)
            found = []
            for path in self._extending(ref, name):
                facts = self.facts(path)
                if facts is None or facts.language_family() != self._family(ref[0]):
                    continue
                found += [
                    (path, row) for row in self.extended(facts, name, self._extension_type).get(ref, ())
                ]
            return found

        return self.query(("extensions", ref), compute, [])

    def _extension_type(self, facts: FileFacts, row: int) -> TypeSet:
        return self.as_type(facts.path, facts.extension_expr[row])

    def extended(
        self, facts: FileFacts, name: str, type_of: Callable[[FileFacts, int], TypeSet]
    ) -> dict[Ref, list[int]]:
        """The extension rows of a file whose type has a simple name, by the type; ``type_of`` evaluates a row's."""

        def compute() -> dict[Ref, list[int]]:
            found: dict[Ref, list[int]] = {}
            for row in facts.extensions_named(name):
                for ref in dict.fromkeys(map(self.ref_of, type_of(facts, row))):
                    if ref is not None:
                        found.setdefault(ref, []).append(row)
            return found

        return self.query(("extended", facts.path, name), compute, {}, 0)

    def _extending(self, ref: Ref, name: str) -> Sequence[str]:
        """Files that may hold extensions of a type; of an installed one also its own, which no posting list knows."""
        if self.is_builtin(ref):
            return (ref[0],)
        found = self.source.extending(name)
        if self.installed is not None and self.installed.covers(ref[0]):
            return (*self.rules(ref[0]).companions(self, ref[0], name), *found)
        return found

    def _family(self, path: str) -> str:
        facts = self.facts(path)
        return facts.language_family() if facts is not None else ""

    def own_members(self, ref: Ref, name: str) -> list[Ref]:
        """Members of this name that the class itself or an extension of it declares."""
        key = ("own", ref, name)
        known = self._memo.get(key)
        if known is not None and known[1] <= self._fuel:
            if known[1] > self._height:
                self._height = known[1]
            return known[0]  # type: ignore[no-any-return]
        return self.query(key, self._own_members, [], 1, ref, name)

    def _own_members(self, ref: Ref, name: str) -> list[Ref]:
        path = ref[0]
        facts = self._facts.get(path) or self.facts(path)
        if facts is None:
            return []
        body = facts.def_body[ref[1]]
        found: list[Ref] = []
        if body >= 0:
            for row in facts.members(body).get(name, ()):
                kind = facts.def_kind[row]
                if kind == _IMPORT:
                    found.extend(self.definition_targets(path, row))
                elif kind not in _NO_MEMBERS:
                    found.append((path, row))
        away = self._away_members(ref)
        if away:
            found.extend(away.get(name, ()))
        if len(found) > 1:
            found = list(dict.fromkeys(found))
        return self.rules(path).choose(self, path, found) if found else found

    def _away_members(self, ref: Ref) -> dict[str, list[Ref]]:
        """Members that extensions of a class declare, by name."""

        def compute() -> dict[str, list[Ref]]:
            table: dict[str, list[Ref]] = {}
            for path, extension in self.rules(ref[0]).extensions(self, ref):
                away = self.facts(path)
                if away is None:
                    continue
                definition = away.extension_def[extension]
                if away.def_kind[definition] != DefKind.IMPL:
                    table.setdefault(away.name(definition), []).append((path, definition))
                    continue
                scope = away.def_body[definition]
                for name, rows in away.members(scope).items() if scope >= 0 else ():
                    table.setdefault(name, []).extend((path, row) for row in rows)
            return table

        return self.query(("away", ref), compute, {}, 0)

    def find_in_class(self, ref: Ref, name: str) -> list[Ref]:
        """The member that look-up along the ancestors finds first."""
        return [found for found, _ in self._member_in_class(ref, name)]

    def _member_in_class(self, ref: Ref, name: str) -> list[tuple[Ref, dict[Ref, TypeSet]]]:
        key = ("member", ref, name)
        known = self._memo.get(key)
        if known is not None and known[1] <= self._fuel:
            if known[1] > self._height:
                self._height = known[1]
            return known[0]  # type: ignore[no-any-return]
        return self.query(key, self._find_member, [], 1, ref, name)

    def _find_member(self, ref: Ref, name: str) -> list[tuple[Ref, dict[Ref, TypeSet]]]:
        rules = self.rules(ref[0])
        weak: list[tuple[Ref, dict[Ref, TypeSet]]] = []
        for at, mapping in rules.member_order(self, ref):
            own = self.own_members(at, name)
            if own:
                if not rules.is_weak(self, own):
                    return [(member, mapping) for member in own]
                weak = weak or [(member, mapping) for member in own]
        return weak

    def member_of(self, path: str, types: TypeSet, name: str) -> list[tuple[Ref, Type | None]]:
        """Members ``name`` of any of the types, each with the type it was reached through; deduplicated."""
        if not types:
            return []
        found: dict[Ref, Type | None] = {}
        for one in types:
            for ref, receiver in self._member_of_one(path, one, name):
                found.setdefault(ref, receiver)
        return list(found.items())

    def _member_of_one(self, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        tag = one[0]
        if tag in t.OF_CLASS:
            rows = self._member_in_class(one[1], name)
            if len(rows) > 1:
                rows = self.rules(path).seen_on(self, one, name, rows)
            if rows:
                return [(ref, one) for ref, _ in rows]
        elif tag == t.MODULE:
            return [(ref, None) for ref in self.export(one[1][0], name)]
        elif tag == t.PACKAGE:
            return [(ref, None) for ref in self.rules(path).package_targets(self, one[1], name)]
        elif tag == t.TYPEVAR:
            return self.member_of(path, self.bound(one[1]), name)
        return self.rules(path).member_fallback(self, path, one, name)

    # -- occurrences

    def occurrence_targets(self, path: str, row: int, most: int = sys.maxsize) -> list[Ref]:
        """The definitions that an occurrence refers to, best first; [] when not known. Built-ins are left
        out. ``most`` says how many are wanted: a class may have thousands of members of one name.
        """
        facts = self.facts(path)
        if facts is None:
            return []
        try:
            found = self._targets(facts, row)
        except (
            RecursionError
        ):  # rules that lead in a circle: this occurrence stays open, the file's others do not
            return []
        if self.installed is not None:  # where what a stub describes is installed, that is a place to show
            rules = self.rules(path)
            found = [
                real
                for ref in found
                for real in (rules.behind(self, ref) if self.is_builtin(ref) else (ref,))
            ]
        if len(found) > most:
            return list(islice((ref for ref in found if not ref[0].startswith(BUILTIN)), most))
        return [ref for ref in found if not ref[0].startswith(BUILTIN)] if found else []

    def leads_to(self, path: str, row: int, refs: set[Ref]) -> bool:
        """Whether an occurrence refers to one of the definitions, which may be built-in ones."""
        facts = self.facts(path)
        return facts is not None and any(ref in refs for ref in self._targets(facts, row))

    def expected_targets(self, facts: FileFacts, row: int) -> list[Ref]:
        """``occurrence_targets`` with the built-ins."""
        return self._targets(facts, row)

    def _targets(self, facts: FileFacts, row: int) -> list[Ref]:
        path = facts.path
        target, expr = facts.occ_target[row], facts.occ_expr[row]
        if target == MEMBER:
            found = self.member_targets(path, expr, facts.names[facts.occ_name[row]])
            if not found:
                return self.rules(path).member_of_unknown(self, facts, row)
            return self._narrow_call(facts, row, found) if len(found) > 1 else found
        if target >= 0:
            if (
                facts.def_kind[target] == DefKind.IMPORT
                and facts.occ_start[row] != facts.def_name_start[target]
            ):
                own = self.rules(path).stays_local(facts, target)
                found = self._narrow_call(facts, row, self.definition_targets(path, target))
                return [(path, target), *found] if own else found
            if facts.def_kind[target] == DefKind.IMPORT:
                return self.definition_targets(path, target) or [(path, target)]
            return [(path, target)]
        name = facts.names[facts.occ_name[row]]
        if target == SAID:
            return self.definition_targets(path, expr)
        if target == OPEN:
            space = self.rules(path).space_of(facts, row)
            return self.open_name(path, facts.occ_scope[row], name, space)
        if target == CALLED:
            return self.called(path, expr)
        if target == IMPORTED:
            return self.import_targets(path, expr)
        if target == MODULE_PART:
            return self.query(
                ("part", path, expr, name),
                lambda: self.rules(path).module_part(self, facts, expr, name),
                [],
            )
        if target == KEYWORD:
            return [
                ref
                for one in self.eval(path, expr)
                for ref in self.rules(path).keyword_target(self, path, one, name)
            ]
        if target == FIELD_OF:
            found = [ref for ref, _ in self.member_of(path, self.as_type(path, expr), name)]
            return found or self.rules(path).field_fallback(self, facts, row)
        return []

    def called(self, path: str, expr: int) -> list[Ref]:
        """What a CALL or NEW expression calls."""
        facts = self.facts(path)
        if facts is None:
            return []
        known: FileFacts = facts
        return self.query(("called", path, expr), lambda: self.rules(path).called(self, known, expr), [], 0)

    def _narrow_call(self, facts: FileFacts, row: int, found: list[Ref]) -> list[Ref]:
        if len(found) < 2:
            return found
        return self.rules(facts.path).narrow(self, facts, row, found[:MAX_OVERLOADS])

    def member_targets(self, path: str, obj: int, name: str) -> list[Ref]:
        """Definitions of member ``name`` of what expression ``obj`` evaluates to."""
        types = self.eval(path, obj)
        if not types:
            return []
        first = types[0]
        if len(types) == 1 and first[0] in t.OF_CLASS:
            rows = self._member_in_class(first[1], name)
            if len(rows) == 1:
                return [rows[0][0]]
            if rows:
                seen = self.rules(path).seen_on(self, first, name, rows)
                if len(seen) < len(rows):
                    return [ref for ref, _ in seen]
                return self.refs_in_class(first[1], name)
        return [ref for ref, _ in self.member_of(path, types, name)]

    def refs_in_class(self, ref: Ref, name: str) -> list[Ref]:
        """``find_in_class``, made once for all who ask. Do not change it."""

        def compute() -> list[Ref]:
            return list(dict.fromkeys(self.find_in_class(ref, name)))

        return self.query(("refs", ref, name), compute, [], 0)

    def is_star(self, facts: FileFacts, row: int) -> bool:
        """Whether an import brings every exported name."""
        return bool(facts.import_flags[row] & ImportFlag.STAR)

    def is_class(self, ref: Ref) -> bool:
        """Whether a definition is class-like."""
        facts = self.facts(ref[0])
        return facts is not None and facts.def_kind[ref[1]] in CLASS_LIKE


def expr_op(facts: FileFacts, index: int) -> ExprOp:
    """The operator of an expression."""
    return ExprOp(facts.expr_data[facts.expr_start[index]])
