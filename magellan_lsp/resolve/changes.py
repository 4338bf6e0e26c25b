"""Which files a change of one file's facts touches: by the names that were added, removed or changed.

The resolver reaches other files only by names. So a file's links can change only when a name that it mentions
means
something else than before, be it directly (``helper`` is new) or because what that name evaluates to rests on
something
that changed (``make`` returns ``helper()``). ``changed_names`` compares two versions of one file's
*interface*;
``propagate`` follows names through other files' interfaces. A function's body that gives nothing away changes
no name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp

#: Stands for every name: something changed whose reach names do not describe (star imports, package clauses).
EVERYTHING = "*"

#: Members that code reaches without writing their name (loops, calls, operators, dereferencing, functional
#: interfaces);
#: names that begin with two underscores are such too.
IMPLICIT = frozenset(
    {
        "next", "iter", "into_iter", "deref", "deref_mut", "index", "index_mut", "Item", "IntoIter", "Target", "Output",
        "iterator", "begin", "end", "call", "then", "value", "get", "accept", "apply", "test", "run", "compare", "from",
        "operator()", "operator*", "operator->", "operator[]", "operator++", "operator==", "Symbol.iterator",
    }
)  # fmt: skip
#: Definitions by their position in ExprOp arguments; what else an operator's arguments are.
_NAME_FIRST = frozenset({ExprOp.NAME, ExprOp.STRING})
_NAME_SECOND = frozenset({ExprOp.MEMBER, ExprOp.PATH, ExprOp.ASSOC, ExprOp.METHOD})
_DEF_FIRST = frozenset(
    {ExprOp.DEF, ExprOp.LAMBDA, ExprOp.SELF, ExprOp.SUPER, ExprOp.BASE, ExprOp.OBJECT, ExprOp.CALLBACK}
)
#: The place of a definition in its file says nothing about what it means.
_IGNORED_FLAGS = int(DefFlag.REACHES | DefFlag.TEST | DefFlag.DEPRECATED)


class Interface:
    """What other files can see of a file, name by name.

    ``described`` maps each visible name to descriptions of the definitions of that name, ``mentions`` each
    visible name to
    the names that its meaning rests on.
    """

    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts
        self.described: dict[str, list[object]] = {}
        self.mentions: dict[str, set[str]] = {}
        self._memo: dict[int, object] = {}
        self._names: dict[int, frozenset[str]] = {}
        self._open: set[int] = set()
        self._describe()

    def _describe(self) -> None:
        facts = self.facts
        names = facts.names
        bases: dict[int, list[tuple[object, int]]] = {}
        for definition, expr, kind in zip(facts.base_def, facts.base_expr, facts.base_kind, strict=True):
            bases.setdefault(definition, []).append((self._expr(expr), kind))
        imports: dict[int, list[object]] = {}
        stars: list[object] = []
        for row, definition in enumerate(facts.import_def):
            module, name = facts.import_module[row], facts.import_name[row]
            imported = (
                names[module] if module >= 0 else None,
                names[name] if name >= 0 else None,
                facts.import_flags[row],
                facts.import_level[row],
            )
            if definition >= 0:
                imports.setdefault(definition, []).append(imported)
            else:
                stars.append(imported)
        for definition in range(len(facts.def_name)):
            label = self._label(definition)
            if not label:
                continue
            sites = self._sites(definition)
            described = (
                facts.def_kind[definition],
                facts.def_flags[definition] & ~_IGNORED_FLAGS,
                self._identity(definition),
                names[facts.def_name[definition]],
                self._expr(facts.def_type[definition]) if facts.def_type[definition] >= 0 else None,
                sites,
                bases.get(definition),
                imports.get(definition),
            )
            rests_on = self._rests_on(definition)
            self._add(label, described, rests_on)
            if label in IMPLICIT or label.startswith("__"):
                # reached without its name being written: whoever uses the type may use it
                for owner in self._owner_names(definition):
                    self._add(owner, described, rests_on)
        for row in range(len(facts.extension_name)):
            label = names[facts.extension_name[row]]
            trait = facts.extension_trait[row]
            definition = facts.extension_def[row]
            rest = set(self._expr_names(facts.extension_expr[row]))
            if trait >= 0:
                rest |= self._expr_names(trait)
            extended: object = (
                "extension",
                self._identity(definition),
                facts.name(definition),
                self._expr(facts.extension_expr[row]),
                self._expr(trait) if trait >= 0 else None,
            )
            self._add(label, extended, rest)
            for head in rest:
                # members arrive through the trait's name too
                self._add(head, extended, set())
        self.general = (tuple(stars), tuple(sorted(facts.groups)), facts.module, facts.language)

    def _add(self, label: str, description: object, rests_on: set[str]) -> None:
        self.described.setdefault(label, []).append(description)
        self.mentions.setdefault(label, set()).update(rests_on)

    def _label(self, definition: int) -> str:
        """The name under which others meet a definition: its own, or that of the symbol it belongs to; "" for
        locals.
        """
        facts = self.facts
        if definition == 0:
            return ""
        if facts.def_symbol[definition] >= 0:
            return facts.name(definition)
        kind = facts.def_kind[definition]
        if kind == DefKind.IMPORT and self._is_outer(facts.def_scope[definition]):
            return facts.name(definition)
        if kind in (DefKind.PARAMETER, DefKind.TYPE_PARAMETER):
            owner = facts.def_owner[definition]
            while owner > 0 and facts.def_symbol[owner] < 0 and facts.def_kind[owner] != DefKind.IMPL:
                owner = facts.def_owner[owner]
            return facts.name(owner) if owner > 0 and facts.def_symbol[owner] >= 0 else ""
        return ""

    def _owner_names(self, definition: int) -> list[str]:
        """Simple names of the type that a member belongs to."""
        facts = self.facts
        owner = facts.def_owner[definition]
        if owner > 0 and facts.def_symbol[owner] >= 0:
            return [facts.name(owner)]
        return [
            facts.names[name]
            for name, held in zip(facts.extension_name, facts.extension_def, strict=True)
            if held in (definition, owner)
        ]

    def _is_outer(self, scope: int) -> bool:
        facts = self.facts
        while scope > 0:
            if facts.scope_kind[scope] == 3:
                return False
            scope = facts.scope_parent[scope]
        return True

    def _identity(self, definition: int) -> object:
        """What stands for a definition wherever it lies in the file."""
        facts = self.facts
        row = facts.def_symbol[definition]
        if row >= 0:
            return facts.symbol_ids[row]
        return (facts.def_kind[definition], facts.name(definition))

    def _sites(self, definition: int) -> object:
        """A definition's values: types first seen by others are declared ones and evaluated ones alike."""
        facts = self.facts
        rows = facts.sites(definition)
        if not rows:
            return None
        return tuple(
            (
                self._expr(facts.site_value[row]) if facts.site_value[row] >= 0 else None,
                self._expr(facts.site_type[row]) if facts.site_type[row] >= 0 else None,
            )
            for row in rows
        )

    def _expr(self, index: int) -> object:
        """An expression without the file's own numbering."""
        if index < 0:
            return None
        found = self._memo.get(index)
        if found is not None:
            return found
        if index in self._open:
            return "…"
        self._open.add(index)
        facts = self.facts
        op, *args = facts.expr(index)
        parts: list[object] = [op]
        if op in _NAME_FIRST:
            parts.append(facts.names[args[0]])
            if op == ExprOp.NAME:
                parts.append(self._scope_path(args[1]))
        elif op in _NAME_SECOND:
            parts += [self._expr(args[0]), facts.names[args[1]]]
        elif op in _DEF_FIRST:
            parts.append(self._definition(args[0], args[1] if op == ExprOp.DEF else 0))
            if op in (ExprOp.BASE, ExprOp.CALLBACK):
                parts.append(args[1])
        elif op in (ExprOp.LITERAL, ExprOp.BINDING, ExprOp.NAMED, ExprOp.TABLE):
            parts.append(facts.names[args[0]])
            parts += [self._expr(arg) for arg in args[1:]]
        elif op in (ExprOp.UNPACK, ExprOp.PARAMETER):
            parts += [self._expr(args[0]), args[1]]
        elif op == ExprOp.ARGUMENT:
            parts += [self._expr(args[0]), *args[1:3], *(self._expr(arg) for arg in args[3:])]
        else:
            parts += [self._expr(arg) for arg in args]
        self._open.discard(index)
        found = tuple(parts)
        self._memo[index] = found
        return found

    def _scope_path(self, scope: int) -> object:
        """The classes and functions around a scope: an open name may be a member of one of them."""
        facts = self.facts
        found = []
        while scope >= 0:
            definition = facts.scope_def[scope]
            if definition > 0:
                found.append(self._identity(definition))
            scope = facts.scope_parent[scope]
        return tuple(found)

    def _definition(self, definition: int, moment: int) -> object:
        facts = self.facts
        if facts.def_symbol[definition] >= 0 or facts.def_kind[definition] == DefKind.IMPORT:
            return self._identity(definition)
        # A local of a function whose result rests on it: what it is given, and which of its values are in
        # sight.
        rows = facts.sites(definition)
        described: list[object] = [self._identity(definition)]
        if facts.def_type[definition] >= 0:
            described.append(self._expr(facts.def_type[definition]))
        described += [
            (
                self._expr(facts.site_value[row]) if facts.site_value[row] >= 0 else None,
                self._expr(facts.site_type[row]) if facts.site_type[row] >= 0 else None,
                moment >= facts.site_start[row],
                moment < facts.site_until[row],
            )
            for row in rows
        ]
        return tuple(described)

    # -- what a meaning rests on

    def _rests_on(self, definition: int) -> set[str]:
        facts = self.facts
        found: set[str] = set()
        if facts.def_type[definition] >= 0:
            found |= self._expr_names(facts.def_type[definition])
        for row in facts.sites(definition):
            for expr in (facts.site_value[row], facts.site_type[row]):
                if expr > 0:
                    found |= self._expr_names(expr)
        for row, owner in enumerate(facts.base_def):
            if owner == definition:
                found |= self._expr_names(facts.base_expr[row])
        for row, bound in enumerate(facts.import_def):
            if bound == definition and facts.import_name[row] >= 0:
                found.add(facts.names[facts.import_name[row]])
        return found

    def _expr_names(self, index: int) -> frozenset[str]:
        found = self._names.get(index)
        if found is not None:
            return found
        self._names[index] = frozenset()  # a cycle adds nothing
        names: set[str] = set()
        facts = self.facts
        op, *args = facts.expr(index)
        if op in _NAME_FIRST:
            names.add(facts.names[args[0]])
        elif op in _NAME_SECOND:
            names.add(facts.names[args[1]])
            names |= self._expr_names(args[0])
        elif op in _DEF_FIRST:
            definition = args[0]
            names.add(facts.name(definition))
            if facts.def_symbol[definition] < 0:
                names |= self._rests_on(definition)
        else:
            if op in (ExprOp.BINDING, ExprOp.NAMED):
                names.add(facts.names[args[0]])
            start = 1 if op in (ExprOp.LITERAL, ExprOp.BINDING, ExprOp.NAMED, ExprOp.TABLE) else 0
            for position, arg in enumerate(args[start:]):
                if op in (ExprOp.UNPACK, ExprOp.PARAMETER) and position == 1:
                    continue
                if op == ExprOp.ARGUMENT and position in (1, 2):
                    continue
                if arg > 0:
                    names |= self._expr_names(arg)
        names.discard("")
        found = self._names[index] = frozenset(names)
        return found


