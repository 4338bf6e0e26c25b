"""How names of JavaScript and TypeScript are linked: modules, exports, merged declarations, built-ins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import MEMBER, FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag, Role
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.languages.javascript.notes import WHOLE
from magellan_lsp.languages.javascript.overloads import pick
from magellan_lsp.languages.javascript.resolution import is_inside, modules
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.evaluate import as_instance
from magellan_lsp.resolve.rules import FUNCTION_LIKE, Member, Rules
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_EXPORTED = int(DefFlag.EXPORTED)
_INSTANCE = int(DefFlag.INSTANCE)
_DEFAULT = int(DefFlag.DEFAULT)
_GLOBAL = int(DefFlag.GLOBAL)
#: Flags of a variable that comes to be by an assignment: global, and not found as what is declared is.
_IMPLICIT = _GLOBAL | _INSTANCE
#: So many declarations of one name add up; more are no code that a person wrote.
_MANY = 64
#: Declarations of one name that add up to one thing.
_MERGING = frozenset(
    int(kind) for kind in (DefKind.CLASS, DefKind.INTERFACE, DefKind.NAMESPACE, DefKind.ENUM, DefKind.MODULE)
)
#: Files that only declare what others hold.
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
#: Names of the object whose members are the global names, and the key under which we know it.
_GLOBAL_NAMES = frozenset({"globalThis", "window", "global", "self"})
_GLOBAL_OBJECT = "js:global"
_MODULE_WORD = "module"
#: Flags of what `exports.name = …` defines.
_HIDDEN = _EXPORTED | _INSTANCE
#: A type has so many members for a look-up by an unknown key to say what it gives.
_MAX_KEYS = 16
#: An export passes on what another one passes on, and so forth.
_MAX_ALIASES = 4
#: The interface that says what the global object of a browser has.
_WINDOW = "Window"
#: What may hold a function that is defined elsewhere.
_HOLDERS = frozenset(int(kind) for kind in (DefKind.VARIABLE, DefKind.CONSTANT, DefKind.FIELD))
_NO_VALUES = frozenset(
    int(kind) for kind in (DefKind.INTERFACE, DefKind.TYPE_ALIAS, DefKind.NAMESPACE, DefKind.TYPE_PARAMETER)
)
#: Generic types that stand for their first argument: what they change are not its members.
_TRANSPARENT = frozenset(
    {
        "Partial",
        "Required",
        "Readonly",
        "Pick",
        "Omit",
        "NonNullable",
        "Exclude",
        "Extract",
        "ThisType",
        "NoInfer",
        "Mutable",
    }
)


class JavaScriptRules(Rules):
    """See the module."""

    stubs = (("typescript", "lib.d.ts"),)
    whole_family = True
    builtin_family = True
    accesses_are_calls = True
    literals_call = True
    keeps_functions = True
    # What only holds a function (a constant from elsewhere, a parameter) has no calls of its own.
    callees = FUNCTION_LIKE | {int(DefKind.CLASS), int(DefKind.PROPERTY)}
    awaitable = frozenset({"Promise", "PromiseLike"})
    call_member = "__call"
    invokers = frozenset({"call", "apply"})
    construct_member = "__new"
    constructors = ("constructor", "__new")

    # -- names

    def stays_local(self, facts: FileFacts, definition: int) -> bool:
        # `import * as name` makes the name
        return any(
            bound == definition and facts.import_flags[row] & ImportFlag.NAMESPACE
            for row, bound in enumerate(facts.import_def)
        )

    def open_name(self, r: Resolver, facts: FileFacts, scope: int, name: str, offset: int) -> list[Ref]:
        found = self._namespaces(r, facts, scope, name)
        return found or self._globals(r, name) or self.builtin(r, name) or self._implicit(facts, name)

    @staticmethod
    def _implicit(facts: FileFacts, name: str) -> list[Ref]:
        """The variable that an assignment to a name makes which nothing declares."""
        rows = facts.members(0).get(name, ())
        wanted = (row for row in rows if facts.def_flags[row] & _IMPLICIT == _IMPLICIT)
        return [(facts.path, row) for row in wanted if facts.def_kind[row] == DefKind.VARIABLE]

    def open_value(self, r: Resolver, facts: FileFacts, scope: int, name: str, space: int) -> TypeSet:
        return ((t.PACKAGE, _GLOBAL_OBJECT),) if name in _GLOBAL_NAMES else ()

    def package_member(self, r: Resolver, key: str, name: str) -> TypeSet:
        return t.union(r.value_of(ref) for ref in self.package_targets(r, key, name))

    def package_targets(self, r: Resolver, key: str, name: str) -> list[Ref]:
        return self._globals(r, name) or self.builtin(r, name) or self._of_window(r, name)

    def _of_window(self, r: Resolver, name: str) -> list[Ref]:
        """What ``interface Window`` of the workspace adds to the global object."""
        found: list[Ref] = []
        for path, row in self._globals(r, _WINDOW):
            facts = r.facts(path)
            if facts is not None and facts.def_kind[row] == DefKind.INTERFACE and facts.def_body[row] >= 0:
                found += [(path, member) for member in facts.members(facts.def_body[row]).get(name, ())]
        return found

    def _namespaces(self, r: Resolver, facts: FileFacts, scope: int, name: str) -> list[Ref]:
        """What other declarations of the namespaces around a place export."""
        while scope > 0:
            definition = facts.scope_def[scope]
            if definition > 0 and facts.def_kind[definition] == DefKind.NAMESPACE:
                for other in self.merged(r, (facts.path, definition)):
                    found = self._body_exports(r, other, name)
                    if found:
                        return found
            scope = facts.scope_parent[scope]
        return []

    def _globals(self, r: Resolver, name: str) -> list[Ref]:
        """Top-level names of scripts, and what modules declare as global."""

        def compute() -> list[Ref]:
            scripts = frozenset(r.source.group("javascript:script"))
            declaring = frozenset(r.source.group("javascript:global"))
            found: list[Ref] = []
            for path in r.source.defining(name) if scripts or declaring else ():
                facts = r.facts(path) if path in scripts or path in declaring else None
                if facts is None:
                    continue
                everything = path in scripts
                rows = facts.members(0).get(name, ())
                wanted = [row for row in rows if everything or facts.def_flags[row] & _GLOBAL]
                found.extend((path, row) for row in wanted if not facts.def_flags[row] & _INSTANCE)
            return found

        return r.query(("js-global", name), compute, [])

    # -- modules

    def module_part(self, r: Resolver, facts: FileFacts, row: int, prefix: str) -> list[Ref]:
        return modules(r, facts.path, prefix)

    def import_targets(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        flags = facts.import_flags[row]
        name = facts.names[facts.import_name[row]] if facts.import_name[row] >= 0 else ""
        if flags & ImportFlag.EXPORT_LIST:
            return self.local(r, facts, facts.import_scope[row], name)
        if facts.import_module[row] < 0:
            return []
        found: dict[Ref, None] = {}
        text = facts.names[facts.import_module[row]]
        places = modules(r, facts.path, text)
        for module in places:
            for ref in self._imported(r, module, name, flags):
                found[ref] = None
        own = facts.import_def[row]
        if found or own < 0 or not facts.def_name[own] or not is_inside(r, facts.path, text):
            return list(found)
        # a style sheet, data, what a build will make, a name that the module's declarations leave out: all that is known is
        # the import
        return [(facts.path, own)] if all(self._lacks(r, module, name) for module in places) else []

    def _imported(self, r: Resolver, module: Ref, name: str, flags: int) -> list[Ref]:
        if not name:
            return self.whole(r, module) or [module]
        found = self.exported(r, module, name)
        if not found and flags & ImportFlag.DEFAULT:
            # what is no ES module has no default export: it is its own default
            return self.whole(r, module) or ([module] if self._is_its_default(r, module) else [])
        return found

    def _lacks(self, r: Resolver, module: Ref, name: str, most: int = _MAX_ALIASES) -> bool:
        """Whether a module surely exports nothing under a name; what it passes on may lie in a package."""
        facts = r.facts(module[0])
        if facts is None or module[1] or not name or not most or facts.members(0).get(WHOLE):
            return False
        if any(facts.def_flags[row] & _EXPORTED for row in facts.members(0).get(name, ())):
            return False
        for row, flags in enumerate(facts.import_flags):
            if flags & ImportFlag.STAR and name != "default":
                inner = modules(r, facts.path, facts.names[facts.import_module[row]])
                if not inner or not all(self._lacks(r, one, name, most - 1) for one in inner):
                    return False
        return True

    @staticmethod
    def _is_its_default(r: Resolver, module: Ref) -> bool:
        facts = r.facts(module[0])
        if facts is None or module[1]:
            return False
        return "javascript:commonjs" in facts.groups or module[0].endswith(_DECLARATIONS)

    def import_types(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet:
        own = (facts.path, facts.import_def[row])
        found = [self.value(r, ref) for ref in r.import_targets(facts.path, row) if ref != own]
        if facts.import_name[row] < 0 and facts.import_module[row] >= 0:
            # a module with a value of its own still has the names that were added to its exports
            places = modules(r, facts.path, facts.names[facts.import_module[row]])
            # … first, since an export leads to what it names and a literal's key only to itself
            found = [*(self.value(r, ref) for ref in places), *found]
        return t.union(found)

    def value(self, r: Resolver, ref: Ref) -> TypeSet:
        """The value of a definition; a file or ambient module is itself."""
        return r.value_of(ref)

    def local(self, r: Resolver, facts: FileFacts, scope: int, name: str) -> list[Ref]:
        """All definitions that a plain name may mean in a scope of a file, imports followed."""
        at = scope
        while at >= 0:
            rows = [row for row in facts.members(at).get(name, ()) if not facts.def_flags[row] & _INSTANCE]
            if rows and facts.scope_kind[at] != 2:
                found: dict[Ref, None] = {}
                for row in rows:
                    for ref in r.definition_targets(facts.path, row):
                        found[ref] = None
                return list(found)
            at = facts.scope_parent[at]
        return self._globals(r, name)

    def whole(self, r: Resolver, module: Ref) -> list[Ref]:
        """What a module is as a whole: ``module.exports = …``, ``export = …``; [] when it has only named
        exports.
        """
        facts = r.facts(module[0])
        if facts is None:
            return []
        known: FileFacts = facts
        scope = facts.def_body[module[1]] if module[1] else 0

        def compute() -> list[Ref]:
            found: dict[Ref, None] = {}
            for row in known.members(scope).get(WHOLE, ()):
                for ref in r.definition_targets(module[0], row):
                    found[ref] = None
            return list(found)

        return r.query(("js-whole", module), compute, [])

    def export(self, r: Resolver, path: str, name: str) -> list[Ref]:
        return self.exported(r, (path, 0), name)

    def exported(self, r: Resolver, module: Ref, name: str) -> list[Ref]:
        """What a module exports under a name: its own definitions, what it passes on, members of its whole
        value.
        """

        def compute() -> list[Ref]:
            facts = r.facts(module[0])
            if facts is None:
                return []
            scope = facts.def_body[module[1]] if module[1] else 0
            if scope < 0:
                return []
            found: dict[Ref, None] = {}
            for row in facts.members(scope).get(name, ()):
                if facts.def_flags[row] & _EXPORTED and not self._is_default(facts, row, name):
                    for ref in r.definition_targets(module[0], row):
                        found[ref] = None
            if name == "default":
                for row in self._defaults(facts, scope):
                    found[(module[0], row)] = None
            declares = module[0].endswith(_DECLARATIONS)
            if not found and declares and not self.whole(r, module):
                # everything at the top of a declaration file is exported
                for row in facts.members(scope).get(name, ()):
                    if facts.def_kind[row] != DefKind.IMPORT and not facts.def_flags[row] & _INSTANCE:
                        found[(module[0], row)] = None
            if found:
                return list(found)
            for ref in self.whole(r, module):
                for member in self._whole_member(r, ref, name):
                    found[member] = None
            return list(found) or ([] if name == "default" else self._starred(r, facts, scope, name))

        return r.query(("js-export", module, name), compute, [])

    @staticmethod
    def _is_default(facts: FileFacts, row: int, name: str) -> bool:
        """A default export is not exported under its own name."""
        return bool(facts.def_flags[row] & _DEFAULT) and name != "default"

    @staticmethod
    def _defaults(facts: FileFacts, scope: int) -> list[int]:
        return [
            row
            for row, flags in enumerate(facts.def_flags)
            if flags & _DEFAULT and flags & _EXPORTED and facts.def_scope[row] == scope
        ]

    def _whole_member(self, r: Resolver, ref: Ref, name: str) -> list[Ref]:
        """A member of what a module is as a whole: of a namespace, an object, a class or function."""
        found = self._body_exports(r, ref, name) if r.kind_of(ref) == DefKind.NAMESPACE else []
        return found or [member for member, _ in r.member_of(ref[0], r.value_of(ref), name)]

    def _body_exports(self, r: Resolver, ref: Ref, name: str) -> list[Ref]:
        """What a namespace's own body exports under a name."""
        facts = r.facts(ref[0])
        body = facts.def_body[ref[1]] if facts is not None else -1
        if facts is None or body < 0:
            return []
        return [
            target
            for row in facts.members(body).get(name, ())
            if facts.def_flags[row] & _EXPORTED
            for target in r.definition_targets(ref[0], row)
        ]

    def _starred(self, r: Resolver, facts: FileFacts, scope: int, name: str) -> list[Ref]:
        """What ``export * from`` passes on."""
        found: dict[Ref, None] = {}
        for row, flags in enumerate(facts.import_flags):
            if not flags & ImportFlag.STAR or facts.import_scope[row] != scope:
                continue
            for module in modules(r, facts.path, facts.names[facts.import_module[row]]):
                if module[0] == facts.path:
                    continue
                for ref in self.exported(r, module, name):
                    found[ref] = None
        return list(found)

    # -- merged declarations

    def merged(self, r: Resolver, ref: Ref) -> list[Ref]:
        """All declarations that add up with one: same name and scope, or global ones of several files."""

        def compute() -> list[Ref]:
            facts = r.facts(ref[0])
            if facts is None:
                return [ref]
            row = ref[1]
            name = facts.name(row)
            if not name or facts.def_scope[row] < 0 or facts.def_flags[row] & _INSTANCE:
                return [ref]
            found = {ref: None}
            for other in facts.members(facts.def_scope[row]).get(name, ())[:_MANY]:
                if facts.def_kind[other] in _MERGING:
                    found[(ref[0], other)] = None
            if facts.def_scope[row] == 0 and (facts.def_flags[row] & _GLOBAL or _is_script(facts)):
                for other_ref in self._globals(r, name):
                    if r.kind_of(other_ref) in _MERGING:
                        found[other_ref] = None
            return list(found)

        return r.query(("js-merged", ref), compute, [ref])

    def member_order(self, r: Resolver, ref: Ref) -> Sequence[tuple[Ref, dict[Ref, TypeSet]]]:
        order: dict[Ref, dict[Ref, TypeSet]] = {}
        for at, mapping in r.linearize(ref):
            order.setdefault(at, mapping)
            for other in self.merged(r, at):
                if other == at or other in order:
                    continue
                own, others = r.type_parameters(at), r.type_parameters(other)
                inner = {
                    theirs: mapping.get(ours, ((t.TYPEVAR, ours),))
                    for ours, theirs in zip(own, others, strict=False)
                }
                for inherited, more in r.linearize(other):
                    order.setdefault(
                        inherited, {key: t.substitute(value, inner) for key, value in more.items()} | inner
                    )
        return tuple(order.items())

    def narrowed_type(self, r: Resolver, found: TypeSet, declared: Callable[[], TypeSet]) -> TypeSet:
        # what is declared says more where it is one of the types found, or a subtype
        wanted = {one[1] for one in found if one[0] == t.INSTANCE}
        kept = [
            one
            for one in declared()
            if one[0] == t.INSTANCE and wanted and any(ref in wanted for ref, _ in r.linearize(one[1]))
        ]
        return tuple(kept) or found

    def seen_on(self, r: Resolver, one: Type, name: str, found: list[Member]) -> list[Member]:
        is_class = one[0] == t.TYPE

        def flags(ref: Ref) -> int:
            facts = r.facts(ref[0])
            return facts.def_flags[ref[1]] & (DefFlag.STATIC | _INSTANCE) if facts is not None else 0

        def compute() -> list[Member]:
            if is_class:
                return [member for member in found if flags(member[0]) & DefFlag.STATIC]
            return [member for member in found if flags(member[0]) != DefFlag.STATIC]

        return r.query(("js-seen", is_class, one[1], name), compute, found, 0) or found

    def member_fallback(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        tag = one[0]
        if tag == t.FUNCTION:
            return self._function_member(r, path, one, name)
        if tag == t.TUPLE:
            return r.member_of(path, self.literal(r, path, "Array", [t.union(one[1])]), name)
        if tag == t.CALLABLE:
            return self._of_function(r, path, one, name)
        if tag == t.TYPE:
            return self._of_builtin(r, path, "Function", name)
        if tag == t.MODULE:
            return []
        if tag == t.INSTANCE and not r.is_builtin(one[1]):
            return self._of_builtin(r, path, "Object", name)
        return []

    def member_of_unknown(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        # a key of a literal is its own declaration
        return (
            self._any_member(r, facts.path, facts.occ_expr[row]) if facts.occ_role[row] == Role.READ else []
        )

    @staticmethod
    def _any_member(r: Resolver, path: str, obj: int) -> list[Ref]:
        """``[key: string]: T`` of an interface or class, which declares what has no declaration of its own."""
        found: list[Ref] = []
        for one in r.eval(path, obj):
            owner = r.facts(one[1][0]) if one[0] == t.INSTANCE and not r.is_builtin(one[1]) else None
            # a nameless part of an intersection may stand beside what is not known
            if owner is not None and not owner.def_flags[one[1][1]] & DefFlag.SYNTHETIC:
                found += r.refs_in_class(one[1], "__index")
        return [ref for ref in found if not r.is_builtin(ref)]

    def _of_builtin(self, r: Resolver, path: str, kind: str, name: str) -> list[tuple[Ref, Type | None]]:
        return r.member_of(path, self.literal(r, path, kind, ()), name)

    def _function_member(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        """Members assigned to a function, of a namespace of its name, or that all functions have."""
        ref: Ref = one[1]
        facts = r.facts(ref[0])
        if facts is None:
            return []
        body = facts.def_body[ref[1]]
        rows = facts.members(body).get(name, ()) if body >= 0 else ()
        found: list[Ref] = [(ref[0], row) for row in rows if facts.def_flags[row] & _INSTANCE]
        if not found and facts.def_scope[ref[1]] >= 0:
            for other in facts.members(facts.def_scope[ref[1]]).get(facts.name(ref[1]), ()):
                if facts.def_kind[other] == DefKind.NAMESPACE:
                    found.extend(self._body_exports(r, (ref[0], other), name))
        if found:
            return [(member, None) for member in found]
        return self._of_function(r, path, one, name)

    def _of_function(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        """What all functions have; ``call``, ``apply`` and ``bind`` remember which function it is of."""
        found = self._of_builtin(r, path, "Function", name)
        return [(ref, one) for ref, _ in found] if name in _CALLING else found

    # -- calls

    def called(self, r: Resolver, facts: FileFacts, expr: int) -> list[Ref]:
        op, callee, *args = facts.expr(expr)
        if facts.expr(callee)[0] == ExprOp.TYPEOF:  # super(…)
            bases = [one[1] for one in r.eval(facts.path, callee) if one[0] == t.TYPE]
            made = [ref for base in bases for ref in r.find_in_class(base, "constructor")]
            return pick(r, facts.path, made, args) + bases
        found = pick(r, facts.path, self.named(r, facts, callee), args)
        if not found and facts.expr(callee)[0] == ExprOp.MEMBER:
            return self._any_member(r, facts.path, facts.expr(callee)[1])
        if op == ExprOp.NEW:
            classes = [ref for ref in found if r.kind_of(ref) == DefKind.CLASS]
            made = [ref for one in classes for ref in r.find_in_class(one, "constructor")]
            found += pick(r, facts.path, made, args)
        return found

    def named(self, r: Resolver, facts: FileFacts, expr: int) -> list[Ref]:
        """The definitions that an expression names: all signatures of a function, all declarations of an
        import.
        """
        op, *args = facts.expr(expr)
        if op == ExprOp.GENERIC:
            return self.named(r, facts, args[0])
        if op == ExprOp.DEF:
            if facts.def_kind[args[0]] == DefKind.IMPORT:
                return self.values(r, r.definition_targets(facts.path, args[0]))
            if facts.def_kind[args[0]] != DefKind.FUNCTION:
                return [(facts.path, args[0])]
            return [
                (facts.path, row)
                for row in facts.members(facts.def_scope[args[0]]).get(facts.name(args[0]), ())
                if facts.def_kind[row] == DefKind.FUNCTION
            ]
        if op == ExprOp.NAME:
            return self.values(r, r.open_name(facts.path, args[1], facts.names[args[0]], args[2]))
        if op == ExprOp.MEMBER:
            return r.member_targets(facts.path, args[0], facts.names[args[1]])
        return []

    @staticmethod
    def values(r: Resolver, refs: list[Ref]) -> list[Ref]:
        """Of several declarations of a name those that are values, if any are."""
        return [ref for ref in refs if r.kind_of(ref) not in _NO_VALUES] or refs

    @staticmethod
    def all_signatures(r: Resolver, callees: TypeSet) -> dict[Ref, Type]:
        """The functions among values, each with all its signatures."""
        found: dict[Ref, Type] = {}
        for one in callees:
            if one[0] != t.FUNCTION:
                continue
            path, row = one[1]
            facts = r.facts(path)
            rows: Sequence[int] = (row,)
            if facts is not None and facts.def_flags[row] & DefFlag.OVERLOAD:
                rows = facts.members(facts.def_scope[row]).get(facts.name(row), (row,))
            for other in rows:
                if facts is not None and facts.def_kind[other] in FUNCTION_LIKE:
                    found.setdefault((path, other), (t.FUNCTION, (path, other), one[2]))
        return found

    def call_value(self, r: Resolver, facts: FileFacts, expr: int) -> TypeSet | None:
        op, callee, *args = facts.expr(expr)
        if op != ExprOp.CALL:
            return None
        kind, *applied = facts.expr(callee)
        explicit = kind == ExprOp.GENERIC
        callees = r.eval(facts.path, applied[0] if explicit else callee)
        functions = self.all_signatures(r, callees)
        if not functions or (len(functions) < 2 and not explicit):
            return None
        chosen = [functions[ref] for ref in pick(r, facts.path, list(functions), args)]
        if explicit:
            chosen = self.applied(r, chosen, [r.as_type(facts.path, arg) for arg in applied[1:]]) or chosen
        given = [r.eval(facts.path, arg) for arg in args]
        return t.union(r.call(facts.path, one, given) for one in chosen)

    def applied(self, r: Resolver, functions: Sequence[Type], given: Sequence[TypeSet]) -> list[Type]:
        """Functions with their type parameters filled in: ``f<T>``. Those that take fewer are left out."""
        found: list[Type] = []
        for function in functions:
            ref, receiver = function[1], function[2]
            facts = r.facts(ref[0])
            parameters = r.type_parameters(ref)
            if facts is None or len(parameters) < len(given):
                continue
            mapping = dict(r.receiver_mapping(ref, receiver)) if receiver is not None else {}
            mapping.update(zip(parameters, given, strict=False))
            for parameter in parameters[len(given) :]:
                for default in r.default_types(parameter):
                    mapping[parameter] = t.substitute(r.as_type(parameter[0], default), mapping)
            result = self.call_result(r, ref[0], function, ())
            types = [facts.def_type[row] for row in self.parameters(r, ref)]
            takes = [r.as_type(ref[0], one) if one > 0 else () for one in types]
            seen = as_instance(receiver)
            filled = [
                t.substitute(one, mapping, seen)
                for one in (*takes, r.result_of(ref) if result is None else result)
            ]
            found.append((t.CALLABLE, tuple(filled[:-1]), filled[-1]))
        return found

    def views(self, r: Resolver, path: str, one: Type) -> TypeSet:
        if one[0] == t.TUPLE:
            return self.literal(r, path, "Array", [t.union(one[1])])
        if one[0] == t.INSTANCE and not r.is_builtin(one[1]) and r.refs_in_class(one[1], "__index"):
            return self.literal(r, path, "Record", [(), self.index(r, path, one, 0)])
        return ()

    def fitting(self, r: Resolver, path: str, callees: TypeSet, args: Sequence[int]) -> TypeSet:
        functions = self.all_signatures(r, callees)
        for one in callees:
            if one[0] in (t.INSTANCE, t.SELF):
                functions |= {
                    ref: (t.FUNCTION, ref, receiver)
                    for ref, receiver in r.member_of(path, (one,), self.call_member)
                }
        if len(functions) < 2:
            return callees
        chosen = tuple(functions[ref] for ref in pick(r, path, list(functions), args))
        return chosen + tuple(one for one in callees if one[0] in (t.TYPE, t.CALLABLE))

    def choose(self, r: Resolver, path: str, found: list[Ref]) -> list[Ref]:
        return found

    def stands_for(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        if facts.occ_target[row] == 0 and facts.names[facts.occ_name[row]] == _MODULE_WORD:
            return [(facts.path, whole) for whole in facts.members(0).get(WHOLE, ())[:1]]
        if facts.occ_role[row] == Role.DEFINITION:
            expected = self._expected_outside(r, facts, row)
            if expected:
                return expected
        refs = r.occurrence_targets(facts.path, row)
        found = refs
        for _ in range(_MAX_ALIASES):
            aliased = self._aliased(r, found[0]) if len(found) == 1 else []
            if not aliased:
                break
            found = aliased
        return found if found != refs else []

    @staticmethod
    def _expected_outside(r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """The built-in members that the name of a literal's own method is foremost a use of: no place to show."""
        other = row + 1
        if (
            other >= len(facts.occ_start)
            or facts.occ_start[other] != facts.occ_start[row]
            or facts.occ_target[other] != MEMBER
        ):
            return []
        found = r.expected_targets(facts, other)
        return found if all(r.is_builtin(ref) for ref in found) else []

    @staticmethod
    def _aliased(r: Resolver, ref: Ref) -> list[Ref]:
        """What ``exports.name = a.b`` only passes on: the member."""
        facts = r.facts(ref[0])
        if facts is None or facts.def_kind[ref[1]] != DefKind.CONSTANT or facts.def_scope[ref[1]] != 0:
            return []
        sites = facts.sites(ref[1])
        if facts.def_flags[ref[1]] & _HIDDEN != _HIDDEN or len(sites) != 1:
            return []
        value = facts.site_value[sites[0]]
        op, *args = facts.expr(value) if value > 0 else (ExprOp.UNKNOWN,)
        if op != ExprOp.MEMBER or facts.name(ref[1]) == WHOLE:
            return []
        inner = facts.expr(args[0])[0]
        if inner not in (ExprOp.DEF, ExprOp.NAME, ExprOp.MEMBER):
            return []
        return [one for one in r.member_targets(ref[0], args[0], facts.names[args[1]]) if one != ref]

    def behind_call(self, r: Resolver, facts: FileFacts, row: int, refs: list[Ref]) -> list[Ref]:
        if not refs or any(r.kind_of(ref) not in _HOLDERS for ref in refs):
            return refs
        values = t.union(r.value_of(ref, facts.occ_start[row] if ref[0] == facts.path else 0) for ref in refs)
        # a module that is a function is known as both
        values = tuple(one for one in values if one[0] != t.MODULE)
        if len(values) != 1 or values[0][0] != t.FUNCTION or r.is_builtin(values[0][1]):
            return refs
        function: Ref = values[0][1]
        return [function, *(ref for ref in refs if ref != function)] if r.simple_name(function) else refs

    # -- relations

    def overrides(self, r: Resolver, ref: Ref) -> list[Ref]:
        name = r.simple_name(ref)
        if name.startswith("__") or r.kind_of(ref) == DefKind.CONSTRUCTOR:
            return []
        return super().overrides(r, ref)

    def relations(self, r: Resolver, facts: FileFacts) -> list[tuple[RelationKind, Ref, Ref]]:
        return [*self._signatures(facts), *self._expected(r, facts)]

    @staticmethod
    def _signatures(facts: FileFacts) -> list[tuple[RelationKind, Ref, Ref]]:
        """The signatures of one function belong together."""
        groups: dict[tuple[int, int], list[int]] = {}
        overloaded = {
            (facts.def_scope[row], facts.def_name[row])
            for row, flags in enumerate(facts.def_flags)
            if flags & DefFlag.OVERLOAD
        }
        if not overloaded:
            return []
        for row, key in enumerate(zip(facts.def_scope, facts.def_name, strict=True)):
            if key in overloaded and facts.def_kind[row] in FUNCTION_LIKE:
                groups.setdefault(key, []).append(row)
        found = []
        for rows in groups.values():
            whole = [row for row in rows if not facts.def_flags[row] & DefFlag.OVERLOAD]
            hub = (whole or rows)[0]
            found += [
                (RelationKind.DEFINES, (facts.path, hub), (facts.path, row)) for row in rows if row != hub
            ]
        return found

    @staticmethod
    def _expected(r: Resolver, facts: FileFacts) -> list[tuple[RelationKind, Ref, Ref]]:
        """A method of an object literal implements the member of the type that is expected there."""
        found: list[tuple[RelationKind, Ref, Ref]] = []
        starts, targets = facts.occ_start, facts.occ_target
        for row in range(1, len(starts)):
            if targets[row] != MEMBER or starts[row] != starts[row - 1] or targets[row - 1] <= 0:
                continue
            own = targets[row - 1]
            if facts.occ_role[row - 1] != Role.DEFINITION:
                continue
            method = facts.def_kind[own] == DefKind.METHOD
            for ref in r.expected_targets(facts, row):
                # what the workspace declares is linked to; a built-in member only brings its likes together
                if method or r.is_builtin(ref):
                    found.append((RelationKind.OVERRIDES, (facts.path, own), ref))
        return found

    # -- types

    def type_parameters(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        facts = r.facts(ref[0])
        if facts is None or not facts.def_flags[ref[1]] & DefFlag.SYNTHETIC:
            return super().type_parameters(r, ref)
        # a nameless type takes those of everything around it
        found: list[int] = []
        scope = facts.def_scope[ref[1]]
        while scope >= 0:
            for rows in facts.members(scope).values():
                found += [
                    row
                    for row in rows
                    if facts.def_kind[row] == DefKind.TYPE_PARAMETER and facts.def_owner[row] >= 0
                ]
            scope = facts.scope_parent[scope]
        return [(ref[0], row) for row in sorted(found)]

    def captured(self, r: Resolver, ref: Ref) -> tuple[TypeSet, ...]:
        return tuple(((t.TYPEVAR, one),) for one in r.type_parameters(ref))

    def special_form(self, r: Resolver, path: str, base: TypeSet, args: Sequence[TypeSet]) -> TypeSet | None:
        functions = tuple(one for one in base if one[0] == t.FUNCTION)
        for one in base:
            if one[0] in (t.INSTANCE, t.SELF):
                members = r.member_of(path, (one,), self.call_member)
                functions += tuple((t.FUNCTION, ref, receiver) for ref, receiver in members)
        if functions and args and not any(one[0] == t.TYPE for one in base):  # a type of that name is meant
            return tuple(self.applied(r, list(self.all_signatures(r, functions).values()), args))
        if len(base) != 1 or base[0][0] != t.TYPE or not r.is_builtin(base[0][1]) or not args:
            return None
        name = r.simple_name(base[0][1])
        if name in _TRANSPARENT:
            return args[0]
        if name == "Awaited":
            return t.union(self.awaited(r, one) for one in args[0])
        if name == "ReturnType":
            return t.union(r.call(path, one, ()) for one in args[0])
        if name == "InstanceType":
            return tuple((t.INSTANCE, one[1], one[2]) if one[0] == t.TYPE else one for one in args[0])
        return None

    def element(self, r: Resolver, one: Type) -> TypeSet:
        if one[0] == t.INSTANCE:
            name = r.simple_name(one[1])
            if r.is_builtin(one[1]):
                if name in ("Map", "ReadonlyMap") and len(one[2]) == 2:
                    return ((t.TUPLE, tuple(one[2])),)
                return one[2][0] if one[2] else ()
            found = r.member_of(one[1][0], (one,), "[Symbol.iterator]")
            given = t.union(r.returned((t.FUNCTION, ref, one), ()) for ref, _ in found)
            if given:
                return t.union(inner[2][0] for inner in given if inner[0] == t.INSTANCE and inner[2])
        return super().element(r, one)

    def index(self, r: Resolver, path: str, one: Type, key: int) -> TypeSet:
        if one[0] == t.TUPLE:
            return t.union(one[1])
        if one[0] == t.INSTANCE:
            found = r.member_of(path, (one,), "__index")
            if found:
                return t.union(r.value_through(ref, receiver) for ref, receiver in found)
            if key < 0 and not r.is_builtin(one[1]):
                return self._of_any_key(r, one)
        return ()

    @staticmethod
    def _of_any_key(r: Resolver, one: Type) -> TypeSet:
        """``T[K]`` where which of few members ``K`` names is not known: what any of them is."""
        facts = r.facts(one[1][0])
        body = facts.def_body[one[1][1]] if facts is not None else -1
        names = facts.members(body) if facts is not None and body >= 0 else {}
        if facts is None or len(names) > _MAX_KEYS:
            return ()
        rows = [row for found in names.values() for row in found if facts.def_kind[row] == DefKind.FIELD]
        return t.union(r.value_through((one[1][0], row), one) for row in rows)

    def member_without_definition(self, r: Resolver, path: str, one: Type, name: str) -> TypeSet:
        return self.index(r, path, one, 0) if one[0] == t.INSTANCE and name != "__index" else ()

    def call_result(self, r: Resolver, path: str, callee: Type, args: Sequence[TypeSet]) -> TypeSet | None:
        if callee[0] != t.FUNCTION:
            return None
        if callee[2] is not None and callee[2][0] in (t.FUNCTION, t.CALLABLE) and r.is_builtin(callee[1]):
            name = r.simple_name(callee[1])
            if name == "bind":
                return (callee[2],)
            return r.call(path, callee[2], args[1:] if name == "call" else ())
        facts = r.facts(callee[1][0])
        if (
            facts is None
            or not facts.def_flags[callee[1][1]] & DefFlag.ASYNC
            or facts.def_type[callee[1][1]] > 0
        ):
            return None
        if facts.def_flags[callee[1][1]] & DefFlag.GENERATOR:
            return None
        found = r.returned(callee, args)
        inner = t.union(self.awaited(r, one) for one in found)
        return self.literal(r, path, "Promise", [inner])


#: Members of a function whose calls have to do with calling it.
_CALLING = frozenset({"call", "apply", "bind"})


def _is_script(facts: FileFacts) -> bool:
    return "javascript:script" in facts.groups


RULES = JavaScriptRules()
