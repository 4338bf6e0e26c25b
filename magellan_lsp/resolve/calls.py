"""Calls by value: what is called where the callee's name is no function's (``handler()``, ``table[key]()``, a decorator).

Ordinary evaluation says what a variable, a member or a function's result may be. Beyond it, a parameter stands for what the
calls in its own file give for it, and a decorated function for what its decorators make of it. That is for calls
alone: definitions and references do not rest on it. Every step is bounded, so the cost of a file grows with its calls.
"""

from __future__ import annotations

from collections.abc import Iterator

from magellan_lsp.facts.file_facts import CALLED, COMPUTED, MEMBER, FileFacts
from magellan_lsp.facts.kinds import DefKind, ExprOp, Role
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.evaluate import gives_value, matched
from magellan_lsp.resolve.resolver import Resolver
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.resolve.types import Ref, Type, TypeSet

#: How many parameters deep a value is followed.
MAX_STEPS = 6
#: How many values a parameter may have before it says nothing.
MAX_VALUES = 24
_CALLABLE = CLASS_LIKE | FUNCTION_LIKE
_HOLDERS = frozenset(
    int(kind)
    for kind in (DefKind.VARIABLE, DefKind.CONSTANT, DefKind.PARAMETER, DefKind.FIELD, DefKind.PROPERTY)
)