def file_names(path: str) -> set[str]:
    """The names by which imports may mean a file: its name with and without endings, and its folder's when
    the file may
    stand for the folder (``__init__.py``, ``mod.rs``, ``index.ts``, any Go or Java file of a package).
    """
    parts = path.split("/")
    base = parts[-1]
    names = {base, base.split(".", 1)[0], base.rsplit(".", 1)[0]}
    if len(parts) > 1 and (base.split(".", 1)[0] in _STANDS_FOR_FOLDER or base.endswith(_PER_FOLDER)):
        names.add(parts[-2])
    return names


#: Stems of files that stand for the folder they lie in, and endings of languages whose packages are folders.
_STANDS_FOR_FOLDER = frozenset({"__init__", "mod", "index", "lib", "main", "package-info"})
_PER_FOLDER = (".go",)


def changed_names(old: FileFacts | None, new: FileFacts | None) -> set[str]:
    """Names whose meaning another file may see changed. EVERYTHING is among them when names do not describe
    the change.
    """
    if old is None and new is None:
        return set()
    found: set[str] = set()
    if old is None or new is None:
        there = old if old is not None else new
        assert there is not None
        found |= file_names(there.path)
        interface = Interface(there)
        found |= interface.described.keys()
        if interface.general[0]:
            found.add(EVERYTHING)
        return found
    before, after = Interface(old), Interface(new)
    if before.general != after.general:
        found.add(EVERYTHING)
    for name in before.described.keys() | after.described.keys():
        if sorted(map(repr, before.described.get(name, ()))) != sorted(
            map(repr, after.described.get(name, ()))
        ):
            found.add(name)
    return found


