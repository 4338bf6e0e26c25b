"""How C++'s names are looked up: in namespaces, whether written or opened by macros, in the classes around, and through
``using``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ImportFlag, ScopeKind
from magellan_lsp.languages.c.rules import CRules
from magellan_lsp.languages.cpp.symbols import Space, rows_named, scope_space, space_of, spaces_around
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.rules import CLASS_LIKE
from magellan_lsp.resolve.types import Ref, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_DECLARATION = int(DefFlag.DECLARATION)
_UNLIKELY = int(DefFlag.UNLIKELY)
_OVERLOAD = int(DefFlag.OVERLOAD)
_NAMESPACE = int(DefKind.NAMESPACE)
_IMPL = int(DefKind.IMPL)
_EXTENSION = int(DefFlag.EXTENSION)
_STAR = int(ImportFlag.STAR)
_INSTANCE = int(DefFlag.INSTANCE)
_FUNCTIONS = frozenset((int(DefKind.FUNCTION), int(DefKind.METHOD), int(DefKind.CONSTRUCTOR)))
_CLASS_SCOPE = int(ScopeKind.CLASS)
_NAMESPACE_SCOPE = int(ScopeKind.NAMESPACE)
#: What may stand before ``::``.
_SCOPED = CLASS_LIKE | {
    _NAMESPACE, int(DefKind.TYPE_ALIAS), int(DefKind.TYPE_PARAMETER), int(DefKind.MACRO), int(DefKind.IMPORT),
}  # fmt: skip


class NamespaceRules(CRules):
    """Look-up of names in namespaces, classes and what ``using`` brings."""

    # -- what a file offers to others

    def free_names(self, r: Resolver, path: str) -> dict[str, list[tuple[Space, int]]]:
        """Definitions of a file outside classes and functions, by simple name, each with its namespace."""

        def compute() -> dict[str, list[tuple[Space, int]]]:
            facts = r.facts(path)
            table: dict[str, list[tuple[Space, int]]] = {}
            if facts is None or facts.language_family() != "c":
                return table
            spaces: dict[int, Space | None] = {}
            for row, symbol in enumerate(facts.def_symbol):
                if symbol >= 0 and row:
                    space = space_of(facts, row, spaces)
                    if space is not None:
                        if facts.def_kind[row] != DefKind.MACRO:
                            space = (*self.opened_at(r, facts, facts.def_start[row]), *space)
                        table.setdefault(facts.names[facts.def_name[row]], []).append((space, row))
            return table

        return r.query(("cpp-free", path), compute, {}, 0)

    def free(self, facts: FileFacts, row: int) -> bool:
        return space_of(facts, row, {}) is not None

    def in_space(self, r: Resolver, path: str, space: Space, name: str) -> list[Ref]:
        """What a namespace has under a name, as far as a file's includes show it; definitions first."""

        def compute() -> list[Ref]:
            places = self.reachable(r, path)
            found: list[tuple[int, int, Ref]] = []
            stubs = r.stub_paths(self)
            for at in [
                *r.source.defining(name),
                *self.in_installed(r, places),
                *(stub for stub in stubs if not r.is_builtin((path, 0))),
            ]:
                if at not in places and at not in stubs:
                    continue
                facts = r.facts(at)
                if facts is None:
                    continue
                for where, row in self.free_names(r, at).get(name, ()):
                    if where == space or (
                        facts.def_kind[row] == _NAMESPACE
                        and facts.def_flags[row] & _OVERLOAD
                        and (*space, name) in self._spaces_of_macros(r, path)
                    ):
                        order = places.get(at, len(places))
                        # a workspace only adds to namespace std: what it names is the library's
                        own = 16 if name == "std" and not space and not r.is_builtin((at, row)) else 0
                        found.append((self._rank(facts, row) + own, order, (at, row)))
            if r.is_builtin((path, 0)):
                facts = r.facts(path)
                rows = self.free_names(r, path).get(name, ()) if facts is not None else ()
                found += [(0, 0, (path, row)) for where, row in rows if where == space]
            found.sort()
            refs = [ref for _, _, ref in found]
            settled = self._settled(r, refs)
            if settled and self.is_library(r, name, settled[0]):
                # in a namespace too what stands in for the library's on another system is not this system's
                facts = r.facts(settled[0][0])
                if not space or (facts is not None and facts.def_flags[settled[0][1]] & _UNLIKELY):
                    return []
            return settled

        return r.query(("cpp-space", path, space, name), compute, [], 0)

    def _settled(self, r: Resolver, refs: list[Ref]) -> list[Ref]:
        """Of what has one name: all functions, else the best alone."""
        if not refs:
            return []
        first = refs[0]
        kind = r.kind_of(first)
        if kind in _FUNCTIONS:
            return [ref for ref in refs if r.kind_of(ref) in _FUNCTIONS]
        facts = r.facts(first[0])
        if facts is not None and facts.def_flags[first[1]] & _DECLARATION:
            definition = self.definition(r, first)
            return [definition if definition is not None else first]
        return [first]

    @staticmethod
    def _rank(facts: FileFacts, row: int) -> int:
        flags = facts.def_flags[row]
        rank = 8 if flags & _UNLIKELY else 0
        rank += 4 if flags & _OVERLOAD and facts.def_kind[row] != _NAMESPACE else 0
        if facts.def_kind[row] == DefKind.MACRO:
            return rank
        return rank + (2 if flags & _DECLARATION else 1)

    # -- names

    def open_name(self, r: Resolver, facts: FileFacts, scope: int, name: str, offset: int) -> list[Ref]:
        name = name.removeprefix("struct ")
        path = facts.path
        scoped = name.endswith("::")
        name = name.removesuffix("::")
        anchor = self._anchors(r, facts)[scope]
        if anchor != scope:
            # blocks bind nothing that extraction did not see
            return r.open_name(path, anchor, f"{name}::" if scoped else name)
        while scope >= 0:
            kind = facts.scope_kind[scope]
            found: list[Ref] = []
            if kind == _CLASS_SCOPE:
                definition = facts.scope_def[scope]
                if definition >= 0:
                    found = self._in_class_scope(r, facts, definition, name)
            elif kind == _NAMESPACE_SCOPE or scope == 0:
                for space in self._spaces_at(r, facts, scope) if scope else self._top_spaces(r, facts):
                    found = self.in_space(r, path, space, name)
                    found = found or self._used_in_space(r, path, space, name)
                    if found:
                        break
            else:
                rows = facts.members(scope).get(name)
                if rows and not facts.def_flags[rows[0]] & _INSTANCE:
                    found = [(path, rows[0])]
            found = found or self._through_using(r, facts, scope, name)
            if scoped:  # before `::` only what has a scope counts
                found = [ref for ref in found if r.kind_of(ref) in _SCOPED]
            if found:
                return found
            scope = facts.scope_parent[scope]
        return []

    def _anchors(self, r: Resolver, facts: FileFacts) -> Sequence[int]:
        """For each scope the nearest one, itself included, at which linking knows more than extraction
        did.
        """

        def compute() -> Sequence[int]:
            found: list[int] = []
            using = self._using(r, facts)
            kinds, parents, definitions = facts.scope_kind, facts.scope_parent, facts.scope_def
            for scope in range(len(kinds)):
                kind = kinds[scope]
                stands = scope == 0 or kind == _NAMESPACE_SCOPE or scope in using
                if stands or (kind == _CLASS_SCOPE and definitions[scope] >= 0):
                    found.append(scope)
                else:
                    found.append(found[parents[scope]])
            return found

        return r.query(("cpp-anchors", facts.path), compute, [], 0)

    def _spaces_at(self, r: Resolver, facts: FileFacts, scope: int) -> list[Space]:
        """The namespaces that begin with a scope, innermost first: ``namespace a::b {`` begins two."""
        known: dict[int, list[Space]] = r.query(("cpp-spaces", facts.path), dict, {}, 0)
        found = known.get(scope)
        if found is None:
            whole = self.full_space(r, facts, scope)
            found = known[scope] = [
                whole[: len(whole) - less] for less in range(spaces_around(facts, scope) + 1)
            ]
        return found

    def _in_class_scope(self, r: Resolver, facts: FileFacts, definition: int, name: str) -> list[Ref]:
        """A name inside a class, or inside a member that is defined outside of it."""
        ref = (facts.path, definition)
        if facts.def_kind[definition] != _IMPL:
            if name == facts.name(definition):
                return [ref]
            return r.find_in_class(ref, name) or self._seen_from_outside(r, facts.path, ref, name)
        found: list[Ref] = []
        for one in r.eval(facts.path, facts.def_type[definition]):
            owner = r.ref_of(one)
            if owner is not None:
                found += self._seen_from_member(r, facts.path, owner, name)
        return found

    def _seen_from_member(self, r: Resolver, path: str, owner: Ref, name: str) -> list[Ref]:
        """A name as a member of ``owner`` sees it that is defined in another place; ``owner`` may be a
        namespace.
        """

        def compute() -> list[Ref]:
            if r.kind_of(owner) == _NAMESPACE:
                return self._in_spaces(r, path, self.space_path(r, owner), name)
            whole = self.whole(r, owner)
            if name == r.simple_name(whole):
                return [whole]
            return r.find_in_class(whole, name) or self._around_class(r, path, whole, name)

        return r.query(("cpp-seen", path, owner, name), compute, [])

    def _in_spaces(self, r: Resolver, path: str, space: Space, name: str) -> list[Ref]:
        """What a namespace or the nearest one around it has under a name."""
        while space:
            found = self.in_space(r, path, space, name)
            if found:
                return found
            space = space[:-1]
        return []

    def _seen_from_outside(self, r: Resolver, path: str, ref: Ref, name: str) -> list[Ref]:
        """A name as what declares a class sees it, where that is another class or namespace (``class A::B {…}``)."""
        facts = r.facts(ref[0])
        found: list[Ref] = []
        if facts is None or not facts.def_flags[ref[1]] & _EXTENSION:
            return found
        rows: dict[int, int] = r.query(
            ("cpp-extending", ref[0]),
            lambda: {definition: row for row, definition in enumerate(facts.extension_def)},
            {},
            0,
        )
        row = rows.get(ref[1], -1)
        for one in r.eval(ref[0], facts.extension_expr[row]) if row >= 0 else ():
            owner = r.ref_of(one)
            if owner is not None:
                found += self._seen_from_member(r, path, owner, name)
        return found

    def _around_class(self, r: Resolver, path: str, owner: Ref, name: str) -> list[Ref]:
        """A name in the classes and namespaces around a class, which its members see as well."""
        found = self._seen_from_outside(r, path, owner, name)
        if found:
            return found
        facts = r.facts(owner[0])
        at = facts.def_owner[owner[1]] if facts is not None else -1
        while facts is not None and at > 0:
            if facts.def_kind[at] in CLASS_LIKE:
                found = r.find_in_class((owner[0], at), name)
            elif facts.def_kind[at] == _NAMESPACE:
                found = self.in_space(r, path, self.space_path(r, (owner[0], at)), name)
            else:
                found = []
            if found:
                return found
            at = facts.def_owner[at]
        opened = self.opened_at(r, facts, facts.def_start[owner[1]]) if facts is not None else ()
        return self.in_space(r, path, opened, name) if opened else []

    def _through_using(self, r: Resolver, facts: FileFacts, scope: int, name: str) -> list[Ref]:
        """What ``using namespace`` in a scope makes visible."""
        rows = self._using(r, facts).get(scope)
        if rows is None:
            return []
        found: list[Ref] = []
        for row in rows:
            for space in self.spaces_of(r, facts, row):
                found += self.in_space(r, facts.path, space, name)
        return found

    def _using(self, r: Resolver, facts: FileFacts) -> dict[int, list[int]]:
        """Rows of ``using namespace`` by the scope that they stand in."""

        def compute() -> dict[int, list[int]]:
            table: dict[int, list[int]] = {}
            for row, flags in enumerate(facts.import_flags):
                if flags & _STAR:
                    table.setdefault(facts.import_scope[row], []).append(row)
            return table

        return r.query(("cpp-using", facts.path), compute, {}, 0)

    def _imported(self, r: Resolver, path: str) -> dict[tuple[Space, str], list[int]]:
        """Rows of ``using x::name;`` outside classes and functions, by namespace and name."""

        def compute() -> dict[tuple[Space, str], list[int]]:
            facts = r.facts(path)
            table: dict[tuple[Space, str], list[int]] = {}
            if facts is None:
                return table
            for row, definition in enumerate(facts.import_def):
                scope = facts.import_scope[row]
                if definition >= 0 and (scope == 0 or facts.scope_kind[scope] == _NAMESPACE_SCOPE):
                    key = (self.full_space(r, facts, scope, facts.import_start[row]), facts.name(definition))
                    table.setdefault(key, []).append(row)
            return table

        return r.query(("cpp-imported", path), compute, {}, 0)

    def _used_in_space(self, r: Resolver, path: str, space: Space, name: str) -> list[Ref]:
        """Names that a namespace has through ``using`` declarations, in the file or one that it includes."""
        found: list[Ref] = []
        for at in self._with_imports(r, path):
            for row in self._imported(r, at).get((space, name), ()):
                found += r.import_targets(at, row)
        return found

    def _with_imports(self, r: Resolver, path: str) -> Sequence[str]:
        """The files among those reachable that have ``using`` declarations at all."""
        return r.query(
            ("cpp-importers", path),
            lambda: [at for at in self.reachable(r, path) if self._imported(r, at)],
            [],
            0,
        )

    def spaces_of(self, r: Resolver, facts: FileFacts, row: int) -> list[Space]:
        """The namespaces that an import's path may name, as seen from where it stands."""
        return r.query(("cpp-named-spaces", facts.path, row), lambda: self._named_spaces(r, facts, row), [])

    def _named_spaces(self, r: Resolver, facts: FileFacts, row: int) -> list[Space]:
        names = tuple(part for part in facts.names[facts.import_module[row]].split("::") if part)
        if not names:
            return [()]
        scope = facts.import_scope[row]
        while scope >= 0:
            if facts.scope_kind[scope] in (_NAMESPACE_SCOPE, 1):
                start = facts.import_start[row]
                for around in (
                    self._spaces_at(r, facts, scope) if scope else [self.opened_at(r, facts, start)]
                ):
                    if self._has_namespace(r, facts.path, around, names[0]):
                        return [(*around, *names)]
            # `using namespace a; using namespace b;`: the second may be a::b
            for other in self._using(r, facts).get(scope, ()):
                for space in self.spaces_of(r, facts, other) if other < row else ():
                    if self._has_namespace(r, facts.path, space, names[0]):
                        return [(*space, *names)]
            scope = facts.scope_parent[scope]
        return [names]

    def _has_namespace(self, r: Resolver, path: str, space: Space, name: str) -> bool:
        return any(r.kind_of(ref) == _NAMESPACE for ref in self.in_space(r, path, space, name))

    def import_targets(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        flags = facts.import_flags[row]
        if flags & ImportFlag.SIDE_EFFECT:
            return super().import_targets(r, facts, row)
        path = facts.path
        if flags & ImportFlag.MODULE:
            found: list[Ref] = []
            for space in self.spaces_of(r, facts, row):
                found += self.in_space(r, path, space[:-1], space[-1]) if space else []
            return found
        if facts.import_name[row] < 0:
            return []
        name = facts.names[facts.import_name[row]]
        for space in self.spaces_of(r, facts, row):
            found = self.in_space(r, path, space, name)
            if not found and space:
                for owner in self.in_space(r, path, space[:-1], space[-1]):
                    if r.kind_of(owner) in CLASS_LIKE:
                        found = found + r.find_in_class(owner, name)
            if found:
                return found
        return []

    def import_types(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet:
        return t.union(r.value_of(ref) for ref in r.import_targets(facts.path, row))

    def export(self, r: Resolver, path: str, name: str) -> list[Ref]:
        """``::name``: the global namespace as a file sees it."""
        return self.in_space(r, path, (), name)

    # -- namespaces that macros open

    def full_space(self, r: Resolver, facts: FileFacts, scope: int, offset: int = -1) -> Space:
        """The namespace path of a scope; at ``offset`` where the scope is the file's own."""
        at = offset if scope == 0 else facts.scope_start[scope]
        return (*self.opened_at(r, facts, at), *scope_space(facts, scope))

    def opened_at(self, r: Resolver, facts: FileFacts, offset: int) -> Space:
        """What macros have opened at an offset (``FMT_BEGIN_NAMESPACE``), outermost first, inline namespaces left out."""
        found: list[str] = []
        for start, end, macro in self._extents(r, facts):
            if start <= offset < end:
                found += self._opened(r, macro)
        return tuple(found)

    def _top_spaces(self, r: Resolver, facts: FileFacts) -> list[Space]:
        """The namespaces that code outside of all others may stand in."""
        spaces = [self.opened_at(r, facts, start) for start, _, _ in self._extents(r, facts)]
        return list(dict.fromkeys((*spaces, ())))

    def _extents(self, r: Resolver, facts: FileFacts) -> Sequence[tuple[int, int, str]]:
        """From where to where macros open namespaces in a file, with each macro's name; by start."""

        def compute() -> Sequence[tuple[int, int, str]]:
            found = []
            for row in facts.children(0) if facts.name_index("") >= 0 else ():
                if facts.def_kind[row] == _NAMESPACE and not facts.name(row) and facts.def_type[row] > 0:
                    name = facts.expr(facts.def_type[row])[1]
                    found.append((facts.def_start[row], facts.def_end[row], facts.names[name]))
            return tuple(sorted(found))

        return r.query(("cpp-extents", facts.path), compute, (), 0)

    def _spaces_of_macros(self, r: Resolver, path: str) -> frozenset[Space]:
        """The namespaces that macros open in a file or one that it includes."""

        def compute() -> frozenset[Space]:
            found: set[Space] = set()
            for at in self.reachable(r, path):
                facts = r.facts(at)
                for start, _, _ in self._extents(r, facts) if facts is not None else ():
                    space = self.opened_at(r, facts, start) if facts is not None else ()
                    found.update(space[: depth + 1] for depth in range(len(space)))
            return frozenset(found)

        return r.query(("cpp-macro-spaces", path), compute, frozenset(), 0)

    def _opened(self, r: Resolver, macro: str) -> Space:
        """The namespaces that a macro opens."""

        def compute() -> Space:
            for path in r.source.defining(macro):
                facts = r.facts(path)
                for row in rows_named(r, facts, macro) if facts is not None else ():
                    for one in r.value_of((path, row)):
                        ref = r.ref_of(one)
                        if ref is not None and r.kind_of(ref) == _NAMESPACE:
                            return self.space_path(r, ref)
            return ()

        return r.query(("cpp-opened", macro), compute, ())

    # -- what namespaces and classes are

    def space_path(self, r: Resolver, ref: Ref) -> Space:
        """The full path of a namespace."""
        facts = r.facts(ref[0])
        if facts is None:
            return ()
        around = space_of(facts, ref[1], {}) or ()
        around = (*self.opened_at(r, facts, facts.def_start[ref[1]]), *around)
        return (*around, facts.name(ref[1]))

    def _all_paths(self, r: Resolver, path: str, ref: Ref) -> list[Space]:
        """The full path of a namespace as a file sees it; of one that a macro opens, each that ends with its name."""
        facts = r.facts(ref[0])
        if facts is None or not facts.def_flags[ref[1]] & _OVERLOAD:
            return [self.space_path(r, ref)]
        name = facts.name(ref[1])
        return sorted(space for space in self._spaces_of_macros(r, path) if space[-1] == name)

    def whole(self, r: Resolver, ref: Ref) -> Ref:
        """The class itself for one that is only announced."""
        facts = r.facts(ref[0])
        if facts is None or not facts.def_flags[ref[1]] & _DECLARATION:
            return ref
        return self.definition(r, ref) or ref
