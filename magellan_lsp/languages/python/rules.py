"""How Python's names are linked: modules, imports, ``self``, MRO, annotations and evident types."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag
from magellan_lsp.languages.python import overloads
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.rules import FUNCTION_LIKE, Rules
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_FIRST_ARGUMENT = frozenset(
    {"ClassVar", "Final", "Annotated", "Required", "NotRequired", "ReadOnly", "Unpack", "InitVar", "Deferred"}
)
_VARIABLE_MAKERS = frozenset({"TypeVar", "ParamSpec", "TypeVarTuple"})
_STUB_MODULES = {
    "builtins": "builtins.pyi",
    "typing": "typing.pyi",
    "typing_extensions": "typing.pyi",
    "collections.abc": "typing.pyi",
    "collections": "typing.pyi",
    "contextlib": "typing.pyi",
    "functools": "typing.pyi",
    "enum": "typing.pyi",
}
#: Packages that are often there and give types to what a workspace does with them; installed ones come first.
_STUB_PACKAGES = {"pytest": "pytest.pyi"}
_STUB_PREFIX = "<builtin>/python/"


class PythonRules(Rules):
    """See the module."""

    stubs = (("python", "builtins.pyi"), ("python", "typing.pyi"))
    awaitable = frozenset({"Awaitable", "Future", "Task"})
    call_member = "__call__"
    get_member = "__get__"
    constructors = ("__init__", "__new__")
    constructor_calls = False
    whole_text = True
    handing_on_calls = True
    infers_parameters = True
    keeps_functions = True
    callees = frozenset(
        int(kind)
        for kind in (DefKind.CLASS, DefKind.FUNCTION, DefKind.METHOD, DefKind.PROPERTY, DefKind.TYPE_ALIAS)
    )

    # -- modules

    def roots(self, r: Resolver, path: str) -> Sequence[str]:
        """Folders from which a file's absolute imports are looked up, nearest project first; "" is the
        workspace.
        """

        def compute() -> tuple[str, ...]:
            if r.installed is not None and r.installed.covers(path):
                return ()  # a package sees its like, never the workspace
            folder = path.rpartition("/")[0]
            found: dict[str, None] = {}
            ancestors = [folder]
            while folder:
                folder = folder.rpartition("/")[0]
                ancestors.append(folder)
            projects = [
                at
                for at in ancestors
                if not at or any(_exists_config(r, at, name) for name in _PROJECT_FILES)
            ]
            for at in [*projects, *(a for a in ancestors if not self._is_package(r, a))]:
                found[at] = None
                found[_join(at, "src")] = None
            found[_join(projects[0] if projects else "", "lib")] = None
            for name in _PROJECT_FILES:
                for config in r.source.configs(name):
                    at = config.rpartition("/")[0]
                    found[at] = None
                    found[_join(at, "src")] = None
            found[ancestors[0]] = None
            return tuple(found)

        folder = path.rpartition("/")[0]
        roots: Sequence[str] = r.query(("python-roots", folder), compute, ("",))
        return roots

    @staticmethod
    def _is_package(r: Resolver, folder: str) -> bool:
        return r.source.exists(_join(folder, "__init__.py")) or r.source.exists(_join(folder, "__init__.pyi"))

    def module(self, r: Resolver, path: str, dotted: str, level: int = 0) -> TypeSet:
        """The module that an import names: a file, or a folder as a namespace package; () when outside the
        workspace.
        """

        def compute() -> TypeSet:
            parts = [part for part in dotted.split(".") if part]
            if level:
                folder = path.rpartition("/")[0]
                for _ in range(level - 1):
                    if not folder:
                        return ()
                    folder = folder.rpartition("/")[0]
                return self._below(r, folder, parts)
            if not parts:
                return ()  # half-written: a dot alone where a name should be
            own = path.rpartition("/")[0]
            for root in self.roots(r, path):
                if root == own and parts[0] in sys.stdlib_module_names and self._is_package(r, own):
                    continue  # `import typing` in a package that has a typing.py: the library's
                found = self._below(r, root, parts)
                if found and (found[0][0] == t.MODULE):
                    return found
            stub = _STUB_MODULES.get(dotted)
            if stub:
                return ((t.MODULE, (_STUB_PREFIX + stub, 0)),)
            installed = r.installed.roots("python") if r.installed is not None else ()
            for root in installed:
                found = self._installed_module(r, root, parts)
                if found:
                    return found
            if dotted in _STUB_PACKAGES:
                return ((t.MODULE, (_STUB_PREFIX + _STUB_PACKAGES[dotted], 0)),)
            roots = [*self.roots(r, path), *installed]
            return ((t.PACKAGE, tuple(_join(root, "/".join(parts)) for root in roots)),)

        key = ("python-module", path.rpartition("/")[0], dotted, level)
        found: TypeSet = r.query(key, compute, ())
        return found

    def _installed_module(self, r: Resolver, root: str, parts: Sequence[str]) -> TypeSet:
        """A module below a folder of packages; stubs that were installed apart (``x-stubs``) say more than sources."""
        for name in (f"{parts[0]}-stubs", parts[0]):
            found = self._below(r, root, [name, *parts[1:]])
            if found[0][0] == t.MODULE:
                real = r.installed.real(found[0][1][0]) if r.installed is not None else found[0][1][0]
                return ((t.MODULE, (real, 0)),)
        return ()

    def _below(self, r: Resolver, folder: str, parts: Sequence[str]) -> TypeSet:
        base = _join(folder, "/".join(parts)) if parts else folder
        for suffix in (".py", ".pyi"):
            for place in (_join(base, f"__init__{suffix}"), f"{base}{suffix}" if parts else ""):
                if place and r.source.exists(place):
                    return ((t.MODULE, (place, 0)),)
        return ((t.PACKAGE, (base,)),)

    def package_member(self, r: Resolver, key: str, name: str) -> TypeSet:
        folders: tuple[str, ...] = key  # type: ignore[assignment]
        for folder in folders:
            found = self._below(r, folder, [name])
            if found[0][0] == t.MODULE:
                return found
        return ((t.PACKAGE, tuple(_join(folder, name) for folder in folders)),)

    def package_targets(self, r: Resolver, key: str, name: str) -> list[Ref]:
        return [one[1] for one in self.package_member(r, key, name) if one[0] == t.MODULE]

    def export(self, r: Resolver, path: str, name: str) -> list[Ref]:
        facts = r.facts(path)
        if facts is None:
            return []
        found = super().export(r, path, name)
        if not found:
            found = self._from_stars(r, facts, name)
        if not found and path.rpartition("/")[2] in ("__init__.py", "__init__.pyi"):
            found = [one[1] for one in self._below(r, path.rpartition("/")[0], [name]) if one[0] == t.MODULE]
        return self.choose(r, path, found)

    def _from_stars(self, r: Resolver, facts: FileFacts, name: str) -> list[Ref]:
        """What ``from m import *`` brings under the name; the last one wins."""
        for row in range(len(facts.import_flags) - 1, -1, -1):
            if not facts.import_flags[row] & ImportFlag.STAR:
                continue
            for one in self._import_module(r, facts, row):
                if one[0] == t.MODULE and one[1][0] != facts.path and self._starred(r, one[1][0], name):
                    found = r.export(one[1][0], name)
                    if found:
                        return found
        return []

    def _starred(self, r: Resolver, path: str, name: str) -> bool:
        """Whether a star import of the module brings the name."""
        facts = r.facts(path)
        if facts is None:
            return False
        if "python:__all__" in facts.groups and "python:__all__+" not in facts.groups:
            rows = facts.members(0).get(name, ())
            if rows:
                return any(facts.def_flags[row] & DefFlag.EXPORTED for row in rows)
            # a name in __all__ that a star import or a submodule of this module provides
            return facts.name_index(name) > 0
        return not name.startswith("_")

    def _import_module(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet:
        module = facts.import_module[row]
        return self.module(r, facts.path, facts.names[module] if module >= 0 else "", facts.import_level[row])

    def import_types(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet:
        flags = facts.import_flags[row]
        if self._is_left_out(facts, row):
            return ()
        if flags & ImportFlag.MODULE:
            dotted = facts.names[facts.import_module[row]]
            if flags & ImportFlag.FIRST_PART:
                dotted = dotted.partition(".")[0]
            return self.module(r, facts.path, dotted)
        name = facts.names[facts.import_name[row]] if facts.import_name[row] >= 0 else ""
        found = []
        for one in self._import_module(r, facts, row):
            if one[0] == t.PACKAGE:
                found.append(self.package_member(r, one[1], name))
            else:
                found.append(t.union(r.value_of(ref) for ref in r.export(one[1][0], name)))
        return t.union(found)

    @staticmethod
    def _is_left_out(facts: FileFacts, row: int) -> bool:
        """Whether an import stands in a branch that is left out while another binds the same name."""
        if not facts.import_flags[row] & ImportFlag.LEFT_OUT or facts.import_def[row] < 0:
            return False
        return any(
            bound == facts.import_def[row] and not facts.import_flags[other] & ImportFlag.LEFT_OUT
            for other, bound in enumerate(facts.import_def)
        )

    def import_targets(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        flags = facts.import_flags[row]
        if self._is_left_out(facts, row):
            return []
        described = self._described(r, facts, row)
        if flags & ImportFlag.MODULE:
            types = described or self.import_types(r, facts, row)
            return [one[1] for one in types if one[0] == t.MODULE]
        if flags & ImportFlag.STAR:
            return []
        name = facts.names[facts.import_name[row]]
        found = [ref for one in described for ref in r.export(one[1][0], name)]
        if found:
            return found
        for one in self._import_module(r, facts, row):
            if one[0] == t.PACKAGE:
                found.extend(self.package_targets(r, one[1], name))
            elif one[0] == t.MODULE and one[1][0] != facts.path:
                found.extend(r.export(one[1][0], name))
            elif one[0] == t.MODULE:
                # `from . import x` inside the package's own __init__: the submodule, never the import itself
                folder = facts.path.rpartition("/")[0]
                found.extend(sub[1] for sub in self._below(r, folder, [name]) if sub[0] == t.MODULE)
        return found

    def _described(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet:
        """The installed source of a library module that a stub of ours describes: inference has the stub, a person
        the source. () where that is not to be had, and for any other module.
        """
        module = facts.import_module[row]
        if r.installed is None or facts.import_level[row] or module < 0:
            return ()
        dotted = facts.names[module]
        if facts.import_flags[row] & ImportFlag.FIRST_PART:
            dotted = dotted.partition(".")[0]
        return self._library(r, facts.path, dotted)

    def _library(self, r: Resolver, path: str, dotted: str) -> TypeSet:
        found = self.module(r, path, dotted)
        if r.installed is None or not any(one[0] == t.MODULE and r.is_builtin(one[1]) for one in found):
            return ()
        parts = dotted.split(".")
        places = (self._installed_module(r, root, parts) for root in r.installed.roots("python"))
        return next((place for place in places if place), ())

    def module_part(self, r: Resolver, facts: FileFacts, row: int, prefix: str) -> list[Ref]:
        dotted = prefix.lstrip(".")
        found = self.module(r, facts.path, dotted, len(prefix) - len(dotted))
        if dotted == prefix:
            found = self._library(r, facts.path, dotted) or found
        return [one[1] for one in found if one[0] == t.MODULE]

    def open_name(self, r: Resolver, facts: FileFacts, scope: int, name: str, offset: int) -> list[Ref]:
        if name in _MODULE_ATTRIBUTES:
            return [(facts.path, 0)]
        return self._from_stars(r, facts, name) or self.builtin(r, name)

    def is_weak(self, r: Resolver, members: list[Ref]) -> bool:
        """A variable without a declared type gives way to what a base class declares."""
        return all(self._is_untyped(r, member) for member in members)

    def member_fallback(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        """A member of a class that its metaclass brings."""
        if one[0] != t.TYPE or r.is_builtin(one[1]):
            return []
        for meta in self._metaclasses(r, one[1]):
            found = r.find_in_class(meta, name)
            if found:
                return [(ref, one) for ref in found]
        return []

    def _metaclasses(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        def compute() -> Sequence[Ref]:
            found: dict[Ref, None] = {}
            for at, _ in r.linearize(ref):
                facts = r.facts(at[0])
                if facts is None:
                    continue
                for row in _base_rows(facts, at[1], _METACLASS):
                    found.update(
                        {one[1]: None for one in r.eval(at[0], facts.base_expr[row]) if one[0] == t.TYPE}
                    )
            return tuple(found)

        return r.query(("metaclasses", ref), compute, ())

    def bound(self, r: Resolver, ref: Ref) -> TypeSet:
        """What ``TypeVar("T", bound=C)`` and ``TypeVar("T", A, B)`` say."""
        facts = r.facts(ref[0])
        if facts is None or facts.def_kind[ref[1]] not in _VARIABLES:
            return super().bound(r, ref)
        found = []
        for site in facts.sites(ref[1]):
            value = facts.site_value[site]
            op, *args = facts.expr(value) if value > 0 else (0,)
            if op != ExprOp.CALL or _head(facts, args[0]) not in _VARIABLE_MAKERS:
                continue
            for arg in args[2:]:
                inner, *parts = facts.expr(arg)
                if inner != ExprOp.NAMED:
                    found.append(r.as_type(ref[0], arg))
                elif facts.names[parts[0]] == "bound":
                    found.append(r.as_type(ref[0], parts[1]))
        return t.union(found)

    # -- types

    def type_parameters(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        own = super().type_parameters(r, ref)
        if own:
            return own
        facts = r.facts(ref[0])
        if facts is None:
            return ()
        found: dict[Ref, None] = {}
        generic: dict[Ref, None] = {}
        for row in r.base_rows(ref):
            op, *args = facts.expr(facts.base_expr[row])
            if op not in (ExprOp.GENERIC, ExprOp.INDEX):
                continue
            parts = args[1:]
            if len(parts) == 1 and parts[0] > 0 and facts.expr(parts[0])[0] == ExprOp.TUPLE:
                parts = list(facts.expr(parts[0])[1:])
            head = any(
                r.simple_name(one[1]) in ("Generic", "Protocol")
                for one in r.eval(ref[0], args[0])
                if one[0] == t.TYPE
            )
            for part in parts:
                for one in r.as_type(ref[0], part):
                    if one[0] == t.TYPEVAR:
                        (generic if head else found)[one[1]] = None
        return tuple(generic or found)

    def variable_value(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet | None:
        """``T = TypeVar("T")`` makes a type parameter; ``N = NewType("N", C)`` is C; a field of an enum is a
        member.
        """
        owner = facts.def_owner[row]
        if facts.def_kind[row] == DefKind.PARAMETER:
            return self._parameter(r, facts, row)
        if (
            facts.def_kind[row] == DefKind.FIELD
            and facts.def_kind[owner] == DefKind.CLASS
            and not facts.def_flags[row] & DefFlag.INSTANCE
            and self._is_enum(r, (facts.path, owner))
        ):
            return ((t.INSTANCE, (facts.path, owner), ()),)
        for site in facts.sites(row):
            value = facts.site_value[site]
            if value <= 0:
                continue
            op, *args = facts.expr(value)
            if op != ExprOp.CALL:
                continue
            head = _head(facts, args[0])
            if head in _VARIABLE_MAKERS:
                return ((t.TYPEVAR, (facts.path, row)),)
            if head == "NewType" and len(args) > 2:
                return r.eval(facts.path, args[2])
        return None

    def _parameter(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet | None:
        """``self: T`` is an instance of the class all the same; a parameter without a type stands for what is given."""
        if facts.def_type[row] <= 0:
            if facts.sites(row) or facts.def_flags[row] & (DefFlag.VARIADIC | DefFlag.KEYWORDS):
                return None
            return ((t.TYPEVAR, (facts.path, row)),)
        if not self.is_receiver(facts, row):
            return None
        if any(one[0] != t.TYPEVAR for one in r.as_type(facts.path, facts.def_type[row])):
            return None
        return t.union(r.eval(facts.path, facts.site_value[site]) for site in facts.sites(row))

    def receiver_mapping(
        self, r: Resolver, ref: Ref, receiver: Type, mapping: dict[Ref, TypeSet]
    ) -> dict[Ref, TypeSet]:
        """In ``def m(self: T) -> T`` the receiver says what T is."""
        declared: TypeSet = r.query(("python-receiver", ref), lambda: self._declared_receiver(r, ref), ())
        if declared:
            mapping = dict(mapping)
            one = (t.INSTANCE, receiver[1], receiver[2]) if receiver[0] == t.TYPE else receiver
            t.unify(declared, (one,), mapping)
        return mapping

    def _declared_receiver(self, r: Resolver, ref: Ref) -> TypeSet:
        facts = r.facts(ref[0])
        if facts is None or facts.def_kind[ref[1]] not in FUNCTION_LIKE:
            return ()
        for row in facts.children(ref[1]):
            if facts.def_kind[row] == DefKind.PARAMETER:
                receives = facts.def_type[row] > 0 and self.is_receiver(facts, row)
                return r.as_type(ref[0], facts.def_type[row]) if receives else ()
        return ()

    def definition_value(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet | None:
        """A decorated function is what its decorators give, where that is known."""
        if facts.def_kind[row] not in FUNCTION_LIKE:
            return None
        plain: TypeSet = ((t.FUNCTION, (facts.path, row), None),)
        value = self._through_decorators(r, facts, row, plain, self._says_more)
        return None if value == plain else value

    def decorated(self, r: Resolver, ref: Ref) -> TypeSet:
        facts = r.facts(ref[0])
        if facts is None:
            return ()
        plain: TypeSet = ((t.FUNCTION, ref, None),)
        value = self._through_decorators(r, facts, ref[1], plain, lambda r, one: True)
        return () if value == plain else value

    @staticmethod
    def _through_decorators(
        r: Resolver, facts: FileFacts, row: int, value: TypeSet, accepts: Callable[[Resolver, Type], bool]
    ) -> TypeSet:
        """What decorators make of a value, the innermost first; what is not accepted changes nothing."""
        decorators = _base_rows(facts, row, _DECORATES)
        for at in decorators:
            made = t.union(
                r.call(facts.path, callee, [value]) for callee in r.eval(facts.path, facts.base_expr[at])
            )
            made = tuple(one for one in made if one[0] != t.TYPEVAR)
            if made and all(accepts(r, one) for one in made):
                value = made
        return value

    def got(self, r: Resolver, value: TypeSet, receiver: Type) -> TypeSet:
        """Of a descriptor what its ``__get__`` gives, asked through an instance."""
        if receiver[0] not in (t.INSTANCE, t.SELF):
            return value
        for one in value:
            if one[0] == t.INSTANCE and one[1][0][0] != "<" and self._getters(r, one[1]):
                return t.union(self._given(r, part, receiver) or (part,) for part in value)
        return value

    def _getters(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        """The methods that say what reading a value of a class gives, of overloads those for instances."""

        def compute() -> Sequence[Ref]:
            methods = [found for found, _ in r.member_of(ref[0], ((t.INSTANCE, ref, ()),), self.get_member)]
            signatures = [one for one in methods if self._is_signature(r, one)]
            return tuple(one for one in signatures or methods if not self._for_classes(r, one))

        return r.query(("python-get", ref), compute, (), 0)

    def _given(self, r: Resolver, one: Type, receiver: Type) -> TypeSet:
        methods = self._getters(r, one[1]) if one[0] == t.INSTANCE else ()
        found = t.union(r.returned((t.FUNCTION, ref, one), [(receiver,), ()]) for ref in methods)
        return tuple(other for other in found if other[:2] != one[:2])  # itself, when asked through a class

    @staticmethod
    def _is_signature(r: Resolver, ref: Ref) -> bool:
        facts = r.facts(ref[0])
        return facts is not None and bool(facts.def_flags[ref[1]] & DefFlag.OVERLOAD)

    def _for_classes(self, r: Resolver, ref: Ref) -> bool:
        """Whether a signature of ``__get__`` is that for reading through the class: ``instance: None``."""
        facts = r.facts(ref[0])
        rows = self.parameters(r, ref)
        if facts is None or not rows:
            return False
        at = rows[1:2] if self.is_receiver(facts, rows[0]) else rows[:1]
        declared = r.as_type(ref[0], facts.def_type[at[0]]) if at and facts.def_type[at[0]] > 0 else ()
        return bool(declared) and all(
            self._builtin_name(r, part) in ("None", "NoneType") for part in declared
        )

    def iteration(self, r: Resolver, one: Type) -> list[Ref]:
        if one[0] not in (t.INSTANCE, t.SELF):
            return []
        found = [ref for ref, _ in r.member_of("", (one,), "__iter__")]
        for inner in self._special(r, one, "__iter__"):
            found += [ref for ref, _ in r.member_of("", (inner,), "__next__")]
        return found

    def _says_more(self, r: Resolver, one: Type) -> bool:
        """Whether what a decorator gives is known better than the function: not a wrapper that passes all on."""
        facts = r.facts(one[1][0]) if one[0] == t.FUNCTION else None
        return facts is None or facts.def_type[one[1][1]] > 0 or facts.def_owner[one[1][1]] <= 0

    def special_form(self, r: Resolver, path: str, base: TypeSet, args: Sequence[TypeSet]) -> TypeSet | None:
        for one in base:
            if one[0] != t.TYPE or not r.is_builtin(one[1]):
                continue
            name = r.simple_name(one[1])
            if name in ("Optional", "Union"):
                return t.union(args)
            if name in ("Type", "type"):
                return tuple((t.TYPE, a[1], a[2]) if a[0] == t.INSTANCE else a for a in t.union(args))
            if name in _FIRST_ARGUMENT:
                return args[0] if args else ()
            if name == "Literal":
                return ()
            if name == "Callable":
                return self._callable(args)
            if name == "tuple":
                if len(args) == 2 and not args[1]:
                    return ((t.INSTANCE, one[1], (args[0],)),)
                return ((t.TUPLE, tuple(args)),)
        return None

    @staticmethod
    def _callable(args: Sequence[TypeSet]) -> TypeSet:
        if len(args) == 1 and args[0] and args[0][0][0] == t.TUPLE:
            args = args[0][0][1]
        params: tuple[TypeSet, ...] = ()
        if args and args[0] and args[0][0][0] == t.TUPLE:
            params = args[0][0][1]
        return ((t.CALLABLE, params, args[-1] if args else ()),)

    def _builtin_name(self, r: Resolver, one: Type) -> str:
        return r.simple_name(one[1]) if one[0] in (t.INSTANCE, t.TYPE) and r.is_builtin(one[1]) else ""

    def _special(self, r: Resolver, one: Type, method: str) -> TypeSet:
        """What a special method of a value gives."""
        return t.union(
            r.returned((t.FUNCTION, ref, receiver), ())
            for ref, receiver in r.member_of("", (one,), method)
            if r.kind_of(ref) in FUNCTION_LIKE
        )

    def constant(self, r: Resolver, path: str, text: str) -> TypeSet:
        return self.literal(
            r, path, "int" if text[:1].isdigit() else "bytes" if text[:1] == "b" else "str", ()
        )

    def element(self, r: Resolver, one: Type) -> TypeSet:
        if one[0] == t.TUPLE:
            return t.union(one[1])
        name = self._builtin_name(r, one)
        if name == "str":
            return (one,)
        if name:
            return one[2][0] if one[0] == t.INSTANCE and one[2] else ()
        if one[0] == t.TYPE:
            # iterating over an enum class gives its members
            return ((t.INSTANCE, one[1], one[2]),) if self._is_enum(r, one[1]) else ()
        if one[0] in (t.INSTANCE, t.SELF):
            iterator = self._special(r, one, "__iter__")
            found = []
            for inner in iterator:
                if inner[0] in (t.INSTANCE, t.SELF) and not self._builtin_name(r, inner):
                    found.append(self._special(r, inner, "__next__"))
                else:
                    found.append(self.element(r, inner))
            return t.union(found) or self._inherited_element(r, one)
        return ()

    def _inherited_element(self, r: Resolver, one: Type) -> TypeSet:
        """The element of a class derived from a built-in container (``class Items(list[Item])``)."""
        for ref, mapping in r.linearize(one[1]):
            if r.is_builtin(ref):
                parameters = r.type_parameters(ref)
                if parameters and parameters[0] in mapping:
                    return t.substitute(
                        mapping[parameters[0]], r.mapping(one) if one[0] == t.INSTANCE else {}
                    )
        return ()

    def _is_enum(self, r: Resolver, ref: Ref) -> bool:
        return any(
            r.is_builtin(at) and r.simple_name(at) in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")
            for at, _ in r.linearize(ref)
        )

    def index(self, r: Resolver, path: str, one: Type, key: int) -> TypeSet:
        name = self._builtin_name(r, one)
        if one[0] == t.TUPLE:
            return t.union(one[1])
        if name in ("dict", "defaultdict", "OrderedDict", "Mapping", "MutableMapping", "Counter"):
            return one[2][1] if len(one[2]) > 1 else ()
        if name == "str":
            return (one,)
        if name:
            return one[2][0] if one[2] else ()
        if one[0] in (t.INSTANCE, t.SELF):
            return self._special(r, one, "__getitem__")
        return ()

    def enter(self, r: Resolver, one: Type) -> TypeSet:
        if self._builtin_name(r, one) in (
            "Generator",
            "AsyncGenerator",
            "Iterator",
            "AsyncIterator",
            "Iterable",
        ):
            return one[2][0] if one[2] else ()
        found = self._special(r, one, "__enter__") or self._special(r, one, "__aenter__")
        if found:
            return found
        return (one,) if not r.member_of("", (one,), "__enter__") else ()

    def awaited(self, r: Resolver, one: Type) -> TypeSet:
        name = self._builtin_name(r, one)
        if name == "Coroutine":
            return one[2][2] if len(one[2]) > 2 else ()
        return super().awaited(r, one)

    def constructed(self, r: Resolver, path: str, one: Type, args: Sequence[TypeSet]) -> TypeSet:
        name = self._builtin_name(r, one)
        if not name:
            return t.union((self._made_anew(r, one, args), super().constructed(r, path, one, args)))
        args = _positional(args)
        if name == "type" and args:
            return tuple((t.TYPE, a[1], a[2]) for a in args[0] if a[0] == t.INSTANCE) + tuple(
                (t.TYPE, a[1], ()) for a in args[0] if a[0] == t.SELF
            )
        if name in ("list", "set", "frozenset", "tuple", "deque", "iter", "reversed", "sorted") and args:
            elements = t.union(self.element(r, given) for given in args[0])
            return ((t.INSTANCE, one[1], (elements,)),)
        if name == "enumerate" and args:
            elements = t.union(self.element(r, given) for given in args[0])
            return ((t.INSTANCE, one[1], (((t.TUPLE, (self.literal(r, path, "int", ()), elements)),),)),)
        if name == "zip":
            parts = tuple(t.union(self.element(r, given) for given in arg) for arg in args)
            return ((t.INSTANCE, one[1], (((t.TUPLE, parts),),)),)
        return super().constructed(r, path, one, args)

    def _made_anew(self, r: Resolver, one: Type, args: Sequence[TypeSet]) -> TypeSet:
        """What a class's own ``__new__`` evidently gives besides an instance of the class."""
        found = [
            made
            for ref in r.find_in_class(one[1], "__new__")
            if not r.is_builtin(ref)
            for made in r.returned((t.FUNCTION, ref, one), args)
        ]
        return tuple(
            made
            for made in found
            if made[0] == t.TUPLE
            or (made[0] == t.INSTANCE and made[1] != one[1] and not r.is_builtin(made[1]))
        )

    def views(self, r: Resolver, path: str, one: Type) -> TypeSet:
        """A class is a callable that gives its instances."""
        return ((t.CALLABLE, (), ((t.INSTANCE, one[1], one[2]),)),) if one[0] == t.TYPE else ()

    def call_result(self, r: Resolver, path: str, callee: Type, args: Sequence[TypeSet]) -> TypeSet | None:
        if callee[0] != t.FUNCTION:
            return None
        if not r.is_builtin(callee[1]):
            return overloads.result(r, callee, args)
        args = _positional(args)
        if args:
            name = r.simple_name(callee[1])
            if name in ("iter", "next", "sorted", "reversed", "max", "min", "sum"):
                elements = t.union(self.element(r, given) for given in args[0])
                if name in ("next", "max", "min", "sum"):
                    return elements
                return self.literal(r, path, "list", [elements])
            if name == "getattr" and len(args) > 2:
                return args[2]
            if name == "cast":
                return tuple((t.INSTANCE, a[1], a[2]) if a[0] == t.TYPE else a for a in args[0])
        return None

    @staticmethod
    def _is_unlikely(r: Resolver, ref: Ref) -> bool:
        facts = r.facts(ref[0])
        return facts is not None and bool(facts.def_flags[ref[1]] & DefFlag.UNLIKELY)

    @staticmethod
    def _is_untyped(r: Resolver, ref: Ref) -> bool:
        """Whether a definition is a variable without a declared type, which gives way to a class or function."""
        facts = r.facts(ref[0])
        if facts is None or facts.def_kind[ref[1]] not in _VARIABLES:
            return False
        return facts.def_type[ref[1]] <= 0 and all(facts.site_type[site] <= 0 for site in facts.sites(ref[1]))

    def siblings(self, r: Resolver, ref: Ref) -> list[Ref]:
        """Overloads, a property's accessors, and what else one scope binds to the same name."""
        facts = r.facts(ref[0])
        if facts is None or facts.def_kind[ref[1]] not in _REBOUND:
            return []
        rows = facts.members(facts.def_scope[ref[1]]).get(facts.name(ref[1]), ())
        return [(ref[0], row) for row in rows if row != ref[1] and facts.def_kind[row] in _REBOUND]

    def keyword_target(self, r: Resolver, path: str, function: Type, name: str) -> list[Ref]:
        found = super().keyword_target(r, path, function, name)
        if not found and function[0] == t.TYPE:
            # a dataclass or NamedTuple: keyword arguments are its fields
            found = [ref for ref in r.find_in_class(function[1], name) if r.kind_of(ref) == DefKind.FIELD]
        return found

    def parameters(self, r: Resolver, ref: Ref) -> list[int]:
        facts = r.facts(ref[0])
        if facts is None:
            return []
        found = super().parameters(r, ref)
        return [row for row in found if not facts.def_flags[row] & DefFlag.KEYWORDS]

    def choose(self, r: Resolver, path: str, found: list[Ref]) -> list[Ref]:
        """The last definition of a name counts; overload signatures come after the implementation."""
        if len(found) < 2:
            return found
        found = [ref for ref in found if not self._is_untyped(r, ref)] or found
        found = [ref for ref in found if not self._is_unlikely(r, ref)] or found

        def weight(position: int) -> tuple[int, int]:
            facts = r.facts(found[position][0])
            row = found[position][1]
            if facts is None or facts.def_flags[row] & DefFlag.OVERLOAD:
                return (1, -position)
            # of a property the getter comes first in the source, and is what is meant
            return (0, position if facts.def_kind[row] == DefKind.PROPERTY else -position)

        return [found[position] for position in sorted(range(len(found)), key=weight)]