class ValueCalls:
    """The calls by value of one file. ``facts`` must be what the resolver's source gives for its path."""

    def __init__(self, resolver: Resolver, facts: FileFacts) -> None:
        self._r = resolver
        self._facts = facts
        self._calls: dict[Ref, list[list[int]]] | None = None
        self._given: dict[Ref, TypeSet] = {}
        self._open: set[Ref] = set()

    def __iter__(self) -> Iterator[tuple[int, Ref]]:
        """(occurrence, callee) of each, callees of an occurrence once; functions, methods and classes."""
        facts = self._facts
        for row, role in enumerate(facts.occ_role):
            if role == Role.CALL:
                for ref in self.callees(row):
                    yield row, ref

    def callees(self, row: int) -> list[Ref]:
        """What a call occurrence calls by value; [] where its name says it all."""
        facts, r = self._facts, self._r
        target, expr = facts.occ_target[row], facts.occ_expr[row]
        if target == COMPUTED:
            op, *args = facts.expr(expr)
            if op == ExprOp.ELEMENT:
                return self._iterated(self.expand(r.eval(facts.path, args[0])))
            return self._called(self._values(expr))
        if target >= 0 and facts.def_kind[target] in _HOLDERS:
            value = self.expand(r.value_of((facts.path, target), facts.occ_start[row]))
            more = self.given((facts.path, target)) if facts.def_kind[target] == DefKind.PARAMETER else ()
            return self._called(t.union((value, more))) or self._called(self._assigned((facts.path, target)))
        if target == MEMBER:
            return self._called_member(row, expr)
        if target == CALLED:
            op, *args = facts.expr(facts.expr(expr)[1])
            if op == ExprOp.MEMBER:
                return self._called_member(row, args[0])
        refs = [ref for ref in r.occurrence_targets(facts.path, row) if ref != (facts.path, target)]
        refs += [(facts.path, target)] if target >= 0 else []
        found: dict[Ref, None] = {}
        for ref in refs:
            if r.kind_of(ref) in _HOLDERS:
                held = self._called(self.expand(r.value_of(ref))) or self._called(self._assigned(ref))
                found.update(dict.fromkeys(held))
            elif r.kind_of(ref) in FUNCTION_LIKE:
                made = r.rules(ref[0]).decorated(r, ref)
                found.update(dict.fromkeys(self._called(self.expand(made))))
        return [ref for ref in found if ref not in refs]

    def _called_member(self, row: int, obj: int) -> list[Ref]:
        facts, r = self._facts, self._r
        name = facts.names[facts.occ_name[row]]
        known = r.eval(facts.path, obj)
        objects = self.expand(known)
        members = r.member_of(facts.path, objects, name)
        named = [ref for ref, _ in r.member_of(facts.path, known, name)]
        found: dict[Ref, None] = {}
        if name in r.rules(facts.path).invokers:
            found.update(dict.fromkeys(self._called(tuple(one for one in objects if one[0] == t.FUNCTION))))
        for ref, receiver in members:
            if r.kind_of(ref) in _HOLDERS:
                value = self.expand(r.value_through(ref, receiver), receiver)
                found.update(dict.fromkeys(self._called(value)))
            elif ref not in named:
                found.update(dict.fromkeys(self._called(r.value_through(ref, receiver))))
        return [ref for ref in found if ref not in named]

    def _assigned(self, ref: Ref) -> TypeSet:
        """What a variable is given anywhere, whatever its declared type is."""
        facts = self._r.facts(ref[0])
        if facts is None:
            return ()
        sites = [
            site for site in facts.sites(ref[1]) if facts.site_value[site] > 0 and gives_value(facts, site)
        ]
        return t.union(self._r.eval(ref[0], facts.site_value[site]) for site in sites[:MAX_VALUES])

    def _called(self, types: TypeSet) -> list[Ref]:
        """The functions and classes among the values; of an object, the method that makes it callable."""
        found: dict[Ref, None] = {}
        for one in types:
            if one[0] in (t.FUNCTION, t.TYPE):
                found[one[1]] = None
            elif one[0] in (t.INSTANCE, t.SELF):
                name = self._r.rules(one[1][0]).call_member
                for ref in self._r.find_in_class(one[1], name) if name else ():
                    found[ref] = None
        return [ref for ref in found if self._r.kind_of(ref) in _CALLABLE and not self._r.is_builtin(ref)]

    def _iterated(self, types: TypeSet) -> list[Ref]:
        found: dict[Ref, None] = {}
        for one in types:
            for ref in self._r.rules(self._facts.path).iteration(self._r, one):
                if not self._r.is_builtin(ref):
                    found[ref] = None
        return list(found)

    # -- what parameters are given

    def expand(self, types: TypeSet, receiver: Type | None = None) -> TypeSet:
        """The values, parameters replaced by what they are given."""
        if not any(one[0] == t.TYPEVAR for one in types):
            return types
        found = []
        for one in types:
            if one[0] == t.TYPEVAR and self._r.kind_of(one[1]) == DefKind.PARAMETER:
                found.append(self.given(one[1]))
            else:
                found.append((one,))
        return t.union(found)

    def given(self, parameter: Ref) -> TypeSet:
        """What calls in this file give for a parameter of one of its functions."""
        if parameter in self._given:
            return self._given[parameter]
        facts = self._facts
        if parameter[0] != facts.path or parameter in self._open or len(self._open) >= MAX_STEPS:
            return ()
        self._open.add(parameter)
        try:
            found: dict[Type, None] = {}
            owner = (facts.path, facts.def_owner[parameter[1]])
            rows = self._r.rules(facts.path).parameters(self._r, owner)
            for args in self._calls_of(owner):
                given = [self._argument(arg) for arg in args]
                for row, values in matched(facts, rows, given):
                    if row == parameter[1]:
                        found.update(dict.fromkeys(self.expand(values)))
            value = tuple(found) if len(found) <= MAX_VALUES else ()
        finally:
            self._open.discard(parameter)
        if not self._open:
            self._given[parameter] = value
        return value

    def _argument(self, expr: int) -> TypeSet:
        """The values of an argument; of one that is a parameter itself, its default among them."""
        op, *args = self._facts.expr(expr)
        value = self._r.eval(self._facts.path, expr)
        if op == ExprOp.NAMED and value:
            return ((t.BINDING, value[0][1], self._argument(args[1])),)
        if op == ExprOp.DEF and self._facts.def_kind[args[0]] == DefKind.PARAMETER:
            return t.union((value, self.given((self._facts.path, args[0]))))
        return value

    def _calls_of(self, function: Ref) -> list[list[int]]:
        """The arguments (expressions) of each call of a function in this file."""
        if self._calls is None:
            self._calls = {}
            indirect = []
            for expr in range(1, len(self._facts.expr_start) - 1):
                op, *args = self._facts.expr(expr)
                if op == ExprOp.CALL and len(args) > 1:
                    callee = self._r.eval(self._facts.path, args[0])
                    if any(one[0] == t.TYPEVAR for one in callee):
                        indirect.append((callee, args))
                    self._note(callee, args)
            for callee, args in indirect:
                self._note(tuple(one for one in self.expand(callee) if one not in callee), args)
        return self._calls.get(function, [])

    def _note(self, callees: TypeSet, args: list[int]) -> None:
        assert self._calls is not None
        for callee in self._called(callees):
            targets = [callee]
            if self._r.kind_of(callee) in CLASS_LIKE:
                targets = [
                    ref
                    for name in self._r.rules(callee[0]).constructors
                    for ref in self._r.find_in_class(callee, name)
                ]
            for target in targets:
                if target[0] == self._facts.path:
                    self._calls.setdefault(target, []).append(args[1:])

    # -- parts of tables

    def _values(self, expr: int) -> TypeSet:
        """The values of an expression; of a part of a table whose entries are known, just that part's."""
        facts, r = self._facts, self._r
        op, *args = facts.expr(expr)
        if op == ExprOp.INDEX and len(args) > 1:
            key = self._key(args[1])
            parts = self._parts(args[0], (key,), MAX_STEPS) if key else None
            if parts is not None:
                return t.union(self.expand(r.eval(facts.path, part)) for part in parts)
        return self.expand(r.eval(facts.path, expr))

    def _key(self, expr: int) -> str:
        """The text of a constant key; "" for any other."""
        op, *args = self._facts.expr(expr)
        return self._facts.names[args[0]] if op == ExprOp.STRING else ""

    def _parts(self, expr: int, keys: tuple[str, ...], steps: int) -> list[int] | None:
        """The expressions that ``expr[k1][k2]`` may stand for; None when that is not known."""
        facts = self._facts
        op, *args = facts.expr(expr)
        if not steps:
            return None
        if op == ExprOp.LITERAL and len(args) > 1:
            return []  # a container of nothing that could be called
        if op == ExprOp.TABLE:
            found = [
                value for key, value in zip(args[1::2], args[2::2], strict=True) if self._key(key) == keys[0]
            ]
            if not found or len(keys) == 1:
                return found[-1:]
            return self._parts(found[-1], keys[1:], steps - 1)
        if op == ExprOp.INDEX and len(args) > 1 and self._key(args[1]):
            return self._parts(args[0], (self._key(args[1]), *keys), steps - 1)
        if op == ExprOp.CALL:
            return self._united(
                [
                    (facts.site_value[site], keys)
                    for ref in self._called(self._r.eval(facts.path, args[0]))
                    if ref[0] == facts.path and self._r.kind_of(ref) in FUNCTION_LIKE
                    for site in facts.sites(ref[1])
                ],
                steps,
            )
        if op == ExprOp.DEF and facts.def_kind[args[0]] == DefKind.PARAMETER:
            owner = (facts.path, facts.def_owner[args[0]])
            rows = self._r.rules(facts.path).parameters(self._r, owner)
            position = rows.index(args[0]) if args[0] in rows else -1
            calls = [given for given in self._calls_of(owner) if 0 <= position < len(given)]
            return self._united([(given[position], keys) for given in calls], steps)
        if op == ExprOp.DEF and facts.def_kind[args[0]] in _HOLDERS:
            return self._stored(args[0], args[1], keys, steps)
        return None

    def _united(self, parts: list[tuple[int, tuple[str, ...]]], steps: int) -> list[int] | None:
        """All that any of the parts may stand for; None when that is not known of one, or there is none."""
        found = [self._parts(expr, keys, steps - 1) for expr, keys in parts[:MAX_VALUES]]
        if not found or any(one is None for one in found):
            return None
        return [expr for one in found for expr in one or ()]

    def _stored(self, row: int, moment: int, keys: tuple[str, ...], steps: int) -> list[int] | None:
        """What a part of a variable's table is after the assignments up to a moment (0: all), in their order."""
        facts = self._facts
        found: list[int] | None = None
        for site in facts.sites(row):
            value = facts.site_value[site]
            if value <= 0 or (moment and facts.site_start[site] > moment):
                continue
            op, *args = facts.expr(value)
            if op == ExprOp.STORED:
                into = tuple(self._key(key) for key in args[1:])
                if into != keys[: len(into)]:
                    continue
                new = [args[0]] if into == keys else self._parts(args[0], keys[len(into) :], steps - 1)
                if not new:
                    continue
            elif gives_value(facts, site):
                new = self._parts(value, keys, steps - 1)
                if new is None:
                    return None
            else:
                continue
            sure = not moment or facts.site_until[site] > moment
            found = new if sure and moment else [*(found or []), *new]
        return found
