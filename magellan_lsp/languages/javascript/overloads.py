"""Which of several signatures a call means: the first whose parameters the arguments fit, as TypeScript
chooses.

Only evident misfits rule a signature out (too few or too many arguments, a function where a text is expected,
another literal, an object literal without a required member); what is not known fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from magellan_lsp.facts.file_facts import FileFacts
from magellan_lsp.facts.kinds import DefFlag, DefKind, ExprOp
from magellan_lsp.resolve import types as t
from magellan_lsp.resolve.types import Ref, Type

if TYPE_CHECKING:
    from magellan_lsp.resolve.resolver import Resolver

_CALLABLE = frozenset({int(DefKind.FUNCTION), int(DefKind.METHOD), int(DefKind.CONSTRUCTOR)})
#: Built-in types with nothing in common.
_PLAIN = frozenset({"String", "Number", "Boolean", "Symbol", "BigInt", "Function", "Array", "RegExp", "Date"})
_OPTIONAL = int(DefFlag.OPTIONAL)
_VARIADIC = int(DefFlag.VARIADIC)
_OVERLOAD = int(DefFlag.OVERLOAD)
#: How far aliases and type parameters' bounds are followed.
_MAX_STEPS = 8
#: Nobody writes more for one name; each call would cost as many as are looked at.
_MAX_SIGNATURES = 200


def pick(r: Resolver, path: str, found: Sequence[Ref], args: Sequence[int]) -> list[Ref]:
    """Of each group of signatures the one that a call with these arguments (expressions of ``path``) has."""
    if len(found) < 2:
        return list(found)
    groups: dict[tuple[str, int, str], list[Ref]] = {}
    for ref in found[:_MAX_SIGNATURES]:
        facts = r.facts(ref[0])
        if facts is not None:
            key = (ref[0], facts.def_owner[ref[1]], facts.name(ref[1]))
            groups.setdefault(key, []).append(ref)
    chosen: list[Ref] = []
    for refs in groups.values():
        functions = [ref for ref in refs if r.kind_of(ref) in _CALLABLE]
        chosen.append(_best(r, path, functions or refs, args))
    return chosen


def _best(r: Resolver, path: str, refs: list[Ref], args: Sequence[int]) -> Ref:
    signatures = [ref for ref in refs if _flags(r, ref) & _OVERLOAD] or refs
    if len(signatures) == 1:
        return signatures[0]
    able = [ref for ref in signatures if _takes(r, ref, len(args))]
    for ref in able:
        if all(_fits_parameter(r, path, arg, ref, position) for position, arg in enumerate(args)):
            return ref
    return (able or signatures)[0]


def _flags(r: Resolver, ref: Ref) -> int:
    facts = r.facts(ref[0])
    return facts.def_flags[ref[1]] if facts is not None else 0


def _takes(r: Resolver, ref: Ref, count: int) -> bool:
    """Whether a function can be called with so many arguments."""
    facts = r.facts(ref[0])
    if facts is None:
        return False
    rows = r.rules(ref[0]).parameters(r, ref)
    required = sum(
        1 for row in rows if not facts.def_flags[row] & (_OPTIONAL | _VARIADIC) and not len(facts.sites(row))
    )
    variadic = any(facts.def_flags[row] & _VARIADIC for row in rows)
    return count >= required and (variadic or count <= len(rows))


def _fits_parameter(r: Resolver, path: str, arg: int, ref: Ref, position: int) -> bool:
    facts = r.facts(ref[0])
    rows = r.rules(ref[0]).parameters(r, ref)
    if facts is None or not rows:
        return True
    row = rows[min(position, len(rows) - 1)]
    declared = facts.def_type[row]
    if facts.def_flags[row] & _VARIADIC:
        declared = _element(facts, declared)
    return declared <= 0 or arg <= 0 or fits(r, path, arg, ref[0], declared)


def _element(facts: FileFacts, declared: int) -> int:
    """``T`` of the ``T[]`` that a rest parameter is declared as."""
    if declared > 0:
        op, *args = facts.expr(declared)
        if op == ExprOp.GENERIC and len(args) == 2:
            return args[1]
    return 0


def fits(
    r: Resolver, path: str, arg: int, home: str, declared: int, steps: int = 0, partial: bool = False
) -> bool:
    """Whether a value may be of a declared type (an expression of file ``home``).

    With ``partial`` the type is only a part of what is expected: further members are no mistake.
    """
    facts, given = r.facts(home), r.facts(path)
    if facts is None or given is None or declared <= 0 or steps > _MAX_STEPS:
        return True
    op, *args = facts.expr(declared)
    if op == ExprOp.UNION:
        return any(fits(r, path, arg, home, part, steps + 1, partial) for part in args)
    if op == ExprOp.INTERSECTION:
        return all(fits(r, path, arg, home, part, steps + 1, True) for part in args)
    if op == ExprOp.STRING:
        value, *text = given.expr(arg)
        if value == ExprOp.STRING:
            return given.names[text[0]] == facts.names[args[0]]
        return _shape(r, path, given, arg) in ("", "String")
    alias = _alias(r, facts, declared)
    if alias is not None:
        # what a type parameter stands for is learned from the argument: more members than its bound are none too many
        return fits(r, path, arg, alias[0], alias[1], steps + 1, partial or alias[2])
    wanted = _type_shape(r, home, declared)
    shape = _shape(r, path, given, arg)
    if not wanted or not shape:
        return True
    if wanted == "*function":
        return shape == "Function" and _few_parameters(r, given, arg, home, declared)
    if shape == "*literal":
        return wanted == "*object" and _has_members(r, path, given, arg, home, declared, steps, partial)
    if wanted == "*builtin":
        return shape != "Function"
    if wanted == "*object":
        return shape not in _PLAIN
    return wanted == shape or (shape not in _PLAIN and wanted not in _PLAIN)


def _alias(r: Resolver, facts: FileFacts, declared: int) -> tuple[str, int, bool] | None:
    """What the alias or type parameter that an expression names stands for, as an expression of its own
    file; and whether it is a type parameter.
    """
    op, *args = facts.expr(declared)
    if op == ExprOp.GENERIC:
        op, *args = facts.expr(args[0])
    if op == ExprOp.DEF:
        refs = r.definition_targets(facts.path, args[0])
    elif op == ExprOp.NAME:
        refs = r.open_name(facts.path, args[1], facts.names[args[0]], args[2])
    elif op == ExprOp.MEMBER:
        refs = r.member_targets(facts.path, args[0], facts.names[args[1]])
    else:
        return None
    for ref in refs:
        home = r.facts(ref[0])
        if home is None or home.def_kind[ref[1]] not in (DefKind.TYPE_ALIAS, DefKind.TYPE_PARAMETER):
            continue
        if home.def_type[ref[1]] > 0:
            is_parameter = home.def_kind[ref[1]] == DefKind.TYPE_PARAMETER
            return ref[0], home.def_type[ref[1]], is_parameter
    return None


def _type_shape(r: Resolver, home: str, declared: int) -> str:
    """A plain built-in type's name, ``*builtin``, ``*function``, ``*object``; "" for what may be anything."""
    types = r.as_type(home, declared)
    if len(types) != 1:
        return ""
    one = types[0]
    if one[0] in (t.CALLABLE, t.FUNCTION):
        return "*function"
    if one[0] == t.TUPLE:
        return "Array"
    if one[0] != t.INSTANCE:
        return ""
    if r.is_builtin(one[1]):
        name = r.simple_name(one[1])
        return "Array" if name == "ReadonlyArray" else name if name in _PLAIN else "*builtin"
    if r.find_in_class(one[1], "__call"):
        return "*function"
    return "*object"


