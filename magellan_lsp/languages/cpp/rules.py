"""How C++'s names are linked: classes and their bases, templates, overloads, members defined elsewhere. Look-up by name is
in ``namespaces.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import CALLED, MEMBER, FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, ScopeKind
from magellan_lsp.languages.cpp import overloads
from magellan_lsp.languages.cpp.namespaces import NamespaceRules
from magellan_lsp.languages.cpp.symbols import kinds_fit, plain_name, rows_named, signature
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.rules import CLASS_LIKE, MAX_OVERRIDDEN
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.languages.cpp.overloads import Plain
    from magellan_lsp.resolve.resolver import Resolver

_DECLARATION = int(DefFlag.DECLARATION)
_NAMESPACE = int(DefKind.NAMESPACE)
_EXTENSION = int(DefFlag.EXTENSION)
_VARIADIC = int(DefFlag.VARIADIC)
_DEFAULT = int(DefFlag.DEFAULT)
_STATIC = int(DefFlag.STATIC)
_OVERRIDABLE = int(DefFlag.VIRTUAL | DefFlag.OVERRIDE | DefFlag.ABSTRACT)
_ENUM = int(DefKind.ENUM)
_FUNCTIONS = frozenset((int(DefKind.FUNCTION), int(DefKind.METHOD), int(DefKind.CONSTRUCTOR)))
#: Types of values that no constructor makes.
_INDIRECT = frozenset((ExprOp.POINTER, ExprOp.REF, ExprOp.FUNCTION_TYPE, ExprOp.ARRAY))
_CLASS_SCOPE = int(ScopeKind.CLASS)
#: What a value is reached through.
_THROUGH = frozenset((
    ExprOp.MEMBER, ExprOp.PATH, ExprOp.CALL, ExprOp.GENERIC, ExprOp.INDEX, ExprOp.DEREF, ExprOp.REF, ExprOp.POINTER,
    ExprOp.ELEMENT, ExprOp.INSTANCE,
))  # fmt: skip
_MEMBERS = frozenset((int(DefKind.METHOD), int(DefKind.FIELD)))
#: So many members are offered for a name whose class only a template's arguments tell.
MAX_CANDIDATES = 5
#: So many overloads of one name are compared; more are no code that a person wrote.
_MANY = 128


class CppRules(NamespaceRules):
    """See the module."""

    stubs = (("cpp", "std.hpp"),)
    call_member = "operator()"
    overridden_references = True
    constructor_calls = False

    # -- declarations and definitions

    def announced(self, r: Resolver, ref: Ref) -> Ref | None:
        facts = r.facts(ref[0])
        if facts is None or r.is_builtin(ref):
            return None
        candidates = self._candidates(r, facts, ref[1])
        if facts.def_kind[ref[1]] in _FUNCTIONS:
            candidates = self._same_signature(r, facts, ref[1], candidates)
        return self._best(r, ref[0], candidates)

    def _alternatives(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        return self._same_signature(r, facts, row, self._candidates(r, facts, row))

    def _candidates(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """Definitions anywhere that have the declaration's qualified name and a kind that fits."""
        name = facts.name(row)
        kind = facts.def_kind[row]
        full = plain_name(facts, row)
        found: list[Ref] = []
        for at in r.source.defining(name):
            other = r.facts(at)
            if other is None or other.language_family() != "c":
                continue
            for candidate in rows_named(r, other, name):
                flags = other.def_flags[candidate]
                if flags & _DECLARATION or not kinds_fit(kind, other.def_kind[candidate]):
                    continue
                if flags & _STATIC and at != facts.path and other.def_kind[candidate] == DefKind.FUNCTION:
                    continue
                if self._same_name(r, facts, row, full, other, candidate):
                    found.append((at, candidate))
        return found

    def _same_name(
        self, r: Resolver, facts: FileFacts, row: int, full: str, other: FileFacts, candidate: int
    ) -> bool:
        there = plain_name(other, candidate)
        if there == full:
            return True
        if not other.def_flags[candidate] & _EXTENSION:
            return False
        # `using namespace x; void A::f () {}`: the written path is only the end of the full one
        return full.endswith("." + there) and any(flags & ImportFlag.STAR for flags in other.import_flags)

    def _same_signature(self, r: Resolver, facts: FileFacts, row: int, candidates: list[Ref]) -> list[Ref]:
        if len(candidates) < 2 and not self._overloaded(r, facts, row):
            return candidates
        wanted = signature(facts, row)
        exact, arity = [], []
        for ref in candidates:
            other = r.facts(ref[0])
            if other is None:
                continue
            given = signature(other, ref[1])
            if given == wanted:
                exact.append(ref)
            elif len(given) == len(wanted):
                arity.append(ref)
        return exact or arity

    def _overloaded(self, r: Resolver, facts: FileFacts, row: int) -> bool:
        """Whether the scope of a declaration has others of its name."""
        scope = facts.def_scope[row]
        return scope >= 0 and len(facts.members(scope).get(facts.name(row), ())) > 1

    def declarations(self, r: Resolver, facts: FileFacts, row: int) -> Iterator[Ref]:
        kind = facts.def_kind[row]
        if kind in (DefKind.MACRO, _NAMESPACE, DefKind.TYPE_ALIAS, DefKind.ENUM_MEMBER):
            return
        if kind == DefKind.FIELD and not facts.def_flags[row] & _EXTENSION:
            return
        if kind == DefKind.METHOD and not facts.def_flags[row] & _EXTENSION:
            return
        for ref in self._declared_by_definition(r, facts.name(row)).get((facts.path, row), ()):
            other = r.facts(ref[0])
            if ref != (facts.path, row) and other is not None and kinds_fit(other.def_kind[ref[1]], kind):
                yield ref

    def _declared_by_definition(self, r: Resolver, name: str) -> dict[Ref, list[Ref]]:
        """The declarations and static fields of a name, by what defines them."""

        def compute() -> dict[Ref, list[Ref]]:
            table: dict[Ref, list[Ref]] = {}
            for path in r.source.defining(name):
                facts = r.facts(path)
                if facts is None or facts.language_family() != "c":
                    continue
                for row in rows_named(r, facts, name):
                    flags = facts.def_flags[row]
                    static_field = facts.def_kind[row] == DefKind.FIELD and flags & _STATIC
                    definition = (
                        self.definition(r, (path, row)) if flags & _DECLARATION or static_field else None
                    )
                    if definition is not None:
                        table.setdefault(definition, []).append((path, row))
            return table

        nothing: dict[Ref, list[Ref]] = {}
        return r.query(("cpp-declared", name), compute, nothing, 0)

    # -- types and members

    def type_parameters(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        return super().type_parameters(r, self.whole(r, ref))

    def bound(self, r: Resolver, ref: Ref) -> TypeSet:
        """A template's parameter is as good as its default: ``template <typename F = factory>``."""
        facts = r.facts(ref[0])
        if facts is None:
            return ()
        return t.union(
            r.as_type(ref[0], facts.site_type[site])
            for site in facts.sites(ref[1])
            if facts.site_type[site] > 0
        )

    def pointer(self, r: Resolver, path: str, target: TypeSet) -> TypeSet:
        return target

    def deref(self, r: Resolver, one: Type) -> TypeSet:
        """``*value`` and ``value->``: through the class's operators, a plain pointer is its target
        already.
        """
        return self._operator(r, one, ("operator->", "operator*")) or (one,)

    def _operator(self, r: Resolver, one: Type, names: Sequence[str]) -> TypeSet:
        if one[0] not in (t.INSTANCE, t.SELF):
            return ()
        for name in names:
            found = r.member_of("", (one,), name)
            for ref, receiver in found:
                if r.kind_of(ref) in _FUNCTIONS:
                    given = r.returned((t.FUNCTION, ref, receiver), ())
                    if given:
                        return given
        return ()

    def index(self, r: Resolver, path: str, one: Type, key: int) -> TypeSet:
        return self._operator(r, one, ("operator[]",)) or (one,)

    def element(self, r: Resolver, one: Type) -> TypeSet:
        found: list[TypeSet] = []
        for ref, receiver in r.member_of("", (one,), "begin") if one[0] in (t.INSTANCE, t.SELF) else ():
            if r.kind_of(ref) in _FUNCTIONS:
                iterators = r.returned((t.FUNCTION, ref, receiver), ())
                found += [self.deref(r, iterator) for iterator in iterators]
        return t.union(found) or (one,)

    def unpack(self, r: Resolver, one: Type, position: int) -> TypeSet:
        if one[0] == t.INSTANCE and one[2] and r.is_builtin(one[1]):
            return one[2][position] if position < len(one[2]) else ()
        facts = r.facts(one[1][0]) if one[0] == t.INSTANCE else None
        if facts is None:
            return super().unpack(r, one, position)
        fields = [row for row in facts.children(one[1][1]) if facts.def_kind[row] == DefKind.FIELD]
        return r.value_through((one[1][0], fields[position]), one) if position < len(fields) else ()

    def constructed(self, r: Resolver, path: str, one: Type, args: Sequence[TypeSet]) -> TypeSet:
        return ((t.INSTANCE, self.whole(r, one[1]), one[2]),)

    def literal(self, r: Resolver, path: str, name: str, elements: Sequence[TypeSet]) -> TypeSet:
        return ()

    def member_fallback(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        if one[0] not in (t.INSTANCE, t.TYPE, t.SELF):
            return []
        ref: Ref = one[1]
        kind = r.kind_of(ref)
        if kind == _NAMESPACE:
            for space in self._all_paths(r, path, ref):
                found = self.in_space(r, path, space, name) or self._used_in_space(r, path, space, name)
                if found:
                    return [(member, None) for member in found]
            return []
        if kind == _ENUM:
            facts = r.facts(ref[0])
            rows = facts.children(ref[1]) if facts is not None else ()
            return [((ref[0], row), one) for row in rows if facts is not None and facts.name(row) == name]
        whole = self.whole(r, ref)
        if whole != ref:
            return r.member_of(path, ((one[0], whole, *one[2:]),), name)
        if name == r.simple_name(ref):
            return [(ref, None)]  # a class is its own member by name (`A::A`)
        return super().member_fallback(r, path, one, name)

    def choose(self, r: Resolver, path: str, found: list[Ref]) -> list[Ref]:
        """Definitions before declarations; a class's own name in it is the class, not its constructor."""
        kept: dict[Ref, None] = {}
        for ref in found:
            kind = r.kind_of(ref)
            facts = r.facts(ref[0])
            if facts is None or kind == DefKind.CONSTRUCTOR:
                continue
            kept[self.whole(r, ref) if kind in CLASS_LIKE else ref] = None
        facts_of = {ref[0]: r.facts(ref[0]) for ref in kept}

        def weight(ref: Ref) -> int:
            facts = facts_of[ref[0]] or r.facts(ref[0])
            return self._rank(facts, ref[1]) if facts is not None else 9

        return sorted(kept, key=weight)

    def constructors_of(self, r: Resolver, ref: Ref) -> list[Ref]:
        """The constructors of a class, wherever they are defined."""

        def compute() -> list[Ref]:
            facts = r.facts(ref[0])
            if facts is None:
                return []
            found = [
                (ref[0], row) for row in facts.children(ref[1]) if facts.def_kind[row] == DefKind.CONSTRUCTOR
            ]
            for path, extension in self.extensions(r, ref):
                away = r.facts(path)
                if away is not None:
                    row = away.extension_def[extension]
                    if away.def_kind[row] == DefKind.CONSTRUCTOR:
                        found.append((path, row))
            return found

        return r.query(("cpp-constructors", ref), compute, [])

    # -- calls

    def called(self, r: Resolver, facts: FileFacts, expr: int) -> list[Ref]:
        op, *args = facts.expr(expr)
        if op not in (ExprOp.CALL, ExprOp.NEW):
            return []
        found = self._callees(r, facts, args[0])
        if op == ExprOp.NEW:
            found = [one for ref in found for one in self._made(r, ref)]
        elif not found:
            return self._macro_member_call(r, facts, args[0])
        types = [ref for ref in found if r.kind_of(ref) in CLASS_LIKE or r.kind_of(ref) == DefKind.TYPE_ALIAS]
        if types and len(types) == len(found):
            return self._constructor_call(r, facts, types, args, op)
        return self.narrowed(r, facts, found, args[1:], args[0])

    def _made(self, r: Resolver, ref: Ref) -> list[Ref]:
        """The classes that NEW makes an instance of: one that is named, that of an alias, or of a member's value."""
        kind = r.kind_of(ref)
        if kind in CLASS_LIKE:
            return [ref]
        facts = r.facts(ref[0])
        declared = facts.def_type[ref[1]] if facts is not None else -1
        if facts is None or declared <= 0 or kind not in (DefKind.FIELD, DefKind.TYPE_ALIAS):
            return []
        if facts.expr(declared)[0] in _INDIRECT:
            return []
        return [
            one[1] for one in r.as_type(ref[0], declared) if one[0] == t.INSTANCE and not r.is_builtin(one[1])
        ]

    def call_value(self, r: Resolver, facts: FileFacts, expr: int) -> TypeSet | None:
        """``function<T> (…)``: the result with the type arguments given in place of the type parameters."""
        op, *args = facts.expr(expr)
        if op != ExprOp.CALL:
            return None
        inner = facts.expr(args[0])
        if inner[0] != ExprOp.GENERIC:
            return None
        functions = [one for one in r.eval(facts.path, inner[1]) if one[0] == t.FUNCTION]
        if not functions:
            return None
        given = [r.as_type(facts.path, arg) for arg in inner[2:]]
        found: list[TypeSet] = []
        for one in functions:
            mapping = dict(zip(r.type_parameters(one[1]), given, strict=False))
            found.append(t.substitute(r.result_of(one[1]), mapping))
        return t.union(found)

    def _constructor_call(
        self, r: Resolver, facts: FileFacts, types: list[Ref], args: Sequence[int], op: int
    ) -> list[Ref]:
        """The constructor that NEW runs; a call that names a class means the class first, then its constructor."""
        found: list[Ref] = []
        classes = [self.whole(r, one) for ref in types for one in self._made(r, ref)]
        for ref in classes:
            found += self.constructors_of(r, ref)
        # with no constructor for so many arguments it is one that nobody wrote, such as a copy
        found = [ref for ref in found if self._is_extension(r, ref) or self._takes(r, ref, len(args) - 1)]
        if len(args) == 2:
            given = r.eval(facts.path, args[1])
            if any(one[0] in (t.INSTANCE, t.SELF) and one[1] in classes for one in given):
                found = [ref for ref in found if self._score(r, ref, [given], [None]) > 0]
        if found:
            found = self.narrowed(r, facts, found, args[1:])
        return found if op == ExprOp.NEW else [*types, *found]

    def _macro_member_call(self, r: Resolver, facts: FileFacts, callee: int) -> list[Ref]:
        """``value.MACRO (…)``: a macro that stands for a member's name."""
        op, *args = facts.expr(callee)
        if op not in (ExprOp.MEMBER, ExprOp.PATH):
            return []
        name = facts.names[args[1]]
        if not name.isupper():
            return []
        return [ref for ref in self.in_space(r, facts.path, (), name) if r.kind_of(ref) == DefKind.MACRO]

    def _callees(self, r: Resolver, facts: FileFacts, callee: int) -> list[Ref]:
        op, *args = facts.expr(callee)
        path = facts.path
        if op == ExprOp.GENERIC:
            return self._callees(r, facts, args[0])
        if op == ExprOp.NAME:
            return r.open_name(path, args[1], facts.names[args[0]])
        if op == ExprOp.DEF:
            row = args[0]
            if facts.def_kind[row] == DefKind.IMPORT:
                return r.definition_targets(path, row)
            if facts.def_kind[row] in CLASS_LIKE:
                return [self.whole(r, (path, row))]
            scope = facts.def_scope[row]
            rows = facts.members(scope).get(facts.name(row), [row]) if scope >= 0 else [row]
            same = [(path, other) for other in rows if facts.def_kind[other] in _FUNCTIONS]
            if facts.scope_kind[scope] == _CLASS_SCOPE and facts.scope_def[scope] >= 0:
                return r.find_in_class((path, facts.scope_def[scope]), facts.name(row)) or same
            around = self.full_space(r, facts, scope, facts.def_start[row])
            return self.in_space(r, path, around, facts.name(row)) or same or [(path, row)]
        if op in (ExprOp.MEMBER, ExprOp.PATH):
            return r.member_targets(path, args[0], facts.names[args[1]])
        return []

    def narrowed(
        self, r: Resolver, facts: FileFacts, found: list[Ref], args: Sequence[int], callee: int = 0
    ) -> list[Ref]:
        """Of overloads those that take so many arguments, and of these the ones whose types fit best."""
        functions = [ref for ref in found if r.kind_of(ref) in _FUNCTIONS]
        if len(functions) < 2 or len(functions) != len(found):
            return self._defined(r, found)
        functions = functions[:_MANY]
        # defaults stand at the declaration inside the class, so what is defined outside comes in through it
        inside = [ref for ref in functions if not self._is_extension(r, ref)] or functions
        fitting = [ref for ref in inside if self._takes(r, ref, len(args))] or functions
        if len(self._defined(r, fitting)) > 1:
            given = [r.eval(facts.path, arg) for arg in args]
            built_in = [overloads.plain_value(r, facts, arg) for arg in args]
            scores = [self._score(r, ref, given, built_in) for ref in fitting]
            best = max(scores)
            fitting = [ref for ref, score in zip(fitting, scores, strict=True) if score == best]
            if callee and len(fitting) > 1:
                fitting = overloads.by_constness(r, facts, fitting, callee)
        return self._defined(r, fitting)

    @staticmethod
    def _is_extension(r: Resolver, ref: Ref) -> bool:
        facts = r.facts(ref[0])
        return facts is not None and bool(facts.def_flags[ref[1]] & _EXTENSION)

    def _defined(self, r: Resolver, found: list[Ref]) -> list[Ref]:
        """The definitions of what is only declared, each once."""
        kept: dict[Ref, None] = {}
        for ref in found:
            facts = r.facts(ref[0])
            definition = None
            if facts is not None and facts.def_flags[ref[1]] & _DECLARATION:
                definition = self.definition(r, ref)
            kept[definition or ref] = None
        return list(kept)

    def _takes(self, r: Resolver, ref: Ref, count: int) -> bool:
        facts = r.facts(ref[0])
        if facts is None:
            return False
        rows = self.parameters(r, ref)
        least = sum(not facts.def_flags[row] & _DEFAULT for row in rows)
        if facts.def_flags[ref[1]] & _EXTENSION:
            least = 0  # defaults stand at the declaration
        if count >= 8:
            return len(rows) >= 8
        return least <= count and (count <= len(rows) or bool(facts.def_flags[ref[1]] & _VARIADIC))

    def _score(
        self, r: Resolver, ref: Ref, given: Sequence[TypeSet], built_in: Sequence[Plain | None]
    ) -> int:
        """How many arguments are surely of the declared class or built-in type, less those surely of another."""
        facts = r.facts(ref[0])
        if facts is None:
            return -9
        score = 0
        rows = self.parameters(r, ref)
        if rows and facts.def_flags[ref[1]] & _VARIADIC:
            rows = [*rows, *[rows[-1]] * (len(given) - len(rows))]
        for row, types, plain in zip(rows, given, built_in, strict=False):
            if facts.def_type[row] <= 0 or not (types or plain):
                continue
            declared = r.as_type(ref[0], facts.def_type[row])
            if plain is not None:
                template = any(one[0] == t.TYPEVAR for one in declared)
                score += overloads.fit(overloads.plain(facts, facts.def_type[row]), plain, template)
                continue
            classes = {one[1] for one in declared if one[0] == t.INSTANCE}
            actual = {one[1] for one in types if one[0] in (t.INSTANCE, t.SELF)}
            if not actual:
                continue
            if classes & actual:
                score += 2
            elif any(base in classes for one in actual for base, _ in r.linearize(one)):
                score += 1
            elif classes or not declared:
                score -= 1
        return score

    def call_targets(self, r: Resolver, path: str, found: list[Ref], args: int) -> list[Ref]:
        return self._defined(r, found)

    # -- names that depend on template parameters

    def stands_for(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """A member of what only a template's arguments tell: of a parameter itself (``T::size``) the parameter, of a value
        the members of that name in the workspace, unless they are many. What a namespace has from outside the workspace
        leads to the ``using`` that brings it. Nothing but "go to definition" takes these.
        """
        target, expr = facts.occ_target[row], facts.occ_expr[row]
        if target not in (MEMBER, CALLED) or expr <= 0 or r.occurrence_targets(facts.path, row):
            return []
        if target == CALLED:
            callee = facts.expr(facts.expr(expr)[1])
            callee = facts.expr(callee[1]) if callee[0] == ExprOp.GENERIC else callee
            if callee[0] not in (ExprOp.MEMBER, ExprOp.PATH):
                return []
            expr = callee[1]
        op, *args = facts.expr(expr)
        if op == ExprOp.DEF and facts.def_kind[args[0]] == DefKind.TYPE_PARAMETER:
            return [(facts.path, args[0])]
        name = facts.names[facts.occ_name[row]]
        if self._depends(r, facts, expr, 0):
            return self._members_named(r, name)
        return self._bringing(r, facts, expr, name)

    def _bringing(self, r: Resolver, facts: FileFacts, expr: int, name: str) -> list[Ref]:
        """The ``using`` declarations by which the namespaces that an expression names have a name."""
        found: dict[Ref, None] = {}
        for one in r.eval(facts.path, expr):
            ref = r.ref_of(one)
            if ref is None or r.kind_of(ref) != _NAMESPACE:
                continue
            for space in self._all_paths(r, facts.path, ref):
                for at in self._with_imports(r, facts.path):
                    there = r.facts(at)
                    for row in self._imported(r, at).get((space, name), ()):
                        if there is not None:
                            found[at, there.import_def[row]] = None
        return list(found)

    def _depends(self, r: Resolver, facts: FileFacts, expr: int, depth: int) -> bool:
        """Whether the type of a value depends on a template's parameter."""
        if expr <= 0 or depth > 12:
            return False
        types = r.eval(facts.path, expr)
        if types:
            return any(one[0] == t.TYPEVAR for one in types)
        op, *args = facts.expr(expr)
        if op == ExprOp.DEF:
            declared, sites = facts.def_type[args[0]], facts.sites(args[0])
            if declared > 0 or len(sites) != 1:
                return declared > 0 and self._depends(r, facts, declared, depth + 1)
            return self._depends(r, facts, facts.site_value[sites[0]], depth + 1)
        return op in _THROUGH and self._depends(r, facts, args[0], depth + 1)

    def _members_named(self, r: Resolver, name: str) -> list[Ref]:
        """The members of this name of the workspace's classes, definitions in place of declarations; [] if many."""

        def compute() -> list[Ref]:
            found: list[Ref] = []
            for path in r.source.defining(name):
                facts = r.facts(path)
                if facts is None or facts.language_family() != "c":
                    continue
                rows = rows_named(r, facts, name)
                found += [(path, row) for row in rows if facts.def_kind[row] in _MEMBERS]
                if len(found) > 4 * MAX_CANDIDATES:
                    return []
            kept = self._defined(r, found)
            return kept if len(kept) <= MAX_CANDIDATES else []

        return r.query(("cpp-members-named", name), compute, [], 0)

    def overrides(self, r: Resolver, ref: Ref) -> list[Ref]:
        """Members of base classes that a member overrides; those of the class itself are its declarations."""
        facts = r.facts(ref[0])
        if facts is None:
            return []
        owner = facts.def_owner[ref[1]]
        kind = facts.def_kind[ref[1]]
        if owner <= 0 or kind != DefKind.METHOD or facts.def_kind[owner] not in CLASS_LIKE:
            return []
        name = facts.name(ref[1])
        if name.startswith("~"):
            return self._base_destructors(r, (ref[0], owner), 0)
        count = len(self.parameters(r, ref))
        found: list[Ref] = []
        for base in r.bases((ref[0], owner)):
            members = r.refs_in_class(self.whole(r, base[1]), name)[:MAX_OVERRIDDEN]
            found += [
                member
                for member in members
                if not self._is_extension(r, member)
                and len(self.parameters(r, member)) == count
                and self._is_virtual(r, member, 0)
            ]
        return found

    def _is_virtual(self, r: Resolver, ref: Ref, depth: int) -> bool:
        """Whether a member can be overridden: it says so, or it overrides one of a base class itself."""
        facts = r.facts(ref[0])
        if facts is None or depth > 20:
            return False
        if facts.def_flags[ref[1]] & _OVERRIDABLE:
            return True
        owner, name = (ref[0], facts.def_owner[ref[1]]), facts.name(ref[1])
        if facts.def_kind[ref[1]] != DefKind.METHOD or facts.def_kind[owner[1]] not in CLASS_LIKE:
            return False
        count = len(self.parameters(r, ref))
        return any(
            len(self.parameters(r, member)) == count and self._is_virtual(r, member, depth + 1)
            for base in r.bases(owner)
            for member in r.refs_in_class(self.whole(r, base[1]), name)[:MAX_OVERRIDDEN]
            if not self._is_extension(r, member)
        )

    def _base_destructors(self, r: Resolver, ref: Ref, depth: int) -> list[Ref]:
        """Destructors of the nearest base classes that declare one."""
        found: list[Ref] = []
        for base in r.bases(ref) if depth < 20 else ():
            whole = self.whole(r, base[1])
            own = r.own_members(whole, f"~{r.simple_name(whole)}")
            inside = [member for member in own if not self._is_extension(r, member)]
            found += inside or self._base_destructors(r, whole, depth + 1)
        return found


RULES = CppRules()
