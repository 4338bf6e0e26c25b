"""The values that expressions are evaluated to: small immutable tuples, so that they hash, compare and cache.

A *type set* is a tuple of types in order of preference, each once; the empty one means "not known". Types:

- ``(INSTANCE, ref, args)``   a value of a class-like definition; ``args`` are type sets, one per type
  parameter
- ``(TYPE, ref, args)``       the class itself
- ``(FUNCTION, ref, receiver)``  a function; ``receiver`` is the type it was reached through, or None
- ``(MODULE, ref)``           a file as a module
- ``(PACKAGE, key)``          a package or namespace that is no file; what ``key`` means is the language's
  business
- ``(TYPEVAR, ref)``          a type parameter
- ``(TUPLE, parts)``          a tuple of type sets
- ``(CALLABLE, params, result)``  a function known only by its type
- ``(BINDING, name, types)``  a type argument given by its name; stands only among a generic type's arguments,
  or, alone in its set, among a call's
- ``(SELF, ref)``             the receiver inside class ``ref``: the class, or a subclass when called
  through one

A ``Ref`` is ``(path, definition row)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

Ref = tuple[str, int]
Type = tuple[Any, ...]
TypeSet = tuple[Type, ...]

INSTANCE, TYPE, FUNCTION, MODULE, PACKAGE, TYPEVAR, TUPLE, CALLABLE, SELF, BINDING = range(1, 11)
#: Types whose members are those of a class.
OF_CLASS = frozenset({INSTANCE, TYPE, SELF})
#: Types that hold other types.
_NESTING = frozenset({INSTANCE, TYPE, FUNCTION, TUPLE, CALLABLE, BINDING})

NOTHING: TypeSet = ()
#: A union of more alternatives than this says too little to follow.
MAX_ALTERNATIVES = 12
#: Types nested deeper than this are cut: ``list[list[list[…]]]`` must not grow without end.
MAX_NESTING = 5
#: Types with more types in them than this lose their innermost arguments: each alternative of an argument may hold as
#: many again, so what nesting alone allows is too much to look at.
MAX_SIZE = 64
#: What an expression gives is cut where it nests deeper than this, or has more types than this below its outermost
#: arguments: ``a = (b, b)``, ``b = (c, c)``, and so on double with each line, and a tuple is hashed as a tree.
MAX_VALUE_NESTING, MAX_VALUE_SIZE = 8, 100


def union(sets: Iterable[TypeSet]) -> TypeSet:
    """All types of the sets, each once, in order: the first ``MAX_ALTERNATIVES``. Sets after these are not asked for."""
    if isinstance(sets, list) and len(sets) == 1 and len(sets[0]) < 2:
        only: TypeSet = sets[0]
        return only
    found: dict[Type, None] = {}
    for types in sets:
        for one in types:
            found[one] = None
        if len(found) >= MAX_ALTERNATIVES:
            return tuple(islice(found, MAX_ALTERNATIVES))
    return tuple(found)


def _parts(one: Type) -> tuple[TypeSet, ...]:
    """The type sets right inside a type."""
    tag = one[0]
    if tag in (INSTANCE, TYPE):
        parts: tuple[TypeSet, ...] = one[2]
    elif tag == TUPLE:
        parts = one[1]
    elif tag == CALLABLE:
        parts = (*one[1], one[2])
    else:
        parts = NOTHING
    return parts


def bounded(one: Type) -> Type | None:
    """The type, without the arguments that make it larger than ``MAX_SIZE``; None when it nests too deep."""
    level, size = [one], 1
    for nesting in range(MAX_NESTING):
        level = [inner for outer in level for part in _parts(outer) for inner in part]
        if not level:
            return one
        size += len(level)
        if size > MAX_SIZE:
            return _cut(one, nesting)
    return None


def pruned(one: Type) -> Type:
    """``bounded`` for what is written out: of a type that names itself (``type Node = [Node, Node] | …``) the outermost
    parts are kept.
    """
    found = bounded(one)
    return _cut(one, MAX_NESTING - 1) if found is None else found


def _cut(one: Type, levels: int) -> Type:
    """A type whose arguments are not known so many levels in."""
    tag = one[0]
    if tag == FUNCTION and one[2] is not None:
        return (tag, one[1], _cut(one[2], max(levels - 1, 0)))
    if tag == BINDING:
        return (tag, one[1], tuple(_cut(inner, levels - 1) for inner in one[2]) if levels else NOTHING)
    if tag not in (INSTANCE, TYPE, TUPLE, CALLABLE):
        return one
    if levels == 0:
        parts: tuple[TypeSet, ...] = tuple(NOTHING for _ in _parts(one))
    else:
        parts = tuple(tuple(_cut(inner, levels - 1) for inner in part) for part in _parts(one))
    if tag == TUPLE:
        return (tag, parts)
    return (tag, parts[:-1], parts[-1]) if tag == CALLABLE else (tag, one[1], parts)


def contained(types: TypeSet) -> TypeSet:
    """The types, without the innermost arguments of those that are too large to be looked at."""
    for one in types:
        if one[-1] and one[0] in _NESTING:
            return tuple(map(_contained, types))
    return types


def _contained(one: Type) -> Type:
    level, size = [one], 0
    for nesting in range(MAX_VALUE_NESTING):
        inner = (found for outer in level for part in _held(outer) for found in part)
        level = list(inner) if nesting == 0 else list(islice(inner, MAX_VALUE_SIZE))
        if not level:
            return one
        if nesting:
            size += len(level)
            if size >= MAX_VALUE_SIZE:
                return _cut(one, nesting)
    return _cut(one, MAX_VALUE_NESTING)


def _held(one: Type) -> tuple[TypeSet, ...]:
    """``_parts``, with the receiver of a function and what a name is bound to."""
    if one[0] == FUNCTION:
        return ((one[2],),) if one[2] is not None else NOTHING
    return (one[2],) if one[0] == BINDING else _parts(one)


def transform(types: TypeSet, replace: Callable[[Type], TypeSet | None]) -> TypeSet:
    """Replace types at any depth: ``replace`` gives the substitute for a type, or None to keep and look
    inside.
    """
    if not types:
        return types
    changed = False
    found: list[TypeSet] = []
    for one in types:
        new = replace(one)
        if new is None:
            inner = _inside(one, replace)
            changed = changed or inner is not one
            found.append((inner,))
        else:
            changed = True
            found.append(new)
    return union(found) if changed else types


def _inside(one: Type, replace: Callable[[Type], TypeSet | None]) -> Type:
    tag = one[0]
    if tag in (INSTANCE, TYPE):
        if not one[2]:
            return one
        args = tuple(transform(arg, replace) for arg in one[2])
        return one if args == one[2] else (tag, one[1], args)
    if tag == TUPLE:
        parts = tuple(transform(part, replace) for part in one[1])
        return one if parts == one[1] else (tag, parts)
    if tag == CALLABLE:
        params = tuple(transform(part, replace) for part in one[1])
        result = transform(one[2], replace)
        return one if params == one[1] and result == one[2] else (tag, params, result)
    if tag == FUNCTION and one[2] is not None:
        receiver = transform((one[2],), replace)
        return one if receiver == (one[2],) or len(receiver) != 1 else (tag, one[1], receiver[0])
    return one


def substitute(types: TypeSet, mapping: dict[Ref, TypeSet], receiver: Type | None = None) -> TypeSet:
    """Put types in place of type parameters, and the receiver in place of SELF."""
    if not types or (not mapping and receiver is None):
        return types

    def replace(one: Type) -> TypeSet | None:
        if one[0] == TYPEVAR:
            return mapping.get(one[1])
        if one[0] == SELF and receiver is not None:
            return (receiver,)
        return None

    found = transform(types, replace)
    if not any(map(_parts, found)):
        return found
    return union((pruned(one),) for one in found)


def unify(declared: TypeSet, given: TypeSet, mapping: dict[Ref, TypeSet]) -> None:
    """Learn from an argument what a function's type parameters stand for; fills ``mapping``."""
    for one in declared:
        tag = one[0]
        if tag == TYPEVAR:
            if one[1] not in mapping and given:
                mapping[one[1]] = given
        elif tag == INSTANCE and one[2]:
            for other in given:
                if other[0] == INSTANCE and other[1] == one[1]:
                    for inner, found in zip(one[2], other[2], strict=False):
                        unify(inner, found, mapping)
        elif tag == TYPE:
            for other in given:
                if other[0] == TYPE and other[1] == one[1]:
                    for inner, found in zip(one[2], other[2], strict=False):
                        unify(inner, found, mapping)
        elif tag == TUPLE:
            for other in given:
                if other[0] == TUPLE:
                    for inner, found in zip(one[1], other[1], strict=False):
                        unify(inner, found, mapping)
        elif tag == CALLABLE:
            for other in given:
                if other[0] == CALLABLE:
                    for inner, found in zip(one[1], other[1], strict=False):
                        unify(inner, found, mapping)
                    unify(one[2], other[2], mapping)
