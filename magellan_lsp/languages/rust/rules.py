"""How Rust's names are linked: crates and modules, impls and traits, deref, patterns, closures."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, Role
from magellan_lsp.languages.rust import filled, installed, macro_calls, modules
from magellan_lsp.languages.rust.names import MACROS, SPACES, TYPES, VALUES
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.evaluate import variables_of
from magellan_lsp.resolve.rules import CLASS_LIKE, Member, Rules
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_STUB = modules.STUB
#: What primitive types are called in the stubs.
_PRIMITIVES = {
    "str": "Str", "[]": "Slice", "bool": "Bool", "char": "Char", "f32": "F32", "f64": "F64",
    "u8": "U8", "u16": "U16", "u32": "U32", "u64": "U64", "u128": "U128", "usize": "Usize",
    "i8": "I8", "i16": "I16", "i32": "I32", "i64": "I64", "i128": "I128", "isize": "Isize",
}  # fmt: skip
_SOURCE_NAMES = {stub: name for name, stub in _PRIMITIVES.items()}
_BLANKET = "*"
_NO_BINDING = -1
_PROJECTIONS = frozenset({"project", "project_ref", "project_mut"})
_PATHS = frozenset(map(int, (ExprOp.PATH, ExprOp.GENERIC, ExprOp.TYPEOF)))
_WRITTEN = int(DefFlag.SYNTHETIC | DefFlag.STATIC)
_MARKERS = frozenset({"Sized", "Send", "Sync", "Unpin", "Copy", "Any", "UnwindSafe", "RefUnwindSafe"})
_TRIED = frozenset({"Result", "Option", "Poll", "ControlFlow"})


class RustRules(Rules):
    """See the module."""

    stubs = (("rust", "std.rs"),)
    mentions_call_in = True  # who hands a function on (`map(clean)`) is one of its callers
    implemented_references = True
    whole_text = True
    callees = CLASS_LIKE | {int(DefKind.FUNCTION), int(DefKind.METHOD), int(DefKind.ENUM_MEMBER)}  # no macro

    # -- names

    def space_of(self, facts: FileFacts, row: int) -> int:
        mark = facts.occ_expr[row]
        if mark > 0 and facts.expr(mark)[0] == ExprOp.NAME:
            return facts.expr(mark)[3]
        return TYPES if facts.occ_role[row] == Role.TYPE else VALUES

    def open_in(self, r: Resolver, facts: FileFacts, scope: int, name: str, space: int) -> list[Ref]:
        if name == "Self":
            return self._self_type(r, facts, scope)
        if facts.path.startswith("<"):
            if name in ("super", "std"):
                return [(_STUB, 0)]
            return self.builtin(r, _PRIMITIVES.get(name, name))
        if space & TYPES:
            primitive = _PRIMITIVES.get(name)
            if primitive is not None:
                return self.builtin(r, primitive)
            if name in ("crate", "self", "super", "$crate") or name.startswith("::"):
                return modules.head(r, facts, scope, name)
        found = modules.in_sight(r, facts, scope, name, space)
        if found:
            return found
        if space & MACROS:
            return modules.exported_macros(r, modules.root_of(r, facts.path), name)
        if space & TYPES:
            crate = modules.crate_named(r, facts.path, name)
            if crate is not None:
                return [crate]
        return [] if name in _SOURCE_NAMES else self.builtin(r, name)

    def builtin(self, r: Resolver, name: str) -> list[Ref]:
        found = super().builtin(r, name)
        return [ref for one in found for ref in r.definition_targets(*one)]

    def stands_for(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """``Self`` means a type, and stands for the impl around it. Associated types and constants of an impl stand for the
        trait's.
        """
        if facts.names[facts.occ_name[row]] != "Self":
            return self._in_trait(r, r.occurrence_targets(facts.path, row))
        scope = facts.occ_scope[row]
        while scope > 0:
            owner = facts.scope_def[scope]
            if owner > 0 and facts.def_kind[owner] == DefKind.IMPL:
                return [(facts.path, owner)]
            scope = facts.scope_parent[scope]
        return []

    def _in_trait(self, r: Resolver, refs: list[Ref]) -> list[Ref]:
        """The trait's associated types and constants for those of impls; [] where one is no impl's or its trait unknown."""
        found: dict[Ref, None] = {}
        for ref in refs:
            above = self.overrides(r, ref) if r.kind_of(ref) in (DefKind.TYPE_ALIAS, DefKind.CONSTANT) else []
            if not above or any(r.is_builtin(one) for one in above):
                return []
            found.update(dict.fromkeys(above))
        return list(found)

    def _self_type(self, r: Resolver, facts: FileFacts, scope: int) -> list[Ref]:
        """The type that ``Self`` stands for."""
        while scope > 0:
            owner = facts.scope_def[scope]
            if owner > 0:
                kind = facts.def_kind[owner]
                if kind == DefKind.IMPL:
                    row = self._extension_of(r, facts, owner)
                    types = self._extended(r, facts, row) if row >= 0 else ()
                    return [ref for one in types if (ref := r.ref_of(one)) is not None]
                if kind in CLASS_LIKE:
                    return [(facts.path, owner)]
            scope = facts.scope_parent[scope]
        return []

    def import_targets(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        module = facts.names[facts.import_module[row]]
        bound, scope = facts.import_def[row], facts.import_scope[row]
        named = facts.import_name[row]
        if named < 0:
            if module.endswith("!"):
                return []
            return modules.walk(r, facts, scope, module, bound)
        name = facts.names[named]
        if not module or module == "::":
            return modules.head(r, facts, scope, module + name, bound) or (
                modules.in_sight(r, facts, scope, name, 0, bound) if not module else []
            )
        if name == "super":
            module, name = f"{module}::super", ""
        found = modules.walk(r, facts, scope, module, bound)
        if not found:
            return modules.passed_on(r, facts.path, module, name)
        if name:
            found = [ref for one in found for ref in modules.step(r, one, name)]
        return list(dict.fromkeys(found))

    def module_part(self, r: Resolver, facts: FileFacts, row: int, prefix: str) -> list[Ref]:
        return modules.walk(r, facts, facts.import_scope[row], prefix, facts.import_def[row])

    def export(self, r: Resolver, path: str, name: str) -> list[Ref]:
        return modules.members(r, (path, 0), name)

    def definition_value(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet | None:
        kind = facts.def_kind[row]
        if kind == DefKind.MODULE and modules.is_declaration(facts, row):
            target = modules.file_of(r, (facts.path, row))
            return ((t.MODULE, target),) if target is not None else ()
        if kind == DefKind.ENUM_MEMBER:
            owner = (facts.path, facts.def_owner[row])
            if facts.def_body[row] >= 0:
                return ((t.FUNCTION, (facts.path, row), None),)
            return ((t.INSTANCE, owner, ()),)
        if kind == DefKind.TYPE_ALIAS and facts.def_type[row] <= 0:
            return ((t.TYPEVAR, (facts.path, row)),)  # an associated type that an impl fills in
        return None

    def variable_value(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet | None:
        return filled.variable(r, facts, row, self._holder)

    def _holder(self, r: Resolver, ref: Ref) -> TypeSet:
        """The type that the impl is for which has a member."""
        facts = r.facts(ref[0])
        row = self._extension_of(r, facts, facts.def_owner[ref[1]]) if facts is not None else -1
        return self._extended(r, facts, row) if facts is not None and row >= 0 else ()

    # -- types

    def type_parameters(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        """Of a trait, its associated types come after them; a variant has those of its enum."""
        facts = r.facts(ref[0])
        if facts is None:
            return ()
        row = ref[1]
        if facts.def_kind[row] == DefKind.ENUM_MEMBER:
            row = facts.def_owner[row]
        children = facts.children(row)
        found = [(ref[0], child) for child in children if facts.def_kind[child] == DefKind.TYPE_PARAMETER]
        if facts.def_kind[row] == DefKind.TRAIT:
            found += [(ref[0], child) for child in children if facts.def_kind[child] == DefKind.TYPE_ALIAS]
        return found

    def special_form(self, r: Resolver, path: str, base: TypeSet, args: Sequence[TypeSet]) -> TypeSet | None:
        if any(one[0] == t.FUNCTION for one in base):
            return t.union(self._explicit(r, one, args) for one in base)
        if not any(one[0] == t.BINDING for arg in args for one in arg):
            return None
        found: list[Type] = []
        for one in base:
            if one[0] == t.TYPE:
                found.append((t.INSTANCE, one[1], self._by_name(r, one[1], args)))
            elif one[0] in (t.TYPEVAR, t.SELF):
                found.append(one)
        return tuple(found)

    def _by_name(self, r: Resolver, ref: Ref, args: Sequence[TypeSet]) -> tuple[TypeSet, ...]:
        """Type arguments in the order of the parameters, those given by name put in their places."""
        named = {one[1]: one[2] for arg in args for one in arg if one[0] == t.BINDING}
        plain = [arg for arg in args if not any(one[0] == t.BINDING for one in arg)]
        parameters = r.type_parameters(ref)
        found = []
        for at, parameter in enumerate(parameters):
            name = r.simple_name(parameter)
            found.append(named[name] if name in named else plain[at] if at < len(plain) else ())
        return tuple(found)

    def _explicit(self, r: Resolver, one: Type, args: Sequence[TypeSet]) -> TypeSet:
        """``function::<T>``: a function that gives what the arguments say."""
        if one[0] != t.FUNCTION:
            return (one,)
        receiver = one[2]
        if receiver is not None and r.simple_name(one[1]) in filled.COLLECTING:
            items = self.element(r, receiver)
            args = [tuple(filled.collected(r, wanted, items) for wanted in arg) for arg in args]
        mapping = dict(zip(self._own_parameters(r, one[1]), args, strict=False))
        result = t.substitute(r.returned(one, ()), mapping)
        return ((t.CALLABLE, (), result),)

    def _own_parameters(self, r: Resolver, ref: Ref) -> list[Ref]:
        facts = r.facts(ref[0])
        if facts is None:
            return []
        return [
            (ref[0], row) for row in facts.children(ref[1]) if facts.def_kind[row] == DefKind.TYPE_PARAMETER
        ]

    def literal(self, r: Resolver, path: str, name: str, elements: Sequence[TypeSet]) -> TypeSet:
        found = self.builtin(r, _PRIMITIVES.get(name, name))
        return tuple((t.INSTANCE, ref, tuple(elements)) for ref in found)

    def array(self, r: Resolver, path: str, element: TypeSet) -> TypeSet:
        return self.literal(r, path, "[]", [element])

    def bound(self, r: Resolver, ref: Ref) -> TypeSet:
        """Of ``T: Trait<T::Item>``, which names itself, as much as the depth allows."""
        nothing: TypeSet = ()
        return r.query(("rust-bound", ref), lambda: super(RustRules, self).bound(r, ref), nothing)

    def signatures(self, r: Resolver, path: str, one: Type) -> list[Type]:
        if one[0] == t.TYPEVAR:
            return [found for found in r.bound(one[1]) if found[0] == t.CALLABLE]
        if one[0] == t.INSTANCE:
            return [found for arg in one[2][:1] for found in arg if found[0] == t.CALLABLE]
        return []

    def assoc(self, r: Resolver, one: Type, trait: str, name: str) -> TypeSet:
        """What a type's impl of a trait says that an associated type is, as instances."""
        if one[0] == t.TYPEVAR:
            return t.union(self.assoc(r, bound, trait, name) for bound in r.bound(one[1]))
        if one[0] not in (t.INSTANCE, t.SELF):
            return ()
        for at, _ in self.member_order(r, one[1]):
            if r.simple_name(at) == trait:
                break
        else:
            return ()
        found = []
        for ref, receiver in r.member_of(one[1][0], (one,), name):
            if r.kind_of(ref) == DefKind.TYPE_ALIAS:
                found.append(r.value_through(ref, receiver))
        return as_instances(r, t.union(found))

    def element(self, r: Resolver, one: Type) -> TypeSet:
        if one[0] == t.TUPLE:
            return ()
        if one[0] == t.INSTANCE or one[0] == t.TYPEVAR:
            for trait in ("IntoIterator", "Iterator"):
                found = self.assoc(r, one, trait, "Item")
                if found:
                    return found
            target = self.assoc(r, one, "Deref", "Target")
            if target:
                return self._through(
                    r, ("element", one), lambda: t.union(self.element(r, inner) for inner in target)
                )
            if (
                one[0] == t.INSTANCE and one[2] and r.is_builtin(one[1])
            ):  # an adapter gives what it adapts gives
                return t.union(self.element(r, inner) for inner in one[2][0])
        return ()

    def index(self, r: Resolver, path: str, one: Type, key: int) -> TypeSet:
        facts = r.facts(path)
        if facts is not None and key > 0:
            op, *args = facts.expr(key)
            if op == ExprOp.LITERAL and facts.names[args[0]].startswith("Range"):
                return (one,)
        found = self.assoc(r, one, "Index", "Output")
        if found:
            return found
        target = self.assoc(r, one, "Deref", "Target")
        return self._through(
            r,
            ("index", one, path, key),
            lambda: t.union(self.index(r, path, inner, key) for inner in target),
        )

    @staticmethod
    def _through(r: Resolver, key: Hashable, look: Callable[[], TypeSet]) -> TypeSet:
        """What ``Deref`` leads to, as a question of its own: types may dereference to each other."""
        nothing: TypeSet = ()
        return r.query(("deref", key), look, nothing)

    def unpack(self, r: Resolver, one: Type, position: int) -> TypeSet:
        if one[0] == t.TUPLE:
            part: TypeSet = one[1][position] if position < len(one[1]) else ()
            return part
        return ()

    def deref(self, r: Resolver, one: Type) -> TypeSet:
        return self.assoc(r, one, "Deref", "Target") or (one,)

    def attempt(self, r: Resolver, one: Type) -> TypeSet:
        if one[0] == t.INSTANCE and one[2] and r.simple_name(one[1]) in _TRIED:
            first: TypeSet = one[2][0]
            return first
        return ()

    def awaited(self, r: Resolver, one: Type) -> TypeSet:
        return self.assoc(r, one, "Future", "Output") or self.assoc(r, one, "IntoFuture", "Output") or (one,)

    # -- members

    def companions(self, r: Resolver, path: str, name: str) -> Sequence[str]:
        """Impls usually stand in the type's own file or beside it."""
        return installed.with_impls(r, path, name)

    def extensions(self, r: Resolver, ref: Ref) -> list[tuple[str, int]]:
        """Impls of a type in any file; of a built-in type, also those that the workspace adds."""

        def compute() -> list[tuple[str, int]]:
            name = r.simple_name(ref)
            paths = list(r.source.extending(_SOURCE_NAMES.get(name, name)))
            if r.installed is not None and r.installed.covers(ref[0]):
                paths += self.companions(r, ref[0], name)
            names = {name}
            if r.is_builtin(ref):
                paths.extend((ref[0], modules.CRATES_STUB) if ref[0] == _STUB else (ref[0],))
                names.add(_SOURCE_NAMES.get(name, name))
            found = []
            for path in paths:
                facts = r.facts(path)
                if facts is None or facts.language != "rust":
                    continue
                rows: list[int] = []
                for one in names:
                    rows += r.extended(facts, one, partial(self._extended, r)).get(ref, ())
                found += [(path, row) for row in sorted(rows)]
            return found

        return r.query(("rust-impls", ref), compute, [])

    def extra_bases(self, r: Resolver, ref: Ref) -> TypeSet:
        """Traits that impls give the type."""
        if r.kind_of(ref) == DefKind.TRAIT:
            return ()
        found: dict[Ref, Type] = {}
        for path, row in self.extensions(r, ref):
            facts = r.facts(path)
            if facts is not None and facts.extension_trait[row] > 0:
                found.update((one[1], one) for one in self._implemented(r, facts, row, ref))
        return tuple(found.values())

    def _implemented(self, r: Resolver, facts: FileFacts, row: int, ref: Ref) -> TypeSet:
        """The trait of an impl, its parameters and associated types filled in with the type's parameters."""
        receiver = (t.INSTANCE, ref, tuple(((t.TYPEVAR, one),) for one in r.type_parameters(ref)))
        mapping: dict[Ref, TypeSet] = {}
        t.unify(self._extended(r, facts, row), (receiver,), mapping)
        body = facts.def_body[facts.extension_def[row]]
        found: list[Type] = []
        for one in r.as_type(facts.path, facts.extension_trait[row]):
            if one[0] != t.INSTANCE:
                continue
            args = []
            for at, parameter in enumerate(r.type_parameters(one[1])):
                given = one[2][at] if at < len(one[2]) else ()
                own = facts.members(body).get(r.simple_name(parameter)) if body >= 0 else None
                if own and r.kind_of(parameter) == DefKind.TYPE_ALIAS:
                    given = r.as_type(facts.path, facts.def_type[own[0]])
                args.append(t.substitute(given, mapping))
            found.append((t.INSTANCE, one[1], tuple(args)))
        return tuple(found)

    def receiver_mapping(
        self, r: Resolver, ref: Ref, receiver: Type, mapping: dict[Ref, TypeSet]
    ) -> dict[Ref, TypeSet]:
        """Also what the parameters of the impl stand for that holds the member."""
        facts = r.facts(ref[0])
        if facts is None or receiver[0] not in (t.INSTANCE, t.TYPE):
            return mapping
        written = self._written_for(r, facts, facts.def_owner[ref[1]])
        if written is not None:
            mapping = {**mapping, written: ((t.INSTANCE, receiver[1], receiver[2]),)}
        if not receiver[2]:
            if receiver[0] == t.TYPE:
                return mapping  # `Point::new(...)`: the arguments may still say what it is
            given = self._defaults(r, receiver[1])
            if not given:
                return mapping
            mapping = {**mapping, **dict(zip(r.type_parameters(receiver[1]), given, strict=False))}
            receiver = (t.INSTANCE, receiver[1], given)
        owner = facts.def_owner[ref[1]]
        if owner <= 0 or facts.def_kind[owner] != DefKind.IMPL:
            return mapping
        row = self._extension_of(r, facts, owner)
        if row < 0:
            return mapping
        learned: dict[Ref, TypeSet] = {}
        known = ((t.INSTANCE, receiver[1], receiver[2]),)
        t.unify(self._extended(r, facts, row), known, learned)
        return {**mapping, **learned} if learned else mapping

    def _written_for(self, r: Resolver, facts: FileFacts, owner: int) -> Ref | None:
        """The macro's variable that the type of an impl is, if a macro writes it."""
        row = (
            self._extension_of(r, facts, owner) if owner > 0 and facts.def_kind[owner] == DefKind.IMPL else -1
        )
        if row < 0 or not facts.names[facts.extension_name[row]].startswith("$"):
            return None
        return next((one[1] for one in self._extended(r, facts, row) if one[0] == t.TYPEVAR), None)

    def _extended(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet:
        """The type that an impl is for. Broken code may name the impl's own members in it: that costs depth."""
        expr = facts.extension_expr[row]
        nothing: TypeSet = ()
        return r.query(("rust-head", facts.path, row), lambda: r.as_type(facts.path, expr), nothing)

    def _defaults(self, r: Resolver, ref: Ref) -> tuple[TypeSet, ...]:
        """What a type's parameters stand for where its name stands alone; empty when none says."""
        found: list[TypeSet] = []
        for parameter in r.type_parameters(ref):
            facts = r.facts(parameter[0])
            sites = facts.sites(parameter[1]) if facts is not None else ()
            types = [r.as_type(parameter[0], facts.site_type[site]) for site in sites] if facts else []
            found.append(types[0] if types else ())
        return tuple(found) if any(found) else ()

    def complete(self, r: Resolver, result: TypeSet, mapping: dict[Ref, TypeSet]) -> None:
        """``T::Item`` where a call says what ``T`` is."""
        open_types = [v for one in result for v in variables_of(one)]
        for variable in dict.fromkeys(open_types):
            if mapping.get(variable) or r.kind_of(variable) != DefKind.TYPE_ALIAS:
                continue
            facts = r.facts(variable[0])
            if facts is None:
                continue
            trait, name = facts.name(facts.def_owner[variable[1]]), facts.name(variable[1])
            for types in list(mapping.values()):
                found = t.union(self._projected(r, one, trait, name) for one in types)
                if found:
                    mapping[variable] = found
                    break

    def _projected(self, r: Resolver, one: Type, trait: str, name: str) -> TypeSet:
        if name == "Item" and trait in ("Iterator", "IntoIterator"):
            return self.element(r, one)
        return self.assoc(r, one, trait, name)

    def _extension_of(self, r: Resolver, facts: FileFacts, impl: int) -> int:
        """The row of the extension table that an impl is, or -1."""

        def compute() -> dict[int, int]:
            rows = reversed(
                list(enumerate(facts.extension_def))
            )  # the first of them is the impl as it is written
            return {definition: row for row, definition in rows}

        nothing: dict[int, int] = {}
        return r.query(("rust-impl-rows", facts.path), compute, nothing, 0).get(impl, -1)

    def choose(self, r: Resolver, path: str, found: list[Ref]) -> list[Ref]:
        """A type's own members come before those that traits give it."""
        if len(found) < 2:
            return found
        own = [ref for ref in found if not self._of_trait(r, ref)] or found
        return modules.likely(r, [ref for ref in own if not self._in_unlikely(r, ref)] or own)

    def seen_on(self, r: Resolver, one: Type, name: str, found: list[Member]) -> list[Member]:
        """Of the members of ``impl Builder<Open>`` and ``impl Builder<Closed>`` those for a value's arguments."""
        if one[0] not in (t.INSTANCE, t.TYPE) or not any(one[2]):
            return found
        fitting = [
            member
            for member in found
            if (heads := self._holder(r, member[0])) == () or any(_fits(head, one) for head in heads)
        ]
        return fitting or found

    def _in_unlikely(self, r: Resolver, ref: Ref) -> bool:
        """Whether the impl that holds a member is left out of an ordinary build."""
        facts = r.facts(ref[0])
        if facts is None:
            return False
        owner = facts.def_owner[ref[1]]
        return owner > 0 and bool(facts.def_flags[owner] & DefFlag.UNLIKELY)

    def _of_trait(self, r: Resolver, ref: Ref) -> bool:
        facts = r.facts(ref[0])
        if facts is None:
            return False
        owner = facts.def_owner[ref[1]]
        if owner <= 0 or facts.def_kind[owner] != DefKind.IMPL:
            return False
        row = self._extension_of(r, facts, owner)
        return row >= 0 and facts.extension_trait[row] >= 0

    def member_fallback(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        tag = one[0]
        if tag == t.TYPE:
            facts = r.facts(one[1][0])
            if facts is not None and facts.def_kind[one[1][1]] == DefKind.MODULE:
                return [(ref, None) for ref in modules.members(r, one[1], name)]
        if tag == t.INSTANCE:
            target = self.assoc(r, one, "Deref", "Target")
            if target and target != (one,):
                nothing: list[tuple[Ref, Type | None]] = []
                found = r.query(("deref", one, path, name), lambda: r.member_of(path, target, name), nothing)
                if found:
                    return found
        if tag in (t.INSTANCE, t.TYPE, t.SELF, t.TUPLE, t.CALLABLE, t.FUNCTION):
            return self._blanket(r, one, name)
        return []

    def _blanket(self, r: Resolver, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        """Members that ``impl<T> Trait for T`` gives to every type that meets its bounds."""
        for ref, bounds in self._blanket_members(r, name):
            if all(self._meets(r, one, bound) for bound in bounds):
                return [(ref, one)]
        return []

    def _meets(self, r: Resolver, one: Type, trait: Ref | None) -> bool:
        if one[0] not in (t.INSTANCE, t.TYPE, t.SELF):
            return False
        if (
            trait is None
        ):  # one of another crate, which the workspace's types may implement and those of std hardly
            return not r.is_builtin(one[1])
        return any(at == trait for at, _ in r.rules(one[1][0]).member_order(r, one[1]))

    def _blanket_members(self, r: Resolver, name: str) -> list[tuple[Ref, list[Ref | None]]]:
        """Members of a name in blanket impls, each with the traits that its type must implement."""

        def compute() -> list[tuple[Ref, list[Ref | None]]]:
            found: list[tuple[Ref, list[Ref | None]]] = []
            for path in [*r.source.extending(_BLANKET), _STUB]:
                facts = r.facts(path)
                if facts is None or facts.language != "rust":
                    continue
                for row in facts.extensions_named(_BLANKET):
                    member = self._impl_member(r, facts, row, name)
                    if member is not None:
                        found.append((member, self._bounds_of(r, facts, row)))
            return found

        return r.query(("rust-blanket", name), compute, [])

    def _impl_member(self, r: Resolver, facts: FileFacts, row: int, name: str) -> Ref | None:
        """The member that an impl has, or its trait gives it."""
        body = facts.def_body[facts.extension_def[row]]
        rows = facts.members(body).get(name) if body >= 0 else None
        if rows:
            return (facts.path, rows[0])
        for one in r.as_type(facts.path, facts.extension_trait[row]):
            ref = r.ref_of(one)
            if ref is not None:
                found = r.own_members(ref, name)
                if found:
                    return found[0]
        return None

    def _bounds_of(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref | None]:
        """Traits that the type of a blanket impl must implement; None for all whose crate is not known."""
        found: list[Ref | None] = []
        for one in self._extended(r, facts, row):
            if one[0] != t.TYPEVAR:
                continue
            for base in r.base_rows(one[1]):
                bounds = r.as_type(facts.path, facts.base_expr[base])
                if not bounds and not self._is_marker(facts, facts.base_expr[base]):
                    found.append(None)
                for bound in bounds:
                    ref = r.ref_of(bound)
                    if bound[0] == t.INSTANCE and ref is not None:
                        found.append(ref)
        return found

    def _is_marker(self, facts: FileFacts, expr: int) -> bool:
        """Whether a bound that is not known is one of those that nearly every type meets."""
        op, *args = facts.expr(expr)
        if op == ExprOp.GENERIC:
            return self._is_marker(facts, args[0])
        if op == ExprOp.DEF:
            return facts.name(args[0]) in _MARKERS
        if op == ExprOp.NAME or op == ExprOp.PATH:
            return facts.names[args[op == ExprOp.PATH]] in _MARKERS
        return True

    def member_without_definition(self, r: Resolver, path: str, one: Type, name: str) -> TypeSet:
        if one[0] == t.TUPLE and name.isdigit():
            return self.unpack(r, one, int(name))
        if name in _PROJECTIONS and one[0] == t.INSTANCE:
            # what pin-project's macros write has the fields of the type
            pinned = self.deref(r, one)
            return tuple((t.CALLABLE, (), (part,)) for part in pinned if not r.is_builtin(part[1]))
        return ()

    def behind(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        """What the stubs call ``Vec`` and every file knows without an import is std's; of its members those of the name."""
        facts = r.facts(ref[0])
        if facts is None or ref[0] != _STUB:
            return ()
        owner = facts.def_owner[ref[1]]
        if owner <= 0:
            return modules.in_prelude(r, facts.name(ref[1]), SPACES.get(facts.def_kind[ref[1]], 0))
        if facts.def_kind[owner] == DefKind.IMPL:
            row = self._extension_of(r, facts, owner)
            types = self._extended(r, facts, row)
            holders = [holder for one in types if (holder := r.ref_of(one)) is not None]
        else:
            holders = [(ref[0], owner)]
        name = facts.name(ref[1])
        real = [one for holder in holders for one in self.behind(r, holder)]
        found = [one for holder in real for one in r.find_in_class(holder, name)]
        for _, row in () if found else holders:
            found += self._of_primitive(r, facts.name(row), name)
        return self.choose(r, ref[0], found)[:1]

    def _of_primitive(self, r: Resolver, stub: str, name: str) -> list[Ref]:
        """The installed member of a primitive type, whose impls stand in files that everybody knows."""
        found: list[Ref] = []
        for path in installed.primitive_files(r, stub):
            facts = r.facts(path)
            if facts is None:
                continue
            for row in facts.extensions_named(_SOURCE_NAMES.get(stub, stub)):
                body = facts.def_body[facts.extension_def[row]]
                if body >= 0:
                    found.extend((path, member) for member in facts.members(body).get(name, ()))
        return found

    # -- calls and patterns

    def called(self, r: Resolver, facts: FileFacts, expr: int) -> list[Ref]:
        """What ``Type::function(...)`` means: of the impls of one trait, the one for what is given."""
        kind, callee, *args = facts.expr(expr)
        if kind == ExprOp.ASSOC:
            return self._associated(r, facts, facts.expr(callee)[1], facts.names[args[0]], args[1])
        op, *parts = facts.expr(callee)
        if op != ExprOp.PATH:
            return super().called(r, facts, expr)
        found = r.member_targets(facts.path, parts[0], facts.names[parts[1]])
        if len(found) < 2:
            return found
        found = self._for_role(r, found, Role.CALL)
        return self._for_arguments(r, facts, found, args) if len(found) > 1 else found

    def _associated(self, r: Resolver, facts: FileFacts, impl: int, name: str, itself: int) -> list[Ref]:
        """What ``Self::Item`` means in an impl. It stands for the trait's, and so for nothing when that is elsewhere."""
        row, body = self._extension_of(r, facts, impl), facts.def_body[impl]
        own = facts.members(body).get(name) if body >= 0 else None
        if own is None or row < 0:
            found = r.member_targets(facts.path, itself, name)
            return self._for_role(r, found, Role.TYPE) if len(found) > 1 else found
        traits = r.as_type(facts.path, facts.extension_trait[row]) if facts.extension_trait[row] > 0 else ()
        refs = [ref for one in traits if (ref := r.ref_of(one)) is not None]
        if facts.extension_trait[row] > 0 and (r.installed is None and all(map(r.is_builtin, refs))):
            return []
        return [(facts.path, at) for at in own]

    def _for_arguments(
        self, r: Resolver, facts: FileFacts, found: list[Ref], args: Sequence[int]
    ) -> list[Ref]:
        """Of several functions those whose parameters agree best with what a call gives."""
        given = [r.eval(facts.path, arg) for arg in args]
        rated: list[tuple[int, Ref]] = []
        for ref in found:
            owner = r.facts(ref[0])
            score = 0
            rows = self.parameters(r, ref)
            if owner is not None and self._has_receiver(owner, ref[1]):
                rows = rows[:0]
            for row, types in zip(rows, given, strict=False):
                if owner is not None and types and owner.def_type[row] > 0:
                    score += _agreement(r.as_type(ref[0], owner.def_type[row]), types)
            rated.append((score, ref))
        best = max(score for score, _ in rated)
        return [ref for score, ref in rated if score == best]

    @staticmethod
    def _has_receiver(facts: FileFacts, row: int) -> bool:
        return not facts.def_flags[row] & DefFlag.STATIC

    def narrow(self, r: Resolver, facts: FileFacts, row: int, found: list[Ref]) -> list[Ref]:
        """Methods and fields have name spaces of their own; an impl's member says more than its trait's."""
        role = facts.occ_role[row]
        if role == Role.READ and any(one[0] == t.TYPE for one in r.eval(facts.path, facts.occ_expr[row])):
            role = Role.CALL  # `Type::method` as a value: no field stands behind a type
        return self._for_role(r, found, role)

    def _for_role(self, r: Resolver, found: list[Ref], role: int) -> list[Ref]:
        space = TYPES if role == Role.TYPE else VALUES | MACROS if role == Role.CALL else VALUES
        kept = [ref for ref in found if SPACES.get(r.kind_of(ref), 0) & space] or found
        kept = [ref for ref in kept if (r.kind_of(ref) == DefKind.FIELD) != (role == Role.CALL)] or kept
        if not any(self._is_declared(r, ref) for ref in kept):
            return kept
        implemented = {declared for ref in kept for declared in self.overrides(r, ref)}
        return [ref for ref in kept if ref not in implemented] or kept

    def _is_declared(self, r: Resolver, ref: Ref) -> bool:
        """Whether a definition is a trait's member, which impls implement."""
        facts = r.facts(ref[0])
        if facts is None:
            return False
        owner = facts.def_owner[ref[1]]
        return owner > 0 and facts.def_kind[owner] == DefKind.TRAIT

    def member_of_unknown(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """A method called on a value whose type is not known is that of the one trait of the workspace which has a method of
        the name and is in scope: traits are brought into scope for the sake of their methods.
        """
        if facts.occ_role[row] != Role.CALL or not self._is_value(facts, facts.occ_expr[row]):
            return []
        if r.eval(facts.path, facts.occ_expr[row]):
            return []
        name = facts.names[facts.occ_name[row]]
        for trait, method in self._trait_methods(r, name):
            trait_name = r.simple_name(trait)
            if facts.name_index(trait_name) < 0:
                continue
            if trait in r.open_name(facts.path, facts.occ_scope[row], trait_name, TYPES):
                return [method]
            if any(
                trait in r.import_targets(facts.path, at) for at in self._nameless_imports(facts, trait_name)
            ):
                return [method]
        return []

    @staticmethod
    def _is_value(facts: FileFacts, expr: int) -> bool:
        """Whether an expression is what stands before a dot, no path."""
        op, *args = facts.expr(expr)
        return op not in _PATHS and not (op == ExprOp.NAME and args[2] == TYPES)

    @staticmethod
    def _nameless_imports(facts: FileFacts, name: str) -> list[int]:
        """Rows of ``use Trait as _``."""
        wanted = facts.name_index(name)
        return [
            row
            for row, (imported, bound) in enumerate(zip(facts.import_name, facts.import_def, strict=True))
            if imported == wanted and bound < 0
        ]

    def _trait_methods(self, r: Resolver, name: str) -> list[tuple[Ref, Ref]]:
        """The traits with a method of a name and that method, if no type has one of its own by that name, nor std."""

        def compute() -> list[tuple[Ref, Ref]]:
            known = r.facts(_STUB)
            if known is not None and known.name_index(name) >= 0:
                return []
            found: list[tuple[Ref, Ref]] = []
            written: dict[Ref, list[Ref]] = {}
            for path in r.source.defining(name):
                facts = r.facts(path)
                if facts is None or facts.language != "rust":
                    continue
                wanted = facts.name_index(name)
                for row, text in enumerate(facts.def_name):
                    owner = facts.def_owner[row]
                    if text != wanted or facts.def_kind[row] != DefKind.METHOD or owner <= 0:
                        continue
                    if facts.def_kind[owner] == DefKind.TRAIT:
                        found.append(((path, owner), (path, row)))
                    elif not self._of_trait(r, (path, row)):
                        return []
                    else:
                        for declared in self.overrides(r, (path, row)):
                            written.setdefault(declared, []).append((path, row))
            # where one impl alone has the method, that is meant
            alone = {declared: refs[0] for declared, refs in written.items() if len(refs) == 1}
            return [(trait, alone.get(method, method)) for trait, method in found]

        return r.query(("rust-trait-methods", name), compute, [])

    def is_callee(self, r: Resolver, ref: Ref) -> bool:
        """Not the ``default`` that a ``derive`` writes, which has no text of its own."""
        facts = r.facts(ref[0])
        return facts is None or facts.def_flags[ref[1]] & _WRITTEN != _WRITTEN

    def parameters(self, r: Resolver, ref: Ref) -> list[int]:
        facts = r.facts(ref[0])
        if facts is None:
            return []
        kinds = facts.def_kind
        if kinds[ref[1]] in (DefKind.ENUM_MEMBER, DefKind.STRUCT):
            return [row for row in facts.children(ref[1]) if kinds[row] == DefKind.FIELD]
        return [
            row
            for row in facts.children(ref[1])
            if kinds[row] == DefKind.PARAMETER and facts.name(row) != "self"
        ]

    def call_result(self, r: Resolver, path: str, callee: Type, args: Sequence[TypeSet]) -> TypeSet | None:
        tag = callee[0]
        kind = r.kind_of(callee[1]) if tag == t.FUNCTION else 0
        if kind == DefKind.MACRO:
            return macro_calls.transcribed(r, callee[1], args)
        if kind == DefKind.ENUM_MEMBER:
            facts = r.facts(callee[1][0])
            if facts is None:
                return ()
            owner = (callee[1][0], facts.def_owner[callee[1][1]])
            return self._filled(r, owner, callee[1], args)
        if tag in (t.TYPEVAR, t.INSTANCE):
            return t.union(signature[2] for signature in r.signatures(path, callee))
        return None

    def _filled(self, r: Resolver, owner: Ref, constructor: Ref, args: Sequence[TypeSet]) -> TypeSet:
        """An instance whose type arguments are learned from the values of its fields."""
        parameters = r.type_parameters(owner)
        mapping: dict[Ref, TypeSet] = {}
        if parameters and args:
            r.learn(constructor, args, mapping)
        if not mapping:
            return ((t.INSTANCE, owner, ()),)
        return ((t.INSTANCE, owner, tuple(mapping.get(one, ()) for one in parameters)),)

    def constructed(self, r: Resolver, path: str, one: Type, args: Sequence[TypeSet]) -> TypeSet:
        if one[2]:
            return ((t.INSTANCE, one[1], one[2]),)
        return self._filled(r, one[1], one[1], args)

    def variant(self, r: Resolver, facts: FileFacts, value: int, path: int) -> TypeSet:
        known = r.eval(facts.path, value)
        found: list[Type] = []
        for ref in self._meant(r, facts, path):
            kind = r.kind_of(ref)
            owner = ref
            if kind == DefKind.ENUM_MEMBER:
                holder = r.facts(ref[0])
                owner = (ref[0], holder.def_owner[ref[1]]) if holder is not None else ref
            elif kind not in CLASS_LIKE:
                continue
            given = {one[2] for one in known if one[0] == t.INSTANCE and one[1] == owner and one[2]}
            found.extend((t.INSTANCE, ref, args) for args in sorted(given or {()}))
        return tuple(found)

    def _meant(self, r: Resolver, facts: FileFacts, expr: int) -> list[Ref]:
        """The struct or variant that a path in a pattern or struct expression names."""
        op, *args = facts.expr(expr)
        if op == ExprOp.DEF:
            refs = r.definition_targets(facts.path, args[0])
        elif op == ExprOp.NAME:
            refs = r.open_name(facts.path, args[1], facts.names[args[0]], args[2])
        elif op in (ExprOp.PATH, ExprOp.MEMBER):
            refs = r.member_targets(facts.path, args[0], facts.names[args[1]])
        elif op == ExprOp.GENERIC:
            return self._meant(r, facts, args[0])
        else:
            return [ref for one in r.eval(facts.path, expr) if (ref := r.ref_of(one)) is not None]
        found: list[Ref] = []
        for ref in refs:
            if r.kind_of(ref) == DefKind.TYPE_ALIAS:
                found.extend(other for one in r.value_of(ref) if (other := r.ref_of(one)) is not None)
            else:
                found.append(ref)
        return found

    # -- relations

    def overrides(self, r: Resolver, ref: Ref) -> list[Ref]:
        """The trait's member that a member of an impl implements."""
        facts = r.facts(ref[0])
        if facts is None:
            return []
        owner = facts.def_owner[ref[1]]
        if owner <= 0 or facts.def_kind[owner] != DefKind.IMPL:
            return []
        row = self._extension_of(r, facts, owner)
        if row < 0 or facts.extension_trait[row] <= 0:
            return []
        found: list[Ref] = []
        for one in r.as_type(ref[0], facts.extension_trait[row]):
            trait = r.ref_of(one)
            if trait is not None:
                found.extend(r.own_members(trait, facts.name(ref[1])))
        return found


def as_instances(r: Resolver, types: TypeSet) -> TypeSet:
    """What an associated type stands for, as values: it is known as a type or, filled in, an instance."""
    return t.union((one,) if one[0] == t.INSTANCE else r.instances_of(one) for one in types)


def _fits(head: Type, one: Type, depth: int = 0) -> bool:
    """Whether a value may be of the type that an impl is for, as far as their arguments are known."""
    if t.TYPEVAR in (head[0], one[0]) or t.SELF in (head[0], one[0]) or depth > 4:
        return True
    if head[0] == t.TUPLE and one[0] == t.TUPLE:
        if len(head[1]) != len(one[1]):
            return False
    elif head[0] not in (t.INSTANCE, t.TYPE) or one[0] not in (t.INSTANCE, t.TYPE) or head[1] != one[1]:
        return False
    return all(
        not wanted or not given or any(_fits(a, b, depth + 1) for a in wanted for b in given)
        for wanted, given in zip(_arguments(head), _arguments(one), strict=False)
    )


def _agreement(declared: TypeSet, given: TypeSet) -> int:
    """How well a value fits a parameter: below 0 where it is of another type, 0 where that is not known."""
    if not declared or not given:
        return 0
    best = -4
    for one in declared:
        for other in given:
            if one[0] == t.TYPEVAR:
                best = max(best, 1)
            elif t.TYPEVAR in (one[0], other[0]) or t.SELF in (one[0], other[0]):
                best = max(best, 0)
            elif one[0] == other[0] and (one[0] != t.INSTANCE or one[1] == other[1]):
                inner = zip(_arguments(one), _arguments(other), strict=False)
                best = max(best, 4 + sum(min(_agreement(a, b), 1) for a, b in inner))
    return best


def _arguments(one: Type) -> Sequence[TypeSet]:
    arguments: Sequence[TypeSet] = one[1] if one[0] == t.TUPLE else ()
    if one[0] in (t.INSTANCE, t.TYPE):
        arguments = one[2]
    return arguments


RULES = RustRules()
