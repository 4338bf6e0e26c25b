"""What symbolic expressions evaluate to: the interpreter of ``ExprOp``. Part of the resolver, apart for its
size.

``eval`` gives values (a class name is the class), ``as_type`` what a type expression stands for (a class name
is an
instance). Both return type sets; the empty one means "not known".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.rules import CLASS_LIKE, Rules
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_FUNCTIONS = frozenset(
    int(kind) for kind in (DefKind.FUNCTION, DefKind.METHOD, DefKind.CONSTRUCTOR, DefKind.MACRO)
)
_ALIASES = frozenset({int(DefKind.TYPE_ALIAS), int(DefKind.IMPORT)})
# Plain integers: looking a member of an enum up costs more than what is done with it here.
_NARROW = int(ExprOp.NARROW)
_CALLS = frozenset({int(ExprOp.CALL), int(ExprOp.NEW)})
_NO_VALUE = frozenset({_NARROW, int(ExprOp.STORED)})
_IMPORT, _MACRO = int(DefKind.IMPORT), int(DefKind.MACRO)
_VARIABLE_LIKE = frozenset(
    int(kind) for kind in (DefKind.VARIABLE, DefKind.PARAMETER, DefKind.CONSTANT, DefKind.FIELD)
)
#: Of assignments that a use may see (each may have been skipped) so many count, the nearest ones.
_MAX_REACHING = 200
#: More assignments than this to one variable are worth some care.
_MANY = 16
#: The need of an answer that is not known: more than any fuel.
NEVER = 1 << 30


class Evaluator:
    """Evaluates expressions. Mixed into Resolver, whose look-ups and cache it uses."""

    if TYPE_CHECKING:
        query: Any
        _memo: dict[Any, tuple[Any, int, dict[int, Any] | None]]
        _values: dict[str, dict[int, tuple[TypeSet, int, dict[int, TypeSet] | None]]]
        _facts: dict[str, FileFacts | None]
        _fuel: int
        _height: int
        _cut: bool
        _n_cut: int

        def facts(self, path: str) -> FileFacts | None: ...
        def rules(self, path: str) -> Rules: ...
        def open_name(self, path: str, scope: int, name: str, space: int = 0) -> list[Ref]: ...
        def import_rows(self, path: str, definition: int) -> Sequence[int]: ...
        def member_of(self, path: str, types: TypeSet, name: str) -> list[tuple[Ref, Type | None]]: ...
        def _member_in_class(self, ref: Ref, name: str) -> list[tuple[Ref, dict[Ref, TypeSet]]]: ...
        def type_parameters(self, ref: Ref) -> Sequence[Ref]: ...
        def mapping(self, one: Type) -> dict[Ref, TypeSet]: ...
        def bases(self, ref: Ref) -> TypeSet: ...
        @staticmethod
        def ref_of(one: Type) -> Ref | None: ...

    @property
    def _r(self) -> Resolver:
        return self  # type: ignore[return-value]

    # -- values

    def eval(self, path: str, expr: int) -> TypeSet:
        """The value types of an expression of a file."""
        if expr <= 0:
            return ()
        # As ``query`` with a cost of nothing, written out: this runs several times per name of the workspace.
        known = self._values.get(path)
        if known is None:
            known = self._values[path] = {}
        found = known.get(expr)
        fuel = self._fuel
        if found is not None:
            value, need, cuts = found
            if need <= fuel:
                if need > self._height:
                    self._height = need
                return value
            if cuts is not None and fuel in cuts:
                self._cut = True
                return cuts[fuel]
        height, cut = self._height, self._cut
        self._height, self._cut = 0, False
        try:
            value = t.contained(self._eval(path, expr))
        finally:
            need = self._height
            was_cut = self._cut
            if height > need:
                self._height = height
            self._cut = cut or was_cut
        if was_cut:
            found = known.get(expr)
            self._n_cut += 1
            if found is None:
                known[expr] = ((), NEVER, {fuel: value})
            else:
                known[expr] = (found[0], found[1], {**(found[2] or {}), fuel: value})
        else:
            known[expr] = (value, need, None if found is None else found[2])
        return value

    def _eval(self, path: str, index: int) -> TypeSet:
        facts = self._facts.get(path) or self.facts(path)
        if facts is None:
            return ()
        op, *args = facts.expr(index)
        if op in _CALLS:
            special = self.rules(path).call_value(self._r, facts, index)
            if special is not None:
                return special
        handler = _EVAL.get(op)
        return handler(self, facts, args) if handler is not None else ()

    def _eval_name(self, facts: FileFacts, args: list[int]) -> TypeSet:
        name, space = facts.names[args[0]], args[2]
        special = self.rules(facts.path).name_value(self._r, facts, args[1], name, space)
        if special is not None:
            return special
        refs = self.open_name(facts.path, args[1], name, space)
        if not refs:
            return self.rules(facts.path).open_value(self._r, facts, args[1], name, space)
        return t.union([self.value_of(ref) for ref in refs])

    def _eval_def(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return self.value_of((facts.path, args[0]), args[1])

    def _eval_member(self, facts: FileFacts, args: list[int]) -> TypeSet:
        name = facts.names[args[1]]
        return self.member_value(facts.path, self.eval(facts.path, args[0]), name)

    def member_value(self, path: str, types: TypeSet, name: str) -> TypeSet:
        """What ``value.name`` gives for a value of the types."""
        found = []
        for one in types:
            tag = one[0]
            if tag == t.PACKAGE:
                found.append(self.rules(path).package_member(self._r, one[1], name))
                continue
            rows = self._member_in_class(one[1], name) if tag in t.OF_CLASS else ()
            if len(rows) == 1:
                found.append(self.value_through(rows[0][0], one))
            elif rows:  # as many of them as it takes: a class may have any number of one name
                seen = self.rules(path).seen_on(self._r, one, name, rows)
                found.append(t.union(self.value_through(ref, one) for ref, _ in seen))
            else:
                found.append(self._member_elsewhere(path, one, name))
        return t.union(found)

    def _member_elsewhere(self, path: str, one: Type, name: str) -> TypeSet:
        """``member_value`` of one type whose class, if it has one, lacks the member."""
        members = self.member_of(path, (one,), name)
        if not members:
            return self.rules(path).member_without_definition(self._r, path, one, name)
        return t.union(self.value_through(ref, receiver) for ref, receiver in members)

    def value_through(self, ref: Ref, receiver: Type | None) -> TypeSet:
        """The value of a member reached through a receiver: its type parameters filled in, functions bound to
        it.
        """
        facts = self.facts(ref[0])
        if facts is None:
            return ()
        kind = facts.def_kind[ref[1]]
        if kind in _FUNCTIONS:
            own = self.rules(ref[0]).definition_value(self._r, facts, ref[1])
            if own is None or receiver is None:
                return own or ((t.FUNCTION, ref, receiver),)
            return t.substitute(own, self.receiver_mapping(ref, receiver), as_instance(receiver))
        if kind == DefKind.PROPERTY:
            return self.returned((t.FUNCTION, ref, receiver), ())
        value = self.value_of(ref)
        if receiver is None:
            return value
        found = t.substitute(value, self.receiver_mapping(ref, receiver), as_instance(receiver))
        rules = self.rules(ref[0])
        return rules.got(self._r, found, receiver) if rules.get_member else found

    def receiver_mapping(self, ref: Ref, receiver: Type) -> dict[Ref, TypeSet]:
        """What the type parameters of a member's owner stand for, seen through a receiver that may be a
        subclass.
        """
        if receiver[0] not in (t.INSTANCE, t.TYPE, t.SELF):
            return {}
        mapping = self.mapping(receiver) if receiver[0] != t.SELF else {}
        for found, inherited in self._member_in_class(receiver[1], self._name(ref)):
            if found == ref:
                merged = {key: t.substitute(value, mapping) for key, value in inherited.items()}
                mapping = {**mapping, **merged}
                break
        return self.rules(ref[0]).receiver_mapping(self._r, ref, receiver, mapping)

    def _name(self, ref: Ref) -> str:
        facts = self.facts(ref[0])
        return facts.name(ref[1]) if facts is not None else ""

    def _eval_call(self, facts: FileFacts, args: list[int]) -> TypeSet:
        callees = self.eval(facts.path, args[0])
        if not callees:
            return ()
        given = [self.eval(facts.path, arg) for arg in args[1:]]
        return t.union(self.call(facts.path, callee, given) for callee in callees)

    def call(self, path: str, callee: Type, args: Sequence[TypeSet]) -> TypeSet:
        """What calling a value of a type gives."""
        rules = self.rules(path)
        special = rules.call_result(self._r, path, callee, args)
        if special is not None:
            return special
        tag = callee[0]
        if tag == t.TYPE:
            return rules.constructed(self._r, path, callee, args)
        if tag == t.FUNCTION:
            return self.returned(callee, args)
        if tag == t.CALLABLE:
            result: TypeSet = callee[2]
            if args and has_variables(result):
                mapping: dict[Ref, TypeSet] = {}
                for declared, given in zip(callee[1], args, strict=False):
                    t.unify(declared, given, mapping)
                result = t.substitute(result, mapping)
            return result
        if tag in (t.INSTANCE, t.SELF) and rules.call_member:
            return t.union(
                self.returned((t.FUNCTION, ref, receiver), args)
                for ref, receiver in self.member_of(path, (callee,), rules.call_member)
            )
        return ()

    def instantiate(self, one: Type, args: Sequence[TypeSet]) -> TypeSet:
        """An instance of a class; type arguments that were not given are learned from the constructor's
        arguments.
        """
        parameters = self.type_parameters(one[1])
        if one[2] or not parameters or not args:
            return ((t.INSTANCE, one[1], one[2]),)
        rules = self.rules(one[1][0])
        mapping: dict[Ref, TypeSet] = {}
        for name in rules.constructors:
            for ref, _ in self._member_in_class(one[1], name):
                self.learn(ref, args, mapping)
        if not mapping:
            return ((t.INSTANCE, one[1], ()),)
        return ((t.INSTANCE, one[1], tuple(mapping.get(parameter, ()) for parameter in parameters)),)

    def learn(self, function: Ref, args: Sequence[TypeSet], mapping: dict[Ref, TypeSet]) -> None:
        """Match a call's arguments with the declared parameter types; fills ``mapping``."""
        facts = self.facts(function[0])
        if facts is None:
            return
        rules = self.rules(function[0])
        for row, given in matched(facts, rules.parameters(self._r, function), args):
            if facts.def_type[row] <= 0 and given and rules.infers_parameters:
                mapping.setdefault((function[0], row), given)
            elif facts.def_type[row] > 0 and given:
                declared, known = self.as_type(function[0], facts.def_type[row]), self.results_for(given)
                if rules.keeps_functions:  # `f: F` stands for the very function
                    t.unify(tuple(one for one in declared if one[0] == t.TYPEVAR), given, mapping)
                known += self.seen_as(function[0], declared, known)
                t.unify(declared, known, mapping)
                for one in declared:
                    if one[0] == t.CALLABLE:  # a class may be taken for a function that gives its instances
                        views = (view for value in given for view in rules.views(self._r, function[0], value))
                        t.unify((one,), tuple(view for view in views if view[0] == t.CALLABLE), mapping)
                    if one[0] == t.TYPEVAR:  # `f: F` where F is a function: its result says more
                        t.unify(tuple(self.signatures(function[0], one)), known, mapping)

    def seen_as(self, path: str, declared: TypeSet, given: TypeSet) -> TypeSet:
        """Values as instances of the bases that a parameter is declared with: ``List[T]`` given for
        ``Iterable[T]``.
        """
        wanted = {one[1] for one in declared if one[0] == t.INSTANCE and one[2]}
        found: list[Type] = []
        if not wanted:
            return ()
        views = [view for one in given for view in self.rules(path).views(self._r, path, one)]
        for one in (*given, *views):
            if one[0] != t.INSTANCE or one[1] in wanted:
                continue
            own = self.mapping(one)
            for base, inherited in self._r.linearize(one[1]):
                if base in wanted:
                    parts = [inherited.get(parameter, ()) for parameter in self.type_parameters(base)]
                    found.append((t.INSTANCE, base, tuple(t.substitute(part, own) for part in parts)))
        return (*views, *found)

    def results_for(self, given: TypeSet) -> TypeSet:
        """Argument types with functions turned into what they can be matched by: their parameter and result
        types.
        """
        if not any(one[0] == t.FUNCTION for one in given):
            return given
        return tuple(
            (t.CALLABLE, (), self.returned(one, ())) if one[0] == t.FUNCTION else one for one in given
        )

    def returned(self, function: Type, args: Sequence[TypeSet]) -> TypeSet:
        """What a function gives when called, its type parameters filled in from receiver and arguments."""
        ref, receiver = function[1], function[2]
        result = self.result_of(ref)
        if not result:
            return ()
        mapping = self.receiver_mapping(ref, receiver) if receiver is not None else {}
        if has_variables(result):
            mapping = dict(mapping)
            if args:
                self.learn(ref, [t.substitute(arg, {}) for arg in args], mapping)
            if mapping:
                self.rules(ref[0]).complete(self._r, result, mapping)
        return t.substitute(result, mapping, as_instance(receiver) if receiver is not None else None)

    def result_of(self, ref: Ref) -> TypeSet:
        """A function's result, as its declaration or its return statements say, in its own type parameters."""
        found: TypeSet = self.query(("result", ref), self._result_of, (), 1, ref)
        return found

    def _result_of(self, ref: Ref) -> TypeSet:
        facts = self.facts(ref[0])
        if facts is None:
            return ()
        if facts.def_type[ref[1]] > 0:
            return self.as_type(ref[0], facts.def_type[ref[1]])
        return t.union(self.eval(ref[0], facts.site_value[row]) for row in facts.sites(ref[1]))

    # -- definitions

    def value_of(self, ref: Ref, moment: int = 0) -> TypeSet:
        """The value types of a definition; of a variable as seen at byte ``moment`` of its file (0: at any
        time).
        """
        key = ("value", ref, moment)
        known = self._memo.get(key)
        if known is not None and known[1] <= self._fuel:
            if known[1] > self._height:
                self._height = known[1]
            return known[0]  # type: ignore[no-any-return]
        found: TypeSet = self.query(key, self._value_of, (), 1, ref, moment)
        return found

    def _value_of(self, ref: Ref, moment: int) -> TypeSet:
        path, row = ref
        facts = self._facts.get(path) or self.facts(path)
        if facts is None:
            return ()
        kind = facts.def_kind[row]
        if kind in CLASS_LIKE:
            nameless = facts.def_flags[row] & DefFlag.SYNTHETIC
            return ((t.TYPE, ref, self.rules(path).captured(self._r, ref) if nameless else ()),)
        rules = self.rules(path)
        own = rules.definition_value(self._r, facts, row)
        if own is not None:
            return own
        if kind in _FUNCTIONS:
            if kind == _MACRO:
                expanded = rules.variable_value(self._r, facts, row)
                if expanded is not None:
                    return expanded
            return ((t.FUNCTION, ref, None),)
        if kind == _IMPORT:
            return t.union(
                [rules.import_types(self._r, facts, import_row) for import_row in self.import_rows(path, row)]
            )
        if kind not in _VARIABLE_LIKE:
            if kind == DefKind.MODULE and row == 0:
                return ((t.MODULE, ref),)
            if kind == DefKind.TYPE_PARAMETER:
                return ((t.TYPEVAR, ref),)
            if kind == DefKind.PROPERTY:
                return self.result_of(ref)
            if kind == DefKind.ENUM_MEMBER and facts.def_owner[row] > 0:
                return ((t.INSTANCE, (path, facts.def_owner[row]), ()),)
            if kind in (DefKind.NAMESPACE, DefKind.MODULE):
                return ((t.TYPE, ref, ()),)
            if kind == DefKind.TYPE_ALIAS:
                return self._alias_value(facts, row)
        special = rules.variable_value(self._r, facts, row)
        if special is not None:
            return special
        return self._variable(facts, row, moment)

    def _alias_value(self, facts: FileFacts, row: int) -> TypeSet:
        """A type alias in value position: the aliased classes themselves."""
        found = [self.as_type(facts.path, facts.site_value[site]) for site in facts.sites(row)]
        if facts.def_type[row] > 0:
            found.append(self.as_type(facts.path, facts.def_type[row]))
        return tuple((t.TYPE, one[1], one[2]) if one[0] == t.INSTANCE else one for one in t.union(found))

    def _variable(self, facts: FileFacts, row: int, moment: int) -> TypeSet:
        path = facts.path
        sites = facts.sites(row)
        if moment > 0:
            narrowed = self._narrowed(facts, sites, moment)
            if narrowed:
                return self.rules(path).narrowed_type(
                    self._r, narrowed, lambda: self._declared(facts, row, sites)
                )
        if len(sites) <= _MANY:
            declared = self._declared(facts, row, sites)
        else:  # once for all moments
            declared = self.query(("declared", path, row), self._declared, (), 0, facts, row, sites)
        if declared:
            return declared
        seen = self._reaching(facts, sites, moment) if moment > 0 else sites
        values = facts.site_value
        found = (
            self.eval(path, values[site]) for site in seen if values[site] > 0 and gives_value(facts, site)
        )
        return t.union(found if len(seen) > _MANY else list(found))

    def _narrowed(self, facts: FileFacts, sites: range, moment: int) -> TypeSet:
        """What the innermost check around a use says, unless something was assigned since."""
        starts, values = facts.site_start, facts.site_value
        for site in reversed(range(sites.start, bisect_right(starts, moment, sites.start, sites.stop))):
            if is_narrowing(facts, site):
                if moment < facts.site_until[site]:
                    found = self.as_type(facts.path, facts.expr(values[site])[1])
                    if found:
                        return found
            elif starts[site] > 0 and values[site] > 0 and gives_value(facts, site):
                return ()
        return ()

    def _declared(self, facts: FileFacts, row: int, sites: Sequence[int]) -> TypeSet:
        if facts.def_type[row] > 0:
            return self.as_type(facts.path, facts.def_type[row])
        for site in sites:
            if facts.site_type[site] > 0:
                return self.as_type(facts.path, facts.site_type[site])
        return ()

    def _reaching(self, facts: FileFacts, sites: range, moment: int) -> Sequence[int]:
        """The assignments whose value a use at ``moment`` may see: the last before it, and those it may have
        skipped.
        """
        found: list[int] = []
        end = bisect_right(facts.site_start, moment, sites.start, sites.stop)
        for site in reversed(range(sites.start, end)):
            if not gives_value(facts, site):
                continue
            found.append(site)
            if facts.site_until[site] > moment or len(found) == _MAX_REACHING:
                break
        found.reverse()
        return found or sites[:_MAX_REACHING]

    # -- types

    def as_type(self, path: str, expr: int) -> TypeSet:
        """What a type expression stands for: instances of the classes it names."""
        if expr <= 0:
            return ()
        found: TypeSet = self.query(("type", path, expr), self._contained_type, (), 0, path, expr)
        return found

    def _contained_type(self, path: str, index: int) -> TypeSet:
        return t.contained(self._as_type(path, index))

    def _as_type(self, path: str, index: int) -> TypeSet:
        facts = self.facts(path)
        if facts is None:
            return ()
        op, *args = facts.expr(index)
        rules = self.rules(path)
        if op in (ExprOp.UNION, ExprOp.INTERSECTION):
            return t.union(self.as_type(path, arg) for arg in args)
        if op in (ExprOp.GENERIC, ExprOp.INDEX):
            return self._generic(facts, args)
        if op == ExprOp.TUPLE:
            return (t.pruned((t.TUPLE, tuple(self.as_type(path, arg) for arg in args))),)
        if op in (ExprOp.POINTER, ExprOp.REF):
            return rules.pointer(self._r, path, self.as_type(path, args[0]))
        if op == ExprOp.ARRAY:
            return rules.array(self._r, path, self.as_type(path, args[0]))
        if op == ExprOp.FUNCTION_TYPE:
            result = self.as_type(path, args[0]) if args and args[0] > 0 else ()
            return (t.pruned((t.CALLABLE, tuple(self.as_type(path, arg) for arg in args[1:]), result)),)
        if op == ExprOp.TYPEOF:
            return self.eval(path, args[0])
        if op in (ExprOp.LITERAL, ExprOp.SELF, ExprOp.INSTANCE, ExprOp.OBJECT, ExprOp.BINDING):
            return self.eval(path, index)
        found = self.eval(path, index)
        if op == ExprOp.PATH:  # an associated type that a receiver filled in is an instance already
            return t.union((one,) if one[0] == t.INSTANCE else self.instances_of(one) for one in found)
        return t.union(self.instances_of(one) for one in found)

    def instances_of(self, one: Type) -> TypeSet:
        """The instances that a value names when it is used as a type."""
        if one[0] == t.TYPE:
            return ((t.INSTANCE, one[1], one[2]),)
        if one[0] in (t.TYPEVAR, t.TUPLE, t.CALLABLE, t.SELF):
            return (one,)
        return ()

    def _generic(self, facts: FileFacts, args: list[int]) -> TypeSet:
        path = facts.path
        given = [self.as_type(path, arg) for arg in args[1:]]
        alias = self._generic_alias(facts, args[0])
        if alias is not None:
            # an alias may name itself in broken code: that must cost depth
            filled: TypeSet = self.query(
                ("alias", alias, tuple(given)), lambda: self._alias_with(alias, given), ()
            )
            return filled
        base = self.eval(path, args[0])
        special = self.rules(path).special_form(self._r, path, base, given)
        if special is not None:
            return special
        found: list[Type] = []
        for one in base:
            if one[0] == t.TYPE:
                facts_of = self.facts(one[1][0])
                if one[2] and facts_of is not None:
                    # an alias that fills in some arguments already: the open ones take these
                    mapping = dict(zip(variables_of(one), given, strict=False))
                    found.extend(t.substitute(((t.INSTANCE, one[1], one[2]),), mapping))
                else:
                    found.append(t.pruned((t.INSTANCE, one[1], tuple(given))))
            elif one[0] in (t.TYPEVAR, t.SELF):
                found.append(one)
        return tuple(found)

    def _generic_alias(self, facts: FileFacts, expr: int) -> Ref | None:
        """The type alias with type parameters that an expression names, if it does."""
        path = facts.path
        op, *args = facts.expr(expr)
        if op == ExprOp.DEF:
            if facts.def_kind[args[0]] not in _ALIASES:
                return None
            refs = self._r.definition_targets(path, args[0])
        elif op == ExprOp.NAME:
            refs = self.open_name(path, args[1], facts.names[args[0]], args[2])
        elif op in (ExprOp.MEMBER, ExprOp.PATH):
            refs = self._r.member_targets(path, args[0], facts.names[args[1]])
        else:
            return None
        for ref in refs:
            if self._r.kind_of(ref) == DefKind.TYPE_ALIAS and self.type_parameters(ref):
                return ref
        return None

    def _alias_with(self, alias: Ref, given: Sequence[TypeSet]) -> TypeSet:
        """What a type alias stands for with its type parameters filled in; those not given by their defaults."""
        facts = self.facts(alias[0])
        if facts is None:
            return ()
        mapping: dict[Ref, TypeSet] = dict(zip(self.type_parameters(alias), given, strict=False))
        for parameter in self.type_parameters(alias)[len(given) :]:
            for site in self._r.default_types(parameter):
                mapping[parameter] = self.as_type(parameter[0], site)
        found = [self.as_type(alias[0], facts.site_value[site]) for site in facts.sites(alias[1])]
        if facts.def_type[alias[1]] > 0:
            found.append(self.as_type(alias[0], facts.def_type[alias[1]]))
        return t.substitute(t.union(found), mapping)

    # -- the other operators

    def _eval_generic(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return tuple(
            (t.TYPE, one[1], one[2]) if one[0] == t.INSTANCE else one for one in self._generic(facts, args)
        )

    def _eval_index(self, facts: FileFacts, args: list[int]) -> TypeSet:
        rules = self.rules(facts.path)
        found = []
        for one in self.eval(facts.path, args[0]):
            if one[0] == t.TYPE:
                found.append(self._eval_generic(facts, args))
            else:
                found.append(rules.index(self._r, facts.path, one, args[1] if len(args) > 1 else -1))
        return t.union(found)

    def _eval_new(self, facts: FileFacts, args: list[int]) -> TypeSet:
        given = [self.eval(facts.path, arg) for arg in args[1:]]
        found = []
        for one in self.eval(facts.path, args[0]):
            if one[0] == t.TYPE:
                found.append(self.rules(facts.path).constructed(self._r, facts.path, one, given))
            elif one[0] == t.FUNCTION:
                found.append(self.call(facts.path, one, given))
            elif one[0] == t.INSTANCE and (name := self.rules(facts.path).construct_member):
                found += [
                    self.returned((t.FUNCTION, ref, receiver), given)
                    for ref, receiver in self.member_of(facts.path, (one,), name)
                ]
        return t.union(found)

    def _eval_literal(self, facts: FileFacts, args: list[int]) -> TypeSet:
        elements = [self.eval(facts.path, arg) for arg in args[1:]]
        return self.rules(facts.path).literal(self._r, facts.path, facts.names[args[0]], elements)

    def _eval_table(self, facts: FileFacts, args: list[int]) -> TypeSet:
        """As the literal without its keys' values."""
        path, name = facts.path, facts.names[args[0]]
        values = t.union(self.eval(path, value) for value in args[2::2])
        if name != "dict":
            return self.rules(path).literal(self._r, path, name, [values])
        return self.rules(path).literal(
            self._r, path, name, [t.union(self.eval(path, key) for key in args[1::2]), values]
        )

    def _eval_constant(self, facts: FileFacts, args: list[int]) -> TypeSet:
        """The type of a constant that is kept as its text."""
        return self.rules(facts.path).constant(self._r, facts.path, facts.names[args[0]])

    def _eval_union(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return t.union(self.eval(facts.path, arg) for arg in args)

    def _eval_tuple(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return (t.pruned((t.TUPLE, tuple(self.eval(facts.path, arg) for arg in args))),)

    def _eval_unpack(self, facts: FileFacts, args: list[int]) -> TypeSet:
        rules = self.rules(facts.path)
        return t.union(rules.unpack(self._r, one, args[1]) for one in self.eval(facts.path, args[0]))

    def _eval_lambda(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return ((t.FUNCTION, (facts.path, args[0]), None),)

    def _eval_self(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return ((t.SELF, (facts.path, args[0])),)

    def _eval_super(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return self.bases((facts.path, args[0]))

    def _eval_base(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return self.bases((facts.path, args[0]))[args[1] : args[1] + 1]

    def _eval_instance(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return self.as_type(facts.path, args[0])

    def _eval_variant(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return self.rules(facts.path).variant(self._r, facts, args[0], args[1])

    def _eval_binding(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return ((t.BINDING, facts.names[args[0]], self.as_type(facts.path, args[1])),)

    def _eval_named(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return ((t.BINDING, facts.names[args[0]], self.eval(facts.path, args[1])),)

    def _eval_typeof(self, facts: FileFacts, args: list[int]) -> TypeSet:
        found: list[Type] = []
        for one in self.eval(facts.path, args[0]):
            if one[0] == t.INSTANCE:
                found.append((t.TYPE, one[1], one[2]))
            elif one[0] == t.SELF:
                found.append((t.TYPE, one[1], ()))
            elif one[0] == t.TYPE:
                found.append(one)
        return tuple(found)

    def _eval_object(self, facts: FileFacts, args: list[int]) -> TypeSet:
        ref = (facts.path, args[0])
        return ((t.INSTANCE, ref, self.rules(facts.path).captured(self._r, ref)),)

    def _eval_yielded(self, facts: FileFacts, args: list[int]) -> TypeSet:
        return self.rules(facts.path).yielded(self._r, facts.path, self.eval(facts.path, args[0]))

    def _eval_argument(self, facts: FileFacts, args: list[int]) -> TypeSet:
        """``(function, argument position, parameter position)``: what a callback's parameter is given."""
        found = []
        position, parameter = args[1], args[2] if len(args) > 2 else 0
        others = args[3:]  # the call's other arguments, from which type parameters are learned
        callees = self.rules(facts.path).fitting(self._r, facts.path, self.eval(facts.path, args[0]), others)
        for one in callees:
            found.append(self.callback_parameter(facts.path, one, position, parameter, others))
        return t.union(found)

    def callback_parameter(
        self, path: str, function: Type, position: int, parameter: int, others: Sequence[int] = ()
    ) -> TypeSet:
        """The type of the ``parameter``-th parameter of the function expected as a call's ``position``-th
        argument;
        with ``parameter`` -1 of that argument itself.
        """
        name = self.rules(path).call_member
        if name and function[0] in (t.INSTANCE, t.SELF):
            return t.union(
                self.callback_parameter(path, (t.FUNCTION, ref, receiver), position, parameter, others)
                for ref, receiver in self.member_of(path, (function,), name)
            )
        if function[0] == t.CALLABLE:
            declared: TypeSet = function[1][position] if position < len(function[1]) else ()
            mapping: dict[Ref, TypeSet] = {}
            receiver = None
        else:
            ref = self.ref_of(function)
            if ref is None or function[0] not in (t.FUNCTION, t.TYPE):
                return ()
            if function[0] == t.TYPE:
                constructors = [
                    found
                    for name in self.rules(ref[0]).constructors
                    for found, _ in self._member_in_class(ref, name)
                ]
                if not constructors:
                    return ()
                ref = constructors[0]
                receiver = function if function[2] else None
            else:
                receiver = function[2]
            facts = self.facts(ref[0])
            parameters = self.rules(ref[0]).parameters(self._r, ref)
            if facts is None or not parameters:
                return ()
            row = parameters[min(position, len(parameters) - 1)]
            declared = self.as_type(ref[0], facts.def_type[row]) if facts.def_type[row] > 0 else ()
            mapping = self.receiver_mapping(ref, receiver) if receiver is not None else {}
            if others:
                mapping = dict(mapping)
                self.learn(ref, [self.eval(path, other) if other > 0 else () for other in others], mapping)
            if facts.def_flags[row] & DefFlag.VARIADIC and parameter < 0:
                declared = t.union(self.rules(ref[0]).element(self._r, one) for one in declared)
        if parameter < 0:
            return t.substitute(declared, mapping, as_instance(receiver))
        found = []
        for one in declared:
            for signature in self.signatures(path, one):
                if parameter < len(signature[1]):
                    found.append(t.substitute(signature[1][parameter], mapping, as_instance(receiver)))
        return t.union(found)

    def _eval_parameter(self, facts: FileFacts, args: list[int]) -> TypeSet:
        """``(function value, position)``: what a function of that type is given for a parameter."""
        return t.union(self.given(facts.path, one, args[1]) for one in self.eval(facts.path, args[0]))

    def given(self, path: str, function: Type, position: int) -> TypeSet:
        """The declared type of a parameter of whatever is callable about a type."""
        name = self.rules(path).call_member
        if function[0] == t.FUNCTION:
            ref, receiver = function[1], function[2]
            facts = self.facts(ref[0])
            rows = self.rules(ref[0]).parameters(self._r, ref)
            if facts is None or position >= len(rows):
                return ()
            declared = self.value_of((ref[0], rows[position]))
            if receiver is None:
                return declared
            return t.substitute(declared, self.receiver_mapping(ref, receiver), as_instance(receiver))
        if name and function[0] in (t.INSTANCE, t.SELF):
            return t.union(
                self.given(path, (t.FUNCTION, ref, receiver), position)
                for ref, receiver in self.member_of(path, (function,), name)
            )
        return t.union(
            signature[1][position]
            for signature in self.signatures(path, function)
            if position < len(signature[1])
        )

    def signatures(self, path: str, one: Type) -> list[Type]:
        """The CALLABLE behind a type: itself, or the one method of a functional interface, a type parameter's
        bound.
        """
        if one[0] == t.CALLABLE:
            return [one]
        return self.rules(path).signatures(self._r, path, one)


def matched(
    facts: FileFacts, parameters: Sequence[int], args: Sequence[TypeSet]
) -> Iterator[tuple[int, TypeSet]]:
    """The parameters (definition rows of ``facts``) that a call gives a value, each with the value's types."""
    for position, given in enumerate(args):
        if given and given[0][0] == t.BINDING:
            for row in parameters:
                if facts.name(row) == given[0][1]:
                    yield row, given[0][2]
        elif position < len(parameters):
            yield parameters[position], given


def as_instance(receiver: Type | None) -> Type | None:
    """A receiver as the value that SELF stands for."""
    if receiver is None:
        return None
    return (t.INSTANCE, receiver[1], receiver[2]) if receiver[0] == t.TYPE else receiver


def is_narrowing(facts: FileFacts, site: int) -> bool:
    """Whether a site says what a check found rather than what was assigned."""
    value = facts.site_value[site]
    return value > 0 and facts.expr_data[facts.expr_start[value]] == _NARROW


def gives_value(facts: FileFacts, site: int) -> bool:
    """Whether a site assigns to the definition itself: neither a check nor the storing of a part."""
    value = facts.site_value[site]
    return value <= 0 or facts.expr_data[facts.expr_start[value]] not in _NO_VALUE


def has_variables(types: TypeSet) -> bool:
    """Whether a type parameter occurs anywhere in the types."""
    return any(one[0] == t.TYPEVAR or bool(variables_of(one)) for one in types)


def variables_of(one: Type) -> list[Ref]:
    """Type parameters that occur in a type, in order of appearance."""
    found: dict[Ref, None] = {}

    def visit(types: TypeSet) -> None:
        for inner in types:
            tag = inner[0]
            if tag == t.TYPEVAR:
                found[inner[1]] = None
            elif tag in (t.INSTANCE, t.TYPE):
                for arg in inner[2]:
                    visit(arg)
            elif tag == t.TUPLE:
                for part in inner[1]:
                    visit(part)
            elif tag == t.CALLABLE:
                for part in (*inner[1], inner[2]):
                    visit(part)

    visit((one,))
    return list(found)


def _each(method: str) -> Callable[[Any, FileFacts, list[int]], TypeSet]:
    """An operator that the language's rules define on one type at a time."""

    def apply(self: Any, facts: FileFacts, args: list[int]) -> TypeSet:
        rule = getattr(self.rules(facts.path), method)
        return t.union(rule(self, one) for one in self.eval(facts.path, args[0]))

    return apply


_HANDLERS: dict[ExprOp, Callable[[Any, FileFacts, list[int]], TypeSet]] = {
    ExprOp.NAME: Evaluator._eval_name,
    ExprOp.DEF: Evaluator._eval_def,
    ExprOp.MEMBER: Evaluator._eval_member,
    ExprOp.PATH: Evaluator._eval_member,
    ExprOp.ASSOC: Evaluator._eval_member,
    ExprOp.METHOD: Evaluator._eval_member,
    ExprOp.CALL: Evaluator._eval_call,
    ExprOp.INDEX: Evaluator._eval_index,
    ExprOp.GENERIC: Evaluator._eval_generic,
    ExprOp.NEW: Evaluator._eval_new,
    ExprOp.AWAIT: _each("awaited"),
    ExprOp.ELEMENT: _each("element"),
    ExprOp.KEY: _each("key"),
    ExprOp.UNPACK: Evaluator._eval_unpack,
    ExprOp.LITERAL: Evaluator._eval_literal,
    ExprOp.UNION: Evaluator._eval_union,
    ExprOp.INTERSECTION: Evaluator._eval_union,
    ExprOp.LAMBDA: Evaluator._eval_lambda,
    ExprOp.SELF: Evaluator._eval_self,
    ExprOp.SUPER: Evaluator._eval_super,
    ExprOp.BASE: Evaluator._eval_base,
    ExprOp.INSTANCE: Evaluator._eval_instance,
    ExprOp.CATCH: Evaluator._eval_instance,
    ExprOp.DEREF: _each("deref"),
    ExprOp.REF: _each("reference"),
    ExprOp.TUPLE: Evaluator._eval_tuple,
    ExprOp.TRY: _each("attempt"),
    ExprOp.ENTER: _each("enter"),
    ExprOp.ARGUMENT: Evaluator._eval_argument,
    ExprOp.PARAMETER: Evaluator._eval_parameter,
    ExprOp.TYPEOF: Evaluator._eval_typeof,
    ExprOp.OBJECT: Evaluator._eval_object,
    ExprOp.YIELDED: Evaluator._eval_yielded,
    ExprOp.VARIANT: Evaluator._eval_variant,
    ExprOp.BINDING: Evaluator._eval_binding,
    ExprOp.NAMED: Evaluator._eval_named,
    ExprOp.TABLE: Evaluator._eval_table,
    ExprOp.STRING: Evaluator._eval_constant,
}
_EVAL = {int(op): handler for op, handler in _HANDLERS.items()}