_MODULE_ATTRIBUTES = frozenset(
    {"__name__", "__file__", "__doc__", "__package__", "__spec__", "__path__", "__loader__"}
)
_VARIABLES = frozenset({int(DefKind.VARIABLE), int(DefKind.CONSTANT), int(DefKind.FIELD)})
_REBOUND = FUNCTION_LIKE | _VARIABLES | {int(DefKind.PROPERTY), int(DefKind.CLASS)}
_METACLASS, _DECORATES = 3, 4  # ``base_kind``
_PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py")


def _positional(args: Sequence[TypeSet]) -> Sequence[TypeSet]:
    """The arguments that are given by position."""
    return [given for given in args if not given or given[0][0] != t.BINDING]


def _base_rows(facts: FileFacts, definition: int, kind: int) -> list[int]:
    """Rows of the base table that say one thing of a definition; of decorators the innermost first."""
    if not facts.base_def:
        return []
    found = [
        (what, row)
        for row, (owner, what) in enumerate(zip(facts.base_def, facts.base_kind, strict=True))
        if owner == definition and (what == kind or (what > kind == _DECORATES))
    ]
    return [row for _, row in sorted(found)]


def _exists_config(r: Resolver, folder: str, name: str) -> bool:
    path = _join(folder, name)
    return r.source.config(path) is not None or r.source.exists(path)


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder and name else folder or name


def _head(facts: FileFacts, expr: int) -> str:
    """The last name of a callee expression."""
    op, *args = facts.expr(expr)
    if op == ExprOp.NAME:
        return facts.names[args[0]]
    if op == ExprOp.DEF:
        return facts.name(args[0])
    if op == ExprOp.MEMBER:
        return facts.names[args[1]]
    return ""


RULES = PythonRules()
