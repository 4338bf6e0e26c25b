"""How Java's names are linked: packages, imports, inherited members, overloads, functional interfaces.

A class that no file of the workspace defines is still a type of its own: its name with its package, as far as
an import tells. That is enough to tell overloads apart, and nothing is ever answered with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import CALLED, MEMBER, FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role, ScopeKind
from magellan_lsp.languages.java import SPACES, installed
from magellan_lsp.languages.java.expressions import METHODS, TYPES, VALUES
from magellan_lsp.languages.java.overloads import BOXES, FUNCTIONS, OUTSIDE, Candidate, Overloads
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.evaluate import has_variables
from magellan_lsp.resolve.rules import CLASS_LIKE, FUNCTION_LIKE
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

# Plain integers: the enums' own operators are many times slower.
_STAR, _STATIC = int(ImportFlag.STAR), int(ImportFlag.STATIC)
#: Packages that the stubs describe a part of, and their files.
_STUBS = {
    "java.lang": "lang.java",
    "java.lang.annotation": "annotation.java",
    "java.io": "io.java",
    "java.nio.file": "file.java",
    "java.util": "util.java",
    "java.util.function": "function.java",
    "java.util.stream": "stream.java",
    "java.util.concurrent": "concurrent.java",
    "java.util.concurrent.atomic": "atomic.java",
    "java.math": "math.java",
}
#: The other way round: the packages of their files.
_PACKAGES = {f"<builtin>/java/{file}": package for package, file in _STUBS.items()}
#: Methods that every class has, an outer class's of the same name or not.
_OF_OBJECT = frozenset(
    {"clone", "equals", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait"}
)
_PRIMITIVES = frozenset({"int", "long", "short", "byte", "char", "boolean", "float", "double", "null"})


class JavaRules(Overloads):
    """See the module."""

    related_references = True
    callees = FUNCTION_LIKE | CLASS_LIKE  # of a class without a constructor its own name stands for one
    stubs = tuple(("java", name) for name in _STUBS.values())

    def parameters(self, r: Resolver, ref: Ref) -> list[int]:
        nothing: list[int] = []
        return r.query(
            ("java-parameters", ref), lambda: super(JavaRules, self).parameters(r, ref), nothing, 0
        )

    # -- what counts as a use

    def counts_for(self, r: Resolver, ref: Ref, other: Ref, is_above: bool) -> bool:
        """A call through a supertype may run the method, and a call of what implements an abstract method uses that; as in
        Eclipse, which of two nameless classes cannot tell whose method it is when their parameters have the same erasure.
        """
        facts = r.facts(ref[0])
        if facts is None:
            return False
        if not is_above:
            return self._is_abstract(r, ref)
        nameless = facts.def_flags[max(facts.def_owner[ref[1]], 0)] & DefFlag.SYNTHETIC
        return not nameless or self._erased(r, ref, {}) == self._erased(r, other, {})

    def counts_beyond(self, r: Resolver, other: Ref, is_above: bool) -> bool:
        """Up to the topmost declaration; down to the first body, since a call of what overrides that never runs it."""
        return is_above or self._is_abstract(r, other)

    def is_related_use(self, r: Resolver, facts: FileFacts, row: int) -> bool:
        """Not ``super.m()``, which runs that very method, nor ``{@link #m}``, by which a class speaks of its own; but
        ``{@link Type#m(int)}`` names whatever runs there.
        """
        called = _called_member(facts, row)
        if called is None:
            return True
        if facts.occ_role[row] != Role.CALL:
            return facts.occ_target[row] == CALLED and facts.expr(called[1])[0] != ExprOp.SELF
        return facts.expr(called[1])[0] != ExprOp.SUPER

    def imports_mean(self, r: Resolver, ref: Ref) -> bool:
        facts = r.facts(ref[0])
        if facts is None or facts.def_kind[ref[1]] != DefKind.METHOD or facts.def_owner[ref[1]] <= 0:
            return True
        return len(r.own_members((ref[0], facts.def_owner[ref[1]]), facts.name(ref[1]))) < 2

    def _is_abstract(self, r: Resolver, ref: Ref) -> bool:
        facts = r.facts(ref[0])
        return facts is not None and bool(facts.def_flags[ref[1]] & DefFlag.ABSTRACT)

    def outside_members(self, r: Resolver, ref: Ref, path: str) -> set[Ref]:
        """Methods of the Java library that a method overrides, as far as the stubs know them (``Iterator.hasNext``)."""

        def compute() -> set[Ref]:
            facts = r.facts(ref[0])
            owner = (
                facts.def_owner[ref[1]]
                if facts is not None and facts.def_kind[ref[1]] == DefKind.METHOD
                else 0
            )
            if facts is None or owner <= 0:
                return set()
            name, erased = facts.name(ref[1]), self._erased(r, ref, {})
            found: set[Ref] = set()
            above = [base for base, _ in r.linearize((ref[0], owner)) if r.is_builtin(base)]
            for base in (*above, *self.builtin(r, "Object")):
                found.update(one for one in r.own_members(base, name) if self._erased(r, one, {}) == erased)
            return found

        return r.query(("java-outside", ref), compute, set())

    def is_outside_use(self, r: Resolver, facts: FileFacts, row: int, ref: Ref, outside: set[Ref]) -> bool:
        """Of a call whose receiver is declared as something that the method's class is."""
        there = r.facts(ref[0])
        if there is None or not super().is_outside_use(r, facts, row, ref, outside):
            return False
        called = _called_member(facts, row)
        if called is None or called[0] != ExprOp.MEMBER or facts.occ_role[row] != Role.CALL:
            return False
        if facts.expr(called[1])[0] == ExprOp.SUPER:
            return False
        ancestors = {at for at, _ in r.linearize((ref[0], there.def_owner[ref[1]]))}
        ancestors.update(self.builtin(r, "Object"))
        return any(one[0] == t.INSTANCE and one[1] in ancestors for one in r.eval(facts.path, called[1]))

    # -- packages and imports

    def package_files(self, r: Resolver, package: str) -> frozenset[str]:
        """Files of a package."""
        nothing: frozenset[str] = frozenset()
        return r.query(
            ("java-package", package), lambda: frozenset(r.source.group(f"java:{package}")), nothing
        )

    def in_package(self, r: Resolver, package: str, name: str) -> list[Ref]:
        """The top-level type of a package, from the workspace, the stubs, or what is installed."""

        def compute() -> list[Ref]:
            files = self.package_files(r, package)
            found: list[Ref] = []
            for path in r.source.defining(name) if files else ():
                facts = r.facts(path) if path in files else None
                if facts is not None:
                    found.extend((path, row) for row in self._types(facts, 0, name))
            if not found and package in _STUBS:
                path = f"<builtin>/java/{_STUBS[package]}"
                stub = r.facts(path)
                found = [(path, row) for row in self._types(stub, 0, name)] if stub is not None else []
            return found or installed.top_level(r, package, name)

        return r.query(("java-in", package, name), compute, [])

    @staticmethod
    def _types(facts: FileFacts, scope: int, name: str) -> list[int]:
        return [row for row in facts.members(scope).get(name, ()) if facts.def_kind[row] in CLASS_LIKE]

    def dotted(self, r: Resolver, name: str) -> list[Ref]:
        """The type of a qualified name: the longest package that fits, then nested types."""

        def compute() -> list[Ref]:
            parts = name.split(".")
            for at in range(len(parts) - 1, -1, -1):
                found = self.in_package(r, ".".join(parts[:at]), parts[at])
                for part in parts[at + 1 :]:
                    found = [ref for one in found for ref in self.member_type(r, one, part)]
                if found:
                    return found
            return []

        return r.query(("java-dotted", name), compute, [])

    def member_type(self, r: Resolver, ref: Ref, name: str) -> list[Ref]:
        """A type nested in a class or in one of its ancestors."""
        return [found for found, _ in self.members(r, ref, name, TYPES)]

    def import_targets(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        flags = facts.import_flags[row]
        if flags & (ImportFlag.STAR | ImportFlag.SIDE_EFFECT):
            return []
        module, name = facts.names[facts.import_module[row]], facts.names[facts.import_name[row]]
        if flags & ImportFlag.STATIC:
            return [
                ref
                for owner in self.dotted(r, module)
                for space in (METHODS, VALUES, TYPES)
                for ref, _ in self.members(r, owner, name, space)
            ]
        return self.dotted(r, f"{module}.{name}" if module else name)

    def import_types(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet:
        found = super().import_types(r, facts, row)
        flags = facts.import_flags[row]
        if found or flags & (ImportFlag.STAR | ImportFlag.SIDE_EFFECT | ImportFlag.STATIC):
            return found
        name = f"{facts.names[facts.import_module[row]]}.{facts.names[facts.import_name[row]]}"
        return ((t.TYPE, (OUTSIDE + name, 0), ()),)

    def module_part(self, r: Resolver, facts: FileFacts, row: int, prefix: str) -> list[Ref]:
        return [] if facts.import_flags[row] & ImportFlag.SIDE_EFFECT else self.dotted(r, prefix)

    def package_member(self, r: Resolver, key: str, name: str) -> TypeSet:
        found = self.in_package(r, key, name)
        if found:
            return t.union(r.value_of(ref) for ref in found)
        if name[:1].isupper():
            return ((t.TYPE, (f"{OUTSIDE}{key}.{name}", 0), ()),)
        return ((t.PACKAGE, f"{key}.{name}"),)

    def package_targets(self, r: Resolver, key: str, name: str) -> list[Ref]:
        return self.in_package(r, key, name)

    # -- plain names

    def space_of(self, facts: FileFacts, row: int) -> int:
        role = facts.occ_role[row]
        if role == Role.TYPE:
            return TYPES
        return METHODS if role == Role.CALL else VALUES

    def builtin(self, r: Resolver, name: str) -> list[Ref]:
        if name in _PRIMITIVES:
            name += "_"
        return self.in_package(r, "java.lang", name) or super().builtin(r, name)

    def open_in(self, r: Resolver, facts: FileFacts, scope: int, name: str, space: int) -> list[Ref]:
        found = [ref for ref, _, _ in self.in_scopes(r, facts, scope, name, space)]
        if found:
            return found
        found = self._imported(r, facts, name, space)
        if found or space == METHODS:
            return found
        if space == VALUES:
            return self.open_in(r, facts, scope, name, TYPES)
        return self._beyond(r, facts, name)

    def in_scopes(
        self, r: Resolver, facts: FileFacts, scope: int, name: str, space: int
    ) -> list[tuple[Ref, Type | None, dict[Ref, TypeSet]]]:
        """What the scopes around say, inherited members included.

        Of methods: all overloads of the innermost class that has any.
        """
        path = facts.path
        while scope >= 0:
            owner = facts.scope_def[scope]
            if facts.scope_kind[scope] == ScopeKind.CLASS and owner > 0:
                found = self.members(r, (path, owner), name, space)
                if not found and space == METHODS and name in _OF_OBJECT:
                    found = [
                        one for ref in self.builtin(r, "Object") for one in self.members(r, ref, name, space)
                    ]
                if found:
                    receiver = (t.SELF, (path, owner))
                    return [(ref, receiver, mapping) for ref, mapping in found]
            else:
                for row in facts.members(scope).get(name, ()):
                    kind = facts.def_kind[row]
                    if kind != DefKind.IMPORT and SPACES.get(kind, 0) & space:
                        return [((path, row), None, {})]
            scope = facts.scope_parent[scope]
        return []

    def _imported(self, r: Resolver, facts: FileFacts, name: str, space: int) -> list[Ref]:
        """What single imports bring under the name."""
        for row in facts.members(0).get(name, ()):
            if facts.def_kind[row] == DefKind.IMPORT:
                found = [
                    ref
                    for ref in r.definition_targets(facts.path, row)
                    if SPACES.get(r.kind_of(ref), 0) & space
                ]
                if found:
                    return found
        return self._starred(r, facts, name, space, static=True) if space != TYPES else []

    def _beyond(self, r: Resolver, facts: FileFacts, name: str) -> list[Ref]:
        """A type of the same package, of imported packages, of java.lang; in this order."""
        if any(facts.def_kind[row] == DefKind.IMPORT for row in facts.members(0).get(name, ())):
            return []  # imported from outside
        return (
            self.in_package(r, facts.module, name)
            or self._starred(r, facts, name, TYPES, static=False)
            or self._starred(r, facts, name, TYPES, static=True)
            or self.builtin(r, name)
        )

    def _starred(self, r: Resolver, facts: FileFacts, name: str, space: int, static: bool) -> list[Ref]:
        for module in self._stars(r, facts, static):
            found = [] if static else self.in_package(r, module, name)
            if not found:
                owners = self.dotted(r, module)
                found = [ref for owner in owners for ref, _ in self.members(r, owner, name, space)]
            if found:
                return found
        return []

    @staticmethod
    def _stars(r: Resolver, facts: FileFacts, static: bool) -> Sequence[str]:
        """The packages and classes of which the file imports everything."""

        def compute() -> tuple[str, ...]:
            return tuple(
                facts.names[module]
                for module, flags in zip(facts.import_module, facts.import_flags, strict=True)
                if flags & _STAR and bool(flags & _STATIC) == static
            )

        return r.query(("java-stars", facts.path, static), compute, (), 0)

    def open_value(self, r: Resolver, facts: FileFacts, scope: int, name: str, space: int) -> TypeSet:
        """An unknown name: a type from outside, or the first part of a package's name."""
        if space == METHODS:
            return ()
        for row in facts.members(0).get(name, ()):
            if facts.def_kind[row] == DefKind.IMPORT:
                return r.value_of((facts.path, row))
        if name[:1].isupper():
            return ((t.TYPE, (OUTSIDE + name, 0), ()),) if space == TYPES else ()
        return ((t.PACKAGE, name),)

    def name_value(self, r: Resolver, facts: FileFacts, scope: int, name: str, space: int) -> TypeSet | None:
        """An inherited field's type, in terms of what the heir puts for its class's type parameters."""
        if space != VALUES:
            return None
        for ref, _, mapping in self.in_scopes(r, facts, scope, name, space):
            if mapping:
                return t.substitute(r.value_of(ref), mapping)
        return None

    def field_fallback(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """``case NAME`` of a switch that is about no enum."""
        return r.open_name(facts.path, facts.occ_scope[row], facts.names[facts.occ_name[row]], VALUES)

    # -- members

    def members(self, r: Resolver, ref: Ref, name: str, space: int) -> list[tuple[Ref, dict[Ref, TypeSet]]]:
        """Members of a class and its ancestors in one name space.

        Of values and types the nearest one, of methods every one that no nearer one overrides.
        """

        def compute() -> list[tuple[Ref, dict[Ref, TypeSet]]]:
            found: list[tuple[Ref, dict[Ref, TypeSet]]] = []
            for at, mapping in self._declaring(r, ref, name):
                for member in self._declared_members(r, at, name):
                    if not SPACES.get(r.kind_of(member), 0) & space:
                        continue
                    if space != METHODS:
                        return [(member, mapping)]
                    nearer = [one for one in found if one[1] is not mapping]
                    if not any(self._overridden(r, one, (member, mapping)) for one in nearer):
                        found.append((member, mapping))
            return found

        return r.query(("java-members", ref, name, space), compute, [])

    def _declaring(self, r: Resolver, ref: Ref, name: str) -> Sequence[tuple[Ref, dict[Ref, TypeSet]]]:
        """The classes in which a member of a class is looked for. For those of stubs, installed ones that have it."""
        order = self.member_order(r, ref)
        if r.installed is None:
            return order
        found: list[tuple[Ref, dict[Ref, TypeSet]]] = []
        beyond: list[tuple[Ref, dict[Ref, TypeSet]]] = []
        for at, mapping in order:
            real = self._described(r, at)
            inner = [(one, installed.in_terms_of(r, at, one, mapping)) for one in real]
            own = [entry for entry in inner if installed.declared(r, entry[0], name)]
            found += own or [(at, mapping)]
            for one, seen in inner:
                beyond += [
                    (base, {key: t.substitute(value, seen) for key, value in inherited.items()})
                    for base, inherited in r.linearize(one)[1:]
                    if not r.is_builtin(base)
                ]
        return [*found, *beyond]

    def _described(self, r: Resolver, ref: Ref) -> list[Ref]:
        """The installed class that a class of the stubs stands for; [] for others."""
        package = _PACKAGES.get(ref[0])
        return installed.described(r, ref, package) if package is not None and r.installed is not None else []

    def behind(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        """The class of the same name; of its members that with the same parameters."""
        if r.kind_of(ref) in CLASS_LIKE:
            return self._described(r, ref)
        facts = r.facts(ref[0])
        if facts is None or facts.def_owner[ref[1]] <= 0:
            return ()
        owner = (ref[0], facts.def_owner[ref[1]])
        found = [
            one
            for real in self._described(r, owner)
            for one in installed.declared(r, real, facts.name(ref[1]))
            if r.kind_of(one) == r.kind_of(ref)
            and len(self.parameters(r, one)) == len(self.parameters(r, ref))
        ]
        return [one for one in found if self._erased(r, one, {}) == self._erased(r, ref, {})] or found

    @staticmethod
    def _declared_members(r: Resolver, ref: Ref, name: str) -> list[Ref]:
        return installed.declared(r, ref, name)

    def choose(self, r: Resolver, path: str, found: list[Ref]) -> list[Ref]:
        """Of members of one name that are not called: a field, else a type, else methods (``a::b``)."""
        for space in (VALUES, TYPES):
            kept = [ref for ref in found if SPACES.get(r.kind_of(ref), 0) & space]
            if kept:
                return kept
        return found

    def _overridden(
        self, r: Resolver, nearer: tuple[Ref, dict[Ref, TypeSet]], other: tuple[Ref, dict[Ref, TypeSet]]
    ) -> bool:
        """Whether a nearer method has the same parameters, type arguments filled in, as one further up."""
        return self._erased(r, *nearer) == self._erased(r, *other)

    def _erased(self, r: Resolver, ref: Ref, mapping: dict[Ref, TypeSet]) -> list[object]:
        """The parameter types of a method without type arguments; the names of types that are not known."""
        facts = r.facts(ref[0])
        if facts is None:
            return [ref]
        found: list[object] = []
        for row in self.parameters(r, ref):
            types = t.substitute(r.as_type(ref[0], facts.def_type[row]), mapping)
            erased = {self._erasure(r, one) for one in types}
            found.append(erased or _head(facts, facts.def_type[row]))
        return found

    def _erasure(self, r: Resolver, one: Type) -> object:
        """The class of a type; of an array also its element's, of a type parameter its bound's."""
        if one[0] == t.TYPEVAR:
            bounds = r.bound(one[1]) or tuple((t.INSTANCE, ref, ()) for ref in self.builtin(r, "Object"))
            return bounds[0][1] if bounds else ""
        if one[0] == t.INSTANCE and one[2] and self.built_in_name(r, one) == "array":
            return (one[1], tuple(self._erasure(r, inner) for inner in one[2][0][:1]))
        return r.ref_of(self.stubbed(r, one))

    def stubbed(self, r: Resolver, one: Type) -> Type:
        if (
            one[0] not in (t.INSTANCE, t.TYPE, t.SELF)
            or r.installed is None
            or not r.installed.covers(one[1][0])
        ):
            return one
        facts = r.facts(one[1][0])
        if facts is None or facts.def_owner[one[1][1]] > 0 or facts.module not in _STUBS:
            return one
        found = self.in_package(r, facts.module, facts.name(one[1][1]))
        return (one[0], found[0], *one[2:]) if found else one

    def member_order(self, r: Resolver, ref: Ref) -> Sequence[tuple[Ref, dict[Ref, TypeSet]]]:
        """The class, then superclasses, then interfaces."""
        order = r.linearize(ref)
        first = [entry for entry in order[1:] if r.kind_of(entry[0]) != DefKind.INTERFACE]
        rest = [entry for entry in order[1:] if r.kind_of(entry[0]) == DefKind.INTERFACE]
        return (order[0], *first, *rest) if order else ()

    def extensions(self, r: Resolver, ref: Ref) -> list[tuple[str, int]]:
        return []  # all members of a class are inside it

    def extra_bases(self, r: Resolver, ref: Ref) -> TypeSet:
        if r.kind_of(ref) == DefKind.ENUM and not r.is_builtin(ref):
            return tuple((t.INSTANCE, base, (((t.INSTANCE, ref, ()),),)) for base in self.builtin(r, "Enum"))
        return ()

    def member_fallback(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        """A member of the outer class's instance is none of the inner's; nothing else is looked through."""
        return []

    def overrides(self, r: Resolver, ref: Ref) -> list[Ref]:
        facts = r.facts(ref[0])
        if facts is None or facts.def_kind[ref[1]] != DefKind.METHOD:
            return []
        owner = facts.def_owner[ref[1]]
        if owner <= 0 or facts.def_flags[ref[1]] & (DefFlag.STATIC | DefFlag.PRIVATE):
            return []
        name, n_parameters = facts.name(ref[1]), len(self.parameters(r, ref))
        found: list[Ref] = []
        for base in r.bases((ref[0], owner)):
            inherited = [
                member
                for member, _ in self.members(r, base[1], name, METHODS)
                if len(self.parameters(r, member)) == n_parameters
            ]
            exact = [
                member for member in inherited if self._erased(r, member, {}) == self._erased(r, ref, {})
            ]
            found.extend(
                exact or (inherited if len(inherited) == 1 and self._may_be(r, inherited[0], ref) else ())
            )
        return found

    def _may_be(self, r: Resolver, inherited: Ref, ref: Ref) -> bool:
        """Whether a method may override one whose parameters have another erasure: where these name type parameters, or
        are not known.
        """
        facts = r.facts(inherited[0])
        if facts is None:
            return False
        erased = self._erased(r, inherited, {}), self._erased(r, ref, {})
        return all(
            above == own
            or isinstance(above, str) != isinstance(own, str)
            or has_variables(r.as_type(inherited[0], facts.def_type[row]))
            for row, above, own in zip(self.parameters(r, inherited), *erased, strict=False)
        )

    # -- calls

    def candidates(self, r: Resolver, facts: FileFacts, callee: int) -> list[Candidate]:
        """Every overload of what a callee expression names."""
        op, *args = facts.expr(callee)
        path = facts.path
        if op == ExprOp.NAME:
            name = facts.names[args[0]]
            inside = self.in_scopes(r, facts, args[1], name, METHODS)
            if inside:
                return [Candidate(*entry) for entry in inside]
            return [Candidate(ref, None, {}) for ref in self._imported(r, facts, name, METHODS)]
        if op == ExprOp.DEF:
            return [Candidate((path, args[0]), None, {})]
        if op != ExprOp.MEMBER:
            return []
        name = facts.names[args[1]]
        found: list[Candidate] = []
        types = r.eval(path, args[0])
        if args[0] > 0 and facts.expr(args[0])[0] == ExprOp.SUPER:
            classes = [one for one in types if r.kind_of(one[1]) != DefKind.INTERFACE]
            for one in classes:
                found.extend(self.methods_of(r, one, name))
            if found:
                return found
        for one in types:
            found.extend(self.methods_of(r, one, name))
        return found

    def methods_of(self, r: Resolver, one: Type, name: str) -> list[Candidate]:
        """Every overload of a method of a value's type."""
        tag = one[0]
        if tag == t.TYPEVAR:
            return [found for bound in r.bound(one[1]) for found in self.methods_of(r, bound, name)]
        if tag not in (t.INSTANCE, t.TYPE, t.SELF):
            return []
        own = r.mapping(one) if tag != t.SELF else {}
        members = self.members(r, one[1], name, METHODS)
        if not members and tag != t.TYPE:
            members = [
                found for ref in self.builtin(r, "Object") for found in self.members(r, ref, name, METHODS)
            ]
        return [
            Candidate(ref, one, {**own, **{key: t.substitute(value, own) for key, value in mapping.items()}})
            for ref, mapping in members
        ]

    def constructors_of(self, r: Resolver, one: Type) -> list[Candidate]:
        found = [
            ref
            for ref in self._declared_members(r, one[1], r.simple_name(one[1]))
            if r.kind_of(ref) == DefKind.CONSTRUCTOR
        ]
        return [Candidate(ref, one, r.mapping(one)) for ref in found]

    def called(self, r: Resolver, facts: FileFacts, expr: int) -> list[Ref]:
        op, *args = facts.expr(expr)
        if op == ExprOp.METHOD:
            return self._referred(r, facts, args)
        if op == ExprOp.NEW:
            types = [one for one in r.eval(facts.path, args[0]) if one[0] == t.TYPE]
            types = [one for one in types if r.kind_of(one[1]) != DefKind.INTERFACE] or types
            found: list[Ref] = []
            for one in types[:1]:
                chosen = self.select(r, facts, self.constructors_of(r, one), args[1:])
                found.extend(candidate.ref for candidate in chosen)
                if not found and r.facts(one[1][0]) is not None:
                    found.append(one[1])
            return found
        return [candidate.ref for candidate in self.selected(r, facts, expr)]

    def _referred(self, r: Resolver, facts: FileFacts, args: Sequence[int]) -> list[Ref]:
        """The method that ``a::b`` means, of overloads the one that fits what is expected there."""
        found: list[tuple[bool, Candidate]] = []
        for one in r.eval(facts.path, args[0]):
            found.extend(
                (one[0] == t.TYPE and not self.is_static(r, candidate.ref), candidate)
                for candidate in self.methods_of(r, one, facts.names[args[1]])
            )
        if len(found) < 2 or len(args) < 3 or args[2] <= 0:
            return [candidate.ref for _, candidate in found]
        rated: list[tuple[int, Ref]] = []
        for expected in r.eval(facts.path, args[2]):
            for signature in self.signatures(r, facts.path, expected):
                for unbound, candidate in found:
                    given = signature[1][1:] if unbound else signature[1]
                    if self.by_number(r, [candidate], len(given)):
                        rated.append((self.score_types(r, candidate, given), candidate.ref))
        if not rated:
            return [candidate.ref for _, candidate in found]
        best = max(score for score, _ in rated)
        return list(dict.fromkeys(ref for score, ref in rated if score == best))

    def selected(self, r: Resolver, facts: FileFacts, expr: int) -> list[Candidate]:
        """The overloads that a call may mean: one, unless its arguments say too little."""
        _, callee, *args = facts.expr(expr)
        return r.query(
            ("java-selected", facts.path, expr),
            lambda: self.select(r, facts, self.candidates(r, facts, callee), args),
            [],
            0,
        )

    def call_value(self, r: Resolver, facts: FileFacts, expr: int) -> TypeSet | None:
        op, *args = facts.expr(expr)
        if op == ExprOp.NEW:
            return t.union(
                ((t.INSTANCE, one[1], one[2]),) for one in r.eval(facts.path, args[0]) if one[0] == t.TYPE
            )
        callee_op, *callee = facts.expr(args[0])
        if callee_op == ExprOp.MEMBER and facts.names[callee[1]] == "clone":
            arrays = [one for one in r.eval(facts.path, callee[0]) if self.built_in_name(r, one) == "array"]
            if arrays:
                return tuple(arrays)
        return t.union(
            self.result(r, facts, candidate, args[1:]) for candidate in self.selected(r, facts, expr)
        )

    def result(self, r: Resolver, facts: FileFacts, one: Candidate, args: Sequence[int]) -> TypeSet:
        """What a method gives, its type parameters filled in."""
        result = r.result_of(one.ref)
        owner = r.facts(one.ref[0])
        if owner is None or not result:
            return ()
        mapping = dict(one.mapping)
        own = [row for row in owner.children(one.ref[1]) if owner.def_kind[row] == DefKind.TYPE_PARAMETER]
        if own and args:
            self.infer(r, facts, one, args, mapping)
        receiver = one.receiver
        if receiver is not None and receiver[0] == t.TYPE:
            receiver = (t.INSTANCE, receiver[1], receiver[2])
        return t.substitute(result, mapping, receiver)

    def infer(
        self, r: Resolver, facts: FileFacts, one: Candidate, args: Sequence[int], mapping: dict[Ref, TypeSet]
    ) -> None:
        """Learn a method's type parameters from arguments, functions last: they may rest on the others."""
        owner = r.facts(one.ref[0])
        if owner is None:
            return
        rows = self.parameters(r, one.ref)
        functions: list[tuple[TypeSet, int]] = []
        for position, arg in enumerate(args):
            if not rows or arg <= 0:
                break
            declared = self.parameter_type(r, one._replace(mapping={}), rows, position)
            if facts.expr(arg)[0] in FUNCTIONS:
                functions.append((declared, arg))
                continue
            given = self._boxed(r, r.eval(facts.path, arg))
            if len(args) == len(rows) and any(self.built_in_name(r, each) == "array" for each in given):
                declared = r.as_type(one.ref[0], owner.def_type[rows[position]])  # an array for `T...`
            self._unify(r, declared, given, mapping)
        for declared, arg in functions:
            given = r.eval(facts.path, arg)
            for wanted in declared:
                for signature in self.signatures(r, facts.path, wanted):
                    for function in given:
                        t.unify(signature[2], self._boxed(r, self._gives(r, facts, function)), mapping)

    def _gives(self, r: Resolver, facts: FileFacts, function: Type) -> TypeSet:
        """What a lambda or a referred-to method returns."""
        if function[0] == t.CALLABLE:
            result: TypeSet = function[2]
            return result
        return r.returned(function, ()) if function[0] == t.FUNCTION else ()

    def _unify(self, r: Resolver, declared: TypeSet, given: TypeSet, mapping: dict[Ref, TypeSet]) -> None:
        """``unify``, where an argument may be of a subtype: ``List<T>`` given for ``Iterable<E>``."""
        if has_variables(given):
            # `collect(toList())`: the inner call's own type parameters follow from what is expected of it
            inner: dict[Ref, TypeSet] = {}
            t.unify(given, t.substitute(declared, mapping), inner)
            known = {
                key: value
                for key, value in inner.items()
                if self._of_method(r, key) and not has_variables(value)
            }
            given = t.substitute(given, known)
        t.unify(declared, given, mapping)
        for one in declared:
            if one[0] != t.INSTANCE or not one[2]:
                continue
            for other in given:
                if other[0] not in (t.INSTANCE, t.SELF) or other[1] == one[1]:
                    continue
                own = r.mapping(other) if other[0] == t.INSTANCE else {}
                for at, inherited in r.linearize(other[1]):
                    if at == one[1]:
                        seen = {key: t.substitute(value, own) for key, value in inherited.items()}
                        args = tuple(seen.get(parameter, ()) for parameter in r.type_parameters(at))
                        t.unify((one,), ((t.INSTANCE, at, args),), mapping)

    @staticmethod
    def _of_method(r: Resolver, ref: Ref) -> bool:
        """Whether a type parameter is a method's."""
        facts = r.facts(ref[0])
        return facts is not None and facts.def_kind[facts.def_owner[ref[1]]] == DefKind.METHOD

    def _boxed(self, r: Resolver, types: TypeSet) -> TypeSet:
        """Primitive types as the classes that stand for them in type arguments."""
        found: list[Type] = []
        for one in types:
            box = BOXES.get(self.built_in_name(r, one))
            found.extend((t.INSTANCE, ref, ()) for ref in self.builtin(r, box)) if box else found.append(one)
        return tuple(found)

    # -- values

    def element(self, r: Resolver, one: Type) -> TypeSet:
        """The element of an array, or what an Iterable gives."""
        if one[0] == t.TYPEVAR:
            return t.union(self.element(r, bound) for bound in r.bound(one[1]))
        if one[0] not in (t.INSTANCE, t.SELF):
            return ()
        if self.built_in_name(r, one) == "array":
            first: TypeSet = one[2][0] if one[2] else ()
            return first
        own = r.mapping(one) if one[0] == t.INSTANCE else {}
        for at, mapping in r.linearize(one[1]):
            if r.is_builtin(at) and r.simple_name(at) == "Iterable":
                parameters = r.type_parameters(at)
                seen = {**own, **mapping} if at != one[1] else own
                return t.substitute(seen.get(parameters[0], ()), own) if parameters else ()
        return ()

    def index(self, r: Resolver, path: str, one: Type, key: int) -> TypeSet:
        return self.element(r, one)

    def signatures(self, r: Resolver, path: str, one: Type) -> list[Type]:
        """The one abstract method of a functional interface, as a function."""
        if one[0] == t.CALLABLE:
            return [one]
        if one[0] == t.TYPEVAR:
            return [found for bound in r.bound(one[1]) for found in self.signatures(r, path, bound)]
        if one[0] != t.INSTANCE or r.kind_of(one[1]) != DefKind.INTERFACE:
            return []
        method = self._only_abstract(r, one[1])
        if method is None:
            return []
        ref, inherited = method
        facts = r.facts(ref[0])
        if facts is None:
            return []
        own = r.mapping(one)
        mapping = {**own, **{key: t.substitute(value, own) for key, value in inherited.items()}}
        params = tuple(
            t.substitute(r.as_type(ref[0], facts.def_type[row]), mapping) for row in self.parameters(r, ref)
        )
        return [(t.CALLABLE, params, t.substitute(r.result_of(ref), mapping))]

    def _only_abstract(self, r: Resolver, ref: Ref) -> tuple[Ref, dict[Ref, TypeSet]] | None:
        def compute() -> tuple[Ref, dict[Ref, TypeSet]] | None:
            found: list[tuple[Ref, dict[Ref, TypeSet]]] = []
            seen: set[tuple[str, int]] = set()
            for at, mapping in r.linearize(ref):
                facts = r.facts(at[0])
                for row in facts.children(at[1]) if facts is not None else ():
                    if facts is None or facts.def_kind[row] != DefKind.METHOD:
                        continue
                    shape = (facts.name(row), len(self.parameters(r, (at[0], row))))
                    if shape in seen or shape[0] in ("equals", "hashCode", "toString"):
                        continue
                    seen.add(shape)
                    if facts.def_flags[row] & DefFlag.ABSTRACT:
                        found.append(((at[0], row), mapping))
            return found[0] if len(found) == 1 else None

        return r.query(("java-abstract", ref), compute, None)

    def array(self, r: Resolver, path: str, element: TypeSet) -> TypeSet:
        return tuple((t.INSTANCE, ref, (element,)) for ref in self.builtin(r, "array"))


def _called_member(facts: FileFacts, row: int) -> Sequence[int] | None:
    """The expression by which an occurrence names a member (``a.m()``, ``A::m``, ``{@link A#m(int)}``); None of others."""
    target, expr = facts.occ_target[row], facts.occ_expr[row]
    if expr <= 0 or target not in (MEMBER, CALLED):
        return None
    if target == MEMBER:
        return (int(ExprOp.MEMBER), expr)
    made = facts.expr(expr)
    if made[0] == ExprOp.CALL and made[1] > 0:
        made = facts.expr(made[1])
    return made if made[0] in (ExprOp.MEMBER, ExprOp.METHOD) and made[1] > 0 else None


def _head(facts: FileFacts, expr: int) -> object:
    """A type expression by its names only, type arguments left out."""
    if expr <= 0:
        return None
    op, *args = facts.expr(expr)
    if op == ExprOp.NAME:
        return facts.names[args[0]]
    if op == ExprOp.DEF:
        return facts.name(args[0])
    if op == ExprOp.MEMBER:
        return facts.names[args[1]]
    if op == ExprOp.GENERIC:
        return _head(facts, args[0])
    if op == ExprOp.ARRAY:
        return ("array", _head(facts, args[0]))
    return op


RULES = JavaRules()
