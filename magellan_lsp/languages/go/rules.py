"""How Go's names are linked: packages, modules, embedding, underlying types, implemented interfaces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.languages.go import installed
from magellan_lsp.languages.go.builds import LEFT_OUT
from magellan_lsp.languages.go.modules import ModuleFile, module_file, within
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.rules import FUNCTION_LIKE, Rules
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

#: Packages of the standard library that the stubs describe a part of; a name there begins with its package's.
_STUB_PACKAGES = frozenset(
    {
        "bufio",
        "cmp",
        "container/heap",
        "context",
        "database/sql",
        "database/sql/driver",
        "encoding",
        "encoding/json",
        "errors",
        "flag",
        "fmt",
        "io",
        "io/fs",
        "iter",
        "maps",
        "net",
        "net/http",
        "os",
        "reflect",
        "slices",
        "sort",
        "strconv",
        "sync",
        "sync/atomic",
        "time",
    }
)
# Plain integers: the enums' own operators are many times slower.
_INSTANCE = int(DefFlag.INSTANCE)
_SIDE_EFFECT, _STAR = int(ImportFlag.SIDE_EFFECT), int(ImportFlag.STAR)
#: Types that only keywords name, by what extraction calls them.
_KEYWORD_TYPES = {"map": "map_", "chan": "chan_"}
#: A named type whose underlying type is another named type, and so on: no real chain is longer.
_MAX_CHAIN = 6
#: A method name that more files define than this says nothing about interfaces; so many interfaces with it are looked at.
_MAX_CANDIDATES = 400


class GoRules(Rules):
    """See the module."""

    related_references = True
    mentions_call_in = True
    callees = FUNCTION_LIKE  # a conversion is no call, nor is the call of a function in a variable one of the variable
    stubs = (("go", "builtin.go"), ("go", "generics.go"), ("go", "std.go"))

    # -- packages

    def package_files(self, r: Resolver, key: str) -> frozenset[str]:
        """Files of a group: one package of a folder, or what an import of the folder brings."""

        def compute() -> frozenset[str]:
            own = frozenset(r.source.group(key))
            return own or frozenset(installed.package_files(r, key.removeprefix("go:").partition("#")[0]))

        nothing: frozenset[str] = frozenset()
        return r.query(("go-package", key), compute, nothing)

    def in_package(self, r: Resolver, key: str, name: str) -> list[Ref]:
        """Package-level definitions of a name in the files of a group."""

        def compute() -> list[Ref]:
            files = self.package_files(r, key)
            found: list[Ref] = []
            for path in self._defining(r, key, name) if files else ():
                facts = r.facts(path) if path in files else None
                if facts is None:
                    continue
                for row in facts.members(0).get(name, ()):
                    kind = facts.def_kind[row]
                    if kind != DefKind.IMPORT and not facts.def_flags[row] & _INSTANCE:
                        found.append((path, row))
            return self.choose(r, "", found)

        return r.query(("go-in", key, name), compute, [])

    def _defining(self, r: Resolver, key: str, name: str) -> Sequence[str]:
        """Files that may define a name of a package; of an installed one those whose text has it."""
        folder = key.removeprefix("go:").partition("#")[0]
        if r.installed is None or not r.installed.covers(f"{folder}/"):
            return r.source.defining(name)
        return installed.mentioning(r, sorted(self.package_files(r, key)), name)

    def companions(self, r: Resolver, path: str, name: str) -> Sequence[str]:
        """Methods may stand in any file of the package."""
        return installed.mentioning(r, installed.package_files(r, path.rpartition("/")[0]), name)

    def behind(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        """What the stubs call ``io_Writer`` is ``Writer`` of package io; the predeclared names are in builtin."""
        facts = r.facts(ref[0])
        if facts is None:
            return ()
        owner = facts.def_owner[ref[1]]
        name = facts.name(owner if owner > 0 else ref[1])
        package, _, simple = name.rpartition("_")
        imported = next((one for one in _STUB_PACKAGES if one.rpartition("/")[2] == package), "builtin")
        folder = installed.standard_folder(r, imported)
        found = self.in_package(r, _group(folder), simple or name) if folder else []
        if owner > 0:
            found = [member for one in found for member in r.find_in_class(one, facts.name(ref[1]))]
        return found

    def choose(self, r: Resolver, path: str, found: list[Ref]) -> list[Ref]:
        """Of definitions for different builds, those of the ordinary one."""
        if len(found) < 2:
            return found
        return [ref for ref in found if not self._left_out(r, ref[0])] or found

    def _left_out(self, r: Resolver, path: str) -> bool:
        facts = r.facts(path)
        return facts is not None and LEFT_OUT in facts.groups

    def open_name(self, r: Resolver, facts: FileFacts, scope: int, name: str, offset: int) -> list[Ref]:
        if name == "_":
            return []
        for key in facts.groups:
            if "#" in key:
                found = self.in_package(r, key, name)
                if found:
                    return found
        return self._from_imports(r, facts, name) or self.builtin(r, name)

    def builtin(self, r: Resolver, name: str) -> list[Ref]:
        return super().builtin(r, _KEYWORD_TYPES.get(name, name))

    def _from_imports(self, r: Resolver, facts: FileFacts, name: str) -> list[Ref]:
        """What a dot import brings, or an import whose package has another name than its path suggests."""
        for row, flags in enumerate(facts.import_flags):
            if flags & _SIDE_EFFECT:
                continue
            folder = self.folder_of(r, facts.path, facts.names[facts.import_module[row]])
            if not folder:
                continue
            if flags & _STAR:
                found = self._exported(r, folder, name)
                if found:
                    return found
            elif self._package_name(r, folder) == name:
                return [(facts.path, facts.import_def[row])]
        return []

    def _package_name(self, r: Resolver, folder: str) -> str:
        files = sorted(self.package_files(r, folder))
        first = r.facts(files[0]) if files else None
        return first.module if first is not None else ""

    def folder_of(self, r: Resolver, path: str, imported: str) -> str:
        """The group key of the folder that an import path names; "" when it lies outside the workspace."""

        def compute() -> str:
            for home, module in self._modules_seen(r, self._module_folder(r, path)):
                if imported == module or imported.startswith(f"{module}/"):
                    key = _group(_join(home, imported[len(module) + 1 :]))
                    if self.package_files(r, key):
                        return key
            folder = path.rpartition("/")[0]
            while True:
                for place in ("vendor", "src"):
                    key = _group(_join(folder, f"{place}/{imported}"))
                    if self.package_files(r, key):
                        return key
                if not folder:
                    break
                folder = folder.rpartition("/")[0]
            place = installed.folder_of(r, path, imported, self._module_folder(r, path))
            return _group(place) if place else ""

        found: str = r.query(("go-folder", path.rpartition("/")[0], imported), compute, "")
        return found

    def _modules(self, r: Resolver) -> dict[str, ModuleFile]:
        """Every go.mod by its folder."""

        def compute() -> dict[str, ModuleFile]:
            found = {}
            for config in r.source.configs("go.mod"):
                found[config.rpartition("/")[0]] = module_file(r.source.config(config) or b"")
            return found

        return r.query(("go-modules",), compute, {})

    def _module_folder(self, r: Resolver, path: str) -> str | None:
        """The folder of the module that a file belongs to; None without any go.mod around it."""
        modules = self._modules(r)
        folder = path.rpartition("/")[0]
        while folder not in modules:
            if not folder:
                return None
            folder = folder.rpartition("/")[0]
        return folder

    def _modules_seen(self, r: Resolver, home: str | None) -> Sequence[tuple[str, str]]:
        """The modules of the workspace that imports in a module can mean, each folder with the module's path, longest
        path first: itself, what its go.mod replaces by a folder, and its companions in a go.work. Others come
        from the module cache in the version that it requires, even where the workspace holds one of the name.
        """

        def compute() -> Sequence[tuple[str, str]]:
            modules = self._modules(r)
            if home is None:
                found = {(folder, module.path) for folder, module in modules.items()}
            else:
                found = {(home, modules[home].path)}
                found.update((within(home, place), path) for path, place in modules[home].replaced)
            for config in r.source.configs("go.work"):
                work = module_file(r.source.config(config) or b"")
                around = config.rpartition("/")[0]
                used = [within(around, place) for place in work.used]
                if home in used:
                    found.update((folder, modules[folder].path) for folder in used if folder in modules)
                    found.update((within(around, place), path) for path, place in work.replaced)
            return tuple(sorted((one for one in found if one[1]), key=lambda one: (-len(one[1]), one)))

        return r.query(("go-seen", home), compute, ())

    def import_types(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet:
        module = facts.names[facts.import_module[row]]
        folder = self.folder_of(r, facts.path, module)
        if folder and folder == _group(facts.path.rpartition("/")[0]):
            # an outside test of its own folder's package sees what that package's test files export for it
            return ((t.PACKAGE, f"{folder}#{self._package_name(r, folder)}"),)
        if folder:
            return ((t.PACKAGE, folder),)
        if module in _STUB_PACKAGES:
            return ((t.PACKAGE, f"std:{module.rpartition('/')[2]}_"),)
        return ()

    def import_targets(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """A package's name in code stands for the import that brings it."""
        definition = facts.import_def[row]
        return [(facts.path, definition)] if definition >= 0 else []

    def module_part(self, r: Resolver, facts: FileFacts, row: int, prefix: str) -> list[Ref]:
        """The package clause of the folder that the path names, the one with the package's documentation."""
        folder = self.folder_of(r, facts.path, prefix)
        found: list[tuple[bool, bool, Ref]] = []
        for path in self.package_files(r, folder) if folder else ():
            there = r.facts(path)
            if there is None:
                continue
            found.extend(
                (there.def_doc_start[at] < 0, self._left_out(r, path), (path, at))
                for at in there.children(0)
                if there.def_kind[at] == DefKind.NAMESPACE
            )
        return [min(found)[2]] if found else []

    def _exported(self, r: Resolver, key: str, name: str) -> list[Ref]:
        return self.in_package(r, key, name) if name[:1].isupper() else []

    def package_targets(self, r: Resolver, key: str, name: str) -> list[Ref]:
        if key.startswith("std:"):
            return self.builtin(r, key[4:] + name)
        return self._exported(r, key, name)

    def package_member(self, r: Resolver, key: str, name: str) -> TypeSet:
        return t.union(r.value_of(ref) for ref in self.package_targets(r, key, name))

    # -- types

    def underlying(self, r: Resolver, one: Type) -> TypeSet:
        """What a defined type is made of, as in ``type Handlers []Handler``; () for other types."""
        if one[0] not in (t.INSTANCE, t.TYPE, t.SELF):
            return ()
        facts = r.facts(one[1][0])
        if facts is None or facts.def_kind[one[1][1]] != DefKind.CLASS or facts.def_type[one[1][1]] <= 0:
            return ()
        nothing: TypeSet = ()
        path, made_of = one[1][0], facts.def_type[one[1][1]]
        made = r.query(("underlying", one[1]), lambda: r.as_type(path, made_of), nothing)  # may name itself
        if made and made[0] == one:
            return ()  # the predeclared types are made of themselves
        return t.substitute(made, r.mapping(one))

    def _core(self, r: Resolver, one: Type) -> TypeSet:
        """The types behind defined types and type parameters."""
        found: list[Type] = []
        stack: list[tuple[Type, int]] = [(one, 0)]
        while stack:
            at, depth = stack.pop()
            inner: TypeSet = ()
            if depth < _MAX_CHAIN:
                inner = r.bound(at[1]) if at[0] == t.TYPEVAR else self.underlying(r, at)
            if inner:
                stack.extend((part, depth + 1) for part in reversed(inner))
            else:
                found.append(at)
        return tuple(dict.fromkeys(found))

    def element(self, r: Resolver, one: Type) -> TypeSet:
        found = []
        for core in self._core(r, one):
            name = self._built_in_name(r, core)
            if name == "string":
                found.append(self.literal(r, "", "rune", ()))
            elif core[0] == t.CALLABLE:
                found.append(_yielded(core, -1))
            elif core[0] == t.INSTANCE and core[2]:
                found.append(core[2][-1])
        return t.union(found)

    def key(self, r: Resolver, one: Type) -> TypeSet:
        found = []
        for core in self._core(r, one):
            name = self._built_in_name(r, core)
            if core[0] == t.CALLABLE:
                found.append(_yielded(core, 0))
            elif name in ("map_", "chan_"):
                found.append(core[2][0] if core[2] else ())
            elif name in ("array", "string"):
                found.append(self.literal(r, "", "int", ()))
            elif name:
                found.append((core,))  # `range n` counts in n's own type
        return t.union(found)

    def index(self, r: Resolver, path: str, one: Type, key: int) -> TypeSet:
        if one[0] == t.FUNCTION:
            return (one,)  # an explicit instantiation
        found = []
        for core in self._core(r, one):
            if self._built_in_name(r, core) == "string":
                found.append(self.literal(r, "", "byte", ()))
            elif core[0] == t.INSTANCE and core[2]:
                found.append(core[2][-1])
        return t.union(found)

    def unpack(self, r: Resolver, one: Type, position: int) -> TypeSet:
        if one[0] == t.TUPLE:
            return one[1][position] if position < len(one[1]) else ()
        return ()

    def _built_in_name(self, r: Resolver, one: Type) -> str:
        return r.simple_name(one[1]) if one[0] == t.INSTANCE and r.is_builtin(one[1]) else ""

    def special_form(self, r: Resolver, path: str, base: TypeSet, args: Sequence[TypeSet]) -> TypeSet | None:
        functions = [one for one in base if one[0] == t.FUNCTION]
        return t.union(self._instantiated(r, one, args) for one in functions) if functions else None

    @staticmethod
    def _instantiated(r: Resolver, function: Type, args: Sequence[TypeSet]) -> TypeSet:
        """``f[T]``: what the function takes and gives with its first type parameters filled in."""
        ref = function[1]
        facts = r.facts(ref[0])
        if facts is None:
            return ()
        own = [row for row in facts.children(ref[1]) if facts.def_kind[row] == DefKind.TYPE_PARAMETER]
        mapping = dict(zip(((ref[0], row) for row in own), args, strict=False))
        declared = (facts.def_type[row] for row in r.rules(ref[0]).parameters(r, ref))
        takes = tuple(t.substitute(r.as_type(ref[0], one), mapping) for one in declared)
        return ((t.CALLABLE, takes, t.substitute(r.result_of(ref), mapping)),)

    def call_result(self, r: Resolver, path: str, callee: Type, args: Sequence[TypeSet]) -> TypeSet | None:
        if callee[0] in (t.INSTANCE, t.TYPEVAR):
            return t.union(core[2] for core in self._core(r, callee) if core[0] == t.CALLABLE)
        return None

    def field_fallback(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        """A key of a literal whose type turns out to be a map or an array is a plain name."""
        path = facts.path
        cores = [core for one in r.as_type(path, facts.occ_expr[row]) for core in self._core(r, one)]
        if not any(self._built_in_name(r, core) in ("map_", "array") for core in cores):
            return []
        name, scope = facts.names[facts.occ_name[row]], facts.occ_scope[row]
        at = r.lookup(facts, scope, name, facts.occ_start[row])
        return [(path, at)] if at >= 0 else r.open_name(path, scope, name)

    def signatures(self, r: Resolver, path: str, one: Type) -> list[Type]:
        return [core for core in self._core(r, one) if core[0] == t.CALLABLE]

    # -- members

    def member_order(self, r: Resolver, ref: Ref) -> Sequence[tuple[Ref, dict[Ref, TypeSet]]]:
        """The type, then what it embeds, the shallowest first."""

        def compute() -> Sequence[tuple[Ref, dict[Ref, TypeSet]]]:
            order: list[tuple[Ref, dict[Ref, TypeSet]]] = []
            seen: set[Ref] = set()
            level: list[tuple[Ref, dict[Ref, TypeSet]]] = [(ref, {})]
            while level and len(order) < 200:
                following: list[tuple[Ref, dict[Ref, TypeSet]]] = []
                for at, mapping in level:
                    if at in seen:
                        continue
                    seen.add(at)
                    order.append((at, {**mapping, **self._receiver_parameters(r, at, mapping)}))
                    for base in r.bases(at):
                        inner = {
                            parameter: t.substitute(arg, mapping)
                            for parameter, arg in zip(r.type_parameters(base[1]), base[2], strict=False)
                        }
                        following.append((base[1], inner))
                level = following
            return tuple(order)

        return r.query(("go-order", ref), compute, ((ref, {}),))

    def _receiver_parameters(self, r: Resolver, ref: Ref, mapping: dict[Ref, TypeSet]) -> dict[Ref, TypeSet]:
        """Methods name the type parameters of their receiver anew: what those names stand for."""
        parameters = r.type_parameters(ref)
        if not parameters:
            return {}
        found: dict[Ref, TypeSet] = {}
        for path, row in self.extensions(r, ref):
            facts = r.facts(path)
            if facts is None:
                continue
            own = [
                at
                for at in facts.children(facts.extension_def[row])
                if facts.def_kind[at] == DefKind.TYPE_PARAMETER
            ]
            for at, parameter in zip(own, parameters, strict=False):
                found[(path, at)] = mapping.get(parameter, ((t.TYPEVAR, parameter),))
        return found

    def extensions(self, r: Resolver, ref: Ref) -> list[tuple[str, int]]:
        """Methods are declared beside their type; only one at package level can have any."""
        facts = r.facts(ref[0])
        if facts is None or ref[1] not in facts.children(0):
            return []
        return super().extensions(r, ref)

    def member_fallback(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        """Fields of the struct, or methods of the interface, that a defined type is made of."""
        inner = self.underlying(r, one)
        nothing: list[tuple[Ref, Type | None]] = []
        if not inner:
            return nothing
        # as a question of its own: types may be made of each other
        return r.query(("behind", path, one, name), lambda: r.member_of(path, inner, name), nothing)

    # -- interfaces

    def overrides(self, r: Resolver, ref: Ref) -> list[Ref]:
        return []  # ``relations`` says it together with what a type implements

    def relations(self, r: Resolver, facts: FileFacts) -> list[tuple[RelationKind, Ref, Ref]]:
        """Which interfaces the types implement whose methods the file declares.

        Only interfaces count that themselves ask for one of these methods; what a type implements by way of what it
        embeds, or an interface by way of what it embeds, is found along the way there.
        """
        found: list[tuple[RelationKind, Ref, Ref]] = []
        checked: dict[tuple[Ref, Ref], bool] = {}
        for row, method in enumerate(facts.extension_def):
            name = facts.name(method)
            for one in r.as_type(facts.path, facts.extension_expr[row]):
                if one[0] != t.INSTANCE or r.kind_of(one[1]) == DefKind.INTERFACE:
                    continue
                for interface, wanted in self._asking(r, name):
                    pair = (one[1], interface)
                    if pair not in checked:
                        checked[pair] = self._implements(r, *pair)
                        if checked[pair]:
                            found.append((RelationKind.BASE_OF, *pair))
                    if checked[pair]:
                        found.append((RelationKind.OVERRIDES, (facts.path, method), wanted))
        return found

    def outside_members(self, r: Resolver, ref: Ref, path: str) -> set[Ref]:
        """Methods of the standard library's interfaces, as far as the stubs know them, that a method implements:
        in its own package all, in those built on it what interfaces of the workspace embed that it implements.
        """
        facts, there = r.facts(ref[0]), r.facts(path)
        if facts is None or there is None or ref[1] not in facts.extension_def:
            return set()
        wanted: dict[Ref, set[str]] = r.query(
            ("go-outside", ref), lambda: self._outside(r, facts, ref[1]), {}
        )
        if any("#" in key for key in set(facts.groups).intersection(there.groups)):
            return set(wanted)
        return {one for one, homes in wanted.items() if homes and homes & self._built_on(r, path)}

    def _outside(self, r: Resolver, facts: FileFacts, row: int) -> dict[Ref, set[str]]:
        """The methods of ``outside_members``; with each the folders of which packages have to be built on one."""
        found: dict[Ref, set[str]] = {}
        extension = facts.extension_expr[list(facts.extension_def).index(row)]
        own = [one[1] for one in r.as_type(facts.path, extension) if one[0] == t.INSTANCE]
        for interface, wanted in self._asking(r, facts.name(row), r.stub_paths(self)):
            for ref in own:
                if self._implements(r, ref, interface):
                    homes = found.setdefault(wanted, set())
                    for other in self._embedding(r, interface):
                        if self._implements(r, ref, other):
                            homes.update(_group(at.rpartition("/")[0]) for at in (facts.path, other[0]))
        return found

    def _embedding(self, r: Resolver, interface: Ref) -> Sequence[Ref]:
        """Interfaces of the workspace that embed one of the stubs, directly or through another of these."""

        def compute() -> tuple[Ref, ...]:
            found: dict[Ref, None] = {}
            stubs = [one for path in r.stub_paths(self) for one in self._interfaces(r, path)]
            for stub in stubs:
                if all(at != interface for at, _ in self.member_order(r, stub)):
                    continue
                for path in r.source.extending(r.simple_name(stub).partition("_")[2]):
                    for other in self._interfaces(r, path):
                        if any(at == interface for at, _ in self.member_order(r, other)):
                            found[other] = None
            return tuple(found)

        return r.query(("go-embedding", interface), compute, ())

    @staticmethod
    def _interfaces(r: Resolver, path: str) -> list[Ref]:
        facts = r.facts(path)
        if facts is None or facts.language != "go":
            return []
        return [(path, row) for row in facts.children(0) if facts.def_kind[row] == DefKind.INTERFACE]

    def _built_on(self, r: Resolver, path: str) -> frozenset[str]:
        """Group keys of the folders that the package of a file imports, directly or not."""

        def compute() -> frozenset[str]:
            there = r.facts(path)
            keys = [key for key in there.groups if "#" in key] if there is not None else []
            waiting = [at for key in keys for at in self.package_files(r, key)]
            found: set[str] = set()
            while waiting:
                at = waiting.pop()
                facts = r.facts(at)
                modules = {facts.names[module] for module in facts.import_module} if facts is not None else ()
                for module in modules:
                    folder = self.folder_of(r, at, module)
                    if folder and folder not in found:
                        found.add(folder)
                        waiting += self.package_files(r, folder)
            return frozenset(found)

        nothing: frozenset[str] = frozenset()
        return r.query(("go-built-on", path.rpartition("/")[0], path.endswith("_test.go")), compute, nothing)

    def _asking(self, r: Resolver, name: str, stubs: Sequence[str] = ()) -> Sequence[tuple[Ref, Ref]]:
        """Interfaces of the workspace, or else of the given stubs, that declare a method of this name, each
        with the method.
        """

        def compute() -> tuple[tuple[Ref, Ref], ...]:
            paths = stubs or r.source.defining(name)
            found: list[tuple[Ref, Ref]] = []
            for path in paths if len(paths) <= _MAX_CANDIDATES else ():
                rows = self._asked(r, path).get(name, ())
                found += [((path, owner), (path, row)) for owner, row in rows]
            return tuple(found[:_MAX_CANDIDATES])

        return r.query(("go-asking", name, bool(stubs)), compute, ())

    @staticmethod
    def _asked(r: Resolver, path: str) -> dict[str, list[tuple[int, int]]]:
        """The methods that interfaces of a file ask for, by name: (interface, method) rows."""

        def compute() -> dict[str, list[tuple[int, int]]]:
            facts = r.facts(path)
            found: dict[str, list[tuple[int, int]]] = {}
            if facts is not None and facts.language == "go":
                for row, (kind, owner) in enumerate(zip(facts.def_kind, facts.def_owner, strict=True)):
                    if kind == DefKind.METHOD and owner > 0:
                        found.setdefault(facts.name(row), []).append((owner, row))
            return found

        return r.query(("go-asked", path), compute, {}, 0)

    def _implements(self, r: Resolver, ref: Ref, interface: Ref) -> bool:
        methods = self._interface_methods(r, interface)
        return bool(methods) and all(self._has(r, ref, name, wanted) for name, wanted in methods.items())

    def _interface_methods(self, r: Resolver, ref: Ref) -> dict[str, Ref]:
        """The methods an interface asks for, those of embedded ones included; {} when one is not known."""
        found: dict[str, Ref] = {}
        for at, _ in self.member_order(r, ref):
            facts = r.facts(at[0])
            if facts is None or facts.def_kind[at[1]] != DefKind.INTERFACE:
                return {}
            if len(r.base_rows(at)) != len(r.bases(at)):
                return {}
            for row in facts.children(at[1]):
                if facts.def_kind[row] == DefKind.METHOD:
                    found.setdefault(facts.name(row), (at[0], row))
        return found

    def _has(self, r: Resolver, ref: Ref, name: str, wanted: Ref) -> bool:
        """Whether the type has a method of the name with as many results; what is not exported is a package's own."""
        results = _n_results(r, wanted)
        return any(
            r.kind_of(found) in FUNCTION_LIKE
            and _n_results(r, found) == results
            and (name[:1].isupper() or found[0].rpartition("/")[0] == wanted[0].rpartition("/")[0])
            for found in r.find_in_class(ref, name)
        )


def _n_results(r: Resolver, ref: Ref) -> int:
    facts = r.facts(ref[0])
    if facts is None or facts.def_type[ref[1]] <= 0:
        return 0
    op, *args = facts.expr(facts.def_type[ref[1]])
    return len(args) if op == ExprOp.TUPLE else 1


def _yielded(function: Type, position: int) -> TypeSet:
    """What a ``range`` over a function gives: the parameters of the ``yield`` that the function takes."""
    found = []
    for one in function[1][0] if function[1] else ():
        if one[0] == t.CALLABLE and one[1]:
            at = position if position >= 0 else len(one[1]) - 1
            if position >= 0 or len(one[1]) > 1:
                found.append(one[1][at])
    return t.union(found)


def _group(folder: str) -> str:
    return f"go:{folder or '.'}"


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder and name else folder or name


RULES = GoRules()