def _shape(r: Resolver, path: str, given: FileFacts, arg: int) -> str:
    """A value's built-in type, ``Function``, ``*literal`` for an object literal, ``*object``; "" when not
    known.
    """
    op = given.expr_data[given.expr_start[arg]]
    if op == ExprOp.STRING:
        return "String"
    if op == ExprOp.LAMBDA:
        return "Function"
    if op == ExprOp.OBJECT:
        return "*literal"
    types = r.eval(path, arg)
    if len(types) != 1:
        return ""
    one = types[0]
    if one[0] in (t.CALLABLE, t.FUNCTION):
        return "Function"
    if one[0] == t.TUPLE:
        return "Array"
    if one[0] != t.INSTANCE:
        return ""
    if r.is_builtin(one[1]):
        name = r.simple_name(one[1])
        return name if name in _PLAIN else ""
    return "" if r.find_in_class(one[1], "__call") else "*object"


def _function_fits(r: Resolver, given: FileFacts, function: int, home: str, declared: int) -> bool:
    """Whether a type takes a function, and one with so many parameters."""
    types = r.as_type(home, declared)
    evident = [one for one in types if one[0] == t.INSTANCE and r.is_builtin(one[1])]
    if types and len(evident) == len(types):
        return any(r.simple_name(one[1]) not in _PLAIN - {"Function"} for one in evident)
    return _few(r, given, function, home, declared)


