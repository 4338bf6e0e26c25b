"""Which overload a Java call means: by the number of its arguments, then by how well their types fit.

A type that is not known fits anything a little. Where the arguments say too little, several overloads stay,
those with the widest parameters first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.rules import Rules
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_VARIADIC, _STATIC = int(DefFlag.VARIADIC), int(DefFlag.STATIC)
#: Path of what lies outside the workspace and the stubs; the qualified name follows.
OUTSIDE = "<outside>/java/"
#: The classes that primitive types are boxed to.
BOXES = {
    "int_": "Integer",
    "long_": "Long",
    "short_": "Short",
    "byte_": "Byte",
    "char_": "Character",
    "boolean_": "Boolean",
    "float_": "Float",
    "double_": "Double",
}
#: To what a primitive value widens, nearest first.
_WIDER = {
    "byte_": ("short_", "int_", "long_", "float_", "double_"),
    "short_": ("int_", "long_", "float_", "double_"),
    "char_": ("int_", "long_", "float_", "double_"),
    "int_": ("long_", "float_", "double_"),
    "long_": ("float_", "double_"),
    "float_": ("double_",),
}
#: How well an argument fits a parameter; NEVER excludes the overload.
_EXACT, _SUBTYPE, _UNKNOWN, _WIDE, _LOOSE, _BOXED, _NEVER = 8, 6, 4, 3, 2, 1, -1000
#: Arguments that are functions: which functional interface they are, the parameter decides.
FUNCTIONS = frozenset({int(ExprOp.LAMBDA), int(ExprOp.METHOD)})
#: Of more overloads that fit equally well and take different things, none is the most specific.
_MAX_SIGNATURES = 64
#: Classes of which the stubs know all ancestors.
_WHOLE = frozenset({"String", "null_", *BOXES, *BOXES.values()})
_FROM_BOXING = frozenset({"Object", "Number", "Comparable", "Serializable"})


class Candidate(NamedTuple):
    """A method or constructor that a call may mean, and what type parameters stand for in its class."""

    ref: Ref
    receiver: Type | None
    mapping: dict[Ref, TypeSet]


class Overloads(Rules, ABC):
    """The part of Java's rules that chooses between overloads."""

    @abstractmethod
    def methods_of(self, r: Resolver, one: Type, name: str) -> list[Candidate]:
        """Every overload of a method of a value's type."""

    @staticmethod
    def built_in_name(r: Resolver, one: Type) -> str:
        """The name of a type that the stubs define, "" of others."""
        return r.simple_name(one[1]) if one[0] in (t.INSTANCE, t.TYPE) and r.is_builtin(one[1]) else ""

    def parameter_type(self, r: Resolver, one: Candidate, rows: Sequence[int], position: int) -> TypeSet:
        """The type of what takes the argument at a position; of a variadic parameter its elements'."""
        facts = r.facts(one.ref[0])
        if facts is None or not rows:
            return ()
        row = rows[min(position, len(rows) - 1)]
        declared = t.substitute(r.as_type(one.ref[0], facts.def_type[row]), one.mapping)
        if facts.def_flags[row] & _VARIADIC:
            return t.union(each[2][0] if each[0] == t.INSTANCE and each[2] else () for each in declared)
        return declared

    def select(
        self, r: Resolver, facts: FileFacts, found: list[Candidate], args: Sequence[int]
    ) -> list[Candidate]:
        """The candidates that fit the argument expressions best."""
        if len(found) < 2:
            return found
        given: list[TypeSet] | None = None
        groups = self.by_number(r, found, len(args))
        for group in groups:
            if len(group) == 1 and group is groups[-1]:
                return group
            if given is None:
                given = [r.eval(facts.path, arg) for arg in args]
            rated = [(self._fit(r, facts, one, args, given), one) for one in group]
            best = max(score for score, _ in rated)
            if best > _NEVER // 2:
                return self._ranked(r, [one for score, one in rated if score == best], given)
        return groups[0] if groups else found

    def by_number(self, r: Resolver, found: list[Candidate], n_args: int) -> list[list[Candidate]]:
        """The candidates that take so many arguments: those that take just that many, then variadic ones."""
        fixed: list[Candidate] = []
        variadic: list[Candidate] = []
        for one in found:
            there = r.facts(one.ref[0])
            rows = self.parameters(r, one.ref)
            if there is None:
                continue
            if len(rows) == n_args:
                fixed.append(one)
            elif rows and there.def_flags[rows[-1]] & _VARIADIC and n_args >= len(rows) - 1:
                variadic.append(one)
        return [group for group in (fixed, variadic) if group]

    def _fit(
        self, r: Resolver, facts: FileFacts, one: Candidate, args: Sequence[int], given: Sequence[TypeSet]
    ) -> int:
        there = r.facts(one.ref[0])
        rows = self.parameters(r, one.ref)
        if there is None:
            return _NEVER
        total = 0
        for position, (arg, types) in enumerate(zip(args, given, strict=True)):
            row = rows[min(position, len(rows) - 1)]
            declared = t.substitute(r.as_type(one.ref[0], there.def_type[row]), one.mapping)
            score = self._score(r, facts, declared, arg, types)
            if there.def_flags[row] & _VARIADIC:
                element = self.parameter_type(r, one, rows, position)
                loose = self._score(r, facts, element, arg, types) - 1
                score = max(score, loose) if len(args) == len(rows) else loose
            total += score
        return total

    def _score(self, r: Resolver, facts: FileFacts, declared: TypeSet, arg: int, given: TypeSet) -> int:
        """How well an argument of these types fits a parameter of those."""
        if not declared:
            return _UNKNOWN
        if arg > 0 and (facts.expr(arg)[0] in FUNCTIONS or any(one[0] == t.CALLABLE for one in given)):
            return max(self._score_function(r, facts, want, arg) for want in declared)
        if not given:
            return _UNKNOWN
        return max(self._score_one(r, want, have) for want in declared for have in given)

    def _score_function(self, r: Resolver, facts: FileFacts, want: Type, arg: int) -> int:
        signatures = self.signatures(r, facts.path, want)
        if not signatures:
            if want[0] == t.TYPEVAR or self.built_in_name(r, want) == "Object":
                return _LOOSE
            return _NEVER if want[0] == t.INSTANCE and r.facts(want[1][0]) is not None else _UNKNOWN
        takes = self._arities(r, facts, arg)
        if takes and not any(len(signature[1]) in takes for signature in signatures):
            return _NEVER
        op, *args = facts.expr(arg)
        if op != ExprOp.LAMBDA:
            return _SUBTYPE
        gives = any(facts.site_value[site] > 0 for site in facts.sites(args[0]))
        returns = any(signature[2] for signature in signatures)
        return _SUBTYPE if gives == returns else _UNKNOWN

    def _arities(self, r: Resolver, facts: FileFacts, arg: int) -> set[int]:
        """How many parameters a lambda or method reference may take; {} when not known."""
        op, *args = facts.expr(arg)
        if op == ExprOp.LAMBDA:
            return {sum(facts.def_kind[row] == DefKind.PARAMETER for row in facts.children(args[0]))}
        if op != ExprOp.METHOD:
            return {len(one[1]) for one in r.eval(facts.path, arg) if one[0] == t.CALLABLE and one[1]}
        found: set[int] = set()
        for one in r.eval(facts.path, args[0]):
            for candidate in self.methods_of(r, one, facts.names[args[1]]):
                unbound = one[0] == t.TYPE and not self.is_static(r, candidate.ref)
                found.add(len(self.parameters(r, candidate.ref)) + unbound)
        return found

    @staticmethod
    def is_static(r: Resolver, ref: Ref) -> bool:
        """Whether a member is called without an instance."""
        facts = r.facts(ref[0])
        return facts is not None and bool(facts.def_flags[ref[1]] & _STATIC)

    def score_types(self, r: Resolver, one: Candidate, given: Sequence[TypeSet]) -> int:
        """How well argument types fit a candidate that takes that many."""
        rows = self.parameters(r, one.ref)
        total = 0
        for position, types in enumerate(given):
            declared = self.parameter_type(r, one, rows, position)
            scores = [self._score_one(r, want, have) for want in declared for have in types]
            total += max(scores, default=_UNKNOWN)
        return total

    def stubbed(self, r: Resolver, one: Type) -> Type:
        """An installed class as that of the stubs that stands for it everywhere else; other types as they are."""
        return one

    def _score_one(self, r: Resolver, want: Type, have: Type) -> int:
        if r.installed is not None:
            want, have = self.stubbed(r, want), self.stubbed(r, have)
        if want[0] == t.TYPEVAR:
            scores = [self._score_one(r, bound, have) for bound in r.bound(want[1])]
            if scores and max(scores) < 0:
                return _NEVER
            return _BOXED if self.built_in_name(r, have) in BOXES else _WIDE
        if have[0] == t.TYPEVAR:
            bounds = r.bound(have[1]) or self._object(r)
            return max((self._score_one(r, want, bound) for bound in bounds), default=_LOOSE)
        if want[0] != t.INSTANCE or have[0] not in (t.INSTANCE, t.SELF):
            return _UNKNOWN
        if want[1] == have[1]:
            return self._score_elements(r, want, have)
        wanted, had = self.built_in_name(r, want), self.built_in_name(r, have)
        if wanted.endswith("_") or had.endswith("_"):
            return self._score_primitive(r, wanted, had, have)
        if wanted == "Object":
            return _WIDE
        distance = self._distance(r, have[1], want[1])
        if distance > 0:
            return max(_SUBTYPE - (distance - 1), _UNKNOWN)
        if wanted == "array" or had == "array":
            return _NEVER
        if want[1][0].startswith(OUTSIDE) and r.is_builtin(have[1]) and had not in _WHOLE:
            return _LOOSE  # the stubs do not tell all of what a class implements
        return _NEVER if self._closed(r, have[1]) else _LOOSE

    def _score_primitive(self, r: Resolver, wanted: str, had: str, have: Type) -> int:
        primitive, given = wanted.endswith("_"), had.endswith("_")
        if had == "null_":
            return _NEVER if primitive else _UNKNOWN if wanted == "Object" else _SUBTYPE
        if given and primitive:
            wider = _WIDER.get(had, ())
            return _SUBTYPE - wider.index(wanted) // 2 if wanted in wider else _NEVER
        if given:
            return _BOXED if BOXES.get(had) == wanted or wanted in _FROM_BOXING else _NEVER
        if BOXES.get(wanted) == had:
            return _BOXED
        return _NEVER if had or r.facts(have[1][0]) is not None else _LOOSE

    def _score_elements(self, r: Resolver, want: Type, have: Type) -> int:
        """The same class: arrays must agree in their elements."""
        if self.built_in_name(r, want) == "array" and want[2] and have[0] == t.INSTANCE and have[2]:
            scores = [self._score_one(r, one, other) for one in want[2][0] for other in have[2][0]]
            best = max(scores, default=_UNKNOWN)
            return best if best < 0 else max(best, _SUBTYPE)
        return _EXACT

    def _object(self, r: Resolver) -> TypeSet:
        return tuple((t.INSTANCE, ref, ()) for ref in self.builtin(r, "Object"))

    def _distance(self, r: Resolver, ref: Ref, ancestor: Ref) -> int:
        """How many steps up an ancestor is; 0 when it is none."""
        level, seen = [ref], {ref}
        for distance in range(1, 20):
            above = dict.fromkeys(base[1] for at in level for base in r.bases(at))
            level = [at for at in above if at not in seen]
            seen.update(level)
            if ancestor in level:
                return distance
            if not level:
                return 0
        return 0

    def _closed(self, r: Resolver, ref: Ref) -> bool:
        """Whether the workspace or the stubs know the class and all its ancestors."""

        def compute() -> bool:
            return all(r.facts(at[0]) is not None for at, _ in r.linearize(ref))

        return r.query(("java-closed", ref), compute, False)

    # -- of equally good ones

    def _ranked(self, r: Resolver, found: list[Candidate], given: Sequence[TypeSet]) -> list[Candidate]:
        """The most specific ones; with arguments of unknown types all, the widest parameters first."""
        if len(found) < 2:
            return found
        unknown = [position for position, types in enumerate(given) if not types]
        if unknown:
            return sorted(found, key=lambda one: -self._width(r, one, unknown))
        signatures = [self._signature(r, one) for one in found]
        distinct = list(dict.fromkeys(signatures))
        if len(distinct) > _MAX_SIGNATURES:
            return found
        beaten = {one for one in distinct if any(self._narrower(r, other, one) for other in distinct)}
        kept = [one for one, signature in zip(found, signatures, strict=True) if signature not in beaten]
        return kept or found

    def _signature(self, r: Resolver, one: Candidate) -> tuple[TypeSet, ...]:
        rows = self.parameters(r, one.ref)
        return tuple(self.parameter_type(r, one, rows, position) for position in range(len(rows)))

    def _width(self, r: Resolver, one: Candidate, positions: Sequence[int]) -> int:
        """How many of the parameters take anything."""
        rows = self.parameters(r, one.ref)
        return sum(
            any(
                want[0] == t.TYPEVAR or self.built_in_name(r, want) == "Object"
                for want in self.parameter_type(r, one, rows, position)
            )
            for position in positions
        )

    def _narrower(self, r: Resolver, one: Sequence[TypeSet], other: Sequence[TypeSet]) -> bool:
        """Whether every parameter of ``one`` would do for ``other``, and not the other way round."""
        return one != other and self._would_do(r, one, other) and not self._would_do(r, other, one)

    def _would_do(self, r: Resolver, these: Sequence[TypeSet], those: Sequence[TypeSet]) -> bool:
        return len(these) == len(those) and all(
            given == wanted or any(self._is_subtype(r, a, b) for a in given for b in wanted)
            for given, wanted in zip(these, those, strict=True)
        )

    def _is_subtype(self, r: Resolver, one: Type, other: Type) -> bool:
        if one == other or self.built_in_name(r, other) == "Object":
            return True
        if one[0] == t.TYPEVAR:
            return any(self._is_subtype(r, bound, other) for bound in r.bound(one[1]))
        if one[0] != t.INSTANCE or other[0] != t.INSTANCE:
            return bool(other[0] == t.TYPEVAR)
        if one[1] == other[1]:
            return self._score_elements(r, other, one) > 0
        if self.built_in_name(r, other) in _WIDER.get(self.built_in_name(r, one), ()):
            return True
        return self._distance(r, one[1], other[1]) > 0
