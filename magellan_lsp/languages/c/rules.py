"""How C's names are linked: includes, linkage, tags, macros."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import MEMBER, FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ImportFlag
from magellan_lsp.facts.links import RelationKind
from magellan_lsp.languages.c import database
from magellan_lsp.languages.c.conditions import for_other_system
from magellan_lsp.languages.c.library import LIBRARY
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.rules import Rules
from magellan_lsp.resolve.types import Ref, Type, TypeSet

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

TAG = "struct "
_DECLARATION = int(DefFlag.DECLARATION)
_UNLIKELY = int(DefFlag.UNLIKELY)
_STATIC = int(DefFlag.STATIC)
_GLOBAL = int(DefFlag.GLOBAL)
_MACRO = int(DefKind.MACRO)
_IMPORT = int(DefKind.IMPORT)
_TAG_KINDS = frozenset((int(DefKind.STRUCT), int(DefKind.UNION), int(DefKind.ENUM)))
_VALUES = frozenset((int(DefKind.VARIABLE), int(DefKind.CONSTANT)))
#: What a macro's use is also a use of.
_EXPANDED = frozenset(
    int(kind)
    for kind in (
        DefKind.FUNCTION,
        DefKind.METHOD,
        DefKind.CONSTRUCTOR,
        DefKind.VARIABLE,
        DefKind.CONSTANT,
    )
)
#: What may stand before ``::`` in a macro's body.
_PATH_KINDS = frozenset(
    int(kind) for kind in (DefKind.MODULE, DefKind.NAMESPACE, DefKind.CLASS, DefKind.STRUCT, DefKind.IMPORT)
)
#: Names that one macro may lead to, all its inner macros together.
MAX_EXPANSION = 64
#: Headers of the C library: in angle brackets they never mean a file of the workspace.
_STANDARD = frozenset(
    {
        "assert", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits",
        "locale", "math", "setjmp", "signal", "stdalign", "stdarg", "stdatomic", "stdbool",
        "stddef", "stdint", "stdio", "stdlib", "stdnoreturn", "string", "tgmath", "threads", "time",
        "uchar", "wchar", "wctype", "unistd", "fcntl", "pthread", "poll", "netdb", "dirent",
        "dlfcn", "windows", "winsock2", "process", "io",
    }
)  # fmt: skip


#: What a name has to look like to be taken for a macro's.
_MACRO_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{3,}")


class CRules(Rules):
    """See the module."""

    mentions_are_calls = True
    callees = frozenset((int(DefKind.FUNCTION), int(DefKind.METHOD), int(DefKind.CONSTRUCTOR)))

    def is_universal(self, name: str) -> bool:
        return _MACRO_NAME.fullmatch(name) is not None

    # -- includes

    def include_folders(self, r: Resolver) -> Sequence[str]:
        """Folders that a compilation database gives with ``-I``, relative to the workspace."""

        def compute() -> Sequence[str]:
            found: dict[str, None] = {}
            for config in r.source.configs("compile_commands.json"):
                content = r.source.config(config) or b""
                given = database.include_folders(content, posixpath.dirname(config), r.source.exists)
                found.update(dict.fromkeys(given))
            return tuple(found)

        return r.query(("c-folders",), compute, ())

    def included(self, r: Resolver, facts: FileFacts, row: int) -> str | None:
        """The file of the workspace that an include means, None for one outside."""
        text = facts.names[facts.import_module[row]]
        system = bool(facts.import_flags[row] & ImportFlag.SYSTEM)
        key = ("c-include", posixpath.dirname(facts.path), text, system)
        found: str | None = r.query(key, lambda: self._find_include(r, facts.path, text, system), None, 0)
        return found

    def _find_include(self, r: Resolver, path: str, text: str, system: bool) -> str | None:
        """The file of the workspace that an include means, else an installed one where these count."""
        found = self._own_include(r, path, text, system)
        for root in r.installed.roots("c") if found is None and r.installed is not None else ():
            candidate = posixpath.normpath(posixpath.join(root, text))
            if r.source.exists(candidate):
                return candidate
        return found

    def in_installed(self, r: Resolver, places: Iterable[str]) -> list[str]:
        """Those of the files that are installed; posting lists do not tell what they define."""
        return [at for at in places if r.installed.covers(at)] if r.installed is not None else []

    def _own_include(self, r: Resolver, path: str, text: str, system: bool) -> str | None:
        folder = posixpath.dirname(path)
        if not system:
            beside = posixpath.normpath(posixpath.join(folder, text))
            if r.source.exists(beside):
                return beside
        elif posixpath.splitext(text)[0] in _STANDARD or "." not in text:
            return None
        for place in self.include_folders(r):
            candidate = posixpath.normpath(posixpath.join(place, text))
            if r.source.exists(candidate):
                return candidate
        tail = posixpath.normpath(text)
        while tail.startswith("../"):
            tail = tail[3:]
        named = [
            at for at in r.source.basename(posixpath.basename(tail)) if at == tail or at.endswith("/" + tail)
        ]
        if len(named) == 1 and not system:
            return named[0]  # wherever it is, a build has to find it
        candidates = [
            at for at in named if at == tail or "/" in tail or _is_include_folder(at[: -len(tail) - 1], path)
        ]
        return min(candidates, key=lambda at: (-_shared(at, path), at.count("/"), at)) if candidates else None

    def reachable(self, r: Resolver, path: str) -> dict[str, int]:
        """The file and all it includes, directly or not, each with its place in the order in which their
        texts come.
        """

        def compute() -> dict[str, int]:
            found: dict[str, int] = {}
            seen = {path}
            stack = [(path, iter(self._inclusions(r, path)))]
            while stack:
                at, inner = stack[-1]
                for one in inner:
                    if one is None:
                        found[at] = len(found)
                    elif one not in seen:
                        seen.add(one)
                        stack.append((one, iter(self._inclusions(r, one))))
                        break
                else:
                    stack.pop()
            return found

        return r.query(("c-reachable", path), compute, {}, 0)

    def _inclusions(self, r: Resolver, path: str) -> Sequence[str | None]:
        """The workspace's files that a file includes, in order; None where its own first definition stands."""

        def compute() -> Sequence[str | None]:
            facts = r.facts(path)
            if facts is None:
                return (None,)
            rows = [row for row, flags in enumerate(facts.import_flags) if flags & ImportFlag.SIDE_EFFECT]
            kept = [row for row in rows if not facts.import_flags[row] & ImportFlag.LEFT_OUT]
            # a file for another system has all its includes under that system's condition
            own = self._own_start(facts)
            before = [row for row in kept or rows if facts.import_start[row] < own]
            after = (kept or rows)[len(before) :]
            found = [
                *(self.included(r, facts, row) for row in before), "", *(self.included(r, facts, row) for row in after),
            ]  # fmt: skip
            return [at or None for at in dict.fromkeys(at for at in found if at is not None)]

        return r.query(("c-includes", path), compute, (None,), 0)

    @staticmethod
    def _own_start(facts: FileFacts) -> int:
        """Where the first definition of a file stands that no macro's definition makes."""
        starts = [
            facts.def_start[row]
            for row, symbol in enumerate(facts.def_symbol)
            if symbol >= 0 and row and facts.def_scope[row] == 0 and facts.def_kind[row] not in (_MACRO, _IMPORT)
            and not facts.def_flags[row] & (DefFlag.OVERLOAD | _UNLIKELY)  # a namespace that a macro opens
        ]  # fmt: skip
        return min(starts, default=facts.scope_end[0])

    def import_targets(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        at = self.included(r, facts, row)
        return [(at, 0)] if at is not None else []

    # -- names

    def named(self, r: Resolver, path: str, name: str) -> Sequence[int]:
        """Definition rows of a file with this simple name, locals and members left out."""

        def compute() -> dict[str, list[int]]:
            facts = r.facts(path)
            table: dict[str, list[int]] = {}
            if facts is not None and facts.language_family() == "c":
                for row, symbol in enumerate(facts.def_symbol):
                    if symbol >= 0 and row and self.free(facts, row):
                        table.setdefault(facts.names[facts.def_name[row]], []).append(row)
            return table

        table: dict[str, list[int]] = r.query(("c-named", path), compute, {}, 0)
        return table.get(name, ())

    def free(self, facts: FileFacts, row: int) -> bool:
        """Whether a definition is one that plain names of other files can mean."""
        return facts.def_scope[row] == 0

    def open_name(self, r: Resolver, facts: FileFacts, scope: int, name: str, offset: int) -> list[Ref]:
        tag = name.startswith(TAG)
        simple = name[len(TAG) :] if tag else name
        found = self.visible(r, facts.path, simple, tag)
        if not found and tag:
            found = self.tag_elsewhere(r, facts.path, simple)
        return found

    def visible(self, r: Resolver, path: str, simple: str, tag: bool) -> list[Ref]:
        """What the includes of a file make visible under a name, definitions in place of declarations."""
        places = self.reachable(r, path)
        found: list[tuple[int, int, Ref]] = []
        for at in (*r.source.defining(simple), *self.in_installed(r, places)):
            if at not in places:
                continue
            facts = r.facts(at)
            if facts is None:
                continue
            rows = [row for row in self.named(r, at, simple) if is_tag(facts, row) == tag]
            found += [(self._weight(facts, row), places[at], (at, row)) for row in rows]
        found.sort()
        if not found:
            return []
        best = found[0][2]
        best_facts = r.facts(best[0])
        if best_facts is not None and best_facts.def_flags[best[1]] & _DECLARATION:
            definition = self.definition(r, best)
            if definition is not None:
                best = definition
        return [] if self.is_library(r, simple, best) or self._redeclares(r, simple, best) else [best]

    @staticmethod
    def _redeclares(r: Resolver, name: str, ref: Ref) -> bool:
        """Whether a prototype only repeats one of the library's, as old sources do."""
        facts = r.facts(ref[0]) if name in LIBRARY else None
        return facts is not None and bool(facts.def_flags[ref[1]] & _DECLARATION)

    @staticmethod
    def is_library(r: Resolver, name: str, ref: Ref) -> bool:
        """Whether a name means the C library's in an ordinary build, though the workspace has ``ref`` for it: only for
        other systems, or as a struct that it announces and does not define.
        """
        facts = r.facts(ref[0]) if name in LIBRARY else None
        if facts is None:
            return False
        flags = facts.def_flags[ref[1]]
        return bool(flags & _UNLIKELY or (flags & _DECLARATION and facts.def_kind[ref[1]] in _TAG_KINDS))

    @staticmethod
    def _weight(facts: FileFacts, row: int) -> int:
        flags = facts.def_flags[row]
        unlikely = 4 if flags & _UNLIKELY else 0
        if facts.def_kind[row] == _MACRO:
            return unlikely
        return (2 if flags & _DECLARATION else 1) + unlikely

    def tag_elsewhere(self, r: Resolver, path: str, simple: str) -> list[Ref]:
        """A struct that is only mentioned here: an incomplete type, defined where the file does not look."""
        found = self._best(r, path, self._definitions(r, simple, _TAG_KINDS, path))
        return [found] if found is not None else []

    def definition(self, r: Resolver, ref: Ref) -> Ref | None:
        """The definition that a declaration announces, anywhere in the workspace; None when there is none.

        By the rules of the declaration's own language, from whichever language it is asked: a header for both has one.
        """
        own = r.rules(ref[0])
        rules = own if isinstance(own, CRules) else self
        return r.query(("c-definition", ref), lambda: rules.announced(r, ref), None)

    def announced(self, r: Resolver, ref: Ref) -> Ref | None:
        """:meth:`definition`, by the rules of this language and anew."""
        facts = r.facts(ref[0])
        if facts is None:
            return None
        kind = facts.def_kind[ref[1]]
        kinds = _TAG_KINDS if is_tag(facts, ref[1]) else _VALUES if kind in _VALUES else frozenset((kind,))
        name, is_static = facts.name(ref[1]), bool(facts.def_flags[ref[1]] & _STATIC)

        def compute() -> Ref | None:
            candidates = self._definitions(r, name, kinds, ref[0])
            if is_static:
                candidates = [other for other in candidates if other[0] == ref[0]]
            return self._best(r, ref[0], candidates)

        # A header may announce one name thousands of times.
        return r.query(("c-announced", ref[0], name, kinds, is_static), compute, None, 0)

    def _definitions(self, r: Resolver, simple: str, kinds: frozenset[int], path: str) -> list[Ref]:
        found = []
        for at in r.source.defining(simple):
            facts = r.facts(at)
            if facts is None:
                continue
            for row in self.named(r, at, simple):
                flags = facts.def_flags[row]
                if (
                    facts.def_kind[row] not in kinds
                    or flags & _DECLARATION
                    or (flags & _STATIC and at != path)
                ):
                    continue
                if is_tag(facts, row) == bool(kinds & _TAG_KINDS):
                    found.append((at, row))
        return found

    def _best(self, r: Resolver, path: str, candidates: list[Ref]) -> Ref | None:
        """Of several definitions, the one that knows the declaration's file, else the one nearest to it."""
        if len(candidates) < 2:
            return candidates[0] if candidates else None

        here = for_other_system(path)

        def weight(ref: Ref) -> tuple[int, int, int, int, int, str, int]:
            facts = r.facts(ref[0])
            unlikely = facts.def_flags[ref[1]] & _UNLIKELY if facts is not None else 0
            other = int(not here and for_other_system(ref[0]))
            knows = 0 if ref[0] == path or path in self.reachable(r, ref[0]) else 1
            near = -_shared(ref[0], path)
            return (unlikely, 0 if ref[0] == path else 1, other, knows, near, ref[0], ref[1])

        return min(candidates, key=weight)

    # -- values

    def variable_value(self, r: Resolver, facts: FileFacts, row: int) -> TypeSet | None:
        """A macro without parameters is what its body is."""
        if facts.def_kind[row] == _MACRO and not facts.def_flags[row] & DefFlag.CALLABLE:
            return t.union(r.eval(facts.path, facts.site_value[site]) for site in facts.sites(row))
        return None

    def call_result(self, r: Resolver, path: str, callee: Type, args: Sequence[TypeSet]) -> TypeSet | None:
        if callee[0] != t.FUNCTION or r.kind_of(callee[1]) != _MACRO:
            return None
        key = ("c-macro", path, callee[1], tuple(args))
        found: TypeSet = r.query(key, lambda: self._expand(r, path, callee[1], args), ())
        return found

    def _expand(self, r: Resolver, origin: str, macro: Ref, args: Sequence[TypeSet]) -> TypeSet:
        """The value of a macro's body with arguments in place of its parameters, as seen from the file that
        uses it.
        """
        facts = r.facts(macro[0])
        if facts is None:
            return ()
        known = dict(zip(self.parameters(r, macro), args, strict=False))
        return t.union(
            self._evaluate(r, facts, facts.site_value[site], known, origin, 0)
            for site in facts.sites(macro[1])
        )

    def _evaluate(
        self, r: Resolver, facts: FileFacts, expr: int, known: dict[int, TypeSet], origin: str, depth: int
    ) -> TypeSet:
        if expr <= 0 or depth > 30:
            return ()

        def inner(part: int) -> TypeSet:
            return self._evaluate(r, facts, part, known, origin, depth + 1)

        op, *args = facts.expr(expr)
        if op == ExprOp.DEF and args[0] in known:
            return known[args[0]]
        if op == ExprOp.NAME:
            # the macro's file need not include what the macro needs
            return r.eval(facts.path, expr) or t.union(
                r.value_of(ref) for ref in r.open_name(origin, 0, facts.names[args[0]])
            )
        if op == ExprOp.DEF and not args[0]:
            return r.value_of((origin, 0))  # `::name`
        if op in (ExprOp.MEMBER, ExprOp.PATH):
            receiver, name = inner(args[0]), facts.names[args[1]]
            return r.member_value(facts.path, receiver, name) or r.member_value(origin, receiver, name)
        if op == ExprOp.CALL:
            given = [inner(arg) for arg in args[1:]]
            return t.union(r.call(origin, callee, given) for callee in inner(args[0]))
        if op == ExprOp.UNION:
            return t.union(inner(arg) for arg in args)
        if op == ExprOp.INDEX:
            return t.union(self.index(r, facts.path, one, -1) for one in inner(args[0]))
        if op == ExprOp.DEREF:
            return t.union(self.deref(r, one) for one in inner(args[0]))
        if op == ExprOp.INSTANCE and facts.expr(args[0])[0] in (ExprOp.DEF, ExprOp.NAME):
            types = inner(args[0])
            return tuple((t.INSTANCE, one[1], one[2]) if one[0] == t.TYPE else one for one in types)
        return r.eval(facts.path, expr)

    def index(self, r: Resolver, path: str, one: Type, key: int) -> TypeSet:
        """Pointers and arrays are their targets here, so an element is the value itself."""
        return (one,)

    def element(self, r: Resolver, one: Type) -> TypeSet:
        return (one,)

    def array(self, r: Resolver, path: str, element: TypeSet) -> TypeSet:
        return element

    def literal(self, r: Resolver, path: str, name: str, elements: Sequence[TypeSet]) -> TypeSet:
        return ()

    # -- macros

    expanding = frozenset((_MACRO,))

    def expansion(self, r: Resolver, ref: Ref) -> Sequence[Ref]:
        """Functions and variables that a macro's body names, itself or through other macros."""

        def compute() -> Sequence[Ref]:
            found: dict[Ref, None] = {}
            waiting, seen = [ref], {ref}
            while waiting and len(found) < MAX_EXPANSION:
                for inner in self._body_targets(r, waiting.pop(0)):
                    kind = r.kind_of(inner)
                    if kind == _MACRO and inner not in seen and len(seen) < MAX_EXPANSION:
                        seen.add(inner)
                        waiting.append(inner)
                    elif kind in _EXPANDED:
                        found[inner] = None
            return tuple(found)

        return r.query(("c-expansion", ref), compute, ())

    def _body_targets(self, r: Resolver, macro: Ref) -> list[Ref]:
        """What the names in a macro's body refer to."""
        facts = r.facts(macro[0])
        if facts is None:
            return []
        starts = facts.occ_start
        first = bisect_right(starts, facts.def_name_start[macro[1]])
        last = bisect_left(starts, facts.def_end[macro[1]])
        found: list[Ref] = []
        for row in range(first, last):
            if facts.occ_target[row] != MEMBER or self.is_path(facts, facts.occ_expr[row]):
                found += r.occurrence_targets(macro[0], row)
        return found

    @staticmethod
    def is_path(facts: FileFacts, expr: int) -> bool:
        """Whether what a member belongs to is named by a path (``library::detail``), not a value."""
        while expr > 0:
            op, *args = facts.expr(expr)
            if op not in (ExprOp.PATH, ExprOp.NAME, ExprOp.GENERIC):
                return op == ExprOp.DEF and facts.def_kind[args[0]] in _PATH_KINDS
            if op == ExprOp.NAME:
                return True
            expr = args[0]
        return False

    def member_fallback(self, r: Resolver, path: str, one: Type, name: str) -> list[tuple[Ref, Type | None]]:
        """A field that a macro in the struct's body declares (``struct node { HEADER; int size; }``); of a struct that
        is only announced where the type is named, a field of its definition.
        """
        if one[0] != t.INSTANCE:
            return []
        facts = r.facts(one[1][0])
        if facts is not None and facts.def_flags[one[1][1]] & _DECLARATION:
            whole = self.definition(r, one[1])
            return (
                r.member_of(path, ((one[0], whole, *one[2:]),), name) if whole not in (None, one[1]) else []
            )
        for macro in self._macro_fields(r, one[1]):
            inner = self._macro_member(r, macro, name, 0)
            if inner is not None:
                return [(inner, None)]
        return []

    def _macro_fields(self, r: Resolver, struct: Ref) -> list[Ref]:
        """Macros that stand as members of a struct."""
        facts = r.facts(struct[0])
        if facts is None:
            return []
        found: list[Ref] = []
        for row in r.base_rows(struct):
            op, *args = facts.expr(facts.base_expr[row])
            if op == ExprOp.DEF:
                found.append((struct[0], args[0]))
            elif op == ExprOp.NAME:
                found += r.open_name(struct[0], args[1], facts.names[args[0]])
        return [ref for ref in found if r.kind_of(ref) == _MACRO]

    def _macro_member(self, r: Resolver, macro: Ref, name: str, depth: int) -> Ref | None:
        facts = r.facts(macro[0])
        if facts is None or depth > 5:
            return None
        scope = facts.def_body[macro[1]]
        rows = facts.members(scope).get(name) if scope >= 0 else None
        if rows:
            return (macro[0], rows[0])
        for inner in self._body_targets(r, macro):
            if r.kind_of(inner) == _MACRO and inner != macro:
                found = self._macro_member(r, inner, name, depth + 1)
                if found is not None:
                    return found
        return None

    # -- relations

    def relations(self, r: Resolver, facts: FileFacts) -> list[tuple[RelationKind, Ref, Ref]]:
        found: list[tuple[RelationKind, Ref, Ref]] = []
        for row, symbol in enumerate(facts.def_symbol):
            if symbol >= 0 and row and not facts.def_flags[row] & _DECLARATION:
                ref = (facts.path, row)
                found.extend((RelationKind.DEFINES, ref, other) for other in self.declarations(r, facts, row))
        return found

    def siblings(self, r: Resolver, ref: Ref) -> list[Ref]:
        """The definitions of the same function for other systems: those that announce it in one header are its uses'."""
        facts = r.facts(ref[0])
        if (
            facts is None
            or facts.def_kind[ref[1]] != DefKind.FUNCTION
            or not facts.def_flags[ref[1]] & _GLOBAL
        ):
            return []
        others = self._alternatives(r, facts, ref[1])
        if ref not in others or len(others) < 2:
            return []
        name = facts.name(ref[1])
        found: list[Ref] = []
        for at in r.source.defining(name):
            other = r.facts(at)
            if other is None or at not in self.reachable(r, ref[0]):
                continue
            for row in self.named(r, at, name):
                if other.def_flags[row] & _DECLARATION and at != ref[0]:
                    found.append((at, row))
                    definition = self.definition(r, (at, row))
                    if definition in others:
                        found.append(definition)
        return [other for other in dict.fromkeys(found) if other != ref]

    def _alternatives(self, r: Resolver, facts: FileFacts, row: int) -> list[Ref]:
        return self._definitions(r, facts.name(row), frozenset((facts.def_kind[row],)), facts.path)

    def declarations(self, r: Resolver, facts: FileFacts, row: int) -> Iterator[Ref]:
        """Declarations of what a definition defines, in any file."""
        if not self.free(facts, row) or facts.def_kind[row] == _MACRO:
            return
        name = facts.name(row)
        nothing: dict[Ref, list[Ref]] = {}
        table = r.query(("c-declared", name), lambda: self._declared(r, name), nothing, 0)
        is_static = facts.def_flags[row] & _STATIC
        for ref in table.get((facts.path, row), ()):
            if not is_static or ref[0] == facts.path:
                yield ref

    def _declared(self, r: Resolver, name: str) -> dict[Ref, list[Ref]]:
        """The declarations of a name, by what defines them."""
        table: dict[Ref, list[Ref]] = {}
        for path in r.source.defining(name):
            facts = r.facts(path)
            if facts is None:
                continue
            for row in self.named(r, path, name):
                definition = self.definition(r, (path, row)) if facts.def_flags[row] & _DECLARATION else None
                if definition is not None:
                    table.setdefault(definition, []).append((path, row))
        return table


def is_tag(facts: FileFacts, row: int) -> bool:
    """Whether a definition is found as ``struct x`` only: a struct that did not take its name from a
    typedef.
    """
    if facts.def_kind[row] not in _TAG_KINDS or facts.language != "c":
        return False
    return facts.def_name_start[row] < facts.def_signature_end[row]


def _shared(first: str, second: str) -> int:
    """How many leading folders two paths share."""
    count = 0
    for one, other in zip(first.split("/")[:-1], second.split("/")[:-1], strict=False):
        if one != other:
            break
        count += 1
    return count


def _is_include_folder(folder: str, path: str) -> bool:
    """Whether a build may well have told the compiler to look into a folder, when it compiled ``path``."""
    return _shared(folder + "/x", path) > 0 or not _INCLUDE_FOLDERS.isdisjoint(folder.split("/"))


_INCLUDE_FOLDERS = frozenset(
    {
        "include", "includes", "inc", "src", "source", "lib", "libs", "public", "headers", "api", "common",
        "core", "deps", "third_party", "thirdparty", "3rdparty", "external", "extern", "vendor", "contrib",
    }
)  # fmt: skip


RULES = CRules()