def _few_parameters(r: Resolver, given: FileFacts, arg: int, home: str, declared: int) -> bool:
    op, *args = given.expr(arg)
    return op != ExprOp.LAMBDA or _few(r, given, args[0], home, declared)


def _few(r: Resolver, given: FileFacts, function: int, home: str, declared: int) -> bool:
    """A function with more parameters than it would be called with does not fit."""
    rows = [row for row in given.children(function) if given.def_kind[row] == DefKind.PARAMETER]
    if any(given.def_flags[row] & _VARIADIC for row in rows):
        return True
    counts = [len(one[1]) for one in r.as_type(home, declared) if one[0] == t.CALLABLE]
    return not counts or len(rows) <= max(counts)


def _has_members(
    r: Resolver,
    path: str,
    given: FileFacts,
    arg: int,
    home: str,
    declared: int,
    steps: int,
    partial: bool,
) -> bool:
    """Whether an object literal has what an interface requires and nothing that it does not know."""
    literal = given.expr(arg)[1]
    body = given.def_body[literal]
    own = given.members(body) if body >= 0 else {}
    if any(row == literal for row in given.base_def):
        return True  # it spreads something
    one: Type = r.as_type(home, declared)[0]
    known = 0
    for ref, _ in r.rules(home).member_order(r, one[1]):
        facts = r.facts(ref[0])
        scope = facts.def_body[ref[1]] if facts is not None else -1
        if facts is None or scope < 0:
            continue
        for name, rows in facts.members(scope).items():
            if name in ("__call", "__index"):
                known += 1
                continue
            if name in own:
                known += 1
                if not _member_fits(r, path, given, own[name][0], facts, rows[0], steps):
                    return False
            elif not facts.def_flags[rows[0]] & _OPTIONAL and facts.def_kind[rows[0]] == DefKind.FIELD:
                return False
    return partial or known >= len(own) or not _closed(r, one[1])


def _closed(r: Resolver, ref: Ref) -> bool:
    """Whether all that a type inherits from is known, so that a further member is a mistake."""
    return len(r.base_rows(ref)) == len(r.bases(ref))


def _member_fits(
    r: Resolver, path: str, given: FileFacts, row: int, facts: FileFacts, declared: int, steps: int
) -> bool:
    if facts.def_type[declared] <= 0:
        return True
    if given.def_kind[row] in _CALLABLE:  # its sites are what it returns
        return _function_fits(r, given, row, facts.path, facts.def_type[declared])
    for site in given.sites(row):
        value = given.site_value[site]
        if value > 0 and not fits(r, path, value, facts.path, facts.def_type[declared], steps + 1):
            return False
    return True
