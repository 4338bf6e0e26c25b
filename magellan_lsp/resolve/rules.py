"""What a language decides in linking. A language's ``rules.py`` subclasses :class:`Rules`; the engine is one.

A rules object is made once per language and holds no state of a workspace: everything it needs comes with
``r``, the
resolver (:class:`~magellan_lsp.resolve.resolver.Resolver`), whose look-ups are cached and limited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.languages.registry import get_language
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

#: Definitions that are types.
CLASS_LIKE = frozenset(
    int(kind)
    for kind in (DefKind.CLASS, DefKind.STRUCT, DefKind.INTERFACE, DefKind.TRAIT, DefKind.ENUM, DefKind.UNION)
)
FUNCTION_LIKE = frozenset(
    int(kind) for kind in (DefKind.FUNCTION, DefKind.METHOD, DefKind.CONSTRUCTOR, DefKind.MACRO)
)
#: So many members of one name in one base can be overridden by a member of that name: each of one class by each of the
#: other would be their product.
MAX_OVERRIDDEN = 64

#: A member with what type parameters stand for where it is declared.
Member = tuple[Ref, dict[Ref, TypeSet]]


class Rules:
    """The defaults suit a language without surprises; override what differs.

    Attributes:
        stubs: (package, file) of small sources in the language itself that describe the built-in types we
        need; they
            take part in inference and are never answered as places. Their paths begin with ``<builtin>/``.
        awaitable: simple names of types that AWAIT unwraps to their first argument.
        call_member: member that makes an instance callable (Python ``__call__``).
        invokers: members of a function that call it (JavaScript ``call``).
        get_member: member of a value that says what reading it as another's member gives (Python ``__get__``).
        construct_member: member that says what ``new`` gives on an instance (a TypeScript construct
        signature).
        constructors: names of the members that construct an instance, in order of preference.
        related_references: references to a method, and calls of it, include those of the methods that it
        overrides or
            implements and of those that override or implement it (one step of OVERRIDES either way).
        whole_family: references to a method include those of all that it overrides, directly or not, and of
        all that
            override any of these.
        builtin_family: that family goes through members of built-in types too: what ``relations`` says of them is
            kept.
        callees: kinds of definitions that the call hierarchy leads to; empty: whatever is called.
        whole_text: a function calls whatever its text calls: in its decorators, in the functions and classes inside it.
        keeps_functions: a type parameter that a function is given for stands for the function, not for its type.
        infers_parameters: a parameter without a declared type stands for what a call gives for it.
        constructor_calls: calling a class is a call of its constructor in the call hierarchy.
        expanding: kinds of definitions whose uses are uses of other definitions as well; see ``expansion``.
        overridden_references: references to a method include those of the methods that it overrides, up to
        the first,
            and the places where these are declared and defined.
        mentions_are_calls: naming a function counts as a call of it in the call hierarchy even where it is
        not called (a
            C function in a table or given to another); names inside a macro's body never do.
        accesses_are_calls: reading a method as a member of something counts as a call of it (``this.close.bind(this)``).
        handing_on_calls: who reads a method as a member of an instance (``connect(self.close)``) counts as a caller of
            it, though not as one that calls it in what a function calls.
        literals_call: what a function calls includes what the functions call that are values in its object literals.
        implemented_references: references to a method of a trait include those of the methods that implement it, and
        the places
            where these are declared and defined.
        mentions_call_in: the same for who calls a function, not for whom one calls.
    """

    stubs: Sequence[tuple[str, str]] = ()
    awaitable: frozenset[str] = frozenset()
    call_member: str = ""
    invokers: frozenset[str] = frozenset()
    get_member: str = ""
    construct_member: str = ""
    constructors: Sequence[str] = ()
    related_references: bool = False
    whole_family: bool = False
    builtin_family: bool = False
    callees: frozenset[int] = frozenset()
    overridden_references: bool = False
    mentions_are_calls: bool = False
    mentions_call_in: bool = False
    implemented_references: bool = False
    accesses_are_calls: bool = False
    handing_on_calls: bool = False
    literals_call: bool = False
    whole_text: bool = False
    keeps_functions: bool = False
    infers_parameters: bool = False
    constructor_calls: bool = True
    expanding: frozenset[int] = frozenset()

    # -- names

    def open_name(self, r: Resolver, facts: FileFacts, scope: int, name: str, offset: int) -> list[Ref]:
        """What a plain name means that no scope of the file binds: package, star imports, inherited members."""
        return self.builtin(r, name)

    def open_in(self, r: Resolver, facts: FileFacts, scope: int, name: str, space: int) -> list[Ref]:
        """``open_name`` for a language with several name spaces: ``space`` holds bits of ``Language.spaces``."""
        return self.open_name(r, facts, scope, name, 0)

    def open_value(self, r: Resolver, facts: FileFacts, scope: int, name: str, space: int) -> TypeSet:
        """What an open name evaluates to that stands for no definition (the first part of a package's name)."""
        return ()

    def name_value(self, r: Resolver, facts: FileFacts, scope: int, name: str, space: int) -> TypeSet | None:
        """What an open name evaluates to where its definition's own type is not all; None for the ordinary
        way.
        """
        return None

    def space_of(self, facts: FileFacts, row: int) -> int:
        """The name space in which an occurrence looks its name up."""
        return 0

    def field_fallback(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """What a name in the place of a field means whose type has no such field (the key of a map literal)."""
        return []

    def builtin(self, r: Resolver, name: str) -> list[Ref]:
        """A built-in of the language, from its stubs."""
        for path in r.stub_paths(self):
            stub = r.facts(path)
            if stub is not None:
                rows = stub.members(0).get(name)
                if rows:
                    return [(path, rows[-1])]
        return []

    def import_targets(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """The definitions that import ``row`` of the file brings; ``(path, 0)`` for a module that is a file."""
        return []

    def import_types(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet:
        """What the imported name evaluates to: by default its targets' values. Packages without a file need
        this.
        """
        return t.union(r.value_of(ref) for ref in r.import_targets(facts.path, row))

    def module_part(self, r: Resolver, facts: FileFacts, row: int, prefix: str) -> list[Ref]:
        """What a part of a module path refers to, given the path's text up to and with that part."""
        return []

    def export(self, r: Resolver, path: str, name: str) -> list[Ref]:
        """What ``name`` means as a member of the module that a file is: its own definitions, then its re-
        exports.
        """
        facts = r.facts(path)
        if facts is None:
            return []
        found: list[Ref] = []
        for row in facts.members(0).get(name, ()):
            if facts.def_kind[row] == DefKind.IMPORT:
                found.extend(r.definition_targets(path, row))
            else:
                found.append((path, row))
        return found

    def package_member(self, r: Resolver, key: str, name: str) -> TypeSet:
        """A member of a package that is no file."""
        return ()

    def package_targets(self, r: Resolver, key: str, name: str) -> list[Ref]:
        """The definitions behind ``package_member``."""
        return [ref for one in self.package_member(r, key, name) if (ref := r.ref_of(one)) is not None]

    # -- types

    def type_parameters(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        """The type parameters of a class-like definition, in order."""
        facts = r.facts(ref[0])
        if facts is None:
            return ()
        return [
            (ref[0], row) for row in facts.children(ref[1]) if facts.def_kind[row] == DefKind.TYPE_PARAMETER
        ]

    def extensions(self, r: Resolver, ref: Ref) -> list[tuple[str, int]]:
        """Rows ``(path, extension row)`` of members declared away from the type ``ref``, in any file."""
        return r.extension_rows(ref)

    def extra_bases(self, r: Resolver, ref: Ref) -> TypeSet:
        """Bases that are not in the class's own head (trait impls, implicit Object)."""
        return ()

    def special_form(self, r: Resolver, path: str, base: TypeSet, args: Sequence[TypeSet]) -> TypeSet | None:
        """A generic type that means something of its own (Optional, Union, Type): the instances it stands
        for.
        """
        return None

    def type_variable(self, r: Resolver, ref: Ref) -> bool:
        """Whether a variable or type parameter definition stands for a type parameter."""
        facts = r.facts(ref[0])
        return facts is not None and facts.def_kind[ref[1]] == DefKind.TYPE_PARAMETER

    def variable_value(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet | None:
        """The value of a variable that is more than its assignments say; None for the ordinary way."""
        return None

    def definition_value(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet | None:
        """The value of a definition of any kind but a class, where the language has its own idea; else None."""
        return None

    def variant(self, r: Resolver, facts: FileFacts, value: int, path: int) -> TypeSet:
        """A value (expression; 0: not known) known by a pattern to be of the struct or enum member that
        ``path`` names.
        """
        return r.as_type(facts.path, path)

    def bound(self, r: Resolver, ref: Ref) -> TypeSet:
        """Instances that a type parameter is known to be, from its declared bound."""
        facts = r.facts(ref[0])
        if facts is None:
            return ()
        found = []
        if facts.def_type[ref[1]] > 0:
            found.append(r.as_type(ref[0], facts.def_type[ref[1]]))
        for row in r.base_rows(ref):
            found.append(r.as_type(ref[0], facts.base_expr[row]))
        return t.union(found)

    def got(self, r: Resolver, value: TypeSet, receiver: Type) -> TypeSet:
        """What reading a member of that value through a receiver gives, where ``get_member``."""
        return value

    def constant(self, r: Resolver, path: str, text: str) -> TypeSet:
        """The type of a constant given as source text."""
        return ()

    def literal(self, r: Resolver, path: str, name: str, elements: Sequence[TypeSet]) -> TypeSet:
        """An instance of a built-in type written as a literal."""
        return tuple((t.INSTANCE, ref, tuple(elements)) for ref in self.builtin(r, name))

    def element(self, r: Resolver, one: Type) -> TypeSet:
        """What iterating over a value gives: by default the first type argument."""
        if one[0] == t.TUPLE:
            return t.union(one[1])
        if one[0] == t.INSTANCE and one[2]:
            first: TypeSet = one[2][0]
            return first
        return ()

    def key(self, r: Resolver, one: Type) -> TypeSet:
        """The key type of a mapping: by default the first of two type arguments."""
        if one[0] == t.INSTANCE and one[2]:
            first: TypeSet = one[2][0]
            return first
        return ()

    def index(self, r: Resolver, path: str, one: Type, key: int) -> TypeSet:
        """What ``value[key]`` gives: by default the last type argument."""
        if one[0] == t.TUPLE:
            return t.union(one[1])
        if one[0] == t.INSTANCE and one[2]:
            last: TypeSet = one[2][-1]
            return last
        return ()

    def unpack(self, r: Resolver, one: Type, position: int) -> TypeSet:
        """The part at a position of a destructured value."""
        if one[0] == t.TUPLE:
            return one[1][position] if position < len(one[1]) else ()
        return self.element(r, one)

    def deref(self, r: Resolver, one: Type) -> TypeSet:
        """What ``*value`` gives."""
        return (one,)

    def reference(self, r: Resolver, one: Type) -> TypeSet:
        """What ``&value`` gives."""
        return (one,)

    def signatures(self, r: Resolver, path: str, one: Type) -> list[Type]:
        """The CALLABLE types behind a type that is none itself (functional interface, bound of a type
        parameter).
        """
        return []

    def enter(self, r: Resolver, one: Type) -> TypeSet:
        """What a `with` statement binds."""
        return (one,)

    def attempt(self, r: Resolver, one: Type) -> TypeSet:
        """What Rust's ``?`` (or Go's first of two results) gives."""
        if one[0] == t.INSTANCE and one[2]:
            first: TypeSet = one[2][0]
            return first
        return (one,)

    def awaited(self, r: Resolver, one: Type) -> TypeSet:
        """What awaiting a value gives."""
        if one[0] == t.INSTANCE and one[2] and r.simple_name(one[1]) in self.awaitable:
            first: TypeSet = one[2][0]
            return first
        return (one,)

    def yielded(self, r: Resolver, path: str, element: TypeSet) -> TypeSet:
        """A generator that yields the element."""
        return self.literal(r, path, "Generator", [element])

    def pointer(self, r: Resolver, path: str, target: TypeSet) -> TypeSet:
        """A pointer or reference type; by default members reach through, so it is its target."""
        return target

    def array(self, r: Resolver, path: str, element: TypeSet) -> TypeSet:
        """An array or slice type."""
        return self.literal(r, path, "array", [element])

    # -- members

    def seen_on(self, r: Resolver, one: Type, name: str, found: list[Member]) -> list[Member]:
        """Of several members of one name those that a value of a type has: a class its static ones."""
        return found

    def member_order(self, r: Resolver, ref: Ref) -> Sequence[tuple[Ref, dict[Ref, TypeSet]]]:
        """The class and its ancestors in look-up order, each with what its type parameters stand for."""
        return r.linearize(ref)

    def is_weak(self, r: Resolver, members: list[Ref]) -> bool:
        """Whether members of a class give way to what an ancestor declares under the name."""
        return False

    def narrowed_type(self, r: Resolver, found: TypeSet, declared: Callable[[], TypeSet]) -> TypeSet:
        """The type of a variable that a check found to be ``found``, and that is declared otherwise."""
        return found

    def member_fallback(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        """Members that ordinary look-up did not find: auto-deref, delegated access (Rust Deref, C++ ``->``)."""
        return []

    def member_without_definition(self, r: Resolver, path: str, one: Type, name: str) -> TypeSet:
        """The value of a member that no definition stands for (``pair.0`` of a tuple)."""
        return ()

    def receiver_mapping(
        self, r: Resolver, ref: Ref, receiver: Type, mapping: dict[Ref, TypeSet]
    ) -> dict[Ref, TypeSet]:
        """What type parameters stand for in member ``ref`` seen through a receiver, beyond its class's own."""
        return mapping

    def complete(self, r: Resolver, result: TypeSet, mapping: dict[Ref, TypeSet]) -> None:
        """Fill in what follows from the type arguments of a call (Rust: their associated types)."""

    def choose(self, r: Resolver, path: str, found: list[Ref]) -> list[Ref]:
        """Order several definitions of one name: implementations before overload signatures and declarations."""
        if len(found) < 2:
            return found

        def weight(ref: Ref) -> int:
            facts = r.facts(ref[0])
            if facts is None:
                return 2
            flags = facts.def_flags[ref[1]]
            return 1 if flags & (DefFlag.OVERLOAD | DefFlag.DECLARATION) else 0

        return sorted(found, key=weight)

    def parameters(self, r: Resolver, ref: Ref) -> list[int]:
        """Definition rows of a function's parameters in order, the receiver left out."""
        facts = r.facts(ref[0])
        if facts is None:
            return []
        return [
            row
            for row in facts.children(ref[1])
            if facts.def_kind[row] == DefKind.PARAMETER and not self.is_receiver(facts, row)
        ]

    def is_receiver(self, facts: FileFacts, row: int) -> bool:
        """Whether a parameter is the receiver (self, this): the one whose value is SELF."""
        for site in facts.sites(row):
            value = facts.site_value[site]
            if value > 0:
                op, *args = facts.expr(value)
                if op == ExprOp.SELF or (op == ExprOp.TYPEOF and facts.expr(args[0])[0] == ExprOp.SELF):
                    return True
        return False

    def call_result(self, r: Resolver, path: str, callee: Type, args: Sequence[TypeSet]) -> TypeSet | None:
        """A call whose result has a rule of its own; None for the ordinary one."""
        return None

    def called(self, r: Resolver, facts: FileFacts, expr: int) -> list[Ref]:
        """The definition that a CALL or NEW expression means, of overloads the one that its arguments fit."""
        return [ref for one in r.eval(facts.path, facts.expr(expr)[1]) if (ref := r.ref_of(one)) is not None]

    def call_value(self, r: Resolver, facts: FileFacts, expr: int) -> TypeSet | None:
        """What a CALL or NEW expression gives, in a language with overloads; None for the ordinary way."""
        return None

    def member_of_unknown(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """What a member's name means that was found in no type, by the name alone; [] in most languages."""
        return []

    def is_callee(self, r: Resolver, ref: Ref) -> bool:
        """Whether the call hierarchy leads to a definition of one of the kinds that it leads to."""
        return True

    def stays_local(self, facts: FileFacts, definition: int) -> bool:
        """Whether a use of an imported name leads to the import first, before what it brings."""
        return False

    def captured(self, r: Resolver, ref: Ref) -> tuple[TypeSet, ...]:
        """The type arguments that a nameless type takes from what is around it (an object type in an alias)."""
        return ()

    def views(self, r: Resolver, path: str, one: Type) -> TypeSet:
        """Other types that a value may be taken for when it is given for a parameter (a tuple for an array)."""
        return ()

    def fitting(self, r: Resolver, path: str, callees: TypeSet, args: Sequence[int]) -> TypeSet:
        """Those of several callees that a call with these argument expressions (0: not known) may mean."""
        return callees

    def constructed(self, r: Resolver, path: str, one: Type, args: Sequence[TypeSet]) -> TypeSet:
        """What calling a class gives."""
        return r.instantiate(one, args)

    def narrow(self, r: Resolver, facts: FileFacts, row: int, found: list[Ref]) -> list[Ref]:
        """Which of several members an occurrence means, by its role."""
        return self.call_targets(r, facts.path, found, -1)

    def call_targets(self, r: Resolver, path: str, found: list[Ref], args: int) -> list[Ref]:
        """Which of several overloads a call with ``args`` arguments (-1: not known) means."""
        return found

    def stands_for(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """Where the definition of an occurrence leads that stands for something else than it means; [] for others."""
        return []

    def behind_call(self, r: Resolver, facts: FileFacts, row: int, refs: list[Ref]) -> list[Ref]:
        """Where the definition of a called name leads, given what the name means: to a function that it holds."""
        return refs

    def keyword_target(self, r: Resolver, path: str, function: Type, name: str) -> list[Ref]:
        """The parameter (or field) that a keyword argument names."""
        ref = r.ref_of(function)
        if ref is None:
            return []
        candidates = [ref]
        if function[0] == t.TYPE:
            candidates = [found for c in self.constructors for found, _ in r.member_of(path, (function,), c)]
        for candidate in candidates:
            row = self._parameters_by_name(r, candidate).get(name)
            if row is not None:
                return [(candidate[0], row)]
        return []

    def _parameters_by_name(self, r: Resolver, function: Ref) -> dict[str, int]:
        """The rows of all parameters, of several of one name the first."""

        def compute() -> dict[str, int]:
            facts = r.facts(function[0])
            rows = facts.children(function[1]) if facts is not None else ()
            found: dict[str, int] = {}
            for row in rows:
                if facts is not None and facts.def_kind[row] == DefKind.PARAMETER:
                    found.setdefault(facts.name(row), row)
            return found

        return r.query(("parameters by name", function), compute, {}, 0)

    # -- calls by value

    def decorated(self, r: Resolver, ref: Ref) -> TypeSet:
        """What decorators make of a function, wrappers included; () where there are none."""
        return ()

    def iteration(self, r: Resolver, one: Type) -> list[Ref]:
        """The methods that a loop over a value calls."""
        return []

    # -- relations

    def siblings(self, r: Resolver, ref: Ref) -> list[Ref]:
        """Other definitions that are the same thing under one name: their uses, and their names, count as its uses."""
        return []

    def expansion(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        """What else is used wherever ``ref`` is: the functions and variables in a macro's body. Counts for
        references and
        calls, not for definitions.
        """
        return ()

    def relations(self, r: Resolver, facts: FileFacts) -> list[tuple[RelationKind, Ref, Ref]]:
        """Further relations of a file's symbols: trait impls (symbol, BASE_OF, trait), declaration and
        definition.
        """
        return []

    def behind(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        """The installed definitions that a built-in one describes, where ``r.installed`` has them."""
        return ()

    def companions(self, r: Resolver, path: str, name: str) -> Sequence[str]:
        """Installed files that may hold members of a type ``name`` of an installed file; itself, to begin with."""
        return (path,)

    def is_outside_use(self, r: Resolver, facts: FileFacts, row: int, ref: Ref, outside: set[Ref]) -> bool:
        """Whether an occurrence uses one of the ``outside_members`` of ``ref`` in a way that can mean ``ref``."""
        return r.leads_to(facts.path, row, outside)

    def counts_for(self, r: Resolver, ref: Ref, other: Ref, is_above: bool) -> bool:
        """Whether uses of ``other`` count as uses of ``ref``, where ``related_references``. ``is_above``: ``ref``
        overrides it; else it overrides ``ref``.
        """
        return True

    def counts_beyond(self, r: Resolver, other: Ref, is_above: bool) -> bool:
        """Whether what ``other``, one that counts, overrides (``is_above``) or is overridden by counts as well."""
        return False

    def is_related_use(self, r: Resolver, facts: FileFacts, row: int) -> bool:
        """Whether an occurrence of a method counts for those that count it (``counts_for``), not for itself alone."""
        return True

    def imports_mean(self, r: Resolver, ref: Ref) -> bool:
        """Whether an import of the definition's name is a use of it: one of several overloads may not be meant."""
        return True

    def is_universal(self, name: str) -> bool:
        """Whether a name that nothing defines means the same wherever it is used (a macro of a C library)."""
        return False

    def outside_members(self, r: Resolver, ref: Ref, path: str) -> set[Ref]:
        """Built-in members that a member implements and whose uses in a file count as its own (Go's ``error.Error``)."""
        return set()

    def overrides(self, r: Resolver, ref: Ref) -> list[Ref]:
        """Members of ancestors that a member overrides or implements (the nearest in each line)."""
        facts = r.facts(ref[0])
        if facts is None:
            return []
        owner = facts.def_owner[ref[1]]
        if owner <= 0 or facts.def_kind[owner] not in CLASS_LIKE:
            return []
        name = facts.name(ref[1])
        found: list[Ref] = []
        for base in r.bases((ref[0], owner)):
            base_ref = r.ref_of(base)
            if base_ref is not None and base_ref != (ref[0], owner):
                members = r.refs_in_class(base_ref, name)[:MAX_OVERRIDDEN]
                found.extend(member for member in members if member != ref)
        return found


@cache
def rules_for(language: str) -> Rules:
    """The rules of a language by name."""
    home = get_language(language).rules
    if not home:
        return Rules()
    rules: Rules = import_module(home).RULES
    return rules