def propagate(
    names: set[str],
    mentioning: Callable[[str], Iterable[str]],
    facts_of: Callable[[str], FileFacts | None],
    check: Callable[[], None] = lambda: None,
) -> Iterator[str]:
    """Paths of the files to link again when ``names`` changed meaning, each once.

    Follows names through interfaces: a definition whose meaning rests on a changed name passes the change on
    under its
    own name.
    """
    seen_names: set[str] = set()
    seen_files: dict[str, dict[str, set[str]] | None] = {}
    queue = sorted(names)
    while queue:
        name = queue.pop()
        if name in seen_names:
            continue
        seen_names.add(name)
        for path in mentioning(name):
            check()
            if path not in seen_files:
                facts = facts_of(path)
                seen_files[path] = _by_mention(facts) if facts is not None else None
                yield path
            dependents = seen_files[path]
            if dependents:
                queue.extend(other for other in dependents.get(name, ()) if other not in seen_names)


def _by_mention(facts: FileFacts) -> dict[str, set[str]]:
    """For each name that definitions of a file rest on, the names of those definitions."""
    found: dict[str, set[str]] = {}
    for label, rests_on in Interface(facts).mentions.items():
        for name in rests_on:
            if name != label:
                found.setdefault(name, set()).add(label)
    return found
