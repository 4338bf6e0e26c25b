"""Which namespace a definition of C++ belongs to, and what tells those of one name apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp, ScopeKind
from magellan_lsp.resolve.rules import CLASS_LIKE

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_NAMESPACE = int(DefKind.NAMESPACE)
_IMPL = int(DefKind.IMPL)
_EXTENSION = int(DefFlag.EXTENSION)
_ENUM = int(DefKind.ENUM)
_FUNCTIONS = frozenset((int(DefKind.FUNCTION), int(DefKind.METHOD), int(DefKind.CONSTRUCTOR)))
_NAMESPACE_SCOPE = int(ScopeKind.NAMESPACE)

#: A namespace's path, outermost first; () is the global one.
Space = tuple[str, ...]


def space_of(facts: FileFacts, row: int, known: dict[int, Space | None]) -> Space | None:
    """The namespace that a definition belongs to; None for members and locals."""
    if facts.def_flags[row] & _EXTENSION or facts.def_kind[row] in (_IMPL, DefKind.IMPORT, DefKind.FIELD):
        return None
    owner = facts.def_owner[row]
    if owner <= 0:
        return ()
    if owner in known:
        return known[owner]
    found: Space | None = None
    kind = facts.def_kind[owner]
    if kind == _NAMESPACE:
        around = space_of(facts, owner, known)
        found = (*around, facts.name(owner)) if around is not None else None
    elif kind == _ENUM and facts.def_kind[row] == DefKind.ENUM_MEMBER and facts.def_body[owner] < 0:
        # members of a plain enum belong to what is around it
        return space_of(facts, owner, known)
    known[owner] = found
    return found


def scope_space(facts: FileFacts, scope: int) -> Space:
    """The namespace path of a scope."""
    while scope > 0:
        row = facts.scope_def[scope]
        if facts.scope_kind[scope] == _NAMESPACE_SCOPE and row >= 0:
            return (*(space_of(facts, row, {}) or ()), facts.name(row))
        scope = facts.scope_parent[scope]
    return ()


def spaces_around(facts: FileFacts, scope: int) -> int:
    """How many namespaces begin with a scope besides its own: those before the last name of ``namespace a::b {``."""
    row = facts.scope_def[scope] if facts.scope_kind[scope] == _NAMESPACE_SCOPE else -1
    count = 0
    while row > 0:
        row = facts.def_owner[row]
        if row <= 0 or facts.def_kind[row] != _NAMESPACE or facts.def_body[row] >= 0:
            break
        count += 1
    return count


def plain_name(facts: FileFacts, row: int) -> str:
    """The qualified name without the number that repeated names carry."""
    symbol = facts.def_symbol[row]
    text = facts.qualified[symbol] if symbol >= 0 else ""
    return text.partition("#")[0].replace("::", ".")


def rows_named(r: Resolver, facts: FileFacts, name: str) -> Sequence[int]:
    """Symbols of a file with this simple name, members included."""

    def compute() -> dict[int, list[int]]:
        table: dict[int, list[int]] = {}
        for row, symbol in enumerate(facts.def_symbol):
            if symbol >= 0 and row:
                table.setdefault(facts.def_name[row], []).append(row)
        return table

    table: dict[int, list[int]] = r.query(("cpp-named", facts.path), compute, {}, 0)
    return table.get(facts.name_index(name), ())


def kinds_fit(declared: int, defined: int) -> bool:
    """Whether what is declared as one kind may be defined as another."""
    if declared in _FUNCTIONS or defined in _FUNCTIONS:
        return declared in _FUNCTIONS and defined in _FUNCTIONS
    if declared in CLASS_LIKE or defined in CLASS_LIKE:
        return declared in CLASS_LIKE and defined in CLASS_LIKE
    return True


def signature(facts: FileFacts, row: int) -> tuple[str, ...]:
    """The last names of the parameters' types and whether it is ``const``, to tell overloads apart."""
    types = [
        _last_name(facts, facts.def_type[child])
        for child in facts.children(row)
        if facts.def_kind[child] == DefKind.PARAMETER
    ]
    return (*types, "const") if facts.def_flags[row] & DefFlag.CONST else tuple(types)


def _last_name(facts: FileFacts, expr: int) -> str:
    if expr <= 0:
        return ""
    op, *args = facts.expr(expr)
    if op in (ExprOp.NAME, ExprOp.LITERAL):
        return facts.names[args[0]]
    if op == ExprOp.DEF:
        return facts.name(args[0])
    if op in (ExprOp.MEMBER, ExprOp.PATH, ExprOp.ASSOC):
        return facts.names[args[1]]
    if op in (ExprOp.GENERIC, ExprOp.POINTER, ExprOp.REF, ExprOp.ARRAY):
        return _last_name(facts, args[0])
    return ""
